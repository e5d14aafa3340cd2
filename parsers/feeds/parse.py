"""Feeds: bytes in, entries out.

    bytes ─▶ text ─▶ JSON Feed ──────────┐
                └──▶ RSS, RDF, Atom ─────┴▶ items ─▶ entries

What is not well-formed is read as far as it goes, and the feed says so in `problem`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from parsers.errors import NotAFeed
from parsers.feeds.discovery import discover_feeds
from parsers.feeds.encoding import decode_feed
from parsers.feeds.items import entries_of
from parsers.feeds.json_feed import read_json_feed
from parsers.feeds.repair import looks_like_feed
from parsers.feeds.text import join_surrogates
from parsers.feeds.trim import Cut
from parsers.feeds.xml_feed import read_xml_feed
from parsers.records import ParsedFeed
from parsers.text.references import bounded_references


def parse_feed(  # noqa: PLR0913 - all but the bytes by name, each says one thing
    body: bytes,
    *,
    url: str,
    feed_id: int,
    content_type: str | None,
    now: datetime,
    max_entries: int = 2000,
    known: Collection[str] = (),
) -> ParsedFeed:
    """The feed that `url` answered with `body`.

    `content_type` is the header's value; like everything a server declares, it loses against
    what the bytes prove. `now` decides which dates lie in the future. Of more than `max_entries`
    entries those stay whose guid and link are not `known`, then the newest.

    Raises NotAFeed("not_a_feed") where there is no feed, naming the feeds a page links to, and
    Quarantine("unreadable_feed") where the feed defeats its reader.
    """
    text = bounded_references(decode_feed(body, content_type))
    if not text.strip("\ufeff \t\r\n\0"):
        raise NotAFeed("not_a_feed", f"{url} answered nothing at all; ask its owner or remove it.")
    cut = Cut("")
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        feed, items = read_json_feed(join_surrogates(text), url)
    elif looks_like_feed(text):
        feed, items, cut = read_xml_feed(text, url, max_entries, known)
    else:
        raise _no_feed(text, url)
    found = entries_of(
        items, feed_id=feed_id, base=url, now=now, max_entries=max_entries, known=known
    )
    return replace(
        feed,
        entries=found.kept,
        entries_dropped=cut.dropped + found.dropped,
        items_slimmed=cut.slimmed,
        entries_by_link=found.by_link,
        entries_by_text=found.by_text,
    )


def _no_feed(text: str, url: str) -> NotAFeed:
    found = discover_feeds(text, url)
    if found:
        shown = ", ".join(found[:5])
        return NotAFeed("not_a_feed", f"{url} is a page, not a feed. It links to: {shown}", found)
    return NotAFeed(
        "not_a_feed",
        f"{url} answered something that is no feed and names none. It will be asked again; if that "
        "lasts, look for the feed's new address.",
    )
