"""Threats 14 to 16 in earnest: files that would eat a machine, in a process with a gigabyte and ten seconds to spare."""

# ruff: noqa: E501

import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.hostile.limited import END
from tests.worlds import REPOSITORY, World

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits are set by Linux")
EVERY = "ILMS_TEST_EVERY_LIMIT"
"""Set by `make stress`: all heavy files, not only one of each kind."""
DATA = "zza/data/mst_ncte_sex_cct_nb.csv"
HEADER = "ref_area,sex,cct,time_period,obs_value,obs_status,source,note\n"
BEYOND = HEADER + "".join(f"ZZA,SEX_F,CCT_CTZ_TOTAL,{year},1,A,zza-stats-lfs,\n" for year in range(1900, 2000))
"""As many lines as Frictionless looks at before it reads."""
LIMITATIONS = "id,type,action,rules,tables,sources,where,years,text,evidence\n"
SOURCE = "  - id: a{0}\n    title: x\n    type: LFS\n    rest: not_applicable\n"
SUPPLY = "      - {{tables: ['*'], years: '{0}', basis: inferred, evidence: x}}\n"


def rows(row: str, number: int) -> Callable[[], bytes]:
    """A data file of rows that are told apart by their number."""
    return lambda: (HEADER + "".join(row.format(n) for n in range(number))).encode()


