"""Any ASGI app, such as a hub or a receiver of pushes, served by Hypercorn, over HTTP/2 too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import trustme
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
    async with _serving(app, Config()) as address:
        yield f"http://{address}"


@asynccontextmanager
async def served_over_http2(app: App, authority: trustme.CA, folder: Path) -> AsyncIterator[str]:
    """An HTTP/2 server for `app`; gives its address."""
    leaf = authority.issue_cert("127.0.0.1")
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    leaf.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    config = Config()
    config.certfile, config.keyfile = str(folder / "cert.pem"), str(folder / "key.pem")
    async with _serving(app, config) as address:
        yield f"https://{address}"


@asynccontextmanager
async def _serving(app: Any, config: Config) -> AsyncIterator[str]:
    port = free_port()
    config.bind = [f"127.0.0.1:{port}"]
    config.graceful_timeout = 0.1
    config.errorlog = None
    config.keep_alive_timeout = 600
    stop = asyncio.Event()
    server = asyncio.create_task(serve(app, config, shutdown_trigger=stop.wait))
    try:
        await _listening(port)
        yield f"127.0.0.1:{port}"
    finally:
        stop.set()
        await server


async def _listening(port: int) -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise AssertionError("hypercorn did not start")
