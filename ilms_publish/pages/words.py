"""Small pieces of English and typography: numbers as issued, spans of years, lists, names in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

THIN, FIRM = "\u202f", "\u00a0"
ADDRESS = re.compile(r"https?://[^\s\"<>]+")
ARTICLE = ("Philippines", "Lao People's", "Republic of", "United ", "Netherlands", "Russian Fed", "Democratic ")
"""Beginnings of country names that take an article inside a sentence."""


def number(text: str) -> str:
    """A number as issued, its integer part grouped by thin spaces: `1835.524` -> `1 835.524`."""
    sign, digits = ("\u2212", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    if not whole.isdigit():
        return text
    return sign + f"{int(whole):,}".replace(",", THIN) + point + rest


def count(value: int, one: str, many: str = "") -> str:
    """`1 table`, `12 tables`, `no table`."""
    if not value:
        return f"no {one}"
    return f"{number(str(value))}{FIRM}{one if value == 1 else many or one + 's'}"


def percent(ratio: float) -> str:
    """A share or change as a percentage, with one decimal below ten."""
    shown = f"{100 * ratio:.0f}" if abs(ratio) >= 0.0995 else f"{100 * ratio:.1f}"
    return f"{shown}{FIRM}%"


def listed(items: Iterable[str], joint: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    found = list(items)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} {joint} {found[-1]}" if found else ""


def years(chosen: Iterable[int]) -> str:
    """Years as spans: `2006–2014, 2018, 2023–2024`."""
    return ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in runs(chosen))


def runs(chosen: Iterable[int]) -> list[list[int]]:
    """Years in runs without a gap."""
    found: list[list[int]] = []
    for year in sorted(set(chosen)):
        if found and year == found[-1][-1] + 1:
            found[-1].append(year)
        else:
            found.append([year])
    return found


def strokes(chosen: Iterable[int], first: int) -> str:
    """Runs of years as the path of a drawing in which a year is one unit wide and `first` stands at the left."""
    return "".join(f"M{run[0] - first},.5h{len(run)}" for run in runs(year for year in chosen if year >= first))


def span(chosen: Sequence[int]) -> str:
    """First and last year only."""
    if not chosen:
        return ""
    return str(min(chosen)) if min(chosen) == max(chosen) else f"{min(chosen)}–{max(chosen)}"


def place(label: str) -> str:
    """A country's name as it stands inside a sentence."""
    return f"the {label}" if label.startswith(ARTICLE) else label


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The text with its first letter in lower case, unless it starts with an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def plain(text: str, limit: int = 300) -> str:
    """One line for a description, cut at a word."""
    line = " ".join(text.replace(THIN, " ").replace(FIRM, " ").split())
    return line if len(line) <= limit else line[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def addresses(text: str) -> list[tuple[bool, str]]:
    """A text in pieces, each with whether it is an address to link: http and https only, final punctuation left out."""
    pieces: list[tuple[bool, str]] = []
    place = 0
    for found in ADDRESS.finditer(text):
        url = found.group().rstrip(".,;:)")
        pieces += [(False, text[place : found.start()]), (True, url)]
        place = found.start() + len(url)
    return [piece for piece in [*pieces, (False, text[place:])] if piece[1]]


STATES = {
    "published": "Published", "withheld": "Withheld", "submitted": "Submitted", "in_validation": "In validation",
    "signed_off": "Signed off",
    "not_supplied": "Not supplied", "not_possible": "Not possible", "not_held": "Not held in this edition",
}  # fmt: skip


def state(code: str) -> str:
    """The state of a table in words."""
    return STATES.get(code, code)


def host(url: str) -> str:
    """The site an address belongs to."""
    return url.split("/")[2].removeprefix("www.") if url.startswith(("https://", "http://")) else url
