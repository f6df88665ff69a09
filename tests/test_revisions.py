"""What changed between two states of the packages is told, and refused when it is not declared."""

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from ilms_publish.catalogue import check
from ilms_publish.problems import IlmsError
from ilms_publish.revisions.comparing import TableDifference
from ilms_publish.revisions.run import Compared, diff
from ilms_publish.revisions.telling import markdown, text_lines
from ilms_publish.revisions.verdict import declared, required
from ilms_publish.rules import BESIDE, RULES
from ilms_publish.versions import MAJOR, MINOR, NONE, PATCH
from tests.test_cli import run, tree
from tests.worlds import World, pages_at

DATA, TABLE = "zzb/data/mna_oemp_sex_cds_nb.csv", "MNA_OEMP_SEX_CDS_NB"
HEADER = "date,table,where,years,kind,reason,noticed_by\n"
ENTRY = f"2026-11-30,{TABLE},cds=CDS_DES_ZZA; sex=SEX_F,2018,correction,One airport was counted twice.,Ministry\n"
OLD, NEW = "SEX_F,CDS_DES_ZZA,2018,4.620", "SEX_F,CDS_DES_ZZA,2018,4.7"


@pytest.fixture
def before(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages as they were."""
    folder = tmp_path_factory.mktemp("before")
    shutil.copytree(world.path(""), folder / "datapackages")
    return folder


def compared(world: World, before: Path) -> Compared:
    return diff(world.root, str(before))


def only_table(found: Compared) -> TableDifference:
    (package,) = found.differences
    (table,) = package.tables
    return table


def version(world: World, number: str) -> None:
    world.edit("zzb/package.yaml", "version: 1.0.0", f"version: {number}")
    world.package()


def keep(world: World, before: Path) -> None:
    """Keeps the old values, as `ilms diff --record` does."""
    run("diff", str(before), "--record", "--root", str(world.root))


def test_nothing_changed(world: World, before: Path) -> None:
    found = compared(world, before)
    assert (found.differences, found.problems) == ((), ())
    assert list(text_lines((), ())) == ["The packages are the same."]


def test_changed_added_and_withdrawn_observations_are_told_with_old_and_new_values(world: World, before: Path) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[(frame["time_period"] == "2021") & (frame["cds"] == "CDS_DES_X"), "obs_value"] = "9.8"
        new = frame[frame["time_period"] == "2018"].assign(time_period="2022")
        kept = frame[frame["time_period"] != "2016"]
        return pd.concat([kept, new])

    world.rows(DATA, change)
    table = only_table(compared(world, before))
    assert [len(table.of(kind)) for kind in ("added", "changed", "withdrawn")] == [9, 3, 9]
    assert (table.years_added, table.years_dropped) == (("2022",), ("2016",))
    both = next(one for one in table.of("changed") if one.key["sex"] == "SEX_T")
    assert (both.before["obs_value"], both.after["obs_value"], both.total) == ("24.750", "9.8", False)
    gone = [one.key["sex"] for one in table.of("withdrawn") if one.total]
    assert gone == ["SEX_T"], "the total of both sexes and all destinations"


def test_effect_on_totals_is_told_in_per_cent(world: World, before: Path) -> None:
    world.edit(DATA, "SEX_T,CDS_DES_TOTAL,2018,16.500", "SEX_T,CDS_DES_TOTAL,2018,33")
    found = compared(world, before)
    lines = list(text_lines(found.differences, found.problems))
    assert "  total 2018 SEX_T CDS_DES_TOTAL: 16.500 -> 33 (+100.0 %)" in lines


def test_new_and_resolved_findings(world: World, before: Path) -> None:
    world.edit(DATA, "SEX_T,CDS_DES_TOTAL,2016,13.750", "SEX_T,CDS_DES_TOTAL,2016,14.750")
    (package,) = compared(world, before).differences
    assert "sex-sum" in {finding.rule for finding in package.new_findings}
    assert package.resolved == ()
    (back,) = diff(before, str(world.root)).differences
    assert "sex-sum" in {finding.rule for finding in back.resolved}


def test_another_source_for_the_same_observation_is_one_change(world: World, before: Path) -> None:
    world.edit(DATA, "SEX_F,CDS_DES_ZZA,2018,4.620,A,zzb-labour-departures", "SEX_F,CDS_DES_ZZA,2018,4.620,A,zzb-other")
    table = only_table(compared(world, before))
    assert [(one.kind, one.published) for one in table.changes] == [("changed", False)]


def test_a_changed_figure_without_an_entry_is_refused(world: World, before: Path) -> None:
    world.edit(DATA, OLD, NEW)
    version(world, "1.0.1")
    keep(world, before)
    (problem,) = compared(world, before).problems
    assert (problem.rule, problem.field) == ("revision-entry", "obs_value")
    assert problem.file == f"datapackages/{DATA}"
    assert "2018 SEX_F CDS_DES_ZZA: 4.620 became 4.7" in problem.sentence


@pytest.mark.parametrize(
    ("entry", "refused"),
    [
        (ENTRY, False),
        (ENTRY.replace("2018", "2017-2019"), False),
        (ENTRY.replace(TABLE, "MNA_*").replace("cds=CDS_DES_ZZA; sex=SEX_F", ""), False),
        (ENTRY.replace("2018", "2017"), True),
        (ENTRY.replace("SEX_F", "SEX_M"), True),
        (ENTRY.replace(TABLE, "MST_NCTE_SEX_CCT_NB"), True),
    ],
)
def test_an_entry_covers_what_it_names(world: World, before: Path, entry: str, refused: bool) -> None:
    world.edit(DATA, OLD, NEW)
    version(world, "1.0.1")
    world.path("zzb/revisions.csv").write_text(HEADER + entry)
    keep(world, before)
    assert bool(compared(world, before).problems) is refused


def test_an_old_entry_does_not_cover_a_new_change(world: World, before: Path) -> None:
    for root in (world.root, before):
        (root / "datapackages/zzb/revisions.csv").write_text(HEADER + ENTRY)
    world.edit(DATA, OLD, NEW)
    version(world, "1.0.1")
    keep(world, before)
    assert [problem.rule for problem in compared(world, before).problems] == ["revision-entry"]


def test_the_history_is_not_rewritten(world: World, before: Path) -> None:
    (before / "datapackages/zzb/revisions.csv").write_text(HEADER + ENTRY)
    world.path("zzb/revisions.csv").write_text(HEADER)
    (problem,) = compared(world, before).problems
    assert "Put it back" in problem.sentence


def test_digits_alone_are_no_changed_figure(world: World, before: Path) -> None:
    world.edit(DATA, OLD, "SEX_F,CDS_DES_ZZA,2018,4.62")
    version(world, "1.0.1")
    assert compared(world, before).problems == ()


def steps(world: World, before: Path) -> tuple[int, int, list[str]]:
    found = compared(world, before)
    (package,) = found.differences
    return required(package), declared(package), [problem.rule for problem in found.problems]


def test_a_caveat_alone_needs_no_step(world: World, before: Path) -> None:
    world.edit("zzb/limitations.csv", "Workers who leave without a card", "Those who leave without a card")
    assert steps(world, before) == (NONE, NONE, [])


@pytest.mark.parametrize(
    ("number", "taken", "rules"),
    [("1.0.0", NONE, ["version-step"]), ("1.0.1", PATCH, ["version-step"]), ("1.1.0", MINOR, []), ("2.0.0", MAJOR, [])],
)
def test_new_figures_need_a_minor_step(world: World, before: Path, number: str, taken: int, rules: list[str]) -> None:
    world.edit(DATA, "SEX_T,CDS_DES_TOTAL,2020,,O", "SEX_T,CDS_DES_TOTAL,2020,1.5,A")
    if number != "1.0.0":
        version(world, number)
    assert steps(world, before) == (MINOR, taken, rules)


def test_a_correction_needs_a_patch(world: World, before: Path) -> None:
    world.edit(DATA, OLD, NEW)
    world.path("zzb/revisions.csv").write_text(HEADER + ENTRY)
    version(world, "1.0.1")
    keep(world, before)
    assert steps(world, before) == (PATCH, PATCH, [])


def test_a_version_never_goes_back(world: World, before: Path) -> None:
    version(world, "0.9.0")
    assert steps(world, before)[2] == ["version-step"]


def test_another_unit_needs_a_major_step(world: World, before: Path) -> None:
    path = before / "datapackages/structure/tables.yaml"
    text = path.read_text("utf-8")
    at = text.index("unit: thousand persons", text.index(f"id: {TABLE}\n"))
    path.write_text(text[:at] + "unit: persons" + text[at + len("unit: thousand persons") :], "utf-8")
    found = {package.id: required(package) for package in compared(world, before).differences if package.tables}
    assert found == {"zzb": MAJOR}


def test_a_dropped_table_needs_a_major_step_and_a_reason(world: World, before: Path) -> None:
    world.path("zza/data/mst_ncte_sex_cct_nb.csv").unlink()
    world.package()
    needed, _, rules = steps(world, before)
    assert (needed, rules) == (MAJOR, ["version-step", "revision-entry"])


def test_a_package_that_is_gone_is_refused(world: World, before: Path) -> None:
    shutil.rmtree(world.path("zzb"))
    assert [problem.file for problem in compared(world, before).problems] == ["datapackages/zzb"]


def test_markdown_shows_hostile_text_letter_by_letter(world: World, before: Path) -> None:
    world.edit(
        DATA, OLD + ",A,zzb-labour-departures,", OLD + ",A,zzb-labour-departures,<img src=x> @all [x](y) | # `z`"
    )
    found = compared(world, before)
    text = markdown(found.differences, found.problems)
    assert "note &#60;img src=x&#62; &#64;all &#91;x&#93;(y) &#124; &#35; &#96;z&#96;" in text


@pytest.fixture
def committed(world: World) -> World:
    """The packages as the last commit of a repository."""
    for words in (("init", "-q"), ("add", "datapackages"), ("commit", "-qm", "Packages")):
        about = ("-c", "user.name=tests", "-c", "user.email=tests@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(world.root), *about, *words], check=True)
    return world


def test_against_a_commit(committed: World) -> None:
    committed.edit(DATA, OLD, NEW)
    before = tree(committed.root)
    result = run("diff", "HEAD", "--root", str(committed.root))
    assert result.exit_code == 1
    assert "changed 2018 SEX_F CDS_DES_ZZA: 4.620 -> 4.7 (+1.7 %)" in result.stdout
    assert tree(committed.root) == before
    assert run("diff", "HEAD", "--format", "markdown", "--root", str(committed.root)).stdout.startswith("## What")


@pytest.mark.parametrize("base", ["no-such-branch", "--output=x", "HEAD:datapackages", "a b"])
def test_what_is_no_commit_is_named(committed: World, base: str) -> None:
    with pytest.raises(IlmsError):
        diff(committed.root, base)
    assert not (committed.root / "x").exists()


def test_readers_see_the_history_of_a_table(world: World) -> None:
    world.path("zzb/revisions.csv").write_text(HEADER + ENTRY)
    catalogue = world.check().catalogue
    assert catalogue
    history = ("releases", "countries/zzb/mna_oemp_sex_cds_nb")
    made = pages_at(catalogue, *history, "countries/zza/mst_ncte_sex_cct_nb")
    for address in history:
        html = made[address].fragments["revisions"]
        assert "One airport was counted twice." in html
        assert "; Women, 2018)" in html
    assert "None so far." not in made["releases"].fragments["revisions"]
    assert "revisions" not in made["countries/zza/mst_ncte_sex_cct_nb"].fragments


def test_only_what_differs_is_checked_anew(world: World, before: Path) -> None:
    for root in (world.root, before):
        path = root / "datapackages" / "zza" / "limitations.csv"
        path.write_text(path.read_text("utf-8").replace("publish", "perhaps"), "utf-8")
    words = ("check", "--since", str(before), "--root", str(world.root))
    assert run(*words).exit_code == 0, "nothing differs"
    world.edit(DATA, OLD, NEW)
    world.edit(DATA, "SEX_T,CDS_DES_TOTAL,2016,13.750", "SEX_T,CDS_DES_TOTAL,2016,14.750")
    told = run(*words)
    assert told.exit_code == 1
    assert "sex-sum" in told.stdout
    assert "datapackages/zza" not in told.stdout
    assert "Changed since" in told.output


def test_the_other_side_of_a_mirror_is_looked_at_again(world: World, before: Path) -> None:
    whole = {(one.rule, one.package) for one in world.check().findings}
    across = {(one.rule, one.package) for one in check(world.root, ["zzb"], beside=True).findings}
    own = {(one.rule, one.package) for one in world.check("zzb").findings}
    needing = {rule.id for rule in RULES.values() if rule.sees == BESIDE}
    assert across == {one for one in whole if one[1] == "zzb" or one[0] in needing}
    assert own == {one for one in across if one[0] not in needing}


def test_the_old_value_is_kept_and_shown(world: World, before: Path) -> None:
    world.edit(DATA, OLD, NEW)
    version(world, "1.0.1")
    world.path("zzb/revisions.csv").write_text(HEADER + ENTRY)
    (problem,) = compared(world, before).problems
    assert problem.rule == "old-value"
    assert "the figure was 4.620" in problem.sentence
    keep(world, before)
    kept = world.path("zzb/changes.csv").read_text("utf-8").splitlines()
    assert kept[0] == "date,table,where,year,before,after"
    assert [line.split(",", 1)[1] for line in kept[1:]] == [f"{TABLE},sex=SEX_F; cds=CDS_DES_ZZA,2018,4.620,4.7"]
    keep(world, before)
    assert len(world.path("zzb/changes.csv").read_text("utf-8").splitlines()) == 2, "kept once"
    catalogue = world.check().examined
    address = "countries/zzb/mna_oemp_sex_cds_nb"
    html = pages_at(catalogue, address)[address].fragments["revisions"]
    assert '<td class="num">4.620</td><td class="num">4.7</td>' in html


def test_the_same_change_back_is_kept_again(world: World, before: Path) -> None:
    for root in (world.root, before):
        (root / "datapackages/zzb/changes.csv").write_text(
            f"date,table,where,year,before,after\n2026-01-01,{TABLE},sex=SEX_F; cds=CDS_DES_ZZA,2018,4.620,4.7\n"
        )
    world.edit(DATA, OLD, NEW)
    assert "old-value" in {problem.rule for problem in compared(world, before).problems}
