"""Two programs that speak SDMX, neither of them ours, read every file and see the same figures and caveats."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sdmx
from pysdmx.io import get_datasets, read_sdmx

from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads.sdmx_components import ATTRIBUTES, concepts
from ilms_publish.formats import SDMX, SDMX_STRUCTURES
from tests.formats import facts

IDS = re.compile(r"\[([a-z0-9-]+)\](?:; |$)")


@pytest.fixture(scope="module")
def message(folder: Path) -> Any:
    """The structures as sdmx1 reads them."""
    return sdmx.read_sdmx(folder / SDMX_STRUCTURES)


def fact(row: dict[str, str], flow: Any) -> facts.Fact:
    definition, _, unit = str(flow.description).rpartition(" Unit: ")
    return facts.Fact(
        facts.number(row["OBS_VALUE"]), row["OBS_STATUS"], row["ILMS_USE"] == "withheld",
        row["SOURCE_BASIS"].replace("_", " "), frozenset(IDS.findall(row["LIMITATIONS"])),
        definition.partition(" Population: ")[0], unit.removesuffix("."),
    )  # fmt: skip


def by_sdmx1(path: Path, flow: Any) -> Iterator[dict[str, str]]:
    read: Any = sdmx.read_sdmx(path, structure=flow)
    for data in read.data:
        for seen in data.obs:
            row = {name: str(held.value) for name, held in seen.dimension.values.items()}
            row |= {name: str(held.value or "") for name, held in seen.attached_attribute.items()}
            yield row | {"OBS_VALUE": "" if seen.value in (None, "") else str(seen.value)}


def by_pysdmx(path: Path, structures: Path) -> Iterator[dict[str, str]]:
    (data,) = get_datasets(path, structures)
    filled = data.data.astype("object").where(data.data.notna(), "")
    for row in filled.to_dict("records"):
        yield {str(name): str(value) for name, value in row.items()}


@pytest.mark.parametrize("reader", ["sdmx1", "pysdmx"])
def test_every_figure_is_read_with_its_caveats(catalogue: Catalogue, folder: Path, message: Any, reader: str) -> None:
    for table in catalogue.tables.values():
        definition = table.definition
        path = folder / SDMX.of_table(table.package.id, definition.slug)
        flow = message.dataflow[f"DF_{definition.id.upper()}"]
        rows = by_sdmx1(path, flow) if reader == "sdmx1" else by_pysdmx(path, folder / SDMX_STRUCTURES)
        found = {}
        for row in rows:
            codes = [row[name.upper()] for name in definition.series]
            found[(table.package.id, definition.id, *codes, row["TIME_PERIOD"], row["SOURCE"])] = fact(row, flow)
            assert bool(row["ILMS_USE_REASON"]) == (row["ILMS_USE"] == "withheld")
            assert (row["UNIT_MEASURE"], row["UNIT_MULT"]) == (definition.unit_measure, str(definition.unit_mult))
        assert found == facts.wanted(catalogue, [table])


def test_structures_are_valid_by_the_official_schemas(folder: Path) -> None:
    assert read_sdmx(folder / SDMX_STRUCTURES, validate=True).structures


def test_validation_can_fail(folder: Path, tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled.xml"
    text = (folder / SDMX_STRUCTURES).read_text("utf-8")
    spoiled.write_text(text.replace('assignmentStatus="Mandatory"', 'assignmentStatus="Perhaps"', 1), "utf-8")
    with pytest.raises(Exception, match="Perhaps"):
        read_sdmx(spoiled, validate=True)


def test_every_code_in_the_data_is_in_its_list(catalogue: Catalogue, files: dict[str, bytes], message: Any) -> None:
    """Neither reader looks, so we do."""
    lists = {part.id: part.codelist for part in concepts(catalogue.structure) if part.codelist}
    for table in catalogue.tables.values():
        rows = facts.rows(files[SDMX.of_table(table.package.id, table.definition.slug)])
        for name in set(rows[0]) & set(lists):
            assert {row[name] for row in rows} <= set(message.codelist[lists[name]].items), (table.definition.id, name)


def test_limitations_in_full_are_in_the_structures(catalogue: Catalogue, message: Any) -> None:
    told = {code.id: str(code.description) for code in message.codelist["CL_LIMITATION"]}
    assert told == {one.id: one.text for package in catalogue.packages.values() for one in package.limitations}


def test_hierarchies_survive(catalogue: Catalogue, message: Any) -> None:
    for name in ("CL_SEX", "CL_ECO"):
        codes = catalogue.structure.codelists[name].codes.values()
        parents = {code.id: code.parent.id for code in message.codelist[name] if hasattr(code.parent, "id")}
        inner = {child: parent for child, parent in parents.items() if parent != name}
        assert inner == {code.code: code.parent for code in codes if code.parent}


def test_header_begins_as_the_standard_says(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    for table in catalogue.tables.values():
        head = files[SDMX.of_table(table.package.id, table.definition.slug)].decode().splitlines()[0].split(",")
        assert head[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
        assert head[-len(ATTRIBUTES) :] == [part.id for part in ATTRIBUTES]
        assert head[head.index("OBS_VALUE") - 1] == "TIME_PERIOD"
