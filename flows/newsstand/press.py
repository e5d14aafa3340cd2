"""The press as a whole: what each of its URLs answers, and what should come out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from flows.newsstand.articles import (
    ExpectedArticle,
    ExpectedEntry,
    ExpectedFeed,
    FixedAnswer,
    Manuscript,
    Outlet,
    Reply,
)
from flows.newsstand.feeds import content_type, feed_items, write_feed
from flows.newsstand.pages import article_page, list_page, slugify
from flows.newsstand.sitemaps import write_sitemap
from flows.newsstand.sources import newsstand_folder, read_outlets
from flows.newsstand.truth import expected_articles, expected_entries, expected_feeds

_EDITION_DATES = {
    1: datetime(2026, 11, 2, 6, 0, tzinfo=UTC),
    2: datetime(2026, 11, 3, 6, 0, tzinfo=UTC),
}
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">'
    '<rect width="640" height="360" fill="#9ab"/></svg>'
)


def load_press(edition: int = 1) -> Press:
    """The press as of `edition` (1, or 2 with its new and changed articles).

    Raises ValueError for an edition there is not, and `flows.newsstand.sources.SourceError` for a
    source file that can't be read.
    """
    if edition not in _EDITION_DATES:
        raise ValueError(f"There is no edition {edition}; choose 1 or 2.")
    folder = newsstand_folder()
    outlets = read_outlets(folder, edition)
    listing = folder.joinpath("listing.html").read_text("utf-8")
    return Press(edition, outlets, folder.joinpath("feeds.opml").read_bytes(), listing)


class Press:
    """Every page and feed of the made-up press in one edition, with the truth about each."""

    def __init__(
        self, edition: int, outlets: tuple[Outlet, ...], opml: bytes, listing: str
    ) -> None:
        self.edition = edition
        self.outlets = outlets
        self.opml = opml
        """The list of feeds, as `seeds/newsstand/feeds.opml` has it."""
        self._listing = listing
        self._articles = {f"{a.host}/{a.slug}": a for o in outlets for a in o.manuscripts}
        self._replies: dict[str, Reply] = {}
        for outlet in outlets:
            for path, reply in self._outlet_replies(outlet):
                self._replies[f"http://{outlet.host}{path}"] = reply

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names of the press, all under `.example`."""
        return tuple(outlet.host for outlet in self.outlets)

    def answer(self, url: str) -> Reply | None:
        """What `url` answers; its query is ignored. None for a host that is not of this press."""
        parts = urlsplit(url)
        if parts.hostname not in self.hosts:
            return None
        reply = self._replies.get(f"http://{parts.hostname}{parts.path or '/'}")
        return reply or Reply(404, "text/html; charset=utf-8", b"<h1>404 Not Found</h1>\n")

    def urls(self) -> tuple[str, ...]:
        """Every URL that has an answer of its own."""
        return tuple(self._replies)

    def truth(self) -> tuple[ExpectedArticle, ...]:
        """Every article of the press, on topic or not, as an extractor should read it."""
        return expected_articles(self.outlets)

    def entries(self) -> tuple[ExpectedEntry, ...]:
        """Every entry that the feeds of `feeds.opml` show, and what should become of it."""
        return expected_entries(self.outlets)

    def feeds(self) -> tuple[ExpectedFeed, ...]:
        """Every feed of `feeds.opml`, and how many entries it shows."""
        return expected_feeds(self.outlets)

    def _find(self, name: str) -> Manuscript:
        return self._articles[name]

    def _outlet_replies(self, outlet: Outlet) -> Iterator[tuple[str, Reply]]:
        """(path, reply) pairs; a later one overrides an earlier one."""
        if outlet.robots is not None:
            yield "/robots.txt", self._reply("text/plain; charset=utf-8", outlet.robots.encode())
        yield from self._lists(outlet)
        for article in outlet.manuscripts:
            yield from self._article_replies(outlet, article)
        for plan in (plan for plan in outlet.feeds if plan.format != "none"):
            body = write_feed(outlet, plan, feed_items(outlet, plan))
            yield plan.path, self._reply(content_type(plan), body)
        yield "/sitemap.xml", self._reply("application/xml", write_sitemap(outlet))
        pages = dict(outlet.pages)
        for answer in outlet.answers:
            yield answer.path, self._fixed(outlet, answer, pages)

    def _lists(self, outlet: Outlet) -> Iterator[tuple[str, Reply]]:
        listed = [article for article in outlet.manuscripts if article.listed]
        tags = {slugify(tag): tag for article in outlet.manuscripts for tag in article.tags}
        lists: list[tuple[str, str, list[Manuscript]]] = [
            ("/", outlet.name, listed),
            *(
                (f"/{slug}/", label, [a for a in listed if a.section == slug])
                for slug, label in outlet.sections
            ),
            *(
                (f"/tag/{slug}/", tag, [a for a in listed if tag in a.tags])
                for slug, tag in tags.items()
            ),
        ]
        for path, label, articles in lists:
            html = list_page(self._listing, outlet, label, articles)
            yield path, self._page(outlet, html)

    def _article_replies(self, outlet: Outlet, article: Manuscript) -> Iterator[tuple[str, Reply]]:
        modified = article.updated or article.published
        yield article.path, self._page(outlet, article_page(outlet, article, self._find), modified)
        if article.amp_path is not None:
            html = article_page(outlet, article, self._find, amp=True)
            yield article.amp_path, self._page(outlet, html, modified)
        if article.photo is not None:
            yield f"/images/{article.slug}.svg", self._reply("image/svg+xml", _SVG.encode())

    def _fixed(self, outlet: Outlet, answer: FixedAnswer, pages: Mapping[str, str]) -> Reply:
        headers = []
        if answer.location:
            headers.append(("Location", urljoin(f"http://{outlet.host}/", answer.location)))
        if answer.retry_after:
            headers.append(("Retry-After", answer.retry_after))
        html = pages[answer.file] if answer.file else f"<h1>{answer.status}</h1>\n"
        body = html.encode(outlet.charset, "xmlcharrefreplace")
        return Reply(answer.status, outlet.content_type, body, tuple(headers))

    def _page(self, outlet: Outlet, html: str, modified: datetime | None = None) -> Reply:
        body = html.encode(outlet.charset, "xmlcharrefreplace")
        return self._reply(outlet.content_type, body, modified)

    def _reply(self, kind: str, body: bytes, modified: datetime | None = None) -> Reply:
        return Reply(200, kind, body, modified=modified or _EDITION_DATES[self.edition])
