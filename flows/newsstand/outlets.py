"""The outlets of the press, their articles and the news searches, as the source files tell them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from flows.newsstand.marks import unmarked

Moment = Annotated[datetime, AfterValidator(lambda when: when.astimezone(UTC))]


class SourceTable(BaseModel):
    """A table of a source file, in which every key is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Photo(SourceTable):
    """A picture with the words around it that are not part of the article."""

    caption: str
    credit: str


class PressItem(SourceTable):
    """What a feed tells of: an article of the outlet, or something else."""

    title: str
    standfirst: str
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    """The outlet's where it is empty."""
    published: Moment | None = None
    updated: Moment | None = None

    @property
    def changed(self) -> datetime | None:
        """When it was last written, if that is known."""
        return self.updated or self.published


class Manuscript(PressItem):
    """An article as its source file tells it, before any theme is laid around it."""

    host: str
    slug: str
    path: str
    """On `host`, without query."""
    amp_path: str
    """The same of its AMP page; empty where it has none."""
    section: str
    topics: tuple[str, ...]
    """Names of the shipped topics that the article's own text mentions, sorted."""
    photo: Photo | None = None
    copy_of: str | None = None
    """URL of the article this one was copied from."""
    copy_kind: str | None = None
    """`exact` or `near`."""
    listed: bool = True
    """Whether the outlet's feeds and lists of articles name it."""
    blocks: tuple[str, ...]
    """Paragraphs, subheadings and quotations in reading order, with their marks."""

    @property
    def home(self) -> str:
        """The outlet's address, without a slash."""
        return f"http://{self.host}"

    @property
    def url(self) -> str:
        """Where the article lives; also its canonical URL."""
        return self.home + self.path

    @property
    def amp_url(self) -> str:
        """Where its AMP page lives, if it has one."""
        return self.amp_path and self.home + self.amp_path

    @property
    def image(self) -> str:
        """Where its photo would be."""
        return f"{self.home}/images/{self.slug}.svg"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Its text as an extractor should read it, subheadings and quotations included."""
        return tuple(unmarked(block) for block in self.blocks)


class ExtraEntry(PressItem):
    """An entry of a feed that leads to something else than an article of the outlet's lists."""

    link: str
    state: str
    """What the entry should end as, one of `flows.newsstand.feeds.PressEntry.state`."""
    reason: str | None = None


class FeedPlan(SourceTable):
    """How an outlet offers its articles as a feed."""

    path: str
    format: str
    """`rss20`, `rss091`, `rdf`, `atom10` or `json11`; `none` where the path is no feed at all."""
    title: str
    articles: tuple[str, ...] = ()
    """Only these slugs; empty: all that are listed."""
    link: str = "{url}"
    """How a link is written, from `{url}` and `{amp}`: tracking parameters come in here."""
    full: bool = False
    """Whether it carries whole articles."""
    content_type: str | None = None
    declared: str = "utf-8"
    """The encoding that the XML declaration claims; the bytes are always UTF-8."""
    cut_in: str | None = None
    """Slug of the entry in whose description the feed breaks off."""
    ttl: int | None = None
    """Minutes."""
    watched: bool = True
    """Whether `feeds.opml` names it."""
    problem: str | None = None
    """What is wrong with it: `not_a_feed`, `http_500`, `not_well_formed`, `wrong_encoding`."""
    extras: tuple[ExtraEntry, ...] = ()

    @property
    def type(self) -> str | None:
        """The media type of its format."""
        return _FEED_TYPES.get(self.format)


_FEED_TYPES = {
    "rss20": "application/rss+xml",
    "rss091": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "atom10": "application/atom+xml",
    "json11": "application/feed+json",
}


class FixedAnswer(SourceTable):
    """What a path answers that is neither an article nor a feed nor a list of articles."""

    path: str
    status: int
    location: str | None = None
    retry_after: str | None = None
    file: str | None = None
    """Name in the outlet's `pages/` folder."""
    until: int | None = None
    """Last edition that answers so. Afterwards the path is free for others."""


class Outlet(SourceTable):
    """A member of the made-up press: who it is and what it offers. How it looks, its theme says."""

    folder: str
    """Of its source files; set by whoever reads them, as are its manuscripts."""
    host: str
    name: str
    language: str
    category: str
    current: bool = False
    """Whether its articles are always of late: their dates move with the first edition's."""
    theme: str = ""
    """The template of its pages; empty: its own."""
    sitemap: Literal["news", "plain", "large", "rubbish", "none"] = "news"
    """What is at `/sitemap.xml`."""
    charset: str = "utf-8"
    content_type: str = "text/html; charset=utf-8"
    """Of its pages."""
    article_path: str
    """From `{slug}`, and from what the header of an article says."""
    amp_path: str = ""
    """From `{path}`."""
    date: str
    """How its pages write a date, from `{day}`, `{month}`, `{year}` and `{clock}`."""
    months: tuple[str, ...]
    utc_offset_hours: int
    """Of the times that the pages print."""
    sections: dict[str, str]
    """Label by slug, in menu order."""
    related: tuple[str, ...]
    """`slug` or `host/slug` of the articles its sidebars name, on whatever page."""
    robots: str | None = None
    feeds: tuple[FeedPlan, ...] = ()
    answers: tuple[FixedAnswer, ...] = ()
    manuscripts: tuple[Manuscript, ...] = ()
    """Newest first, undated last."""

    @property
    def home(self) -> str:
        """Its address, without a slash."""
        return f"http://{self.host}"

    def written(self, when: datetime | None) -> str:
        """`when` as the outlet prints it, in its own time; empty when there is none."""
        if when is None:
            return ""
        local = when.astimezone(timezone(timedelta(hours=self.utc_offset_hours)))
        month = self.months[local.month - 1]
        return self.date.format(day=local.day, month=month, year=local.year, clock=f"{local:%H:%M}")


class SearchItem(SourceTable):
    """An article that a search found, and what should become of it."""

    article: str
    """`host/slug`."""
    title: str = ""
    """What the search calls it; empty: what its outlet does."""
    state: str = "stored"
    reason: str | None = None
    found_by: str | None = None
    """What lists it at its outlet, where the link is opaque."""
    found_as: str | None = None
    """By what it is recognised there."""


class SearchPlan(SourceTable):
    """A search of a service."""

    host: str
    path: str
    query: str
    title: str
    form: Literal["opaque", "decodable", "parameter"]
    """What its links tell: see `flows.newsstand.searches`."""
    watched: bool = False
    """Whether the demo watches it."""
    items: tuple[SearchItem, ...]

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://{self.host}{self.path}?{self.query}"
