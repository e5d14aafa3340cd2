"""The body of an answer, read within the limits on its size, its pace and the memory for all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import httpcore
import httpx

from flows.fetch.decompress import Limits, Unpacker
from flows.fetch.fetched import Headers
from flows.fetch.host_pools import Connections, HostPools
from flows.fetch.request import Request, Spool
from flows.fetch.settings import FetchSettings
from parsers.errors import Drop, Retry

_MAX_SIDE_BODY = 1_000_000
"""Bytes of the body of an answer that is not a success; where it has more, or can't be read,
the answer counts without it."""

_UNDECLARED = 8_000_000
"""Bytes that a large body may well have that does not say how many."""
_PACKS = 10
"""How many times smaller text is when it is packed."""


async def read_body(
    response: httpcore.Response,
    headers: Headers,
    request: Request,
    pools: HostPools,
    connections: Connections,
) -> tuple[bytes, bytes]:
    """The body, as sent and unpacked; stops reading at the first limit that is passed. Both are
    empty where the request's spool wanted it."""
    settings = pools.settings
    most, unpacked = _limits(response.status, request, settings)
    limits = Limits(unpacked, settings.max_unpack_ratio)
    spooling = _Spooling(request.spool if 200 <= response.status < 300 else None, limits)
    declared = _declared(headers)
    if declared is not None and declared > max(most, spooling.most) and not request.cut:
        raise _too_large(request.url, most)
    codings = ",".join(value for name, value in headers if name == "content-encoding")
    unpacker = Unpacker(codings, limits, url=str(request.url))
    rate = _Rate(request, settings)
    packed, received = bytearray(), 0
    async for chunk in response.aiter_stream():
        received += len(chunk)
        most = spooling.most if spooling.begun else most
        if received > most and not request.cut:
            raise _too_large(request.url, most)
        if received > most:
            connections.spoiled = True
            return bytes(packed), unpacker.beginning()
        rate.check(received)
        if unpacker.packed:  # else the two are one, and one is enough to hold
            packed += chunk
        for size in unpacker.pieces(chunk):
            if spooling.takes(unpacker):
                packed.clear()
            elif not request.reservation.covers(size + len(packed)):
                with rate.stopped():
                    likely = _likely_size(declared, packed=unpacker.packed)
                    await _wait_for_memory(size + len(packed), likely, request, pools)
    body = spooling.rest(unpacker.finish())
    if spooling.begun:
        return b"", b""
    sent = bytes(packed) if unpacker.packed and body != packed else body
    request.reservation.shrink(len(body) + (0 if sent is body else len(sent)))
    return sent, body


class _Spooling:
    """What becomes of a body that a spool may want."""

    def __init__(self, spool: Spool | None, limits: Limits) -> None:
        """`limits` are those of the body, which are the spool's once it takes it."""
        self._spool, self._limits = spool, limits
        self._asked = False
        self.begun = False
        """Whether the spool takes the body."""

    @property
    def most(self) -> int:
        """The most bytes that the spool would take, as sent too."""
        return self._spool.most if self._spool else 0

    def takes(self, unpacker: Unpacker) -> bool:
        """Whether the spool takes the body; what there is of it by now is written."""
        if self._spool is None or (not self._asked and unpacker.size < Spool.HEAD):
            return False
        self._ask(unpacker.beginning(Spool.HEAD))
        if self.begun:
            self._spool.write(unpacker.take())
        return self.begun

    def rest(self, body: bytes) -> bytes:
        """What is left of a body at its end, which is nothing where the spool takes it."""
        if self._spool is None:
            return body
        self._ask(body[: Spool.HEAD])
        if not self.begun:
            return body
        self._spool.write(body)
        self._spool.finish()
        return b""

    def _ask(self, beginning: bytes) -> None:
        if self._spool is not None and not self._asked:
            self._asked = True
            self.begun = self._spool.wants(beginning)
            if self.begun:
                self._limits.max_bytes = self._spool.most


def _limits(status: int, request: Request, settings: FetchSettings) -> tuple[int, int]:
    """The most bytes of a body: as sent, and unpacked."""
    most = settings.max_wire_bytes if request.max_bytes is None else request.max_bytes
    unpacked = (
        settings.max_unpacked_bytes
        if request.max_bytes is None or request.cut
        else request.max_bytes
    )
    if not 200 <= status < 300:
        most = unpacked = min(most, _MAX_SIDE_BODY)
    return most, unpacked


def _declared(headers: Headers) -> int | None:
    """What the answer says of its size as sent."""
    value = next((value for name, value in headers if name == "content-length"), "")
    return int(value[:20]) if value.isdecimal() else None


def _likely_size(declared: int | None, *, packed: bool) -> int:
    """Bytes that a body will take, as sent and unpacked."""
    if declared is None:
        return _UNDECLARED
    return declared * (1 + _PACKS) if packed else declared


async def _wait_for_memory(size: int, likely: int, request: Request, pools: HostPools) -> None:
    """Wait for memory at nobody's expense: the page's time does not run, and requests that need no
    memory get its place."""
    with request.deadline.stopped():
        async with pools.aside():
            await request.reservation.grow(size, likely)


class _Rate:
    """How fast a body comes: as a whole never slower than `min_rate`, and never for long slower
    than `least_rate` while others wait for the memory that it takes."""

    def __init__(self, request: Request, settings: FetchSettings) -> None:
        self._request = request
        self._settings = settings
        self._now = asyncio.get_running_loop().time
        self._started = self._since = self._now()
        self._before = 0
        """Bytes that had come at `_since`."""

    def check(self, received: int) -> None:
        """Raises Retry("too_slow") where so many bytes by now are too few."""
        settings, now = self._settings, self._now()
        elapsed = now - self._started
        if elapsed <= settings.rate_grace:
            return
        if received < settings.min_rate * elapsed:
            raise _too_slow(self._request.url, received, elapsed, f"{settings.min_rate:g} a second")
        elapsed, lately = now - self._since, received - self._before
        if elapsed > settings.rate_grace:
            if lately < settings.least_rate * elapsed and self._request.reservation.contested:
                least = f"{settings.least_rate:g} a second of a large page, while others wait too,"
                raise _too_slow(self._request.url, lately, elapsed, least)
            self._since, self._before = now, received

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """What happens now is not the other side's fault."""
        started = self._now()
        try:
            yield
        finally:
            took = self._now() - started
            self._started += took
            self._since += took


def _too_slow(url: httpx.URL, received: int, elapsed: float, least: str) -> Retry:
    return Retry(
        "too_slow",
        f"{url} sent {received} bytes in {elapsed:.0f} s, less than the {least} that we wait for.",
    )


def _too_large(url: httpx.URL, most: int) -> Drop:
    return Drop(
        "too_large",
        f"{url} is larger than {most} bytes on the wire, the most that is taken of it.",
    )
