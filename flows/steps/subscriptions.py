"""Which feeds are watched: from OPML files and by hand into the warehouse, and out again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from flows import clock
from flows.decisions.feed_state import believable_feed
from flows.decisions.redirects import without_validators
from flows.settings import Settings, read_file
from flows.wording import unknown
from parsers.errors import Drop, Quarantine, Retry
from parsers.feeds.opml import OpmlFeed, read_list, read_opml
from parsers.identity import feed_id
from parsers.urls import plain_address
from warehouse.database.locks import OnWait
from warehouse.database.open import open_warehouse
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.loading.landing import land
from warehouse.loading.load import load_landed
from warehouse.published.publish import publish
from warehouse.queue.clock import clock_epoch
from warehouse.queue.feeds import all_feeds
from warehouse.records import REMOVED, Batch, Feed, FeedHealth, new_batch_id

log = logging.getLogger(__name__)

_SHOWN, _SHOWN_CHARS = 5, 80
"""How many addresses are shown that can't be used, and how much of each."""


def read_feeds(path: Path, say: Callable[[str], None]) -> tuple[OpmlFeed, ...]:
    """The feeds of an OPML file; raises Drop where it can't be read or is no OPML. What is named as
    a feed in it and can't be one, `say` is told."""
    body = read_file(path, "feed list")
    try:
        listed = read_list(body)
    except Quarantine as error:
        raise Quarantine(error.name, f"{path}: {error.message}") from error
    passed = listed.passed_over
    if listed.beyond:
        say(
            f"{path}: its first {len(listed.feeds)} feeds are taken; {listed.beyond} more were "
            "passed over."
        )
    if passed:
        shown = ", ".join(repr(address[:_SHOWN_CHARS]) for address in passed[:_SHOWN])
        more = f" and {len(passed) - _SHOWN} more" if len(passed) > _SHOWN else ""
        say(
            f"{path}: {len(passed)} of its feeds were passed over, which have no http or https "
            f"address: {shown}{more}."
        )
    return listed.feeds


def shipped_feeds() -> tuple[OpmlFeed, ...]:
    """The feeds that ship with pressclip."""
    return read_opml(files("seeds").joinpath("feeds.opml").read_bytes())


def newsstand_feeds(name: str = "feeds.opml") -> tuple[OpmlFeed, ...]:
    """The feeds of the made-up press, or its news searches (`searches.opml`)."""
    return read_opml(files("seeds").joinpath("newsstand").joinpath(name).read_bytes())


def subscribed(settings: Settings, on_wait: OnWait = log.warning) -> tuple[Feed, ...]:
    """The feeds of the warehouse itself, by category and title: for those about to write to it.
    `on_wait` is told who is waited for."""
    with open_warehouse(settings.desk(), wait=settings.lock_wait, on_wait=on_wait) as wh:
        return all_feeds(wh)


def subscribe(settings: Settings, feeds: Iterable[OpmlFeed], on_wait: OnWait = log.warning) -> int:
    """Adds feeds to the warehouse and returns how many it did not have yet. What is known of a
    feed that is there already stays; what is given here only fills gaps (see `feeds` in
    warehouse/loading/load.sql), and where it fills none, nothing is written."""
    desk, now = settings.desk(), clock.now()
    with open_warehouse(desk, wait=settings.lock_wait, on_wait=on_wait) as wh:
        stored = all_feeds(wh)
        changed = _changed(feeds, stored)
        if changed:
            land_and_load(wh, desk, Batch(new_batch_id(now), "feeds", now, feeds=changed))
    if changed:
        publish_change(settings, now, on_wait)
    known = {feed.feed_id for feed in stored}
    return sum(1 for feed in changed if feed.feed_id not in known)


def _changed(feeds: Iterable[OpmlFeed], stored: Iterable[Feed]) -> tuple[Feed, ...]:
    """Of `feeds` those that are not stored, or fill a gap in what is."""
    by_address = known_addresses(stored)
    wanted = {plain_address(feed.url): feed for feed in feeds}
    return tuple(
        row
        for address, feed in wanted.items()
        if _is_news(row := feed_row(feed, by_address.get(address)), by_address.get(address))
    )


