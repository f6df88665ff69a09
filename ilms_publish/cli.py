"""The `ilms` command: few verbs, each saying what it found and what to do."""

from __future__ import annotations

import datetime
import json
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from ilms_publish import cli_rounds, releasing
from ilms_publish.catalogue import Catalogue, Checked, check
from ilms_publish.clustering import prepare_there
from ilms_publish.days import today
from ilms_publish.downloads import zips
from ilms_publish.embargo import held_back, public
from ilms_publish.ledger import LEDGER
from ilms_publish.packages import load_package, package_ids
from ilms_publish.packaging import committed, structure_descriptor, to_json
from ilms_publish.preparing import prepare, prepare_here, unprepared
from ilms_publish.problems import IlmsError, Problem
from ilms_publish.remembering import FORTNIGHT, checks
from ilms_publish.reporting import append_summary, github_lines, text_lines
from ilms_publish.revisions.run import changed_since
from ilms_publish.serving import serve_site
from ilms_publish.staging import build_site
from ilms_publish.structure import STRUCTURE, load_structure
from ilms_publish.suggesting import suggestions, to_mend
from ilms_publish.terminal import CLEAN, PROBLEMS, USAGE, Root, log, print_problems, progress
from ilms_publish.validat_report import validat_report
from ilms_publish.writing import to_csv, write_all

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(cli_rounds.app)

Date = Annotated[
    str, typer.Option("--date", help="Publish what may be told on this day (2026-12-01); today if not given.")
]
Names = Annotated[list[str] | None, typer.Argument(help="Packages such as tha or undesa; all when none is named.")]


class Form(StrEnum):
    """Forms in which `ilms check` tells what it found."""

    text = "text"
    github = "github"
    json = "json"


def main() -> None:
    """Runs the command; an unusable repository or request is one line and exit code 2."""
    try:
        app()
    except IlmsError as error:
        log.print(f"ilms: {error}")
        sys.exit(USAGE)


@app.command("check")
def check_command(
    names: Names = None,
    form: Annotated[
        Form, typer.Option("--format", help="text for people, github for notes on a pull request, json for programs.")
    ] = Form.text,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Print rows for limitations.csv that acknowledge what is found.")
    ] = False,
    since: Annotated[
        str, typer.Option("--since", help="Only packages that differ from this commit or folder, and their mirrors.")
    ] = "",
    root: Root = Path(),
) -> None:
    """Check packages: shape, codes and keys, then the statistics.

    Examples: ilms check tha; ilms check --since HEAD~1
    """
    checked = _checked_since(root.resolve(), since, names or ()) if since else _checked(root, names or ())
    if suggest:
        _suggest(checked)
    else:
        _report(checked, form)
    _summary(checked)
    raise typer.Exit(CLEAN if checked.clean else PROBLEMS)


@app.command("package")
def package_command(
    only_check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a file is not current.")
    ] = False,
    zips: Annotated[
        Path | None, typer.Option("--zips", help="Check everything and write each package as a zip into this folder.")
    ] = None,
    date: Date = "",
    root: Root = Path(),
) -> None:
    """Write each package's datapackage.json and README.md from what is declared. Example: ilms package --check"""
    root = root.resolve()
    structure = load_structure(root)
    wanted = {root / STRUCTURE / "datapackage.json": to_json(structure_descriptor(structure))}
    problems: list[Problem] = []
    for name in package_ids(root):
        package, faults = load_package(root, name, structure)
        problems += [fault for fault in faults if package is None]
        if package is not None:
            wanted |= {package.path / file: content for file, content in committed(package, structure).items()}
    print_problems(problems)
    stale = [path for path, content in wanted.items() if not path.is_file() or path.read_bytes() != content]
    if not only_check and not problems:
        write_all(wanted)
    for path in stale:
        log.print(f"{'not current' if only_check else 'written'}: {path.relative_to(root).as_posix()}")
    log.print(f"{len(wanted)} generated files, {len(stale)} {'not current' if only_check else 'written'}.")
    if problems or (only_check and stale):
        raise typer.Exit(PROBLEMS)
    if zips is not None:
        _write_zips(_sound(root, date), zips)


@app.command("release")
def release_command(
    only_check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a package is not what the ledger says.")
    ] = False,
    address: Annotated[
        str, typer.Option("--address", help="Folder at which the zips of this release will stand for good.")
    ] = "",
    date: Date = "",
    root: Root = Path(),
) -> None:
    """Write every package that changed since its last release into the ledger. Example: ilms release --check"""
    root = root.resolve()
    catalogue = _sound(root, date)
    if only_check:
        problems = list(releasing.differing(catalogue))
        print_problems(problems)
        raise typer.Exit(PROBLEMS if problems else CLEAN)
    prepared = releasing.prepare(catalogue, root, today(date), address)
    write_all(prepared.files)
    for line in prepared.told:
        log.print(line)
    log.print(f"{LEDGER} is written; propose it, and tag the commit once it is merged.")


