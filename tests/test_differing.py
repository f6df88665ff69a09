"""The worked examples: numbers and sentences follow the data, and an example whose numbers are missing is left out."""

import html
import re
from dataclasses import replace

import pandas as pd
import pytest

from ilms_publish.catalogue import Catalogue, check
from ilms_publish.pages import words
from ilms_publish.pages.differing import page
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.examples import CHOICES, OneYear
from ilms_publish.pages.steps import apart, control, steps
from tests.worlds import REPOSITORY, World, with_rows

EMPLOYED, BY_ACTIVITY = "MST_NCTE_SEX_CCT_NB", "MST_TEMP_SEX_ECO_CCT_NB"
ABROAD = "MNA_TPOP_SEX_CRS_NB"


@pytest.fixture(scope="module")
def real() -> Catalogue:
    made = check(REPOSITORY, ["mys", "phl", "tha", "undesa"]).catalogue
    assert made is not None
    return made


def text(catalogue: Catalogue, name: str = "examples") -> str:
    """A fragment without its tags; thin spaces stay."""
    made = page(Edition(catalogue, {})).fragments.get(name, "")
    return re.sub(r"[ \n]+", " ", html.unescape(re.sub(r"<[^>]+>", " ", made))).strip()


def total(catalogue: Catalogue, package: str, table: str, year: int) -> str:
    """The total for both sexes of a country's table as it stands in its file, migrants where sides are told apart."""
    frame = catalogue.tables[package, table].published
    frame = frame[(frame["time_period"] == str(year)) & (frame["sex"] == "SEX_T")]
    if "eco" in frame:
        frame = frame[(frame["eco"] == "ECO_AGGREGATE_TOTAL") & (frame["cct"] == "CCT_CIT_NONCIT")]
    last = list(frame.columns)[list(frame.columns).index("time_period") - 1]
    of_total = frame if "eco" in frame else frame[frame[last].astype(str).str.endswith("_TOTAL")]
    values = set(of_total["obs_value"].astype(str))
    assert len(values) == 1, values
    return words.number(values.pop())


def without(catalogue: Catalogue, *keys: tuple[str, str]) -> Catalogue:
    return replace(catalogue, tables={key: t for key, t in catalogue.tables.items() if key not in keys})


def test_the_steps_of_a_table_are_told_with_the_values_of_its_file(real: Catalogue) -> None:
    told = text(real)
    before, after = (total(real, "tha", EMPLOYED, year) for year in (2020, 2021))
    times = float(after.replace(words.THIN, "")) / float(before.replace(words.THIN, ""))
    assert f"{before} thousand in 2020, {after} thousand in 2021, which is {times:.1f} times as many." in told
    last, first = (total(real, "phl", ABROAD, year) for year in (2013, 2014))
    assert f"{last} thousand in 2013, {first} thousand in 2014, which is" in told


def test_a_table_that_keeps_its_source_shows_that_the_step_is_the_source(real: Catalogue) -> None:
    edition = Edition(real, {})
    (step,) = [one for one in steps(edition.figures["tha", EMPLOYED]) if not one.comparison.usable]
    found = control(edition, step)
    assert found is not None
    assert found.before.source == found.after.source == step.before.source
    told = text(real)
    for year in (2020, 2021):
        assert f"{total(real, 'tha', BY_ACTIVITY, year)} thousand" in told
    assert "It shows no such step" in told
    later = found.later
    assert later is not None
    assert {one.source for one in later} == {step.before.source, step.after.source}


def test_without_that_table_nothing_is_concluded(real: Catalogue) -> None:
    others = [key for key in real.tables if key[0] == "tha" and key[1] != EMPLOYED]
    told = text(without(real, *others))
    assert "It shows no such step" not in told
    assert "what moved cannot be told from what changed" in told


def test_a_change_of_source_without_a_step_is_no_example(real: Catalogue) -> None:
    one = real.tables["tha", EMPLOYED]
    late = one.published["time_period"].astype(str) > "2020"
    short = replace(real, tables={**real.tables, ("tha", EMPLOYED): with_rows(one, one.frame[~late])})
    assert "How many foreigners work in Thailand?" not in text(short)


def test_the_example_of_one_year_moves_to_the_newest_year_of_all_quoted_totals(real: Catalogue) -> None:
    assert "2017-06-30" in text(real)
    package = real.packages["mys"]
    (choice,) = [one for one in CHOICES if isinstance(one, OneYear)]
    row = {
        **package.reported.iloc[0].to_dict(),
        "id": "mys-new",
        "reference_date": "2020-06-30",
        "obs_value": "1234567",
    }
    row |= {"concept": choice.quoted[0].concept, "category": "total", "unit": "persons"}
    longer = pd.concat([package.reported, pd.DataFrame([row])], ignore_index=True)
    moved = text(replace(real, packages={**real.packages, "mys": replace(package, reported=longer)}))
    assert f"1{words.THIN}234{words.THIN}567 persons" in moved
    assert "2017-06-30" not in moved


def test_quoted_and_stated_numbers_are_marked_and_lead_to_their_rows(real: Catalogue) -> None:
    made = page(Edition(real, {})).fragments["examples"]
    (choice,) = [one for one in CHOICES if isinstance(one, OneYear)]
    assert made.count(">quoted<") == len(choice.quoted)
    assert made.count(">in words<") == 1
    for row in re.findall(r'href="\.\./countries/mys/#(mys-[0-9a-f]+)"', made):
        assert row in set(real.packages["mys"].reported["id"])


def test_who_counts_people_without_authorisation_follows_the_answers(real: Catalogue) -> None:
    told = text(real)
    sources = real.packages["phl"].sources
    answers = {name: sources[name].answers["irregular_covered"].codes for name in ("phl-cfo-stock", "phl-psa-sof")}
    assert answers == {"phl-cfo-stock": ("yes",), "phl-psa-sof": ("partly",)}
    assert f"; counted by {sources['phl-cfo-stock'].title}" in told
    assert f"; counted in part by {sources['phl-psa-sof'].title}" in told


def test_each_example_gives_the_verdict_on_its_sources(real: Catalogue) -> None:
    told = text(real)
    assert [choice.question for choice in CHOICES if choice.question not in told] == []
    assert "what one unit stands for: person against permit" in told
    assert "of sources with a number, all must be kept apart." in told


def test_the_list_of_steps_holds_every_one_that_may_not_be_compared(real: Catalogue) -> None:
    listed = page(Edition(real, {})).fragments["steps"]
    found = apart(Edition(real, {}))
    assert len(found) == listed.count('<th scope="row">')
    assert {(one.figures.table.package.id, one.figures.definition.id) for one in found} >= {
        ("tha", EMPLOYED),
        ("phl", ABROAD),
    }
    assert all(not one.comparison.usable and one.size >= 1.5 for one in found)


def test_an_example_whose_numbers_are_not_held_is_left_out(real: Catalogue, world: World) -> None:
    told = text(without(real, *[key for key in real.tables if key[0] == "phl"]))
    assert "How many Filipinos are abroad?" not in told
    assert "How many foreigners work in Malaysia?" in told
    fictitious = world.check().catalogue
    assert fictitious is not None
    assert text(fictitious) == "The figures of this edition hold no example of which at least two numbers are known."
