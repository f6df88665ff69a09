"""The forms of `ilms check`: text, notes at GitHub, a validation report, and rows that acknowledge."""

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from ilms_publish import cli
from ilms_publish.catalogue import Checked
from ilms_publish.problems import IlmsError, Problem, Severity
from ilms_publish.reading import text_fault
from ilms_publish.reporting import SHOWN, SUMMARY_BYTES, append_summary, github_lines, summary, text_lines
from ilms_publish.rules import RULES
from ilms_publish.suggesting import FAMILIES, OTHERWISE, TYPES, ranges, scopes, suggestions, to_mend
from ilms_publish.validat_report import validat_report
from tests.worlds import REPOSITORY, World

OUTFLOW = "zzb/data/mna_oemp_sex_cds_nb.csv"
TABLE = "MNA_OEMP_SEX_CDS_NB"
COMMAND = re.compile(r"^\s*::|##\[")
"""What GitHub's runner takes for a command: at the start of a line, or in its older form anywhere."""


def run(*words: str, **environ: str) -> Result:
    return CliRunner().invoke(cli.app, words, env={"GITHUB_STEP_SUMMARY": None, "SOURCE_DATE_EPOCH": None, **environ})


def tenfold(world: World, *years: str) -> None:
    """Totals of both sexes ten times too high, so that women and men no longer add to them."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        at = (frame["sex"] == "SEX_T") & frame["time_period"].isin(years) & (frame["obs_value"] != "")
        frame.loc[at, "obs_value"] = [f"{float(text) * 10:.3f}" for text in frame.loc[at, "obs_value"]]
        return frame

    world.rows(OUTFLOW, change)


def paste(world: World, rows: dict[str, list[dict[str, str]]]) -> None:
    """Appends rows to the packages' limitations.csv."""
    for package, mine in rows.items():
        with world.path(f"{package}/limitations.csv").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(row.values() for row in mine)


def faulty(*problems: Problem) -> Callable[[Checked], Checked]:
    return lambda checked: Checked(problems, (), (), checked.examined, None)


def test_text_goes_file_by_file_and_ends_with_the_two_ways_out(world: World) -> None:
    tenfold(world, "2016", "2018")
    world.edit("zza/sources.yaml", "    rest: not_yet_documented\n", "")
    lines = list(text_lines(world.check()))
    files = [line.split(":")[0] for line in lines if line.startswith("datapackages/")]
    assert files == sorted(files)
    assert len(set(files)) == 2
    assert any(line.startswith("  [sex-sum] Likely: ") and "limitation" in line for line in lines)
    assert "mend" in lines[-1]
    assert "limitations.csv" in lines[-1]


def test_a_finding_names_every_line_it_blames(world: World) -> None:
    tenfold(world, "2016")
    finding = next(f for f in world.check().findings if f.rule == "sex-sum")
    line = next(line for line in text_lines(world.check()) if "[sex-sum]" in line)
    rest = [line for _, line in finding.cells if line != finding.problem.row]
    assert f"(Also lines {', '.join(ranges(rest))}.)" in line


def test_nothing_found_says_nothing(world: World) -> None:
    checked = world.check()
    assert (list(text_lines(checked)), list(github_lines(checked))) == ([], [])
    assert "Nothing" in summary(checked)


def test_github_gets_nine_notes_and_one_that_counts(world: World, tmp_path: Path) -> None:
    problems = [Problem("a,b:c.csv", n, "x", "plain-number", Severity.ERROR, "100 % wrong,\nsee: x") for n in range(30)]
    lines = list(github_lines(faulty(*problems)(world.check())))
    assert len(lines) == SHOWN + 1
    assert lines[1] == ("::error file=a%2Cb%3Ac.csv,line=1,title=plain-number::100 %25 wrong,<U+000A>see: x")
    assert lines[-1].startswith("::error title=21 more::21 more: 21 errors and 0 findings")


def test_github_summary_holds_the_whole_list(world: World, tmp_path: Path) -> None:
    tenfold(world, "2016", "2017", "2018")
    file = tmp_path / "summary.md"
    file.write_text("before\n", "utf-8")
    result = run("check", "--format", "github", "--root", str(world.root), GITHUB_STEP_SUMMARY=str(file))
    assert result.exit_code == 1
    text = file.read_text("utf-8")
    assert text.startswith("before\n## Check")
    assert text.count("\n| datapackages") == len(world.check().open)
    assert result.stdout.count("\n::warning ") + result.stdout.startswith("::warning ") == min(
        len(world.check().open), SHOWN
    )


