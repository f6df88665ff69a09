"""The workflow "Build apart" as GitHub would run it: each job in a clean clone, with only artifacts between them."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

import yaml

from tests.building import tree
from tests.worlds import REPOSITORY

JOBS = yaml.safe_load((REPOSITORY / ".github/workflows/apart.yml").read_text("utf-8"))["jobs"]
PIECES = {"checks", "downloads", "drawings"}


def test_jobs_apart_give_the_site_of_one(tmp_path: Path) -> None:
    artifacts = tmp_path / "artifacts"
    packages = JOBS["prepare"]["strategy"]["matrix"]["package"]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for clone in pool.map(lambda one: run("prepare", tmp_path / one, artifacts, {"package": one}), packages):
            shutil.rmtree(clone)
    assert {path.name for path in artifacts.iterdir()} == {f"pieces-of-{one}" for one in packages}
    brought = {name.partition("/")[2] for name in tree(artifacts)}
    assert {name.partition("/")[0] for name in brought} == PIECES
    joined = run("join", tmp_path / "join", artifacts)
    left = {f"{kind}/{name}" for kind in PIECES for name in tree(joined / "build" / kind)}
    assert not [name for name in left - brought if name.startswith("checks/")], "a package was checked again"
    assert [name for name in left & brought if not name.startswith("checks/")], "no piece was taken"
    alone = run("join", tmp_path / "alone", tmp_path / "none")
    assert tree(artifacts / "site") == tree(tmp_path / "none" / "site") == tree(alone / "site")


def run(name: str, clone: Path, artifacts: Path, matrix: Mapping[str, str] | None = None) -> Path:
    """One job in a clone of its own. artifacts: what other jobs have left, and where this one leaves its own."""
    for step in JOBS[name]["steps"]:
        given = {key: filled(str(value), matrix or {}) for key, value in step.get("with", {}).items()}
        match step.get("uses", "").partition("@")[0]:
            case "actions/checkout":
                subprocess.run(["git", "clone", "--quiet", "--depth=1", REPOSITORY.as_uri(), str(clone)], check=True)
            case "actions/upload-artifact":
                upload(clone, given["path"].split(), artifacts / given["name"])
            case "actions/download-artifact":
                download(artifacts, given["pattern"], clone / given["path"])
            case "":
                own = {key: filled(value, matrix or {}) for key, value in step.get("env", {}).items()}
                ran = subprocess.run(
                    ["bash", "-e", "-c", step["run"]],
                    cwd=clone, env={**os.environ, **own}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    text=True, check=False,
                )  # fmt: skip
                assert ran.returncode == 0, ran.stdout
            case other:
                raise AssertionError(f"no one here knows what {other} does")
    return clone


def filled(text: str, matrix: Mapping[str, str]) -> str:
    """An expression of the workflow with the values of its matrix."""
    for key, value in matrix.items():
        text = text.replace(f"${{{{ matrix.{key} }}}}", value)
    assert "${{" not in text, text
    return text


def upload(clone: Path, paths: list[str], artifact: Path) -> None:
    """As the action does: below what all paths have in common, bytes alone, no hidden files."""
    top = os.path.commonpath(paths) if len(paths) > 1 else paths[0]
    for path in paths:
        for name, content in tree(clone / path).items():
            place = artifact / os.path.relpath(path, top) / name
            if not any(part.startswith(".") for part in Path(name).parts):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)


def download(artifacts: Path, pattern: str, folder: Path) -> None:
    """As the action does when several artifacts are merged."""
    for artifact in artifacts.glob("*") if artifacts.exists() else ():
        if fnmatch(artifact.name, pattern):
            shutil.copytree(artifact, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
