"""Gate 1 never has a second opinion: its report is Frictionless' own, whatever befell the file."""

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package

from ilms_publish.downloads.package_zip import package_files
from ilms_publish.problems import IlmsError
from ilms_publish.validation import validate, validate_resource
from ilms_publish.validation.columns import read_columns
from ilms_publish.validation.suspects import plain_fields, suspects
from tests.faults import FAULTS, ODD_NUMBERS, ODD_TEXTS, ODD_YEARS, spoil_descriptor
from tests.flows import CODES, flows, to_bytes, write_package
from tests.verdicts import FORMS, disagreements, ours, theirs
from tests.worlds import World


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fault", FAULTS)
def test_report_is_that_of_frictionless(tmp_path: Path, fault: str, form: str) -> None:
    descriptor = write_package(tmp_path, {"flows": FAULTS[fault](FORMS[form](60), random.Random(1))}, form)
    assert ours(descriptor, tmp_path) == theirs(descriptor, tmp_path)


@pytest.mark.parametrize("form", ["enum", "keys"])
@pytest.mark.parametrize(("column", "texts"), [(5, ODD_NUMBERS), (4, ODD_YEARS), (8, ODD_TEXTS), (1, ODD_TEXTS)])
def test_every_odd_text_is_read_alike(tmp_path: Path, form: str, column: int, texts: list[str]) -> None:
    header, *rows = list(csv.reader(flows(60).decode().splitlines()))
    for row, text in zip(rows, texts, strict=False):
        row[column] = text
    descriptor = write_package(tmp_path, {"flows": to_bytes([header, *rows])}, form)
    assert ours(descriptor, tmp_path) == theirs(descriptor, tmp_path)


def test_reports_agree_on_spoilt_files(tmp_path: Path) -> None:
    differ, invalid = disagreements(tmp_path, range(80))  # ten thousand in `make stress`
    assert differ == []
    assert invalid > 40, "too few of the files were spoilt to tell"


@pytest.mark.parametrize("form", FORMS)
def test_clean_file_is_beyond_doubt(tmp_path: Path, form: str) -> None:
    """Else the fast path would be right and of no use."""
    package = Package.from_descriptor(write_package(tmp_path, {"flows": FORMS[form](300)}, form))
    schema = package.get_resource("flows").schema
    columns = read_columns(FORMS[form](300), schema.field_names, plain_fields(schema))
    assert columns is not None
    lookups = {column: frozenset(codes) for column, codes in CODES.items()} | {"": frozenset(range(1, 301))}
    assert not len(suspects(columns, schema, lambda name, field: lookups[name.removeprefix("cl_")]))


@pytest.mark.parametrize("fault", ["unknown code", "odd year", "odd number", "key partly blank", "repeated key"])
def test_doubt_falls_on_a_few_rows(tmp_path: Path, fault: str) -> None:
    data = FAULTS[fault](flows(300), random.Random(3))
    schema = Package.from_descriptor(write_package(tmp_path, {"flows": data}, "enum")).get_resource("flows").schema
    columns = read_columns(data, schema.field_names, plain_fields(schema))
    assert columns is not None
    assert 1 <= len(suspects(columns, schema, lambda name, field: frozenset())) <= 2


def test_files_of_a_real_edition_agree(world: World, tmp_path: Path) -> None:
    for name in ("zza", "zzb"):
        catalogue = world.check().catalogue
        assert catalogue is not None
        published = package_files(catalogue, catalogue.packages[name])
        for path, content in published.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_bytes(content)
        for folder in (tmp_path / name, world.path(name)):
            descriptor = json.loads((folder / "datapackage.json").read_bytes())
            assert ours(descriptor, folder) == theirs(descriptor, folder)
            assert ours(descriptor, folder)["valid"]


@pytest.mark.parametrize("form", FORMS)
def test_reports_agree_on_spoilt_descriptors(tmp_path: Path, form: str) -> None:
    clean = write_package(tmp_path, {"flows": FORMS[form](20)}, form)
    invalid = 0
    for seed in range(60):
        descriptor = spoil_descriptor(clean, random.Random(seed))
        try:
            wanted = theirs(descriptor, tmp_path)
        except Exception as error:  # a schema on which Frictionless itself breaks down
            with pytest.raises(type(error)):
                ours(descriptor, tmp_path)
            continue
        assert ours(descriptor, tmp_path) == wanted, seed
        invalid += not wanted["valid"]
    assert invalid > 10, "too few of the descriptors were spoilt to tell"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"path": "https://example.org/flows.csv"}, "one CSV file below"),
        ({"path": "../flows.csv"}, "one CSV file below"),
        ({"path": "/etc/passwd"}, "one CSV file below"),
        ({"path": ".hidden/flows.csv"}, "one CSV file below"),
        ({"path": ["data/flows.csv", "data/more.csv"]}, "one CSV file below"),
        ({"path": "sqlite:////etc/passwd"}, "one CSV file below"),
        ({"schema": "https://example.org/schema.json"}, "its schema itself"),
        ({"dialect": "https://example.org/dialect.json"}, "its dialect itself"),
        ({"profile": "https://example.org/profile.json"}, "may not have 'profile'"),
        ({"data": [["a"], ["1"]]}, "may not have 'data'"),
        ({"path": "data/link.csv"}, "is a link"),
        ({"path": "linked/flows.csv"}, "is a link"),
    ],
)
def test_resource_that_leads_elsewhere_is_refused(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    descriptor = write_package(tmp_path, {"flows": flows(5)}, "enum")
    (tmp_path / "data" / "link.csv").symlink_to("flows.csv")
    (tmp_path / "linked").symlink_to("data")
    descriptor["resources"][0] |= change
    with pytest.raises(IlmsError, match=says):
        validate(descriptor, tmp_path)
    with pytest.raises(IlmsError, match=says):
        validate_resource(descriptor["resources"][0], tmp_path)


@pytest.mark.parametrize(
    "package", [{"resources": "https://example.org/resources.json"}, {"resources": ["a.json"]}, {}]
)
def test_package_that_leads_elsewhere_is_refused(tmp_path: Path, package: dict[str, Any]) -> None:
    with pytest.raises(IlmsError, match="hold its resources itself"):
        validate(package, tmp_path)
