"""What the worksheets of a workbook hold, as plain titles, lines, columns and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ilms_publish.catalogue import WITHHELD, Catalogue, PublishedTable
from ilms_publish.downloads.described import basis, licence, terms
from ilms_publish.model import Answer, Concept, Limitation, Package, Source, Structure

NONE = "none"
"""Said where a cell would be blank."""
HELD = "[withheld]"


@dataclass(frozen=True, slots=True)
class Issued:
    """A number that keeps its decimals as issued."""

    text: str


Cell = str | Issued


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: a title, lines of text below it, then at most one table. widths: of columns, in characters.

    linked: whether the first column names worksheets to jump to.
    """

    name: str
    title: str
    lines: Sequence[str]
    columns: Sequence[str] = ()
    widths: Sequence[int] = ()
    rows: Sequence[Sequence[Cell]] = ()
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Notes:
    """The limitations of a package by number."""

    limitations: Sequence[Limitation]

    def marks(self, names: Iterable[str]) -> str:
        """`[note 2] [note 5]` for ids of limitations, in the order of their numbers."""
        chosen = set(names)
        return " ".join(f"[note {n}]" for n, one in enumerate(self.limitations, 1) if one.id in chosen)


def sheets(catalogue: Catalogue, package: Package) -> list[Sheet]:
    """Every worksheet of a package's workbook: the cover first, the tables last."""
    tables = catalogue.of_package(package.id)
    notes = Notes(package.limitations)
    structure = catalogue.structure
    about = [
        _notes(package, structure), _symbols(structure), _definitions(tables, structure), _sources(package, structure),
        _answers(package, structure), _basis(package),
    ]  # fmt: skip
    figures = [_table(table, structure, notes) for table in tables]
    return [_cover(package), _contents(tables, about), *[sheet for sheet in about if sheet.rows], *figures]


def _cover(package: Package) -> Sheet:
    publishers = "; ".join(str(one.get("title", "")) for one in package.contributors)
    lines = (
        package.description,
        f"Edition: {package.edition}. Last updated: {package.issued}. Package {package.id}, version {package.version}.",
        f"Published and collected by: {publishers}.",
        f"Licence of this edition: {licence(package.licences)}. National sources keep their own terms: see Sources.",
        "Every figure stands as issued. Before using one, read its notes: they say who is not counted, what is "
        "counted instead, where a series breaks and what could not be verified.",
        f"A figure marked {HELD} is kept in the column 'As issued' but must not be used; its note says why.",
        "Every table has one row for each figure. Columns named 'code' hold the codes of the ILO.",
        "The worksheets are listed in Contents; errors can be reported where this workbook was found.",
    )
    return Sheet("Cover", package.title, lines, widths=(110,))


def _contents(tables: Sequence[PublishedTable], about: Sequence[Sheet]) -> Sheet:
    rows: list[list[Cell]] = [[sheet.name, sheet.title, NONE, NONE] for sheet in about if sheet.rows]
    for table in tables:
        years = table.frame["time_period"]
        span = f"{years.min()} to {years.max()}" if len(years) else NONE
        rows.append([table.definition.id, table.definition.title, table.definition.unit, span])
    lines = ("This worksheet contains one table.",)
    return Sheet("Contents", "Contents", lines, ("Worksheet", "Title", "Unit", "Years"), (30, 90, 26, 16), rows, True)


def _notes(package: Package, structure: Structure) -> Sheet:
    rows: list[list[Cell]] = []
    for number, one in enumerate(package.limitations, 1):
        term = structure.limitation_types.get(one.type)
        scope = [" ".join(one.tables), " ".join(one.sources), one.where, one.years]
        rows.append(
            [f"[note {number}]", one.text, term.title if term else one.type, WITHHELD if one.withholds else "published",
             *[part or "all" for part in scope], one.evidence or NONE, one.id]
        )  # fmt: skip
    columns = ("Note", "Text", "Type", "Figures are", "Tables", "Sources", "Cells", "Years", "Evidence", "Id")
    lines = ("This worksheet contains one table. Notes are the limitations of the figures; tables refer to them.",)
    return Sheet("Notes", "Notes: limitations of the figures", lines, columns,
                 (10, 80, 30, 12, 30, 24, 30, 14, 60, 30), rows)  # fmt: skip


def _symbols(structure: Structure) -> Sheet:
    rows: list[list[Cell]] = [
        [code.extra.get("marker") or NONE, code.code, code.label, code.description]
        for code in structure.codelist("obs_status").codes.values()
    ]
    text = "The figure as issued is known or suspected to be wrong; it stands in the column 'As issued' only."
    rows.append([HELD, NONE, "Withheld from use", text])
    lines = ("This worksheet contains one table. A symbol stands in the column Value where there is no usable value.",)
    columns = ("Symbol", "Status code", "Status", "Meaning")
    return Sheet("Symbols", "Symbols and status of figures", lines, columns, (14, 12, 34, 90), rows)


