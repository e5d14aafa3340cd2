"""One host can't hold a run: what it has no time left for waits for later runs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.decisions.host_budget import HostBudget, put_off
from flows.run.context import Run, open_run
from flows.steps.ingest import harvest
from flows.steps.publish import publish_copy
from parsers.identity import entry_id
from parsers.records import Entry
from tests.servers.site import Request, Site, answer, redirect
from tests.settings import settings
from warehouse.published.read import read
from warehouse.records import WaitingEntry

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
FUNNEL = "SELECT stage, reason, entries::INTEGER FROM funnel WHERE entries > 0 ORDER BY ALL"


def entry(link: str) -> Entry:
    return Entry(entry_id(1, link), 1, link, link, title="Elon Musk reads")


async def harvested(run: Run, entries: Sequence[Entry]) -> tuple[tuple[object, ...], ...]:
    """What `funnel` says once `entries` were found and harvested."""
    await run.land(run.batch("poll", entries=tuple(entries)))
    await run.load()
    await harvest(run)
    await publish_copy(run)
    return read(run.desk, FUNNEL).rows


async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.2)
    await answer(404)(request, writer)


async def test_a_slow_host_gets_its_time_and_no_more(tmp_path: Path) -> None:
    given = settings(tmp_path, respect_robots=False, host_budget=0.5)
    async with Site({"*": slow}) as dawdler, Site({"*": answer(404)}) as other:
        links = [dawdler.url(f"/{n}") for n in range(20)]
        others = [other.url(f"/{n}") for n in range(20)]
        async with open_run(given) as run:
            found = await harvested(run, [entry(link) for link in (*links, *others)])
            asked = len(dawdler.log)
            assert 1 <= asked <= 3
            assert found == (
                ("dead", "http_404", 20 + asked),
                ("seen", None, 40),
                ("waiting", "host_busy", 20 - asked),
            )
            rows = read(
                run.desk,
                "SELECT DISTINCT attempts FROM entries WHERE reason = 'host_busy'",
            ).rows
            assert rows == ((0,),)
            # Nobody has failed: `pressclip failures` has nothing to say of them.
            open_ones = read(run.desk, "SELECT count(*) FROM open_failures WHERE attempts = 0")
            assert open_ones.rows == ((0,),)
        await asyncio.sleep(0.5 * 1.2)
        async with open_run(given) as run:
            await harvest(run)
        assert asked < len(dawdler.log) <= 2 * asked + 1, "the next run goes on, as far as it gets"


async def test_a_host_has_one_time_a_run_however_many_rounds_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.steps.ingest.ENTRIES_PER_ROUND", 5)
    async with (
        Site({"*": slow}) as dawdler,
        open_run(settings(tmp_path, respect_robots=False, host_budget=0.3)) as run,
    ):
        await harvested(run, [entry(dawdler.url(f"/{n}")) for n in range(15)])
        assert len(dawdler.log) <= 2
        waiting = read(run.desk, "SELECT count(*) FROM entries WHERE reason = 'host_busy'").rows
        assert waiting == ((15 - len(dawdler.log),),)


async def test_a_link_into_another_hosts_queue_does_not_hold_its_own_host(tmp_path: Path) -> None:
    async def very_slow(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1.2)
        await answer(404)(request, writer)

    given = settings(tmp_path, respect_robots=False, host_budget=0.4, fetch_timeout=1.5)
    async with (
        Site({"*": very_slow}, host="127.0.0.2") as queue,
        Site({"*": redirect(queue.url("/page"))}, host="0.0.0.0") as doors,
        open_run(given) as run,
    ):
        links = [f"http://127.7.0.{n}:{doors.port}/a" for n in range(1, 9)]
        await harvested(run, [entry(link) for link in links])
        assert len(queue.log) < 4
        found = read(run.desk, "SELECT reason, count(*) > 3 FROM entries GROUP BY ALL").rows
        assert ("timeout", True) in found


def test_as_many_are_put_off_to_a_run_as_this_one_managed() -> None:
    waiting = [WaitingEntry(replace(entry("http://a.example/1"), entry_id=n), 2) for n in range(7)]
    time = HostBudget(0.0, asked=3)
    groups = [(one,) for one in waiting]
    done = [*put_off(groups[:4], time, now=NOW, pause=600, digest="d")]
    done += put_off(groups[4:], time, now=NOW, pause=600, digest="d")
    times = [one.outcome.next_try_at for one in done]
    assert times == [NOW + timedelta(minutes=10 * turn) for turn in (1, 1, 1, 2, 2, 2, 3)]
    assert {(one.outcome.attempts, one.outcome.reason, one.failure) for one in done} == {
        (2, "host_busy", None)
    }


def test_nothing_is_put_off_for_longer_than_a_day() -> None:
    time = HostBudget(0.0, asked=1, put_off=100_000)
    (done,) = put_off(
        [(WaitingEntry(entry("http://a.example/1"), 0),)], time, now=NOW, pause=600, digest="d"
    )
    assert done.outcome.next_try_at == NOW + timedelta(days=1)
