"""Whether two figures may be compared: each row of the table of aspects, the order of verdicts, groups of countries."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ilms_publish.arranging import Figures
from ilms_publish.aspects import ALL_AGES, ASPECTS, BARRED, CARE, PEOPLE, SAME, UNKNOWN, Report, Verdict, wider
from ilms_publish.catalogue import Catalogue
from ilms_publish.comparability import compare, family, groups, of_source, report
from ilms_publish.model import Answer, Source
from ilms_publish.packages import load_package
from ilms_publish.pages.comparing import tell
from ilms_publish.structure import load_structure
from tests.worlds import REPOSITORY, arranged

SURVEY = {
    "migrant_criterion": "citizenship", "residence_threshold": "usual_residence_12m", "irregular_covered": "partly",
    "worker_definition": "usual_resident_workers", "double_counting": "person", "reference_period": "stock_at_date",
    "missing_populations": "communal_quarters",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue(sound_catalogue: Catalogue) -> Catalogue:
    return sound_catalogue


@pytest.fixture(scope="module")
def survey(catalogue: Catalogue) -> Callable[..., Report]:
    """A report of employed non-citizens by a survey that answers everything, with some answers changed."""
    table = catalogue.structure.tables["MST_NCTE_SEX_CCT_NB"]

    def make(name: str = "first", kind: str = "LFS", table_id: str = "", **changed: str) -> Report:
        answers = {**SURVEY, **changed}
        told = {
            concept: Answer((code,)) if code else Answer(gap="not_yet_documented") for concept, code in answers.items()
        }
        source = Source(name, "zza", name, kind, "", {}, (), told, ())
        chosen = catalogue.structure.tables[table_id] if table_id else table
        return Report(source, (chosen,), doubts=frozenset())

    return make


def test_two_sources_with_the_same_answers_are_one_concept(survey: Callable[..., Report]) -> None:
    assert compare(survey("first"), survey("second")).verdict == SAME


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"migrant_criterion": "country_of_birth"}, BARRED),
        ({"migrant_criterion": "previous_residence"}, CARE),
        ({"migrant_criterion": ""}, UNKNOWN),
        ({"double_counting": "permit"}, BARRED),
        ({"double_counting": "departure"}, BARRED),
        ({"double_counting": "enterprise_report"}, CARE),
        ({"double_counting": ""}, UNKNOWN),
        ({"worker_definition": "both"}, CARE),
        ({"worker_definition": ""}, CARE),
        ({"irregular_covered": "no"}, CARE),
        ({"irregular_covered": ""}, CARE),
        ({"irregular_covered": "unknown"}, CARE),
        ({"residence_threshold": "any_duration"}, CARE),
        ({"missing_populations": "border_commuters"}, CARE),
        ({"reference_period": "stock_average"}, CARE),
    ],
)
def test_one_difference_leads_to_the_verdict_of_its_row(
    survey: Callable[..., Report], changed: dict[str, str], expected: Verdict
) -> None:
    found = compare(survey("first"), survey("second", **changed))
    assert (found.verdict, [one.aspect.id for one in found.differences]) == (expected, list(changed))
    assert compare(survey("second", **changed), survey("first")).verdict == expected


def test_irregular_migrants_counted_and_not_counted_is_a_bar(survey: Callable[..., Report]) -> None:
    assert compare(survey("a", irregular_covered="yes"), survey("b", irregular_covered="no")).verdict == BARRED


@pytest.mark.parametrize(
    ("table", "aspect"),
    [
        ("MFL_NCIT_SEX_CCT_NB", "measure"),
        ("MST_NCTP_SEX_CCT_NB", "people"),
        ("MST_FORE_SEX_CBR_NB", "migrant_criterion"),
        ("MNA_TPOP_SEX_CRS_NB", "movement"),
    ],
)
def test_tables_about_other_things_are_not_comparable(survey: Callable[..., Report], table: str, aspect: str) -> None:
    sign = "citizenship_or_birth"
    found = compare(survey("a", migrant_criterion=sign), survey("b", table_id=table, migrant_criterion=sign))
    assert found.verdict == BARRED
    assert aspect in {one.aspect.id for one in found.deciding}


ABROAD = "MNA_TPOP_SEX_CRS_NB"


def test_the_ages_that_a_source_counts_outweigh_those_that_the_table_is_about(survey: Callable[..., Report]) -> None:
    nominal, wide = survey(table_id=ABROAD), survey("wide", table_id=ABROAD, statistical_population="all_ages")
    comparison = compare(nominal, wide)
    assert comparison.verdict == BARRED
    (deciding,) = comparison.deciding
    assert deciding.aspect.id == "people"
    assert (deciding.first, deciding.second) == (frozenset({"working_age"}), ALL_AGES)
    assert compare(wide, replace(wide, source=replace(wide.source, id="other"))).verdict == SAME
    assert compare(wide, replace(nominal, ages=ALL_AGES)).verdict == SAME, "a limitation of the figure says so too"
    assert wider(wide.source, wide.tables[0])
    assert not wider(nominal.source, nominal.tables[0])


def test_who_counts_workers_counts_workers_whatever_ages_its_source_knows(survey: Callable[..., Report]) -> None:
    assert compare(survey(), survey("second", statistical_population="all_ages")).verdict == SAME


@pytest.mark.parametrize(
    ("package", "source"), [("phl", "phl-cfo-stock"), ("mmr", "mmr-dop-census"), ("sgp", "sgp-nptd-overseas")]
)
def test_nationals_abroad_of_every_age_are_not_taken_for_people_of_working_age(package: str, source: str) -> None:
    structure = load_structure(REPOSITORY)
    loaded, _ = load_package(REPOSITORY, package, structure)
    assert loaded is not None
    made = of_source(loaded.sources[source], [structure.tables[ABROAD]])
    people = next(aspect for aspect in ASPECTS if aspect.id == "people")
    assert people.read(made) == ALL_AGES


def test_what_is_certain_outweighs_what_is_not_known(survey: Callable[..., Report]) -> None:
    assert compare(survey("a"), survey("b", migrant_criterion="", double_counting="permit")).verdict == BARRED
    assert compare(survey("a"), survey("b", migrant_criterion="", residence_threshold="intention")).verdict == UNKNOWN


def test_a_verdict_that_cannot_be_given_names_the_missing_answers(
    survey: Callable[..., Report], catalogue: Catalogue
) -> None:
    told = tell(catalogue.structure, compare(survey("a"), survey("b", migrant_criterion="", double_counting="")))
    assert told.verdict == "cannot be judged"
    assert told.because == "not documented: how a migrant is told and what one unit stands for"


def test_a_source_that_is_not_identified_cannot_be_judged_even_against_itself(survey: Callable[..., Report]) -> None:
    empty = dict.fromkeys(SURVEY, "")
    unknown = survey("x", "NI", **empty)
    assert compare(unknown, survey("a")).verdict == UNKNOWN
    assert compare(unknown, unknown).verdict == UNKNOWN


def test_a_source_is_one_concept_with_itself_whatever_it_leaves_open(survey: Callable[..., Report]) -> None:
    silent = survey("a", **dict.fromkeys(SURVEY, ""))
    assert compare(silent, silent).verdict == SAME
    assert compare(silent, replace(silent, doubts=frozenset({"totals-differ"}))).verdict == CARE
    doubted = replace(silent, doubts=frozenset({"totals-differ"}))
    assert compare(doubted, doubted).verdict == CARE


def test_two_ends_of_a_corridor_meet_where_two_tables_of_one_country_do_not(survey: Callable[..., Report]) -> None:
    sent = survey("a", table_id="MNA_TPOP_SEX_CRS_NB", migrant_criterion="residence_abroad")
    received = survey("b", table_id="MST_NCTP_SEX_CCT_NB")
    assert compare(sent, received).verdict == BARRED
    assert compare(sent, received, corridor=True).verdict == CARE


def test_money_of_two_countries_has_no_common_scale(survey: Callable[..., Report]) -> None:
    first = replace(survey("a", table_id="EAR_EMTA_SEX_CCT_CUR_NB"), currency="CUR_TYPE_LCU", area="ZZA")
    assert compare(first, replace(first, area="ZZB")).verdict == BARRED
    dollars = replace(first, currency="CUR_TYPE_USD")
    assert compare(dollars, replace(dollars, area="ZZB")).verdict == SAME


def test_editions_of_classes_are_compared_within_one_dimension_only(survey: Callable[..., Report]) -> None:
    sections, sectors, levels = (
        replace(survey("a"), classes=frozenset({one})) for one in ("eco:ISIC4", "eco:SECTOR", "ocu:SKILL")
    )
    assert compare(sections, sectors).verdict == CARE
    assert compare(sections, levels).verdict == SAME


def test_years_are_compared_only_when_they_are_given(survey: Callable[..., Report]) -> None:
    one = survey("a")
    assert compare(replace(one, year=2020), replace(one, year=2024)).verdict == CARE
    assert compare(one, replace(one, year=2024)).verdict == SAME


def test_groups_keep_registers_surveys_and_the_unknown_apart(survey: Callable[..., Report]) -> None:
    reports = [
        survey("a"), survey("p", "AR_PERMIT", double_counting="permit"), survey("b", irregular_covered=""),
        survey("q", "AR_PERMIT", double_counting="permit"), survey("c", "PC"), survey("n", "NI", migrant_criterion=""),
        survey("r", "AR_REGISTER"),
    ]  # fmt: skip
    assert groups(reports) == [[0, 2, 4], [1, 3], [5], [6]]


def test_every_pair_in_a_group_may_be_compared(survey: Callable[..., Report]) -> None:
    counts = [survey("a", irregular_covered="yes"), survey("b"), survey("c", irregular_covered="no")]
    assert groups(counts) == [[0, 1], [2]]


def test_broad_kinds_of_source(survey: Callable[..., Report]) -> None:
    kinds = {
        kind: family(survey("a", kind).source) for kind in ("PC", "LFS", "AR_PERMIT", "AR", "ES", "OE", "IE", "NI")
    }
    assert kinds == {
        "PC": "households", "LFS": "households", "AR_PERMIT": "register", "AR": "register", "ES": "enterprises",
        "OE": "estimates", "IE": "international", "NI": "",
    }  # fmt: skip


def test_every_source_type_and_concept_of_the_structure_is_known_to_the_method(catalogue: Catalogue) -> None:
    asked = {aspect.id for aspect in ASPECTS}
    strip = {concept.id for concept in catalogue.structure.quality.values() if concept.strip}
    assert strip <= asked
    assert {table.concept for table in catalogue.structure.tables.values()} <= set(PEOPLE)


@pytest.fixture(scope="module")
def figures(catalogue: Catalogue) -> dict[tuple[str, str], Figures]:
    return arranged(catalogue)


def test_an_observation_brings_its_source_table_year_classes_and_doubts(
    figures: dict[tuple[str, str], Figures],
) -> None:
    employed = figures["zza", "MST_TEMP_SEX_ECO_CCT_NB"]
    made = report(employed, employed.observations[0], dated=True)
    assert (made.source.id, made.year, made.classes) == ("zza-stats-lfs", 2018, frozenset({"eco:SECTOR"}))
    departures = figures["zzb", "MNA_OEMP_SEX_CDS_NB"]
    slipped = next(o for o in departures.observations if o.withheld)
    assert report(departures, slipped).doubts == frozenset({"unit-slip"})


def test_departures_and_workers_of_the_fictitious_countries_are_two_things(
    figures: dict[tuple[str, str], Figures],
) -> None:
    sent, held = figures["zzb", "MNA_OEMP_SEX_CDS_NB"], figures["zza", "MST_NCTE_SEX_CCT_NB"]
    found = compare(report(sent, sent.observations[0]), report(held, held.observations[0]), corridor=True)
    assert found.verdict == BARRED
    assert "measure" in {one.aspect.id for one in found.deciding}


def test_a_source_by_itself_is_judged_over_all_its_tables(catalogue: Catalogue) -> None:
    tables = [catalogue.structure.tables[name] for name in ("MST_NCTE_SEX_CCT_NB", "MST_NCTP_SEX_CCT_NB")]
    source = catalogue.source("zza-stats-lfs")
    census = replace(source, id="census", type="PC")
    known = {**source.answers, "double_counting": Answer(("person",))}
    survey, census = replace(source, answers=known), replace(census, answers=known)
    assert compare(of_source(survey, tables), of_source(census, tables[1:])).verdict == CARE
    assert compare(of_source(survey, tables[:1]), of_source(census, tables[1:])).verdict == BARRED
