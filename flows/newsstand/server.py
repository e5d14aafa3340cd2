"""A small HTTP/1.1 server for the press, on loopback only.

Reached as a forward proxy (`GET http://host.example/path`, RFC 9112 section 3.2.2), which is how
the demo and the tests use it, or directly (`GET /host.example/path`) by a person with a browser.
It opens no connection of its own: a host that is not of the press is answered 502.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from anyio.from_thread import start_blocking_portal

from flows.newsstand.press import Press
from flows.newsstand.responses import ServedRequest, ServedResponse, respond

_IDLE_SECONDS = 30.0
_HEADER_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request that the server answered."""

    method: str
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    """As received, names in lower case."""


class ServedPress:
    """A press that is being served. `press` may be set to another edition meanwhile, from any
    thread, and counts from the next request on."""

    def __init__(self, press: Press) -> None:
        self.press = press
        self.port = 0
        """The port it listens on."""
        self._requests: list[RequestLine] = []

    @property
    def proxy_url(self) -> str:
        """What to give an HTTP client as its proxy."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> tuple[RequestLine, ...]:
        """Every request answered so far, in order."""
        return tuple(self._requests)

    def forget_requests(self) -> None:
        """Start the log of requests afresh."""
        self._requests.clear()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection."""
        keep_alive = True
        while keep_alive:
            request = await _read_request(reader)
            if request is None:
                return
            if isinstance(request, ServedResponse):
                response, keep_alive = request, False
            else:
                response, keep_alive = respond(self.press, request), request.keep_alive
                self._requests.append(
                    RequestLine(request.method, request.target, response.status, request.headers)
                )
            writer.write(response.encode(keep_alive=keep_alive))
            await writer.drain()


async def _read_request(reader: asyncio.StreamReader) -> ServedRequest | ServedResponse | None:
    """The next request; None when the client hung up; a response when it can't be understood."""
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE_SECONDS)
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError:
        return ServedResponse.plain(431, "The header is larger than this server reads.")
    return ServedRequest.parse(head)


@asynccontextmanager
async def serve(press: Press, port: int = 0) -> AsyncIterator[ServedPress]:
    """Serve `press` on 127.0.0.1 while the block runs; port 0 takes any free one.

    Raises OSError where the port is taken.
    """
    served = ServedPress(press)
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            connections.add(task)
            task.add_done_callback(connections.discard)
        # A client may go away whenever it likes, and so may the server.
        with contextlib.suppress(ConnectionError, TimeoutError, asyncio.CancelledError):
            await served.converse(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()

    server = await asyncio.start_server(connected, "127.0.0.1", port, limit=_HEADER_BYTES)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        for task in tuple(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await server.wait_closed()


@contextmanager
def serve_in_thread(press: Press, port: int = 0) -> Iterator[ServedPress]:
    """The same, by a thread of its own."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(serve(press, port)) as served,
    ):
        yield served
