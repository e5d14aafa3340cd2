"""How long analysts wait for SQL: macros, newest clippings, the whole cookbook; warm, on one core.

    python -m tests.benchmarks.bench_questions [--articles 200000,1000000] [--times 5]
        [--only search] [--folder FOLDER]

Each question is asked once to warm up and then several times; the medians of clock and processor
are told, and the processor's as a share of what it takes to read the texts of all articles once,
which is asked in turns with it. Where other programs run beside it the processor's time is the one
to read.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb

from tests.benchmarks.made_up_press import built
from warehouse.database.published_state import open_published
from warehouse.desk import Desk

COOKBOOK = Path(__file__).parents[2] / "docs" / "cookbook.md"
SCAN = "SELECT sum(strlen(text)) FROM articles"
SEARCHES = {
    "a word of nearly all": "harbour",
    "words of many": "bridge museum winter",
    "a word of few": "gerahsen",
    "words of few": "harlsays thermar",
    "a phrase": '"town by the sea" bridge',
    "a number": "room 1234",
    "accents": "Brücke große",
    "without spaces": "評議会",
    "five words": "harbour bridge ferry school tower",
    "nothing": "nowhere",
}


def questions(address: str) -> dict[str, str]:
    """What is asked, by name. `address` is of an article with two revisions."""
    asked = {"newest 50 clippings": "FROM clippings LIMIT 50"}
    for kind, words in SEARCHES.items():
        asked[f"search 30 days, {kind}"] = f"FROM search('{words}')"
        asked[f"search all time, {kind}"] = f"FROM search('{words}', days := 36500)"
    asked |= {
        "story": f"FROM story('{address}')",
        "diff": f"FROM diff('{address}')",
        "clippings_on, newest 50": "FROM clippings_on('openai') LIMIT 50",
        "coverage_total": "FROM coverage_total",
        "story_copies of one": f"FROM story_copies WHERE url = '{address}'",
        "article_feeds of one": "FROM article_feeds WHERE article_id = "
        f"(SELECT article_id FROM articles WHERE canonical_url = '{address}')",
    }
    text = COOKBOOK.read_text(encoding="utf-8")
    for number, sql in re.findall(
        r"^## (\d+)\. .*?```sql\n(.*?)```", text, re.DOTALL | re.MULTILINE
    ):
        asked[f"cookbook {number}"] = re.sub(r"https?://[^']*", address, sql)
    return asked


def main() -> None:
    """A table for each size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", default="200000,1000000")
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--only", default="", help="of the questions those whose names have this")
    options.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "bench-questions"
    )
    asked = options.parse_args()
    for articles in (int(number) for number in asked.articles.split(",")):
        desk = built(asked.folder, articles, growth=1)
        measure(desk, articles, asked.times, asked.only)


def measure(desk: Desk, articles: int, times: int, only: str) -> None:
    """Asks one warehouse."""
    megabytes = desk.published.stat().st_size / 1e6
    print(f"{articles} articles, {megabytes:.0f} MB published, DuckDB {duckdb.__version__}")  # noqa: T201
    print(f"{'':40} {'clock':>7} {'cpu ms':>7} {'of scan':>7} {'rows':>7}")  # noqa: T201
    with open_published(desk) as copy:
        copy.execute("SET threads = 1")
        ((address,),) = copy.execute(
            "SELECT canonical_url FROM articles WHERE revisions > 1 ORDER BY told_at DESC LIMIT 1"
        ).fetchall()
        for name, sql in {"all texts once": SCAN, **questions(address)}.items():
            if only not in name and sql != SCAN:
                continue
            spent(copy, sql)
            rounds = [(spent(copy, sql), spent(copy, SCAN)) for _ in range(times)]
            clock, cpu = (median(one[0][unit] for one in rounds) for unit in (0, 1))
            scan = median(one[1][1] for one in rounds)
            print(  # noqa: T201
                f"{name:40} {clock:7.0f} {cpu:7.0f} {cpu / scan:7.2f} {rounds[0][0][2]:7}",
                flush=True,
            )


def spent(copy: duckdb.DuckDBPyConnection, sql: str) -> tuple[float, float, int]:
    """Milliseconds on the clock and of the processor, and how many rows it answered."""
    clock, cpu = time.perf_counter(), time.process_time()
    rows = copy.execute(sql).fetchall()
    return (time.perf_counter() - clock) * 1e3, (time.process_time() - cpu) * 1e3, len(rows)


if __name__ == "__main__":
    main()
