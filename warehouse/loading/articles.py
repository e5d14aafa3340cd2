"""Merging the articles of a batch (see articles.sql for the rules)."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.copies.fingerprints import MIN_BRIEF_SHINGLES, MIN_EXACT_SHINGLES
from warehouse.database.sites import stage_sites
from warehouse.database.warehouse import Warehouse
from warehouse.loading.stories import fold_copies
from warehouse.queries import queries

ONE_BY_ONE = 32
"""Stored rows of so many batches are read batch after batch. To read those of more at once takes
less time, though whatever was stored between the first and the last of them is read too."""


@dataclass(frozen=True, slots=True)
class MergedArticles:
    """What the articles of a batch brought."""

    articles: int
    """That are new."""
    revisions: int
    """Of articles known before."""
    stories: tuple[int, ...]
    """Ids of those that began."""


NO_ARTICLES = MergedArticles(0, 0, ())


def merge_articles(wh: Warehouse, *, several: bool) -> MergedArticles:
    """Merge the articles of the batch in hand; `several` where it has more than one reading of any.

    Part of the transaction that loads the batch.
    """
    sql = queries("loading/articles")
    stage_articles(wh)
    known = wh.count(sql["known_articles"]) > 0
    settle_known(wh, known=known, several=several)
    stories = fold_copies(wh, known=known)
    new = put_settled(wh, known=known, several=several)
    revisions = wh.count(sql["new_revisions"])
    return MergedArticles(new, revisions, stories)


def stage_articles(wh: Warehouse) -> None:
    """Take the articles of the batch in hand, if there are any: `incoming`."""
    least = {"min_exact_shingles": MIN_EXACT_SHINGLES, "min_brief_shingles": MIN_BRIEF_SHINGLES}
    wh.execute(queries("loading/articles")["stage_articles"], least)


def settle_known(wh: Warehouse, *, known: bool, several: bool) -> None:
    """Decide what is to be stored of `incoming`, which may have several readings of an article, and
    of the articles in `known`, if there are any: `settled`."""
    sql = queries("loading/articles")
    if known:
        wh.execute(sql["known_superseded"])
    for table in ("articles", "superseded"):
        _read_stored(wh, table, known=known)
    stage_sites(wh, (host for (host,) in wh.execute(sql["hosts"])))
    texts = ("stage_texts", "stage_history")
    if not known and not several:
        texts = ("first_texts", "first_history")
    for step in (*texts, "stage_dates", "settle_articles"):
        wh.execute(sql[step])


def _read_stored(wh: Warehouse, table: str, *, known: bool) -> None:
    """Take the known rows of a table with all their columns."""
    sql = queries("loading/articles")
    found = wh.records(sql[f"places_of_{table}"], {"most": ONE_BY_ONE + 1}) if known else []
    if len(found) > ONE_BY_ONE:
        wh.execute(sql[f"stored_{table}"])
        return
    wh.execute(sql[f"no_{table}"])
    for place in found:
        wh.execute(sql[f"{table}_of_batch"], place)


def put_settled(wh: Warehouse, *, known: bool, several: bool) -> int:
    """Put `settled` in the place of what is known, if anything is, in the stories that `members`
    names; returns by how many articles there are more."""
    sql = queries("loading/articles")
    replaced = 0
    if known:
        replaced = wh.count(sql["drop_known_articles"])
        for step in ("drop_known_superseded", "stored_mentions", "drop_mentions", "kept_mentions"):
            wh.execute(sql[step])
    put = wh.count(sql["articles"], {"signs": _search_signs(wh)})
    if known:
        put += wh.count(sql["kept_articles"])
    if known or several:
        wh.execute(sql["superseded"])
    wh.execute(sql["mentions"])
    return put - replaced


_signs: list[object] = []
"""Those of this version's definitions, once a process has asked for them."""


def _search_signs(wh: Warehouse) -> object:
    """The `search_signs()` of all warehouses, asked for once."""
    if not _signs:
        ((signs,),) = wh.execute(queries("loading/articles")["search_signs"])
        _signs.append(signs)
    return _signs[0]
