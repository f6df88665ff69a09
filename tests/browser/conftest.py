"""What the tests of the finished site share: the site, built once, an address for it, and one page of each kind."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ilms_publish.catalogue import Catalogue, check
from ilms_publish.staging import build_site
from tests.worlds import REPOSITORY


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The real packages."""
    made = check(REPOSITORY).catalogue
    assert made is not None
    return made


@pytest.fixture(scope="session")
def site(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built once."""
    out = tmp_path_factory.mktemp("built") / "site"
    build_site(catalogue, REPOSITORY, out)
    return out


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site on this machine."""
    handler = partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def listened(browser: Browser, **settings: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page in a context of its own, with the settings of Playwright, and everything that goes wrong on it."""
    context = browser.new_context(**settings)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page, wrong
    context.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each, and the site's own page for a wrong address, as public servers do."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The page for a wrong address, from wherever it was asked."""
        page = Path(self.directory) / "404.html"
        if code != http.HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""
