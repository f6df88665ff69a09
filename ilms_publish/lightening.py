"""Makes the theme's stylesheets light: rules that no page of the finished site can match are left out.

A rule stays when every class of one of its selectors occurs in a page or in a script; what stands inside `:not()` and
its like is not asked. Custom properties that nothing reads any more go too. What is left becomes one stylesheet, the
only file for which a page waits before it is drawn. The theme's script does not compete with it for a slow line, and
waits with the search index until the reader opens the search.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ilms_publish.hard_links import write_anew
from ilms_publish.problems import IlmsError

STYLES, SCRIPTS = "assets/stylesheets/*.css", "assets/javascripts/*.js"
BUNDLE = "assets/javascripts/bundle.*.min.js"
CLASSES = re.compile(r'class="([^"]*)"')
COLOURS = re.compile(r'data-md-color-(?:scheme|primary|accent)="([^"]*)"')
WORD = re.compile(r"[A-Za-z_][\w-]*")
CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
COLOUR = re.compile(r"\[data-md-color-(?:scheme|primary|accent)=\"?([\w-]+)\"?\]")
INSIDE = re.compile(r":(?:not|is|where|has)\([^()]*\)")
PROPERTY = re.compile(r"(--[\w-]+):((?:[^;\"{}]|\"[^\"]*\")*)(?:;|(?=}))")
AT_ONCE, WHEN_OPENED = '$(location.protocol!=="file:")', "$(!1)"
"""When the theme's script fetches the search index: on the web at once; from files, when the search is opened."""
READ = re.compile(r"var\(\s*(--[\w-]+)")
LINK = re.compile(r'<link rel="stylesheet" href="([^"]*?)(assets/[^"]+\.css)">\s*')
JOINED = "assets/stylesheets/all.{}.css"
BLOCKING = re.compile(r'<script (src="[^"]*assets/javascripts/bundle\.)')
AS_WRITTEN = re.compile(r"(<(?:pre|script|textarea)\b.*?</(?:pre|script|textarea)>)", re.DOTALL)
BREAK = re.compile(r"\s*\n\s*")
SPACE = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|/\*.*?\*/|\s+""", re.DOTALL)
AROUND = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')| ?([{};,]) ?""")


def lighten(site: Path) -> None:
    """Rewrites the theme's stylesheets and script of a finished site. Raises IlmsError for a script not known."""
    for script in site.glob(BUNDLE):
        write_anew(script, patient(script.read_text("utf-8")))
    known: set[str] = set()
    for page in site.rglob("*.html"):
        html = page.read_text("utf-8")
        known.update(name for found in CLASSES.findall(html) for name in found.split())
        known.update(COLOURS.findall(html))
    for script in site.glob(SCRIPTS):
        known.update(WORD.findall(script.read_text("utf-8")))
    sheets = {path: matching(path.read_text("utf-8"), known) for path in sorted(site.glob(STYLES))}
    own = [path.read_text("utf-8") for path in sorted(site.rglob("*.css")) if path not in sheets]
    read = properties_read([*sheets.values(), *own])
    for path, sheet in sheets.items():
        write_anew(path, without_properties(sheet, read))
    _join(site)


def _join(site: Path) -> None:
    """Lets every page ask for one stylesheet, made of those that it named, and read the theme's script at its end."""
    made: dict[tuple[str, ...], str] = {}
    for page in sorted(site.rglob("*.html")):
        html = page.read_text("utf-8")
        links = list(LINK.finditer(html))
        names = tuple(link[2] for link in links)
        if names and names not in made:
            sheet = squeezed("".join((site / name).read_text("utf-8") for name in names)).encode()
            made[names] = JOINED.format(hashlib.sha256(sheet).hexdigest()[:12])
            (site / made[names]).parent.mkdir(parents=True, exist_ok=True)
            write_anew(site / made[names], sheet)
        write_anew(page, tight(joined(html, made.get(names, ""))))
    for path in site.glob(STYLES):
        if path.relative_to(site).as_posix() not in made.values():
            path.unlink()


