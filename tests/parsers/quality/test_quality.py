"""The quality gate: no measure on the evaluation pages falls below its floor."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.parsers.quality.evaluation import (
    FOLDER,
    MISSING,
    WEB_FOLDER,
    WEB_MISSING,
    available,
    load_truth,
    predict_all,
)
from tests.parsers.quality.measures import measure

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text("utf-8"))
PAGES = {"publishers": (FOLDER, MISSING), "web": (WEB_FOLDER, WEB_MISSING)}
PAGES["unseen"] = PAGES["web"]
PAGES["some publishers"] = PAGES["publishers"]
"""Every third of the publishers' pages."""
LONG = {"web", "publishers"}
"""The sets of the tier long: the others, of the same kinds, show sooner what a change breaks."""
BOUNDS = [
    pytest.param(
        pages,
        bound,
        name,
        marks=[
            pytest.mark.skipif(not available(PAGES[pages][0]), reason=PAGES[pages][1]),
            *([pytest.mark.long] if pages in LONG else []),
        ],
    )
    for pages, bounds in FLOORS.items()
    for bound, names in bounds.items()
    for name in names
]

pytestmark = pytest.mark.integration


@cache
def measures(pages: str) -> dict[str, float]:
    truths = load_truth(PAGES[pages][0])
    if pages in {"web", "unseen"}:
        truths = [truth for truth in truths if truth.body and truth.unseen == (pages == "unseen")]
    elif pages == "some publishers":
        truths = truths[::3]
    return measure(truths, predict_all(truths))


@pytest.mark.parametrize(("pages", "bound", "name"), BOUNDS)
def test_measure_stays_within_its_bound(pages: str, bound: str, name: str) -> None:
    found, stated = measures(pages)[name], FLOORS[pages][bound][name]
    assert found >= stated if bound == "at_least" else found <= stated
