"""Shards: parts of the press, so that several workers share it and each host has one of them.

A host belongs to one shard, whoever asks and whenever, so pacing inside a process is pacing of
the host, however many machines are at work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from parsers.errors import Drop
from parsers.identity import stable_id
from parsers.sites import site_of
from parsers.urls import host_of

_FORM = re.compile(r"(\d{1,4})/(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `of` parts of the press; the first has number 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def owns(self, url: str | None) -> bool:
        """Whether the host of `url` belongs here. What has no host belongs to the first."""
        try:
            host = host_of(url) if url else ""
        except Drop:
            host = ""
        return _place(host) % self.of == self.number - 1


def read_shard(text: str) -> Shard:
    """A shard from its form `2/3`, the second of three; raises Drop("bad_shard") for any other."""
    match = _FORM.fullmatch(text.strip())
    number, of = map(int, match.groups()) if match else (0, 0)
    if not 1 <= number <= of:
        raise Drop(
            "bad_shard",
            f"A shard must be NUMBER/OF, such as 2/3 for the second of three; got {text!r}.",
        )
    return Shard(number, of)


@lru_cache(maxsize=100_000)
def _place(host: str) -> int:
    return stable_id("shard", site_of(host)) if host else 0
