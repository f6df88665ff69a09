"""The `ilms` command: few verbs, each saying what it found and what to do."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from ilms_publish.catalogue import Catalogue, Checked, check
from ilms_publish.downloads import zips
from ilms_publish.importing.run import run_import
from ilms_publish.links import dead_links
from ilms_publish.packages import load_package, package_ids
from ilms_publish.packaging import committed, structure_descriptor, to_json
from ilms_publish.problems import IlmsError, Problem
from ilms_publish.questionnaire.run import import_questionnaire, make_questionnaire
from ilms_publish.questionnaire.telling import change_lines
from ilms_publish.reporting import SUMMARY_BYTES, append_summary, github_lines, text_lines
from ilms_publish.revisions.run import diff
from ilms_publish.revisions.telling import markdown
from ilms_publish.revisions.telling import text_lines as difference_lines
from ilms_publish.scope import years as parse_years
from ilms_publish.serving import serve_site
from ilms_publish.staging import build_site
from ilms_publish.starting import start_package
from ilms_publish.structure import STRUCTURE, load_structure
from ilms_publish.suggesting import suggestions, to_mend
from ilms_publish.validat_report import validat_report
from ilms_publish.writing import to_csv, write_all

CLEAN, PROBLEMS, USAGE = 0, 1, 2
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
new = typer.Typer(no_args_is_help=True, help="Start something new.")
app.add_typer(new, name="new")
log = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)

Root = Annotated[Path, typer.Option("--root", help="The repository: the folder that holds datapackages/.")]
Names = Annotated[list[str] | None, typer.Argument(help="Packages such as tha or undesa; all when none is named.")]


class Layout(StrEnum):
    """Layouts that `ilms import` reads."""

    ilostat = "ilostat"
    undesa = "undesa"
    worldbank = "worldbank"
    reported = "reported"
    questionnaire = "questionnaire"


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
    root: Root = Path(),
) -> None:
    """Check packages: shape, codes and keys, then the statistics. Example: ilms check tha"""
    checked = _checked(root, names or ())
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
    _print(problems)
    stale = [path for path, content in wanted.items() if not path.is_file() or path.read_bytes() != content]
    if not only_check and not problems:
        write_all(wanted)
    for path in stale:
        log.print(f"{'not current' if only_check else 'written'}: {path.relative_to(root).as_posix()}")
    log.print(f"{len(wanted)} generated files, {len(stale)} {'not current' if only_check else 'written'}.")
    if problems or (only_check and stale):
        raise typer.Exit(PROBLEMS)
    if zips is not None:
        _write_zips(_sound(root), zips)


@app.command("build")
def build_command(
    out: Annotated[Path, typer.Option("--out", help="Where the finished site goes.")] = Path("site"),
    root: Root = Path(),
) -> None:
    """Check everything and build the whole site; the last good site stays until it is done. Example: ilms build"""
    root = root.resolve()
    catalogue = _sound(root)
    with _progress("Rendering") as step:
        pages = build_site(catalogue, root, root / out, step)
    log.print(f"{pages:,} pages in {out.as_posix()}.")


@app.command("serve")
def serve_command(
    port: Annotated[int, typer.Option("--port", help="Where to listen on this machine.")] = 8000,
    root: Root = Path(),
) -> None:
    """Build, show the site on this machine, and rebuild when a file changes. Example: ilms serve --port 8001"""
    serve_site(root.resolve(), port, log.print)


@app.command("import")
def import_command(
    layout: Annotated[Layout, typer.Argument(help="Whose layout the files have.")],
    files: Annotated[list[Path], typer.Argument(help="The files to import.")],
    edition: Annotated[str, typer.Option("--edition", help="Which edition, in the publisher's words.")] = "",
    publisher: Annotated[str, typer.Option("--publisher", help="Who issued the files, if not the usual.")] = "",
    leave_out: Annotated[
        list[str] | None, typer.Option("--leave-out", help="FILE:LINE, FILE:LINE-LINE, a code, or other-areas.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    root: Root = Path(),
) -> None:
    """Import a publisher's files, or a filled questionnaire, into the packages.

    Examples: ilms import ilostat mna_oemp_sex_cds_nb.csv --edition "bulk, February 2026";
    ilms import questionnaire khm.xlsx --dry-run
    """
    if layout is Layout.questionnaire:
        for file in files:
            _import_reply(root.resolve(), file, dry_run)
        return
    if not edition:
        raise IlmsError("say which edition the files are, for example: --edition 'bulk, February 2026'")
    outcome = run_import(root.resolve(), layout.value, files, edition, leave_out or (), publisher, dry_run=dry_run)
    if outcome.refused:
        _print(outcome.refused)
        log.print(f"{len(outcome.refused):,} rows cannot be placed; nothing was written. Mend them or use --leave-out.")
        raise typer.Exit(PROBLEMS)
    for change in outcome.changes:
        log.print(
            f"{change.package} {change.table}: {change.added:,} new, {change.changed:,} changed, {change.same:,} "
            f"the same"
        )
    log.print(_written(outcome.written, dry_run, "Run `ilms package` and `ilms check` next."))


@app.command("questionnaire")
def questionnaire_command(
    name: Annotated[str, typer.Argument(help="The country's package, such as khm.")],
    round_: Annotated[str, typer.Option("--round", help="The round of collection, as in rounds.csv.")],
    out: Annotated[Path | None, typer.Option("--out", help="Where the workbook goes.")] = None,
    years: Annotated[
        str, typer.Option("--years", help="Years to ask for, such as 2023-2025; the two before the round if not given.")
    ] = "",
    root: Root = Path(),
) -> None:
    """Make the workbook that a country fills in for a round. Example: ilms questionnaire KHM --round 2026-02"""
    name = name.lower()
    chosen = [str(year) for year in sorted(parse_years(years) or ())]
    content, checked = make_questionnaire(root.resolve(), name, round_, chosen)
    if content is None:
        _print(checked.errors)
        log.print("The package has errors; mend them first. Nothing was written.")
        raise typer.Exit(PROBLEMS)
    path = out or Path(f"{name}-{round_}.xlsx")
    write_all({path: content})
    log.print(
        f"{path.as_posix()}: {len(content):,} bytes. When it is back: ilms import questionnaire {path.as_posix()}"
    )


@new.command("package")
def new_package_command(
    area: Annotated[str, typer.Argument(help="Three-letter code of the country in CL_AREA.")],
    agency: Annotated[list[str], typer.Option("--agency", help="Institution that supplies figures; may be repeated.")],
    licence: Annotated[
        str, typer.Option("--licence", help="Terms of the figures: CC-BY-4.0, CC0-1.0 or another name.")
    ],
    round_: Annotated[str, typer.Option("--round", help="Round of collection; the last one if not given.")] = "",
    root: Root = Path(),
) -> None:
    """Start the package of a country.

    Example: ilms new package TLS --agency "Statistics office of Timor-Leste" --licence CC-BY-4.0
    """
    root = root.resolve()
    folder = start_package(root, area.upper(), agency, licence, date.today().isoformat(), round_)
    name = folder.name
    log.print(f"{folder.relative_to(root).as_posix()}/ is there and passes the check; it holds no figures yet.")
    log.print(f"Next: a line for it in .github/CODEOWNERS, then `ilms questionnaire {name} --round …`.")


@app.command("links")
def links_command(root: Root = Path()) -> None:
    """Ask whether the addresses given as evidence still answer; needs the network. Example: ilms links"""
    with _progress("Asking") as step:
        problems, asked = dead_links(root.resolve(), step)
    _print(problems)
    gone = sum(problem.severity == "error" for problem in problems)
    log.print(f"{asked:,} addresses asked, {gone:,} places with one that is gone.")
    raise typer.Exit(PROBLEMS if gone else CLEAN)


class DiffForm(StrEnum):
    """Forms in which `ilms diff` tells what changed."""

    text = "text"
    markdown = "markdown"


@app.command("diff")
def diff_command(
    base: Annotated[str, typer.Argument(help="A commit (origin/main, v1.0.0, HEAD~1) or a folder.")] = "origin/main",
    form: Annotated[DiffForm, typer.Option("--format", help="text, or markdown for a pull request.")] = DiffForm.text,
    root: Root = Path(),
) -> None:
    """Tell what changed for readers, and refuse what is not declared. Example: ilms diff HEAD~1"""
    with _progress("Comparing") as step:
        compared = diff(root.resolve(), base, step)
    if form is DiffForm.markdown:
        text = markdown(compared.differences, compared.problems)
        print(text, end="")
        _add_to_summary(text)
    else:
        for line in difference_lines(compared.differences, compared.problems):
            print(line)
    log.print(f"{len(compared.differences)} packages differ, {len(compared.problems)} things to mend.")
    raise typer.Exit(PROBLEMS if compared.problems else CLEAN)


def _add_to_summary(text: str) -> None:
    """Where a workflow runs, the same into the summary of the run, within what GitHub takes."""
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if place:
        with Path(place).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text.encode()[:SUMMARY_BYTES].decode(errors="ignore"))


def _import_reply(root: Path, file: Path, dry_run: bool) -> None:
    """One filled questionnaire: what changes first, then what was done."""
    outcome = import_questionnaire(root, file, dry_run=dry_run)
    for line in change_lines(outcome):
        log.print(line)
    if outcome.refused:
        _print(outcome.refused)
        log.print(f"{len(outcome.refused):,} things to mend in the workbook or the package; nothing was written.")
        raise typer.Exit(PROBLEMS)
    _print(outcome.to_acknowledge)
    if outcome.to_acknowledge:
        log.print(f"{len(outcome.to_acknowledge):,} findings to mend or acknowledge, as `ilms check` will say.")
    log.print(_written(outcome.written, dry_run, "`ilms diff` says which version number the package needs now."))


def _written(count: int, dry_run: bool, next_: str) -> str:
    return "Nothing was written: this was a dry run." if dry_run else f"{count} files written. {next_}"


def _checked(root: Path, names: Sequence[str]) -> Checked:
    with _progress("Checking") as step:
        return check(root.resolve(), names, step)


def _sound(root: Path) -> Catalogue:
    """The catalogue of a repository in which everything is mended or acknowledged; else says why and exits."""
    checked = _checked(root, ())
    if checked.clean and checked.catalogue is not None:
        return checked.catalogue
    _print([*checked.errors, *checked.open])
    _summary(checked)
    log.print("Nothing was written; what stood before is untouched.")
    raise typer.Exit(PROBLEMS)


def _write_zips(catalogue: Catalogue, folder: Path) -> None:
    """The zips that stand alone, the same bytes as the site offers."""
    files = {folder / name: content for name, content in zips(catalogue).items()}
    write_all(files)
    log.print(f"{len(files)} zips in {folder.as_posix()}.")


def _print(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(problem)


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


@contextmanager
def _progress(title: str) -> Iterator[Callable[[str], None]]:
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[now]}"))
    with Progress(*columns, console=log, transient=True) as bar:
        task = bar.add_task(title, total=None, now="")

        def step(name: str) -> None:
            bar.update(task, advance=1, now=name)

        yield step
