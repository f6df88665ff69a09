"""The commands of a round: bring figures in, ask countries, start a country, tell what changed, ask addresses."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ilms_publish.days import today
from ilms_publish.importing.run import run_import
from ilms_publish.links import dead_links
from ilms_publish.packages import load_package
from ilms_publish.problems import IlmsError
from ilms_publish.questionnaire.changes import ADDED
from ilms_publish.questionnaire.run import import_questionnaire, make_questionnaire
from ilms_publish.questionnaire.telling import change_lines
from ilms_publish.reporting import SUMMARY_BYTES
from ilms_publish.revisions.recording import recorded
from ilms_publish.revisions.run import diff
from ilms_publish.revisions.telling import markdown, text_lines
from ilms_publish.scope import years as parse_years
from ilms_publish.starting import start_package
from ilms_publish.structure import load_structure
from ilms_publish.terminal import CLEAN, PROBLEMS, Root, log, print_problems, progress
from ilms_publish.versions import MINOR, NONE, PATCH, STEPS, next_version, with_version
from ilms_publish.writing import write_all

app = typer.Typer()
new = typer.Typer(no_args_is_help=True, help="Start something new.")
app.add_typer(new, name="new")


class Layout(StrEnum):
    """Layouts that `ilms import` reads."""

    ilostat = "ilostat"
    undesa = "undesa"
    worldbank = "worldbank"
    reported = "reported"
    questionnaire = "questionnaire"


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
    raise_version: Annotated[
        bool, typer.Option("--raise-version", help="Also write the version that the new figures need.")
    ] = False,
    root: Root = Path(),
) -> None:
    """Import a publisher's files, or a filled questionnaire, into the packages.

    Examples: ilms import ilostat mna_oemp_sex_cds_nb.csv --edition "bulk, February 2026";
    ilms import questionnaire khm.xlsx --dry-run
    """
    if layout is Layout.questionnaire:
        for file in files:
            _import_reply(root.resolve(), file, dry_run, raise_version)
        return
    if not edition:
        raise IlmsError("say which edition the files are, for example: --edition 'bulk, February 2026'")
    outcome = run_import(root.resolve(), layout.value, files, edition, leave_out or (), publisher, dry_run=dry_run)
    if outcome.refused:
        print_problems(outcome.refused)
        log.print(f"{len(outcome.refused):,} rows cannot be placed; nothing was written. Mend them or use --leave-out.")
        raise typer.Exit(PROBLEMS)
    for change in outcome.changes:
        log.print(
            f"{change.package} {change.table}: {change.added:,} new, {change.changed:,} changed, {change.same:,} "
            f"the same"
        )
    steps: dict[str, int] = {}
    for change in outcome.changes:
        step = MINOR if change.added else PATCH if change.changed else NONE
        steps[change.package] = max(step, steps.get(change.package, NONE))
    _tell_versions(root.resolve(), steps, write=raise_version and not dry_run)
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
        print_problems(checked.errors)
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
    with progress("Asking") as step:
        problems, asked = dead_links(root.resolve(), step)
    print_problems(problems)
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
    record: Annotated[
        bool,
        typer.Option("--record", help="Keep the old values of published figures that changed in changes.csv."),
    ] = False,
    root: Root = Path(),
) -> None:
    """Tell what changed for readers, and refuse what is not declared. Example: ilms diff HEAD~1"""
    with progress("Comparing") as step:
        compared = diff(root.resolve(), base, step)
    if record:
        files = {path: made for one in compared.differences for path, made in recorded(one, today()).items()}
        log.print(f"Old values kept in {write_all(files)} files.")
        compared = diff(root.resolve(), base)
    if form is DiffForm.markdown:
        text = markdown(compared.differences, compared.problems)
        print(text, end="")
        _add_to_summary(text)
    else:
        for line in text_lines(compared.differences, compared.problems):
            print(line)
    log.print(f"{len(compared.differences)} packages differ, {len(compared.problems)} things to mend.")
    raise typer.Exit(PROBLEMS if compared.problems else CLEAN)


def _add_to_summary(text: str) -> None:
    """Where a workflow runs, the same into the summary of the run, within what GitHub takes."""
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if place:
        with Path(place).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text.encode()[:SUMMARY_BYTES].decode(errors="ignore"))


def _tell_versions(root: Path, steps: Mapping[str, int], *, write: bool) -> None:
    """The number that each package needs for its new figures, as `ilms diff` will ask for; written if so wished."""
    structure = load_structure(root)
    for name, step in steps.items():
        package, problems = load_package(root, name, structure)
        if package is None:
            raise IlmsError(str(problems[0]))
        if step != NONE:
            wanted = next_version(package.version, step)
            if write:
                write_all(with_version(replace(package, version=wanted), structure))
            said = "now says so" if write else "unless it was raised already, write it, or import with --raise-version"
            log.print(f"{name}: new figures need {STEPS[step]}, from {package.version} to {wanted}; {said}.")


def _import_reply(root: Path, file: Path, dry_run: bool, raise_version: bool) -> None:
    """One filled questionnaire: what changes first, then what was done."""
    outcome = import_questionnaire(root, file, dry_run=dry_run)
    for line in change_lines(outcome):
        log.print(line)
    if outcome.refused:
        print_problems(outcome.refused)
        log.print(f"{len(outcome.refused):,} things to mend in the workbook or the package; nothing was written.")
        raise typer.Exit(PROBLEMS)
    print_problems(outcome.to_acknowledge)
    if outcome.to_acknowledge:
        log.print(f"{len(outcome.to_acknowledge):,} findings to mend or acknowledge, as `ilms check` will say.")
    kinds = [one.kind for change in outcome.changes for one in change.news]
    if kinds:
        step = MINOR if ADDED in kinds else PATCH
        _tell_versions(root, {outcome.package: step}, write=raise_version and not dry_run)
    log.print(_written(outcome.written, dry_run, "`ilms diff` checks what is to be declared."))


def _written(count: int, dry_run: bool, next_: str) -> str:
    return "Nothing was written: this was a dry run." if dry_run else f"{count} files written. {next_}"
