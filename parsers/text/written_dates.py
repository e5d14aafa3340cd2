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
