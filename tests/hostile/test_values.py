"""Threats 14, 18 and 21 in the cells of figures and scopes: numbers, years, codes and conditions that are none."""

# ruff: noqa: E501

import pytest

from tests.hostile.conftest import Look
from tests.hostile.fields import put_cells
from tests.worlds import World

DATA = "zza/data/mst_ncte_sex_cct_nb.csv"
ROW = "ZZA,SEX_F,CCT_CTZ_TOTAL,2018,22.625,A,zza-stats-lfs,"
COLUMNS = ("ref_area", "sex", "cct", "time_period", "obs_value", "obs_status", "source", "note")

NUMBERS = {
    "power of ten": "1e309", "small power": "1E-5", "four hundred digits": "9" * 400, "sixteen digits": "1" * 16,
    "many decimals": "0." + "1" * 400, "infinite": "Infinity", "inf": "inf", "minus inf": "-inf", "nan": "NaN",
    "not available": "NA", "null": "null", "none": "None", "true": "true", "plus": "+5", "two signs": "--5",
    "no whole": ".5", "no decimals": "5.", "two points": "1.2.3", "hexadecimal": "0x10", "underscore": "1_000",
    "comma": "1,000", "space": "1 000", "thin space": "1\u202f000", "apostrophe": "1'000", "percent": "12%",
    "currency": "$5", "fraction": "1/2", "half": "\u00bd", "superscript": "10\u00b2", "arabic": "\u0661\u0662",
    "thai": "\u0e51\u0e52", "wide": "\uff11\uff12", "roman": "\u2160", "minus sign": "\u22125", "before": " 5", "after": "5 ",
    "no-break space": "5\u00a0", "zero width": "5\u200b", "formula": "=5", "markup": "<b>5</b>", "date": "2018-01-01",
    "range": "5-6", "about": "~5", "less": "<5", "footnote": "5*", "imaginary": "5j", "letter o": "1O0", "dots": "...",
    "dash": "-", "catastrophic": "1" * 4000 + "x",
}  # fmt: skip

YEARS = {
    "nought": "0000", "end": "9999", "five digits": "20016", "two digits": "18", "before Christ": "-2018", "zero": "02018",
    "quarter": "2018Q1", "month": "2018-01", "span": "2018-2019", "decimal": "2018.0", "power": "2e3", "wide": "\uff12018",
    "thai": "\u0e52\u0e50\u0e51\u0e58", "buddhist era in words": "B.E. 2561", "space": " 2018", "after": "2018 ",
    "blank": "", "text": "latest", "far ahead": "3018",
}  # fmt: skip

CODES = {
    "lower case": ("sex", "sex_f"), "space": ("sex", "SEX_F "), "no-break space": ("sex", "SEX_F\u00a0"),
    "lookalike": ("sex", "S\u0415X_F"), "wide": ("sex", "\uff33EX_F"), "zero width": ("sex", "SEX\u200b_F"),
    "two codes": ("sex", "SEX_F|SEX_M"), "other list": ("sex", "CCT_CTZ_TOTAL"), "unknown": ("cct", "CCT_CTZ_QQQ"),
    "path": ("cct", "../../x"), "prototype": ("cct", "__proto__"), "markup": ("cct", "<script>"), "blank": ("cct", ""),
    "pattern": ("cct", ".*"), "quote": ("cct", "' OR 1=1 --"), "other country": ("ref_area", "ZZB"),
    "aggregate": ("ref_area", "X01"), "name": ("ref_area", "Zedland"), "two letters": ("ref_area", "ZZ"),
    "status": ("obs_status", "?"), "small status": ("obs_status", "a"), "two statuses": ("obs_status", "AB"),
    "no status": ("obs_status", ""), "other source": ("source", "zzb-labour-departures"), "no source": ("source", ""),
    "source path": ("source", "../zzb"),
}  # fmt: skip

CASES = {
    **{f"value {name}": ("obs_value", text) for name, text in NUMBERS.items()},
    **{f"year {name}": ("time_period", text) for name, text in YEARS.items()},
    **{f"code {name}": pair for name, pair in CODES.items()},
}


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set('",') else text


@pytest.mark.parametrize("name", CASES)
def test_cell_that_is_no_value_is_located(zza: World, look: Look, name: str) -> None:
    column, text = CASES[name]
    cells = ROW.split(",")
    cells[COLUMNS.index(column)] = quoted(text)
    zza.edit(DATA, ROW, ",".join(cells))
    told = {(problem.file, problem.row, problem.field) for problem in look() if problem.severity == "error"}
    assert (f"datapackages/{DATA}", 2, column) in told, told


SUSPECT = {"minus": "-5.000", "minus nought": "-0", "minus nought with decimals": "-0.000", "minus little": "-0.001"}


@pytest.mark.parametrize("name", SUSPECT)
def test_negative_figure_is_found(zza: World, look: Look, name: str) -> None:
    zza.edit(DATA, ROW, ROW.replace("22.625", SUSPECT[name]))
    found = [problem for problem in look() if problem.rule == "value-range"]
    assert [(problem.row, problem.field) for problem in found] == [(2, "obs_value")]


