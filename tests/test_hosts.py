"""The same staged pages under every host that could carry them: same addresses, same anchors, same words."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest

from ilms_publish import hosts
from ilms_publish.problems import IlmsError
from ilms_publish.staging import build_site
from tests.building import built, one_core, tree
from tests.worlds import REPOSITORY, World, fictitious

REPORT = REPOSITORY / "build" / "hosts"
"""What differs under each host, for those who look at the build."""
SILENT = {"script", "style", "svg"}
THEIRS = "__"
"""How anchors of a theme begin, which no link of ours names."""
ADDRESS = "https://statistics.example/ilms/"


class Content(HTMLParser):
    """The anchors and the words that a reader sees in the content of a page, without the frame around it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.within: list[str] = []
        self.anchors: list[str] = []
        self.words: list[str] = []
        self.feed(content(page))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.anchors += [value for name, value in attrs if name == "id" and value and not value.startswith(THEIRS)]
        self.within += [tag] if tag in SILENT else []

    def handle_endtag(self, tag: str) -> None:
        if self.within and tag == self.within[-1]:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if not self.within:
            self.words.append(data)

    @property
    def text(self) -> str:
        """The words without their spaces, which say nothing where code is coloured."""
        return "".join("".join(self.words).split())


def content(page: str) -> str:
    """What stands in the main part of a page."""
    found = re.search(r"<main\b.*?</main>", page, re.DOTALL)
    return found[0] if found else page


def pages(site: Path) -> dict[str, Content]:
    """Every page by its address below the root."""
    return {
        path.relative_to(site).as_posix(): Content(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))
    }


@dataclass(frozen=True)
class Difference:
    """What is not the same on the pages of two hosts, page by page."""

    missing: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    anchors: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)


def differing(ours: Path, theirs: Path) -> Difference:
    """The addresses, anchors and texts in which two sites differ; of a text where the difference begins."""
    one, other = pages(ours), pages(theirs)
    both = sorted(one.keys() & other.keys())
    return Difference(
        sorted(one.keys() - other.keys()),
        sorted(other.keys() - one.keys()),
        {name: sorted(apart) for name in both if (apart := set(one[name].anchors) ^ set(other[name].anchors))},
        {name: words for name in both if (words := list(parting(one[name].text, other[name].text)))},
    )


def parting(one: str, other: str) -> Iterator[str]:
    """The two texts from where they part; nothing when they are the same."""
    if one != other:
        at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
        yield from (text[max(0, at - 30) : at + 60] for text in (one, other))


