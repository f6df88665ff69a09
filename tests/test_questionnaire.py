"""A questionnaire goes out, is filled in, and comes back whole or not at all."""

import shutil
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ilms_publish.catalogue import check
from ilms_publish.packages import load_package
from ilms_publish.problems import IlmsError
from ilms_publish.questionnaire.figures import number_fault, plain
from ilms_publish.questionnaire.filled import Value
from ilms_publish.questionnaire.run import Outcome, import_questionnaire, make_questionnaire
from ilms_publish.revisions.run import diff
from ilms_publish.structure import load_structure
from tests.test_cli import run, tree
from tests.worlds import World, fictitious

TABLE = "MNA_OEMP_SEX_CDS_NB"
SOURCE = "Departure cards of Zubia [zzb-labour-departures]"
FIRST, LAST = 9, 26  # two years of nine figures, 2024 first
ROW = 18  # women and men, all destinations, 2025
DATA = "zzb/data/mna_oemp_sex_cds_nb.csv"
KIND = "Correction of an error [correction]"
Fill = Callable[[Workbook], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The questionnaire of Zubia, made once."""
    content, _ = make_questionnaire(fictitious(tmp_path_factory.mktemp("made")).root, "zzb", "2026-02", ())
    assert content
    return content


@pytest.fixture
def sent(world: World, made: bytes) -> Path:
    """The questionnaire of Zubia, beside its package."""
    path = world.root / "zzb.xlsx"
    path.write_bytes(made)
    return path


def fill(path: Path, *changes: Fill) -> None:
    book = load_workbook(path)
    book["Cover"]["B7"], book["Cover"]["B8"] = "Ministry of Labour of Zubia", "2026-11-30"
    for change in changes:
        change(book)
    book.save(path)


def latest(book: Workbook) -> None:
    """Every figure of 2025 a fiftieth above that of the last published year, with all its decimals."""
    sheet = book[TABLE]
    sheet["C4"] = SOURCE
    for row in range(ROW, LAST + 1):
        sheet.cell(row, 8).value = float(Decimal(str(sheet.cell(row, 4).value)) * Decimal("1.02"))


def put(cell: str, value: object, sheet: str = TABLE) -> Fill:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


def back(world: World, path: Path, **options: bool) -> Outcome:
    return import_questionnaire(world.root, path, **options)


def test_the_same_questionnaire_has_the_same_bytes(world: World, sent: Path) -> None:
    assert make_questionnaire(world.root, "zzb", "2026-02", ())[0] == sent.read_bytes()


def test_it_asks_for_what_the_country_can_fill_and_shows_what_is_published(world: World, sent: Path) -> None:
    book = load_workbook(sent)
    sheets = [
        "Cover",
        "Guide",
        "Tables",
        "MST_NCTE_SEX_CCT_NB",
        TABLE,
        "Sources",
        "New sources",
        "Limitations",
        "Lists",
    ]
    assert book.sheetnames == sheets
    sheet = book[TABLE]
    head = [cell.value for cell in sheet[8]]
    assert head[:3] == ["Sex", "Country of destination", "Year"]
    assert head[7:] == ["Figure (thousand persons)", "Status", "Source, if another", "Note"]
    known = [sheet.cell(ROW, column).value for column in range(1, 8)]
    both, all_ = "Both sexes [SEX_T]", "All destinations [CDS_DES_TOTAL]"
    assert known == [both, all_, "2025", "82.500", "2021", "zzb-labour-departures", "zzb-irregular zzb-source-inferred"]
    content, _ = make_questionnaire(world.root, "zza", "2026-02", ())
    sent.write_bytes(content or b"")
    assert TABLE not in load_workbook(sent).sheetnames, "Zedland keeps no register of departures"


def test_headings_are_locked_and_cells_to_fill_in_have_drop_downs(sent: Path) -> None:
    book = load_workbook(sent)
    sheet = book[TABLE]
    assert sheet.protection.sheet
    assert [sheet.cell(ROW, column).protection.locked for column in (1, 4, 8, 11)] == [True, True, False, False]
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert {f"I{FIRST}:I86", f"J{FIRST}:J86", "C4", "C5", f"B{LAST + 1}:B86"} <= set(lists)
    assert book["Lists"].sheet_state == "hidden"
    assert lists["C5"].startswith("Lists!$")


def test_text_of_the_package_never_becomes_a_formula_or_a_link(world: World) -> None:
    world.edit("zzb/sources.yaml", "title: Departure cards of Zubia", 'title: "=cmd|calc https://example.org"')
    world.edit("zzb/collection.csv", "The census is not yet tabulated.", "{=1+1}")
    world.package()
    content, checked = make_questionnaire(world.root, "zzb", "2026-02", ())
    assert content is None, "a title that starts like a formula is an error of the package"
    assert "safe-text" in {problem.rule for problem in checked.errors}
    world.edit("zzb/sources.yaml", "=cmd|calc", "cmd|=calc")
    world.package()
    content, _ = make_questionnaire(world.root, "zzb", "2026-02", ())
    path = world.root / "x.xlsx"
    path.write_bytes(content or b"")
    book = load_workbook(path)
    assert book["Tables"]["E2"].value == "{=1+1}"
    assert book["Tables"]["E2"].data_type == "s"
    with zipfile.ZipFile(path) as archive:
        sheets = b"".join(archive.read(name) for name in archive.namelist() if "/sheet" in name)
    assert b"<f>" not in sheets
    assert b"hyperlink" not in sheets


def test_a_filled_questionnaire_makes_a_clean_package(world: World, sent: Path) -> None:
    fill(sent, latest, put("I18", "Provisional [P]"), put("K18", "Preliminary count"))
    outcome = back(world, sent)
    assert not outcome.refused
    assert [(c.table, c.count("added"), c.count("changed")) for c in outcome.changes] == [(TABLE, 9, 0)]
    text = world.path(DATA).read_text("utf-8")
    assert "ZZB,SEX_T,CDS_DES_TOTAL,2025,84.15,P,zzb-labour-departures,Preliminary count\n" in text
    assert "ZZB,SEX_T,CDS_DES_TOTAL,2021,82.500,B,zzb-labour-departures," in text, "the rest is as it was"
    assert "Held for 2016-2021, 2025." in world.path("zzb/collection.csv").read_text("utf-8")
    assert "zzb.xlsx,questionnaire,Ministry of Labour of Zubia" in world.path("zzb/imports.csv").read_text("utf-8")
    assert check(world.root).clean


def test_the_second_import_of_a_reply_changes_nothing(world: World, sent: Path) -> None:
    fill(sent, latest)
    back(world, sent)
    before = tree(world.root)
    again = back(world, sent)
    assert (again.written, [change.count("same") for change in again.changes]) == (0, [9])
    assert tree(world.root) == before


def test_an_empty_reply_changes_nothing(world: World, sent: Path) -> None:
    before = tree(world.path(""))
    fill(sent)
    assert (back(world, sent).changed, tree(world.path(""))) == ((), before)


def test_years_outside_the_listed_rows_go_into_free_rows(world: World, sent: Path) -> None:
    def free(book: Workbook) -> None:
        sheet = book[TABLE]
        sheet["C4"] = SOURCE
        for column, value in ((1, "Both sexes [SEX_T]"), (2, "Zedland [CDS_DES_ZZA]"), (3, 2015), (8, 9)):
            sheet.cell(LAST + 3, column).value = value

    fill(sent, free)
    assert not back(world, sent).refused
    assert "ZZB,SEX_T,CDS_DES_ZZA,2015,9,A," in world.path(DATA).read_text("utf-8")


def revise(value: object, status: str = "") -> Fill:
    """Women to Zedland in 2018, in a free row."""

    def change(book: Workbook) -> None:
        sheet = book[TABLE]
        sheet["C4"] = SOURCE
        cells = ((1, "Women [SEX_F]"), (2, "Zedland [CDS_DES_ZZA]"), (3, 2018), (8, value), (9, status))
        for column, content in cells:
            sheet.cell(LAST + 1, column).value = content

    return change


def test_a_published_figure_is_not_changed_without_kind_and_reason(world: World, sent: Path) -> None:
    fill(sent, revise(4.7))
    before = tree(world.path(""))
    outcome = back(world, sent)
    assert [problem.file for problem in outcome.refused] == [f"zzb.xlsx:{TABLE}!C5", f"zzb.xlsx:{TABLE}!C6"]
    assert tree(world.path("")) == before


@pytest.mark.parametrize(
    ("value", "status", "kind", "row"),
    [
        (4.7, "", "changed", "ZZB,SEX_F,CDS_DES_ZZA,2018,4.7,A,"),
        (None, "Missing [O]", "withdrawn", "ZZB,SEX_F,CDS_DES_ZZA,2018,,O,"),
    ],
)
def test_a_revision_is_recorded(world: World, sent: Path, value: object, status: str, kind: str, row: str) -> None:
    why = "Cards of one airport were counted twice."
    fill(sent, revise(value, status), put("C5", "Correction of an error [correction]"), put("C6", why))
    outcome = back(world, sent)
    assert not outcome.refused
    assert outcome.changes[0].count(kind) == 1
    assert row in world.path(DATA).read_text("utf-8")
    entry = f"2026-11-30,{TABLE},sex=SEX_F; cds=CDS_DES_ZZA,2018,correction,{why},Ministry of Labour of Zubia\n"
    assert entry in world.path("zzb/revisions.csv").read_text("utf-8")


def test_the_same_number_keeps_the_digits_that_were_issued(world: World, sent: Path) -> None:
    fill(sent, revise(4.62))
    before = world.path(DATA).read_bytes()
    assert [change.count("same") for change in back(world, sent).changes] == [1]
    assert world.path(DATA).read_bytes() == before


def test_a_dry_run_tells_and_writes_nothing(world: World, sent: Path) -> None:
    fill(sent, latest)
    before = tree(world.root)
    result = run("import", "questionnaire", str(sent), "--dry-run", "--root", str(world.root))
    assert result.exit_code == 0, result.output
    assert f"{TABLE}: 9 added, 0 changed, 0 withdrawn" in result.output
    assert f"changes datapackages/{DATA}" in result.output
    assert tree(world.root) == before


def columns_moved(book: Workbook) -> None:
    book[TABLE].insert_cols(8)


def row_moved(book: Workbook) -> None:
    book[TABLE].insert_rows(5)


def merged(book: Workbook) -> None:
    book[TABLE].merge_cells("H20:H21")


def extra_sheet(book: Workbook) -> None:
    book.create_sheet("Sheet1")["A1"] = "remarks"


def beside(book: Workbook) -> None:
    book[TABLE]["N30"] = "checked"


def no_source(book: Workbook) -> None:
    book[TABLE]["C4"] = None


def twice(book: Workbook) -> None:
    revise(4.7)(book)
    sheet: Worksheet = book[TABLE]
    for column in range(1, 10):
        sheet.cell(LAST + 2, column).value = sheet.cell(LAST + 1, column).value


@pytest.mark.parametrize(
    ("spoil", "place", "says"),
    [
        (columns_moved, f"{TABLE}!H8", "'Figure (thousand persons)'"),
        (row_moved, f"{TABLE}!A5", "moved"),
        (merged, f"{TABLE}!H20", "merged down to H21"),
        (put("H18", "=SUM(H19:H20)"), f"{TABLE}!H18", "formula"),
        (put("H18", "82.5"), f"{TABLE}!H18", "stored as text"),
        (put("H18", "82,500.5"), f"{TABLE}!H18", "separators of thousands"),
        (put("H18", "82 500"), f"{TABLE}!H18", "separators of thousands"),
        (put("H18", "82,5"), f"{TABLE}!H18", "decimal comma"),
        (put("H18", "៨២"), f"{TABLE}!H18", "another script"),
        (put("H18", "82.5*"), f"{TABLE}!H18", "mark"),
        (put("H18", "n.a."), f"{TABLE}!H18", "no number"),
        (put("H18", True), f"{TABLE}!H18", "true or false"),
        (put("I18", "Provisional"), f"{TABLE}!I18", "not in the list"),
        (put("I18", "Missing [O]"), f"{TABLE}!I18", "there is one"),
        (put("B18", "Atlantis"), f"{TABLE}!B18", "not in the list"),
        (put("C18", "2025Q1"), f"{TABLE}!C18", "four digits"),
        (put("J18", "Another register"), f"{TABLE}!J18", "not in the list of sources"),
        (no_source, f"{TABLE}!J18", "cell C4"),
        (put("K18", "=HYPERLINK(1)"), f"{TABLE}!K18", "formula"),
        (put("K18", "two\nlines"), f"{TABLE}!K18", "one line"),
        (put("K18", "\u202etxet"), f"{TABLE}!K18", "invisible"),
        (twice, f"{TABLE}!A28", "Row 27"),
        (beside, f"{TABLE}!N30", "Nothing is asked"),
        (extra_sheet, "Sheet1", "not part of the questionnaire"),
        (put("B2", "Zedland [ZZA]", "Cover"), "Cover!B2", "is of ZZB"),
        (put("B5", "0", "Cover"), "Cover!B5", "Make a new one"),
        (put("B4", "2031-01", "Cover"), "Cover!B4", "no round"),
        (put("B7", None, "Cover"), "Cover!B7", "agency"),
        (put("B8", "30.11.2026", "Cover"), "Cover!B8", "2026-11-30"),
        (put("F2", "Not supplied [not_supplied]", "Tables"), "Tables!G2", "Say why"),
        (put("E10", "Perhaps", "Sources"), "Sources!E10", "not in the list"),
        (put("C2", "A second register", "New sources"), "New sources!B2", "short name"),
    ],
)
def test_what_cannot_be_read_with_certainty_is_refused_at_its_cell(
    world: World, sent: Path, spoil: Fill, place: str, says: str
) -> None:
    fill(sent, latest, spoil)
    before = tree(world.path(""))
    outcome = back(world, sent)
    assert f"zzb.xlsx:{place}" in [problem.file for problem in outcome.refused]
    assert says in next(problem.sentence for problem in outcome.refused if problem.file == f"zzb.xlsx:{place}")
    assert (outcome.written, tree(world.path(""))) == (0, before)


def test_one_bad_cell_gives_one_complaint(world: World, sent: Path) -> None:
    fill(sent, latest, put("H18", "82,5"))
    result = run("import", "questionnaire", str(sent), "--root", str(world.root))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"zzb.xlsx:{TABLE}!H18: error [plain-number] '82,5' has a decimal comma, which this spreadsheet took for text. "
        "Type it with its decimal sign."
    ]


def test_answers_states_and_a_new_source_reach_their_files(world: World, sent: Path) -> None:
    changes = (
        put("F2", "Not possible [not_possible]", "Tables"),
        put("G2", "The census asks no citizenship.", "Tables"),
        put("B2", "border-cards", "New sources"),
        put("C2", "Border cards of Zubia", "New sources"),
        put("D2", "Border record [AR_BORDER]", "New sources"),
        put("F2", "Immigration of Zubia", "New sources"),
        put("C4", "New source 1 [new-1]"),
    )

    def answers(book: Workbook) -> None:
        sheet = book["Sources"]
        rows = [row for row in range(2, 60) if "[irregular_covered]" in str(sheet.cell(row, 2).value)]
        sheet.cell(rows[0], 5).value = "No [no]"
        missing = [row for row in range(2, 60) if "[missing_populations]" in str(sheet.cell(row, 2).value)]
        for row, choice in zip(missing, ("Seafarers [seafarers]", "Domestic workers [domestic_workers]"), strict=False):
            sheet.cell(row, 5).value = choice

    fill(sent, latest, *changes, answers)
    outcome = back(world, sent)
    assert not outcome.refused, outcome.refused
    package, problems = load_package(world.root, "zzb", load_structure(world.root))
    assert package
    assert not problems
    old = package.sources["zzb-labour-departures"].answers
    assert old["irregular_covered"].codes == ("no",)
    assert old["missing_populations"].codes == ("seafarers", "domestic_workers")
    assert old["provider"].text == "Ministry of Labour of Zubia (fictitious)", "what was not asked again stays"
    new = package.sources["zzb-border-cards"]
    assert (new.type, new.supplies[0].tables, new.supplies[0].years) == ("AR_BORDER", (TABLE,), "2025")
    assert "not_possible,The census asks no citizenship." in world.path("zzb/collection.csv").read_text("utf-8")
    assert check(world.root).clean


def test_a_package_that_would_have_errors_is_not_written(world: World, sent: Path) -> None:
    world.edit(DATA, "SEX_F,CDS_DES_TOTAL,2016,5.500", "SEX_F,CDS_DES_TOTAL,2016,5 500")
    fill(sent, latest)
    before = tree(world.path(""))
    outcome = back(world, sent)
    assert [problem.file for problem in outcome.refused] == [f"datapackages/{DATA}"]
    assert tree(world.path("")) == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"ref_area,sex\n", b"\xd0\xcf\x11\xe0 old"])
def test_what_is_no_workbook_is_named(world: World, content: bytes) -> None:
    path = world.root / "zzb.xlsx"
    path.write_bytes(content)
    with pytest.raises(IlmsError, match="save it as"):
        back(world, path)


def test_a_workbook_of_another_kind_is_named(world: World) -> None:
    path = world.root / "other.xlsx"
    Workbook().save(path)
    with pytest.raises(IlmsError, match="Cover"):
        back(world, path)


def test_a_sheet_that_reaches_to_the_end_is_not_unfolded(world: World, sent: Path) -> None:
    fill(sent, latest, put("XFD1048576", "x"))
    places = [problem.file for problem in back(world, sent).refused]
    assert f"zzb.xlsx:{TABLE}!XFD1048576" in places


def test_unknown_round_is_an_unusable_request(world: World) -> None:
    with pytest.raises(IlmsError, match=r"rounds\.csv"):
        make_questionnaire(world.root, "zzb", "2031-01", ())


@pytest.mark.parametrize(
    ("number", "digits"),
    [(5.5, "5.5"), (1234567.0, "1234567"), (0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (-3.0, "-3"), (0.0, "0")],
)
def test_numbers_are_written_as_a_person_types_them(number: float, digits: str) -> None:
    assert plain(number) == digits


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, "1e5", "0x1F", "½", "−5"])
def test_odd_numbers_are_refused(value: Value) -> None:
    assert number_fault(value)


@pytest.mark.parametrize(
    ("changes", "wanted"), [((latest,), "1.1.0"), ((revise(4.7), put("C5", KIND), put("C6", "Why")), "1.0.1")]
)
def test_the_import_says_which_version_is_needed_and_writes_it_if_wished(
    world: World, sent: Path, changes: tuple[Fill, ...], wanted: str
) -> None:
    fill(sent, *changes)
    before = world.root / "before"
    shutil.copytree(world.path(""), before / "datapackages")
    words = ("import", "questionnaire", str(sent), "--root", str(world.root))
    assert f"from 1.0.0 to {wanted}; unless" in run(*words, "--dry-run", "--raise-version").output
    assert "version: 1.0.0" in world.path("zzb/package.yaml").read_text("utf-8")
    assert f"from 1.0.0 to {wanted}; now says so" in run(*words, "--raise-version").output
    assert f"version: {wanted}" in world.path("zzb/package.yaml").read_text("utf-8")
    assert world.check("zzb").errors == ()
    assert diff(world.root, str(before)).problems == (), "reasons and old values are declared by the import"
