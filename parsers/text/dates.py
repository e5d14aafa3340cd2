"""Dates as feeds write them.

RSS asks for RFC 822 dates and Atom for RFC 3339, and feeds write everything: local month names,
zone names, no zone, twelve hours, seconds since 1970. A date without a zone is read as UTC, one
without a time as its midnight, and says so; so does one with a zone's name that means several. One
that could mean two days (04/05/2026) is no date, unless its language or its zone says which comes
first. What a name means in one language only, the language tells: `listopad` is November in Poland
and October in Croatia. Digits of every script are read, and years of the Thai Buddhist era.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
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
_AM, _PM = (
    re.compile(
        "|".join(rf"(?<![a-z]){re.escape(mark)}(?![a-z])" for mark in _NAMES["halves"][half])
    )
    for half in ("am", "pm")
)
_PHRASES: dict[str, str] = {row["says"]: row["means"] for row in _NAMES["phrases"]}
_PHRASE = re.compile("|".join(map(re.escape, sorted(_PHRASES, key=len, reverse=True))))
_DAY_FIRST, _MONTH_FIRST = (
    {key: frozenset(names) for key, names in _NAMES["slashes"][order].items()}
    for order in ("day_first", "month_first")
)

_ZONES_OF: dict[str, dict[str, float]] = {
    row["name"]: {language: hours for language, hours in row.items() if language != "name"}
    for row in _NAMES["zones_by_language"]
}
_OFFSET = re.compile(
    r"(?:\b(?:UTC|GMT|UT|Z)\s*|(?<=[\d\sM])|^)([+-])(\d{1,2})(?::?(\d{2}))?(?![\d:])"
)
# Right behind the time: `et` and `pt` are words of other languages.
_AMERICAN = re.compile(r"\W*(?:[ap]\.?m\b\.?)?\W*(" + "|".join(_NAMES["american_zones"]) + r")\b")

_NEVER = timedelta(days=31)
"""Since 1970. A time in its first month is one of today's that somebody took for seconds where it
was milliseconds."""
FUTURE = timedelta(days=1)
"""A date further ahead than that is no time zone's fault."""
_LONGEST = 100
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_CLOCK = re.compile(r"(?<![\d+])(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?(?!\d)")
_CLOCK_IN_SIGNS = re.compile(r"(\d{1,2})\s?[時时시]\s?(\d{1,2})\s?[分분]?")
_CLOCK_OF_ONE = re.compile(r"(?<![\d:.+-])(\d{1,2})(?=\s?(?:[ap]m|[ap]\.m\.)(?![a-z]))")
_NUMBERED_MONTH = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2})\s*(?:,|năm)?\s*(\d{4})")
_BUDDHIST = re.compile(r"(?<!\d)(2[45]\d\d)(?!\d)")
_BUDDHIST_AHEAD = 543
_YEAR_FIRST = re.compile(
    # A number behind a year that has a colon behind it is an hour: `27. rujna 2026. 10:00`.
    r"(?<!\d)(\d{4})[-/.年년]\s?(\d{1,2})(?:[-/.月월]\s?(\d{1,2})(?:[日일]|(?!\d))"
    # Nor is one a month that stands behind a full stop: `5 Nov 2025. 8 minutes`.
    r"|(?!\d*:\d)(?!\d)(?:[月월]|(?<!\.\s\d)(?<!\.\s\d\d)))"
)
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?)?(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_DAY = re.compile(
    r"(?<![\d/.-])(?:(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}|(?:19|20)\d{6}"
    r"|\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d\d|\d{1,2}\.?\s[^\W\d_]{3,12}\.?\s(?:19|20)\d\d"
    r"|[^\W\d_]{3,12}\.?\s\d{1,2},?\s(?:19|20)\d\d)(?!\d)"
)
# Vowel signs of Thai and of Indic scripts are parts of words, though no letters.
_SIGNS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd"
_LETTERS = rf"[^\W\d_](?:[^\W\d_]|[{_SIGNS}])*"
_WORD = re.compile(rf"{_LETTERS}(?:\.{_LETTERS})*\.?")
_BESIDE = re.compile(r"(?:\d(?:st|nd|rd|th|er|º|ª)?[.,]?(?:\s*-|\s+(?:de|of|di|d'|der))?\s*)$")
_BEFORE_DAY = re.compile(r"\s*[.,-]?\s*\d")
_WORDS_ONLY = re.compile(r"[\d+-]+")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as somebody stated it."""

    at: datetime
    """In UTC."""
    flag: DateFlag | None = None
    """What was missing from the statement."""
    offset: int | None = None
    """Minutes east of UTC, where its clock stands; None where that is unknown."""

    @property
    def day(self) -> date:
        """The day of which it is where its clock stands, or the one that was stated."""
        return (self.at + timedelta(minutes=self.offset or 0)).date()


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
    text = _plain(raw)
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
            _calendar(_plain(found[0]), _languages(None))
        except (ValueError, OverflowError):
            return found[0]
    return None


def _plain(raw: str) -> str:
    """`raw` with plain digits, one space between words, and what takes several words in one."""
    text = " ".join(raw.split())
    if not text.isascii():
        text = "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)
        text = _PHRASE.sub(lambda found: _PHRASES[found[0]], text)
        text = _CLOCK_IN_SIGNS.sub(r" \1:\2", text)
        text = _NUMBERED_MONTH.sub(r"\1.\2.\3", text)
    return _BUDDHIST.sub(lambda found: str(int(found[1]) - _BUDDHIST_AHEAD), text)


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
        year, month, of_month, *clock = (int(part or 0) for part in compact.groups())
        told = (clock[0], clock[1], clock[2]) if compact[4] else None
        return _moment((year, month, of_month), told, text[compact.end() :], languages)
    found = _year_first(lowered) or _year_last(lowered, languages) or _named(lowered, languages)
    if found is None:
        return None
    day, rest = found
    rest = _CLOCK_OF_ONE.sub(r"\1:00", rest)
    clock_at = _CLOCK.search(rest)
    if clock_at is None:
        # A day may have a zone right behind it (XML Schema has such dates).
        return _moment(day, None, rest if rest[:1] in "+-z" else "", languages)
    # Behind the time first: what stands before it may be a rest of the date.
    zone = rest[clock_at.end() :] + " " + _WORDS_ONLY.sub(" ", rest[: clock_at.start()])
    return _moment(day, _clock(clock_at, rest), zone, languages)


def _year_first(text: str) -> _Date | None:
    match = _YEAR_FIRST.search(text)
    if match is None:
        return None
    # `T` between date and time goes too: 2026-01-02T10:00.
    rest = re.sub(r"^t(?=\d)", " ", text[match.end() :])
    return (int(match[1]), int(match[2]), int(match[3] or 1)), rest


def _year_last(text: str, languages: _Languages) -> _Date | None:
    match = _YEAR_LAST.search(text)
    if match is None:
        return None
    first, mark, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    rest = text[: match.start()] + " " + text[match.end() :]
    if mark == "/" and second > 12:
        first, second = second, first
    elif mark == "/" and first <= 12 and first != second:
        # Day and month could be either way round.
        day_first = _is_day_first(rest, languages)
        if day_first is None:
            return None
        if not day_first:
            first, second = second, first
    return (year, second, first), rest


def _is_day_first(rest: str, languages: _Languages) -> bool | None:
    """Whether who writes `rest` beside a date, in one of `languages`, writes days before months;
    None where neither says so."""
    words = {word[0].rstrip(".") for word in _WORD.finditer(rest)}
    for day_first, names in ((True, _DAY_FIRST), (False, _MONTH_FIRST)):
        if words & names["zones"]:
            return day_first
    for tag in languages:
        for day_first, names in ((True, _DAY_FIRST), (False, _MONTH_FIRST)):
            if tag in names["languages"]:
                return day_first
    return None


def _named(text: str, languages: _Languages) -> _Date | None:
    names = [(word, _month(word[0].rstrip("."), languages)) for word in _WORD.finditer(text)]
    months = [(word, number) for word, number in names if number is not None]
    if not months:
        return None
    # The last beside a number: a short weekday before it may read like a month (`mar` is Tuesday
    # and March), and so may a name behind it (`by Juli Example`).
    beside = [found for found in months if _is_beside_number(text, found[0])]
    word, month = (beside or months)[-1]
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


def _is_beside_number(text: str, word: re.Match[str]) -> bool:
    return bool(
        _BESIDE.search(text[max(0, word.start() - 12) : word.start()])
        or _BEFORE_DAY.match(text, word.end())
    )


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
    zone, certain = _zone(rest, local, languages)
    flag = DateFlag.DAY if clock is None else None if certain else DateFlag.NO_ZONE
    at = local.replace(tzinfo=timezone(zone or timedelta())).astimezone(UTC)
    return Moment(at, flag, None if zone is None else int(zone.total_seconds()) // 60)


def _zone(rest: str, local: datetime, languages: _Languages) -> tuple[timedelta | None, bool]:
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
    american = _AMERICAN.match(rest)
    if american:
        hours = _NAMES["american_zones"][american[1]] + _is_american_summer(local)
        return timedelta(hours=hours), True
    return None, False


def _is_american_summer(local: datetime) -> bool:
    """Whether clocks of the United States are set an hour ahead: from the second Sunday of March to
    the first of November, since 2007."""
    march, november = (datetime(local.year, month, 1, 2, tzinfo=UTC) for month in (3, 11))
    begins = march + timedelta(days=(6 - march.weekday()) % 7 + 7)
    ends = november + timedelta(days=(6 - november.weekday()) % 7)
    return begins <= local < ends


def at_home(moment: Moment, language: str | None) -> Moment:
    """`moment` in the only time zone that its language is at home in, where it names none: no
    certainty, so its flag stays."""
    home = next(
        (_NAMES["homes"][tag] for tag in _languages(language) if tag in _NAMES["homes"]), None
    )
    if moment.flag is not DateFlag.NO_ZONE or moment.offset is not None or home is None:
        return moment
    return Moment(moment.at - timedelta(hours=home), moment.flag, int(home * 60))
