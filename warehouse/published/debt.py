"""How often to publish, so that it costs no more than a share of the time.

Publishing copies the whole file, which takes longer the bigger it is. What it costs is a debt
that is paid off as time goes by; while much is owed, publishing waits.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from warehouse.desk import Desk
from warehouse.files import put

PATIENCE = 30.0
"""Seconds that may be owed before publishing waits: small files are published whenever they
change, big ones a few times in a row and then at their share."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What publishing owes."""

    seconds: float
    """Owed at the moment `at`."""
    at: datetime

    def owed(self, now: datetime, share: float) -> float:
        """Seconds still owed `now`, where a `share` of the time pays them off."""
        return max(0.0, self.seconds - share * (now - self.at).total_seconds())

    def after(self, now: datetime, cost: float, share: float) -> Debt:
        """The debt after publishing for `cost` seconds."""
        return Debt(self.owed(now, share) + cost, now)


def _file(desk: Desk) -> Path:
    return desk.folder / "publish.json"


def read_debt(desk: Desk, now: datetime) -> Debt:
    """What is remembered beside the warehouse; nothing owed where there is nothing readable."""
    try:
        known = json.loads(_file(desk).read_text("utf-8"))
        return Debt(float(known["seconds"]), datetime.fromisoformat(known["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Debt(0.0, now)


def write_debt(desk: Desk, debt: Debt) -> None:
    """Remember it."""
    text = json.dumps(asdict(debt), default=datetime.isoformat)
    put(_file(desk), lambda path: _write(path, text))


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
