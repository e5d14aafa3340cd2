"""Poll: ask each due feed what is new.

    due feeds ─ conditional GET ─ parse ─ recognise ─ decide ─▶ one batch: entries and each feed's
              └ unchanged ─ decide ─▶ one batch a round         next state

A feed's state and its entries land in one batch, so a crash in between costs a repeated poll,
never an entry. Which entries are known already, under whatever name, is told before they land
(`flows.decisions.recognition`), from what the warehouse holds of these feeds. What becomes of a
feed is decided in `flows.decisions.feed_state`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flows.concurrency import drop_traceback, run_all
from flows.decisions.feed_state import (
    Poll,
    body_hash,
    brings_body,
    decide_failure,
    decide_feed,
    may_have_news,
    validators,
    was_conditional,
)
from flows.decisions.outcomes import NOT_ASKED
from flows.decisions.recognition import recognise
from flows.decisions.redirects import permanent_target
from flows.decisions.same_feeds import one_feed
from flows.discovery.sitemaps import read_as_feed, spool_for_sitemaps
from flows.fetch.memory_budget import Reservation
from flows.run.context import Run
from flows.websub.rhythm import after_polls
from parsers.errors import PressclipError, Retry, as_ours
from parsers.feeds.hubs import with_hub_of
from parsers.records import Page, ParsedFeed
from warehouse.database.warehouse import Warehouse
from warehouse.queue.entries import SeenEntry, seen_entries, seen_names
from warehouse.queue.feeds import feeds_beside
from warehouse.records import Feed

MAX_SIZE = 6_000_000
"""Characters of entries that are held before they are landed. Whoever loads them holds each batch
whole, several times over."""
ENTRY_SIZE = 1000
"""What an entry counts for beside its texts: some thousands of short ones are large, too."""
MAX_HELD = 2000
"""Answers that are held before they are landed."""


def chunks_of(feeds: Sequence[Feed], size: int) -> tuple[tuple[Feed, ...], ...]:
    """`feeds` in chunks of at most `size`."""
    return tuple(tuple(feeds[start : start + size]) for start in range(0, len(feeds), size))


@dataclass(frozen=True, slots=True)
class PollCounts:
    """What asking some feeds brought. Counts only: the entries themselves are landed, and a run
    over many feeds must not hold them all."""

    polled: int = 0
    """Feeds that were asked."""
    failed: int = 0
    """Of these, those that could not be read."""
    entries: int = 0
    """Entries in the feeds that were read, new or not."""
    waiting: int = 0
    """Feeds that were not asked, since their host rests."""

    def __add__(self, other: PollCounts) -> PollCounts:
        return PollCounts(
            self.polled + other.polled,
            self.failed + other.failed,
            self.entries + other.entries,
            self.waiting + other.waiting,
        )


def counts_of(poll: Poll) -> PollCounts:
    """What one poll counts for."""
    if poll.failure and poll.failure.error in NOT_ASKED:
        return PollCounts(waiting=1)
    return PollCounts(1, 1 if poll.feed.failures else 0, len(poll.entries))


@dataclass(frozen=True, slots=True)
class Answer:
    """What one feed answered, not yet compared with what is known of it."""

    feed: Feed
    """As it was asked."""
    at: datetime
    page: Page | None = None
    """Without its body."""
    digest: str | None = None
    """Of the body."""
    parsed: ParsedFeed | None = None
    target: str | None = None
    """Where permanent redirects led."""
    error: PressclipError | None = None
    """What went wrong, where it did not answer."""

    @property
    def is_unchanged(self) -> bool:
        """Whether the feed says that it is as it was."""
        return self.error is None and self.parsed is None

    @property
    def size(self) -> int:
        """About how many characters its entries have."""
        entries = self.parsed.entries if self.parsed else ()
        texts = sum(len(entry.content_html or "") + len(entry.summary or "") for entry in entries)
        return len(entries) * ENTRY_SIZE + texts


class Answers:
    """What feeds answered and is not landed yet."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._held: dict[int, tuple[Answer, Poll]] = {}
        self._size = 0
        self._landed: dict[int, Feed] = {}
        """The feeds of batches that are landed, as they are now: all are loaded later."""
        self._landing = asyncio.Lock()
        self.counts = PollCounts()

    async def add(self, answer: Answer, poll: Poll) -> None:
        """Holds an answer, and what becomes of its feed as long as nothing stored is looked at."""
        self._held[answer.feed.feed_id] = answer, poll
        self._size += answer.size
        if self._size >= MAX_SIZE or len(self._held) >= MAX_HELD:
            await self.land()

    async def land(self) -> None:
        """Lands what is held as one batch, after those before it."""
        async with self._landing:
            answers = [answer for answer, _ in self._held.values()]
            polls = [poll for _, poll in self._held.values()]
            self._held, self._size = {}, 0
            if answers:
                await self._land(answers, polls)

    async def _land(self, answers: Sequence[Answer], polls: Sequence[Poll]) -> None:
        seen, beside = await self._stored(answers, polls)
        polls = [
            poll
            if answer.parsed is None
            else _decide(self._run, answer, seen.get(answer.feed.feed_id, ()))
            for answer, poll in zip(answers, polls, strict=True)
        ]
        for poll in polls:
            self.counts += counts_of(poll)
        known = self._run.subscriptions
        if known is not None:
            asked = [answer.feed for answer in answers]
            polls = after_polls(known, asked, polls, every=self._run.settings.push_poll_interval)
        united = one_feed(polls, beside, _finals(answers))
        feeds = (*(poll.feed for poll in united.polls), *united.further)
        self._landed |= {feed.feed_id: feed for feed in feeds}
        await self._run.land(
            self._run.batch(
                "poll",
                feeds=feeds,
                entries=tuple(entry for poll in united.polls for entry in poll.entries),
                outcomes=tuple(outcome for poll in united.polls for outcome in poll.outcomes),
                failures=tuple(poll.failure for poll in polls if poll.failure),
            )
        )

    async def _stored(
        self, answers: Sequence[Answer], polls: Sequence[Poll]
    ) -> tuple[Mapping[int, Sequence[SeenEntry]], Sequence[Feed]]:
        """What is stored that the entries may be, by the feeds that show them, and the feeds that
        those asked may be. Nothing where the warehouse is held by someone for long: what was polled
        is landed all the same."""
        found: defaultdict[int, list[SeenEntry]] = defaultdict(list)

        def look(wh: Warehouse) -> tuple[tuple[SeenEntry, ...], tuple[Feed, ...]]:
            stored = feeds_beside(wh, [poll.feed.feed_id for poll in polls])
            beside = tuple(self._landed.get(feed.feed_id, feed) for feed in stored)
            united = one_feed(polls, beside, _finals(answers))
            shown = [entry for poll in united.polls for entry in poll.entries]
            return seen_entries(wh, shown, united.same), beside

        try:
            stored, beside = await self._run.in_warehouse(look)
        except Retry as error:
            self._run.listener.held_up(f"{error.message} What feeds said is not compared.")
            return found, ()
        for known in stored:
            found[known.shown_by].append(known)
        return found, beside


