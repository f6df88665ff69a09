"""Threats 8 to 13, 15 and 22: what lies in place of a plain file, and descriptors that name what they like."""

# ruff: noqa: E501

import gzip
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ilms_publish.problems import IlmsError, printable
from ilms_publish.reading import read_bytes
from ilms_publish.staging import stage
from tests.hostile.conftest import inert
from tests.worlds import World

DATA = "zza/data/mst_ncte_sex_cct_nb.csv"
SECRET = "the-secret-of-another-folder"
Spoil = Callable[[World], object]


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that no package may reach."""
    folder = tmp_path_factory.mktemp("outside")
    for name in ("file", "package.yaml", "sources.yaml", "mst_ncte_sex_cct_nb.csv", "CL_SEX.csv"):
        (folder / name).write_text(f"id: {SECRET}\n", "utf-8")
    return folder


def link(name: str, target: str = "file") -> Callable[[World, Path], None]:
    """Puts a link in place of a file or folder."""

    def spoil(world: World, outside: Path) -> None:
        path = world.path(name)
        if path.is_dir():
            path.rename(world.root / "aside")
        path.unlink(missing_ok=True)
        path.symlink_to(outside / target)

    return spoil


LINKS = {
    "data file": (link(DATA, "mst_ncte_sex_cct_nb.csv"), DATA),
    "data folder": (link("zza/data", ""), "zza/data"),
    "package folder": (link("zza", ""), "zza"),
    "new package folder": (link("zzc", ""), "zzc"),
    "dead link": (link("zza/reported.csv", "nothing"), "zza/reported.csv"),
    "loop": (lambda w, o: w.path("zza/loop").symlink_to("loop"), "zza/loop"),
    "stray link": (link("zza/notes.txt"), "zza/notes.txt"),
    "link to a neighbour": (lambda w, o: w.path("zza/data/mst_fore_sex_cbr_nb.csv").symlink_to(w.path(DATA)),
                            "zza/data/mst_fore_sex_cbr_nb.csv"),
    "machine file": (lambda w, o: (w.path(DATA).unlink(), w.path(DATA).symlink_to("/etc/passwd")), DATA),
    "endless file": (lambda w, o: (w.path(DATA).unlink(), w.path(DATA).symlink_to("/dev/zero")), DATA),
    **{
        name: (link(f"zza/{name}"), f"zza/{name}")
        for name in ("package.yaml", "sources.yaml", "limitations.csv", "collection.csv", "imports.csv",
                     "datapackage.json", "README.md")
    },
}  # fmt: skip


@pytest.mark.parametrize("name", LINKS)
def test_links_are_never_followed(world: World, outside: Path, name: str) -> None:
    spoil, file = LINKS[name]
    spoil(world, outside)
    checked = world.check()
    told = [problem for problem in checked.errors if problem.file == f"datapackages/{file}"]
    assert any("link" in problem.sentence for problem in told), checked.errors
    assert SECRET not in "".join(map(str, checked.errors))
    assert "root:" not in "".join(map(str, checked.errors))


STRUCTURE_LINKS = ("tables.yaml", "codelists.yaml", "rounds.csv", "codelists/CL_SEX.csv", "codelists")


@pytest.mark.parametrize("name", STRUCTURE_LINKS)
def test_links_in_the_structure_stop_everything(world: World, outside: Path, name: str) -> None:
    link(f"structure/{name}", "" if name == "codelists" else "file")(world, outside)
    with pytest.raises(IlmsError, match="is a link") as caught:
        world.check()
    assert SECRET not in str(caught.value)


def bomb() -> bytes:
    """Some 60 kB that unpack to 60 MB."""
    return gzip.compress(b"ref_area,sex\n" + b"0" * 60_000_000)


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mst_ncte_sex_cct_nb.csv", "0" * 10_000_000)
        archive.writestr("../../../escaped.csv", SECRET)
    return made.getvalue()


def add(name: str, content: bytes = b"x\n") -> Spoil:
    def spoil(world: World) -> None:
        path = world.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return spoil


def instead(name: str, make: Callable[[Path], object]) -> Spoil:
    """Something else in place of a file."""

    def spoil(world: World) -> None:
        world.path(name).unlink()
        make(world.path(name))

    return spoil


def sized(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


STRANGE: dict[str, tuple[Spoil, str, str]] = {
    # 11: hidden and nested
    "hidden folder": (add("zza/data/.hid/t.csv"), "zza/data/.hid", "not named after"),
    "hidden file": (add("zza/data/.mst_ncte_sex_cct_nb.csv"), "zza/data/.mst_ncte_sex_cct_nb.csv", "not named after"),
    "hidden beside": (add("zza/.git/config"), "zza/.git", "no such file"),
    "folder below": (add("zza/data/sub/mst_ncte_sex_cct_nb.csv"), "zza/data/sub", "not named after"),
    "package in a package": (add("zza/zzb/package.yaml"), "zza/zzb", "no such file"),
    # 10: no plain file
    "pipe": (instead(DATA, os.mkfifo), DATA, "missing"),
    "folder as data": (instead(DATA, Path.mkdir), DATA, "missing"),
    "folder as package.yaml": (instead("zza/package.yaml", Path.mkdir), "zza/package.yaml", "missing"),
    "pipe as sources": (instead("zza/sources.yaml", os.mkfifo), "zza/sources.yaml", "missing"),
    "pipe as descriptor": (instead("zza/datapackage.json", os.mkfifo), "zza/datapackage.json", "not up to date"),
    # 15: packed or huge
    "gzip by name": (add(f"{DATA}.gz", bomb()), f"{DATA}.gz", "not named after"),
    "gzip inside": (add(DATA, bomb()), DATA, "UTF-8"),
    "zip by name": (add("zza/data/mst_ncte_sex_cct_nb.csv.zip", zipped()), f"{DATA}.zip", "not named after"),
    "zip inside": (add(DATA, zipped()), DATA, "UTF-8"),
    "zip beside": (add("zza/zza.zip", zipped()), "zza/zza.zip", "no such file"),
    "workbook": (add("zza/data/mst_ncte_sex_cct_nb.xlsx", zipped()), "zza/data/mst_ncte_sex_cct_nb.xlsx", "not named"),
    "huge data": (instead(DATA, lambda p: sized(p, 1 << 40)), DATA, "the limit is"),
    "large limitations": (instead("zza/limitations.csv", lambda p: sized(p, 5_242_881)), "zza/limitations.csv", "limit"),
    "large yaml": (instead("zza/sources.yaml", lambda p: sized(p, 1_048_577)), "zza/sources.yaml", "the limit is"),
    "large descriptor": (instead("zza/datapackage.json", lambda p: sized(p, 1 << 40)), "zza/datapackage.json", "date"),
    # 22: names that another system cannot hold or takes for the same
    "device name": (add("zza/data/con.csv"), "zza/data/con.csv", "not named after"),
    "device without ending": (add("zza/AUX"), "zza/AUX", "no such file"),
    "capitals": (add("zza/data/MST_NCTE_SEX_CCT_NB.csv"), "zza/data/MST_NCTE_SEX_CCT_NB.csv", "not named after"),
    "capitals in the ending": (add("zza/data/mst_ncte_sex_cct_nb.CSV"), "zza/data/mst_ncte_sex_cct_nb.CSV", "not named"),
    "capitals beside": (add("zza/Package.yaml"), "zza/Package.yaml", "no such file"),
    "last point": (add("zza/data/mst_ncte_sex_cct_nb.csv."), f"{DATA}.", "not named after"),
    "last space": (add("zza/data/mst_ncte_sex_cct_nb.csv "), f"{DATA} ", "not named after"),
    "long name": (add(f"zza/data/{'a' * 240}.csv"), f"zza/data/{'a' * 240}.csv", "not named after"),
    "command as name": (add("zza/data/::error::x.csv"), "zza/data/::error::x.csv", "not named after"),
    "line in the name": (add("zza/data/a\n::error::x.csv"), "zza/data/a\n::error::x.csv", "not named after"),
    "turned name": (add("zza/data/a\u202evsc.exe"), "zza/data/a\u202evsc.exe", "not named after"),
    "backslash": (add("zza/data/..\\x.csv"), "zza/data/..\\x.csv", "not named after"),
    "program": (add("zza/setup.py", b"import os\n"), "zza/setup.py", "no such file"),
    "hook": (add("zza/conftest.py", b"import os\n"), "zza/conftest.py", "no such file"),
    "page": (add("zza/index.html", b"<script>window.hit=1</script>"), "zza/index.html", "no such file"),
    **{
        f"package called {name!r}": (add(f"{name}/package.yaml", f"id: {name}\n".encode()), name, says)
        for name, says in {
            "con": "Windows", "COM1": "lower-case", "ZZA": "lower-case", "zz a": "lower-case", "zza ": "lower-case",
            "zz\u00e9": "lower-case", "z\u0430a": "lower-case", "a" * 100: "the limit is", "--root": "lower-case",
            "::error::x": "lower-case", "a\u202eb": "lower-case",
        }.items()
    },
}  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_strange_file_is_named(world: World, name: str) -> None:
    spoil, file, says = STRANGE[name]
    spoil(world)
    checked = world.check()
    names = {f"datapackages/{file}", printable(f"datapackages/{file}")}
    told = [problem for problem in checked.errors if problem.file in names]
    assert any(says in problem.sentence for problem in told), checked.errors
    for problem in checked.errors:
        assert inert(str(problem))


IGNORED: dict[str, Spoil] = {
    "hidden package": add(".hidden/package.yaml", b"id: evil\n"),
    "file among the packages": add("evil.csv", b"=1+1\n"),
    "desktop file": add("zza/.DS_Store", b"\0\0"),
}


@pytest.mark.parametrize("name", IGNORED)
def test_what_is_no_package_is_left_alone(world: World, name: str) -> None:
    IGNORED[name](world)
    assert world.check().clean


IDS = {
    "out of the folder": ("codelists.yaml", "id: CL_SEX", "id: ../../../../outside"),
    "absolute": ("codelists.yaml", "id: CL_SEX", "id: /etc/passwd"),
    "address": ("codelists.yaml", "id: CL_SEX", "id: https://evil.example/x"),
    "database": ("codelists.yaml", "id: CL_SEX", "id: 'sqlite:////etc/passwd'"),
    "device": ("codelists.yaml", "id: CL_SEX", "id: con"),
    "table out of the folder": ("tables.yaml", "id: MST_NCTE_SEX_CCT_NB", "id: ../../x"),
    "table by markup": ("tables.yaml", "id: MST_NCTE_SEX_CCT_NB", "id: '<script>'"),
    "table in other capitals": ("tables.yaml", "id: MST_NCTE_SEX_CCT_NB", "id: mst_nctp_sex_cct_nb"),
    "long": ("tables.yaml", "id: MST_NCTE_SEX_CCT_NB", f"id: {'A' * 200}"),
    "module": ("tables.yaml", "- id: MST\n", "- id: a/b\n"),
    "limitation type": ("limitation_types.csv", "\nexcludes-irregular,", "\n../excludes,"),
    "limitation type twice": ("limitation_types.csv", "\nexcludes-irregular,", "\nresidents-only,"),
    "code": ("codelists/CL_SEX.csv", "\nSEX_F,", "\nSEX=F|x,"),
    "code by markup": ("codelists/CL_SEX.csv", "\nSEX_F,", "\n<b>,"),
    "code twice": ("codelists/CL_SEX.csv", "\nSEX_F,", "\nSEX_M,"),
}


@pytest.mark.parametrize("name", IDS)
def test_id_of_the_structure_is_fit_for_an_address(world: World, name: str) -> None:
    file, old, new = IDS[name]
    world.edit(f"structure/{file}", old, new)
    with pytest.raises(IlmsError) as caught:
        world.check()
    assert caught.value.file == f"datapackages/structure/{file}"
    assert caught.value.field
    assert SECRET not in str(caught.value)


def test_no_path_leads_out_of_the_repository(world: World, outside: Path) -> None:
    for path in (outside / "file", world.root / ".." / outside.name / "file", world.path("../../../etc/passwd")):
        with pytest.raises(IlmsError, match="outside"):
            read_bytes(path, world.root)


def resource(**changes: object) -> dict[str, Any]:
    """A descriptor with one resource that asks for something."""
    made = {"name": "x", "path": "data/mst_ncte_sex_cct_nb.csv", "schema": {"fields": [{"name": "ref_area"}]}}
    return {"name": "ilms-zza", "resources": [{**made, **changes}]}


EVIL = "https://evil.example/x.json"
DESCRIPTORS: dict[str, object] = {
    # 8, 9: addresses that Frictionless would fetch
    "data by address": resource(path=EVIL), "one of several by address": resource(path=["a.csv", EVIL]),
    "schema by address": resource(schema=EVIL), "dialect by address": resource(dialect=EVIL),
    "profile by address": {**resource(), "profile": EVIL}, "$schema by address": {**resource(), "$schema": EVIL},
    "resource by address": {"resources": [EVIL]}, "ftp": resource(path="ftp://evil.example/x.csv"),
    "s3": resource(path="s3://evil/x.csv"), "foreign key by address": resource(schema={
        "fields": [], "foreignKeys": [{"fields": ["a"], "reference": {"package": EVIL, "resource": "x", "fields": ["a"]}}]}),
    # 10, 11, 13: paths
    "absolute path": resource(path="/etc/passwd"), "upward path": resource(path="../../../etc/passwd"),
    "file address": resource(path="file:///etc/passwd"), "database": resource(path="sqlite:////etc/passwd"),
    "hidden path": resource(path=".hid/t.csv"), "home": resource(path="~/.ssh/id_rsa"),
    "remote zip": resource(path="https://evil.example/x.zip", compression="gzip", innerpath="../x"),
    # 14, 16, 21: patterns, depth, repeats, values that are none
    "pattern": resource(schema={"fields": [{"name": "ref_area", "constraints": {"pattern": "(a+)+$"}}]}),
    "deep": "[" * 100_000, "twice": '{"name": "a", "name": "b"}', "not a number": '{"a": NaN, "b": -Infinity}',
    "huge number": '{"a": ' + "9" * 5000 + "}", "not json": "name: x", "nothing": "", "nul": "\0", "mark": "\ufeff{}",
    "package inside": {"resources": [{"name": "x", "package": EVIL}]}, "plugin": resource(format="python", path="x.py"),
}  # fmt: skip


@pytest.mark.parametrize("name", DESCRIPTORS)
def test_descriptor_on_disk_is_compared_and_never_obeyed(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    reached: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: reached.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_: reached.append(address))
    content = DESCRIPTORS[name]
    text = content if isinstance(content, str) else json.dumps(content)
    sound = world.path("zza/datapackage.json").read_bytes()
    world.path("zza/datapackage.json").write_text(text, "utf-8")
    checked = world.check()
    assert [(p.file, p.rule) for p in checked.errors] == [("datapackages/zza/datapackage.json", "current-descriptor")]
    assert reached == []
    world.package()
    assert world.path("zza/datapackage.json").read_bytes() == sound
    assert world.check().clean


def test_draft_left_as_a_link_is_not_written_through(world: World, outside: Path) -> None:
    world.path("zza/.datapackage.json.new").symlink_to(outside / "file")
    world.path("zza/datapackage.json").write_text("{}")
    world.package()
    assert SECRET in (outside / "file").read_text("utf-8")
    assert world.check().clean


def test_links_in_the_work_folder_are_not_written_through(world: World, outside: Path) -> None:
    (world.root / "build" / "docs").mkdir(parents=True)
    (world.root / "build" / "docs" / "index.md").symlink_to(outside / "file")
    (world.root / "build" / "docs" / "countries").symlink_to(outside)
    (world.root / "build" / "fragments").symlink_to(outside)
    before = sorted(outside.iterdir())
    stage([], {"index.md": b"x", "countries/package.yaml": b"x"}, world.root, world.root / "build")
    assert sorted(outside.iterdir()) == before
    assert all(SECRET in path.read_text("utf-8") for path in before)
