"""Ways to what readers look for: the register of sources, a wrong address, and what is shown where pages are shared."""

import re
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

WRONG = ["countries/tha/mst_ncte_sex_cct/", "countries/thailand/a/b/c.html", "nowhere"]


def test_the_register_of_sources_is_cut_down_by_country_kind_and_documentation(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + "sources/")
    lines = page.locator("[data-register] li")
    told = page.locator("[data-register]").get_by_role("status")
    expect(told).to_have_text(f"{lines.count()} of {lines.count()} sources")
    page.get_by_role("combobox", name="Country").select_option("Viet Nam")
    shown = page.locator("[data-register] li:visible")
    assert 0 < shown.count() < lines.count()
    assert all("vnm-" in (line.get_by_role("link").first.get_attribute("href") or "") for line in shown.all())
    page.get_by_role("combobox", name="Kind").select_option("Population census")
    assert {line.get_attribute("data-kind") for line in shown.all()} == {"Population census"}
    page.get_by_role("combobox", name="Country").select_option("all")
    page.get_by_role("combobox", name="Kind").select_option("all")
    page.get_by_role("combobox", name="Documentation").select_option("less than half answered")
    assert shown.count()
    for line in shown.all():
        assert 2 * int(line.get_attribute("data-answered") or 0) < int(line.get_attribute("data-asked") or 0)
    page.close()


def test_without_scripts_every_source_is_listed(browser: Browser, address: str, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "sources/")
    sources = [folder for folder in (site / "sources").iterdir() if folder.is_dir()]
    assert page.locator("[data-register] li:visible").count() == len(sources)
    assert page.locator("select").count() == 0
    context.close()


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_address_at_any_depth_gives_a_page_that_helps(browser: Browser, address: str, wrong: str) -> None:
    page = browser.new_page()
    lost: list[str] = []
    page.on("response", lambda answer: lost.append(answer.url) if answer.status >= 400 else None)
    answer = page.goto(address + wrong)
    assert answer is not None
    assert answer.status == 404
    page.wait_for_load_state("networkidle")
    assert lost == [address + wrong], "styles, scripts and pictures are found from any depth"
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
    for link in page.locator("main a").all():
        target = page.evaluate("e => e.href", link.element_handle())
        assert page.request.get(target).ok, target
    page.close()


def test_a_wrong_address_is_answered_with_pages_whose_address_is_like_it(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + WRONG[0])
    first = page.locator("[data-nearest] a").first
    first.wait_for()
    assert (first.get_attribute("href") or "").endswith("/countries/tha/mst_ncte_sex_cct_nb/")
    page.goto(address + "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq")
    page.wait_for_load_state("networkidle")
    assert page.get_by_text("Pages with an address like it").is_hidden()
    page.close()


def test_every_page_says_what_it_is_where_it_is_shared(site: Path) -> None:
    pages = [page for page in site.rglob("*.html") if page.relative_to(site).parts[0] not in ("embed", "404.html")]
    assert pages
    for page in pages:
        head = page.read_text("utf-8").partition("</head>")[0]
        for name in ("og:title", "og:description"):
            assert re.search(rf'<meta property="{name}" content="[^"<>]+">', head), (page, name)
    pictures = sorted((site / "shared").rglob("*.png"))
    assert site / "shared" / "home.png" in pictures
    assert len(pictures) > 500
    for page in pages:
        place, section = page.parent.relative_to(site).as_posix(), page.relative_to(site).parts[0]
        if section in ("countries", "corridors", "sources", "tables", "estimates", "coverage", "comparability"):
            assert site / "shared" / f"{place}.png" in pictures, "a page of figures has a picture of its own"
    for picture in pictures:
        content = picture.read_bytes()
        assert struct.unpack_from(">II", content, 16) == (1200, 630), picture
        assert len(content) < 200_000, picture