def change_feed(
    settings: Settings, url: str, change: Callable[[Feed], Feed], on_wait: OnWait = log.warning
) -> Feed:
    """Changes the feed at `url` (its address now, or the one it had before) as a person asked;
    returns it as it was. Raises Drop("no_such_feed")."""
    desk, now = settings.desk(), clock.now()
    with open_warehouse(desk, wait=settings.lock_wait, on_wait=on_wait) as wh:
        feed = _find(all_feeds(wh), url)
        changed = replace(change(believable_feed(feed, now)), changed_at=now)
        land_and_load(wh, desk, Batch(new_batch_id(now), "feeds", now, feeds=(changed,)))
    publish_change(settings, now, on_wait)
    return feed


def _find(feeds: Collection[Feed], url: str) -> Feed:
    known = known_addresses(feeds)
    spelled = (plain_address(f"{scheme}{url}") for scheme in ("", "http://", "https://"))
    found = next((known[address] for address in spelled if address in known), None)
    if found is None:
        raise Drop("no_such_feed", _no_feed(url, feeds))
    return found


def _no_feed(asked: str, feeds: Collection[Feed]) -> str:
    titled = {feed.title: feed.url for feed in feeds if feed.title}
    if asked in titled:
        return f"Name a feed by its address: {asked} is {titled[asked]}."
    return unknown("feed", asked, [feed.url for feed in feeds], shown_by="pressclip feeds list")


def known_addresses(feeds: Iterable[Feed]) -> dict[str, Feed]:
    """The feed at each address, whatever its spelling: the one that is asked there, or else was.
    For one that is another feed by now, that one."""
    by_id = {feed.feed_id: feed for feed in feeds}
    found: dict[str, Feed] = {}
    # Somebody may have added another feed at an address that one has left.
    for name in ("former_url", "url"):
        for feed in by_id.values():
            if (address := getattr(feed, name)) is not None:
                found[plain_address(address)] = by_id.get(feed.same_feed_id or 0, feed)
    return found


def removed(feed: Feed) -> Feed:
    """`feed`, not watched any more; its entries and articles stay."""
    return replace(feed, health=FeedHealth.RETIRED, error=REMOVED, next_poll_at=None)


def revived(feed: Feed) -> Feed:
    """`feed`, asked as soon as possible, whatever became of it before."""
    known = without_validators(feed)
    return replace(
        known,
        health=FeedHealth.NEW,
        error=None,
        failures=0,
        next_poll_at=None,
        same_feed_id=None,
    )


def land_and_load(wh: Warehouse, desk: Desk, batch: Batch) -> None:
    """Brings `batch` into the warehouse the way of all changes, so that a kill loses nothing."""
    epoch = clock_epoch(wh, batch.created_at)
    land(desk, replace(batch, clock_epoch=epoch.number))
    load_landed(wh, desk, loaded_at=batch.created_at)


def publish_change(settings: Settings, now: datetime, on_wait: OnWait) -> None:
    """Lets readers see what a person changed. Where someone else holds the warehouse by now, says
    so: the change is stored, and whoever asked for it is not to ask again."""
    try:
        publish(settings.desk(), now=now, wait=settings.lock_wait, on_wait=on_wait)
    except Retry as error:
        on_wait(f"{error.message} The change is stored; the next run publishes it.")


def feed_row(feed: OpmlFeed, known: Feed | None) -> Feed:
    """A feed that a list names, as a batch has it; `known` is what the warehouse has at its
    address."""
    return Feed(
        feed_id=known.feed_id if known else feed_id(feed.url),
        url=known.url if known else feed.url,
        title=feed.title,
        site_url=feed.site_url,
        named_site=feed.site_url,
        language=feed.language,
        category=feed.category,
    )


def _is_news(row: Feed, known: Feed | None) -> bool:
    """Whether `row` is a new feed, or fills a gap in what is known of it."""
    if known is None:
        return True
    fields = ("title", "site_url", "named_site", "language", "category")
    return any(getattr(known, name) is None and getattr(row, name) for name in fields)
