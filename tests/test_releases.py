"""A released version never changes: the ledger, the check that keeps it, and the pages for good."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from ilms_publish.downloads import zips
from ilms_publish.ledger import LEDGER
from ilms_publish.problems import IlmsError
from ilms_publish.revisions.run import diff
from tests.test_cli import run
from tests.test_embargo import embargo, new_year
from tests.test_revisions import DATA, ENTRY, HEADER, NEW, OLD, version
from tests.worlds import World, pages_at

PLACE = "https://example.org/releases/download/v1"


def release(world: World, day: str, *words: str) -> str:
    result = run("release", "--date", day, "--address", PLACE, *words, "--root", str(world.root))
    assert result.exit_code == 0, result.output
    return result.output


def ledger(world: World) -> list[list[str]]:
    return [line.split(",") for line in (world.root / LEDGER).read_text("utf-8").splitlines()[1:]]


@pytest.fixture
def released(world: World) -> World:
    """Both packages, released once."""
    release(world, "2026-03-01")
    return world


def test_a_release_is_written_once(released: World) -> None:
    before = (released.root / LEDGER).read_bytes()
    assert [line[:3] for line in ledger(released)] == [["zza", "1.0.0", "2026-03-01"], ["zzb", "1.0.0", "2026-03-01"]]
    release(released, "2026-04-01")
    assert (released.root / LEDGER).read_bytes() == before
    assert run("release", "--check", "--root", str(released.root)).exit_code == 0


def test_figures_of_a_released_version_may_not_change(released: World) -> None:
    released.edit(DATA, OLD, NEW)
    assert [(one.rule, one.file) for one in released.check("zzb").errors] == [
        ("released-version", "datapackages/zzb/package.yaml")
    ]
    version(released, "1.0.1")
    assert released.check("zzb").errors == ()


def test_a_better_word_takes_the_next_number_when_it_is_released(released: World) -> None:
    released.edit("zzb/limitations.csv", "Workers who leave without a card", "Those who leave without a card")
    assert released.check().clean, "a word in the browser needs no number"
    checked = run("release", "--check", "--root", str(released.root))
    assert checked.exit_code == 1
    assert "zzb is not 1.0.0 of 2026-03-01" in checked.stdout
    release(released, "2026-06-01")
    assert [line[:3] for line in ledger(released)][2:] == [["zzb", "1.0.1", "2026-06-01"]]
    assert released.check().clean
    assert run("release", "--check", "--root", str(released.root)).exit_code == 0


def test_a_version_is_not_released_below_another(released: World) -> None:
    version(released, "0.9.0")
    with pytest.raises(IlmsError, match="does not come after"):
        run_release(released)


def run_release(world: World) -> None:
    result = run("release", "--root", str(world.root))
    if result.exception:
        raise result.exception


def test_what_is_under_embargo_is_not_released(world: World) -> None:
    new_year(world)
    embargo(world, "embargo: [{years: '2022', release_date: '2026-12-01'}]")
    assert "zzb: not released" in release(world, "2026-11-30")
    assert [line[0] for line in ledger(world)] == ["zza"]
    release(world, "2026-12-01")
    assert [line[0] for line in ledger(world)] == ["zza", "zzb"]


def test_the_ledger_is_only_added_to(released: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = tmp_path_factory.mktemp("before")
    shutil.copytree(released.path(""), before / "datapackages")
    path = released.root / LEDGER
    assert diff(released.root, str(before)).problems == ()
    path.write_text(path.read_text("utf-8").replace("2026-03-01", "2026-03-02"), "utf-8")
    assert {one.rule for one in diff(released.root, str(before)).problems} == {"released-version"}


@pytest.mark.parametrize("line", ["zzb,1.0,2026-03-01,x,y,", "zzb,1.0.0,March,{0},{0},", "{1}\n{1}"])
def test_a_ledger_that_cannot_be_read_is_named(world: World, line: str) -> None:
    good = f"zzb,1.0.0,2026-03-01,{'0' * 64},{'0' * 64},"
    text = "package,version,date,figures,content,address\n" + line.format("0" * 64, good) + "\n"
    (world.root / LEDGER).write_text(text)
    with pytest.raises(IlmsError, match=r"releases\.csv"):
        world.check()


def test_a_reader_can_verify_a_zip(released: World, tmp_path: Path) -> None:
    """With the very line that the page of the release shows."""
    catalogue = released.check().catalogue
    assert catalogue
    page = pages_at(catalogue, "releases/zzb/1.0.0")["releases/zzb/1.0.0"]
    assert f"{PLACE}/zzb.zip" in page.fragments["facts"]
    line = page.fragments["verify"].partition("<pre><code>")[2].partition("</code>")[0]
    with zipfile.ZipFile(io.BytesIO(zips(catalogue)["zzb.zip"])) as archive:
        archive.extractall(tmp_path / "unpacked")
    ran = subprocess.run(["bash", "-c", line], cwd=tmp_path / "unpacked", capture_output=True, text=True, check=True)
    assert ran.stdout.split()[0] in page.fragments["facts"]
    assert "/releases/zzb/1.0.0/" in page.fragments["cite"]


def test_old_versions_keep_their_address_and_corrections_stand_in_a_register(released: World) -> None:
    for old, new in (("F,CDS_DES_ZZA,2018,4.620", "4.720"), ("F,CDS_DES_TOTAL,2018,6.600", "6.700"),
                     ("T,CDS_DES_ZZA,2018,11.550", "11.650"), ("T,CDS_DES_TOTAL,2018,16.500", "16.600")):  # fmt: skip
        released.edit(DATA, f"SEX_{old}", f"SEX_{old.rpartition(',')[0]},{new}")
    released.path("zzb/revisions.csv").write_text(HEADER + ENTRY)
    version(released, "1.0.1")
    release(released, "2026-12-10")
    catalogue = released.check().catalogue
    assert catalogue
    made = pages_at(catalogue, "releases", "releases/zzb/1.0.0", "releases/zzb/1.0.1")
    assert "the site now shows 1.0.1" in made["releases/zzb/1.0.0"].fragments["facts"]
    assert "One airport was counted twice." not in made["releases/zzb/1.0.0"].fragments["changes"]
    assert "One airport was counted twice." in made["releases/zzb/1.0.1"].fragments["changes"]
    register = made["releases"].fragments["corrections"]
    assert all(words in register for words in ("2026-11-30", "One airport was counted twice.", "1.0.0 or earlier"))
    assert "1.0.0</a> of 2026-03-01" in made["releases"].fragments["released"]
