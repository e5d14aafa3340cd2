"""The places where a warehouse may be, for tests that run on all of them.

`file` is a DuckDB file; `sqlite` and `postgres` are DuckLakes with such a catalogue. A test is
skipped, with the reason, where the machine has not what a place needs. What holds for files and
lakes is tested by one test: the marks below say where the fixtures `bench`, `benches` and `lake` of
conftest.py are.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from parsers.errors import Drop, Quarantine
from tests.servers.postgres import USER, create_database, run_sql, start_postgres, stop_postgres
from tests.tiers import also_long
from tests.warehouse.empty import put_lake
from tests.warehouse.history import MADE_UP
from warehouse.database.extensions import load_extension, trusting_engine
from warehouse.database.open import open_warehouse
from warehouse.desk import Desk
from warehouse.upkeep.checks import check

FILE_AND_LAKE = pytest.mark.parametrize("place", ["file", *also_long("sqlite")])
"""For tests with `bench` or `benches`: once on a file, once more on a lake."""
EVERYWHERE = pytest.mark.parametrize(
    "place",
    [
        "file",
        *also_long("sqlite", "postgres"),
    ],
)
"""The same: on a file, and once more on each kind of lake."""
ANYTHING = """
SELECT 1 WHERE EXISTS (FROM batches) OR EXISTS (FROM articles) OR EXISTS (FROM entries)
"""
LAKE_KINDS = ("sqlite", "postgres")
EACH_LAKE = pytest.mark.parametrize("catalogue", ["sqlite", "postgres"])
"""For tests with `lake`, about what each catalogue does in a way of its own: once on each kind."""
LAKES = pytest.mark.parametrize("catalogue", ["sqlite", *also_long("postgres")])
"""For tests with `lake`, about what is the same code for both: on one, and again on the other."""


@dataclass
class Places:
    """Makes desks in any place; `stop` ends the server that it may have started."""

    _server: Path | None = None
    _databases: int = 0
    _template: str | None = None
    _lakes: list[Desk] = field(default_factory=list)

    def desk(self, kind: str, folder: Path, name: str = "clips") -> Desk:
        """An empty warehouse called `name`, with its files in `folder`."""
        if kind == "file":
            return Desk.at(folder / f"{name}.duckdb")
        # A test may take the name of the fixture `place` for something else.
        assert kind in LAKE_KINDS, f"no place for a warehouse: {kind}"
        desk = self._lake(kind, folder, name)
        self._lakes.append(desk)
        return desk

    def _lake(self, kind: str, folder: Path, name: str) -> Desk:
        needs_extensions("ducklake", "sqlite_scanner" if kind == "sqlite" else "postgres_scanner")
        if kind == "sqlite":
            catalogue = folder / f"{name}.sqlite"
            put_lake(catalogue, folder / f"{name}-data")
            return Desk.at(f"ducklake:sqlite:{catalogue}", folder / f"{name}-desks")
        data = folder / f"{name}-data"
        return Desk.at(f"{self._made_database(data)}?data={data}", folder / f"{name}-desks")

    def _made_database(self, data: Path) -> str:
        """One with the catalogue of an empty lake that keeps its files in `data`: a copy, since to
        make one takes some seconds."""
        if self._template is None:
            empty = self.database()
            kept = tempfile.mkdtemp(prefix="pressclip-empty-")
            with open_warehouse(Desk.at(f"{empty}?data={kept}", Path(kept))):
                pass
            self._template = f"lake{self._databases}"
        url, name = self._new_database(self._template)
        run_sql(
            self._running(),
            name,
            f"UPDATE ducklake_metadata SET value = '{data}/' WHERE key = 'data_path'",
        )
        return url

    def leave_broken(self, desk: Desk) -> None:
        """A test damages this lake for good, or leaves it to a newer pressclip."""
        self._lakes = [lake for lake in self._lakes if lake != desk]

    def check(self) -> None:
        """Check that all lakes made since the last time are whole, but for what a test has made to
        look as if a newer program had: nobody here opens those."""
        lakes, self._lakes = self._lakes, []
        for desk in lakes:
            try:
                with open_warehouse(desk) as wh:
                    # Its forty questions take a second; where nothing is, none can fail.
                    if not wh.execute(ANYTHING):
                        continue
                    with wh.one_state():
                        broken = [one for one in check(wh)[1] if one.name not in MADE_UP]
            except Quarantine as error:
                if error.name != "newer_warehouse":
                    raise
                continue
            assert broken == [], desk.name

    def database(self) -> str:
        """A new PostgreSQL database, as the beginning of a lake's name."""
        return self._new_database("template1")[0]

    def _new_database(self, template: str) -> tuple[str, str]:
        """The beginning of a lake's name, and the name of the new database."""
        server = self._running()
        self._databases += 1
        name = f"lake{self._databases}"
        create_database(server, name, template)
        return f"ducklake:postgres:dbname={name} host={server} user={USER}", name

    def _running(self) -> Path:
        if self._server is None:
            self._server = start_postgres()
        return self._server

    def stop(self) -> None:
        """End the server, if one was started."""
        if self._server is not None:
            stop_postgres(self._server)


def needs_extensions(*names: str) -> None:
    """Skip the test where DuckDB has not these extensions."""
    for name in names:
        if reason := _lacks(name):
            pytest.skip(reason)


@cache
def _lacks(name: str) -> str | None:
    with trusting_engine() as connection:
        try:
            load_extension(connection, name)
        except Drop as error:
            return error.message
    return None
