"""The question that the theme's search reads: small words between others do not count."""

from pathlib import Path

import material
import pytest

from ilms_publish.problems import IlmsError
from ilms_publish.searching import CLEANED, SMALL, WORKER, without_small_words


def test_the_theme_cleans_a_question_where_we_expect_it() -> None:
    script = next((Path(material.__file__).parent / "templates").glob(WORKER)).read_text("utf-8")
    assert without_small_words(script).count(CLEANED + SMALL) == 1
    with pytest.raises(IlmsError, match="theme's search"):
        without_small_words("another script")
