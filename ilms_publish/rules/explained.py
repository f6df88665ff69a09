"""The words of a rule and its small example tables, as written in `cases/<rule>.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ilms_publish.problems import IlmsError
from ilms_publish.reading import read_yaml

CASES = Path(__file__).parent / "cases"
WORDS = ("sentence", "why", "example", "likely", "mend")
PIECES = ("tables", "sources", "limitations", "collection", "revisions", "packages", "issued", "undefined")


@dataclass(frozen=True, slots=True)
class Example:
    """Figures so small that they can be judged by eye, and the places a rule blames in them.

    tables: table id -> CSV text with the columns that matter; sources: the entries of sources.yaml; limitations,
    collection, revisions: CSV text; packages: tables of other packages by id; undefined: `TABLE.key` left blank in
    tables.yaml; blames: `TABLE:line`, or the file with its line or key, none in a passing example.
    """

    title: str
    tables: Mapping[str, str] = field(default_factory=dict)
    sources: str = ""
    limitations: str = ""
    collection: str = ""
    revisions: str = ""
    packages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    issued: str = ""
    undefined: tuple[str, ...] = ()
    blames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """What a rule says of itself."""

    sentence: str
    why: str
    example: str
    likely: str
    mend: str
    fails: tuple[Example, ...]
    passes: tuple[Example, ...]


@cache
def explained(rule: str) -> Explained:
    """The file of a rule. Raises IlmsError when it is missing or lacks a part."""
    content = read_yaml(CASES / f"{rule}.yaml", CASES, keep_lines=True)
    unknown = set(content) - {*WORDS, "fails", "passes"}
    missing = [key for key in WORDS if not isinstance(content.get(key), str)]
    if unknown or missing:
        raise IlmsError(f"has {sorted(unknown)} too many and lacks {missing}", file=f"{rule}.yaml")
    words = {key: " ".join(str(content[key]).split()) for key in WORDS}
    fails, passes = (tuple(_example(rule, one) for one in content.get(key) or ()) for key in ("fails", "passes"))
    return Explained(**words, fails=fails, passes=passes)


def _example(rule: str, content: Mapping[str, Any]) -> Example:
    unknown = set(content) - {"title", "blames", *PIECES}
    if unknown or not content.get("title"):
        raise IlmsError(f"an example needs a title and may not have {sorted(unknown)}", file=f"{rule}.yaml")
    pieces = {key: content[key] for key in PIECES if key in content}
    several = {key: tuple(content.get(key, ())) for key in ("undefined", "blames")}
    return Example(title=str(content["title"]), **(pieces | several))
