"""One server for all of these tests: the one that `pressclip server up` brings up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.ports import free_port
from tests.servers.prefect_server import Up


@pytest.fixture(scope="session")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A desk with the made-up press as its feeds, on the server that its user brings up."""
    desk = Up.at(tmp_path_factory.mktemp("up") / "press.duckdb")
    try:
        desk.call("pressclip", "server", "up", "--newsstand", "--port", str(free_port()))
        desk.wait_for_schedules()
        desk.pause_schedules()
        desk.settle()
        yield desk
    finally:
        desk.call("pressclip", "server", "down")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test keeps a warehouse of its own."""
    return tmp_path / "press.duckdb"
