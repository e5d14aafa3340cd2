"""Dates as feeds write them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.records import DateFlag
from parsers.text.dates import parse_date, parse_moment

DATES = tomllib.loads(files("parsers").joinpath("data", "dates.toml").read_text("utf-8"))

# Each of these is said to be 3 November 2026, 16:05:09 UTC.
SAME_MOMENT = [
    "Tue, 03 Nov 2026 16:05:09 GMT",
    "Tue, 03 Nov 2026 16:05:09 +0000",
    "Tue, 3 Nov 26 16:05:09 Z",
    "Tue, 03 Nov 2026 11:05:09 EST",
    "Tue, 03 Nov 2026 23:05:09 WIB",
    "Tue, 03 Nov 2026 23:05:09 +07:00",
    "Tue, 03 Nov 2026 23:05:09 +07",
    "Tue , 03 November 2026 16:05:09 UT",
    "Selasa, 03 Nopember 2026 23:05:09 WIB",
    "Sel, 3 Nov 2026 23.05.09 WIB",
    "mar, 03 nov 2026 17:05:09 +0100",
    "Di, 3. November 2026 17:05:09 MEZ",
    "03 листопада 2026 16:05:09",
    "3 ноября 2026, 19:05:09 MSK",
    "Tue Nov  3 16:05:09 2026",
    "Nov 3, 2026 4:05:09 PM",
    "3 Nov 2026 jam 16:05:09",
    "November 3, 2026, 4:05:09 p.m. UTC",
    "2026-11-03T16:05:09Z",
    "2026-11-03T16:05:09.123456Z",
    "2026-11-03T23:05:09+07:00",
    "2026-11-03T23:05:09+0700",
    "2026-11-03 16:05:09",
    "2026-11-03 23:05:09 WIB",
    "2026/11/03 16:05:09",
    "20261103T160509Z",
    "2026年11月3日 16:05:09",
    "2026년 11월 3일 오후 4:05:09",
    "03.11.2026 16:05:09",
    "1793721909",
    "1793721909000",
    "  Tue,\n 03 Nov 2026 16:05:09 GMT ",
]


@pytest.mark.parametrize("raw", SAME_MOMENT)
def test_one_moment_in_many_forms(raw: str) -> None:
    assert parse_date(raw) == datetime(2026, 11, 3, 16, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-11-03", datetime(2026, 11, 3, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=UTC)),
        ("3 Nov 2026", datetime(2026, 11, 3, tzinfo=UTC)),
        ("2026-11-03T16:05Z", datetime(2026, 11, 3, 16, 5, tzinfo=UTC)),
        ("2026-11-03T24:00:00Z", datetime(2026, 11, 4, tzinfo=UTC)),
        ("2026-11-03T12:30:00 AM", datetime(2026, 11, 3, 0, 30, tzinfo=UTC)),
        ("23/11/2026", datetime(2026, 11, 23, tzinfo=UTC)),
        ("11/23/2026", datetime(2026, 11, 23, tzinfo=UTC)),
        ("Fri, 31 Dec 99 23:00:00 -0200", datetime(2000, 1, 1, 1, tzinfo=UTC)),
    ],
)
def test_less_usual_forms(raw: str, expected: datetime) -> None:
    assert parse_date(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "yesterday",
        "Tue, 32 Nov 2026 16:05:09 GMT",
        "Tue, 03 Nov 2026 36:05:09 GMT",
        "2026-13-01",
        "04/05/2026",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "0000-00-00 00:00:00",
        "2026-11-03T16:05:09+99:00",
        "Nov 2026",
        "20261103T990000",
        "9" * 50,
        "3 Nov 2026 " * 50,
    ],
)
def test_no_date(raw: str | None) -> None:
    assert parse_date(raw) is None


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        ("Tue, 03 Nov 2026 16:05:09 GMT", None),
        ("Tue, 03 Nov 2026 16:05:09", DateFlag.NO_ZONE),
        ("3 Nov 2026", DateFlag.DAY),
        ("2026-11-03", DateFlag.DAY),
        ("20261103", DateFlag.DAY),
        ("20261103T160509", DateFlag.NO_ZONE),
        ("2026-11-03T16:05:09+07:00", None),
        ("1762185909", None),
    ],
)
def test_what_is_missing_is_said(raw: str, flag: DateFlag | None) -> None:
    moment = parse_moment(raw)
    assert moment is not None
    assert moment.flag == flag


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)), st.integers(-12 * 60, 14 * 60))  # noqa: DTZ001 - the strategy wants naive bounds
def test_standard_forms_survive(naive: datetime, minutes: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    local = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert parse_date(format_datetime(local)) == moment
    assert parse_date(local.isoformat()) == moment


@given(st.text(max_size=120))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Tue, 03 Nov 2026 22:10:30+5:30", datetime(2026, 11, 3, 16, 40, 30, tzinfo=UTC)),
        ("2026-11-03T08:00:00-3:30", datetime(2026, 11, 3, 11, 30, tzinfo=UTC)),
        ("3 Nov 2026 22:10 UTC+5:45", datetime(2026, 11, 3, 16, 25, tzinfo=UTC)),
        ("3 Nov 2026 10:00 GMT+5", datetime(2026, 11, 3, 5, tzinfo=UTC)),
        ("3 Nov 2026 10:00 GMT-3", datetime(2026, 11, 3, 13, tzinfo=UTC)),
        ("3 Nov 2026 10:00 UTC +0900", datetime(2026, 11, 3, 1, tzinfo=UTC)),
        ("3 Nov 2026 10:00 GMT", datetime(2026, 11, 3, 10, tzinfo=UTC)),
        ("03-Nov-2026 10:00 GMT", datetime(2026, 11, 3, 10, tzinfo=UTC)),
        ("2026-11-03+07:00", datetime(2026, 11, 2, 17, tzinfo=UTC)),
    ],
)
def test_offsets_as_people_write_them(raw: str, expected: datetime) -> None:
    moment = parse_moment(raw)
    assert moment is not None
    assert moment.at == expected
    assert moment.flag in {None, DateFlag.DAY}


@pytest.mark.parametrize("row", DATES["months_by_language"], ids=lambda row: row["name"])
def test_a_month_of_several_meanings_is_none_without_its_language(row: dict[str, Any]) -> None:
    raw = f"3 {row['name']} 2026 10:00 GMT"
    assert parse_date(raw) is None
    assert parse_date(raw, "en") is None
    for language, month in row.items():
        if language != "name":
            found = parse_date(raw, f"{language.upper()}-x-any")
            assert found is not None
            assert found.month == month


@pytest.mark.parametrize(
    ("zone", "language", "hour", "flag"),
    [
        ("IST", None, 4.5, DateFlag.NO_ZONE),
        ("IST", "en-IN", 4.5, None),
        ("IST", "he", 8, None),
        ("BST", "en", 9, DateFlag.NO_ZONE),
        ("BST", "en-GB", 9, None),
        ("CST", "en", 16, None),
        ("CST", "zh-CN", 2, None),
        ("WIB", "en", 3, None),
        ("XYZT", "en", 10, DateFlag.NO_ZONE),
        ("EST", "en-AU", 15, None),
    ],
)
def test_a_zone_is_never_guessed_silently(
    zone: str, language: str | None, hour: float, flag: DateFlag | None
) -> None:
    moment = parse_moment(f"Tue, 03 Nov 2026 10:00:00 {zone}", language)
    assert moment is not None
    assert (moment.at.hour + moment.at.minute / 60, moment.flag) == (hour, flag)


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("Wed, 21 Jan 1970 13:00:00 GMT", None),
        ("1970-01-20T16:45:10Z", None),
        ("Wed, 21 Jan 1970", datetime(1970, 1, 21, tzinfo=UTC)),
        ("Wed, 04 Feb 1970 13:00:00 GMT", datetime(1970, 2, 4, 13, tzinfo=UTC)),
    ],
)
def test_a_time_in_the_first_month_of_1970_is_none(raw: str, date: datetime | None) -> None:
    """Milliseconds that somebody took for seconds: the article was the first of its story."""
    assert parse_date(raw) == date


@pytest.mark.parametrize(
    ("raw", "language", "day"),
    [
        ("27. rujna 2025. 10:00 +0200", "hr", datetime(2025, 9, 27, 8, tzinfo=UTC)),
        ("3. Oktober 2025. 09:30 GMT", "de", datetime(2025, 10, 3, 9, 30, tzinfo=UTC)),
        ("27. 9. 2025. 10:00", "hr", None),
        ("2025. 10. 3. 10:00 +09:00", "ko", datetime(2025, 10, 3, 1, tzinfo=UTC)),
        ("2025/10/03:10:00:00 +0000", None, datetime(2025, 10, 3, 10, tzinfo=UTC)),
        ("2025-10", None, datetime(2025, 10, 1, tzinfo=UTC)),
        ("3 Oct 2025. 8 minutes", "en", datetime(2025, 10, 3, tzinfo=UTC)),
    ],
)
def test_a_number_behind_a_year_is_no_month_where_it_counts_time(
    raw: str, language: str | None, day: datetime | None
) -> None:
    assert parse_date(raw, language) == day
