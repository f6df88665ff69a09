"""Imports place every row or refuse it; twice is the same as once; a refused row stops all."""

from pathlib import Path

import pytest

from ilms_publish.importing.run import Outcome, run_import
from ilms_publish.problems import IlmsError
from tests.worlds import World

OFFICIAL = (
    "ref_area,source,indicator,sex,classif1,classif2,time,obs_value,obs_status,note_classif,note_indicator,note_source"
)
CARRIER = "ref_area,sex,classif1,time,mna_oemp_sex_cds_nb"


def bring(world: World, name: str, *lines: str, layout: str = "ilostat", leave_out: tuple[str, ...] = ()) -> Outcome:
    path = world.root / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return run_import(world.root, layout, [path], "test edition", leave_out)


def snapshot(world: World) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in world.path("").rglob("*") if path.is_file()}


def test_official_layout_is_placed_with_status_and_notes(world: World) -> None:
    notes = "C6:1,I11:264,R1:3513_T2:85"
    row = f"ZZA,BA:1,MST_TEMP_SEX_ECO_CCT_NB_A,SEX_T,ECO_SECTOR_TOTAL,CCT_CIT_NONCIT,2022,70.5,M,{notes}"
    outcome = bring(world, "bulk.csv", OFFICIAL, row)
    assert (outcome.refused, [(c.added, c.changed) for c in outcome.changes]) == ([], [(1, 0)])
    text = world.path("zza/data/mst_temp_sex_eco_cct_nb.csv").read_text("utf-8")
    note = "classif C6:1; indicator I11:264; source R1:3513_T2:85"
    assert f"ZZA,SEX_T,ECO_SECTOR_TOTAL,CCT_CIT_NONCIT,2022,70.5,E,zza-stats-lfs,{note}\n" in text
    assert 'bulk.csv,ilostat,"International Labour Organization, ILOSTAT",test edition' in world.path(
        "zza/imports.csv"
    ).read_text("utf-8")


def test_carrier_layout_restores_codes_and_finds_the_source(world: World) -> None:
    outcome = bring(world, "carrier.csv", CARRIER, "zzb,sex_t,cds_des_zza,2022,7.10", "zzb,sex_t,cds_des_total,2022,")
    assert outcome.refused == []
    text = world.path("zzb/data/mna_oemp_sex_cds_nb.csv").read_text("utf-8")
    assert "ZZB,SEX_T,CDS_DES_ZZA,2022,7.10,A,zzb-labour-departures,\n" in text, "the value is kept as printed"
    assert "ZZB,SEX_T,CDS_DES_TOTAL,2022,,O,zzb-labour-departures,\n" in text


def test_second_import_changes_nothing(world: World) -> None:
    lines = (CARRIER, "zzb,sex_t,cds_des_zza,2022,7.1", "zzb,sex_t,cds_des_zza,2018,3.3")
    first = bring(world, "carrier.csv", *lines)
    assert [(c.added, c.changed, c.same) for c in first.changes] == [(1, 1, 0)]
    before = snapshot(world)
    second = bring(world, "carrier.csv", *lines)
    assert [(c.added, c.changed, c.same) for c in second.changes] == [(0, 0, 2)]
    assert (snapshot(world), second.written) == (before, 0)


@pytest.mark.parametrize(
    ("line", "field", "says"),
    [
        ("zzb,sex_q,cds_des_zza,2022,7", "sex", "SEX_Q"),
        ("zzb,sex_t,cds_des_qqq,2022,7", "cds", "CDS_DES_QQQ"),
        ("zzb,sex_t,cds_des_zza,2022Q1,7", "time_period", "no year"),
        ("zzb,sex_t,cds_des_zza,2022,7 000", "obs_value", "no plain number"),
        ("zzb,sex_t,cds_des_zza,2022,NaN", "obs_value", "no plain number"),
        ("qqq,sex_t,cds_des_zza,2022,7", "ref_area", "No package"),
        ("zza,sex_t,cds_des_zza,2022,7", "source", "No source"),
    ],
)
def test_row_that_cannot_be_placed_stops_everything(world: World, line: str, field: str, says: str) -> None:
    before = snapshot(world)
    outcome = bring(world, "carrier.csv", CARRIER, "zzb,sex_t,cds_des_zza,2023,7", line)
    assert [(problem.file, problem.row, problem.field) for problem in outcome.refused] == [("carrier.csv", 3, field)]
    assert says in outcome.refused[0].sentence
    assert (snapshot(world), outcome.written) == (before, 0)


