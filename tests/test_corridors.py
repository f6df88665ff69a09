"""Corridors of two fictitious countries: who reports, what meets, what the gap may mean, and what never enters."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from ilms_publish.aspects import BARRED
from ilms_publish.catalogue import Catalogue
from ilms_publish.corridors import (
    Corridor,
    Meeting,
    Pair,
    Record,
    corridor,
    directory,
    meetings,
    named_years,
    quoted,
    rows,
)
from ilms_publish.downloads import downloads
from ilms_publish.formats import CORRIDORS
from ilms_publish.model import Answer
from ilms_publish.pages import words
from ilms_publish.pages.page import Page
from ilms_publish.site import pages
from tests.worlds import World, arranged, pages_at

SENT, RECEIVED = "MNA_OEMP_SEX_CDS_NB", "MST_NCTE_SEX_CCT_NB"


def catalogue_of(world: World) -> Catalogue:
    made = world.check().catalogue
    assert made is not None
    return made


@pytest.fixture(scope="module")
def catalogue(sound_catalogue: Catalogue) -> Catalogue:
    return sound_catalogue


def all_corridors(catalogue: Catalogue) -> dict[Pair, Corridor]:
    held = arranged(catalogue)
    entries = directory(held.values(), ["ZZA", "ZZB"], catalogue.structure)
    return {pair: corridor(pair, entries[pair], held.__getitem__) for pair in entries}


@pytest.fixture(scope="module")
def found(catalogue: Catalogue) -> dict[Pair, Corridor]:
    return all_corridors(catalogue)


@pytest.fixture(scope="module")
def site(catalogue: Catalogue) -> dict[str, Page]:
    return {page.address: page for page in pages(catalogue, {CORRIDORS: "1 kB"})}


@pytest.fixture(scope="module")
def files(catalogue: Catalogue) -> dict[str, bytes]:
    return downloads(catalogue)


@pytest.fixture
def page_of(world: World) -> Callable[[str], Page]:
    """The page of a corridor as the repository stands after a test has changed it."""

    def make(address: str) -> Page:
        world.package()
        return pages_at(catalogue_of(world), address)[address]

    return make


def text(page: Page, name: str) -> str:
    """A fragment without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.fragments[name]).split())


def only(found: dict[Pair, Corridor]) -> Meeting:
    met = meetings(found["ZZB", "ZZA"])
    assert len(met) == 1
    return met[0]


def test_every_pair_of_members_and_every_pair_reported_is_a_corridor(found: dict[Pair, Corridor]) -> None:
    assert set(found) == {("ZZA", "ZZB"), ("ZZB", "ZZA"), ("ZZC", "ZZA")}
    assert [pair for pair, one in found.items() if one.national] == [("ZZB", "ZZA"), ("ZZC", "ZZA")]


def test_departures_are_the_origins_report_and_residents_the_destinations(found: dict[Pair, Corridor]) -> None:
    both = found["ZZB", "ZZA"]
    assert [record.figures.definition.id for record in both.sent] == [SENT]
    assert [record.figures.definition.id for record in both.received] == [RECEIVED]
    assert [(o.year, o.text) for o in both.received[0].main][-1] == (2021, "41.076")


def test_what_is_withheld_never_enters(found: dict[Pair, Corridor]) -> None:
    record = found["ZZB", "ZZA"].sent[0]
    assert record.years == [2016, 2017, 2018, 2021]
    assert record.withheld == (2019,)
    assert not [o for o in record.observations if o.withheld or o.year == 2019]


def answered(record: Record, concept: str, **answers: str) -> Record:
    """The record as if its table were a stock of this concept and its source had answered so."""
    table = record.figures.table
    sources = {
        name: replace(one, type="LFS", answers={**one.answers, **{k: Answer((code,)) for k, code in answers.items()}})
        for name, one in table.package.sources.items()
    }
    definition = replace(table.definition, concept=concept, measure="stock")
    changed = replace(table, definition=definition, package=replace(table.package, sources=sources))
    return replace(record, figures=replace(record.figures, table=changed))


