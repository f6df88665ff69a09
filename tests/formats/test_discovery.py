"""What catalogues, search engines, feed readers and reference managers are told is complete, true and safe."""

import hashlib
import json
import re
from datetime import datetime
from pathlib import Path
from posixpath import join, normpath
from typing import Any
from xml.etree import ElementTree

import pytest
import rdflib

from ilms_publish.catalogue import Catalogue
from ilms_publish.citing import bibtex, page_address
from ilms_publish.formats import CATALOGUES, CORRIDORS, FEED, YEARBOOK, across_formats, bibliography, package_feed
from ilms_publish.pages.page import Page
from ilms_publish.site import pages
from ilms_publish.staging import build_site
from ilms_publish.structured import descriptions, script
from tests.formats.conftest import SITE
from tests.worlds import World

ATOM = "{http://www.w3.org/2005/Atom}"
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def made(catalogue: Catalogue) -> dict[str, Page]:
    """The pages of a site whose own address is not known."""
    return {page.address: page for page in pages(catalogue, {})}


def data(page: Page) -> Any:
    (found,) = DATA.findall("".join(page.fragments.values()))
    return json.loads(found)


def test_every_page_of_figures_describes_itself(catalogue: Catalogue, made: dict[str, Page]) -> None:
    for table in catalogue.tables.values():
        told = data(made[page_address(table.package, table.definition)])
        assert told["@type"] == "Dataset"
        assert 50 <= len(told["description"]) <= 5000
        assert table.definition.unit in told["description"]
        for one in table.limitations:
            assert one.text in told["description"] or told["description"].endswith("…")
        assert told["license"] == [one["path"] for one in table.package.licences]
        assert told["dateModified"] == table.package.issued
        assert told["measurementTechnique"] == [source.title for source in table.sources]


def test_every_download_it_names_is_there(made: dict[str, Page], files: dict[str, bytes]) -> None:
    named = 0
    for address, page in made.items():
        if "jsonld" in page.fragments:
            for one in data(page).get("distribution", []):
                assert normpath(join(f"/{address}/", one["contentUrl"])).lstrip("/") in {*files, YEARBOOK}, one
                named += 1
    assert named


def test_a_table_of_every_country_describes_itself_with_those_of_each(
    catalogue: Catalogue, made: dict[str, Page]
) -> None:
    described = 0
    for name, definition in catalogue.structure.tables.items():
        held = [table for table in catalogue.of_table(name) if table.package.national]
        page = made[f"tables/{definition.slug}"]
        assert ("jsonld" in page.fragments) == bool(held), name
        if held:
            told = data(page)
            years = [year for table in held for year in table.frame["time_period"]]
            assert told["temporalCoverage"] == f"{min(years)}/{max(years)}"
            assert told["dateModified"] == max(table.package.issued for table in held)
            assert set(told["license"]) == {one["path"] for table in held for one in table.package.licences}
            parts = {f"../../{page_address(table.package, definition)}/#dataset" for table in held}
            assert {one["@id"] for one in told["hasPart"]} == parts
            assert len(told["distribution"]) == len(across_formats())
            described += 1
    assert described


def test_the_index_of_corridors_describes_the_file_of_all_of_them(made: dict[str, Page]) -> None:
    told = data(made["corridors"])
    assert told["@type"] == "Dataset"
    assert told["license"]
    assert [one["contentUrl"] for one in told["distribution"]] == [f"../{CORRIDORS}"]


def test_every_page_of_figures_is_cited_with_versions_dates_and_sources(
    catalogue: Catalogue, made: dict[str, Page]
) -> None:
    kinds = set()
    for address, page in made.items():
        html = "".join(page.fragments.values())
        if 'id="cite"' not in html:
            continue
        (text,) = re.findall(r'id="cite">(.*?)</p>', html)
        assert f"/{address}/" in text
        assert re.search(r"(version|packages [a-z]+) \d+\.\d+\.\d+ of \d{4}|packages none", text), address
        assert html.count("@misc{") == 1 or address.startswith("releases/"), address
        assert html.count("author = {") == html.count("@misc{")
        if "packages none" not in text and not address.startswith("releases/"):
            told = data(page)
            assert told["@type"] == "Dataset", address
            assert told["license"], address
            assert told["distribution"], address
        kinds.add(address.split("/")[0])
    assert kinds >= {"countries", "tables", "corridors", "yearbook"}
    addresses = {page_address(table.package, table.definition) for table in catalogue.tables.values()}
    assert all('id="cite"' in "".join(made[one].fragments.values()) for one in addresses)


def test_home_is_the_catalogue_of_all_packages(catalogue: Catalogue, made: dict[str, Page]) -> None:
    told = data(made[""])
    assert told["@type"] == "DataCatalog"
    assert [one["name"] for one in told["dataset"]] == [package.title for package in catalogue.packages.values()]


