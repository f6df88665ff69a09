"""Files of a package are remembered by what they were made from, and rest on no other package."""

from pathlib import Path

import pytest

from ilms_publish.downloads import downloads, of_package
from ilms_publish.downloads.of_package import files_of_one
from ilms_publish.remembering import Memory
from tests.worlds import World


def files(world: World) -> dict[str, bytes]:
    catalogue = world.check().catalogue
    assert catalogue is not None
    return downloads(catalogue)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(of_package, "memory", Memory(tmp_path / "kept"))
    return tmp_path / "kept"


def figure(world: World) -> None:
    world.edit("zzb/data/mna_oemp_sex_cds_nb.csv", "SEX_F,CDS_DES_TOTAL,2016,5.500", "SEX_F,CDS_DES_TOTAL,2016,5.6")


def title(world: World) -> None:
    world.edit("zza/package.yaml", "Statistics Zedland", "Statistics of Zedland")
    world.package()


def label(world: World) -> None:
    path = world.path("structure/codelists/CL_SEX.csv")
    path.write_text(path.read_text("utf-8").replace(",Women,", ",Females,"), "utf-8")
    world.package()


@pytest.mark.parametrize("change", [figure, title, label])
def test_after_a_change_nothing_old_is_left(world: World, folder: Path, change: object) -> None:
    files(world)
    assert callable(change)
    change(world)
    remembered = files(world)
    of_package.memory = Memory()
    assert remembered == files(world)


def test_only_the_changed_package_is_made_anew(world: World, folder: Path) -> None:
    before = files(world)
    kept = {path.name for path in folder.iterdir()}
    figure(world)
    after = files(world)
    new = {path.name for path in folder.iterdir()} - kept
    catalogue = world.check().catalogue
    assert catalogue is not None
    assert len(new) == len(list(files_of_one(catalogue, "zzb"))) + 1, "the files of the changed package, and their list"
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed
    assert not [path for path in changed if path.startswith("data/zza/")]
