"""Parsing the archive again: what would change is shown first, and no revision is made up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from flows.archive.choice import RawPages
from flows.decisions.plan import plan_chunks
from flows.decisions.reparse_diff import Change
from flows.run.context import Run, open_run
from flows.steps.buffer import open_buffer
from flows.steps.harvest import harvest_chunk
from flows.steps.publish import publish_copy
from flows.steps.reparse import Reparsed, commit, reparse
from parsers.copies.fingerprints import fingerprint
from parsers.records import Article
from parsers.text.marks import before_marks
from tests.flows.archive.test_archive import ARTICLE
from tests.flows.pages import HTML, OFF_TOPIC, entry
from tests.servers.site import Site, answer
from tests.settings import settings
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
async def harvested(folder: Path, page: bytes = ARTICLE, **more: object) -> AsyncIterator[Run]:
    """Tools of a desk that harvested one article on topic and one off topic."""
    site = Site({"/story": answer(200, HTML, page), "/cups": answer(200, HTML, OFF_TOPIC)})
    async with site, open_run(settings(folder, **more)) as run:
        found = (replace(entry(site, path), title=None) for path in site.routes)
        waiting = [WaitingEntry(one, attempts=0) for one in found]
        await run.land(run.batch("poll", entries=tuple(one.entry for one in waiting)))
        (chunk,) = plan_chunks(waiting, 100)
        async with open_buffer(run) as buffer:
            await harvest_chunk(run, chunk, buffer)
        await run.load()
        yield run


async def looked_at(run: Run) -> Reparsed:
    return await reparse(run, progress=lambda *_: None)


async def rows(run: Run, sql: str) -> tuple[tuple[object, ...], ...]:
    await publish_copy(run)
    return read(run.desk, sql).rows


async def pretend_an_older_parser(run: Run, **read_as: str) -> None:
    """Makes the stored article what a worse parser would have read from the same page."""
    (stored,) = await run.in_warehouse(lambda wh: articles_for_matching(wh, "no such topics"))
    worse: Article = replace(stored, **read_as)  # type: ignore[arg-type]  # text fields only
    worse = replace(worse, fingerprint=fingerprint(worse.text))
    await run.land(run.batch("reparse", articles=(worse,), topics_digest=run.topics.digest))
    await run.load()


async def test_the_same_parsers_change_nothing(tmp_path: Path) -> None:
    async with harvested(tmp_path) as run:
        report = await looked_at(run)
        assert (report.pages, dict(report.changes)) == (1, {Change.NONE: 1})
        assert landed(report.staged) == ()


async def test_a_better_text_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    async with harvested(tmp_path) as run:
        right = await rows(run, REVISIONS)
        await pretend_an_older_parser(run, text="Log in to read. " * 40, title="Menu")
        wrong = await rows(run, REVISIONS)
        assert [row[1:] for row in wrong] == [row[1:] for row in right]
        report = await looked_at(run)
        assert dict(report.changes) == {Change.TEXT: 1}
        assert "Log in" in str(report.examples[0].before)
        # Nothing has changed before it is committed.
        assert await rows(run, REVISIONS) == wrong
        assert await commit(run, report) == 1
        assert await rows(run, REVISIONS) == right
        assert await rows(run, "SELECT revisions, title FROM articles") == ((1, "Tides"),)
        assert (await run.in_warehouse(check))[1] == ()
        again = await looked_at(run)
        assert dict(again.changes) == {Change.NONE: 1}


async def test_marks_alone_make_no_revision_and_move_no_story(tmp_path: Path) -> None:
    """What an early version stored of a page has the words of what is read now, and no marks."""
    lists = (
        b"<h2>At the quay</h2><ol><li>First a ferry.</li><li>Then a tug.</li></ol>"
        b"<blockquote>Oh.</blockquote>"
    )
    page = ARTICLE.replace(b"</article>", lists + b"</article>")
    kept = "SELECT text_hash, revisions, story_id, copy_kind, first_seen_at, read_at FROM articles"
    fingerprints = "SELECT count(*) FROM fingerprints"
    async with harvested(tmp_path, page) as run:
        ((marked,),) = await rows(run, "SELECT text FROM articles")
        assert "## At the quay\n\n1.\u00a0First a ferry." in str(marked)
        right, before = await rows(run, kept), await rows(run, fingerprints)
        await pretend_an_older_parser(run, text=before_marks(str(marked)))
        assert await rows(run, kept) == right
        report = await looked_at(run)
        assert dict(report.changes) == {Change.FORM: 1}
        assert await commit(run, report) == 1
        assert await rows(run, "SELECT text FROM articles") == ((marked,),)
        assert await rows(run, kept) == right
        assert await rows(run, fingerprints) == before
        assert await rows(run, "SELECT count(*) FROM article_revisions") == ((1,),)
        assert dict((await looked_at(run)).changes) == {Change.NONE: 1}


async def test_titles_and_metadata_are_told_apart(tmp_path: Path) -> None:
    async with harvested(tmp_path) as run:
        await pretend_an_older_parser(run, title="Tides | The Paper")
        assert dict((await looked_at(run)).changes) == {Change.TITLE: 1}
        await pretend_an_older_parser(run, title="Tides", site_name="Another Paper")
        assert dict((await looked_at(run)).changes) == {Change.METADATA: 1}


async def test_pages_become_articles_under_other_topics(tmp_path: Path) -> None:
    async with harvested(tmp_path, raw_pages=RawPages.ALL):
        pass
    topics = tmp_path / "tea.toml"
    topics.write_text(TEA)
    async with open_run(settings(tmp_path, topics=topics)) as run:
        report = await looked_at(run)
        assert dict(report.changes) == {Change.NEW: 1, Change.REJECTED: 1}
        await commit(run, report)
        states = await rows(run, "SELECT state, count(*) FROM entries GROUP BY ALL")
        assert states == (("stored", 2),)
        assert (await run.in_warehouse(check))[1] == ()
        # What would be rejected stays.
        assert await rows(run, "SELECT count(*) FROM articles") == ((2,),)


async def test_what_was_staged_and_not_committed_is_forgotten(tmp_path: Path) -> None:
    async with harvested(tmp_path) as run:
        await pretend_an_older_parser(run, title="Tides | The Paper")
        first = await looked_at(run)
        assert len(landed(first.staged)) == 1
        second = await looked_at(run)
        assert await commit(run, second) == 1
