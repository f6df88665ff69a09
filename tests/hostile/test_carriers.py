"""The same tricks in files that are imported: refused at the line, or the whole file named; never half taken in."""

# ruff: noqa: E501

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ilms_publish.importing.incoming import Carrier, LeaveOut
from ilms_publish.importing.reported import read_reported
from ilms_publish.importing.run import READERS, run_import
from ilms_publish.model import Package, Structure
from ilms_publish.packages import load_package
from ilms_publish.problems import IlmsError, Problem
from ilms_publish.structure import load_structure
from tests.hostile.conftest import inert
from tests.worlds import REPOSITORY, World, fictitious

Bring = Callable[[str, str | bytes], list[Problem]]


@dataclass(frozen=True)
class Known:
    """What a reader is told beside the carrier."""

    structure: Structure = field(repr=False)
    packages: Mapping[str, Package] = field(repr=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The fictitious countries beside the two estimates packages without figures."""
    world = fictitious(tmp_path_factory.mktemp("carriers"))
    for name in ("undesa", "worldbank"):
        shutil.copytree(
            REPOSITORY / "datapackages" / name, world.path(name), ignore=shutil.ignore_patterns("data", "imports.csv")
        )
    return world


@pytest.fixture(scope="module")
def known(home: World) -> Known:
    structure = load_structure(home.root)
    packages = {}
    for name in ("zza", "zzb", "undesa", "worldbank"):
        package, problems = load_package(home.root, name, structure)
        assert package is not None, problems
        packages[name] = package
    return Known(structure, packages)


@pytest.fixture
def bring(known: Known, tmp_path: Path) -> Bring:
    """What is refused of a carrier in a layout; an unreadable one is a single refusal."""

    def bring(layout: str, content: str | bytes) -> list[Problem]:
        return refusals(known, tmp_path / "carrier.csv", layout, content)

    return bring


def refusals(known: Known, path: Path, layout: str, content: str | bytes) -> list[Problem]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    carrier = Carrier(path, layout, "Nobody", "Test")
    try:
        if layout == "reported":
            return read_reported(carrier, known.packages)[1]
        return READERS[layout](carrier, known.structure, known.packages, LeaveOut(())).refused
    except IlmsError as error:
        return [error.problem("unreadable")]


PLAIN = "ref_area,sex,classif1,time,mna_oemp_sex_cds_nb"
SOUND = "zzb,sex_t,cds_des_zza,2022,7"
BULK = (
    "ref_area,source,indicator,sex,classif1,classif2,time,obs_value,obs_status,note_classif,note_indicator,note_source"
)
BULK_ROW = "ZZA,BA:1,MST_TEMP_SEX_ECO_CCT_NB_A,SEX_T,ECO_SECTOR_TOTAL,CCT_CIT_NONCIT,2022,70.5,,,,"
LONG = "year,sex,origin,destination,migrants"
LONG_ROW = "2020,total,Zedland (fictitious),Zubia (fictitious),5"
GBMD = "sex,destcode,origincode,Y1960,Y1970,Y1980,Y1990,Y2000"
QUOTED = "country,reference_date,concept,dimension,category,value,unit,source_quoted,page_address"
QUOTED_ROW = "ZZA,2021,work permits,total,total,32000,persons,Zedland Immigration,https://example.org/a"
WIDE = (
    ",,,,\n,,,Table 1: International migrant stock,\n,,,,International migrant stock at mid-year (both sexes)\n"
    "Index,Region,Location code,Type of data,1990\n1,Zedland,764,B,5\n"
)


def plain(old: str, new: str) -> str:
    assert old in SOUND
    return f"{PLAIN}\n{SOUND.replace(old, new)}\n"


def bulk(old: str, new: str) -> str:
    assert old in BULK_ROW
    return f"{BULK}\n{BULK_ROW.replace(old, new)}\n"


def quoted(old: str, new: str) -> str:
    assert old in QUOTED_ROW
    return f"{QUOTED}\n{QUOTED_ROW.replace(old, new)}\n"


CARRIERS: dict[str, tuple[str, str | bytes, int, str]] = {
    # layout, content, line, field or words of the refusal
    "byte order mark": ("ilostat", f"\ufeff{PLAIN}\n{SOUND}\n", 1, "byte order mark"),
    "gzip": ("ilostat", b"\x1f\x8b\x08\0\0\0", 1, "UTF-8"),
    "workbook": ("undesa", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\xff", 1, "UTF-8"),
    "nul": ("ilostat", f"{PLAIN}\n{SOUND}\0\n", 2, "NUL"),
    "latin-1": ("reported", f"{QUOTED}\n{QUOTED_ROW}\xe9\n".encode("latin-1"), 2, "UTF-8"),
    "nothing": ("ilostat", "", 1, "empty"),
    "nothing, wide": ("undesa", "", 0, "neither"),
    "nothing, worldbank": ("worldbank", "", 1, "empty"),
    "a million columns": ("ilostat", "a," * 1_000_000, 1, "characters"),
    "thousands of columns": ("ilostat", "a," * 3_000, 1, "columns"),
    "giant row": ("ilostat", f"{PLAIN}\n{'x' * 70_000}\n", 2, "characters"),
    "short row": ("ilostat", f"{PLAIN}\nzzb,sex_t\n", 2, "cells"),
    "quote": ("ilostat", f'{PLAIN}\n{SOUND},"\n', 2, "not readable CSV"),
    "other layout": ("ilostat", "country,value\nZZB,7\n", 1, "no ILOSTAT layout"),
    "a column more": ("ilostat", f"{PLAIN.replace(',time', ',classif2,odd,time')}\nzzb,sex_t,a,b,c,2022,7\n", 1, "no ILOSTAT layout"),
    "two classifications too many": ("ilostat", f"{PLAIN.replace(',time', ',classif2,time')}\nzzb,sex_t,cds_des_zza,x,2022,7\n", 2, "classif2"),
    "indicator by path": ("ilostat", f"{PLAIN.replace('mna_oemp_sex_cds_nb', '../../x')}\n{SOUND}\n", 2, "indicator"),
    "indicator by markup": ("ilostat", f"{PLAIN.replace('mna_oemp_sex_cds_nb', '<script>')}\n{SOUND}\n", 2, "indicator"),
    "indicator called value": ("ilostat", f"{PLAIN.replace('mna_oemp_sex_cds_nb', 'obs_value')}\n{SOUND}\n", 2, "indicator"),
    "indicator called source": ("ilostat", f"{PLAIN.replace('mna_oemp_sex_cds_nb', 'source')}\n{SOUND}\n", 2, "indicator"),
    "estimates as indicator": ("ilostat", f"{PLAIN.replace('mna_oemp_sex_cds_nb', 'undesa_stock')}\n{SOUND}\n", 2, "indicator"),
    "rate of change": ("ilostat", plain(",7", ",1e309"), 2, "obs_value"),
    "four hundred digits": ("ilostat", plain(",7", "," + "9" * 400), 2, "obs_value"),
    "not a number": ("ilostat", plain(",7", ",NaN"), 2, "obs_value"),
    "formula as value": ("ilostat", plain(",7", ",=7"), 2, "obs_value"),
    "arabic digits": ("ilostat", plain(",7", ",\u0667"), 2, "obs_value"),
    "year nought": ("ilostat", plain("2022", "0000"), 2, "time_period"),
    "year without end": ("ilostat", plain("2022", "9" * 400), 2, "time_period"),
    "quarter": ("ilostat", plain("2022", "2022Q1"), 2, "time_period"),
    "thai year": ("ilostat", plain("2022", "\u0e52\u0e50\u0e52\u0e52"), 2, "time_period"),
    "lookalike code": ("ilostat", plain("sex_t", "s\u0435x_t"), 2, "sex"),
    "dotless i": ("ilostat", plain("cds_des_zza", "cds_des_zz\u0131"), 2, "cds"),
    "sharp s": ("ilostat", plain("sex_t", "\u00dfex_t"), 2, "sex"),
    "code by path": ("ilostat", plain("cds_des_zza", "../../x"), 2, "cds"),
    "country by path": ("ilostat", plain("zzb", "../zzb"), 2, "ref_area"),
    "country by markup": ("ilostat", plain("zzb", "<img src=x>"), 2, "ref_area"),
    "blank country": ("ilostat", plain("zzb", ""), 2, "ref_area"),
    "formula as note": ("ilostat", bulk("70.5,,,,", "70.5,,,,\u202e"), 2, "note"),
    "escape in a note": ("ilostat", bulk("70.5,,,,", "70.5,,\x1b[2J,,"), 2, "note"),
    "line in a note": ("ilostat", bulk("70.5,,,,", '70.5,,"a\n::error::b",,'), 2, "note"),
    "giant note": ("ilostat", bulk("70.5,,,,", f"70.5,,{'x' * 5000},,"), 2, "note"),
    "status unknown": ("ilostat", bulk("70.5,,", "70.5,?,"), 2, "obs_status"),
    "source by markup": ("ilostat", bulk("BA:1", "<script>"), 2, "source"),
    "source of a command": ("ilostat", bulk("BA:1", "::error::x"), 2, "source"),
    "origin unknown": ("undesa", f"{LONG}\n{LONG_ROW.replace('Zedland (fictitious)', 'Atlantis')}\n", 2, "origin"),
    "origin by markup": ("undesa", f"{LONG}\n{LONG_ROW.replace('Zedland (fictitious)', '<b>')}\n", 2, "origin"),
    "sex unknown": ("undesa", f"{LONG}\n{LONG_ROW.replace('total', 'all')}\n", 2, "sex"),
    "migrants in words": ("undesa", f"{LONG}\n{LONG_ROW[:-1]}many\n", 2, "obs_value"),
    "migrants without end": ("undesa", f"{LONG}\n{LONG_ROW[:-1]}{'9' * 400}\n", 2, "obs_value"),
    "year in words": ("undesa", f"{LONG}\n{LONG_ROW.replace('2020', 'latest')}\n", 2, "time_period"),
    "table unknown": ("undesa", WIDE.replace("Table 1", "Table 9"), 0, "neither"),
    "no location code": ("undesa", WIDE.replace("Location code", "Code"), 0, "Location code"),
    "no type of data": ("undesa", WIDE.replace("Type of data", "Type"), 4, "Type of data"),
    "no titles": ("undesa", WIDE.replace("mid-year", "year"), 4, "mid-year"),
    "block of no sex": ("undesa", WIDE.replace("both sexes", "robots"), 4, "no known sex"),
    "wide ragged": ("undesa", WIDE + "1,2\n", 6, "cells"),
    "wide unknown area": ("undesa", WIDE.replace("764", "999"), 5, "Location code"),
    "title only": ("undesa", "Table 1:\n", 0, "Location code"),
    "odd line ends": ("undesa", WIDE.replace("\n", "\x0b\n", 1), 5, "Location code"),
    "decade missing": ("worldbank", f"{GBMD[:-6]}\nMale,ZZA,ZZB,1,1,1,1\n", 1, "columns"),
    "decade twice": ("worldbank", f"{GBMD},Y2000\nMale,ZZA,ZZB,1,1,1,1,1,1\n", 1, "columns"),
    "decade in words": ("worldbank", f"{GBMD}\nMale,ZZA,ZZB,1,1,x,1,1\n", 2, "obs_value"),
    "area unknown": ("worldbank", f"{GBMD}\nMale,ZZQ,ZZB,1,1,1,1,1\n", 2, "ref_area"),
    "script as address": ("reported", quoted("https:", "javascript:"), 2, "page_address"),
    "data as address": ("reported", quoted("https://example.org/a", "data:text/html;x"), 2, "page_address"),
    "quote in an address": ("reported", quoted("org/a", 'org/a"onclick=x').replace(',https', ',"https') , 2, ""),
    "value in words": ("reported", quoted("32000", "thousands"), 2, "value"),
    "formula quoted": ("reported", quoted("Zedland Immigration", "=1+1"), 2, "source_quoted"),
    "command quoted": ("reported", quoted("work permits", "@SUM(1)"), 2, "concept"),
    "turned text quoted": ("reported", quoted("persons", "a\u202eb"), 2, "unit"),
    "nobody quoted": ("reported", quoted("Zedland Immigration", ""), 2, "source_quoted"),
    "country unknown quoted": ("reported", quoted("ZZA", "../x"), 2, "country"),
    "giant quotation": ("reported", quoted("work permits", "x" * 5000), 2, "concept"),
}  # fmt: skip


@pytest.mark.parametrize("name", CARRIERS)
def test_carrier_is_refused_at_its_line(bring: Bring, name: str) -> None:
    layout, content, row, says = CARRIERS[name]
    refused = bring(layout, content)
    assert refused
    assert any(p.row == row and (says == p.field or says in p.sentence) for p in refused), refused
    for problem in refused:
        assert inert(str(problem))
        assert len(str(problem)) < 1000


@pytest.mark.parametrize("layout", [*READERS, "reported"])
def test_sound_carrier_is_taken(bring: Bring, layout: str) -> None:
    sound = {
        "ilostat": plain("7", "7"),
        "undesa": f"{LONG}\n",
        "worldbank": f"{GBMD}\n",
        "reported": quoted("total", "total"),
    }
    assert bring(layout, sound[layout]) == []


def test_package_that_is_missing_is_named(world: World, tmp_path: Path) -> None:
    for layout, content in (("undesa", f"{LONG}\n{LONG_ROW}\n"), ("worldbank", f"{GBMD}\nMale,ZZA,ZZB,1,1,1,1,1\n")):
        path = tmp_path / "carrier.csv"
        path.write_text(content, "utf-8")
        with pytest.raises(IlmsError, match=f"no package '{layout}'"):
            run_import(world.root, layout, [path], "Test", ())


@pytest.mark.parametrize(
    "name", ["::error::a.csv", "##[error]a.csv", "a\n::error::b.csv", "a\x1b[2J.csv", "\u202ea.csv"]
)
def test_name_of_a_carrier_is_told_as_text(known: Known, tmp_path: Path, name: str) -> None:
    for content in (plain("sex_t", "sex_q"), "x"):
        for problem in refusals(known, tmp_path / name, "ilostat", content):
            assert inert(str(problem))


def test_carriers_that_are_no_files_are_named(world: World, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (tmp_path, tmp_path / "nothing.csv", tmp_path / "loop", Path("/dev/null"), tmp_path / ("a" * 300)):
        with pytest.raises(IlmsError):
            run_import(world.root, "ilostat", [path], "Test", ())


@pytest.mark.parametrize("wish", ["carrier.csv:1-99999999999", "a:b:1", "carrier.csv:-5", "", "=1+1", "x" * 100 + ":"])
def test_wish_to_leave_out_is_checked(wish: str) -> None:
    with pytest.raises(IlmsError, match="--leave-out"):
        LeaveOut([wish])


HEADS = {
    "ilostat": (PLAIN, BULK),
    "undesa": (LONG, "Table 1:,Location code,Type of data,1990"),
    "worldbank": (GBMD,),
    "reported": (QUOTED,),
}
CELL = st.one_of(
    st.sampled_from(["ZZA", "zzb", "sex_t", "total", "Male", "cds_des_zza", "2020", "7", "", "1e9", "-5", "764", "BA:1", "MNA_OEMP_SEX_CDS_NB"]),
    st.text(max_size=8),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("layout", HEADS)
@given(data=st.data())
def test_no_carrier_breaks_the_reader(known: Known, tmp_path: Path, layout: str, data: st.DataObject) -> None:
    """Whatever the cells say, a carrier is taken or refused."""
    head = data.draw(st.sampled_from(HEADS[layout]))
    width = head.count(",") + 1
    rows = data.draw(st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=3))
    lines = [head, *(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)]
    for problem in refusals(known, tmp_path / "carrier.csv", layout, "\n".join(lines) + "\n"):
        assert inert(str(problem))
