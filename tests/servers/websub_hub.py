"""A WebSub hub as the Recommendation describes it, over real sockets; and one that misbehaves."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass
class Subscriber:
    """Whom the hub pushes to."""

    secret: str
    until: float


@dataclass
class Hub:
    """Takes subscriptions, verifies them, pushes signed content, lets leases end."""

    lease: float | None = None
    """Seconds that it grants, whatever is asked for; None: what is asked for."""
    status: int = 202
    """What it answers to who subscribes."""
    deny: str = ""
    """Why it denies; empty: it does not."""
    change: Callable[[dict[str, str]], dict[str, str]] = lambda asked: asked
    """Changes what it asks a subscriber to confirm."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """Every request to subscribe or unsubscribe."""
    confirmed: list[bool] = field(default_factory=list)
    subscribers: dict[tuple[str, str], Subscriber] = field(default_factory=dict)
    """By topic and callback."""
    lapsed: int = 0
    """Leases that had ended before they were renewed."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def app(self) -> Starlette:
        """The hub as a server takes it."""
        return Starlette(routes=[Route("/", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        asked = dict(parse_qsl((await request.body()).decode()))
        self.asked.append(asked)
        if self.status == 202:
            task = asyncio.create_task(self._verify(asked))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return Response(status_code=self.status)

    async def _verify(self, asked: dict[str, str]) -> None:
        """WebSub, sections 5.2 and 5.3."""
        callback, topic = asked["hub.callback"], asked["hub.topic"]
        async with httpx.AsyncClient() as client:
            if self.deny:
                query = {"hub.mode": "denied", "hub.topic": topic, "hub.reason": self.deny}
                self.confirmed.append((await client.get(callback, params=query)).status_code == 200)
                return
            lease = self.lease or float(asked.get("hub.lease_seconds", 864_000))
            query = {
                "hub.mode": asked["hub.mode"],
                "hub.topic": topic,
                "hub.challenge": f"challenge-{len(self.asked)}",
                "hub.lease_seconds": f"{lease:.0f}",
            }
            answer = await client.get(callback, params=self.change(query))
            good = answer.status_code == 200 and answer.text == query["hub.challenge"]
            self.confirmed.append(good)
        if good and asked["hub.mode"] == "subscribe":
            before = self.subscribers.get((topic, callback))
            self.lapsed += before is not None and before.until < time.monotonic()
            subscriber = Subscriber(asked["hub.secret"], time.monotonic() + lease)
            self.subscribers[topic, callback] = subscriber
        elif good:
            del self.subscribers[topic, callback]

    async def push(self, topic: str, body: bytes, *, times: int = 1) -> list[int]:
        """Pushes `body` to whoever has a lease on `topic`; the status codes they answer."""
        statuses = []
        async with httpx.AsyncClient() as client:
            for (of, callback), subscriber in tuple(self.subscribers.items()) * times:
                if of != topic or subscriber.until < time.monotonic():
                    continue
                made = hmac.new(subscriber.secret.encode(), body, hashlib.sha256)
                headers = {
                    "X-Hub-Signature": f"sha256={made.hexdigest()}",
                    "Link": f'<http://hub.example/>; rel="hub", <{topic}>; rel="self"',
                    "Content-Type": "application/rss+xml",
                }
                answer = await client.post(callback, content=body, headers=headers)
                statuses.append(answer.status_code)
                if answer.status_code == 410:
                    del self.subscribers[of, callback]
        return statuses
