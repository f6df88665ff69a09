"""Threats 1 to 7 in earnest: sites made of hostile texts, in a real browser, where nothing of them may happen."""

import http.server
import os
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route

from ilms_publish.policy import PLACEHOLDER, inline, seal
from ilms_publish.problems import IlmsError
from ilms_publish.staging import build_site
from tests.browser.conftest import Quiet
from tests.hostile.fields import FIELDS, NEIGHBOUR, REVISIONS, Field, put
from tests.hostile.test_texts import INERT
from tests.worlds import fictitious

EVERYWHERE = (*FIELDS, *(Field(file, key) for file, keys in NEIGHBOUR.items() for key in keys))
SHORT = [text for text in INERT.values() if len(text) < 200]
SITES = {"all at once": [" ".join(SHORT)], "one in each field": SHORT}
"""Name of a site -> the texts that its fields get in turn."""
MARK = "hit=1"
EACH = "ILMS_TEST_EACH"
"""Names how many pages of a section and depth are opened, those with most of the texts first; all by `make stress`."""
TABS = 8
"""Pages that are open at once: each is looked at when it has been silent for half a second."""
LISTEN = """() => {
  window.stopped = [];
  document.addEventListener('securitypolicyviolation', e => window.stopped.push(e.effectiveDirective));
}"""


@dataclass(frozen=True)
class Site:
    """A finished site, and where it is served."""

    root: Path
    address: str

    def kinds(self) -> list[str]:
        """The pages with most hostile texts of each section and depth, by address below the root."""
        sections: defaultdict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
        for path in sorted(self.root.rglob("*.html")):
            name = path.relative_to(self.root).as_posix().removesuffix("index.html")
            parts = name.split("/")
            sections[parts[0], len(parts)].append((-path.read_text("utf-8").count(MARK), name))
        return [name for pages in sections.values() for _, name in sorted(pages)[: int(os.environ.get(EACH, 2))]]


