"""A made-up history of a desk: some weeks of polls and harvests, as batches.

    python -m tests.warehouse.history WAREHOUSE COUNT [DESKS]

lands and loads it, as the tests do that kill it on the way.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

from parsers.identity import article_id
from parsers.records import Article, DateFlag, Entry, Failure
from tests.waiting import PATIENCE
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from warehouse.database.open import open_warehouse
from warehouse.database.warehouse import Row, Warehouse
from warehouse.desk import Desk
from warehouse.records import (
    Batch,
    EntryOutcome,
    EntryState,
    Feed,
    FeedHealth,
    Listing,
    ListingKind,
    OutletSource,
    OutletState,
)

TABLES = {
    "batches": "* EXCLUDE (loaded_at, change)",
    "feed_states": "*",
    "feeds": "*",
    "entries": "*",
    "outcomes": "*",
    "articles": "*",
    "superseded": "*",
    "mentions": "*",
    "stories": "*",
    "fingerprints": "*",
    "bands": "*",
    "copy_pairs": "*",
    "failures": "*",
    "outlet_states": "*",
    "listings": "*",
    "outlets": "*",
}
"""What must not depend on the order of batches, or on accidents."""

MADE_UP = {
    "stored_entries_have_articles",
    "duplicates_have_articles",
    "articles_have_entries",
    "reasons_given",
}
"""Rules that tests break by themselves: they bring articles that nothing was decided about, and
decisions about articles that never come, and give no reasons."""


def contents(wh: Warehouse) -> dict[str, list[Row]]:
    """Every row of every such table."""
    return {
        table: wh.execute(f"SELECT {columns} FROM {table} ORDER BY ALL")
        for table, columns in TABLES.items()
    }


def a_history(seed: int, rounds: int) -> list[Batch]:
    """A poll and a harvest each round, on few feeds, entries and texts, so that they meet."""
    chooser = random.Random(seed)
    batches = []
    for number in range(rounds):
        hours = number * 7.0
        batches.append(_poll(chooser, number, hours))
        batches.append(_harvest(chooser, number, hours + 1))
    return batches


def _poll(chooser: random.Random, number: int, hours: float) -> Batch:
    feeds = tuple(
        Feed(
            feed,
            f"https://feed{feed}.example/{chooser.choice(('', 'moved'))}",
            title=chooser.choice((None, f"Feed {feed}", f"Feed {feed} again")),
            category=chooser.choice((None, "press")),
            etag=str(number),
            health=chooser.choice((FeedHealth.OK, FeedHealth.FAILING)),
            polled_at=chooser.choice((None, at(hours), at(hours), at(hours - 7))),
        )
        for feed in (1, 2, 3)
    )
    entries = tuple(_entry(chooser, hours) for _ in range(8))
    return a_batch(f"{number:04}-poll", hours, "poll", feeds=feeds, entries=entries)


def _entry(chooser: random.Random, hours: float) -> Entry:
    return an_entry(
        f"e{chooser.randrange(12)}",
        feed=chooser.randrange(1, 4),
        updated=chooser.choice((None, 1, hours - 2)),
        title=f"Title {chooser.randrange(3)}",
    )


def _harvest(chooser: random.Random, number: int, hours: float) -> Batch:
    outcomes = tuple(_outcome(chooser, hours + place / 10) for place in range(8))
    articles = tuple(_article(chooser, hours + place / 10) for place in range(6))
    failure = Failure("fetch", f"https://x.example/{number}", "timeout", "Slow", "retry", at(hours))
    return a_batch(
        f"{number:04}-harvest",
        hours,
        "harvest",
        outcomes=outcomes,
        articles=articles,
        failures=(failure,),
        outlets=(_outlet(number, hours),),
        listings=(_listing(number, hours),),
        topics_digest="d",
    )


def _outlet(number: int, hours: float) -> OutletState:
    source = OutletSource.HOME_PAGE if number % 2 else OutletSource.OPERATOR
    return OutletState("news.example", source, at(hours), f"Name {number}" if number % 3 else None)


def _listing(number: int, hours: float) -> Listing:
    url = f"https://news.example/feed{number % 2}"
    return Listing("news.example", url, ListingKind.FEED, at(hours), pages=number, found=1)


def _outcome(chooser: random.Random, hours: float) -> EntryOutcome:
    name = f"e{chooser.randrange(12)}"
    state = chooser.choice(tuple(EntryState))
    outcome = an_outcome(
        name, state, hours, feed=chooser.randrange(1, 4), attempts=chooser.randrange(3)
    )
    if state == EntryState.WAITING:
        return replace(outcome, reason="timeout", next_try_at=at(hours + 5))
    if state in {EntryState.STORED, EntryState.DUPLICATE}:
        target = article_id(f"https://news.example/a{chooser.randrange(10)}")
        return replace(outcome, article_id=target)
    return outcome


def _article(chooser: random.Random, hours: float) -> Article:
    cluster = chooser.randrange(5)
    own = chooser.randrange(100)
    kept = chooser.choice((3, 8, 16))
    words = [f"c{cluster}w{word}" for word in range(kept)]
    words += [f"n{own}w{word}" for word in range(kept, 16)]
    # By itself, so that nothing else of the history changes with it.
    apart = random.Random(f"{hours} {own}")
    return an_article(
        text_kind=apart.choice(("page", "page", "feed")),
        host=apart.choice(("news.example", "news.example", "other.example")),
        not_shown_at=apart.choice((None, None, at(hours - apart.randrange(40)))),
        name=f"a{chooser.randrange(10)}",
        words=" ".join(words),
        read=chooser.choice((None, hours, hours)),
        title=f"Title {chooser.randrange(2)}",
        published_at=chooser.choice((None, at(chooser.randrange(48)))),
        date_flag=chooser.choice((None, DateFlag.DAY, DateFlag.NO_ZONE, DateFlag.FUTURE)),
        topics=chooser.choice(((), ("OpenAI",), ("Musk", "OpenAI"))),
    )


def reparsed(batches: list[Batch], seed: int) -> Batch:
    """A later parser's look at some pages of a history, which reads other titles and dates."""
    chooser = random.Random(seed)
    pages = [
        article
        for batch in batches
        for article in batch.articles
        if article.fetched_at and article.text_kind == "page"
    ]
    read = {(page.article_id, page.fetched_at): page for page in pages}
    again = tuple(
        replace(page, title="Read better", published_at=chooser.choice((None, at(3), at(30))))
        for page in chooser.sample(list(read.values()), len(read) // 3)
    )
    return a_batch("9999-reparse", 10_000, "reparse", articles=again, topics_digest="d")


def main() -> None:
    """Load the history, one batch at a time, after a word that it begins."""
    print("begun", flush=True)  # noqa: T201
    bench = Bench(Desk.at(sys.argv[1], Path(sys.argv[3]) if sys.argv[3:] else None))
    for batch in a_history(7, int(sys.argv[2])):
        # Whoever is at work beside it may hold it nearly all the time.
        with open_warehouse(bench.desk, wait=PATIENCE) as wh:
            bench.load_into(wh, batch)


if __name__ == "__main__":
    main()
