"""Makes the search index light: it finds pages, and the sections of prose; not the headings that pages share.

The theme takes each word of a question for the beginning of a word, so that "in" would find Indonesia: small words
between others are left out of the question.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ilms_publish.problems import IlmsError

INDEX = "search/search_index.json"
WORKER = "assets/javascripts/workers/search.*.js"
CLEANED = r""".replace(/"|(?:^|\s+)[*+\-:^~]+(?=\s+|$)/g,"")"""
"""How the theme's script cleans a question."""
SMALL = r""".replace(/(^|\s)(?:(?:an?|and|at|by|for|from|in|into|of|on|or|the|to|who)\s+)+(?=\S)/gi,"$1")"""


def without_small_words(script: str) -> str:
    """The theme's search, which leaves small words out of a question. Raises IlmsError for a script not known."""
    if script.count(CLEANED) != 1:
        raise IlmsError("the theme's search is not the one known here; see searching.py for how it reads a question")
    return script.replace(CLEANED, CLEANED + SMALL)


def thin(site: Path) -> None:
    """Rewrites the search index of a finished site: without the sections that have no words of their own, tags as text.

    The theme takes the tags of a page for HTML where it shows them with a result; titles and texts it has escaped.
    """
    for script in site.glob(WORKER):
        script.write_text(without_small_words(script.read_text("utf-8")), "utf-8")
    path = site / INDEX
    index = json.loads(path.read_text("utf-8"))
    index["docs"] = [_inert(entry) for entry in index["docs"] if entry["text"] or "#" not in entry["location"]]
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")


def _inert(entry: Mapping[str, Any]) -> dict[str, Any]:
    tags = [html.escape(tag, quote=False) for tag in entry.get("tags", ())]
    return {**entry} | ({"tags": tags} if tags else {})
