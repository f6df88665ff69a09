"""The finished site on the real figures, as files and in a real browser."""

import csv
import random
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from ilms_publish.catalogue import Catalogue

MEMBERS = ("brn", "idn", "khm", "lao", "mmr", "mys", "phl", "sgp", "tha", "vnm")
KINDS = ("", "countries/tha/", "tables/mst_ncte_sex_cct_nb/", "countries/tha/mst_ncte_sex_cct_nb/",
         "sources/tha-doe-permits/", "coverage/", "methods/")  # fmt: skip
HERE = "https://site.example/"


class Reader(HTMLParser):
    """Links, ids and table cells of one page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = path.read_text("utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("href", "src") and value and tag != "base":
                self.links.append(value)


@pytest.fixture(scope="module")
def read(site: Path) -> dict[str, Reader]:
    """Every page, by its address below the root."""
    return {p.relative_to(site).as_posix().removesuffix("index.html"): Reader(p) for p in sorted(site.rglob("*.html"))}


def test_every_page_kind_and_every_held_table_has_its_address(catalogue: Catalogue, read: dict[str, Reader]) -> None:
    wanted = {"", "countries/", "tables/", "sources/", "coverage/", "downloads/", "codelists/", "rules/",
              "limitations/", "columns/", "methods/", "glossary/", "report/", "about/how-to-cite/",
              "about/contribute/", "about/accessibility/", "about/disclaimer/"}  # fmt: skip
    wanted |= {f"countries/{name}/" for name in MEMBERS}
    wanted |= {f"countries/{p}/{t.lower()}/" for p, t in catalogue.tables if catalogue.packages[p].national}
    wanted |= {f"estimates/{p}/{t.lower()}/" for p, t in catalogue.tables if not catalogue.packages[p].national}
    wanted |= {f"tables/{name.lower()}/" for name in catalogue.structure.tables}
    wanted |= {f"sources/{source.id}/" for source in catalogue.sources}
    wanted |= {f"codelists/{name}/" for name in catalogue.structure.codelists}
    wanted |= {f"rules/{name}/" for name in catalogue.rules}
    wanted |= {f"limitations/{name}/" for name in catalogue.structure.limitation_types}
    assert wanted <= set(read), sorted(wanted - set(read))[:5]


def test_every_link_leads_somewhere(site: Path, read: dict[str, Reader]) -> None:
    broken = []
    for page, reader in read.items():
        if page == "404.html":
            continue
        for link in set(reader.links):
            parts = urlsplit(urljoin(HERE + page, link))
            if parts.scheme not in ("http", "https") or parts.netloc != urlsplit(HERE).netloc:
                continue
            path = unquote(parts.path).lstrip("/")
            target = read.get(path) or read.get(f"{path}/" if path else "")
            if target is None:
                sound = (site / path).is_file()
            else:
                sound = not parts.fragment or unquote(parts.fragment) in target.ids
            if not sound:
                broken.append((page, link))
    assert broken == []


def test_ids_are_used_once_on_a_page(read: dict[str, Reader]) -> None:
    for page, reader in read.items():
        assert len(reader.ids) == len(set(reader.ids)), page


def test_pages_hold_no_leftovers(read: dict[str, Reader]) -> None:
    for page, reader in read.items():
        for mark in ("data-ilms", "__ILMS_", "{{ ", "{%", ">None<", ">nan<", ">NaN<", "Undefined"):
            assert mark not in reader.text, (page, mark)


def test_every_country_table_page_has_chart_numbers_and_caveats(catalogue: Catalogue, read: dict[str, Reader]) -> None:
    for (package, name), table in catalogue.tables.items():
        if not table.package.national:
            continue
        reader = read[f"countries/{package}/{name.lower()}/"]
        where = (package, name)
        assert "<svg" in reader.text, where
        assert "<caption" in reader.text, where
        assert "ilms-strip" in reader.text, where
        assert any(f"data/{package}/{name.lower()}.csv" in link for link in reader.links), where
        for limitation in table.limitations:
            assert f"limitation-{limitation.id}" in reader.ids, (where, limitation.id)
        for source in table.sources:
            assert any(f"sources/{source.id}/" in link for link in reader.links), (where, source.id)


def test_ten_numbers_on_pages_lead_back_to_their_row_and_publisher(
    catalogue: Catalogue, site: Path, read: dict[str, Reader]
) -> None:
    chance = random.Random(2026)
    national = [table for table in catalogue.tables.values() if table.package.national]
    for table in chance.sample(national, 10):
        line = chance.choice(list(table.published.index))
        row = table.frame.loc[line]
        name, package = table.definition.slug, table.package.id
        reader = read[f"countries/{package}/{name}/"]
        whole, point, part = row["obs_value"].partition(".")
        grouped = f"{int(whole):,}".replace(",", "\u202f") + point + part
        assert f">{grouped}<" in reader.text or f">{row['obs_value']}<" in reader.text, (package, name, line)
        with (site / "data" / package / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            given = list(csv.DictReader(file))[line - 2]
        assert [given[column] for column in table.definition.columns] == list(row[list(table.definition.columns)])
        imports = table.package.imports
        publishers = set(imports.loc[imports["table"] == table.definition.id, "publisher"])
        assert publishers
        assert f"sources/{row['source']}/" in read


def test_withheld_values_are_on_the_page_but_marked(catalogue: Catalogue, read: dict[str, Reader]) -> None:
    text = read["countries/tha/mst_temp_sex_ste_cct_nb/"].text
    assert "4.009" in text
    assert "is-withheld" in text


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_browser_shows_pages_without_errors_or_outside_requests(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url) if not request.url.startswith(address) else None)
    for kind in KINDS:
        page.goto(address + kind)
        page.wait_for_load_state("networkidle")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{kind} is {wide} px too wide at {width}"
        assert page.locator("h1").count() == 1, kind
        assert page.locator("h1").inner_text().strip(), kind
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness = sum(int(part) for part in ground.strip("rgba()").split(",")[:3]) / 3
        assert (brightness < 90) == (scheme == "dark"), (kind, ground)
    assert told == []
    context.close()


@pytest.fixture(scope="module")
def searching(browser: Browser, address: str) -> Iterator[Page]:
    """A page with the search open: it reads its index once, for one question after the other."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.get_by_role("textbox", name="Search").click()
    yield page
    page.close()


