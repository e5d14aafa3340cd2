"""The feeds of the press, in every format that outlets use."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from flows.newsstand.articles import ExtraEntry, FeedPlan, Manuscript, Outlet
from flows.newsstand.pages import body_html


@dataclass(frozen=True, slots=True)
class PressItem:
    """One entry of a feed, before it is written in the feed's format."""

    title: str
    link: str
    guid: str
    summary: str
    html: str
    """The whole article where the feed carries it, else empty."""
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    language: str
    published: datetime | None
    updated: datetime | None
    slug: str
    article: Manuscript | None
    extra: ExtraEntry | None


def feed_items(outlet: Outlet, plan: FeedPlan) -> tuple[PressItem, ...]:
    """The entries of a feed in its order: articles newest first, then what leads elsewhere."""
    chosen = (
        article
        for article in outlet.manuscripts
        if article.listed
        and (not plan.sections or article.section in plan.sections)
        and (not plan.articles or article.slug in plan.articles)
    )
    articles = tuple(_from_article(article, plan) for article in chosen)
    return articles + tuple(_from_extra(outlet, extra) for extra in plan.extras)


def _from_article(article: Manuscript, plan: FeedPlan) -> PressItem:
    amp = f"http://{article.host}{article.amp_path}"
    return PressItem(
        title=article.title,
        link=plan.link.format(url=article.url, amp=amp),
        guid=f"tag:{article.host},2026:{article.slug}",
        summary=article.standfirst or "",
        html="\n".join(body_html(article.blocks)) if plan.content == "full" else "",
        authors=article.authors,
        tags=article.tags,
        language=article.language,
        published=article.published,
        updated=article.updated,
        slug=article.slug,
        article=article,
        extra=None,
    )


def _from_extra(outlet: Outlet, extra: ExtraEntry) -> PressItem:
    return PressItem(
        title=extra.title,
        link=f"http://{outlet.host}{extra.link}" if extra.link.startswith("/") else extra.link,
        guid=f"tag:{outlet.host},2026:{extra.link}",
        summary=extra.summary,
        html="",
        authors=(),
        tags=(),
        language=outlet.language,
        published=extra.published,
        updated=None,
        slug=extra.link,
        article=None,
        extra=extra,
    )


