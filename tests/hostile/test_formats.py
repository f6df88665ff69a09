"""Threats 16 and 21: files that are not the plain YAML or CSV they should be, each told at its line."""

import pytest

from tests.hostile.conftest import Look, inert
from tests.worlds import World

HEAD = "sources:\n  - id: zza-stats-lfs\n    title: x\n    type: LFS\n"
YAML: dict[str, tuple[str | bytes, int, str]] = {
    # content of sources.yaml, line, what is said
    "alias bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", 1, "anchors and aliases"),
    "anchor": ("sources: &a []\n", 1, "anchors and aliases"),
    "alias to nothing": ("sources: *a\n", 1, "alias"),
    "merge key": ("sources:\n  - id: a\n    <<: &x {title: b}\n", 3, "anchors"),
    "python tag": ("sources: !!python/object/apply:os.system ['id']\n", 1, "tags"),
    "module tag": ("a: 1\nsources: !!python/module:os\n", 2, "tags"),
    "own tag": ("sources: !include /etc/passwd\n", 1, "tags"),
    "binary tag": ("sources: !!binary aGVsbG8=\n", 1, "tags"),
    "text tag": ("sources: !!str x\n", 1, "tags"),
    "tag directive": ("%TAG ! tag:evil.example,2000:\n---\nsources: !x []\n", 3, "tags"),
    "later YAML": ("%YAML 9.9\n---\nsources: []\n", 1, "not readable YAML"),
    "key twice": ("sources: []\nsources: []\n", 2, "given twice"),
    "inner key twice": (HEAD + "    title: y\n", 5, "given twice"),
    "deep list": ("sources: " + "[" * 50 + "]" * 50, 1, "nested too deeply"),
    "deep lines": ("".join(f"{' ' * n}a:\n" for n in range(60)), 16, "nested too deeply"),
    "very deep": ("[" * 100_000, 1, "nested too deeply"),
    "deep mapping": ("{a: " * 100_000, 1, "nested too deeply"),
    "list at the top": ("- a\n", 1, "keys with values"),
    "text at the top": ("sources\n", 1, "keys with values"),
    "nothing": ("", 1, "keys with values"),
    "comment only": ("# nothing\n", 1, "keys with values"),
    "two documents": ("sources: []\n---\nsources: []\n", 2, "second document"),
    "list as key": ("? [a, b]\n: c\n", 1, "plain word"),
    "mapping as key": ("{a: b}: c\n", 1, "plain word"),
    "not closed": ("sources: [1\n", 1, "not readable YAML"),
    "quote not closed": ("sources: 'x\n", 1, "not readable YAML"),
    "tab as indent": ("sources:\n\t- id: x\n", 2, "not readable YAML"),
    "two colons": ("sources: a: b\n", 1, "not readable YAML"),
    "control character": ("a: 1\nb: x\x07\n", 2, "not readable YAML"),
    "half a character": ('sources: "\\ud800"\n', 1, "not readable YAML"),
    "nul": ("a: 1\nb: \0\n", 2, "NUL"),
    "byte order mark": (b"\xef\xbb\xbfsources: []\n", 1, "byte order mark"),
    "utf-16": ("sources: []\n".encode("utf-16"), 1, "UTF-8"),
    "latin-1": ("a: 1\nb: caf\xe9\n".encode("latin-1"), 2, "UTF-8"),
    "overlong": (b"a: \xc0\xaf\n", 1, "UTF-8"),
    "surrogate bytes": (b"a: \xed\xa0\x80\n", 1, "UTF-8"),
    "json with no number": ('{"sources": NaN}', 0, "list of entries"),
    "not a list": ("sources: none\n", 0, "list of entries"),
    "list of texts": ("sources: [a, b]\n", 0, "list of entries"),
    "no id": ("sources:\n  - title: x\n", 0, "a text is needed"),
    "list as id": ("sources:\n  - id: [a]\n", 0, "a text is needed"),
    "mapping as id": ("sources:\n  - id: {a: b}\n", 0, "a text is needed"),
    "id with a path": ("sources:\n  - id: ../../x\n", 0, "letters, digits"),
    "id by markup": ("sources:\n  - id: <script>\n", 0, "letters, digits"),
    "reserved id": ("sources:\n  - id: nul\n", 0, "Windows"),
    "long id": (f"sources:\n  - id: {'a' * 300}\n", 0, "the limit is 80"),
    "catastrophic id": (f"sources:\n  - id: {'a-' * 30_000}!\n", 0, "letters, digits"),
    "id twice": (HEAD + HEAD[9:], 0, "given twice"),
    "answers as a list": (HEAD + "    answers: [a]\n", 0, "list of concepts"),
    "answer as a list": (HEAD + "    answers: {provider: [a]}\n", 0, "answer with a text"),
    "answer without an end": (HEAD + "    answers: {provider: {code: {a: b}}}\n", 0, "answer with a text"),
    "words as a mapping": (HEAD + "    answers: {provider: {code: a, text: {b: c}}}\n", 0, "answer with a text"),
    "rest unknown": (HEAD + "    rest: never\n", 0, "should be one of"),
    "address of a script": (HEAD + "    url: javascript:alert(1)\n", 0, "https://"),
    "address with a quote": (HEAD + "    url: 'https://a.example/\"onclick=x'\n", 0, "https://"),
    "address with a space": (HEAD + "    url: https://a.example/ javascript:x\n", 0, "https://"),
    "terms by script": (HEAD + "    licence: {title: x, path: 'javascript:alert(1)'}\n", 0, "https://"),
    "terms as a list": (HEAD + "    licence: {title: [x]}\n", 0, "name the licence"),
    "supplies a text": (HEAD + "    supplies: all\n", 0, "a list is needed"),
    "supplies texts": (HEAD + "    supplies: [a]\n", 0, "list of entries"),
    "tables a mapping": (HEAD + "    supplies: [{tables: [{a: b}], basis: x, evidence: y}]\n", 0, "plain texts"),
    "years in words": (HEAD + "    supplies: [{tables: [A], years: ever, basis: x, evidence: y}]\n", 0, "2006-2014"),
    "five digits": (HEAD + "    supplies: [{tables: [A], years: 1-99999, basis: x, evidence: y}]\n", 0, "2006-2014"),
    "where in words": (HEAD + "    supplies: [{tables: [A], where: all, basis: x, evidence: y}]\n", 0, "column=CODE"),
}


