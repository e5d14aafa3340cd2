"""What hubs are answered, over real HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from flows.websub.app import callback_app
from flows.websub.store import FILE, Subscriptions, open_for_receiver, open_subscriptions
from flows.websub.subscription import Subscription, SubscriptionState
from tests.servers.asgi import served

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOPIC = "https://paper.example/feed"
ASKED = Subscription(
    2**64 - 1,
    "https://hub.example/",
    TOPIC,
    "token",
    "secret",
    SubscriptionState.ASKED,
    NOW - timedelta(minutes=1),
    asks=1,
)
INTENT = {
    "hub.mode": "subscribe",
    "hub.topic": TOPIC,
    "hub.challenge": "a<b>&c",
    "hub.lease_seconds": "60",
}
MOST = 100_000


@dataclass
class Desk:
    """A receiver with one subscription."""

    known: Subscriptions
    client: httpx.AsyncClient
    pushes: list[datetime]

    @property
    def one(self) -> Subscription:
        (one,) = self.known.all()
        return one


@asynccontextmanager
async def receiver(folder: Path, one: Subscription = ASKED) -> AsyncIterator[Desk]:
    """A receiver on loopback that was just asked to subscribe `one`."""
    pushes: list[datetime] = []
    with Subscriptions(folder) as known:
        known.save(one)
        app = callback_app(
            known,
            lease=600,
            max_body=MOST,
            now=lambda: NOW,
            on_push=lambda: pushes.append(NOW),
        )
        async with served(app) as url, httpx.AsyncClient(base_url=url) as client:
            yield Desk(known, client, pushes)


def signed(body: bytes, secret: str = "secret", method: str = "sha256") -> dict[str, str]:
    made = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    return {"X-Hub-Signature": f"{method}={made}"}


async def test_what_we_asked_for_is_confirmed_and_kept(tmp_path: Path) -> None:
    async with receiver(tmp_path) as desk:
        answer = await desk.client.get("/token", params=INTENT)
        assert (answer.status_code, answer.text) == (200, "a<b>&c")
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert desk.one.state is SubscriptionState.ACTIVE
        assert desk.one.lease_until == NOW + timedelta(seconds=60)
    with Subscriptions(tmp_path) as known:
        assert known.at("token") == known.all()[0]
        assert known.all()[0].feed_id == 2**64 - 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"hub.topic": "https://other.example/"},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": "nonsense"},
        {"hub.challenge": ""},
    ],
)
async def test_what_we_did_not_ask_for_is_not_echoed(wrong: dict[str, str], tmp_path: Path) -> None:
    async with receiver(tmp_path) as desk:
        answer = await desk.client.get("/token", params=INTENT | wrong)
        assert answer.status_code == 404
        assert "a<b>" not in answer.text
        assert desk.one == ASKED


async def test_a_callback_that_nobody_was_told_of(tmp_path: Path) -> None:
    async with receiver(tmp_path) as desk:
        assert (await desk.client.get("/guess", params=INTENT)).status_code == 404
        assert (await desk.client.post("/guess", content=b"x")).status_code == 410
        assert (await desk.client.put("/token", content=b"x")).status_code == 405
        assert desk.pushes == []


async def test_a_denial_is_kept(tmp_path: Path) -> None:
    async with receiver(tmp_path) as desk:
        denied = {"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "no such topic"}
        assert (await desk.client.get("/token", params=denied)).status_code == 200
        assert desk.one.state is SubscriptionState.DENIED
        assert desk.one.reason == "denied: no such topic"


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_a_signed_push_is_taken_and_answered_at_once(method: str, tmp_path: Path) -> None:
    async with receiver(tmp_path, replace(ASKED, state=SubscriptionState.ACTIVE)) as desk:
        body = b"<rss/>" * 1000
        answer = await desk.client.post("/token", content=body, headers=signed(body, method=method))
        assert (answer.status_code, desk.pushes) == (202, [NOW])
        assert desk.one.pushed_at == NOW
        assert desk.known.pushes() == {2**64 - 1: NOW}


@pytest.mark.parametrize(
    "headers",
    [signed(b"<rss/>", "guess"), signed(b"<rss></rss>"), {}, {"X-Hub-Signature": "md5=abc"}],
)
async def test_a_wrong_signature_is_acknowledged_and_dropped(
    headers: dict[str, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with receiver(tmp_path, replace(ASKED, state=SubscriptionState.ACTIVE)) as desk:
        with caplog.at_level(logging.INFO):
            answer = await desk.client.post("/token", content=b"<rss/>", headers=headers)
        assert (answer.status_code, desk.pushes) == (202, [])
        assert (desk.one.pushed_at, desk.one.refused) == (None, 1)
    (told,) = (one.getMessage() for one in caplog.records if not one.name.startswith("httpx"))
    assert "wrong signature" in told
    assert not any(word in told for word in ("token", "secret"))


async def test_a_push_after_we_left_is_told_so(tmp_path: Path) -> None:
    async with receiver(tmp_path, replace(ASKED, state=SubscriptionState.LEAVING)) as desk:
        answer = await desk.client.post("/token", content=b"x", headers=signed(b"x"))
        assert (answer.status_code, desk.pushes) == (410, [])
        left = INTENT | {"hub.mode": "unsubscribe"}
        assert (await desk.client.get("/token", params=left)).text == "a<b>&c"
        assert desk.known.all() == ()


async def test_a_body_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 1000 * MOST:
            sent += 10_000
            yield b"x" * 10_000
            await asyncio.sleep(0)

    async with receiver(tmp_path, replace(ASKED, state=SubscriptionState.ACTIVE)) as desk:
        try:
            answer = await desk.client.post("/token", content=endless())
            assert answer.status_code == 413
        except httpx.TransportError:
            pass  # the connection was closed while we were still sending, as it may be
        assert sent < 100 * MOST
        assert (desk.one.pushed_at, desk.one.refused, desk.pushes) == (None, 0, [])
        assert (await desk.client.get("/health")).json() == {"subscriptions": 1}


def test_nobody_else_reads_the_secrets(tmp_path: Path) -> None:
    with open_subscriptions(tmp_path) as none:
        assert none is None
    with Subscriptions(tmp_path) as known:
        known.save(ASKED)
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("place", ["head", "middle", "row"])
def test_a_damaged_file_ends_no_run_and_the_receiver_starts_anew(
    place: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Subscriptions(tmp_path) as known:
        known.save(ASKED)
    file = tmp_path / FILE
    whole = file.read_bytes()
    if place == "head":
        file.write_bytes(b"garbage" * 600)
    elif place == "middle":
        file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    else:
        with closing(sqlite3.connect(file)) as db, db:
            db.execute("UPDATE subscriptions SET state = 'odd'")
    with open_subscriptions(tmp_path) as none:
        assert none is None
    assert FILE in caplog.text
    with open_for_receiver(tmp_path) as known:
        assert known.all() == ()
        known.save(ASKED)
    assert (tmp_path / f"{FILE}.damaged").exists()
    with open_subscriptions(tmp_path) as again:
        assert again is not None
        assert again.all() == (ASKED,)


def test_what_is_said_to_a_hub_does_not_undo_what_it_pushed_meanwhile(tmp_path: Path) -> None:
    with Subscriptions(tmp_path) as receiving, Subscriptions(tmp_path) as polling:
        receiving.save(ASKED)
        before = receiving.all()[0]
        polling.missed([ASKED.feed_id], NOW)
        receiving.pushed(ASKED.feed_id, NOW)
        receiving.save(replace(before, state=SubscriptionState.ACTIVE))
        (one,) = polling.all()
        assert (one.state, one.missed_at, one.pushed_at) == (SubscriptionState.ACTIVE, NOW, NOW)
        assert polling.with_news() == (one,)
        polling.passed_on([one.feed_id], NOW)
        assert polling.with_news() == ()
