"""The question that the theme's search reads: small words do not count, and places are known by all their names."""

from pathlib import Path
from typing import Any

import material
import pytest

from ilms_publish.problems import IlmsError
from ilms_publish.searching import CLEANED, SMALL, WORKER, known_places, reading

ENTRIES: list[dict[str, Any]] = [
    {"location": "countries/zza/", "title": "Zanadu", "tags": ["Zanadu", "Old Zan", "ZZA", "ZA", "Zanadus"]},
    {"location": "corridors/zza-zzc/", "title": "Zanadu to Far Land", "tags": ["ZZA→ZZC", "Zanadus", "Far-Off"]},
    {"location": "sources/zza-survey/", "title": "Survey (Zanadu)"},
]


def test_the_theme_cleans_a_question_where_we_expect_it() -> None:
    script = next((Path(material.__file__).parent / "templates").glob(WORKER)).read_text("utf-8")
    read = reading(script, *known_places(ENTRIES))
    assert read.index(CLEANED) < read.index('"OLD ZAN":"ZZA"') < read.index(SMALL)
    with pytest.raises(IlmsError, match="theme's search"):
        reading("another script", {}, {})


def test_places_are_known_by_names_codes_and_peoples_and_by_the_pages_of_corridors() -> None:
    places, titles = known_places(ENTRIES)
    assert titles == {"ZZA": "Zanadu", "ZZC": "Far Land"}
    assert {name for name, code in places.items() if code == "ZZA"} == {
        "Zanadu", "Old Zan", "ZZA", "ZA", "Zanadus",
    }  # fmt: skip
    assert places["Far Land"] == places["Far-Off"] == places["ZZC"] == "ZZC"
