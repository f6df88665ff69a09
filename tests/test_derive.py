"""Numbers computed from figures: totals, changes, breaks, shares; each checked by hand on fictitious countries."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ilms_publish import derive
from ilms_publish.arranging import BOTH, Figures, Observation, arrange
from ilms_publish.catalogue import Catalogue
from ilms_publish.model import Limitation
from tests.worlds import arranged, with_rows


@pytest.fixture(scope="module")
def figures(sound_catalogue: Catalogue) -> Callable[[str, str], Figures]:
    held = arranged(sound_catalogue)
    return lambda package, table: held[package, table]


@pytest.fixture(scope="module")
def departures(figures: Callable[[str, str], Figures]) -> Figures:
    return figures("zzb", "MNA_OEMP_SEX_CDS_NB")


@pytest.fixture(scope="module")
def employed(figures: Callable[[str, str], Figures]) -> Figures:
    return figures("zza", "MST_TEMP_SEX_ECO_CCT_NB")


def limited(figures: Figures, kind: str, years: str, touching: set[int]) -> Figures:
    """The same figures with one more limitation on every observation of some years."""
    one = Limitation("made-up", kind, "publish", (), (), (), "", years, "Made up.", "", 2)
    table = replace(figures.table, limitations=(*figures.table.limitations, one))
    frame = table.frame.copy()
    chosen = frame["time_period"].isin({str(year) for year in touching})
    frame.loc[chosen, "limitations"] = (frame.loc[chosen, "limitations"] + " made-up").str.strip()
    return arrange(with_rows(table, frame), figures.structure)


def of_both(figures: Figures) -> tuple[Observation, ...]:
    return derive.totals(figures, "ZZB", BOTH, {})


def test_a_table_of_status_and_activity_tells_its_two_dimensions_apart(employed: Figures) -> None:
    assert (employed.side, employed.classes) == ("cct", "eco")


def test_a_table_of_destinations_has_classes_and_no_sides(departures: Figures) -> None:
    assert (departures.side, departures.classes) == ("", "cds")


def test_totals_leave_out_withheld_and_missing_years(departures: Figures) -> None:
    assert [(o.year, o.text) for o in of_both(departures)] == [
        (2016, "13.750"),
        (2017, "15.126"),
        (2018, "16.500"),
        (2021, "82.500"),
    ]


def test_withheld_years_are_those_without_any_usable_value(departures: Figures) -> None:
    assert departures.withheld_years() == [2019]
    assert departures.years() == [2016, 2017, 2018, 2021]
    assert 2020 in departures.years(usable=False)


def test_a_status_b_breaks_the_series_and_forbids_the_change(departures: Figures) -> None:
    series = of_both(departures)
    assert [(one.year, one.kind) for one in derive.breaks(departures, series)] == [(2021, "status")]
    assert derive.change(departures, series) is None


def test_the_change_within_one_stretch_is_the_ratio_of_neighbours(departures: Figures) -> None:
    change = derive.change(departures, of_both(departures)[:3])
    assert change is not None
    assert (change.earlier.year, change.later.year) == (2017, 2018)
    assert change.ratio == pytest.approx(16.5 / 15.126)


def test_another_source_breaks_the_series(departures: Figures) -> None:
    first, second = of_both(departures)[:2]
    parted = derive.breaks(departures, (first, replace(second, source="zzb-other")))
    assert [(one.year, one.kind) for one in parted] == [(2017, "source")]


@pytest.mark.parametrize(
    ("years", "touching", "expected"),
    [
        ("2017", {2017}, [2017]),
        ("2017-2018", {2017, 2018}, [2018]),
        ("2016-2018", {2016, 2017, 2018}, [2021]),
        ("", {2016, 2017, 2018, 2021}, []),
    ],
)
def test_a_limitation_breaks_the_series_where_its_years_begin_or_end(
    departures: Figures, years: str, touching: set[int], expected: list[int]
) -> None:
    figures = limited(departures, "break-in-series", years, touching)
    series = tuple(replace(o, status="A") for o in of_both(figures))
    assert [one.year for one in derive.breaks(figures, series)] == expected


def test_a_doubt_forbids_the_change_but_does_not_break_the_line(departures: Figures) -> None:
    figures = limited(departures, "unexplained-change", "2018", {2018})
    series = of_both(figures)[:3]
    assert derive.breaks(figures, series) == []
    assert derive.change(figures, series) is None


def test_a_source_that_is_not_identified_allows_no_change(departures: Figures) -> None:
    package = departures.table.package
    unknown = {name: replace(source, type="NI") for name, source in package.sources.items()}
    table = replace(departures.table, package=replace(package, sources=unknown))
    figures = arrange(table, departures.structure)
    assert derive.change(figures, of_both(figures)[:3]) is None


def test_parts_leave_out_the_total_and_overlapping_classes(employed: Figures) -> None:
    total = derive.totals(employed, "ZZA", BOTH, {"cct": "CCT_CIT_NONCIT"})[-1]
    held = {o.codes["eco"] for o in derive.parts(employed, total)}
    assert held >= {"ECO_SECTOR_AGR", "ECO_SECTOR_IND", "ECO_SECTOR_SER"}
    assert not held & {"ECO_SECTOR_NAG", "ECO_SECTOR_TOTAL"}


def test_parts_add_to_their_total(employed: Figures) -> None:
    total = derive.totals(employed, "ZZA", BOTH, {"cct": "CCT_CIT_NONCIT"})[-1]
    assert total.value is not None
    assert sum(o.value or 0 for o in derive.parts(employed, total)) == pytest.approx(total.value, abs=0.01)


def test_a_share_needs_one_year_and_one_source(departures: Figures) -> None:
    series = of_both(departures)
    part = derive.parts(departures, series[0])[0]
    assert derive.share(departures, part, series[0]) == pytest.approx(float(part.text) / 13.75)
    assert derive.share(departures, part, series[1]) is None
    assert derive.share(departures, replace(part, source="zzb-other"), series[0]) is None


def test_a_share_is_not_computed_where_the_parts_do_not_add(departures: Figures) -> None:
    figures = limited(departures, "sums-differ", "2016", {2016})
    total = of_both(figures)[0]
    assert derive.share(figures, derive.parts(figures, total)[0], total) is None


def test_women_and_men_stand_beside_a_total_they_add_to(departures: Figures) -> None:
    total = of_both(departures)[0]
    found = derive.sexes(departures, total)
    assert found is not None
    assert [o.text for o in found] == ["5.500", "8.250"]
    assert derive.sexes(departures, replace(total, value=20.0)) is None


def test_where_a_year_has_two_sources_the_usual_one_speaks(departures: Figures) -> None:
    series = of_both(departures)
    other = replace(series[0], source="zzb-another", text="1")
    chosen = derive.one_a_year((*series, other))
    assert [o.source for o in chosen] == ["zzb-labour-departures"] * 4


def test_recoded_classes_break_a_class_but_not_the_total(departures: Figures) -> None:
    recoded = limited(departures, "class-recoded", "2017", {2017})
    assert [b.year for b in derive.breaks(recoded, of_both(recoded))] == [2021]
    of_class = [o for o in recoded.pick("ZZB", BOTH, {"cds": "CDS_DES_ZZA"}) if o.usable]
    assert [b.year for b in derive.breaks(recoded, of_class)] == [2017, 2021]
