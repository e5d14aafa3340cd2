"""Dates as people write them, alone in a line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parsers.text.written_dates import read_date_line


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
