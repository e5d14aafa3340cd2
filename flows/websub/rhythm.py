"""How often a feed is polled that also pushes. Pure, but for `after_polls`, which remembers.

A push is trusted only as far as it has proven itself: a feed is polled less often once its hub has
pushed, for as long as the lease runs, and until a poll finds news that no push had announced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from flows.decisions.feed_state import Poll
from flows.decisions.poll_times import LONGEST, allowed_from
from flows.websub.store import Subscriptions
from flows.websub.subscription import Subscription, SubscriptionState
from warehouse.queue.clock import AHEAD
from warehouse.records import Feed

GRACE = timedelta(minutes=10)
"""How long after its date an entry may be pushed; some hubs wait until they have several."""


def after_polls(
    known: Subscriptions, feeds: Sequence[Feed], polls: Sequence[Poll], *, every: float
) -> list[Poll]:
    """`polls` of `feeds`, with the next poll of those that push put off until `every` seconds
    from now; those whose pushes failed are remembered, and keep their own rhythm."""
    by_feed = {subscription.feed_id: subscription for subscription in known.all()}
    relaxed = []
    for feed, poll in zip(feeds, polls, strict=True):
        subscription = by_feed.get(feed.feed_id)
        now = poll.feed.polled_at
        if subscription is not None and now is not None:
            if has_missed(subscription, feed, poll, now):
                known.missed([feed.feed_id], now)
            else:
                poll = poll_later(subscription, feed, poll, now=now, every=every)  # noqa: PLW2901
        relaxed.append(poll)
    return relaxed


def has_missed(subscription: Subscription, before: Feed, poll: Poll, now: datetime) -> bool:
    """Whether a poll found news of which a hub that should have pushed it said nothing."""
    pushed_at = subscription.pushed_at
    if pushed_at is None or before.body_hash == poll.feed.body_hash:
        return False
    since = max(pushed_at, before.polled_at) if before.polled_at else pushed_at
    dates = [date for entry in poll.entries if (date := entry.updated_at or entry.published_at)]
    if poll.entries and not dates:
        return before.polled_at is not None and pushed_at <= before.polled_at
    return any(since < date <= now - GRACE for date in dates)


def poll_later(
    subscription: Subscription, before: Feed, poll: Poll, *, now: datetime, every: float
) -> Poll:
    """`poll` with its feed's next poll as late as its pushes allow."""
    feed, lease_until = poll.feed, subscription.lease_until
    if feed.failures or feed.next_poll_at is None or lease_until is None:
        return poll
    if subscription.since > now + AHEAD:
        return poll  # its lease is of a clock that was ahead
    if not has_proven_itself(subscription, now) or _came_too_early(subscription, before, poll):
        return poll
    later = min(now + min(timedelta(seconds=every), LONGEST), lease_until)
    next_poll_at = allowed_from(feed, max(feed.next_poll_at, later))
    return replace(poll, feed=replace(feed, next_poll_at=next_poll_at))


def has_proven_itself(subscription: Subscription, now: datetime) -> bool:
    """Whether pushes can be relied on: there was one, and none has been missed since."""
    lasts = subscription.lease_until is not None and subscription.lease_until > now
    if subscription.state is not SubscriptionState.ACTIVE or not lasts:
        return False
    pushed_at, missed_at = subscription.pushed_at, subscription.missed_at
    return pushed_at is not None and (missed_at is None or missed_at < pushed_at)


def _came_too_early(subscription: Subscription, before: Feed, poll: Poll) -> bool:
    """Whether the poll that a push started found nothing: a cache may not know the news yet."""
    pushed_at = subscription.pushed_at
    newer = pushed_at is not None and (before.polled_at is None or pushed_at > before.polled_at)
    return newer and before.body_hash == poll.feed.body_hash
