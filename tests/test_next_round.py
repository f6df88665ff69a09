"""What the next round should ask for follows from what is held, withheld and impossible."""

from ilms_publish.pages.edition import Edition
from ilms_publish.pages.next_round import wishes
from tests.worlds import World


def asked(world: World) -> dict[str, list[tuple[str, str]]]:
    catalogue = world.check().catalogue
    assert catalogue is not None
    edition = Edition(catalogue, {})
    return {package.id: [(w.table.id, w.asks) for w in wishes(edition, package)] for package in edition.national}


def test_withheld_years_are_asked_for_corrected(world: World) -> None:
    assert ("MNA_OEMP_SEX_CDS_NB", "corrected figures of 2019, which are withheld from use") in asked(world)["zzb"]


def test_common_table_is_asked_for_where_it_is_missing(world: World) -> None:
    assert "MST_NCTE_SEX_CCT_NB" in {table for table, _ in asked(world)["zzb"]}
    assert "MST_NCTE_SEX_CCT_NB" not in {table for table, _ in asked(world)["zza"]}


def test_what_is_not_possible_is_not_asked_for(world: World) -> None:
    assert "MNA_OEMP_SEX_CDS_NB" not in {table for table, _ in asked(world)["zza"]}


def test_women_and_men_are_asked_for_where_only_totals_are_printed(world: World) -> None:
    world.rows("zza/data/mst_ncte_sex_cct_nb.csv", lambda frame: frame[frame["sex"] == "SEX_T"])
    assert ("MST_NCTE_SEX_CCT_NB", "women and men; the figures of 2021 are for both sexes only") in asked(world)["zza"]
