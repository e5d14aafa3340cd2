"""A run under a clock that is ten years ahead, and then the clock is right again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flows.newsstand import ServedPress
from flows.steps.subscriptions import newsstand_feeds
from parsers.urls import host_of
from tests.settings import settings
from tests.walk.walking import Undisturbed, rows, run

DECADE = timedelta(days=3650)
FEW = {"the-old-mill.example", "rheinblick.example"}


def test_one_run_ahead_silences_nothing(newsstand: ServedPress, tmp_path: Path) -> None:
    path = tmp_path / "press.duckdb"
    given = settings(path, proxy=newsstand.proxy_url)
    # Feeds that answer and feeds that fail, and an entry that waits.
    few = [feed for feed in newsstand_feeds() if host_of(feed.url) in FEW]
    asked = run(given, DECADE, few).feeds_polled
    # All are asked once; but those that the first run found to be gone stay retired.
    retired = len(rows(path, "SELECT 1 FROM feeds WHERE health = 'retired'"))
    assert run(given, feeds=few).feeds_polled == asked - retired
    assert run(given, feeds=few).feeds_polled == 0
    for column in ("polled_at", "next_poll_at", "changed_at", "succeeded_at", "full_fetch_at"):
        ahead = f"SELECT url FROM feeds WHERE {column} > now() + INTERVAL 9 DAY"
        assert rows(path, f"{ahead} AND health <> 'retired'") == [], column
    waiting = (
        "SELECT link FROM entries WHERE state = 'waiting' AND next_try_at > now() + INTERVAL 9 DAY"
    )
    assert rows(path, waiting) == []
    assert run(given, timedelta(days=2), few).feeds_polled > 0


@pytest.mark.long
def test_a_run_ahead_removes_nothing(
    newsstand: ServedPress, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    given = settings(undisturbed.copied(tmp_path), proxy=newsstand.proxy_url)
    kept = set(tmp_path.rglob("*.warc.gz"))
    assert kept
    run(given, DECADE)
    assert kept <= set(tmp_path.rglob("*.warc.gz"))
