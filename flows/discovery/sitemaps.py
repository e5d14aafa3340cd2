"""Asking for sitemaps, and reading one as a feed.

a sitemap ─────────────────────────────────┬─▶ its pages, those of other sites that name it too
an index ─ a few of its sitemaps, asked ───┘     ─▶ what is recent of them, as a feed's entries
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flows.decisions.speaking import Site, site_of_address
from flows.fetch.fetched import require_body
from flows.fetch.request import Spool
from flows.run.context import Run
from parsers.errors import NotAFeed, PressclipError
from parsers.feeds.sitemaps import (
    MAX_BYTES,
    MAX_ENTRIES,
    NEWS_FOR,
    Sitemap,
    SitemapEntry,
    feed_of_sitemap,
    may_be_sitemap,
)
from parsers.feeds.text import absolute_link
from parsers.records import SITEMAP_INDEX, ParsedFeed
from warehouse.records import Feed

MOST_SITEMAPS = 4
"""Sitemaps of an index that are asked at a time, those in further indexes included."""
MOST_STRANGERS = 5
"""Other sites whose pages a sitemap may list, at a time: each costs a look at its robots.txt."""
_NEWS = re.compile(r"news|latest|recent|noticias|berita|aktuell|actu", re.IGNORECASE)
"""In the address of a sitemap that is likely one of news."""


def spool_for_sitemaps(run: Run) -> Spool:
    """Takes an answer that looks like a sitemap, which may be larger than any page."""
    return Spool(run.desk.folder, may_be_sitemap, MAX_BYTES)


async def sitemap_at(
    run: Run, url: str, since: datetime | None = None, most: int = MAX_ENTRIES
) -> tuple[Sitemap, str]:
    """What the sitemap at `url` says, and where it was; asked for as politely as a page. `since`
    and `most` are those of `parse_sitemap`."""
    await run.robots.check(url)
    with Spool(run.desk.folder, lambda _: True, MAX_BYTES) as spool:
        fetched = await run.client.get_traced(url, check=run.robots.check, spool=spool)
        require_body(fetched.page)
        if spool.path is None:
            raise AssertionError("what is always wanted is taken")
        at = fetched.page.final_url
        return await run.pool.sitemap(spool.path, at, since, most), at


def in_order(sitemaps: Iterable[SitemapEntry]) -> list[SitemapEntry]:
    """Sitemaps of news first, then those that changed last."""

    def age(one: SitemapEntry) -> float:
        return one.modified_at.timestamp() if one.modified_at else 0.0

    return sorted(sitemaps, key=lambda one: (not _NEWS.search(one.url), -age(one)))


async def read_as_feed(run: Run, feed: Feed, url: str, file: Path) -> ParsedFeed:
    """The sitemap that `feed` answered at `url` with what is in `file`, as a feed: its pages of the
    last two days, or since it was read last. Of an index, those of a few of its sitemaps, news
    first.

    Raises what `parse_sitemap` and `feed_of_sitemap` raise; for an index what kept all its sitemaps
    from being read, or NotAFeed where none of them lists a page.
    """
    now, most = run.now(), run.settings.max_entries
    since = (feed.succeeded_at or now) - NEWS_FOR
    found = await run.pool.sitemap(file, url, since, most)
    parts = [(found, url)]
    is_index = bool(found.sitemaps) or not found.listed
    if found.sitemaps:
        parts += await _inner(run, url, found.sitemaps, since, most)
    own = [feed.url, url, *filter(None, (feed.named_site,))]
    pages = [page for part, at in parts for page in await _vouched(run, part, at, own)]
    whole = Sitemap(
        tuple(pages),
        listed=sum(part.listed for part, _ in parts),
        dated=sum(part.dated for part, _ in parts),
        recent=sum(part.recent for part, _ in parts),
        news=any(part.news for part, _ in parts),
    )
    read = feed_of_sitemap(whole, url=url, feed_id=feed.feed_id, now=now, most=most)
    left_out = sum(len(part.entries) for part, _ in parts) - len(pages)
    return replace(read, format=SITEMAP_INDEX if is_index else read.format, unvouched=left_out)


async def _inner(
    run: Run, url: str, sitemaps: Sequence[SitemapEntry], since: datetime, most: int
) -> list[tuple[Sitemap, str]]:
    """A few of the sitemaps of the index at `url`, and where each was."""
    found, failed = await _asked(run, sitemaps, since, most, seen={url})
    if failed is not None and not found:
        raise failed
    if found and not any(part.listed for part, _ in found):
        raise NotAFeed(
            "not_a_feed",
            f"{url} is an index of sitemaps, and the {len(found)} that were asked list no page.",
        )
    return found


async def _asked(
    run: Run, sitemaps: Iterable[SitemapEntry], since: datetime, most: int, seen: set[str]
) -> tuple[list[tuple[Sitemap, str]], PressclipError | None]:
    """A few of `sitemaps`, those of news first, and where each was; of an index among them those
    that it lists. Where one lists news, the others would only say it again, at a higher price. And
    what kept one from being read, if any was."""
    waiting, failed = in_order(sitemaps), None
    found: list[tuple[Sitemap, str]] = []
    for _ in range(MOST_SITEMAPS):
        waiting = [one for one in waiting if one.url not in seen]
        if not waiting:
            break
        following, *waiting = waiting
        if any(part.news for part, _ in found) and not _NEWS.search(following.url):
            break
        seen.add(following.url)
        try:
            part, at = await sitemap_at(run, following.url, since, most)
        except PressclipError as error:
            failed = error
            continue
        found.append((part, at))
        waiting = [*in_order(part.sitemaps), *waiting]
    return found, failed


async def offered_sitemaps(run: Run, url: str) -> tuple[str, ...]:
    """The sitemaps of the site of `url` that tell what is new at it, as its robots.txt names them:
    those of news, or else any with dates."""
    named = [
        SitemapEntry(address)
        for name in await _named_by(run, url)
        if (address := absolute_link(name, url))
    ]
    found, _ = await _asked(run, named, run.now() - NEWS_FOR, 1, seen=set())
    news = tuple(at for part, at in found if part.news)
    if news or not any(part.dated for part, _ in found):
        return news
    return tuple(one.url for one in in_order(named)[:MOST_SITEMAPS])


async def _vouched(run: Run, part: Sitemap, at: str, own: Sequence[str]) -> Sequence[SitemapEntry]:
    """The pages of a sitemap that are of its own site, of one of the addresses `own`, or of a site
    whose robots.txt names it: anybody could list anybody's."""
    sites = {site_of_address(url) for url in (at, *own)}
    by_site: defaultdict[Site | None, list[SitemapEntry]] = defaultdict(list)
    for page in part.entries:
        by_site[site_of_address(page.url)].append(page)
    strangers = [site for site in by_site if site not in sites and site is not None]
    for site in strangers[:MOST_STRANGERS]:
        if not {at, own[0]}.isdisjoint(await _named_by(run, by_site[site][0].url)):
            sites.add(site)
    return [page for page in part.entries if site_of_address(page.url) in sites]


async def _named_by(run: Run, url: str) -> Sequence[str]:
    """The sitemaps that the robots.txt beside `url` names; none where it can't be read now."""
    try:
        return await run.robots.sitemaps(url)
    except PressclipError:
        return ()
