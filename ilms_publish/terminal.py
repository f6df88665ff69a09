"""What all commands share: how they speak on a terminal, their exit codes, and where the repository is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from ilms_publish.problems import Problem

CLEAN, PROBLEMS, USAGE = 0, 1, 2
log = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
Root = Annotated[Path, typer.Option("--root", help="The repository: the folder that holds datapackages/.")]


def print_problems(problems: Sequence[Problem]) -> None:
    """One line each on the output, so that they can be piped."""
    for problem in problems:
        print(problem)


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """A bar on the terminal; call what it gives with the name of each thing that is begun."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[now]}"))
    with Progress(*columns, console=log, transient=True) as bar:
        task = bar.add_task(title, total=None, now="")

        def step(name: str) -> None:
            bar.update(task, advance=1, now=name)

        yield step
