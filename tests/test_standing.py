"""A site that stands is left alone when it is the one that would be built, to the last byte; else it is built."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ilms_publish.catalogue import check
from ilms_publish.remembering import checks
from ilms_publish.staging import build_site
from tests.building import tree
from tests.worlds import World, fictitious


def steps(world: World) -> list[str]:
    """What a build does, in its own words; nothing when the site may stand."""
    told: list[str] = []
    catalogue = check(world.root, memory=checks(world.root)).catalogue
    assert catalogue is not None
    build_site(catalogue, world.root, world.root / "site", told.append)
    return told


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = fictitious(tmp_path_factory.mktemp("built"))
    assert steps(world)
    return world


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
    whole = (site / "index.html").read_bytes()
    spoil(site)
    assert steps(built)
    assert (site / "index.html").read_bytes() == whole
    assert not (site / "more.html").exists()
    assert (site / "coverage" / "index.html").is_file()


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"out": 1}', "half"])
def test_a_damaged_stamp_is_not_trusted(built: World, damage: str) -> None:
    (built.root / "build" / "standing.json").write_text(damage)
    assert steps(built)


@pytest.mark.parametrize("changed", ["site_src/docs/methods.md", "mkdocs.yml", "datapackages/zza/package.yaml"])
def test_whatever_the_site_rests_on_counts(world: World, changed: str) -> None:
    steps(world)
    path = world.root / changed
    text = path.read_text("utf-8")
    path.write_text(text.replace("Test edition", "Another edition") if "Test edition" in text else text + "\n", "utf-8")
    world.package()
    assert steps(world)


def test_where_it_is_to_stand_counts(built: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILMS_SITE_URL", "https://statistics.example/ilms/")
    assert steps(built)


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


def test_one_changed_figure_changes_just_these_files(world: World) -> None:
    steps(world)
    before = tree(world.root / "site")
    world.edit("zzb/data/mna_oemp_sex_cds_nb.csv", "SEX_M,CDS_DES_X,2017,2.723", "SEX_M,CDS_DES_X,2017,2.724")
    assert steps(world)
    after = tree(world.root / "site")
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == set(CHANGED.split())
