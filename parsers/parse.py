"""The walk of one page: from what a URL answered to an article, or to why it is none.

bytes ─ may they name a topic? ─ tree ─ may it? ─ extract ─ match topics ─ fingerprint ─▶ article
              │ no                         │ no      │ no article  │ no topic
              ▼                            ▼         ▼             ▼
           off topic                   off topic  its reason    off topic
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from parsers.articles.from_document import is_binary, is_text, looks_like_html, read_document
from parsers.articles.from_page import article_in, extract_article, lines_cut
from parsers.articles.joined_pages import join_pages
from parsers.copies.fingerprints import fingerprint
from parsers.extraction.tree import parse_html, readable_source
from parsers.feeds.discovery import feeds_of_head
from parsers.feeds.repair import looks_like_feed
from parsers.identity import article_id, entry_urn
from parsers.metadata.address import content_urn
from parsers.metadata.site_name import HomePage, read_home_page
from parsers.records import NAMED_FEED, Article, DateFlag, Entry, Page, Rejection, RejectionReason
from parsers.text.dates import FUTURE
from parsers.text.decode import decode_page
from parsers.text.marks import before_marks, without_marks
from parsers.topics.topics import Topics
from parsers.urls import canonical_or_none, direct_link, is_wrapper, same_site

_UTF8 = "text/html; charset=utf-8"
_HTML_TYPES = ("html", "xml", "text/plain")
_HEAD_CHARS = 4096
"""Where a document says what it is."""


def parse_page(
    page: Page,
    *,
    hint: Entry | None,
    topics: Topics,
    keep_off_topic: bool = False,
    stranger: str | None = None,
) -> Article | Rejection:
    """The article on `page`, if it mentions any of `topics` or is to be kept all the same.

    `hint` is the feed's entry that led here: it fills what the page does not say of itself. But not
    where its feed, at `stranger`, is another site's and the page does not name it either; where the
    page does, `sources` says so.
    A page whose raw bytes can't mention a topic is rejected unread, and one that can only do so
    where no text is read from with its tree, which makes a harvest of mostly off-topic feeds
    cheap.
    """
    wanted = keep_off_topic or _names_topic(hint, topics)
    unread = _unread(page, topics, wanted=wanted)
    if unread is not None:
        return unread
    if is_binary(page.body):
        return Rejection(
            RejectionReason.NOT_HTML, f"{page.final_url} is called a page, but is no text at all."
        )
    if _led_home(page):
        return Rejection(
            RejectionReason.SOFT_404, f"{page.url} led to the home page, {page.final_url}."
        )
    text = decode_page(page.body, page.header("content-type"))
    if looks_like_feed(text[:_HEAD_CHARS]):
        return Rejection(
            RejectionReason.NOT_HTML,
            f"{page.final_url} is a feed, not a page. `pressclip feeds add` watches it.",
        )
    tree = parse_html(text)
    if tree is not None and not wanted and not _may_be_read(tree, topics):
        return _unnamed(page)
    named = stranger is not None and tree is not None and _names(tree, page.final_url, stranger)
    found = article_in(tree, url=page.final_url, hint=hint if stranger is None or named else None)
    if named and isinstance(found, Article):
        found = replace(found, sources=(*found.sources, (NAMED_FEED, stranger or "")))
    return _judge(found, topics, fetched_at=page.fetched_at, keep_off_topic=keep_off_topic)


def cut_lines(page: Page) -> tuple[tuple[str, str], ...]:
    """What is cut of a page as boilerplate today: (class, line) pairs."""
    return lines_cut(decode_page(page.body, page.header("content-type")), url=page.final_url)


def prefilter_page(page: Page, *, hint: Entry | None, topics: Topics) -> Rejection | None:
    """What `parse_page` says of a page that it need not parse to know; None for one that has to be
    parsed. Takes about a millisecond for most pages."""
    return _unread(page, topics, wanted=_names_topic(hint, topics))


def _unread(page: Page, topics: Topics, *, wanted: bool) -> Rejection | None:
    content_type = page.header("content-type")
    if not is_readable(page):
        return Rejection(
            RejectionReason.NOT_HTML, f"{page.final_url} is {content_type}, not a page of text."
        )
    return None if wanted or topics.may_mention(page.body, content_type) else _unnamed(page)


def is_readable(page: Page) -> bool:
    """Whether the page says that it is text, or does not say what it is."""
    content_type = page.header("content-type")
    return not content_type or any(kind in content_type.lower() for kind in _HTML_TYPES)


def _led_home(page: Page) -> bool:
    """Whether a link to somewhere on a site ended at its home page, as many do whose article is
    gone."""
    return (
        _is_home(page.final_url) and not _is_home(page.url) and same_site(page.url, page.final_url)
    )


def _is_home(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.path.strip("/") and not parts.query


def _unnamed(page: Page) -> Rejection:
    return Rejection(
        RejectionReason.OFF_TOPIC, f"Nothing in the source of {page.final_url} names a topic."
    )


def _may_be_read(tree: HtmlElement, topics: Topics) -> bool:
    """Whether a topic is named where text is read from: most pages that name one do in the title,
    which costs little to look at."""
    title = tree.findtext(".//title") or ""
    return topics.may_mention(title.encode("utf-8", "replace"), _UTF8) or topics.may_mention(
        readable_source(tree), _UTF8
    )


def _names_topic(hint: Entry | None, topics: Topics) -> bool:
    """Whether the feed says something of a topic. A bot challenge or a consent wall names none,
    but the article behind it may: the feed's entry tells."""
    said = " ".join(filter(None, (hint.title, hint.summary, hint.content_html))) if hint else ""
    return bool(said) and topics.may_mention(said.encode("utf-8", "replace"), "text/html")


