"""How the private file grows in a month of loads, and what maintenance gives back.

    python -m tests.benchmarks.bench_growth [--days 30] [--loads 12] [--maintain] [--folder FOLDER]

A made-up day: 500 feeds are polled half-hourly and show 20,000 new entries, most of them off
topic; 2,700 articles come new, 500 known ones come changed. The day is loaded in a few batches,
each of which is opened, loaded and closed by itself, as runs do. With --maintain, retention and
compaction run every night as `pressclip maintain` does it, against the made-up clock.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from tests.benchmarks.bench_warehouse import A_DAY, START, Press
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.loading.load import load_landed
from warehouse.upkeep.compact import compact, free_share
from warehouse.upkeep.retention import Retention, apply_retention

FEEDS = """
SELECT
    'feed' AS kind,
    {
        'feed_id': i, 'url': 'https://host' || i || '.example/feed', 'title': 'Feed ' || i,
        'format': 'rss20', 'etag': md5($first::VARCHAR || i), 'health': 'ok', 'failures': 0,
        'polled_at': $start::TIMESTAMPTZ + to_seconds(k * 1800),
        'next_poll_at': $start::TIMESTAMPTZ + to_seconds(k * 1800 + 1800)
    } AS feed
FROM range(500) AS t(i), range($first::BIGINT, $last::BIGINT) AS p(k)
"""
OFF_TOPIC_ENTRIES = """
SELECT
    'entry' AS kind,
    {
        'entry_id': hash(i, 'off'), 'feed_id': hash(i) % 500, 'guid': 'off-' || i,
        'link': 'https://host' || hash(i) % 500 || '.example/off/' || i,
        'title': 'Something else, number ' || i,
        'summary': array_to_string([md5(i::VARCHAR || k) for k in range(6)], ' '),
        'content_html': if(i % 4 = 0,
            array_to_string([md5(i::VARCHAR || k) for k in range(60)], ' '), NULL)
    } AS entry
FROM range($first::BIGINT, $last::BIGINT) AS t(i)
"""
OFF_TOPIC_OUTCOMES = """
SELECT
    'outcome' AS kind,
    {
        'entry_id': hash(i, 'off'), 'state': 'off_topic', 'attempts': 1, 'reason': 'no_alias',
        'decided_at': $start::TIMESTAMPTZ, 'topics_digest': 'x'
    } AS outcome
FROM range($first::BIGINT, $last::BIGINT) AS t(i)
"""
OFF_TOPIC_A_DAY = 20_000
CHANGED_A_DAY = 500
POLLS_A_DAY = 48


class Month(Press):
    """Makes the batches of a month."""

    def land_hours(self, desk: Desk, day: int, part: int, parts: int) -> None:
        """Land one part of a day."""
        moment = START + timedelta(days=day, hours=24 * part / parts)
        number = day * parts + part

        def span(a_day: int) -> dict[str, object]:
            return {
                "first": number * a_day // parts,
                "last": (number + 1) * a_day // parts,
                "start": moment,
                "a_day": A_DAY,
            }

        polls = span(POLLS_A_DAY) | {"start": START}
        tables = [
            self.records(FEEDS, polls),
            self.records(OFF_TOPIC_ENTRIES, span(OFF_TOPIC_A_DAY)),
            self.records(OFF_TOPIC_OUTCOMES, span(OFF_TOPIC_A_DAY)),
            *self.articles(span(A_DAY) | {"start": START}),
        ]
        self.write(desk, f"day-{number:06}", moment, tables)
        if number > parts * 2:
            # What was new some days ago is read again, with another text.
            first = max(0, number - parts * 2) * A_DAY // parts
            last = first + CHANGED_A_DAY // parts
            changed = self.articles(
                {"first": first, "last": last, "start": START, "a_day": A_DAY},
                read_at=moment,
                edition=number,
            )
            self.write(desk, f"day-{number:06}-changed", moment, changed)


def main() -> None:
    """Print a line for each day."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--loads", type=int, default=12)
    parser.add_argument("--maintain", action="store_true")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        desk, month = Desk.at(Path(folder) / "month.duckdb"), Month()
        sys.stdout.write("day  file MB  free blocks  compacted MB  loading s\n")
        for day in range(options.days):
            began = time.perf_counter()
            for part in range(options.loads):
                month.land_hours(desk, day, part, options.loads)
                with open_warehouse(desk) as wh:
                    load_landed(wh, desk, loaded_at=START)
            loading = time.perf_counter() - began
            sys.stdout.write(f"{day + 1:3} {night(desk, day, options.maintain)} {loading:8.1f}\n")
            sys.stdout.flush()


def night(desk: Desk, day: int, maintain: bool) -> str:
    """The size of the file, the share of it that is free, and what it would be without."""
    now: datetime = START + timedelta(days=day + 1)
    if maintain:
        with open_warehouse(desk) as wh:
            apply_retention(wh, Retention(feed_states=7, failures=7, off_topic=7), now)
    size = desk.private.stat().st_size
    with open_warehouse(desk) as wh:
        free = free_share(wh)
    alone = Desk.at(desk.folder / "alone.duckdb")
    alone.create()
    alone.private.write_bytes(desk.private.read_bytes())
    after = compact(alone).after
    alone.private.unlink()
    return f"{size / 1e6:8.0f} {free:12.2f} {after / 1e6:12.0f}"


if __name__ == "__main__":
    main()
