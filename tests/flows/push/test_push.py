"""The receiver at work: a hub on loopback, a feed that it pushes, and what comes of it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, temporary_settings
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flows import clock, listening
from flows.fetch.client import HttpClient
from flows.push.passing_on import by_event
from flows.push.serving import receive
from flows.run.context import open_run
from flows.settings import Settings
from flows.steps.ingest import ingest
from flows.steps.subscriptions import subscribe
from flows.websub.hubs import Hubs
from flows.websub.store import Subscriptions
from flows.websub.subscription import Subscription, SubscriptionState
from parsers.feeds.opml import OpmlFeed
from parsers.identity import feed_id
from tests.servers.asgi import served
from tests.servers.ports import free_port
from tests.servers.site import Handler, Site, answer, redirect
from tests.servers.site import Request as SiteRequest
from tests.servers.websub_hub import Hub
from tests.settings import fetch_settings, settings
from tests.waiting import PATIENCE, until
from warehouse.published.read import read
from warehouse.records import Feed

PARAGRAPH = (
    "Elon Musk opened the reading room at Port Alder on Monday and stayed until the lamps were "
    "lit, asking the librarian for one book about tides after another. "
)
TEXT = f"<p>{PARAGRAPH * 3}</p><p>{PARAGRAPH[::-1]}</p>"


@dataclass
class Paper:
    """A paper with a feed that a hub pushes."""

    site: Site
    hub_url: str
    end: str = "/"
    """What ends the hub's address."""
    stories: list[int] = field(default_factory=list)

    @property
    def feed_url(self) -> str:
        return self.site.url("/feed")

    def print(self, *numbers: int) -> bytes:
        """Prints stories, and returns what a hub would push."""
        self.stories += numbers
        for number in numbers:
            page = (
                f"<html><head><title>Room {number}</title></head><body><article>"
                f"<h1>Elon Musk opens room {number}</h1><p>Room {number}.</p>{TEXT}"
                "</article></body></html>"
            )
            self.site.routes[f"/{number}"] = answer(200, _HTML, page.encode())
        feed = self._feed()
        self.site.routes["/feed"] = answer(
            200,
            {
                "Content-Type": "application/rss+xml",
                "Link": f'<{self.hub_url}{self.end}>; rel="hub", <{self.feed_url}>; rel="self"',
            },
            feed,
        )
        return feed

    def _feed(self) -> bytes:
        items = "".join(
            f"<item><title>Elon Musk opens room {n}</title><link>{self.site.url(f'/{n}')}</link>"
            f"<guid>{n}</guid></item>"
            for n in self.stories
        )
        return f'<rss version="2.0"><channel><title>P</title>{items}</channel></rss>'.encode()


FLASK_HUB = Path(__file__).parents[2] / "servers" / "flask_hub.py"
_HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no attack."""
    monkeypatch.setattr(listening, "HEAD_SECONDS", PATIENCE)


@asynccontextmanager
async def receiving(settings: Settings, port: int) -> AsyncIterator[None]:
    """The receiver at work on `port`."""
    task = asyncio.create_task(receive(settings, host="127.0.0.1", port=port, ask_every=0.5))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def titles(settings: Settings) -> list[str]:
    found = read(settings.desk(), "SELECT title FROM articles ORDER BY title")
    return [str(title) for (title,) in found.rows]


def state(settings: Settings) -> Subscription | None:
    with Subscriptions(settings.desk().folder) as known:
        return next(iter(known.all()), None)


async def walk(settings: Settings) -> None:
    async with open_run(settings) as run:
        await ingest(run)


async def test_from_a_feed_with_a_hub_to_a_push_and_its_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "")
    hub, port = Hub(), free_port()
    given = settings(tmp_path, push_url=f"http://127.0.0.1:{port}/")
    async with Site() as site, served(hub.app) as hub_url:
        paper = Paper(site, hub_url)
        paper.print(1)
        await asyncio.to_thread(subscribe, given, [OpmlFeed(paper.feed_url)])
        await walk(given)
        async with receiving(given, port):
            # Subscribed to as soon as the feed is known.
            await until(lambda: hub.subscribers)
            assert hub.asked[0]["hub.topic"] == paper.feed_url
            assert (await hub.push(paper.feed_url, paper.print(2))) == [202]
            # To open the published copy takes longer than all else that happens meanwhile.
            await until(lambda: len(titles(given)) == 2, every=0.25)

            # A hub that repeats itself 106 times: nothing new, and not 106 polls.
            asked, began = site.asked.count("/feed"), clock.now()
            assert await hub.push(paper.feed_url, paper.print(), times=106) == [202] * 106
            await asyncio.sleep(3)
            minutes = (clock.now() - began) / timedelta(minutes=1)
            assert site.asked.count("/feed") - asked <= 1 + minutes
            assert [site.asked.count(f"/{n}") for n in (1, 2)] == [1, 1]
    assert len(titles(given)) == 2


async def test_a_hub_that_others_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flask-WebSub verifies us, fetches what is published and signs it with SHA-512."""
    python = os.environ.get("WEBSUB_HUB_PYTHON")
    if not python:
        pytest.skip(
            "WEBSUB_HUB_PYTHON names no Python with Flask-WebSub (see servers/flask_hub.py)"
        )
    monkeypatch.setenv("PREFECT_API_URL", "")
    port, hub_port = free_port(), free_port()
    given = settings(tmp_path, push_url=f"http://127.0.0.1:{port}/")
    hub = await asyncio.create_subprocess_exec(
        python, str(FLASK_HUB), str(hub_port), str(tmp_path),
    )  # fmt: skip
    try:
        async with Site() as site, httpx.AsyncClient() as client:
            paper = Paper(site, f"http://127.0.0.1:{hub_port}/hub", end="")
            paper.print()
            await asyncio.to_thread(subscribe, given, [OpmlFeed(paper.feed_url)])
            await walk(given)
            async with receiving(given, port):
                await until(lambda: is_active(given))
                asked = site.asked.count("/feed")
                paper.print(1)
                published = {"hub.mode": "publish", "hub.topic": paper.feed_url}
                answer = await client.post(f"http://127.0.0.1:{hub_port}/hub", data=published)
                assert answer.status_code == 202
                await until(lambda: titles(given), every=0.25)
                assert site.asked.count("/feed") - asked == 2, "the hub asked, and then we"
                one = state(given)
                assert one is not None
                assert one.refused == 0
    finally:
        hub.terminate()
        await hub.wait()


