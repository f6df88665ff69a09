"""The pages of reference: codelists, check rules, limitation types, columns."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from ilms_publish.model import Codelist, Term
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.page import About, Draft, Page, compose
from ilms_publish.pages.strip import show
from ilms_publish.rules import Rule
from ilms_publish.rules.explained import Example

LEVELS = {0: "the file", 1: "one table", 2: "tables and years of one country", 3: "several providers"}
END = {
    "ref_area": ("Country", "The country whose authority issued the figure; in estimates, the destination.", "CL_AREA"),
    "sex": ("Sex", "Women, men, or both together.", "CL_SEX"),
    "time_period": ("Year", "The year the figure describes, as the source counts it.", ""),
    "obs_value": ("Value", "The figure exactly as issued; blank when the status says that it is missing.", ""),
    "obs_status": ("Status", "What is to be known about the value, by the SDMX list.", "CL_OBS_STATUS"),
    "source": ("Source", "The id of the source the figure rests on; its page answers every question about it.", ""),
    "note": ("Note", "A remark on the single figure.", ""),
    "use": ("Use", "`published`, or `withheld`: kept as issued but used in no chart, total, ratio or sentence.", ""),
    "limitations": ("Limitations", "Ids of the limitations that touch the figure, apart by spaces.", ""),
}


def pages(edition: Edition) -> Iterator[Draft]:
    """Every page of reference."""
    yield from _codelists(edition)
    yield from _rules(edition)
    yield from _limitations(edition)
    yield Draft("columns", partial(_columns, edition))


def _codelists(edition: Edition) -> Iterator[Draft]:
    yield Draft("codelists", partial(_all_codelists, edition))
    for codelist in edition.structure.codelists.values():
        yield Draft(f"codelists/{codelist.id}", partial(_codelist, edition, codelist))


def _all_codelists(edition: Edition) -> Page:
    lists = list(edition.structure.codelists.values())
    about = About(
        "codelists", "Codelists", "Every list of codes used in the data files: countries, sex, age, education, "
        "activity, occupation, citizenship, birth, destination, observation status, sources.", edition.updated,
    )  # fmt: skip
    return compose(about, "codelists.html", lists=lists)


def _codelist(edition: Edition, codelist: Codelist) -> Page:
    used = [t for t in edition.structure.tables.values()
            if any(edition.structure.dimensions[d].codelist == codelist.id for d in t.dimensions)]  # fmt: skip
    codes = list(codelist.codes.values())
    extra = list(codes[0].extra) if codes else []
    about = About(
        f"codelists/{codelist.id}",
        codelist.title,
        words.plain(f"{codelist.id}: {len(codes)} codes. {codelist.description}"),
        edition.updated,
    )
    return compose(
        about,
        "codelist.html",
        trail=[("Codelists", "codelists")],
        codelist=codelist,
        codes=codes,
        extra=[name for name in extra if any(code.extra.get(name) for code in codes)],
        schemes=any(code.scheme for code in codes),
        described=any(code.description for code in codes),
        used=used,
    )


def _rules(edition: Edition) -> Iterator[Draft]:
    yield Draft("rules", partial(_all_rules, edition))
    for rule in edition.catalogue.rules.values():
        yield Draft(f"rules/{rule.id}", partial(_rule, edition, rule))


def _all_rules(edition: Edition) -> Page:
    found = Counter(finding.rule for finding in edition.findings)
    families: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in edition.catalogue.rules.values():
        families[rule.family].append(rule)
    about = About(
        "rules", "Check rules", f"The {len(edition.catalogue.rules)} rules that every figure is checked against before "
        "it is published: what must hold, why, and what to do when it does not.", edition.updated,
    )  # fmt: skip
    counts = {name: found[name] for name in edition.catalogue.rules}
    return compose(about, "rules.html", families=dict(families), counts=counts)


def _rule(edition: Edition, rule: Rule) -> Page:
    packages = edition.catalogue.packages
    findings = [finding for finding in edition.findings if finding.rule == rule.id]
    about = About(f"rules/{rule.id}", f"Rule: {rule.id}", words.plain(rule.sentence), edition.updated)
    return compose(
        about,
        "rule.html",
        trail=[("Check rules", "rules")],
        rule=rule,
        examples=[("Is found", _examples(rule.fails)), ("Is not found", _examples(rule.passes))],
        level=LEVELS.get(rule.level, str(rule.level)),
        findings=[(edition.name(packages[f.package]), address(packages[f.package]), f) for f in findings],
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """An example case of a rule for the page: its tables with the blamed rows marked, and other files as text.

    tables: name, header, rows of (cells, blamed); files: name and content; blamed: places that are no row of a table.
    """

    title: str
    tables: list[tuple[str, list[str], list[tuple[list[str], bool]]]]
    files: list[tuple[str, str]]
    blamed: list[str]


def _examples(examples: tuple[Example, ...]) -> list[Shown]:
    return [_shown(example) for example in examples]


def _shown(example: Example) -> Shown:
    named = dict(example.tables)
    named |= {f"{name} ({other})": text for other, held in example.packages.items() for name, text in held.items()}
    beside = ("limitations", "collection", "revisions")
    named |= {f"{key}.csv": getattr(example, key) for key in beside if getattr(example, key)}
    files = [("sources.yaml", example.sources)] if example.sources else []
    files += [("tables.yaml", f"{name}: left blank") for name in example.undefined]
    marked = {f"{name}:{line}" for name, text in named.items() for line in range(2, text.count("\n") + 2)}
    return Shown(
        title=example.title,
        tables=[(name, *_rows(name, text, example.blames)) for name, text in named.items()],
        files=files,
        blamed=[place for place in example.blames if place not in marked],
    )


def _rows(name: str, text: str, blames: tuple[str, ...]) -> tuple[list[str], list[tuple[list[str], bool]]]:
    header, *rows = csv.reader(io.StringIO(text.strip()))
    return header, [(row, f"{name}:{line}" in blames) for line, row in enumerate(rows, 2)]


def _limitations(edition: Edition) -> Iterator[Draft]:
    yield Draft("limitations", partial(_all_limitations, edition))
    for term in edition.structure.limitation_types.values():
        yield Draft(f"limitations/{term.id}", partial(_limitation, edition, term))


def _all_limitations(edition: Edition) -> Page:
    found = Counter(limitation.type for _, limitation in edition.limitations())
    groups: defaultdict[str, list[Term]] = defaultdict(list)
    for term in edition.structure.limitation_types.values():
        groups[term.group].append(term)
    number = found.total()
    about = About(
        "limitations", "Limitations", f"{number} limitations of the figures by type: who is not counted, what is "
        "counted, breaks in time, classes, arithmetic, sources.", edition.updated,
    )  # fmt: skip
    counts = {name: found[name] for name in edition.structure.limitation_types}
    return compose(about, "limitations.html", groups=dict(groups), counts=counts, number=number)


def _limitation(edition: Edition, term: Term) -> Page:
    listed = [
        (edition.name(package), address(package), show(edition, package, one))
        for package, one in edition.limitations()
        if one.type == term.id
    ]
    about = About(f"limitations/{term.id}", term.title, words.plain(term.description), edition.updated)
    return compose(about, "limitation.html", trail=[("Limitations", "limitations")], term=term, listed=listed)


def _columns(edition: Edition) -> Page:
    dimensions = edition.structure.dimensions
    middle = [(one.id, one.title, one.description, one.codelist) for one in dimensions.values() if one.id not in END]
    rows = [(name, *END[name]) for name in ("ref_area", "sex")] + middle
    rows += [(name, *END[name]) for name in END if name not in ("ref_area", "sex")]
    about = About(
        "columns", "Columns of the data files", "Column dictionary: what every column of the CSV files means, in which "
        "order the columns stand, and which codelist it uses.", edition.updated,
    )  # fmt: skip
    tables = {name: [t for t in edition.structure.tables.values() if name in t.dimensions] for name, *_ in middle}
    return compose(about, "columns.html", rows=rows, tables=tables, gaps=edition.structure.gap_codes.values())
