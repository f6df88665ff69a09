"""UN DESA International Migrant Stock: the long bilateral file and the wide UN tables 1, 2 and 6."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from ilms_publish.importing.areas import area_names
from ilms_publish.importing.attribute import attribute
from ilms_publish.importing.incoming import Carrier, Incoming, LeaveOut
from ilms_publish.model import Package, Structure
from ilms_publish.problems import IlmsError
from ilms_publish.reading import NUMBER, decode, parse_csv, read_bytes, read_csv

LONG = ("year", "sex", "origin", "destination", "migrants")
SEXES = {"total": "SEX_T", "female": "SEX_F", "male": "SEX_M"}
TABLES = {"1": "undesa_stock", "2": "undesa_population", "6": "undesa_refugees"}
BLOCKS = (("both sexes", "SEX_T"), ("females", "SEX_F"), ("males", "SEX_M"))
LEFT_OUT = ("percentage", "rate of change")
NOT_AVAILABLE = "~"


def read_undesa(
    carrier: Carrier, structure: Structure, packages: Mapping[str, Package], leave_out: LeaveOut
) -> Incoming:
    """The rows of one UN DESA file in our columns; percentages and rates, which are derived, are not taken.

    Raises IlmsError when the file is neither the long bilateral file nor UN table 1, 2 or 6.
    """
    text = decode(read_bytes(carrier.path, carrier.path.parent), carrier.name)
    if text.startswith(",".join(LONG)):
        return _bilateral(carrier, structure, packages, leave_out)
    number = re.search(r"Table ([0-9]):", text)
    if not number or number[1] not in TABLES:
        raise IlmsError(
            f"is neither the bilateral file ({','.join(LONG)}) nor UN table 1, 2 or 6 of the migrant stock workbook",
            file=carrier.name,
        )
    return _wide(carrier, text, TABLES[number[1]], structure, packages)


def _bilateral(
    carrier: Carrier, structure: Structure, packages: Mapping[str, Package], leave_out: LeaveOut
) -> Incoming:
    raw = leave_out.keep(read_csv(carrier.path, carrier.path.parent, LONG), carrier.name)
    names = area_names(structure)
    incoming = Incoming(carrier)
    frame = pd.DataFrame(
        {
            "ref_area": raw["destination"].str.lower().map(names),
            "sex": raw["sex"].map(SEXES),
            "origin": raw["origin"].str.lower().map(names),
            "time_period": raw["year"],
            "obs_value": raw["migrants"],
            "obs_status": "A",
            "note": "",
            "label": "",
        }
    )
    issued = {"ref_area": raw["destination"], "origin": raw["origin"], "sex": raw["sex"]}
    sound = refuse_unknown(incoming, frame, issued).dropna()
    attribute(incoming, packages["undesa"], structure.tables["undesa_stock_by_origin"], sound)
    return incoming


def refuse_unknown(incoming: Incoming, frame: pd.DataFrame, issued: Mapping[str, pd.Series[str]]) -> pd.DataFrame:
    """Refuses rows whose area or sex has no code, naming the text found; and values or years that are none.

    Returns the rows with a number and a year; those without a code are still among them, with nothing in its place.
    """
    for column, texts in issued.items():
        for text, lines in texts[frame[column].isna()].groupby(texts, sort=False).groups.items():
            sentence = f"'{text}' has no code. Add it to the aliases of CL_AREA, or leave the rows out."
            incoming.refuse(lines, column, "known-code", sentence)
    bad = ~(frame["obs_value"].str.fullmatch(NUMBER.pattern) | (frame["obs_value"] == ""))
    for line, text in frame.loc[bad, "obs_value"].items():
        incoming.refuse([line], "obs_value", "plain-number", f"'{text}' is no plain number.")
    odd = ~frame["time_period"].str.fullmatch(r"[12][0-9]{3}")
    for line, text in frame.loc[odd, "time_period"].items():
        incoming.refuse([line], "time_period", "annual-only", f"'{text}' is no year.")
    return frame[~(bad | odd)]


def _wide(carrier: Carrier, text: str, table: str, structure: Structure, packages: Mapping[str, Package]) -> Incoming:
    try:
        cells = parse_csv(_with_header(text), carrier.name)
    except IlmsError as error:
        raise IlmsError(error.sentence, file=error.file, row=error.row - 1) from None
    cells.index = cells.index - 1
    lines = {int(str(line)): [str(cell) for cell in row] for line, row in cells.iterrows()}
    header = next((line for line, row in lines.items() if "Location code" in row), None)
    if header is None:
        raise IlmsError("has no row with 'Location code', which names the columns", file=carrier.name)
    columns = lines[header]
    if "Type of data" not in columns:
        raise IlmsError("has no column 'Type of data'", file=carrier.name, row=header)
    area_at, type_at = columns.index("Location code"), columns.index("Type of data")
    blocks = _blocks(lines, header, carrier.name)
    names = area_names(structure)
    incoming = Incoming(carrier)
    rows = []
    for line, values in lines.items():
        if line <= header or not values[area_at]:
            continue
        area = names.get(values[area_at].zfill(3))
        if area is None:
            incoming.refuse([line], "Location code", "known-code", f"'{values[area_at]}' is no M49 code of CL_AREA.")
            continue
        for at, sex in blocks.items():
            issued = values[at]
            missing = issued in (NOT_AVAILABLE, "")
            note = f"UN type of data {values[type_at]}"
            rows.append((line, area, sex, columns[at], "" if missing else issued, "O" if missing else "A", note, ""))
    fields = ["line", "ref_area", "sex", "time_period", "obs_value", "obs_status", "note", "label"]
    frame = pd.DataFrame(rows, columns=fields, dtype="object").set_index("line").astype("str")
    sound = refuse_unknown(incoming, frame, {})
    attribute(incoming, packages["undesa"], structure.tables[table], sound)
    return incoming


def _with_header(text: str) -> str:
    """The text below a made-up header, so that every line is data."""
    width = text.partition("\n")[0].count(",") + 1
    return ",".join(f"c{n}" for n in range(width)) + "\n" + text


def _blocks(lines: Mapping[int, list[str]], header: int, file: str) -> dict[int, str]:
    """Position of each year column to take -> sex, from the block titles above the header."""
    columns = lines[header]
    above = (lines[line] for line in range(header - 1, 0, -1) if line in lines)
    titles = next((row for row in above if any("mid-year" in cell for cell in row)), None)
    if titles is None:
        raise IlmsError("has no row above the header that names the blocks ('… at mid-year')", file=file, row=header)
    taken: dict[int, str] = {}
    title = ""
    for at, column in enumerate(columns):
        title = titles[at] or title
        if re.fullmatch(r"[0-9]{4}", column) and not any(word in title for word in LEFT_OUT):
            sex = next((code for words, code in BLOCKS if words in title), None)
            if sex is None:
                raise IlmsError(f"the block '{title}' is of no known sex", file=file, row=header)
            taken[at] = sex
    return taken
