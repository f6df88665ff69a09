"""A finished site is followed link by link: what leads nowhere is told with its page."""

from pathlib import Path

import pytest

from ilms_publish import staging
from ilms_publish.problems import IlmsError
from ilms_publish.site_links import dead_ends
from tests.building import tree
from tests.worlds import World

ANCHORS = '<h2 id="here">Here</h2><h2 id="a&amp;b">Both</h2>'


def site(root: Path, link: str) -> Path:
    """A page two folders deep with one link, beside another page and a file."""
    for name in ("index.html", "a/index.html", "a/b/index.html"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ANCHORS, "utf-8")
    (root / "data.csv").write_text("x")
    (root / "a" / "b" / "index.html").write_text(f'{ANCHORS}<p>href="nowhere/"</p><a class="x" href="{link}">x</a>')
    return root


@pytest.mark.parametrize(
    "link",
    [
        "",
        "#here",
        "#a&amp;b",
        "..",
        "../",
        "../#here",
        "../../",
        "../../data.csv",
        "../../index.html#here",
        ".",
        "/",
        "/ilms/data.csv",
        "../../data%2Ecsv",
        "https://example.org/nowhere",
        "mailto:someone",
        "data:text/plain,x",
    ],
)
def test_good_links(tmp_path: Path, link: str) -> None:
    assert dead_ends(site(tmp_path, link), "/ilms/" if link.startswith("/ilms") else "/") == []


@pytest.mark.parametrize(
    "link",
    [
        "#there",
        "../#there",
        "../../gone.csv",
        "../../../",
        "../../../../data.csv",
        "../c/",
        "b/",
        "/gone/",
        "../../data",
    ],
)
def test_dead_links(tmp_path: Path, link: str) -> None:
    assert dead_ends(site(tmp_path, link)) == [f"a/b/index.html: {link}"]


def test_pictures_are_followed(tmp_path: Path) -> None:
    page = site(tmp_path, "") / "index.html"
    page.write_text('<img alt="" src="gone.svg">')
    assert dead_ends(tmp_path) == ["index.html: gone.svg"]


def test_site_with_a_dead_link_is_not_put_in_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = world.check().catalogue
    assert catalogue is not None
    monkeypatch.setenv("ILMS_SITE_URL", "https://statistics.example/ilms/")
    site = world.root / "site"
    site.mkdir()
    (site / "index.html").write_text("the last good site")
    page = world.root / "site_src" / "docs" / "methods.md"
    page.write_text(page.read_text("utf-8") + '\n<a href="../gone/">gone</a>\n', "utf-8")
    with pytest.raises(IlmsError, match=r"nowhere: methods/index.html: \.\./gone/"):
        staging.build_site(catalogue, world.root, site)
    assert tree(site) == {"index.html": b"the last good site"}
