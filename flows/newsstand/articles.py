"""The records of the made-up press: what its source files say, and what should come of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture with the words around it that are not part of the article."""

    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class Manuscript:
    """An article as its source file tells it, before any theme is laid around it."""

    host: str
    slug: str
    path: str
    """On `host`, without query."""
    title: str
    blocks: tuple[str, ...]
    """Paragraphs, `## subheadings` and `> quotations` in reading order, with inline marks."""
    authors: tuple[str, ...]
    published: datetime | None
    updated: datetime | None
    section: str
    tags: tuple[str, ...]
    language: str
    standfirst: str | None
    topics: tuple[str, ...]
    """Names of the shipped topics that the article's own text mentions."""
    photo: Photo | None
    amp_path: str | None
    copy_of: str | None
    """`host/slug` of the article this one is a copy of."""
    copy_kind: str | None
    """`exact` or `near`."""
    listed: bool
    """Whether the outlet's feeds and lists of articles name it."""

    @property
    def url(self) -> str:
        """Where the article lives; also its canonical URL."""
        return f"http://{self.host}{self.path}"


@dataclass(frozen=True, slots=True)
class ExtraEntry:
    """An entry of a feed that leads to something else than an article of the outlet."""

    title: str
    link: str
    state: str
    """What the entry should end as, one of `ExpectedEntry.state`."""
    reason: str | None = None
    published: datetime | None = None
    summary: str = ""
    until: int = 0
    """Last edition of the feed that carries it; 0: every edition."""


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """How an outlet offers its articles as a feed."""

    path: str
    format: str
    """`rss20`, `rss091`, `rdf`, `atom10` or `json11`; `none` where the path is no feed at all."""
    title: str
    sections: tuple[str, ...] = ()
    """Only these sections; empty: all."""
    articles: tuple[str, ...] = ()
    """Only these slugs; empty: all."""
    link: str = "{url}"
    """How a link is written, from `{url}` and `{amp}`: tracking parameters come in here."""
    content: str = "summary"
    """`summary` or `full`."""
    content_type: str | None = None
    declared: str = "utf-8"
    """The encoding that the XML declaration claims; the bytes are always UTF-8."""
    cut_in: str | None = None
    """Slug of the entry in whose description the feed breaks off."""
    ttl: int | None = None
    """Minutes."""
    problem: str | None = None
    """What is wrong with it: `not_a_feed`, `http_500`, `not_well_formed`, `wrong_encoding`."""
    extras: tuple[ExtraEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedAnswer:
    """What a path answers that is neither an article nor a feed nor a list of articles."""

    path: str
    status: int
    location: str | None = None
    retry_after: str | None = None
    file: str | None = None
    """Name in the outlet's `pages/` folder."""
    until: int = 0
    """Last edition that answers so; 0: every edition. Afterwards the path is free for others."""


@dataclass(frozen=True, slots=True)
class Insert:
    """Something the theme puts between two blocks of an article."""

    after: int
    html: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """A member of the made-up press: who it is, how it looks, what it offers."""

    host: str
    name: str
    language: str
    category: str
    theme: str
    """The page laid around an article, a `string.Template`."""
    amp_theme: str | None
    charset: str
    content_type: str
    """Of its pages."""
    article_path: str
    """From `{section}`, `{year}`, `{month}`, `{day}` and `{slug}`."""
    amp_path: str | None
    byline: str
    date: str
    months: tuple[str, ...]
    utc_offset_hours: int
    """Of the times that the pages print."""
    sections: tuple[tuple[str, str], ...]
    """(slug, label) pairs, in menu order."""
    metadata: tuple[str, ...]
    """What its pages tell machines: `canonical`, `opengraph`, `json-ld`, `meta`."""
    related: tuple[str, ...]
    """`slug` or `host/slug` of the articles its sidebars name, on whatever page."""
    inserts: tuple[Insert, ...]
    robots: str | None
    feeds: tuple[FeedPlan, ...]
    answers: tuple[FixedAnswer, ...]
    manuscripts: tuple[Manuscript, ...]
    """Newest first, undated last."""
    pages: tuple[tuple[str, str], ...]
    """(file name, content) of the hand-written pages."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a URL of the press answers, before anything that depends on the request."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    modified: datetime | None = None
    """For Last-Modified; None: the reply carries no validators."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request that the server answered."""

    method: str
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    """As received, names in lower case."""

    def header(self, name: str) -> str | None:
        """The first value of header `name` (lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """What should come out of an article's page, down to the paragraph."""

    url: str
    canonical_url: str
    """As the page claims it; `parsers.urls.canonical_url` of it is the article's identity."""
    outlet: str
    """The outlet's host."""
    title: str
    paragraphs: tuple[str, ...]
    """Plain text, subheadings and quotations included, in reading order."""
    standfirst: str | None
    """Always in the feed; not every theme shows it on the page."""
    authors: tuple[str, ...]
    published: datetime | None
    language: str
    topics: tuple[str, ...]
    """Sorted; empty for an article that is off topic."""
    section: str
    tags: tuple[str, ...]
    copy_of: str | None
    """Canonical URL of the article this one was copied from."""
    copy_kind: str | None
    """`exact` or `near`."""


@dataclass(frozen=True, slots=True)
class ExpectedEntry:
    """What should become of an entry of a feed.

    Entries that lead to one article share `article_url`: one of them ends as `stored`, the others
    as `duplicate`, and which is which depends on who came first.
    """

    feed_url: str
    guid: str | None
    link: str
    title: str
    state: str
    """`stored`, `off_topic`, `duplicate`, `dead` or `waiting`."""
    reason: str | None
    article_url: str | None
    """Canonical URL of the article it leads to, whatever the topic; None: no article."""


@dataclass(frozen=True, slots=True)
class ExpectedFeed:
    """What should become of a feed of `feeds.opml`."""

    url: str
    title: str
    format: str
    """As `FeedPlan.format`."""
    entries: int
    """How many entries can be read from it."""
    problem: str | None
    """As `FeedPlan.problem`; `not_a_feed` and `http_500` leave nothing to read."""
