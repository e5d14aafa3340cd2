"""From the items of a feed, whatever its format, to entries.

Each format has a reader of its own that gives `FeedItem`s; what is decided about an item is
decided here, once for all formats: its identity, its link, its dates, and which to keep.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b

from parsers.feeds.text import absolute_link
from parsers.identity import entry_id
from parsers.records import DateFlag, Enclosure, Entry
from parsers.text.dates import FUTURE, parse_date, parse_moment
from parsers.urls import canonical_or_none

MAX_TITLE = 1000
MAX_SUMMARY = 10_000
MAX_LINK = 2000
"""Characters. Browsers and servers cope with 2,000 (RFC 9110 §4.1 asks for 8,000, of servers only):
what is longer than that is no link. Titles, summaries, guids, names and categories that are longer
are cut."""
MAX_NAMES = 100
"""Authors, categories and enclosures of one entry, each."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item as its format's reader gives it; texts are plain already, dates are not read."""

    guid: str | None = None
    link: str | None = None
    """Absolute where the feed allowed to make it so."""
    known_by: str | None = None
    """The link that names an item without a guid, where that is another: what earlier versions took
    for its link, so that it is still the same entry."""
    title: str | None = None
    summary: str | None = None
    content_html: str | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    published: str | None = None
    updated: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    outlet_url: str | None = None
    outlet_name: str | None = None
    said: str = ""
    """Title, summary and content as they stand in the feed: the identity of an item without
    guid and link."""


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a feed's items, and what was decided on the way."""

    kept: tuple[Entry, ...]
    dropped: int = 0
    """Entries beyond the cap."""
    by_link: int = 0
    """Entries known by their link, because others have the same guid."""
    by_text: int = 0
    """Entries known by what they say, because others have the same link, and the same guid or none.
    """


def entries_of(  # noqa: PLR0913 - all but the items by name
    items: list[FeedItem],
    *,
    feed_id: int,
    base: str,
    now: datetime,
    max_entries: int,
    known: Collection[str] = (),
) -> Entries:
    """The entries of `items` in the feed's order; `known` are guids and links seen before.

    Of items with one identity the first stays: feeds repeat an item when they move it, and list
    the newest first. Items that say nothing at all are no entries.
    """
    links = [
        absolute_link(item.known_by or item.link, base) or _guid_as_link(item.guid, base)
        for item in items
    ]
    shared = _shared_guids(items, links)
    # A guid that stands for several pages identifies none: publishing tools have bugs.
    names = [
        link if item.guid in shared and link else item.guid or link
        for item, link in zip(items, links, strict=True)
    ]
    crowded = _crowded_names(items, names)
    entries: dict[int, Entry] = {}
    by_text: set[int] = set()
    for item, name in zip(items, names, strict=True):
        identity = _told(item) if name is None or name in crowded else name
        if identity is not None:
            number = entry_id(feed_id, identity)
            if number not in entries:
                entries[number] = _entry(number, item, _page_of(item, base), feed_id, now)
                by_text.update([number] if name in crowded else [])
    kept = _worthiest(list(entries.values()), max_entries, known)
    by_link = sum(1 for entry in entries.values() if entry.guid in shared)
    return Entries(tuple(kept), len(entries) - len(kept), by_link, len(by_text))


def _crowded_names(items: list[FeedItem], names: list[str | None]) -> set[str | None]:
    """The names that one document gives to several things: items of other titles, or of other texts
    where they have no titles."""
    called: dict[str, set[str]] = {}
    for item, name in zip(items, names, strict=True):
        said = item.title or item.said
        if name and said:
            called.setdefault(name, set()).add(said)
    return {name for name, titles in called.items() if len(titles) > 1}


def _shared_guids(items: list[FeedItem], links: list[str | None]) -> set[str | None]:
    """The guids that one document gives to several pages."""
    pages: dict[str, set[str]] = {}
    for item, link in zip(items, links, strict=True):
        if item.guid and link:
            pages.setdefault(item.guid, set()).add(link)
    return {
        guid
        for guid, found in pages.items()
        if len(found) > 1 and len({canonical_or_none(link) or link for link in found}) > 1
    }


