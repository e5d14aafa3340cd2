"""What stands behind the question mark of a link: filters that can be kept and passed on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from flows.web.answers import not_understood

SPANS = (1, 7, 30, 90, 365)
"""Days that filters of time offer."""
LONGEST_WORDS = 200
"""Characters of a search."""


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """From when until when; None: without end."""

    since: datetime | None
    until: datetime | None


def span_of(query: Mapping[str, str], now: datetime) -> TimeSpan:
    """The time that a link names: the last `days`, or `from` and `to`, whole days in UTC."""
    if text := query.get("days"):
        if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= 36_500:
            raise not_understood("days must be a number of days; got something else.")
        # By whole hours, so that a page is the same for a while.
        hour = now.replace(minute=0, second=0, microsecond=0)
        return TimeSpan(hour - timedelta(days=int(text)), None)
    first, last = _day(query, "from"), _day(query, "to")
    return TimeSpan(
        datetime.combine(first, time(), UTC) if first else None,
        datetime.combine(last, time(), UTC) + timedelta(days=1) if last else None,
    )


def _day(query: Mapping[str, str], name: str) -> date | None:
    text = query.get(name)
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise not_understood(f"{name} must be a day such as 2026-11-02.") from error
    if not 1900 <= found.year <= 2200:
        raise not_understood(f"{name} must be a day between 1900 and 2200.")
    return found


def moment_in(query: Mapping[str, str], name: str) -> datetime | None:
    """A moment that a link names."""
    text = query.get(name)
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        at = found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise not_understood(f"{name} must be a moment.") from error
    if found.tzinfo is None:
        raise not_understood(f"{name} must be a moment with a zone.")
    return at


def changed(query: Mapping[str, str], **changes: str | None) -> str:
    """The query with some of its parts changed; None takes one away. Begins with a question mark;
    a question mark alone where nothing is left."""
    parts = {**query, **changes}
    return "?" + urlencode({name: value for name, value in parts.items() if value})


def number_in(query: Mapping[str, str], name: str) -> int | None:
    """A number from 1 on that a link names."""
    text = query.get(name)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise not_understood(f"{name} must be a number from 1 on.")
    return int(text)


def share_of(query: Mapping[str, str], name: str) -> float | None:
    """A number from 0 to 1 that a link names."""
    text = query.get(name)
    if not text:
        return None
    try:
        found = float(text)
    except ValueError as error:
        raise not_understood(f"{name} must be a number from 0 to 1.") from error
    if not 0 <= found <= 1:
        raise not_understood(f"{name} must be a number from 0 to 1.")
    return found