HEAD = "zza-new,sums-differ,publish,sex-sum,MST_NCTE_SEX_CCT_NB,,,2018,Text.,Evidence.\n"
SCOPES = {
    # column of limitations.csv, text, field of the problem
    "backward years": ("years", "2019-2018", "tables"), "all years there are": ("years", "0000-9999", "where"), "many years in one": ("years", "1800-2199", "rules"),
    "five digits": ("years", "1-99999", "where"), "open years": ("years", "2018-", "where"),
    "years in words": ("years", "since 2018", "where"), "many years": ("years", "2018," * 500 + "2018", "rules"),
    "no sign": ("where", "sex", "where"), "no column": ("where", "=SEX_F", "where"), "no code": ("where", "sex=", "where"),
    "unknown column": ("where", "sexe=SEX_F", "where"), "attribute": ("where", "__class__=x", "where"),
    "unknown code": ("where", "sex=SEX_Q", "where"), "spelling": ("where", "sex=sex_f", "where"),
    "value as a column": ("where", "obs_value=1", "where"), "markup": ("where", "<b>=x", "where"),
    "pattern": ("where", "sex=.*", "where"), "thousands of codes": ("where", "sex=" + "|".join(["SEX_F"] * 600), "rules"),
    "too long": ("where", "sex=" + "|".join(["SEX_F"] * 700), "where"),
    "unknown table": ("tables", "MST_NCTE_SEX_CCT_NX", "tables"), "table path": ("tables", "../x", "tables"),
    "table pattern": ("tables", "M?T_*", "tables"), "catastrophic": ("tables", "(a+)+$" + "a" * 40, "tables"),
    "unknown source": ("sources", "zzb-labour-departures", "sources"), "unknown type": ("type", "sums-differs", "type"),
    "unknown action": ("action", "delete", "action"), "no action": ("action", "", "action"),
    "unknown rule": ("rules", "rm -rf /", "rules"), "gate 1 rule": ("rules", "plain-number", "rules"),
    "no text": ("text", "", "text"), "no evidence": ("evidence", "", "evidence"), "no id": ("id", "", "id"),
    "id of another": ("id", "zza-households-only", "id"), "id by path": ("id", "../x", "id"),
    "id by markup": ("id", "a\"onclick=x", "id"), "id with capitals": ("id", "ZZA-new", "id"),
}  # fmt: skip
LIMITATION = ("id", "type", "action", "rules", "tables", "sources", "where", "years", "text", "evidence")


@pytest.mark.parametrize("name", SCOPES)
def test_scope_that_is_none_is_located(zza: World, look: Look, name: str) -> None:
    column, text, field = SCOPES[name]
    cells = HEAD.rstrip("\n").split(",")
    cells[LIMITATION.index(column)] = quoted(text)
    path = zza.path("zza/limitations.csv")
    row = path.read_text("utf-8").count("\n") + 1
    path.write_text(path.read_text("utf-8") + ",".join(cells) + "\n", "utf-8")
    told = {(p.file, p.row, p.field) for p in look()}
    assert ("datapackages/zza/limitations.csv", row, field) in told, told


QUOTED = {
    "no number": ("obs_value", "about 31000"), "power": ("obs_value", "1e309"), "no figure": ("obs_value", ""),
    "script": ("url", "javascript:alert(1)"), "quote": ("url", "https://example.org/'x"),
    "no host": ("url", "https://"), "file": ("url", "file:///etc/passwd"), "no address": ("url", ""),
    "id": ("id", "<b>"), "id path": ("id", "../x"), "no id": ("id", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", QUOTED)
def test_quoted_figure_is_checked(zza: World, look: Look, name: str) -> None:
    column, text = QUOTED[name]
    put_cells(zza, "zza/reported.csv", [(2, column)], text)
    assert [(p.file, p.row, p.field) for p in look()] == [("datapackages/zza/reported.csv", 2, column)]


LISTED = {
    "unknown table": ("MST_NCTE_SEX_CCT_NB,2026-02", "MST_NCTE,2026-02", "table"),
    "unknown round": ("MST_NCTE_SEX_CCT_NB,2026-02", "MST_NCTE_SEX_CCT_NB,<b>", "round"),
    "unknown state": ("MST_NCTE_SEX_CCT_NB,2026-02,published", "MST_NCTE_SEX_CCT_NB,2026-02,hidden", "state"),
    "withheld": ("MST_NCTE_SEX_CCT_NB,2026-02,published", "MST_NCTE_SEX_CCT_NB,2026-02,withheld", "state"),
}


@pytest.mark.parametrize("name", LISTED)
def test_collection_that_is_none_is_located(zza: World, look: Look, name: str) -> None:
    old, new, field = LISTED[name]
    zza.edit("zza/collection.csv", old, new)
    told = {(p.file, p.row, p.field) for p in look()}
    assert ("datapackages/zza/collection.csv", 3, field) in told, told
