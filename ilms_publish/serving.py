"""Shows the site on this machine and builds it anew when an input changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ilms_publish.catalogue import check
from ilms_publish.embargo import public
from ilms_publish.problems import IlmsError
from ilms_publish.staging import build_site

WATCHED = ("datapackages", "site_src", "mkdocs.yml")
PAUSE = 0.5
SITE = "build/preview"
Say = Callable[[str], None]


def serve_site(root: Path, port: int, say: Say, today: date) -> None:
    """Serves on the loopback address until interrupted; a failed rebuild keeps the last good site and says why."""
    seen = _stamp(root)
    if not rebuild(root, say, today):
        raise IlmsError("there is no good site to show yet; mend the findings above")
    handler = partial(_Quiet, directory=str(root / SITE))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        say(f"The site is at http://127.0.0.1:{server.server_port}/ (stop with Ctrl-C).")
        try:
            while True:
                time.sleep(PAUSE)
                now = _stamp(root)
                if now != seen:
                    seen = now
                    rebuild(root, say, today)
        except KeyboardInterrupt:
            server.shutdown()


def rebuild(root: Path, say: Say, today: date) -> bool:
    """Checks and builds; False, with every problem said, when something is to be mended."""
    started = time.monotonic()
    try:
        checked = check(root)
        if not checked.clean or checked.catalogue is None:
            for problem in (*checked.errors, *checked.open):
                say(str(problem))
            say("Not rebuilt; the last good site is still shown.")
            return False
        count = build_site(public(checked.catalogue, today), root, root / SITE)
    except IlmsError as error:
        say(f"ilms: {error}")
        return False
    say(f"{count:,} pages built in {time.monotonic() - started:.1f} s.")
    return True


def _stamp(root: Path) -> frozenset[tuple[str, int, int]]:
    return frozenset((str(path), (stat := path.stat()).st_mtime_ns, stat.st_size) for path in _inputs(root))


def _inputs(root: Path) -> Iterator[Path]:
    for name in WATCHED:
        start = root / name
        yield from (path for path in ([start] if start.is_file() else start.rglob("*")) if path.is_file())


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""
