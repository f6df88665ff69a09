"""Invented peoples of countries that do not exist: whole persons, in tables that fit each other.

The same seed gives the same people. Arrays are counts of persons. Axes, where they occur and in this order: class,
group (all, at home, migrants), sex (all, women, men), year. A first axis, split, tells citizenship from birth.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ilms_publish.rules.coding import BRIDGES

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]
Draw = np.random.Generator
LAST_YEAR = 2025
CITIZENSHIP, BIRTH = 0, 1
MIGRANTS = 1
"""Place of the migrants behind those at home."""
BORN_ABROAD = 1.2
"""People born abroad for one non-citizen: some have become citizens."""
REST = 0.08
"""Part of migrants whose country is not named."""
NOISE = 0.006
"""By how much classes differ from one table of the same people to the next."""
SEEN_TWICE = 1000
"""Persons from which two classes with the same figure would be taken for a copy."""


def _codes(scheme: str, items: str) -> tuple[str, ...]:
    return tuple(f"{scheme}_{item}" for item in items.split())


def _years(first: int, last: int) -> str:
    return " ".join(f"Y{year}-{year + 4}" for year in range(first, last, 5))


FINE: Mapping[str, tuple[str, ...]] = {
    "age": _codes("AGE_5YRBANDS", f"{_years(15, 65)} YGE65"),
    "edu": _codes("EDU_ISCED11", "X 1 2 3 4 5 6 7 8"),
    "eco": _codes("ECO_ISIC4", " ".join("ABCDEFGHIJKLMNOPQRSTU")),
    "ocu": _codes("OCU_ISCO08", "1 2 3 4 5 6 7 8 9 0"),
    "ste": _codes("STE_ICSE93", "1 2 3 4 5 6"),
}
"""The finest classes of each classification; all others are sums of them."""


def _band(scheme: str, item: str, first: int, last: int) -> dict[str, tuple[str, ...]]:
    return {f"{scheme}_{item}": _codes("AGE_5YRBANDS", _years(first, last))}


OLD = ("AGE_5YRBANDS_YGE65",)
COARSE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "age": {
        **{k: v for n in range(15, 65, 10) for k, v in _band("AGE_10YRBANDS", f"Y{n}-{n + 9}", n, n + 10).items()},
        "AGE_10YRBANDS_YGE65": OLD,
        **_band("AGE_AGGREGATE", "Y15-24", 15, 25),
        **_band("AGE_AGGREGATE", "Y25-54", 25, 55),
        **_band("AGE_AGGREGATE", "Y55-64", 55, 65),
        "AGE_AGGREGATE_YGE65": OLD,
    },
    "edu": {
        "EDU_AGGREGATE_LTB": _codes("EDU_ISCED11", "X"),
        "EDU_AGGREGATE_BAS": _codes("EDU_ISCED11", "1 2"),
        "EDU_AGGREGATE_INT": _codes("EDU_ISCED11", "3 4"),
        "EDU_AGGREGATE_ADV": _codes("EDU_ISCED11", "5 6 7 8"),
    },
    "eco": BRIDGES["ECO_ISIC4"],
    "ocu": {**BRIDGES["OCU_ISCO08"], "OCU_SKILL_X": _codes("OCU_ISCO08", "0")},
    "ste": {**BRIDGES["STE_ICSE93"], "STE_AGGREGATE_X": _codes("STE_ICSE93", "6")},
}
UNCLEAR = ("STE_ICSE93_6", "OCU_ISCO08_0")
"""Classes of the rest, which are small."""
CONCEPTS = ("working_age", "labour_force", "employment", "unemployment", "outside_labour_force")


def classes(dimension: str) -> tuple[tuple[str, ...], Counts]:
    """The codes of a classification, its totals among them, and which of the finest classes each of them adds up."""
    fine = FINE[dimension]
    parts = {code: (code,) for code in fine} | dict(COARSE[dimension])
    totals = {f"{code.rpartition('_')[0]}_TOTAL": fine for code in parts}
    parts |= totals
    matrix = np.array([[one in held for one in fine] for held in parts.values()], dtype="int64")
    return tuple(parts), matrix


def divided(whole: Counts, shares: Shares) -> Counts:
    """Whole persons over classes (the first axis of `shares`), adding to the whole exactly."""
    edges = np.rint(np.cumsum(shares, axis=0) * whole).astype("int64")
    edges[-1] = whole
    return np.diff(edges, axis=0, prepend=0)


def alike(cells: Counts, axis: int) -> NDArray[np.bool_]:
    """Where neighbours in size along an axis are the same and large enough to be told."""
    ordered = np.sort(cells, axis=axis)
    return np.asarray((np.diff(ordered, axis=axis) == 0) & (np.delete(ordered, 0, axis=axis) >= SEEN_TWICE))


def with_sexes(cells: Counts) -> Counts:
    """Both sexes together in front of women and men (the second axis from the end)."""
    return np.concatenate([cells.sum(axis=-2, keepdims=True), cells], axis=-2)


def with_groups(cells: Counts) -> Counts:
    """All people in front of those at home and migrants (the third axis from the end)."""
    return np.concatenate([cells.sum(axis=-3, keepdims=True), cells], axis=-3)


def _path(draw: Draw, years: int, drift: float, *shape: int) -> Shares:
    """Levels that drift from year to year, 1 in the first."""
    steps = draw.normal(drift, 0.008, (*shape, years))
    steps[..., 0] = 0
    return np.exp(np.cumsum(steps, axis=-1))


@dataclass(frozen=True, eq=False)
class People:
    """One country. counts: concept -> split x group (home, migrants) x sex (women, men) x year."""

    years: int
    draw: Draw
    counts: Mapping[str, Counts]
    tilts: dict[str, Shares] = field(default_factory=dict)
    made: dict[tuple[str, str, int], Counts] = field(default_factory=dict)

    def weights(self, dimension: str, spread: float) -> Shares:
        """Weights of the finest classes: class x group x sex x year; a little different each time they are asked."""
        number = len(FINE[dimension])
        if dimension not in self.tilts:
            usual = self.draw.normal(0, 0.5, (number, 1, 1, 1)) + self.draw.normal(0, 0.25, (number, 2, 2, 1))
            drift = self.draw.normal(0, 0.008, (number, 2, 2, 1)) * np.arange(self.years)
            usual[[code in UNCLEAR for code in FINE[dimension]]] -= 3
            self.tilts[dimension] = usual + drift
        own = self.draw.normal(0, spread, (number, 2, 2, self.years))
        return np.asarray(np.exp(self.tilts[dimension] + own))

    def by_class(self, concept: str, dimension: str, split: int) -> Counts:
        """Class x group x sex x year, totals and coarser classes included; made once for all tables."""
        if (concept, dimension, split) not in self.made:
            self.made[concept, dimension, split] = self.over_classes(self.counts[concept][split], dimension)
        return self.made[concept, dimension, split]

    def pay(self, split: int) -> Shares:
        """Mean pay in national money: group (all, home, migrants) x sex (all, women, men) x year."""
        level = 15000 * np.array([[[1.0], [1.15]], [[0.7], [0.8]]]) * 1.03 ** np.arange(self.years)
        employed = self.counts["employment"]
        earned = employed[split] * level
        if split == BIRTH:  # all people earn the same, however they are told apart
            earned[0] = (employed[CITIZENSHIP] * level).sum(axis=0) - earned[1]
        both = [with_groups(with_sexes(part)) for part in (earned, employed[split])]
        return np.asarray(both[0] / both[1])

    def over_classes(self, whole: Counts, dimension: str, groups: slice = slice(None)) -> Counts:
        """People (group x sex x year) over all classes, with totals in front wherever there are several.

        What two classes would show alike by chance is drawn anew: a check would take it for a copy.
        """
        codes, sums = classes(dimension)
        schemes = np.array([code.rpartition("_")[0] for code in codes])
        weights = self.weights(dimension, NOISE)[:, groups]
        for more in itertools.count(1):
            cells = divided(whole, weights / weights.sum(axis=0))
            found: Counts = np.einsum("kf,f...->k...", sums, with_sexes(cells))
            found = with_groups(found) if len(whole) > 1 else found
            again = _repeating(found, schemes)[-len(whole) :, -2:] | _of_totals(_repeating(found, schemes), len(whole))
            if not again.any():
                return found
            weights[:, again] = self.weights(dimension, NOISE * more)[:, groups][:, again]
        raise AssertionError("unreachable")


def _repeating(found: Counts, schemes: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Group x sex x year in which two classes of a scheme, or both sexes of a class, are the same."""
    same = np.any([alike(found[schemes == one], 0).any(axis=0) for one in np.unique(schemes)], axis=0)
    same[:, 1] |= alike(found[:, :, 1:], 2).any(axis=(0, 2))
    return np.asarray(same)


