"""From a manuscript to a page: the theme of its outlet laid around it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from html import escape
from string import Template
from urllib.parse import quote

from flows.newsstand.articles import Manuscript, Outlet

Finder = Callable[[str], Manuscript]
"""From `slug` or `host/slug` to the article."""

_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_EMPHASIS = re.compile(r"\*([^*]+)\*")
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}


def unmarked(block: str) -> str:
    """A block of a manuscript as a reader sees it, without marks."""
    return _EMPHASIS.sub(r"\1", _LINK.sub(r"\1", block.removeprefix("## ").removeprefix("> ")))


def body_html(blocks: Sequence[str]) -> tuple[str, ...]:
    """Each block of a manuscript as one HTML element."""
    return tuple(_block(block) for block in blocks)


def _block(block: str) -> str:
    if block.startswith("## "):
        return f"<h2>{_inline(block[3:])}</h2>"
    if block.startswith("> "):
        return f"<blockquote><p>{_inline(block[2:])}</p></blockquote>"
    return f"<p>{_inline(block)}</p>"


def _inline(text: str) -> str:
    linked = _LINK.sub(r'<a href="\2">\1</a>', escape(text, quote=False))
    return _EMPHASIS.sub(r"<em>\1</em>", linked)


def article_page(outlet: Outlet, article: Manuscript, find: Finder, *, amp: bool = False) -> str:
    """The page of `article` in the theme of `outlet`; its AMP variant with `amp`."""
    theme = (outlet.amp_theme or outlet.theme) if amp else outlet.theme
    related = _related(outlet, article, find)
    section = dict(outlet.sections)[article.section]
    slots = {
        "language": article.language,
        "dir": "rtl" if article.language in _RIGHT_TO_LEFT else "ltr",
        "charset": outlet.charset,
        "head": _head(outlet, article),
        "home": f"http://{outlet.host}",
        "outlet": escape(outlet.name),
        "menu": _menu(outlet),
        "title": escape(article.title, quote=False),
        "standfirst": escape(article.standfirst or "", quote=False),
        "byline": _byline(outlet, article),
        "datetime": article.published.isoformat() if article.published else "",
        "date": human_date(outlet, article.published),
        "section": escape(section),
        "section_url": f"http://{outlet.host}/{article.section}/",
        "body": _with_inserts(outlet, article, related),
        "photo": _photo(article),
        "tags": _tags(outlet, article),
        "related": _links(related),
        "url": article.url,
        "share_url": article.url.replace(":", "%3A").replace("/", "%2F"),
    }
    return Template(theme).substitute(slots)


def list_page(template: str, outlet: Outlet, label: str, articles: Sequence[Manuscript]) -> str:
    """A page that only lists articles: a front page, a section, a tag."""
    items = "\n".join(
        f'<article class="teaser"><h3><a href="{a.url}">{escape(a.title, quote=False)}</a></h3>'
        f"<p>{escape(a.standfirst or '', quote=False)}</p>"
        f'<span class="when">{human_date(outlet, a.published)}</span></article>'
        for a in articles
    )
    feeds = "\n".join(
        f'<link rel="alternate" type="{feed_type}" href="http://{outlet.host}{feed.path}">'
        for feed in outlet.feeds
        if (feed_type := _FEED_TYPES.get(feed.format))
    )
    return Template(template).substitute(
        language=outlet.language,
        charset=outlet.charset,
        label=escape(label),
        outlet=escape(outlet.name),
        home=f"http://{outlet.host}",
        menu=_menu(outlet),
        feeds=feeds,
        items=items,
    )


_FEED_TYPES = {
    "rss20": "application/rss+xml",
    "rss091": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "atom10": "application/atom+xml",
    "json11": "application/feed+json",
}


def human_date(outlet: Outlet, when: datetime | None) -> str:
    """`when` as the outlet prints it, in its own time; empty when there is none."""
    if when is None:
        return ""
    local = when.astimezone(timezone(timedelta(hours=outlet.utc_offset_hours)))
    return outlet.date.format(
        day=local.day,
        month=outlet.months[local.month - 1],
        year=local.year,
        clock=f"{local:%H:%M}",
    )


def slugify(tag: str) -> str:
    """The last part of a tag's address, percent-encoded (RFC 3986)."""
    return quote(re.sub(r"\W+", "-", tag.casefold()).strip("-"))