def _worthiest(entries: list[Entry], most: int, known: Collection[str]) -> list[Entry]:
    """At most `most` entries, in the order given: first those that were not seen before, then the
    newest.

    That order decides where dates don't: a feed without dates lists the newest first, as nearly all
    do.
    """
    if len(entries) <= most:
        return entries
    unknown = datetime.min.replace(tzinfo=UTC)
    by_worth = sorted(
        range(len(entries)),
        key=lambda at: (
            entries[at].guid not in known and entries[at].link not in known,
            entries[at].published_at or entries[at].updated_at or unknown,
        ),
        reverse=True,
    )
    return [entries[at] for at in sorted(by_worth[:most])]


def _page_of(item: FeedItem, base: str) -> str | None:
    """The address of the item's page. `#` is none, nor is the feed's own address where the guid is
    another."""
    link, named = absolute_link(item.link, base), _guid_as_link(item.guid, base)
    if link is None or (item.link or "").startswith("#"):
        return named
    return (named or link) if link.partition("#")[0] == base.partition("#")[0] else link


def _entry(number: int, item: FeedItem, link: str | None, feed_id: int, now: datetime) -> Entry:
    # Identities are made of the whole of guids and links; what is kept of them has a bound.
    entry = Entry(
        entry_id=number,
        feed_id=feed_id,
        guid=_cut(item.guid, MAX_LINK),
        link=link if link is None or len(link) <= MAX_LINK else None,
        title=_cut(item.title, MAX_TITLE),
        summary=_cut(item.summary, MAX_SUMMARY),
        content_html=item.content_html,
        authors=tuple(name[:MAX_TITLE] for name in item.authors[:MAX_NAMES]),
        categories=tuple(name[:MAX_TITLE] for name in item.categories[:MAX_NAMES]),
        language=item.language,
        enclosures=tuple(
            enclosure for enclosure in item.enclosures[:MAX_NAMES] if len(enclosure.url) <= MAX_LINK
        ),
        outlet_url=item.outlet_url,
        outlet_name=_cut(item.outlet_name, MAX_TITLE),
    )
    return _dated(entry, item, now)


def _cut(text: str | None, most: int) -> str | None:
    """`text`, with an ellipsis in place of what is beyond `most` characters."""
    if text is None or len(text) <= most:
        return text
    return text[: most - 1].rstrip() + "…"


def _guid_as_link(guid: str | None, base: str) -> str | None:
    """RSS 2.0: a guid is a permalink unless it says otherwise; if it looks like one, it is one."""
    if guid is None or not guid.lower().startswith(("http://", "https://", "/")):
        return None
    return absolute_link(guid, base)


def _told(item: FeedItem) -> str | None:
    """What identifies an item that has neither guid nor link of its own: what it says."""
    rest = (item.published, item.updated, *item.authors, *item.categories)
    links = (enclosure.url for enclosure in item.enclosures)
    said = item.said or "\n".join(filter(None, (*rest, *links)))
    if not said:
        return None
    return "text:" + blake2b(said.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _dated(entry: Entry, item: FeedItem, now: datetime) -> Entry:
    """`entry` with its dates. One that can't be true is kept as text only, and flagged."""
    stated, updated = (
        parse_moment(item.published, item.language),
        parse_date(item.updated, item.language),
    )
    published, flag = (stated.at, stated.flag) if stated else (None, None)
    if item.published and published is None:
        flag = DateFlag.UNPARSED
    if published is not None and published > now + FUTURE:
        published, flag = None, DateFlag.FUTURE
    if updated is not None and updated > now + FUTURE:
        updated = None
    return replace(
        entry,
        published_at=published,
        published_raw=_cut(item.published, MAX_TITLE),
        updated_at=updated,
        updated_raw=_cut(item.updated, MAX_TITLE),
        date_flag=flag,
    )
