"""A lane for each host: its turn, its rhythm and its connections.

One connection pool a host, because httpcore's pool looks through all its connections for
every request: many hosts in one pool cost several times the time of a pool for each.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field

import httpcore
import httpx

from flows.fetch.host_locks import Turns
from flows.fetch.pacing import Pace
from flows.fetch.settings import FetchSettings
from parsers.errors import Retry

_KEEPALIVE = 30.0
"""Seconds an idle connection is kept; longer than any usual pause between two requests."""
_MAX_LANES = 256
"""Lanes that may hold idle connections, beside those in use."""


@dataclass(slots=True)
class Wire:
    """A host's connections, straight or through one proxy."""

    pool: httpcore.AsyncConnectionPool
    users: int = 0
    spoiled: bool = False
    """Not to be used again: a request failed on it, or a body was left unread, which HTTP/2
    would go on counting against the requests that follow."""


@dataclass(slots=True)
class Lane:
    """What belongs to one host."""

    host: str
    pace: Pace
    turns: asyncio.Semaphore
    last_used: float
    patience: float
    """Seconds of rests that are still waited for, all in all."""
    users: int = 0
    """Requests that wait for a turn or have it."""
    http2: bool = True
    """False once the host's HTTP/2 turned out to be broken."""
    wires: dict[str | None, Wire] = field(default_factory=dict)
    """By proxy; None for the straight way."""

    async def close(self) -> None:
        """Close every connection."""
        wires = tuple(self.wires.values())
        self.wires.clear()
        for wire in wires:
            await wire.pool.aclose()


class Lanes:
    """All hosts' lanes."""

    def __init__(
        self,
        settings: FetchSettings,
        backend: httpcore.AsyncNetworkBackend,
        tls: ssl.SSLContext,
        rest_of: Callable[[str], float],
        turns: Turns | None = None,
    ) -> None:
        """`rest_of` gives the seconds that a host is to be left alone since an earlier run;
        `turns` are those that other processes share."""
        self.settings = settings
        self._backend = backend
        self._tls = tls
        self._rest_of = rest_of
        self._turns = turns
        self._lanes: OrderedDict[str, Lane] = OrderedDict()
        """Longest unused first."""
        self._resting: dict[str, Pace] = {}
        """The rhythm of hosts whose lane was closed before their rest was over."""
        self._in_flight = asyncio.Semaphore(settings.max_connections)

    def lane(self, host: str) -> Lane:
        """The lane of `host`, made where there is none yet."""
        now = asyncio.get_running_loop().time()
        lane = self._lanes.get(host)
        if lane is None:
            pace = self._resting.pop(host, None)
            if pace is None:
                pace = Pace(self.settings.host_pause)
                pace.asked_to_rest(now, self._rest_of(host))
            turns = asyncio.Semaphore(self.settings.connections_per_host)
            lane = Lane(host, pace, turns, now, self.settings.patience)
            self._lanes[host] = lane
        self._lanes.move_to_end(host)
        lane.last_used = now
        return lane

    @asynccontextmanager
    async def turn(self, host: str, *, patient: bool = True) -> AsyncIterator[Lane]:
        """Wait until `host` may be asked, and hold its turn.

        Raises Retry("host_paused") where the host asked for a rest longer than what is left of
        our patience with it, or for any where we are not `patient`; Retry("host_down") where it
        did not answer for too many requests in a row.
        """
        now = asyncio.get_running_loop().time
        lane = self.lane(host)
        lane.users += 1
        try:
            async with lane.turns:
                self._refuse_if_resting(lane, now(), patient=patient)
                while (wait := lane.pace.wait(now())) > 0:
                    lane.patience -= min(wait, lane.pace.rest(now()))
                    await asyncio.sleep(wait)
                    self._refuse_if_resting(lane, now(), patient=patient)
                shared = self._turns.turn(host, lane.pace) if self._turns else nullcontext()
                # Only now: a host that rests must not hold a place that others could use.
                async with shared, self._in_flight:
                    lane.pace.used(now())
                    try:
                        yield lane
                    finally:
                        lane.pace.used(now())
        finally:
            lane.users -= 1
            await self._close_unused()

    @asynccontextmanager
    async def wire(self, lane: Lane, proxy: str | None) -> AsyncIterator[Wire]:
        """The lane's connections, straight or through `proxy`, for one request."""
        wire = lane.wires.get(proxy)
        if wire is None:
            wire = lane.wires[proxy] = Wire(self._open(proxy, http2=lane.http2))
        wire.users += 1
        try:
            yield wire
        except BaseException:
            wire.spoiled = True
            raise
        finally:
            wire.users -= 1
            if wire.spoiled and lane.wires.get(proxy) is wire:
                del lane.wires[proxy]
            if wire.spoiled and wire.users == 0:
                await wire.pool.aclose()

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Within a turn: let others have the place among the requests in flight meanwhile."""
        self._in_flight.release()
        try:
            yield
        finally:
            await self._in_flight.acquire()

    async def close(self) -> None:
        """Close every connection of every lane."""
        for lane in tuple(self._lanes.values()):
            await lane.close()

    def _refuse_if_resting(self, lane: Lane, now: float, *, patient: bool) -> None:
        if down := lane.pace.down(now):
            raise Retry(
                "host_down",
                f"{lane.host} gave no answer time and again and is left alone for another "
                f"{down:.0f} s.",
                after=down,
            )
        rest = lane.pace.rest(now)
        if rest > (lane.patience if patient else 0.0):
            raise Retry(
                "host_paused",
                f"{lane.host} asked to be left alone for another {rest:.0f} s.",
                after=rest,
            )

    def _open(self, proxy: str | None, *, http2: bool) -> httpcore.AsyncConnectionPool:
        per_host = self.settings.connections_per_host
        if proxy is None:
            return httpcore.AsyncConnectionPool(
                ssl_context=self._tls,
                max_connections=per_host,
                keepalive_expiry=_KEEPALIVE,
                http2=http2,
                network_backend=self._backend,
            )
        parts = httpx.Proxy(proxy)  # tells the user name and password from the URL
        return httpcore.AsyncHTTPProxy(
            proxy_url=str(parts.url),
            proxy_auth=parts.raw_auth,
            ssl_context=self._tls,
            proxy_ssl_context=self._tls if parts.url.scheme == "https" else None,
            max_connections=per_host,
            keepalive_expiry=_KEEPALIVE,
            http2=http2,
        )

    async def _close_unused(self) -> None:
        """Close the lanes that were not used for long, or the oldest where there are too many.

        Two looks a request keep up with the one lane that a request can open.
        """
        now = asyncio.get_running_loop().time()
        for _ in range(2):
            lane = next(iter(self._lanes.values()), None)
            if lane is None:
                return
            if lane.users:
                self._lanes.move_to_end(lane.host)
                continue
            if len(self._lanes) <= _MAX_LANES and now - lane.last_used < _KEEPALIVE:
                return
            del self._lanes[lane.host]
            if lane.pace.wait(now) > 0 or lane.pace.down(now) > 0:
                self._resting[lane.host] = lane.pace
            await lane.close()