@app.command("build")
def build_command(
    out: Annotated[Path, typer.Option("--out", help="Where the finished site goes.")] = Path("site"),
    dask: Annotated[
        str, typer.Option("--dask", help="Address of a Dask scheduler whose workers prepare the packages.")
    ] = "",
    date: Date = "",
    root: Root = Path(),
) -> None:
    """Check everything and build the whole site; the last good site stays until it is done.

    Examples: ilms build; ilms build --dask tcp://10.0.0.5:8786
    """
    root = root.resolve()
    _prepare(root, today(date), dask)
    catalogue = _sound(root, date)
    with progress("Rendering") as step:
        pages = build_site(catalogue, root, root / out, step)
    log.print(f"{pages:,} pages in {out.as_posix()}.")


@app.command("prepare")
def prepare_command(names: Names = None, date: Date = "", root: Root = Path()) -> None:
    """Make what can be made of a package alone into build/, for a build here or elsewhere. Example: ilms prepare tha"""
    root = root.resolve()
    unsound = [name for name in names or package_ids(root) if not prepare(root, name, today(date))]
    for name in unsound:
        log.print(f"{name} has errors: see `ilms check {name}`.")
    raise typer.Exit(PROBLEMS if unsound else CLEAN)


@app.command("serve")
def serve_command(
    port: Annotated[int, typer.Option("--port", help="Where to listen on this machine.")] = 8000,
    date: Date = "",
    root: Root = Path(),
) -> None:
    """Build, show the site on this machine, and rebuild when a file changes. Example: ilms serve --port 8001"""
    serve_site(root.resolve(), port, log.print, today(date))


def _prepare(root: Path, day: datetime.date, dask: str) -> None:
    """Has packages that changed prepared by several processes, here or on a cluster; the build does what is left."""
    names = unprepared(root, package_ids(root), day)
    with progress("Preparing") as step:
        if not dask:
            prepare_here(root, names, day, step)
        elif left := prepare_there(dask, root, names, day, step):
            log.print(f"Not prepared by the cluster, so made here: {', '.join(left)}.")


def _checked(root: Path, names: Sequence[str]) -> Checked:
    memory = checks(root.resolve())
    with progress("Checking") as step:
        checked = check(root.resolve(), names, step, memory=memory)
    memory.forget_unused(FORTNIGHT)
    return checked


def _checked_since(root: Path, base: str, names: Sequence[str]) -> Checked:
    """Both gates over the packages that differ from a base, and those among them that are named."""
    differing = changed_since(root, base)
    chosen = [name for name in differing if not names or name in names]
    log.print(f"Changed since {base}: {', '.join(chosen) or 'no package'}.")
    if not chosen:
        raise typer.Exit(CLEAN)
    with progress("Checking") as step:
        return check(root, chosen, step, beside=True, memory=checks(root))


def _sound(root: Path, date: str) -> Catalogue:
    """What may be told on a day, once everything is mended or acknowledged; else says why and exits."""
    checked = _checked(root, ())
    _summary(checked)
    if checked.clean and checked.catalogue is not None:
        for one in held_back(checked.catalogue, today(date)):
            until = f"until {one.until.isoformat()}" if one.until else "until rounds.csv gives a day"
            log.print(f"Under embargo {until}: {one.package} {' '.join(one.tables)}".rstrip())
        return public(checked.catalogue, today(date))
    print_problems([*checked.errors, *checked.open])
    log.print("Nothing was written; what stood before is untouched.")
    raise typer.Exit(PROBLEMS)


def _write_zips(catalogue: Catalogue, folder: Path) -> None:
    """The zips that stand alone, the same bytes as the site offers."""
    files = {folder / name: content for name, content in zips(catalogue).items()}
    write_all(files)
    log.print(f"{len(files)} zips in {folder.as_posix()}.")


def _report(checked: Checked, form: Form) -> None:
    if form is Form.json:
        print(json.dumps(validat_report(checked), ensure_ascii=False, indent=1))
        return
    for line in github_lines(checked) if form is Form.github else text_lines(checked):
        print(line)
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if form is Form.github and place:
        append_summary(checked, Path(place))


def _suggest(checked: Checked) -> None:
    """Rows on the output, so that they can be appended to a file; all other words beside it."""
    rows = suggestions(checked)
    for package, mine in rows.items():
        log.print(f"For datapackages/{package}/limitations.csv; put the text into your own words:")
        print(to_csv(pd.DataFrame(mine)).decode().split("\n", 1)[1], end="")
    for problem in to_mend(checked):
        log.print(f"Can only be mended: {problem}")


def _summary(checked: Checked) -> None:
    acknowledged = sum(bool(finding.acknowledged_by) for finding in checked.findings)
    noted = sum(f.severity == "information" and not f.acknowledged_by for f in checked.findings)
    log.print(
        f"{len(checked.errors):,} errors, {len(checked.open):,} findings to mend or acknowledge, "
        f"{acknowledged:,} acknowledged by a limitation, {noted:,} for information."
    )
