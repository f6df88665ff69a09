"""The zip of the whole site: opened from disk in a real browser it can be read, searched and followed."""

import hashlib
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from ilms_publish.classic import plain
from ilms_publish.formats import OFFLINE, SUMS
from ilms_publish.offline import FOLDER, search_index, to_file
from ilms_publish.offline import page as offline_page
from ilms_publish.problems import IlmsError
from ilms_publish.site_links import dead_ends
from ilms_publish.staging import build_site
from tests.worlds import fictitious

LINK = re.compile(r'<a [^>]*\bhref="([^"]*)"')


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of two fictitious countries."""
    world = fictitious(tmp_path_factory.mktemp("offline"))
    catalogue = world.check().catalogue
    assert catalogue is not None
    build_site(catalogue, world.root, world.root / "out")
    return world.root / "out"


@pytest.fixture(scope="module")
def unpacked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip as a reader unpacks it, in a folder whose name has a space."""
    home = tmp_path_factory.mktemp("taken along")
    with zipfile.ZipFile(built / OFFLINE) as archive:
        archive.extractall(home)
    return home / FOLDER


@pytest.fixture
def page(browser: Browser, unpacked: Path) -> Page:
    """The start page, from disk; whatever the browser complains of is kept."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.goto((unpacked / "index.html").as_uri())
    return opened


def complaints(page: Page) -> list[str]:
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "requestfailed", lambda request: found.append(request.url) if request.failure != "net::ERR_ABORTED" else None
    )
    page.on("request", lambda request: found.append(request.url) if not request.url.startswith("file:") else None)
    return found


def test_pages_open_with_styles_and_drawings_and_nothing_is_asked_of_the_network(page: Page, unpacked: Path) -> None:
    told = complaints(page)
    for place in ("countries/zza/mst_temp_sex_eco_cct_nb", "downloads", "methods", "yearbook/stock-by-sex"):
        page.goto((unpacked / place / "index.html").as_uri())
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)"
    page.goto((unpacked / "countries/zza/mst_temp_sex_eco_cct_nb/index.html").as_uri())
    assert page.locator("figure svg").first.is_visible()
    assert told == []
    page.close()


def test_links_lead_from_page_to_page(page: Page) -> None:
    page.get_by_role("link", name="Countries", exact=True).first.click()
    page.wait_for_url("**/countries/index.html")
    page.get_by_role("link", name="Zedland").first.click()
    page.wait_for_url("**/countries/zza/index.html")
    assert "Zedland" in page.locator("h1").inner_text()
    page.close()


def test_the_search_works_and_its_results_open(page: Page) -> None:
    told = complaints(page)
    box = page.get_by_role("textbox", name="Search")
    box.click()
    box.press_sequentially("ZZA", delay=20)
    first = page.locator(".md-search-result__link").first
    first.wait_for()
    first.click()
    page.wait_for_url("**/countries/zza/**/index.html*")
    assert "Zedland" in page.locator("h1").inner_text()
    assert told == []
    page.close()


def test_every_link_is_a_file_of_the_folder(unpacked: Path) -> None:
    assert dead_ends(unpacked) == []
    links = 0
    for path in unpacked.rglob("*.html"):
        for link in LINK.findall(path.read_text("utf-8")):
            parts = urlsplit(link)
            if not parts.scheme and parts.path:
                assert (path.parent / unquote(parts.path)).is_file(), (path, link)
                links += 1
    assert links > 1000


def test_sums_hold_for_the_zip_and_for_every_file_of_the_site(built: Path, unpacked: Path) -> None:
    for folder in (built, unpacked):
        lines = (folder / SUMS).read_text("utf-8").splitlines()
        told = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {SUMS}
        assert told.keys() == held
        for name, digest in told.items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    assert OFFLINE in (built / SUMS).read_text("utf-8")


def test_the_page_of_downloads_says_its_size_and_the_zip_does_not_offer_itself(built: Path, unpacked: Path) -> None:
    size = f"{(built / OFFLINE).stat().st_size / 1e6:.1f}\u00a0MB"
    assert size in (built / "downloads" / "index.html").read_text("utf-8")
    assert OFFLINE not in (unpacked / "downloads" / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("link", "file"),
    [
        ("../tables/", "../tables/index.html"),
        ("./", "./index.html"),
        ("..", "../index.html"),
        (".", "./index.html"),
        ("../data/tha/x.csv", "../data/tha/x.csv"),
        ("", ""),
    ],
)
def test_a_link_to_a_page_becomes_one_to_its_file(link: str, file: str) -> None:
    assert to_file(link) == file


def test_a_chart_answers_from_disk_after_a_click(page: Page, unpacked: Path) -> None:
    told = complaints(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(Path(urlsplit(request.url).path).name))
    page.goto((unpacked / "countries/zza/mst_temp_sex_eco_cct_nb/index.html").as_uri())
    button = page.get_by_role("button", name="Explore the chart").first
    button.wait_for()
    assert not {"vega.js", "explore.js"} & set(asked), "nothing of the chart is read before the click"
    button.click()
    page.locator(".ilms-live__canvas svg").wait_for()
    page.locator(".ilms-live__stage").first.focus()
    page.keyboard.press("ArrowRight")
    assert "Source:" in page.locator(".ilms-live__says").first.inner_text()
    page.get_by_role("combobox", name="Show").first.select_option("bars")
    page.locator(".ilms-live__canvas .mark-rect").first.wait_for()
    page.get_by_role("button", name="Explore the chart").first.click()
    page.locator(".ilms-live__canvas svg").nth(1).wait_for()
    assert asked.count("vega.js") == 1
    page.goto((unpacked / "sources/index.html").as_uri())
    page.get_by_role("combobox", name="Country").wait_for()
    assert told == []
    page.close()


def test_the_module_of_every_page_becomes_a_plain_script_and_others_stay_behind() -> None:
    html = '<script type="module" src="../assets/js/x.js"></script><script defer src="../a.js"></script>'
    made = offline_page("a/index.html", html + '<script src="../assets/js/start.js" type="module"></script>')
    assert "x.js" not in made
    assert made.index("offline.js") < made.index("a.js")
    assert '<script defer src="../assets/js/start.js"></script>' in made


def test_what_a_module_gives_and_takes_passes_through_one_object() -> None:
    assert "const { draw } = ilmsFromDisk;" in plain('import { draw } from "./engine.js";\ndraw();\n')
    assert "ilmsFromDisk.explore = explore;" in plain("export async function explore() {}\n")
    assert "ilmsFromDisk.draw = inner;" in plain("const inner = 1;export{inner as draw};")


@pytest.mark.parametrize(
    "code", ['import x from "./x.js";', "export default 1;", "export const a = 1;", "f(import.meta.url)"]
)
def test_a_module_that_cannot_run_from_disk_is_refused(code: str) -> None:
    with pytest.raises(IlmsError, match=r"classic\.py"):
        plain(code)


def test_the_index_of_the_search_leads_to_files() -> None:
    made = search_index('{"docs":[{"location":""},{"location":"a/#b"},{"location":"a/"}]}')
    assert re.findall(r'"location":"([^"]*)"', made) == ["index.html", "a/index.html#b", "a/index.html"]
