"""Metadata: every series has a source, every source answers, every table a definition, every scope resolves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ilms_publish.model import Limitation
from ilms_publish.problems import Severity
from ilms_publish.rules.rule import PACKAGE, Case, PackageView, Rule
from ilms_publish.scope import conditions, matches

ACTIONS = ("publish", "withhold")
BASES = ("documented", "inferred")


def supplied(view: PackageView, table: str) -> NDArray[np.int64]:
    """How many supply statements of a row's own source cover each row of a table."""
    held = view.tables[table]
    count = np.zeros(len(held.frame), dtype="int64")
    for source in view.package.sources.values():
        for supply in source.supplies:
            if matches(supply.tables, table):
                count += held.covered(supply.where, supply.years, (source.id,))
    return count


def series_source(view: PackageView) -> Iterator[Case]:
    """Every row's source is in the register and says on what basis it supplies the table and year."""
    for name, table in view.tables.items():
        open_ = supplied(view, name) == 0
        if not open_.any():
            continue
        unclaimed = table.frame[open_]
        for (source, year), rows in unclaimed.groupby(["source", "time_period"], sort=False, observed=True):
            sentence = (
                f"The rows of {year} name the source '{source}', but it does not say that it supplies {name} in "
                f"{year}. "
                "Add the table and year under `supplies` in sources.yaml, with basis and evidence."
            )
            yield Case(
                sentence, tuple((name, int(line)) for line in rows.index), field="source", cause=f"{source} {year}"
            )


def source_answers(view: PackageView) -> Iterator[Case]:
    """Every source answers every quality concept or gives one of the three gap codes."""
    asked = {concept.id: concept for concept in view.structure.quality.values() if not concept.computed}
    types = view.structure.codelists["CL_SOURCE_TYPE"].codes
    file = f"datapackages/{view.package.id}/sources.yaml"
    for source in view.package.sources.values():
        open_ = [] if "*" in source.answers else [concept for concept in asked if concept not in source.answers]
        if open_:
            sentence = (
                f"'{source.id}' does not answer {', '.join(open_)}. Answer, or give not_reported_by_source, "
                "not_applicable or not_yet_documented."
            )
            yield Case(sentence, file=file, field=source.id)
        if source.type not in types:
            yield Case(
                f"'{source.id}' has the type '{source.type}', which CL_SOURCE_TYPE lacks.", file=file, field="type"
            )
        for concept, answer in source.answers.items():
            known = asked.get(concept)
            if concept != "*" and known is None:
                yield Case(f"'{source.id}' answers '{concept}', which is not a concept.", file=file, field=concept)
            elif known and known.values and set(answer.codes) - set(known.values):
                wrong = ", ".join(sorted(set(answer.codes) - set(known.values)))
                sentence = f"'{source.id}' answers '{wrong}'; choose from {', '.join(known.values)}."
                yield Case(sentence, file=file, field=concept)
        for supply in source.supplies:
            yield from _supply_scope(view, source.id, supply.tables, supply.basis, file)


def _supply_scope(view: PackageView, source: str, tables: tuple[str, ...], basis: str, file: str) -> Iterator[Case]:
    if basis not in BASES:
        yield Case(f"'{source}' supplies on the basis '{basis}'; say documented or inferred.", file=file, field="basis")
    for pattern in tables:
        if not any(matches((pattern,), name) for name in view.structure.tables):
            yield Case(f"'{source}' supplies '{pattern}', which is no table.", file=file, field="supplies")


def table_definition(view: PackageView) -> Iterator[Case]:
    """Every table held has a definition, a population and a unit of its own."""
    for name, table in view.tables.items():
        for key in ("definition", "population", "unit"):
            if not getattr(table.definition, key).strip():
                sentence = f"{name} has figures but no {key}. Write one in tables.yaml."
                yield Case(
                    sentence, file="datapackages/structure/tables.yaml", field=f"{name}.{key}", cause=f"{name}.{key}"
                )


