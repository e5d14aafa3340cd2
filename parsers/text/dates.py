"""Dates as feeds write them.

RSS asks for RFC 822 dates and Atom for RFC 3339, and feeds write everything: local month names,
zone names, no zone, twelve hours, seconds since 1970. A date without a zone is read as UTC, one
without a time as its midnight, and says so; so does one with a zone's name that means several. One
that could mean two days (04/05/2026) is no date. What a name means in one language only, the
language tells: `listopad` is November in Poland and October in Croatia.
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
_MONTHS_OF: dict[str, dict[str, int]] = {
    row["name"]: {language: at for language, at in row.items() if language != "name"}
    for row in _NAMES["months_by_language"]
}
_ZONES_OF: dict[str, dict[str, float]] = {
    row["name"]: {language: hours for language, hours in row.items() if language != "name"}
    for row in _NAMES["zones_by_language"]
}
_AM, _PM = (
    re.compile(
        "|".join(rf"(?<![a-z]){re.escape(mark)}(?![a-z])" for mark in _NAMES["halves"][half])
    )
    for half in ("am", "pm")
)

_NEVER = timedelta(days=31)
"""Since 1970. A time in its first month is one of today's that somebody took for seconds where it
was milliseconds."""
FUTURE = timedelta(days=1)
"""A date further ahead than that is no time zone's fault."""
_LONGEST = 100
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_CLOCK = re.compile(r"(?<![\d+])(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?(?!\d)")
_OFFSET = re.compile(
    r"(?:\b(?:UTC|GMT|UT|Z)\s*|(?<=[\d\sM])|^)([+-])(\d{1,2})(?::?(\d{2}))?(?![\d:])"
)
_YEAR_FIRST = re.compile(
    # A number behind a year that has a colon behind it is an hour: `27. rujna 2026. 10:00`.
    r"(?<!\d)(\d{4})[-/.年년]\s?(\d{1,2})(?:[-/.月월]\s?(\d{1,2})[日일]?|(?!\d*:\d))(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?)?(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_DAY = re.compile(
    r"(?<![\d/.-])(?:(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}|(?:19|20)\d{6}"
    r"|\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d\d|\d{1,2}\.?\s[^\W\d_]{3,12}\.?\s(?:19|20)\d\d"
    r"|[^\W\d_]{3,12}\.?\s\d{1,2},?\s(?:19|20)\d\d)(?!\d)"
)
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?")
_WORDS_ONLY = re.compile(r"[\d+-]+")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as somebody stated it."""

    at: datetime
    """In UTC."""
    flag: DateFlag | None = None
    """What was missing from the statement."""


def parse_date(raw: str | None, language: str | None = None) -> datetime | None:
    """The moment that `raw` names, in UTC; None where it names none or more than one. `language` is
    that of whoever wrote it."""
    moment = parse_moment(raw, language)
    return moment.at if moment else None


def parse_moment(raw: str | None, language: str | None = None) -> Moment | None:
    """The same, with what is missing from it.

    Moments up to the first of 1970 are what software writes that has no date, so they are none.
    """
    if not raw or len(raw) > _LONGEST:
        return None
    text = " ".join(raw.split())
    try:
        moment = _epoch(text) or _calendar(text, _languages(language))
    except (ValueError, OverflowError):
        return None
    if moment is None or moment.at <= datetime(1970, 1, 1, 23, 59, 59, tzinfo=UTC):
        return None
    if moment.flag is not DateFlag.DAY and moment.at < datetime(1970, 1, 1, tzinfo=UTC) + _NEVER:
        return None
    return moment


def impossible_day(text: str) -> str | None:
    """What in `text` is written as a day and is one that no calendar has, such as 2026-02-30; None
    where there is none."""
    for found in _DAY.finditer(text):
        try:
            _calendar(" ".join(found[0].split()), _languages(None))
        except (ValueError, OverflowError):
            return found[0]
    return None


def _languages(tag: str | None) -> tuple[str, ...]:
    """What a table may have for a language: its tag, and the language without the country."""
    lowered = (tag or "").lower()
    return (lowered, lowered.partition("-")[0])


def _epoch(text: str) -> Moment | None:
    if not _EPOCH.fullmatch(text):
        return None
    return Moment(datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC))


_Three = tuple[int, int, int]
_Date = tuple[_Three, str]
_Languages = tuple[str, ...]


def _calendar(text: str, languages: _Languages) -> Moment | None:
    """The date is read first and taken out, so that its numbers are not read as the time's."""
    lowered = text.lower()
    compact = _COMPACT.search(text)
    if compact:
        year, month, day, *clock = (int(part or 0) for part in compact.groups())
        told = (clock[0], clock[1], clock[2]) if compact[4] else None
        return _moment((year, month, day), told, text[compact.end() :], languages)
    found = _year_first(lowered) or _year_last(lowered) or _named(lowered, languages)
    if found is None:
        return None
    date, rest = found
    clock_at = _CLOCK.search(rest)
    if clock_at is None:
        # A day may have a zone right behind it (XML Schema has such dates).
        return _moment(date, None, rest if rest[:1] in "+-z" else "", languages)
    # Behind the time first: what stands before it may be a rest of the date.
    zone = rest[clock_at.end() :] + " " + _WORDS_ONLY.sub(" ", rest[: clock_at.start()])
    return _moment(date, _clock(clock_at, rest), zone, languages)


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


