"""What benchmarks measured, printed when all have run."""

from collections.abc import Callable

import pytest

ROWS: list[tuple[str, ...]] = []
Note = Callable[..., None]


@pytest.fixture(scope="session")
def note() -> Note:
    """Adds a row of texts to the table at the end; the first row of a benchmark names the columns."""

    def add(*cells: object) -> None:
        ROWS.append(tuple(str(cell) for cell in cells))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table."""
    if not ROWS:
        return
    widths = [max(len(row[n]) for row in ROWS if n < len(row)) for n in range(max(map(len, ROWS)))]
    terminalreporter.section("measured")
    for row in ROWS:
        terminalreporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)))
