"""The records that travel between the packages.

Each is frozen and named by its moment in the walk of an article: an `Entry` is read from a
feed, a `Page` is what its link answered, an `Article` is what the page said once everything
that is not the article was taken away. What could not become an article is a `Rejection`;
what went wrong on the way is a `Failure`.

All times are aware and in UTC. Unknown is None, never a guess. Ids are unsigned 64-bit
integers made by `parsers.identity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

NAMED_FEED = "feed"
"""The field in an article's `sources` for the feed that its page names as its own."""


class DateFlag(StrEnum):
    """What is wrong with a date of publication, or missing from it."""

    FUTURE = "future"
    """It lies ahead of the moment at which it was read."""
    UNPARSED = "unparsed"
    """There is one, but it can't be read."""
    DAY = "day"
    """It names a day and no time: its midnight in UTC stands for it."""
    NO_ZONE = "no_zone"
    """It names a time but no time zone, and was read as UTC; or a zone by a name that several have,
    and was read as the most usual of them."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that a feed attaches to an entry (RSS 2.0 `enclosure`, Atom `rel=enclosure`)."""

    url: str
    media_type: str | None = None
    length: int | None = None
    """Bytes, as the feed states them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed, as the feed gave it.

    Identified by (feed, guid or else link), never by its title: titles are edited.
    """

    entry_id: int
    feed_id: int
    guid: str | None
    link: str | None
    """Absolute URL; None where the feed gives none (then the entry can't be harvested)."""
    title: str | None = None
    """Plain text: tags removed, entities resolved."""
    summary: str | None = None
    """Plain text."""
    content_html: str | None = None
    """The full content, where the feed carries it (content:encoded, Atom content, JSON Feed), with
    absolute links. As little to be trusted as any page."""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    published_at: datetime | None = None
    published_raw: str | None = None
    """What `published_at` was parsed from, kept also where it could not be parsed."""
    updated_at: datetime | None = None
    updated_raw: str | None = None
    date_flag: DateFlag | None = None
    """Why the published date can't be trusted, or not to the minute. One that is `future` or
    `unparsed` is not in `published_at`."""
    enclosures: tuple[Enclosure, ...] = ()
    backfill: bool = False
    """Whether it comes as no news: with the first poll of its feed, or when the feed was edited in
    bulk. Nobody is alerted of it."""
    revised_at: datetime | None = None
    """When a poll first showed it with a title or dates other than those that were stored; None for
    the first version, and where nobody compared."""
    reread: bool = False
    """Whether what differs is no news: our readers read it better, or the feed has new dates for
    most of its entries."""
    outlet_url: str | None = None
    """The site that published it, as the feed of a news search says (`parsers.search_services`);
    None in all other feeds, whatever they say."""
    outlet_name: str | None = None
    """What that search calls it."""


FEED_READER = 2
"""The generation of our readers of feeds: another number where they read titles, dates, guids or
links otherwise than before. What a feed says otherwise only because of that is no news."""


NEWS_SITEMAP, SITEMAP, SITEMAP_INDEX = "news_sitemap", "sitemap", "sitemap_index"
"""Formats of feeds that are sitemaps: with titles, without, and a list of sitemaps."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What the bytes of a feed said, before any decision about it."""

    format: str
    """`rss20`, `rss091` …, `atom10`, `rdf`, `json11` …; feedparser's names where it parsed it."""
    entries: tuple[Entry, ...]
    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    self_url: str | None = None
    hub_url: str | None = None
    """Where the feed advertises a WebSub hub."""
    ttl_minutes: int | None = None
    """How long the feed asks not to be polled again: RSS `ttl`, or the syndication module's
    update period over its frequency."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day in UTC, 0 to 23 (RSS 2.0 skipHours)."""
    skip_days: tuple[str, ...] = ()
    """English day names (RSS 2.0 skipDays)."""
    problem: str | None = None
    """Why the feed is not well-formed, where it was read all the same."""
    entries_dropped: int = 0
    """Entries beyond the cap on entries a feed."""
    items_slimmed: int = 0
    """Items with so much markup that only their titles, links, guids and dates were read."""
    entries_by_link: int = 0
    """Entries known by their link, because the feed gives their guid to other pages too."""
    entries_by_text: int = 0
    """Entries known by what they say, because the feed gives their link to other items too."""
    restamped: int = 0
    """Pages that a sitemap calls recent, where they are too many to be news: none is an entry."""
    unvouched: int = 0
    """Pages of other sites in a sitemap, which these do not name: none is an entry."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a URL answered."""

    url: str
    """As asked for."""
    final_url: str
    """After redirects."""
    status: int
    headers: tuple[tuple[str, str], ...]
    """Names in lower case, in the order received."""
    body: bytes
    """Content decoding (gzip, br, zstd) undone; character decoding not yet done."""
    fetched_at: datetime

    def header(self, name: str) -> str | None:
        """The first value of header `name` (lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)


class Place(StrEnum):
    """Where in an article a mention stands; the first is the most telling."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Mention:
    """An alias of a topic found in one place of an article."""

    alias: str
    """The alias as the topics file spells it."""
    place: Place
    offset: int
    """Where it stands first, in characters from the start of that place's text (the title for
    `title`, the article's text for `lead` and `body`)."""
    count: int


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """A topic that an article is about, or at least mentions, with the evidence."""

    topic: str
    salience: float
    """Between 0 (a passing mention) and 1; the formula is in `parsers.topics.topics`."""
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells copies of a text from other texts."""

    text_hash: int
    """64-bit hash of the normalised text: equal for exact copies."""
    bands: tuple[int, ...]
    """MinHash bands of 64 bits, and hashes of some phrases; near copies share at least one. Empty
    for a text too short to be compared."""
    sketch: str
    """A letter for each of 640 MinHash values, of which the bands hold 128; empty when `bands` is.
    The share of equal characters tells how similar two texts are."""
    shingle_count: int
    bigram_sketch: str = ""
    """The same of its bigrams, in 256 letters; empty when `bands` is, and where an early version
    made it."""
    frame_sketch: str = ""
    """The same of the text without its numbers and names; empty, too, where little is left."""


class CreditRole(StrEnum):
    """What somebody did for an article."""

    AUTHOR = "author"
    EDITOR = "editor"
    PHOTOGRAPHER = "photographer"
    CONTRIBUTOR = "contributor"
    SOURCE = "source"
    """Another outlet or agency, which it says its news is from."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody whom an article names for a part in it, or an outlet that it has news from."""

    name: str
    role: CreditRole


