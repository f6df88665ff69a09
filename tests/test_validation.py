"""Gate 1 never has a second opinion: its report is Frictionless' own, whatever befell the file."""

import random
from pathlib import Path

import pytest

from tests.faults import FAULTS
from tests.flows import write_package
from tests.verdicts import FORMS, disagreements, ours, theirs


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fault", FAULTS)
def test_report_is_that_of_frictionless(tmp_path: Path, fault: str, form: str) -> None:
    descriptor = write_package(tmp_path, {"flows": FAULTS[fault](FORMS[form](60), random.Random(1))}, form)
    assert ours(descriptor, tmp_path) == theirs(descriptor, tmp_path)


def test_reports_agree_on_spoilt_files(tmp_path: Path) -> None:
    differ, invalid = disagreements(tmp_path, range(200))
    assert differ == []
    assert invalid > 100, "too few of the files were spoilt to tell"
