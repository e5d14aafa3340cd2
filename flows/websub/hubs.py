"""Asking hubs: subscribing, renewing and leaving (WebSub, section 5.1)."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterable
from datetime import datetime

from flows.fetch.client import HttpClient
from flows.fetch.pacing import retry_after
from flows.websub.deciding import is_forgotten, not_taken, plan_asks, watched_hubs
from flows.websub.store import Subscriptions
from flows.websub.subscription import Subscription, SubscriptionState
from parsers.errors import PressclipError
from warehouse.records import Feed

log = logging.getLogger(__name__)

_AT_ONCE = 100


def new_token() -> str:
    """Something that nobody guesses, and that may stand in a URL."""
    return secrets.token_urlsafe(32)


class Hubs:
    """What is said to hubs, and how."""

    def __init__(
        self, client: HttpClient, known: Subscriptions, *, callback: str, lease: float
    ) -> None:
        """`callback` is the public address below which hubs reach us; `lease` is for how many
        seconds they are asked to push."""
        self._client = client
        self._known = known
        self._callback = callback.rstrip("/")
        self._lease = lease

    async def ask(self, feeds: Iterable[Feed], now: datetime) -> int:
        """Asks every hub that is to be asked at `now`, and returns how many were."""
        known = self._known.all()
        for subscription in known:
            if is_forgotten(subscription, now):
                self._known.forget(subscription.feed_id)
        left = [subscription for subscription in known if not is_forgotten(subscription, now)]
        asks = plan_asks(watched_hubs(feeds), left, now=now, new_token=new_token)
        gate = asyncio.Semaphore(_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for subscription in asks:
                # Kept before it is asked: the hub may want it confirmed before it answers.
                self._known.save(subscription)
                group.create_task(self._ask(subscription, now, gate))
        return len(asks)

    async def _ask(
        self, subscription: Subscription, now: datetime, gate: asyncio.Semaphore
    ) -> None:
        leaving = subscription.state is SubscriptionState.LEAVING
        form = {
            "hub.callback": f"{self._callback}/{subscription.token}",
            "hub.mode": "unsubscribe" if leaving else "subscribe",
            "hub.topic": subscription.topic_url,
        }
        if not leaving:
            # Also over http, where it can be overheard: still better than no signature at all.
            form |= {"hub.lease_seconds": f"{self._lease:.0f}", "hub.secret": subscription.secret}
        try:
            async with gate:
                page = await self._client.post(subscription.hub_url, form)
        except PressclipError as error:
            self._not_taken(subscription, error.name, getattr(error, "after", None), now)
        else:
            if not 200 <= page.status < 300:
                self._not_taken(subscription, f"http_{page.status}", retry_after(page), now)

    def _not_taken(
        self, subscription: Subscription, reason: str, after: float | None, now: datetime
    ) -> None:
        log.warning(
            "The hub %s did not take a subscription to %s (%s); it is polled as ever.",
            subscription.hub_url,
            subscription.topic_url,
            reason,
        )
        self._known.save(not_taken(subscription, reason, after, now))
