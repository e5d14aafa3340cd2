"""A small HTTP/1.1 server for the press, on loopback only.

Reached as a forward proxy (`GET http://host.example/path`, RFC 9112 section 3.2.2), which is how
the demo and the tests use it, or directly (`GET /host.example/path`) by a person with a browser.
It opens no connection of its own: a host that is not of the press is answered 502.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from flows.newsstand.articles import RequestLine
from flows.newsstand.press import Press
from flows.newsstand.responses import ServedRequest, ServedResponse, respond

_IDLE_SECONDS = 30.0
_HEADER_BYTES = 32 * 1024


class Newsstand:
    """The server, as an async context manager: `async with Newsstand(press) as stand:`.

    `press` may be set to another edition while it runs.
    """

    def __init__(self, press: Press, port: int = 0) -> None:
        self.press = press
        self._wanted_port = port
        self._requests: list[RequestLine] = []
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port it listens on; 0 before it does."""
        if self._server is None:
            return 0
        return int(self._server.sockets[0].getsockname()[1])

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

    async def __aenter__(self) -> Newsstand:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self._wanted_port, limit=_HEADER_BYTES
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is None:
            return
        self._server.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        # A client may go away whenever it likes, and so may the server.
        with contextlib.suppress(ConnectionError, TimeoutError, asyncio.CancelledError):
            await self._converse(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        keep_alive = True
        while keep_alive:
            request = await _read_request(reader)
            if request is None:
                return
            if isinstance(request, ServedResponse):
                response, keep_alive = request, False
            else:
                response = respond(self.press, request)
                keep_alive = request.keep_alive
                self._requests.append(
                    RequestLine(request.method, request.target, response.status, request.headers)
                )
            writer.write(response.encode(keep_alive=keep_alive))
            await writer.drain()


async def _read_request(reader: asyncio.StreamReader) -> ServedRequest | ServedResponse | None:
    """The next request; None when the client hung up; a Response when it can't be understood."""
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE_SECONDS)
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError:
        return ServedResponse.plain(431, "The header is larger than this server reads.")
    return ServedRequest.parse(head)


class ServedPress:
    """A press that is being served by a thread of its own."""

    def __init__(self, stand: Newsstand) -> None:
        self._stand = stand

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._stand.port

    @property
    def proxy_url(self) -> str:
        """What to give an HTTP client as its proxy."""
        return self._stand.proxy_url

    @property
    def requests(self) -> tuple[RequestLine, ...]:
        """Every request answered so far, in order."""
        return self._stand.requests

    def forget_requests(self) -> None:
        """Start the log of requests afresh."""
        self._stand.forget_requests()

    @property
    def press(self) -> Press:
        """What is served; set it to serve another edition from the next request on."""
        return self._stand.press

    @press.setter
    def press(self, press: Press) -> None:
        self._stand.press = press


@contextmanager
def serve_in_thread(press: Press, port: int = 0) -> Iterator[ServedPress]:
    """Serve `press` on 127.0.0.1 while the block runs; port 0 takes any free one.

    Raises OSError where the port is taken.
    """
    loop = asyncio.new_event_loop()
    stand = Newsstand(press, port)
    thread = threading.Thread(target=loop.run_forever, name="newsstand", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(stand.__aenter__(), loop).result()
        try:
            yield ServedPress(stand)
        finally:
            asyncio.run_coroutine_threadsafe(stand.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
