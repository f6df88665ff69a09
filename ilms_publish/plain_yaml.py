"""Plain YAML: keys with values, lists and text; no aliases, tags or repeated keys, and nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from ilms_publish.problems import IlmsError

MAX_DEPTH = 16
PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FOLD = re.compile(r"[ \n]+")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a file. place: keys and numbers of list entries from the top, joined by points."""

    place: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file as nested dicts, lists and text (numbers and `no` stay text), and every text on one line."""

    content: dict[str, Any]
    texts: tuple[Text, ...]


def parse_yaml(text: str, file: str, *, keep_lines: bool = False) -> Document:
    """The text of one YAML file. Raises IlmsError with file and line for anything but a plain mapping.

    A text written over several lines becomes one line, unless it is a block (`|`) and `keep_lines` is given.
    """
    builder = _Builder(yaml.parse(text, Loader=PARSER), file, keep_lines=keep_lines)
    try:
        content = builder.document()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, text.find(chr(error.character))) + 1 if isinstance(error.character, int) else 0
        raise IlmsError(f"not readable YAML: {error.reason}", file=file, row=line) from None
    except yaml.MarkedYAMLError as error:
        words, mark = error.problem or error.context, error.problem_mark
        if mark is None or mark.line >= text.count("\n"):  # at the end of the file: say where it began
            mark = error.context_mark or mark
        raise IlmsError(f"not readable YAML: {words}", file=file, row=mark.line + 1 if mark else 0) from None
    except yaml.YAMLError as error:
        raise IlmsError(f"not readable YAML: {str(error).splitlines()[0]}", file=file) from None
    if not isinstance(content, dict):
        raise IlmsError("should hold keys with values (key: value)", file=file, row=1)
    return Document(content, tuple(builder.texts))


class _Builder:
    """Puts the parser's events together, so that what is not allowed is refused before anything is made of it."""

    def __init__(self, events: Iterator[yaml.Event], file: str, *, keep_lines: bool) -> None:
        self.events, self.file, self.keep_lines = events, file, keep_lines
        self.texts: list[Text] = []

    def document(self) -> Any:
        """The content of the only document, None when there is none."""
        content = None
        seen = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                seen += 1
                if seen > 1:
                    raise self.refused("a second document (---) starts here; keep one per file", event)
                content = self.node(next(self.events), "", 1)
        return content

    def node(self, event: yaml.Event, place: str, depth: int) -> Any:
        """A text, list or mapping."""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.refused("anchors and aliases (&name, *name) are not allowed; write the text again", event)
        if getattr(event, "tag", None):
            raise self.refused("tags (!name) are not allowed", event)
        if depth > MAX_DEPTH:
            raise self.refused("the file is nested too deeply", event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(place, depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(place, depth)
        issued = event.value if isinstance(event, yaml.ScalarEvent) else ""
        text = FOLD.sub(" ", issued.strip(" \n"))
        self.texts.append(Text(place, _line(event), text))
        return issued if self.keep_lines and getattr(event, "style", None) == "|" else text

    def sequence(self, place: str, depth: int) -> list[Any]:
        """A list; its entries are numbered from 1."""
        listed: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            listed.append(self.node(event, f"{place}.{len(listed) + 1}".lstrip("."), depth + 1))
        return listed

    def mapping(self, place: str, depth: int) -> dict[str, Any]:
        """A mapping whose keys are plain words, each given once."""
        mapped: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self.refused("a key should be a plain word", event)
            key = self.node(event, place, depth + 1)
            if key in mapped:
                raise self.refused(f"the key '{key}' is given twice", event)
            mapped[key] = self.node(next(self.events), f"{place}.{key}".lstrip("."), depth + 1)
        return mapped

    def refused(self, sentence: str, event: yaml.Event) -> IlmsError:
        """What is not allowed, at its line."""
        return IlmsError(f"not readable YAML: {sentence}", file=self.file, row=_line(event))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0
