"""A web site whose every answer a test writes: well-formed ones, and those of servers that
misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import trustme


@dataclass(frozen=True)
class Request:
    """One request as the server saw it."""

    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    at: float
    """Monotonic seconds."""
    connection: int
    """Which connection it came over, counted from 1."""


Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


def answer(
    status: int = 200, headers: Mapping[str, str] | None = None, body: bytes = b"ok"
) -> Handler:
    """A well-formed answer."""

    async def handle(_: Request, writer: asyncio.StreamWriter) -> None:
        lines = {"Content-Length": str(len(body)), **(headers or {})}
        head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
        writer.write(head.encode("latin-1") + b"\r\n" + body)

    return handle


def redirect(target: str, status: int = 302) -> Handler:
    """A redirect to `target`."""
    return answer(status, {"Location": target}, b"")


def raw(data: bytes, *, close: bool = True) -> Handler:
    """Exactly these bytes, and then the end of the connection."""

    async def handle(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        if close:
            writer.close()

    return handle


def server_side(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """What a server needs to be `names` with a certificate of `authority`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names).configure_cert(context)
    return context


def reset_connection(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@dataclass
class Site:
    """A server with a handler for each path; remembers what it was asked."""

    routes: dict[str, Handler] = field(default_factory=dict)
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    log: list[Request] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _server: asyncio.Server | None = None

    def url(self, path: str = "/") -> str:
        """The address of `path` on this server."""
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://{self.host}:{self.port}{path}"

    @property
    def asked(self) -> list[str]:
        """The targets it was asked for, in order."""
        return [request.target for request in self.log]

    @property
    def open_connections(self) -> int:
        """Connections that neither side has closed."""
        return len(self._tasks)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.get_running_loop().create_task(
            self._converse(reader, writer, self.connections)
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int
    ) -> None:
        try:
            while not writer.is_closing():
                request = await read_request(reader, connection)
                self.log.append(request)
                handler = self.routes.get(request.target) or self.routes.get("*") or answer(404)
                await handler(request, writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the client left, as it may
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
                await writer.wait_closed()


async def read_request(reader: asyncio.StreamReader, connection: int = 1) -> Request:
    """The next request on a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.split(": ", 1) for line in lines)
    headers = {name.lower(): value for name, value in pairs}
    return Request(method, target, headers, time.monotonic(), connection)
