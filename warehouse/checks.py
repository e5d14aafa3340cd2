"""Checking that a warehouse is whole (see checks.sql for what must hold)."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.handle import Warehouse
from warehouse.queries import queries


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that does not hold."""

    name: str
    rule: str
    """What should hold, for people."""
    count: int
    """How many ids break it."""
    examples: tuple[object, ...]
    """Some of them."""


def check(wh: Warehouse) -> tuple[Broken, ...]:
    """The rules that do not hold; empty for a warehouse that is whole."""
    broken = []
    for name, sql in queries("checks").items():
        ids = [row[0] for row in wh.execute(sql)]
        if ids:
            broken.append(Broken(name, rule_of(sql), len(ids), tuple(ids[:5])))
    return tuple(broken)


def rule_of(sql: str) -> str:
    """The rule that a query of checks.sql checks: its first comment."""
    return sql.splitlines()[0].removeprefix("-- ")
