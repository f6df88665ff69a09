"""The calendar of rounds: dates that are known, institutions that answered, and the state of every table."""

import re
from pathlib import Path

import pytest

from ilms_publish.pages.page import Page
from tests.test_questionnaire import TABLE, back, fill, latest, made, sent
from tests.worlds import World, pages_at

__all__ = ["made", "sent"]
STATES = {"submitted": "◔", "in_validation": "◑", "signed_off": "◕", "published": "●"}


def rounds(world: World) -> Page:
    catalogue = world.check().catalogue
    assert catalogue
    return pages_at(catalogue, "rounds")["rounds"]


def test_unknown_dates_are_said_to_be_unknown(world: World) -> None:
    world.path("structure/rounds.csv").write_text(
        "round,title,opened,closed,published,evidence\n2026-02,The only round,2026-01-05,,,Invented.\n"
    )
    calendar = rounds(world).fragments["calendar"]
    assert "2026-01-05" in calendar
    assert calendar.count("not on record") == 2


def test_who_answered_is_an_institution_with_the_date_of_its_reply(world: World, sent: Path) -> None:
    before = rounds(world).fragments["answers"]
    assert "Ministry of Labour of Zubia" not in before
    assert "no reply of its own" in before
    fill(sent, latest)
    assert not back(world, sent).refused
    answers = rounds(world).fragments["answers"]
    assert re.search(r"<td[^>]*>Ministry of Labour of Zubia</td><td[^>]*>2026-11-30</td>", answers)


@pytest.mark.parametrize("state", ["submitted", "in_validation", "signed_off"])
def test_every_state_on_the_way_is_shown(world: World, state: str) -> None:
    assert f'">{STATES[state]}</span>' not in rounds(world).fragments["answers"]
    world.edit("zzb/collection.csv", "2026-02,not_supplied,", f"2026-02,{state},")
    answers = rounds(world).fragments["answers"]
    assert f'">{STATES[state]}</span>' in answers
    assert f'">{STATES["published"]}</span>' in answers, TABLE
