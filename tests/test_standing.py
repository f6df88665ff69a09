"""A site that stands is left alone when it is the one that would be built, to the last byte; else it is built."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ilms_publish.catalogue import check
from ilms_publish.problems import IlmsError
from ilms_publish.remembering import checks
from ilms_publish.staging import build_site
from tests.building import tree
from tests.worlds import World, fictitious


class BegunError(Exception):
    """A build has begun."""


def build(world: World, step: Callable[[str], None]) -> None:
    catalogue = check(world.root, memory=checks(world.root)).catalogue
    assert catalogue is not None
    build_site(catalogue, world.root, world.root / "site", step)


def steps(world: World) -> list[str]:
    """What a build does, in its own words; nothing when the site may stand."""
    told: list[str] = []
    build(world, told.append)
    return told


def stands(world: World) -> bool:
    """Whether a build would leave the site alone; one that would not goes no further than its first step."""

    def stop(name: str) -> None:
        raise BegunError(name)

    try:
        build(world, stop)
    except BegunError:
        return False
    return True


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = fictitious(tmp_path_factory.mktemp("built"))
    assert steps(world)
    return world


@pytest.fixture
def standing(built: World) -> Iterator[World]:
    """The world with its site, which stands and will stand again when the test has put back what it changed."""
    stamp = built.root / "build" / "standing.json"
    whole = stamp.read_bytes()
    assert stands(built)
    yield built
    stamp.write_bytes(whole)
    assert stands(built)


@pytest.fixture
def copied(built: World, tmp_path: Path) -> World:
    """The world with its site, to be changed."""
    return World(Path(shutil.copytree(built.root, tmp_path / "copy")))


def test_nothing_is_done_twice(built: World) -> None:
    assert steps(built) == []


def spoil_page(site: Path) -> None:
    page = site / "index.html"
    page.write_text(page.read_text("utf-8") + "<!-- -->", "utf-8")


def lose_page(site: Path) -> None:
    (site / "coverage" / "index.html").unlink()


def add_file(site: Path) -> None:
    (site / "more.html").write_text("<p>foreign</p>")


def put_link(site: Path) -> None:
    page = site / "index.html"
    page.rename(site.parent / "page.html")
    page.symlink_to(site.parent / "page.html")


@pytest.mark.parametrize("spoil", [spoil_page, lose_page, add_file, put_link])
def test_a_site_that_was_touched_is_built_again(built: World, spoil: Callable[[Path], None]) -> None:
    site = built.root / "site"
    whole = tree(site)
    spoil(site)
    assert steps(built)
    assert tree(site) == whole
    assert not (site / "index.html").is_symlink()


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"out": 1}', "half"])
def test_a_damaged_stamp_is_not_trusted(standing: World, damage: str) -> None:
    (standing.root / "build" / "standing.json").write_text(damage)
    assert not stands(standing)


@pytest.mark.parametrize("changed", ["site_src/docs/methods.md", "mkdocs.yml", "datapackages/zza/package.yaml"])
def test_whatever_the_site_rests_on_counts(standing: World, changed: str) -> None:
    path = standing.root / changed
    text = path.read_text("utf-8")
    path.write_text(text.replace("Test edition", "Another edition") if "Test edition" in text else text + "\n", "utf-8")
    standing.package()
    assert not stands(standing)
    path.write_text(text, "utf-8")
    standing.package()


def test_where_it_is_to_stand_counts(standing: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("ILMS_SITE_URL", "https://statistics.example/ilms/")
        assert not stands(standing)


CHANGED = """
SHA256SUMS
api/SHA256SUMS
api/v1/index.json
api/v1/series/zzb/mna_oemp_sex_cds_nb.json
charts/zzb/mna_oemp_sex_cds_nb.rows.json
countries/zzb/mna_oemp_sex_cds_nb/index.html
data/SHA256SUMS
data/all/ilms.dcat.jsonld
data/all/ilms.dcat.ttl
data/all/ilms.ilostat.csv
data/all/ilms.parquet
data/tables/mna_oemp_sex_cds_nb.csv
data/tables/mna_oemp_sex_cds_nb.ilostat.csv
data/tables/mna_oemp_sex_cds_nb.labelled.csv
data/zzb/mna_oemp_sex_cds_nb.csv
data/zzb/mna_oemp_sex_cds_nb.ilostat.csv
data/zzb/mna_oemp_sex_cds_nb.labelled.csv
data/zzb/mna_oemp_sex_cds_nb.sdmx.csv
data/zzb/zzb.ilostat.csv
data/zzb/zzb.labelled.csv
data/zzb/zzb.xlsx
data/zzb/zzb.zip
offline/ilms-offline.zip
"""
"""All that differs after one figure of ZZB became another."""


def change_a_figure(world: World) -> None:
    world.edit("zzb/data/mna_oemp_sex_cds_nb.csv", "SEX_M,CDS_DES_X,2017,2.723", "SEX_M,CDS_DES_X,2017,2.724")


@pytest.fixture
def held(copied: World) -> Path:
    """The finished site under other names, by which its files are known again."""
    return Path(shutil.copytree(copied.root / "site", copied.root / "held", copy_function=os.link))


def test_one_changed_figure_changes_just_these_files(copied: World, held: Path) -> None:
    before = tree(held)
    change_a_figure(copied)
    assert steps(copied)
    after = tree(copied.root / "site")
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == set(CHANGED.split())
    written = {path for path in after if not (held / path).samefile(copied.root / "site" / path)}
    assert written == changed, "what is the same was not written again"
    assert tree(held) == before, "the site that stood there was left as it was"


def test_a_build_that_fails_late_leaves_the_last_good_site(copied: World, held: Path) -> None:
    before = tree(held)
    change_a_figure(copied)
    (copied.root / "site_src/docs/methods.md").write_text("# Methods\n\n[nowhere](nowhere.txt)\n", "utf-8")
    with pytest.raises(IlmsError, match="nowhere"):
        steps(copied)
    assert tree(copied.root / "site") == tree(held) == before
