"""What the pages read: the newest published copy, or the lake."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from warehouse.database.published_state import published_state
from warehouse.desk import Desk
from warehouse.published.pages.asking import Connection
from warehouse.published.read import reading

T = TypeVar("T")


class Copies:
    """Readers of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def rows(self, ask: Callable[[Connection], T]) -> T:
        """What `ask` finds, in a thread of its own."""
        return await asyncio.to_thread(self._ask, ask)

    def _ask(self, ask: Callable[[Connection], T]) -> T:
        with reading(self._desk, locked=True) as connection:
            return ask(connection)

    @property
    def fresh_at(self) -> datetime | None:
        """When what is shown was published."""
        state = published_state(self._desk)
        return state.published_at if state else None
