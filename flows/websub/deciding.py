"""What becomes of subscriptions. Pure: feeds, subscriptions and what a hub said go in."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from flows.websub.subscription import Intent, Subscription, SubscriptionState, Verdict
from warehouse.queue.clock import AHEAD
from warehouse.records import Feed, FeedHealth

FIRST_PAUSE = timedelta(minutes=5)
"""How long a hub has to verify before it is asked again; doubles with each try."""
LONGEST_PAUSE = timedelta(days=1)
LONGEST_LEASE = timedelta(days=30)
"""Longer leases are renewed as if they were this long: a hub may have forgotten us."""
PATIENCE = timedelta(days=3)
"""How long a hub is asked to forget us before we forget it."""
PASS_ON_PAUSE = timedelta(minutes=1)
"""Between two polls of a feed that are started by pushes, however many come."""
_METHODS = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
"""Those that the Recommendation names (section 8)."""


def watched_hubs(feeds: Iterable[Feed]) -> dict[int, tuple[str, str]]:
    """Hub and topic of each feed that advertises a hub and is still asked, by the feed's id."""
    return {
        feed.feed_id: (feed.hub_url, feed.self_url or feed.url)
        for feed in feeds
        if feed.hub_url and feed.health is not FeedHealth.RETIRED
    }


def plan_asks(
    hubs: Mapping[int, tuple[str, str]],
    known: Iterable[Subscription],
    *,
    now: datetime,
    new_token: Callable[[], str],
) -> tuple[Subscription, ...]:
    """The subscriptions whose hub is to be asked now, as they are once it was: new ones, those
    to renew, those that were not answered, and those to give up."""
    by_feed = {subscription.feed_id: subscription for subscription in known}
    asks = [
        _asked(subscription, now, leaving=feed_id not in hubs)
        for feed_id, subscription in by_feed.items()
        if _is_due(subscription, hubs.get(feed_id), now)
    ]
    for feed_id, (hub, topic) in hubs.items():
        before = by_feed.get(feed_id)
        if before and _is_for(before, (hub, topic)) and before.state is not _LEAVING:
            continue
        # Another hub or topic, or a feed that is watched again, gets a callback of its own: what
        # the old one still sends is answered 410.
        fresh = Subscription(
            feed_id, hub, topic, new_token(), new_token(), SubscriptionState.ASKED, now
        )
        asks.append(_asked(fresh, now, leaving=False))
    return tuple(asks)


_LEAVING = SubscriptionState.LEAVING


def _is_for(subscription: Subscription, hub: tuple[str, str]) -> bool:
    return (subscription.hub_url, subscription.topic_url) == hub


def _is_due(subscription: Subscription, hub: tuple[str, str] | None, now: datetime) -> bool:
    if hub is None:
        starting = subscription.state is not _LEAVING
        return starting or (subscription.ask_at is not None and subscription.ask_at <= now)
    if subscription.state is _LEAVING or not _is_for(subscription, hub):
        return False
    asked_for = subscription.ask_at is not None and subscription.ask_at <= now
    return asked_for or is_ahead(subscription, now)


def is_ahead(subscription: Subscription, now: datetime) -> bool:
    """Whether its times are of a clock that was ahead: neither they nor its lease count."""
    return subscription.since > now + AHEAD


def _asked(subscription: Subscription, now: datetime, *, leaving: bool) -> Subscription:
    """`subscription` once its hub was asked: asked again later, unless it verifies before."""
    state = subscription.state
    if leaving and state is not _LEAVING:
        subscription = replace(subscription, asks=0)
        state = _LEAVING
    elif state is SubscriptionState.DENIED or _has_ended(subscription, now):
        state = SubscriptionState.ASKED
    pause = min(FIRST_PAUSE * 2 ** min(subscription.asks, 12), LONGEST_PAUSE)
    return replace(
        subscription,
        state=state,
        since=min(subscription.since, now) if state is subscription.state else now,
        ask_at=now + pause,
        asks=subscription.asks + 1,
    )


def _has_ended(subscription: Subscription, now: datetime) -> bool:
    ended = subscription.lease_until is not None and subscription.lease_until <= now
    return subscription.state is SubscriptionState.ACTIVE and (ended or is_ahead(subscription, now))


def is_forgotten(subscription: Subscription, now: datetime) -> bool:
    """Whether a hub was asked to forget us for long enough without an answer."""
    return subscription.state is _LEAVING and now - subscription.since > PATIENCE


def not_taken(
    subscription: Subscription, reason: str, after: float | None, now: datetime
) -> Subscription:
    """`subscription` whose hub did not take what it was asked; `after` seconds, if it said so,
    are waited before it is asked again."""
    asked = now + timedelta(seconds=after or 0)
    return replace(subscription, reason=reason, ask_at=max(subscription.ask_at or now, asked))


def decide_intent(
    subscription: Subscription, intent: Intent, *, wanted_lease: float, now: datetime
) -> Verdict | None:
    """What becomes of `subscription` by what its hub wants confirmed; None: nothing, because it
    is not what we asked for (WebSub, section 5.3: the hub is to be answered 404)."""
    if intent.topic != subscription.topic_url:
        return None
    if intent.mode == "denied":
        reason = f"denied: {intent.reason[:200]}" if intent.reason else "denied"
        denied = replace(
            subscription,
            state=SubscriptionState.DENIED,
            since=now,
            ask_at=now + LONGEST_PAUSE,
            asks=0,
            lease_until=None,
            reason=reason,
        )
        return Verdict(denied, "")
    if not intent.challenge or not subscription.asks:
        return None
    leaving = subscription.state is _LEAVING
    if intent.mode == "unsubscribe" and leaving:
        return Verdict(None, intent.challenge)
    if intent.mode != "subscribe" or leaving:
        return None
    lease = _lease(intent.lease_seconds, wanted_lease)
    active = replace(
        subscription,
        state=SubscriptionState.ACTIVE,
        since=now,
        # Two thirds leave a third for a hub that is down.
        ask_at=now + min(lease, LONGEST_LEASE) * 2 / 3,
        asks=0,
        lease_until=now + lease,
        reason=None,
    )
    return Verdict(active, intent.challenge)


def _lease(said: str, wanted: float) -> timedelta:
    """What the hub says counts, if it is a number of seconds; it must, but not every one does."""
    seconds = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
    return timedelta(seconds=seconds or wanted)


def signature_checker(secret: str, header: str) -> Signature | None:
    """Takes a push's body piece by piece and says whether `header` (X-Hub-Signature) signs it;
    None where it is no signature at all."""
    method, _, signed = header.strip().partition("=")
    if method.lower() not in _METHODS:
        return None
    return Signature(hmac.new(secret.encode(), digestmod=_METHODS[method.lower()]), signed)


class Signature:
    """A signature that is being checked."""

    def __init__(self, made: hmac.HMAC, signed: str) -> None:
        self._made = made
        self._signed = signed

    def feed(self, piece: bytes) -> None:
        """Takes the next piece of the body."""
        self._made.update(piece)

    def is_right(self) -> bool:
        """Whether the body so far is what was signed; takes the same time either way."""
        given = self._signed.strip().lower().encode("utf-8", "replace")
        return hmac.compare_digest(self._made.hexdigest().encode(), given)


def to_pass_on(with_news: Iterable[Subscription], now: datetime) -> tuple[Subscription, ...]:
    """Those of the subscriptions with an untold push that may be polled now: however many pushes
    come, each feed is polled for them once in a while."""
    return tuple(
        subscription
        for subscription in with_news
        if subscription.passed_on_at is None
        or abs(now - subscription.passed_on_at) >= PASS_ON_PAUSE
    )
