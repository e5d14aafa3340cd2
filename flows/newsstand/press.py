"""The press as a whole: what each of its URLs answers, and what should come out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from flows.newsstand.feeds import PressEntry, readable_entries, write_feed
from flows.newsstand.outlets import FeedPlan, FixedAnswer, Manuscript, Outlet, SearchPlan
from flows.newsstand.rendering import render, slug_of
from flows.newsstand.searches import found_items, write_search
from flows.newsstand.sitemaps import write_sitemap
from flows.newsstand.sources import newsstand_folder, read_outlets, read_searches

_EDITION_DATES = {
    1: datetime(2026, 11, 2, 6, 0, tzinfo=UTC),
    2: datetime(2026, 11, 3, 6, 0, tzinfo=UTC),
}
_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">'
    b'<rect width="640" height="360" fill="#9ab"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a URL of the press answers, before anything that depends on the request."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    modified: datetime | None = None
    """For Last-Modified; None: the reply carries no validators."""


Answer = Reply | Callable[[], Reply]
"""What a URL answers, or what makes it when it is asked."""


def load_press(edition: int = 1, first_day: date | None = None) -> Press:
    """The press as of `edition` (1, or 2 with its new and changed articles). Outlets that are
    always current have the first edition on `first_day`, which is today unless it is given.

    Raises ValueError for an edition there is not, and `flows.newsstand.sources.SourceError` for a
    source file that can't be read.
    """
    if edition not in _EDITION_DATES:
        raise ValueError(f"There is no edition {edition}; choose 1 or 2.")
    moved = (first_day or datetime.now(UTC).date()) - _EDITION_DATES[1].date()
    outlets = read_outlets(newsstand_folder(), edition, moved)
    return Press(edition, outlets, read_searches(newsstand_folder()), moved)


class Press:
    """Every page and feed of the made-up press in one edition, with the truth about each."""

    def __init__(
        self,
        edition: int,
        outlets: tuple[Outlet, ...],
        searches: tuple[SearchPlan, ...],
        moved: timedelta,
    ) -> None:
        self.edition = edition
        self.outlets = outlets
        self._moved = moved
        self._articles = {f"{a.host}/{a.slug}": a for o in outlets for a in o.manuscripts}
        by_host = {outlet.host: outlet for outlet in outlets}
        self.searches = {plan: found_items(plan, self._articles, by_host) for plan in searches}
        """What each news search shows."""
        self._replies: dict[str, Answer] = {
            outlet.home + path: reply
            for outlet in outlets
            for path, reply in self._outlet_replies(outlet)
        }
        for plan, items in self.searches.items():
            address = plan.url.partition("?")[0]
            self._replies[address] = self._reply("application/xml", write_search(plan, items))

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names of the press, all under `.example`."""
        named = (*(outlet.host for outlet in self.outlets), *(plan.host for plan in self.searches))
        return tuple(dict.fromkeys(named))

    def answer(self, url: str) -> Reply | None:
        """What `url` answers; its query is ignored. None for a host that is not of this press."""
        parts = urlsplit(url)
        if parts.hostname not in self.hosts:
            return None
        reply = self._replies.get(f"http://{parts.hostname}{parts.path or '/'}")
        if callable(reply):
            return reply()
        return reply or Reply(404, "text/html; charset=utf-8", b"<h1>404 Not Found</h1>\n")

    def urls(self) -> tuple[str, ...]:
        """Every URL that has an answer of its own."""
        return tuple(self._replies)

    def truth(self) -> tuple[Manuscript, ...]:
        """Every article of the press, on topic or not, as an extractor should read it."""
        return tuple(self._articles.values())

    def feeds(self) -> dict[str, FeedPlan]:
        """Every feed of `feeds.opml`, by its URL."""
        return {
            outlet.home + plan.path: plan
            for outlet in self.outlets
            for plan in outlet.feeds
            if plan.watched
        }

    def entries(self) -> tuple[PressEntry, ...]:
        """Every entry that the feeds of `feeds.opml` show, and what should become of it."""
        found = [
            entry
            for outlet in self.outlets
            for plan in outlet.feeds
            if plan.watched
            for entry in readable_entries(outlet, plan)
        ]
        stored = [entry for entry in found if entry.state == "stored"]
        first = {entry.article_url: entry for entry in reversed(stored)}
        return tuple(
            replace(entry, state="duplicate")
            if entry.state == "stored" and entry is not first[entry.article_url]
            else entry
            for entry in found
        )

    def _outlet_replies(self, outlet: Outlet) -> Iterator[tuple[str, Answer]]:
        """(path, reply) pairs; a later one overrides an earlier one."""
        if outlet.robots is not None:
            yield "/robots.txt", self._reply("text/plain; charset=utf-8", outlet.robots.encode())
        yield from self._lists(outlet)
        for article in outlet.manuscripts:
            yield from self._article_replies(outlet, article)
        for plan in outlet.feeds:
            if plan.type:
                body = write_feed(outlet, plan)
                yield plan.path, self._reply(plan.content_type or plan.type, body)
        if outlet.sitemap != "none":
            yield "/sitemap.xml", lambda: self._sitemap(outlet)
        for answer in outlet.answers:
            yield answer.path, _fixed(outlet, answer)

    def _sitemap(self, outlet: Outlet) -> Reply:
        """Made when it is asked for, since some are large."""
        edition = _EDITION_DATES[self.edition] + self._moved
        return self._reply("application/xml", write_sitemap(outlet, edition))

    def _lists(self, outlet: Outlet) -> Iterator[tuple[str, Reply]]:
        """Pages that only list articles: the front page, sections, tags."""

        def listing(label: str, articles: Sequence[Manuscript]) -> Reply:
            return self._page(outlet, "listing.html", label=label, articles=articles)

        listed = [article for article in outlet.manuscripts if article.listed]
        yield "/", listing(outlet.name, listed)
        for slug, label in outlet.sections.items():
            yield f"/{slug}/", listing(label, [a for a in listed if a.section == slug])
        for tag in {slug_of(tag): tag for a in outlet.manuscripts for tag in a.tags}.values():
            yield f"/tag/{slug_of(tag)}/", listing(tag, [a for a in listed if tag in a.tags])

    def _article_replies(self, outlet: Outlet, article: Manuscript) -> Iterator[tuple[str, Reply]]:
        named = [name if "/" in name else f"{outlet.host}/{name}" for name in outlet.related]
        others = [self._articles[name] for name in named]
        related = [other for other in others if other.url != article.url]
        theme = outlet.theme or f"{outlet.folder}/theme.html"
        amp = f"{outlet.folder}/amp.html"
        for path, template in ((article.path, theme), (article.amp_path, amp)):
            if path:
                page = self._page(outlet, template, article=article, related=related)
                yield path, replace(page, modified=article.changed or page.modified)
        if article.photo is not None:
            yield f"/images/{article.slug}.svg", self._reply("image/svg+xml", _SVG)

    def _page(self, outlet: Outlet, template: str, **values: object) -> Reply:
        html = render(template, outlet=outlet, home=outlet.home, **values)
        return self._reply(outlet.content_type, _encoded(outlet, html))

    def _reply(self, content_type: str, body: bytes) -> Reply:
        return Reply(200, content_type, body, modified=_EDITION_DATES[self.edition])


def _fixed(outlet: Outlet, answer: FixedAnswer) -> Reply:
    headers = []
    if answer.location:
        headers.append(("Location", urljoin(outlet.home, answer.location)))
    if answer.retry_after:
        headers.append(("Retry-After", answer.retry_after))
    html = f"<h1>{answer.status}</h1>\n"
    if answer.file:
        html = render(f"{outlet.folder}/pages/{answer.file}")
    return Reply(answer.status, outlet.content_type, _encoded(outlet, html), tuple(headers))


def _encoded(outlet: Outlet, html: str) -> bytes:
    return html.encode(outlet.charset, "xmlcharrefreplace")
