"""The pages of two fictitious countries: complete, linked, honest about what is withheld, and safe."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from posixpath import join, normpath

import pytest

from ilms_publish.catalogue import Catalogue
from ilms_publish.pages import words
from ilms_publish.pages.page import Page, file_link, link, markdown
from ilms_publish.site import pages
from tests.worlds import REPOSITORY, World, fictitious

VOID = {"br", "img", "hr", "input", "meta", "link"}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    root: Path = tmp_path_factory.mktemp("world")
    world: World = fictitious(root)
    checked = world.check()
    assert checked.catalogue is not None
    return checked.catalogue


@pytest.fixture(scope="module")
def site(catalogue: Catalogue) -> dict[str, Page]:
    made = list(pages(catalogue, {"data/zza/zza.zip": "12 kB"}))
    twice = [address for address, times in Counter(page.address for page in made).items() if times > 1]
    assert twice == []
    return {page.address: page for page in made}


def html(page: Page) -> str:
    return "".join(page.fragments.values())


def url(address: str) -> str:
    return f"/{address}/" if address else "/"


def anchors(page: Page) -> set[str]:
    headings = {
        re.sub(r"[^a-z0-9]+", "-", head.lower()).strip("-") for head in re.findall(r"^## (.*)$", page.body, re.M)
    }
    return headings | set(re.findall(r'\sid="([^"]+)"', html(page)))


class Balance(HTMLParser):
    """Collects elements that are not closed in order, and cells without content."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.filled = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th"):
            self.filled = False

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        return

    def handle_data(self, data: str) -> None:
        self.filled = self.filled or bool(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")
        if tag in ("td", "th") and not self.filled:
            self.faults.append(f"an empty {tag}")


def test_every_table_codelist_rule_limitation_type_and_source_has_a_page(
    site: dict[str, Page], catalogue: Catalogue
) -> None:
    structure = catalogue.structure
    expected = {f"tables/{table.slug}" for table in structure.tables.values()}
    expected |= {f"codelists/{name}" for name in structure.codelists}
    expected |= {f"rules/{name}" for name in catalogue.rules}
    expected |= {f"limitations/{name}" for name in structure.limitation_types}
    expected |= {f"sources/{source.id}" for source in catalogue.sources}
    expected |= {f"countries/{package}/{table.lower()}" for package, table in catalogue.tables}
    expected |= {"", "countries", "tables", "sources", "coverage", "codelists", "rules", "limitations", "columns"}
    expected |= {"downloads", "report", "countries/zza", "countries/zzb", "estimates"}
    assert expected - set(site) == set()


def test_every_link_leads_to_a_page_and_every_anchor_exists(site: dict[str, Page]) -> None:
    there = {url(address): anchors(page) for address, page in site.items()}
    home = REPOSITORY / "site_src" / "docs"
    there |= {f"/{path.relative_to(home).with_suffix('')}/": set() for path in home.rglob("*.md")}  # authored pages
    beside = {f"/{path}" for page in site.values() for path in page.files}
    broken = []
    for address, page in site.items():
        for target in set(re.findall(r'href="([^"]+)"', html(page))):
            if target.startswith(("https://", "http://")):
                continue
            path, _, anchor = target.partition("#")
            full = normpath(join(url(address), path)) if path else url(address)
            if full.startswith(("/data/", "/api/", "/feeds/", "/offline/", "/SHA256SUMS")):
                continue
            if full in beside or f"{full}/index.html" in beside:
                continue
            full = full.rstrip("/") + "/"
            if full not in there or (anchor and anchor not in there[full]):
                broken.append((address, target))
    assert broken == []


def test_fragments_are_balanced_html_without_empty_cells_or_repeated_ids(site: dict[str, Page]) -> None:
    for address, page in site.items():
        for name, piece in page.fragments.items():
            parser = Balance()
            parser.feed(piece)
            assert (parser.faults, parser.open) == ([], []), f"{address}: {name}"
        ids = Counter(re.findall(r'\sid="([^"]+)"', html(page)))
        assert [one for one, times in ids.items() if times > 1] == [], address


def test_the_body_holds_only_headings_and_placeholders(site: dict[str, Page]) -> None:
    for page in site.values():
        lines = [line for line in page.body.splitlines() if line]
        assert all(re.fullmatch(r'## .+|<div data-ilms="[a-z-]+"></div>', line) for line in lines), page.address
        assert re.findall(r'data-ilms="([a-z-]+)"', page.body) == list(page.fragments)


def test_fragments_leave_the_first_two_levels_of_headings_to_the_body(site: dict[str, Page]) -> None:
    assert [page.address for page in site.values() if re.search(r"<h[12]\b", html(page))] == []


def test_regions_of_a_page_have_names_of_their_own(site: dict[str, Page]) -> None:
    for page in site.values():
        named = Counter(re.findall(r'role="region" aria-label="([^"]+)"', html(page)))
        assert [one for one, times in named.items() if times > 1] == [], page.address


def test_text_from_data_is_escaped(site: dict[str, Page]) -> None:
    page = html(site["sources/zza-stats-lfs"])
    assert "&lt;script&gt;alert(1)&lt;/script&gt; members &amp; visitors" in page
    inert = '<script type="application/ld+json">'
    assert not [one.address for one in site.values() if "<script" in html(one).replace(inert, "", 1)]


def test_nothing_is_fetched_styled_or_run_from_a_fragment(site: dict[str, Page]) -> None:
    for page in site.values():
        assert not re.search(r"\s(?:src|onclick|onload|onerror)=|javascript:", html(page)), page.address


def test_links_outside_carry_noopener(site: dict[str, Page]) -> None:
    for page in site.values():
        for tag in re.findall(r'<a [^>]*href="https?://[^>]*>', html(page)):
            assert 'rel="noopener"' in tag


def test_a_withheld_value_is_shown_struck_in_the_table_and_used_nowhere_else(site: dict[str, Page]) -> None:
    page = site["countries/zzb/mna_oemp_sex_cds_nb"]
    value = f"17{words.THIN}875.000"
    assert f"<del>{value}</del> [withheld]" in page.fragments["table"]
    rest = "".join(piece for name, piece in page.fragments.items() if name != "table")
    assert value not in rest
    assert "17875" not in rest
    assert "2019 are withheld from use" in page.fragments["lead"]


def test_a_withheld_value_reaches_no_other_page(site: dict[str, Page]) -> None:
    value = f"17{words.THIN}875"
    assert [a for a, page in site.items() if value in html(page)] == ["countries/zzb/mna_oemp_sex_cds_nb"]


def test_the_lead_compares_across_no_break(site: dict[str, Page]) -> None:
    lead = site["countries/zzb/mna_oemp_sex_cds_nb"].fragments["lead"]
    assert "82.500 thousand departures of nationals for employment in 2021" in lead
    assert "Earlier years are not compared with 2021" in lead
    assert "more than" not in lead


def test_the_lead_of_an_unbroken_series_gives_the_change_and_its_source(site: dict[str, Page]) -> None:
    lead = site["countries/zza/mst_ncte_sex_cct_nb"].fragments["lead"]
    assert "68.460 thousand employed non-citizens in 2021" in lead
    assert "Labour force survey of Zedland; documented" in lead
    assert f"3.7{words.FIRM}% more than in 2020" in lead
    assert f"Women were 37{words.FIRM}% of the total of 2021" in lead


def test_a_table_of_two_dimensions_speaks_of_the_migrants(site: dict[str, Page]) -> None:
    page = site["countries/zza/mst_temp_sex_eco_cct_nb"]
    assert "employed non-citizens in 2021" in page.fragments["lead"]
    assert page.fragments["table"].index("Non-citizens (") < page.fragments["table"].index(" Citizens (")


def test_flags_and_gaps_are_words_and_never_blank(site: dict[str, Page]) -> None:
    assert '<abbr class="ilms-flag" title="Provisional">[p]</abbr>' in html(
        site["countries/zza/mst_temp_sex_eco_cct_nb"]
    )
    departures = html(site["countries/zzb/mna_oemp_sex_cds_nb"])
    assert '<abbr class="ilms-flag" title="Missing">[x]</abbr>' in departures
    assert "n1 Border closed" in departures
    assert '<sup class="ilms-mark">n1</sup>' in departures


def test_every_chart_stands_above_its_strip(site: dict[str, Page]) -> None:
    for page in site.values():
        blocks = re.findall(r'<figure class="ilms-figure".*?</figure>', html(page), re.S)
        for block in blocks:
            assert "<svg" in block, page.address
            assert 'class="ilms-strip"' in block, page.address
            assert "ilms-figure__says" in block, page.address


def test_a_figure_is_never_without_year_source_and_who_is_missing(site: dict[str, Page]) -> None:
    keys = re.findall(r'<div class="ilms-key">.*?</div>', html(site["countries/zza"]), re.S)
    assert keys
    for key in keys:
        assert re.search(r"__label\">[^<]+, \d{4}<", key)
        assert "sources/zza-stats-lfs/" in key
        assert "who is missing: workers in communal quarters and border commuters" in key.lower()


def test_a_gap_code_is_shown_as_a_gap_with_its_words(site: dict[str, Page], catalogue: Catalogue) -> None:
    page = site["sources/zza-stats-lfs"].fragments["answers"]
    for code in ("not_reported_by_source", "not_yet_documented"):
        assert catalogue.structure.gap_codes[code].title in page
    asked = [concept for concept in catalogue.structure.quality.values() if not concept.computed]
    assert page.count("<dt ") == len(asked)


def test_the_matrix_says_why_a_table_is_missing(site: dict[str, Page]) -> None:
    page = html(site["coverage"])
    assert "Zedland keeps no register of departures." in page
    assert "The census is not yet tabulated." in page
    assert 'class="is-not-possible"' in page


def test_a_quoted_figure_stands_apart_with_agency_and_address(site: dict[str, Page]) -> None:
    quoted = site["countries/zza"].fragments["quoted"]
    assert f"31{words.THIN}000" in quoted
    assert "Zedland Immigration" in quoted
    assert 'href="https://example.org/permits"' in quoted
    assert "quoted" not in site["countries/zzb"].fragments


def test_a_limitation_is_told_on_its_table_its_country_and_its_type(site: dict[str, Page]) -> None:
    for address in ("countries/zzb/mna_oemp_sex_cds_nb", "countries/zzb", "limitations/unit-slip"):
        assert 'id="limitation-zzb-persons-2019"' in html(site[address]), address


def test_a_finding_is_told_with_the_limitation_that_answers_it(site: dict[str, Page], catalogue: Catalogue) -> None:
    acknowledged = [finding for finding in catalogue.findings if finding.acknowledged_by]
    assert acknowledged
    for finding in acknowledged:
        for name in finding.acknowledged_by:
            assert f"#limitation-{name}" in html(site[f"report/{finding.package}"])
            assert f"#limitation-{name}" in html(site[f"rules/{finding.rule}"])


def test_descriptions_are_one_plain_line(site: dict[str, Page]) -> None:
    for page in site.values():
        assert 10 <= len(page.description) <= 300, page.address
        assert "\n" not in page.description
        assert page.title


@pytest.mark.parametrize(
    ("here", "target", "expected"),
    [
        ("countries/zza", "sources/zza-lfs", "../../sources/zza-lfs/"),
        ("countries/zza", "countries/zza#limitations", "#limitations"),
        ("countries/zza", "countries/zzb#limitations", "../../countries/zzb/#limitations"),
        ("countries/zza", "", "../../"),
        ("", "countries", "countries/"),
        ("", "", "./"),
    ],
)
def test_links_are_relative(here: str, target: str, expected: str) -> None:
    assert link(here, target) == expected


def test_files_are_linked_without_a_final_slash() -> None:
    assert file_link("countries/zza/x", "data/zza/x.csv") == "../../../data/zza/x.csv"


def test_markdown_shows_a_title_as_it_is() -> None:
    assert markdown("A *b* [c](d) <e> & f: g") == r"A \*b\* \[c\]\(d\) &lt;e&gt; &amp; f: g"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1835.524", "1\u202f835.524"),
        ("0.10", "0.10"),
        ("-1234", "\u22121\u202f234"),
        ("40039541", "40\u202f039\u202f541"),
        ("n.a.", "n.a."),
    ],
)
def test_numbers_keep_their_digits(text: str, expected: str) -> None:
    assert words.number(text) == expected


def test_years_are_told_as_spans() -> None:
    assert words.years([2018, 2006, 2007, 2008, 2020]) == "2006–2008, 2018, 2020"


def test_addresses_in_a_text_are_found_without_their_punctuation() -> None:
    pieces = words.addresses("See https://a.org/x, and (http://b.org/y). Not ftp://c.org")
    assert [piece for linked, piece in pieces if linked] == ["https://a.org/x", "http://b.org/y"]
    assert "".join(piece for _, piece in pieces) == "See https://a.org/x, and (http://b.org/y). Not ftp://c.org"
