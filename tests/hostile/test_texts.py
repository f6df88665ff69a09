"""Threats 1, 2, 14, 17 to 20: what a text may do to a page, a spreadsheet, a screen or a log, in every field."""

# ruff: noqa: E501

import pytest

from ilms_publish.problems import Problem
from ilms_publish.reporting import github_lines, summary, text_lines
from tests.hostile.fields import FIELDS, put
from tests.worlds import World

REFUSED = {
    # 17: a spreadsheet takes these for formulas
    "equals": "=1+1", "command": "=cmd|' /C calc'!A0", "link": '=HYPERLINK("https://evil.example","x")', "plus": "+1+1",
    "minus": "-1+cmd", "at": "@SUM(1)", "wide equals": "\uff1d1+1", "wide at": "\uff20SUM(1)",
    # 18: these are not seen, or seem to be something else
    "right to left": "a\u202eb", "isolate": "a\u2067b", "embedding": "\u202ba", "mark": "a\u200eb",
    "zero width": "a\u200bb", "joiner": "a\u200db", "byte order mark": "a\ufeffb", "soft hyphen": "a\u00adb",
    "filler": "a\u3164b", "blank braille": "\u2800", "variation": "a\ufe0f", "tag": "a\U000e0041b",
    "private": "a\ue000", "noncharacter": "a\ufdd0", "separate accent": "e\u0301", "lookalike": "Th\u0430iland",
    "greek lookalike": "Thail\u03b1nd", "stacked accents": "Z" + "\u0335" * 9, "leading space": "\u00a0a", "trailing": "a\u00a0",
    # 20 and 21: these steer a terminal or end a line
    "escape": "\x1b[2Ja", "osc link": "\x1b]8;;https://evil.example\x07a", "bell": "a\x07", "backspace": "a\x08b",
    "delete": "a\x7f", "c1": "a\x9bb", "tab": "a\tb", "vertical tab": "a\x0bb", "line separator": "a\u2028::error::b",
    "next line": "a\x85b", "too long": "a" * 4097,
}  # fmt: skip

INERT = {
    # 1: markup and Markdown
    "script": "<script>window.hit=1</script>", "image": "<img src=x onerror=window.hit=1>",
    "svg": "<svg/onload=window.hit=1>", "frame": "<iframe src='javascript:parent.hit=1'></iframe>",
    "style": "<style>*{display:none}</style>", "base": "<base href='https://evil.example/'>",
    "refresh": "<meta http-equiv=refresh content='0;url=https://evil.example/'>", "form": "<form action=//evil.example>",
    "markdown link": "[x](javascript:window.hit=1)", "markdown image": "![x](https://evil.example/x.png)",
    "reference": "[x]: javascript:window.hit=1", "code": "`a` ``b`` ~~~", "heading": "# a", "emphasis": "*a* _b_ **c**",
    "entity": "&lt;script&gt; &#60;b&#62;", "autolink": "<javascript:window.hit=1>",
    "attributes": "a{: onclick=window.hit=1 }", "comment": "<!-- a --> <!--", "end": "</p></div></script></style></title>",
    # 2: quotes that would end an attribute or the front matter
    "double quote": '"><img src=x onerror=window.hit=1>', "single quote": "' onmouseover='window.hit=1",
    "front matter": "a --- title: x ---", "yaml": "a: [b, &c !d *e", "colon": "a: b # c",
    # addresses that are linked
    "address": "https://evil.example/'onmouseover='window.hit=1", "address end": "https://a.example/<script>hit=1</script>",
    "javascript": "javascript:window.hit=1", "data": "data:text/html,<script>window.hit=1</script>",
    # 14: patterns that a careless expression would try for ever
    "catastrophic": "a" * 40 + "!", "nested": "(a+)+$", "dashes": "-".join("a" * 1000) + "!", "brackets": "(" * 2000,
    # 19: templates, and our own marks
    "jinja": "{{ 7 * 7 }}{% for x in y %}", "jinja call": "{{ cycler.__init__.__globals__ }}", "shell": "$(id) `id` ${PATH}",
    "placeholder": '<div data-ilms="table"></div>', "fragment": "<!--ilms:table|Heading-->", "policy": "__ILMS_SCRIPT_HASHES__",
    "format": "{parts} {0} %s %(x)s", "json": '</script>{"@type": "x"}\\u003c',
    # 20: workflow commands
    "command": "::error file=a::b", "mask": "::add-mask::a", "old command": "##[add-mask]a", "percent": "%0A::error::a",
    "stop": "::stop-commands::a", "braces": "{=1+1}",
}  # fmt: skip


def problems_at(problems: tuple[Problem, ...]) -> dict[tuple[str, str], int]:
    return {(p.file.removeprefix("datapackages/"), p.field): p.row for p in problems if p.rule == "safe-text"}


@pytest.mark.parametrize("name", REFUSED)
def test_harmful_text_is_located_in_every_field(world: World, name: str) -> None:
    put(world, REFUSED[name])
    checked = world.check("zza")
    assert checked.catalogue is None
    told = problems_at(checked.errors)
    missing = [str(field) for field in FIELDS if (field.file, field.name) not in told]
    assert missing == []
    for field in FIELDS:
        row = told[field.file, field.name]
        assert row == field.key[0] if field.file.endswith(".csv") else row > 0
    for line in [*text_lines(checked), *github_lines(checked), summary(checked)]:
        for sign in "\x1b\x07\x08\x9b\x85\x0b\u2028\u202e\u200b":
            assert sign not in line
        assert len(line.rstrip("\n").split("\n")) == 1 or line.startswith("## Check")


@pytest.mark.parametrize("name", INERT)
def test_markup_is_text_in_every_field(world: World, name: str) -> None:
    put(world, INERT[name])
    world.package()
    checked = world.check("zza")
    assert (checked.errors, checked.open) == ((), ())
    catalogue = checked.catalogue
    assert catalogue is not None
    assert catalogue.packages["zza"].title == INERT[name]
    assert INERT[name] in set(catalogue.tables["zza", "MST_NCTE_SEX_CCT_NB"].frame["note"])


def test_key_of_a_yaml_file_is_checked_like_a_text(world: World) -> None:
    world.edit("zza/sources.yaml", "      provider:", '      "pro\\u202evider":')
    told = [p for p in world.check("zza").errors if p.rule == "safe-text"]
    assert [(p.file, p.field) for p in told] == [("datapackages/zza/sources.yaml", "sources.1.answers")]
    assert "\u202e" not in str(told[0])
