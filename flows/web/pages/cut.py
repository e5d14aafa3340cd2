"""What was cut of an article: the lines by class, of its raw page as it is read today."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from flows.web.answers import Shown, not_found
from flows.web.cuts import CutLine
from flows.web.guard import reader_of
from flows.web.pages.article import raw_page_of
from flows.web.pages.desk import Readers, id_in
from flows.web.words import NO_TITLE
from parsers.errors import Drop
from warehouse.published.pages.article import read_article


@dataclass(frozen=True, slots=True)
class CutLines:
    """What the page shows."""

    article_id: str
    title: str | None
    language: str | None
    raw_page: str
    lines: tuple[CutLine, ...]


async def cut_page(readers: Readers, request: Request) -> Shown:
    """The lines that are cut of the article of the id in the link."""
    asked = id_in(request, "article_id")
    found = await readers.copies.rows(lambda connection: read_article(connection, asked))
    article = found.article if found else None
    place = raw_page_of(article) if article else None
    if article is None or place is None or readers.cuts is None:
        raise not_found("The desk has no raw page of an article of this id.")
    try:
        lines = await readers.cuts.of(place, article.url, reader_of(request))
    except Drop as error:
        raise not_found(error.message) from error
    return Shown(
        template="cut.html",
        title=f"Cut of {article.title or NO_TITLE}",
        data=CutLines(article.article_id, article.title, article.language, place, lines),
        section="stories",
    )
