"""A small desk whose pages are looked at: a story with copies, one with revisions, other scripts,
and an article that means harm."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.types import ASGIApp

from flows.archive.writing import RawPage, archive
from flows.fetch.fetched import Fetched
from flows.web.app import web_app
from flows.web.copies import Copies
from flows.web.cuts import Cuts
from flows.web.questions import Questions
from parsers.identity import article_id
from parsers.records import Article, Mention, Page, TopicMatch
from parsers.records import Place as Where
from tests.waiting import PATIENCE
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, an_outcome, at
from warehouse.desk import Desk
from warehouse.published.publish import publish
from warehouse.published.search_index import index_path, refresh_index
from warehouse.records import Batch, EntryState, Feed, FeedHealth

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = (
    '</title><script>alert(1)</script><img src=x onerror="alert(2)" '
    "hx-get=/hostile hx-trigger=load> {{ 7 * 7 }} $x$"
)
WORDS = " ".join(f"kettle{number}" for number in range(16))
ARABIC = "شركة OpenAI تفتتح ركنا للقراءة"
NOW = at(100)


def told(name: str, text: str, **fields: object) -> Article:
    """An article with this text, which mentions OpenAI in it as often as it does."""
    made = an_article(name, **fields)  # type: ignore[arg-type]
    count, first = text.count("OpenAI"), max(text.find("OpenAI"), 0)
    mentions = [Mention("OpenAI", Where.BODY, first, count)]
    if (made.title or "").startswith("OpenAI"):
        mentions.append(Mention("OpenAI", Where.TITLE, 0, 1))
    topics = tuple(TopicMatch(topic.topic, 0.5, tuple(mentions)) for topic in made.topics)
    return replace(made, text=text, topics=topics)


FIRST = an_article(
    "first",
    WORDS,
    host="first.example",
    title="Teachers get a kettle",
    published_at=at(0.5),
    sources=(("title", "json-ld"), ("published_at", "json-ld")),
    removed=(("read_also", 3), ("byline", 1)),
)
COPY = an_article(
    "copy",
    WORDS,
    host="second.example.id",
    title="A kettle for teachers",
    published_at=at(3),
    read=4,
)
OLD = told(
    "changing",
    "A paragraph that stays.\n\nOpenAI sells nine lamps.\n\nThe last words.",
    title="OpenAI sells lamps",
    read=5,
)
NEW = replace(
    told(
        "changing",
        "A paragraph that stays.\n\nOpenAI sells ten lamps.\n\nThe last words.",
        title="OpenAI sells more lamps",
        read=9,
    ),
    fingerprint=an_article("changed").fingerprint,
)
FORMED = told(
    "formed",
    "Before OpenAI.\n\n## A subheading\n\n> A quotation\n\n- one\n- two\n\n1.\u00a0first\n\n"
    "Lamps | 10\nKettles | 2\n\nAfter OpenAI, and OpenAI again.",
    title="Marks of form",
    read=12,
    topics=("OpenAI", "musk"),
)
RTL = told("rtl", f"{ARABIC}.\n\nالدخول مجاني، والشاي أيضا.", title=ARABIC, language="ar", read=30)
HARM = replace(
    told("harm", f"OpenAI. {HOSTILE}\n\n## {HOSTILE}", title=HOSTILE, read=31, host="harm.example"),
    authors=(HOSTILE,),
    section=HOSTILE,
    tags=(HOSTILE,),
    url="https://harm.example/harm",
    canonical_url="javascript:alert(3)",
    article_id=article_id("javascript:alert(3)"),
)
_SENTENCES = (
    "The kettle of the reading room in Port Alder boils for OpenAI, said the librarian. " * 3
)
RAW_PAGE = (
    "<html><head><title>Teachers get a kettle</title></head><body><article>"
    f"<h1>Teachers get a kettle</h1><p>{_SENTENCES}</p><p>Read also: Ducks & drakes</p>"
    f"<p>{_SENTENCES[::-1]}</p></article></body></html>"
).encode()
FEEDS = (
    Feed(
        1, "https://first.example/feed", title="First", health=FeedHealth.OK,
        succeeded_at=at(90), polled_at=at(90), poll_every=1800.0, entry_gap=7200.0,
    ),
    Feed(
        2, "https://second.example.id/feed", title=HOSTILE, health=FeedHealth.FAILING,
        error="host_paused", failures=3, polled_at=at(90), next_poll_at=at(101),
    ),
)  # fmt: skip


def _entries() -> Batch:
    return a_batch(
        "b0",
        feeds=FEEDS,
        entries=(an_entry("first"), an_entry("gone", title=HOSTILE), an_entry("waits")),
        outcomes=(
            an_outcome("first", EntryState.STORED, 2, article_id=FIRST.article_id),
            an_outcome("gone", EntryState.DEAD, 2, reason="http_410", attempts=1),
        ),
    )


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The desk, published."""
    bench = Bench(Desk.at(Path(tmp_path_factory.mktemp("pages")) / "press.duckdb"))
    read = a_batch("b1", 6, articles=(FIRST, COPY, OLD, FORMED))
    raw = Page(FIRST.url, FIRST.url, 200, (("content-type", "text/html"),), RAW_PAGE, at(1))
    archive(bench.desk, read, [RawPage(Fetched(raw, (), (), RAW_PAGE), (1,))], software="test")
    bench.load(
        _entries(),
        read,
        a_batch("b2", 32, articles=(NEW, RTL, HARM)),
    )
    publish(bench.desk, now=at(99))
    refresh_index(bench.desk)
    return bench.desk


@dataclass(frozen=True, slots=True)
class Client:
    """Asks an app, without a server."""

    app: ASGIApp
    root: str = ""

    def get(self, path: str) -> httpx.Response:
        """The answer, whatever it is."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, False, self.root)
            async with httpx.AsyncClient(transport=transport) as client:
                return await client.get(f"http://127.0.0.1{path}")

        return asyncio.run(ask())


@pytest.fixture(scope="session")
def client(desk: Desk) -> Iterator[Client]:
    """Who asks for its pages."""
    cuts = Cuts(desk, seconds=PATIENCE)
    yield Client(web_app(Copies(desk), cuts=cuts, index=index_path(desk), now=lambda: NOW))
    asyncio.run(cuts.close())


@pytest.fixture(scope="module")
def site(desk: Desk) -> Iterator[str]:
    """Where its pages are served to a browser."""
    browser = pytest.importorskip("tests.flows.web.pages.browser")
    questions, cuts = Questions(desk, seconds=PATIENCE), Cuts(desk, seconds=PATIENCE)
    app = web_app(
        Copies(desk, seconds=PATIENCE),
        questions=questions,
        cuts=cuts,
        index=index_path(desk),
        now=lambda: NOW,
    )
    with browser.served(app, questions.close, cuts.close) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser. For one module only, since nothing else may start a loop beside it."""
    with pytest.importorskip("tests.flows.web.pages.browser").started() as browser:
        yield browser
