"""The mark of a table is that of its figures, however often and after whichever other table it is asked for."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.fingerprints import fingerprint
from ilms_publish.marking import marks
from tests.worlds import World, with_rows

Tables = Mapping[tuple[str, str], PublishedTable]


def test_each_table_has_the_mark_of_its_own_figures(world: World) -> None:
    catalogue = world.check().catalogue
    assert catalogue is not None
    for _ in range(2):
        changed: Tables = {key: with_rows(one, _other(one.frame)) for key, one in catalogue.tables.items()}
        for one in (catalogue, replace(catalogue, tables=changed)):
            assert marks(one).tables == _plain(one)
        del changed, one  # the next frames may stand where these stood
    assert marks(catalogue).tables == _plain(catalogue)


def _other(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(use="withheld") if len(frame) % 2 else frame[frame.index != frame.index[0]]


def _plain(catalogue: Catalogue) -> dict[tuple[str, str], str]:
    return {key: fingerprint(table.frame) for key, table in catalogue.tables.items()}
