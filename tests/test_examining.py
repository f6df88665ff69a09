"""What is remembered of a package is what both gates would find, and only as long as none of its files changes."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from ilms_publish.catalogue import check
from ilms_publish.problems import IlmsError
from ilms_publish.remembering import Memory
from tests.worlds import World

Thing = TypeVar("Thing")

LIMITATIONS = "zzb/limitations.csv"


def pieces(memory: Memory) -> set[Path]:
    return set(memory.folder.iterdir()) if memory.folder and memory.folder.is_dir() else set()


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "checks")


def test_a_remembered_check_says_the_same(world: World, memory: Memory) -> None:
    world.path(LIMITATIONS).write_text(world.path(LIMITATIONS).read_text().splitlines()[0] + "\n")
    world.package()
    plain = check(world.root)
    assert plain.open
    first = check(world.root, memory=memory)
    kept = pieces(memory)
    again = check(world.root, memory=Memory(memory.folder))
    in_one_process = check(world.root, memory=memory)
    assert plain.findings == first.findings == again.findings == in_one_process.findings
    assert kept
    assert pieces(memory) == kept


def test_a_change_is_seen_in_the_same_process(world: World, memory: Memory) -> None:
    assert check(world.root, memory=memory).clean
    data = world.path("zzb/data/mna_oemp_sex_cds_nb.csv")
    data.write_text(data.read_text().replace("7150.000", "7150.0x0"))
    spoilt = check(world.root, memory=memory)
    assert [problem.row for problem in spoilt.errors] == [5]
    assert spoilt.errors == check(world.root, memory=memory).errors == check(world.root).errors
    data.write_text(data.read_text().replace("7150.0x0", "7150.000"))
    assert check(world.root, memory=memory).clean


def test_a_word_of_the_structure_counts_for_every_package(world: World, memory: Memory) -> None:
    check(world.root, memory=memory)
    before = len(pieces(memory))
    codelist = world.path("structure/codelists/CL_SEX.csv")
    codelist.write_text(codelist.read_text() + "SEX_Z,SEX_T,A code for this test,\n")
    world.package()
    check(world.root, memory=memory)
    assert len(pieces(memory)) == 2 * before


def test_of_a_changed_table_no_other_is_looked_at_again(world: World, memory: Memory) -> None:
    check(world.root, memory=memory)
    before = pieces(memory)
    data = world.path("zza/data/mst_ncte_sex_cct_nb.csv")
    data.write_text(data.read_text("utf-8").replace(",2018,22.625,", ",2018,90.625,"), "utf-8")
    after = check(world.root, memory=memory)
    assert after.open
    assert after.findings == check(world.root).findings
    assert len(pieces(memory) - before) == 3, "gate 1, and what is noticed in this table and in all of the package"


def test_a_declared_word_counts_for_every_table_of_its_package(world: World, memory: Memory) -> None:
    check(world.root, memory=memory)
    before = pieces(memory)
    world.edit("zza/package.yaml", "Test edition", "Another edition")
    world.package()
    check(world.root, memory=memory)
    assert len(pieces(memory) - before) == 4, "gate 1, the package, and each of its two tables"


@pytest.mark.parametrize("damage", [b"", b"0" * 64 + b"\n[]", b"half"])
def test_a_damaged_piece_is_found_out(world: World, memory: Memory, damage: bytes) -> None:
    first = check(world.root, memory=memory)
    for piece in pieces(memory):
        piece.write_bytes(damage)
    assert check(world.root, memory=Memory(memory.folder)).findings == first.findings


def test_a_package_behind_a_link_is_never_remembered(world: World, memory: Memory) -> None:
    data = world.path("zza/data/mst_ncte_sex_cct_nb.csv")
    away = data.rename(world.root / "elsewhere.csv")
    data.symlink_to(away)
    faults = check(world.root, memory=memory).errors
    assert faults == check(world.root, memory=memory).errors
    assert any("link" in problem.sentence for problem in faults)


def test_a_structure_that_changes_while_it_is_read_is_refused(world: World, memory: Memory) -> None:
    path = world.path("structure/codelists/CL_SEX.csv")

    class Reading(Memory):
        """Another program writes in the moment before the files are read."""

        def live(self, made_from: str, make: Callable[[], Thing]) -> Thing:
            if made_from.startswith("structure"):
                path.write_text(path.read_text("utf-8").replace(",Women,", ",Females,"), "utf-8")
            return super().live(made_from, make)

    with pytest.raises(IlmsError, match="changed while it was read"):
        check(world.root, memory=Reading(memory.folder))
