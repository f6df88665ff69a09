"""Charts that answer after a click: nothing is fetched before it, the policy stays strict, and keys are enough."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import listened
from tests.browser.test_accessibility import axe as axe
from tests.browser.test_accessibility import violations

TABLE = "countries/tha/mna_oemp_sex_cds_nb/"
BREAKS = "countries/tha/mst_ncte_sex_cct_nb/"
KILO = 1000


@pytest.fixture
def told(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and everything that went wrong on it."""
    with listened(browser, viewport={"width": 1280, "height": 900}, reduced_motion="reduce") as one:
        yield one


def opened(page: Page, address: str, number: int = 0) -> None:
    page.goto(address)
    page.get_by_role("button", name="Explore the chart").nth(number).click()
    page.locator(".ilms-live__canvas svg").wait_for()


def test_no_chart_code_is_fetched_before_a_click(site: Path, address: str, told: tuple[Page, list[str]]) -> None:
    page, _ = told
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    page.goto(address + TABLE)
    page.wait_for_load_state("networkidle")
    ours = [path for path in asked if path.startswith(("assets/js", "charts/"))]
    assert ours == ["assets/js/start.js", "assets/js/figures.js"]
    assert sum((site / path).stat().st_size for path in ours) < 5 * KILO
    page.get_by_role("button", name="Explore the chart").first.click()
    page.locator(".ilms-live__canvas svg").wait_for()
    assert {Path(path).stem.split(".")[0] for path in asked if path.startswith("assets/js")} == {
        "start", "figures", "explore", "engine", "vega",
    }  # fmt: skip


def test_the_chart_answers_under_the_strict_policy(address: str, told: tuple[Page, list[str]]) -> None:
    page, wrong = told
    opened(page, address + TABLE)
    expect(page.locator(".ilms-live__says").first).to_contain_text("lines")
    assert page.locator("figure .ilms-chart").first.is_hidden()
    page.get_by_role("combobox", name="Show").first.select_option("bars")
    expect(page.locator(".ilms-live__says").first).to_contain_text("bars")
    page.get_by_role("combobox", name="Compare by").first.select_option(label="country of destination")
    expect(page.locator(".ilms-live__canvas svg")).to_contain_text("Israel")
    page.get_by_role("button", name="Back to the drawing").click()
    assert page.locator("figure .ilms-chart").first.is_visible()
    assert wrong == []


@pytest.mark.parametrize("kind", ["", "estimates/undesa/undesa_stock_by_origin/"])
def test_flows_and_estimates_answer_after_a_click(address: str, told: tuple[Page, list[str]], kind: str) -> None:
    page, wrong = told
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + kind)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "vega" in url or url.endswith(".json")]
    drawings = page.locator(".ilms-figure__chart > svg").count()
    assert page.get_by_role("button", name="Explore the chart").count() == drawings > 1
    page.get_by_role("button", name="Explore the chart").first.click()
    page.locator(".ilms-live__canvas svg").wait_for()
    says = page.locator(".ilms-live__says").first
    expect(says).to_contain_text("bars")
    page.locator(".ilms-live__stage").first.focus()
    page.keyboard.press("ArrowRight")
    expect(says).to_contain_text("Source:")
    page.get_by_role("combobox", name="Show").first.select_option("lines")
    expect(says).to_contain_text("lines")
    page.get_by_role("combobox", name="Sex").first.select_option(label="Women")
    expect(page.locator(".ilms-live__canvas svg")).to_be_visible()
    assert wrong == []


def test_a_drawing_of_a_part_of_a_table_answers_from_the_figures_it_shows(site: Path) -> None:
    files = [path for path in sorted(site.glob("charts/**/*.rows.json")) if "-" in path.name]
    assert {path.name.split("-")[1] for path in files} == {"flows", "from"}
    for path in files:
        data = json.loads(path.read_text("utf-8"))
        held = {(row[-4], row[-3]) for row in data["rows"]}
        with path.with_name(path.name.replace(".rows.json", ".csv")).open(newline="", encoding="utf-8") as file:
            drawn = [(int(row["time_period"]), row["obs_value"]) for row in csv.DictReader(file)]
        assert drawn
        assert set(drawn) <= held, path


def test_a_figure_under_the_pointer_says_value_status_and_source(address: str, told: tuple[Page, list[str]]) -> None:
    page, wrong = told
    opened(page, address + TABLE)
    marks = page.locator(".ilms-live__canvas .mark-symbol.role-mark path")
    marks.first.hover(force=True)
    tip = page.locator(".ilms-live__tip")
    expect(tip).to_be_visible()
    assert re.search(r", \d{4}: [\d\u202f.]+ thousand persons.*Source: \S+", tip.inner_text())
    assert wrong == []


def test_the_chart_is_read_by_key(address: str, told: tuple[Page, list[str]]) -> None:
    page, _ = told
    page.goto(address + TABLE)
    button = page.get_by_role("button", name="Explore the chart").first
    button.focus()
    page.keyboard.press("Enter")
    page.locator(".ilms-live__canvas svg").wait_for()
    page.locator(".ilms-live__stage").first.focus()
    page.keyboard.press("ArrowRight")
    says = page.locator(".ilms-live__says").first
    expect(says).to_contain_text("Source:")
    first = says.inner_text()
    page.keyboard.press("ArrowRight")
    expect(says).not_to_have_text(first)
    assert says.get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_chart_violates_no_accessibility(
    address: str, axe: str, told: tuple[Page, list[str]], scheme: str
) -> None:
    page, _ = told
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    opened(page, address + TABLE)
    page.locator("[data-embed]").first.click()
    assert violations(page, axe) == []


def test_a_break_is_drawn_and_never_joined(address: str, told: tuple[Page, list[str]]) -> None:
    page, _ = told
    opened(page, address + BREAKS)
    lines = page.locator(".ilms-live__canvas .mark-line path").count()
    names = page.locator(".ilms-live__keys li").count()
    assert lines > names


def test_a_picture_and_the_code_to_embed_are_offered(address: str, told: tuple[Page, list[str]]) -> None:
    page, wrong = told
    page.goto(address + TABLE)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PNG").first.click()
    assert waiting.value.path().read_bytes().startswith(b"\x89PNG")
    page.locator("[data-embed]").first.click()
    code = page.get_by_label("Code for your page").input_value()
    assert f'src="{address}embed/tha/mna_oemp_sex_cds_nb/time/"' in code
    assert wrong == []


def test_an_embedded_figure_keeps_its_caveats_and_leads_back(address: str, told: tuple[Page, list[str]]) -> None:
    page, wrong = told
    page.goto(address + "404.html")
    frame = page.goto(address + "embed/tha/mna_oemp_sex_cds_nb/time/")
    assert frame is not None
    assert frame.ok
    assert page.locator(".ilms-strip").is_visible()
    assert page.locator("header, nav, footer").count() == 0
    back = page.get_by_role("link", name="Table, definitions and limitations")
    assert page.evaluate("e => e.href", back.element_handle()) == address + TABLE
    page.get_by_role("button", name="Explore the chart").click()
    page.locator(".ilms-live__canvas svg").wait_for()
    assert wrong == []
