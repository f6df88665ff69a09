"""Lines to copy that read the figures in a program or a spreadsheet, and leave out what is withheld."""

from __future__ import annotations

from dataclasses import dataclass

from ilms_publish.formats import CORRIDORS, CSV, LABELLED, PARQUET
from ilms_publish.model import Package, TableDefinition
from ilms_publish.pages.edition import Edition

UNKNOWN = "https://ADDRESS-OF-THIS-SITE/"
"""Stands where the address of the site is not known when it is built."""
MIXED = (
    "Rows come from several tables, reporters and sources: add none of them together. The column unit_mult is the "
    "power of ten to multiply a value by; limitations holds ids, told on the page of limitations."
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines to copy. name: of the program; code: what to copy; note: where it goes and what to mind."""

    name: str
    code: str
    note: str = ""


def of_table(edition: Edition, package: Package, table: TableDefinition) -> list[Snippet]:
    """Reads one table: with names and limitations on every row where such a file is offered."""
    kind = LABELLED if package.national else CSV
    return reading(edition, kind.of_table(package.id, table.slug))


def of_countries(edition: Edition, table: TableDefinition) -> list[Snippet]:
    """Reads one table of every country."""
    return reading(edition, LABELLED.of_countries(table.slug))


def of_package(edition: Edition, package: Package) -> list[Snippet]:
    """Reads all tables of a country at once."""
    return reading(edition, LABELLED.of_package(package.id)) if package.national else []


def reading(edition: Edition, path: str) -> list[Snippet]:
    """Reads a CSV file. Its text stays text: `NA` is no gap there, and codes keep their zeros."""
    url = root(edition) + path
    python = [
        "import pandas as pd",
        f'figures = pd.read_csv("{url}", dtype=str, keep_default_na=False)',
        'usable = figures[(figures["use"] == "published") & (figures["obs_value"] != "")]',
        'usable = usable.assign(obs_value=usable["obs_value"].astype(float))',
    ]
    r = [
        f'figures <- read.csv("{url}", colClasses = "character", na.strings = character(), encoding = "UTF-8")',
        'usable <- subset(figures, use == "published" & obs_value != "")',
        "usable$obs_value <- as.numeric(usable$obs_value)",
    ]
    return [
        Snippet("Python, pandas", "\n".join(python)),
        Snippet("R", "\n".join(r)),
        Snippet("Google Sheets", f'=IMPORTDATA("{url}")', "Then filter the column use for published."),
        Snippet(
            "Excel, LibreOffice", url,
            "In Excel: Data, From Web; in LibreOffice: Sheet, Link to External Data. Choose UTF-8 and comma, then "
            "filter the column use for published. The workbook above needs none of this.",
        ),
    ]  # fmt: skip


def of_corridor(edition: Edition, origin: str, destination: str) -> list[Snippet]:
    """Reads the figures on one pair of countries, out of the file of all pairs; what is withheld is not in it."""
    url = root(edition) + CORRIDORS
    filters = f"Then filter the columns origin for {origin} and destination for {destination}."
    python = [
        "import pandas as pd",
        f'pairs = pd.read_csv("{url}", dtype=str, keep_default_na=False)',
        f'figures = pairs[(pairs["origin"] == "{origin}") & (pairs["destination"] == "{destination}")]',
        'figures = figures.assign(obs_value=figures["obs_value"].astype(float))',
    ]
    r = [
        f'pairs <- read.csv("{url}", colClasses = "character", na.strings = character(), encoding = "UTF-8")',
        f'figures <- subset(pairs, origin == "{origin}" & destination == "{destination}")',
        "figures$obs_value <- as.numeric(figures$obs_value)",
    ]
    return [
        Snippet("Python, pandas", "\n".join(python), MIXED),
        Snippet("R", "\n".join(r), MIXED),
        Snippet("Google Sheets", f'=IMPORTDATA("{url}")', f"{filters} {MIXED}"),
        Snippet(
            "Excel, LibreOffice",
            url,
            f"Excel: Data, From Web; LibreOffice: Sheet, Link to External Data. {filters} {MIXED}",
        ),
    ]


def everything(edition: Edition) -> list[Snippet]:
    """Reads the whole database; `usable_value` is empty where a figure is missing or withheld."""
    url = root(edition) + PARQUET.of_all
    duckdb = [
        "SELECT ref_area_label, time_period, usable_value, unit, source_title, limitations_text",
        f"FROM '{url}'",
        "WHERE \"table\" = 'MST_NCTE_SEX_CCT_NB' AND sex = 'SEX_T' AND usable_value IS NOT NULL",
    ]
    return [
        Snippet("Python, pandas", f'import pandas as pd\nfigures = pd.read_parquet("{url}")'),
        Snippet("DuckDB", "\n".join(duckdb)),
        Snippet("R, arrow", f'figures <- arrow::read_parquet("{url}")'),
    ]


def root(edition: Edition) -> str:
    """The address of the site."""
    return edition.site or UNKNOWN
