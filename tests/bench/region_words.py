"""What the packages of an invented region say of themselves: sources that answer, limitations, collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import yaml

from ilms_publish.model import Structure, TableDefinition
from ilms_publish.packages import COLLECTION_COLUMNS, LIMITATION_COLUMNS
from ilms_publish.starting import ESTIMATES
from ilms_publish.writing import to_csv
from tests.bench.peoples import LAST_YEAR

ROUND = "2026-02"
LICENCE = {"name": "CC0-1.0", "title": "CC0 1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}
INVENTED = "Invented to measure how large a region may be."
KINDS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "survey": (
        "Labour force survey",
        "LFS",
        {"criterion": "citizenship_or_birth", "workers": "usual_resident_workers", "irregular": "partly",
         "missing": "communal_quarters", "counted": "person", "period": "stock_average"},
    ),
    "permits": (
        "Register of work permits issued",
        "AR_PERMIT",
        {"criterion": "work_permit", "workers": "non_resident_foreign_workers", "irregular": "no",
         "missing": "irregular", "counted": "permit", "period": "flow_calendar_year"},
    ),
    "departures": (
        "Register of departures",
        "AR_DEPLOYMENT",
        {"criterion": "departure_registration", "workers": "for_work_departures", "irregular": "no",
         "missing": "individual_contracts", "counted": "departure", "period": "flow_calendar_year"},
    ),
}  # fmt: skip
"""Sources of a country: end of the id -> title, type, and codes of the answers."""
OF_MODULE = {"MST": "survey", "EAR": "survey", "MFL": "permits", "MNA": "departures"}
LIMITATIONS: Mapping[str, tuple[str, str]] = {
    "survey": ("communal-quarters-missed", "The survey visits private households; workers in hostels are missed."),
    "permits": ("excludes-irregular", "People who work without a permit are outside the count."),
    "departures": ("documented-departures-only", "Only registered departures are counted."),
}


def source_of(package: str, table: TableDefinition) -> str:
    """The id of the source that supplies a table."""
    return f"{package}-{OF_MODULE[table.id[:3]]}"


def words(
    package: str, label: str, area: str, structure: Structure, tables: Sequence[TableDefinition], years: int
) -> dict[str, bytes]:
    """The authored files beside the data."""
    held = dict.fromkeys(OF_MODULE[table.id[:3]] for table in tables)
    span = f"{LAST_YEAR + 1 - years}-{LAST_YEAR}"
    sources = [_source(package, label, kind, tables, span) for kind in held]
    about = {
        "id": package,
        "title": f"International labour migration statistics: {label}",
        "description": f"Invented figures of a country that does not exist. {INVENTED}",
        "version": "1.0.0",
        "area": area,
        "issued": "2026-02-25",
        "edition": "Invented edition",
        "keywords": ["invented"],
        "licences": [dict(LICENCE)],
        "contributors": [{"title": f"Statistics of {label}", "roles": ["creator"]}],
    }
    return {
        "package.yaml": yaml.safe_dump(about, sort_keys=False).encode(),
        "sources.yaml": yaml.safe_dump({"sources": sources}, sort_keys=False).encode(),
        "limitations.csv": to_csv(pd.DataFrame(_limitations(package, held), columns=list(LIMITATION_COLUMNS))),
        "collection.csv": to_csv(_collection(structure, tables)),
    }


def _source(package: str, label: str, kind: str, tables: Sequence[TableDefinition], span: str) -> dict[str, object]:
    title, code, answers = KINDS[kind]
    return {
        "id": f"{package}-{kind}",
        "title": f"{title} of {label}",
        "type": code,
        "licence": dict(LICENCE),
        "url": f"https://example.org/{package}/{kind}",
        "answers": {
            "provider": f"Statistics of {label}",
            "source_type": {"code": code, "text": title},
            "source_title_url": f"{title}, https://example.org/{package}/{kind}.",
            "reference_area": f"The whole of {label}.",
            "reference_period": {"code": answers["period"]},
            "time_coverage": f"{span}, every year.",
            "statistical_population": "People of working age.",
            "migrant_criterion": {"code": answers["criterion"]},
            "residence_threshold": {"code": "any_duration"},
            "worker_definition": {"code": answers["workers"]},
            "irregular_covered": {"code": answers["irregular"]},
            "missing_populations": {"codes": [answers["missing"]]},
            "double_counting": {"code": answers["counted"]},
            "periodicity": {"code": "A"},
            "revision": {"code": "final", "text": "The last year is provisional."},
        },
        "rest": "not_yet_documented",
        "supplies": [
            {
                "tables": [table.id for table in tables if OF_MODULE[table.id[:3]] == kind],
                "years": span,
                "basis": "documented",
                "evidence": INVENTED,
            }
        ],
    }


def _limitations(package: str, kinds: Mapping[str, None]) -> list[tuple[str, ...]]:
    return [
        (f"{package}-{type_}", type_, "publish", "", "", f"{package}-{kind}", "", "", text, INVENTED)
        for kind, (type_, text) in LIMITATIONS.items()
        if kind in kinds
    ]


def _collection(structure: Structure, tables: Sequence[TableDefinition]) -> pd.DataFrame:
    held = {table.id for table in tables}
    rows = [
        (name, ROUND, "published", "") if name in held else (name, ROUND, "not_held", "Not invented for this size.")
        for name, table in structure.tables.items()
        if table.module != ESTIMATES
    ]
    return pd.DataFrame(rows, columns=list(COLLECTION_COLUMNS))
