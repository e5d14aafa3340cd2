"""Checking that a warehouse is whole (see checks.sql for what must hold)."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.database.warehouse import Warehouse
from warehouse.queries import queries

MEND = (
    "No load should ever do this. `pressclip warehouse rebuild` makes stories and states anew from "
    "what was loaded; where the rule is still broken after it, go back to a backup from before "
    "(`pressclip warehouse restore`). Report it."
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold."""

    name: str
    rule: str
    """What should hold, for people."""
    advice: str
    """What to do."""
    count: int
    """How many ids break it."""
    examples: tuple[object, ...]
    """Some of them."""


def check(wh: Warehouse) -> tuple[int, tuple[Violation, ...]]:
    """How many rules were checked, and those that do not hold: none in a whole warehouse."""
    broken = []
    rules = queries("upkeep/checks")
    for name, sql in rules.items():
        ids = [row[0] for row in wh.execute(sql)]
        if ids:
            examples = tuple(ids[:5])
            broken.append(Violation(name, rule_of(sql), advice_of(sql), len(ids), examples))
    return len(rules), tuple(broken)


def rule_of(sql: str) -> str:
    """The rule that a query of checks.sql checks: its first comment."""
    return sql.splitlines()[0].removeprefix("-- ")


def advice_of(sql: str) -> str:
    """What to do where it is broken: the comment that begins with "To mend:", if it has one."""
    for line in sql.splitlines():
        if line.startswith("-- To mend: "):
            return line.removeprefix("-- To mend: ")
    return MEND
