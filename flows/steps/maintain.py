"""Maintenance: what a desk needs done now and then, while loads and readers go on.

    check ──▶ retention ──▶ sweep ──▶ compaction, where it pays
    invariants   old rows     half-made files, old raw pages

Meant for once a day; safe to stop at any moment and to run again. A warehouse that is not whole
is only checked: what could tell how it came to that is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from flows import clock
from flows.archive.retention import believable, prune
from flows.run.context import Run
from flows.settings import Settings
from parsers.errors import Retry
from warehouse.database.open import open_warehouse, take_all_threads
from warehouse.upkeep.backup import prune_backups
from warehouse.upkeep.checks import Violation, check
from warehouse.upkeep.compact import Compaction, compact, pays, tidy
from warehouse.upkeep.retention import NOTHING_REMOVED, Removed, Retention, apply_retention
from warehouse.upkeep.sweep import sweep


@dataclass(frozen=True, slots=True)
class MaintenanceReport:
    """What maintenance found and did."""

    checked: int
    """Rules checked."""
    broken: tuple[Violation, ...]
    """Those that do not hold; if there are any, nothing was removed."""
    removed: Removed | None = None
    """Rows that were older than the settings keep them."""
    files_removed: int = 0
    """Half-made files, raw pages, quarantined batches and backups that went."""
    compaction: Compaction | None = None
    """What compaction gave back; None where it would not have paid."""
    doubt: str | None = None
    """Why less was removed than the clock says is old."""


def maintain(
    settings: Settings,
    *,
    on_wait: Callable[[str], None] | None = None,
    now: Callable[[], datetime] = clock.now,
) -> MaintenanceReport:
    """Checks the warehouse, removes what is old, and compacts the file where that pays.

    Loads wait for each step, not for all of it. Raises Retry("warehouse_locked") where another
    process holds the warehouse for longer than the settings allow, Retry("disk_full") where there
    is no room for a compaction.
    """
    desk, began = settings.desk(), now()
    with open_warehouse(desk, wait=settings.lock_wait, on_wait=on_wait) as wh:
        take_all_threads(wh)
        with wh.one_state():
            checked, broken = check(wh)
        if broken:
            return MaintenanceReport(checked, broken)
        moment, doubt = believable(wh, desk, began, began)
        if moment is None:
            return MaintenanceReport(checked, broken, NOTHING_REMOVED, doubt=doubt)
        removed = apply_retention(wh, retention(settings), moment)
    files_removed = len(sweep(desk, moment, settings.keep_quarantined))
    files_removed += prune(desk, now=moment, days=settings.raw_days, most=settings.raw_bytes)
    if desk.lake:
        # A lake has no file of ours to compact, and keeps its earlier states itself.
        with open_warehouse(desk, wait=settings.lock_wait, on_wait=on_wait) as wh:
            files_removed += tidy(wh, moment)
        return MaintenanceReport(checked, broken, removed, files_removed, doubt=doubt)
    files_removed += prune_backups(desk, settings.keep_backups)
    with open_warehouse(desk, wait=settings.lock_wait, on_wait=on_wait) as wh:
        worth_it = pays(wh)
    done = compact(desk, wait=settings.lock_wait, on_wait=on_wait) if worth_it else None
    return MaintenanceReport(checked, broken, removed, files_removed, done, doubt)


def retention(settings: Settings) -> Retention:
    """How long the settings keep what may go. Off-topic entries keep their content for as long as
    they may be judged again."""
    return Retention(
        feed_states=settings.keep_feed_states,
        failures=settings.keep_failures,
        off_topic=max(settings.keep_off_topic, settings.rejudge_days),
    )


async def prune_archive(run: Run) -> None:
    """Deletes raw pages that are older, or take more room, than the settings allow; none where
    someone else holds the warehouse, since only that knows whether the clock can be right. Where it
    may be wrong, only room counts: that has nothing to do with the clock."""
    settings = run.settings
    with suppress(Retry):
        now, doubt = await run.in_warehouse(
            lambda wh: believable(wh, run.desk, run.now(), run.began)
        )
        if doubt:
            run.listener.held_up(doubt)
        await asyncio.to_thread(
            prune, run.desk, now=now, days=settings.raw_days, most=settings.raw_bytes
        )