def kept(host: str, found: Difference) -> Difference:
    """The same, written down for those who look at the build."""
    REPORT.mkdir(parents=True, exist_ok=True)
    (REPORT / f"{host}.json").write_text(json.dumps(vars(found), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return found


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two fictitious countries, whose site MkDocs has built."""
    world = fictitious(tmp_path_factory.mktemp("hosts"))
    built(world, {hosts.SETTING: "", "ILMS_SITE_URL": ADDRESS}, one_core, out="mkdocs")
    return world


def with_host(world: World, host: str) -> Path:
    """The site as the host makes it."""
    built(world, {hosts.SETTING: host, "ILMS_SITE_URL": ADDRESS}, one_core, out=host)
    return world.root / host


def test_staged_files_are_lent_to_the_site_but_for_what_is_written_later(hosted: World, tmp_path: Path) -> None:
    docs, site = hosted.root / "build/docs", tmp_path / "site"
    foreign = {"sitemap.xml", "sitemap.xml.gz", "search/search_index.json", "404.html", "plain.html"}
    for name in {*foreign, ".hidden.txt"}:
        (docs / name).parent.mkdir(exist_ok=True)
        (docs / name).write_text("authored", "utf-8")
    (docs / "LICENCE.txt").write_text("not for everybody", "utf-8")
    (docs / "LICENCE.txt").chmod(0o600)
    before = tree(docs)
    hosts.with_mkdocs(hosted.root, hosted.root / "build", site)
    assert tree(docs) == before, "the host wrote into a staged file"
    staged = {name for name in before if not name.endswith(".md")}
    assert staged - tree(site).keys() == {".hidden.txt"}
    apart = {name for name in staged - {".hidden.txt"} if not (site / name).samefile(docs / name)}
    assert apart == {*foreign, "LICENCE.txt"} | {name for name in staged if name.endswith(".html")}
    assert (site / "LICENCE.txt").stat().st_mode == (site / "plain.html").stat().st_mode


needs_zensical = pytest.mark.skipif(
    find_spec("zensical") is None, reason="Zensical is not installed; it has no wheel for every platform"
)


def test_properdocs_gives_the_same_bytes(hosted: World) -> None:
    site = with_host(hosted, "properdocs")
    assert kept("properdocs", differing(hosted.root / "mkdocs", site)) == Difference()
    assert tree(site) == tree(hosted.root / "mkdocs")


@needs_zensical
def test_zensical_gives_every_page_and_places_every_fragment(hosted: World) -> None:
    site = with_host(hosted, "zensical")
    found = kept("zensical", differing(hosted.root / "mkdocs", site))
    assert (found.missing, found.more) == ([], [])
    assert not [page for page in site.rglob("*.html") if "data-ilms" in page.read_text("utf-8")]
    page = (site / "countries" / "zza" / "mst_ncte_sex_cct_nb" / "index.html").read_text("utf-8")
    assert "<svg" in page
    assert "<caption" in page


@needs_zensical
def test_what_zensical_fails_on_is_told(hosted: World, tmp_path: Path) -> None:
    template = hosted.root / "site_src" / "theme" / "page.html"
    sound = template.read_text("utf-8")
    template.write_text(sound + "{% block content %}{{ nothing.here.at.all }}{% endblock %}", "utf-8")
    with pytest.raises(IlmsError, match="Zensical could not build the site"):
        hosts.with_zensical(hosted.root, hosted.root / "build", tmp_path / "site")
    template.write_text(sound, "utf-8")
    assert not (tmp_path / "site").exists()


def test_a_host_that_is_not_known_is_told_before_anything_is_built(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(hosts.SETTING, "sphinx")
    catalogue = world.check().catalogue
    assert catalogue is not None
    with pytest.raises(IlmsError, match="known are mkdocs, properdocs, zensical"):
        build_site(catalogue, world.root, world.root / "site")
    assert not (world.root / "build" / "docs").exists()


@pytest.mark.parametrize("spoilt", ["page gone", "place gone", "fragment gone"])
def test_a_fragment_without_its_place_is_told(tmp_path: Path, spoilt: str) -> None:
    page, fragment = tmp_path / "site" / "a" / "index.html", tmp_path / "fragments" / "a" / "index.md.json"
    for path in (page, fragment):
        path.parent.mkdir(parents=True)
    page.write_text("" if spoilt == "place gone" else '<main><div data-ilms="table"></div></main>', "utf-8")
    fragment.write_text(json.dumps({} if spoilt == "fragment gone" else {"table": "<p>1</p>"}), "utf-8")
    if spoilt == "page gone":
        page.unlink()
    with pytest.raises(IlmsError, match=r"a/index.html|fragment 'table'"):
        hosts.put_fragments(tmp_path, tmp_path / "site")


def test_the_comparison_would_see_a_difference(tmp_path: Path) -> None:
    for name, page in {"one": '<main><p id="a">Word</p></main>', "two": '<main><p id="b">Word s</p></main>'}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(f"<title>{name}</title>{page}", "utf-8")
    (tmp_path / "two" / "more.html").write_text("", "utf-8")
    found = differing(tmp_path / "one", tmp_path / "two")
    assert (found.missing, found.more) == ([], ["more.html"])
    assert found.anchors == {"index.html": ["a", "b"]}
    assert found.texts == {"index.html": ["Word", "Words"]}
