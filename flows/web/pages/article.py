"""One article: its text, where each field came from, what was cut, and what it said before."""

from __future__ import annotations

from itertools import pairwise

from starlette.requests import Request

from flows.archive.writing import SUFFIX
from flows.web.answers import Shown, not_found
from flows.web.comparing import side_by_side, words_apart
from flows.web.links import number_in
from flows.web.pages.desk import Readers, id_in
from flows.web.typeset import mentions_in, set_line, set_text
from flows.web.words import NO_TITLE
from warehouse.published.pages.article import ArticleFacts, ReadArticle, read_article

_KEEPERS = ("harvest", "add")
"""Batches beside which raw pages are kept."""


async def article_page(readers: Readers, request: Request) -> Shown:
    """The article of the id in the link."""
    asked = id_in(request, "article_id")
    until = number_in(request.query_params, "until")
    found = await readers.copies.rows(lambda connection: read_article(connection, asked, until))
    if found is None:
        raise not_found("The desk has no article of this id.")
    article = found.article
    title = article.title or NO_TITLE
    return Shown(
        template="article.html",
        title=title,
        data=found,
        section="stories",
        more={
            "headline": set_line(title, mentions_in(title, found.mentions, ["title"])),
            "blocks": set_text(
                article.text, mentions_in(article.text, found.mentions, ["lead", "body"])
            ),
            "standfirst": _standfirst(article),
            "comparisons": _comparisons(found),
            "raw_page": raw_page_of(article),
            "rereads": readers.cuts is not None,
        },
    )


def _standfirst(article: ArticleFacts) -> str | None:
    """What stands above the text, unless the text begins with it."""
    said = article.standfirst
    return None if said is None or article.text.startswith(said[:200]) else said


def _comparisons(found: ReadArticle) -> list[dict[str, object]]:
    return [
        {
            "new": new,
            "old": old,
            "title": words_apart(old.title or "", new.title or "")
            if old.title != new.title
            else None,
            "rows": side_by_side(old.text, new.text),
        }
        for new, old in pairwise(found.revisions)
    ]


def raw_page_of(article: ArticleFacts) -> str | None:
    """The file of the archive in which the page is, if its like is kept there."""
    read = article.text_kind in ("page", "part")
    if not read or article.batch_kind not in _KEEPERS or article.batch_created_at is None:
        return None
    return f"{article.batch_created_at:%Y-%m-%d}/{article.batch_id}{SUFFIX}"
