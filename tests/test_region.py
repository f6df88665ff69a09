"""The invented region of the benchmarks: sound, of the size asked for, and the same every time."""

from pathlib import Path

from tests.bench.region import Size, areas, region
from tests.bench.test_scale import change_a_figure
from tests.building import tree
from tests.worlds import World

SMALL = Size(countries=3, tables=20, years=2, partners=2)


def test_both_gates_pass_before_and_after_a_change(tmp_path: Path) -> None:
    observations = region(tmp_path, SMALL)
    checked = World(tmp_path).check()
    assert checked.clean
    assert checked.catalogue is not None
    assert len(checked.catalogue.tables) == SMALL.countries * SMALL.tables
    assert sum(len(table.frame) for table in checked.catalogue.tables.values()) == observations
    before = tree(tmp_path / "datapackages")
    change_a_figure(tmp_path)
    after = tree(tmp_path / "datapackages")
    assert [name for name in after if after[name] != before[name]] == ["zza/data/ear_emta_sex_cct_cur_nb.csv"]
    assert World(tmp_path).check("zza").clean


def test_every_table_of_the_structure_can_be_made(tmp_path: Path) -> None:
    region(tmp_path, Size(countries=3, tables=61, years=2, partners=2))
    assert World(tmp_path).check("zzb").clean


def test_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        (tmp_path / name).mkdir()
        region(tmp_path / name, SMALL, seed)
    one, same, other = (tree(tmp_path / name / "datapackages") for name in ("one", "same", "other"))
    assert one == same
    assert one != other


def test_no_country_exists() -> None:
    assert len(set(areas(50))) == 50
    assert all("(fictitious)" in label for _, label in areas(50))
