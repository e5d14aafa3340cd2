"""What every page works with."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from starlette.requests import Request

from flows.web.answers import Shown, not_found
from flows.web.charts import Drawing
from flows.web.copies import Copies
from flows.web.cuts import Cuts
from flows.web.questions import Questions
from warehouse.published.newest import Freshness
from warehouse.published.pages.asking import Connection

T = TypeVar("T")
MOST_KNOWN = 64
"""Answers that are kept while the copy is the same."""


@dataclass(frozen=True, slots=True)
class Readers:
    """What every page works with."""

    copies: Copies
    now: Callable[[], datetime]
    index: Path | None = None
    """The search index of the desk."""
    questions: Questions | None = None
    """What answers questions in SQL."""
    cuts: Cuts | None = None
    """What reads raw pages anew."""
    _known: OrderedDict[Hashable, tuple[Freshness, Any]] = field(default_factory=OrderedDict)
    _asking: dict[Hashable, asyncio.Future[Any]] = field(default_factory=dict)

    async def known(self, question: Hashable, ask: Callable[[Connection], T]) -> T:
        """What `ask` answers; asked once of each copy, since the pictures of a page ask what the
        page did, and many readers the same."""
        # What is known already asks nothing, so nothing else would find that a new copy is there.
        kept, now = self._known.get(question), await self.copies.freshness()
        if kept and kept[0] == now:
            self._known.move_to_end(question)
            answer: T = kept[1]
            return answer
        asked = (question, now)
        asking = self._asking.get(asked)
        if asking is None:
            asking = self._asking[asked] = asyncio.ensure_future(self._ask(question, ask))
            asking.add_done_callback(lambda done: self._asked(asked, done))
        # Whoever goes away leaves those alone who wait for the same.
        shared: T = await asyncio.shield(asking)
        return shared

    async def _ask(self, question: Hashable, ask: Callable[[Connection], T]) -> T:
        before = await self.copies.freshness()
        answer = await self.copies.rows(ask)
        if before is not None and before == await self.copies.freshness():
            self._known[question] = (before, answer)
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
        return answer

    def _asked(self, question: Hashable, done: asyncio.Future[Any]) -> None:
        del self._asking[question]
        if not done.cancelled():
            done.exception()  # looked at, or asyncio complains where nobody waits any more


Page = Callable[[Readers, Request], Awaitable[Shown]]
Chart = Callable[[Readers, Request], Awaitable[Drawing]]


def id_in(request: Request, name: str) -> str:
    """An id in the path of a link; ids are 64 bits."""
    text = str(request.path_params[name])
    if not text.isascii() or not text.isdigit() or len(text) > 20 or int(text) >= 2**64:
        raise not_found("That is no id of the desk's.")
    return str(int(text))
