"""The records of the queue: what is known of feeds, entries and batches.

Every change of the warehouse is a `Batch`; whatever made it (a poll, a harvest, a command)
only lands it, and `warehouse.loading.load` merges it.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from parsers.records import Article, Entry, Failure

REMOVED = "removed"
"""The error of a feed that somebody removed: why it is retired."""
SAME_FEED = "same_feed"
"""The error of a feed that turned out to be another one, known longer: why it is retired."""
DROPPED = "dropped"
"""The reason of an entry that somebody gave up: why it is dead."""
BACKLOG = "backlog"
"""The reason of an entry that a sitemap had when it was read for the first time: why it is dead."""
SAME_TEXT = "same_text"
"""The reason of an entry whose page is a known article under an edited address."""
BY_HAND = 0
"""The feed id of entries that came from no feed: somebody filed them."""

BACKFILLED = 1
"""The feed id of entries that came from a crawl's archive or a sitemap."""


class FeedHealth(StrEnum):
    """What can be expected of a feed."""

    NEW = "new"
    OK = "ok"
    FAILING = "failing"
    RETIRED = "retired"
    """Not asked any more; `error` says why: `http_410`, `removed`, `same_feed`, or what it failed
    with."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What we know of a feed, and when to ask it again."""

    feed_id: int
    url: str
    """Where to ask now; `feed_id` stays that of the first URL when a feed moves."""
    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    category: str | None = None
    format: str | None = None
    etag: str | None = None
    """Exactly as received, to be sent back exactly."""
    last_modified: str | None = None
    """Exactly as received, to be sent back exactly."""
    body_hash: str | None = None
    """Of the last body that was read in full: an unchanged body has no new entries."""
    hub_url: str | None = None
    self_url: str | None = None
    """What it calls itself, which is what its hub knows it by."""
    health: FeedHealth = FeedHealth.NEW
    error: str | None = None
    """Short name of the last failure; None once a poll succeeded."""
    failures: int = 0
    """Failed polls since the last success."""
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    full_fetch_at: datetime | None = None
    """When a poll last brought a whole body, not a 304."""
    next_poll_at: datetime | None = None
    """None: as soon as possible."""
    ttl_minutes: int | None = None
    """For how long it asks not to be polled again, as its last body said."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day in UTC, 0 to 23, at which it asks not to be polled."""
    skip_days: tuple[str, ...] = ()
    """English names of the days on which it asks not to be polled."""
    poll_every: float | None = None
    """Seconds between two polls that fit its rhythm; None before its first answer."""
    entry_gap: float | None = None
    """Median seconds between its newest entries; None where they have no dates."""
    newest_at: datetime | None = None
    """Date of the newest entry it ever showed."""
    newest_entry_id: int | None = None
    """The newest entry when it was read last."""
    moving_to: str | None = None
    """Where its permanent redirects lead, while that is not confirmed."""
    moving_polls: int = 0
    """Polls in a row that were redirected there."""
    moving_since: datetime | None = None
    """When the first of them was."""
    former_url: str | None = None
    """Where it was asked before it moved, or the address of another feed that turned out to be this
    one; asked if `url` fails."""
    named_site: str | None = None
    """An address of the site that the operator named it for. What it says of itself is `site_url`,
    and counts for nothing."""
    naming_page: str | None = None
    """A page that names it as the feed of that page's site."""
    proposed_url: str | None = None
    """The feed that a page in its place names; taken only when somebody accepts it."""
    unstable: tuple[str, ...] = ()
    """What of its links and guids changes from poll to poll and names nothing: parameters by their
    names, `guid` for its guids."""
    suspected: tuple[str, ...] = ()
    """What was seen to change like that, once for each item."""
    read_by: int | None = None
    """The generation of readers (`FEED_READER`) that read it last."""
    same_feed_id: int | None = None
    """The feed, known longer, that it turned out to be: that one is asked in its place."""
    changed_at: datetime | None = None
    """When a person last changed it by a command: no poll that began before overrules that."""