def alike(both: Corridor) -> Corridor:
    """Both sides as surveys of persons of working age, which may be compared with care."""
    answers = {"double_counting": "person", "worker_definition": "population_not_workers"}
    sent = answered(both.sent[0], "nationals_abroad", migrant_criterion="residence_abroad", **answers)
    return replace(both, sent=[sent], received=[answered(both.received[0], "working_age", **answers)])


def test_only_years_that_both_have_meet(found: dict[Pair, Corridor]) -> None:
    assert [(ours.year, ours.text, theirs.text) for ours, theirs, _ in only(found).rows] == [
        (2018, "11.550", "36.675"),
        (2021, "57.750", "41.076"),
    ]


def test_reports_that_may_be_compared_have_a_ratio_counted_by_hand(found: dict[Pair, Corridor]) -> None:
    (met,) = meetings(alike(found["ZZB", "ZZA"]))
    assert met.comparable
    assert [ratio for _, _, ratio in met.rows] == pytest.approx([100 * 11.55 / 36.675, 100 * 57.75 / 41.076])


def test_people_of_working_age_beside_workers_have_no_ratio(found: dict[Pair, Corridor]) -> None:
    both = alike(found["ZZB", "ZZA"])
    (met,) = meetings(replace(both, received=[answered(both.received[0], "employment")]))
    assert met.like
    assert met.comparison.verdict == BARRED
    assert [ratio for _, _, ratio in met.rows] == [None, None]


def test_departures_beside_people_present_are_not_comparable_and_have_no_ratio(found: dict[Pair, Corridor]) -> None:
    met = only(found)
    assert not met.like
    assert [ratio for _, _, ratio in met.rows] == [None, None]
    assert met.comparison.verdict == BARRED
    assert met.comparison.deciding[0].aspect.id == "measure"


def test_a_level_in_doubt_gives_no_ratio(world: World) -> None:
    row = "zzb-doubt,level-slip,publish,,MNA_OEMP_SEX_CDS_NB,,cds=CDS_DES_ZZA,2018,Out of line.,Invented for tests.\n"
    path = world.path("zzb/limitations.csv")
    path.write_text(path.read_text("utf-8") + row, "utf-8")
    world.package()
    catalogue = catalogue_of(world)
    found = all_corridors(catalogue)
    (met,) = meetings(alike(found["ZZB", "ZZA"]))
    assert [(ours.year, ratio is None) for ours, _, ratio in met.rows] == [(2018, True), (2021, False)]


def test_thousands_and_persons_are_brought_to_one_unit(found: dict[Pair, Corridor]) -> None:
    both = alike(found["ZZB", "ZZA"])
    sent = both.sent[0]
    definition = replace(sent.figures.definition, unit_mult=0)
    in_persons = replace(sent.figures, table=replace(sent.figures.table, definition=definition))
    persons = replace(sent, figures=in_persons)
    ratio = meetings(replace(both, sent=[persons]))[0].rows[0][2]
    assert ratio == pytest.approx(100 * 0.01155 / 36.675)


def test_years_in_which_countries_are_named(catalogue: Catalogue) -> None:
    figures = arranged(catalogue)
    assert named_years(figures["zzb", SENT]) == {2016, 2017, 2018, 2021}
    assert named_years(figures["zza", "MST_TEMP_SEX_ECO_CCT_NB"]) == frozenset()


def test_a_quoted_figure_is_found_by_the_country_it_names(catalogue: Catalogue) -> None:
    found = quoted(catalogue.packages.values(), catalogue.structure)
    assert [row["id"] for row in found["ZZB", "ZZA"]] == ["zza-00000002"]
    assert len(found) == 1


def test_the_file_holds_every_usable_figure_with_its_source_and_limitations(
    catalogue: Catalogue, files: dict[str, bytes]
) -> None:
    made = rows(catalogue)
    assert set(zip(made["origin"], made["destination"], strict=True)) == {("ZZB", "ZZA"), ("ZZC", "ZZA")}
    assert len(made) == 4 + 4 + 4
    assert set(made["sex"]) == {"SEX_T"}
    assert "12512.500" not in set(made["obs_value"])
    assert (made["source"] != "").all()
    sent = made[made["reporter"] == "zzb"]
    assert (sent["limitations"] == "zzb-irregular zzb-source-inferred").all()
    written = csv.DictReader(io.StringIO(files[CORRIDORS].decode()))
    assert [line["obs_value"] for line in written] == list(made["obs_value"])


