"""The command: exit codes, and nothing half written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ilms_publish import cli
from tests.worlds import World

OUTFLOW = "zzb/data/mna_oemp_sex_cds_nb.csv"
SOUND, WRONG = "SEX_T,CDS_DES_TOTAL,2016,13.750", "SEX_T,CDS_DES_TOTAL,2016,14.750"


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_clean_packages_exit_zero(world: World) -> None:
    result = run("check", "--root", str(world.root))
    assert result.exit_code == 0, result.output


def test_open_findings_exit_one_and_are_printed(world: World) -> None:
    world.edit(OUTFLOW, SOUND, WRONG)
    result = run("check", "zzb", "--root", str(world.root))
    assert result.exit_code == 1
    assert f"datapackages/{OUTFLOW}:" in result.stdout
    assert "warning [sex-sum] 2016" in result.stdout


def test_unusable_request_exits_two(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["ilms", "check", "zzz", "--root", str(world.root)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 2


def test_package_check_writes_nothing_and_package_mends(world: World) -> None:
    world.edit("zza/package.yaml", "version: 1.0.0", "version: 1.1.0")
    before = tree(world.root)
    assert run("package", "--check", "--root", str(world.root)).exit_code == 1
    assert tree(world.root) == before
    assert run("package", "--root", str(world.root)).exit_code == 0
    assert run("package", "--check", "--root", str(world.root)).exit_code == 0


def test_zips_stand_in_the_folder_asked_for(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "zips"
    assert run("package", "--zips", str(folder), "--root", str(world.root)).exit_code == 0
    assert {path.name for path in folder.iterdir()} >= {"zza.zip", "zzb.zip", "structure.zip"}


def outside_build(world: World) -> dict[str, bytes]:
    """Everything but what is remembered for the next build."""
    return {path: content for path, content in tree(world.root).items() if not path.startswith("build/")}


@pytest.mark.usefixtures("one_core")
@pytest.mark.parametrize(
    ("old", "new"),
    [("SEX_F,CDS_DES_TOTAL,2016,5.500", "SEX_F,CDS_DES_TOTAL,2016,5 500"), (SOUND, WRONG)],
    ids=["error", "warning"],
)
def test_failed_build_leaves_the_last_good_site(world: World, old: str, new: str) -> None:
    site = world.root / "site"
    site.mkdir()
    (site / "index.html").write_text("the last good site")
    world.edit(OUTFLOW, old, new)
    before = outside_build(world)
    result = run("build", "--root", str(world.root))
    assert result.exit_code == 1
    assert f"datapackages/{OUTFLOW}" in result.stdout
    assert outside_build(world) == before


def test_refused_import_exits_one_and_writes_nothing(world: World) -> None:
    carrier = world.root / "carrier.csv"
    carrier.write_text("ref_area,sex,classif1,time,mna_oemp_sex_cds_nb\nzzb,sex_t,cds_des_qqq,2022,7\n")
    before = tree(world.root)
    result = run("import", "ilostat", str(carrier), "--edition", "test", "--root", str(world.root))
    assert result.exit_code == 1
    assert "carrier.csv:2:cds: error [known-code]" in result.stdout
    assert tree(world.root) == before


def test_accepted_import_says_what_changed(world: World) -> None:
    carrier = world.root / "carrier.csv"
    carrier.write_text("ref_area,sex,classif1,time,mna_oemp_sex_cds_nb\nzzb,sex_t,cds_des_zza,2022,7\n")
    result = run("import", "ilostat", str(carrier), "--edition", "test", "--root", str(world.root))
    assert result.exit_code == 0
    assert "1 new, 0 changed, 0 the same" in result.output
