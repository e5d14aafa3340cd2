"""One answer for each field, with where it came from.

What takes rules of its own has a module of its own: title, authors, times, access. The site's name,
section, tags and image are read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from parsers.metadata.access import read_access
from parsers.metadata.authors import read_credits, read_signatures
from parsers.metadata.facts import PageStatements, Sourced, clean_value, node_types
from parsers.metadata.surroundings import read_surroundings
from parsers.metadata.times import Times, read_times
from parsers.metadata.titles import find_headline, read_title
from parsers.records import Access, Credit, CreditRole, DateFlag, Entry

T = TypeVar("T")
_SITE_NAMES = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "twitter:app:name:iphone",
)
_SITE_TYPES = frozenset(("WebSite", "NewsMediaOrganization"))
_MAX_TAGS = 40
_TITLE_WORDS = 5
_BYLINES = 6


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article beside its text."""

    title: str | None
    authors: tuple[str, ...]
    credits: tuple[Credit, ...]
    signatures: tuple[str, ...]
    """Every name that the markup signs it with, those of agencies among them."""
    bylines: tuple[str, ...]
    """The first lines below the headline, whatever they say."""
    published_at: datetime | None
    published_offset: int | None
    published_day: date | None
    date_flag: DateFlag | None
    modified_at: datetime | None
    section: str | None
    tags: tuple[str, ...]
    site_name: str | None
    image_url: str | None
    access: Access
    access_evidence: str | None
    sources: tuple[tuple[str, str], ...]
    """(field, where it came from) pairs."""


def read_metadata(
    tree: HtmlElement, facts: PageStatements, *, url: str, hint: Entry | None
) -> Metadata:
    """Reconcile the page's statements; the feed's entry fills what the page leaves open."""
    sites = read_site_names(facts, url)
    names = [site.value for site in sites]
    site = next((found for found in sites if found.source != "url"), None)
    headline = find_headline(tree, facts, names)
    title = read_title(facts, names, headline) or _hinted(hint.title if hint else None)
    around = read_surroundings(tree, headline, facts.titles)
    named = read_credits(tree, facts, around, names)
    authors = _authors(named) or _hinted(hint.authors if hint else None)
    times = read_times(tree, facts, around, url, hint)
    access = read_access(tree, facts)
    section = _section(facts)
    tags = _tags(facts)
    image = _image(facts, url)
    fields = {
        "title": title,
        "authors": authors,
        "published_at": times.published,
        "modified_at": times.modified,
        "section": section,
        "tags": tags,
        "site_name": site,
        "image_url": image,
    }
    published = times.published.value if times.published else None
    return Metadata(
        title=title.value if title else None,
        authors=authors.value if authors else (),
        credits=_all_credits(authors, named),
        signatures=read_signatures(facts),
        bylines=tuple(line.text for line in around.below[:_BYLINES]),
        published_at=published.at if published else None,
        published_offset=published.offset if published else None,
        published_day=published.day if published else None,
        date_flag=_date_flag(times),
        modified_at=times.modified.value.at if times.modified else None,
        section=section.value if section else None,
        tags=tags.value if tags else (),
        site_name=site.value if site else None,
        image_url=image.value if image else None,
        access=access.value if access else Access.UNKNOWN,
        access_evidence=access.source if access else None,
        sources=(
            *((field, found.source) for field, found in fields.items() if found),
            *((("published_text", times.unreadable),) if times.unreadable else ()),
        ),
    )


def _authors(named: Sourced[tuple[Credit, ...]] | None) -> Sourced[tuple[str, ...]] | None:
    if named is None:
        return None
    names = tuple(credit.name for credit in named.value if credit.role is CreditRole.AUTHOR)
    return Sourced(names, named.source) if names else None


def _all_credits(
    authors: Sourced[tuple[str, ...]] | None, named: Sourced[tuple[Credit, ...]] | None
) -> tuple[Credit, ...]:
    """The authors, and whoever else is named."""
    stated = named.value if named else ()
    others = [credit for credit in stated if credit.role is not CreditRole.AUTHOR]
    signed = authors.value if authors else ()
    return (*(Credit(name, CreditRole.AUTHOR) for name in signed), *others)


def _date_flag(times: Times) -> DateFlag | None:
    if times.published:
        return times.published.value.flag
    return DateFlag.UNPARSED if times.unreadable else None


def read_site_names(facts: PageStatements, url: str) -> list[Sourced[str]]:
    """Names of the site, the most trusted first; the host's own label comes last."""
    found = [Sourced(value, name) for name in _SITE_NAMES for value in facts.meta.get(name, ())[:1]]
    publisher = facts.article.get("publisher")
    for node in [publisher, *(n for n in facts.nodes if _SITE_TYPES & set(node_types(n)))]:
        name = clean_value(node.get("name")) if isinstance(node, dict) else clean_value(node)
        if name:
            found.append(Sourced(name, "json-ld"))
    # Some pages state their own title where the name of their site belongs.
    found = [
        name
        for name in found
        if name.value not in facts.titles or name.value.count(" ") < _TITLE_WORDS
    ]
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    labels = host.split(".")
    if len(labels) > 1:
        found.append(Sourced(host, "url"))
        found.append(Sourced(max(labels[:-1], key=len), "url"))
    return found


def _hinted(value: T | None) -> Sourced[T] | None:
    return Sourced(value, "feed") if value else None


def _section(facts: PageStatements) -> Sourced[str] | None:
    value = facts.article.get("articleSection")
    first = clean_value(value[0] if isinstance(value, list) and value else value)
    if first:
        return Sourced(first, "json-ld")
    for name in ("article:section", "parsely-section", "section"):
        for stated in facts.meta.get(name, ()):
            return Sourced(stated, name)
    return None


def _tags(facts: PageStatements) -> Sourced[tuple[str, ...]] | None:
    for values, source in _stated_tags(facts):
        unique = {tag.casefold(): tag for tag in values if len(tag) <= 80}
        if unique:
            return Sourced(tuple(unique.values())[:_MAX_TAGS], source)
    return None


def _stated_tags(facts: PageStatements) -> Iterator[tuple[list[str], str]]:
    yield list(facts.meta.get("article:tag", ())), "article:tag"
    stated = facts.article.get("keywords")
    listed = stated if isinstance(stated, list) else [stated]
    yield [tag for tags in listed for tag in _split_tags(clean_value(tags))], "json-ld"
    for name in ("news_keywords", "parsely-tags", "keywords"):
        yield [tag for tags in facts.meta.get(name, ()) for tag in _split_tags(tags)], name


def _split_tags(value: str | None) -> list[str]:
    return [tag.strip() for tag in re.split(r"[,;]", value or "") if tag.strip()]


def _image(facts: PageStatements, url: str) -> Sourced[str] | None:
    for name in ("og:image", "og:image:url", "twitter:image"):
        for value in facts.meta.get(name, ()):
            try:
                return Sourced(urljoin(url, value), name)
            except ValueError:
                continue
    return None
