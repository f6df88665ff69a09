"""The first chart of a page on a slow telephone, beside the same page in plain Material with vega-embed, in one run.

`ILMS_BUILT` may name a finished site; else the real one is built first.
"""

import gzip
import http.server
import json
import os
import re
import statistics
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from playwright.sync_api import Browser, sync_playwright

from ilms_publish import charts
from ilms_publish.catalogue import check
from ilms_publish.staging import build_site
from tests.bench.conftest import Note
from tests.bench.results import keep
from tests.browser.chromium import FLAGS, find
from tests.worlds import REPOSITORY

PAGE = "countries/tha/mst_ncte_sex_cct_nb/"
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
PROCESSOR, RUNS = 4, 5
TARGET = ">= 5"
SEEN = """
const look = () => {
  const chart = document.querySelector(%s);
  if (chart && chart.getBoundingClientRect().height > 40) window.firstChart = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
DRAWING = re.compile(r'<svg[^>]*class="ilms-chart.*?</svg>', re.DOTALL)
THEIRS = """
import { draw } from "./vega.js";
const rows = %s;
for (const place of document.querySelectorAll(".vis")) draw(place, "lines", rows, () => {});
"""
CONFIG = """
site_name: International Labour Migration Statistics, ASEAN
theme: {name: material, font: false}
extra_javascript: [{path: theirs.js, type: module}]
markdown_extensions: [md_in_html]
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if built := os.environ.get("ILMS_BUILT"):
        return Path(built)
    catalogue = check(REPOSITORY).catalogue
    assert catalogue is not None
    out = tmp_path_factory.mktemp("ours") / "site"
    build_site(catalogue, REPOSITORY, out)
    return out


@pytest.fixture(scope="module")
def rival(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same text and tables, each drawing made in the browser from the same figures."""
    folder = tmp_path_factory.mktemp("theirs")
    (folder / "docs").mkdir()
    page = (site / PAGE / "index.html").read_text("utf-8")
    article = page.partition('<article class="md-content__inner md-typeset">')[2].partition("</article>")[0]
    assert DRAWING.search(article)
    (folder / "docs" / "index.md").write_text(DRAWING.sub('<div class="vis"></div>', article), "utf-8")
    (folder / "docs" / "vega.js").write_text(charts.engine(), "utf-8")
    (folder / "docs" / "theirs.js").write_text(THEIRS % json.dumps(_rows(site)), "utf-8")
    (folder / "mkdocs.yml").write_text(CONFIG, "utf-8")
    mkdocs_build(load_config(str(folder / "mkdocs.yml"), site_dir=str(folder / "site")))
    return folder / "site"


def _rows(site: Path) -> list[dict[str, object]]:
    data = json.loads((site / "charts" / f"{PAGE.removeprefix('countries/').strip('/')}.rows.json").read_text("utf-8"))
    found = [row for row in data["rows"] if row[0] == data["choices"][0]["chosen"]]
    return [
        {"label": "Total", "year": row[-4], "edge": row[-4], "value": float(row[-3]), "status": row[-2], "segment": "1",
         "broken": False, "named": "", "told": "", "id": at} for at, row in enumerate(found)
    ]  # fmt: skip


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Sends texts compressed and keeps the connection, as public servers do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """One file."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(http.HTTPStatus.NOT_FOUND)
            return
        content = path.read_bytes()
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(path))
        if path.suffix in (".html", ".css", ".js", ".json", ".svg"):
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        yield launched
        launched.close()


def measured(browser: Browser, site: Path, path: str, chart: str) -> tuple[float, float]:
    """Seconds until the first chart stands, the middle of several visits without a cache, and kB of such a visit."""
    handler = partial(Compressing, directory=str(site))
    seconds, sizes = [], []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for _ in range(RUNS):
            context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2)
            page = context.new_page()
            tools = context.new_cdp_session(page)
            tools.send("Network.enable")
            tools.send("Network.emulateNetworkConditions", SLOW)
            tools.send("Emulation.setCPUThrottlingRate", {"rate": PROCESSOR})
            loaded: list[float] = []
            tools.on("Network.loadingFinished", lambda one, into=loaded: into.append(one["encodedDataLength"]))
            page.add_init_script(SEEN % json.dumps(chart))
            page.goto(f"http://127.0.0.1:{server.server_port}/{path}", wait_until="load")
            page.wait_for_function("window.firstChart", timeout=30_000)
            page.wait_for_load_state("networkidle")
            seconds.append(page.evaluate("window.firstChart") / 1000)
            sizes.append(sum(loaded) / 1000)
            context.close()
        server.shutdown()
    return statistics.median(seconds), statistics.median(sizes)


def test_the_first_chart_is_there_before_others_have_begun(
    browser: Browser, site: Path, rival: Path, note: Note
) -> None:
    ours, light = measured(browser, site, PAGE, ".ilms-figure__chart svg")
    theirs, heavy = measured(browser, rival, "", ".vis svg")
    figures = {"ours": ours, "theirs": theirs, "ours kB": light, "theirs kB": heavy}
    keep("first-chart", {name: round(value, 3) for name, value in figures.items()})
    note("first chart", "ours, s", "vega-embed, s", "times sooner", "target", "ours, kB", "vega-embed, kB")
    note(PAGE, f"{ours:.2f}", f"{theirs:.2f}", f"{theirs / ours:.1f}", TARGET, f"{light:.0f}", f"{heavy:.0f}")
    assert ours < theirs
