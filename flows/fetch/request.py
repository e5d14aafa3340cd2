"""One request, and what comes back from it."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from flows.fetch.deadline import Deadline
from flows.fetch.memory_budget import Share

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from one request."""

    status: int
    headers: Headers
    """Names in lower case, in the order received."""
    body: bytes
    """Unpacked."""
    packed: bytes = b""
    """The body as it was sent, its content coding not undone."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    url: httpx.URL
    headers: Headers
    deadline: Deadline
    """Of the page, over all requests for it."""
    share: Share
    """The room that the page takes."""
    max_bytes: int | None
    """Instead of the settings' limits on the body, where given."""
    form: bytes | None = None
    """What is posted; None: it is a GET."""
    cut: bool = False
    """Whether of a body beyond the limit the beginning will do."""
    patient: bool = True
    """Whether a rest that its host asked for is waited for, if it is short."""
