"""Finds an area's code from the names, codes and spellings that publishers use."""

from __future__ import annotations

from collections.abc import Mapping

from ilms_publish.model import Structure


def area_names(structure: Structure) -> Mapping[str, str]:
    """Every code, ISO alpha-2, M49 number, label and alias of CL_AREA -> code, in lower case."""
    names: dict[str, str] = {}
    for code in structure.codelists["CL_AREA"].codes.values():
        known = (code.code, code.label, code.extra.get("m49", ""), *code.extra.get("aliases", "").split("|"))
        for name in filter(None, known):
            names.setdefault(name.strip().lower(), code.code)
    return names
