"""The modules of the site as plain scripts, for pages opened from disk: there a browser fetches no module and no data.

What a module imports and exports becomes a property of one object, `ilmsFromDisk`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ilms_publish.problems import IlmsError

HOME = "assets/js"
PARTS = {"figure[data-live], a[data-embed]": "figures", "[data-register]": "register"}
"""What a page has, and the script that it then wants; the same as in start.js, but for what needs the network."""
IMPORTED = re.compile(r'^import (\{[^}]*\}) from "[^"]*";', re.MULTILINE)
EXPORTED = re.compile(r"^export (?=(?:async )?function (\w+))", re.MULTILINE)
GATHERED = re.compile(r"\bexport ?\{ ?(\w+) as (\w+) ?\};?\s*$")
LEFT = re.compile(r"^\s*(?:import|export)\b|\bexport ?\{|\bimport\.meta\b", re.MULTILINE)


def plain(module: str) -> str:
    """A module as a script of its own scope. Raises IlmsError when it imports or exports in a way not known here."""
    names = EXPORTED.findall(module)
    code = EXPORTED.sub("", IMPORTED.sub(r"const \1 = ilmsFromDisk;", module))
    code = GATHERED.sub(r"ilmsFromDisk.\2 = \1;", code)
    if LEFT.search(code):
        raise IlmsError("a script of the site cannot be made to run from disk; see classic.py for what it may import")
    code += "".join(f"\nilmsFromDisk.{name} = {name};" for name in names)
    return f'(() => {{\n"use strict";\n{code}\n}})();\n'


def answer(data: str) -> str:
    """A file of figures, JSON, as a script that hands it over."""
    return f"ilmsFromDisk.answers[document.currentScript.src] = {data};\n"


def scripts(site: Path) -> Iterator[tuple[str, str]]:
    """The scripts of a finished site, path and content: the one of every page, and those for which a click asks."""
    folder = site / HOME
    start = Path(__file__).with_name("offline_start.js").read_text("utf-8")
    for has, name in PARTS.items():
        module = (folder / f"{name}.js").read_text("utf-8")
        start += f"if (document.querySelector({has!r})) {plain(module)}"
    yield f"{HOME}/start.js", start
    yield f"{HOME}/explore.js", plain((folder / "explore.js").read_text("utf-8"))
    (engine,) = folder.glob("vega.*.js")
    yield f"{HOME}/vega.js", plain(engine.read_text("utf-8"))
