"""The report Frictionless would give on a package: built at once for a clean file, by Frictionless for any other.

Three tiers. A clean file gets the report of a clean file. Where cells or keys are in doubt, Frictionless itself
validates the file and is shown the doubtful rows only (`replay`). A file of another shape is its alone, every row.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from frictionless import Checklist, FrictionlessException, Package, Report, Resource, system

from ilms_publish.validation.columns import Columns, read_columns
from ilms_publish.validation.replay import LIMIT, replayed
from ilms_publish.validation.shape import Descriptor, known, known_package, parts_of, refuse
from ilms_publish.validation.suspects import plain_fields, suspects, values


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
            data = self._bytes(name)
            with ThreadPoolExecutor(1) as beside:
                digests = beside.submit(_digests, data)
                columns = self._columns(name, data)
                found = suspects(columns, resource.schema, lambda other, field: self._lookup(other or name, field))
        except _UnknownShapeError:
            return resource.validate(Checklist(), limit_errors=LIMIT)
        stats = {**digests.result(), "bytes": len(data), "fields": len(columns.names), "rows": columns.rows}
        if len(found) or not _as_declared(stats, resource):
            return replayed(resource, columns, found, stats)
        for key, value in stats.items():
            setattr(resource.stats, key, value)
        seconds = time.perf_counter() - started
        report: Report = Report.from_validation_task(resource, time=seconds, labels=list(columns.names))
        return report

    def _bytes(self, name: str) -> bytes:
        if name not in self._known or name not in self._resources:
            raise _UnknownShapeError
        try:
            return Path(str(self._resources[name].normpath)).read_bytes()
        except OSError:
            raise _UnknownShapeError from None

    def _columns(self, name: str, data: bytes) -> Columns:
        schema = self._resources[name].schema
        columns = read_columns(data, schema.field_names, plain_fields(schema))
        if columns is None:
            raise _UnknownShapeError
        return columns

    def _lookup(self, name: str, field: str) -> frozenset[Any]:
        if (name, field) not in self._lookups:
            columns = self._columns(name, self._bytes(name))
            if field not in columns.coded:
                raise _UnknownShapeError
            self._lookups[name, field] = values(columns.coded[field], self._resources[name].schema.get_field(field))
        return self._lookups[name, field]


class _UnknownShapeError(Exception):
    """The fast path cannot vouch for a file, or for one that it refers to."""


def _digests(data: bytes) -> dict[str, str]:
    return {
        "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _as_declared(stats: Mapping[str, Any], resource: Resource) -> bool:
    return resource.hash in (None, f"sha256:{stats['sha256']}") and resource.bytes in (None, stats["bytes"])
