"""What should come out of the press: its articles, entries and feeds, known by construction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from flows.newsstand.articles import (
    ExpectedArticle,
    ExpectedEntry,
    ExpectedFeed,
    FeedPlan,
    FixedAnswer,
    Manuscript,
    Outlet,
)
from flows.newsstand.feeds import PressItem, feed_items
from flows.newsstand.pages import unmarked


def expected_articles(outlets: tuple[Outlet, ...]) -> tuple[ExpectedArticle, ...]:
    """Every article, on topic or not, as an extractor should read it."""
    named = {f"{a.host}/{a.slug}": a for o in outlets for a in o.manuscripts}
    return tuple(_article(article, named) for article in named.values())


def _article(article: Manuscript, named: Mapping[str, Manuscript]) -> ExpectedArticle:
    return ExpectedArticle(
        url=article.url,
        canonical_url=article.url,
        outlet=article.host,
        title=article.title,
        paragraphs=tuple(unmarked(block) for block in article.blocks),
        standfirst=article.standfirst,
        authors=article.authors,
        published=article.published,
        language=article.language,
        topics=article.topics,
        section=article.section,
        tags=article.tags,
        copy_of=named[article.copy_of].url if article.copy_of else None,
        copy_kind=article.copy_kind,
    )


def expected_feeds(outlets: tuple[Outlet, ...]) -> tuple[ExpectedFeed, ...]:
    """Every feed of `feeds.opml`, and how many entries can be read from it."""
    return tuple(
        ExpectedFeed(
            url=f"http://{outlet.host}{plan.path}",
            title=plan.title,
            format=plan.format,
            entries=len(_readable(outlet, plan)),
            problem=plan.problem,
        )
        for outlet, plan in _plans(outlets)
    )


def _plans(outlets: tuple[Outlet, ...]) -> Iterator[tuple[Outlet, FeedPlan]]:
    return ((outlet, plan) for outlet in outlets for plan in outlet.feeds)


def _readable(outlet: Outlet, plan: FeedPlan) -> tuple[PressItem, ...]:
    """The items up to the place where a feed breaks off; the torn one still has its link."""
    if plan.format == "none":
        return ()
    items = feed_items(outlet, plan)
    for number, item in enumerate(items, start=1):
        if item.slug == plan.cut_in:
            return items[:number]
    return items


def expected_entries(outlets: tuple[Outlet, ...]) -> tuple[ExpectedEntry, ...]:
    """Every entry that can be read from the feeds, and what should become of it."""
    answers = {f"http://{o.host}{a.path}": a for o in outlets for a in o.answers}
    articles = {a.url: a for o in outlets for a in o.manuscripts}
    stored: set[str] = set()
    return tuple(
        _entry(f"http://{outlet.host}{plan.path}", plan, item, (answers, articles, stored))
        for outlet, plan in _plans(outlets)
        for item in _readable(outlet, plan)
    )


_Known = tuple[Mapping[str, FixedAnswer], Mapping[str, Manuscript], set[str]]
"""Answers by URL, articles by URL, and the URLs of articles that an earlier entry brought."""


def _entry(feed_url: str, plan: FeedPlan, item: PressItem, known: _Known) -> ExpectedEntry:
    answers, articles, stored = known
    article = item.article or articles.get(_target(item.link, answers))
    state, reason = _outcome(item, article, answers)
    if state == "stored" and article is not None:
        state = "duplicate" if article.url in stored else "stored"
        stored.add(article.url)
    return ExpectedEntry(
        feed_url=feed_url,
        # RSS 0.91 knows no guid, and RSS 1.0 names an item by its address.
        guid={"rss091": None, "rdf": item.link}.get(plan.format, item.guid),
        link=item.link,
        title=item.title,
        state=state,
        reason=reason,
        article_url=article.url if article else None,
    )


def _target(link: str, answers: Mapping[str, FixedAnswer]) -> str:
    answer = answers.get(link)
    return urljoin(link, answer.location) if answer and answer.location else link


def _outcome(
    item: PressItem, article: Manuscript | None, answers: Mapping[str, FixedAnswer]
) -> tuple[str, str | None]:
    answer = answers.get(article.url) if article else None
    if answer is not None and answer.status == 503:
        return "waiting", "http_503"
    if item.extra is not None:
        return item.extra.state, item.extra.reason
    return ("stored", None) if article and article.topics else ("off_topic", None)
