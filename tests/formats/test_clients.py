"""Programs that others have written read what the site says of itself: feeds, descriptions, catalogue, citation."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import feedparser
import pyshacl
import pytest
import rdflib
from pyld import jsonld

from ilms_publish.catalogue import Catalogue
from ilms_publish.citing import page_address
from ilms_publish.downloads import downloads
from ilms_publish.downloads.dcat import dcat_files
from ilms_publish.downloads.feeds import feeds
from ilms_publish.formats import CATALOGUES, CHANGES_FEED, FEED, changes_feed, package_feed
from ilms_publish.pages.page import Page
from tests.formats.conftest import SITE
from tests.test_revisions import ENTRY, HEADER, TABLE
from tests.worlds import REPOSITORY, World

SCHEMA = "https://schema.org/"
SHAPES = Path(__file__).with_name("dcat-shapes.ttl")


def read(content: bytes) -> Any:
    """A feed as a reader takes it in."""
    found = feedparser.parse(content)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def test_a_feed_reader_takes_in_every_feed(catalogue: Catalogue) -> None:
    made = feeds(catalogue, SITE)
    own = [f(name) for name in catalogue.packages for f in (package_feed, changes_feed)]
    assert set(made) == {FEED, CHANGES_FEED, *own}
    for path, content in made.items():
        found = read(content)
        assert found.feed.title
        assert found.feed.updated_parsed
        assert {one.href for one in found.feed.links if one.rel == "self"} == {SITE + path}
        assert all(one.updated_parsed and one.id and one.summary for one in found.entries)
        assert all(one.link.startswith(SITE) for one in found.entries)
    assert [one.link for one in read(made[FEED]).entries]


def test_the_value_that_stood_before_is_told_where_it_was_kept(world: World) -> None:
    world.path("zzb/changes.csv").write_text(
        f"date,table,where,year,before,after\n2026-11-30,{TABLE},sex=SEX_F; cds=CDS_DES_ZZA,2018,4.500,4.620\n", "utf-8"
    )
    catalogue = revised(world, ENTRY)
    assert "(before: 4.500)" in read(feeds(catalogue)[CHANGES_FEED]).entries[0].summary
    (told,) = json.loads(downloads(catalogue)["api/v1/changes.json"])["changes"]
    assert [(one["value"], one["before"]) for one in told["now"]] == [("4.620", "4.500")]


GONE = "sex=SEX_F; cds=CDS_DES_ZZA"


def removed(world: World) -> Catalogue:
    """The figure of women in Zedland in 2018 taken back, and its last value kept."""
    name = f"zzb/data/{TABLE.lower()}.csv"
    world.rows(name, lambda f: f[~((f["sex"] == "SEX_F") & (f["cds"] == "CDS_DES_ZZA") & (f["time_period"] == "2018"))])
    world.path("zzb/changes.csv").write_text(
        f"date,table,where,year,before,after\n2026-11-30,{TABLE},{GONE},2018,4.620,\n", "utf-8"
    )
    return revised(world, ENTRY)


def test_a_figure_that_is_no_longer_published_is_told_with_its_last_value(world: World) -> None:
    catalogue = removed(world)
    made = feeds(catalogue)
    for path in (CHANGES_FEED, changes_feed("zzb")):
        (entry,) = read(made[path]).entries
        assert re.search(r"No longer published: .*Women.*Zedland.*, 2018 \(before: 4\.620\)\.", entry.summary)
        assert "One airport was counted twice." in entry.summary
    (told,) = json.loads(downloads(catalogue)["api/v1/changes.json"])["changes"]
    assert told["no_longer_published"] == 1
    (figure,) = told["removed"]
    assert (figure["table"], figure["year"], figure["before"]) == (TABLE, 2018, "4.620")
    assert figure["codes"] == {"sex": "SEX_F", "cds": "CDS_DES_ZZA", "ref_area": "ZZB"}


def test_a_removed_figure_that_is_withheld_shows_no_value(world: World) -> None:
    limits = world.path("zzb/limitations.csv")
    limits.write_text(
        limits.read_text("utf-8") + f"zzb-slip,level-slip,withhold,,{TABLE},,sex=SEX_F,2018-2019,In doubt.,\n", "utf-8"
    )
    catalogue = removed(world)
    (entry,) = read(feeds(catalogue)[CHANGES_FEED]).entries
    assert "No longer published" in entry.summary
    assert "4.620" not in entry.summary
    (told,) = json.loads(downloads(catalogue)["api/v1/changes.json"])["changes"]
    assert [figure["before"] for figure in told["removed"]] == [None]


def revised(world: World, *entries: str) -> Catalogue:
    world.path("zzb/revisions.csv").write_text(HEADER + "".join(entries), "utf-8")
    made = world.check("zzb").catalogue
    assert made is not None
    return made


def test_a_changed_figure_stands_in_both_feeds_with_its_reason_and_what_stands_now(world: World) -> None:
    catalogue = revised(world, ENTRY, ENTRY.replace("2026-11-30", "2026-12-01").replace(",2018,", ",2019,"))
    made = feeds(catalogue, SITE)
    for path in (CHANGES_FEED, changes_feed("zzb")):
        later, first = read(made[path]).entries
        assert (later.updated, first.updated) == ("2026-12-01T00:00:00Z", "2026-11-30T00:00:00Z")
        assert "One airport was counted twice." in first.summary
        assert "Women, Zedland" in first.summary
        assert "2018: 4.620" in first.summary
        assert first.link == f"{SITE}{page_address(catalogue.packages['zzb'], catalogue.structure.tables[TABLE])}/"
    told = json.loads(downloads(catalogue)["api/v1/changes.json"])["changes"]
    assert [one["date"] for one in told] == ["2026-12-01", "2026-11-30"]
    assert [figure["value"] for figure in told[1]["now"]] == ["4.620"]
    assert told[1]["figures"] == 1


def test_better_words_keep_the_id_of_an_entry(world: World) -> None:
    first = read(feeds(revised(world, ENTRY))[CHANGES_FEED]).entries[0]
    again = read(feeds(revised(world, ENTRY.replace("One airport", "An airport")))[CHANGES_FEED]).entries[0]
    assert first.summary != again.summary
    assert first.id == again.id


def test_a_withheld_value_is_never_in_a_feed(world: World) -> None:
    limits = world.path("zzb/limitations.csv")
    limits.write_text(
        limits.read_text("utf-8") + f"zzb-slip,level-slip,withhold,,{TABLE},,sex=SEX_F,2018,In doubt.,\n", "utf-8"
    )
    world.path("zzb/changes.csv").write_text(
        f"date,table,where,year,before,after\n2026-11-30,{TABLE},sex=SEX_F; cds=CDS_DES_ZZA,2018,4.500,4.620\n", "utf-8"
    )
    catalogue = revised(world, ENTRY)
    frame = catalogue.tables["zzb", TABLE].frame
    assert (frame["use"] == "withheld").any()
    (entry,) = read(feeds(catalogue)[CHANGES_FEED]).entries
    assert "withheld from use" in entry.summary
    assert "4.620" not in entry.summary
    assert "4.500" not in entry.summary
    (told,) = json.loads(downloads(catalogue)["api/v1/changes.json"])["changes"]
    assert [(one["value"], one["use"]) for one in told["now"]] == [(None, "withheld")]


@pytest.fixture(scope="module")
def described(made: dict[str, Page]) -> dict[str, Page]:
    return {address: page for address, page in made.items() if "jsonld" in page.fragments}


def offline(url: str, options: Any) -> Any:
    """The context of schema.org as far as our descriptions use it: every name is one of its names."""
    assert url.rstrip("/") == SCHEMA.rstrip("/"), "no other context may be asked for"
    return {"document": {"@context": {"@vocab": SCHEMA}}, "documentUrl": url, "contextUrl": None}


def test_search_engines_can_take_the_description_out_of_every_page(
    catalogue: Catalogue, described: dict[str, Page]
) -> None:
    """By the algorithm of JSON-LD 1.1 for scripts in HTML, then expanded to full names."""
    addresses = {page_address(table.package, table.definition): table for table in catalogue.tables.values()}
    assert addresses.keys() <= described.keys()
    for address, page in described.items():
        html = f"<!doctype html><html><body>{page.fragments['jsonld']}</body></html>"
        found = jsonld.load_html(html, SITE + address, None, {"extractAllScripts": True, "base": SITE + address})
        (node,) = jsonld.expand(found, {"documentLoader": offline, "base": f"{SITE}{address}/"})
        kind = "DataCatalog" if not address else "Dataset"
        assert node["@type"] == [SCHEMA + kind]
        for name in ("name", "description", "url", "distribution"):
            assert node[SCHEMA + name], (address, name)
        if address in addresses:
            texts = " ".join(value["@value"] for value in node[f"{SCHEMA}description"])
            assert addresses[address].definition.definition in texts or texts.endswith("…")
            assert node[f"{SCHEMA}license"]


def judged(content: bytes, path: str) -> tuple[bool, str]:
    graph = rdflib.Graph().parse(data=content, format="turtle", publicID=SITE + path)
    sound, _, told = pyshacl.validate(graph, shacl_graph=str(SHAPES), shacl_graph_format="turtle", advanced=False)
    return bool(sound), str(told)


def test_the_catalogue_has_what_dcat_demands(files: dict[str, bytes], catalogue: Catalogue) -> None:
    for content in (files[CATALOGUES[0]], dcat_files(catalogue, files, SITE)[CATALOGUES[0]]):
        sound, told = judged(content, CATALOGUES[0])
        assert sound, told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dct:publisher", "dct:contributor"),
        ("dct:description", "dct:abstract"),
        ("dcat:accessURL", "dcat:endpointURL"),
        ("^^xsd:date", "^^xsd:gYear"),
        ("foaf:name", "foaf:nick"),
    ],
)
def test_a_catalogue_that_lacks_it_is_refused(files: dict[str, bytes], old: str, new: str) -> None:
    spoiled = files[CATALOGUES[0]].decode().replace(old, new, 1)
    assert not judged(spoiled.encode(), CATALOGUES[0])[0]


def test_the_citation_file_keeps_to_its_schema(tmp_path: Path) -> None:
    def told(path: Path) -> int:
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.citation-file-format"]
        return subprocess.run([*command, str(path)], capture_output=True, check=False).returncode

    path = REPOSITORY / "CITATION.cff"
    assert told(path) == 0
    spoiled = tmp_path / "CITATION.cff"
    spoiled.write_text(path.read_text("utf-8").replace("cff-version:", "version-of-cff:"), "utf-8")
    assert told(spoiled) != 0
