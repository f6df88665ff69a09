"""A region that does not exist, of any size: packages of fictitious countries that pass both gates."""

from __future__ import annotations

import itertools
import shutil
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ilms_publish.model import Structure, TableDefinition
from ilms_publish.starting import ESTIMATES
from ilms_publish.structure import load_structure
from ilms_publish.writing import to_csv, write_all
from tests.bench.peoples import (
    BIRTH,
    CITIZENSHIP,
    LAST_YEAR,
    MIGRANTS,
    Counts,
    Moves,
    People,
    classes,
    moves,
    people,
    with_sexes,
)
from tests.bench.region_words import source_of, words
from tests.worlds import REPOSITORY, World

SEED = 20260225
FIRST_TABLES = (
    "MST_TEMP_SEX_ECO_CCT_NB", "MST_NCTE_SEX_CCT_NB", "MNA_OEMP_SEX_CDS_NB", "MFL_NCIT_SEX_CCT_NB",
    "MST_XWAP_SEX_AGE_CCT_NB", "MST_NCTP_SEX_CCT_NB", "MST_TEMP_SEX_OCU_CCT_NB", "EAR_EMTA_SEX_CCT_CUR_NB",
    "MNA_OEMP_SEX_ECO_NB", "MST_TEMP_SEX_STE_CCT_NB", "MST_XWAP_SEX_EDU_CCT_NB", "MFL_NEMP_SEX_ECO_NB",
    "MNA_TPOP_SEX_CRS_NB", "MNA_XRET_SEX_CPR_NB", "MST_TEAP_SEX_EDU_CCT_NB", "MNA_OEMP_SEX_OCU_NB",
    "MST_TUNE_SEX_AGE_CCT_NB", "MST_TUNE_SEX_AGE_CCT_RT", "MNA_OPOP_SEX_CDS_NB", "MFL_NEMP_SEX_OCU_NB",
)  # fmt: skip
"""The tables that most countries supply; a larger region has more of the rest."""
SEXES = ("SEX_T", "SEX_F", "SEX_M")
GROUPS = {
    "cct": ("CCT_CIT_TOTAL", "CCT_CIT_CITIZEN", "CCT_CIT_NONCIT"),
    "cbr": ("CBR_BIR_TOTAL", "CBR_BIR_NATIVE", "CBR_BIR_FOREIGN"),
}
SCHEMES = {"cct": "CCT_CTZ", "cbr": "CBR_BRT", "cds": "CDS_DES", "crs": "CRS_RES", "cpr": "CPR_PRV"}
SPLITS = {"cct": CITIZENSHIP, "cbr": BIRTH}
RATES = {
    "labour_force_rate": ("labour_force", "working_age"), "employment_rate": ("employment", "working_age"),
    "unemployment_rate": ("unemployment", "labour_force"),
    "outside_labour_force_rate": ("outside_labour_force", "working_age"),
}  # fmt: skip
MOVED = {
    "MST_NCTP": "citizenship", "MST_NCTE": "employed", "MST_FORP": "birth", "MST_FORE": "employed by birth",
    "MNA_TPOP": "abroad", "MNA_OEMP": "leaving for work", "MNA_OPOP": "leaving", "MNA_XRET": "returning",
    "MFL_NCIT": "arriving", "MFL_FPOP": "arriving by birth", "MFL_NWAP": "arriving", "MFL_FWAP": "arriving by birth",
    "MFL_NEMP": "arriving", "MFL_FEMP": "arriving by birth",
}  # fmt: skip
WORKERS = 0.6
"""Part of those who arrive that has a job."""
CONVERTED = {"CUR_TYPE_LCU": 1.0, "CUR_TYPE_PPP": 0.08, "CUR_TYPE_USD": 0.03}
Values = NDArray[Any]


