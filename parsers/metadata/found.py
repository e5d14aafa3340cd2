"""A value and the place of the page that stated it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and where it came from."""

    value: T
    source: str
    """`json-ld`, `h1`, `title`, `byline`, `htmldate`, `feed`, or a meta element's name."""
