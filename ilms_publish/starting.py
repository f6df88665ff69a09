"""Starts the package of a country: everything that a package must say, and nothing that nobody has said yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import yaml

from ilms_publish.model import Structure
from ilms_publish.packages import COLLECTION_COLUMNS, HOME, LIMITATION_COLUMNS, load_package, package_ids
from ilms_publish.packaging import committed
from ilms_publish.problems import IlmsError
from ilms_publish.structure import load_structure
from ilms_publish.writing import to_csv, write_all

FIRST_VERSION = "0.1.0"
LICENCES: Mapping[str, tuple[str, str]] = {
    "CC-BY-4.0": (
        "Creative Commons Attribution 4.0 International", "https://creativecommons.org/licenses/by/4.0/"
    ),
    "CC0-1.0": ("Creative Commons Zero 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
}  # fmt: skip
ESTIMATES = "EST"
NO_FIGURES = "No figures are held yet; the country has not been asked."


def start_package(root: Path, area: str, agencies: Sequence[str], licence: str, issued: str, round_: str = "") -> Path:
    """Makes the folder of a country without figures; it passes the check.

    area: ISO3 code of CL_AREA; agencies: institutions that supply the figures; licence: of the figures, a short name
    such as CC-BY-4.0; issued: date; round_: the last of rounds.csv when not given. Raises IlmsError when the area is
    unknown or has a package, or the round is unknown.
    """
    structure = load_structure(root)
    label = _area(structure, area)
    name = area.lower()
    if name in package_ids(root) or (root / HOME / name).exists():
        raise IlmsError(f"there is a package '{name}' already")
    known = list(structure.rounds["round"])
    round_ = round_ or known[-1]
    if round_ not in known:
        raise IlmsError(f"there is no round '{round_}' in rounds.csv; there are {', '.join(known)}")
    if not agencies:
        raise IlmsError("name the agency that supplies the figures: --agency 'Statistics Office of …'")
    folder = root / HOME / name
    tables = [table.id for table in structure.tables.values() if table.module != ESTIMATES]
    collection = pd.DataFrame([(table, round_, "not_held", NO_FIGURES) for table in tables])
    files = {
        "package.yaml": _yaml(_about(name, area, label, agencies, licence, issued, round_)),
        "sources.yaml": _yaml({"sources": []}),
        "limitations.csv": to_csv(pd.DataFrame(columns=list(LIMITATION_COLUMNS))),
        "collection.csv": to_csv(collection.set_axis(list(COLLECTION_COLUMNS), axis=1)),
    }
    write_all({folder / file: content for file, content in files.items()})
    package, problems = load_package(root, name, structure)
    if package is None:
        raise IlmsError(str(problems[0]))
    write_all({folder / file: content for file, content in committed(package, structure).items()})
    return folder


def _area(structure: Structure, area: str) -> str:
    code = structure.codelists["CL_AREA"].codes.get(area)
    if code is None or code.extra.get("kind") not in ("country", "area"):
        raise IlmsError(f"'{area}' is no country or area of CL_AREA; give its three-letter code, such as TLS")
    return code.label


def _about(
    name: str, area: str, label: str, agencies: Sequence[str], licence: str, issued: str, round_: str
) -> dict[str, object]:
    title, path = LICENCES.get(licence, (licence, ""))
    terms = {"name": licence, "title": title} | ({"path": path} if path else {})
    return {
        "id": name,
        "title": f"International labour migration statistics: {label}",
        "description": f"Tables of the collection International Labour Migration Statistics for {label}. No figures "
        "are held yet.",
        "version": FIRST_VERSION,
        "area": area,
        "licences": [terms],
        "contributors": [{"title": agency, "roles": ["dataCollector"]} for agency in agencies],
        "keywords": ["international labour migration", "migrant workers", "ILMS", label],
        "issued": issued,
        "edition": f"Round {round_}",
    }


def _yaml(content: Mapping[str, object]) -> bytes:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120).encode()
