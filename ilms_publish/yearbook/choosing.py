"""Which figures the key tables show: the newest usable ones of each country, never two concepts mixed."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from ilms_publish import derive
from ilms_publish.arranging import BOTH, MEN, WOMEN, Figures, Observation
from ilms_publish.model import Code, Package
from ilms_publish.pages import figure, words
from ilms_publish.pages.edition import Edition, address
from ilms_publish.yearbook.key_tables import ABSENT, HELD, SELF, Cell, KeyTable, Note, Place, cell, grouped, place

SEXES = (("Both sexes", BOTH), ("Women", WOMEN), ("Men", MEN))
STOCK = "international_stock"
ONLY_TOTAL = "only a total is held"
Rows = list[tuple[Place, Figures, Observation]]


def by_sex(edition: Edition, concept: str, name: str, title: str) -> KeyTable | None:
    """The newest total of migrants of one concept in each country, from whichever of its tables is newest."""
    rows: Rows = []
    for package in edition.national:
        series = [(one, figure.main_series(one, package.area)) for one in edition.of_package(package)
                  if one.definition.concept == concept and _of_migrants(one)]  # fmt: skip
        held = [(one, found[-1]) for one, found in series if found]
        if held:
            figures, latest = max(held, key=lambda pair: pair[1].year)
            cells = [cell(edition, figures, _same(figures, latest, sex)) for _, sex in SEXES]
            rows.append((place(edition, figures, latest, cells), figures, latest))
    if not rows:
        return None
    definition = rows[0][1].definition
    places, told = grouped(edition, rows)
    return KeyTable(
        name, title, f"tables/{definition.slug}", definition.unit, edition.structure.concepts[concept].description,
        "Country", tuple(label for label, _ in SEXES), places, first=len(SEXES), down=True, groups=told,
        left_out=_left_out(edition, _ids(rows), [t.id for t in edition.tables() if t.concept == concept]),
    )  # fmt: skip


def _of_migrants(figures: Figures) -> bool:
    """Whether the main total of a table is of migrants, not of everybody."""
    held = {code.code for code in figures.present(figures.side)}
    return bool(figures.definition.covers or held & set(derive.MIGRANTS))


def _same(figures: Figures, latest: Observation, sex: str) -> Observation | None:
    """The observation of another sex beside one, of the same year and source."""
    found = figures.pick(latest.codes["ref_area"], sex, latest.codes)
    return next((o for o in found if (o.year, o.source) == (latest.year, latest.source)), None)


def by_place(edition: Edition, table: str, name: str, title: str, corner: str, members: bool) -> KeyTable | None:
    """A table of a country's figures by the places told apart; members: only those of the region."""
    newest = [(figures, found) for figures in edition.of_table(table) if (found := _newest(edition, figures, members))]
    if not newest:
        return None
    held = {code.code for figures, found in newest for code in _classes(figures) for o in found
            if o.codes[figures.classes] == code.code}  # fmt: skip
    codes = [code for code in _classes(newest[0][0]) if (_is_member(edition, code) if members else code.code in held)
             or (derive.is_total(code) and code.code in held)]  # fmt: skip
    codes.sort(key=lambda code: (not derive.is_total(code), not _is_member(edition, code), derive.is_rest(code)))
    rows = [_column(edition, figures, found, codes) for figures, found in newest]
    places, told = grouped(edition, rows)
    definition = newest[0][0].definition
    return KeyTable(
        name, title, f"tables/{definition.slug}", definition.unit, definition.definition, corner,
        tuple(code.label for code in codes), places, groups=told, left_out=_left_out(edition, _ids(rows), [table]),
    )  # fmt: skip


def _classes(figures: Figures) -> list[Code]:
    """The items of the list by which a table tells apart, of the one scheme it uses."""
    codes = figures.structure.codelist(figures.classes).codes.values()
    schemes = {code.scheme for code in figures.present(figures.classes)}
    return [code for code in codes if code.scheme in schemes]


def _is_member(edition: Edition, code: Code) -> bool:
    return code.extra.get("area", "") in edition.members


def _newest(edition: Edition, figures: Figures, members: bool) -> list[Observation]:
    """The observations of both sexes in the newest year that tells a place apart."""
    codes = figures.structure.codelist(figures.classes).codes
    told = [o for o in figures.observations if o.codes["sex"] == BOTH]
    years = {o.year for o in told if o.usable and codes[o.codes[figures.classes]].extra.get("area")
             and (not members or _is_member(edition, codes[o.codes[figures.classes]]))}  # fmt: skip
    return [o for o in told if o.year == max(years)] if years else []


def _column(edition: Edition, figures: Figures, found: Sequence[Observation], codes: Sequence[Code]) -> tuple[
    Place, Figures, Observation
]:  # fmt: skip
    main = derive.totals(figures, figures.area, BOTH, {})
    usable = [o for o in found if o.usable]
    latest = next((o for o in main if o.year == usable[0].year), usable[0])
    by_code = {o.codes[figures.classes]: o for o in found if o.source == latest.source}
    own = figures.area
    cells = [Cell(SELF) if code.extra.get("area") == own and code.code not in by_code
             else cell(edition, figures, by_code.get(code.code)) for code in codes]  # fmt: skip
    return place(edition, figures, latest, cells), figures, latest


