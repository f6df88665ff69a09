"""What a visit weighs, compressed as a server of files sends it: pages, styles and scripts; there are no fonts."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser

KILO = 1000
FIRST, NEXT, HOME = 100 * KILO, 25 * KILO, 120 * KILO
INDEX = 100 * KILO
"""Search index, for each thousand pages."""
SEARCH = "search/search_index.json"


def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6, mtime=0))


def requested(browser: Browser, address: str, kind: str) -> list[str]:
    """The files a reader without any cache fetches for a page."""
    context = browser.new_context()
    page = context.new_page()
    found: list[str] = []
    page.on("request", lambda request: found.append(unquote(urlsplit(request.url).path).lstrip("/")))
    page.goto(address + kind)
    page.wait_for_load_state("networkidle")
    context.close()
    return [f"{path}index.html" if not path or path.endswith("/") else path for path in dict.fromkeys(found)]


def heaviest(site: Path, below: str) -> str:
    """The page of one kind that weighs most."""
    return (
        max((p.parent for p in site.glob(below)), key=lambda p: compressed(p / "index.html"))
        .relative_to(site)
        .as_posix()
    )


def told(weights: dict[str, int]) -> str:
    return f"{sum(weights.values()):,} bytes: " + ", ".join(f"{name} {size:,}" for name, size in weights.items())


@pytest.mark.parametrize(("below", "limit"), [("countries/*/*/index.html", FIRST), ("index.html", HOME)])
def test_a_first_visit_is_light(browser: Browser, address: str, site: Path, below: str, limit: int) -> None:
    kind = heaviest(site, below)
    weights = {path: compressed(site / path) for path in requested(browser, address, "" if kind == "." else f"{kind}/")}
    seen = {path for path in weights if path.endswith((".html", ".css", ".js"))}
    assert {Path(path).suffix for path in seen} == {".html", ".css", ".js"}
    assert not {Path(path).suffix for path in weights} - {".html", ".css", ".js", ".json", ".svg"}, weights
    assert SEARCH not in weights, "the search index waits until the search is opened"
    assert sum(weights.values()) <= limit, told(weights)


def test_every_next_page_is_light(site: Path) -> None:
    pages = {path.relative_to(site).as_posix(): compressed(path) for path in site.rglob("*.html")}
    assert pages
    assert {path: size for path, size in pages.items() if size > NEXT} == {}


def test_the_search_index_is_light(site: Path) -> None:
    pages = sum(page.relative_to(site).parts[0] != "embed" for page in site.rglob("*.html"))
    assert compressed(site / SEARCH) <= INDEX * pages / 1000


@pytest.mark.parametrize("country", ["idn", "tha"])
def test_a_country_is_printed_on_two_sheets(browser: Browser, address: str, country: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}countries/{country}/")
    sheets = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4", prefer_css_page_size=True))
    page.close()
    assert 1 <= len(sheets) <= 2
