"""Whose word counts for an address: a feed speaks for its own site and for no other. Pure.

A feed's site is that of the address at which it was asked for the entry, or that it was first known
by; the one that the operator named for it; and the one of a page that names the feed as its own.
What a feed says of itself never counts: anybody can write anybody's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from parsers.errors import Drop
from parsers.identity import article_id, entry_urn
from parsers.records import NAMED_FEED, Article
from parsers.sites import site_of
from parsers.urls import canonical_url, direct_link, host_of, is_wrapper, tenant_of
from warehouse.records import BACKFILLED, BY_HAND, Feed, WaitingEntry

Site = tuple[str, str | None]
"""A registered name, with its port where that is its own, and a tenant of it."""


def speaks_for(waiting: WaitingEntry, url: str) -> bool:
    """Whether what an entry says (text, date, byline, title) counts for the page at `url`.

    What somebody filed or had a backfill look for is the operator's own word.
    """
    if waiting.entry.feed_id in {BY_HAND, BACKFILLED}:
        return True
    return among_sites(url, waiting.feed_addresses)


def among_sites(url: str, addresses: Iterable[str]) -> bool:
    """Whether `url` is of the same site as one of `addresses`."""
    site = site_of_address(url)
    return site is not None and any(site_of_address(address) == site for address in addresses)


@lru_cache(maxsize=10_000)
def site_of_address(url: str) -> Site | None:
    """The site that a URL is of: another port is another server, another tenant another author.
    None for what is no URL."""
    try:
        site = site_of(host_of(url))
        port = urlsplit(canonical_url(url)).port
    except (Drop, ValueError):
        return None
    return site if port is None else f"{site}:{port}", tenant_of(url)


def speaks_for_its_link(waiting: WaitingEntry) -> bool:
    """Whether an entry is of its link's own site. One without a link is nobody else's; what is
    behind a wrapper is not the wrapper's."""
    if waiting.entry.link is None:
        return True
    link = direct_link(waiting.entry.link)
    return not is_wrapper(link) and speaks_for(waiting, link)


def own_first(group: Sequence[WaitingEntry]) -> tuple[WaitingEntry, ...]:
    """Entries of one link, those of its own site first: the spelling of the link that is asked for
    is theirs, and so is what a page leaves open."""
    if len(group) == 1:
        return tuple(group)  # most are alone
    return tuple(sorted(group, key=lambda waiting: not speaks_for_its_link(waiting)))


def carriers(group: Sequence[WaitingEntry]) -> tuple[tuple[WaitingEntry, ...], ...]:
    """The entries of a link whose page can't be had, by whose text decides them: those of its own
    site together, with all that carry none; each stranger that carries one by itself."""
    strangers = [one for one in group if may_carry(one) and not speaks_for_its_link(one)]
    others = tuple(one for one in group if one not in strangers)
    return tuple(filter(None, (others, *((stranger,) for stranger in strangers))))


def may_carry(waiting: WaitingEntry) -> bool:
    """Whether an entry's own text may be read. That of a stranger's entry which led to another
    article already would be a second one of the same thing."""
    if not waiting.entry.content_html:
        return False
    its_own = (None, article_id(entry_urn(waiting.entry.entry_id)))
    return waiting.article_id in its_own or speaks_for_its_link(waiting)


def not_shown(group: Sequence[WaitingEntry]) -> datetime | None:
    """The last moment at which no feed of their link's own site showed any of the entries of one
    link; None where one was never read before."""
    moments = [waiting.not_shown_at for waiting in group if speaks_for_its_link(waiting)]
    known = [moment for moment in moments if moment is not None]
    return min(known) if known and len(known) == len(moments) else None


def address_of(waiting: WaitingEntry) -> str:
    """Where the feed of an entry was asked; nothing for one that came from no feed."""
    return next(iter(waiting.feed_addresses), "")


def named_by_page(waiting: WaitingEntry, found: Article) -> Feed | None:
    """What is known of an entry's feed since the page that was found names it as its own."""
    feed = address_of(waiting)
    if not feed or (NAMED_FEED, feed) not in found.sources:
        return None
    return Feed(waiting.entry.feed_id, feed, naming_page=found.url)
