"""A table with everything said about each figure: names of codes, status in words, source, basis, limitations."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ilms_publish.catalogue import WITHHELD, PublishedTable
from ilms_publish.derive import UNKNOWN_SOURCE
from ilms_publish.model import Limitation, Source, Structure
from ilms_publish.scope import covered, matches

NOT_IDENTIFIED, INFERRED = "not identified", "inferred"
BETWEEN = " | "
"""Between the texts of several limitations in one cell; no authored text holds it."""
FIRST = ("ref_area", "sex")
COLUMNS = {
    "time_period": "Year the figure refers to",
    "obs_value": "The figure exactly as issued; blank when the status says that it is missing",
    "obs_status": "Observation status, a letter of SDMX CL_OBS_STATUS",
    "obs_status_label": "Observation status in words",
    "use": "published, or withheld: kept as issued but not to be used",
    "withheld_because": "Why the figure is withheld",
    "unit": "Unit of the figure",
    "source": "Id of the source in the register",
    "source_title": "Title of the source",
    "source_type": "Kind of source",
    "source_basis": "How it is known that the figure rests on this source: documented, inferred or not identified",
    "source_licence": "Terms of the source",
    "note": "Notes that came with the figure, as issued",
    "limitations": "Ids of the limitations that touch the figure, apart by spaces",
    "limitations_text": "The same in words, apart by vertical bars",
    "table": "Id of the table",
    "table_title": "Title of the table",
    "definition": "What the table counts",
    "package": "Id of the package",
    "edition": "The edition the figure was taken from",
    "licence": "Licence of the edition",
}
"""The columns after the dimensions, in order, each with its meaning."""


def described(table: PublishedTable, structure: Structure) -> pd.DataFrame:
    """Every row of a table as text: codes each followed by their name, then `COLUMNS`.

    Index = line of the committed file, as in the catalogue.
    """
    frame, definition, package = table.frame, table.definition, table.package
    made: dict[str, object] = {}
    for column in definition.series:
        codelist = structure.codelist(column)
        made |= {column: frame[column], f"{column}_label": frame[column].map(codelist.label)}
    made |= {column: frame[column] for column in ("time_period", "obs_value", "obs_status")}
    made["obs_status_label"] = frame["obs_status"].map(structure.codelist("obs_status").label)
    made |= {"use": frame["use"], "withheld_because": reasons(table), "unit": definition.unit}
    made |= _sources(table, structure)
    made |= {"note": frame["note"], "limitations": frame["limitations"]}
    texts = {one.id: one.text for one in table.limitations}
    made["limitations_text"] = in_words(frame["limitations"], texts)
    made |= {"table": definition.id, "table_title": definition.title, "definition": definition.definition}
    made |= {"package": package.id, "edition": package.edition, "licence": licence(package.licences)}
    return pd.DataFrame(made, index=frame.index)


def _sources(table: PublishedTable, structure: Structure) -> dict[str, pd.Series[str]]:
    types = structure.codelists["CL_SOURCE_TYPE"]
    names = table.frame["source"]
    sources = {source.id: source for source in table.sources}
    return {
        "source": names,
        "source_title": names.map({name: one.title for name, one in sources.items()}),
        "source_type": names.map({name: types.label(one.type) for name, one in sources.items()}),
        "source_basis": basis(table),
        "source_licence": names.map({name: terms(one) for name, one in sources.items()}),
    }


def basis(table: PublishedTable) -> pd.Series[str]:
    """For each row how it is known that it rests on its source: documented, inferred, or not identified."""
    frame = table.frame
    found = pd.Series("", index=frame.index)
    for source in table.sources:
        own = frame["source"] == source.id
        if source.type == UNKNOWN_SOURCE:
            found[own] = NOT_IDENTIFIED
            continue
        for supply in source.supplies:
            if matches(supply.tables, table.definition.id):
                found[own & (found == "") & covered(frame, supply.where, supply.years)] = supply.basis
    return found.replace("", INFERRED)


def reasons(table: PublishedTable) -> pd.Series[str]:
    """For each withheld row the words of the limitations that withhold it, else an empty text."""
    withholding = {one.id: one.text for one in table.limitations if one.withholds}
    words = in_words(table.frame["limitations"], withholding)
    return words.where(table.frame["use"] == WITHHELD, "")


def in_words(ids: pd.Series[str], texts: Mapping[str, str]) -> pd.Series[str]:
    """Ids apart by spaces as the texts known for them; each distinct cell is put together once."""
    cells = {cell: BETWEEN.join(texts[name] for name in cell.split() if name in texts) for cell in ids.unique()}
    return ids.map(cells)


def withholding(limitations: tuple[Limitation, ...]) -> frozenset[str]:
    """Ids of the limitations that withhold."""
    return frozenset(one.id for one in limitations if one.withholds)


def day(issued: str) -> str:
    """The date of an edition with a day: a month stands for its first day, a year for its first month."""
    return issued + "-01" * (2 - issued.count("-")) if issued else "1970-01-01"


def terms(source: Source) -> str:
    """The licence of a source in words."""
    return source.licence.get("title") or source.licence.get("name", "")


def licence(licences: tuple[Mapping[str, str], ...]) -> str:
    """The licences of a package in words, each with its address when there is one."""
    titles = [(one.get("title") or one.get("name", ""), one.get("path", "")) for one in licences]
    return "; ".join(f"{title} ({path})" if title and path else title or path for title, path in titles)
