"""The further pages of an article on several.

    first page ─ parse ─ which is next? ─ ask ─ parse ─ which is next? … ─ join ─▶ one article

They are asked for one after the other, on the article's own site, and each only once: a chain that
leads back ends. Where all of it stands on one page, that page is asked for instead.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from flows.fetch.fetched import Fetched
from flows.run.context import Run
from parsers.articles.joined_pages import is_whole
from parsers.articles.paging import MOST_PAGES
from parsers.errors import PressclipError, Retry
from parsers.records import Article
from parsers.urls import same_site

Ask = Callable[[str], Awaitable[Fetched | PressclipError]]


@dataclass(frozen=True, slots=True)
class WholeArticle:
    """An article, and the pages that it was read from beside the one that was asked for first."""

    article: Article
    further: tuple[Fetched, ...] = ()


async def whole_article(run: Run, found: Article, ask: Ask, *, last_try: bool) -> WholeArticle:
    """`found` with all its pages, each of which `ask` fetches; as much of it as there is.

    Raises Retry where a page can't be had now, unless this is the `last_try`: all of it comes in
    one go, or waits.
    """
    parts, further, asked = [found], list[Fetched](), {found.url}
    while len(parts) < MOST_PAGES and (url := _next_page(parts, asked)):
        asked.add(url)
        answer = await ask(url)
        if isinstance(answer, Retry) and not last_try:
            raise answer
        if isinstance(answer, PressclipError) or not same_site(answer.page.final_url, found.url):
            continue
        part = await run.pool.page(answer.page, None, keep_off_topic=True)
        if isinstance(part, Article) and _is_further(part, url, parts):
            parts.append(part)
            further.append(answer)
    if found.paging is None:
        return WholeArticle(found)
    return WholeArticle(await run.pool.joined(parts), tuple(further))


def _next_page(parts: Sequence[Article], asked: set[str]) -> str | None:
    """The next page to ask for; None where there is none, or where the last was all of it."""
    if any(is_whole(part, parts[0]) for part in parts):
        return None
    wanted = (url for url in _addresses(parts) if url not in asked)
    return next((url for url in wanted if same_site(url, parts[0].url)), None)


def _is_further(part: Article, url: str, parts: Sequence[Article]) -> bool:
    """Whether what was found at `url` is another page of the article, or all of it: sites that do
    not know what was asked answer with the first page."""
    if any(part.text == known.text for known in parts):
        return False
    asked_for_all = any(known.paging and known.paging.one_page == url for known in parts)
    return is_whole(part, parts[0]) if asked_for_all else True


def _addresses(parts: Sequence[Article]) -> Iterator[str]:
    """Where the other pages of an article are: its first, all on one, and those that follow."""
    pagings = [part.paging for part in parts if part.paging]
    firsts = [paging.first_page for paging in pagings if paging.number > 1]
    if all(paging.number > 1 for paging in pagings):
        yield from filter(None, firsts)
    yield from filter(None, (paging.one_page for paging in pagings))
    yield from filter(None, (paging.next_page for paging in pagings))
