"""Amends the source register by what a country answered, touching only the entries that change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from ilms_publish.model import Answer, Package
from ilms_publish.problems import IlmsError
from ilms_publish.questionnaire.reply import NewSource, Reply
from ilms_publish.reading import read_yaml
from ilms_publish.scope import spelled

WIDTH = 120
Entry = dict[str, Any]
Claims = Mapping[str, Mapping[str, set[int]]]


def amended(package: Package, reply: Reply, claims: Claims) -> bytes | None:
    """sources.yaml with the new answers, the new sources and what they supply; None when nothing changes.

    claims: source -> table -> years to add to its `supplies`. Raises IlmsError when the file has no list of sources.
    """
    if not (reply.answers or reply.new_sources or claims):
        return None
    root = package.path.parent.parent
    path = package.path / "sources.yaml"
    said = f"Stated by {reply.agency} in the questionnaire of round {reply.round}, reply of {reply.date}."
    listed = read_yaml(path, root).get("sources") or []
    text = path.read_text("utf-8")
    changed: dict[str, Entry] = {}
    for entry in listed:
        name = entry["id"]
        if name in reply.answers or name in claims:
            changed[name] = _with(entry, reply.answers.get(name, {}), claims.get(name, {}), said)
    added = [_with(_entry(new), {}, claims.get(new.id, {}), said) for new in reply.new_sources]
    return _rewritten(text, changed, added, path.name).encode()


def _with(entry: Entry, answers: Mapping[str, Answer], claims: Mapping[str, Iterable[int]], said: str) -> Entry:
    made = dict(entry)
    if answers:
        made["answers"] = dict(entry.get("answers") or {}) | {name: _plain(one) for name, one in answers.items()}
    by_years: dict[str, list[str]] = {}
    for table, years in claims.items():
        by_years.setdefault(spelled(years), []).append(table)
    if by_years:
        made["supplies"] = list(entry.get("supplies") or [])
        for years_text, tables in by_years.items():
            supply = {"tables": tables, "years": years_text, "basis": "documented", "evidence": said}
            made["supplies"].append(supply)
    return made


def _plain(answer: Answer) -> object:
    if answer.gap or not answer.codes:
        return answer.gap or answer.text
    codes: Entry = {"code": answer.codes[0]} if len(answer.codes) == 1 else {"codes": list(answer.codes)}
    return codes | ({"text": answer.text} if answer.text else {})


def _entry(new: NewSource) -> Entry:
    entry: Entry = {"id": new.id, "title": new.title, "type": new.type, "licence": "not_yet_documented"}
    if new.url:
        entry["url"] = new.url
    answers = {"provider": new.provider, "source_type": {"code": new.type}}
    return entry | {"answers": answers, "rest": "not_yet_documented", "supplies": []}


def _rewritten(text: str, changed: Mapping[str, Entry], added: Iterable[Entry], file: str) -> str:
    """The file with some entries replaced and others appended; every other character stays."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    listed = next((value for key, value in pairs if key.value == "sources"), None)
    if not isinstance(listed, yaml.SequenceNode):
        raise IlmsError("should be a list of entries", file=file, field="sources")
    new = list(added)
    if not listed.value:
        if not new:
            return text
        start, end = listed.start_mark.index, listed.end_mark.index
        return text[:start].rstrip(" ") + "\n" + "".join(_dumped(one, 2) for one in new) + text[end:].lstrip("\n")
    for node in reversed(listed.value):
        start, end = node.start_mark.index, node.end_mark.index
        name = next(value.value for key, value in node.value if key.value == "id")
        if name in changed:
            block = text[start:end]
            kept = block[len(block.rstrip()) :] or "\n"
            text = (
                text[:start]
                + _dumped(changed[name], node.start_mark.column).lstrip(" -").rstrip("\n")
                + kept
                + text[end:]
            )
    indent = listed.value[0].start_mark.column
    return text.rstrip("\n") + "\n" + "".join(_dumped(one, indent) for one in new)


def _dumped(entry: Entry, column: int) -> str:
    """An entry of a list whose keys start at a column, its first line with the dash."""
    body = yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=WIDTH - column)
    first, *rest = body.splitlines()
    dash = " " * (column - 2) + "- "
    return "\n".join([dash + first, *(" " * column + line for line in rest)]) + "\n"
