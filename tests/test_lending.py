"""What can be made again is held while there is room, and is the same when it is made anew."""

import gc
import weakref
from dataclasses import replace

import pandas as pd
import pytest

from ilms_publish import lending
from ilms_publish.arranging import Arranged
from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads import downloads, sizes
from ilms_publish.lending import Lent, Loan, Room, frame_on_loan
from ilms_publish.site import Page, pages
from tests.worlds import World, arranged


class Maker:
    """Counts how often each thing was made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def loan(self, name: str, weight: int, room: Room) -> Loan[list[str]]:
        def make() -> list[str]:
            self.made.append(name)
            return [name]

        return Loan(make, weight, room=room)


def test_what_was_used_longest_ago_makes_room() -> None:
    maker, room = Maker(), Room(20)
    first, second, third = (maker.loan(name, 10, room) for name in "abc")
    first(), second(), first(), third()
    assert maker.made == ["a", "b", "c"], "all three were made once"
    first(), third()
    assert maker.made == ["a", "b", "c"], "the first was used after the second, so it stayed"
    assert second() == ["b"]
    assert maker.made == ["a", "b", "c", "b"]


def test_what_is_put_out_is_gone_from_memory() -> None:
    class Large:
        """Something that can be watched."""

    room = Room(10)
    loan = Loan(Large, 10, room=room)
    watched = weakref.ref(loan())
    assert watched() is not None
    other = Maker().loan("other", 10, room)
    other()
    gc.collect()
    assert watched() is None


def test_one_thing_that_is_larger_than_the_room_is_held_all_the_same() -> None:
    maker, room = Maker(), Room(5)
    large = maker.loan("large", 100, room)
    large(), large()
    assert maker.made == ["large"]


def test_the_room_grows_for_a_large_package_and_never_shrinks() -> None:
    maker, room = Maker(), Room(5)
    room.at_least(30)
    room.at_least(10)
    loans = [maker.loan(name, 10, room) for name in "abc"]
    for loan in loans * 2:
        loan()
    assert maker.made == ["a", "b", "c"]


def test_what_nobody_can_ask_for_any_more_takes_no_room() -> None:
    maker, room = Maker(), Room(20)
    kept, gone = maker.loan("kept", 10, room), maker.loan("gone", 10, room)
    kept(), gone()
    del gone
    gc.collect()
    new = maker.loan("new", 10, room)
    new(), kept()
    assert maker.made == ["kept", "gone", "new"]


def test_a_mapping_names_its_things_without_making_them() -> None:
    maker = Maker()
    held = Lent((name, maker.loan(name, 1, Room(10))) for name in "ab")
    assert list(held) == ["a", "b"]
    assert "a" in held
    assert "c" not in held
    assert len(held) == 2
    assert not maker.made
    assert held["b"] == ["b"]
    assert maker.made == ["b"]


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process in which nothing finds room."""
    monkeypatch.setattr(lending.ROOM, "holds", 1)
    monkeypatch.setattr(lending.ROOM, "at_least", lambda weight: None)


def given(world: World) -> tuple[dict[str, bytes], list[Page]]:
    """All files beside the pages, and all pages."""
    catalogue = world.check().catalogue
    assert catalogue is not None
    files = downloads(catalogue)
    return files, list(pages(catalogue, sizes(files)))


def test_every_file_and_page_is_the_same_when_nothing_finds_room(world: World, request: pytest.FixtureRequest) -> None:
    roomy = given(world)
    request.getfixturevalue("narrow")
    assert given(world) == roomy


def test_a_frame_is_the_same_after_it_was_packed() -> None:
    frame = pd.DataFrame(
        {"code": ["ZZA", "ZZB", "ZZA"], "obs_value": ["1.50", "", "0x1"], "value": [1.5, float("nan"), -0.0]},
        index=pd.Index([2, 5, 9], dtype="int64"),
    ).astype({"code": "str", "obs_value": "str"})
    for one in (frame, frame.iloc[:0]):
        loan = frame_on_loan(one)
        loan.put_out()
        pd.testing.assert_frame_equal(loan(), one, check_exact=True)
        assert loan() is not one


@pytest.mark.usefixtures("narrow")
def test_figures_are_those_that_were_checked_even_if_their_file_changes_meanwhile(world: World) -> None:
    catalogue = world.check().catalogue
    assert catalogue is not None
    table = catalogue.tables["zzb", "MNA_OEMP_SEX_CDS_NB"]
    before = table.frame
    world.path("zzb/data/mna_oemp_sex_cds_nb.csv").write_bytes(b"nothing")
    assert len(next(iter(catalogue.tables.values())).frame), "another one takes the room"
    assert table.frame is not before
    pd.testing.assert_frame_equal(table.frame, before)


def test_what_is_told_of_a_table_as_a_whole_outlives_its_observations(sound_catalogue: Catalogue) -> None:
    for figures in arranged(sound_catalogue).values():
        whole = figures.arranged()
        made: list[Arranged] = []

        def make(whole: Arranged = whole, made: list[Arranged] = made) -> Arranged:
            made.append(whole)
            return whole

        lent = replace(figures, arranged=Loan(make, 0), kept={})
        assert lent.years(usable=False) == sorted({o.year for o in whole.observations})
        lent.arranged.put_out()
        assert lent.withheld == sum(o.withheld for o in whole.observations)
        assert lent.areas == list(dict.fromkeys(o.codes["ref_area"] for o in whole.observations))
        for name in lent.definition.series:
            assert {code.code for code in lent.present(name)} == {o.codes[name] for o in whole.observations}
        for source, ids in lent.wide.items():
            touching = [set(o.limitations) for o in whole.observations if o.source == source]
            assert ids == set.intersection(*touching)
        assert (lent.side, lent.classes) == (whole.side, whole.classes)
        assert len(made) == 1
