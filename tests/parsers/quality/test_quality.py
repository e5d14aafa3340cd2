"""The quality gate: no measure on the evaluation pages falls below its floor."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.parsers.quality.evaluation import MISSING, available, load_truth, predict_all
from tests.parsers.quality.measures import measure

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text("utf-8"))

pytestmark = [pytest.mark.integration, pytest.mark.skipif(not available(), reason=MISSING)]


@pytest.fixture(scope="module")
def measures() -> dict[str, float]:
    truths = load_truth()
    return measure(truths, predict_all(truths))


@pytest.mark.parametrize("name", FLOORS["at_least"])
def test_measure_is_not_below_its_floor(name: str, measures: dict[str, float]) -> None:
    assert measures[name] >= FLOORS["at_least"][name]


@pytest.mark.parametrize("name", FLOORS["at_most"])
def test_measure_is_not_above_its_ceiling(name: str, measures: dict[str, float]) -> None:
    assert measures[name] <= FLOORS["at_most"][name]
