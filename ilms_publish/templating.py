"""Fills page templates: everything from data is escaped, and a name that is missing is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

MARK = re.compile(r"<!--ilms:(?P<name>[a-z-]+)(?:\|(?P<heading>[^<>|]*))?-->")
"""Starts a fragment in a template. Data cannot forge it: in data `<` is escaped."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A finished piece of a page. heading: fixed words of the template, empty for a piece without one."""

    name: str
    heading: str
    html: str


def fragments(template: str, **context: object) -> list[Fragment]:
    """The fragments of a filled template, in order; those without content are left out with their heading."""
    text = environment().get_template(template).render(context)
    marks = list(MARK.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    found = [
        Fragment(mark["name"], (mark["heading"] or "").strip(), text[mark.end() : end].strip())
        for mark, end in zip(marks, ends, strict=True)
    ]
    return [fragment for fragment in found if fragment.html]


def whole(template: str, **context: object) -> str:
    """A filled template that is a file of its own."""
    return environment().get_template(template).render(context).strip() + "\n"


def finished(html: str) -> Markup:
    """HTML of our own making, such as a chart, that is to be placed as it is."""
    return Markup(html)


@cache
def environment() -> Environment:
    """The one environment: templates of this package only."""
    return Environment(
        loader=PackageLoader("ilms_publish.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
