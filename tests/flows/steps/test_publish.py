"""The copy that people read, as a run brings it up to date."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import clock
from flows.run.context import open_run
from flows.run.listener import LogListener
from flows.steps.publish import publish_all, publish_copy, what_is_published
from tests.settings import settings
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import land
from warehouse.loading.load import load_landed
from warehouse.published.publish import Published, publish
from warehouse.published.read import read
from warehouse.records import Batch, Feed


def load_a_feed(desk: Desk, number: int) -> None:
    """As another run does."""
    feed = Feed(number, f"https://{number}.example/feed")
    land(desk, Batch(f"batch-{number}", "feeds", clock.now(), feeds=(feed,)))
    with open_warehouse(desk) as wh:
        load_landed(wh, desk, loaded_at=clock.now())


@dataclass
class LoadsMeanwhile(LogListener):
    """Another run, which loads something as soon as a copy is published."""

    desk: Desk
    copies: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def copy_published(self, published: Published) -> None:
        self.copies.append(published.changes)
        if len(self.copies) < 3:
            load_a_feed(self.desk, len(self.copies) + 1)


def test_what_is_loaded_meanwhile_is_published_too(tmp_path: Path) -> None:
    given = settings(tmp_path)
    load_a_feed(given.desk(), 1)
    listener = LoadsMeanwhile(given.desk())

    async def publish() -> list[Published | None]:
        async with open_run(given, listener) as run:
            return [await publish_all(run), await publish_all(run)]

    latest, again = asyncio.run(publish())
    assert latest is not None
    assert latest.changes == listener.copies[-1]
    assert len(listener.copies) == 3
    assert again is None
    assert read(given.desk().published, "SELECT count(*) FROM feeds").rows == ((3,),)


def test_feeds_that_can_not_be_written_hold_up_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    given = settings(tmp_path, feeds_folder=tmp_path / "feeds")
    load_a_feed(given.desk(), 1)

    def fails(*_: object) -> None:
        raise TypeError("expected string or bytes-like object")

    monkeypatch.setattr("flows.steps.publish.write_feeds", fails)

    async def publish() -> Published | None:
        async with open_run(given) as at_hand:
            return await publish_copy(at_hand)

    assert asyncio.run(publish())
    assert "Traceback" in caplog.text
    assert "are not up to date: expected string" in caplog.text


def test_what_is_published_says_since_when(tmp_path: Path) -> None:
    desk = settings(tmp_path).desk()
    assert "pressclip ingest" in what_is_published(desk)
    load_a_feed(desk, 1)
    publish(desk, now=datetime(2026, 3, 1, 12, 43, tzinfo=UTC))
    assert what_is_published(desk) == "the copy of 12:43 UTC has it all"
