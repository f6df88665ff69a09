"""The key tables: figures as issued, groups that may be compared, each caveat a footnote in print and workbook."""

import io
import re
from itertools import combinations
from typing import Any

import openpyxl
import pytest

from ilms_publish.catalogue import Catalogue
from ilms_publish.comparability import compare, report
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.page import Page
from ilms_publish.yearbook import pages, workbook
from ilms_publish.yearbook.chapters import chapters
from ilms_publish.yearbook.choosing import by_sex
from ilms_publish.yearbook.key_tables import HELD, KeyTable, ordered_notes
from tests.formats.facts import sheet
from tests.formats.test_workbook import HOSTILE, area
from tests.worlds import World


@pytest.fixture(scope="module")
def edition(catalogue: Catalogue) -> Edition:
    return Edition(catalogue, {})


@pytest.fixture(scope="module")
def tables(edition: Edition) -> list[KeyTable]:
    return [table for chapter in chapters(edition) for table in chapter.tables]


@pytest.fixture(scope="module")
def book(edition: Edition) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(edition)))


@pytest.fixture(scope="module")
def papers(edition: Edition) -> dict[str, Page]:
    return {draft.address: draft.make() for draft in pages(edition)}


def html(page: Page) -> str:
    return "".join(page.fragments.values())


def test_every_number_is_a_usable_figure_of_its_country_year_and_source(
    catalogue: Catalogue, tables: list[KeyTable]
) -> None:
    held = {
        (row["source"], row["time_period"], row["obs_value"])
        for table in catalogue.tables.values() for row in table.published.to_dict("records")
    }  # fmt: skip
    seen = 0
    for table in tables:
        for one in table.places:
            for cell in one.cells:
                if table.numbers and cell.issued:
                    assert one.source is not None
                    assert (one.source.id, one.year, cell.text) in held, (table.name, one.name, cell)
                    seen += 1
    assert seen > 10


def test_countries_in_one_group_may_be_compared_and_groups_may_not_be_one(edition: Edition) -> None:
    table = by_sex(edition, "employment", "Employed", "Employed")
    assert table is not None
    reports = {}
    for one in table.places:
        (package,) = (p for p in edition.national if edition.area(p.area) == one.name)
        for figures in edition.of_package(package):
            for o in figures.observations:
                if one.source and (o.source, str(o.year), o.text) == (one.source.id, one.year, one.cells[0].text):
                    reports[one.name] = report(figures, o, dated=True)
    for first, second in combinations(table.places, 2):
        if first.group == second.group:
            assert compare(reports[first.name], reports[second.name]).usable
    assert table.groups[0].apart == ""
    assert all(one.apart for one in table.groups[1:])


def test_every_limitation_of_a_shown_figure_is_a_note(edition: Edition) -> None:
    table = by_sex(edition, "employment", "Employed", "Employed")
    assert table is not None
    for one in table.places:
        (package,) = (p for p in edition.national if edition.area(p.area) == one.name)
        told = [{note.text for note in (*one.notes, *cell.notes)} for cell in one.cells if cell.issued]
        texts = {name.id: name.text for name in package.limitations}
        wanted = [
            {texts[name] for name in o.limitations} | ({o.note} if o.note else set())
            for figures in edition.of_package(package) for o in figures.observations
            if one.source and figures.definition.concept == "employment" and o.usable
            and (o.source, str(o.year), o.text) == (one.source.id, one.year, one.cells[0].text)
        ]  # fmt: skip
        assert told[0] in wanted


def test_a_withheld_year_is_passed_over_and_a_withheld_class_is_marked_with_its_reason(world: World) -> None:
    limits = world.path("zza/limitations.csv")
    head = "zza-doubt,level-slip,withhold,,MST_TEMP_SEX_ECO_CCT_NB,"
    before = by_sex(Edition(whole(world), {}), "employment", "Employed", "Employed")
    assert before is not None
    newest = before.places[0].year
    limits.write_text(limits.read_text("utf-8") + f"{head},sex=SEX_F,{newest},Women are in doubt.,\n", "utf-8")
    table = by_sex(Edition(whole(world), {}), "employment", "Employed", "Employed")
    assert table is not None
    both, women, _ = table.places[0].cells
    assert table.places[0].target.endswith("mst_temp_sex_eco_cct_nb")
    assert both.issued
    assert (women.text, women.issued) == (HELD, False)
    assert "Women are in doubt." in {note.text for note in women.notes}
    limits.write_text(limits.read_text("utf-8").replace(f"{head},sex=SEX_F,", f"{head},,"), "utf-8")
    after = by_sex(Edition(whole(world), {}), "employment", "Employed", "Employed")
    assert after is not None
    assert (after.places[0].year, after.places[0].target) != (newest, table.places[0].target)


def whole(world: World) -> Catalogue:
    made = world.check("zza").catalogue
    assert made is not None
    return made


def test_the_workbook_keeps_to_the_checklist(book: Any) -> None:
    assert book.sheetnames[:2] == ["Cover", "Contents"]
    assert [row["Worksheet"] for row in sheet(book["Contents"])] == book.sheetnames[2:]
    for page in book.worksheets[1:]:
        assert list(page.merged_cells.ranges) == []
        top, bottom, left, right = area(page)
        assert (bottom, right) == (page.max_row, page.max_column)
        for cells in page.iter_rows(top, bottom, left, right):
            assert all(cell.value not in (None, "") for cell in cells), (page.title, cells[0].row)
            assert {cell.data_type for cell in cells} <= {"s", "n"}
        for row in sheet(page):
            marked = {head for head, value in row.items() if "[note" in str(value)}
            assert marked <= {"Notes", "Note"}, page.title


def test_the_workbook_and_the_pages_say_the_same(book: Any, tables: list[KeyTable], papers: dict[str, Page]) -> None:
    notes = {row["Note"]: row["Text"] for row in sheet(book["Notes"])}
    assert list(notes.values()) == [note.text for note in ordered_notes(tables)]
    shown = " ".join(html(page) for page in papers.values())
    for table in tables:
        rows = sheet(book[table.name])
        assert len(rows) == len(table.places if table.down else table.classes)
        numbers = [value for row in rows for value in row.values() if isinstance(value, (int, float))]
        issued = [float(cell.text) for one in table.places for cell in one.cells if cell.issued and table.numbers]
        assert sorted(numbers) == sorted(issued)
        used = set(re.findall(r"\[note \d+\]", " ".join(str(v) for row in rows for pair in row.items() for v in pair)))
        assert used <= set(notes)
        assert table.title in shown


def test_every_footnote_of_a_page_stands_below_it_and_is_used(papers: dict[str, Page]) -> None:
    for page in papers.values():
        pointed = set(re.findall(r'href="#(note-\d+)"', html(page)))
        told = re.findall(r'id="(note-\d+)"', html(page))
        assert len(told) == len(set(told))
        assert set(told) == pointed
    assert any("note-1" in html(page) for page in papers.values())


def test_hostile_texts_stay_texts(world: World) -> None:
    catalogue = whole(world)
    for table in catalogue.tables.values():
        table.frame["note"] = [HOSTILE[n % len(HOSTILE)] for n in range(len(table.frame))]
    edition = Edition(catalogue, {})
    made = openpyxl.load_workbook(io.BytesIO(workbook(edition)))
    told = {row["Text"] for row in sheet(made["Notes"])}
    assert told & set(HOSTILE)
    assert all(cell.hyperlink is None for row in made["Notes"].iter_rows() for cell in row)
    assert "<b>&" not in " ".join(html(draft.make()) for draft in pages(edition)).replace("<b>&amp;lt;", "")
