"""What a preview shows at this moment: the last whole site, pages that are newer than it, and what is to be mended."""

from __future__ import annotations

import hashlib
import html
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ilms_publish.problems import Problem, printable

RECENT = 30.0
"""Seconds for which a page counts as open after a browser asked for it, or for news of it."""
PAGES, LINES = 3, 50
"""Most pages that are kept fresh, and most lines in the panel."""
STYLES = ("assets/css/tokens.css", "assets/css/site.css")


class Shown:
    """Shared by the threads that answer browsers and the one that builds.

    folder: the last whole site.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._newer: dict[str, bytes] = {}
        self._panel = ""
        self._asked: dict[str, float] = {}
        self._changed = threading.Condition()

    def content(self, name: str) -> bytes | None:
        """A file by its path below the site's root; None when there is none."""
        if name in self._newer:
            return self._newer[name]
        try:
            return (self.folder / name).read_bytes()
        except (OSError, ValueError):
            return None

    def newer(self, name: str) -> bool:
        """Whether a file is shown that is newer than the last whole site."""
        return name in self._newer

    @property
    def panel(self) -> str:
        """What stands above every page as HTML; empty when all is well."""
        return self._panel

    def mark(self, name: str) -> str:
        """A short text that changes when the page looks different; blank when there is no such page."""
        content = self.content(name)
        if content is None:
            return ""
        styles = b"".join(self.content(one) or b"" for one in STYLES)
        return hashlib.sha256(content + styles).hexdigest()[:16]

    @property
    def told(self) -> str:
        """The same for the panel."""
        return hashlib.sha256(self._panel.encode()).hexdigest()[:16]

    def hold(self, files: Mapping[str, bytes]) -> None:
        """Shows files in place of those of the last whole site."""
        with self._changed:
            self._newer = {**self._newer, **files}
            self._changed.notify_all()

    def let_go(self) -> None:
        """Shows the last whole site, which is now as new."""
        with self._changed:
            self._newer = {}
            self._changed.notify_all()

    def tell(self, problems: Sequence[str | Problem]) -> None:
        """Puts what is to be mended above every page, or takes it away when there is nothing."""
        with self._changed:
            self._panel = panel(problems)
            self._changed.notify_all()

    def wait(self, name: str, mark: str, told: str, seconds: float) -> None:
        """Returns when the page or the panel is not as a browser has it, at the latest after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: (self.mark(name), self.told) != (mark, told), seconds)

    def asked(self, name: str) -> None:
        """Notes that a browser has this page open."""
        with self._changed:
            self._asked = {**self._asked, name: time.monotonic()}

    def open(self) -> list[str]:
        """The pages that browsers have open, the latest first."""
        since = time.monotonic() - RECENT
        found = sorted(((when, name) for name, when in self._asked.items() if when > since), reverse=True)
        return [name for _, name in found[:PAGES]]


def panel(problems: Sequence[str | Problem]) -> str:
    """Problems as HTML in which every text from a file stays text; empty when there is none."""
    if not problems:
        return ""
    lines = "".join(f"<li>{_line(one)}</li>" for one in problems[:LINES])
    more = f"<p>And {len(problems) - LINES:,} more; the terminal lists them all.</p>" if problems[LINES:] else ""
    count = "1 thing is" if len(problems) == 1 else f"{len(problems):,} things are"
    return (
        f"<details open><summary>{count} to be mended. The last good figures are shown.</summary>"
        f'<div tabindex="0" role="region" aria-label="What is to be mended"><ul>{lines}</ul>{more}</div></details>'
    )


def _line(problem: str | Problem) -> str:
    if isinstance(problem, str):
        return html.escape(printable(problem))
    place = ":".join(filter(None, (problem.file, str(problem.row or ""), problem.field)))
    said = f"{problem.severity} [{problem.rule}] {problem.sentence}"
    return f"<code>{html.escape(printable(place))}</code> {html.escape(printable(said))}"
