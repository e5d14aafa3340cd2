"""Desks in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.warehouse.builders import Bench
from tests.warehouse.places import Places

Benches = Callable[[str], Bench]


@pytest.fixture(scope="session")
def places() -> Iterator[Places]:
    """Where a warehouse may be."""
    places = Places()
    yield places
    places.stop()


@pytest.fixture
def place() -> str:
    """Where the warehouse of a test is; marks of `places.py` say otherwise."""
    return "file"


@pytest.fixture(autouse=True)
def lakes_end_whole(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Whatever a test did to its lakes, they are whole at its end (`Places.leave_broken`)."""
    yield
    if "places" in request.fixturenames:
        request.getfixturevalue("places").check()


@pytest.fixture
def catalogue() -> str:
    """Where the lake of a test keeps its tables' names; a mark of `places.py` says otherwise."""
    return "sqlite"


@pytest.fixture
def bench(benches: Benches) -> Bench:
    """An empty desk."""
    return benches("clips")


@pytest.fixture
def benches(place: str, places: Places, tmp_path: Path) -> Benches:
    """As many empty desks as a test wants, by name."""
    return lambda name: Bench(places.desk(place, tmp_path, name))


@pytest.fixture
def lake(catalogue: str, places: Places, tmp_path: Path) -> Bench:
    """An empty desk that fills a lake."""
    return Bench(places.desk(catalogue, tmp_path, "lake"))
