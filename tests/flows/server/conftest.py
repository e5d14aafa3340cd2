"""One server for all of these tests: the one that `pressclip server up` brings up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.ports import free_port
from tests.servers.prefect_server import Up
from tests.waiting import eventually

LINK = "http://the-meridian-post.example/technology/2026/10/musk-brackwater-tunnel-visit.html"
DESK = pytest.StashKey[Up]()


@pytest.fixture(scope="session")
def up(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A desk with the made-up press as its feeds, on the server that its user brings up."""
    desk = Up.at(tmp_path_factory.mktemp("up") / "press.duckdb")
    pytestconfig.stash[DESK] = desk
    try:
        desk.call("pressclip", "server", "up", "--newsstand", "--port", str(free_port()))
        desk.wait_for_schedules()
        desk.pause_schedules()
        desk.settle()
        yield desk
    finally:
        take_down(pytestconfig)


def take_down(config: pytest.Config) -> None:
    """Ends the server, unless that has been done."""
    if desk := config.stash.get(DESK, None):
        del config.stash[DESK]
        desk.call("pressclip", "server", "down")


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """The server goes with the last test that needs it: while nobody asks it for anything, it takes
    a twentieth of a processor from all tests that follow."""
    if DESK in item.config.stash:
        asking = [one for one in item.session.items if "up" in getattr(one, "fixturenames", ())]
        if item is asking[-1]:
            take_down(item.config)


@dataclass(frozen=True)
class Filed:
    """An article that somebody filed by its link, in a warehouse of its own."""

    path: Path
    run: str
    """The id of the run that filed it."""


@pytest.fixture(scope="session")
def filed(up: Up, tmp_path_factory: pytest.TempPathFactory) -> Filed:
    """One whose run has a setting in its environment that is none."""
    path = tmp_path_factory.mktemp("filed") / "press.duckdb"
    odd = {"PRESSCLIP_NONSENSE": "1"}
    run = up.start("submit", env=odd, links=[LINK], warehouse=str(path))
    assert up.ended(run) == "COMPLETED"
    eventually(path.exists, "the published copy")
    return Filed(path, run)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test keeps a warehouse of its own."""
    return tmp_path / "press.duckdb"
