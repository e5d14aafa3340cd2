"""The feeds of the press: their entries, what should become of these, and the bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from urllib.parse import urljoin

from flows.newsstand.marks import as_html
from flows.newsstand.outlets import ExtraEntry, FeedPlan, Manuscript, Outlet, PressItem
from flows.newsstand.rendering import render, zulu


@dataclass(frozen=True, slots=True)
class PressEntry:
    """An entry of a feed, and what should become of it.

    Entries that lead to one article share `article_url`: one of them ends as `stored`, the others
    as `duplicate`, and which is which depends on who came first.
    """

    feed_url: str
    guid: str | None
    link: str
    item: PressItem
    html: str
    """The whole article where the feed carries it, else empty."""
    state: str
    """`stored`, `off_topic`, `duplicate`, `dead` or `waiting`."""
    reason: str | None
    article_url: str | None
    """Canonical URL of the article it leads to, whatever the topic; None: no article."""


def feed_entries(outlet: Outlet, plan: FeedPlan) -> tuple[PressEntry, ...]:
    """The entries of a feed in its order: articles newest first, then what leads elsewhere."""
    if plan.format == "none":
        return ()
    articles = [
        _of_article(outlet, plan, article)
        for article in outlet.manuscripts
        if article.listed and (not plan.articles or article.slug in plan.articles)
    ]
    return (*articles, *(_of_extra(outlet, plan, extra) for extra in plan.extras))


def readable_entries(outlet: Outlet, plan: FeedPlan) -> tuple[PressEntry, ...]:
    """Those up to the place where a feed breaks off; the torn one still has its link."""
    entries = feed_entries(outlet, plan)
    if plan.cut_in is None:
        return entries
    return entries[: entries.index(_torn(plan, entries)) + 1]


def _of_article(outlet: Outlet, plan: FeedPlan, article: Manuscript) -> PressEntry:
    link = plan.link.format(url=article.url, amp=article.amp_url)
    state, reason = ("stored" if article.topics else "off_topic"), None
    if any(answer.path == article.path and answer.status == 503 for answer in outlet.answers):
        state, reason = "waiting", "http_503"
    return PressEntry(
        feed_url=outlet.home + plan.path,
        guid=_guid(outlet, plan, article.slug, link),
        link=link,
        item=article,
        html="\n".join(map(as_html, article.blocks)) if plan.full else "",
        state=state,
        reason=reason,
        article_url=article.url,
    )


def _of_extra(outlet: Outlet, plan: FeedPlan, extra: ExtraEntry) -> PressEntry:
    link = urljoin(outlet.home, extra.link)
    moved = {answer.path: answer.location for answer in outlet.answers}
    leads_to = moved.get(extra.link) or extra.link
    articles = {article.path: article.url for article in outlet.manuscripts}
    return PressEntry(
        feed_url=outlet.home + plan.path,
        guid=_guid(outlet, plan, extra.link, link),
        link=link,
        item=extra,
        html="",
        state=extra.state,
        reason=extra.reason,
        article_url=articles.get(leads_to),
    )


def _guid(outlet: Outlet, plan: FeedPlan, name: str, link: str) -> str | None:
    """RSS 0.91 knows no guid, and RSS 1.0 names an item by its address."""
    return {"rss091": None, "rdf": link}.get(plan.format, f"tag:{outlet.host},2026:{name}")


def _torn(plan: FeedPlan, entries: tuple[PressEntry, ...]) -> PressEntry:
    return next(
        entry
        for entry in entries
        if isinstance(entry.item, Manuscript) and entry.item.slug == plan.cut_in
    )


def write_feed(outlet: Outlet, plan: FeedPlan) -> bytes:
    """The bytes of the feed, broken off in the middle where the plan says so."""
    entries = feed_entries(outlet, plan)
    if plan.format == "json11":
        return _json_feed(outlet, plan, entries).encode()
    text = render(
        f"feeds/{plan.format}.xml", outlet=outlet, home=outlet.home, feed=plan, entries=entries
    )
    if plan.cut_in is not None:
        told = _torn(plan, entries).item.standfirst
        text = text[: text.index(told) + len(told) // 2]
    return text.encode()


def _json_feed(outlet: Outlet, plan: FeedPlan, entries: tuple[PressEntry, ...]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": plan.title,
        "home_page_url": f"{outlet.home}/",
        "feed_url": outlet.home + plan.path,
        "language": outlet.language,
        "items": [_json_item(outlet, entry) for entry in entries],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(outlet: Outlet, entry: PressEntry) -> dict[str, object]:
    item = entry.item
    fields: dict[str, object] = {
        "id": entry.guid,
        "url": entry.link,
        "title": item.title,
        "language": item.language or outlet.language,
        "summary": item.standfirst,
        "content_html": entry.html or f"<p>{escape(item.standfirst, quote=False)}</p>",
        "authors": [{"name": name} for name in item.authors],
        "tags": list(item.tags),
        "date_published": item.published and zulu(item.published),
        "date_modified": item.updated and zulu(item.updated),
    }
    return {name: value for name, value in fields.items() if value}
