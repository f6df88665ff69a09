from pathlib import Path

import material
import pytest

from ilms_publish.lightening import (
    AT_ONCE,
    BUNDLE,
    WHEN_OPENED,
    lighten,
    matching,
    patient,
    properties_read,
    rules,
    selectors,
    squeezed,
    without_properties,
)
from ilms_publish.problems import IlmsError

THEME = "assets/stylesheets/main.css"


@pytest.mark.parametrize(
    ("sheet", "left"),
    [
        (".a{x:1}.b{x:2}", ".a{x:1}"),
        (".b,.a{x:1}", ".a{x:1}"),
        (".a .b{x:1}", ""),
        (".a:not(.b){x:1}", ".a:not(.b){x:1}"),
        (".a:not(:is(.b)){x:1}", ".a:not(:is(.b)){x:1}"),
        ("main>p{x:1}", "main>p{x:1}"),
        ('@charset "UTF-8";.a{x:1}', '@charset "UTF-8";.a{x:1}'),
        ("@media print{.b{x:1}.a{x:2}}", "@media print{.a{x:2}}"),
        ("@media print{.b{x:1}}.a{x:2}", ".a{x:2}"),
        ("@keyframes b{to{x:1}}", "@keyframes b{to{x:1}}"),
        ("[data-md-color-primary=teal]{x:1}[data-md-color-primary=custom]{x:2}", "[data-md-color-primary=custom]{x:2}"),
        ('.a{content:"}.b{"}', '.a{content:"}.b{"}'),
    ],
)
def test_only_rules_that_can_match_stay(sheet: str, left: str) -> None:
    assert matching(sheet, {"a", "custom"}) == left


def test_commas_in_brackets_do_not_split_selectors() -> None:
    assert selectors(":is(a,b) c,[title='x,y'],d") == [":is(a,b) c", "[title='x,y']", "d"]


def test_a_stylesheet_is_read_to_its_end() -> None:
    assert list(rules("a{b:c}@media x{d{e:f}}")) == [("a", "b:c"), ("@media x", "d{e:f}")]
    with pytest.raises(ValueError, match="never closed"):
        list(rules("a{b:c"))


def test_properties_that_nothing_reads_go() -> None:
    sheet = ':root{--used:1;--icon:url("data:image/svg+xml;x,<svg/>");--last:2}.a{x:var(--used)}'
    assert without_properties(sheet, properties_read([sheet])) == ":root{--used:1;}.a{x:var(--used)}"
    assert without_properties(":root{--gone:1}.a{x:1}", frozenset()) == ".a{x:1}"


def test_what_scripts_add_later_and_what_our_own_styles_read_stays(tmp_path: Path) -> None:
    (tmp_path / "assets" / "stylesheets").mkdir(parents=True)
    (tmp_path / "assets" / "javascripts").mkdir()
    (tmp_path / "below").mkdir()
    for page, up in (("index.html", ""), ("below/index.html", "../")):
        links = f'<link rel="stylesheet" href="{up}{THEME}">\n  <link rel="stylesheet" href="{up}assets/own.css">'
        script = f'<script src="{up}assets/javascripts/bundle.1.js"></script>'
        (tmp_path / page).write_text(f'<head>{links}</head><p class="a">{script}')
    (tmp_path / "assets" / "javascripts" / "bundle.js").write_text('e.className="later"')
    (tmp_path / "assets" / "own.css").write_text("/* ours */\n.own {\n  x: var(--theirs);\n}\n")
    (tmp_path / THEME).write_text(":root{--theirs:1;--none:2}.a{x:1}.later{x:2}.never{x:3}")
    lighten(tmp_path)
    (joined,) = (tmp_path / "assets" / "stylesheets").iterdir()
    assert joined.read_text() == ":root{--theirs:1;}.a{x:1}.later{x:2}.own{x: var(--theirs);}"
    for page, up in (("index.html", ""), ("below/index.html", "../")):
        html = (tmp_path / page).read_text()
        assert html.count("stylesheet") == 2, "one link, whose folder has the name too"
        assert f'<link rel="stylesheet" href="{up}assets/stylesheets/{joined.name}">' in html
        assert f'<script defer src="{up}assets/javascripts/bundle.1.js">' in html


@pytest.mark.parametrize(
    ("sheet", "small"),
    [
        ("a {\n  b: c;\n}\n\nd > e { f: g }", "a{b: c;}d > e{f: g}"),
        ("a{content:'/* not */  a comment'}/* a comment */", "a{content:'/* not */  a comment'}"),
        ('a::before { content: "a  ;  \\"  }  b" }', 'a::before{content: "a  ;  \\"  }  b"}'),
        ("a :not(b) , c{width:calc(1px + 2px)}", "a :not(b),c{width:calc(1px + 2px)}"),
        ("a/**/{b:c}", "a{b:c}"),
    ],
)
def test_a_stylesheet_is_squeezed_but_for_its_quotes(sheet: str, small: str) -> None:
    assert squeezed(sheet) == small


def test_the_search_index_waits_until_the_search_is_opened() -> None:
    bundle = next((Path(material.__file__).parent / "templates").glob(BUNDLE)).read_text("utf-8")
    changed = patient(bundle)
    assert AT_ONCE not in changed
    assert len(bundle) - len(changed) == len(AT_ONCE) - len(WHEN_OPENED)
    with pytest.raises(IlmsError, match="theme's script"):
        patient("another script")
