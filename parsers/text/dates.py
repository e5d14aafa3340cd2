"""Dates as feeds write them.

RSS asks for RFC 822 dates and Atom for RFC 3339, and feeds write everything: local month names,
zone names, no zone, twelve hours, seconds since 1970. A date without a zone is read as UTC, one
without a time as its midnight, and says so. One that could mean two days (04/05/2026) is no date.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from typing import Any

from parsers.records import DateFlag

_NAMES: dict[str, Any] = tomllib.loads(
    files("parsers").joinpath("data", "dates.toml").read_text(encoding="utf-8")
)
_MONTHS = {name: at for at, row in enumerate(_NAMES["months"], start=1) for name in row}
_AM, _PM = (
    re.compile(
        "|".join(rf"(?<![a-z]){re.escape(mark)}(?![a-z])" for mark in _NAMES["halves"][half])
    )
    for half in ("am", "pm")
)

FUTURE = timedelta(days=1)
"""A date further ahead than that is no time zone's fault."""
_LONGEST = 100
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?(?!\d)")
_OFFSET = re.compile(r"(?<=[\d:\sTCM])([+-])(\d{2}):?(\d{2})?(?!\d)")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})[-/.年년]\s?(\d{1,2})(?:[-/.月월]\s?(\d{1,2})[日일]?)?(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?)?(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as somebody stated it."""

    at: datetime
    """In UTC."""
    flag: DateFlag | None = None
    """What was missing from the statement."""


def parse_date(raw: str | None) -> datetime | None:
    """The moment that `raw` names, in UTC; None where it names none or more than one."""
    moment = parse_moment(raw)
    return moment.at if moment else None


def parse_moment(raw: str | None) -> Moment | None:
    """The same, with what is missing from it.

    Moments up to the first of 1970 are what software writes that has no date, so they are none.
    """
    if not raw or len(raw) > _LONGEST:
        return None
    text = " ".join(raw.split())
    try:
        moment = _epoch(text) or _calendar(text)
    except (ValueError, OverflowError):
        return None
    if moment is None or moment.at <= datetime(1970, 1, 1, 23, 59, 59, tzinfo=UTC):
        return None
    return moment


def _epoch(text: str) -> Moment | None:
    if not _EPOCH.fullmatch(text):
        return None
    return Moment(datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC))


def _calendar(text: str) -> Moment | None:
    """The date is read first and taken out, so that its numbers are not read as the time's."""
    lowered = text.lower()
    compact = _COMPACT.search(text)
    if compact:
        year, month, day, *clock = (int(part or 0) for part in compact.groups())
        told = (clock[0], clock[1], clock[2]) if compact[4] else None
        return _moment((year, month, day), told, text[compact.end() :])
    for read in (_year_first, _year_last, _named):
        found = read(lowered)
        if found is not None:
            date, rest = found
            return _moment(date, _clock(rest), rest)
    return None


_Three = tuple[int, int, int]
_Date = tuple[_Three, str]


def _year_first(text: str) -> _Date | None:
    match = _YEAR_FIRST.search(text)
    if match is None:
        return None
    # `T` between date and time goes too: 2026-01-02T10:00.
    rest = re.sub(r"^t(?=\d)", " ", text[match.end() :])
    return (int(match[1]), int(match[2]), int(match[3] or 1)), rest


def _year_last(text: str) -> _Date | None:
    match = _YEAR_LAST.search(text)
    if match is None:
        return None
    first, mark, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    if mark == "/" and second > 12:
        first, second = second, first
    elif mark == "/" and first <= 12 and first != second:
        # Day and month could be either way round.
        return None
    return (year, second, first), text[: match.start()] + " " + text[match.end() :]


def _named(text: str) -> _Date | None:
    months = [word for word in _WORD.finditer(text) if word[0].rstrip(".") in _MONTHS]
    if not months:
        return None
    # The last: a short weekday before it may read like a month (`mar` is Tuesday and March).
    month = months[-1]
    rest = text[: month.start()] + " " + text[month.end() :]
    # Numbers of the time are no day or year.
    bare = _CLOCK.sub(lambda clock: " " * len(clock[0]), rest)
    bare = _OFFSET.sub(lambda offset: " " * len(offset[0]), bare)
    numbers = [match[0] for match in _NUMBER.finditer(bare)]
    if len(numbers) < 2:
        return None
    day, year = numbers[0], numbers[1]
    if len(day) == 4:
        day, year = year, day
    # Two-digit years as RFC 2822 §4.3 reads them.
    full = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 50 else 1900)
    return (full, _MONTHS[month[0].rstrip(".")], int(day)), rest


def _clock(text: str) -> _Three | None:
    match = _CLOCK.search(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour <= 12:
        if _PM.search(text):
            hour = hour % 12 + 12
        elif _AM.search(text):
            hour %= 12
    return hour, minute, second


def _moment(day: _Three, clock: _Three | None, rest: str) -> Moment:
    hours, minutes, seconds = clock or (0, 0, 0)
    if hours > 24 or minutes > 59 or seconds > 60:
        raise ValueError(clock)
    local = datetime(*day, tzinfo=UTC) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    zone = _zone(rest)
    flag = DateFlag.DAY if clock is None else DateFlag.NO_ZONE if zone is None else None
    return Moment(local.replace(tzinfo=timezone(zone or timedelta())).astimezone(UTC), flag)


def _zone(rest: str) -> timedelta | None:
    """How far ahead of UTC the zone is that `rest` names; None where it names none."""
    offset = _OFFSET.search(rest.upper())
    if offset is not None:
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        if hours > 14 or minutes > 59:
            raise ValueError(rest)
        return timedelta(hours=hours, minutes=minutes) * (1 if offset[1] == "+" else -1)
    words = (word[0].rstrip(".").lower() for word in _WORD.finditer(rest))
    ahead = next((_NAMES["zones"][word] for word in words if word in _NAMES["zones"]), None)
    return None if ahead is None else timedelta(hours=ahead)
