"""Desks in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.warehouse.builders import Bench
from warehouse.desk import Desk


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty desk."""
    return Bench(Desk.at(tmp_path / "clips.duckdb"))


@pytest.fixture
def benches(tmp_path: Path) -> Callable[[str], Bench]:
    """As many empty desks as a test wants, by name."""
    return lambda name: Bench(Desk.at(tmp_path / f"{name}.duckdb"))
