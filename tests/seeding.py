"""Puts the faults of `seeded/*.yaml` into packages: what is done to which figures, and where it must be found.

A fault names the figures it may befall (`to`, `beside`, `least`); one of them is drawn, always the same for the same
words, so that the list holds for any edition of the figures. The packages are loaded once and never changed.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from ilms_publish.model import Package, Structure
from ilms_publish.rules import PackageView, view
from ilms_publish.scope import conditions, covered, matches

SEEDED = Path(__file__).parent / "seeded"
KEYS = {"fault", "does", "of", "to", "beside", "without", "least", "caught", "blames", "field", "in", "file", "at"}
Key = tuple[str, ...]
Frame = Any
"""A data frame of texts."""


@dataclass(frozen=True)
class Fault:
    """One fault in one place.

    does: what is done, words and their arguments (see `DOES`, `LINES`); of: figure, year, series, after (the series
    from there on) or table, what it is done to around the figure drawn; to, beside, without: figures that qualify,
    and what must or must not be printed with them; least: the smallest figure that qualifies; caught: the rule;
    blames: how the figure that is blamed
    differs from the one drawn; file, at: for faults of the other files, which file and key.
    """

    family: str
    title: str
    package: str
    table: str
    does: Mapping[str, Any]
    caught: str
    of: str = "figure"
    to: str = ""
    beside: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    least: float = 0.0
    blames: str = ""
    field: str = "obs_value"
    file: str = ""
    at: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a failing test is called."""
        place = f"{self.package}-{self.table or self.file}"
        return f"{self.family}: {self.title}: {place}"


def faults(kind: str = "*") -> list[Fault]:
    """All faults of the files whose name fits, one for every place."""
    found = []
    for path in sorted(SEEDED.glob(f"{kind}.yaml")):
        for entry in yaml.safe_load(path.read_text("utf-8")):
            assert set(entry) <= KEYS, (path.name, entry["fault"], set(entry) - KEYS)
            found += list(_placed(path.stem, entry))
    return found


def _placed(family: str, entry: Mapping[str, Any]) -> Iterator[Fault]:
    for place in entry["in"]:
        package, _, table = place.partition(" ")
        yield Fault(
            family=family,
            title=entry["fault"],
            package=package,
            table=table,
            does=entry["does"],
            caught=entry["caught"],
            of=entry.get("of", "figure"),
            to=entry.get("to", ""),
            beside=tuple(entry.get("beside", ())),
            without=tuple(entry.get("without", ())),
            least=float(entry.get("least", 0)),
            blames=entry.get("blames", ""),
            field=entry.get("field", "obs_value"),
            file=entry.get("file", ""),
            at=tuple(str(entry.get("at", "")).split()),
        )


@dataclass(frozen=True)
class Planted:
    """A table after a fault. frame: as it would be read; at: the row that must be blamed, of several any one."""

    frame: pd.DataFrame
    at: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Sound:
    """A package as it is, with its tables ready for the rules."""

    looked_at: PackageView

    @property
    def package(self) -> Package:
        """The package."""
        return self.looked_at.package

    @property
    def structure(self) -> Structure:
        """The structure it rests on."""
        return self.looked_at.structure

    def spoilt(self, table: str, frame: pd.DataFrame, alone: bool = False) -> PackageView:
        """The package with one table in another state, the others as they are or, where alone, left out."""
        changed = view(replace(self.package, tables={table: frame}), self.structure)
        if alone:
            return changed
        whole = replace(self.package, tables={**self.package.tables, table: frame})
        return PackageView(self.structure, whole, {**self.looked_at.tables, **changed.tables})


