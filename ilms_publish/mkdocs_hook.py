"""Lends the staged files to the site and puts the finished fragments into its pages; all that MkDocs runs for us.

Loaded by MkDocs from its file, so it imports nothing but the two functions it needs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ilms_publish.hard_links import lend
from ilms_publish.inserting import insert

PAGES = (".md", ".html")
WRITTEN = ("search/search_index.json", "sitemap.xml.gz")
"""What the host writes besides the templates that it names."""


def on_files(files: Any, config: Any) -> Any:
    """Staged files stand in the site under a second name, where MkDocs finds them copied already.

    But for those that are written over later: pages, and what the host makes itself.
    """
    made = {*config.theme.static_templates, *config.extra_templates, *WRITTEN}
    for file in files:
        ours = file.src_dir == config.docs_dir and file.inclusion.is_included()
        if ours and file.src_uri not in made and not file.src_uri.endswith(PAGES):
            lend(Path(file.abs_src_path), Path(file.abs_dest_path))
    return files


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
