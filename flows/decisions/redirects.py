"""Whether a feed moved: permanent redirects, confirmed; and the way back. Pure.

A redirect rewrites nothing at once: captive portals, broken deployments and bought-up domains
all redirect. Only 301 and 308 speak of a move (RFC 9110, sections 15.4.2 and 15.4.9), and only
where they say the same for days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from flows.decisions.speaking import among_sites
from flows.fetch.fetched import Hop
from warehouse.records import Feed

CONFIRMATIONS = 3
"""Polls in a row that must be redirected to one place …"""
CONFIRMED_AFTER = timedelta(days=3)
"""… over at least so long."""
WAY_BACK = 5
"""Failed polls in a row after which a feed that moved is looked for in its former place."""
_PERMANENT = frozenset({301, 308})


def permanent_target(hops: Sequence[Hop]) -> str | None:
    """Where an unbroken row of permanent redirects leads; None where the first is another one, or
    where they lead from https to http, or to another site which only passed them on: what it passes
    on is not its word."""
    target = None
    for hop in hops:
        if hop.status not in _PERMANENT or _downgrades(hop):
            passed_on = target is not None and not among_sites(target, (hops[0].url,))
            return None if passed_on else target
        target = hop.target
    return target


def _downgrades(hop: Hop) -> bool:
    return hop.url.startswith("https:") and not hop.target.startswith("https:")


def follow_moves(feed: Feed, target: str | None, now: datetime) -> Feed:
    """`feed` after a poll that succeeded and was redirected for good to `target`, if it was."""
    if target is None or target == feed.url:
        if feed.moving_since is None and feed.moving_to is None and not feed.moving_polls:
            return feed
        return replace(feed, moving_to=None, moving_polls=0, moving_since=None)
    if target != feed.moving_to or feed.moving_since is None:
        return replace(feed, moving_to=target, moving_polls=1, moving_since=now)
    seen = replace(feed, moving_polls=feed.moving_polls + 1)
    if seen.moving_polls < CONFIRMATIONS or now - feed.moving_since < CONFIRMED_AFTER:
        return seen
    return with_url(seen, target)


def with_url(feed: Feed, url: str) -> Feed:
    """`feed` asked at `url` from now on, its former place kept."""
    return replace(
        feed,
        url=url,
        former_url=feed.url,
        proposed_url=None,
        moving_to=None,
        moving_polls=0,
        moving_since=None,
    )


def without_validators(feed: Feed) -> Feed:
    """`feed` without what another address answered: the next poll is a full one."""
    return replace(feed, etag=None, last_modified=None, body_hash=None, full_fetch_at=None)


def look_in_former_place(feed: Feed) -> Feed:
    """`feed`, which fails: asked in its former place where it moved and failed too often since."""
    if feed.former_url is None or feed.failures == 0 or feed.failures % WAY_BACK:
        return feed
    return without_validators(with_url(feed, feed.former_url))
