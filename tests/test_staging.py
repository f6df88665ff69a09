"""The site is built beside the last good one and put in place whole, or not at all."""

from pathlib import Path

import pytest

from ilms_publish.catalogue import Catalogue
from ilms_publish.pages.page import Page
from ilms_publish.problems import IlmsError
from ilms_publish.staging import build_site, stage
from tests.worlds import World


def made(world: World) -> Catalogue:
    catalogue = world.check().catalogue
    assert catalogue is not None
    return catalogue


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def good_site(world: World) -> Path:
    site = world.root / "site"
    site.mkdir()
    (site / "index.html").write_text("the last good site")
    return site


def test_build_replaces_the_old_site_and_leaves_nothing_beside_it(world: World) -> None:
    site = good_site(world)
    before = {path.name for path in world.root.iterdir()} | {"build"}
    build_site(made(world), world.root, site)
    assert "the last good site" not in (site / "index.html").read_text("utf-8")
    assert {path.name for path in world.root.iterdir()} == before


def test_what_mkdocs_warns_of_stops_the_build(world: World) -> None:
    site = good_site(world)
    methods = world.root / "site_src" / "docs" / "methods.md"
    methods.write_text(methods.read_text("utf-8") + "\n[nowhere](nowhere.md)\n", "utf-8")
    with pytest.raises(IlmsError, match="nowhere"):
        build_site(made(world), world.root, site)
    assert tree(site) == {"index.html": b"the last good site"}


def test_staging_touches_only_what_changed(world: World) -> None:
    work = world.root / "build"
    page = Page("a", "Title: <i>", "What it says", "", {}, "2026-02-25")
    stage([page], {"data/x.csv": b"1"}, world.root, work)
    marks = {path: path.stat().st_mtime_ns for path in work.rglob("*") if path.is_file()}
    stage([page], {"data/x.csv": b"2"}, world.root, work)
    changed = {path.name for path, mark in marks.items() if path.stat().st_mtime_ns != mark}
    assert changed == {"x.csv"}
    stage([], {}, world.root, work)
    assert not (work / "docs" / "a").exists()


def test_title_cannot_leave_the_front_matter(world: World) -> None:
    work = world.root / "build"
    hostile = "a\n---\nhooks: x <img src=x onerror=alert(1)> *b* [c](d)"
    stage([Page("a", hostile, hostile, "", {}, "2026-02-25")], {}, world.root, work)
    lines = (work / "docs" / "a" / "index.md").read_text("utf-8").split("\n")
    assert lines[0] == lines[4] == "---"
    assert "<img" not in "".join(lines[5:])
    heading = next(line for line in lines if line.startswith("# "))
    assert "[c](d)" not in heading, "Markdown in a title is shown as it is"


def test_two_pages_at_one_address_are_refused(world: World) -> None:
    page = Page("a", "Title", "What it says", "", {}, "2026-02-25")
    with pytest.raises(IlmsError, match="/a/"):
        stage([page, page], {}, world.root, world.root / "build")
