"""What becomes of subscriptions: pure decisions."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from flows.websub.deciding import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    PASS_ON_PAUSE,
    decide_intent,
    is_forgotten,
    not_taken,
    plan_asks,
    signature_checker,
    to_pass_on,
    watched_hubs,
)
from flows.websub.subscription import Intent, Subscription, SubscriptionState
from warehouse.records import Feed, FeedHealth

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HUB = ("https://hub.example/", "https://paper.example/feed")


def planned(
    hubs: dict[int, tuple[str, str]], *known: Subscription, now: datetime = NOW
) -> tuple[Subscription, ...]:
    numbers = count()
    return plan_asks(hubs, known, now=now, new_token=lambda: f"token-{next(numbers)}")


def asked() -> Subscription:
    (new,) = planned({1: HUB})
    return new


def confirmed(lease: str = "86400") -> Subscription:
    verdict = decide_intent(asked(), intent(lease_seconds=lease), wanted_lease=9.0, now=NOW)
    assert verdict is not None
    assert verdict.echo == "abc"
    assert verdict.subscription is not None
    return verdict.subscription


def intent(**more: str) -> Intent:
    given = {
        "mode": "subscribe",
        "topic": HUB[1],
        "challenge": "abc",
        "lease_seconds": "86400",
        "reason": "",
    }
    return Intent(**(given | more))


def test_feeds_that_name_a_hub_are_subscribed_to_under_the_name_they_give_themselves() -> None:
    feeds = [
        Feed(1, "https://a.example/rss", hub_url="https://hub.example/"),
        Feed(2, "https://b.example/rss", hub_url="https://hub.example/", self_url="https://b/self"),
        Feed(3, "https://c.example/rss"),
        Feed(4, "https://d.example/", hub_url="https://hub/", health=FeedHealth.RETIRED),
    ]
    assert watched_hubs(feeds) == {
        1: ("https://hub.example/", "https://a.example/rss"),
        2: ("https://hub.example/", "https://b/self"),
    }


def test_a_new_feed_is_asked_for_with_a_callback_and_a_secret_of_its_own() -> None:
    one, two = planned({1: HUB, 2: ("https://hub.example/", "https://other.example/")})
    assert one.state is two.state is SubscriptionState.ASKED
    assert len({one.token, two.token, one.secret, two.secret}) == 4
    assert one.ask_at == NOW + FIRST_PAUSE


def test_a_hub_that_does_not_verify_is_asked_again_ever_later() -> None:
    one, pauses, now = asked(), [], NOW
    for _ in range(12):
        assert one.ask_at is not None
        assert planned({1: HUB}, one, now=one.ask_at - timedelta(seconds=1)) == ()
        now = one.ask_at
        (again,) = planned({1: HUB}, one, now=now)
        assert again.token == one.token
        assert again.ask_at is not None
        pauses.append(again.ask_at - now)
        one = again
    assert pauses == sorted(pauses)
    assert pauses[0] == 2 * FIRST_PAUSE
    assert pauses[-1] == LONGEST_PAUSE


def test_a_lease_is_renewed_before_it_ends_and_lasts_while_it_is() -> None:
    one = confirmed("86400")
    assert one.lease_until == NOW + DAY
    assert planned({1: HUB}, one, now=NOW + DAY / 2) == ()
    (renewing,) = planned({1: HUB}, one, now=NOW + DAY * 2 / 3)
    assert renewing.state is SubscriptionState.ACTIVE
    assert (renewing.token, renewing.secret) == (one.token, one.secret)
    verdict = decide_intent(renewing, intent(), wanted_lease=9.0, now=NOW + DAY * 0.7)
    assert verdict is not None
    assert verdict.subscription is not None
    assert verdict.subscription.lease_until == NOW + DAY * 1.7


def test_a_lease_that_ended_unrenewed_is_no_longer_active() -> None:
    (late,) = planned({1: HUB}, confirmed(), now=NOW + 2 * DAY)
    assert late.state is SubscriptionState.ASKED


@pytest.mark.parametrize("said", ["", "-5", "0", "soon", "1e9", "99999999999999", "²"])
def test_a_lease_that_is_no_number_of_seconds_is_taken_to_be_what_we_asked_for(said: str) -> None:
    assert confirmed(said).lease_until == NOW + timedelta(seconds=9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "https://paper.example/other"},
        {"mode": "unsubscribe"},
        {"mode": "publish"},
        {"challenge": ""},
    ],
)
def test_only_what_was_asked_for_is_confirmed(wrong: dict[str, str]) -> None:
    assert decide_intent(asked(), intent(**wrong), wanted_lease=9.0, now=NOW) is None


def test_nothing_is_confirmed_twice() -> None:
    assert decide_intent(confirmed(), intent(), wanted_lease=9.0, now=NOW) is None


def test_a_denial_is_remembered_with_its_reason_and_asked_about_a_day_later() -> None:
    verdict = decide_intent(
        asked(), intent(mode="denied", challenge="", reason="not paid"), wanted_lease=9.0, now=NOW
    )
    assert verdict is not None
    denied = verdict.subscription
    assert denied is not None
    assert (denied.state, denied.reason) == (SubscriptionState.DENIED, "denied: not paid")
    assert planned({1: HUB}, denied, now=NOW + DAY / 2) == ()
    (again,) = planned({1: HUB}, denied, now=NOW + DAY)
    assert again.state is SubscriptionState.ASKED


def test_a_feed_that_is_watched_no_more_is_left_and_then_forgotten() -> None:
    (leaving,) = planned({}, confirmed())
    assert leaving.state is SubscriptionState.LEAVING
    assert decide_intent(leaving, intent(), wanted_lease=9.0, now=NOW) is None
    verdict = decide_intent(leaving, intent(mode="unsubscribe"), wanted_lease=9.0, now=NOW)
    assert verdict is not None
    assert (verdict.subscription, verdict.echo) == (None, "abc")
    assert not is_forgotten(leaving, NOW + DAY)
    assert is_forgotten(leaving, NOW + 4 * DAY)


def test_a_feed_watched_again_or_with_another_hub_gets_another_callback() -> None:
    (leaving,) = planned({}, confirmed())
    (again,) = planned({1: HUB}, replace(leaving, token="old"))
    assert (again.state, again.token) == (SubscriptionState.ASKED, "token-0")
    (moved,) = planned({1: ("https://new.example/", HUB[1])}, replace(confirmed(), token="old"))
    assert (moved.hub_url, moved.token) == ("https://new.example/", "token-0")


def test_a_hub_that_asks_for_patience_gets_it() -> None:
    refused = not_taken(asked(), "http_503", 7200.0, NOW)
    assert (refused.reason, refused.ask_at) == ("http_503", NOW + timedelta(hours=2))
    assert not_taken(asked(), "http_500", None, NOW).ask_at == NOW + FIRST_PAUSE


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512", "SHA256"])
def test_signatures_of_every_method_of_the_recommendation(method: str) -> None:
    made = hmac.new(b"secret", b"one two", getattr(hashlib, method.lower())).hexdigest()
    for header, right in ((f"{method}={made}", True), (f"{method}={made[:-1]}0x", False)):
        signature = signature_checker("secret", header)
        assert signature is not None
        signature.feed(b"one ")
        signature.feed(b"two")
        assert signature.is_right() is right


@pytest.mark.parametrize("header", ["", "sha256", "md5=abc", "=", "sha256-abc", "none=ü"])
def test_what_is_no_signature(header: str) -> None:
    signature = signature_checker("secret", header)
    assert signature is None or not signature.is_right()


def test_a_feed_is_polled_for_pushes_once_in_a_while_however_many_come() -> None:
    pushed = replace(confirmed(), pushed_at=NOW)
    assert to_pass_on([pushed], NOW) == (pushed,)
    polled = replace(pushed, passed_on_at=NOW - PASS_ON_PAUSE / 2)
    assert to_pass_on([polled], NOW) == ()
    assert to_pass_on([polled], NOW + PASS_ON_PAUSE) == (polled,)


def test_a_lease_from_the_future_is_asked_for_anew() -> None:
    years = timedelta(days=3650)
    (first,) = planned({1: HUB}, now=NOW + years)
    assert planned({1: HUB}, first) != ()
    active = replace(
        first, state=SubscriptionState.ACTIVE, since=NOW + years, lease_until=NOW + years + DAY
    )
    (again,) = planned({1: HUB}, active)
    assert (again.state, again.since) == (SubscriptionState.ASKED, NOW)
    assert planned({1: HUB}, again) == ()
    assert to_pass_on([replace(active, pushed_at=NOW, passed_on_at=NOW + years)], NOW) != ()
