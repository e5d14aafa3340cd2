"""When a feed is asked again: what its owner allows, and what its rhythm makes worthwhile. Pure.

    rhythm ─▶ poll_every ─┐
    max-age, ttl ─────────┴▶ the longer ─▶ a little jitter ─▶ not in skipped hours or days

The owner's word is a floor, ours only ever makes it later; both end at `LONGEST`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flows.decisions.new_entries import NewEntries
from parsers.identity import stable_id
from warehouse.records import Feed

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=1)
"""No feed may ask for more: one full fetch a day is how a lying 304 is found out."""
OFTENER = 3.0
"""How many times as often as the setting says a busy feed is asked, at most."""
SELDOMER = 8.0
"""How many times as seldom a quiet one is asked, at most."""
_JITTER = 0.1
_TURNED_OVER = 0.5
_SILENCE = 0.1
"""Share of the time since its newest entry for which a feed may be left alone, however often it
used to have one: an hour after a quiet night, the longest after a weekend."""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK_OF_HOURS = 7 * 24


def fitting_interval(feed: Feed, news: NewEntries, *, base: float, now: datetime) -> float:
    """Seconds between two polls that fit the rhythm of `feed` (its `entry_gap` and `newest_at`
    as of this poll, the rest as of the one before).

    About half of the polls shall bring something: where one did, the interval goes to half the
    gap between entries; where none did, it grows by half, though not beyond twice that gap, so
    that a quiet night does not hide the morning. A poll that shows mostly new entries may have
    missed some, and halves it.
    """
    was, gap = feed.poll_every or base, feed.entry_gap
    if feed.succeeded_at is None:
        wanted = gap / 2 if gap else base
    elif news.share >= _TURNED_OVER:
        wanted = was / 2
    elif news.new:
        wanted = gap / 2 if gap else was / 1.5
    else:
        wanted = was * 1.5
    longest = base * SELDOMER
    if gap is not None and feed.newest_at is not None:
        silence = (now - feed.newest_at).total_seconds()
        longest = min(max(2 * gap, silence * _SILENCE, base), longest)
    return min(max(wanted, base / OFTENER), longest)


def next_poll(feed: Feed, now: datetime, pause: timedelta) -> datetime:
    """The moment at least `pause` from `now`, within the bounds, at which `feed` may be asked."""
    # Cut before it is multiplied: a header may ask for more time than there is.
    later = min(pause, LONGEST) * (1 + jitter(feed.feed_id))
    return allowed_from(feed, now + min(max(later, SHORTEST), LONGEST))


def jitter(thing_id: int) -> float:
    """A feed's or an entry's own share, between 0 and 0.1, by which its pauses are longer: what
    came together does not stay together."""
    return stable_id("jitter", str(thing_id)) / 2**64 * _JITTER


def may_be_asked(feed: Feed, now: datetime) -> bool:
    """Whether the feed's skipHours and skipDays allow a poll at `now` (RSS 2.0; both in GMT).

    A feed that skips all hours there are forbids itself; it is asked as if it skipped none.
    """
    return not _skips(feed, now) or not _has_time(feed)


def allowed_from(feed: Feed, moment: datetime) -> datetime:
    """`moment`, or the first full hour after it at which the feed may be asked."""
    if may_be_asked(feed, moment):
        return moment
    hour = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    for ahead in range(1, _WEEK_OF_HOURS + 1):
        if not _skips(feed, hour + timedelta(hours=ahead)):
            return hour + timedelta(hours=ahead)
    raise AssertionError("_has_time found an hour of the week")


def _skips(feed: Feed, moment: datetime) -> bool:
    at = moment.astimezone(UTC)
    return at.hour in feed.skip_hours or _DAYS[at.weekday()] in _lower(feed.skip_days)


def _has_time(feed: Feed) -> bool:
    hours = {hour for hour in feed.skip_hours if 0 <= hour < 24}
    return len(hours) < 24 and not set(_DAYS) <= _lower(feed.skip_days)


def _lower(days: Sequence[str]) -> set[str]:
    return {day.lower() for day in days}
