"""Packages are valid for two independent validators, stand alone, and depend on nothing but their input."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import dplib
import jsonschema
import pytest
from frictionless import Package as FrictionlessPackage

from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads import downloads
from tests.worlds import World

PROFILES = Path(dplib.__file__).parent / "profiles" / "2.0"


def profile_errors(descriptor: dict[str, Any]) -> list[str]:
    """What the official JSON profile of Data Package v2 has against a descriptor."""
    profile = json.loads((PROFILES / "datapackage.json").read_text("utf-8"))
    return [error.message for error in jsonschema.Draft7Validator(profile).iter_errors(descriptor)]


def unpack(content: bytes, folder: Path) -> Path:
    """The descriptor of a zip unpacked into a folder."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
        return folder / next(name for name in archive.namelist() if name.endswith("/datapackage.json"))


def valid(descriptor: Path) -> bool:
    """The verdict of Frictionless on everything a descriptor names, hashes and foreign keys included."""
    report = FrictionlessPackage(str(descriptor)).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "type", "note"])[:5]
    return bool(report.valid)


def made(world: World) -> Catalogue:
    catalogue = world.check().catalogue
    assert catalogue is not None
    return catalogue


@pytest.mark.parametrize("name", ["zza", "zzb"])
def test_committed_and_published_packages_are_valid(world: World, tmp_path: Path, name: str) -> None:
    committed = world.path(f"{name}/datapackage.json")
    assert valid(committed)
    published = unpack(downloads(made(world))[f"data/{name}/{name}.zip"], tmp_path / "out")
    assert valid(published)
    for path in (committed, published):
        assert profile_errors(json.loads(path.read_text("utf-8"))) == []


def test_profile_check_can_fail(world: World) -> None:
    descriptor = json.loads(world.path("zza/datapackage.json").read_text("utf-8"))
    assert profile_errors(descriptor | {"resources": []})


def test_published_package_notices_a_changed_byte(world: World, tmp_path: Path) -> None:
    published = unpack(downloads(made(world))["data/zzb/zzb.zip"], tmp_path / "out")
    data = published.parent / "data" / "mna_oemp_sex_cds_nb.csv"
    data.write_bytes(data.read_bytes().replace(b"5.500", b"5.501", 1))
    assert not FrictionlessPackage(str(published)).validate().valid


def test_every_row_carries_use_and_limitations(world: World) -> None:
    text = downloads(made(world))["data/zzb/mna_oemp_sex_cds_nb.csv"].decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["use"] for row in rows if row["time_period"] == "2019"} == {"withheld"}
    assert {row["use"] for row in rows if row["time_period"] != "2019"} == {"published"}
    assert {row["limitations"] for row in rows if row["time_period"] == "2019"} == {
        "zzb-persons-2019 zzb-irregular zzb-source-inferred"
    }
    assert {row["limitations"] for row in rows if row["time_period"] == "2016"} == {"zzb-irregular zzb-source-inferred"}
    assert "7150.000" in {row["obs_value"] for row in rows}, "a withheld value stays as issued"


def test_published_package_stands_alone(world: World, tmp_path: Path) -> None:
    published = unpack(downloads(made(world))["data/zza/zza.zip"], tmp_path / "out")
    names = {resource["name"] for resource in json.loads(published.read_text("utf-8"))["resources"]}
    needed = {"tables", "sources", "answers", "supplies", "limitations", "collection", "cl_eco", "cl_cct", "cl_sex"}
    assert needed <= names


def test_same_input_gives_the_same_bytes(world: World) -> None:
    assert downloads(made(world)) == downloads(made(world))


def test_descriptor_does_not_depend_on_the_rows(world: World) -> None:
    before = world.path("zzb/datapackage.json").read_bytes()
    world.edit("zzb/data/mna_oemp_sex_cds_nb.csv", "2016,8.250", "2016,8.251")
    world.package()
    assert world.path("zzb/datapackage.json").read_bytes() == before
    assert not world.check("zzb").errors


def test_descriptor_out_of_date_is_an_error(world: World) -> None:
    world.edit("zza/package.yaml", "version: 1.0.0", "version: 1.1.0")
    errors = world.check().errors
    assert {problem.rule for problem in errors} == {"current-descriptor"}
    assert "ilms package" in errors[0].sentence
