"""Puts the finished fragments into the built pages; the only code that MkDocs runs for us.

Loaded by MkDocs from its file, so it imports nothing but the one function it needs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ilms_publish.inserting import insert


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> None:
    """Dates the page in the sitemap by its data, never by the build; a page without data has no date there."""
    updated = str(page.meta.get("updated", ""))
    page.update_date = updated + "-01" * (2 - updated.count("-")) if updated else ""


def on_post_page(output: str, page: Any, config: Any) -> str:
    """The page with its fragments, which the staging left beside the Markdown."""
    fragments = Path(config.docs_dir).parent / "fragments" / f"{page.file.src_uri}.json"
    if not fragments.is_file():
        return output
    return insert(output, json.loads(fragments.read_text("utf-8")))