@pytest.fixture(scope="module", params=SITES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Fictitious countries whose every text is hostile and none is refused, as a site."""
    texts = SITES[request.param]
    world = fictitious(tmp_path_factory.mktemp("hostile"))
    world.path("zza/revisions.csv").write_text(REVISIONS, "utf-8")
    for number, text in enumerate(texts):
        put(world, text, EVERYWHERE[number :: len(texts)])
    world.package()
    checked = world.check()
    assert (checked.errors, checked.open) == ((), ())
    assert checked.catalogue is not None
    out = world.root / "site"
    build_site(checked.catalogue, world.root, out)
    with served(out) as address:
        yield Site(out, address)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@dataclass
class Watched:
    """A page of the browser, and everything that a sound site never does in it."""

    page: Page
    home: str
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(f"({LISTEN})()")
        self.page.on("dialog", self.asked)
        self.page.on("pageerror", lambda error: self.seen.append(f"script failed: {error}"))
        self.page.on("popup", lambda popup: self.seen.append(f"window {popup.url}"))
        self.page.on("console", lambda told: self.seen.append(told.text) if told.type in ("error", "warning") else None)
        self.page.on(
            "request", lambda asked: self.seen.append(f"asks {asked.url}") if self.outside(asked.url) else None
        )

    def asked(self, dialog: Dialog) -> None:
        """A dialog has opened."""
        self.seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def outside(self, address: str) -> bool:
        """Whether an address is not one of the site's own."""
        return not address.startswith((self.home, "data:image/svg+xml", "blob:" + self.home))

    def stopped(self) -> list[str]:
        """The directives by which the policy stopped something, in the page or a frame of it."""
        return [name for frame in self.page.frames for name in frame.evaluate("window.stopped ?? []")]

    def told(self) -> list[str]:
        """What was seen since the last time, what ran, and where the page ended up."""
        ran = self.page.evaluate("window.hit !== undefined || parent.hit !== undefined")
        left = [f"left for {self.page.url}"] if self.outside(self.page.url) else []
        seen = [*self.seen, *self.stopped(), *(["a hostile script ran"] if ran else []), *left]
        self.seen.clear()
        return seen


@pytest.fixture
def watched(browser: Browser, site: Site) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield Watched(page, site.address)
    page.close()


def test_no_page_runs_or_fetches_anything(browser: Browser, site: Site) -> None:
    tabs = [Watched(browser.new_page(viewport={"width": 1280, "height": 900}), site.address) for _ in range(TABS)]
    told, kinds = {}, site.kinds()
    for first in range(0, len(kinds), TABS):
        opened = list(zip(tabs, kinds[first : first + TABS], strict=False))
        for tab, kind in opened:
            tab.page.goto(site.address + kind)
        for tab, kind in opened:
            tab.page.wait_for_load_state("networkidle")
            tab.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
            told[kind] = [line for line in tab.told() if not (kind == "404.html" and "404" in line)]
    for tab in tabs:
        tab.page.close()
    assert len(told) > 40
    assert {kind: lines for kind, lines in told.items() if lines} == {}


ADDRESSES = ("href", "xlink:href", "src", "srcset", "data", "action", "formaction", "poster", "background")


def test_chart_that_answers_shows_hostile_texts_as_text(watched: Watched, site: Site) -> None:
    page = watched.page
    page.goto(f"{site.address}countries/zza/mst_temp_sex_eco_cct_nb/")
    figure = page.locator("figure[data-live]").first
    figure.get_by_role("button", name="Explore the chart").click()
    stage = figure.locator(".ilms-live svg").first
    stage.wait_for()
    stage.hover()
    stage.click()
    page.locator("a[data-embed]").first.click()
    page.wait_for_timeout(300)
    assert figure.locator("script, img, iframe, base, [action], [onerror], [onload]").count() == 0
    assert watched.told() == []


class Elements(HTMLParser):
    """The elements and attributes by which a page could do something."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            script = re.match(r"\s*(?:javascript|data|vbscript):", value or "", re.IGNORECASE)
            if name.startswith("on") or name in ("srcdoc", "data-ilms") or (script and name in ADDRESSES):
                self.found.append(f"{tag} {name}={value}")
        given = dict(attrs)
        refresh = tag == "meta" and (given.get("http-equiv") or "").lower() == "refresh"
        frame = tag in ("iframe", "object", "embed", "frame", "applet") or (tag == "base" and "href" in given)
        if frame or refresh or "evil" in (given.get("src") or ""):
            self.found.append(f"{tag} {given}")
        if tag == "form" and (given.get("class") or "") != "md-search__form" and given.get("action"):
            self.found.append(f"form {given}")


def test_no_page_has_an_element_of_a_text(site: Site) -> None:
    pages = sorted(site.root.rglob("*.html"))
    found = {path.relative_to(site.root).as_posix(): Elements(path).found for path in pages}
    assert {name: told for name, told in found.items() if told} == {}
    assert sum(MARK in path.read_text("utf-8") for path in pages) > 60, "the texts are on the pages"


def test_no_text_of_ours_is_left_unfilled(site: Site) -> None:
    """A text that looks like one of our own marks is not taken for it."""
    for path in site.root.rglob("*.html"):
        html = path.read_text("utf-8")
        policy = html.partition("Content-Security-Policy")[2].partition(">")[0]
        assert policy.count("'sha256-") == len(inline(html)), path
        assert PLACEHOLDER not in policy, path


def test_feeds_and_descriptions_hold_text_only(site: Site) -> None:
    for path in [*site.root.rglob("*.xml"), *site.root.rglob("*.svg")]:
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.parse(path).iter()}
        assert not tags & {"script", "img", "iframe", "foreignObject", "base", "form"}, path


QUESTIONS = (
    "onerror",
    "<img src=x onerror=window.hit=1>",
    "<script>window.hit=1</script>",
    "{{ 7 * 7 }}",
    '"><svg/onload=window.hit=1>',
)


def test_search_shows_hostile_texts_as_text(watched: Watched, site: Site) -> None:
    page = watched.page
    shown = 0
    for words in QUESTIONS:
        page.goto(site.address)
        box = page.get_by_role("textbox", name="Search")
        box.click()
        box.fill(words)
        box.press("Space")
        page.wait_for_timeout(1500)
        results = page.locator(".md-search-result__list")
        shown += results.locator(".md-search-result__link").count()
        strange = results.locator("script, img, iframe, form, base, style, [onerror], [onload], a[href^='javascript:']")
        assert strange.count() == 0, words
        assert watched.told() == [], words
    assert shown > 0


of_one = pytest.mark.parametrize("site", ["all at once"], indirect=True)
"""For what does not rest on the texts of a site: one is enough."""


@of_one
@pytest.mark.parametrize("words", QUESTIONS[1:3])
@pytest.mark.parametrize("place", ["?q=", "?h=", "#"])
def test_address_cannot_bring_a_script(watched: Watched, site: Site, place: str, words: str) -> None:
    watched.page.goto(f"{site.address}countries/zza/{place}{words}")
    watched.page.wait_for_timeout(600)
    assert watched.told() == []


INJECTED = {
    # what gets into a page by some hole -> the directive that stops it
    "script": ("<script>window.hit = 1</script>", "script-src-elem"),
    "script from elsewhere": ("<script src='https://evil.example/x.js'></script>", "script-src-elem"),
    "script in an address": ("<script src='data:text/javascript,window.hit=1'></script>", "script-src-elem"),
    "handler": ("<img src=x onerror='window.hit = 1'>", "script-src-attr"),
    "handler on a picture": ("<svg onload='window.hit = 1'></svg>", "script-src-attr"),
    "frame": ("<iframe srcdoc='<script>parent.hit = 1</script>'></iframe>", "script-src-elem"),
    "frame from elsewhere": ("<iframe src='https://evil.example/'></iframe>", "frame-src"),
    "picture from elsewhere": ("<img src='https://evil.example/x.png'>", "img-src"),
    "style": ("<style>main { display: none }</style>", "style-src-elem"),
    "style from elsewhere": ("<link rel=stylesheet href='https://evil.example/x.css'>", "style-src-elem"),
    "base": ("<base href='https://evil.example/'>", "base-uri"),
    "object": ("<object data='https://evil.example/x'></object>", "object-src"),
}
ACTIONS = {
    "javascript address": ("<a id=hurt href='javascript:window.hit=1'>x</a>", "script-src-elem"),
    "handler": ("<button id=hurt onclick='window.hit = 1'>x</button>", "script-src-attr"),
    "form": ("<form action='https://evil.example/'><button id=hurt>x</button></form>", "form-action"),
}
Inject = Callable[[str], None]


@pytest.fixture
def inject(watched: Watched, site: Site) -> Inject:
    """Opens the home page with some HTML at the end of its body, as if a hole had let it in."""

    def inject(html: str) -> None:
        def changed(route: Route) -> None:
            page = route.fetch().text()
            assert page.count("</body>") == 1
            route.fulfill(body=page.replace("</body>", f"{html}</body>"), content_type="text/html; charset=utf-8")

        watched.page.route(site.address, changed)
        watched.page.goto(site.address)
        watched.page.wait_for_timeout(400)

    return inject


@of_one
@pytest.mark.parametrize("name", INJECTED)
def test_policy_stops_what_a_hole_would_let_in(watched: Watched, inject: Inject, name: str) -> None:
    html, directive = INJECTED[name]
    inject(html)
    assert directive in watched.stopped()
    assert watched.page.evaluate("window.hit") is None
    assert not watched.outside(watched.page.evaluate("document.baseURI"))


@of_one
@pytest.mark.parametrize("name", ACTIONS)
def test_policy_stops_what_a_click_would_start(watched: Watched, inject: Inject, name: str) -> None:
    html, directive = ACTIONS[name]
    inject(html)
    watched.page.evaluate("document.getElementById('hurt').click()")
    watched.page.wait_for_timeout(200)
    assert directive in watched.stopped()
    assert watched.page.evaluate("window.hit") is None
    assert not watched.outside(watched.page.url)


@of_one
def test_without_the_policy_the_same_script_would_run(browser: Browser, site: Site) -> None:
    """The injected script is a real one: only the policy stands in its way."""
    page = browser.new_page()
    html = INJECTED["script"][0]

    def changed(route: Route) -> None:
        body = route.fetch().text().replace("Content-Security-Policy", "X").replace("</body>", f"{html}</body>")
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.route(site.address, changed)
    page.goto(site.address)
    assert page.evaluate("window.hit") == 1
    page.close()


def test_script_of_one_page_alone_is_never_allowed(tmp_path: Path) -> None:
    """Only the theme's scripts, which every page with scripts has, are let through when the policy is written."""
    plain = '<meta content="script-src __ILMS_SCRIPT_HASHES__">'
    theme = f"{plain}<script>theme()</script>"
    for folder, html in (("sound", theme), ("hurt", f"{theme}<script>window.hit=1</script>")):
        (tmp_path / folder).mkdir()
        for name, content in (("a", theme), ("b", html), ("embedded", plain)):
            (tmp_path / folder / f"{name}.html").write_text(content, "utf-8")
    seal(tmp_path / "sound")
    assert (tmp_path / "sound" / "b.html").read_text("utf-8").count("'sha256-") == 1
    with pytest.raises(IlmsError, match=r"b\.html: .*script"):
        seal(tmp_path / "hurt")
