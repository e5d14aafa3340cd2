"""Views, macros and comments: said once, and brought to every warehouse that has others."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from parsers.errors import Quarantine
from tests.warehouse.builders import Bench, a_batch, an_article, at
from tests.warehouse.places import FILE_AND_LAKE, Places
from warehouse.database import migrate
from warehouse.database.definitions import REVISION, definitions, of_files
from warehouse.database.migrate import applied, migrations
from warehouse.database.open import migrate_now
from warehouse.desk import Desk
from warehouse.published.publish import publish
from warehouse.published.read import read
from warehouse.upkeep.backup import backup, restore
from warehouse.upkeep.move import move

FOLDER = Path(__file__).parents[3] / "warehouse" / "definitions"
FILES = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.sql"))}

HASHES = {
    1: "830b7e9e10d269e7b4b1015fbda19c8cbab734b17ab1c344986a628d00058378",
    2: "a8b96f5456d6ac323031430b33c7e3086aac890a454831512cefb831032e86ea",
    3: "8a1f7a844f739855a5ef542d2574469aff14c53cc0788defcd161cd9d8690383",
    4: "3a7706469faef6c06fd29c259abbc2b6ab03ea8a0a1fdf421da958dfa8653ae6",
    5: "230e59f03eb846dbc5d765c02596e943d28963b2f5ad2af36bcc848a5f8dfa92",
    6: "b060536b1b89c0ad7e79396e1bbcfef7ff357e4d85a28c0cdcfa87d6a323a9a8",
    7: "d24ac5898b9e8620f50f1f879d33f1e74e413afc4586ee5f1ad5f6afd65b70ba",
    8: "81d54c0d7e854aecc819af51cb179f51591d1cb1605a66473cda1596c47f9917",
    9: "63489d6ee1a921bb4c4fc4c8ac37ed5f081d55c7ac4e28d0a8f3bb638e1e00e3",
    10: "1f25c4646394d0d155fcde0daec40919aeb2605f3b3792c711cafc2773b68ecc",
    11: "19175cf7e1410d8aa855ddf39adde1bf5b106de025b22637ceb7d763944d1da1",
    12: "c9dc2349a557f97c8d4f14d866803b2bb43f97a49b96f1cb5bee33fbfb3f1d2d",
    13: "32ba6e69f89d3c6a2529f2f0fe4d52eaa7b12dc92ba47ad4f85793a1896cd429",
    14: "edfcead27a7cb82a1a8e9bc4843491fbc2f89965cfac8ae99c1816a5b4b4e26b",
    15: "68238f3b991febdca278f544d82fcce0073c60d234bc5463739647a066abd970",
    16: "36069054dec27d43544b2cca4ed236ad3c42a36d01730d98d2ca3120093a544d",
    17: "74901e182aa0655a5a97280e1462bba915614b6882af09bbd3b8f12d3f6715b7",
    18: "e35b3b6b6ecedc84114d07b213bc6549020c555e0fcf37086624c378d9a9c626",
    19: "6cd4af855b93cc811dad9b34e0ad6e7698f0c7b1db4fe12d358c4e7b0fed252c",
}
"""The hash of each revision of the definitions. What is in this table never changes."""


def test_the_revision_rises_with_every_change() -> None:
    assert list(HASHES) == list(range(1, REVISION + 1)), "a revision for each hash, without gaps"
    assert HASHES[REVISION] == definitions().hash, (
        "a definition has changed: raise REVISION in warehouse/database/definitions.py by one, and "
        "add the new hash to HASHES"
    )


def test_migrations_define_nothing() -> None:
    """A view that a migration makes, too, is said twice, and is that of the migration in a new
    warehouse only until the definitions come."""
    defined = re.compile(r"^\s*(CREATE\b.*\b(VIEW|MACRO|FUNCTION)\b|COMMENT ON\b)", re.MULTILINE)
    names = [step.name for step in migrations() if defined.search(step.sql)]
    assert names == []


def test_everything_is_defined_once_in_the_file_named_after_it() -> None:
    created = {
        name: re.findall(r"^CREATE\b.*?\b(?:VIEW|MACRO) (\w+)", text, re.MULTILINE)
        for name, text in FILES.items()
    }
    assert {name: made for name, made in created.items() if made not in ([], [name])} == {}
    comments = Counter(
        what
        for text in FILES.values()
        for what in re.findall(r"^COMMENT ON (.*?) IS ", text, re.MULTILINE)
    )
    assert [what for what, count in comments.items() if count > 1] == []


def test_definitions_are_such_as_both_versions_of_duckdb_store_alike() -> None:
    """2.0 keeps if() as a function that 1.5 has not."""
    assert [name for name, text in FILES.items() if re.search(r"\bif\(", text)] == []


@FILE_AND_LAKE
def test_its_names_are_all_that_is_there(bench: Bench) -> None:
    views = "SELECT view_name FROM duckdb_views() WHERE database_name = 'wh' AND NOT internal"
    macros = "SELECT DISTINCT function_name FROM duckdb_functions() WHERE database_name = 'wh'"
    with bench.open() as wh:
        assert {name for (name,) in wh.execute(views)} == set(definitions().views)
        made = wh.execute(f"{macros} AND NOT internal")
        assert {name for (name,) in made} == set(definitions().macros)


NEXT = REVISION + 1
ADDED = "CREATE VIEW publishers AS SELECT DISTINCT host FROM articles;\nCREATE MACRO plus(n) AS TABLE SELECT n + 1 AS m;\n"  # noqa: E501


def known(monkeypatch: pytest.MonkeyPatch, files: dict[str, str], revision: int) -> None:
    """Be a pressclip that has these definitions."""
    theirs = of_files(list(files.values()), revision)
    monkeypatch.setattr(migrate, "definitions", lambda: theirs)


def without(name: str) -> dict[str, str]:
    return {file: text for file, text in FILES.items() if file != name}


CLIPPINGS = {"clippings": "CREATE VIEW clippings AS SELECT 'changed' AS title;\n"}


@FILE_AND_LAKE
def test_what_changed_comes_to_a_warehouse_that_is_there(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.load(a_batch("b1", articles=(an_article("one"),)))
    publish(bench.desk, now=at(1))
    known(monkeypatch, FILES | CLIPPINGS | {"publishers": ADDED}, NEXT)
    done = migrate_now(bench.desk)
    assert (done.before.revision, done.migrations, done.nothing) == (REVISION, (), False)
    assert migrate_now(bench.desk).nothing
    assert bench.rows("FROM clippings") == [("changed",)]
    assert bench.rows("FROM publishers, plus(1)") == [("news.example", 2)]
    # … and readers of a copy get it, though no row is new.
    assert bench.desk.lake or publish(bench.desk, now=at(2))
    assert read(bench.desk, "FROM clippings").rows == (("changed",),)


@FILE_AND_LAKE
def test_what_is_gone_goes_and_what_is_somebodys_stays(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(monkeypatch, FILES | {"publishers": ADDED}, NEXT)
    bench.load(a_batch("b1", articles=(an_article("one"),)))
    with bench.open() as wh:
        wh.execute("CREATE VIEW mine AS SELECT host FROM publishers")
        wh.execute("CREATE VIEW newest AS SELECT title FROM clippings")
        wh.execute("CREATE MACRO about(topic) AS TABLE FROM timeline(topic)")
        wh.execute("DROP VIEW sources")
    known(monkeypatch, FILES, NEXT + 1)
    with bench.open() as wh:
        assert wh.execute("SELECT title FROM newest") == [("Title of one",)]
        assert len(wh.execute("FROM about('openai')")) == 1
        assert wh.execute("SELECT count(*) FROM sources") == [(0,)]
        names = "SELECT view_name FROM duckdb_views() WHERE database_name = 'wh' AND NOT internal"
        assert {name for (name,) in wh.execute(names)} == {*definitions().views, "mine", "newest"}
        plus = "SELECT count(*) FROM duckdb_functions() WHERE function_name = 'plus'"
        assert wh.execute(plus) == [(0,)]
        assert applied(wh).revision == NEXT + 1


@FILE_AND_LAKE
def test_a_name_that_somebody_has_already_is_not_taken_from_them(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench.open() as wh:
        wh.execute("CREATE VIEW publishers AS SELECT 'mine' AS host")
    known(monkeypatch, FILES | CLIPPINGS | {"publishers": ADDED}, NEXT)
    with pytest.raises(Quarantine, match="needs for its own: publishers") as caught, bench.open():
        pass
    assert caught.value.name == "name_taken"
    monkeypatch.undo()
    assert bench.rows("FROM publishers") == [("mine",)]
    assert bench.rows("SELECT count(*) FROM clippings") == [(0,)]


@FILE_AND_LAKE
def test_an_older_pressclip_puts_nothing_back(
    bench: Bench, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    places.leave_broken(bench.desk)
    known(monkeypatch, FILES | CLIPPINGS, NEXT)
    bench.load(a_batch("b1"))
    monkeypatch.undo()
    with pytest.raises(Quarantine, match=f"revision {NEXT}, this one knows {REVISION}") as caught:
        bench.load(a_batch("b2"))
    assert caught.value.name == "newer_warehouse"
    assert read_now(bench, "FROM clippings", monkeypatch) == [("changed",)]
    assert read_now(bench, "SELECT batch_id FROM batches", monkeypatch) == [("b1",)]


def read_now(bench: Bench, sql: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What the warehouse answers to a pressclip that knows it."""
    with monkeypatch.context() as newer:
        known(newer, FILES | CLIPPINGS, NEXT)
        return bench.rows(sql)


