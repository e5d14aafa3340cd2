"""A real browser over pages that are served: Debian's chromium, which reaches only this machine."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, Literal

from hypercorn.asyncio import serve
from hypercorn.config import Config
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from starlette.types import ASGIApp

from tests.servers.ports import free_port
from tests.waiting import eventually

Scheme = Literal["light", "dark"]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@contextmanager
def served(app: ASGIApp, *closers: Callable[[], Awaitable[None]]) -> Iterator[str]:
    """The address of `app`, served in a thread; what it works with is closed there too."""
    port = free_port()
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def work() -> None:
        await serve(app, config, shutdown_trigger=stop.wait)  # type: ignore[arg-type]  # narrower ASGI types
        for close in closers:
            await close()

    thread = threading.Thread(target=loop.run_until_complete, args=(work(),))
    thread.start()
    try:
        eventually(lambda: _is_open(port), "the pages are served", every=0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def started() -> Iterator[Browser]:
    """A browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def opened(
    browser: Browser, site: str, width: int = 1400, scheme: Scheme = "light", **options: Any
) -> BrowserContext:
    """A window of this width."""
    return browser.new_context(
        base_url=site, viewport={"width": width, "height": 800}, color_scheme=scheme, **options
    )


def serious_faults(page: Page) -> list[str]:
    """What axe finds that keeps somebody out."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(
        """async () => (await axe.run()).violations
            .filter(one => ["serious", "critical"].includes(one.impact))
            .map(one => one.id + ": " + one.nodes[0].html)"""
    )
    return found