@pytest.mark.parametrize("wish", ["carrier.csv:3", "carrier.csv:3-9", "CDS_DES_QQQ", "other-areas"])
def test_rows_are_left_out_when_told(world: World, wish: str) -> None:
    bad = "qqq,sex_t,cds_des_qqq,2022,7" if wish != "other-areas" else "qqq,sex_t,cds_des_zza,2022,7"
    outcome = bring(world, "carrier.csv", CARRIER, "zzb,sex_t,cds_des_zza,2023,7", bad, leave_out=(wish,))
    assert (outcome.refused, outcome.changes[0].added) == ([], 1)


def test_same_key_twice_is_refused(world: World) -> None:
    outcome = bring(world, "carrier.csv", CARRIER, "zzb,sex_t,cds_des_zza,2023,7", "zzb,sex_t,cds_des_zza,2023,8")
    assert [problem.rule for problem in outcome.refused] == ["primary-key"]


def test_unknown_status_letter_is_refused(world: World) -> None:
    row = "ZZA,BA:1,MST_TEMP_SEX_ECO_CCT_NB_A,SEX_T,ECO_SECTOR_TOTAL,CCT_CIT_NONCIT,2022,70.5,Z,,,"
    assert [problem.rule for problem in bring(world, "bulk.csv", OFFICIAL, row).refused] == ["known-status"]


def test_unknown_source_label_is_refused(world: World) -> None:
    row = "ZZA,BA:9,MST_TEMP_SEX_ECO_CCT_NB_A,SEX_T,ECO_SECTOR_TOTAL,CCT_CIT_NONCIT,2022,70.5,,,,"
    assert "BA:9" in bring(world, "bulk.csv", OFFICIAL, row).refused[0].sentence


def test_two_sources_for_one_table_and_year_are_refused(world: World) -> None:
    second = """  - id: zzb-second
    title: A second register
    type: AR
    rest: not_yet_documented
    supplies:
      - {tables: [MNA_OEMP_SEX_CDS_NB], years: "2022", basis: inferred, evidence: Invented for tests.}
"""
    path = world.path("zzb/sources.yaml")
    path.write_text(path.read_text("utf-8") + second, "utf-8")
    outcome = bring(world, "carrier.csv", CARRIER, "zzb,sex_t,cds_des_zza,2022,7")
    assert "zzb-labour-departures and zzb-second" in outcome.refused[0].sentence


def test_other_layout_is_named(world: World) -> None:
    with pytest.raises(IlmsError, match="no ILOSTAT layout"):
        bring(world, "odd.csv", "country,year,value", "ZZA,2022,7")


def test_quoted_figures_keep_agency_and_address(world: World) -> None:
    header = "country,reference_date,concept,dimension,category,value,unit,source_quoted,page_address"
    good = "ZZA,2021,work permits,total,total,32000,persons,Zedland Immigration,https://example.org/a"
    outcome = bring(world, "quoted.csv", header, good, layout="reported")
    assert outcome.refused == []
    assert "32000,persons,Zedland Immigration,https://example.org/a" in world.path("zza/reported.csv").read_text(
        "utf-8"
    )
    bad = "ZZA,2021,work permits,total,total,32000,persons,Zedland Immigration,javascript:alert(1)"
    assert bring(world, "quoted.csv", header, bad, layout="reported").refused[0].field == "page_address"
