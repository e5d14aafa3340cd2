"""What people read, held open: always the newest copy, and no copy closed under a question."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from parsers.errors import PressclipError, Quarantine, Retry
from tests.waiting import PATIENCE
from tests.warehouse.builders import Bench, a_batch, an_article, at
from warehouse.database.bounds import Bounds
from warehouse.published.newest import Newest, Question
from warehouse.published.pages.asking import Connection
from warehouse.published.publish import publish

BOUNDS = Bounds("64MB", 1)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench.in_folder(tmp_path)
    bench.load(a_batch("b1", articles=(an_article("a"),)))
    publish(bench.desk, now=at(2))
    return bench


@pytest.fixture
def newest(bench: Bench) -> Iterator[Newest]:
    newest = Newest(bench.desk, BOUNDS, look_every=0)
    yield newest
    newest.close()


def add(bench: Bench, name: str, hours: float) -> None:
    bench.load(a_batch(f"of-{name}", hours, articles=(an_article(name, read=hours),)))
    publish(bench.desk, now=at(hours + 1))


def articles(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM articles").fetchall()[0][0])


def well(newest: Newest) -> bool:
    return newest.trouble is None


def open_copies(folder: Path) -> int:
    """How many files called like the copy this process has open."""
    links = Path("/proc/self/fd").iterdir()
    return sum(str(folder / "clips.duckdb") in _target(link) for link in links)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""


def shown_at(newest: Newest) -> datetime | None:
    return newest.freshness.at if newest.freshness else None


def test_a_new_copy_is_seen_and_the_one_before_closed(
    bench: Bench, newest: Newest, tmp_path: Path
) -> None:
    assert newest.freshness is None
    assert Question(newest, articles).answer() == 1
    assert shown_at(newest) == at(2)
    add(bench, "b", 5)
    assert Question(newest, articles).answer() == 2
    assert shown_at(newest) == at(6)
    assert open_copies(tmp_path) == 1
    newest.close()
    assert open_copies(tmp_path) == 0


def test_a_question_keeps_the_copy_that_it_began_with(
    bench: Bench, newest: Newest, tmp_path: Path
) -> None:
    with newest.cursor() as before:
        assert articles(before) == 1
        add(bench, "b", 5)
        with newest.cursor() as after:
            assert (articles(before), articles(after)) == (1, 2)
            assert open_copies(tmp_path) == 2
        assert articles(before) == 1
    assert open_copies(tmp_path) == 1


def test_questions_side_by_side_while_copies_are_swapped_in(bench: Bench, newest: Newest) -> None:
    done = threading.Event()

    def ask() -> list[int]:
        found = []
        while not done.is_set():
            found.append(Question(newest, articles).answer())
        return found

    with ThreadPoolExecutor(4) as threads:
        asking = [threads.submit(ask) for _ in range(4)]
        for number in range(4):
            add(bench, f"n{number}", number + 3)
        done.set()
    for one in asking:
        seen = one.result()
        assert seen == sorted(seen), "never older than what was shown before"
    assert Question(newest, articles).answer() == 5


def test_nothing_is_written_and_a_folder_may_be_read_only(newest: Newest, tmp_path: Path) -> None:
    before = {path.name for path in tmp_path.rglob("*")}
    Question(newest, articles).answer()
    assert {path.name for path in tmp_path.rglob("*")} == before


def test_it_says_that_nothing_is_published_yet_and_sees_the_first_copy(tmp_path: Path) -> None:
    bench = Bench.in_folder(tmp_path)
    newest = Newest(bench.desk, BOUNDS)
    with pytest.raises(Quarantine, match="pressclip ingest"):
        Question(newest, articles).answer()
    bench.load(a_batch("b1", articles=(an_article("a"),)))
    publish(bench.desk, now=at(2))
    assert Question(newest, articles).answer() == 1
    newest.close()


@pytest.mark.parametrize("now_there", ["nothing", "no database", "a part"])
def test_what_was_open_is_shown_on_while_the_file_is_away_or_broken(
    bench: Bench, newest: Newest, now_there: str, caplog: pytest.LogCaptureFixture
) -> None:
    Question(newest, articles).answer()
    assert well(newest)
    published = bench.desk.published
    whole = published.read_bytes()
    published.unlink()
    if now_there != "nothing":
        part = whole[: len(whole) // 2]
        published.write_bytes(part if now_there == "a part" else b"no database at all" * 1000)
    for _ in range(2):
        assert Question(newest, articles).answer() == 1
    assert shown_at(newest) == at(2)
    assert not well(newest)
    (said,) = caplog.messages
    assert "shown on" in said
    published.unlink(missing_ok=True)
    add(bench, "b", 5)
    assert Question(newest, articles).answer() == 2
    assert well(newest)


def test_damage_that_a_question_meets_is_known_until_there_is_another_copy(
    bench: Bench, newest: Newest, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(connection: Connection) -> int:
        raise duckdb.IOException("Corrupt database file: computed checksum 1")

    for _ in range(2):
        with pytest.raises(Quarantine, match="damaged"):
            Question(newest, fail).answer()
        assert Question(newest, articles).answer() == 1
    assert not well(newest)
    assert len(caplog.messages) == 1
    add(bench, "b", 5)
    assert Question(newest, articles).answer() == 2
    assert well(newest)


def test_what_it_has_open_and_lost_is_opened_once_more(newest: Newest) -> None:
    seen: list[Connection] = []

    def fail_once(connection: Connection) -> int:
        seen.append(connection)
        if len(seen) == 1:
            raise duckdb.IOException("Stale file handle")
        return articles(connection)

    assert Question(newest, fail_once).answer() == 1

    def fail(connection: Connection) -> int:
        raise duckdb.IOException("Stale file handle")

    with pytest.raises(PressclipError, match="Stale"):
        Question(newest, fail).answer()
    assert Question(newest, articles).answer() == 1


def test_it_reaches_nothing_else_and_keeps_within_its_bounds(
    newest: Newest, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")

    def peek(connection: Connection) -> object:
        return connection.execute(f"FROM read_text('{tmp_path}/secret.txt')").fetchall()

    with pytest.raises(PressclipError, match="disabled"):
        Question(newest, peek).answer()

    def settings(connection: Connection) -> list[tuple[object, ...]]:
        names = ("memory_limit", "threads", "temp_directory", "TimeZone")
        told = ", ".join(f"current_setting('{name}')" for name in names)
        return connection.execute(f"SELECT {told}").fetchall()

    assert Question(newest, settings).answer() == [("61.0 MiB", 1, "", "UTC")]

    def hoard(connection: Connection) -> object:
        return connection.execute(
            "SELECT list(i ORDER BY -i) FROM range(100000000) r(i)"
        ).fetchall()

    with pytest.raises(Retry, match="out of memory"):
        Question(newest, hoard).answer()
    assert Question(newest, articles).answer() == 1


def test_an_ended_question_stops_and_disturbs_no_other(newest: Newest) -> None:
    running = threading.Event()

    def endless(connection: Connection) -> object:
        running.set()
        return connection.execute("SELECT sum(i) FROM range(1000000000000000) r(i)").fetchall()

    question = Question(newest, endless)
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(question.answer)
        assert running.wait(PATIENCE)
        assert Question(newest, articles).answer() == 1
        while not asking.done():
            question.end()
            wait([asking], timeout=0.02)
    assert isinstance(asking.exception(), TimeoutError)
    assert Question(newest, articles).answer() == 1


def test_a_question_that_was_ended_before_it_began_asks_nothing(newest: Newest) -> None:
    question = Question(newest, articles)
    question.end()
    with pytest.raises(TimeoutError):
        question.answer()


def test_a_lake_is_read_by_an_engine_of_its_own(
    lake: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that wrote before may hold more than a reader may."""
    lake.load(a_batch("b1", articles=(an_article("a"),)))
    with duckdb.connect(":memory:") as busy, monkeypatch.context() as patched:
        busy.execute(
            "CREATE TABLE held AS SELECT md5(i::VARCHAR) AS a FROM range(4_000_000) AS r(i)"
        )
        patched.setattr("warehouse.database.lakes._idle", [busy])
        newest = Newest(lake.desk, BOUNDS)
        assert Question(newest, articles).answer() == 1
        newest.close()


