"""Dates as people write them, alone in a line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parsers.text.written_dates import find_days, read_date_line


@pytest.mark.parametrize(
    "line",
    [
        "Thursday, January 9, 2025",
        "Kamis, 9 Januari 2025",
        "9 janvier 2025",
        "Donnerstag, 9. Januar 2025",
        "jueves 9 de enero de 2025",
        "2025-01-09",
        "9 gennaio 2025",
    ],
)
def test_a_day_in_the_languages_of_the_press(line: str) -> None:
    assert read_date_line(line) == datetime(2025, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "May 2025",
        "January",
        "9",
        "The 9 January 2025 session",
        "31 February 2025",
        "",
        "9 January 2025 " * 9,
    ],
)
def test_what_is_no_day_is_none(line: str) -> None:
    assert read_date_line(line) is None


@pytest.mark.parametrize(
    ("line", "written", "day"),
    [
        ("By Jane Roe - January 9, 2025", "January 9, 2025", 9),
        ("Jane RoeJanuary 9, 20250", "January 9, 2025", 9),
        ("Kamis, 9 Jan 2025 10:15 WIB", "Kamis, 9 Jan 2025", 9),
        ("Example.com - 05/01/2025, 10:15 WIB", "05/01/2025", 5),
        ("Stand: 05.01.2025", "05.01.2025", 5),
        ("05/01/2025", "05/01/2025", None),
        ("Jan 9 · 4 min read", "Jan 9", None),
        ("2025年1月9日 10:15", "2025年1月9日", 9),
    ],
)
def test_a_day_within_a_line(line: str, written: str, day: int | None) -> None:
    [(start, end, found)] = find_days(line)
    assert line[start:end] == written
    assert found == (datetime(2025, 1, day, tzinfo=UTC) if day else None)