PollChunk = Callable[[Run, Sequence[Feed], Answers], Coroutine[Any, Any, PollCounts]]


async def poll_chunk(run: Run, feeds: Sequence[Feed], unchanged: Answers) -> PollCounts:
    """Asks `feeds` side by side and lands the answers as one batch, or as a few where that would be
    a very large one; but those that bring nothing new are added to `unchanged`, which is landed
    once a round, and counts them."""
    answers = Answers(run)

    async def ask(feed: Feed) -> None:
        answer = await _ask(run, feed)
        poll = _decide(run, answer)
        run.listener.feed_polled(poll)
        await (unchanged if answer.is_unchanged else answers).add(answer, poll)

    await run_all(ask(feed) for feed in feeds)
    await answers.land()
    return answers.counts


def _finals(answers: Iterable[Answer]) -> dict[int, str]:
    return {answer.feed.feed_id: answer.page.final_url for answer in answers if answer.page}


async def poll_feed(run: Run, feed: Feed) -> Poll:
    """Asks one feed, whatever is stored of it. Never raises: what goes wrong is the poll's
    failure."""
    poll = _decide(run, await _ask(run, feed))
    run.listener.feed_polled(poll)
    return poll


def _decide(run: Run, answer: Answer, seen: Sequence[SeenEntry] | None = None) -> Poll:
    """What becomes of a feed that was asked; `seen` is what is known of its entries, if anybody
    looked."""
    interval = run.settings.poll_interval
    if answer.error is not None or answer.page is None:
        failed = answer.error or Retry("unforeseen", f"{answer.feed.url} answered nothing.")
        return decide_failure(answer.feed, failed, now=answer.at, interval=interval)
    feed, parsed = answer.feed, answer.parsed
    if parsed is not None and seen is not None:
        recognised = recognise(feed, parsed, seen, now=answer.at)
        parsed = recognised.parsed
        feed = replace(feed, unstable=recognised.unstable, suspected=recognised.suspected)
    return decide_feed(
        feed,
        answer.page,
        parsed,
        now=answer.at,
        interval=interval,
        target=answer.target,
        digest=answer.digest,
    )


async def _ask(run: Run, feed: Feed) -> Answer:
    """What one feed answers. Never raises."""
    with run.client.budget.reservation() as reservation:
        try:
            return await _read(run, feed, reservation)
        except Exception as error:  # noqa: BLE001 - as_ours logs what nobody foresaw
            failed = as_ours(error, f"Polling {feed.url}", Retry)
            drop_traceback(error)
            return Answer(feed, run.now(), error=failed)


async def _read(run: Run, feed: Feed, reservation: Reservation) -> Answer:
    with spool_for_sitemaps(run) as spool:
        # A feed has a time of its own to be asked again, and others wait for this run's polls.
        fetched = await run.client.get_traced(
            feed.url,
            headers=validators(feed, run.now()),
            patient=False,
            reservation=reservation,
            spool=spool,
        )
        page = fetched.page
        answered = brings_body(feed, page, conditional=was_conditional(fetched.sent))
        digest, parsed = spool.digest if spool.path else body_hash(page), None
        if answered and may_have_news(feed, digest):
            parsed = (
                await read_as_feed(run, feed, page.final_url, spool.path)
                if spool.path
                else await _parsed(run, feed, page)
            )
            parsed = with_hub_of(page, parsed)
    target = permanent_target(fetched.hops)
    return Answer(feed, run.now(), replace(page, body=b""), digest, parsed, target)


async def _parsed(run: Run, feed: Feed, page: Page) -> ParsedFeed:
    """The feed in `page`. Of one with more entries than are read, those that are not stored yet
    come first."""
    most = run.settings.max_entries
    parsed = await run.pool.feed(page, feed.feed_id, run.now(), most)
    if not parsed.entries_dropped or feed.succeeded_at is None:
        return parsed
    try:
        known = await run.in_warehouse(lambda wh: seen_names(wh, feed.feed_id))
    except Retry as error:
        run.listener.held_up(f"{error.message} Of long feeds the newest entries are read.")
        return parsed
    return await run.pool.feed(page, feed.feed_id, run.now(), most, known)
