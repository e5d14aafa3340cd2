"""Polling over real HTTP: what servers answer to conditional requests, and what that is worth."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import clock
from flows.cli.commands.ingest import summary
from flows.decisions.feed_state import Poll, decide_failure
from flows.parser_pool.pool import ParserPool
from flows.run.context import open_run
from flows.settings import Settings
from flows.steps.ingest import IngestReport, hosts_waited_for, poll
from flows.steps.poll import ENTRY_SIZE, Answers, PollCounts, counts_of, poll_chunk, poll_feed
from flows.steps.publish import publish_copy
from flows.steps.subscriptions import subscribe
from parsers.errors import Retry
from parsers.feeds.opml import OpmlFeed
from tests.faults.hostile import item, rss
from tests.servers.site import Request, Site, answer
from tests.settings import settings
from warehouse.loading.landing import landed
from warehouse.published.read import read
from warehouse.queue.feeds import due_feeds
from warehouse.records import Feed, FeedHealth


async def test_a_server_that_always_says_that_nothing_changed_is_failing(tmp_path: Path) -> None:
    """Audit: it looked healthy for ever, and nothing was ever read."""

    async def liar(request: Request, writer: asyncio.StreamWriter) -> None:
        honest = not site.log[1:]
        body = rss(item("one", "http://a.example/1"))
        good = answer(200, {"ETag": '"1"'}, body) if honest else answer(304, {}, b"")
        await good(request, writer)

    def told(poll: Poll) -> tuple[FeedHealth, str | None]:
        return poll.feed.health, poll.failure.error if poll.failure else None

    async with Site({"*": liar}) as site, open_run(settings(tmp_path)) as run:
        read = await poll_feed(run, Feed(feed_id=1, url=site.url("/feed")))
        assert len(read.entries) == 1
        same = await poll_feed(run, read.feed)
        assert told(same) == (FeedHealth.OK, None), "it was asked for that answer"
        fetched_at = same.feed.full_fetch_at
        assert fetched_at is not None
        later = replace(same.feed, full_fetch_at=fetched_at - timedelta(days=1))
        lied = await poll_feed(run, later)
        assert told(lied) == (FeedHealth.FAILING, "lying_304")
        assert lied.feed.succeeded_at == same.feed.succeeded_at
        new = await poll_feed(run, Feed(feed_id=2, url=site.url("/feed")))
        assert told(new) == (FeedHealth.FAILING, "lying_304")


async def test_feeds_with_very_much_in_them_are_landed_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One has a long text, the others are many short entries.
    monkeypatch.setattr("flows.steps.poll.MAX_SIZE", 2 * ENTRY_SIZE)
    told = {"1": f"<description>{'word ' * 300}</description>"}
    routes = {
        f"/{n}": answer(200, {}, rss(item(n, "http://a.example/1", told.get(n, "")))) for n in "123"
    }
    async with Site(routes) as site, open_run(settings(tmp_path)) as run:
        feeds = [Feed(feed_id=n, url=site.url(f"/{n}")) for n in range(1, 5)]
        assert await poll_chunk(run, feeds, Answers(run)) == PollCounts(4, 1, 3)
        assert len(landed(run.desk)) > 1
        await run.load()
        await publish_copy(run)
        assert read(run.desk, "SELECT count(*) FROM feeds").rows == ((4,),)
        assert read(run.desk, "SELECT count(*) FROM entries").rows == ((3,),)


async def test_a_round_of_unchanged_feeds_is_one_batch_and_starts_no_parser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.steps.ingest.FEEDS_PER_CHUNK", 2)

    async def feed(request: Request, writer: asyncio.StreamWriter) -> None:
        known = "if-none-match" in {name.lower() for name in request.headers}
        body = b"" if known else rss(item(request.target, f"http://a.example{request.target}"))
        await answer(304 if known else 200, {"ETag": '"1"'}, body)(request, writer)

    async with Site({"*": feed}) as site:
        given = settings(tmp_path)
        subscribe(given, [OpmlFeed(site.url(f"/{number}")) for number in range(5)])
        async with open_run(given) as run:
            assert (await poll(run)).entries_found == 5
        monkeypatch.setattr(ParserPool, "run", None)
        async with open_run(given, now=lambda: clock.now() + timedelta(hours=13)) as run:
            report = await poll(run)
            assert (report.feeds_polled, report.feeds_failed, report.entries_found) == (5, 0, 0)
            told = "SELECT count(*) FROM batches WHERE kind = 'poll' GROUP BY feeds ORDER BY feeds"
            asked = "SELECT count(*) FROM feeds WHERE polled_at > now() + INTERVAL 12 HOUR"
            assert await run.in_warehouse(lambda wh: wh.execute(told)) == [(1,), (2,), (1,)]
            assert await run.in_warehouse(lambda wh: wh.execute(asked)) == [(5,)]


def test_feeds_whose_host_rests_are_counted_apart() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    feeds = [Feed(number, f"https://a.example/{number}") for number in range(3)]
    resting = Retry("host_paused", "resting", after=7200)
    polls = [decide_failure(feed, resting, now=now, interval=600) for feed in feeds[:2]]
    busy = Retry("http_429", "busy", after=7200)
    polls.append(decide_failure(feeds[2], busy, now=now, interval=600))
    assert sum(map(counts_of, polls), PollCounts()) == PollCounts(1, 1, 0, waiting=2)


async def test_one_429_is_shown_with_all_that_waits_for_its_host(tmp_path: Path) -> None:
    """And what waited is asked first once the rest is over."""
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    routes = {
        "/0": answer(429, {"Retry-After": "7200"}, b""),
        "*": answer(200, {}, rss(item("one", "http://a.example/1"))),
    }
    async with Site(routes) as site, open_run(settings(tmp_path), now=lambda: now) as run:
        feeds = [Feed(number, site.url(f"/{number}")) for number in range(4)]
        for feed in feeds:
            await poll_chunk(run, [feed], Answers(run))
        await run.load()
        (waiting,) = await hosts_waited_for(run)
        assert (waiting.feeds, waiting.pages, waiting.reason) == (3, 0, "host_paused")
        assert now + timedelta(hours=2) <= waiting.until <= now + timedelta(hours=3)
        await publish_copy(run)
        reasons = read(run.desk, "SELECT reason FROM sources WHERE health = 'new'").rows
        assert len(reasons) == 3
        assert str(reasons[0][0]).startswith(f"waiting for {waiting.host} until 2026-11-22 1")
        report = IngestReport(1, 1, feeds_waiting=3, resting=(waiting,))
        told = summary(report, Settings())
        assert "Polled 1 feed (1 failed; see `pressclip status`); 3 feeds waiting for 127" in told
        due = await run.in_warehouse(lambda wh: due_feeds(wh, now + timedelta(days=1)))
        assert due[-1].feed_id == 0
