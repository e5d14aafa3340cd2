"""Every old version of the schema, as it was left behind, becomes today's, in a file and a lake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from parsers.identity import article_id
from tests.tiers import also_long
from tests.warehouse.builders import Bench
from tests.warehouse.history import MADE_UP, a_history, contents
from tests.warehouse.places import Places, needs_extensions
from tests.warehouse.record import recording, replay
from tests.warehouse.schemas import schema_of
from warehouse.database.lakes import open_lake
from warehouse.database.migrate import applied, migrations
from warehouse.database.open import migrate_now
from warehouse.database.published_state import published_state
from warehouse.database.warehouse import Row
from warehouse.desk import Desk
from warehouse.published.read import named, read
from warehouse.records import Batch
from warehouse.upkeep.checks import check

NEWEST = migrations()[-1].version
DEFINED = 14
"""Since when definitions are no migrations."""
SOME = (1, DEFINED - 1, DEFINED, NEWEST - 1)
"""The first, from which every migration is applied, the two between which definitions changed, and
the last that needs one; the others are made of the same steps."""
REST = set(range(1, NEWEST + 1)) - set(SOME)
COUNTS = "SELECT (SELECT count(*) FROM articles), count(*) FROM entries"


@pytest.fixture(scope="module", params=["file", pytest.param("sqlite", marks=pytest.mark.long)])
def kind(request: pytest.FixtureRequest) -> str:
    """Where the warehouses of this module are."""
    return str(request.param)


@pytest.fixture(scope="module")
def fresh(kind: str, places: Places, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """The schema of a warehouse made today."""
    with Bench(places.desk(kind, tmp_path_factory.mktemp("fresh"))).open() as wh:
        return schema_of(wh)


def replayed(kind: str, version: int, folder: Path, own: str = "") -> Bench:
    """The recorded warehouse of a version, and what SQL of somebody's `own` added to it. Lakes were
    not recorded: theirs has the same tables, views and macros, but no comments, so it has not what
    its hash says."""
    file = folder / "old.duckdb"
    replay(version, file)
    if own:
        with duckdb.connect(file) as old:
            old.execute(own)
    if kind == "file":
        bench = Bench(Desk.at(folder / "clips.duckdb"))
        bench.desk.create()
        file.rename(bench.desk.private)
        return bench
    needs_extensions("ducklake", "sqlite_scanner")
    lake = f"ducklake:sqlite:{folder}/old.sqlite?data={folder}/data"
    bench = Bench(Desk.at(lake, folder / "desks"))
    assert bench.desk.lake
    with open_lake(bench.desk.lake, "wh") as connection:
        connection.execute(f"ATTACH '{file}' AS old (READ_ONLY)")
        connection.execute("COPY FROM DATABASE old TO wh")
        if version >= DEFINED:
            connection.execute("UPDATE wh.schema_definitions SET hash = ''")
        connection.execute("DETACH old")
    return bench


def test_every_version_is_recorded() -> None:
    missing = [number for number in range(1, NEWEST + 1) if not recording(number).exists()]
    assert missing == [], "run: python -m tests.warehouse.record, with the code of that version"


@pytest.mark.parametrize("version", [*SOME, *also_long(*sorted(REST))])
def test_an_old_warehouse_becomes_a_new_one(
    kind: str, fresh: list[Row], version: int, tmp_path: Path
) -> None:
    bench = replayed(kind, version, tmp_path)
    with duckdb.connect() as connection:
        replay(version, tmp_path / "before.duckdb")
        connection.execute(f"ATTACH '{tmp_path}/before.duckdb' AS old (READ_ONLY)")
        connection.execute("USE old")
        counts = connection.execute(COUNTS).fetchall()
    done = migrate_now(bench.desk)
    assert done.before.version == version
    assert [step.version for step in done.migrations] == list(range(version + 1, NEWEST + 1))
    with bench.open() as wh:
        assert schema_of(wh) == fresh
        assert wh.execute(COUNTS) == counts
        if kind == "file":  # seconds in a lake, where loads have tests of their own
            bench.load_into(wh, *a_history(6, 7)[10:])
        assert [rule.name for rule in check(wh)[1] if rule.name not in MADE_UP] == []


OWN = """
CREATE VIEW mine AS SELECT title, topics FROM clippings;
CREATE MACRO my_topic(name) AS TABLE SELECT * FROM timeline(name);
CREATE MACRO plus_one(a) AS a + 1;
"""


@pytest.mark.parametrize("version", [2, NEWEST - 1])
def test_what_somebody_added_stays(kind: str, version: int, tmp_path: Path) -> None:
    """Also what is made from views and macros that are replaced."""
    bench = replayed(kind, version, tmp_path, OWN)
    with bench.open() as wh:
        assert applied(wh).version == NEWEST
        assert wh.execute("SELECT count(*) > 0 FROM mine") == [(True,)]
        assert len(wh.execute("FROM my_topic('openai')")) > 0
        assert wh.execute("SELECT plus_one(1)") == [(2,)]


def test_a_copy_that_was_not_brought_up_to_date_is_read_as_it_is(bench: Bench) -> None:
    """Where only the copy was passed on, or nothing has been loaded since the program is new."""
    replay(NEWEST - 1, bench.desk.published)
    before = bench.desk.published.read_bytes()
    state = published_state(bench.desk)
    assert state
    assert state.version == NEWEST - 1
    assert len(read(bench.desk, "FROM clippings, funnel").rows) > 0
    assert named(bench.desk, "totals").rows
    assert bench.desk.published.read_bytes() == before
    assert not bench.desk.folder.exists()


def test_old_and_new_end_alike_after_the_same_batches(
    bench: Bench, benches: Callable[[str], Bench]
) -> None:
    """What an old version loaded is what this one loads: the newest recording was made of the same
    batches."""
    bench.desk.create()
    replay(NEWEST, bench.desk.private)
    today = benches("today")
    today.load(*a_history(6, 5))
    with bench.open() as old, today.open() as new:
        assert contents(old) == contents(new)


OUTLETS = (
    "FROM outlets ORDER BY site",
    "SELECT article_id, site FROM articles ORDER BY article_id",
    "SELECT story_id, outlets FROM stories ORDER BY story_id",
    "SELECT feed_id, site FROM feeds ORDER BY feed_id",
)


def as_recorded(batch: Batch) -> Batch:
    """A batch of the history as it was when those versions were recorded: of one host's pages."""
    articles = []
    for article in batch.articles:
        url = article.url.replace("other.example", "news.example")
        plain = replace(article, article_id=article_id(url), canonical_url=url, url=url)
        articles.append(replace(plain, text_kind="page", not_shown_at=None))
    return replace(batch, outlets=(), articles=tuple(articles))


def test_what_was_stored_before_there_were_outlets_gets_them(
    bench: Bench, benches: Callable[[str], Bench]
) -> None:
    """Those that it would have if it were loaded today, when nobody has named any yet."""
    (since,) = (step.version for step in migrations() if step.name.endswith("_outlets.sql"))
    bench.desk.create()
    replay(since - 1, bench.desk.private)
    today = benches("today")
    today.load(*map(as_recorded, a_history(6, 5)))
    with bench.open() as old, today.open() as new:
        for sql in OUTLETS:
            assert old.execute(sql) == new.execute(sql) != []


def test_a_backup_from_before_can_be_gone_back_to(bench: Bench) -> None:
    bench.desk.create()
    replay(1, bench.desk.private)
    migrate_now(bench.desk)
    (kept,) = bench.desk.backups.iterdir()
    assert kept.name == "before-migration-from-1.duckdb"
    with duckdb.connect(kept, read_only=True) as old:
        assert old.execute("SELECT max(version) FROM schema_migrations").fetchall() == [(1,)]
