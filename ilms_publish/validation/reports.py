"""The report Frictionless would give on a package: built at once for a clean file, by Frictionless for any other.

Three tiers. A clean file gets the report of a clean file. Where cells or keys are in doubt, Frictionless itself
validates the file and is shown the doubtful rows only. A file of another shape is its alone, every row.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from frictionless import Checklist, Dialect, FrictionlessException, Package, Report, Resource, system
from frictionless.formats.csv import CsvControl

from ilms_publish.validation.columns import Columns, read_columns
from ilms_publish.validation.shape import Descriptor, known, known_package, parts_of, refuse
from ilms_publish.validation.suspects import Codes, plain_fields, suspects, values

LIMIT = 1000
"""Errors a file, after which Frictionless stops."""
FIRST_ROW = 2


def validate(descriptor: Descriptor, basepath: Path) -> Report:
    """Frictionless' report on a package descriptor and its files below a folder, the same but for its seconds.

    Raises IlmsError for a resource that is anything but a CSV file of that folder.
    """
    started = time.perf_counter()
    parts = parts_of(descriptor, basepath)
    report: Report
    with system.use_context(trusted=False):
        try:
            package = Package.from_descriptor(dict(descriptor), basepath=str(basepath))
            if not known_package(descriptor):
                package.to_descriptor(validate=True)
        except FrictionlessException as error:
            report = Report.from_validation(time=time.perf_counter() - started, errors=error.to_errors())
            return report
        files = _Files(parts, package.resources)
        reports = [files.report(resource.name) for resource in package.resources]
        report = Report.from_validation_reports(time=time.perf_counter() - started, reports=reports)
        return report


def validate_resource(descriptor: Descriptor, basepath: Path) -> Report:
    """The same for one resource that refers to no other."""
    refuse(descriptor, basepath)
    with system.use_context(trusted=False):
        try:
            resource = Resource.from_descriptor(dict(descriptor), basepath=str(basepath))
        except FrictionlessException as error:
            report: Report = Report.from_validation(errors=error.to_errors())
            return report
        return _Files([descriptor], [resource]).report(resource.name)


class _Files:
    """The resources of one package, by name, and what they refer to in each other."""

    def __init__(self, descriptors: Iterable[Descriptor], resources: Iterable[Resource]) -> None:
        self._resources = {resource.name: resource for resource in resources}
        self._known = {part["name"] for part in descriptors if known(part)}
        self._lookups: dict[tuple[str, str], frozenset[Any]] = {}

    def report(self, name: str) -> Report:
        """The report on one resource."""
        started = time.perf_counter()
        resource = self._resources[name]
        try:
            data, columns = self._read(name)
            found = suspects(columns, resource.schema, lambda other, field: self._lookup(other or name, field))
        except _UnknownShapeError:
            return resource.validate(Checklist(), limit_errors=LIMIT)
        stats = _stats(data, columns, resource)
        if len(found) or not _as_declared(stats, resource):
            return _replayed(resource, found, columns.rows)
        for key, value in stats.items():
            setattr(resource.stats, key, value)
        labels = list(resource.schema.field_names)
        report: Report = Report.from_validation_task(resource, time=time.perf_counter() - started, labels=labels)
        return report

    def _read(self, name: str) -> tuple[bytes, Columns]:
        resource = self._resources.get(name)
        if resource is None or name not in self._known:
            raise _UnknownShapeError
        try:
            data = Path(str(resource.normpath)).read_bytes()
        except OSError:
            raise _UnknownShapeError from None
        columns = read_columns(data, resource.schema.field_names, plain_fields(resource.schema))
        if columns is None:
            raise _UnknownShapeError
        return data, columns

    def _lookup(self, name: str, field: str) -> frozenset[Any]:
        if (name, field) not in self._lookups:
            _, columns = self._read(name)
            if field not in columns.coded:
                raise _UnknownShapeError
            self._lookups[name, field] = values(columns.coded[field], self._resources[name].schema.get_field(field))
        return self._lookups[name, field]


class _UnknownShapeError(Exception):
    """The fast path cannot vouch for a file, or for one that it refers to."""


def _stats(data: bytes, columns: Columns, resource: Resource) -> dict[str, Any]:
    return {
        "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "fields": len(resource.schema.fields),
        "rows": columns.rows,
    }


def _as_declared(stats: Mapping[str, Any], resource: Resource) -> bool:
    return resource.hash in (None, f"sha256:{stats['sha256']}") and resource.bytes in (None, stats["bytes"])


def _replayed(resource: Resource, found: Codes, rows: int) -> Report:
    """Frictionless' validation of the whole file, of whose rows it judges the doubtful ones."""
    wanted = frozenset((found + FIRST_ROW).tolist())

    class Thinned(Dialect):
        """The same dialect, that passes over the rows which are beyond doubt, yet counts them."""

        def read_enumerated_content_stream(self, cell_stream: Iterable[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
            for number, cells in super().read_enumerated_content_stream(cell_stream):
                if number in wanted:
                    resource.stats.rows = number - FIRST_ROW
                    yield number, cells
            resource.stats.rows = rows

    resource.dialect = Thinned(header=True, controls=[CsvControl(delimiter=",")])
    return resource.validate(Checklist(), limit_errors=LIMIT)
