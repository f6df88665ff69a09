"""Each rule is seen to fail on one fault, and to be silent on sound figures."""

from collections.abc import Callable

import pandas as pd
import pytest

from tests.worlds import World

EMPLOYED = "zza/data/mst_temp_sex_eco_cct_nb.csv"
BY_COUNTRY = "zza/data/mst_ncte_sex_cct_nb.csv"
OUTFLOW = "zzb/data/mna_oemp_sex_cds_nb.csv"
Fault = Callable[[World], None]


def cell(name: str, value: str, column: str = "obs_value", **codes: str) -> Fault:
    """Sets one cell of the row with the given codes."""

    def spoil(world: World) -> None:
        def change(frame: pd.DataFrame) -> pd.DataFrame:
            mask = pd.Series(True, index=frame.index)
            for key, code in codes.items():
                mask &= frame[key] == code
            assert mask.sum() == 1, f"{mask.sum()} rows have {codes}"
            frame.loc[mask, column] = value
            return frame

        world.rows(name, change)

    return spoil


def without(name: str, **codes: str) -> Fault:
    """Removes the rows with the given codes."""

    def spoil(world: World) -> None:
        def change(frame: pd.DataFrame) -> pd.DataFrame:
            mask = pd.Series(True, index=frame.index)
            for key, code in codes.items():
                mask &= frame[key] == code
            assert mask.any()
            return frame[~mask]

        world.rows(name, change)

    return spoil


def edit(name: str, old: str, new: str) -> Fault:
    """Replaces a text of an authored file."""
    return lambda world: world.edit(name, old, new)


def both(*faults: Fault) -> Fault:
    """Several faults at once."""

    def spoil(world: World) -> None:
        for fault in faults:
            fault(world)

    return spoil


def scaled(name: str, factor: float, year: str) -> Fault:
    """Multiplies every value of one year."""

    def spoil(world: World) -> None:
        def change(frame: pd.DataFrame) -> pd.DataFrame:
            mask = (frame["time_period"] == year) & (frame["obs_value"] != "")
            frame.loc[mask, "obs_value"] = [f"{float(text) * factor:.3f}" for text in frame.loc[mask, "obs_value"]]
            return frame

        world.rows(name, change)

    return spoil


def recoded(world: World) -> None:
    """Gives one year the codes of the older edition of ISIC, the others those of the present one."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame[frame["eco"].isin(["ECO_SECTOR_TOTAL", "ECO_SECTOR_AGR"])].copy()
        old = frame["time_period"] == "2018"
        for edition, mask in (("ISIC3", old), ("ISIC4", ~old)):
            frame.loc[mask, "eco"] = frame.loc[mask, "eco"].map(
                {"ECO_SECTOR_TOTAL": f"ECO_{edition}_TOTAL", "ECO_SECTOR_AGR": f"ECO_{edition}_A"}
            )
        return frame

    world.rows(EMPLOYED, change)


OTHER_SOURCE = """sources:
  - id: zza-other
    title: Another count
    type: AR_PERMIT
    rest: not_yet_documented
    supplies:
      - {tables: [MST_NCTE_SEX_CCT_NB], years: "2019", basis: inferred, evidence: Invented for tests.}
