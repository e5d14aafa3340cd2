"""How pages say things: moments and how certain they are, languages and countries, links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from flows.cells import in_one_line
from flows.wording import how_many, how_much_time

NO_TITLE = "(without a headline)"
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Dated:
    """When something was published, as far as anybody knows."""

    said: str
    certain: bool
    why: str


def told(article: Any, day: date | None = None) -> Dated:
    """When an article was published, and how certain that is; under the heading of `day`, where
    it is shown under one."""

    def said(value: datetime) -> str:
        if day == value.date():
            return clock_time(value)
        same_year = day is not None and day.year == value.year
        return f"{day_of_month(value)}, {clock_time(value)}" if same_year else moment(value)

    published, doubt = article.published_at, article.date_flag or article.date_evidence
    if published is None or article.date_evidence == "none":
        return Dated(f"seen {said(article.first_seen_at)}", False, NO_DATE)
    if doubt == "day":
        named = article.published_day or published.date()
        return Dated(f"on {day_of_month(named)} {named:%Y}", False, DOUBTS[doubt][1])
    if doubt in DOUBTS:
        form, why = DOUBTS[doubt]
        return Dated(form.format(said(published)), False, why)
    return Dated(said(published), True, "Borne out by when it was seen.")


NO_DATE = "It gives no date that proves anything: this is when it first came to the desk."
DOUBTS = {
    "day": (
        "on {}",
        "It names the day only, so it counts from when that day had ended everywhere.",
    ),
    "no_zone": (
        "{} in some zone",
        "It names a time and no time zone, so it counts from when that had come everywhere.",
    ),
    "future": ("says {} (ahead)", "The date that it gives lay ahead when it was read."),
    "refuted": (
        "says {}",
        "The feed of its own site did not show it yet an hour after that, so it counts from when "
        "it was seen.",
    ),
    "word": (
        "{}",
        "Nothing but its own word bears this out: it was first seen more than a day later.",
    ),
}
"""How a date is told that is in doubt, and why it is, by the flag or evidence of the article."""


def moment(value: datetime) -> str:
    """A moment in UTC, to the minute."""
    return f"{value.day} {value:%b %Y, %H:%M}"


def clock_time(value: datetime) -> str:
    """The time of day."""
    return f"{value:%H:%M}"


def day_of_month(value: date) -> str:
    """A day of this or another month."""
    return f"{value.day} {value:%b}"


def long_day(value: date) -> str:
    """A day with its name."""
    return f"{value:%A}, {value.day} {value:%B %Y}"


def rfc(value: datetime | date) -> str:
    """As `<time datetime>` wants it."""
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value.isoformat()


def ago(value: datetime, now: datetime) -> str:
    """How long before `now` it was."""
    seconds = (now - value).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds >= 2 * _DAY:
        return f"{how_many(int(seconds // _DAY), 'day')} ago"
    return f"{how_much_time(seconds)} ago"


def lag(behind: timedelta) -> str:
    """How long after the first."""
    seconds = behind.total_seconds()
    if seconds < 60:
        return "at the same time" if seconds > -60 else f"−{how_much_time(-seconds)}"
    if seconds >= 2 * _DAY:
        return f"+{seconds / _DAY:.0f} days"
    return f"+{how_much_time(seconds)}"


def language_name(code: str | None) -> str:
    """What English calls a language."""
    if not code:
        return "unknown language"
    return str(_english().languages.get(code, code))


def country_name(code: str | None) -> str:
    """What English calls a country."""
    return str(_english().territories.get(code, code)) if code else "unknown country"


@cache
def _english() -> Any:
    from babel import Locale  # noqa: PLC0415 - takes long to import

    return Locale("en")


def outward(url: str | None) -> str | None:
    """`url` where it leads to a page on the web, else None: nothing else is ever a link."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


_STAGES = {"dead": "given up", "duplicate": "seen elsewhere"}


def stage_name(stage: str) -> str:
    """What the pages call a stage of the funnel."""
    return _STAGES.get(stage, stage.replace("_", " "))


def thousands(value: int) -> str:
    """A number that people read."""
    return f"{value:,}".replace(",", "\u202f")


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "ago": ago,
        "clock_time": clock_time,
        "country_name": country_name,
        "day_of_month": day_of_month,
        "harmless": in_one_line,
        "how_many": how_many,
        "language_name": language_name,
        "long_day": long_day,
        "moment": moment,
        "outward": outward,
        "rfc": rfc,
        "stage_name": stage_name,
        "thousands": thousands,
        "told": told,
    }
)
