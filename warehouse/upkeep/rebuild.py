"""Making a warehouse whole again that a fault of ours damaged.

    texts of articles ─▶ stories ─▶ mentions ─▶ words of entries ─▶ states of entries
    one row each         from the pairs of      whose they are      from all decisions
                         copies on record

Until rows of DuckLakes were found by their keys, a load could take rows of another batch for its
own: it left articles without a story or in two rows, entries with another one's state or words.
What is only ever added tells how they should be: pairs of copies, decisions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from parsers.errors import PressclipError
from parsers.identity import entry_id
from warehouse.database.open import take_whole_machine
from warehouse.database.warehouse import Row, Warehouse
from warehouse.desk import Desk
from warehouse.loading.articles import put_settled, settle_known, stage_articles
from warehouse.loading.landing import landed, quarantined, read_batch
from warehouse.loading.schema import KINDS, batch_schema
from warehouse.loading.stories import decide_all_stories
from warehouse.queries import queries


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was wrong and is not any more, and what could not be known."""

    articles: int
    """Articles that had several rows, or counted their revisions wrong."""
    regrouped: int
    """Articles that were in the wrong story."""
    stories: int
    """Stories that were missing, or told wrong of their articles."""
    mentions: int
    """Rows of mentions that stood twice."""
    words: int
    """Entries that said what another one said, and now what they said themselves."""
    unknown_words: int
    """Those of them of which not even the link is known any more; they say nothing now."""
    states: int
    """Entries whose state, or article, was not what was decided."""
    asked_again: int
    """Entries whose article is not there; they wait to be read again."""


def rebuild(wh: Warehouse, now: datetime) -> Rebuilt:
    """Mend what can be mended, in one transaction; what is whole stays as it is.

    Raises as `Warehouse.change` does.
    """
    take_whole_machine(wh)
    return wh.change(lambda: _rebuild(wh, now))


def _rebuild(wh: Warehouse, now: datetime) -> Rebuilt:
    load = queries("loading/load")
    about = {"batch_id": "", "kind": "rebuild", "created_at": now, "loaded_at": now}
    with ExitStack() as stack:
        for kind in KINDS:
            stack.enter_context(wh.registered(f"landed_{kind}", _empty(kind)))
        wh.execute(load["batch"], about | {"topics_digest": None, "clock_epoch": 0})
        articles, regrouped, stories = _articles(wh)
        mentions = _mentions(wh)
        words, unknown = _words(wh)
        states, lost = _states(wh)
    return Rebuilt(articles, regrouped, stories, mentions, words, unknown, states, lost)


def _empty(kind: str) -> pa.Table:
    """A batch of nothing."""
    return pa.Table.from_struct_array(pa.array([], batch_schema().field(kind).type))


def _articles(wh: Warehouse) -> tuple[int, int, int]:
    """Articles, and the stories that they make: all is decided before anything is put in."""
    sql = queries("upkeep/rebuild")
    stage_articles(wh)
    wh.execute(sql["odd_articles"])
    articles = _count(wh, "count_articles")
    settle_known(wh, known=True, several=False)
    decide_all_stories(wh)
    regrouped = _count(wh, "count_regrouped")
    put_settled(wh, known=True, several=False)
    wh.execute(queries("loading/stories")["regroup"])
    wh.execute(sql["wrong_stories"])
    stories = _count(wh, "count_stories")
    wh.execute(sql["drop_stories"])
    wh.execute(sql["stories"])
    return articles, regrouped, stories


def _mentions(wh: Warehouse) -> int:
    sql = queries("upkeep/rebuild")
    wh.execute(sql["doubled_mentions"])
    return _count(wh, "drop_mentions") - _count(wh, "mentions")


def _words(wh: Warehouse) -> tuple[int, int]:
    """How many entries have their own words back, and how many have none."""
    sql = queries("upkeep/rebuild")
    found = strays(wh.execute(sql["suspects"]))
    if not found:
        return 0, 0
    ids = pa.array(found, pa.uint64())
    with wh.registered("found_strays", pa.table({"entry_id": ids})):
        wh.execute(sql["strays"])
    with wh.registered("found_words", _recovered(wh.desk, ids)):
        wh.execute(sql["recovered"])
    wh.execute(sql["own_words"])
    known, unknown = _count(wh, "count_known"), _count(wh, "count_unknown")
    wh.execute(sql["give_words_back"])
    return known, unknown


def strays(suspects: Iterable[Row]) -> tuple[int, ...]:
    """The entries that say what another one said: of those that say they are the same (rows of
    `suspects`) one has the id that follows from its words, and they have not. Pure."""
    alike: defaultdict[str, list[tuple[int, bool]]] = defaultdict(list)
    for number, feed, guid, link in suspects:
        # An entry whose feed gave its guid to several pages is known by its link.
        names = [str(name) for name in (guid, link) if name is not None]
        own = any(entry_id(int(str(feed)), name) == number for name in names)
        alike[names[0]].append((int(str(number)), own))
    return tuple(
        number
        for entries in alike.values()
        if any(own for _, own in entries)
        for number, own in entries
        if not own
    )


def _recovered(desk: Desk, ids: pa.UInt64Array) -> pa.Table:
    """What the batches that are still there say of entries, the latest of each."""
    tables = [_empty("entry")]
    for stored in (*quarantined(desk), *landed(desk)):
        try:
            entries = read_batch(desk.landing, stored.name).tables["entry"]
        except (PressclipError, FileNotFoundError):
            continue  # what can't be read tells nothing
        tables.append(entries.filter(pc.is_in(entries["entry_id"], value_set=ids)))
    found = pa.concat_tables(tables)
    latest = {number.as_py(): place for place, number in enumerate(found["entry_id"])}
    return found.take(pa.array(latest.values(), pa.int64()))


STATES = (
    ("loading/load", "stage_entries"),
    ("upkeep/rebuild", "every_entry"),
    ("loading/load", "stored_entries"),
    ("loading/load", "settle_entries"),
    ("loading/load", "seen_earlier"),
    ("upkeep/rebuild", "own_entries"),
    ("loading/load", "own_history"),
    ("loading/load", "claimed_articles"),
    ("upkeep/rebuild", "other_entries"),
    ("loading/load", "others_history"),
    ("loading/load", "touched_entries"),
    ("loading/load", "verdicts"),
    ("loading/load", "undecided_entries"),
    ("upkeep/rebuild", "lost"),
    ("upkeep/rebuild", "ask_again"),
    ("upkeep/rebuild", "drop_verdicts_of_lost"),
    ("upkeep/rebuild", "verdicts_of_lost"),
    ("loading/load", "changed_entries"),
    ("loading/load", "entry_states"),
)
"""What a load does about its entries, for all of them at once."""


def _states(wh: Warehouse) -> tuple[int, int]:
    """How many entries have the state that was decided again, and how many are asked for again."""
    for subject, step in STATES:
        wh.execute(queries(subject)[step])
    return _count(wh, "count_states"), _count(wh, "count_lost")


def _count(wh: Warehouse, query: str) -> int:
    ((count,),) = wh.execute(queries("upkeep/rebuild")[query])
    return int(str(count))
