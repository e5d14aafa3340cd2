"""What hubs talk to: confirms what we asked for, takes pushes, answers at once.

A push is only a hint that its feed has something new. Its body is checked against its signature
and thrown away: the feed itself is asked, politely and safely, like any other time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flows.websub.deciding import decide_intent, signature_checker
from flows.websub.store import Subscriptions
from flows.websub.subscription import Intent, Subscription, SubscriptionState

log = logging.getLogger(__name__)

_BODY_SECONDS = 30.0
"""Time that the body of a push may take to arrive."""
_PLAIN = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
_MOST_CHALLENGE = 2000


def callback_app(
    known: Subscriptions,
    *,
    lease: float,
    max_body: int,
    now: Callable[[], datetime],
    on_push: Callable[[], None],
) -> Starlette:
    """The ASGI app. `lease` is what hubs are asked for, in seconds; `max_body` caps a push, in
    bytes; `on_push` is called after a push was kept."""
    callbacks = _Callbacks(known, lease, max_body, now, on_push)
    return Starlette(
        routes=[
            Route("/health", callbacks.health),
            Route("/{token}", callbacks.confirm, methods=["GET"]),
            Route("/{token}", callbacks.push, methods=["POST"]),
        ]
    )


@dataclass(frozen=True, slots=True)
class _Callbacks:
    known: Subscriptions
    lease: float
    max_body: int
    now: Callable[[], datetime]
    on_push: Callable[[], None]

    async def health(self, _: Request) -> Response:
        return JSONResponse({"subscriptions": len(self.known.all())})

    async def confirm(self, request: Request) -> Response:
        """WebSub, sections 5.2 and 5.3."""
        subscription = self.known.at(request.path_params["token"])
        verdict = subscription and decide_intent(
            subscription, _intent(request), wanted_lease=self.lease, now=self.now()
        )
        if not subscription or not verdict:
            return _plain(404, "Nothing of that kind was asked for.")
        if verdict.subscription is None:
            self.known.forget(subscription.feed_id)
        else:
            self.known.save(verdict.subscription)
            _tell(verdict.subscription)
        return _plain(200, verdict.echo)

    async def push(self, request: Request) -> Response:
        """WebSub, sections 7 and 8."""
        subscription = self.known.at(request.path_params["token"])
        if subscription is None or subscription.state is SubscriptionState.LEAVING:
            return _plain(410, "This subscription has ended.")
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                signed = await _is_signed(request, subscription.secret, self.max_body)
        except (TimeoutError, ClientDisconnect):
            return _plain(408, "The body took too long.", Connection="close")
        if signed is None:
            # Closed, or the server would go on reading what nobody wants.
            text = f"More than {self.max_body} bytes are not read."
            return _plain(413, text, Connection="close")
        if signed:
            self.known.pushed(subscription.feed_id, self.now())
            self.on_push()
        else:
            # Not told to who sent it: section 8 wants it ignored and acknowledged all the same.
            self.known.refuse(subscription.feed_id)
            log.warning(
                "A push for %s had a wrong signature and was ignored.", subscription.topic_url
            )
        return Response(status_code=202)


def _intent(request: Request) -> Intent:
    asked = request.query_params
    return Intent(
        mode=asked.get("hub.mode", ""),
        topic=asked.get("hub.topic", ""),
        challenge=asked.get("hub.challenge", "")[:_MOST_CHALLENGE],
        lease_seconds=asked.get("hub.lease_seconds", ""),
        reason=asked.get("hub.reason", ""),
    )


async def _is_signed(request: Request, secret: str, most: int) -> bool | None:
    """Whether the body bears the right signature; None where it is too long. It is not kept."""
    signature = signature_checker(secret, request.headers.get("x-hub-signature", ""))
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            return None
        if signature is not None:
            signature.feed(piece)
    return signature is not None and signature.is_right()


def _tell(subscription: Subscription) -> None:
    if subscription.state is SubscriptionState.DENIED:
        log.warning(
            "The hub %s denied %s: %s.",
            subscription.hub_url,
            subscription.topic_url,
            subscription.reason,
        )
    else:
        log.info(
            "%s pushes %s until %s.",
            subscription.hub_url,
            subscription.topic_url,
            subscription.lease_until,
        )


def _plain(status: int, text: str, **headers: str) -> Response:
    return Response(text, status, _PLAIN | headers, "text/plain")
