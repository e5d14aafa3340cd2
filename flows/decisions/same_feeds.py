"""Which feeds are one feed under several addresses. Pure.

Spellings that RFC 3986 calls equal are one address. A final slash, `http` for `https` and `utm_`
parameters may be another address, so that takes evidence: both gave the same bytes, or one
redirects to the other. The feed known longest stays, and is asked alone; of the others the row
stays, and says which feed it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from flows.decisions.feed_state import Poll
from parsers.feeds.opml import joined_categories
from parsers.urls import plain_address
from warehouse.records import SAME_FEED, Feed, FeedHealth

_GAPS = ("title", "site_url", "language", "named_site", "naming_page")
"""What the feed that stays takes over where it does not know it."""


@dataclass(frozen=True, slots=True)
class United:
    """What polls come to once feeds that are one are one."""

    polls: tuple[Poll, ...]
    """Those given: of a feed that is another one without its entries."""
    further: tuple[Feed, ...] = ()
    """States of feeds that were not polled."""

    @property
    def same(self) -> dict[int, int]:
        """Which feed each is that is another one."""
        feeds = (*(poll.feed for poll in self.polls), *self.further)
        return {feed.feed_id: feed.same_feed_id for feed in feeds if feed.same_feed_id is not None}


def one_feed(polls: Sequence[Poll], known: Iterable[Feed], finals: Mapping[int, str]) -> United:
    """`polls`, in which feeds that are one of those that are `known` longer (the longest first) say
    so. `finals` are the addresses at which polled feeds answered."""
    polled = {poll.feed.feed_id: poll.feed for poll in polls}
    before = {feed.feed_id: feed for feed in known}
    states = {number: polled.get(number, feed) for number, feed in before.items()}
    keys = {loose_address(feed.url) for feed in polled.values()}
    by_key: defaultdict[str, list[int]] = defaultdict(list)
    for number, feed in states.items():
        if (key := loose_address(feed.url)) in keys:
            by_key[key].append(number)
    for alike in by_key.values():
        for younger, elder in _pairs(alike, states, finals):
            states |= _united(states, younger, elder, asked=elder in polled)
    results = tuple(_with_state(poll, states.get(poll.feed.feed_id, poll.feed)) for poll in polls)
    further = (
        feed for number, feed in states.items() if number not in polled and feed != before[number]
    )
    return United(results, tuple(further))


def _with_state(poll: Poll, feed: Feed) -> Poll:
    if feed is poll.feed and not feed.same_feed_id:
        return poll
    return replace(poll, feed=feed, entries=() if feed.same_feed_id else poll.entries)


def _pairs(
    alike: Sequence[int], states: Mapping[int, Feed], finals: Mapping[int, str]
) -> Iterator[tuple[int, int]]:
    """The younger feed and the elder that it is, of feeds in the order in which they became known;
    those that were told to be one before, too."""
    for at, younger in enumerate(alike):
        for elder in alike[:at]:
            if states[younger].same_feed_id == elder or _is_same(
                states[younger], states[elder], finals
            ):
                yield younger, elder
                break


def _is_same(younger: Feed, elder: Feed, finals: Mapping[int, str]) -> bool:
    if FeedHealth.RETIRED in {younger.health, elder.health}:
        return False
    addresses = plain_address(younger.url), plain_address(elder.url)
    if addresses[0] == addresses[1]:
        return True
    if elder.failures:
        return False
    ends = tuple(
        plain_address(end) if (end := finals.get(feed.feed_id)) else None
        for feed in (younger, elder)
    )
    if ends[0] == addresses[1] or ends[1] == addresses[0]:
        return True
    # An empty feed has the bytes of any other that is empty.
    is_told = younger.body_hash is not None and younger.newest_entry_id is not None
    return is_told and younger.body_hash == elder.body_hash


def _united(
    states: Mapping[int, Feed], younger: int, elder: int, *, asked: bool
) -> dict[int, Feed]:
    """The states of two feeds that are one, and of those that were the younger one before."""
    one, other = states[elder], states[younger]
    stays = replace(
        one,
        category=joined_categories(one.category, other.category),
        former_url=one.former_url or _other_address(one, other),
        **{name: getattr(one, name) or getattr(other, name) for name in _GAPS},
    )
    if other.same_feed_id is None and not asked and one.body_hash != other.body_hash:
        # What the younger one showed is not taken from it, but asked for at once.
        stays = replace(stays, next_poll_at=None)
    goes = replace(
        other,
        health=FeedHealth.RETIRED,
        error=SAME_FEED,
        failures=0,
        next_poll_at=None,
        same_feed_id=elder,
    )
    followers = {
        number: replace(feed, same_feed_id=elder)
        for number, feed in states.items()
        if feed.same_feed_id == younger
    }
    return {elder: stays, younger: goes, **followers}


def _other_address(one: Feed, other: Feed) -> str | None:
    """Where the one that stays is looked for if it fails."""
    return None if plain_address(one.url) == plain_address(other.url) else other.url


@lru_cache(maxsize=20_000)
def loose_address(url: str) -> str:
    """What addresses have in common that may be one feed's."""
    address, _, query = plain_address(url).partition("://")[2].partition("?")
    kept = [part for part in query.split("&") if part and not part.lower().startswith("utm_")]
    return "?".join(filter(None, (address.rstrip("/"), "&".join(kept))))
