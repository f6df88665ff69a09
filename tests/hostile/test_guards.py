"""The guards of these tests do bite: nothing can be reached."""

import socket
import urllib.request

import pytest

from tests.conftest import OutsideError


def test_no_connection_is_possible() -> None:
    with pytest.raises(OutsideError), socket.create_connection(("127.0.0.1", 9)):
        pass
    with pytest.raises(OutsideError), socket.socket() as alone:
        alone.connect(("127.0.0.1", 9))
    with pytest.raises(OSError, match="hostile input tried to reach"):
        urllib.request.urlopen("http://example.org/")
