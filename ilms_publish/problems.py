"""The two kinds of wrong: a Problem in the data, an IlmsError in the repository or the request."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class IlmsError(Exception):
    """The repository or the command is not usable: one line naming the file and the key."""

    def __init__(self, sentence: str, *, file: str = "", row: int = 0, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.file, self.row, self.field = sentence, file, row, field

    def __str__(self) -> str:
        place = ":".join(part for part in (self.file, str(self.row) if self.row else "", self.field) if part)
        return printable(f"{place}: {self.sentence}" if place else self.sentence)

    def problem(self, rule: str) -> Problem:
        """The same as a finding of a check, when the fault lies in a package's file."""
        return Problem(self.file, self.row, self.field, rule, Severity.ERROR, self.sentence)


class Severity(StrEnum):
    """How far a finding obliges: an error is mended, a warning mended or acknowledged, information shown."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One finding, located.

    file: path below the repository root; row: line of the file, 1 = header, 0 = the whole file;
    field: column or key, may be empty; sentence: what was found and what to do.
    """

    file: str
    row: int
    field: str
    rule: str
    severity: Severity
    sentence: str

    def __str__(self) -> str:
        place = ":".join(part for part in (self.file, str(self.row) if self.row else "", self.field) if part)
        return printable(f"{place}: {self.severity} [{self.rule}] {self.sentence}")


def printable(text: str) -> str:
    """Text made safe for a terminal or a log: control and invisible characters are spelled out.

    So are the first characters of what GitHub would take for a command: `::` at the start of a line, `##[` anywhere.
    """
    plain = "".join(f"<U+{ord(c):04X}>" if hidden(c) else c for c in text)
    if plain.lstrip().startswith("::"):
        plain = plain.replace(":", "<U+003A>", 1)
    return plain.replace("##[", "<U+0023>#[")


def in_markdown(text: str) -> str:
    """Text as Markdown that shows it letter by letter: no markup, link, mention or table border."""
    return "".join(f"&#{ord(c)};" if c in MARKUP else c for c in printable(text))


def hidden(character: str) -> bool:
    """Whether a character shows nothing of its own, or is none: controls, directions, joiners, fillers, private use."""
    if " " <= character <= "~":
        return False
    return unicodedata.category(character) in HIDDEN or character in FILLERS or "\ufe00" <= character <= "\ufe0f"


MARKUP = frozenset("&<>|\\`*_[]~#@!:/")
HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | frozenset(
    map(chr, range(0xE0100, 0xE01F0))
)
"""Letters, marks and symbols that Unicode counts as such although they are drawn as nothing."""