def write_feed(outlet: Outlet, plan: FeedPlan, items: Sequence[PressItem]) -> bytes:
    """The bytes of the feed, broken off in the middle where the plan says so."""
    text = _WRITERS[plan.format](outlet, plan, items)
    if plan.cut_in is None:
        return text.encode()
    torn = next(item for item in items if item.slug == plan.cut_in)
    start = text.index(escape(torn.summary, quote=False))
    return text[: start + len(torn.summary) // 2].encode()


def content_type(plan: FeedPlan) -> str:
    """What the server says the feed is."""
    return plan.content_type or _CONTENT_TYPES[plan.format]


_CONTENT_TYPES = {
    "rss20": "application/rss+xml; charset=utf-8",
    "rss091": "text/xml",
    "rdf": "application/rdf+xml",
    "atom10": "application/atom+xml",
    "json11": "application/feed+json",
}


def _x(text: str) -> str:
    return escape(text, quote=False)


def _element(name: str, text: str | None, attributes: str = "") -> str:
    return f"<{name}{attributes}>{_x(text)}</{name}>\n" if text else ""


def _rfc822(when: datetime | None) -> str | None:
    return format_datetime(when, usegmt=True) if when else None


def _iso(when: datetime | None) -> str | None:
    return when.isoformat().replace("+00:00", "Z") if when else None


def _home(outlet: Outlet) -> str:
    return f"http://{outlet.host}/"


def _rss20(outlet: Outlet, plan: FeedPlan, items: Sequence[PressItem]) -> str:
    written = "".join(
        "<item>\n"
        + _element("title", item.title)
        + _element("link", item.link)
        + _element("guid", item.guid, ' isPermaLink="false"')
        + "".join(_element("dc:creator", author) for author in item.authors)
        + _element("pubDate", _rfc822(item.published))
        + _element("atom:updated", _iso(item.updated))
        + "".join(_element("category", tag) for tag in item.tags)
        + _element("description", item.summary)
        + (f"<content:encoded><![CDATA[{item.html}]]></content:encoded>\n" if item.html else "")
        + "</item>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{plan.declared}"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n'
        "<channel>\n"
        + _element("title", plan.title)
        + _element("link", _home(outlet))
        + f'<atom:link rel="self" href="http://{outlet.host}{plan.path}"/>\n'
        + _element("description", f"{plan.title} (a made-up press)")
        + _element("language", outlet.language)
        + _element("ttl", str(plan.ttl) if plan.ttl else None)
        + f"{written}</channel>\n</rss>\n"
    )


def _rss091(outlet: Outlet, plan: FeedPlan, items: Sequence[PressItem]) -> str:
    written = "".join(
        "<item>\n"
        + _element("title", item.title)
        + _element("link", item.link)
        + _element("description", item.summary)
        + "</item>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{plan.declared}"?>\n<rss version="0.91">\n<channel>\n'
        + _element("title", plan.title)
        + _element("link", _home(outlet))
        + _element("description", f"{plan.title} (a made-up press)")
        + _element("language", outlet.language)
        + f"{written}</channel>\n</rss>\n"
    )


def _rdf(outlet: Outlet, plan: FeedPlan, items: Sequence[PressItem]) -> str:
    order = "".join(f'<rdf:li rdf:resource="{escape(item.link)}"/>\n' for item in items)
    written = "".join(
        f'<item rdf:about="{escape(item.link)}">\n'
        + _element("title", item.title)
        + _element("link", item.link)
        + _element("description", item.summary)
        + "".join(_element("dc:creator", author) for author in item.authors)
        + _element("dc:date", _iso(item.published))
        + "".join(_element("dc:subject", tag) for tag in item.tags)
        + "</item>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{plan.declared}"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="http://{outlet.host}{plan.path}">\n'
        + _element("title", plan.title)
        + _element("link", _home(outlet))
        + _element("description", f"{plan.title} (a made-up press)")
        + _element("dc:language", outlet.language)
        + f"<items><rdf:Seq>\n{order}</rdf:Seq></items>\n</channel>\n{written}</rdf:RDF>\n"
    )


def _atom10(outlet: Outlet, plan: FeedPlan, items: Sequence[PressItem]) -> str:
    stamps = [when for item in items if (when := item.updated or item.published)]
    written = "".join(
        f'<entry xml:lang="{item.language}">\n'
        + _element("title", item.title)
        + f'<link rel="alternate" type="text/html" href="{escape(item.link)}"/>\n'
        + _element("id", item.guid)
        + "".join(f"<author>{_element('name', name)}</author>\n" for name in item.authors)
        + _element("published", _iso(item.published))
        + _element("updated", _iso(item.updated or item.published))
        + "".join(f'<category term="{escape(tag)}"/>\n' for tag in item.tags)
        + _element("summary", item.summary)
        + _element("content", item.html, ' type="html"')
        + "</entry>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{plan.declared}"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">\n'
        + _element("title", plan.title)
        + _element("id", f"http://{outlet.host}{plan.path}")
        + f'<link rel="self" href="http://{outlet.host}{plan.path}"/>\n'
        + f'<link rel="alternate" type="text/html" href="{_home(outlet)}"/>\n'
        + _element("updated", _iso(max(stamps)))
        + f"{written}</feed>\n"
    )


def _json11(outlet: Outlet, plan: FeedPlan, items: Sequence[PressItem]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": plan.title,
        "home_page_url": _home(outlet),
        "feed_url": f"http://{outlet.host}{plan.path}",
        "language": outlet.language,
        "items": [_json_item(item) for item in items],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(item: PressItem) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": item.guid,
        "url": item.link,
        "title": item.title,
        "language": item.language,
        "summary": item.summary,
        "content_html": item.html or f"<p>{_x(item.summary)}</p>",
        "authors": [{"name": name} for name in item.authors],
        "tags": list(item.tags),
        "date_published": _iso(item.published),
        "date_modified": _iso(item.updated),
    }
    return {name: value for name, value in fields.items() if value}


_WRITERS: dict[str, Callable[[Outlet, FeedPlan, Sequence[PressItem]], str]] = {
    "rss20": _rss20,
    "rss091": _rss091,
    "rdf": _rdf,
    "atom10": _atom10,
    "json11": _json11,
}
