"""Which new page is an article that is known, under an edited address. Pure.

A publisher who edits a headline often edits the address with it. The page is the same article where
it has the same text on the same site, and something else says so: the guid that its feed gave the
article, the moment of publication, or the title where nobody states a date. A text that its site
publishes again another day is another article.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flows.decisions.outcomes import Harvested
from flows.decisions.speaking import site_of_address
from parsers.records import Article
from warehouse.queue.articles import SameText
from warehouse.records import SAME_TEXT, EntryState


def known_as(article: Article, stored: Iterable[SameText]) -> SameText | None:
    """The article that `article` is, of those `stored` with its text, the one known longest first;
    None where it is none of them."""
    site = site_of_address(article.canonical_url)
    of_site = (one for one in stored if site and site_of_address(one.canonical_url) == site)
    return next((one for one in of_site if _is_told(article, one)), None)


def _is_told(article: Article, known: SameText) -> bool:
    if known.same_guid:
        return True
    if article.published_at or known.published_at:
        return article.published_at == known.published_at
    return article.title is not None and article.title == known.title


def as_known(harvested: Harvested, known: Mapping[int, SameText]) -> Harvested:
    """The outcome of an entry whose article is one of `known` (by the ids that their new addresses
    would give them): a duplicate of that one, and a reading of it."""
    outcome, article = harvested.outcome, harvested.article
    one = known.get(outcome.article_id or 0)
    if one is None or outcome.state not in {EntryState.STORED, EntryState.DUPLICATE}:
        return harvested
    return replace(
        harvested,
        outcome=replace(
            outcome, state=EntryState.DUPLICATE, reason=SAME_TEXT, article_id=one.article_id
        ),
        article=article
        and replace(article, article_id=one.article_id, canonical_url=one.canonical_url),
    )