@dataclass(frozen=True)
class Size:
    """How large a region is. partners: countries that each one names; tables: of each country."""

    countries: int
    tables: int
    years: int
    partners: int = 12

    @classmethod
    def of(cls, text: str) -> Size:
        """As written: countries x tables x years, such as 10x20x5."""
        return cls(*(int(number) for number in text.split("x")))

    def __str__(self) -> str:
        return f"{self.countries}x{self.tables}x{self.years}"


@dataclass(frozen=True)
class Country:
    """One of the countries. place: its number in the region."""

    place: int
    area: str
    label: str
    people: People

    @property
    def id(self) -> str:
        """The folder of its package."""
        return self.area.lower()


def areas(number: int) -> list[tuple[str, str]]:
    """Codes that no country will ever have (ISO 3166 leaves them to users), with names that say so."""
    codes = [f"{first}{last}" for first in ("ZZ", "XZ", "QZ") for last in string.ascii_uppercase]
    return [(code, f"Land {place:02} (fictitious)") for place, code in enumerate(codes[:number], 1)]


def region(root: Path, size: Size, seed: int = SEED) -> int:
    """Writes a repository with a region of that size below a folder; gives the number of observations."""
    _frame(root, size)
    structure = load_structure(root)
    countries = [
        Country(place, code, label, people([seed, place], size.years))
        for place, (code, label) in enumerate(areas(size.countries))
    ]
    moved = moves([country.people for country in countries], size.partners, seed)
    observations = 0
    for country in countries:
        files, rows = _package(country, countries, moved, structure, chosen_tables(structure, size.tables))
        write_all({root / "datapackages" / country.id / name: content for name, content in files.items()})
        observations += rows
    World(root).package()
    return observations


def chosen_tables(structure: Structure, number: int) -> list[TableDefinition]:
    """The most usual tables, then the others in the order of the structure."""
    national = [name for name, table in structure.tables.items() if table.module != ESTIMATES]
    order = [*FIRST_TABLES, *(name for name in national if name not in FIRST_TABLES)]
    return [structure.tables[name] for name in order[:number]]


def _frame(root: Path, size: Size) -> None:
    """The shared structure with fictitious areas only, and the authored half of the site."""
    home = root / "datapackages" / "structure"
    shutil.copytree(REPOSITORY / "datapackages" / "structure", home)
    shutil.copytree(REPOSITORY / "site_src", root / "site_src")
    shutil.copy(REPOSITORY / "mkdocs.yml", root)
    (root / "ilms_publish").mkdir()
    shutil.copy(REPOSITORY / "ilms_publish" / "mkdocs_hook.py", root / "ilms_publish")
    named = areas(size.countries)
    known = pd.read_csv(home / "codelists" / "CL_AREA.csv", dtype="str", keep_default_na=False)
    rows = [{"code": code, "label": label, "kind": "country"} for code, label in named]
    (home / "codelists" / "CL_AREA.csv").write_bytes(to_csv(_filled(rows, known)))
    for dimension, scheme in SCHEMES.items():
        path = home / "codelists" / f"CL_{dimension.upper()}.csv"
        held = pd.read_csv(path, dtype="str", keep_default_na=False)
        keep = held[(held["area"] == "") & ((held["scheme"] != scheme[4:]) | held["code"].str.contains("_TOTAL|_X$"))]
        rows = [
            {
                "code": f"{scheme}_{code}",
                "parent": f"{scheme}_TOTAL",
                "label": label,
                "scheme": scheme[4:],
                "area": code,
            }
            for code, label in named
        ]
        path.write_bytes(to_csv(pd.concat([keep, _filled(rows, held)])))


