"""Seals the finished site: the hash of every inline script goes into the Content Security Policy of its page."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from ilms_publish.problems import IlmsError

PLACEHOLDER = "__ILMS_SCRIPT_HASHES__"
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
INERT = re.compile(r'type="(?:application/(?:ld\+)?json)"')


def seal(site: Path) -> None:
    """Fills the placeholder of every page. Raises IlmsError for a page without a policy."""
    for path in sorted(site.rglob("*.html")):
        html = path.read_text("utf-8")
        if PLACEHOLDER not in html:
            raise IlmsError("the page has no Content Security Policy", file=path.relative_to(site).as_posix())
        path.write_text(html.replace(PLACEHOLDER, " ".join(hashes(html)), 1), "utf-8")


def hashes(html: str) -> list[str]:
    """The policy's source expressions for the inline scripts of a page, in order, each once."""
    found = [
        base64.b64encode(hashlib.sha256(script["code"].encode()).digest()).decode()
        for script in SCRIPT.finditer(html)
        if "src=" not in script["attributes"] and not INERT.search(script["attributes"])
    ]
    return [f"'sha256-{digest}'" for digest in dict.fromkeys(found)]
