"""What `make demo` leaves answers the cookbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.cli.commands import demo
from tests.warehouse.published.test_cookbook import QUERIES
from warehouse.published.read import read

EMPTY = {"8": "the one page of the made-up press that changes says so"}
"""Questions to which the made-up press has no answer, and why."""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's warehouse."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        demo.command(folder, edition=2)
    return folder / "demo.duckdb"


@pytest.mark.parametrize("number", QUERIES)
def test_the_cookbook_has_answers_on_the_demo(warehouse: Path, number: str) -> None:
    assert bool(read(warehouse, QUERIES[number]).rows) is (number not in EMPTY)


def test_the_headlines_of_its_search_are_found_at_their_outlets(warehouse: Path) -> None:
    ends = "SELECT state, count(*) FROM entries WHERE outlet_url IS NOT NULL GROUP BY state"
    assert sorted(read(warehouse, ends).rows) == [("dead", 1), ("stored", 6)]


def test_called_again_it_finds_nothing_new(
    warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = "SELECT (SELECT count(*) FROM outcomes), (SELECT max(clock_epoch) FROM batches)"
    before = read(warehouse, held).rows
    demo.command(warehouse.parent, edition=2)
    assert "Polled 0 feeds. Nothing new." in capsys.readouterr().out
    assert read(warehouse, held).rows == before
