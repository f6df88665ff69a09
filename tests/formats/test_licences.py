"""Terms travel with the figures, and without those of the edition nothing is built."""

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads.described import licence
from ilms_publish.formats import LABELLED, PACKAGE, PARQUET, SERIES, XLSX
from ilms_publish.pages.edition import Edition
from ilms_publish.site import drafts
from tests.formats.facts import rows
from tests.test_cli import run
from tests.worlds import World

LICENCE = '  - {name: CC0-1.0, title: CC0 1.0, path: "https://creativecommons.org/publicdomain/zero/1.0/"}\n'


@pytest.mark.usefixtures("one_core")
@pytest.mark.parametrize("said", ["licences: []\n", "", "licences:\n  - {title: Free to use}\n"])
def test_nothing_is_built_without_the_licence_of_an_edition(world: World, said: str) -> None:
    world.edit("zza/package.yaml", "licences:\n" + LICENCE, said)
    assert any("licence" in str(problem) for problem in world.check().errors)
    built = run("build", "--root", str(world.root))
    assert built.exit_code != 0
    assert "licence" in built.output
    assert not (world.root / "site").exists()


def test_every_format_names_the_licence_of_its_edition(
    catalogue: Catalogue, files: dict[str, bytes], folder: Path
) -> None:
    everything = pd.read_parquet(folder / PARQUET.of_all)
    for package in catalogue.packages.values():
        wanted = licence(package.licences)
        paths = {one["path"] for one in package.licences}
        assert set(everything.loc[everything["package"] == package.id, "licence"]) == {wanted}
        book = openpyxl.load_workbook(folder / XLSX.of_package(package.id), read_only=True)
        assert wanted in " ".join(str(row[0]) for row in book["Cover"].iter_rows(values_only=True))
        with zipfile.ZipFile(io.BytesIO(files[PACKAGE.of_package(package.id)])) as archive:
            (name,) = (one for one in archive.namelist() if one.endswith("/datapackage.json"))
            assert {one["path"] for one in json.loads(archive.read(name))["licenses"]} == paths
        if package.national:
            assert {row["licence"] for row in rows(files[LABELLED.of_package(package.id)])} == {wanted}
        for table in catalogue.of_package(package.id):
            head = json.loads(files[SERIES.of_table(package.id, table.definition.slug)])
            assert {one["path"] for one in head["licences"]} == paths


def test_the_page_of_downloads_gives_size_figures_edition_and_licence_of_every_package(catalogue: Catalogue) -> None:
    sized = {one.of_package(package): "9\u00a0kB" for package in catalogue.packages for one in (XLSX, PACKAGE)}
    page = next(one for one in drafts(Edition(catalogue, sized)) if one.address == "downloads").make()
    html = "".join(page.fragments.values())
    for package in catalogue.packages.values():
        piece = html.split(f'<h3 id="{package.id}"', 1)[1].split("<h3", 1)[0]
        assert package.edition in piece
        assert all(one["title"] in piece and one["path"] in piece for one in package.licences)
        figures = sum(len(table.frame) for table in catalogue.of_package(package.id))
        assert f"{figures:,}".replace(",", "\u202f") in piece
        assert piece.count("9\u00a0kB") == 2