class Drawing:
    """The rows of a table by their keys, from which one is drawn for a fault."""

    def __init__(self, sound: Sound, fault: Fault) -> None:
        self.fault, self.sound = fault, sound
        self.table = sound.structure.tables[fault.table]
        self.frame = sound.package.tables[fault.table].reset_index(drop=True)
        self.series = (*self.table.series, "time_period")
        self.places: dict[Key, int] = {}
        self.keys: list[Key] = list(self.frame[list(self.series)].itertuples(index=False, name=None))
        for place, key in enumerate(self.keys):
            self.places.setdefault(key, place)
        self.issued: list[str] = self.frame["obs_value"].tolist()
        self.values = sound.looked_at.tables[fault.table].frame["value"].to_numpy()
        self.spoken_for = self._spoken_for()
        self.random = random.Random(f"{fault.title} {fault.package} {fault.table}")

    def _spoken_for(self) -> Any:
        """Rows that a limitation already answers for, and rows that are withheld: nothing new is told of them."""
        held = self.sound.looked_at.tables[self.fault.table].frame
        mask = held["withheld"].to_numpy().copy()
        for one in self.sound.package.limitations:
            if self.fault.caught in one.rules and matches(one.tables, self.fault.table):
                mask |= covered(held, one.where, one.years, one.sources).to_numpy()
        return mask

    def beside(self, place: int, change: str) -> int | None:
        """The row whose key differs as `sex=SEX_F; time_period=-1` says, or None."""
        key = dict(zip(self.series, self.keys[place], strict=True))
        for column, (code,) in conditions(change).items():
            moved = column == "time_period" and code[0] in "+-"
            key[column] = str(int(key[column]) + int(code)) if moved else code
        return self.places.get(tuple(key.values()))

    def draw(self) -> int:
        """The row that the fault befalls."""
        fits = self.fitting().to_numpy() & ~self.spoken_for
        if self.fault.least:
            fits &= self.values >= self.fault.least
        able = [place for place in range(len(self.frame)) if fits[place]]
        self.random.shuffle(able)
        for place in able:
            if self._surrounded(place):
                return place
        raise AssertionError(f"{self.fault.name}: no figure qualifies")

    def fitting(self) -> "pd.Series[bool]":
        """The rows that `to` names; a code that ends in `*` stands for all plain classes that begin so."""
        parts = []
        for column, codes in conditions(self.fault.to).items():
            named = list(codes)
            if codes[0].endswith("*"):
                known = self.sound.structure.codelist(column).codes.values()
                named = [c.code for c in known if c.code.startswith(codes[0][:-1]) and c.parent and not c.residual]
            parts.append(f"{column}={'|'.join(named)}")
        return covered(self.frame, "; ".join(parts), "")

    def _surrounded(self, place: int) -> bool:
        least = self.fault.least
        for change in self.fault.beside:
            other = self.beside(place, change)
            if other is None or not self.values[other] >= least:
                return False
        if any(self.beside(place, change) is not None for change in self.fault.without):
            return False
        if self.fault.of == "year":
            return not self.spoken_for[self.unit(place)].any()
        blamed = self.beside(place, self.fault.blames) if self.fault.blames else place
        return blamed is not None and not self.spoken_for[blamed]

    def unit(self, place: int) -> list[int]:
        """The rows that the fault befalls together with the one drawn."""
        columns = {"figure": self.series, "year": ("ref_area", "time_period"), "series": self.table.series}
        if self.fault.of == "table":
            return list(range(len(self.frame)))
        if self.fault.of == "after":
            own = [self.frame[column] == self.frame.at[place, column] for column in self.table.series]
            later = self.frame["time_period"] >= self.frame.at[place, "time_period"]
            return [int(row) for row in self.frame.index[np.logical_and.reduce([*own, later])]]
        alike = self.fitting()
        for column in columns[self.fault.of]:
            alike &= self.frame[column] == self.frame.at[place, column]
        return [int(row) for row in self.frame.index[alike]]


def plant(sound: Sound, fault: Fault) -> Planted:
    """The fault in its place."""
    drawing = Drawing(sound, fault)
    drawn = drawing.draw()
    frame = drawing.frame.copy()
    frame["row"] = [float(row) for row in range(len(frame))]
    unit = drawing.unit(drawn)
    for word, argument in fault.does.items():
        frame = DOES[word](drawing, frame, unit, argument)
    frame = frame.sort_values("row", kind="stable")
    blamed = {drawing.beside(row, fault.blames) if fault.blames else row for row in unit}
    rows = frame["row"].to_numpy()
    frame = frame.drop(columns="row")
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return Planted(frame, tuple(int(at) + 2 for at, row in enumerate(rows) if row in blamed or row % 1))


def _like(text: str, value: float) -> str:
    """A number with as many decimals as a text."""
    return f"{value:.{len(text.partition('.')[2])}f}"


def _set(drawing: Drawing, frame: Frame, unit: list[int], argument: Mapping[str, str]) -> Frame:
    for column, text in argument.items():
        assert column in frame.columns
        frame.loc[unit, column] = str(text)
    return frame


