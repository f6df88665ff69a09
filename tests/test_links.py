"""Addresses that are gone are found, each with the places that give it."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from ilms_publish.links import addresses, dead_links
from tests.worlds import World


class Site(http.server.BaseHTTPRequestHandler):
    """Answers by the last part of the path: ok, gone, shy (no HEAD), closed (no program)."""

    def do_HEAD(self) -> None:
        """As GET, but for the shy one."""
        self._say(405 if self.path == "/shy" else self._code())

    def do_GET(self) -> None:
        """The code of the page."""
        self._say(self._code())

    def _code(self) -> int:
        return {"/gone": 404, "/closed": 403}.get(self.path, 200)

    def _say(self, code: int) -> None:
        self.send_response(code)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def host() -> Iterator[str]:
    """A host on this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_gone_is_an_error_and_silence_is_told(world: World, host: str) -> None:
    for path in world.root.rglob("*"):
        if path.suffix in (".md", ".yaml", ".csv") and "data" not in path.parts:
            path.write_text(path.read_text("utf-8").replace("https://", "see ").replace("http://", "see "), "utf-8")
    page = world.root / "site_src/docs/evidence.md"
    lines = [f"[a]({host}/gone), and {host}/gone.", f"<{host}/ok>", f"{host}/shy", f"({host}/closed)"]
    page.write_text("\n".join(lines), "utf-8")
    problems, asked = dead_links(world.root)
    assert asked == 4
    found = [(problem.row, str(problem.severity)) for problem in problems]
    assert found == [(1, "error"), (1, "error"), (4, "information")]


def test_punctuation_is_not_part_of_an_address(world: World) -> None:
    page = world.root / "site_src/docs/evidence.md"
    page.write_text("See https://example.org/a_(b). Or (https://example.org/c), `https://example.org/d`#x", "utf-8")
    assert {f"https://example.org/{end}" for end in ("a_(b)", "c", "d")} <= set(addresses(world.root))