def _filled(rows: Sequence[Mapping[str, str]], like: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame([{str(column): row.get(str(column), "") for column in like.columns} for row in rows])


def _package(
    country: Country,
    countries: Sequence[Country],
    moved: Moves,
    structure: Structure,
    tables: Sequence[TableDefinition],
) -> tuple[dict[str, bytes], int]:
    """The files of a package, and how many observations they hold."""
    figures = Figures(country, [one.area for one in countries], moved)
    files: dict[str, bytes] = {}
    rows = 0
    for table in tables:
        lines = list(figures.lines(table))
        rows += len(lines)
        files[f"data/{table.slug}.csv"] = "\n".join([",".join(table.columns), *lines, ""]).encode()
    return files | words(country.id, country.label, country.area, structure, tables, country.people.years), rows


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of one country, table by table."""

    country: Country
    areas: Sequence[str]
    moved: Moves

    def lines(self, table: TableDefinition) -> Iterator[str]:
        """The rows of a table as they stand in its file."""
        axes, values = self.values(table)
        years = range(LAST_YEAR + 1 - values.shape[-1], LAST_YEAR + 1)
        end = f",{source_of(self.country.id, table)},"
        texts = written(table, values).reshape(-1, len(years)).tolist()
        for key, series in zip(itertools.product(SEXES, *axes), texts, strict=True):
            start = f"{self.country.area},{','.join(key)},"
            for year, text in zip(years, series, strict=True):
                yield f"{start}{year},{text},{'P' if year == LAST_YEAR else 'A'}{end}"

    def values(self, table: TableDefinition) -> tuple[list[tuple[str, ...]], Values]:
        """The codes of each dimension, and the values: sex x dimensions x year."""
        if table.measure == "earnings":
            return self._earnings(table)
        if table.dimensions[0] in SCHEMES:
            return self._by_partner(table)
        dimension = table.dimensions[0]
        codes = classes(dimension)[0]
        if len(table.dimensions) == 1:
            return [codes], self._movers_by_class(table)
        split = SPLITS[table.dimensions[1]]
        cells = self._classes(table.concept, dimension, split)
        return [codes, GROUPS[table.dimensions[1]]], np.moveaxis(cells, 2, 0)

    def _classes(self, concept: str, dimension: str, split: int) -> Values:
        """Class x group x sex x year; the same people for a count and for the rate made of it."""
        if concept not in RATES:
            return self.country.people.by_class(concept, dimension, split)
        above, below = (self.country.people.by_class(part, dimension, split) for part in RATES[concept])
        return np.asarray(100 * above / np.maximum(below, 1))

    def _by_partner(self, table: TableDefinition) -> tuple[list[tuple[str, ...]], Values]:
        scheme = SCHEMES[table.dimensions[0]]
        cells = self._moving(table)
        whole = np.concatenate([cells.sum(axis=0, keepdims=True), cells])
        named = [self.areas[place] for place in self.moved.partners[self.country.place]]
        codes = tuple(f"{scheme}_{code}" for code in ("TOTAL", *named, "X"))
        return [codes], np.moveaxis(with_sexes(whole), 1, 0)

    def _moving(self, table: TableDefinition) -> Counts:
        return np.asarray(self.moved.counts[MOVED[table.id[:8]]][self.country.place])

    def _movers_by_class(self, table: TableDefinition) -> Values:
        whole = self._moving(table).sum(axis=0)
        if table.id[4:8] in ("NEMP", "FEMP"):
            whole = np.rint(whole * WORKERS).astype("int64")
        cells = self.country.people.over_classes(whole[None], table.dimensions[0], slice(MIGRANTS, None))
        return np.moveaxis(cells[:, 0], 1, 0)

    def _earnings(self, table: TableDefinition) -> tuple[list[tuple[str, ...]], Values]:
        """Mean pay, that of all weighted by the employed: sex x group x currency x year."""
        paid = self.country.people.pay(SPLITS[table.dimensions[0]])
        rates = np.array(list(CONVERTED.values()))[:, None]
        return [GROUPS[table.dimensions[0]], tuple(CONVERTED)], np.moveaxis(paid, 1, 0)[:, :, None, :] * rates


def written(table: TableDefinition, values: Values) -> Values:
    """The values as they are printed: persons in the unit of the table, pay to two decimals, rates to three."""
    form = {"earnings": "%.2f", "rate": "%.3f"}.get(table.measure, f"%.{table.unit_mult}f")
    return np.char.mod(form, values / 10**table.unit_mult if table.additive else values)
