"""Desks in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.warehouse.builders import Bench
from tests.warehouse.places import Places
from warehouse.desk import Desk

Benches = Callable[[str], Bench]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty desk whose warehouse is a file."""
    return Bench(Desk.at(tmp_path / "clips.duckdb"))


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """Where a warehouse may be."""
    places = Places(tmp_path_factory.mktemp("places"))
    yield places
    places.stop()


@pytest.fixture(params=["file", pytest.param("sqlite", marks=pytest.mark.long)])
def any_bench(request: pytest.FixtureRequest, places: Places, tmp_path: Path) -> Bench:
    """An empty desk whose warehouse is a file, and once more one that fills a DuckLake: a module
    whose tests hold for both has a fixture `bench` that returns this one."""
    return Bench(places.desk(request.param, tmp_path))


@pytest.fixture
def benches(tmp_path: Path) -> Benches:
    """As many empty desks as a test wants, by name, whose warehouses are files."""
    return lambda name: Bench(Desk.at(tmp_path / f"{name}.duckdb"))
