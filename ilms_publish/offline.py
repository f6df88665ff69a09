"""The whole site as one zip that opens from disk, with search; and the sums of every file of the site."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from posixpath import normpath

from ilms_publish import classic
from ilms_publish.formats import OFFLINE, SUMS
from ilms_publish.hard_links import write_anew

FOLDER = "ilms-offline"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
LINK = re.compile(r'\b(href|src)="([^"#?:]*)(#[^"]*)?"')
ONLINE = re.compile(r"<li data-online>.*?</li>\n?", re.DOTALL)
START = re.compile(r'<script (?:type="module" )?src="([^"]*assets/js/start\.js)"(?: type="module")?></script>')
MODULE = re.compile(r'<script[^>]*\btype="module"[^>]*></script>\n?|<link[^>]*\brel="modulepreload"[^>]*>\n?')
"""Modules cannot be fetched from disk: the one of every page becomes a plain script, others are left away."""
SIZE = "__ILMS_OFFLINE_SIZE__"
"""Stands on the page of downloads until the zip is made."""
BUNDLE = re.compile(r"<script (?:defer )?src=")
POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="[^"]*"')
SHIM = "assets/javascripts/offline.js"
INDEX = "search/search_index"
LEFT_OUT = ("404.html", "sitemap.xml", "sitemap.xml.gz", "CNAME", f"{INDEX}.json", OFFLINE, SUMS)
ONLINE_ONLY = re.compile(r"shared/.*|assets/js/.*|.*\.map")
"""Pictures for where a page is shared, and modules; no link of a page leads to them."""
ANSWER = re.compile(r"charts/.*\.rows\.json")
"""What a chart answers from after a click; from disk it comes as a script."""
AT_ONCE = 1 << 20
"""Bytes of a file that are held while it is packed."""
PACKED = (".zip", ".xlsx", ".parquet", ".png", ".gz", ".map")
README = """International labour migration statistics, ASEAN: the whole site, to be read without a network.

Unpack this folder, then open index.html with a browser. Search, pages, charts that answer after a click, and files
all work from disk. SHA256SUMS lists every file: sha256sum --check SHA256SUMS
"""


def take_along(site: Path) -> None:
    """Puts the zip into a finished site, says its size on the page of downloads, and lists the sums of all files."""
    path = site / OFFLINE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    _zip(site, path)
    page = site / "downloads" / "index.html"
    if page.is_file():
        write_anew(page, page.read_text("utf-8").replace(SIZE, f"{path.stat().st_size / 1e6:.1f}\u00a0MB"))
    lines = [f"{_sum(one)}  {name}\n" for name, one in files(site) if name != SUMS]
    write_anew(site / SUMS, "".join(lines))


def files(site: Path) -> Iterator[tuple[str, Path]]:
    """Every file of a folder by its path below it, in order."""
    found = {one.relative_to(site).as_posix(): one for one in site.rglob("*") if one.is_file()}
    yield from sorted(found.items())


def _zip(site: Path, path: Path) -> None:
    """The same site gives the same bytes."""
    sums = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in contents(site):
            sums.append(f"{_sum(content)}  {name}\n")
            _add(archive, name, content)
        _add(archive, SUMS, "".join(sums).encode())


def contents(site: Path) -> Iterator[tuple[str, bytes | Path]]:
    """What lies in the zip: pages with links to files, the index of the search as a script, all else as it is.

    What is taken as it is comes as its path: the largest file is as large as all figures.
    """
    yield "README.txt", README.encode()
    yield SHIM, Path(__file__).with_suffix(".js").read_bytes()
    yield from ((name, script.encode()) for name, script in classic.scripts(site))
    for name, one in files(site):
        if name == f"{INDEX}.json":
            yield f"{INDEX}.js", search_index(one.read_text("utf-8")).encode()
        if ANSWER.fullmatch(name):
            yield f"{name}.js", classic.answer(one.read_text("utf-8")).encode()
        elif name not in LEFT_OUT and not ONLINE_ONLY.fullmatch(name):
            yield name, page(name, one.read_text("utf-8")).encode() if name.endswith(".html") else one


def page(name: str, html: str) -> str:
    """A page whose links lead to files, and which lets scripts and styles come from disk."""
    made = LINK.sub(
        lambda link: f'{link[1]}="{to_file(link[2])}{link[3] or ""}"', _without_modules(ONLINE.sub("", html))
    )
    made = POLICY.sub(lambda found: found[0].replace("'self'", "'self' file:"), made)
    up = "../" * name.count("/")
    return BUNDLE.sub(lambda found: f'<script src="{up}{SHIM}"></script>\n{found[0]}', made, count=1)


def _without_modules(html: str) -> str:
    return MODULE.sub("", START.sub(r'<script defer src="\1"></script>', html))


def to_file(link: str) -> str:
    """`../tables/` -> `../tables/index.html`; an anchor of the same page and a link to a file stay."""
    folder = link.endswith("/") or (normpath(link).rsplit("/", 1)[-1] in (".", "..") and bool(link))
    return f"{link.rstrip('/')}/index.html" if folder else link


def search_index(text: str) -> str:
    """The index of the search as a script, its pages as files."""
    index = json.loads(text)
    for entry in index["docs"]:
        place, sign, anchor = entry["location"].partition("#")
        entry["location"] = (to_file(place) if place else "index.html") + sign + anchor
    return f"var __index = {json.dumps(index, ensure_ascii=False, separators=(',', ':'))}"


def _add(archive: zipfile.ZipFile, name: str, content: bytes | Path) -> None:
    entry = zipfile.ZipInfo(f"{FOLDER}/{name}", LONG_AGO)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(PACKED) else zipfile.ZIP_DEFLATED
    if isinstance(content, bytes):
        archive.writestr(entry, content)
        return
    entry.file_size = content.stat().st_size  # tells whether the sizes in the zip need more room
    with content.open("rb") as file, archive.open(entry, "w") as packed:
        shutil.copyfileobj(file, packed, AT_ONCE)


def _sum(content: bytes | Path) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
