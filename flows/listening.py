"""Listening for HTTP within bounds: what the receiver of pushes and the pages have in common.

listen ─▶ serve_http ─▶ Hypercorn, with its deadlines ─▶ the app
               └──▶ `_Connections`: how many there may be, of whom, and how long they may do nothing

Hypercorn, since uvicorn has no deadline for a request's head: a few hundred connections that never
finish one would keep everybody out. What it lacks is done here, at the sockets and around the app:
it takes any number of connections. HTTP/2 is not spoken: without TLS no browser asks for it and few
proxies do, and Hypercorn takes any number of requests that are given up at once (CVE-2023-44487).
"""

from __future__ import annotations

import asyncio
import errno
import logging
import resource
import signal
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import hypercorn.protocol
from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config, Sockets
from hypercorn.protocol.h11 import H11Protocol

from parsers.errors import Drop

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
App = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]
Owner = Callable[[str], str | None]
"""Under which name the connections of an address count; None: they count for nobody."""

HEAD_SECONDS = 10
"""Time that a request's head may take to arrive, and a connection may do nothing."""
SILENT_SECONDS = 120
"""Time that a request may take until all of its answer is taken, and that a client may say nothing
at all: longer than an answer takes."""
UNREAD_SECONDS = 30
"""Time that nothing of an answer may be taken by the client."""
LAST_SECONDS = 4
"""Time for the answers that are on their way when the server is told to stop."""
MOST_CONNECTIONS = 400
"""Connections at once; what comes beyond is closed."""
MOST_OF_ONE = 40
"""Connections of one owner. A browser opens six."""
RESERVED_FILES = 128
"""Files that a process may have open beside its connections."""
_USER_TIMEOUT = getattr(socket, "TCP_USER_TIMEOUT", None)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port`; 0 is any free one.

    Raises Drop("port_taken"), and Drop("bad_address") where this machine has no such address.
    """
    listener = None
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if _USER_TIMEOUT is not None:
            # Its connections have it too.
            listener.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, UNREAD_SECONDS * 1000)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        if listener is not None:
            listener.close()
        raise _refused(host, port, error) from error
    return listener


def _refused(host: str, port: int, error: OSError) -> Drop:
    if error.errno == errno.EADDRINUSE:
        return Drop(
            "port_taken", f"Port {port} is taken. Name another one with --port; 0 is any free one."
        )
    if error.errno == errno.EACCES:
        return Drop(
            "port_taken", f"Port {port} needs rights that you don't have: name a higher one."
        )
    return Drop("bad_address", f"This machine can't listen on {host}: {error.strerror}.")


async def serve_http(
    app: App,
    listener: socket.socket,
    stop: Callable[[], Awaitable[object]] | None = None,
    *,
    owner: Owner = lambda _: None,
    ending: Callable[[], Awaitable[object]] | None = None,
) -> None:
    """Serves `app` to what comes to `listener` until `stop` returns; without it, until this process
    is told to stop. `ending` lets what is at work know that it is to end."""
    connections = _Connections(owner, most_connections())
    watching = asyncio.create_task(connections.watch())

    async def stopped() -> None:
        await (stop or _told())()
        if ending is not None:
            await ending()
        # Who has not taken an answer by then is not waited for.
        asyncio.get_running_loop().call_later(LAST_SECONDS, connections.end)

    try:
        await hypercorn_serve(
            connections.counted(app),  # type: ignore[arg-type]  # Hypercorn's ASGI types are narrower
            _config(listener, connections),
            shutdown_trigger=stopped,
        )
    finally:
        watching.cancel()


def _told() -> Callable[[], Awaitable[object]]:
    """What waits until this process is told to stop."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told.wait


def most_connections() -> int:
    """How many connections there may be: fewer where this process may not open as many files, or
    taking one more would fail, again and again. It takes what it may have."""
    enough = MOST_CONNECTIONS + RESERVED_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < enough:
        soft = enough if hard == resource.RLIM_INFINITY else min(hard, enough)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(soft - RESERVED_FILES, soft // 4)
    return MOST_CONNECTIONS


def _config(listener: socket.socket, connections: _Connections) -> Config:
    """How Hypercorn serves. `keep_alive_timeout` counts from the moment a connection opens until
    the whole head is there, however slowly it drips; who reads a body has a deadline of its own
    for that."""
    config = _ConfigWithSockets()
    # Hypercorn closes what it is given; whoever opened the socket closes it too.
    config.sockets = [_Listener(connections, listener.dup().detach())]
    config.keep_alive_timeout = HEAD_SECONDS
    config.read_timeout = SILENT_SECONDS
    config.graceful_timeout = LAST_SECONDS + 2
    # A question in SQL is part of an address.
    config.h11_max_incomplete_size = 64 * 1024
    # Its lines would have in them what only those may know who asked: callbacks, searches.
    config.accesslog = None
    config.errorlog = log
    config.include_server_header = False
    return config


class _OnlyHttp1(H11Protocol):
    async def _check_protocol(self, event: object) -> None:
        """Whoever asks for HTTP/2 is answered in HTTP/1.1 (RFC 9110, 7.8)."""


setattr(hypercorn.protocol, "H11Protocol", _OnlyHttp1)  # noqa: B010 - no name that it exports


class _ConfigWithSockets(Config):
    sockets: list[socket.socket]

    def create_sockets(self) -> Sockets:
        return Sockets([], self.sockets, [])


class _Listener(socket.socket):
    """Takes the connections that may be there."""

    def __init__(self, connections: _Connections, fileno: int) -> None:
        super().__init__(fileno=fileno)
        self._connections = connections

    def accept(self) -> tuple[socket.socket, Any]:
        plain, address = super().accept()
        taken = _Taken(fileno=plain.detach())
        if not self._connections.take(taken, address[:2]):
            taken.close()
            # What asyncio passes over, as it does where a client has gone already.
            raise ConnectionAbortedError
        return taken, address


class _Taken(socket.socket):
    """A connection that says when it is closed."""

    on_close: Callable[[], None] | None = None

    def close(self) -> None:
        super().close()
        if self.on_close is not None:
            self.on_close()
            self.on_close = None


@dataclass(eq=False, slots=True)
class _Connection:
    connection: _Taken
    owner: str | None
    idle_since: float
    requests: list[float] = field(default_factory=list)
    """When each of those began that are not answered, the first first."""


class _Connections:
    """The connections of a server."""

    def __init__(self, owner: Owner, most: int) -> None:
        self._owner = owner
        self._most = most
        self._held: set[_Connection] = set()
        self._by_client: dict[tuple[str, int], _Connection] = {}
        """The last of each client's address and port: a server may have several addresses."""
        self._of_owner: Counter[str] = Counter()
        self._full = False

    def take(self, taken: _Taken, address: tuple[str, int]) -> bool:
        """Counts a connection; False where it is one too many."""
        owner = self._owner(address[0])
        full = len(self._held) >= self._most
        if full or (owner is not None and self._of_owner[owner] >= MOST_OF_ONE):
            if not self._full:
                log.warning(
                    "Too many connections%s; more are closed", "" if full else f" of {owner}"
                )
            self._full = True
            return False
        self._full = False
        held = self._by_client[address] = _Connection(taken, owner, time.monotonic())
        self._held.add(held)
        if owner is not None:
            self._of_owner[owner] += 1
        taken.on_close = lambda: self._closed(held, address)
        return True

    def _closed(self, held: _Connection, address: tuple[str, int]) -> None:
        self._held.remove(held)
        if self._by_client.get(address) is held:
            del self._by_client[address]
        owner = held.owner
        if owner is not None:
            self._of_owner[owner] -= 1
            if not self._of_owner[owner]:
                del self._of_owner[owner]

    def counted(self, app: App) -> App:
        """`app`, which notes what its connections are at."""

        async def counted(scope: Message, receive: Any, send: Any) -> None:
            client = scope.get("client")
            held = self._by_client.get(tuple(client)) if client else None
            if held is None:
                await app(scope, receive, send)
                return
            began = time.monotonic()
            held.requests.append(began)
            try:
                await app(scope, receive, send)
            finally:
                held.requests.remove(began)
                held.idle_since = time.monotonic()

        return counted

    async def watch(self) -> None:
        """Ends the connections whose time is over."""
        while True:
            await asyncio.sleep(min(1.0, HEAD_SECONDS / 4))
            now = time.monotonic()
            for held in list(self._held):
                self._end_if_late(held, now)

    def end(self) -> None:
        """Ends all of them."""
        for held in list(self._held):
            with suppress(OSError):
                held.connection.shutdown(socket.SHUT_RDWR)

    def _end_if_late(self, held: _Connection, now: float) -> None:
        over = (
            held.requests[0] + SILENT_SECONDS if held.requests else held.idle_since + HEAD_SECONDS
        )
        if now < over:
            return
        # Of a request that was answered the last bytes may still be on their way.
        last = bool(held.requests) or now > over + SILENT_SECONDS
        with suppress(OSError):
            held.connection.shutdown(socket.SHUT_RDWR if last else socket.SHUT_RD)
