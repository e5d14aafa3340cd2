"""Harvest: turn waiting entries into articles.

    waiting entries ─ chunks (a host is in one) ─ fetch ─ parse ─ decide ─▶ batches, as it goes

Every entry that goes in comes out with an outcome: stored, off topic, duplicate, waiting (to be
tried again, and when) or dead, with the reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flows.archive.choice import worth_keeping
from flows.archive.writing import RawPage
from flows.concurrency import drop_traceback, run_all
from flows.decisions.host_budget import HostBudget, put_off
from flows.decisions.outcomes import as_copy, decide_entry
from flows.decisions.plan import Chunk, Group, host_of_groups
from flows.decisions.speaking import (
    address_of,
    carriers,
    may_carry,
    not_shown,
    speaks_for,
    speaks_for_its_link,
)
from flows.discovery.headlines import tells_nothing
from flows.fetch.fetched import Fetched, require_body
from flows.fetch.memory_budget import Reservation
from flows.run.context import Run
from flows.steps.buffer import HarvestBuffer
from flows.steps.further_pages import whole_article
from flows.wording import how_many
from parsers.errors import Drop, PressclipError, Retry, as_ours
from parsers.records import Article, Entry, Page, Rejection, RejectionReason
from parsers.urls import direct_link, is_wrapper
from warehouse.records import BY_HAND

_PAGE_HIDES_ARTICLE = {
    RejectionReason.PAYWALL_STUB,
    RejectionReason.BOT_CHALLENGE,
    RejectionReason.CONSENT_WALL,
    RejectionReason.LOGIN_PAGE,
    RejectionReason.NO_TEXT,
}
"""Pages behind which there is an article, which the feed may carry in full."""


class HostBusyError(Exception):
    """A host has no time left for the further pages of an article."""


HarvestChunk = Callable[[Run, Chunk, HarvestBuffer], Coroutine[Any, Any, None]]


async def harvest_chunk(run: Run, chunk: Chunk, buffer: HarvestBuffer) -> None:
    """Harvests `chunk` into `buffer`."""
    await run_all(_harvest_host(run, groups, buffer) for groups in chunk.hosts)


async def _harvest_host(run: Run, groups: Sequence[Group], buffer: HarvestBuffer) -> None:
    """One host's pages in turn, as many as it has time for: the next is fetched while the last is
    parsed."""
    fresh = HostBudget(run.settings.host_budget)
    time = run.host_budgets.setdefault(host_of_groups(groups), fresh)
    now = asyncio.get_running_loop().time
    async with run.hosts, asyncio.TaskGroup() as parsing:
        left = list(reversed(groups))
        while left and time.left > 0:
            group, reservation, started = left.pop(), run.client.budget.reservation(), now()
            fetched = await _fetch_in_time(run, group[0].entry, reservation, time)
            time.left -= now() - started
            time.asked += 1
            await run.unparsed.acquire()
            task = parsing.create_task(_finish(run, group, fetched, buffer, time))
            task.add_done_callback(partial(_out_of_hand, run, reservation))
        await _put_off(run, left[::-1], time, buffer)


def _out_of_hand(run: Run, reservation: Reservation, _: asyncio.Task[None]) -> None:
    reservation.close()
    run.unparsed.release()


async def _fetch_in_time(
    run: Run, entry: Entry, reservation: Reservation, time: HostBudget
) -> Fetched | PressclipError:
    """`fetch_entry`, but where a link leads to a host with a queue, its turn there is not waited
    for much longer than its own host has time."""
    try:
        async with asyncio.timeout(time.left + run.settings.fetch_timeout):
            return await fetch_entry(run, entry, reservation)
    except TimeoutError:
        reservation.close()
        return Retry("timeout", f"{entry.link} did not get its turn in the time its host has.")


async def _put_off(
    run: Run, groups: Sequence[Group], time: HostBudget, buffer: HarvestBuffer
) -> None:
    if not groups:
        return
    budget = run.settings.host_budget
    run.listener.held_up(
        f"{host_of_groups(groups)} took its {budget:g} s of this run for "
        f"{how_many(time.asked, 'page')}; "
        f"{len(groups)} more wait for later runs. PRESSCLIP_HOST_BUDGET sets the time."
    )
    for late in put_off(groups, time, now=run.now(), pause=budget, digest=run.topics.digest):
        await buffer.add(late)


async def fetch_entry(
    run: Run, entry: Entry, reservation: Reservation | None = None
) -> Fetched | PressclipError:
    """The page at an entry's link, or the error that says why there is none. `reservation` counts
    it as in hand until it is closed."""
    if entry.link is None:
        return Drop("no_link", f"The entry {entry.title!r} has no link to fetch.")
    return await fetch_link(run, direct_link(entry.link), reservation)


async def fetch_link(
    run: Run, link: str, reservation: Reservation | None = None
) -> Fetched | PressclipError:
    """The page at `link`, or the error that says why there is none."""
    if tells_nothing(link):
        return _unresolved(link, "names no outlet at which to look for it")
    try:
        await run.robots.check(link)
        fetched = await run.client.get_traced(link, check=run.robots.check, reservation=reservation)
        require_body(fetched.page)
        require_resolved(link, fetched.page)
    except Exception as error:  # noqa: BLE001 - as_ours logs what nobody foresaw
        failed = as_ours(error, f"Fetching {link}", Retry)
        drop_traceback(error)
        return failed
    return fetched


def require_resolved(link: str, page: Page) -> None:
    """Passes a page that is more than a wrapper's answer; raises Drop("wrapper_unresolved") where
    a search service's or shortener's link led nowhere else: it is no article's address."""
    if is_wrapper(page.final_url):
        raise _unresolved(link, "did not tell when it was asked")


