"""The preview in a browser: an open page renews itself; a panel says what is to be mended, to keys and voice too."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import listened
from tests.browser.test_accessibility import axe as axe
from tests.browser.test_accessibility import violations
from tests.building import start
from tests.worlds import World, fictitious

DATA = "zzb/data/mna_oemp_sex_cds_nb.csv"
PAGE = "countries/zzb/mna_oemp_sex_cds_nb/"
ROW = "SEX_F,CDS_DES_TOTAL,2016,"
PATIENCE = 120_000
"""Milliseconds after which a test no longer waits."""
SHOTS = os.environ.get("ILMS_SHOTS", "")


@dataclass
class Served:
    """`ilms serve` as it is run, over a world."""

    world: World
    address: str

    def write(self, figure: str) -> None:
        path = self.world.path(DATA)
        path.write_text(re.sub(rf"{ROW}[^,]*,", f"{ROW}{figure},", path.read_text("utf-8")), "utf-8")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    world = fictitious(tmp_path_factory.mktemp("served"))
    process = start(world, "serve", "--port", "0", "--date", "2026-11-22")
    try:
        yield Served(world, address(process))
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
            return found[0]
    pytest.fail(f"no address in {said}")


@pytest.fixture(params=[(1280, "light"), (360, "dark")], ids=["wide", "narrow"])
def told(browser: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Page, list[str]]]:
    """A page, and everything that went wrong on it."""
    width, scheme = request.param
    with listened(browser, viewport={"width": width, "height": 800}, color_scheme=scheme) as (page, wrong):
        page.set_default_timeout(PATIENCE)
        yield page, wrong


def test_an_open_page_renews_itself_and_tells_what_is_to_be_mended(
    served: Served, told: tuple[Page, list[str]], axe: str
) -> None:
    page, wrong = told
    served.write("5.500")
    page.goto(served.address + PAGE)
    shown = page.locator("article.md-content__inner")
    expect(shown).not_to_contain_text("5.501", timeout=PATIENCE)
    served.write("5.501")
    expect(shown).to_contain_text("5.501", timeout=PATIENCE)
    served.write("<img src=x onerror=alert(1)>")
    panel = page.get_by_role("alert").filter(has_text="to be mended")
    expect(panel).to_be_visible(timeout=PATIENCE)
    expect(panel).to_contain_text(f"datapackages/{DATA}:2:obs_value")
    expect(panel).to_contain_text("<img src=x onerror=alert(1)>")
    assert panel.locator("img").count() == 0
    expect(shown).to_contain_text("5.501")
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    panel.locator("summary").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="What is to be mended")).to_be_focused()
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"panel-{page.viewport_size['width'] if page.viewport_size else 0}.png")
    served.write("5.500")
    expect(panel).to_have_count(0, timeout=PATIENCE)
    expect(shown).not_to_contain_text("5.501", timeout=PATIENCE)
    assert wrong == []