def _times(drawing: Drawing, frame: Frame, unit: list[int], argument: float) -> Frame:
    for row in unit:
        text = frame.at[row, "obs_value"]
        if text:
            frame.at[row, "obs_value"] = _like(text, float(text) * float(argument))
    return frame


def _plus(drawing: Drawing, frame: Frame, unit: list[int], argument: float) -> Frame:
    for row in unit:
        text = frame.at[row, "obs_value"]
        frame.at[row, "obs_value"] = _like(f"{text}{'' if '.' in text else '.000'}", float(text) + float(argument))
    return frame


def _copy(drawing: Drawing, frame: Frame, unit: list[int], argument: str) -> Frame:
    for row in unit:
        other = drawing.beside(row, argument)
        if other is not None:
            frame.at[row, "obs_value"] = drawing.issued[other]
    return frame


def _exchange(drawing: Drawing, frame: Frame, unit: list[int], argument: str) -> Frame:
    for row in unit:
        other = drawing.beside(row, argument)
        if other is not None:
            frame.at[row, "obs_value"] = drawing.issued[other]
            frame.at[other, "obs_value"] = drawing.issued[row]
    return frame


def _drop(drawing: Drawing, frame: Frame, unit: list[int], argument: object) -> Frame:
    return frame.drop(index=unit)


def _add(drawing: Drawing, frame: Frame, unit: list[int], argument: Mapping[str, str]) -> Frame:
    """A row more behind each, which differs as told."""
    for row in unit:
        new = frame.loc[row].copy()
        for column, text in (argument or {}).items():
            new[column] = str(int(new[column]) + int(text)) if str(text)[0] in "+" else str(text)
        new["row"] = row + 0.5
        frame.loc[len(drawing.frame) + row] = new
    return frame


def _shift(drawing: Drawing, frame: Frame, unit: list[int], argument: str) -> Frame:
    """Each figure moves to the next of the classes of a column that are printed, the last to the first."""
    order = list(drawing.sound.structure.codelist(argument).codes)
    others = [column for column in drawing.series if column != argument]
    for _, rows in frame.loc[unit].groupby(others, sort=False):
        classes = sorted(rows.index, key=lambda row: order.index(frame.at[row, argument]))
        values = [drawing.issued[row] for row in classes]
        for row, value in zip(classes, [values[-1], *values[:-1]], strict=True):
            frame.at[row, "obs_value"] = value
    return frame


def _recode(drawing: Drawing, frame: Frame, unit: list[int], argument: Mapping[str, str]) -> Frame:
    ((column, change),) = argument.items()
    old, new = change.split(" -> ")
    frame.loc[unit, column] = frame.loc[unit, column].str.replace(old, new, regex=False)
    return frame


def _from(drawing: Drawing, frame: Frame, unit: list[int], argument: str) -> Frame:
    """The figures of another table with the same columns."""
    other = drawing.sound.package.tables[argument]
    theirs = dict(zip(other[list(drawing.series)].itertuples(index=False, name=None), other["obs_value"], strict=True))
    for row in unit:
        frame.at[row, "obs_value"] = theirs.get(drawing.keys[row], frame.at[row, "obs_value"])
    return frame


def _round(drawing: Drawing, frame: Frame, unit: list[int], argument: int) -> Frame:
    for row in unit:
        text = frame.at[row, "obs_value"]
        frame.at[row, "obs_value"] = f"{float(text):.{argument}f}" if text else ""
    return frame


def _alone(drawing: Drawing, frame: Frame, unit: list[int], argument: str) -> Frame:
    """One class takes the figure of the total; the other classes go."""
    ((column, (code,)),) = conditions(argument).items()
    total = drawing.sound.structure.codelist(column).codes[code].parent
    for row in unit:
        if frame.at[row, column] == code:
            frame.at[row, "obs_value"] = drawing.issued[drawing.beside(row, f"{column}={total}") or 0]
    return frame.drop(index=[row for row in unit if frame.at[row, column] not in (code, total)])


DOES: dict[str, Callable[[Drawing, Frame, list[int], Any], Frame]] = {
    "set": _set, "times": _times, "plus": _plus, "copy": _copy, "exchange": _exchange, "drop": _drop, "add": _add,
    "shift": _shift, "recode": _recode, "from": _from, "round": _round, "alone": _alone,
}  # fmt: skip
