"""Makes a few pages ahead of the whole site, the same as the build makes them: for whoever looks on while editing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from ilms_publish import charts
from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads import size
from ilms_publish.formats import OFFLINE, SUMS
from ilms_publish.hosts import CONFIG, chosen
from ilms_publish.lightening import joined, sheet_of, tight
from ilms_publish.offline import SIZE
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.page import Page, with_data
from ilms_publish.pages.recalling import recalled
from ilms_publish.placing import alone
from ilms_publish.policy import seal
from ilms_publish.remembering import DRAWINGS, PAGES, WORK, Memory, pieces
from ilms_publish.site import drafts
from ilms_publish.staging import site_address, stage
from ilms_publish.structured import descriptions

BENCH = "serve"
"""Folder below that of the build, for these pages alone."""
MARKDOWN = re.compile(r"[\w./-]+\.md\b")


def glance(
    catalogue: Catalogue, root: Path, addresses: Collection[str], site: Path, arranged: Memory
) -> dict[str, bytes]:
    """The computed pages at some addresses and what stands beside them: path below the site's root -> bytes.

    site: the last whole site; the sizes of downloads are said as they are there. arranged: figures of earlier calls.
    Raises IlmsError when a page cannot be made.
    """
    bench = root / WORK / BENCH
    charts.memory = pieces(root, DRAWINGS)
    made = list(_pages(catalogue, root, addresses, site, arranged))
    with alone(bench):
        fresh = bench / "site"
        shutil.rmtree(fresh, ignore_errors=True)
        stage(made, _stubs(root, made), bench, bench)  # nothing authored stands below the bench
        chosen().glance(root, bench, fresh)
        seal(fresh)
        names = [name for page in made for name in (_name(page), *page.files)]
        found = {name: (fresh / name).read_bytes() for name in names}
    return {
        name: _finished(name, content, site) if name.endswith(".html") else content for name, content in found.items()
    }


def address_of(name: str) -> str | None:
    """The address of the page that a file is; None for another file."""
    return name.removesuffix("index.html").rstrip("/") if f"/{name}".endswith("/index.html") else None


def _pages(
    catalogue: Catalogue, root: Path, addresses: Collection[str], site: Path, arranged: Memory
) -> Iterator[Page]:
    """The pages wanted; those that come after the last of them are not even begun."""
    memory, left = pieces(root, PAGES), set(addresses)
    edition = Edition(catalogue, _sizes(site), site_address(), arranged)
    data = descriptions(catalogue, site_address())
    for draft in drafts(edition) if left else ():
        if draft.address in left:
            page = recalled(edition, draft, memory)
            yield with_data(page, data[page.address]) if page.address in data else page
            left.remove(draft.address)
            if not left:
                return


def _sizes(site: Path) -> Mapping[str, str]:
    """The sizes of the files of a site, which is a folder of its own each time it is built."""
    folder = site.stat()
    return _sizes_in(site, folder.st_ino, folder.st_ctime_ns)


@lru_cache(maxsize=1)
def _sizes_in(site: Path, number: int, changed: int) -> Mapping[str, str]:
    """Without the files that are made after the pages."""
    late = (OFFLINE, SUMS)
    paths = (path for path in site.rglob("*") if path.suffix != ".html" and path.is_file())
    found = {path.relative_to(site).as_posix(): size(path.stat().st_size) for path in paths}
    return {name: words for name, words in found.items() if name not in late}


def _stubs(root: Path, made: Collection[Page]) -> dict[str, bytes]:
    """Empty pages for those that the host's settings name and that are not made, so that all are in the menu."""
    named = set(MARKDOWN.findall((root / CONFIG).read_text("utf-8")))
    own = {_name(page).removesuffix(".html") + ".md" for page in made}
    return dict.fromkeys(sorted(named - own), b"---\ntitle: Not made here\n---\n")


def _name(page: Page) -> str:
    return f"{page.address}/index.html".lstrip("/")


def _finished(name: str, html: bytes, site: Path) -> bytes:
    """With what is known once the whole site is made: the stylesheet of the page, and the size of the zip of all."""
    before = next(path for path in (site / name, site / "404.html", site / "index.html") if path.is_file())
    sheet = sheet_of(before.read_text("utf-8"))
    text = tight(joined(html.decode(), sheet)) if sheet else html.decode()
    zipped = site / OFFLINE
    return text.replace(SIZE, f"{zipped.stat().st_size / 1e6:.1f}\u00a0MB" if zipped.is_file() else "").encode()
