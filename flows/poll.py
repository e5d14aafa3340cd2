"""Poll: ask each due feed what is new.

    due feeds ─ conditional GET ─ parse ─ decide ─▶ one batch: entries and each feed's next state

A feed's state and its entries land in one batch, so a crash in between costs a repeated poll,
never an entry. What becomes of a feed is decided in `flows.feed_state`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from flows.feed_state import Poll, body_hash, brings_body, decide_failure, decide_feed, validators
from flows.moving import permanent_target
from flows.together import together
from flows.tools import Tools
from flows.websub.rhythm import after_polls
from parsers.errors import PressclipError, Retry
from parsers.hubs import with_hub_of
from warehouse.records import Feed

log = logging.getLogger(__name__)


def chunks_of(feeds: Sequence[Feed], size: int) -> tuple[tuple[Feed, ...], ...]:
    """`feeds` in chunks of at most `size`."""
    return tuple(tuple(feeds[start : start + size]) for start in range(0, len(feeds), size))


@dataclass(frozen=True, slots=True)
class PollCounts:
    """What asking some feeds brought. Counts only: the entries themselves are landed, and a run
    over many feeds must not hold them all."""

    polled: int = 0
    failed: int = 0
    entries: int = 0
    """Entries in the feeds that were read, new or not."""

    def __add__(self, other: PollCounts) -> PollCounts:
        return PollCounts(
            self.polled + other.polled, self.failed + other.failed, self.entries + other.entries
        )


PollChunk = Callable[[Tools, Sequence[Feed]], Coroutine[Any, Any, PollCounts]]


async def poll_chunk(tools: Tools, feeds: Sequence[Feed]) -> PollCounts:
    """Asks `feeds` side by side and lands the answers as one batch."""
    polls = await together(poll_feed(tools, feed) for feed in feeds)
    if tools.subscriptions is not None:
        every = tools.settings.push_poll_interval
        polls = after_polls(tools.subscriptions, feeds, polls, every=every)
    await tools.land(
        tools.batch(
            "poll",
            feeds=tuple(poll.feed for poll in polls),
            entries=tuple(entry for poll in polls for entry in poll.entries),
            failures=tuple(poll.failure for poll in polls if poll.failure),
        )
    )
    return PollCounts(
        polled=len(polls),
        failed=sum(1 for poll in polls if poll.feed.failures),
        entries=sum(len(poll.entries) for poll in polls),
    )


async def poll_feed(tools: Tools, feed: Feed) -> Poll:
    """Asks one feed. Never raises: what goes wrong is the poll's failure."""
    asked_at = tools.now()
    try:
        # A feed has a time of its own to be asked again, and others wait for this run's polls.
        fetched = await tools.client.get_traced(
            feed.url, headers=validators(feed, asked_at), patient=False
        )
        page = fetched.page
        answered = brings_body(feed, page)
        parsed = None
        if answered and body_hash(page) != feed.body_hash:
            parsed = await tools.pool.feed(
                page, feed.feed_id, tools.now(), tools.settings.max_entries
            )
            parsed = with_hub_of(page, parsed)
        poll = decide_feed(
            feed,
            page,
            parsed,
            now=tools.now(),
            interval=tools.settings.poll_interval,
            target=permanent_target(fetched.hops),
        )
    except PressclipError as error:
        poll = decide_failure(feed, error, now=tools.now(), interval=tools.settings.poll_interval)
    except Exception as error:
        # A fault of ours in one feed must not cost the run its other feeds.
        log.exception("polling %s failed in a way nobody foresaw", feed.url)
        unforeseen = Retry("unforeseen", f"Polling {feed.url}: {type(error).__name__}: {error}")
        poll = decide_failure(
            feed, unforeseen, now=tools.now(), interval=tools.settings.poll_interval
        )
    tools.listener.feed_polled(poll)
    return poll