def test_github_summary_stays_below_the_limit(world: World, tmp_path: Path) -> None:
    words = "ü" * 4000
    many = faulty(*(Problem("a.csv", n, "x", "r", Severity.ERROR, words) for n in range(300)))(world.check())
    file = tmp_path / "summary.md"
    file.write_text("x" * 1000, "utf-8")
    append_summary(many, file)
    text = file.read_text("utf-8")
    assert SUMMARY_BYTES - 20_000 < len(text.encode()) <= SUMMARY_BYTES
    shown = text.count("\n| a.csv")
    assert f"{300 - shown} more are not shown" in text
    append_summary(many, file)
    assert file.stat().st_size <= SUMMARY_BYTES


HOSTILE = (
    "::error file=x::y", "  ::add-mask::secret", "##[add-mask]x", "a ##[error]b", "x\n::error::y", "x\r::error::y",
    "\u2028::error::y", "%0A::error::y", "x\x1b]8;;https://evil.example\x07", "::stop-commands::pause",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_workflow_command(world: World, text: str) -> None:
    checked = world.check()
    for problem in (
        Problem(text, 1, "note", "safe-text", Severity.ERROR, "x"),
        Problem("a.csv", 1, text, "safe-text", Severity.ERROR, "x"),
        Problem("", 0, "", "safe-text", Severity.ERROR, text),
        Problem("", 0, text, "safe-text", Severity.ERROR, text),
    ):
        for line in text_lines(faulty(problem)(checked)):
            assert not any(COMMAND.search(part) for part in line.splitlines() or [""]), line
        (note,) = github_lines(faulty(problem)(checked))
        assert len(note.splitlines()) == 1
        assert COMMAND.search(note[1:]) is None
        assert "%0A" not in note.replace("%250A", "")
    assert COMMAND.search(str(IlmsError(text))) is None


def test_markup_is_shown_letter_by_letter_in_the_summary(world: World) -> None:
    problem = Problem("a.csv", 1, "n", "safe-text", Severity.ERROR, "a|b <img src=x> [x](http://e) @team `c` ![i](u)")
    text = summary(faulty(problem)(world.check()))
    row = next(line for line in text.splitlines() if line.startswith("| a.csv"))
    assert row.count("|") == 4
    assert not set("<>`@[]") & set(row)


SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "type", "event", "rule", "data", "value"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string"},
            "type": {"const": "validation"},
            "event": {
                "required": ["time", "actor", "agent", "trigger"],
                "properties": {"time": {"type": "string", "pattern": "^[0-9]{8}T[0-9]{6}Z$"}},
            },
            "rule": {
                "required": ["language", "expression", "severity"],
                "properties": {
                    "severity": {"enum": ["error", "warning", "information"]},
                    "change": {"enum": ["up", "down"]},
                },
            },
            "data": {
                "required": ["source", "target"],
                "properties": {
                    key: {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}
                    for key in ("source", "target")
                },
            },
            "value": {"enum": ["0", "1", "NA"]},
        },
    },
}


def test_json_is_a_validation_report(world: World) -> None:
    tenfold(world, "2016")
    result = run("check", "--format", "json", "--root", str(world.root))
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    jsonschema.Draft7Validator(SCHEMA).validate(report)
    open_ = [
        p for p in report if p["value"] == "0" and p["rule"]["severity"] == "warning" and "change" not in p["rule"]
    ]
    assert {part["rule"]["expression"] for part in open_} == {f.rule for f in world.check().open}
    target = next(p for p in open_ if p["rule"]["expression"] == "sex-sum")["data"]["target"]
    assert target[0][0] == f"datapackages/{OUTFLOW}"
    assert target[0][1] == "2016"
    assert "sex=SEX_T" in target[0][2]
    assert target[0][3] == "obs_value"
    answered = [part for part in report if part["rule"].get("change") == "down"]
    assert ["zzb-persons-2019" in part["rule"]["explanation"] for part in answered] == [True]
    passed = {(p["data"]["target"][0][0], p["rule"]["expression"]) for p in report if p["value"] == "1"}
    assert ("datapackages/zza", "sex-sum") in passed
    assert ("datapackages/zzb", "sex-sum") not in passed


def test_json_takes_its_time_from_the_data_or_the_environment(world: World) -> None:
    checked = world.check()
    assert validat_report(checked, {})[0]["event"]["time"] == "20260225T000000Z"
    assert validat_report(checked, {"SOURCE_DATE_EPOCH": "0"})[0]["event"]["time"] == "19700101T000000Z"
    with pytest.raises(IlmsError, match="SOURCE_DATE_EPOCH"):
        validat_report(checked, {"SOURCE_DATE_EPOCH": "now"})