class Access(StrEnum):
    """Whether the page gave the whole article to anyone."""

    FREE = "free"
    PAYWALLED = "paywalled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page stands among the pages of its article."""

    number: int = 1
    """Which of them it is."""
    count: int | None = None
    """How many there are, where the page says so."""
    next_page: str | None = None
    """The address of the next, on the same site; None on the last."""
    one_page: str | None = None
    """The address where all of it stands on one page."""
    first_page: str | None = None
    """The address of the first, on the others."""


@dataclass(frozen=True, slots=True)
class Article:
    """A published text and nothing but the text, with what is known about it."""

    article_id: int
    canonical_url: str
    """The identity of the article (see `parsers.urls`). A document without a link gets a
    `urn:sha256:` name made from its content."""
    url: str
    """Where it was read: the page's address after redirects."""
    title: str | None
    text: str
    """Paragraphs in reading order, separated by one blank line, with marks that tell subheadings,
    quotations, lists and tables (`parsers.text.marks`)."""
    text_kind: str = "page"
    """What it was read from: `page`, `part` (some of its pages), `feed` (content carried by its own
    site's feed), `carried` (content carried by another's feed, which is at `url`), `document`."""
    paging: Paging | None = None
    """Where its page stands among several; None for an article on one page, or on all of them."""
    pages_read: tuple[int, ...] = ()
    """Of an article on several pages, those that `text` was read from."""
    page_count: int | None = None
    """Of an article on several pages, how many there are, as far as is known."""
    syndication_url: str | None = None
    """A canonical link to another host, or the page that a feed carries: a claim of syndication,
    not an identity."""
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    """Who wrote it: people, or the newsroom where that alone signs."""
    credits: tuple[Credit, ...] = ()
    """Everyone whom it names with their part in it: the authors, and editors, photographers,
    contributors; then the outlets that it credits with its news (`parsers.articles.outlets`)."""
    published_at: datetime | None = None
    published_offset: int | None = None
    """Minutes east of UTC of the clock that `published_at` was read from; None where unknown."""
    published_day: date | None = None
    """The day of `published_at` where its clock stands, or in UTC where that is unknown."""
    date_flag: DateFlag | None = None
    """Why `published_at` can't be trusted, or not to the minute: `future`, `day` or `no_zone`;
    `unparsed` where what the page states is no date (`published_text` in `sources`)."""
    modified_at: datetime | None = None
    seen_at: datetime | None = None
    """When whoever saved the document saw the page (saved documents only)."""
    dateline: str | None = None
    """The place the text says it was written from, such as JAKARTA."""
    wire: str | None = None
    """The news agency that the text says it comes from (see `parsers.articles.agencies`)."""
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    """BCP 47 primary subtag, such as `en` or `id`."""
    site_name: str | None = None
    image_url: str | None = None
    access: Access = Access.UNKNOWN
    access_evidence: str | None = None
    sources: tuple[tuple[str, str], ...] = ()
    """(field, where it came from) pairs, such as ("published_at", "json-ld")."""
    removed: tuple[tuple[str, int], ...] = ()
    """(boilerplate class, lines removed) pairs."""
    topics: tuple[TopicMatch, ...] = ()
    """Empty for an article that is off topic."""
    fingerprint: Fingerprint | None = None
    fetched_at: datetime | None = None
    """When the page it was read from was fetched; None for documents filed by hand."""
    not_shown_at: datetime | None = None
    """The last moment at which the feed of its own site did not show it yet, before it did."""


class RejectionReason(StrEnum):
    """Why a page did not become an article."""

    OFF_TOPIC = "off_topic"
    INDEX_PAGE = "index_page"
    CONSENT_WALL = "consent_wall"
    BOT_CHALLENGE = "bot_challenge"
    LOGIN_PAGE = "login_page"
    SOFT_404 = "soft_404"
    ERROR_PAGE = "error_page"
    """Its server could not make the page and calls that a success; another time it may."""
    VIDEO_ONLY = "video_only"
    PAYWALL_STUB = "paywall_stub"
    NO_TEXT = "no_text"
    NOT_HTML = "not_html"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A page that is not an article on any topic, and why."""

    reason: RejectionReason
    detail: str
    """A sentence for people: what was seen."""
    extracted: bool = False
    """Whether the page was extracted before it was rejected; False where the cheap test on its
    raw text was enough."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that went wrong, at which step, and what happens next."""

    stage: str
    """`poll`, `fetch`, `parse`, `archive` or `load`."""
    url: str
    error: str
    """A short name that can be grouped by, such as `http_503` or `timeout`."""
    message: str
    """What was wrong, where, and what to do: for people."""
    next_step: str
    """`retry`, `quarantine` or `drop`."""
    failed_at: datetime
    attempts: int = 1
    next_try_at: datetime | None = None
    feed_id: int | None = None
    entry_id: int | None = None
