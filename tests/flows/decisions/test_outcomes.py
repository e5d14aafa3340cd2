"""What becomes of an entry, given what was found at its link: pure decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.decisions.outcomes import as_copy, decide_entry, next_try
from flows.settings import Settings
from parsers.errors import Drop, PressclipError, Quarantine, Retry
from parsers.records import Article, Entry, Rejection, RejectionReason
from warehouse.records import EntryState, WaitingEntry

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SETTINGS = Settings(retry_pause=60.0, max_attempts=3)
WAITING = WaitingEntry(Entry(7, 1, "g", "https://paper.example/a", title="A"), attempts=0)
ARTICLE = Article(9, "https://paper.example/a", "https://paper.example/a", "A", "Text.")


def test_an_article_is_stored_under_its_id() -> None:
    got = decide_entry(WAITING, ARTICLE, now=NOW, digest="d", settings=SETTINGS)
    assert (got.outcome.state, got.outcome.article_id) == (EntryState.STORED, 9)
    assert got.outcome.topics_digest == "d"
    assert (got.article, got.failure) == (ARTICLE, None)


@pytest.mark.parametrize(
    ("extracted", "reason"), [(True, "mentions_nothing"), (False, "names_nothing")]
)
def test_off_topic_is_no_failure_and_says_how_it_was_seen(extracted: bool, reason: str) -> None:
    rejection = Rejection(RejectionReason.OFF_TOPIC, "no topic", extracted=extracted)
    got = decide_entry(WAITING, rejection, now=NOW, digest="d", settings=SETTINGS)
    assert (got.outcome.state, got.outcome.reason) == (EntryState.OFF_TOPIC, reason)
    assert got.failure is None


@pytest.mark.parametrize(
    "found",
    [
        Rejection(RejectionReason.CONSENT_WALL, "a consent wall"),
        Drop("http_404", "it answered 404"),
        Quarantine("parse_timeout", "too slow"),
    ],
)
def test_what_can_never_be_read_is_dead_with_a_failure(found: Rejection | PressclipError) -> None:
    got = decide_entry(WAITING, found, now=NOW, digest="d", settings=SETTINGS)
    assert got.outcome.state is EntryState.DEAD
    assert got.failure is not None
    assert got.outcome.reason == got.failure.error


def test_an_error_page_called_a_success_is_asked_for_again() -> None:
    rejection = Rejection(RejectionReason.ERROR_PAGE, "Its title is “Internal Server Error”.")
    got = decide_entry(WAITING, rejection, now=NOW, digest="d", settings=SETTINGS)
    assert (got.outcome.state, got.outcome.reason) == (EntryState.WAITING, "error_page")
    assert got.outcome.next_try_at is not None
    assert got.failure is not None
    assert got.failure.next_step == "retry"


def test_a_page_whose_parser_was_killed_waits_until_it_was_tried_often_enough() -> None:
    killed = Retry("parser_died", "killed")
    got = decide_entry(WAITING, killed, now=NOW, digest="d", settings=SETTINGS)
    assert (got.outcome.state, got.failure and got.failure.stage) == (EntryState.WAITING, "parse")
    often = replace(WAITING, attempts=SETTINGS.max_attempts - 1)
    got = decide_entry(often, killed, now=NOW, digest="d", settings=SETTINGS)
    assert (got.outcome.state, got.outcome.reason) == (EntryState.DEAD, "parser_died")


def test_a_page_that_was_not_even_asked_for_is_given_up_later() -> None:
    paused = Retry("host_paused", "resting", after=600.0)
    assert next_try(paused, 3, NOW, SETTINGS) == NOW + timedelta(seconds=600)
    assert next_try(paused, 14, NOW, SETTINGS) == NOW + timedelta(seconds=600)
    assert next_try(paused, 15, NOW, SETTINGS) is None


def test_losing_the_parsers_uses_up_no_tries_of_a_page() -> None:
    lost = Retry("parsers_lost", "the worker was stopped")
    assert next_try(lost, SETTINGS.max_attempts, NOW, SETTINGS) is not None
    assert next_try(lost, SETTINGS.max_attempts * 5, NOW, SETTINGS) is None


def test_entries_that_fail_together_do_not_come_back_together() -> None:
    error = Retry("http_503", "busy")
    entries = (replace(WAITING.entry, entry_id=number) for number in range(50))
    times = {
        decide_entry(
            WaitingEntry(entry, attempts=0), error, now=NOW, digest="d", settings=SETTINGS
        ).outcome.next_try_at
        for entry in entries
    }
    assert len(times) == 50
    assert all(
        time and timedelta(seconds=60) <= time - NOW < timedelta(seconds=66) for time in times
    )


def test_a_passing_fault_waits_longer_each_time_and_then_rests_dead() -> None:
    error = Retry("http_503", "busy")
    waits = [next_try(error, attempts, NOW, SETTINGS) for attempts in (1, 2, 3)]
    assert waits == [NOW + timedelta(seconds=60), NOW + timedelta(seconds=120), None]
    last = decide_entry(replace(WAITING, attempts=2), error, now=NOW, digest="d", settings=SETTINGS)
    assert last.outcome.state is EntryState.DEAD
    assert last.failure is not None
    assert (last.failure.next_step, last.failure.attempts) == ("drop", 3)


def test_a_host_that_says_how_long_is_given_that_long() -> None:
    assert next_try(Retry("http_429", "x", after=600), 1, NOW, SETTINGS) == NOW + timedelta(
        seconds=600
    )


def test_of_two_entries_with_one_link_the_second_is_the_duplicate() -> None:
    first = decide_entry(WAITING, ARTICLE, now=NOW, digest="d", settings=SETTINGS)
    second = as_copy(first)
    assert (second.outcome.state, second.outcome.article_id) == (EntryState.DUPLICATE, 9)
    assert second.article is None


def test_entries_with_one_link_share_a_failure() -> None:
    failed = decide_entry(WAITING, Drop("http_404", "x"), now=NOW, digest="d", settings=SETTINGS)
    assert as_copy(failed) == failed


ANNOUNCED = replace(WAITING, entry=replace(WAITING.entry, feed_id=5), first_seen_at=NOW)
PATIENT = replace(SETTINGS, max_attempts=5)
GONE = Drop("http_404", "It is not there.")


@pytest.mark.parametrize(
    "waiting",
    [
        ANNOUNCED,
        replace(ANNOUNCED, attempts=2),
        replace(ANNOUNCED, first_seen_at=NOW - timedelta(hours=23)),
    ],
    ids=["just announced", "asked twice", "a day is not over"],
)
def test_a_page_that_is_not_there_yet_is_asked_for_again(waiting: WaitingEntry) -> None:
    got = decide_entry(waiting, GONE, now=NOW, digest="d", settings=PATIENT)
    assert (got.outcome.state, got.outcome.reason) == (EntryState.WAITING, "http_404")
    assert got.outcome.next_try_at is not None
    assert NOW < got.outcome.next_try_at < NOW + timedelta(hours=4)


@pytest.mark.parametrize(
    ("waiting", "error"),
    [
        (ANNOUNCED, Drop("http_410", "It is gone.")),
        (replace(ANNOUNCED, attempts=3), GONE),
        (replace(ANNOUNCED, first_seen_at=NOW - timedelta(hours=25)), GONE),
        (replace(ANNOUNCED, entry=replace(WAITING.entry, feed_id=0)), GONE),
        (
            replace(
                ANNOUNCED, entry=replace(ANNOUNCED.entry, published_at=NOW - timedelta(days=15))
            ),
            GONE,
        ),
    ],
    ids=["gone", "asked often enough", "long known", "filed by hand", "out of an archive"],
)
def test_one_that_should_be_there_is_dead(waiting: WaitingEntry, error: Drop) -> None:
    got = decide_entry(waiting, error, now=NOW, digest="d", settings=PATIENT)
    assert got.outcome.state is EntryState.DEAD
