"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.records import DateFlag
from parsers.text.dates import parse_date, parse_moment

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
