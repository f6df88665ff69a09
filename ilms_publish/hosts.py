"""The programs that can host the pages: they put the theme around the staged Markdown, and nothing else hangs on them.

MkDocs is the one that is used. ProperDocs continues it under another name; Zensical is by the makers of the theme and
knows no hooks, so there the fragments are put in after the build. `ILMS_HOST` names the one to build with.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ilms_publish.hard_links import write_anew
from ilms_publish.inserting import insert
from ilms_publish.lightening import lighten
from ilms_publish.problems import IlmsError
from ilms_publish.searching import thin

SETTING = "ILMS_HOST"
CONFIG, THEME = "mkdocs.yml", "site_src/theme"
DOCS, FRAGMENTS = "docs", "fragments"
HOOK = str(Path(__file__).with_name("mkdocs_hook.py"))
"""Ours, wherever it is installed: a region elsewhere needs no copy of it."""
STAGED = "hosted"
"""Where a host that can write only below its own settings leaves the site."""


@dataclass(frozen=True, slots=True)
class Host:
    """A program that makes pages of the staged Markdown.

    build: (root of the repository, folder of the staging, empty folder of the site) -> None.
    finish: what is done to the site for the sake of this host's theme and search, in order. glance: builds a few pages,
    without those that belong to the whole site, such as the one for a page that is not found.
    """

    name: str
    build: Callable[[Path, Path, Path], None]
    glance: Callable[[Path, Path, Path], None]
    finish: tuple[Callable[[Path], None], ...] = ()


def chosen() -> Host:
    """The host that `ILMS_HOST` names, MkDocs when it names none.

    Raises IlmsError for a name that is not known and for a host that is not installed.
    """
    name = os.environ.get(SETTING) or "mkdocs"
    if name not in HOSTS:
        raise IlmsError(f"{SETTING} is '{name}', known are {', '.join(HOSTS)}")
    if find_spec(name) is None:
        raise IlmsError(f"{SETTING} is '{name}', which is not installed; the documentation for maintainers says how")
    return HOSTS[name]


def with_mkdocs(root: Path, work: Path, site: Path, *, whole: bool = True) -> None:
    """Builds with MkDocs, or with what has taken its name. Raises IlmsError for whatever it fails on or warns of.

    whole: with the pages that the theme has of its own.
    """
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    listener = _Warnings()
    log = logging.getLogger(build.__module__.partition(".")[0])
    log.addHandler(listener)
    folders = {"docs_dir": str(work / DOCS), "site_dir": str(site)}
    try:
        config = load_config(str(root / CONFIG), **folders, strict=False, hooks=[HOOK])
        if not whole:
            config.theme.static_templates = set()
        build(config)
    except MkDocsException as error:
        raise IlmsError(f"{log.name} could not build the site: {error}") from None
    finally:
        log.removeHandler(listener)
    if listener.told:
        more = f" (and {len(listener.told) - 1} more)" if listener.told[1:] else ""
        raise IlmsError(f"{log.name} warns: {listener.told[0]}{more}")


def with_properdocs(root: Path, work: Path, site: Path, *, whole: bool = True) -> None:
    """Builds with ProperDocs, which is called as MkDocs is and takes its name; a process has one of the two."""
    if "mkdocs" in sys.modules and sys.modules["mkdocs"].__name__ != "properdocs":
        raise IlmsError("MkDocs has built in this process already; ProperDocs needs one of its own")
    import_module("properdocs.replacement")
    with_mkdocs(root, work, site, whole=whole)


def with_zensical(root: Path, work: Path, site: Path) -> None:
    """Builds with Zensical in a process of its own, then puts the fragments in. Raises IlmsError when either fails."""
    config = work / "zensical.yml"
    config.write_text(json.dumps(_beside(root)), "utf-8")
    shutil.rmtree(work / STAGED, ignore_errors=True)
    words = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", str(config)]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    if run.returncode:
        said = (run.stderr.strip() or run.stdout.strip()).splitlines()
        raise IlmsError(f"Zensical could not build the site: {said[-1] if said else 'it does not say why'}")
    shutil.move(work / STAGED, site)
    put_fragments(work, site)


def put_fragments(work: Path, site: Path) -> None:
    """Puts every staged fragment into its finished page.

    Raises IlmsError for a page that is missing, has no place for a fragment, or asks for one that is not there.
    """
    for path in sorted((work / FRAGMENTS).rglob("*.json")):
        name = path.relative_to(work / FRAGMENTS).as_posix().removesuffix(".md.json") + ".html"
        page = site / name
        if not page.is_file():
            raise IlmsError("the host has made no such page", file=name)
        write_anew(page, insert(page.read_text("utf-8"), json.loads(path.read_text("utf-8"))))


def _beside(root: Path) -> dict[str, Any]:
    """The settings of MkDocs for a host that takes them from a file only, and stays below the folder of that file."""
    theme = {"variant": "classic", "custom_dir": str(root / THEME)}
    return {"INHERIT": str(root / CONFIG), "docs_dir": DOCS, "site_dir": STAGED, "theme": theme}


class _Warnings(logging.Handler):
    """Collects what a host complains of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


HOSTS = {
    one.name: one
    for one in (
        Host("mkdocs", with_mkdocs, partial(with_mkdocs, whole=False), (lighten, thin)),
        Host("properdocs", with_properdocs, partial(with_properdocs, whole=False), (lighten, thin)),
        Host("zensical", with_zensical, with_zensical),
    )
}
"""By the name of the Python package that is asked for."""
