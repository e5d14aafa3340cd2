"""Recorded pages behind one feed, served as a forward proxy would: for benchmarks.

    python -m tests.benchmarks.recorded_press COPIES ON_TOPIC_EVERY MONSTERS

serves COPIES copies of every page, every ON_TOPIC_EVERYth of them with a paragraph on a topic
(0: leaves the pages as they are), and MONSTERS of each kind of page that blows a parser up, and
prints the port. Runs as a process of its own, so that what
it costs is not counted as the walk's.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

FEED_URL = "http://recorded-press.example/feed.json"
MISSING = (b"text/plain", b"")
SENTENCE = b"<p>Elon Musk said on Tuesday that OpenAI would hear from him in court again.</p>"


def pages_folder() -> Path | None:
    """The recorded pages, or None where they are not at hand."""
    named = os.environ.get("PRESSCLIP_EVALDATA")
    folder = Path(named) if named else Path(__file__).parents[3] / "shared" / "evaldata"
    return folder if (folder / "truth.jsonl").exists() else None


def recorded_pages() -> Iterator[tuple[str, bytes]]:
    """(URL, HTML) of every recorded page; of the made-up press where there is none."""
    folder = pages_folder()
    if folder is not None:
        for line in (folder / "truth.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            yield row["url"], gzip.decompress((folder / row["file"]).read_bytes())
        return
    from flows.newsstand import load_press  # noqa: PLC0415 - not needed beside recorded pages

    press = load_press()
    for expected in press.truth():
        reply = press.answer(expected.url)
        if reply is not None:
            for number in range(20):
                yield f"{expected.url}?copy={number}", reply.body


def marked(html: bytes) -> bytes:
    """`html` with a paragraph on a topic after each of its first paragraphs, one of which will be
    the article's."""
    return html.replace(b"</p>", b"</p>" + SENTENCE, 12)


def monsters(count: int) -> Iterator[bytes]:
    """Pages on topic of which parsing takes hundreds of megabytes, `count` of each kind."""
    noise = random.Random(1)
    for _ in range(count):
        words = b" ".join(b"%06x" % noise.getrandbits(24) for _ in range(100_000))
        cells = words.replace(b" ", b"</td><td>")
        for body in (
            b"<table><tr><td>%s</td></tr></table>" % cells.replace(b"</td>", b"</td></tr><tr>") * 3,
            b"<div>" * 200_000 + words,
            b"".join(b"<p>%s</p>" % words[at : at + 300] for at in range(0, 700_000, 300)) * 25,
            words.replace(b" ", b"<i>a</i> ") * 10,
        ):
            yield b"<html><title>T</title><body><h1>T</h1>" + SENTENCE * 9 + body


def build(
    copies: int, on_topic_every: int, monster_count: int = 0
) -> dict[str, tuple[bytes, bytes]]:
    """What is served: URL → (headers, gzipped body), the feed among it."""
    answers: dict[str, tuple[bytes, bytes]] = {}
    items: list[dict[str, str]] = []
    for copy in range(copies):
        for url, html in recorded_pages():
            parts = urlsplit(url)
            page_url = f"http://{parts.netloc}{parts.path or '/'}?{parts.query}&c={copy}"
            body = html
            if on_topic_every and len(items) % on_topic_every == 0:
                body = marked(html)
            answers[page_url] = (b"text/html", gzip.compress(body, 4))
            items.append({"id": page_url, "url": page_url, "title": f"Page {len(items)}"})
    for number, body in enumerate(monsters(monster_count)):
        page_url = f"http://monsters-{number % 7}.example/{number}"
        answers[page_url] = (b"text/html", gzip.compress(body, 4))
        items.append({"id": page_url, "url": page_url, "title": f"Monster {number}"})
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Recorded", "items": items}
    answers[FEED_URL] = (b"application/feed+json", gzip.compress(json.dumps(feed).encode()))
    return answers


async def serve(answers: dict[str, tuple[bytes, bytes]]) -> None:
    """Serves until the process ends; prints the port."""

    class Answering(asyncio.Protocol):
        """One write for an answer, and no coroutine: the press shares the machine with the walk."""

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = cast(asyncio.Transport, transport)
            self.read = b""

        def data_received(self, data: bytes) -> None:
            *heads, self.read = (self.read + data).split(b"\r\n\r\n")
            for head in heads:
                kind, body = answers.get(head.split(b" ", 2)[1].decode("latin-1"), MISSING)
                status = b"200 OK" if body else b"404 Not Found"
                self.transport.write(
                    b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Encoding: gzip\r\n"
                    b"Content-Length: %d\r\n\r\n%s" % (status, kind, len(body), body)
                )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answering, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(build(*map(int, sys.argv[1:4]))))