def test_pages_say_everything_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "countries/tha/mst_ncte_sex_cct_nb/")
    assert page.locator("figure svg").first.is_visible()
    assert page.locator("table.ilms-table").first.is_visible()
    assert page.get_by_role("heading", name="Limitations").is_visible()
    context.close()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Thailand", "countries/tha/"),
        ("Burma", "countries/mmr/"),
        ("Myanmar", "countries/mmr/"),
        ("Laos", "countries/lao/"),
        ("Lao PDR", "countries/lao/"),
        ("Vietnam", "countries/vnm/"),
        ("Viet Nam", "countries/vnm/"),
        ("Brunei", "countries/brn/"),
        ("Kampuchea", "countries/khm/"),
        ("IDN", "countries/idn/"),
        ("South Korea", "corridors"),
        ("MST_TEMP_SEX_ECO_CCT_NB", "tables/mst_temp_sex_eco_cct_nb/"),
        ("Thailand employed non-citizens", "countries/tha/mst_ncte_sex_cct_nb/"),
        ("nationals abroad", "tables/mna_tpop_sex_crs_nb/"),
        ("General Statistics Office", "sources/vnm-gso-"),
        ("Department of Employment Thailand", "sources/tha-doe-"),
        ("Commission on Filipinos Overseas", "sources/phl-cfo-"),
        ("BPS", "sources/idn-bps-"),
        ("Malaysia", "countries/mys/"),
        ("Indonesia Malaysia", "corridors/idn-mys/"),
        ("Myanmar workers in Thailand", "corridors/mmr-tha/"),
        ("Filipinos in Singapore", "corridors/phl-sgp/"),
        ("mmr tha", "corridors/mmr-tha/"),
        ("Indonesia", "countries/idn/"),
        ("Viet Nam Japan", "corridors/vnm-jpn/"),
        ("Malaysia Indonesia", "corridors/mys-idn/"),
        ("Burma to Thailand", "corridors/mmr-tha/"),
        ("Indonesians in Malaysia", "corridors/idn-mys/"),
        ("Lao Statistics Bureau", "sources/lao-lsb-"),
        ("Sakernas", "sources/idn-bps-sakernas/"),
        ("pay", "tables/ear_"),
        ("Philippines Saudi Arabia", "corridors/phl-sau/"),
    ],
)
def test_search_finds_a_page_first_by_any_of_its_names(searching: Page, address: str, asked: str, found: str) -> None:
    box = searching.get_by_role("textbox", name="Search")
    told = searching.locator(".md-search-result__meta")
    box.fill("")
    told.filter(has_not_text="matching").wait_for()
    box.press_sequentially(asked, delay=20)
    told.filter(has_text="matching").wait_for()
    searching.wait_for_timeout(200)
    links = [link.get_attribute("href") or "" for link in searching.locator(".md-search-result__link").all()[:4]]
    first = urlsplit(urljoin(address, links[0])).path.lstrip("/")
    assert first.startswith(found) and (not found.endswith("/") or first == found), links  # noqa: PT018


def test_policy_stops_an_injected_script(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.body.append(script);
        const picture = document.createElement('div');
        picture.innerHTML = '<img src=x onerror="window.injected = true">';
        document.body.append(picture);
    }""")
    page.wait_for_timeout(300)
    assert page.evaluate("window.injected") is None
    page.close()