def _unresolved(link: str, why: str) -> Drop:
    return Drop(
        "wrapper_unresolved",
        f"{link} is a link of a search service or shortener, which hides the article and {why}. "
        "The publisher's own feed would tell.",
    )


async def _finish(
    run: Run,
    group: Group,
    fetched: Fetched | PressclipError,
    buffer: HarvestBuffer,
    time: HostBudget,
) -> None:
    answer = fetched.page if isinstance(fetched, Fetched) else fetched
    page: Article | Rejection | PressclipError
    further: tuple[Fetched, ...] = ()
    try:
        page = await _from_page(run, group, answer)
        if isinstance(page, Article) and page.paging:
            last_try = group[0].attempts + 1 >= run.settings.max_attempts
            whole = await whole_article(run, page, partial(_ask, run, time), last_try=last_try)
            page, further = whole.article, whole.further
    except HostBusyError:
        await _put_off(run, [group], time, buffer)
        return
    except Exception as error:  # noqa: BLE001 - as_ours logs what nobody foresaw
        page = as_ours(error, f"Parsing {group[0].entry.link}")
        drop_traceback(error)
    first, *others = _parts(run, group, page)
    found = await _in_the_end(run, first, page)
    raw = raw_pages(run, [item.entry for item in group], fetched, found, further)
    await _decide(run, first, found, buffer, raw)
    for part in others:
        await _decide(run, part, await _in_the_end(run, part, page), buffer)


async def _ask(run: Run, time: HostBudget, link: str) -> Fetched | PressclipError:
    """A further page of an article. Raises HostBusyError where its host has no time for it."""
    if time.left <= 0:
        raise HostBusyError
    now = asyncio.get_running_loop().time
    started = now()
    try:
        # Only one is in hand at a time, beside the first: both count until the article is read.
        with run.client.budget.reservation() as reservation:
            async with asyncio.timeout(time.left + run.settings.fetch_timeout):
                return await fetch_link(run, link, reservation)
    except TimeoutError:
        raise HostBusyError from None
    finally:
        time.left -= now() - started
        time.asked += 1


async def _decide(
    run: Run,
    part: Group,
    found: Article | Rejection | PressclipError,
    buffer: HarvestBuffer,
    raw: Sequence[RawPage] = (),
) -> None:
    now = run.now()
    leader = replace(part[0], not_shown_at=not_shown(part))
    first, *others = (
        decide_entry(waiting, found, now=now, digest=run.topics.digest, settings=run.settings)
        for waiting in (leader, *part[1:])
    )
    await buffer.add(first, raw)
    for other in others:
        await buffer.add(as_copy(other))


