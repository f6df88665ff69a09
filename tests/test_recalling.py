"""A page is made anew when something that it read has changed, and only then; taken again it is what it would be."""

import shutil
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from ilms_publish.catalogue import Catalogue
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.page import Draft, Page
from ilms_publish.pages.recalling import recalled
from ilms_publish.remembering import Memory
from ilms_publish.site import drafts
from tests.worlds import World

RESTING = {
    "", "comparability", "corridors", "corridors/zza-zzb", "corridors/zzb-zza", "countries", "countries/zza",
    "countries/zzb", "countries/zzb/mna_oemp_sex_cds_nb", "coverage", "downloads", "sources",
    "sources/zzb-labour-departures", "tables", "tables/mna_oemp_sex_cds_nb", "why-sources-differ", "yearbook",
    "yearbook/coverage", "yearbook/employed-by-sector", "yearbook/intra-asean", "yearbook/outflow-by-destination",
    "yearbook/stock-by-sex",
}  # fmt: skip
"""What rests on the departures of ZZB: its own pages, those of its corridors, and those over all countries."""


def whole(world: World) -> Catalogue:
    checked = world.check()
    assert checked.catalogue is not None, checked.errors
    return checked.catalogue


def given(
    catalogue: Catalogue, memory: Memory, sizes: dict[str, str] | None = None
) -> tuple[dict[str, Page], set[str]]:
    """All pages with the help of a memory, and the addresses of those that were made anew."""
    made: set[str] = set()

    def noticed(draft: Draft) -> Page:
        made.add(draft.address)
        return draft.make()

    edition = Edition(catalogue, sizes or {})
    drafted = [Draft(one.address, partial(noticed, one)) for one in drafts(edition)]
    return {one.address: recalled(edition, one, memory) for one in drafted}, made


def fresh(catalogue: Catalogue) -> dict[str, Page]:
    return {draft.address: draft.make() for draft in drafts(Edition(catalogue, {}))}


@pytest.fixture(scope="module")
def filled(sound_catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all pages of the countries as they are were remembered, to be copied."""
    folder = tmp_path_factory.mktemp("filled") / "pages"
    given(sound_catalogue, Memory(folder))
    return folder


@pytest.fixture
def memory(filled: Path, tmp_path: Path) -> Memory:
    """A memory that knows them."""
    return Memory(Path(shutil.copytree(filled, tmp_path / "pages")))


def test_nothing_is_made_twice(sound_catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue, memory = sound_catalogue, Memory(tmp_path / "pages")
    first, made = given(catalogue, memory)
    again, anew = given(catalogue, memory)
    assert made == set(first)
    assert anew == set()
    assert first == again == fresh(catalogue)


TABLES = {
    "zza/data/mst_ncte_sex_cct_nb.csv": "tables/mst_ncte_sex_cct_nb",
    "zza/data/mst_temp_sex_eco_cct_nb.csv": "tables/mst_temp_sex_eco_cct_nb",
    "zzb/data/mna_oemp_sex_cds_nb.csv": "tables/mna_oemp_sex_cds_nb",
}


def another(world: World, file: str, line: int) -> None:
    """Writes another last digit into one figure."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        value = str(frame.at[line, "obs_value"])
        frame.at[line, "obs_value"] = value[:-1] + str((int(value[-1]) + 1) % 10)
        return frame

    world.rows(file, change)


@pytest.mark.parametrize("file", TABLES)
@pytest.mark.parametrize("line", [0, 7, 20])
def test_pages_taken_again_are_those_that_would_be_made(world: World, memory: Memory, file: str, line: int) -> None:
    another(world, file, line)
    catalogue = whole(world)
    taken, anew = given(catalogue, memory)
    assert taken == fresh(catalogue)
    assert TABLES[file] in anew
    assert not any(address.startswith(("codelists", "columns", "rounds")) for address in anew)


def test_one_figure_makes_anew_what_rests_on_it_and_nothing_else(world: World, memory: Memory) -> None:
    another(world, "zzb/data/mna_oemp_sex_cds_nb.csv", 21)
    _, anew = given(whole(world), memory)
    assert anew == RESTING


def test_a_changed_word_about_a_package_makes_every_page_anew(world: World, memory: Memory) -> None:
    first, anew = given(whole(world), memory)
    assert anew == set(), "where a repository lies is no part of a page"
    world.edit("zza/package.yaml", "Test edition", "Another edition")
    world.package()
    _, anew = given(whole(world), memory)
    assert anew == set(first)


def test_a_changed_size_of_a_file_makes_anew_only_pages_that_tell_it(
    sound_catalogue: Catalogue, memory: Memory
) -> None:
    catalogue = sound_catalogue
    file = "data/zza/mst_ncte_sex_cct_nb.csv"
    given(catalogue, memory, {file: "1 kB"})
    _, anew = given(catalogue, memory, {file: "2 kB"})
    assert "countries/zza/mst_ncte_sex_cct_nb" in anew
    assert "countries/zzb/mna_oemp_sex_cds_nb" not in anew


def test_a_damaged_piece_is_made_anew(sound_catalogue: Catalogue, memory: Memory) -> None:
    catalogue = sound_catalogue
    first, _ = given(catalogue, memory)
    assert memory.folder is not None
    for number, piece in enumerate(sorted(memory.folder.iterdir())):
        if number % 3 == 0:
            piece.write_bytes(piece.read_bytes()[:-1] + b"!")
    again, anew = given(catalogue, memory)
    assert again == first
    assert anew