class EntryState(StrEnum):
    """Where an entry is on its walk. Seen = the sum of all of them."""

    WAITING = "waiting"
    STORED = "stored"
    OFF_TOPIC = "off_topic"
    DUPLICATE = "duplicate"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What became of an entry when it was harvested."""

    entry_id: int
    state: EntryState
    decided_at: datetime
    reason: str | None = None
    """A short name to group by: `index_page`, `http_404`, `timeout` …; None for `stored`."""
    article_id: int | None = None
    """The article it became, or is a duplicate of."""
    attempts: int = 1
    next_try_at: datetime | None = None
    """Of an entry that waits to be tried again."""
    topics_digest: str | None = None
    """The topics it was judged by: an off-topic entry is worth another look under others."""
    found_url: str | None = None
    """Of a headline whose link hides its article: the page that it was found to be of."""
    found_by: str | None = None
    """What listed that page: `known` (the warehouse), `feed`, `news_sitemap`, `sitemap`,
    `home_page`."""
    found_as: str | None = None
    """By what it was recognised: `headline`, `changed_headline`, `address`."""


@dataclass(frozen=True, slots=True)
class FoundPage:
    """The page that a headline was found to be of; as in `EntryOutcome`."""

    found_url: str
    found_by: str
    found_as: str


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """An entry that may be harvested now."""

    entry: Entry
    attempts: int
    """How often it was tried already."""
    article_id: int | None = None
    """The article it became before, where its feed has since said that it was updated."""
    feed_addresses: tuple[str, ...] = ()
    """Addresses of the sites that its feed speaks for."""
    first_seen_at: datetime | None = None
    """When its feed first showed it."""
    not_shown_at: datetime | None = None
    """The last moment before its first sight at which its feed was read and did not show it."""
    found: FoundPage | None = None
    """Of a headline whose link hides its article: where that was found. Then `entry` links there.
    """

    def found_fields(self) -> dict[str, Any]:
        """The same, as outcomes have it."""
        return asdict(self.found) if self.found else {}


class OutletSource(StrEnum):
    """Who said something of an outlet."""

    OPERATOR = "operator"
    HOME_PAGE = "home_page"


@dataclass(frozen=True, slots=True)
class OutletState:
    """What somebody, or its own home page, said of an outlet."""

    site: str
    """Which outlet: see `parsers.sites.site_of`."""
    source: OutletSource
    recorded_at: datetime
    """When it was said; of a home page: when it was asked."""
    name: str | None = None
    """None from the operator: what the operator called it before counts no more."""
    language: str | None = None
    """BCP 47 primary subtag."""
    home_url: str | None = None
    """The home page that was asked."""
    error: str | None = None
    """Short name of what kept the home page from being read."""


class ListingKind(StrEnum):
    """In what an outlet lists its pages."""

    HOME_PAGE = "home_page"
    FEED = "feed"
    NEWS_SITEMAP = "news_sitemap"
    SITEMAP = "sitemap"


@dataclass(frozen=True, slots=True)
class Listing:
    """Something in which an outlet lists its pages, as it was when it was asked for headlines."""

    site: str
    """The outlet: see `parsers.sites.site_of`."""
    url: str
    kind: ListingKind
    asked_at: datetime
    pages: int = 0
    """How many it listed."""
    found: int = 0
    """Headlines whose page it listed."""
    error: str | None = None
    """Short name of what kept it from being read."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One transaction's worth of changes."""

    batch_id: str
    """Sorts by time of creation (UUID version 7)."""
    kind: str
    """What made it: `poll`, `harvest`, `add`, `feeds`, `reparse`, `backfill`, `failures`,
    `outlets`, `headlines`."""
    created_at: datetime
    feeds: tuple[Feed, ...] = ()
    entries: tuple[Entry, ...] = ()
    articles: tuple[Article, ...] = ()
    outcomes: tuple[EntryOutcome, ...] = ()
    failures: tuple[Failure, ...] = ()
    outlets: tuple[OutletState, ...] = ()
    listings: tuple[Listing, ...] = ()
    topics_digest: str | None = None
    """The topics its articles were matched against."""
    clock_epoch: int = 0
    """How often the clock had been found to be set back (`warehouse.queue.clock`): whatever an
    earlier epoch said ranks below, since its clock may have been ahead."""


def new_batch_id(now: datetime) -> str:
    """A UUID of version 7 (RFC 9562): sorts by time, unique without asking anyone."""
    milliseconds = int(now.timestamp() * 1000)
    random = uuid.uuid4().int & ((1 << 74) - 1)
    value = (
        milliseconds << 80
        | 0x7 << 76
        | (random >> 62) << 64
        | 0b10 << 62
        | random & ((1 << 62) - 1)
    )
    return str(uuid.UUID(int=value))
