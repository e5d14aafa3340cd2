"""A pool for each host: its queue, its rhythm and its connections.

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

from flows.fetch.host_locks import HostLocks
from flows.fetch.pacing import Pace
from flows.fetch.settings import FetchSettings
from parsers.errors import Retry

_KEEPALIVE = 30.0
"""Seconds an idle connection is kept; longer than any usual pause between two requests."""
_MAX_LANES = 256
"""Pools that may hold idle connections, beside those in use."""


@dataclass(slots=True)
class Connections:
    """A host's connections, straight or through one proxy."""

    pool: httpcore.AsyncConnectionPool
    users: int = 0
    spoiled: bool = False
    """Not to be used again: a request failed on it, or a body was left unread, which HTTP/2
    would go on counting against the requests that follow."""


@dataclass(slots=True)
class HostPool:
    """What belongs to one host."""

    host: str
    pace: Pace
    locks: asyncio.Semaphore
    last_used: float
    patience: float
    """Seconds of rests that are still waited for, all in all."""
    users: int = 0
    """Requests that wait for their host or are at it."""
    http2: bool = True
    """False once the host's HTTP/2 turned out to be broken."""
    wires: dict[str | None, Connections] = field(default_factory=dict)
    """By proxy; None for the straight way."""

    async def close(self) -> None:
        """Close every connection."""
        wires = tuple(self.wires.values())
        self.wires.clear()
        for connections in wires:
            await connections.pool.aclose()


class HostPools:
    """All hosts' pools."""

    def __init__(
        self,
        settings: FetchSettings,
        backend: httpcore.AsyncNetworkBackend,
        tls: ssl.SSLContext,
        rest_of: Callable[[str], float],
        locks: HostLocks | None = None,
    ) -> None:
        """`rest_of` gives the seconds that a host is to be left alone since an earlier run;
        `locks` are those that other processes share."""
        self.settings = settings
        self._backend = backend
        self._tls = tls
        self._rest_of = rest_of
        self._locks = locks
        self._pools: OrderedDict[str, HostPool] = OrderedDict()
        """Longest unused first."""
        self._resting: dict[str, Pace] = {}
        """The rhythm of hosts whose pool was closed before their rest was over."""
        self._in_flight = asyncio.Semaphore(settings.max_connections)

    def pool(self, host: str) -> HostPool:
        """The pool of `host`, made where there is none yet."""
        now = asyncio.get_running_loop().time()
        pool = self._pools.get(host)
        if pool is None:
            pace = self._resting.pop(host, None)
            if pace is None:
                pace = Pace(self.settings.host_pause)
                pace.asked_to_rest(now, self._rest_of(host))
            locks = asyncio.Semaphore(self.settings.connections_per_host)
            pool = HostPool(host, pace, locks, now, self.settings.patience)
            self._pools[host] = pool
        self._pools.move_to_end(host)
        pool.last_used = now
        return pool

    @asynccontextmanager
    async def acquire(self, host: str, *, patient: bool = True) -> AsyncIterator[HostPool]:
        """Wait until `host` may be asked, and hold its pool.

        Raises Retry("host_paused") where the host asked for a rest longer than what is left of
        our patience with it, or for any where we are not `patient`; Retry("host_down") where it
        did not answer for too many requests in a row.
        """
        now = asyncio.get_running_loop().time
        pool = self.pool(host)
        pool.users += 1
        try:
            async with pool.locks:
                self._refuse_if_resting(pool, now(), patient=patient)
                while (wait := pool.pace.wait(now())) > 0:
                    pool.patience -= min(wait, pool.pace.rest(now()))
                    await asyncio.sleep(wait)
                    self._refuse_if_resting(pool, now(), patient=patient)
                shared = self._locks.hold(host, pool.pace) if self._locks else nullcontext()
                # Only now: a host that rests must not hold a place that others could use.
                async with shared, self._in_flight:
                    pool.pace.used(now())
                    try:
                        yield pool
                    finally:
                        pool.pace.used(now())
        finally:
            pool.users -= 1
            await self._close_unused()

    @asynccontextmanager
    async def connections(self, pool: HostPool, proxy: str | None) -> AsyncIterator[Connections]:
        """The pool's connections, straight or through `proxy`, for one request."""
        connections = pool.wires.get(proxy)
        if connections is None:
            connections = pool.wires[proxy] = Connections(self._open(proxy, http2=pool.http2))
        connections.users += 1
        try:
            yield connections
        except BaseException:
            connections.spoiled = True
            raise
        finally:
            connections.users -= 1
            if connections.spoiled and pool.wires.get(proxy) is connections:
                del pool.wires[proxy]
            if connections.spoiled and connections.users == 0:
                await connections.pool.aclose()

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Within a turn: let others have the place among the requests in flight meanwhile."""
        self._in_flight.release()
        try:
            yield
        finally:
            await self._in_flight.acquire()

    async def close(self) -> None:
        """Close every connection of every pool."""
        for pool in tuple(self._pools.values()):
            await pool.close()

    def _refuse_if_resting(self, pool: HostPool, now: float, *, patient: bool) -> None:
        if down := pool.pace.down(now):
            raise Retry(
                "host_down",
                f"{pool.host} gave no answer time and again and is left alone for another "
                f"{down:.0f} s.",
                after=down,
            )
        rest = pool.pace.rest(now)
        if rest > (pool.patience if patient else 0.0):
            raise Retry(
                "host_paused",
                f"{pool.host} asked to be left alone for another {rest:.0f} s.",
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
        """Close the pools that were not used for long, or the oldest where there are too many.

        Two looks a request keep up with the one pool that a request can open.
        """
        now = asyncio.get_running_loop().time()
        for _ in range(2):
            pool = next(iter(self._pools.values()), None)
            if pool is None:
                return
            if pool.users:
                self._pools.move_to_end(pool.host)
                continue
            if len(self._pools) <= _MAX_LANES and now - pool.last_used < _KEEPALIVE:
                return
            del self._pools[pool.host]
            if pool.pace.wait(now) > 0 or pool.pace.down(now) > 0:
                self._resting[pool.host] = pool.pace
            await pool.close()
