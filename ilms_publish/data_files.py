"""The data files of a package, read and put on loan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ilms_publish.lending import ROOM, ROW, Lent, Loan, frame_on_loan
from ilms_publish.model import Structure
from ilms_publish.naming import UNSEEN
from ilms_publish.problems import IlmsError, Problem, Severity
from ilms_publish.reading import ShapeError, decode, parse_csv, read_bytes, refuse_endless, relative, text_problems

ALL_SHAPES = 10 * ROW
"""Bytes of a row in all the shapes in which a package is held while it is checked and its files are made."""


@dataclass(frozen=True, slots=True)
class DataFiles:
    """held: ids of the tables with a file that is safe to read; tables: those that parse; problems: of the others."""

    held: tuple[str, ...]
    tables: Lent[pd.DataFrame]
    problems: list[Problem]


def data_files(folder: Path, root: Path, structure: Structure) -> DataFiles:
    """The files below `data/` of a package's folder."""
    by_slug = {table.slug: table for table in structure.tables.values()}
    held: list[str] = []
    loans: dict[str, Loan[pd.DataFrame]] = {}
    problems: list[Problem] = []
    data = folder / "data"
    for path in sorted(data.iterdir()) if data.is_dir() and not data.is_symlink() else ():
        if path.name in UNSEEN:
            continue
        file = relative(path, root)
        definition = by_slug.get(path.stem)
        if path.suffix != ".csv" or definition is None:
            sentence = (
                "This file is not named after a table of tables.yaml (id in lower case, .csv). Rename or remove it."
            )
            problems.append(Problem(file, 0, "", "known-table", Severity.ERROR, sentence))
            continue
        try:
            loans[definition.id], found = _read(path, root, definition.columns)
            problems += found
        except ShapeError as error:
            problems.append(error.problem("readable-file"))
        except IlmsError as error:
            problems.append(error.problem("readable-file"))
            continue
        held.append(definition.id)
    ROOM.at_least(sum(loan.weight for loan in loans.values()) * ALL_SHAPES // ROW)
    return DataFiles(tuple(held), Lent(loans.items()), problems)


def _read(path: Path, root: Path, columns: tuple[str, ...]) -> tuple[Loan[pd.DataFrame], list[Problem]]:
    file = relative(path, root)
    text = decode(read_bytes(path, root), file)
    refuse_endless(text, file)
    frame = parse_csv(text, file, columns)
    return frame_on_loan(frame), text_problems(frame, file)
