"""A preview that follows its inputs: open pages first, what is wrong in the page, and nothing of it in a site."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from ilms_publish.serving import SITE, Preview, undisturbed
from ilms_publish.showing import dressed, server
from ilms_publish.shown import Shown
from tests.building import start, tree
from tests.worlds import World, fictitious

TODAY = date(2026, 11, 22)
DATA = "zzb/data/mna_oemp_sex_cds_nb.csv"
PAGE = "countries/zzb/mna_oemp_sex_cds_nb/"
ROW = "SEX_F,CDS_DES_TOTAL,2016,"
LONGEST = 240.0
"""Seconds after which a test no longer waits."""


@dataclass
class Served:
    """A preview of a world, looked after by the test; requests go the way of a browser."""

    world: World
    preview: Preview
    said: list[str]
    port: int
    seen: frozenset[tuple[str, int, int]] = frozenset()

    def get(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", f"/{path}")
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")

    def page(self, path: str = PAGE) -> str:
        status, html = self.get(path)
        assert status == 200
        return html

    def write(self, figure: str) -> None:
        path = self.world.path(DATA)
        path.write_text(re.sub(rf"{ROW}[^,]*,", f"{ROW}{figure},", path.read_text("utf-8")), "utf-8")

    def until(self, done: Callable[[], bool]) -> None:
        """Looks at the inputs again and again until something is so."""
        end = time.monotonic() + LONGEST
        while not done():
            assert time.monotonic() < end, self.said
            self.seen = self.preview.look(self.seen)
            time.sleep(0.05)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    world = fictitious(tmp_path_factory.mktemp("served"))
    said: list[str] = []
    preview = Preview(world.root, said.append, TODAY)
    assert preview.begin(), said
    with server(preview.shown, 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        made = Served(world, preview, said, serving.server_port)
        made.until(lambda: any("whole site followed" in line for line in said))
        yield made
        preview.end()
        serving.shutdown()


def bare(html: str) -> str:
    """A page without what the preview adds."""
    return re.sub(r"<!--ilms-serve-->.*?<!--/ilms-serve-->", "", html, flags=re.DOTALL)


def test_an_open_page_shows_the_new_figure_before_the_whole_site_and_as_it_will(served: Served) -> None:
    assert "5.501" not in served.page()
    whole = len([line for line in served.said if "whole site followed" in line])
    served.write("5.501")
    served.until(lambda: "5.501" in served.page())
    newer = served.page()
    assert "5.501" not in (served.preview.shown.folder / PAGE / "index.html").read_text("utf-8")
    served.until(lambda: len([line for line in served.said if "whole site followed" in line]) > whole)
    assert not served.preview.shown.newer(f"{PAGE}index.html")
    built = (served.preview.shown.folder / PAGE / "index.html").read_text("utf-8")
    assert bare(newer) == built
    assert bare(served.page()) == built
    assert "5.501" in served.get(f"data/zzb/{Path(DATA).name}")[1]


@pytest.mark.parametrize("page", ["", "downloads/", "countries/zza/", "tables/", "corridors/zzb-zza/", "yearbook/"])
def test_a_page_made_ahead_is_the_page_of_the_whole_site(served: Served, page: str) -> None:
    address = page.rstrip("/")
    made = served.preview._glance({address})
    assert f"{page}index.html" in made
    for name, content in made.items():
        assert content == (served.preview.shown.folder / name).read_bytes(), name


def test_a_broken_figure_is_told_in_the_page_until_it_is_mended(served: Served) -> None:
    good = bare(served.page())
    was = re.search(rf"{ROW}([^,]*),", served.world.path(DATA).read_text("utf-8"))
    assert was
    hostile = "<img src=x onerror=alert(1)>"
    served.write(hostile)
    served.until(lambda: "to be mended" in served.page())
    html = served.page()
    assert f"<code>datapackages/{DATA}:2:obs_value</code>" in html
    assert "should be digits with a point for decimals" in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert hostile not in html
    assert bare(html) == good
    assert "to be mended" in served.page("methods/")
    assert any("obs_value" in line for line in served.said)
    served.write(was[1])
    served.until(lambda: "to be mended" not in served.page())
    assert bare(served.page()) == good


def test_a_browser_that_waits_for_news_gets_them_at_once(served: Served) -> None:
    marks = re.search(r'data-mark="(\w+)" data-told="(\w+)"', served.page())
    assert marks
    query = urlencode({"page": f"/{PAGE}", "mark": "old", "told": marks[2]})
    news = json.loads(served.get(f"__ilms/news?{query}")[1])
    assert news == {"mark": marks[1], "told": marks[2], "panel": ""}


@pytest.mark.parametrize(
    "path",
    [
        "../../mkdocs.yml", "%2e%2e/%2e%2e/mkdocs.yml", "__ilms/../../mkdocs.yml", "__ilms/showing.py",
        "__ilms/%2e%2e%2fserving.py", "a%00b", "nowhere/",
    ],
)  # fmt: skip
def test_nothing_beyond_the_site_is_served(served: Served, path: str) -> None:
    status, html = served.get(path)
    assert status == 404
    assert "site_name:" not in html
    assert "import" not in html


def test_a_missing_page_asks_for_news_too_and_answers_by_the_sites_own_page(served: Served) -> None:
    status, html = served.get("countries/zzz/")
    assert status == 404
    assert "/__ilms/live.js" in html
    assert bare(html) == (served.preview.shown.folder / "404.html").read_text("utf-8")


def test_the_site_itself_has_nothing_of_the_preview(served: Served) -> None:
    assert "__ilms" in served.page()
    for name, content in tree(served.preview.shown.folder).items():
        assert b"__ilms" not in content, name
        assert b"ilms-serve" not in content, name


def test_the_server_is_for_this_machine_alone(served: Served) -> None:
    with server(served.preview.shown, 0) as serving:
        assert serving.server_address[0] == "127.0.0.1"


def test_a_build_that_fails_is_told_and_the_last_good_pages_stay(served: Served) -> None:
    good = bare(served.page())
    methods = served.world.root / "site_src" / "docs" / "methods.md"
    text = methods.read_text("utf-8")
    methods.write_text(text + "\n[nowhere](nowhere.md)\n", "utf-8")
    served.until(lambda: "could not be built" in served.page())
    assert "nowhere.md" in served.page()
    assert bare(served.page()) == good
    methods.write_text(text, "utf-8")
    served.until(lambda: "could not be built" not in served.page())


def test_preview_does_not_begin_with_what_is_to_be_mended(world: World) -> None:
    said: list[str] = []
    world.edit(DATA, f"{ROW}5.500", f"{ROW}5 500")
    assert not Preview(world.root, said.append, TODAY).begin()
    assert any("plain-number" in line for line in said)
    assert not (world.root / SITE).exists()


def test_what_is_added_stands_in_one_place(tmp_path: Path) -> None:
    page = b"<html><head><title>x</title></head><body class='a'><p>b</p></body></html>"
    added = dressed(page, Shown(tmp_path), "index.html")
    before, sign, after = added.partition(b"<!--ilms-serve-->")
    assert sign
    assert before + after.partition(b"<!--/ilms-serve-->")[2] == page


@contextmanager
def running(world: World) -> Iterator[subprocess.Popen[str]]:
    """`ilms serve` as it is run."""
    words = ["serve", "--port", "0", "--date", TODAY.isoformat()]
    process = start(world, *words, before=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def heard(process: subprocess.Popen[str], what: str) -> None:
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if what in line:
            return
    pytest.fail(f"never said {what!r}: {said}")


def builds(pid: int) -> list[int]:
    """The processes that a preview has started to build the whole site."""
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [child for child in found if b"--out" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")]


def runs(pid: int) -> bool:
    """Whether a process has not ended, if only nobody has asked yet how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopping_ends_the_build_under_way(served: Served, how: signal.Signals) -> None:
    was = served.world.path(DATA).read_text("utf-8")
    with running(served.world) as process:
        heard(process, "The site is at")
        served.write("5.500" if ",5.501," in was else "5.501")
        heard(process, "the whole site follows")
        end = time.monotonic() + LONGEST
        while not (found := builds(process.pid)):
            assert time.monotonic() < end
            time.sleep(0.05)
        process.send_signal(how)
        assert process.wait(LONGEST) == 0
    assert not [child for child in found if runs(child)]
    assert not (served.world.root / "build" / ".preview.new").exists()
    served.world.path(DATA).write_text(was, "utf-8")


def begin(known: list[str]) -> None:
    with undisturbed():
        signal.raise_signal(signal.SIGTERM)
        known.append("begun")


def test_who_interrupts_waits_until_what_was_begun_is_known() -> None:
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    known: list[str] = []
    try:
        with pytest.raises(KeyboardInterrupt):
            begin(known)
        assert known == ["begun"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