def _of_totals(same: NDArray[np.bool_], groups: int) -> NDArray[np.bool_]:
    """The part to be drawn anew for each total that repeats: women for both sexes, those at home for all."""
    parts = np.zeros((groups, 2, same.shape[-1]), dtype=bool)
    parts[:, 0] = same[-groups:, 0]
    parts[0] |= same[0, -2:]
    parts[0, 0] |= same[0, 0]
    return parts


def people(seed: Sequence[int], years: int) -> People:
    """The people of one country. seed: numbers that name it; years: how many, up to `LAST_YEAR`."""
    draw = np.random.default_rng(seed)
    sexes = draw.uniform(5e6, 2e7) * np.array([[0.52], [0.48]])
    all_ = np.rint(sexes * _path(draw, years, 0.012, 2)).astype("int64")
    part = draw.uniform(0.05, 0.15) * np.array([[0.9], [1.1]]) * _path(draw, years, 0.01, 2)
    migrants = np.rint(all_ * part).astype("int64")
    abroad = np.rint(migrants * BORN_ABROAD).astype("int64")
    working = np.stack([np.stack([all_ - migrants, migrants]), np.stack([all_ - abroad, abroad])])
    active = _part(working, draw.uniform(0.62, 0.7, (1, 2, 2, 1)) * _path(draw, years, 0.0, 2, 2))
    without = _part(active, draw.uniform(0.04, 0.07, (1, 2, 2, 1)) * _path(draw, years, 0.0, 2, 2))
    held = (working, active, active - without, without, working - active)
    return People(years, draw, dict(zip(CONCEPTS, held, strict=True)))


