"""Bad input gives every problem, located, with what to do; findings and limitations keep their contract."""

from collections.abc import Callable

import pandas as pd
import pytest

from ilms_publish.problems import IlmsError, Problem, Severity
from tests.worlds import World

OUTFLOW = "zzb/data/mna_oemp_sex_cds_nb.csv"
FIRST = "ZZB,SEX_F,CDS_DES_TOTAL,2016,5.500,A,zzb-labour-departures,"


def line_of(world: World, text: str) -> int:
    return world.path(OUTFLOW).read_text("utf-8").split("\n").index(text) + 1


@pytest.mark.parametrize(
    ("new", "field", "rule"),
    [
        ("ZZQ,SEX_F,CDS_DES_TOTAL,2016,5.500,A,zzb-labour-departures,", "ref_area", "constraint-error"),
        ("ZZB,SEX_Q,CDS_DES_TOTAL,2016,5.500,A,zzb-labour-departures,", "sex", "constraint-error"),
        ("ZZB,SEX_F,CDS_DES_QQQ,2016,5.500,A,zzb-labour-departures,", "cds", "constraint-error"),
        ("ZZB,SEX_F,CDS_DES_TOTAL,2016,5.500,@,zzb-labour-departures,", "obs_status", "constraint-error"),
        ("ZZB,SEX_F,CDS_DES_TOTAL,2016,5.500,A,zzb-nobody,", "source", "constraint-error"),
        (",SEX_F,CDS_DES_TOTAL,2016,5.500,A,zzb-labour-departures,", "ref_area", "constraint-error"),
        ("ZZB,SEX_F,CDS_DES_TOTAL,20016,5.500,A,zzb-labour-departures,", "time_period", "plain-number"),
        ("ZZB,SEX_F,CDS_DES_TOTAL,2016,5 500,A,zzb-labour-departures,", "obs_value", "plain-number"),
        ('ZZB,SEX_F,CDS_DES_TOTAL,2016,"5,500",A,zzb-labour-departures,', "obs_value", "plain-number"),
        ("ZZB,SEX_F,CDS_DES_TOTAL,2016,1_000,A,zzb-labour-departures,", "obs_value", "plain-number"),
        ("ZZB,SEX_F,CDS_DES_TOTAL,2016,NaN,A,zzb-labour-departures,", "obs_value", "plain-number"),
        ("ZZB,SEX_F,CDS_DES_TOTAL,2016,5.500,A,zzb-labour-departures,=1+1", "note", "safe-text"),
        ("ZZB,SEX_F,CDS_DES_TOTAL,2016,5.500,A,zzb-labour-departures,a\u202eb", "note", "safe-text"),
        ("ZZB,SEX_F,CDS_DES_TOTAL,2016,5.500,A,zzb-labour-departures", "", "missing-cell"),
        ("ZZB,SEX_F,CDS_DES_TOTAL,2016,5.500,A,zzb-labour-departures,,", "", "extra-cell"),
        ("", "", "blank-row"),
    ],
)
def test_bad_row_is_located(world: World, new: str, field: str, rule: str) -> None:
    row = line_of(world, FIRST)
    world.edit(OUTFLOW, FIRST, new)
    checked = world.check()
    assert checked.catalogue is None
    found = [problem for problem in checked.errors if problem.rule == rule]
    assert found, checked.errors
    assert (found[0].file, found[0].row) == (f"datapackages/{OUTFLOW}", row)
    if field:
        assert field in {problem.field for problem in found}


def test_duplicate_key_names_the_second_row(world: World) -> None:
    row = line_of(world, FIRST)
    world.edit(OUTFLOW, FIRST, f"{FIRST}\n{FIRST.replace('5.500', '6.000')}")
    assert [(p.row, p.rule) for p in world.check().errors] == [(row + 1, "primary-key")]


def test_all_problems_of_all_files_are_told_at_once(world: World) -> None:
    world.edit(OUTFLOW, FIRST, FIRST.replace("SEX_F", "SEX_Q"))
    world.edit("zza/sources.yaml", "type: LFS", "type: LFS\n    type: PC")
    world.edit("zza/limitations.csv", "zza-stats-lfs,,,", "zza-stats-lfs,eco,,")
    problems = {(problem.file, problem.rule) for problem in world.check().errors}
    assert {
        (f"datapackages/{OUTFLOW}", "constraint-error"),
        ("datapackages/zza/sources.yaml", "readable-file"),
        ("datapackages/zza/limitations.csv", "readable-file"),
    } <= problems


Spoil = Callable[[World], object]


