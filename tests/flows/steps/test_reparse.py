"""Parsing the archive again: what would change is shown first, and no revision is made up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from flows.archive.choice import RawPages
from flows.decisions.plan import plan_chunks
from flows.decisions.reparse_diff import Change
from flows.run.context import Tools, open_tools
from flows.steps.buffer import filled_crate
from flows.steps.harvest import harvest_chunk
from flows.steps.reparse import Reparsed, commit, reparse
from parsers.copies.fingerprints import fingerprint
from parsers.records import Article
from tests.faults.server import Site, answer, in_loop
from tests.flows.archive.test_archive import ARTICLE
from tests.flows.steps.test_harvest import HTML, OFF_TOPIC, entry, settings
from warehouse.loading.landing import landed
from warehouse.published.read import read
from warehouse.queue.articles import articles_for_matching
from warehouse.records import WaitingEntry
from warehouse.upkeep.checks import check

REVISIONS = "SELECT text, first_seen_at, read_at FROM article_revisions ORDER BY ALL"
TEA = """
[[topic]]
name = "tea"
title = "Tea"
[[topic.alias]]
strength = "strong"
names = ["tea house"]
"""


@asynccontextmanager
async def harvested(folder: Path, **more: object) -> AsyncIterator[Tools]:
    """Tools of a desk that harvested one article on topic and one off topic."""
    site = Site({"/story": answer(200, HTML, ARTICLE), "/cups": answer(200, HTML, OFF_TOPIC)})
    async with site, open_tools(settings(folder, **more)) as tools:
        found = (replace(entry(site, path), title=None) for path in site.routes)
        waiting = [WaitingEntry(one, attempts=0) for one in found]
        await tools.land(tools.batch("poll", entries=tuple(one.entry for one in waiting)))
        (chunk,) = plan_chunks(waiting, 100)
        async with filled_crate(tools) as crate:
            await harvest_chunk(tools, chunk, crate)
        await tools.load()
        yield tools


async def looked_at(tools: Tools) -> Reparsed:
    return await reparse(tools, progress=lambda _: None)


async def rows(tools: Tools, sql: str) -> tuple[tuple[object, ...], ...]:
    await tools.publish()
    return read(tools.desk, sql).rows


async def pretend_an_older_parser(tools: Tools, **read_as: str) -> None:
    """Makes the stored article what a worse parser would have read from the same page."""
    (stored,) = await tools.in_warehouse(lambda wh: articles_for_matching(wh, "no such topics"))
    worse: Article = replace(stored, **read_as)  # type: ignore[arg-type]  # text fields only
    worse = replace(worse, fingerprint=fingerprint(worse.text))
    await tools.land(tools.batch("reparse", articles=(worse,), topics_digest=tools.topics.digest))
    await tools.load()


@in_loop
async def test_the_same_parsers_change_nothing(tmp_path: Path) -> None:
    async with harvested(tmp_path) as tools:
        report = await looked_at(tools)
        assert (report.pages, dict(report.changes)) == (1, {Change.NONE: 1})
        assert landed(report.staged) == ()


@in_loop
async def test_a_better_text_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    async with harvested(tmp_path) as tools:
        right = await rows(tools, REVISIONS)
        await pretend_an_older_parser(tools, text="Log in to read. " * 40, title="Menu")
        wrong = await rows(tools, REVISIONS)
        assert [row[1:] for row in wrong] == [row[1:] for row in right]
        report = await looked_at(tools)
        assert dict(report.changes) == {Change.TEXT: 1}
        assert "Log in" in str(report.examples[0].before)
        # Nothing has changed before it is committed.
        assert await rows(tools, REVISIONS) == wrong
        assert await commit(tools, report) == 1
        assert await rows(tools, REVISIONS) == right
        assert await rows(tools, "SELECT revisions, title FROM articles") == ((1, "Tides"),)
        assert (await tools.in_warehouse(check))[1] == ()
        again = await looked_at(tools)
        assert dict(again.changes) == {Change.NONE: 1}


@in_loop
async def test_titles_and_metadata_are_told_apart(tmp_path: Path) -> None:
    async with harvested(tmp_path) as tools:
        await pretend_an_older_parser(tools, title="Tides | The Paper")
        assert dict((await looked_at(tools)).changes) == {Change.TITLE: 1}
        await pretend_an_older_parser(tools, title="Tides", site_name="Another Paper")
        assert dict((await looked_at(tools)).changes) == {Change.METADATA: 1}


@in_loop
async def test_pages_become_articles_under_other_topics(tmp_path: Path) -> None:
    async with harvested(tmp_path, raw_pages=RawPages.ALL):
        pass
    topics = tmp_path / "tea.toml"
    topics.write_text(TEA)
    async with open_tools(settings(tmp_path, topics=topics)) as tools:
        report = await looked_at(tools)
        assert dict(report.changes) == {Change.NEW: 1, Change.REJECTED: 1}
        await commit(tools, report)
        states = await rows(tools, "SELECT state, count(*) FROM entries GROUP BY ALL")
        assert states == (("stored", 2),)
        assert (await tools.in_warehouse(check))[1] == ()
        # What would be rejected stays.
        assert await rows(tools, "SELECT count(*) FROM articles") == ((2,),)


@in_loop
async def test_what_was_staged_and_not_committed_is_forgotten(tmp_path: Path) -> None:
    async with harvested(tmp_path) as tools:
        await pretend_an_older_parser(tools, title="Tides | The Paper")
        first = await looked_at(tools)
        assert len(landed(first.staged)) == 1
        second = await looked_at(tools)
        assert await commit(tools, second) == 1
