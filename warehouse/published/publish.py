"""The read copy: what people open, swapped in whole, and no oftener than it may cost.

Publishing copies the whole file, which takes longer the bigger it is. What it cost is outstanding
until enough time has gone by; while much is outstanding, publishing waits.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from parsers.errors import Quarantine
from warehouse.database.locks import OnWait
from warehouse.database.migrate import applied
from warehouse.database.open import at_rest
from warehouse.database.published_state import State, published_state
from warehouse.database.warehouse import Warehouse
from warehouse.desk import Desk
from warehouse.files import copy_at_rest, put, sync

PATIENCE = 30.0
"""Seconds that may be outstanding before publishing waits: small files are published whenever they
change, big ones a few times in a row and then at their share."""

REMEMBERED = timedelta(days=30)
"""How long it is remembered when copies were made."""


@dataclass(frozen=True, slots=True)
class Published:
    """A fresh read copy."""

    path: Path
    published_at: datetime
    changes: int
    """Changes of the warehouse that it holds, counted from its beginning."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much publishing may cost."""

    min_interval: float = 0.0
    """Seconds between two copies."""
    share: float = 0.05
    """Of the time that may go into it, in the long run."""
    patience: float = PATIENCE
    """Seconds that may be outstanding."""


UNLIMITED = Budget(patience=math.inf)
"""Whatever it costs."""


def publish(
    desk: Desk,
    *,
    now: datetime,
    budget: Budget = UNLIMITED,
    wait: float = 60.0,
    on_wait: OnWait | None = None,
) -> Published | None:
    """Refresh what readers see; None when nothing changed, where it would cost more than
    `budget` allows, and for a lake, which readers open itself.

    Readers who have the old copy open keep it, undisturbed; who opens the path next gets the
    new one. Raises Retry when someone holds the private file for longer than `wait` seconds or
    the disk is full, Quarantine when something else stands at the published path.
    """
    last = _last(desk)
    if desk.lake or not desk.private.exists() or (last and _too_soon(desk, last, budget, now)):
        return None
    began = 0.0

    def mark(wh: Warehouse) -> int | None:
        nonlocal began
        began = time.monotonic()
        return _mark(wh, last, now)

    with at_rest(desk, mark, wait=wait, on_wait=on_wait) as changes:
        if changes is None:
            return None
        put(desk.published, lambda path: copy_at_rest(desk.private, path), mode=0o444)
        # Left by someone who opened the old copy for writing; the new one must not replay it.
        desk.published.with_name(desk.published.name + ".wal").unlink(missing_ok=True)
        sync(desk.published.parent)
        cost = time.monotonic() - began
        write_cost(desk, read_cost(desk, now).after(now, cost, budget.share))
    return Published(desk.published, now, changes, desk.published.stat().st_size)


def _last(desk: Desk, *, anew: bool = False) -> State | None:
    """What readers see now; None where there is nothing, or a damaged copy: a whole one takes its
    place, if the warehouse itself is there."""
    try:
        return published_state(desk, anew=anew)
    except Quarantine as error:
        if error.name != "damaged" or not desk.private.exists():
            raise
        return None


def _mark(wh: Warehouse, last: State | None, now: datetime) -> int | None:
    """Mark the warehouse as published `now`; its changes, where there are any since the `last`."""
    changes = int(str(wh.execute("SELECT changes FROM writer_lock")[0][0]))
    if last is not None and (last.changes, last.version) == (changes, applied(wh).version):
        return None
    # Whoever has the copy open for writing would lose what they wrote.
    _last(wh.desk, anew=True)
    wh.execute("UPDATE writer_lock SET published_at = $now", {"now": now})
    wh.execute("DELETE FROM publications WHERE published_at < $since", {"since": now - REMEMBERED})
    wh.execute("INSERT INTO publications VALUES ($n, $now)", {"n": changes, "now": now})
    return changes


def _too_soon(desk: Desk, last: State, budget: Budget, now: datetime) -> bool:
    age = (now - last.published_at).total_seconds() if last.published_at else budget.min_interval
    if age < 0:
        return False  # the clock was ahead: nobody knows how old the copy is
    outstanding = read_cost(desk, now).outstanding(now, budget.share)
    return age < budget.min_interval or outstanding > budget.patience


@dataclass(frozen=True, slots=True)
class PublishCost:
    """What publishing has cost, and no time has made up for yet."""

    seconds: float
    """Outstanding at the moment `at`."""
    at: datetime

    def outstanding(self, now: datetime, share: float) -> float:
        """Seconds outstanding `now`, where a `share` of the time makes up for them."""
        # A clock that was ahead makes nothing outstanding.
        passed = max(0.0, (now - self.at).total_seconds())
        return max(0.0, self.seconds - share * passed)

    def after(self, now: datetime, cost: float, share: float) -> PublishCost:
        """The cost after publishing for `cost` seconds."""
        return PublishCost(self.outstanding(now, share) + cost, now)


def _file(desk: Desk) -> Path:
    return desk.folder / "publish.json"


def read_cost(desk: Desk, now: datetime) -> PublishCost:
    """What is remembered beside the warehouse; nothing where there is nothing readable."""
    try:
        known = json.loads(_file(desk).read_text("utf-8"))
        return PublishCost(float(known["seconds"]), datetime.fromisoformat(known["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return PublishCost(0.0, now)


def write_cost(desk: Desk, cost: PublishCost) -> None:
    """Remember it."""
    text = json.dumps(asdict(cost), default=datetime.isoformat)
    put(_file(desk), lambda path: _write(path, text))


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
