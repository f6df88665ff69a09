"""The worked examples: each number is that of its file, and an example whose numbers are missing is left out."""

import re
from dataclasses import replace

import pytest

from ilms_publish.catalogue import Catalogue, check
from ilms_publish.pages import words
from ilms_publish.pages.differing import CHOICES, Held, Quoted, Stated, page
from ilms_publish.pages.edition import Edition
from tests.worlds import REPOSITORY, World


@pytest.fixture(scope="module")
def real() -> Catalogue:
    made = check(REPOSITORY, ["mys", "phl", "tha", "undesa"]).catalogue
    assert made is not None
    return made


def text(catalogue: Catalogue) -> str:
    made = page(Edition(catalogue, {})).fragments["examples"]
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", made)).strip()


def test_every_number_of_an_example_stands_in_a_file(real: Catalogue) -> None:
    told = text(real)
    for choice in CHOICES:
        for one in choice.numbers:
            if isinstance(one, Held):
                frame = real.tables[one.package, one.table].published
                area = one.area or real.packages[one.package].area
                held = frame[(frame["time_period"] == str(one.year)) & (frame["ref_area"] == area)]
                assert any(words.number(value) in told for value in held["obs_value"]), one
            elif isinstance(one, Quoted):
                reported = real.packages[one.package].reported
                (value,) = reported.loc[reported["id"] == one.row, "obs_value"]
                assert f"{words.number(value)} " in told, one
                assert one.source in real.packages[one.package].sources
            else:
                answer = real.packages[one.package].sources[one.source].answers[one.concept].text
                assert answer.split(";")[0].split(",")[0] in told, one


def test_the_lessons_hold_no_numbers() -> None:
    assert [choice.id for choice in CHOICES if re.search(r"\d", choice.lesson)] == []


def test_each_example_gives_the_verdict_on_every_two_sources_and_their_answers(real: Catalogue) -> None:
    told = text(real)
    for choice in CHOICES:
        assert choice.question in told
        assert choice.lesson in told
    assert told.count("not comparable") >= len(CHOICES)
    assert "What one unit stands for" not in told  # the aspect is told in small letters, inside a verdict
    assert "what one unit stands for: permit against person" in told


def test_the_quoted_number_is_marked_as_quoted_and_leads_to_its_row(real: Catalogue) -> None:
    html = page(Edition(real, {})).fragments["examples"]
    quoted = [one for choice in CHOICES for one in choice.numbers if isinstance(one, Quoted)]
    for one in quoted:
        assert f"../countries/{one.package}/#{one.row}" in html
    assert html.count(">quoted<") == len(quoted)


def test_an_example_whose_numbers_are_not_held_is_left_out(real: Catalogue, world: World) -> None:
    without = replace(real, tables={key: t for key, t in real.tables.items() if key[0] != "phl"})
    told = text(without)
    assert "How many Filipinos are abroad?" not in told
    assert "How many foreigners work in Malaysia?" in told
    fictitious = world.check().catalogue
    assert fictitious is not None
    assert text(fictitious) == "The figures of this edition hold no example of which at least two numbers are known."


def test_what_the_register_only_states_in_words_is_shown_as_words(real: Catalogue) -> None:
    stated = [one for choice in CHOICES for one in choice.numbers if isinstance(one, Stated)]
    assert stated
    html = page(Edition(real, {})).fragments["examples"]
    assert html.count(">in words<") == len(stated)