"""

AT = {"sex": "SEX_T", "eco": "ECO_SECTOR_TOTAL", "cct": "CCT_CIT_TOTAL", "time_period": "2019"}


def revise(world: World, row: str) -> None:
    """Gives the package a revision history of one row."""
    world.path("zza/revisions.csv").write_text(f"date,table,where,years,kind,reason,noticed_by\n{row}\n")


FAULTS: dict[str, Fault] = {
    "sex-sum": cell(OUTFLOW, "99.000", sex="SEX_T", cds="CDS_DES_X", time_period="2017"),
    "class-sum": cell(EMPLOYED, "90.000", sex="SEX_F", eco="ECO_SECTOR_IND", cct="CCT_CIT_CITIZEN", time_period="2019"),
    "citizenship-sum": cell(EMPLOYED, "9.000", **AT | {"cct": "CCT_CIT_X"}),
    "rest-not-printed": without(EMPLOYED, cct="CCT_CIT_X"),
    "part-above-total": both(
        without(OUTFLOW, cds="CDS_DES_X"),
        cell(OUTFLOW, "77.000", sex="SEX_T", cds="CDS_DES_ZZA", time_period="2017"),
    ),
    "same-total": cell(BY_COUNTRY, "77.000", sex="SEX_T", cct="CCT_CTZ_TOTAL", time_period="2019"),
    "sources-disagree": both(
        cell(BY_COUNTRY, "30.000", sex="SEX_T", cct="CCT_CTZ_TOTAL", time_period="2019"),
        cell(BY_COUNTRY, "zza-other", "source", sex="SEX_T", cct="CCT_CTZ_TOTAL", time_period="2019"),
        edit("zza/sources.yaml", "sources:\n", OTHER_SOURCE),
    ),
    "level-break": cell(BY_COUNTRY, "900.000", sex="SEX_T", cct="CCT_CTZ_TOTAL", time_period="2020"),
    "unit-slip": scaled(BY_COUNTRY, 1000, "2020"),
    "one-edition": recoded,
    "missing-status": cell(EMPLOYED, "", **AT),
    "value-status": cell(EMPLOYED, "Q", "obs_status", **AT),
    "value-range": cell(EMPLOYED, "-1.000", **AT),
    "series-source": edit("zza/sources.yaml", "years: 2018-2021", "years: 2018-2020"),
    "source-answers": edit("zza/sources.yaml", "    rest: not_yet_documented\n", ""),
    "table-definition": lambda world: undefine(world, "MST_NCTE_SEX_CCT_NB"),
    "limitation-scope": edit("zzb/limitations.csv", ",,2019,", ",,2044,"),
    "limitation-stale": scaled(OUTFLOW, 1 / 1000, "2019"),
    "collection-state": edit("zza/collection.csv", "2026-02,not_possible", "2026-02,published"),
    "revision-entry": lambda world: revise(world, "2026-11-30,MST_NCTE_SEX_CCT_NB,,2019,update,Recount.,Agency"),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_rule_finds_its_fault(world: World, rule: str) -> None:
    assert rule not in world.found()
    FAULTS[rule](world)
    world.package()
    checked = world.check()
    assert not checked.errors, checked.errors
    assert rule in {finding.rule for finding in checked.findings if not finding.acknowledged_by}


def undefine(world: World, table: str) -> None:
    """Empties the definition of one table."""
    path = world.path("structure/tables.yaml")
    lines = path.read_text("utf-8").split("\n")
    at = lines.index(f"  - id: {table}")
    start = next(n for n in range(at, len(lines)) if lines[n].startswith("    definition:"))
    end = next(n for n in range(start + 1, len(lines)) if not lines[n].startswith("      "))
    path.write_text("\n".join([*lines[:start], "    definition: ''", *lines[end:]]), "utf-8")


def test_sound_figures_give_no_open_finding(world: World) -> None:
    assert world.found() == set()


@pytest.mark.parametrize(
    "row",
    [
        "30.11.2026,MST_NCTE_SEX_CCT_NB,,2019,correction,Recount.,Agency",
        "2026-11-30,MST_QQQ,,2019,correction,Recount.,Agency",
        "2026-11-30,MST_NCTE_SEX_CCT_NB,cct=CCT_QQQ,2019,correction,Recount.,Agency",
        "2026-11-30,MST_NCTE_SEX_CCT_NB,,last year,correction,Recount.,Agency",
        "2026-11-30,MST_NCTE_SEX_CCT_NB,,2019,correction,,Agency",
        "2026-11-30,MST_NCTE_SEX_CCT_NB,,2019,correction,Recount.,",
    ],
    ids=["date", "table", "where", "years", "reason", "noticed_by"],
)
def test_revision_entry_is_whole(world: World, row: str) -> None:
    revise(world, row)
    assert world.found() == {"revision-entry"}


def test_withheld_year_does_not_accuse_its_neighbours(world: World) -> None:
    checked = world.check("zzb")
    assert [finding.acknowledged_by for finding in checked.findings] == [("zzb-persons-2019",)]
    world.rows("zzb/limitations.csv", lambda frame: frame[frame["action"] != "withhold"])
    world.package()
    assert {finding.rule for finding in world.check("zzb").findings} == {"unit-slip"}
    world.rows("zzb/data/mna_oemp_sex_cds_nb.csv", lambda frame: frame[frame["time_period"] != "2021"])
    assert len(world.check("zzb").open) == 1


def test_sum_blames_the_total(world: World) -> None:
    FAULTS["sex-sum"](world)
    finding = next(f for f in world.check().findings if f.rule == "sex-sum")
    frame = world.check().catalogue
    assert frame is not None
    table, line = finding.cells[0]
    row = frame.tables["zzb", table].frame.loc[line]
    assert (row["sex"], row["cds"], row["time_period"]) == ("SEX_T", "CDS_DES_X", "2017")
    assert str(finding.problem).startswith(f"datapackages/{OUTFLOW}:{line}:obs_value: warning [sex-sum] 2017")


def test_tolerance_is_half_a_unit_times_the_parts(world: World) -> None:
    at = {"sex": "SEX_T", "cct": "CCT_CTZ_X", "time_period": "2019"}
    frame = world.check().catalogue
    assert frame is not None
    rows = frame.tables["zza", "MST_NCTE_SEX_CCT_NB"].frame
    mask = pd.Series(True, index=rows.index)
    for key, code in at.items():
        mask &= rows[key] == code
    issued = float(rows.loc[mask, "obs_value"].iloc[0])
    cell(BY_COUNTRY, f"{issued + 0.001:.3f}", **at)(world)
    assert "sex-sum" not in world.found()
    cell(BY_COUNTRY, f"{issued + 0.002:.3f}", **at)(world)
    assert "sex-sum" in world.found()


def test_overlapping_class_is_never_added(world: World) -> None:
    without(EMPLOYED, eco="ECO_SECTOR_NAG", cct="CCT_CIT_TOTAL", time_period="2019")(world)
    assert world.found() == set()


def test_incomplete_list_may_stay_below_its_total(world: World) -> None:
    without(BY_COUNTRY, cct="CCT_CTZ_X")(world)
    assert world.found() == set()
