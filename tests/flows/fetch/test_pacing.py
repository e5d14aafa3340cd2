"""When a host may be asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.fetch.pacing import (
    DEFAULT_PAUSE,
    Pace,
    freshness,
    parse_http_date,
    rest_asked_by,
    retry_after,
)
from parsers.records import Page

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def page(status: int = 429, **headers: str) -> Page:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Page("http://a.example/", "http://a.example/", status, pairs, b"", NOON)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("99999999", 86_400.0),
        ("9" * 5000, 86_400.0),
        ("Sun, 22 Nov 2026 12:05:00 GMT", 300.0),
        ("Sunday, 22-Nov-26 12:05:00 GMT", 300.0),
        ("Sun Nov 22 12:05:00 2026", 300.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2099 11:00:00 GMT", 86_400.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Sun, 99 Nov 2026 12:05:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
    ],
)
def test_retry_after_in_both_forms(value: str, seconds: float | None) -> None:
    assert retry_after(page(retry_after=value)) == seconds


def test_a_date_is_counted_from_the_servers_own_clock() -> None:
    wrong_clock = page(
        retry_after="Wed, 01 Jan 2020 00:10:00 GMT", date="Wed, 01 Jan 2020 00:00:00 GMT"
    )
    assert retry_after(wrong_clock) == 600.0


@pytest.mark.parametrize("header", ["date", "expires", "retry_after"])
def test_a_date_beyond_the_calendar_is_none(header: str) -> None:
    given = {"retry_after": "Sun, 22 Nov 2026 12:05:00 GMT", "expires": "0"}
    odd = page(503, **(given | {header: "Fri, 31 Dec 9999 23:59:59 -2359"}))
    assert retry_after(odd) in {300.0, None}
    assert freshness(odd, NOON) == timedelta(0)


@given(st.text())
def test_any_retry_after_gives_sane_seconds_or_none(value: str) -> None:
    seconds = retry_after(page(retry_after=value))
    assert seconds is None or 0 <= seconds <= 86_400


@given(st.text())
def test_any_text_gives_an_aware_date_or_none(value: str) -> None:
    moment = parse_http_date(value)
    assert moment is None or moment.utcoffset() is not None


def test_only_429_speaks_for_the_whole_host() -> None:
    assert rest_asked_by(page(429, retry_after="90"), cap=3600) == 90
    assert rest_asked_by(page(429), cap=3600) == DEFAULT_PAUSE
    assert rest_asked_by(page(429, retry_after="99999"), cap=3600) == 3600
    assert rest_asked_by(page(503, retry_after="90"), cap=3600) is None
    assert rest_asked_by(page(200, retry_after="90"), cap=3600) is None


def test_a_pause_counts_from_the_end_of_a_request() -> None:
    pace = Pace(pause=1.0)
    assert pace.wait(100.0) == 0
    pace.used(100.0)  # starts
    pace.used(104.0)  # ends
    assert pace.wait(104.25) == 0.75
    assert pace.wait(105.0) == 0


def test_a_shorter_rest_does_not_end_a_longer_one() -> None:
    pace = Pace(pause=1.0)
    pace.asked_to_rest(100.0, 60.0)
    pace.asked_to_rest(101.0, 5.0)
    assert pace.rest(110.0) == 50.0
    assert pace.wait(110.0) == 50.0
    assert pace.rest(170.0) == 0
