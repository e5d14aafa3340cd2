"""What outlets are called, and those that the desk comes to watch by itself.

    outlets that nobody named ─ their home pages ─ parse ─▶ one batch: what each said of itself
    outlets that searches name (flows/discovery/suggest.py) ─ their feeds ─▶ one batch a day

The operator's name goes first; home pages are asked once in 30 days. An outlet without a name is no
failure: it goes by the title of its feed, or by its host.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from flows import clock
from flows.concurrency import drop_traceback, run_all
from flows.decisions.outcomes import NOT_ASKED
from flows.decisions.suggestions import Suggestion, is_its_own, worth_following
from flows.discovery.suggest import look_up, unwatched
from flows.run.context import Run
from flows.settings import Settings
from flows.steps.poll import poll_feed
from flows.steps.subscriptions import feed_row, land_and_load, publish_change
from parsers.errors import Drop, Retry, as_ours
from parsers.feeds.opml import OpmlFeed
from parsers.identity import feed_id
from parsers.metadata.site_name import HomePage
from parsers.parse import parse_home_page
from parsers.sites import site_of
from parsers.urls import host_of
from warehouse.database.locks import OnWait
from warehouse.database.open import open_warehouse
from warehouse.queue.outlets import FOLLOW, UnnamedOutlet, has_followed, is_outlet, unnamed_outlets
from warehouse.records import Batch, Feed, OutletSource, OutletState, new_batch_id

log = logging.getLogger(__name__)

MOST = 200
"""Home pages that a run asks at most: the others can wait for the next."""
FEWEST = 3
"""Headlines on topic of an outlet that the desk watches by itself."""
FOLLOW_EVERY = timedelta(hours=23)
"""How often the desk looks for such: once a day, whatever minute a run begins at."""
CANDIDATES = 3
"""How many outlets are looked at for each feed that may be added: of some none answers."""
CATEGORY = "Found in searches"
"""Where what was found so is filed."""


async def ask_home_pages(run: Run) -> None:
    """Asks the home pages of outlets that nobody named, within the manners of all requests, and
    loads what they said. None where someone else holds the warehouse: the next run does it."""
    owns = run.settings.shard.owns if run.settings.shard else None
    states: list[OutletState] = []

    async def ask(outlet: UnnamedOutlet) -> None:
        async with run.hosts:
            state = await _ask(run, outlet)
        if state is not None:
            states.append(state)

    due: tuple[UnnamedOutlet, ...] = ()
    with suppress(Retry):
        due = await run.in_warehouse(lambda wh: unnamed_outlets(wh, run.now(), MOST, owns))
    try:
        await run_all(ask(outlet) for outlet in due)
    finally:
        # Also where a signal or an error comes first: what was asked is not to be asked again.
        if states:
            await run.land(run.batch("outlets", outlets=tuple(states)))
    if states:
        await run.load()


async def _ask(run: Run, outlet: UnnamedOutlet) -> OutletState | None:
    """What the home page of an outlet said, or why it could not be read; None where its host rests,
    so that nothing was asked."""
    asked = OutletState(
        outlet.site, OutletSource.HOME_PAGE, recorded_at=run.now(), home_url=outlet.home_url
    )
    try:
        said = await _read(run, outlet)
    except Exception as error:  # noqa: BLE001 - as_ours logs what nobody foresaw
        failed = as_ours(error, f"Asking {outlet.home_url}", Retry)
        drop_traceback(error)
        return None if failed.name in NOT_ASKED else replace(asked, error=failed.name)
    return replace(asked, name=said.name, language=said.language)


async def _read(run: Run, outlet: UnnamedOutlet) -> HomePage:
    async with run.page_at(outlet.home_url) as page:
        reached = page.final_url
        if site_of(host_of(reached)) != outlet.site:
            raise Drop("other_site", f"{outlet.home_url} led to {reached}, another outlet's page.")
        return await run.pool.run(reached, parse_home_page, page, outlet.site)


def name_outlet(
    settings: Settings, site: str, name: str | None, on_wait: OnWait = log.warning
) -> None:
    """Calls the outlet at `site` what the operator says; None takes that back. Raises
    Drop("no_such_outlet")."""
    desk, now = settings.desk(), clock.now()
    with open_warehouse(desk, wait=settings.lock_wait, on_wait=on_wait) as wh:
        if not is_outlet(wh, site):
            raise Drop(
                "no_such_outlet",
                f"There is no outlet {site}; `pressclip outlets list` shows them.",
            )
        said = OutletState(site, OutletSource.OPERATOR, recorded_at=now, name=name)
        land_and_load(wh, desk, Batch(new_batch_id(now), "outlets", now, outlets=(said,)))
    publish_change(settings, now, on_wait)


async def answering(run: Run, outlet: Suggestion, urls: Iterable[str]) -> tuple[OpmlFeed, ...]:
    """Those of an outlet's feeds that answer, as they would be subscribed to. A feed at another
    site is named as this outlet's."""
    feeds = [Feed(feed_id(url), url) for url in urls]
    polls = await run_all(poll_feed(run, feed) for feed in feeds)
    return tuple(
        OpmlFeed(
            feed.url,
            poll.feed.title or outlet.outlet,
            None if is_its_own(outlet, feed.url) else outlet.home_url,
            poll.feed.language or next(iter(outlet.languages), None),
            CATEGORY,
        )
        for feed, poll in zip(feeds, polls, strict=True)
        if poll.entries
    )


async def follow_outlets(run: Run) -> None:
    """Subscribes to what outlets list that searches name most, as many a day as the settings allow.
    Not where the warehouse is held by someone else: the next run does it. Of several shards the
    first does it for all, so that they add no more together."""
    shard = run.settings.shard
    if run.settings.follow_outlets < 1 or (shard is not None and shard.number != 1):
        return
    with suppress(Retry):
        since = run.now() - FOLLOW_EVERY
        if not await run.in_warehouse(lambda wh: has_followed(wh, since, run.now())):
            await _follow(run)


async def _follow(run: Run) -> None:
    settings, found = run.settings, await unwatched(run)
    languages = settings.follow_languages
    chosen = worth_following(found.outlets, languages, FEWEST, known=False)
    outlets = await look_up(run, chosen[: CANDIDATES * settings.follow_outlets], found.feeds)
    feeds: list[Feed] = []
    # Their home pages have told their language by now.
    for outlet in worth_following(outlets, languages, FEWEST, known=True):
        if len(feeds) == settings.follow_outlets:
            break
        own = [url for url in outlet.watchable if is_its_own(outlet, url)]
        answered = await answering(run, outlet, own[:1])
        feeds += [feed_row(feed, None) for feed in answered]
    # Also where there is none: it is looked for once a day.
    await run.land(run.batch(FOLLOW, feeds=tuple(feeds)))
    await run.load()
    if feeds:
        run.listener.feeds_followed(feeds)