def lines(row: str, size: int, head: str) -> Callable[[], bytes]:
    """As many numbered lines as fit into so many bytes."""
    return lambda: (head + "".join(row.format(n) for n in range(size // (len(row) + 4)))).encode()


FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    # file, content, words of the report
    "one key for all rows": (DATA, rows("ZZA,SEX_F,CCT_CTZ_TOTAL,2018,22.625,A,zza-stats-lfs,{}\n", 100_000), "same key"),
    "formulas": (DATA, rows("ZZA,SEX_F,CCT_CTZ_TOTAL,2018,1,A,zza-stats-lfs,={}\n", 100_000), "formula"),
    "short rows": (DATA, rows("{}\n", 200_000), "too few cells"),
    "longest rows": (DATA, rows("a" + "," * 60_000 + "{}\n", 300), "times ,; the limit is"),
    "two million blank rows": (DATA, lambda: HEADER.encode() + b"\n" * 2_000_000, "blank"),
    "too many rows": (DATA, lambda: HEADER.encode() + b",,,,,,,\n" * 2_000_001, "more than 2,000,000 rows"),
    "one line": (DATA, lambda: b"x" * (64 << 20), "characters; the limit is 65,536"),
    "one cell": (DATA, lambda: HEADER.encode() + b'"' + (b"x" * 1000 + b"\n") * 60_000, "not readable CSV"),
    "most quotes": (DATA, lambda: BEYOND.encode() + (b'"' * 60_000 + b"\n") * 900, 'times "; the limit is'),
    "apostrophes": (DATA, lambda: HEADER.encode() + (b"'a', " * 4_000 + b"\n") * 900, "quotes or apostrophes in"),
    "columns": (DATA, lambda: b"a," * 30_000 + b"\n", "30,001 columns"),
    "packed": (DATA, lambda: gzip.compress(b"0" * 500_000_000), "not UTF-8"),
    "past the limit": (DATA, lambda: b"x" * ((64 << 20) + 1), "bytes; the limit is"),
    "deep list": ("zza/sources.yaml", lambda: b"[" * 1_000_000, "nested too deeply"),
    "many keys": ("zza/sources.yaml", lines("    k{}: x\n", 900_000, "sources:\n  - id: a\n"), "text is needed here"),
    "aliases": ("zza/sources.yaml", lambda: b"a: &a x\n" + b"".join(b"b%d: &b%d [*a,*a]\n" % (n, n) for n in range(9999)), "aliases"),
    "many sources": ("zza/sources.yaml", lines(SOURCE, 900_000, "sources:\n"), "sources; the limit is"),
    "many limitations": ("zza/limitations.csv", lines("l{},all-ages,publish,,,,,,Text.,Evidence.\n", 5_000_000, LIMITATIONS), "rows; the limit is"),
    "wide scopes": ("zza/limitations.csv", lines("l{},all-ages,publish,sex-sum,,,,1800-2199,Text.,Evidence.\n", 25_000, LIMITATIONS), "stale"),
    "large descriptor": ("zza/datapackage.json", lambda: b"[" * 50_000_000, "not up to date"),
    "quotes before a far end": (DATA, lambda: HEADER.encode() + (b', "' * 63 + b"\n") * 5_000, "too many cells"),
    "deep lines": ("zza/sources.yaml", lambda: b"".join(b" " * n + b"a:\n" for n in range(1400)), "nested too deeply"),
}  # fmt: skip
ALIKE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "numbers": (DATA, rows("ZZA,SEX_F,CCT_CTZ_TOTAL,2018,1e{},A,zza-stats-lfs,\n", 100_000), "should be digits"),
    "years": (DATA, rows("ZZA,SEX_F,CCT_CTZ_TOTAL,Y{},1,A,zza-stats-lfs,\n", 100_000), "should be a year"),
    "codes": (DATA, rows("ZZA,SEX_F,C{},2018,1,A,zza-stats-lfs,\n", 100_000), "not in the codelist"),
    "long rows": (DATA, rows("a" + "," * 4_000 + "{}\n", 5_000), "too many cells"),
    "line breaks only": (DATA, lambda: b"\n" * (64 << 20), "more than 2,000,000 rows"),
    "quotes": (DATA, lambda: BEYOND.encode() + b'"' * 60_000_000, "characters; the limit is 65,536"),
    "many quotes": (DATA, lambda: BEYOND.encode() + (b'"' * 4_000 + b"\n") * 900, "too few cells"),
    "odd quotes": (DATA, lambda: BEYOND.encode() + (b'"' * 3_999 + b"\n") * 900, "too few cells"),
    "quotes at the start": (DATA, lambda: HEADER.encode() + (b'"' * 4_000 + b"\n") * 900, "quotes or apostrophes in"),
    "quotes and commas": (DATA, lambda: BEYOND.encode() + (b'"a",' * 2_000 + b"\n") * 900, "too many cells"),
    "most apostrophes": (DATA, lambda: HEADER.encode() + (b"'a', " * 49 + b"\n") * 5_000, "too many cells"),
    "most quoted cells": (DATA, lambda: HEADER.encode() + (b' "a"' * 55 + b"\n") * 5_000, "too few cells"),
    "quotes in long lines": (DATA, lambda: HEADER.encode() + (b'," ' + b"a" * 8_000 + b"\n") * 5_000, "not readable CSV"),
    "a million columns": (DATA, lambda: b"a," * 1_000_000, "characters; the limit is 65,536"),
    "deep mapping": ("zza/sources.yaml", lambda: b"{a: " * 250_000, "nested too deeply"),
    "long list": ("zza/sources.yaml", lambda: b"sources: [" + b"a," * 500_000 + b"]", "sources; the limit is"),
    "key twice at the end": ("zza/sources.yaml", lambda: lines("k{}: x\n", 900_000, "a: x\n")() + b"a: x\n", "given twice"),
    "many supplies": ("zza/sources.yaml", lines(SUPPLY, 900_000, "sources:\n" + SOURCE.format(0) + "    supplies:\n"), "supplies; the limit is"),
    "long quotation": ("zza/sources.yaml", lambda: b"sources: '" + b"'' " * 300_000 + b"'", "characters; the limit is"),
    "long scopes": ("zza/limitations.csv", lambda: (LIMITATIONS + "".join(f"l{n},all-ages,publish,sex-sum,,,{'sex=SEX_F;' * 400},,a,b\n" for n in range(490))).encode(), "sex-sum"),
    "many states": ("zza/collection.csv", lines("T{},R,published,\n", 5_000_000, "table,round,state,reason\n"), "rows; the limit is"),
    "many quotations": ("zza/reported.csv", lines("{},,,,,,,,,\n", 5_000_000, "id,ref_area,reference_date,concept,dimension,category,obs_value,unit,agency,url\n"), "rows; the limit is"),
    "many keywords": ("zza/package.yaml", lambda: b"id: zza\nkeywords: [" + b"a," * 400_000 + b"]\n", "text is needed"),
}  # fmt: skip
"""Other ways to the same limits: dear, so `make stress` alone takes them."""
if os.environ.get(EVERY):
    FILES |= ALIKE


Limited = Callable[..., str]


def started(sound: World, code: str = "pass") -> "subprocess.Popen[str]":
    """The process that checks under limits; code: what is done before it begins."""
    words = [sys.executable, "-c", f"import sys; from tests.hostile import limited; {code}; limited.main(sys.argv[1])"]
    return subprocess.Popen(
        [*words, str(sound.root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=REPOSITORY,
    )  # fmt: skip


def answer(process: "subprocess.Popen[str]", hostile: World, file: str) -> tuple[int, str]:
    """Exit code and report of the check of one repository."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{hostile.root}\t{file}\n")
    process.stdin.flush()
    told: list[str] = []
    for line in process.stdout:
        if line.startswith(END):
            return int(line.removeprefix(END)), "".join(told)
        told.append(line)
    pytest.fail(f"the process that checks has ended: {process.wait()}")


@pytest.fixture(scope="module")
def limited(sound: World) -> Iterator[Limited]:
    """The report of a check under limits."""
    with started(sound) as process:

        def report(hostile: World, file: str = "") -> str:
            code, told = answer(process, hostile, file)
            assert code == 0, (code, told[-1500:])
            return told

        yield report
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.parametrize("name", FILES)
def test_heavy_file_is_told_within_limits(limited: Limited, world: World, name: str) -> None:
    file, content, says = FILES[name]
    world.path(file).write_bytes(content())
    report = limited(world, file)
    assert says in report, report[:2000]


def test_thousands_of_strange_files_are_told_within_limits(limited: Limited, world: World) -> None:
    for n in range(10_000):
        world.path(f"zza/data/x{n}.csv").touch()
    assert "not named after a table" in limited(world)


def test_hundreds_of_empty_packages_are_told_within_limits(limited: Limited, world: World) -> None:
    for n in range(500):
        world.path(f"z{n}").mkdir()
    assert "the file is missing" in limited(world)


@pytest.mark.parametrize(
    ("greedy", "told"),
    [
        ("limited.text_lines = lambda _: [bytearray(2 << 30)]", "MemoryError"),
        ("limited.SECONDS = 1; limited.text_lines = lambda _: iter(int, 1)", ""),
    ],
)
def test_limits_do_bite(sound: World, world: World, greedy: str, told: str) -> None:
    """The process that is tested is stopped if it needs more memory or more time, and the next one is not."""
    with started(sound, greedy) as process:
        for _ in range(2):
            code, said = answer(process, world, "")
            assert code == (1 if told else -signal.SIGXCPU), (code, said)
            assert told in said
        assert process.stdin is not None
        process.stdin.close()