def _part(whole: Counts, rate: Shares) -> Counts:
    """A part of each group, with the same total for citizenship and place of birth."""
    found = np.rint(whole * rate).astype("int64")
    found[BIRTH, 0] = found[CITIZENSHIP].sum(axis=0) - found[BIRTH, 1]
    return np.asarray(found)


def ring(countries: int, partners: int) -> Counts:
    """The neighbours of every country on a ring, so that whoever names a country is named by it."""
    half = min(partners, countries - 1) // 2
    steps = np.array([step for step in range(-half, half + 1) if step])
    return np.asarray((np.arange(countries)[:, None] + steps) % countries)


@dataclass(frozen=True, eq=False)
class Moves:
    """Who lives and moves where: concept -> country x partner x sex (women, men) x year, the rest as last partner."""

    partners: Counts
    counts: Mapping[str, Counts]


def moves(peoples: Sequence[People], partners: int, seed: int) -> Moves:
    """Both ends of every corridor; what origin and destination say differs as such figures do."""
    draw = np.random.default_rng([seed, len(peoples)])
    years = peoples[0].years
    near = ring(len(peoples), partners)
    shares = draw.lognormal(0, 0.6, near.shape)
    shares *= (1 - REST) / shares.sum(axis=1, keepdims=True)
    shares = np.concatenate([shares, np.full((len(shares), 1), REST)], axis=1)[:, :, None, None]
    counts: dict[str, Counts] = {}
    for name, concept, split in (
        ("citizenship", "working_age", CITIZENSHIP), ("employed", "employment", CITIZENSHIP),
        ("birth", "working_age", BIRTH), ("employed by birth", "employment", BIRTH),
    ):  # fmt: skip
        whole = [one.counts[concept][split, 1] for one in peoples]
        counts[name] = np.stack([_over_partners(draw, *both) for both in zip(whole, shares, strict=True)])
    here, there = _other_side(near)
    seen = counts["citizenship"][:, :-1][here, there]
    counts["abroad"] = _told(draw, seen, years, 0.8, 1.2)
    counts["leaving for work"] = _told(draw, counts["abroad"][:, :-1] * 0.12, years, 0.8, 1.2)
    counts["leaving"] = _told(draw, counts["leaving for work"][:, :-1] * 1.4, years, 0.95, 1.2)
    counts["returning"] = _told(draw, counts["leaving"][:, :-1] * 0.6, years, 0.8, 1.2)
    counts["arriving"] = _told(draw, counts["leaving"][:, :-1][here, there], years, 0.85, 1.2)
    counts["arriving by birth"] = _told(draw, counts["arriving"][:, :-1] * 1.1, years, 0.95, 1.05)
    return Moves(near, counts)


def _over_partners(draw: Draw, whole: Counts, shares: Shares) -> Counts:
    """People over partners, drawn anew where two partners are the same by chance."""
    while True:
        own = shares * _path(draw, whole.shape[-1], 0.0, len(shares), 1) * draw.lognormal(0, NOISE, shares.shape)
        found = divided(whole, own / own.sum(axis=0))
        if not _told_twice(found).any():
            return found


def _told_twice(cells: Counts) -> NDArray[np.bool_]:
    """Years (last axis) in which two partners, or women and men of one, are the same: partner x sex x year."""
    partners = alike(with_sexes(cells), -3).any(axis=(-3, -2))
    return np.asarray(partners | alike(cells, -2).any(axis=(-3, -2)))


def _other_side(near: Counts) -> tuple[Counts, Counts]:
    """For every country and partner, the partner and the place at which it names the country."""
    own = np.arange(len(near))[:, None]
    back = np.argmax(near[near] == own[:, :, None], axis=2)
    return near, np.asarray(back)


def _told(draw: Draw, seen: Any, years: int, least: float, most: float) -> Counts:
    """What the other side counts of the same movement, with a rest of its own."""
    factor = draw.uniform(least, most, (*seen.shape[:2], 1, 1)) * _path(draw, years, 0.0, *seen.shape[:3])
    named = np.rint(seen * factor).astype("int64")
    while True:
        rest = np.rint(named.sum(axis=1, keepdims=True) * REST).astype("int64")
        found = np.concatenate([named, rest], axis=1)
        again = _told_twice(found)[:, None, None]
        if not again.any():
            return np.asarray(found)
        named += np.where(again, draw.integers(0, 100, named.shape), 0)