def test_programs_find_who_reports_on_each_corridor(files: dict[str, bytes]) -> None:
    listed = json.loads(files["api/v1/corridors.json"])["corridors"]
    (one,) = [entry for entry in listed if (entry["origin"], entry["destination"]) == ("ZZB", "ZZA")]
    assert one["page"] == "corridors/zzb-zza/"
    assert [(report["package"], report["table"], report["years"]) for report in one["reports"]] == [
        ("zza", RECEIVED, [2018, 2021]),
        ("zzb", SENT, [2016, 2021]),
    ]
    assert one["estimates"] == []
    assert "corridors.json" in files["llms.txt"].decode()


def test_women_and_men_stand_apart_where_no_figure_for_both_is_issued(world: World) -> None:
    name = "zza/data/mst_ncte_sex_cct_nb.csv"
    world.rows(name, lambda frame: frame[(frame["sex"] != "SEX_T") | (frame["cct"] != "CCT_CTZ_ZZC")])
    world.package()
    made = rows(catalogue_of(world))
    assert set(made.loc[made["origin"] == "ZZC", "sex"]) == {"SEX_F", "SEX_M"}
    assert set(made.loc[made["origin"] == "ZZB", "sex"]) == {"SEX_T"}


def test_the_lead_gives_both_figures_with_their_sources_and_the_verdict(site: dict[str, Page]) -> None:
    lead = text(site["corridors/zzb-zza"], "lead")
    assert "recorded 57.750 thousand departures for work to Zedland (fictitious) in 2021" in lead
    assert "counted 41.076 thousand employed citizens of Zubia (fictitious) in 2021" in lead
    assert "Labour force survey of Zedland; documented" in lead
    told = (
        "Zubia (fictitious) counts departures in a year (2021), Zedland (fictitious) counts persons at a moment (2021)"
    )
    assert f"The two are not comparable: {told}." in lead


def test_both_reports_have_drawings_of_their_own_with_a_strip(site: dict[str, Page]) -> None:
    page = site["corridors/zzb-zza"]
    for name, source in (("origin", "zzb-labour-departures"), ("destination", "zza-stats-lfs")):
        assert page.fragments[name].count("<svg") == 1
        assert "ilms-strip" in page.fragments[name]
        assert f"sources/{source}/" in page.fragments[name]
    assert "<svg" not in "".join(page.fragments[name] for name in ("beside", "gap", "numbers"))


def test_the_table_side_by_side_has_no_ratio_where_the_two_count_different_things(site: dict[str, Page]) -> None:
    beside = text(site["corridors/zzb-zza"], "beside")
    assert "2018 11.550 thousand 36.675 thousand 2021 57.750 thousand 41.076 thousand" in beside
    assert "2019" not in beside
    assert "no ratio of them is formed" in beside
    assert "for every 100" not in beside


def test_the_reading_of_the_gap_names_what_is_not_documented(site: dict[str, Page]) -> None:
    gap = text(site["corridors/zzb-zza"], "gap")
    assert "Those who came in earlier years and stayed: Zedland (fictitious) counts them too" in gap
    assert "Those who left without being registered in Zubia (fictitious)" in gap
    told = "does not document: irregular migrants, length of stay"
    assert f"Anything that rests on what Zubia (fictitious) {told}" in gap
    assert "That either office is wrong. They count different things" in gap


def test_the_reading_of_the_gap_follows_the_answers(world: World, page_of: Callable[[str], Page]) -> None:
    world.edit(
        "zzb/sources.yaml",
        "migrant_criterion: {code: departure_registration}",
        "migrant_criterion: {code: departure_registration}\n"
        '      irregular_covered: {code: "no"}\n      missing_populations: {codes: [seafarers]}',
    )
    gap = text(page_of("corridors/zzb-zza"), "gap")
    larger = {
        name: gap.split(f"What makes the figure of {name} (fictitious) larger")[1] for name in ("Zedland", "Zubia")
    }
    of_destination = larger["Zedland"].split("What makes the figure")[0]
    of_origin = larger["Zubia"].split("What can work")[0]
    assert "People without authorisation: Zedland (fictitious) counts them in part, Zubia" in of_destination
    assert "Seafarers: left out by Zubia (fictitious), not known to be left out by Zedland" in of_destination
    assert "One person more than once: Zubia (fictitious) counts departures; whoever leaves twice" in of_origin
    assert "Border commuters and workers in communal quarters: left out by Zedland (fictitious)" in of_origin
    assert "Chance: Zedland (fictitious) asks a sample of households." in gap


