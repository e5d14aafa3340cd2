"""What every page works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.requests import Request

from flows.web.answers import Shown
from flows.web.copies import Copies


@dataclass(frozen=True, slots=True)
class Readers:
    """What every page works with."""

    copies: Copies
    now: Callable[[], datetime]
    index: Path | None = None
    """The search index of the desk."""


Page = Callable[[Readers, Request], Awaitable[Shown]]
