"""Every rule finds exactly what its own examples say, and nothing in those that are sound."""

from pathlib import Path

import pytest

from ilms_publish.rules import RULES
from ilms_publish.rules.explained import CASES, Example
from ilms_publish.structure import load_structure
from tests.rule_cases import Workshop, with_home

EXAMPLES = [
    pytest.param(rule.id, example, id=f"{rule.id}-{kind}-{number}")
    for rule in RULES.values()
    for kind, examples in (("fails", rule.fails), ("passes", rule.passes))
    for number, example in enumerate(examples, 1)
]


@pytest.fixture(scope="module")
def structure(repository: Path):  # type: ignore[no-untyped-def]
    return with_home(load_structure(repository))


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_example_is_judged_as_it_says(rule: str, example: Example, tmp_path: Path, structure) -> None:  # type: ignore[no-untyped-def]
    assert Workshop(tmp_path, structure).blamed(rule, example) == sorted(example.blames)


def test_every_rule_has_a_failing_and_a_passing_example() -> None:
    for rule in RULES.values():
        assert rule.fails, rule.id
        assert rule.passes, rule.id
        assert all(example.blames for example in rule.fails), rule.id
        assert not any(example.blames for example in rule.passes), rule.id


def test_every_file_belongs_to_a_rule() -> None:
    assert {path.stem for path in CASES.iterdir()} == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_rule_explains_itself(rule: object) -> None:
    for part in ("sentence", "why", "example", "likely", "mend"):
        text = getattr(rule, part)
        assert len(text) > 20, part
        assert text.endswith("."), part
