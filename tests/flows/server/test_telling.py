"""Every new story is told once: with many chunks at work, after an outage, after a kill."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from flows import clock
from flows.run.context import Run, open_run
from flows.server import reporting
from flows.server.events import Event
from flows.server.reporting import STORIES_AT_ONCE, Reporter
from flows.settings import Settings
from tests.servers.ports import free_port
from tests.servers.prefect_server import Up
from tests.waiting import eventually
from tests.warehouse.builders import a_batch, an_article
from warehouse.loading.landing import land
from warehouse.queue.arrivals import NEWS_FOR_DAYS

pytestmark = pytest.mark.server
STORIES = 45
"""More than are told at once, and fewer than the server lists at once."""


@pytest.fixture
def server(up: Up) -> Iterator[Up]:
    """The Prefect that this process talks to."""
    with temporary_settings({PREFECT_API_URL: up.api_url}):
        yield up


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(warehouse=str(tmp_path / "press.duckdb"), topics=None)


async def load_stories(run: Run, name: str) -> set[str]:
    """Loads stories on topic, none a copy of another; the ids of the resources that tell them."""
    articles = [an_article(f"{name}{n}", topics=("musk",)) for n in range(STORIES)]
    land(run.desk, a_batch(name, articles=tuple(articles)))
    assert await run.load()
    return {f"pressclip.story.{article.article_id}" for article in articles}


def told(server: Up, stories: set[str]) -> list[str]:
    """Every telling of these stories that the server has, the newest fifty of all."""
    events = server.events("pressclip.story.found")
    resources = [event["resource"]["prefect.resource.id"] for event in events]
    return [resource for resource in resources if resource in stories]


def assert_told_once(server: Up, stories: set[str]) -> None:
    eventually(lambda: set(told(server, stories)) == stories, "all stories")
    assert len(told(server, stories)) == len(stories)


async def test_many_chunks_at_once_tell_each_story_once(server: Up, settings: Settings) -> None:
    reporter = Reporter(logging.getLogger(__name__))
    async with open_run(settings, reporter) as run:
        stories = await load_stories(run, "chunks")
        await asyncio.gather(*(reporter.tell_stories(run) for _ in range(8)))
        await reporter.tell_articles(run)
    assert_told_once(server, stories)
    assert {f"pressclip.story.{story.story_id}" for story in reporter.stories} == stories


async def test_what_an_outage_left_is_told_by_the_next_run(server: Up, settings: Settings) -> None:
    nobody = f"http://127.0.0.1:{free_port()}/api"
    reporter = Reporter(logging.getLogger(__name__))
    async with open_run(settings, reporter) as run:
        stories = await load_stories(run, "outage")
        with temporary_settings({PREFECT_API_URL: nobody, PREFECT_CLIENT_MAX_RETRIES: 0}):
            await reporter.tell_stories(run)
    assert told(server, stories) == []
    reporter = Reporter(logging.getLogger(__name__))
    async with open_run(settings, reporter) as run:
        await reporter.tell_articles(run)
    assert_told_once(server, stories)


@pytest.mark.usefixtures("made_anew")
async def test_two_desks_both_tell_of_a_story_that_both_find(server: Up, tmp_path: Path) -> None:
    """Each warehouse has an identity of its own, from when it is made."""
    article = an_article("both", topics=("musk",))
    story = f"pressclip.story.{article.article_id}"
    for name in ("one", "two"):
        reporter = Reporter(logging.getLogger(__name__))
        async with open_run(Settings(warehouse=str(tmp_path / f"{name}.duckdb")), reporter) as run:
            land(run.desk, a_batch("both", articles=(article,)))
            assert await run.load()
            await reporter.tell_articles(run)
    eventually(lambda: told(server, {story}) == [story, story], "both tellings")


class Killed(BaseException):
    """What ends a process between two steps."""


async def test_a_kill_after_sending_repeats_a_few_under_their_ids(
    server: Up, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Event] = []
    tell_surely = reporting.tell_surely

    async def then_killed(events: Sequence[Event]) -> None:
        await tell_surely(events)
        sent.extend(events)
        if len(sent) > STORIES_AT_ONCE:
            raise Killed

    reporter = Reporter(logging.getLogger(__name__))
    async with open_run(settings, reporter) as run:
        stories = await load_stories(run, "killed")
        with monkeypatch.context() as patched:
            patched.setattr(reporting, "tell_surely", then_killed)
            with pytest.raises(Killed):
                await reporter.tell_stories(run)

    async def and_note(events: Sequence[Event]) -> None:
        sent.extend(events)
        await tell_surely(events)

    monkeypatch.setattr(reporting, "tell_surely", and_note)
    async with open_run(settings, Reporter(logging.getLogger(__name__))) as run:
        assert isinstance(run.listener, Reporter)
        await run.listener.tell_articles(run)
    assert len(sent) == STORIES + STORIES_AT_ONCE, "those that were in hand"
    assert len({event.event_id for event in sent}) == STORIES
    assert_told_once(server, stories)


async def test_who_tells_nobody_leaves_nothing_to_tell(server: Up, settings: Settings) -> None:
    async with open_run(settings) as run:
        stories = await load_stories(run, "quiet")
    reporter = Reporter(logging.getLogger(__name__))
    async with open_run(settings, reporter) as run:
        await reporter.tell_articles(run)
    assert told(server, stories) == []


async def test_old_news_are_struck_off_untold(server: Up, settings: Settings) -> None:
    async with open_run(settings, Reporter(logging.getLogger(__name__))) as run:
        stories = await load_stories(run, "old")
    reporter = Reporter(logging.getLogger(__name__))
    async with open_run(
        settings, reporter, now=lambda: clock.now() + timedelta(NEWS_FOR_DAYS + 1)
    ) as run:
        await reporter.tell_articles(run)
    assert told(server, stories) == []


async def test_the_progress_of_a_harvest_that_is_done_is_all_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many chunks tell of it at once, and whoever's number comes last."""
    shown: list[tuple[UUID | None, float]] = []

    async def show(key: str, what: str, percent: float, one: UUID | None) -> UUID:
        await asyncio.sleep(0)
        shown.append((one, percent))
        return one or uuid4()

    monkeypatch.setattr(reporting, "show_progress", show)
    reporter = Reporter(logging.getLogger(__name__))
    reporter.entries_waiting(reporting.LONG - 1)
    await reporter.tell_progress(done=True)
    assert shown == []
    reporter.entries_waiting(1)
    await asyncio.gather(*(reporter.tell_progress() for _ in range(4)))
    await reporter.tell_progress(done=True)
    assert [one for one, _ in shown].count(None) == 1
    assert shown[-1][1] == 100.0
