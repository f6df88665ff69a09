"""Shows the site on this machine and follows the inputs: first the pages that are open, then the whole site."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import FrameType

from ilms_publish.catalogue import Catalogue, check
from ilms_publish.embargo import public
from ilms_publish.glancing import address_of, glance
from ilms_publish.problems import IlmsError, Problem
from ilms_publish.remembering import Memory, checks
from ilms_publish.showing import server
from ilms_publish.shown import Shown
from ilms_publish.staging import build_site

WATCHED = ("datapackages", "site_src", "mkdocs.yml")
PAUSE, CALM = 0.1, 0.05
"""Seconds between two looks at the inputs, and for which they must rest before they are read."""
SITE = "build/preview"
ALL = "corridors"
"""The page that asks for the figures of every table."""
BUILD = """
import os, signal
os.nice(10)
signal.signal(signal.SIGTERM, signal.default_int_handler)
from ilms_publish.cli import main
main()
"""
"""What builds the whole site, which is less urgent than the pages that are open; told to end, it tidies up."""
PATIENCE = 10
"""Seconds that a build is given to end when it is told to."""
Say = Callable[[str], None]
Stamp = frozenset[tuple[str, int, int]]


def serve_site(root: Path, port: int, say: Say, today: date) -> None:
    """Serves on the loopback address until interrupted; what is wrong stands above the last good pages.

    Raises IlmsError when there is no good site to begin with.
    """
    seen = _stamp(root)
    preview = Preview(root, say, today)
    if not preview.begin():
        raise IlmsError("there is no good site to show yet; mend the findings above")
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)
    with server(preview.shown, port) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        try:
            say(f"The site is at http://127.0.0.1:{serving.server_port}/ (stop with Ctrl-C).")
            preview.prepare()
            while True:
                time.sleep(PAUSE)
                seen = preview.look(seen)
        except KeyboardInterrupt:
            pass
        finally:
            preview.end()
            serving.shutdown()


class Preview:
    """What is shown, and the work that keeps it fresh.

    `shown` is for the server; all else belongs to the thread that calls `look`.
    """

    def __init__(self, root: Path, say: Say, today: date) -> None:
        self.root, self.say, self.today = root, say, today
        self.shown = Shown(root / SITE)
        self._checks, self._arranged = checks(root), Memory()
        self._catalogue: Catalogue | None = None
        self._clean = False
        self._made: set[str] = set()
        self._whole: Whole | None = None
        self._behind = False

    def begin(self) -> bool:
        """Builds the whole site as it is now; False, with every problem said, when something is to be mended."""
        started = time.monotonic()
        problems = self._check()
        try:
            if self._catalogue is not None and not problems:
                count = build_site(self._catalogue, self.root, self.shown.folder)
                self.say(f"{count:,} pages built in {time.monotonic() - started:.1f} s.")
                return True
        except IlmsError as error:
            self.say(f"ilms: {error}")
        return False

    def prepare(self) -> None:
        """Does what the first change would wait for; what is there already is not searched for garbage again."""
        with contextlib.suppress(IlmsError):
            self._glance({ALL})
        gc.collect()
        gc.freeze()

    def look(self, seen: Stamp) -> Stamp:
        """Looks at the inputs, the pages that are open and the build under way. Returns the inputs as they are."""
        now = _settled(self.root, seen)
        if now != seen:
            gc.disable()  # what is left over is searched for once the page is shown
            try:
                self._change(_names(self.root, seen ^ now))
            finally:
                gc.enable()
        if self._clean and self._behind:
            self._show()
        self._follow()
        return now

    def end(self) -> None:
        """Stops what is under way."""
        if self._whole is not None:
            self._whole.stop()

    def _change(self, names: list[str]) -> None:
        started = time.monotonic()
        self.say(f"Changed: {', '.join(names[:3])}{f' and {len(names) - 3} more' if names[3:] else ''}.")
        problems = self._check()
        self._clean = not problems
        self.shown.tell(problems)
        if problems:
            self.say("The last good site is still shown.")
            return
        self._behind, self._made = True, set()
        self._show()
        self.say(f"Checked in {time.monotonic() - started:.1f} s; the whole site follows.")

    def _check(self) -> list[str | Problem]:
        """Both gates; the catalogue is taken over when there is nothing to mend."""
        try:
            checked = check(self.root, memory=self._checks)
            problems: list[str | Problem] = [*checked.errors, *checked.open]
            if not problems and checked.catalogue is not None:
                self._catalogue = public(checked.catalogue, self.today)
        except IlmsError as error:
            problems = [str(error)]
        self._checks.forget_unused(days=14)
        for problem in problems:
            self.say(str(problem))
        return problems

    def _show(self) -> None:
        """Makes the open pages that are not yet as new as the figures."""
        addresses = {address_of(name) for name in self.shown.open()} - self._made
        wanted = {address for address in addresses if address is not None}
        if not wanted:
            return
        started = time.monotonic()
        self._made |= wanted
        try:
            self.shown.hold(self._glance(wanted))
        except IlmsError as error:
            self.say(f"ilms: {error}")
            return
        told = ", ".join(f"/{address}/".replace("//", "/") for address in sorted(wanted))
        self.say(f"{told} made in {time.monotonic() - started:.1f} s.")

    def _glance(self, addresses: set[str]) -> dict[str, bytes]:
        assert self._catalogue is not None
        return glance(self._catalogue, self.root, addresses, self.shown.folder, self._arranged)

    def _follow(self) -> None:
        """Takes over the whole site when it is built, and begins with the next one when the figures are newer."""
        if self._whole is not None:
            said = self._whole.outcome()
            if said is None:
                return
            self._settle(self._whole, said)
            self._whole = None
        if self._behind and self._clean:
            assert self._catalogue is not None
            with undisturbed():  # a build that has begun is known, so that it can be ended
                self._whole = Whole(self.root, self.today, self._catalogue)

    def _settle(self, whole: Whole, said: str) -> None:
        if not self._clean or whole.catalogue is not self._catalogue:
            return  # the inputs have changed since: the next one counts
        self._behind = False
        if said:
            self.shown.tell([f"The whole site could not be built: {said}"])
            self.say(f"ilms: {said}")
            return
        self.shown.let_go()
        self._arranged.forget_unused()
        self.say(f"The whole site followed in {time.monotonic() - whole.started:.1f} s.")


class Whole:
    """A build of the whole site in a process of its own. catalogue: what it covers at the least."""

    def __init__(self, root: Path, today: date, catalogue: Catalogue) -> None:
        self.catalogue, self.started = catalogue, time.monotonic()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        words = ["build", "--root", str(root), "--out", SITE, "--date", today.isoformat()]
        self._process = subprocess.Popen(
            [sys.executable, "-c", BUILD, *words],
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the preview, which ends it
        )

    def outcome(self) -> str | None:
        """None while it runs, then what went wrong; blank when all went well."""
        if self._process.poll() is None:
            return None
        with self._said as file:
            file.seek(0)
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
        return (lines[-1] if lines else "it does not say why") if self._process.returncode else ""

    def stop(self) -> None:
        """Ends it, with time to tidy up."""
        if self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # with whatever it has started itself
            self._process.wait()
        self._said.close()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Inside, whoever interrupts has to wait."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals never come here
        return
    came: list[int] = []
    before = {
        one: signal.signal(one, lambda number, frame: came.append(number)) for one in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    for number in came:
        signal.raise_signal(number)


def _settled(root: Path, seen: Stamp) -> Stamp:
    """The inputs; when they are changing, as they are once they rest."""
    now = _stamp(root)
    while now != seen:
        time.sleep(CALM)
        seen, now = now, _stamp(root)
    return now


def _names(root: Path, stamps: Stamp) -> list[str]:
    return sorted({Path(name).relative_to(root).as_posix() for name, _, _ in stamps})


def _stamp(root: Path) -> Stamp:
    found = []
    for path in _inputs(root):
        with contextlib.suppress(OSError):  # taken away since it was listed
            stat = os.stat(path)
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return frozenset(found)


def _inputs(root: Path) -> Iterator[Path]:
    for name in WATCHED:
        start = root / name
        yield from (path for path in ([start] if start.is_file() else start.rglob("*")) if path.is_file())