@FILE_AND_LAKE
def test_neither_is_a_newer_one_restored_or_moved(
    bench: Bench, places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    places.leave_broken(bench.desk)
    with monkeypatch.context() as newer:
        known(newer, FILES | CLIPPINGS, NEXT)
        bench.load(a_batch("b1"))
        if not bench.desk.lake:
            backup(bench.desk, tmp_path / "newer.duckdb")
    target = Desk.at(tmp_path / "target.duckdb")
    with pytest.raises(Quarantine, match="Upgrade pressclip"):
        move(bench.desk, target)
    if not bench.desk.lake:
        with pytest.raises(Quarantine, match="Upgrade pressclip"):
            restore(target, tmp_path / "newer.duckdb", now=at(0))


@FILE_AND_LAKE
def test_one_that_is_behind_is_brought_up_to_date_before_it_is_moved(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bench.load(a_batch("b1"))
    known(monkeypatch, FILES | CLIPPINGS, NEXT)
    target = Bench(Desk.at(tmp_path / "target.duckdb"))
    with pytest.raises(Quarantine, match="run `pressclip warehouse migrate` on it first"):
        move(bench.desk, target.desk)
    migrate_now(bench.desk)
    move(bench.desk, target.desk)
    assert target.rows("SELECT title, batch_id FROM clippings, batches") == [("changed", "b1")]


@FILE_AND_LAKE
def test_a_text_that_returns_is_a_revision_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or else the one between would take it for older than itself."""
    bench.rows("SELECT 1")
    known(monkeypatch, FILES, NEXT + 1)
    with bench.open() as wh:
        assert applied(wh).revision == NEXT + 1


@FILE_AND_LAKE
def test_what_can_not_be_defined_changes_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.load(a_batch("b1", articles=(an_article("one"),)))
    known(monkeypatch, CLIPPINGS | {"bad": "CREATE VIEW bad AS FROM nowhere;\n"}, NEXT)
    with pytest.raises(Quarantine, match="nowhere"), bench.open():
        pass
    monkeypatch.undo()
    assert bench.rows("SELECT title FROM clippings") == [("Title of one",)]
    assert bench.rows("SELECT count(*) FROM sources") == [(0,)]


@FILE_AND_LAKE
def test_opening_what_is_up_to_date_writes_nothing(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(an_article("one"),)))
    state = written(bench)
    for _ in range(2):
        with bench.open() as wh:
            assert applied(wh).hash == definitions().hash
    assert written(bench) == state


def written(bench: Bench) -> object:
    """The file's bytes; of a lake its states, of which every change makes one."""
    if bench.desk.lake:
        return bench.rows("SELECT max(snapshot_id) FROM wh.snapshots()")
    return bench.desk.private.read_bytes(), bench.desk.private.stat().st_mtime_ns


@FILE_AND_LAKE
def test_a_migration_may_take_the_name_of_a_view(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it lets go of the view first; another migration may follow."""
    bench.rows("SELECT 1")
    last = migrations()[-1].version
    table = "DROP VIEW clippings; CREATE TABLE clippings (title VARCHAR);"
    steps = (
        migrate.Migration(last + 1, "table.sql", table),
        migrate.Migration(last + 2, "more.sql", "INSERT INTO clippings VALUES ('a table');"),
    )
    monkeypatch.setattr(migrate, "migrations", lambda: (*migrations(), *steps))
    known(monkeypatch, without("clippings"), NEXT)
    assert bench.rows("FROM clippings") == [("a table",)]
    assert bench.rows("SELECT count(*) FROM sources") == [(0,)]
