"""Makes the search index light: it finds pages, and the sections of prose; not the headings that pages share."""

from __future__ import annotations

import json
from pathlib import Path

INDEX = "search/search_index.json"


def thin(site: Path) -> None:
    """Rewrites the search index of a finished site without the sections that have no words of their own."""
    path = site / INDEX
    index = json.loads(path.read_text("utf-8"))
    index["docs"] = [entry for entry in index["docs"] if entry["text"] or "#" not in entry["location"]]
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")