def _parts(run: Run, group: Group, page: Article | Rejection | PressclipError) -> tuple[Group, ...]:
    """The entries of a link by what decides them: all by its page, or else by their feeds."""
    readable = _may_be_carried(page, group[0].attempts + 1, run)
    return carriers(group) if readable else (group,)


async def _in_the_end(
    run: Run, part: Group, page: Article | Rejection | PressclipError
) -> Article | Rejection | PressclipError:
    try:
        return await _from_feed(run, part, page)
    except Exception as error:  # noqa: BLE001 - as_ours logs what nobody foresaw
        drop_traceback(error)
        return as_ours(error, f"Parsing {part[0].entry.link}")


def raw_pages(
    run: Run,
    entries: Sequence[Entry],
    fetched: Fetched | PressclipError,
    found: Article | Rejection | PressclipError,
    further: Sequence[Fetched] = (),
) -> tuple[RawPage, ...]:
    """The pages that `found` was read from, where they are to be kept: the one that was asked for
    its entries, and the `further` ones of the same article."""
    if not isinstance(fetched, Fetched) or not fetched.packed:
        return ()
    if not worth_keeping(found, run.settings.raw_pages):
        return ()
    ids, first = tuple(entry.entry_id for entry in entries), fetched.page.final_url
    others = (RawPage(_as_sent(page), (), of=first) for page in further if page.packed)
    return (RawPage(_as_sent(fetched), ids), *others)


def _as_sent(fetched: Fetched) -> Fetched:
    # Kept is what came over the wire; unpacked it may take ten times as much room.
    return replace(fetched, page=replace(fetched.page, body=b""))


async def read_group(run: Run, group: Group, fetched: Page | PressclipError) -> Article | Rejection:
    """The article of a group: from its page, or else from what a feed carries of it. Raises what
    kept it from being read."""
    return await _from_feed(run, group, await _from_page(run, group, fetched))


async def _from_page(
    run: Run, group: Group, fetched: Page | PressclipError
) -> Article | Rejection | PressclipError:
    """What is on the page. Of the entries that led there one of the page's own site fills what the
    page leaves open; a stranger's only tells whether it is worth reading."""
    if isinstance(fetched, PressclipError):
        return fetched
    own = next((item for item in group if speaks_for(item, fetched.final_url)), None)
    by_hand = any(item.entry.feed_id == BY_HAND for item in group)
    led = own or group[0]
    stranger = {} if own else {"stranger": address_of(led)}
    try:
        return await run.pool.page(fetched, led.entry, keep_off_topic=by_hand, **stranger)
    except PressclipError as error:
        drop_traceback(error)
        return error


async def _from_feed(
    run: Run, group: Group, page: Article | Rejection | PressclipError
) -> Article | Rejection:
    """What the page was, or the text that a feed carries where the page can't be had. Raises what
    kept it from being read: where that passes, the entry waits, whatever its page answered."""
    carried = next(filter(may_carry, group), None)
    if carried is None or not _may_be_carried(page, group[0].attempts + 1, run):
        return _or_raise(page)
    stranger = {} if speaks_for_its_link(carried) else {"carrier": address_of(carried)}
    try:
        article = await run.pool.content(carried.entry, run.now(), **stranger)
    except Retry:
        raise
    except PressclipError as error:
        drop_traceback(error)
        return _or_raise(page)
    # What the page answered says more than that the feed carries too little.
    return article if isinstance(article, Article) else _or_raise(page)


def _may_be_carried(found: Article | Rejection | PressclipError, attempts: int, run: Run) -> bool:
    """Whether the feed's own text is worth reading: the page hides it, or will not be had."""
    if isinstance(found, Rejection) and found.reason is not RejectionReason.ERROR_PAGE:
        return found.reason in _PAGE_HIDES_ARTICLE
    if isinstance(found, Rejection | Retry):
        return attempts >= run.settings.max_attempts
    return isinstance(found, PressclipError)


def _or_raise(found: Article | Rejection | PressclipError) -> Article | Rejection:
    if isinstance(found, PressclipError):
        raise found
    return found