def parse_joined(parts: Sequence[Article], *, topics: Topics) -> Article:
    """The article of which `parts` are pages, first the one that was asked for first."""
    joined = join_pages(parts)
    matches = topics.match(joined.title, joined.text, joined.standfirst)
    return replace(
        joined,
        topics=matches,
        fingerprint=fingerprint(without_marks(joined.text)),
        fetched_at=parts[0].fetched_at,
    )


def parse_home_page(page: Page, site: str) -> HomePage:
    """What the home page of `site` says that the site is."""
    if not is_readable(page) or is_binary(page.body):
        return HomePage(None, None)
    tree = parse_html(decode_page(page.body, page.header("content-type")))
    if tree is None:
        return HomePage(None, None)
    return read_home_page(tree, url=page.final_url, site=site)


def parse_entry_content(
    entry: Entry, *, topics: Topics, fetched_at: datetime, carrier: str | None = None
) -> Article | Rejection:
    """The article that the feed itself carries in full, for entries whose page can't be had.

    `carrier` is the address of the feed where it is not of its link's site, or the link only wraps
    an address: then the text is what that feed says of the page, an article under a name of its
    own, read at the feed.
    """
    html = (
        f'<!doctype html><html lang="{entry.language or ""}"><body><article>'
        f"{entry.content_html or ''}</article></body></html>"
    )
    link = direct_link(entry.link or "")
    name = entry_urn(entry.entry_id)
    url = link if link and carrier is None else name
    found = extract_article(html, url=url, hint=entry)
    if isinstance(found, Article):
        found = replace(found, text_kind="feed" if carrier is None else "carried")
        if url == name:
            found = _under_its_own_name(found, name, carrier, link)
    return _judge(found, topics, fetched_at=fetched_at, keep_off_topic=False)


def _under_its_own_name(article: Article, name: str, carrier: str | None, link: str) -> Article:
    """`article` with an identity that nothing in its text can choose. Whose page it says to be is
    a claim, and so is the name of a site in it. What has no page, or one behind a wrapper, is named
    by its text."""
    paged = carrier is not None and link and not is_wrapper(link)
    identity = name if paged else content_urn(before_marks(article.text))
    return replace(
        article,
        article_id=article_id(identity),
        canonical_url=identity,
        url=carrier or name,
        syndication_url=canonical_or_none(link) if paged else None,
        site_name=None,
        sources=tuple(pair for pair in article.sources if pair[0] != "site_name"),
    )


def parse_document(body: bytes, *, name: str, topics: Topics) -> Article | Rejection:
    """The article in a file that a person filed: a saved page, or plain text.

    Kept also where it is off topic: whoever files a document wants it.
    """
    if not is_text(body):
        return Rejection(
            RejectionReason.NOT_HTML,
            f"{name} is neither text nor HTML. Save the page as HTML or as text, and file that.",
        )
    text = decode_page(body, None)
    if looks_like_html(text):
        found = extract_article(text, url=f"file:{name}")
        if isinstance(found, Article):
            found = replace(found, text_kind="document")
    else:
        found = read_document(text, name=name)
    return _judge(found, topics, fetched_at=None, keep_off_topic=True)


def _names(tree: HtmlElement, url: str, feed: str) -> bool:
    """Whether the head of a page names the feed at an address as its own (`rel=alternate`)."""
    wanted = canonical_or_none(feed)
    return any(canonical_or_none(named) == wanted for named in feeds_of_head(tree, url))


def _judge(
    found: Article | Rejection, topics: Topics, *, fetched_at: datetime | None, keep_off_topic: bool
) -> Article | Rejection:
    if isinstance(found, Rejection):
        return found
    matches = topics.match(found.title, found.text, found.standfirst)
    if not matches and not keep_off_topic:
        return Rejection(
            RejectionReason.OFF_TOPIC,
            f"The article at {found.url} mentions no topic outside its boilerplate.",
            extracted=True,
        )
    return replace(
        found,
        topics=matches,
        fingerprint=fingerprint(without_marks(found.text)),
        fetched_at=fetched_at,
        date_flag=_date_flag(found, fetched_at),
    )


def _date_flag(article: Article, fetched_at: datetime | None) -> DateFlag | None:
    """What is wrong with its date of publication, now that the present is known."""
    published = article.published_at
    if fetched_at is not None and published is not None and published > fetched_at + FUTURE:
        return DateFlag.FUTURE
    return article.date_flag
