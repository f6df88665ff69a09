"""Answers browsers on this machine: the preview's pages, each with a script that asks for news of itself."""

from __future__ import annotations

import html
import io
import json
import re
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

from ilms_publish.shown import Shown

OWN = "/__ilms/"
"""Below this address stands what belongs to the preview alone; no built site has it."""
FILES = {"live.js": "showing.js", "live.css": "showing.css"}
WAIT = 10.0
"""Seconds after which a browser that waits for news is told that there is none."""
BODY = re.compile(rb"<body\b[^>]*>")


def server(shown: Shown, port: int) -> ThreadingHTTPServer:
    """A server on the loopback address. port: 0 for any that is free."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, shown))


def dressed(page: bytes, shown: Shown, name: str) -> bytes:
    """A page with what the preview adds at the start of its body and nowhere else. name: path below the root."""
    added = (
        f'<!--ilms-serve--><link rel="stylesheet" href="{OWN}live.css">'
        f'<div id="ilms-serve" role="alert">{shown.panel}</div>'
        f'<script src="{OWN}live.js" defer data-mark="{html.escape(shown.mark(name))}" data-told="{shown.told}">'
        "</script><!--/ilms-serve-->"
    )
    return BODY.sub(lambda body: body[0] + added.encode(), page, count=1)


class _Handler(SimpleHTTPRequestHandler):
    """Serves without a line for each request."""

    def __init__(self, shown: Shown, *rest: Any) -> None:
        self.shown = shown
        super().__init__(*rest, directory=str(shown.folder))

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """The headers of an answer, and what follows them."""
        address = urlsplit(self.path)
        if address.path.startswith(OWN):
            return self._own(address.path.removeprefix(OWN), address.query)
        name = self._name(address.path)
        if "\0" in name:
            return self._missing(name)
        if name.endswith(".html"):
            self.shown.asked(name)
            content = self.shown.content(name)
            return self._page(content, name) if content is not None else self._missing(name)
        if self.shown.newer(name):
            return self._answer(self.shown.content(name) or b"", self.guess_type(name))
        return super().send_head()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own page for an address that does not exist."""
        if code != HTTPStatus.NOT_FOUND or not (found := self._missing(self._name(urlsplit(self.path).path))):
            super().send_error(code, message, explain)
        elif self.command != "HEAD":
            self.wfile.write(found.getvalue())

    def end_headers(self) -> None:
        """Nothing is kept by the browser: it may have changed."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def _own(self, what: str, query: str) -> io.BytesIO | None:
        if what == "news":
            return self._news({key: values[0] for key, values in parse_qs(query).items()})
        if what not in FILES:
            super().send_error(HTTPStatus.NOT_FOUND)
            return None
        return self._answer(Path(__file__).with_name(FILES[what]).read_bytes(), self.guess_type(what))

    def _news(self, asked: dict[str, str]) -> io.BytesIO:
        """How a page stands, at once when it is not as the browser has it."""
        name = self._name(asked.get("page", "/"))
        self.shown.asked(name)
        self.shown.wait(name, asked.get("mark", ""), asked.get("told", ""), WAIT)
        news = {"mark": self.shown.mark(name), "told": self.shown.told, "panel": self.shown.panel}
        return self._answer(json.dumps(news).encode(), "application/json")

    def _page(self, content: bytes, name: str, status: HTTPStatus = HTTPStatus.OK) -> io.BytesIO:
        return self._answer(dressed(content, self.shown, name), "text/html; charset=utf-8", status)

    def _missing(self, name: str) -> io.BytesIO | None:
        content = self.shown.content("404.html")
        if content is None:
            super().send_error(HTTPStatus.NOT_FOUND)
            return None
        return self._page(content, name, HTTPStatus.NOT_FOUND)

    def _answer(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> io.BytesIO:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def _name(self, path: str) -> str:
        """The path below the site's root of what an address leads to, whatever it is written like."""
        place = self.translate_path(path)
        name = Path(place).relative_to(self.directory).as_posix().removeprefix(".")
        return f"{name}/index.html".lstrip("/") if place.endswith("/") or not name else name
