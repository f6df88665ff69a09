"""What a page is, how it is put together from a template, and how its links are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from ilms_publish.pages import words
from ilms_publish.templating import finished, fragments

MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+.!-])")


@dataclass(frozen=True, slots=True)
class Page:
    """One page before staging.

    address: below the site's root, "" is the home page; title, description: plain text; body: Markdown with
    placeholders; fragments: finished HTML by name of placeholder; updated: date of the data, ISO 8601; files: what
    stands beside the page, by path below the site's root; picture: path of the one that is shown where it is shared;
    also: other words by which the search finds the page; weight: how much sooner than others of its words.
    """

    address: str
    title: str
    description: str
    body: str
    fragments: Mapping[str, str]
    updated: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    picture: str = ""
    also: tuple[str, ...] = ()
    weight: float = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A page still to be made. `make` reads whatever it needs when it is called, so that it is noted what that was."""

    address: str
    make: Callable[[], Page]


@dataclass(frozen=True, slots=True)
class About:
    """The words by which a page is found. also: those that only the search knows; weight: in the search."""

    address: str
    title: str
    description: str
    updated: str
    also: tuple[str, ...] = ()
    weight: float = 1


def compose(about: About, template: str, **context: object) -> Page:
    """The page that a template gives when filled. Headings come from the template, never from data."""
    parts = fragments(
        template,
        here=about.address,
        link=partial(link, about.address),
        file=partial(file_link, about.address),
        words=words,
        **context,
    )
    lines: list[str] = []
    for part in parts:
        if part.heading:
            lines += [f"## {markdown(part.heading)}", ""]
        lines += [f'<div data-ilms="{part.name}"></div>', ""]
    pieces = {part.name: part.html for part in parts}
    body = "\n".join(lines)
    return Page(about.address, about.title, about.description, body, pieces, about.updated, also=about.also,
                weight=about.weight)  # fmt: skip


def with_data(page: Page, data: str) -> Page:
    """The page with a description for machines at its end. data: JSON-LD that is safe inside a page."""
    (part,) = fragments("jsonld.html", data=finished(data))
    body = f'{page.body}\n<div data-ilms="{part.name}"></div>\n'
    return replace(page, body=body, fragments={**page.fragments, part.name: part.html})


def markdown(text: str) -> str:
    """A text that Markdown shows as it is."""
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return MARKDOWN.sub(r"\\\1", plain)


def link(here: str, target: str) -> str:
    """The relative link from one page's address to another's; the target may carry `#anchor`."""
    path, sign, anchor = target.partition("#")
    if path == here and sign:
        return f"#{anchor}"
    return _up(here) + (f"{path}/" if path else "") + sign + anchor or "./"


def file_link(here: str, path: str) -> str:
    """The relative link from a page to a file of the site."""
    return _up(here) + path


def _up(here: str) -> str:
    return "../" * (here.count("/") + 1) if here else ""