def test_errors_stand_in_the_json_too(world: World) -> None:
    world.edit(OUTFLOW, "SEX_F,CDS_DES_TOTAL,2016", "SEX_Q,CDS_DES_TOTAL,2016")
    report = json.loads(run("check", "--format", "json", "--root", str(world.root)).stdout)
    errors = [part for part in report if part["rule"]["severity"] == "error"]
    assert [part["data"]["target"][0][3] for part in errors] == ["sex"]


def test_pasted_suggestions_acknowledge_everything(world: World) -> None:
    tenfold(world, "2016", "2018", "2020")
    world.rows("zzb/limitations.csv", lambda frame: frame[frame["id"] != "zzb-persons-2019"])
    checked = world.check()
    assert len(checked.open) > 2
    rows = suggestions(checked)
    assert all(not text_fault(text) for mine in rows.values() for row in mine for text in row.values())
    paste(world, rows)
    assert world.check().clean
    assert not world.check().open


def test_suggestions_answer_for_the_real_figures(tmp_path: Path) -> None:
    """As if no finding had ever been answered: the rows suggested alone make the packages clean."""
    shutil.copytree(REPOSITORY / "datapackages" / "structure", tmp_path / "datapackages" / "structure")
    names = ("khm", "lao", "tha")
    world = World(tmp_path)
    for name in names:
        shutil.copytree(REPOSITORY / "datapackages" / name, tmp_path / "datapackages" / name)
        world.rows(f"{name}/limitations.csv", lambda frame: frame.assign(rules=""))
    checked = world.check()
    assert len(checked.open) > 20
    paste(world, suggestions(checked))
    after = world.check()
    assert (after.errors, after.open) == ((), ())


def test_suggestions_cover_the_blamed_cells_and_no_other(world: World) -> None:
    tenfold(world, "2016", "2018")
    checked = world.check()
    blamed = {cell for finding in checked.findings if not finding.acknowledged_by for cell in finding.cells}
    paste(world, suggestions(checked))
    after = world.check().catalogue
    assert after is not None
    frame = after.tables["zzb", TABLE].frame
    fresh = {row["id"] for row in suggestions(checked)["zzb"]}
    touched = {(TABLE, line) for line, ids in frame["limitations"].items() if fresh & set(ids.split())}
    assert touched == blamed


def test_command_prints_rows_alone(world: World) -> None:
    tenfold(world, "2016")
    result = run("check", "zzb", "--suggest", "--root", str(world.root))
    assert result.exit_code == 1
    rows = list(csv.reader(result.stdout.splitlines()))
    assert rows
    assert {len(row) for row in rows} == {10}
    assert {row[9] for row in rows} == {"Computed from the figures."}
    with world.path("zzb/limitations.csv").open("a", encoding="utf-8") as file:
        file.write(result.stdout)
    assert run("check", "--root", str(world.root)).exit_code == 0


def test_what_only_mending_helps_is_said(world: World) -> None:
    world.edit("zza/sources.yaml", "    rest: not_yet_documented\n", "")
    checked = world.check()
    assert suggestions(checked) == {}
    assert [problem.rule for problem in to_mend(checked)] == ["source-answers"]
    assert (
        "Can only be mended: datapackages/zza/sources.yaml"
        in run("check", "--suggest", "--root", str(world.root)).stderr
    )


def test_suggested_ids_are_new(world: World) -> None:
    tenfold(world, "2016")
    taken = suggestions(world.check())["zzb"][0]["id"]
    with world.path("zzb/limitations.csv").open("a", encoding="utf-8") as file:
        file.write(f"{taken},unit-slip,publish,,,,,2016,Taken.,Invented for tests.\n")
    ids = [row["id"] for row in suggestions(world.check())["zzb"]]
    assert taken not in ids
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("lines", [[2], [2, 3, 4], [2, 5, 9, 14, 20], list(range(2, 30)), list(range(2, 60, 7))])
def test_scopes_are_exact(world: World, lines: list[int]) -> None:
    table = world.check().examined.tables["zza", "MST_TEMP_SEX_ECO_CCT_NB"]
    found: set[int] = set()
    for scope in scopes(table, lines):
        mask = pd.Series(True, index=table.frame.index)
        for column, codes in scope.items():
            mask &= table.frame[column].isin(codes)
        found |= set(table.frame.index[mask])
    assert found == set(lines)


def test_every_guess_is_an_agreed_type(world: World) -> None:
    agreed = world.check().examined.structure.limitation_types
    assert {*TYPES.values(), *FAMILIES.values(), OTHERWISE} <= set(agreed)
    assert set(TYPES) <= set(RULES)


def test_ranges_join_neighbours() -> None:
    assert ranges([5, 1, 3, 4, 3]) == ["1", "3-5"]
