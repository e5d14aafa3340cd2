"""Poll: ask each due feed what is new.

    due feeds ─ conditional GET ─ parse ─ decide ─▶ one batch: entries and each feed's next state

A feed's state and its entries land in one batch, so a crash in between costs a repeated poll,
never an entry. What becomes of a feed is decided in `flows.decisions.feed_state`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from flows.concurrency import drop_traceback, run_all
from flows.decisions.feed_state import (
    Poll,
    body_hash,
    brings_body,
    decide_failure,
    decide_feed,
    validators,
    was_conditional,
)
from flows.decisions.outcomes import NOT_ASKED
from flows.decisions.redirects import permanent_target
from flows.fetch.memory_budget import Reservation
from flows.run.context import Run
from flows.websub.rhythm import after_polls
from parsers.errors import Retry, as_ours
from parsers.feeds.hubs import with_hub_of
from parsers.records import Entry
from warehouse.records import Feed

MAX_SIZE = 16_000_000
"""Characters of entries' texts that a chunk holds before it lands them."""


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


PollChunk = Callable[[Run, Sequence[Feed]], Coroutine[Any, Any, PollCounts]]


async def poll_chunk(run: Run, feeds: Sequence[Feed]) -> PollCounts:
    """Asks `feeds` side by side and lands the answers as one batch, or as a few where that would be
    a very large one."""
    answers = _Answers(run)

    async def ask(feed: Feed) -> None:
        await answers.add(feed, await poll_feed(run, feed))

    await run_all(ask(feed) for feed in feeds)
    await answers.land()
    return answers.counts


class _Answers:
    """What feeds answered and is not landed yet."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._feeds: list[Feed] = []
        self._polls: list[Poll] = []
        self._size = 0
        self.counts = PollCounts()

    async def add(self, feed: Feed, poll: Poll) -> None:
        self._feeds.append(feed)
        self._polls.append(poll)
        self._size += sum(map(_size_of, poll.entries))
        self.counts += counts_of(poll)
        if self._size >= MAX_SIZE:
            await self.land()

    async def land(self) -> None:
        feeds, polls = self._feeds, self._polls
        if not polls:
            return
        self._feeds, self._polls, self._size = [], [], 0
        known = self._run.subscriptions
        if known is not None:
            polls = after_polls(known, feeds, polls, every=self._run.settings.push_poll_interval)
        await self._run.land(
            self._run.batch(
                "poll",
                feeds=tuple(poll.feed for poll in polls),
                entries=tuple(entry for poll in polls for entry in poll.entries),
                failures=tuple(poll.failure for poll in polls if poll.failure),
            )
        )


def _size_of(entry: Entry) -> int:
    return len(entry.content_html or "") + len(entry.summary or "")


async def poll_feed(run: Run, feed: Feed) -> Poll:
    """Asks one feed. Never raises: what goes wrong is the poll's failure."""
    with run.client.budget.reservation() as reservation:
        poll = await _poll_feed(run, feed, reservation)
    run.listener.feed_polled(poll)
    return poll


async def _poll_feed(run: Run, feed: Feed, reservation: Reservation) -> Poll:
    asked_at = run.now()
    try:
        # A feed has a time of its own to be asked again, and others wait for this run's polls.
        fetched = await run.client.get_traced(
            feed.url, headers=validators(feed, asked_at), patient=False, reservation=reservation
        )
        page = fetched.page
        answered = brings_body(feed, page, conditional=was_conditional(fetched.sent))
        parsed = None
        if answered and body_hash(page) != feed.body_hash:
            parsed = await run.pool.feed(page, feed.feed_id, run.now(), run.settings.max_entries)
            parsed = with_hub_of(page, parsed)
        return decide_feed(
            feed,
            page,
            parsed,
            now=run.now(),
            interval=run.settings.poll_interval,
            target=permanent_target(fetched.hops),
        )
    except Exception as error:  # noqa: BLE001 - as_ours logs what nobody foresaw
        failed = as_ours(error, f"Polling {feed.url}", Retry)
        drop_traceback(error)
        return decide_failure(feed, failed, now=run.now(), interval=run.settings.poll_interval)
