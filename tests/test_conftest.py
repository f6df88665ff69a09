"""The fences around the tests hold."""

import socket

import pytest
from playwright.sync_api import Browser, Error

from tests.conftest import DEAR, OutsideError
from tests.worlds import HERE


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("publisher.example", 443)])
def test_no_test_leaves_this_machine(address: tuple[str, int]) -> None:
    with socket.socket() as outside, pytest.raises(OutsideError, match="tried to reach"):
        outside.connect(address)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_files_that_are_begun_first_exist() -> None:
    assert [name for name in DEAR if not (HERE / name).is_dir() and not (HERE / f"test_{name}.py").is_file()] == []


def test_the_browser_runs_and_finds_no_other_host(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<h1>Here</h1>")
    assert page.inner_text("h1") == "Here"
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://publisher.example/")
    page.close()
