"""The walk of headlines: from waiting entries to entries that link to their articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flows.concurrency import run_all
from flows.decisions.outcomes import Harvested, batched
from flows.decisions.speaking import may_carry
from flows.discovery.headlines import (
    OpenHeadline,
    hides_its_article,
    open_headline,
    tells_nothing,
    unnamed_outlets_of,
)
from flows.discovery.outcomes import decide_headline
from flows.discovery.outlet import (
    OutletSearch,
    ask_outlet,
    asked_until,
    home_page_of,
    worth_asking,
)
from flows.run.context import Run
from warehouse.database.warehouse import Warehouse
from warehouse.queue.headlines import (
    RESOLVE_AGAIN,
    KnownOutlet,
    found_before,
    given_up_unresolved,
    known_outlets,
    outlets_called,
    sites_first_asked,
)
from warehouse.records import EntryOutcome, EntryState, FoundPage, WaitingEntry

TRIED_AGAIN = timedelta(days=14)
"""How long ago an entry may have been given up to be tried once more."""
KNOWN_SINCE = timedelta(days=3)
"""How long before the oldest headline the pages of its outlet matter."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the warehouse tells of headlines."""

    before: dict[int, FoundPage]
    outlets: dict[str, str]


async def resolve_headlines(
    run: Run, waiting: Sequence[WaitingEntry]
) -> tuple[tuple[WaitingEntry, ...], Sequence[Harvested]]:
    """Those of `waiting` that can be harvested, each headline with the address of its article; and
    what became of the other headlines, which is landed."""
    hidden = [one for one in waiting if hides_its_article(one)]
    if not hidden:
        return tuple(waiting), ()
    known = await run.in_warehouse(lambda wh: _look(wh, hidden))
    found = dict(known.before)
    fresh = [one for one in hidden if one.entry.entry_id not in found]
    read = (open_headline(one, known.outlets) for one in fresh)
    searches = await _search(run, [one for one in read if one is not None])
    for search in searches:
        found |= search.found
    decided = _decided(run, searches)
    await _land(run, searches, decided)
    settled = {each.outcome.entry_id for each in decided}
    left = (one for one in waiting if one.entry.entry_id not in settled)
    return tuple(_found_at(one, found.get(one.entry.entry_id)) for one in left), decided


def _look(wh: Warehouse, hidden: Sequence[WaitingEntry]) -> _Known:
    tried = [one.entry.entry_id for one in hidden if one.attempts or one.article_id is not None]
    names = unnamed_outlets_of(hidden)
    return _Known(
        found_before(wh, tried) if tried else {}, outlets_called(wh, names) if names else {}
    )


def _found_at(waiting: WaitingEntry, found: FoundPage | None) -> WaitingEntry:
    if found is None:
        return waiting
    return replace(waiting, entry=replace(waiting.entry, link=found.found_url), found=found)


async def _search(run: Run, headlines: Sequence[OpenHeadline]) -> Sequence[OutletSearch]:
    """Searches for all headlines, each outlet's together; those with the newest first."""
    if not headlines:
        return ()
    now = run.now()
    by_site: defaultdict[str, list[OpenHeadline]] = defaultdict(list)
    for one in sorted(headlines, key=_age):
        by_site[one.site].append(one)
    oldest = min((one.headline.at for one in headlines if one.headline.at), default=now)
    since = max(oldest, now - TRIED_AGAIN) - KNOWN_SINCE

    def look(wh: Warehouse) -> tuple[dict[str, KnownOutlet], int]:
        return known_outlets(wh, by_site, since=since, now=now), sites_first_asked(wh, now)

    known, asked_today = await run.in_warehouse(look)
    searches = [
        OutletSearch(site, ours, known.get(site) or KnownOutlet(), home_page_of(ours[0].outlet_url))
        for site, ours in by_site.items()
    ]
    for search in searches:
        search.look_at_known()
    due = _to_ask(run, searches, run.settings.new_outlets - asked_today)

    async def ask(search: OutletSearch) -> None:
        async with run.hosts:
            await ask_outlet(run, search)

    await run_all(ask(search) for search in due)
    for search in searches:
        if search.visit.until is None:
            search.look_closer()
    return searches


def _age(one: OpenHeadline) -> float:
    return -(one.at or datetime.min.replace(tzinfo=UTC)).timestamp()


def _to_ask(run: Run, searches: Iterable[OutletSearch], new: int) -> list[OutletSearch]:
    """The outlets to ask now, at most so many `new` ones; the others are told until when not."""
    due, now = [], run.now()
    for search in searches:
        if not search.open or not worth_asking(search, now):
            continue
        until = asked_until(search)
        if until is not None and now < until:
            search.visit.until = until
        elif until is None and new <= 0:
            search.visit.until = now + DAY
        else:
            new -= until is None
            due.append(search)
    return due


def _decided(run: Run, searches: Iterable[OutletSearch]) -> list[Harvested]:
    now, digest, settings = run.now(), run.topics.digest, run.settings
    return [
        decide_headline(one, search.visit, now=now, digest=digest, settings=settings)
        for search in searches
        for one in search.open
        # What its feed carries of it may be read all the same.
        if not may_carry(one.waiting)
    ]


async def _land(run: Run, searches: Iterable[OutletSearch], decided: Sequence[Harvested]) -> None:
    listings = tuple(listing for search in searches for listing in search.listings)
    states = tuple(state for search in searches if search.found for state in search.states)
    if not decided and not listings:
        return
    for each in decided:
        run.listener.entry_decided(each.outcome)
    await run.land(run.batch("headlines", listings=listings, outlets=states, **batched(decided)))
    await run.load()


async def try_unresolved_again(run: Run) -> None:
    """Has entries tried once more that an earlier version gave up in the last days, since it could
    not tell where their links lead. Nobody is alerted of what comes of it."""
    since = run.now() - TRIED_AGAIN
    given_up = await run.in_warehouse(lambda wh: given_up_unresolved(wh, since))
    ids = [number for number, link in given_up if tells_nothing(link)]
    if not ids:
        return
    now = run.now()
    outcomes = tuple(
        EntryOutcome(number, EntryState.WAITING, now, RESOLVE_AGAIN, attempts=0) for number in ids
    )
    await run.land(run.batch("headlines", outcomes=outcomes))
    await run.load()
