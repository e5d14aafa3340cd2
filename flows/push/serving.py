"""The receiver at work: a server for hubs, and beside it what asks them and what passes on.

hubs ─▶ callback_app ─▶ push.sqlite ─▶ passing on ─▶ a poll
         published feeds ─▶ asking hubs ─▶ push.sqlite
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from flows import clock
from flows.listening import listen, serve_http
from flows.push.passing_on import PassOn, by_event, by_polling_here
from flows.run.context import open_client
from flows.settings import Settings, prefect_api_url
from flows.websub.app import callback_app
from flows.websub.deciding import to_pass_on
from flows.websub.hubs import Hubs
from flows.websub.store import Subscriptions, open_for_receiver
from parsers.errors import Drop
from warehouse.queue.feeds import published_feeds

log = logging.getLogger(__name__)

ASK_EVERY = 15.0
PASS_ON_EVERY = 2.0
"""Seconds; short enough for news, long enough for one poll to do for a burst of pushes."""


async def receive(
    settings: Settings,
    *,
    host: str,
    port: int,
    ask_every: float = ASK_EVERY,
    now: Callable[[], datetime] = clock.now,
) -> None:
    """Serves hubs on `host` and `port` until this process is told to stop.

    Raises Drop("no_push_url") where the settings do not say how hubs reach us, and as
    `flows.listening.listen` does.
    """
    callback = callback_address(settings)
    desk = settings.desk()
    desk.create()
    api_url = prefect_api_url()
    pass_on = by_event(api_url, desk.name) if api_url else by_polling_here(settings)
    with listen(host, port) as listener, open_for_receiver(desk.folder) as known:
        came = asyncio.Event()
        app = callback_app(
            known,
            lease=settings.push_lease,
            max_body=settings.max_body,
            now=now,
            on_push=came.set,
        )
        async with open_client(settings, now) as client:
            hubs = Hubs(client, known, callback=callback, lease=settings.push_lease)
            await _with_beside(
                serve_http(app, listener),
                _keep_asking(settings, hubs, ask_every, now),
                _keep_passing_on(known, came, pass_on, now),
            )


async def _with_beside(work: Coroutine[Any, Any, None], *others: Coroutine[Any, Any, None]) -> None:
    """Runs `work`, and the `others` beside it for as long as it takes."""
    tasks = [asyncio.create_task(other) for other in others]
    try:
        await work
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def callback_address(settings: Settings) -> str:
    """The public address below which hubs reach us; raises Drop("no_push_url")."""
    if not (settings.push_url or "").startswith(("http://", "https://")):
        raise Drop(
            "no_push_url",
            "Hubs must be told where to push. Set PRESSCLIP_PUSH_URL to the public address under "
            "which they reach this receiver, such as https://push.example.org/.",
        )
    return str(settings.push_url)


async def _keep_asking(
    settings: Settings, hubs: Hubs, every: float, now: Callable[[], datetime]
) -> None:
    async def ask() -> None:
        feeds = await asyncio.to_thread(published_feeds, settings.desk())
        await hubs.ask(feeds, now())

    while True:
        await _unless_it_fails("asking hubs", ask())
        await asyncio.sleep(every)


async def _keep_passing_on(
    known: Subscriptions, came: asyncio.Event, pass_on: PassOn, now: Callable[[], datetime]
) -> None:
    async def look() -> None:
        began = now()
        pushed = to_pass_on(known.with_news(), began)
        if pushed and await pass_on(pushed, began):
            known.passed_on([subscription.feed_id for subscription in pushed], began)

    while True:
        await _unless_it_fails("passing on a push", look())
        came.clear()
        try:
            # A push is not waited for without end: one may have been kept back or have failed.
            async with asyncio.timeout(10 * PASS_ON_EVERY):
                await came.wait()
        except TimeoutError:
            continue
        await asyncio.sleep(PASS_ON_EVERY)


async def _unless_it_fails(what: str, work: Coroutine[Any, Any, None]) -> None:
    """Whatever goes wrong in one round must not end the receiver: polls go on without it, but
    hubs would be answered by nobody."""
    try:
        await work
    except Exception:
        log.exception("%s failed; it is tried again", what)
