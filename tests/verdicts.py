"""Our report on a package beside Frictionless' own, in a form that can be compared."""

import random
from pathlib import Path
from typing import Any

import frictionless
from frictionless import system

from ilms_publish.validation import validate
from tests.faults import spoil
from tests.flows import every_type, flows, write_package

FORMS = {"enum": flows, "keys": flows, "types": every_type}


def comparable(report: Any) -> dict[str, Any]:
    """A report as a descriptor without the seconds it took."""
    made: dict[str, Any] = report.to_descriptor()
    for part in (made, *made["tasks"]):
        part["stats"].pop("seconds")
    return made


def theirs(descriptor: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What `frictionless validate` says."""
    with system.use_context(trusted=False):
        return comparable(frictionless.validate(descriptor, type="package", basepath=str(folder)))


def ours(descriptor: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What we say."""
    return comparable(validate(descriptor, folder))


def disagreements(folder: Path, seeds: range) -> tuple[list[tuple[int, list[str]]], int]:
    """The seeds, with their faults, of spoilt packages on which we differ; and how many were not valid."""
    differ, invalid = [], 0
    base = {form: write_package(folder / form, {"flows": made(60)}, form) for form, made in FORMS.items()}
    for seed in seeds:
        draw = random.Random(seed)
        form = draw.choice(list(FORMS))
        in_codelist = form == "keys" and draw.random() < 0.2
        path = folder / form / ("codelists/sex.csv" if in_codelist else "data/flows.csv")
        before = path.read_bytes()
        spoilt, names = spoil(before, draw)
        path.write_bytes(spoilt)
        wanted = theirs(base[form], folder / form)
        if ours(base[form], folder / form) != wanted:
            differ.append((seed, names))
        invalid += not wanted["valid"]
        path.write_bytes(before)
    return differ, invalid
