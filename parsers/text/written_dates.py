"""Dates as people write them in a line of text, in the languages of our feeds."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from importlib.resources import files

_MONTHS = {
    name: number
    for number, names in enumerate(
        tomllib.loads(files("parsers").joinpath("data/dates.toml").read_text("utf-8"))["months"], 1
    )
    for name in names
}
_WEEKDAYS = re.compile(
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|senin|selasa|rabu|kamis|"
    r"jumat|jum'at|sabtu|minggu|ahad|montag|dienstag|mittwoch|donnerstag|freitag|samstag|"
    r"sonnabend|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|"
    r"miércoles|jueves|viernes|sábado|domingo|segunda|terça|quarta|quinta|sexta|lunedì|"
    r"martedì|mercoledì|giovedì|venerdì|sabato|domenica|maandag|dinsdag|woensdag|donderdag|"
    r"vrijdag|zaterdag|zondag"
)
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_FILLERS = frozenset(("de", "of", "the", "der", "th", "st", "nd", "rd", "feira", "den", "di"))

_NAMED_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_SHORT_DAYS = (
    "mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|sen|sel|rab|kam|jum|sab|min|mo|di|mi|do|fr|sa|so|lun|mar|"
    "mer|mié|jeu|jue|ven|vie|sam|sáb|dim|dom|seg|ter|qua|qui|sex"
)
_WRITTEN = re.compile(
    rf"(?:\b(?:{_WEEKDAYS.pattern}|{_SHORT_DAYS})(?:-feira)?\.?,?\s+)?(?P<day>"
    rf"(?<!\d)\d{{1,2}}(?:\.|st|nd|rd|th|er|º|ª)?\s+(?:de\s+)?(?:{_NAMED_MONTH})\b\.?,?"
    r"(?:\s+del?)?\s+(?:19|20)\d\d"
    rf"|(?:\b|(?<=[a-zà-ÿ])(?-i:(?=[A-Z])))(?:{_NAMED_MONTH})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?"
    r"\s+(?:19|20)\d\d"
    r"|(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)"
    r"|(?P<slashed>(?<!\d)\d{1,2}(?:/\d{1,2}/|\.\d{1,2}\.|-\d{1,2}-)(?:19|20)\d\d)"
    r"|(?P<wide>(?:19|20)\d\d[年년]\s?\d{1,2}[月월]\s?\d{1,2}[日일])"
    rf"|(?<!\d)\d{{1,2}}\.?\s+(?:{_NAMED_MONTH})\b(?!\.?,?\s*\d)"
    rf"|\b(?:{_NAMED_MONTH})\b\.?\s+\d{{1,2}}\b(?!,?\s*\d))",
    re.IGNORECASE,
)

_DIGIT = re.compile(r"\d")
"""Each of those has one, and few lines do."""

_DAY_FIRST = re.compile(r"\b(?:WIB|WITA|WIT|Uhr|\d{1,2}h(?:\d\d)?)\b")
"""Behind the time: who writes so writes the day before the month."""

_PARTICLES = "de|van|von|der|da|bin|al|di|le|la"
_CAPITAL = r"[A-ZÀ-Þ][\w.’'-]*"
_DATED_NAME = re.compile(
    rf"(?P<name>{_CAPITAL}(?: (?:(?:{_PARTICLES}) )*{_CAPITAL}){{1,3}}?)"
    r"[\s,|·•–—-]+(?P<date>\S.{5,59})"
)
"""A name has two words or more: one word before a date is a place."""


def read_date_line(line: str) -> datetime | None:
    """The day that a whole line names, such as "Thursday, January 9, 2025" or "Kamis, 9 Januari
    2025", at midnight UTC; None for a line that says anything else.
    """
    if len(line) > 60:
        return None
    iso = _ISO.fullmatch(line.strip())
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    month: int | None = None
    numbers: list[int] = []
    for token in _TOKEN.findall(line.casefold()):
        if token.isdecimal():
            numbers.append(int(token))
        elif token in _MONTHS and month is None:
            month = _MONTHS[token]
        elif not _WEEKDAYS.fullmatch(token) and token not in _FILLERS:
            return None
    if month is None or len(numbers) != 2:
        return None
    day, year = numbers if numbers[0] <= 31 else (numbers[1], numbers[0])
    return _day(year, month, day)


def find_days(line: str) -> list[tuple[int, int, datetime | None]]:
    """(start, end, day) of each day that is written within a line, with the weekday before it; the
    day is None where it could be two ("03/04/2030") or its year is left out."""
    found = []
    for match in _WRITTEN.finditer(line) if _DIGIT.search(line) else ():
        text = match["day"]
        if match["slashed"]:
            first, second, year = map(int, re.split(r"[./-]", text))
            certain = first > 12 or first == second or "." in text
            if certain or _DAY_FIRST.search(line[match.end() :]):
                day = _day(year, second, first)
            else:
                day = _day(year, first, second) if second > 12 else None
        elif match["wide"]:
            year, month, number = map(int, re.findall(r"\d+", text))
            day = _day(year, month, number)
        else:
            day = read_date_line(text)
        found.append((*match.span(), day))
    return found


def is_day_word(text: str) -> bool:
    """Whether a text is a month or begins with a weekday: "Friday evening" is nobody."""
    folded = text.casefold()
    return folded in _MONTHS or _WEEKDAYS.fullmatch(folded.partition(" ")[0]) is not None


def split_dated_name(line: str) -> tuple[str, str] | None:
    """(name, date) of a line that is a person's name followed by a day, such as "Jane Roe |
    January 9, 2030"; None for any other line."""
    found = _DATED_NAME.fullmatch(line) if len(line) <= 110 else None
    if found is None or read_date_line(found["date"]) is None:
        return None
    return found["name"], found["date"]


def _day(year: int, month: int, day: int) -> datetime | None:
    if not 1900 <= year <= 2200:
        return None
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