def joined(html: str, sheet: str) -> str:
    """A page that asks for one stylesheet in place of all that it names. sheet: its path below the site's root."""
    links = list(LINK.finditer(html))
    for link in links[:0:-1]:
        html = html[: link.start()] + html[link.end() :]
    if links:
        whole = f'<link rel="stylesheet" href="{links[0][1]}{sheet}">\n'
        html = html[: links[0].start()] + whole + html[links[0].end() :]
    return BLOCKING.sub(r"<script defer \1", html)


def tight(html: str) -> str:
    """A page without blank lines and indents, but for what is shown or run as written."""
    pieces = AS_WRITTEN.split(html)
    pieces[::2] = [BREAK.sub("\n", piece) for piece in pieces[::2]]
    return "".join(pieces)


def sheet_of(html: str) -> str:
    """The one stylesheet that a finished page asks for; blank when the page was not made so."""
    names = [link[2] for link in LINK.finditer(html)]
    return names[0] if len(names) == 1 and names[0].startswith(JOINED.partition("{")[0]) else ""


def squeezed(sheet: str) -> str:
    """The stylesheet without comments and needless space; what stands in quotes is not touched."""
    single = SPACE.sub(lambda found: found[1] or (" " if found[0].isspace() else ""), sheet)
    return AROUND.sub(lambda found: found[1] or found[2], single).strip()


def patient(script: str) -> str:
    """The theme's script, fetching the search index only when the search is opened."""
    if script.count(AT_ONCE) != 1:
        raise IlmsError("the theme's script is not the one known here; see lightening.py for how it fetches the index")
    return script.replace(AT_ONCE, WHEN_OPENED)


def matching(sheet: str, known: Iterable[str]) -> str:
    """The rules of a minified stylesheet that can match a page with these classes and colours."""
    names = frozenset(known)
    kept = []
    for head, body in rules(sheet):
        if body is None:
            kept.append(head)
        elif head.startswith(("@media", "@supports")):
            inner = matching(body, names)
            kept += [f"{head}{{{inner}}}"] if inner else []
        elif head.startswith("@"):
            kept.append(f"{head}{{{body}}}")
        else:
            heads = [one for one in selectors(head) if _can_match(one, names)]
            kept += [f"{','.join(heads)}{{{body}}}"] if heads else []
    return "".join(kept)


def properties_read(sheets: Iterable[str]) -> frozenset[str]:
    """The custom properties that a stylesheet reads, as `--name`."""
    return frozenset(name for sheet in sheets for name in READ.findall(sheet))


def without_properties(sheet: str, read: frozenset[str]) -> str:
    """The stylesheet without the custom properties that are set but never read; may leave empty rules out."""
    thinned = PROPERTY.sub(lambda found: found[0] if found[1] in read else "", sheet)
    return re.sub(r"[^{}@;]+\{\}", "", thinned)


def rules(sheet: str) -> Iterator[tuple[str, str | None]]:
    """Head and body of each rule; a statement such as `@charset` has no body."""
    at = 0
    while (start := sheet.find("{", at)) >= 0:
        end = sheet.find(";", at, start)
        if sheet.startswith("@", at) and end >= 0:
            yield sheet[at : end + 1], None
            at = end + 1
            continue
        close = _closing(sheet, start)
        yield sheet[at:start], sheet[start + 1 : close]
        at = close + 1


def selectors(head: str) -> list[str]:
    """The selectors of a rule, split at the commas that stand in no bracket."""
    found, depth = [""], 0
    for letter in head:
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return found


def _can_match(selector: str, known: frozenset[str]) -> bool:
    bare, times = INSIDE.subn("", selector)
    while times:
        bare, times = INSIDE.subn("", bare)
    return all(name in known for name in (*CLASS.findall(bare), *COLOUR.findall(bare)))


def _closing(sheet: str, start: int) -> int:
    """Where the brace that opens at `start` closes; braces inside quotes do not count."""
    depth, quoted = 0, ""
    for at in range(start, len(sheet)):
        letter = sheet[at]
        if quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in "\"'":
            quoted = letter
        elif letter in "{}":
            depth += 1 if letter == "{" else -1
            if not depth:
                return at
    raise ValueError("a brace of the stylesheet is never closed")