def _menu(outlet: Outlet) -> str:
    return "".join(
        f'<li><a href="http://{outlet.host}/{slug}/">{escape(label)}</a></li>'
        for slug, label in outlet.sections
    )


def _byline(outlet: Outlet, article: Manuscript) -> str:
    if not article.authors:
        return ""
    return escape(outlet.byline.format(authors=", ".join(article.authors)))


def _photo(article: Manuscript) -> str:
    if article.photo is None:
        return ""
    caption = escape(article.photo.caption)
    return (
        f'<figure><img src="http://{article.host}/images/{article.slug}.svg" alt="{caption}">'
        f'<figcaption>{caption} <span class="credit">{escape(article.photo.credit)}</span>'
        "</figcaption></figure>"
    )


def _tags(outlet: Outlet, article: Manuscript) -> str:
    return " ".join(
        f'<a rel="tag" href="http://{outlet.host}/tag/{slugify(tag)}/">{escape(tag)}</a>'
        for tag in article.tags
    )


def _related(outlet: Outlet, article: Manuscript, find: Finder) -> tuple[Manuscript, ...]:
    named = (find(name if "/" in name else f"{outlet.host}/{name}") for name in outlet.related)
    return tuple(other for other in named if other.url != article.url)


def _links(articles: Sequence[Manuscript]) -> str:
    return "".join(
        f'<li><a href="{a.url}">{escape(a.title, quote=False)}</a></li>' for a in articles
    )


def _with_inserts(outlet: Outlet, article: Manuscript, related: Sequence[Manuscript]) -> str:
    parts = list(body_html(article.blocks))
    for number, insert in sorted(enumerate(outlet.inserts), key=lambda i: -i[1].after):
        if insert.after >= len(parts):
            continue
        other = related[(len(article.slug) + number) % len(related)]
        html = Template(insert.html).substitute(
            link=other.url, headline=escape(other.title, quote=False), tags=_tags(outlet, article)
        )
        parts.insert(insert.after, html)
    return "\n".join(parts)


def _head(outlet: Outlet, article: Manuscript) -> str:
    makers = {
        "canonical": _canonical,
        "opengraph": _opengraph,
        "meta": _meta,
        "json-ld": _json_ld,
    }
    return "\n".join(makers[name](outlet, article) for name in outlet.metadata)


def _canonical(outlet: Outlet, article: Manuscript) -> str:
    amp = f'\n<link rel="amphtml" href="http://{outlet.host}{article.amp_path}">'
    return f'<link rel="canonical" href="{article.url}">' + (amp if article.amp_path else "")


def _opengraph(outlet: Outlet, article: Manuscript) -> str:
    pairs = [
        ("og:type", "article"),
        ("og:site_name", outlet.name),
        ("og:title", article.title),
        ("og:url", article.url),
        ("og:description", article.standfirst or ""),
        ("og:image", f"http://{article.host}/images/{article.slug}.svg"),
        ("article:section", dict(outlet.sections)[article.section]),
        ("article:published_time", article.published.isoformat() if article.published else ""),
        ("article:modified_time", article.updated.isoformat() if article.updated else ""),
        *(("article:tag", tag) for tag in article.tags),
    ]
    return "\n".join(f'<meta property="{k}" content="{escape(v)}">' for k, v in pairs if v)


def _meta(_outlet: Outlet, article: Manuscript) -> str:
    pairs = [
        ("description", article.standfirst or ""),
        ("author", ", ".join(article.authors)),
        ("keywords", ", ".join(article.tags)),
        ("date", article.published.isoformat() if article.published else ""),
    ]
    return "\n".join(f'<meta name="{k}" content="{escape(v)}">' for k, v in pairs if v)


def _json_ld(outlet: Outlet, article: Manuscript) -> str:
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "mainEntityOfPage": article.url,
        "inLanguage": article.language,
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
        "articleSection": dict(outlet.sections)[article.section],
        "keywords": list(article.tags),
        "isAccessibleForFree": True,
    }
    if article.published:
        data["datePublished"] = article.published.isoformat()
    if article.updated:
        data["dateModified"] = article.updated.isoformat()
    if article.standfirst:
        data["description"] = article.standfirst
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'