def test_withheld_years_and_countries_not_named_are_told(site: dict[str, Page]) -> None:
    missing = text(site["corridors/zzb-zza"], "missing")
    assert "the values issued for 2019 are withheld from use" in missing
    other = text(site["corridors/zza-zzb"], "missing")
    assert "Zedland keeps no register of departures." in other
    assert "The census is not yet tabulated." in other
    outside = text(site["corridors/zzc-zza"], "missing")
    assert "Zincia (fictitious) is not one of the countries of this edition" in outside


def test_a_country_that_is_not_named_in_a_year_is_not_zero(world: World, page_of: Callable[[str], Page]) -> None:
    world.rows(
        "zza/data/mst_ncte_sex_cct_nb.csv",
        lambda frame: frame[(frame["cct"] != "CCT_CTZ_ZZB") | (frame["time_period"] < "2020")],
    )
    row = "zza-top,top5-only,publish,,MST_NCTE_SEX_CCT_NB,,,2020-2021,Two are printed.,Invented for tests.\n"
    path = world.path("zza/limitations.csv")
    path.write_text(path.read_text("utf-8") + row, "utf-8")
    missing = text(page_of("corridors/zzb-zza"), "missing")
    assert "not among the countries named in 2020–2021; only the largest are named. That is not zero." in missing


def test_withheld_values_reach_no_corridor(site: dict[str, Page]) -> None:
    for address, page in site.items():
        if address.startswith("corridors"):
            everything = "".join(page.fragments.values())
            assert f"12{words.THIN}512" not in everything, address
            assert "12512" not in everything, address


def test_the_description_promises_only_what_the_page_holds(site: dict[str, Page]) -> None:
    both, one, none = (site[f"corridors/{pair}"].description for pair in ("zzb-zza", "zzc-zza", "zza-zzb"))
    assert "what each reports, 2016–2021, who is left out and what the gap can mean" in both
    assert "what Zedland (fictitious) reports, 2018–2021 and who is left out" in one
    assert "nothing is held; neither country reports" in none


def test_a_pair_without_reports_says_so(site: dict[str, Page]) -> None:
    page = site["corridors/zza-zzb"]
    assert "neither Zedland (fictitious) nor Zubia (fictitious) names the other" in text(page, "lead")
    assert "<svg" not in "".join(page.fragments.values())
    assert {"origin", "destination", "beside", "gap", "numbers"}.isdisjoint(page.fragments)


def test_the_quoted_figure_stands_on_its_corridor_alone(site: dict[str, Page]) -> None:
    assert f"12{words.THIN}000" in site["corridors/zzb-zza"].fragments["quoted"]
    assert "quoted" not in site["corridors/zzc-zza"].fragments


def test_the_index_is_a_matrix_that_says_who_reports(site: dict[str, Page]) -> None:
    matrix = text(site["corridors"], "matrix")
    assert "Zubia (fictitious) to Zedland (fictitious): both countries report on it, 2016–2021" in matrix
    assert "Zedland (fictitious) to Zubia (fictitious): nothing is held" in matrix
    assert 'href="../corridors/zzc-zza/"' in site["corridors"].fragments["others"]


def test_country_pages_and_rows_of_tables_lead_to_the_corridor(site: dict[str, Page]) -> None:
    assert "../../corridors/zzb-zza/" in site["countries/zza"].fragments["corridors"]
    assert "../../corridors/zzb-zza/" in site["countries/zzb"].fragments["corridors"]
    for address in (f"countries/zzb/{SENT}", f"countries/zza/{RECEIVED}"):
        assert '<a href="../../../corridors/zzb-zza/">' in site[address.lower()].fragments["table"]


def test_corridor_pages_are_small(site: dict[str, Page]) -> None:
    sizes = {a: sum(map(len, page.fragments.values())) for a, page in site.items() if a.startswith("corridors/")}
    assert max(sizes.values()) < 45_000
