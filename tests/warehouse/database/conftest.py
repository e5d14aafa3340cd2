"""Desks whose warehouses the program makes: how it does so is tested here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.warehouse.builders import Bench
from tests.warehouse.places import Places


@pytest.fixture
def benches(place: str, places: Places, tmp_path: Path) -> Callable[[str], Bench]:
    """As many desks as a test wants, by name, without a warehouse at first."""
    return lambda name: Bench(places.desk(place, tmp_path, name), made=True)


@pytest.fixture(autouse=True)
def _all_made_anew(made_anew: None) -> None:
    """Also what other benches open."""