def by_activity(edition: Edition, table: str, name: str, title: str) -> list[KeyTable]:
    """Employed migrants by sector: one table for each classification, as classes of different ones never mix."""
    schemes: dict[str, list[tuple[Figures, Observation]]] = {}
    for figures in edition.of_table(table):
        series = figure.main_series(figures, figures.area)
        if series and _of_migrants(figures):
            latest = series[-1]
            scheme = figures.structure.codelist(figures.classes).codes[latest.codes[figures.classes]].scheme
            schemes.setdefault(scheme, []).append((figures, latest))
    ordered = sorted(schemes.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    made = [_activity(edition, scheme, pairs, name, title) for scheme, pairs in ordered]
    if made:
        shown = {figures.table.package.id for pairs in schemes.values() for figures, _ in pairs}
        made[0] = replace(made[0], left_out=_left_out(edition, shown, [table]))
    return made


def _activity(
    edition: Edition, scheme: str, pairs: Sequence[tuple[Figures, Observation]], name: str, title: str
) -> KeyTable:
    """The countries whose newest year is told apart by one classification."""
    definition, classes = pairs[0][0].definition, pairs[0][0].classes
    listed = [code for code in edition.structure.codelist(classes).codes.values()
              if code.scheme == scheme and not code.overlapping]  # fmt: skip
    found = {(figures.area, code.code): one for figures, latest in pairs for code in listed
             if (one := _class(figures, latest, code.code))}  # fmt: skip
    codes = [code for code in listed if any((figures.area, code.code) in found for figures, _ in pairs)]
    rows: Rows = []
    for figures, latest in pairs:
        cells = [cell(edition, figures, found.get((figures.area, code.code))) for code in codes]
        rows.append((place(edition, figures, latest, cells), figures, latest))
    places, told = grouped(edition, rows)
    label = words.small(codes[0].label)
    return KeyTable(
        f"{name}_{scheme.lower()}", f"{title}, {scheme} ({label})", f"tables/{definition.slug}", definition.unit,
        definition.definition, "Economic activity", tuple(code.label for code in codes), places, groups=told,
    )  # fmt: skip


def _class(figures: Figures, latest: Observation, code: str) -> Observation | None:
    found = figures.pick(latest.codes["ref_area"], BOTH, {**latest.codes, figures.classes: code})
    return next((o for o in found if (o.year, o.source) == (latest.year, latest.source)), None)


def _left_out(edition: Edition, shown: Container[str], tables: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Countries without a figure in the table, with the state of the table there and the reason."""
    return tuple((edition.area(one.area), _why(edition, one, tables)) for one in edition.national
                 if one.id not in shown)  # fmt: skip


def _ids(rows: Rows) -> set[str]:
    return {figures.table.package.id for _, figures, _ in rows}


def _why(edition: Edition, package: Package, tables: Sequence[str]) -> str:
    states = [edition.held[package.id, table] for table in tables]
    if any(one.present for one in states):
        return ONLY_TOTAL if any(one.years for one in states) else "withheld from use"
    told = dict.fromkeys(
        f"{words.small(words.state(one.state))}{': ' + one.reason if one.reason else ''}" for one in states
    )
    return next(iter(told), "not held")


def estimates(edition: Edition, by_origin: bool, name: str, title: str) -> KeyTable | None:
    """The newest international estimate for the members: one publisher and one year, so no groups."""
    found = [one for package in edition.estimates for one in edition.of_package(package)
             if one.definition.concept == STOCK and bool(one.definition.dimensions) == by_origin]  # fmt: skip
    if not found:
        return None
    figures = max(found, key=lambda one: max(one.years(), default=0))
    year = max(figures.years())
    held = {(o.codes["ref_area"], o.codes["sex"], o.codes.get("origin", "")): o
            for o in figures.observations if o.year == year}  # fmt: skip
    places = []
    for package in edition.national:
        area = package.area
        if by_origin:
            cells = [Cell(SELF) if other == area else cell(edition, figures, held.get((area, BOTH, other)))
                     for other in edition.members]  # fmt: skip
        else:
            cells = [cell(edition, figures, held.get((area, sex, ""))) for _, sex in SEXES]
        spoken = next((o for (where, sex, _), o in held.items() if (where, sex) == (area, BOTH)), None)
        if spoken:
            places.append(place(edition, figures, spoken, cells))
    definition = figures.definition
    heads = tuple(edition.area(area) for area in edition.members) if by_origin else tuple(label for label, _ in SEXES)
    return KeyTable(
        name, f"{title}, {year}", address(figures.table.package, definition), definition.unit, definition.definition,
        "Country of origin" if by_origin else "Country", heads, tuple(places), first=0 if by_origin else len(SEXES),
        down=not by_origin, reading=f"{figures.table.package.title}: estimates by one publisher for every country, not "
        "the countries’ own figures.",
    )  # fmt: skip


def coverage(edition: Edition) -> KeyTable:
    """Which table each country holds for which years; a reason for what is missing is a note."""
    tables = [table for table in edition.tables() if edition.of_table(table.id)]
    empty = len(edition.tables()) - len(tables)
    places = [Place(edition.area(one.area), address(one), "", None, "", "", "",
                    tuple(_span(edition, one, table.id) for table in tables)) for one in edition.national]  # fmt: skip
    reading = (
        f"{words.capital(words.count(empty, 'more table'))} of the database are held for no country." if empty else ""
    )
    return KeyTable(
        "Coverage", "Years held of each table, by country", "coverage", "years", "Tables of this edition that hold "
        "usable figures, with their first and last year; years in between may be missing.", "Table",
        tuple(table.short for table in tables), tuple(places), first=0, numbers=False, reading=reading,
    )  # fmt: skip


def _span(edition: Edition, package: Package, table: str) -> Cell:
    held = edition.held[package.id, table]
    notes = (Note(words.state(held.state), held.reason),) if held.reason else ()
    if held.years:
        gap = (Note("Withheld", f"The values issued for {words.years(held.withheld)} must not be used."),)
        return Cell(words.span(held.years), True, notes=gap if held.withheld else ())
    if held.present:
        return Cell(HELD, notes=notes)
    return Cell(SELF if held.state == "not_possible" else ABSENT, notes=notes)
