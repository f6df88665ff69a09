"""The formats that figures are offered in: what each is for, and the permanent address of every file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

DATA = "data"
ALL, STRUCTURE, SUMS = "all", "structure", "SHA256SUMS"
TABLES = "tables"
"""Folder of the files that hold one table of every country."""
CORRIDORS = f"{DATA}/corridors/corridors.csv"
"""The figures on pairs of countries, all tables together."""
API = "api/v1"
API_LISTS = ("tables", "sources", "limitations", "corridors", "changes")
NAME = "ilms"
"""The whole database, as a name of files."""
FEED, CHANGES_FEED = "feeds/releases.xml", "feeds/changes.xml"
OFFLINE = "offline/ilms-offline.zip"
"""The whole site to be read from disk."""
YEARBOOK = f"{DATA}/{ALL}/{NAME}.yearbook.xlsx"
"""The workbook of key tables."""
CATALOGUES = (f"{DATA}/{ALL}/{NAME}.dcat.ttl", f"{DATA}/{ALL}/{NAME}.dcat.jsonld")
"""The catalogue of all datasets by DCAT, as Turtle and as JSON-LD."""


def package_feed(package: str) -> str:
    """The feed of the releases of one package."""
    return f"feeds/{package}.xml"


def changes_feed(package: str) -> str:
    """The feed of the changed figures of one package."""
    return f"feeds/{package}-changes.xml"


def bibliography(package: str) -> str:
    """The references to a package and its tables for reference managers."""
    return f"{DATA}/{package}/{package}.bib"


@dataclass(frozen=True, slots=True)
class Format:
    """One format. suffix: end of its file names; media: media type; purpose: for whom and what it is.

    table, package, whole: whether there is a file of each table, of each package, of the whole database; across:
    whether there is one of each table with every country in it;
    national: whether only the states' own figures are offered in it (the estimates have too many rows for long
    texts); home: folder below the site's root.
    """

    id: str
    title: str
    suffix: str
    media: str
    purpose: str
    table: bool = False
    package: bool = False
    whole: bool = False
    across: bool = False
    national: bool = False
    home: str = DATA

    def of_table(self, package: str, slug: str) -> str:
        """The path of one table's file below the site's root."""
        return f"{self.home}/{package}/{slug}{self.suffix}"

    def of_package(self, package: str) -> str:
        """The path of one package's file."""
        return f"{self.home}/{package}/{package}{self.suffix}"

    def of_countries(self, slug: str) -> str:
        """The path of the file of one table with every country that holds it."""
        return f"{self.home}/{TABLES}/{slug}{self.suffix}"

    @property
    def of_all(self) -> str:
        """The path of the file of the whole database."""
        return f"{self.home}/{ALL}/{NAME}{self.suffix}"


CSV = Format(
    "csv", "CSV, codes", ".csv", "text/csv",
    "For programs: the figures exactly as issued, in codes, one row a figure. Each row says whether the figure is "
    "withheld and names its source and limitations by id; the ids lead into the package or to the pages of this site.",
    table=True, across=True,
)  # fmt: skip
LABELLED = Format(
    "labelled", "CSV, labelled", ".labelled.csv", "text/csv",
    "For spreadsheets and for reading: codes with their names, and on every row the unit, the definition, the source "
    "and whether it is documented or inferred, the status in words, and each limitation in full.",
    table=True, package=True, across=True, national=True,
)  # fmt: skip
ILOSTAT = Format(
    "ilostat", "CSV, ILOSTAT layout", ".ilostat.csv", "text/csv",
    "For programs that read ILOSTAT’s bulk files: the same twelve columns. What those columns have no place for "
    "(source, withheld, limitations) stands in the note columns, in note codes of our own.",
    table=True, package=True, whole=True, across=True, national=True,
)  # fmt: skip
PACKAGE = Format(
    "package", "Data package", ".zip", "application/zip",
    "For keeping: one zip that stands alone, with figures, definitions, sources and their answers, limitations, "
    "codelists, licence, hashes and keys. Any Frictionless reader can check it.",
    package=True,
)  # fmt: skip
SERIES = Format(
    "json", "JSON", ".json", "application/json",
    "For programs and pages: series by series, with the definition, names of codes, sources and limitations once at "
    "the head. Part of the interface for programs, whose index lists every file with its date and sum.",
    table=True, home=f"{API}/series",
)  # fmt: skip
SDMX = Format(
    "sdmx", "SDMX-CSV 2.0", ".sdmx.csv", "application/vnd.sdmx.data+csv;version=2.0.0",
    "For statistical systems that speak SDMX: data by dataflow, with use, basis and limitations as attributes. The "
    "structures of all tables, SDMX-ML 2.1, are one file beside them.",
    table=True,
)  # fmt: skip
SDMX_STRUCTURES = f"{DATA}/{STRUCTURE}/{NAME}.sdmx.xml"
XLSX = Format(
    "xlsx", "Excel workbook", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "For people who work in a spreadsheet: one workbook a package, with cover, contents, notes, definitions, sources "
    "with their answers, and one tidy worksheet a table. Withheld figures stand apart, so that no sum holds them.",
    package=True,
)  # fmt: skip
PARQUET = Format(
    "parquet", "Parquet", ".parquet", "application/vnd.apache.parquet",
    "For analysis of everything at once: all tables of all packages in one file, with names of codes, sources and "
    "limitations joined in. One line of pandas, R or DuckDB reads it; usable_value leaves out what is withheld.",
    whole=True,
)  # fmt: skip
FORMATS = (CSV, LABELLED, ILOSTAT, SDMX, SERIES, XLSX, PACKAGE, PARQUET)


def table_formats(national: bool) -> list[Format]:
    """The formats in which a table is offered."""
    return [one for one in FORMATS if one.table and (national or not one.national)]


def package_formats(national: bool) -> list[Format]:
    """The formats in which a whole package is offered."""
    return [one for one in FORMATS if one.package and (national or not one.national)]


def across_formats() -> list[Format]:
    """The formats in which a table is offered with every country in it."""
    return [one for one in FORMATS if one.across]


def whole_formats() -> list[Format]:
    """The formats in which the whole database is offered."""
    return [one for one in FORMATS if one.whole]


def by_suffix(path: str, among: Iterable[Format] = FORMATS) -> Format | None:
    """The format of a file by the longest suffix that fits its name."""
    fitting = [one for one in among if path.endswith(one.suffix)]
    return max(fitting, key=lambda one: len(one.suffix), default=None)