@pytest.mark.parametrize("name", YAML)
def test_yaml_that_is_not_plain_is_located(zza: World, look: Look, name: str) -> None:
    content, row, says = YAML[name]
    zza.path("zza/sources.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    told = [p for p in look() if p.file == "datapackages/zza/sources.yaml"]
    found = [problem for problem in told if says in problem.sentence]
    assert found, told
    assert found[0].row == row if row else found[0].field
    assert inert(str(found[0]))
    assert len(str(found[0])) < 600


ABOUT: dict[str, tuple[str, str, str, str]] = {
    # old and new text of package.yaml, field, what is said
    "other folder": ("id: zza", "id: ../zzb", "id", "the folder's name"),
    "version": ("version: 1.0.0", "version: 1.0.0-<b>", "version", "three numbers"),
    "version as a list": ("version: 1.0.0", "version: [1]", "version", "a text is needed"),
    "date": ("issued: 2026-02-25", "issued: 9999999", "issued", "date of the edition"),
    "date by markup": ("issued: 2026-02-25", "issued: <b>2026</b>", "issued", "date of the edition"),
    "area": ("area: ZZA", "area: '../../x'", "area", "CL_AREA"),
    "area as a list": ("area: ZZA", "area: [ZZA]", "area", "a text is needed"),
    "terms by script": ('path: "https:', 'path: "javascript:', "path", "https://"),
    "terms by file": ('path: "https://creative', 'path: "file:///etc/', "path", "https://"),
    "terms as a mapping": ("title: CC0 1.0,", "title: {a: b},", "licences.title", "a text is needed"),
    "no terms": ("licences:", "others:", "licences", "licence"),
    "contributor by script": ("roles: [creator]", "path: 'javascript:x'", "path", "https://"),
    "contributor as a list": ("roles: [creator]", "path: [x]", "contributors.path", "a text is needed"),
    "keywords as a text": ("keywords: [tests]", "keywords: tests", "keywords", "a list is needed"),
    "keywords as mappings": ("keywords: [tests]", "keywords: [{a: b}]", "keywords", "plain texts"),
    "edition as a list": ("edition: Test edition", "edition: [x]", "edition", "a text is needed"),
}


@pytest.mark.parametrize("name", ABOUT)
def test_fault_in_package_yaml_is_located(zza: World, look: Look, name: str) -> None:
    old, new, field, says = ABOUT[name]
    zza.edit("zza/package.yaml", old, new)
    told = {p.field: p.sentence for p in look() if p.file == "datapackages/zza/package.yaml"}
    assert field in told, told
    assert says in told[field]


HEADER = "ref_area,sex,cct,time_period,obs_value,obs_status,source,note"
ROW = "ZZA,SEX_F,CCT_CTZ_TOTAL,2018,22.625,A,zza-stats-lfs,"
CSV: dict[str, tuple[str | bytes, int, str]] = {
    # content of a data file, line, rule
    "byte order mark": (f"\ufeff{HEADER}\n{ROW}\n", 1, ""),
    "utf-16": (f"{HEADER}\n{ROW}\n".encode("utf-16"), 1, ""),
    "latin-1": (f"{HEADER}\n{ROW}caf\xe9\n".encode("latin-1"), 2, ""),
    "nul": (f"{HEADER}\n{ROW}\0\n", 2, ""),
    "nul after a comma": (f"{HEADER}\n\0,{ROW}\n", 2, ""),
    "nothing": ("", 1, ""),
    "line break only": ("\n", 1, ""),
    "no header": (f"{ROW}\n", 1, "label"),
    "other header": (f"{HEADER.upper()}\n{ROW}\n", 1, "label"),
    "columns in another order": (HEADER.replace("ref_area,sex", "sex,ref_area") + f"\n{ROW}\n", 1, "label"),
    "column twice": (HEADER.replace("note", "source") + f"\n{ROW}\n", 1, ""),
    "column without a name": (HEADER.replace("note", "") + f"\n{ROW}\n", 1, "label"),
    "column more": (f"{HEADER},x\n{ROW},\n", 1, "label"),
    "column less": (f"{HEADER[:-5]}\n{ROW[:-1]}\n", 1, "label"),
    "space in the header": (HEADER.replace(",sex", ", sex") + f"\n{ROW}\n", 1, ""),
    "formula as header": (HEADER.replace("note", "=1+1") + f"\n{ROW}\n", 1, "label"),
    "lookalike header": (HEADER.replace("sex", "s\u0435x") + f"\n{ROW}\n", 1, "label"),
    "semicolons": (f"{HEADER}\n{ROW}\n".replace(",", ";"), 1, "label"),
    "tabs": (f"{HEADER}\n{ROW}\n".replace(",", "\t"), 1, "label"),
    "separator line": (f"sep=,\n{HEADER}\n{ROW}\n", 1, "label"),
    "short row": (f"{HEADER}\n{ROW[:-1]}\n", 2, "missing-cell"),
    "long row": (f"{HEADER}\n{ROW},\n", 2, "extra-cell"),
    "blank row": (f"{HEADER}\n\n{ROW}\n", 2, "blank-row"),
    "row of commas": (f"{HEADER}\n,,,,,,,\n{ROW}\n", 2, ""),
    "quote not closed": (f'{HEADER}\n{ROW}"x\n{ROW}\n', 2, ""),
    "text after a quote": (f'{HEADER}\n{ROW}"x"y\n', 2, ""),
    "line break in a cell": (f'{HEADER}\n{ROW}"x\ny"\n', 2, "safe-text"),
    "lone carriage return": (f"{HEADER}\n{ROW}\r{ROW.replace('2018', '2019')}x\ry\n", 4, ""),
    "end of file sign": (f"{HEADER}\n{ROW}\x1a\n", 2, "safe-text"),
    "giant cell": (f"{HEADER}\n{ROW}{'x' * 5000}\n", 2, "safe-text"),
    "giant row": (f"{HEADER}\n{ROW}{'x' * 70_000}\n", 2, ""),
    "giant quoted cell": (f'{HEADER}\n{ROW}"{"x" * 200_000}"\n', 2, ""),
    "many lines in a cell": (f'{HEADER}\n{ROW}"{("x" * 100 + chr(10)) * 2000}"\n', 2, ""),
    "a million columns": ("a," * 1_000_000 + "\n", 1, ""),
    "a million commas": (f"{HEADER}\n{',' * 1_000_000}\n", 2, ""),
    "script as a row": (f"{HEADER}\n<script>alert(1)</script>\n", 2, "missing-cell"),
    "merge marks": (f"{HEADER}\n<<<<<<< HEAD\n{ROW}\n", 2, "missing-cell"),
    "json": ('{"ref_area": "ZZA"}\n', 1, "label"),
    "web page": ("<!doctype html>\n<title>404</title>\n", 1, "label"),
}


@pytest.mark.parametrize("name", CSV)
def test_csv_that_is_not_plain_is_located(zza: World, look: Look, name: str) -> None:
    content, row, rule = CSV[name]
    file = "zza/data/mst_ncte_sex_cct_nb.csv"
    zza.path(file).write_bytes(content if isinstance(content, bytes) else content.encode())
    told = [p for p in look() if p.file == f"datapackages/{file}"]
    assert any(p.row in (row, 0) and rule in p.rule for p in told), told
    for problem in told:
        assert inert(str(problem))
        assert len(str(problem)) < 1000, str(problem)[:300]


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_endings_of_lines_make_no_difference(zza: World, look: Look, ending: str) -> None:
    path = zza.path("zza/data/mst_ncte_sex_cct_nb.csv")
    path.write_bytes(path.read_bytes().replace(b"\n", ending.encode()))
    assert look() == []


AUTHORED: dict[str, tuple[str, str | bytes]] = {
    "no header": ("limitations.csv", "x,y\n"),
    "short row": ("limitations.csv", "id,type,action,rules,tables,sources,where,years,text,evidence\na,b\n"),
    "nul": ("collection.csv", "table,round,state,reason\n\0,,,\n"),
    "quote": ("collection.csv", 'table,round,state,reason\n"a,,,\n'),
    "latin-1": ("reported.csv", b"id,ref_area\n\xe9\n"),
    "giant row": ("imports.csv", f"file,layout,publisher,edition,sha256,table,rows\n{'x' * 70_000},,,,,,\n"),
}


@pytest.mark.parametrize("name", AUTHORED)
def test_broken_list_beside_the_data_is_located(zza: World, look: Look, name: str) -> None:
    file, content = AUTHORED[name]
    zza.path(f"zza/{file}").write_bytes(content if isinstance(content, bytes) else content.encode())
    told = [p for p in look() if p.file == f"datapackages/zza/{file}"]
    assert [problem.row > 0 for problem in told] == [True], told
