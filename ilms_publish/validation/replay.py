"""Frictionless' own validation of a file, of whose rows it is shown the doubtful ones only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from frictionless import Checklist, Dialect, Report, Resource
from frictionless.formats.csv import CsvControl

from ilms_publish.validation.columns import Columns
from ilms_publish.validation.suspects import Codes

LIMIT = 1000
"""Errors a file, after which Frictionless stops."""
FIRST_ROW = 2
Numbered = Iterator[tuple[int, list[Any]]]


def replayed(resource: Resource, columns: Columns, found: Codes, stats: Mapping[str, Any]) -> Report:
    """The report on a file when the rows `found` (from 0) are all that Frictionless could object to.

    The cells come from the columns. Where Frictionless stops at its limit, the figures of the report tell how far it
    had read; then it reads the file itself and the rows beyond doubt are passed over.
    """

    def from_columns(_: Numbered) -> Numbered:
        for row in found.tolist():
            resource.stats.rows = row
            yield row + FIRST_ROW, columns.cells(row)
        for key, value in stats.items():
            setattr(resource.stats, key, value)

    report = _validated(resource, from_columns)
    if not any(task.warnings for task in report.tasks):
        return report
    wanted = frozenset((found + FIRST_ROW).tolist())

    def from_file(rows: Numbered) -> Numbered:
        for number, cells in rows:
            if number in wanted:
                resource.stats.rows = number - FIRST_ROW
                yield number, cells
        resource.stats.rows = columns.rows

    return _validated(resource, from_file)


def _validated(resource: Resource, thin: Callable[[Numbered], Numbered]) -> Report:
    class Thinned(Dialect):
        """The same dialect, in which only the rows that are shown count."""

        def read_enumerated_content_stream(self, cell_stream: Iterable[list[Any]]) -> Numbered:
            rows: Numbered = super().read_enumerated_content_stream(cell_stream)
            return rows if isinstance(cell_stream, list) else thin(rows)  # a list is the sample, looked at on opening

    resource.dialect = Thinned(header=True, controls=[CsvControl(delimiter=",")])
    report: Report = resource.validate(Checklist(), limit_errors=LIMIT)
    return report
