"""Stages the pages as Markdown, lets the host build them, and puts the finished site in place in one move."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from ilms_publish import charts
from ilms_publish.catalogue import Catalogue
from ilms_publish.days import moment
from ilms_publish.downloads import of_package, sizes
from ilms_publish.filling import Filled
from ilms_publish.fingerprints import fingerprint, folder_print, program
from ilms_publish.hard_links import keep_same
from ilms_publish.hosts import CONFIG, DOCS, FRAGMENTS, chosen
from ilms_publish.marking import marks
from ilms_publish.offline import take_along
from ilms_publish.pages.page import Page, markdown
from ilms_publish.placing import alone, replacing
from ilms_publish.policy import seal
from ilms_publish.problems import IlmsError
from ilms_publish.remembering import DRAWINGS, FILES, FORTNIGHT, PAGES, WORK, pieces
from ilms_publish.site import files as files_beside
from ilms_publish.site import pages
from ilms_publish.site_links import dead_ends
from ilms_publish.standing import note_standing, pages_standing

Step = Callable[[str], None]
AUTHORED = "site_src/docs"
SCRIPTS = "assets/js"


def build_site(catalogue: Catalogue, root: Path, out: Path, step: Step = lambda name: None) -> int:
    """Builds the whole site into `out` and returns the number of pages.

    Everything happens beside the last good site, which is replaced in one step at the very end.
    Raises IlmsError when the host warns of anything, or the site cannot be written.
    """
    work = root / WORK
    with alone(work, lambda: step("waiting for another build")):
        try:
            return _build(catalogue, root, work, out, step)
        except OSError as error:
            raise IlmsError(f"the site could not be written, the last good one stays: {error}") from None


def _build(catalogue: Catalogue, root: Path, work: Path, out: Path, step: Step) -> int:
    host = chosen()
    made_from = _made_from(catalogue, root, host.name)
    standing = pages_standing(out, work, made_from)
    if standing is not None:
        return standing
    charts.memory, of_package.memory, made = pieces(root, DRAWINGS), pieces(root, FILES), pieces(root, PAGES)
    step("downloads")
    site = site_address()
    docs = files_beside(catalogue, Filled(work / DOCS), site, made)
    told = sizes(docs)
    docs.update(_engine())
    count = stage(pages(catalogue, told, site, made), docs, root, work, step)
    charts.memory.forget_unused(FORTNIGHT)  # a page that is taken again has no need of its drawings today
    of_package.memory.forget_unused()
    made.forget_unused()
    step(host.name)
    with replacing(out) as fresh:
        host.build(root, work, fresh)
        for finish in host.finish:
            finish(fresh)
        seal(fresh)
        take_along(fresh)
        _follow_links(fresh)
    keep_same(work / DOCS, out)
    note_standing(out, work, made_from, count)
    return count


def _made_from(catalogue: Catalogue, root: Path, host: str) -> str:
    """The fingerprint of all that a site rests on; blank when a file of ours cannot be trusted to be just that."""
    authored = folder_print(root / AUTHORED.partition("/")[0])
    settings = (root / CONFIG).read_bytes()
    if not authored:
        return ""
    return fingerprint(program(), marks(catalogue).whole, authored, settings, host, site_address(), str(moment()))


def _follow_links(site: Path) -> None:
    if dead := dead_ends(site, urlsplit(site_address()).path or "/"):
        more = f" (and {len(dead) - 1} more)" if dead[1:] else ""
        raise IlmsError(f"a link leads nowhere: {dead[0]}{more}")


def _engine() -> dict[str, bytes]:
    """The script that draws a chart after a click, under the hash of its content, and the name by which it is asked."""
    script = charts.engine().encode()
    name = f"vega.{hashlib.sha256(script).hexdigest()[:12]}.js"
    return {f"{SCRIPTS}/{name}": script, f"{SCRIPTS}/engine.js": f'export {{ draw }} from "./{name}";\n'.encode()}


def site_address() -> str:
    """The address of the site's root as set for the host, with a slash at the end; empty when it is not known."""
    address = os.environ.get("ILMS_SITE_URL", "")
    return f"{address.rstrip('/')}/" if address else ""


def stage(
    made: Iterable[Page], files: Mapping[str, bytes], root: Path, work: Path, step: Step = lambda name: None
) -> int:
    """Writes Markdown, fragments, authored pages and files below `work`, touching only what changed.

    files: by path; those that are in their place already are left there.
    """
    docs, fragments = files if isinstance(files, Filled) else Filled(work / DOCS), Filled(work / FRAGMENTS)
    if docs is not files:
        docs.update(files)
    authored = [path for path in sorted((root / AUTHORED).rglob("*")) if path.is_file() and not path.is_symlink()]
    for path in authored:
        docs.setdefault(path.relative_to(root / AUTHORED).as_posix(), path.read_bytes())
    count = sum(path.suffix == ".md" for path in authored)
    for page in made:
        step(f"/{page.address}/")
        source = f"{page.address}/index.md".lstrip("/")
        if source in docs:
            raise IlmsError(f"two pages claim the address /{page.address}/")
        docs.update(page.files)
        docs[source] = _front_matter(page).encode()
        fragments[f"{source}.json"] = json.dumps(page.fragments, ensure_ascii=False).encode()
        count += 1
    docs.sweep()
    fragments.sweep()
    return count


def _front_matter(page: Page) -> str:
    """The page as Markdown; title and description are JSON strings, which are valid YAML."""
    about: dict[str, object] = {"title": page.title, "description": page.description, "updated": page.updated}
    about |= {"picture": page.picture} if page.picture else {}
    about |= {"tags": page.also} if page.also else {}
    about |= {"search": {"boost": page.weight}} if page.weight != 1 else {}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=True)}" for key, value in about.items()]
    lead = f'<p class="ilms-lead">{_text(page.description)}</p>'
    return "\n".join(["---", *lines, "---", "", f"# {markdown(page.title)}", "", lead, "", page.body, ""])


def _text(words: str) -> str:
    return " ".join(words.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
