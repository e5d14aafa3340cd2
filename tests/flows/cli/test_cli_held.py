"""What commands say and how they end while another process holds the warehouse."""

from __future__ import annotations

import asyncio
import fcntl
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import pytest
from typer.testing import CliRunner, Result

from flows.cli.commands.ingest import summary
from flows.cli.main import app
from flows.run.context import open_run
from flows.run.listener import LogListener
from flows.settings import Settings
from flows.steps.backfill.crawls import backfill_crawls
from flows.steps.ingest import IngestReport, ingest
from flows.steps.reparse import reparse
from flows.steps.subscriptions import change_feed, removed, subscribe
from parsers.errors import Retry
from parsers.feeds.opml import OpmlFeed
from tests.flows.pages import HTML, ON_TOPIC, STORY
from tests.flows.steps.test_backfill import crawl
from tests.flows.steps.test_reparse import harvested, pretend_an_older_parser
from tests.servers.site import Site, answer
from tests.settings import settings
from tests.warehouse.builders import Bench, a_batch, at
from warehouse.desk import Desk
from warehouse.loading.landing import landed
from warehouse.published.publish import publish
from warehouse.records import EntryOutcome, Feed

HOLDER = "process 4711 (someone)"
FEED = "https://paper.example/feed"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk that has been at work."""
    bench = Bench(settings(tmp_path).desk())
    bench.load(a_batch("b1", feeds=(Feed(1, FEED, title="Paper"),)))
    publish(bench.desk, now=at(1))
    return bench.desk


@pytest.fixture
def hold(desk: Desk) -> Iterator[Callable[..., None]]:
    """Holds the warehouse as another process does, from when it is called on."""
    with desk.writer_lock.open("w+") as lock:

        def take(*_: object) -> None:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.write(HOLDER)
            lock.flush()

        yield take


def pressclip(desk: Desk, *args: str) -> Result:
    env = {
        "PRESSCLIP_WAREHOUSE": desk.name,
        "PRESSCLIP_LOCK_WAIT": "0.2",
        "PRESSCLIP_WORKERS": "1",
        "PREFECT_API_URL": "",
        "NO_COLOR": "1",
    }
    return CliRunner().invoke(app, args, env=env)


def assert_put_off(done: Result, desk: Desk, *, batches: int) -> None:
    """It ended with "try again later", and said for whom and where what it collected is."""
    assert done.exit_code == 75, done.output
    assert HOLDER in done.stderr
    assert "safe in the landing folder" in done.stderr
    assert len(landed(desk)) == batches


def test_what_is_filed_meanwhile_is_landed_and_not_called_stored(
    desk: Desk, hold: Callable[..., None], tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_text(f"Elon Musk Reads\n\n{STORY}\n\n{STORY}\n")
    hold()
    done = pressclip(desk, "add", str(note))
    assert_put_off(done, desk, batches=1)
    assert "landed" in done.stdout
    assert "stored" not in done.stdout


def test_a_backfill_that_could_not_be_loaded(
    desk: Desk, hold: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def held_from_the_first_stretch_on(run: Any, paths: Any, since: Any, _: Any) -> Any:
        return await backfill_crawls(run, paths, since, hold)

    monkeypatch.setattr(
        "flows.steps.backfill.crawls.backfill_crawls", held_from_the_first_stretch_on
    )
    done = pressclip(desk, "backfill", str(crawl(tmp_path)))
    assert_put_off(done, desk, batches=1)
    assert "2 stored" not in pressclip(desk, "status").stdout


def test_a_reparse_that_could_not_be_loaded(
    tmp_path: Path, desk: Desk, hold: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def prepare() -> None:
        async with harvested(tmp_path) as run:
            await pretend_an_older_parser(run, title="Menu")

    asyncio.run(prepare())

    async def held_then(*given: Any, **named: Any) -> Any:
        report = await reparse(*given, **named)
        hold()
        return report

    monkeypatch.setattr("flows.steps.reparse.reparse", held_then)
    done = pressclip(desk, "reparse", "--yes")
    assert_put_off(done, desk, batches=1)
    assert "Landed. 1 articles differ" in done.stdout
    assert "Committed" not in done.stdout


class Disturbed(LogListener):
    """Somebody takes the warehouse once the first entry is decided, until a load has failed."""

    def __init__(self, lock: TextIO) -> None:
        super().__init__()
        self._lock = lock

    def entry_decided(self, outcome: EntryOutcome) -> None:
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        super().entry_decided(outcome)

    def held_up(self, message: str) -> None:
        if "landing folder" in message:
            fcntl.flock(self._lock, fcntl.LOCK_UN)
        super().held_up(message)


async def test_an_ingest_loads_at_its_end_what_it_could_not_load_before(tmp_path: Path) -> None:
    kept, rss = settings(tmp_path, lock_wait=0.2), {"Content-Type": "application/rss+xml"}
    feed = (
        '<rss version="2.0"><channel><title>P</title><item><link>{}</link></item></channel></rss>'
    )
    async with Site({"/story": answer(200, HTML, ON_TOPIC.encode())}) as site:
        site.routes["/feed"] = answer(200, rss, feed.format(site.url("/story")).encode())
        subscribe(kept, [OpmlFeed(site.url("/feed"))])
        with kept.desk().writer_lock.open("a") as lock:
            async with open_run(kept, Disturbed(lock)) as run:
                report = await ingest(run)
    assert (report.harvested, report.behind) == ({"stored": 1}, False)
    assert landed(kept.desk()) == ()


def test_an_ingest_that_could_not_load_does_not_say_that_all_is_there() -> None:
    for harvested_states in (None, Counter({"stored": 3})):
        said = summary(IngestReport(harvested=harvested_states, behind=True), Settings())
        assert "not loaded yet" in said
        assert "up to date" not in said
        assert "Open" not in said


@pytest.mark.parametrize(
    "command",
    [
        ("feeds", "remove", FEED),
        ("feeds", "import", "more.opml"),
        ("failures", "retry", "--all"),
        ("failures", "drop", "--all"),
    ],
)
def test_who_is_waited_for_is_said_before_the_wait(
    command: tuple[str, ...],
    desk: Desk,
    hold: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("more.opml").write_text(
        '<opml version="2.0"><body><outline xmlUrl="https://b.example/feed"/></body></opml>'
    )
    hold()
    done = pressclip(desk, *command)
    assert done.exit_code == 75
    assert done.stderr.count(HOLDER) == 2, "once before the wait and once at its end"
    assert landed(desk) == ()


def test_a_change_that_is_stored_but_not_published_is_not_to_be_asked_for_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise Retry("warehouse_locked", f"{HOLDER} has it.")

    monkeypatch.setattr("flows.steps.subscriptions.publish", busy)
    told: list[str] = []
    kept = settings(desk.published, lock_wait=0.2)
    assert change_feed(kept, FEED, removed, told.append).url == FEED
    assert "The change is stored; the next run publishes it." in told[-1]
