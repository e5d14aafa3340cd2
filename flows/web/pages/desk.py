"""What every page works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.requests import Request

from flows.web.answers import Shown, not_found
from flows.web.copies import Copies


@dataclass(frozen=True, slots=True)
class Readers:
    """What every page works with."""

    copies: Copies
    now: Callable[[], datetime]
    index: Path | None = None
    """The search index of the desk."""


Page = Callable[[Readers, Request], Awaitable[Shown]]


def id_in(request: Request, name: str) -> str:
    """An id in the path of a link; ids are 64 bits."""
    text = str(request.path_params[name])
    if not text.isascii() or not text.isdigit() or len(text) > 20 or int(text) >= 2**64:
        raise not_found("That is no id of the desk's.")
    return str(int(text))
