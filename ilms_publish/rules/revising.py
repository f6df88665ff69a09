"""Revisions: a published figure changes only with a date, a scope and a reason that the reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ilms_publish.problems import IlmsError, Severity
from ilms_publish.reading import records
from ilms_publish.rules.rule import PACKAGE, Case, PackageView, Rule
from ilms_publish.scope import conditions, matches, years

KINDS = ("scheduled", "correction")
DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


def revision_entry(view: PackageView) -> Iterator[Case]:
    """Every row of revisions.csv says when, what, of which kind, why, and who noticed."""
    file = f"datapackages/{view.package.id}/revisions.csv"
    for line, row in records(view.package.revisions):
        for key, sentence in _faults(view, row):
            yield Case(sentence, file=file, row=line, field=key)


def _faults(view: PackageView, row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not DAY.fullmatch(row["date"]):
        yield "date", f"'{row['date']}' should be a day such as 2026-11-30."
    if not row["table"] or not any(matches((row["table"],), name) for name in view.structure.tables):
        yield "table", f"'{row['table']}' is no table of tables.yaml."
    if row["kind"] not in KINDS:
        yield "kind", f"'{row['kind']}' should be scheduled (announced beforehand) or correction (of an error)."
    for key in ("reason", "noticed_by"):
        if not row[key]:
            yield key, f"The {key.replace('_', ' ')} is blank; the reader needs it. Name institutions, not persons."
    try:
        years(row["years"])
        for column, codes in conditions(row["where"]).items():
            known = column in view.structure.dimensions
            for code in set(codes) - set(view.structure.codelist(column).codes if known else ()):
                yield "where", f"'{code}' is not in the codelist of '{column}'."
    except IlmsError as error:
        yield "where", f"{error.sentence[:1].upper()}{error.sentence[1:]}."


FAMILY = "Metadata"
RULES = (Rule("revision-entry", Severity.WARNING, 1, FAMILY, revision_entry, PACKAGE),)
