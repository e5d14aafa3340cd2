"""Merging the entries and outcomes of a batch (see load.sql for the rules).

Most of what a small statement costs is its planning. So what can find nothing is left out: where
nothing was ever decided about the entries at hand there are no verdicts, where no other entry led
to their articles there are no others to look at, where none of them was stored nothing stored can
change.
"""

from __future__ import annotations

from warehouse.database.warehouse import Warehouse
from warehouse.loading.landing import LandedBatch
from warehouse.queries import queries


def merge_entries(wh: Warehouse, batch: LandedBatch) -> int:
    """Merge the entries and outcomes of the batch in hand; returns how many entries are new.

    Part of the transaction that loads the batch.
    """
    run = _Steps(wh)
    run("stage_entries")
    ids = batch.tables["entry"]["entry_id"]
    if len(ids.unique()) < len(ids):
        run("one_of_each_entry")
    run("known_entries")
    stored = run("stored_entries")
    if wh.execute(queries("loading/load")["any_dead"]) == [(True,)]:
        run("dead_on_arrival")
    run("settle_entries", "seen_earlier", "own_entries")
    decided = run("own_history")
    if batch.tables["outcome"].num_rows:
        run("outcomes")
    if decided:
        stored += _judge(run)
    else:
        run("touched_entries", "no_verdicts")
    run("undecided_entries")
    if not stored:
        return run("entries")
    if run("changed_entries"):
        run("entry_states")
    replaced = run("drop_replaced_entries")
    return run("entries") - replaced


class _Steps:
    """Runs named statements and says how many rows the last one made or changed."""

    def __init__(self, wh: Warehouse) -> None:
        self._wh = wh

    def __call__(self, *steps: str) -> int:
        return [self._wh.count(queries("loading/load")[step]) for step in steps][-1]


def _judge(run: _Steps) -> int:
    """Decide what the decisions come to; returns how many more stored entries that concerns."""
    others = 0
    if run("claimed_articles") and run("other_entries"):
        run("others_history")
        others = run("other_stored_entries")
    else:
        run("no_others_history")
    run("touched_entries", "verdicts")
    return others
