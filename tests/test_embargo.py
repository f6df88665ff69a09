"""What is under embargo is checked, and nothing of it reaches a reader before its day."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date

import pandas as pd
import pyarrow.parquet as parquet
import pytest

from ilms_publish.days import today
from ilms_publish.embargo import held_back, public
from ilms_publish.problems import IlmsError
from ilms_publish.site import pages
from tests.test_cli import run
from tests.worlds import World

TABLE, DATA = "MNA_OEMP_SEX_CDS_NB", "zzb/data/mna_oemp_sex_cds_nb.csv"
BEFORE, RELEASE = "2026-11-30", "2026-12-01"
NEW = {
    ("SEX_F", "CDS_DES_ZZA"): "41.237",
    ("SEX_F", "CDS_DES_X"): "12.319",
    ("SEX_F", "CDS_DES_TOTAL"): "53.556",
    ("SEX_M", "CDS_DES_ZZA"): "44.713",
    ("SEX_M", "CDS_DES_X"): "13.127",
    ("SEX_M", "CDS_DES_TOTAL"): "57.840",
    ("SEX_T", "CDS_DES_ZZA"): "85.950",
    ("SEX_T", "CDS_DES_X"): "25.446",
    ("SEX_T", "CDS_DES_TOTAL"): "111.396",
}
"""Figures of a year that is not yet out; none of them occurs elsewhere."""
SECRET = "quokka"
"""A word that stands in everything said about these figures, and nowhere else."""


def new_year(world: World) -> None:
    """Zubia sends 2022, from a new source, with a caveat, a finding acknowledged, and its traces in every register."""

    def add(frame: pd.DataFrame) -> pd.DataFrame:
        fresh = [
            ["ZZB", sex, cds, "2022", value, "B", f"zzb-{SECRET}-cards", f"Note of the {SECRET}"]
            for (sex, cds), value in NEW.items()
        ]
        both = pd.concat([frame, pd.DataFrame(fresh, columns=frame.columns)])
        return both.sort_values(["ref_area", "sex", "cds", "time_period"], kind="stable")

    world.rows(DATA, add)
    world.path("zzb/sources.yaml").write_text(sources(world), "utf-8")
    with world.path("zzb/limitations.csv").open("a") as file:
        file.write(f"zzb-{SECRET},source-inferred,publish,,{TABLE},,,2022,About the {SECRET} of 2022.,Invented.\n")
    world.path("zzb/imports.csv").write_text(
        f"file,layout,publisher,edition,sha256,table,rows\n{SECRET}.xlsx,questionnaire,The {SECRET},x,,{TABLE},9\n"
    )
    entry = f"2026-11-20,{TABLE},,2022,scheduled,The {SECRET} has come in.,The {SECRET}\n"
    world.path("zzb/revisions.csv").write_text(f"date,table,where,years,kind,reason,noticed_by\n{entry}")
    world.edit("zzb/collection.csv", "NB,2026-02,published,\n", f"NB,2026-02,published,Sent by the {SECRET}.\n")


def sources(world: World) -> str:
    """The register with the source of the new year, which also takes over from the old one."""
    text = world.path("zzb/sources.yaml").read_text("utf-8")
    entry = text.partition("sources:\n")[2]
    fresh = entry.replace("zzb-labour-departures", f"zzb-{SECRET}-cards").replace("Departure cards", f"{SECRET} cards")
    return text.replace('years: ""', "years: 2016-2021") + fresh.replace('years: ""', 'years: "2022"')


def embargo(world: World, words: str) -> None:
    world.edit("zzb/package.yaml", "edition: Test edition\n", f"edition: Test edition\n{words}\n")
    world.package()


def told(path: str, content: bytes) -> Iterator[str]:
    """Everything legible in a file, archives and tables unfolded."""
    yield path
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from told(f"{path}/{name}", archive.read(name))
    elif content[:4] == b"PAR1":
        yield parquet.read_table(io.BytesIO(content)).to_pandas().to_csv()
    else:
        yield content.decode("utf-8", "replace")


def site(world: World, day: str, *words: str) -> str:
    """The whole site that is built on a day, and the zips of a release of that day, as one text."""
    out, zips = world.root / f"site-{day}", world.root / f"zips-{day}"
    for command in (("build", "--out", str(out)), ("package", "--zips", str(zips))):
        result = run(*command, "--date", day, *words, "--root", str(world.root))
        assert result.exit_code == 0, result.output
    files = {path: path.read_bytes() for folder in (out, zips) for path in folder.rglob("*") if path.is_file()}
    return "\n".join(part for path, content in files.items() for part in told(path.as_posix(), content))


def leaks(text: str) -> set[str]:
    """What the text tells of the new year: its words, and its figures however they are grouped."""
    plain = re.sub("[\u2009\u202f\u00a0]", "", text)
    figures = {
        value for value in NEW.values() if re.search(rf"(?<![0-9]){value.replace('.', '[.,]?')}(?![0-9])", plain)
    }
    return figures | ({SECRET} if SECRET in text.lower() else set())


@pytest.mark.usefixtures("one_core")
def test_figures_under_embargo_leak_into_no_output(world: World) -> None:
    new_year(world)
    embargo(world, f"embargo: [{{tables: [{TABLE}], years: '2022', release_date: '2026-12-01'}}]")
    before = site(world, BEFORE)
    assert leaks(before) == set()
    assert "82.500" in before, "what was published before stays"
    assert leaks(site(world, RELEASE)) == {SECRET, *NEW.values()}, "on the day everything is told"


@pytest.mark.usefixtures("one_core")
def test_a_package_under_embargo_leaks_into_no_output(world: World) -> None:
    new_year(world)
    embargo(world, "release_date: '2026-12-01'")
    before = site(world, BEFORE)
    assert leaks(before) == set()
    others = re.sub("zz[ab]-zz[ab]", "", before)
    assert "zzb" not in others, "no address, file, feed or entry of an index but corridors, which Zedland reports on"
    assert "countries/zzb" in site(world, RELEASE)


@pytest.mark.usefixtures("one_core")
def test_figures_under_embargo_are_checked(world: World) -> None:
    new_year(world)
    embargo(world, "release_date: '2026-12-01'")
    world.edit(DATA, ",57.840,", ",59.840,")
    assert "sex-sum" in world.found()
    assert run("build", "--date", BEFORE, "--root", str(world.root)).exit_code == 1


def test_an_edition_of_the_future_is_not_out(world: World) -> None:
    world.edit("zzb/package.yaml", "issued: 2026-02-25", "issued: 2026-12-01")
    catalogue = world.check().catalogue
    assert catalogue
    assert set(public(catalogue, date(2026, 11, 30)).packages) == {"zza"}
    assert public(catalogue, date(2026, 12, 1)) is catalogue


@pytest.mark.parametrize(("published", "day"), [("", ""), ("2026-12-01", "2026-12-01")])
def test_the_date_of_a_round_is_public(world: World, published: str, day: str) -> None:
    new_year(world)
    with world.path("structure/rounds.csv").open("a") as file:
        file.write(f"2026-11,Round of the tests,2026-09-01,2026-10-31,{published},Invented.\n")
    embargo(world, f"embargo: [{{tables: [{TABLE}], years: '2022', round: 2026-11}}]")
    catalogue = world.check().catalogue
    assert catalogue
    left = public(catalogue, date(2026, 11, 30))
    assert [(one.table, one.round, one.day) for one in left.awaited] == [(TABLE, "2026-11", day)]
    text = "\n".join("\n".join([page.body, *page.fragments.values()]) for page in pages(left, {}))
    assert leaks(text) == set()
    assert [one.until for one in held_back(catalogue, date(2026, 11, 30))] == [date.fromisoformat(day) if day else None]
    assert (public(catalogue, date(2027, 1, 1)) is catalogue) == bool(day), "no day, no release"


def test_a_part_of_a_version_is_not_that_version(world: World) -> None:
    new_year(world)
    embargo(world, f"embargo: [{{tables: [{TABLE}], years: '2022', release_date: '2026-12-01'}}]")
    catalogue = world.check().catalogue
    assert catalogue
    assert public(catalogue, date(2026, 11, 30)).packages["zzb"].version == "1.0.0-pre"
    assert public(catalogue, date(2026, 12, 1)).packages["zzb"].version == "1.0.0"


@pytest.mark.parametrize(
    "words",
    ["release_date: soon", "embargo: [{years: '2022'}]", "embargo: [{round: 2026-02, release_date: '2026-12-01'}]",
     "embargo: [{release_date: 2026-13-01}]", "embargo: [{release_date: '2026-12-01', years: later}]",
     "embargo: [{round: 2031-01}]"],
)  # fmt: skip
def test_an_embargo_that_cannot_be_read_is_an_error(world: World, words: str) -> None:
    world.edit("zzb/package.yaml", "edition: Test edition\n", f"edition: Test edition\n{words}\n")
    assert [problem.file for problem in world.check("zzb").errors if "package.yaml" in problem.file]


def test_nothing_left_is_said(world: World) -> None:
    catalogue = world.check().catalogue
    assert catalogue
    with pytest.raises(IlmsError, match="every package"):
        public(catalogue, date(2020, 1, 1))


def test_the_day_is_given_or_that_of_the_source_or_now() -> None:
    assert today("2026-12-01", {"SOURCE_DATE_EPOCH": "0"}) == date(2026, 12, 1)
    assert today("", {"SOURCE_DATE_EPOCH": "86400"}) == date(1970, 1, 2)
    assert today("", {}) >= date(2026, 1, 1)
    for given, environ in (("1.12.2026", {}), ("", {"SOURCE_DATE_EPOCH": "now"})):
        with pytest.raises(IlmsError):
            today(given, environ)