def test_addresses_are_absolute_when_the_site_is_known(catalogue: Catalogue) -> None:
    for address, text in descriptions(catalogue, SITE).items():
        told = json.loads(text)
        assert told["url"] == SITE + (f"{address}/" if address else "")
        assert all(one["contentUrl"].startswith(SITE) for one in told["distribution"])


def test_text_cannot_leave_its_script() -> None:
    hostile = "</script><script>alert(1)</script><!-- & \u2028"
    made = script({"name": hostile})
    assert "<" not in made
    assert json.loads(made)["name"] == hostile


def test_both_forms_of_the_catalogue_say_the_same(files: dict[str, bytes]) -> None:
    graphs = [
        rdflib.Graph().parse(data=files[path], format=kind, publicID=SITE + path)
        for path, kind in zip(CATALOGUES, ("turtle", "json-ld"), strict=True)
    ]
    first, second = (set(graph) for graph in graphs)
    assert first
    assert first == second, "no blank nodes, so that sets can be compared"


def test_every_dataset_of_the_catalogue_has_its_files_with_sums(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    graph = rdflib.Graph().parse(data=files[CATALOGUES[0]], format="turtle", publicID=SITE + CATALOGUES[0])
    datasets = set(graph.subjects(rdflib.RDF.type, DCAT.Dataset))
    assert len(datasets) == len(catalogue.tables)
    assert set(graph.objects(None, DCAT.dataset)) == datasets
    for dataset in datasets:
        for name in (rdflib.DCTERMS.title, rdflib.DCTERMS.description, rdflib.DCTERMS.modified, DCAT.distribution):
            assert graph.value(dataset, name) is not None, (dataset, name)
        for one in graph.objects(dataset, DCAT.distribution):
            path = str(graph.value(one, DCAT.downloadURL)).removeprefix(SITE)
            assert str(graph.value(one, DCAT.byteSize)) == str(len(files[path]))
            told = graph.value(graph.value(one, SPDX.checksum), SPDX.checksumValue)
            assert str(told).lower() == hashlib.sha256(files[path]).hexdigest()
            assert graph.value(one, rdflib.DCTERMS.license) or graph.value(one, rdflib.DCTERMS.rights)


def test_feeds_tell_the_releases_with_dates_of_the_data(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    wanted = [(FEED, set(catalogue.packages)), *((package_feed(one), {one}) for one in catalogue.packages)]
    for path, packages in wanted:
        feed = ElementTree.fromstring(files[path])
        entries = feed.findall(f"{ATOM}entry")
        assert len(entries) == len(packages)
        dates = [entry.findtext(f"{ATOM}updated", "") for entry in entries]
        assert dates == sorted(dates, reverse=True)
        assert feed.findtext(f"{ATOM}updated") == dates[0]
        assert all(datetime.fromisoformat(date).tzinfo for date in dates)
        ids = [feed.findtext(f"{ATOM}id", ""), *(entry.findtext(f"{ATOM}id", "") for entry in entries)]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one) for one in ids)
        assert all(entry.findtext(f"{ATOM}summary") for entry in entries)


def test_references_have_an_entry_for_the_package_and_each_table(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    for package in catalogue.packages.values():
        text = files[bibliography(package.id)].decode()
        keys = [f"ilms-{package.id}-{table.definition.slug}" for table in catalogue.of_package(package.id)]
        assert re.findall(r"^@misc\{(.+),$", text, re.M) == [f"ilms-{package.id}", *keys]
        assert text.count("{") == text.count("}")


def test_a_reference_prints_special_characters(world: World) -> None:
    world.edit("zza/package.yaml", "edition: Test edition", r"edition: 'Fish & 50 % of {#1_\x}'")
    world.package()
    made = world.check("zza").catalogue
    assert made is not None
    assert r"edition = {Fish \& 50 \% of \{\#1\_/x\}}" in bibtex(made, made.packages["zza"])


def test_the_note_for_programs_names_files_that_exist(files: dict[str, bytes], made: dict[str, Page]) -> None:
    text = files["llms.txt"].decode()
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert target in files or target.rstrip("/") in made, target
    assert "withheld" in text


def test_sitemap_dates_pages_by_their_data(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILMS_SITE_URL", SITE)
    catalogue = world.check().catalogue
    assert catalogue is not None
    out = tmp_path / "out"
    build_site(catalogue, world.root, out)
    dated = dict(re.findall(r"<loc>(.*?)</loc>\s*<lastmod>(.*?)</lastmod>", (out / "sitemap.xml").read_text("utf-8")))
    assert dated[f"{SITE}countries/zza/mst_ncte_sex_cct_nb/"] == "2026-02-25"
    assert set(dated.values()) == {"2026-02-25"}
    page = (out / "countries" / "zza" / "mst_ncte_sex_cct_nb" / "index.html").read_text("utf-8")
    assert json.loads(DATA.findall(page)[0])["url"] == f"{SITE}countries/zza/mst_ncte_sex_cct_nb/"
    assert (out / "llms.txt").is_file()
