"""`pressclip warehouse` and `pressclip maintain` as a person uses them: the real console script."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome
from warehouse.records import EntryState

SCRIPT = Path(sys.executable).with_name("pressclip")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A desk with one article."""
    bench = Bench.in_folder(tmp_path)
    article = an_article("one")
    outcome = an_outcome("one", EntryState.STORED, 1, article_id=article.article_id)
    bench.load(a_batch("b1", entries=(an_entry("one"),), articles=(article,), outcomes=(outcome,)))
    return bench


def pressclip(bench: Bench, *args: str, code: int = 0, **env: str) -> str:
    """What the command says."""
    done = subprocess.run(
        [SCRIPT, *args],
        env=os.environ | {"PRESSCLIP_WAREHOUSE": str(bench.desk.published), "NO_COLOR": "1"} | env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def as_json(bench: Bench, *args: str, code: int = 0) -> Any:
    return json.loads(pressclip(bench, *args, "--json", code=code))


def test_a_whole_warehouse_passes_its_check(bench: Bench) -> None:
    assert "is whole" in pressclip(bench, "warehouse", "check")


def test_a_broken_one_fails_and_says_what_to_do(bench: Bench) -> None:
    with bench.open() as wh:
        wh.execute("INSERT INTO entries FROM entries")
    shown = pressclip(bench, "warehouse", "check", code=1)
    assert "An entry has one row." in shown
    (broken, *_) = as_json(bench, "warehouse", "check", code=1)["broken"]
    assert broken["name"] == "entries_once"
    assert "pressclip warehouse restore" in broken["advice"]
