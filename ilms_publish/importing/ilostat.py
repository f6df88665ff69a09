"""ILOSTAT's bulk layouts: the official twelve columns, and one value column named by the indicator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from ilms_publish import note_codes
from ilms_publish.importing.attribute import attribute
from ilms_publish.importing.incoming import Carrier, Incoming, LeaveOut
from ilms_publish.model import Package, Structure, TableDefinition
from ilms_publish.problems import IlmsError
from ilms_publish.reading import NUMBER, read_csv, records, text_fault

OFFICIAL = (
    "ref_area", "source", "indicator", "sex", "classif1", "classif2", "time", "obs_value", "obs_status",
    *note_codes.COLUMNS,
)  # fmt: skip
PLAIN_START = ("ref_area", "sex")
PLAIN_MIDDLES = (("time",), ("classif1", "time"), ("classif1", "classif2", "time"))


def read_ilostat(
    carrier: Carrier, structure: Structure, packages: Mapping[str, Package], leave_out: LeaveOut
) -> Incoming:
    """The rows of one ILOSTAT file in our columns, with its observation status mapped to SDMX.

    Raises IlmsError when the header is neither layout; rows that cannot be placed are refused one by one.
    """
    raw = read_csv(carrier.path, carrier.path.parent)
    incoming = Incoming(carrier)
    if tuple(raw.columns) == OFFICIAL:
        official = raw
    elif tuple(raw.columns[:2]) == PLAIN_START and tuple(raw.columns[2:-1]) in PLAIN_MIDDLES:
        official = _from_plain(raw)
    else:
        raise IlmsError(
            f"the columns {','.join(raw.columns)} are no ILOSTAT layout; they should be {','.join(OFFICIAL)}, "
            "or ref_area,sex,classif1[,classif2],time and one column named by the indicator",
            file=carrier.name, row=1,
        )  # fmt: skip
    coded = _recode(leave_out.keep(_upper(official), carrier.name), structure)
    coded = leave_out.keep(coded, carrier.name)
    tables = _tables(structure)
    for indicator, rows in coded.groupby("indicator", sort=False):
        table = tables.get(str(indicator))
        if table is None:
            sentence = f"The indicator '{indicator}' is no table of tables.yaml, by its present or an earlier id."
            incoming.refuse(rows.index, "indicator", "known-table", sentence)
            continue
        _place(incoming, table, rows, structure, packages, leave_out)
    return incoming


def _tables(structure: Structure) -> dict[str, TableDefinition]:
    """Every table by its present id, and by an earlier id that only one table bore."""
    former = [(str(entry["id"]), table) for table in structure.tables.values() for entry in table.history]
    count = Counter(name for name, _ in former)
    return {name: table for name, table in former if count[name] == 1} | dict(structure.tables)


def _from_plain(raw: pd.DataFrame) -> pd.DataFrame:
    indicator = raw.columns[-1]
    official = raw.set_axis([*raw.columns[:-1], "obs_value"], axis=1).assign(indicator=indicator)
    return official.reindex(columns=list(OFFICIAL), fill_value="")


def _upper(frame: pd.DataFrame) -> pd.DataFrame:
    upper = frame.copy()
    for column in ("ref_area", "indicator", "sex", "classif1", "classif2"):
        upper[column] = frame[column].str.upper()
    upper["indicator"] = upper["indicator"].str.replace(r"_A$", "", regex=True)
    return upper


def _recode(frame: pd.DataFrame, structure: Structure) -> pd.DataFrame:
    """Codes with the hyphen restored where a carrier wrote `_` for it."""
    written = {
        code.replace("-", "_"): code
        for codelist in structure.codelists.values()
        for code in codelist.codes
        if "-" in code and codelist.dimension
    }
    recoded = frame.copy()
    for column in ("classif1", "classif2"):
        recoded[column] = frame[column].map(lambda code: written.get(code, code))
    return recoded


def _place(
    incoming: Incoming,
    table: TableDefinition,
    rows: pd.DataFrame,
    structure: Structure,
    packages: Mapping[str, Package],
    leave_out: LeaveOut,
) -> None:
    classes = ["classif1", "classif2"][: len(table.dimensions)]
    statuses = {code.code: code.extra["sdmx"] for code in structure.codelists["CL_ILOSTAT_STATUS"].codes.values()}
    frame = rows.rename(columns=dict(zip(classes, table.dimensions, strict=True)) | {"time": "time_period"})
    notes = [note_codes.read(row) for _, row in records(rows[list(note_codes.COLUMNS)])]
    frame["note"] = [one.note for one in notes]
    frame["told"] = [one.status for one in notes]
    frame["label"] = rows["source"]
    sound = _sound(incoming, table, frame, structure, statuses)
    sound = sound.assign(
        obs_status=[
            told or (statuses[status] if status else ("A" if value else "O"))
            for told, status, value in zip(sound["told"], sound["obs_status"], sound["obs_value"], strict=True)
        ]
    )
    owners = {package.area: package for package in packages.values() if package.national}
    for area, mine in sound.groupby("ref_area", sort=False):
        package = owners.get(str(area))
        if package is None:
            if not leave_out.other_areas:
                sentence = f"No package holds the area '{area}'. Add one, or leave it out with --leave-out other-areas."
                incoming.refuse(mine.index, "ref_area", "known-package", sentence)
            continue
        attribute(incoming, package, table, mine)


def _sound(
    incoming: Incoming, table: TableDefinition, frame: pd.DataFrame, structure: Structure, statuses: Mapping[str, str]
) -> pd.DataFrame:
    """The rows whose every cell can be read; the others are refused with the cell named."""
    bad = pd.Series(False, index=frame.index)

    def refuse(mask: pd.Series[bool], column: str, rule: str, sentence: str) -> None:
        for text, lines in frame[mask & ~bad].groupby(column, sort=False).groups.items():
            incoming.refuse(lines, column, rule, sentence.format(text))
        bad.update(bad | mask)

    for column in ("sex", *table.dimensions):
        known = set(structure.codelist(column).codes)
        refuse(~frame[column].isin(known), column, "known-code", "The code '{}' is not in the codelist of this column.")
    unused = [column for column in ("classif1", "classif2") if column in frame.columns]
    for column in unused:
        refuse(frame[column] != "", column, "known-code", f"'{{}}': {table.id} has no such classification.")
    refuse(~frame["time_period"].str.fullmatch(r"[12][0-9]{3}"), "time_period", "annual-only", "'{}' is no year.")
    plain = frame["obs_value"].str.fullmatch(NUMBER.pattern) | (frame["obs_value"] == "")
    refuse(~plain, "obs_value", "plain-number", "'{}' is no plain number.")
    harmful = frame["note"].map({note: bool(text_fault(note)) for note in frame["note"].unique()}).astype(bool)
    refuse(harmful, "note", "safe-text", "The note '{:.40}' holds invisible characters, or is too long.")
    mapped = frame["obs_status"].isin(["", *statuses])
    refuse(~mapped, "obs_status", "known-status", "The ILOSTAT status '{}' has no mapping in CL_ILOSTAT_STATUS.")
    known = set(structure.codelist("obs_status").codes)
    refuse(~frame["told"].isin(["", *known]), "told", "known-status", "The note gives the unknown status '{}'.")
    return frame[~bad]