def _named(text: str, languages: _Languages) -> _Date | None:
    names = [(word, _month(word[0].rstrip("."), languages)) for word in _WORD.finditer(text)]
    months = [(word, number) for word, number in names if number is not None]
    if not months:
        return None
    # The last: a short weekday before it may read like a month (`mar` is Tuesday and March).
    word, month = months[-1]
    rest = text[: word.start()] + " " + text[word.end() :]
    # Numbers of the time, and of a zone behind it, are no day or year.
    clock = _CLOCK.search(rest)
    bare = rest
    if clock:
        behind = _OFFSET.sub(" ", rest[clock.end() :].upper())
        bare = f"{rest[: clock.start()]} {behind}"
    numbers = [match[0] for match in _NUMBER.finditer(bare)]
    if len(numbers) < 2:
        return None
    day, year = numbers[0], numbers[1]
    if len(day) == 4:
        day, year = year, day
    # Two-digit years as RFC 2822 §4.3 reads them.
    full = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 50 else 1900)
    return (full, month, int(day)), rest


def _month(name: str, languages: _Languages) -> int | None:
    """The month of that name; None for what is none, or another one in another language."""
    by_language = _MONTHS_OF.get(name)
    if by_language is None:
        return _MONTHS.get(name)
    return next((by_language[tag] for tag in languages if tag in by_language), None)


def _clock(match: re.Match[str], text: str) -> _Three:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour <= 12:
        if _PM.search(text):
            hour = hour % 12 + 12
        elif _AM.search(text):
            hour %= 12
    return hour, minute, second


def _moment(day: _Three, clock: _Three | None, rest: str, languages: _Languages) -> Moment:
    hours, minutes, seconds = clock or (0, 0, 0)
    if hours > 24 or minutes > 59 or seconds > 60:
        raise ValueError(clock)
    local = datetime(*day, tzinfo=UTC) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    zone, certain = _zone(rest, languages)
    flag = DateFlag.DAY if clock is None else None if certain else DateFlag.NO_ZONE
    return Moment(local.replace(tzinfo=timezone(zone)).astimezone(UTC), flag)


def _zone(rest: str, languages: _Languages) -> tuple[timedelta, bool]:
    """How far ahead of UTC the zone is that `rest` names, and whether that is certain: a name may
    mean zones of several countries, and there may be none."""
    offset = _OFFSET.search(rest.upper())
    if offset is not None:
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        if hours > 14 or minutes > 59:
            raise ValueError(rest)
        return timedelta(hours=hours, minutes=minutes) * (1 if offset[1] == "+" else -1), True
    for word in _WORD.finditer(rest):
        name = word[0].rstrip(".").lower()
        by_language = _ZONES_OF.get(name, {})
        told = next((by_language[tag] for tag in languages if tag in by_language), None)
        if told is not None:
            return timedelta(hours=told), True
        if name in _NAMES["zones"]:
            return timedelta(hours=_NAMES["zones"][name]), name not in _NAMES["unsure"]["zones"]
    return timedelta(), False
