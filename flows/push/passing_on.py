"""What a push starts: a poll of its feed, by a Prefect server where there is one, or here."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from flows.run.context import open_run
from flows.server.events import MOST_RELATED, Event, feeds_pushed
from flows.settings import Settings
from flows.steps import ingest as steps
from flows.steps.publish import publish_copy
from flows.websub.subscription import Subscription
from parsers.errors import Retry

log = logging.getLogger(__name__)

PassOn = Callable[[Sequence[Subscription], datetime], Awaitable[bool]]
"""Starts a poll of the feeds that pushed; False where that did not work, to be tried again."""


def _in_parts(pushed: Sequence[Subscription], size: int) -> Iterator[Sequence[Subscription]]:
    return (pushed[start : start + size] for start in range(0, len(pushed), size))


def _posted(event: Event, now: datetime) -> Mapping[str, Any]:
    """`event` as the server's API takes it."""
    return {
        "id": str(uuid.uuid4()),
        "occurred": now.isoformat(),
        "event": event.name,
        "resource": event.resource,
        "related": event.related,
        "payload": event.payload,
    }


def by_event(api_url: str, warehouse: str) -> PassOn:
    """Tells the Prefect server at `api_url`, whose deployment `poll-pushed` listens. Straight by
    HTTP, which says whether it was taken: `emit_event` would lose it silently."""
    # Prefect takes two seconds to import, and knows how its server is signed in to.
    from prefect.settings import get_current_settings  # noqa: PLC0415

    api = get_current_settings().api
    headers, auth = {}, None
    if api.auth_string is not None:
        name, _, password = api.auth_string.get_secret_value().partition(":")
        auth = httpx.BasicAuth(name, password)
    elif api.key is not None:
        headers["Authorization"] = f"Bearer {api.key.get_secret_value()}"

    async def tell(pushed: Sequence[Subscription], now: datetime) -> bool:
        events = [
            _posted(feeds_pushed(warehouse, {each.feed_id: each.topic_url for each in part}), now)
            for part in _in_parts(pushed, MOST_RELATED)
        ]
        try:
            async with httpx.AsyncClient(headers=headers, auth=auth, timeout=10) as client:
                answer = await client.post(f"{api_url.rstrip('/')}/events", json=events)
                answer.raise_for_status()
        except httpx.HTTPError as error:
            log.warning("The Prefect server at %s was not told of a push: %s.", api_url, error)
            return False
        return True

    return tell


def by_polling_here(settings: Settings) -> PassOn:
    """Polls in this process, harvests what that found and publishes it."""

    async def poll(pushed: Sequence[Subscription], now: datetime) -> bool:
        del now
        try:
            async with open_run(settings) as run:
                await steps.poll(run, only=[subscription.feed_id for subscription in pushed])
                await steps.harvest(run)
                await publish_copy(run)
        except Retry as error:
            # Whoever is at work takes what it finds; the push waits for the next try.
            log.info("%s", error.message)
            return False
        return True

    return poll