def limitation_scope(view: PackageView) -> Iterator[Case]:
    """Every limitation names things that exist and covers at least one figure."""
    file = f"datapackages/{view.package.id}/limitations.csv"
    seen: set[str] = set()
    for limitation in view.package.limitations:
        for key, sentence in _scope_faults(view, limitation):
            yield Case(f"'{limitation.id}': {sentence}", file=file, row=limitation.row, field=key)
        if limitation.id in seen:
            yield Case(f"The id '{limitation.id}' is given twice.", file=file, row=limitation.row, field="id")
        seen.add(limitation.id)


def _scope_faults(view: PackageView, limitation: Limitation) -> Iterator[tuple[str, str]]:
    if limitation.type not in view.structure.limitation_types:
        yield "type", f"'{limitation.type}' is not in limitation_types.csv."
    if limitation.action not in ACTIONS:
        yield "action", f"'{limitation.action}' should be publish or withhold."
    for key in ("text", "evidence"):
        if not getattr(limitation, key):
            yield key, f"the {key} is blank; the reader needs it."
    for source in set(limitation.sources) - set(view.package.sources):
        yield "sources", f"'{source}' is not in sources.yaml."
    for pattern in limitation.tables:
        if not any(matches((pattern,), name) for name in view.tables):
            yield "tables", f"the package holds no table '{pattern}'."
    for column, codes in conditions(limitation.where).items():
        if column not in view.structure.dimensions and column not in ("sex", "ref_area", "obs_status"):
            yield "where", f"'{column}' is not a column of any table."
            continue
        for code in set(codes) - set(view.structure.codelist(column).codes):
            yield "where", f"'{code}' is not in the codelist of '{column}'."
    if view.tables and not any(
        matches(limitation.tables, name) and table.covered(limitation.where, limitation.years, limitation.sources).any()
        for name, table in view.tables.items()
    ):
        yield "tables", "it covers no figure of the package; correct its scope or remove it."


def collection_state(view: PackageView) -> Iterator[Case]:
    """collection.csv says `published` for exactly the tables that hold figures."""
    file = f"datapackages/{view.package.id}/collection.csv"
    collection = view.package.collection
    states = view.structure.codelists["CL_COLLECTION"].codes
    rounds = set(view.structure.rounds["round"])
    published = set(collection.loc[collection["state"] == "published", "table"])
    for name in sorted(set(view.tables) - published):
        yield Case(f"{name} holds figures but is not listed as published.", file=file, field=name)
    for line, row in collection.iterrows():
        place = int(str(line))
        if row["table"] not in view.structure.tables:
            yield Case(f"'{row['table']}' is no table of tables.yaml.", file=file, row=place, field="table")
        elif row["state"] == "published" and row["table"] not in view.tables:
            yield Case(f"{row['table']} is listed as published but has no file.", file=file, row=place, field="state")
        if row["state"] not in states or row["state"] == "withheld":
            yield Case(f"'{row['state']}' is not a state that can be declared.", file=file, row=place, field="state")
        if row["round"] not in rounds:
            yield Case(f"'{row['round']}' is not in rounds.csv.", file=file, row=place, field="round")
        if row["state"] != "published" and not row["reason"]:
            yield Case(f"{row['table']} is {row['state']}; say why.", file=file, row=place, field="reason")


def limitation_stale(view: PackageView) -> Iterator[Case]:
    """Reported by the catalogue, which alone knows what every rule found."""
    return iter(())


FAMILY = "Metadata"
RULES = (
    Rule("series-source", Severity.WARNING, 1, FAMILY, series_source, PACKAGE),
    Rule("source-answers", Severity.WARNING, 1, FAMILY, source_answers, PACKAGE),
    Rule("table-definition", Severity.WARNING, 1, FAMILY, table_definition, PACKAGE),
    Rule("limitation-scope", Severity.WARNING, 1, FAMILY, limitation_scope, PACKAGE),
    Rule("limitation-stale", Severity.WARNING, 1, FAMILY, limitation_stale, PACKAGE),
    Rule("collection-state", Severity.WARNING, 1, FAMILY, collection_state, PACKAGE),
)