def test_a_lake_shows_what_was_loaded_last(lake: Bench) -> None:
    lake.load(a_batch("b1", articles=(an_article("a"),)))
    newest = Newest(lake.desk, BOUNDS, look_every=0)
    assert Question(newest, articles).answer() == 1
    first = shown_at(newest)
    assert isinstance(first, datetime)
    assert first.tzinfo is UTC
    before = newest.freshness
    lake.load(a_batch("b2", 5, articles=(an_article("b", read=5),)))
    assert Question(newest, articles).answer() == 2
    assert Question(newest, articles).answer() == 2
    assert newest.freshness != before
    newest.close()


def test_a_lake_that_was_moved_there_shows_what_was_loaded_since(lake: Bench) -> None:
    """It brings along when the file that it was had been published."""
    lake.load(a_batch("b1", articles=(an_article("a"),)))
    with lake.open() as wh:
        wh.execute("UPDATE writer_lock SET published_at = $at", {"at": at(1)})
    newest = Newest(lake.desk, BOUNDS, look_every=0)
    assert Question(newest, articles).answer() == 1
    before = newest.freshness
    assert shown_at(newest) == at(1000), "when it was loaded"
    lake.load(a_batch("b2", 5, articles=(an_article("b", read=5),)))
    assert Question(newest, articles).answer() == 2
    assert newest.freshness != before
    newest.close()
