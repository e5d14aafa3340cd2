"""One answer for each field, with where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from parsers.metadata.authors import read_authors
from parsers.metadata.facts import Facts, clean_value
from parsers.metadata.times import read_modified, read_published
from parsers.metadata.titles import read_title
from parsers.records import Entry


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article beside its text."""

    title: str | None
    standfirst: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    modified_at: datetime | None
    section: str | None
    tags: tuple[str, ...]
    site_name: str | None
    image_url: str | None
    sources: tuple[tuple[str, str], ...]


def read_metadata(tree: HtmlElement, facts: Facts, *, url: str, hint: Entry | None) -> Metadata:
    """Reconcile the page's statements; the feed's entry fills what the page leaves open."""
    site = facts.first("og:site_name", "application-name")
    site_name = site[0] if site else None
    title = read_title(tree, facts, site_name)
    authors, author_source = read_authors(facts, site_name)
    published, published_source = read_published(tree, facts, url)
    modified, modified_source = read_modified(facts)
    standfirst = facts.first("og:description", "description", "twitter:description")
    section = facts.first("article:section")
    image = facts.first("og:image", "twitter:image")
    if hint is not None and published is None and hint.date_flag is None and hint.published_at:
        published, published_source = hint.published_at, "feed"
    if hint is not None and not authors and hint.authors:
        authors, author_source = hint.authors, "feed"
    title_value, title_source = (title.value, title.source) if title else (None, "")
    if title_value is None and hint is not None and hint.title:
        title_value, title_source = hint.title, "feed"
    sources = {
        "title": title_source,
        "authors": author_source,
        "published_at": published_source,
        "modified_at": modified_source,
        "site_name": site[1] if site else "",
        "standfirst": standfirst[1] if standfirst else "",
        "section": section[1] if section else "",
    }
    return Metadata(
        title=title_value,
        standfirst=standfirst[0] if standfirst else None,
        authors=authors,
        published_at=published,
        modified_at=modified,
        section=clean_value(section[0]) if section else None,
        tags=facts.meta.get("article:tag", ()),
        site_name=site_name,
        image_url=image[0] if image else None,
        sources=tuple((field, source) for field, source in sources.items() if source),
    )