def is_active(settings: Settings) -> bool:
    one = state(settings)
    return one is not None and one.state is SubscriptionState.ACTIVE


async def test_requests_that_never_end_keep_no_hub_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each drips on, so that no wait for the next byte ever ends."""
    monkeypatch.setattr(listening, "HEAD_SECONDS", 1)
    monkeypatch.setenv("PREFECT_API_URL", "")
    port = free_port()
    given = settings(tmp_path, push_url=f"http://127.0.0.1:{port}/")
    async with receiving(given, port):
        await until(lambda: listens(port))
        half_sent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(300)]
        for _, writer in half_sent:
            writer.write(b"POST /token HTTP/1.1\r\nHost: a\r\nX-Slow: ")

        async def drip(writer: asyncio.StreamWriter) -> None:
            while True:
                writer.write(b"x")
                await asyncio.sleep(0.2)

        drops = [asyncio.create_task(drip(writer)) for _, writer in half_sent]
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*(closed(reader) for reader, _ in half_sent))
        finally:
            for task in drops:
                task.cancel()
        async with httpx.AsyncClient() as client:
            answered = await client.get(f"http://127.0.0.1:{port}/health")
        assert answered.json() == {"subscriptions": 0}


async def closed(reader: asyncio.StreamReader) -> None:
    """Waits until the other side has closed the connection."""
    with suppress(ConnectionError):
        await reader.read()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


async def test_leases_are_renewed_before_they_end_under_the_same_callback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "")
    hub, port = Hub(lease=9), free_port()
    given = settings(tmp_path, push_url=f"http://127.0.0.1:{port}/")
    async with Site() as site, served(hub.app) as hub_url:
        paper = Paper(site, hub_url)
        paper.print()
        await asyncio.to_thread(subscribe, given, [OpmlFeed(paper.feed_url)])
        await walk(given)
        async with receiving(given, port):
            await until(lambda: len(hub.confirmed) == 3)
    assert hub.confirmed == [True] * 3
    assert hub.lapsed == 0
    assert len(hub.subscribers) == 1


async def test_a_push_that_no_poll_was_started_for_is_taken_by_the_next_run(
    tmp_path: Path,
) -> None:
    """Such as where the event was lost, or the receiver was stopped before it passed it on."""
    given = settings(tmp_path, poll_interval=86_400.0)
    async with Site() as site:
        paper = Paper(site, "http://127.0.0.1:9")
        paper.print(1)
        await asyncio.to_thread(subscribe, given, [OpmlFeed(paper.feed_url)])
        await walk(given)
        paper.print(2)
        await walk(given)
        assert len(titles(given)) == 1, "it is not due"
        with Subscriptions(given.desk().folder) as known:
            known.save(subscription(paper.feed_url))
            known.pushed(feed_id(paper.feed_url), clock.now())
        await walk(given)
        assert len(titles(given)) == 2
        asked = site.asked.count("/feed")
        await walk(given)
        assert site.asked.count("/feed") == asked, "a push is good for one poll"


def subscription(url: str, hub_url: str = "http://127.0.0.1:9/") -> Subscription:
    now = clock.now()
    return Subscription(
        feed_id(url),
        hub_url,
        url,
        "token",
        "secret",
        SubscriptionState.ACTIVE,
        now,
        ask_at=now + timedelta(days=1),
        lease_until=now + timedelta(days=2),
    )


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (answer(503, {"Retry-After": "7200"}), "http_503"),
        (answer(404), "http_404"),
        (redirect("/elsewhere"), "http_302"),
        (None, "connect_failed"),
    ],
)
async def test_a_hub_that_does_not_take_it_is_asked_again_later(
    handler: Handler | None, reason: str, tmp_path: Path
) -> None:
    routes: dict[str, Handler] = {"/": handler} if handler else {}
    async with Site(routes) as site, HttpClient(fetch_settings()) as client:
        hub_url = site.url("/") if handler else "http://127.0.0.1:9/"
        feed = Feed(1, "http://paper.example/feed", hub_url=hub_url)
        with Subscriptions(tmp_path) as known:
            hubs = Hubs(client, known, callback="http://127.0.0.1:1/", lease=60)
            assert await hubs.ask([feed], clock.now()) == 1
            (one,) = known.all()
            assert (one.state, one.reason) == (SubscriptionState.ASKED, reason)
            assert one.ask_at is not None
            wait = one.ask_at - clock.now()
            assert wait > timedelta(minutes=119 if reason == "http_503" else 4)
            assert await hubs.ask([feed], clock.now()) == 0


async def test_a_hub_that_moved_is_followed_with_everything_it_was_asked(tmp_path: Path) -> None:
    hub = Hub(status=200)
    async with (
        served(hub.app) as hub_url,
        Site({"/old": redirect(f"{hub_url}/", 307)}) as site,
        HttpClient(fetch_settings()) as client,
    ):
        feed = Feed(1, "http://paper.example/feed", hub_url=site.url("/old"))
        with Subscriptions(tmp_path) as known:
            await Hubs(client, known, callback="http://me.example/", lease=60).ask(
                [feed], clock.now()
            )
            (one,) = known.all()
    assert hub.asked == [
        {
            "hub.callback": f"http://me.example/{one.token}",
            "hub.mode": "subscribe",
            "hub.topic": "http://paper.example/feed",
            "hub.lease_seconds": "60",
            "hub.secret": one.secret,
        }
    ]
    assert len(one.secret) < 200, "the Recommendation's limit, in bytes"
    assert one.secret != one.token


async def test_hubs_in_private_networks_are_not_asked(tmp_path: Path) -> None:
    asked: list[SiteRequest] = []
    async with (
        Site({"/": answer(202)}) as site,
        HttpClient(fetch_settings(allowed_networks=())) as client,
    ):
        feed = Feed(1, "http://paper.example/feed", hub_url=site.url("/"))
        with Subscriptions(tmp_path) as known:
            await Hubs(client, known, callback="http://me.example/", lease=60).ask(
                [feed], clock.now()
            )
            assert [one.reason for one in known.all()] == ["blocked_address"]
        asked += site.log
    assert asked == []


@pytest.mark.parametrize(
    ("hub", "confirmed", "ends"),
    [
        (Hub(), True, SubscriptionState.ACTIVE),
        (Hub(deny="no such topic"), True, SubscriptionState.DENIED),
        (Hub(change=lambda asked: asked | {"hub.topic": "http://x/"}), False,
         SubscriptionState.ASKED),
        (Hub(change=lambda asked: asked | {"hub.challenge": "other"}), False,
         SubscriptionState.ACTIVE),
    ],
)  # fmt: skip
async def test_what_hubs_verify(
    hub: Hub, confirmed: bool, ends: SubscriptionState, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The last hub sent another challenge than it expects back: it says so to itself."""
    monkeypatch.setenv("PREFECT_API_URL", "")
    port = free_port()
    given = settings(tmp_path, push_url=f"http://127.0.0.1:{port}")
    async with served(hub.app) as hub_url, Site() as site:
        paper = Paper(site, hub_url)
        paper.print()
        await asyncio.to_thread(subscribe, given, [OpmlFeed(paper.feed_url)])
        await walk(given)
        async with receiving(given, port):
            await until(lambda: hub.confirmed)
        assert hub.confirmed == [confirmed]
        assert bool(hub.subscribers) is (confirmed and not hub.deny)
        one = state(given)
        assert one is not None
        assert one.state is ends


async def test_a_prefect_server_is_told_which_feeds_were_pushed() -> None:
    told: list[tuple[str, list[dict[str, Any]]]] = []
    status = [503, 204]

    async def take(request: Request) -> Response:
        told.append((request.headers["authorization"], json.loads(await request.body())))
        return Response(status_code=status.pop(0))

    app = Starlette(routes=[Route("/api/events", take, methods=["POST"])])
    pushed = [subscription(f"http://paper.example/{n}") for n in range(100)]
    login = temporary_settings({PREFECT_API_AUTH_STRING: SecretStr("desk:word")})
    async with served(app) as url:
        with login:
            tell = by_event(f"{url}/api", "/desk/press.duckdb")
        assert await tell(pushed, clock.now()) is False
        assert await tell(pushed, clock.now()) is True
    assert not await tell(pushed, clock.now()), "nobody listens any more"
    credentials, events = told[-1]
    assert credentials == httpx.BasicAuth("desk", "word")._auth_header
    assert [event["event"] for event in events] == ["pressclip.feed.pushed"] * 2
    feeds = [feed for event in events for feed in event["payload"]["feeds"]]
    assert feeds == [str(one.feed_id) for one in pushed]
    assert len({event["id"] for event in events}) == 2
