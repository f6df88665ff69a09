"""Find a Chromium that runs, or install one; `python -m tests.browser.chromium` prints where it is."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
OTHER_PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)


def find() -> Path | None:
    """The first browser that tells its version: the system's, else the one Playwright downloaded."""
    return next((path for path in candidates() if runs(path)), None)


def candidates() -> Iterator[Path]:
    """Where a browser may be, the likeliest first."""
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    yield from (path for place in OTHER_PLACES if (path := Path(place)).exists())
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        yield own


def runs(path: Path) -> bool:
    """Whether the program starts: some systems leave a stub that only names another package."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> list[str]:
    """Try each way until a browser starts; what went wrong with those that failed."""
    failures = []
    for commands in ways():
        failure = next(filter(None, map(failure_of, commands)), None)
        if find():
            break
        failures.append(failure or f"{' '.join(commands[-1])}: succeeded, but no browser starts")
    return failures


def ways() -> Iterator[list[list[str]]]:
    """The commands that install a browser: the system's package where we may, else Playwright's download."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        yield [["apt-get", "update"], ["apt-get", "install", "--yes", "chromium"]]
    yield [[sys.executable, "-m", "playwright", "install", "chromium"]]


def failure_of(command: list[str]) -> str | None:
    """Run a command, its output on the error channel; how it ended, if badly."""
    print("Installing a browser:", *command, file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    code = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode
    return f"{' '.join(command)}: exit code {code}" if code else None


def main() -> int:
    """Print the path of a working browser, having installed one if there was none."""
    failures = [] if find() else install()
    path = find()
    if path is None:
        print("The tests need Chromium or Chrome, and none could be installed:", *failures, sep="\n  ", file=sys.stderr)
        print("Install one by hand, then run the tests again.", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
