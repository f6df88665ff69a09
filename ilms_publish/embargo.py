"""Embargo: what is checked but may not be told yet is taken out of the catalogue, so that no output can know of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from ilms_publish.catalogue import Awaited, Catalogue, assembled
from ilms_publish.days import day
from ilms_publish.examining import Examined
from ilms_publish.findings import by_limitation, unanswered
from ilms_publish.model import Embargo, Limitation, Package, Source, Structure, Supply
from ilms_publish.problems import IlmsError
from ilms_publish.scope import covered, matches, spelled, years

UNFINISHED = "-pre"
"""Ends the version of a package of which a part is not yet published: it is not the version that will be released."""
Cells = frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Held:
    """Something held back: a whole package when tables is empty. until: None when the day is not known."""

    package: str
    tables: tuple[str, ...]
    until: date | None


def public(catalogue: Catalogue, today: date) -> Catalogue:
    """What may be told on a day; the same catalogue when nothing is held back.

    Whatever speaks only of figures under embargo goes with them: sources, limitations, supplies, imports, revisions,
    states of collection. The rules look anew at what is left, so that no finding tells of the rest.
    Raises IlmsError when an embargo names a round that does not exist, or nothing at all is left.
    """
    structure = catalogue.structure
    if not list(held_back(catalogue, today)):
        return catalogue
    whole = {name for name, one in catalogue.packages.items() if _whole(one, today)}
    packages = {
        name: _opened(package, structure, today) for name, package in catalogue.packages.items() if name not in whole
    }
    if not packages:
        raise IlmsError(f"nothing may be published on {today.isoformat()}: every package is under embargo")
    silent = _silenced(catalogue, assembled(structure, _afresh(structure, packages)), packages)
    packages = {
        name: replace(package, limitations=tuple(one for one in package.limitations if one.id not in silent))
        for name, package in packages.items()
    }
    left = assembled(structure, _afresh(structure, packages))
    unfounded = {id(finding) for finding in unanswered(left.findings)}
    told = tuple(finding for finding in left.findings if id(finding) not in unfounded)
    released = tuple(one for one in catalogue.releases if one.package in packages)
    return replace(left, findings=told, awaited=tuple(_awaited(catalogue, packages, today)), releases=released)


def _afresh(structure: Structure, packages: Mapping[str, Package]) -> dict[str, Examined]:
    return {name: Examined(structure, package) for name, package in packages.items()}


def held_back(catalogue: Catalogue, today: date) -> Iterator[Held]:
    """Everything that is not published on a day, for those who publish."""
    for package in catalogue.packages.values():
        if _whole(package, today):
            yield Held(package.id, (), _release(package))
        for one in _active(package, catalogue.structure, today):
            tables = tuple(name for name in package.tables if matches(one.tables, name))
            yield Held(package.id, tables, until(one, catalogue.structure))


def until(embargo: Embargo, structure: Structure) -> date | None:
    """The day an embargo ends; None as long as rounds.csv gives no day for the round. Raises IlmsError."""
    if embargo.release_date:
        return day(embargo.release_date)
    rounds = structure.rounds
    known = list(rounds.loc[rounds["round"] == embargo.round, "published"])
    if not known:
        raise IlmsError(f"an embargo names the round '{embargo.round}', which is not in rounds.csv")
    return day(known[0])


def _whole(package: Package, today: date) -> bool:
    release = _release(package)
    return release is not None and release > today


def _release(package: Package) -> date | None:
    """The later of the day of release and the date of the edition, which cannot be out before its date."""
    return max(filter(None, (day(package.release_date), day(package.issued))), default=None)


def _active(package: Package, structure: Structure, today: date) -> list[Embargo]:
    ends = [(one, until(one, structure)) for one in package.embargoes]
    return [one for one, end in ends if end is None or end > today]


def _opened(package: Package, structure: Structure, today: date) -> Package:
    """A package without what is under embargo on a day."""
    active = _active(package, structure, today)
    if not active:
        return package
    shut = {name: _covered(frame, name, active) for name, frame in package.tables.items()}
    closed = frozenset((name, int(line)) for name, mask in shut.items() for line in mask.index[mask])
    tables = {name: frame[~shut[name]] for name, frame in package.tables.items() if not shut[name].all()}
    touched = {name for name, mask in shut.items() if mask.any()}
    gone = _only_source_of(package, closed)
    return replace(
        package,
        version=package.version + UNFINISHED,
        sources={name: _source(one, package, closed) for name, one in package.sources.items() if name not in gone},
        limitations=tuple(one for one in package.limitations if not _speaks_only_of(one, package, closed, gone)),
        collection=_collection(package.collection, touched, active),
        imports=package.imports[~package.imports["table"].isin(touched)],
        revisions=package.revisions[[_may_be_told(row, package, closed) for row in _rows(package.revisions)]],
        changes=package.changes[
            [_may_be_told({**row, "years": row["year"]}, package, closed) for row in _rows(package.changes)]
        ],
        held=tuple(name for name in package.held if name in tables),
        tables=tables,
    )  # fmt: skip


def _covered(frame: pd.DataFrame, table: str, active: Iterable[Embargo]) -> pd.Series[bool]:
    mask = pd.Series(False, index=frame.index)
    for one in active:
        if matches(one.tables, table):
            mask |= covered(frame, one.where, one.years)
    return mask


def _touch(package: Package, tables: tuple[str, ...], where: str, when: str, sources: tuple[str, ...] = ()) -> Cells:
    """The rows that a scope covers."""
    found: set[tuple[str, int]] = set()
    for name, frame in package.tables.items():
        if matches(tables, name):
            mask = covered(frame, where, when, sources)
            found |= {(name, int(line)) for line in mask.index[mask]}
    return frozenset(found)


def _speaks_only_of(one: Limitation, package: Package, closed: Cells, gone: frozenset[str]) -> bool:
    scope = _touch(package, one.tables, one.where, one.years, one.sources)
    return bool(scope and scope <= closed) or bool(one.sources and set(one.sources) <= gone)


def _only_source_of(package: Package, closed: Cells) -> frozenset[str]:
    """Sources on which nothing but figures under embargo rests."""
    scopes = {name: _touch(package, (), "", "", (name,)) for name in package.sources}
    return frozenset(name for name, scope in scopes.items() if scope and scope <= closed)


def _source(source: Source, package: Package, closed: Cells) -> Source:
    """The source without what it supplies to figures under embargo."""
    supplies = (_supply(one, source.id, package, closed) for one in source.supplies)
    return replace(source, supplies=tuple(one for one in supplies if one is not None))


def _supply(one: Supply, source: str, package: Package, closed: Cells) -> Supply | None:
    scope = _touch(package, one.tables, one.where, one.years, (source,))
    if not scope & closed:
        return one
    if scope <= closed:
        return None
    named = years(one.years)
    if named is None:
        return one
    open_, shut = (
        {int(str(package.tables[table].at[line, "time_period"])) for table, line in part}
        for part in (scope - closed, scope & closed)
    )
    return replace(one, years=spelled(named - (shut - open_)))


def _collection(collection: pd.DataFrame, touched: set[str], active: Iterable[Embargo]) -> pd.DataFrame:
    """Without the latest state of each table under embargo: it tells what has come in."""
    rounds = {one.round for one in active if one.round}
    kept = []
    for table, rows in collection.groupby("table", sort=False):
        if table not in touched:
            kept.append(rows)
            continue
        last = rows["round"] == sorted(rows["round"])[-1]
        kept.append(rows[~(last | rows["round"].isin(rounds))])
    return pd.concat(kept) if kept else collection


def _rows(frame: pd.DataFrame) -> list[Mapping[str, str]]:
    return [{str(key): str(value) for key, value in row.items()} for row in frame.to_dict("records")]


def _may_be_told(row: Mapping[str, str], package: Package, closed: Cells) -> bool:
    scope = _touch(package, (row["table"],), row["where"], row["years"])
    return not scope or not scope <= closed


def _silenced(full: Catalogue, left: Catalogue, packages: Mapping[str, Package]) -> set[str]:
    """Limitations that answer only to findings which are not told: their words would tell of them."""
    before, now = by_limitation(full.findings), by_limitation(left.findings)
    own = {one.id for package in packages.values() for one in package.limitations}
    return {name for name in before if name in own and name not in now}


def _awaited(catalogue: Catalogue, packages: Mapping[str, Package], today: date) -> Iterator[Awaited]:
    """What the calendar of rounds lets everyone know."""
    for name in packages:
        package = catalogue.packages[name]
        for one in _active(package, catalogue.structure, today):
            end = until(one, catalogue.structure)
            if one.round:
                for table in catalogue.structure.tables:
                    if table in package.tables and matches(one.tables, table):
                        yield Awaited(name, table, one.round, end.isoformat() if end else "")
