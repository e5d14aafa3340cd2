"""Asking for sitemaps."""

from __future__ import annotations

from flows.fetch.decompress import Limits, Unpacker
from flows.fetch.fetched import require_body
from flows.run.context import Run

MAX_BYTES = 52_428_800
"""The protocol's own limit for one file, unpacked."""
_GZIP = b"\x1f\x8b"


async def sitemap_body(run: Run, url: str) -> tuple[bytes, str]:
    """What a sitemap answers, unpacked, and where; asked for as politely as a page."""
    await run.robots.check(url)
    page = await run.client.get(url, max_bytes=MAX_BYTES, check=run.robots.check)
    require_body(page)
    body = page.body
    if body.startswith(_GZIP):
        ratio = run.settings.fetch().max_unpack_ratio
        unpacker = Unpacker("gzip", Limits(MAX_BYTES, ratio), url=url)
        unpacker.feed(body)
        body = unpacker.finish()
    return body, page.final_url
