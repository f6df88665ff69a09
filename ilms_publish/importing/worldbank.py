"""The World Bank's Global Bilateral Migration Database: census decades side by side, one row per sex and pair."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ilms_publish.importing.areas import area_names
from ilms_publish.importing.attribute import attribute
from ilms_publish.importing.incoming import Carrier, Incoming, LeaveOut
from ilms_publish.importing.undesa import refuse_unknown
from ilms_publish.model import Package, Structure
from ilms_publish.reading import read_csv

COLUMNS = ("sex", "destcode", "origincode", "Y1960", "Y1970", "Y1980", "Y1990", "Y2000")
SEXES = {"Female": "SEX_F", "Male": "SEX_M"}


def read_worldbank(
    carrier: Carrier, structure: Structure, packages: Mapping[str, Package], leave_out: LeaveOut
) -> Incoming:
    """The rows of the file in our columns: persons, women and men; a 0 stays a 0. Raises IlmsError on another "
    "header."""
    wide = leave_out.keep(read_csv(carrier.path, carrier.path.parent, COLUMNS), carrier.name)
    names = area_names(structure)
    coded = pd.DataFrame(
        {
            "ref_area": wide["destcode"].str.lower().map(names),
            "sex": wide["sex"].map(SEXES),
            "origin": wide["origincode"].str.lower().map(names),
        }
    )
    incoming = Incoming(carrier)
    for year in COLUMNS[3:]:
        frame = coded.assign(time_period=year[1:], obs_value=wide[year], note="", label="")
        frame["obs_status"] = ["A" if value else "O" for value in wide[year]]
        issued = {"ref_area": wide["destcode"], "origin": wide["origincode"], "sex": wide["sex"]}
        sound = refuse_unknown(incoming, frame, issued if year == COLUMNS[3] else {}).dropna()
        attribute(incoming, packages["worldbank"], structure.tables["worldbank_stock_by_origin"], sound)
    return incoming
