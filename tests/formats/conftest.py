"""Two catalogues that every format is walked over: an odd fictitious one and a sample of the real one."""

import os
from pathlib import Path

import pandas as pd
import pytest

from ilms_publish.catalogue import Catalogue, check
from ilms_publish.downloads import downloads
from ilms_publish.pages.page import Page
from ilms_publish.site import pages
from tests.worlds import REPOSITORY, World, fictitious

SAMPLE = os.environ.get("ILMS_TEST_PACKAGES", "tha sgp vnm").split()
"""Packages of the real catalogue that are walked over; none named, all of them, as `make stress` does."""
SITE = "https://ilms.example/base/"


def odd(frame: pd.DataFrame) -> pd.DataFrame:
    """Gives some rows every kind of status and note."""
    changes = [("", "O", ""), ("", "L", ""), ("", "B", ""), (None, "B", ""), (None, "E", ""), (None, "U", ""),
               ("0", "N", "A remark, with 'quotes' and_lines; more"), (None, "A", "classif C6:1; source R1:35_T2:8"),
               (None, "I", "indicator I11:264"), (None, "P", "source of words")]  # fmt: skip
    for row, (value, status, note) in zip(frame.index, changes, strict=False):
        frame.loc[row, ["obs_status", "note"]] = [status, note]
        if value is not None:
            frame.loc[row, "obs_value"] = value
    return frame


@pytest.fixture(scope="session")
def strange(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The fictitious countries with every status and with notes in codes and in words."""
    world = fictitious(tmp_path_factory.mktemp("strange"))
    world.rows("zza/data/mst_temp_sex_eco_cct_nb.csv", odd)
    world.rows("zzb/data/mna_oemp_sex_cds_nb.csv", odd)
    return world


@pytest.fixture(scope="session", params=["fictitious", "real"])
def catalogue(request: pytest.FixtureRequest, strange: World) -> Catalogue:
    """A catalogue to walk over."""
    checked = strange.check() if request.param == "fictitious" else check(REPOSITORY, SAMPLE)
    assert checked.errors == ()
    assert checked.catalogue is not None
    return checked.catalogue


@pytest.fixture(scope="session")
def made(catalogue: Catalogue) -> dict[str, Page]:
    """Every page of the catalogue by its address, for a site whose own address is known."""
    return {page.address: page for page in pages(catalogue, {}, SITE)}


@pytest.fixture(scope="session")
def files(catalogue: Catalogue) -> dict[str, bytes]:
    """Every file of the catalogue."""
    return downloads(catalogue)


@pytest.fixture(scope="session")
def folder(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same on disk."""
    home = tmp_path_factory.mktemp("files")
    for path, content in files.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(content)
    return home
