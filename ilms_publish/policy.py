"""Seals the finished site: the hash of every inline script goes into the Content Security Policy of its page."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from ilms_publish.hard_links import write_anew
from ilms_publish.problems import IlmsError

PLACEHOLDER = "__ILMS_SCRIPT_HASHES__"
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
SCOPE = re.compile(r'new URL\("[\w./~%-]*",location\)')
"""What tells the theme's script on one page from that on another: the way to the site's root."""
INERT = re.compile(r'type="(?:application/(?:ld\+)?json)"')


def seal(site: Path) -> None:
    """Fills the placeholder of every page.

    Raises IlmsError for a page without a policy, and for an inline script that not every page with scripts has: the
    theme's stand on each, so another one would come from a text.
    """
    found: dict[str, list[str]] = {}
    scripted = 0
    for path in sorted(site.rglob("*.html")):
        name, html = path.relative_to(site).as_posix(), path.read_text("utf-8")
        if PLACEHOLDER not in html:
            raise IlmsError("the page has no Content Security Policy", file=name)
        scripts = inline(html)
        write_anew(path, html.replace(PLACEHOLDER, " ".join(hashes(scripts)), 1))
        scripted += bool(scripts)
        for code in {SCOPE.sub("", code, 1) for code in scripts}:
            found.setdefault(code, []).append(name)
    code, pages = min(found.items(), key=lambda pair: len(pair[1]), default=("", []))
    if len(pages) < scripted:
        raise IlmsError(f"the page has a script that others have not: {code[:60]!r}", file=pages[0])


def inline(html: str) -> list[str]:
    """The code of the scripts written into a page that a browser would run, in order, each once."""
    found = (
        script["code"]
        for script in SCRIPT.finditer(html)
        if "src=" not in script["attributes"] and not INERT.search(script["attributes"])
    )
    return list(dict.fromkeys(found))


def hashes(scripts: Iterable[str]) -> list[str]:
    """The policy's source expressions for some inline scripts."""
    return [f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in scripts]
