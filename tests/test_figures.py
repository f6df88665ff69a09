"""The real packages: complete as imported, clean as published, every number traceable to its publisher."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from ilms_publish.catalogue import Checked, check
from ilms_publish.importing.areas import area_names
from ilms_publish.pages import words
from ilms_publish.pages.companions import companions
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.movement import movement
from tests.worlds import REPOSITORY

MEMBERS = {"brn", "idn", "khm", "lao", "mmr", "mys", "phl", "sgp", "tha", "vnm"}


@pytest.fixture(scope="module")
def checked() -> Checked:
    return check(REPOSITORY)


def test_nothing_is_left_to_mend_or_acknowledge(checked: Checked) -> None:
    assert (checked.errors, checked.open) == ((), ())


PUBLISHED = [
    ("01", "tha", "unit-slip", "MST_TEMP_SEX_STE_CCT_NB", "2023"),
    ("02", "lao", "sex-sum", "MNA_OEMP_SEX_CDS_NB", "2023"),
    ("03", "tha", "sex-sum", "MNA_OEMP_SEX_CDS_NB", "2020"),
    ("04", "tha", "sex-sum", "MST_NCTE_SEX_CCT_NB", "2024"),
    ("05", "idn", "same-total", "MNA_OEMP_SEX_OCU_NB", "2016"),
    ("06", "idn", "class-sum", "MNA_OEMP_SEX_OCU_NB", "2016"),
    ("06", "idn", "shares-jump", "MNA_OEMP_SEX_OCU_NB", "2019"),
    ("07", "phl", "sources-disagree", "MNA_OEMP_SEX_OCU_NB", "2010"),
    ("08", "phl", "level-break", "MNA_TPOP_SEX_CRS_NB", "2000"),
    ("08", "phl", "level-break", "MNA_TPOP_SEX_CRS_NB", "2014"),
    ("09", "mys", "rest-is-total", "MST_NCTE_SEX_CCT_NB", "2014"),
    ("10", "tha", "source-change", "MST_NCTE_SEX_CCT_NB", "2021"),
    ("11", "lao", "copied-class", "MNA_OEMP_SEX_ECO_NB", "2024"),
    ("12", "phl", "sex-sum", "MFL_NEMP_SEX_ECO_NB", "2023"),
    ("13", "tha", "sources-disagree", "MST_TEMP_SEX_ECO_CCT_NB", "2024"),
    ("14", "brn", "rest-not-printed", "MST_TEMP_SEX_ECO_CCT_NB", "2023"),
    ("15", "lao", "not-classified", "MST_TEMP_SEX_STE_CCT_NB", "2022"),
    ("16", "idn", "same-total", "EAR_EMTA_SEX_CCT_CUR_NB", "2023"),
    ("17", "idn", "class-sum", "MNA_XRET_SEX_CPR_NB", "2019"),
    ("18", "tha", "sex-sum", "MFL_NCIT_SEX_CCT_NB", "2024"),
    ("19", "phl", "level-break", "MNA_OPOP_SEX_CDS_NB", "2019"),
    ("20", "idn", "level-break", "MFL_NCIT_SEX_CCT_NB", "2019"),
    ("21", "mys", "level-shift", "MST_TEMP_SEX_STE_CCT_NB", "2010"),
    ("22", "tha", "shares-jump", "MST_TEMP_SEX_ECO_CCT_NB", "2012"),
    ("23", "tha", "same-total", "MFL_NEMP_SEX_OCU_NB", "2021"),
    ("24", "phl", "same-total", "MFL_NEMP_SEX_OCU_NB", "2005"),
]
"""Faults known to be in the figures as published: rules about the field find them, none knows of a cell."""


@pytest.mark.parametrize(("number", "package", "rule", "table", "year"), PUBLISHED)
def test_published_fault_is_found_by_a_rule(
    checked: Checked, number: str, package: str, rule: str, table: str, year: str
) -> None:
    frame = checked.examined.tables[package, table].frame
    found = [one for one in checked.findings if (one.package, one.rule) == (package, rule)]
    years = {str(frame.at[line, "time_period"]) for one in found for name, line in one.cells if name == table}
    assert year in years, sorted(years)


def test_all_members_have_figures_in_every_table_they_list(checked: Checked) -> None:
    assert checked.catalogue is not None
    packages = checked.catalogue.packages
    assert set(packages) >= MEMBERS
    for package in packages.values():
        listed = set(package.collection.loc[package.collection["state"] == "published", "table"])
        assert listed == set(package.tables), package.id
        assert all(len(frame) for frame in package.tables.values())


def test_every_row_came_with_a_recorded_import(checked: Checked) -> None:
    assert checked.catalogue is not None
    for package in checked.catalogue.packages.values():
        recorded: Counter[str] = Counter()
        for table, rows in zip(package.imports["table"], package.imports["rows"], strict=True):
            recorded[table] += int(rows)
        held = {table: len(frame) for table, frame in package.tables.items()}
        assert held == dict(recorded), package.id
        assert (package.imports["publisher"] != "").all()
        assert (package.imports["edition"] != "").all()
        assert package.imports["sha256"].str.fullmatch("[0-9a-f]{64}").all()


def test_every_figure_has_source_basis_definition_and_limitations(checked: Checked) -> None:
    catalogue = checked.catalogue
    assert catalogue is not None
    for table in catalogue.tables.values():
        assert table.definition.definition, table.definition.id
        assert (table.frame["source"] != "").all()
        assert (table.frame["limitations"] != "").all(), (table.package.id, table.definition.id)
        pairs = table.frame[["source", "time_period"]].drop_duplicates()
        for source, year in pairs.itertuples(index=False):
            supply = catalogue.basis(table, source, year)
            assert supply is not None, (table.package.id, table.definition.id, source, year)
            assert supply.basis in ("documented", "inferred")
            assert supply.evidence


def test_register_holds_the_known_sources(checked: Checked) -> None:
    assert checked.catalogue is not None
    sources = checked.catalogue.sources
    assert len(sources) >= 40
    assert len({source.id for source in sources}) == len(sources)
    assert {source.package for source in sources} >= MEMBERS


def test_every_source_answers_every_question(checked: Checked) -> None:
    assert checked.catalogue is not None
    asked = [concept for concept in checked.catalogue.structure.quality.values() if not concept.computed]
    assert len(asked) == 25
    for source in checked.catalogue.sources:
        for concept in asked:
            answer = source.answers.get(concept.id) or source.answers["*"]
            assert answer.codes or answer.text or answer.gap, (source.id, concept.id)


def test_inference_is_published_as_inference(checked: Checked) -> None:
    """A table resting on an inferred source carries a limitation that says so."""
    catalogue = checked.catalogue
    assert catalogue is not None
    telling = {"source-inferred", "source-unknown"}
    for table in catalogue.tables.values():
        pairs = table.frame[["source", "time_period"]].drop_duplicates().itertuples(index=False)
        bases = {supply.basis for source, year in pairs if (supply := catalogue.basis(table, source, year))}
        if "inferred" in bases:
            assert telling & {limitation.type for limitation in table.limitations}, table.definition.id


def test_withheld_figures_are_kept_as_issued_and_out_of_use(checked: Checked) -> None:
    assert checked.catalogue is not None
    table = checked.catalogue.tables["tha", "MST_TEMP_SEX_STE_CCT_NB"]
    year = table.frame[table.frame["time_period"] == "2023"]
    assert set(year["use"]) == {"withheld"}
    assert year["obs_value"].str.fullmatch("[0-9.]+").all()
    assert "2023" not in set(table.published["time_period"])


def test_member_areas_have_their_crosswalk(checked: Checked) -> None:
    assert checked.catalogue is not None
    areas = checked.catalogue.structure.codelists["CL_AREA"].codes
    members = {code.code: code for code in areas.values() if code.extra["asean"] == "member"}
    assert len(members) == 11
    assert (members["THA"].extra["iso2"], members["THA"].extra["m49"]) == ("TH", "764")
    assert all(code.extra["iso2"] and code.extra["m49"] for code in members.values())


def test_area_names_are_not_ambiguous(checked: Checked) -> None:
    assert checked.catalogue is not None
    structure = checked.catalogue.structure
    names = area_names(structure)
    for code in structure.codelists["CL_AREA"].codes.values():
        for name in filter(None, (code.code, code.label, *code.extra["aliases"].split("|"))):
            assert names[name.lower()] == code.code, name


def test_no_address_or_text_of_a_package_registry_or_machine() -> None:
    """What is published names neither the place it was made at nor where its tools came from."""
    hosts = ("py" + "pi.org", "python" + "hosted", "registry.np" + "mjs")
    for path in sorted((REPOSITORY / "datapackages").rglob("*")):
        if path.is_file():
            text = path.read_text("utf-8")
            assert not any(host in text for host in hosts), path
            assert str(Path.home()) + "/" not in text, path


def test_what_two_ways_of_counting_tell_apart_is_never_in_one_picture(checked: Checked) -> None:
    assert checked.catalogue is not None
    drawn = movement(Edition(checked.catalogue, {}))
    assert drawn is not None
    assert len(drawn.panels) == 2
    homes = [{head.text for head in panel.grid.heads} for panel in drawn.panels]
    assert not homes[0] & homes[1]
    for panel in drawn.panels:
        cells = [cell for row in panel.grid.rows for cell in row.cells if cell.kind != "absent"]
        assert panel.block.svg.count("<path") >= len(cells)
        files = companions(Edition(checked.catalogue, {}), [panel.block])
        numbers = list(csv.DictReader(io.StringIO(files[f"{panel.block.own}.csv"].decode())))
        assert len(numbers) == len(cells)
        assert {words.number(row["obs_value"]) for row in numbers} == {cell.text for cell in cells}
        assert "Who is counted" in files[f"{panel.block.own}.svg"].decode()
        assert f"{panel.block.embed}/index.html" in files


def test_two_totals_of_pay_say_in_which_currency(checked: Checked) -> None:
    labels = [code.label for code in checked.examined.structure.codelist("cur").codes.values()]
    told = [one.sentence for one in checked.findings if one.rule == "same-total" and one.table.startswith("EAR_")]
    assert told
    for sentence in told:
        assert any(label in sentence for label in labels), sentence
