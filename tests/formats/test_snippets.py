"""The lines that pages offer to copy are run as a reader would, with the files of this build in place of the site."""

import html
import re
from pathlib import Path
from typing import Any

import duckdb

from ilms_publish import corridors
from ilms_publish.catalogue import Catalogue
from ilms_publish.citing import bibtex, page_address
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.page import Page
from ilms_publish.pages.snippets import UNKNOWN
from ilms_publish.site import drafts
from tests.formats.conftest import SITE

SNIPPET = re.compile(
    r'<p class="ilms-code__name">(.*?)</p>\s*<pre class="ilms-code"><code>(.*?)</code></pre>', re.DOTALL
)
ADDRESS = re.compile(re.escape(SITE) + r"[A-Za-z0-9_./-]+")


def snippets(page: Page) -> dict[str, str]:
    """Name of the program -> the lines as a reader copies them."""
    return {name: html.unescape(code) for name, code in SNIPPET.findall("".join(page.fragments.values()))}


def run(code: str, folder: Path) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code.replace(SITE, f"{folder}/"), names)
    return names


def test_python_reads_the_usable_figures_of_every_table(
    catalogue: Catalogue, made: dict[str, Page], folder: Path
) -> None:
    for table in catalogue.tables.values():
        code = snippets(made[page_address(table.package, table.definition)])["Python, pandas"]
        names = run(code, folder)
        assert len(names["figures"]) == len(table.frame)
        wanted = table.published.loc[table.published["obs_value"] != "", "obs_value"].astype(float)
        assert names["usable"]["obs_value"].tolist() == wanted.tolist()


def test_python_reads_all_tables_of_a_country(catalogue: Catalogue, made: dict[str, Page], folder: Path) -> None:
    for package in catalogue.packages.values():
        if package.national:
            names = run(snippets(made[page_address(package)])["Python, pandas"], folder)
            tables = catalogue.of_package(package.id)
            assert len(names["figures"]) == sum(len(table.frame) for table in tables)
            assert len(names["usable"]) == sum(int((table.published["obs_value"] != "").sum()) for table in tables)


def test_python_reads_the_figures_of_every_corridor(catalogue: Catalogue, made: dict[str, Page], folder: Path) -> None:
    every = corridors.rows(catalogue)
    read = 0
    for address, page in made.items():
        lines = snippets(page).get("Python, pandas", "") if address.startswith("corridors/") else ""
        if lines:
            origin, destination = address.removeprefix("corridors/").upper().split("-")
            wanted = every[(every["origin"] == origin) & (every["destination"] == destination)]["obs_value"]
            assert run(lines, folder)["figures"]["obs_value"].tolist() == wanted.astype(float).tolist(), address
            read += len(wanted)
    assert read


def test_one_line_reads_the_whole_database(catalogue: Catalogue, made: dict[str, Page], folder: Path) -> None:
    lines = snippets(made["downloads"])
    figures = run(lines["Python, pandas"], folder)["figures"]
    assert len(figures) == sum(len(table.frame) for table in catalogue.tables.values())
    found = duckdb.connect().execute(lines["DuckDB"].replace(SITE, f"{folder}/")).fetchall()
    of_table = [table for (_, name), table in catalogue.tables.items() if name == "MST_NCTE_SEX_CCT_NB"]
    usable = [table.published[table.published["obs_value"] != ""] for table in of_table]
    assert len(found) == sum(int((rows["sex"] == "SEX_T").sum()) for rows in usable) > 0


def test_every_address_to_copy_is_a_file_of_the_site(made: dict[str, Page], files: dict[str, bytes]) -> None:
    seen = set()
    for page in made.values():
        for name, code in snippets(page).items():
            (address,) = set(ADDRESS.findall(code))
            assert address.removeprefix(SITE) in files, (page.address, name)
            seen.add(name)
    assert {"R", "R, arrow", "DuckDB", "Google Sheets", "Excel, LibreOffice", "Python, pandas"} <= seen


def test_without_a_known_address_a_reader_is_told_to_put_it_in(catalogue: Catalogue) -> None:
    page = next(one for one in drafts(Edition(catalogue, {})) if one.address == "downloads").make()
    assert UNKNOWN in snippets(page)["Python, pandas"]


def test_pages_offer_the_reference_too(catalogue: Catalogue, made: dict[str, Page]) -> None:
    for table in catalogue.tables.values():
        text = "".join(made[page_address(table.package, table.definition)].fragments.values())
        reference = bibtex(catalogue, table.package, table)
        assert html.escape(reference, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in text
        assert f"date = {{{table.package.issued}}}" in reference
