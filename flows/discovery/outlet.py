"""Asking one outlet for the articles of its headlines: no further than needed.

what is known of it ─ its feeds ─ its sitemaps ─ once more, for other wordings
     all found? ────────┴────────────┴──────────▶ done
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flows.concurrency import drop_traceback
from flows.decisions.outcomes import NOT_ASKED
from flows.decisions.speaking import site_of_address
from flows.discovery.headlines import OpenHeadline
from flows.discovery.outcomes import LISTED_FOR, WORTH_ASKING, Visit
from flows.discovery.sitemaps import MOST_SITEMAPS, in_order, sitemap_at
from flows.run.context import Run
from parsers.errors import Drop, PressclipError, Retry, as_ours
from parsers.feeds.sitemaps import SitemapEntry
from parsers.feeds.text import absolute_link
from parsers.headlines.listing import ListedPage, front_page, pages_of_feed, pages_of_sitemap
from parsers.headlines.match import FoundAs, Pages
from parsers.urls import canonical_or_none
from warehouse.queue.headlines import KnownOutlet
from warehouse.records import FoundPage, Listing, ListingKind, OutletSource, OutletState

PAUSE = timedelta(hours=1)
"""How long an outlet is left alone once it was asked. Longer would save nothing: what its feed no
longer shows then is looked for again and again."""
HOME_PAGE_EVERY = timedelta(days=1)
"""How often its home page is asked which feeds there are, and its robots.txt which sitemaps."""
MOST_FEEDS, MOST_KNOWN = 2, 2
"""Feeds asked in one visit; and, of what listed pages before, feeds and sitemaps together."""
MOST_PAGES = 5000
"""Pages that are taken of one sitemap, the newest."""
LONGEST = 180.0
"""Seconds that a visit may take."""
KNOWN = "known"
"""What lists a page that the warehouse knows."""
WATCHABLE = (ListingKind.FEED, ListingKind.NEWS_SITEMAP)
"""Listings that show what is new."""
_USUAL_ORDER = (ListingKind.FEED, ListingKind.NEWS_SITEMAP, ListingKind.SITEMAP)


@dataclass(slots=True)
class OutletSearch:
    """The search for the articles of one outlet's headlines, and what came of it."""

    site: str
    headlines: list[OpenHeadline]
    known: KnownOutlet
    home_url: str
    """Its home page, at the host that a service names."""
    to_watch: bool = False
    """Whether it is asked for something that could be watched, whatever headlines are open."""
    found: dict[int, FoundPage] = field(default_factory=dict)
    """By entry."""
    listings: list[Listing] = field(default_factory=list)
    states: list[OutletState] = field(default_factory=list)
    """What its home page said of it."""
    visit: Visit = field(default_factory=Visit)
    _pages: Pages = field(default_factory=Pages)
    _listed_by: dict[str, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        names = {name for one in self.headlines for name in one.headline.names}
        self._pages = Pages({*names, *self.known.names})

    @property
    def open(self) -> list[OpenHeadline]:
        """The headlines whose article is not found yet."""
        return [one for one in self.headlines if one.waiting.entry.entry_id not in self.found]

    @property
    def goes_on(self) -> bool:
        """Whether there is anything left to ask the outlet for."""
        watchable = (one for one in self.listings if one.kind in WATCHABLE)
        return bool(self.open) or (self.to_watch and not any(one.pages for one in watchable))

    def look_at_known(self) -> None:
        """Looks at what the warehouse knows of the outlet."""
        pages = (
            ListedPage(page.url, page.title, page.at, page.day_only) for page in self.known.pages
        )
        self.look_at(pages, KNOWN)
        self.visit.tried.append(f"{len(self.known.pages)} pages that are stored")

    def look_at(self, pages: Iterable[ListedPage], by: str) -> int:
        """Looks for the headlines themselves among further pages, of the outlet's own site only;
        returns how many were found."""
        own = [page for page in pages if _is_of_site(page.url, self.site)]
        for listed in own:
            self._listed_by.setdefault(listed.url, by)
        self._pages.add(own)
        before = len(self.found)
        for one in self.open:
            if page := self._pages.same(one.headline):
                self._find(one, page, FoundAs.HEADLINE)
        return len(self.found) - before

    def look_closer(self) -> None:
        """Looks for other wordings of the headlines that are still open, and for their words in
        addresses."""
        for one in self.open:
            if page := self._pages.changed(one.headline, self._taken):
                self._find(one, page, FoundAs.CHANGED)
            elif page := self._pages.addressed(one.headline):
                self._find(one, page, FoundAs.ADDRESS)

    def _find(self, one: OpenHeadline, page: ListedPage, how: FoundAs) -> None:
        self.found[one.waiting.entry.entry_id] = FoundPage(page.url, self._listed_by[page.url], how)
        self._taken.add(canonical_or_none(page.url) or page.url)


def _is_of_site(url: str, site: str) -> bool:
    found = site_of_address(url)
    return found is not None and found[0] == site


def home_page_of(outlet_url: str) -> str:
    """The home page at the host of an address."""
    parts = urlsplit(outlet_url)
    return f"{parts.scheme}://{parts.netloc}/"


def asked_until(search: OutletSearch) -> datetime | None:
    """Until when an outlet is left alone, since it was asked; None for one that never was."""
    asked = [one.asked_at for one in search.known.listings]
    return max(asked) + PAUSE if asked else None


def worth_asking(search: OutletSearch, now: datetime) -> bool:
    """Whether any of the open headlines is young enough for its outlet to list it still."""
    return any(one.at is not None and now - one.at <= WORTH_ASKING for one in search.open)


async def ask_outlet(run: Run, search: OutletSearch) -> None:
    """Asks an outlet what it lists, until all its headlines are found. What keeps it from answering
    is in the search's visit."""
    try:
        async with asyncio.timeout(LONGEST):
            for step in (_ask_known, _ask_home_page, _ask_sitemaps):
                if search.goes_on:
                    await step(run, search)
    except TimeoutError:
        error = Retry("timeout", f"{search.site} took longer than {LONGEST:g} s to list its pages.")
        search.visit.error = search.visit.error or error


async def _ask_known(run: Run, search: OutletSearch) -> None:
    """Asks for what listed pages before, what was of most use first."""
    before = [one for one in search.known.listings if one.pages and one.kind in _USUAL_ORDER]
    order = sorted(before, key=lambda one: (not one.found, _USUAL_ORDER.index(one.kind), one.url))
    for listing in order[:MOST_KNOWN]:
        if search.open:
            ask = _ask_feed if listing.kind is ListingKind.FEED else _ask_sitemap
            await ask(run, search, listing.url)


def _is_due(search: OutletSearch, now: datetime) -> bool:
    """Whether it is time to ask which feeds and sitemaps there are."""
    home = [one for one in search.known.listings if one.kind is ListingKind.HOME_PAGE]
    # For headlines it may have been asked without need of what else it names.
    every = PAUSE if search.to_watch else HOME_PAGE_EVERY
    return all(now - one.asked_at >= every for one in home)


async def _ask_home_page(run: Run, search: OutletSearch) -> None:
    if not _is_due(search, run.now()):
        return
    home = search.home_url
    feeds: tuple[str, ...] = ()
    async with _Asking(run, search, home, ListingKind.HOME_PAGE) as asking:
        async with run.page_at(home) as page:
            if not _is_of_site(page.final_url, search.site):
                raise Drop("other_site", f"{home} led to {page.final_url}.")
            front = await run.pool.run(home, front_page, page, search.site)
        asking.lists(front.pages)
        feeds = front.feeds
        search.states.append(
            OutletState(
                search.site,
                OutletSource.HOME_PAGE,
                run.now(),
                front.said.name,
                front.said.language,
                home,
            )
        )
    watched = {canonical_or_none(url) for url in search.known.watched}
    known = {one.url for one in (*search.listings, *search.known.listings)}
    new = [url for url in feeds if url not in known and canonical_or_none(url) not in watched]
    search.visit.has_listings |= len(new) < len(feeds)
    for url in new[:MOST_FEEDS]:
        if search.goes_on:
            await _ask_feed(run, search, url)


async def _ask_feed(run: Run, search: OutletSearch, url: str) -> None:
    async with (
        _Asking(run, search, url, ListingKind.FEED) as asking,
        run.page_at(url) as page,
    ):
        most = run.settings.max_entries
        asking.lists(await run.pool.run(url, pages_of_feed, page, run.now(), most))


async def _ask_sitemaps(run: Run, search: OutletSearch) -> None:
    if not _is_due(search, run.now()):
        return
    try:
        named = await run.robots.sitemaps(search.home_url)
    except PressclipError as error:
        _note(search, error)
        return
    known = {one.url for one in (*search.listings, *search.known.listings)}
    waiting = in_order(
        SitemapEntry(url) for name in named if (url := absolute_link(name, search.home_url))
    )
    for _ in range(MOST_SITEMAPS):
        waiting = [one for one in waiting if one.url not in known]
        if not waiting or not search.goes_on:
            return
        following, *waiting = waiting
        known.add(following.url)
        inner = await _ask_sitemap(run, search, following.url)
        # Those of an index that the outlet's robots.txt names are as good as named there.
        waiting = [*in_order(inner), *waiting]


async def _ask_sitemap(run: Run, search: OutletSearch, url: str) -> Sequence[SitemapEntry]:
    """Asks for one sitemap; returns the sitemaps in it, where it is an index."""
    since = run.now() - LISTED_FOR - PAUSE
    oldest = min((one.at for one in search.open if one.at), default=since)
    since = min(since, max(oldest, run.now() - WORTH_ASKING)) - timedelta(days=1)
    async with _Asking(run, search, url, ListingKind.SITEMAP) as asking:
        found, _ = await sitemap_at(run, url, since, MOST_PAGES)
        if found.news:
            asking.kind = ListingKind.NEWS_SITEMAP
        asking.lists(pages_of_sitemap(found))
        return found.sitemaps
    return ()


class _Asking:
    """One request for a listing: what it brings, or what kept it from answering, is noted."""

    def __init__(self, run: Run, search: OutletSearch, url: str, kind: ListingKind) -> None:
        self._run, self._search, self._url = run, search, url
        self.kind = kind
        self._pages = self._found = 0

    async def __aenter__(self) -> _Asking:
        return self

    def lists(self, pages: Sequence[ListedPage]) -> None:
        """It answered, and lists these."""
        self._pages = len(pages)
        self._found = self._search.look_at(pages, self.kind)

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> bool:
        failed: PressclipError | None = None
        if isinstance(error, Exception) and not isinstance(error, TimeoutError):
            failed = as_ours(error, f"Asking {self._url}", Retry)
            drop_traceback(error)
        elif error is not None:
            return False
        visit = self._search.visit
        if failed is None:
            visit.tried.append(f"{self._url} ({self._pages} pages)")
            visit.has_listings |= self.kind is not ListingKind.HOME_PAGE
        else:
            visit.tried.append(f"{self._url} ({failed.name})")
            _note(self._search, failed)
        if failed is None or failed.name not in NOT_ASKED:
            self._search.listings.append(
                Listing(
                    self._search.site,
                    self._url,
                    self.kind,
                    self._run.now(),
                    self._pages,
                    self._found,
                    failed.name if failed else None,
                )
            )
        return True


def _note(search: OutletSearch, error: PressclipError) -> None:
    if error.name == "robots_disallowed":
        search.visit.forbidden = True
    elif isinstance(error, Retry):
        search.visit.error = error
