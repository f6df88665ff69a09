"""Makes the search index light: it finds pages, and the sections of prose; not the headings that pages share."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

INDEX = "search/search_index.json"


def thin(site: Path) -> None:
    """Rewrites the search index of a finished site: without the sections that have no words of their own, tags as text.

    The theme takes the tags of a page for HTML where it shows them with a result; titles and texts it has escaped.
    """
    path = site / INDEX
    index = json.loads(path.read_text("utf-8"))
    index["docs"] = [_inert(entry) for entry in index["docs"] if entry["text"] or "#" not in entry["location"]]
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")


def _inert(entry: Mapping[str, Any]) -> dict[str, Any]:
    tags = [html.escape(tag, quote=False) for tag in entry.get("tags", ())]
    return {**entry} | ({"tags": tags} if tags else {})
