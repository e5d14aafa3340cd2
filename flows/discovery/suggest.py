"""Outlets that news searches name and that nobody watches, and what of them could be watched.

    what searches showed ─ outlets that nobody watches ─ what lists their pages? ─▶ suggestions

What of an outlet was found before is not asked for again; the others are asked for a feed or a
sitemap of news, as politely as for the articles of headlines, and at most so many new ones a day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flows.concurrency import run_all
from flows.decisions.suggestions import Suggestion, suggested, with_listings
from flows.discovery.outlet import WATCHABLE, OutletSearch, ask_outlet, asked_until
from flows.run.context import Run
from parsers.search_services import service_of_feed
from warehouse.database.warehouse import Warehouse
from warehouse.queue.feeds import all_feeds
from warehouse.queue.headlines import KnownOutlet, known_outlets, sites_first_asked
from warehouse.queue.outlets import SearchedHeadline, searched_headlines
from warehouse.records import Feed

LOOKED_BACK = timedelta(days=28)
"""How old a headline may be that counts for its outlet."""


@dataclass(frozen=True, slots=True)
class Unwatched:
    """The outlets that nobody watches, and the feeds that are known."""

    outlets: tuple[Suggestion, ...]
    """Those with most headlines first; what lists their pages is not looked up yet."""
    feeds: tuple[Feed, ...]


async def unwatched(run: Run) -> Unwatched:
    """The outlets that searches named in the last weeks and that nobody watches. Raises
    Retry("warehouse_locked")."""

    def look(wh: Warehouse) -> tuple[tuple[Feed, ...], tuple[SearchedHeadline, ...]]:
        feeds = all_feeds(wh)
        searches = [feed.feed_id for feed in feeds if service_of_feed(feed.url)]
        return feeds, searched_headlines(wh, searches, run.now() - LOOKED_BACK)

    feeds, headlines = await run.in_warehouse(look)
    found = await asyncio.to_thread(suggested, headlines, feeds, run.topics)
    return Unwatched(found, feeds)


async def look_up(
    run: Run, outlets: Sequence[Suggestion], feeds: Sequence[Feed]
) -> tuple[Suggestion, ...]:
    """`outlets` with what lists their pages; those of which that is not known are asked. Raises
    Retry("warehouse_locked")."""
    now, sites = run.now(), [one.site for one in outlets]
    known, asked_today = await run.in_warehouse(
        lambda wh: (known_outlets(wh, sites, since=now, now=now), sites_first_asked(wh, now))
    )
    searches = {
        one.site: OutletSearch(
            one.site, [], known.get(one.site) or KnownOutlet(), one.home_url, to_watch=True
        )
        for one in outlets
    }
    due = _due(run, searches.values(), run.settings.new_outlets - asked_today)

    async def ask(search: OutletSearch) -> None:
        async with run.hosts:
            await ask_outlet(run, search)

    await run_all(ask(search) for search in due)
    if listings := tuple(listing for search in due for listing in search.listings):
        await run.land(run.batch("headlines", listings=listings))
        await run.load()
    return tuple(_looked_up(one, searches[one.site], feeds) for one in outlets)


def _due(run: Run, searches: Iterable[OutletSearch], new: int) -> list[OutletSearch]:
    """Those to ask, at most so many `new` ones."""
    due = []
    for search in searches:
        until = asked_until(search)
        listed = (one for one in search.known.listings if one.kind in WATCHABLE)
        if any(one.pages for one in listed) or (until is not None and run.now() < until):
            continue
        if until is None:
            if new <= 0:
                continue
            new -= 1
        due.append(search)
    return due


def _looked_up(one: Suggestion, search: OutletSearch, feeds: Iterable[Feed]) -> Suggestion:
    listings = {listing.url: listing for listing in (*search.known.listings, *search.listings)}
    language = next((state.language for state in search.states), None)
    return with_listings(one, listings.values(), feeds, language)