@pytest.mark.parametrize(
    ("spoil", "file", "says"),
    [
        (lambda w: w.path("zza/package.yaml").unlink(), "zza/package.yaml", "missing"),
        (lambda w: w.path("zza/sources.yaml").write_text("sources: [1"), "zza/sources.yaml", "not readable YAML"),
        (lambda w: w.path("zza/limitations.csv").unlink(), "zza/limitations.csv", "missing"),
        (lambda w: w.path(OUTFLOW).write_bytes(b"\xff\xfe"), OUTFLOW, "UTF-8"),
        (lambda w: w.path(OUTFLOW).rename(w.path("zzb/data/other.csv")), "zzb/data/other.csv", "not named after"),
        (lambda w: w.edit("zza/package.yaml", "id: zza", "id: zzq"), "zza/package.yaml", "folder's name"),
        (lambda w: w.edit("zza/package.yaml", "version: 1.0.0", "version: one"), "zza/package.yaml", "three numbers"),
        (lambda w: w.edit("zza/sources.yaml", "url: https", "url: javascript"), "zza/sources.yaml", "https://"),
        (lambda w: w.edit("zza/sources.yaml", "years: 2018-2021", "years: then"), "zza/sources.yaml", "2006-2014"),
    ],
)
def test_broken_file_is_named(world: World, spoil: Spoil, file: str, says: str) -> None:
    spoil(world)
    told = [problem for problem in world.check().errors if problem.file == f"datapackages/{file}"]
    assert any(says in problem.sentence for problem in told), world.check().errors


def test_broken_structure_is_one_line(world: World) -> None:
    world.edit("structure/tables.yaml", "modules:\n", "modules: none\nmodule:\n")
    with pytest.raises(IlmsError, match=r"^datapackages/structure/tables.yaml:modules: should be a list"):
        world.check()


def test_unknown_package_is_a_request_error(world: World) -> None:
    with pytest.raises(IlmsError, match="there are zza, zzb"):
        world.check("zzz")


def test_one_package_is_checked_alone(world: World) -> None:
    world.edit(OUTFLOW, FIRST, FIRST.replace("SEX_F", "SEX_Q"))
    assert world.check("zza").clean
    assert not world.check("zzb").clean


def test_source_id_is_used_once_in_the_register(world: World) -> None:
    for name in ("zzb/sources.yaml", "zzb/data/mna_oemp_sex_cds_nb.csv"):
        path = world.path(name)
        path.write_text(path.read_text("utf-8").replace("zzb-labour-departures", "zza-stats-lfs"), "utf-8")
    world.package()
    assert [problem.rule for problem in world.check().errors] == ["unique-source"]


def test_removed_limitation_opens_its_finding(world: World) -> None:
    assert world.check().clean
    world.rows("zzb/limitations.csv", lambda frame: frame[frame["id"] != "zzb-persons-2019"])
    world.package()
    assert [problem.rule for problem in world.check().open] == ["unit-slip"]


def test_limitation_acknowledges_cell_by_cell(world: World) -> None:
    def narrow(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[frame["id"] == "zzb-persons-2019", ["action", "where"]] = ["publish", "sex=SEX_T"]
        return frame

    world.rows("zzb/limitations.csv", narrow)
    world.rows(OUTFLOW, lambda frame: frame[frame["time_period"].isin(["2016", "2017", "2018", "2019"])])
    world.package()
    checked = world.check()
    cells = {bool(finding.acknowledged_by): len(finding.cells) for finding in checked.findings}
    assert cells == {True: 3, False: 6}


def test_one_side_suffices_across_two_tables(world: World) -> None:
    by_country = "zza/data/mst_ncte_sex_cct_nb.csv"

    def spoil(frame: pd.DataFrame) -> pd.DataFrame:
        at = (frame["sex"] == "SEX_T") & (frame["cct"] == "CCT_CTZ_TOTAL") & (frame["time_period"] == "2019")
        frame.loc[at, "obs_value"] = "70.000"
        return frame

    world.rows(by_country, spoil)
    assert "same-total" in world.found()
    acknowledged = (
        "zza-two-totals,totals-differ,publish,same-total,{},,,2019,Two extractions differ.,Invented for tests."
    )
    path = world.path("zza/limitations.csv")
    before = path.read_text("utf-8")
    for table in ("MST_NCTE_SEX_CCT_NB", "MST_TEMP_SEX_ECO_CCT_NB"):
        path.write_text(before + acknowledged.format(table) + "\n", "utf-8")
        world.package()
        assert "same-total" not in world.found(), table


def test_gate_one_errors_are_never_silenced(world: World) -> None:
    world.edit(OUTFLOW, FIRST, FIRST.replace("5.500", "5 500"))
    path = world.path("zzb/limitations.csv")
    row = "zzb-hush,unit-slip,publish,plain-number,MNA_OEMP_SEX_CDS_NB,,,2016,Hush.,Invented for tests.\n"
    path.write_text(path.read_text("utf-8") + row, "utf-8")
    world.package()
    assert "plain-number" in {problem.rule for problem in world.check().errors}


def test_problem_prints_on_one_inert_line() -> None:
    problem = Problem("a.csv", 4, "note", "safe-text", Severity.ERROR, "line\n::error::x\x1b[31m")
    assert str(problem) == "a.csv:4:note: error [safe-text] line<U+000A>::error::x<U+001B>[31m"
