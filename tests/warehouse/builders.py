"""Records to put into a warehouse, and a desk to put them into.

Every builder gives a whole record from the few facts that matter to a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb

from parsers.identity import article_id, entry_id, stable_id
from parsers.records import Article, Entry, Fingerprint, Mention, Place, TopicMatch
from tests.warehouse.empty import put_filled, put_warehouse
from warehouse.database.open import open_warehouse
from warehouse.database.warehouse import Row, Warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import land
from warehouse.loading.load import LoadReport, load_landed
from warehouse.records import Batch, EntryOutcome, EntryState

HEADER = 4096
"""Bytes of one of the three headers of DuckDB's file, behind which its blocks lie."""
START = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    """So many hours into the made-up time."""
    return START + timedelta(hours=hours)


def an_entry(name: str, *, feed: int = 1, updated: float | None = None, **fields: object) -> Entry:
    """Entry `name` of a feed."""
    link = f"https://news.example/{name}"
    known: dict[str, object] = {"link": link, "title": f"About {name}", **fields}
    return Entry(
        entry_id=entry_id(feed, name),
        feed_id=feed,
        guid=name,
        updated_at=None if updated is None else at(updated),
        **known,  # type: ignore[arg-type] # a builder for tests
    )


@cache
def a_fingerprint(words: str) -> Fingerprint:
    """A fingerprint that is as similar to another as the words are: one value per word.

    Made by hand so that a test can say how similar two texts are: 16 words, each with a band and 40
    letters of the sketch.
    """
    hashes = [stable_id("word", word) for word in words.split()]
    assert len(hashes) == 16
    return Fingerprint(
        text_hash=stable_id("text", words),
        bands=tuple(hashes),
        sketch="".join(
            chr(48 + stable_id("letter", str(value), str(at)) % 64)
            for value in hashes
            for at in range(40)
        ),
        shingle_count=400,
    )


def an_article(
    name: str,
    words: str | None = None,
    *,
    host: str = "news.example",
    read: float | None = 1,
    topics: Sequence[str] = ("OpenAI",),
    **fields: object,
) -> Article:
    """Article `name` with a text of 16 words (its own, if none are given)."""
    words = words or " ".join(f"{name}{number}" for number in range(16))
    url = f"https://{host}/{name}"
    known: dict[str, object] = {"title": f"Title of {name}", "language": "en", **fields}
    return Article(
        article_id=article_id(url),
        canonical_url=url,
        url=url,
        text=words.replace(" ", "\n\n"),
        topics=tuple(
            TopicMatch(topic, 0.5, (Mention(topic, Place.LEAD, 3, 2),)) for topic in topics
        ),
        fingerprint=a_fingerprint(words),
        fetched_at=None if read is None else at(read),
        **known,  # type: ignore[arg-type] # a builder for tests
    )


def an_outcome(
    name: str, state: EntryState, hours: float, *, feed: int = 1, **fields: object
) -> EntryOutcome:
    """What became of entry `name` so many hours into the made-up time."""
    return EntryOutcome(entry_id(feed, name), state, at(hours), **fields)  # type: ignore[arg-type]


def a_batch(name: str, hours: float = 0, kind: str = "harvest", **records: object) -> Batch:
    """A batch made so many hours into the made-up time."""
    return Batch(name, kind, at(hours), **records)  # type: ignore[arg-type] # a builder for tests


def stored_articles(name: str, first: int, last: int, copies: int = 0) -> Batch:
    """A batch of articles with their entries, the last `copies` of them with the text of others."""
    numbers = range(first, last)
    texts = [number - copies if number >= last - copies else number for number in numbers]
    articles = tuple(
        an_article(f"a{number}", " ".join(f"t{text}w{word}" for word in range(16)), read=first)
        for number, text in zip(numbers, texts, strict=True)
    )
    return a_batch(
        name,
        first,
        entries=tuple(an_entry(f"a{number}") for number in numbers),
        articles=articles,
        outcomes=tuple(
            an_outcome(
                f"a{number}",
                EntryState.STORED,
                first + number / 100,
                article_id=article.article_id,
                topics_digest="d",
            )
            for number, article in zip(numbers, articles, strict=True)
        ),
    )


@dataclass(frozen=True)
class Bench:
    """A desk with short words for what tests do all the time."""

    desk: Desk
    made: bool = False
    """Whether its warehouse is made by the program, not copied from an empty one."""

    @classmethod
    def in_folder(cls, folder: Path) -> Bench:
        """A desk in `folder`."""
        return cls(Desk.at(folder / "clips.duckdb"))

    def open(self) -> AbstractContextManager[Warehouse]:
        """The private warehouse, which is empty at first."""
        if not self.made and not self.desk.lake:
            put_warehouse(self.desk)
        return open_warehouse(self.desk)

    def load(self, *batches: Batch) -> LoadReport:
        """Land the batches and load them."""
        with self.open() as wh:
            return self.load_into(wh, *batches)

    def fill(self, *batches: Batch) -> None:
        """The same for a desk that is empty yet, of which nothing but the rows matters: what was
        loaded for another test is copied."""
        if self.made or self.desk.lake:
            self.load(*batches)
        else:
            put_filled(self.desk, batches, at(1000))

    def load_into(self, wh: Warehouse, *batches: Batch) -> LoadReport:
        """Land the batches and load them into the warehouse at hand."""
        for batch in batches:
            land(self.desk, batch)
        return load_landed(wh, self.desk, loaded_at=at(1000))

    def rows(self, sql: str) -> list[Row]:
        """What the private warehouse answers."""
        with self.open() as wh:
            return wh.execute(sql)


def damage(path: Path, table: str) -> None:
    """Turn one byte of a warehouse file, in a block that holds data of `table`."""
    with duckdb.connect(path, read_only=True) as connection:
        ((block,),) = connection.execute(
            "SELECT max(block_id) FROM pragma_storage_info($table)", {"table": table}
        ).fetchall()
        ((size,),) = connection.execute("SELECT block_size FROM pragma_database_size()").fetchall()
    mode = path.stat().st_mode
    path.chmod(0o644)
    with path.open("r+b") as file:
        place = file.seek(3 * HEADER + block * size + size // 256)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes((byte ^ 0xFF,)))
    path.chmod(mode)
