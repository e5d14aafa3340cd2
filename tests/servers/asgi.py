"""Any ASGI app, such as a hub or a receiver of pushes, served by uvicorn, or over HTTP/2 by
hypercorn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import trustme
import uvicorn
from hypercorn.asyncio import serve
from hypercorn.config import Config

from tests.servers.ports import free_port

App = Callable[
    [dict[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Any
]
"""An ASGI application, loosely typed as in the specification."""


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """An ASGI app on a free port of loopback; gives its address."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def served_over_http2(app: App, authority: trustme.CA, folder: Path) -> AsyncIterator[str]:
    """An HTTP/2 server for `app`; gives its address."""
    leaf = authority.issue_cert("127.0.0.1")
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    leaf.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    port = free_port()
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.certfile, config.keyfile = str(folder / "cert.pem"), str(folder / "key.pem")
    config.graceful_timeout = 0.1
    config.errorlog = None
    stop = asyncio.Event()
    server = asyncio.create_task(serve(app, config, shutdown_trigger=stop.wait))  # type: ignore[arg-type]  # its own narrower ASGI types
    try:
        await _listening(port)
        yield f"https://127.0.0.1:{port}"
    finally:
        stop.set()
        await server


async def _listening(port: int) -> None:
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise AssertionError("hypercorn did not start")
