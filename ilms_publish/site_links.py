"""Every link inside a finished site leads to a page, a file or an anchor that is there."""

from __future__ import annotations

import html
import posixpath
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

TAG = re.compile(r"<[a-zA-Z][^<>]*>")
LINK = re.compile(r'\s(?:href|src)="([^"]*)"')
ANCHOR = re.compile(r'\s(?:id|name)="([^"]*)"')
INDEX = "index.html"


def dead_ends(site: Path, root: str = "/") -> list[str]:
    """`page: link` for each link of a page to something that is not there, in the order of the pages.

    root: where the site stands on its host, which links that begin with a slash name. Links that name a scheme or a
    host lead outside and are not asked.
    """
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    pages = {name: _Page((site / name).read_text("utf-8")) for name in sorted(files) if name.endswith(".html")}
    there = _There(files, pages, root)
    return [f"{name}: {link}" for name, page in pages.items() for link in page.links if there.lacks(name, link)]


class _Page:
    """The links of a page, each once, and its anchors; what many pages say is held once for all of them."""

    def __init__(self, text: str) -> None:
        tags = "".join(TAG.findall(text))
        self.links = list(dict.fromkeys(sys.intern(html.unescape(link)) for link in LINK.findall(tags)))
        self.anchors = {sys.intern(html.unescape(anchor)) for anchor in ANCHOR.findall(tags)}


@dataclass(frozen=True, slots=True)
class _There:
    """What a link can lead to."""

    files: set[str]
    pages: Mapping[str, _Page]
    root: str

    def lacks(self, page: str, link: str) -> bool:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            return False
        target = self._target(page, unquote(parts.path)) if parts.path else page
        if target not in self.files:
            return True
        return bool(parts.fragment) and target in self.pages and parts.fragment not in self.pages[target].anchors

    def _target(self, page: str, path: str) -> str:
        """The file that an address of a page means; what leads out of the site is no file of it."""
        if path.startswith(self.root):
            path, folder = path.removeprefix(self.root), ""
        else:
            folder = posixpath.dirname(page)
        target = posixpath.normpath(posixpath.join(folder, path))
        is_folder = path.endswith("/") or posixpath.basename(path) in ("", ".", "..")
        return posixpath.normpath(posixpath.join(target, INDEX)) if is_folder else target
