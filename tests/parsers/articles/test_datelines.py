"""Datelines and date lines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parsers.articles.agencies import read_dateline
from parsers.text.written_dates import read_date_line


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("JAKARTA - Pelabuhan baru dibuka.", "JAKARTA"),
        ("NEW YORK (Wire) – The harbour opened.", "NEW YORK"),
        ("WASHINGTON, Jan 9 (Wire) - The harbour opened.", "WASHINGTON"),
        ("Jakarta, Contoh Pos - Pelabuhan baru dibuka.", "Jakarta"),
        ("CONTOH.COM, Bandung - Pelabuhan baru dibuka.", "Bandung"),
        ("Berlin (dpa) - Der Hafen ist offen.", "Berlin"),
        ("The harbour - old and grey - opened.", None),
        ("A - B", None),
        ("", None),
    ],
)
def test_dateline(text: str, place: str | None) -> None:
    assert read_dateline(text) == place


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