def _definitions(tables: Sequence[PublishedTable], structure: Structure) -> Sheet:
    rows: list[list[Cell]] = []
    for one in (table.definition for table in tables):
        cuts = [structure.dimensions[name].title for name in one.dimensions] or [NONE]
        concept = structure.concepts[one.concept].title
        rows.append([one.id, one.title, one.definition, one.population or NONE, one.unit, one.measure, concept,
                     "; ".join(cuts)])  # fmt: skip
    columns = ("Table", "Title", "Definition", "Population", "Unit", "Kind of measure", "Concept", "Classified by")
    lines = ("This worksheet contains one table.",)
    return Sheet("Definitions", "Definitions: what each table counts", lines, columns,
                 (28, 50, 80, 60, 22, 16, 30, 30), rows)  # fmt: skip


def _sources(package: Package, structure: Structure) -> Sheet:
    types = structure.codelists["CL_SOURCE_TYPE"]
    rows: list[list[Cell]] = [
        [one.id, one.title, types.label(one.type), one.url or NONE, terms(one) or NONE]
        for one in package.sources.values()
    ]
    lines = ("This worksheet contains one table. How each source works stands in Answers, what rests on it in Basis.",)
    columns = ("Source", "Title", "Kind", "Address", "Terms")
    return Sheet("Sources", "Sources the figures rest on", lines, columns, (32, 60, 34, 60, 40), rows)


def _answers(package: Package, structure: Structure) -> Sheet:
    rows: list[list[Cell]] = [
        [source.id, str(concept.number), concept.question, _answer(answer, concept, structure)]
        for source in package.sources.values()
        for concept in structure.quality.values()
        if (answer := answered(source, concept)) is not None
    ]
    lines = ("This worksheet contains one table. Each source answers the same questions, or says why it does not.",)
    columns = ("Source", "Number", "Question", "Answer")
    return Sheet("Answers", "Answers of the sources to the quality questions", lines, columns, (32, 9, 60, 90), rows)


def answered(source: Source, concept: Concept) -> Answer | None:
    """What a source says to a question; None for the one that is computed."""
    return None if concept.computed else source.answers.get(concept.id) or source.answers.get("*")


def _answer(answer: Answer, concept: Concept, structure: Structure) -> str:
    if answer.gap:
        return f"[{structure.gap_codes[answer.gap].title}]"
    known = dict(concept.values)
    words = ", ".join(known.get(code) or structure.codelists["CL_SOURCE_TYPE"].label(code) for code in answer.codes)
    return ". ".join(filter(None, (words, answer.text)))


def _basis(package: Package) -> Sheet:
    rows: list[list[Cell]] = [
        [source.id, " ".join(supply.tables), supply.years or "all", supply.where or "all", supply.basis,
         supply.evidence]
        for source in package.sources.values()
        for supply in source.supplies
    ]  # fmt: skip
    columns = ("Source", "Tables", "Years", "Cells", "Basis", "Evidence")
    lines = ("This worksheet contains one table. Documented: in writing. Inferred: concluded from the figures.",)
    return Sheet("Basis", "Which figures rest on which source, and how that is known", lines, columns,
                 (32, 40, 20, 30, 12, 90), rows)  # fmt: skip


def _table(table: PublishedTable, structure: Structure, notes: Notes) -> Sheet:
    definition = table.definition
    cells = [set(text.split()) for text in table.frame["limitations"].unique()]
    whole = set.intersection(*cells) if cells else set()
    lines = (
        f"Unit: {definition.unit}. {definition.definition}",
        "This worksheet contains one table with one row for each figure. Notes, symbols and sources are explained in "
        "the worksheets Notes, Symbols and Sources. Notes beside the title hold for every figure.",
    )
    heads, widths = [], []
    for name in definition.series:
        title = structure.dimensions[name].title
        heads += [f"{title}, code", title]
        widths += [26, 36]
    heads += ["Year", "Value", "Status", "Use", "Notes", "Source", "Basis of the source", "As issued", "Remark"]
    widths += [8, 14, 26, 12, 24, 32, 18, 14, 24]
    title = f"{definition.title} {notes.marks(whole)}".rstrip()
    return Sheet(definition.id, title, lines, heads, widths, _figures(table, structure, notes))


def _figures(table: PublishedTable, structure: Structure, notes: Notes) -> list[list[Cell]]:
    statuses = structure.codelist("obs_status")
    marks = {cell: notes.marks(cell.split()) or NONE for cell in table.frame["limitations"].unique()}
    labels = [structure.codelist(name) for name in table.definition.series]
    columns = [*table.definition.series, "time_period", "obs_value", "obs_status", "use", "limitations", "source",
               "note"]  # fmt: skip
    cells = [*(table.frame[column].tolist() for column in columns), basis(table).tolist()]
    rows: list[list[Cell]] = []
    for *codes, year, value, status, use, limitations, source, note, how in zip(*cells, strict=True):
        row: list[Cell] = []
        for code, codelist in zip(codes, labels, strict=True):
            row += [code, codelist.label(code)]
        flag = statuses.codes[status]
        symbol = flag.extra.get("marker") or f"[{status}]"
        issued: Cell = Issued(value) if value else symbol
        row += [year, HELD if use == WITHHELD else issued, flag.label, use, marks[limitations], source, how, issued]
        rows.append([*row, note or NONE])
    return rows
