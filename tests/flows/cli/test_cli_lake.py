"""The commands on a DuckLake, and the move there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.main import app
from tests.warehouse.builders import Bench, at, stored_articles
from tests.warehouse.empty import put_lake
from tests.warehouse.places import needs_extensions
from warehouse.published.publish import publish


def pressclip(*words: str) -> str:
    """What the command prints."""
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_warehouse_moves_into_a_lake_and_is_read_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_extensions("ducklake", "sqlite_scanner")
    monkeypatch.setenv("PRESSCLIP_DESKS", str(tmp_path / "desks"))
    bench = Bench.in_folder(tmp_path)
    bench.load(stored_articles("b1", 1, 2))
    publish(bench.desk, now=at(1))
    put_lake(tmp_path / "catalogue.sqlite", tmp_path / "data")
    lake = f"ducklake:sqlite:{tmp_path}/catalogue.sqlite?data={tmp_path}/data"
    proof = json.loads(
        pressclip("warehouse", "migrate", "-w", bench.desk.name, "--to", lake, "--json")
    )
    rows = {table["name"]: table["rows"] for table in proof["tables"]}
    assert (rows["articles"], rows["entries"]) == (1, 1)
    (clipping,) = json.loads(pressclip("clippings", "-w", lake, "--json"))
    assert clipping["title"] == "Title of a1"
    assert json.loads(pressclip("feeds", "list", "-w", lake, "--json")) == []
    status = json.loads(pressclip("status", "-w", lake, "--json"))
    assert status["warehouse"] == lake
    assert json.loads(pressclip("warehouse", "check", "-w", lake, "--json"))["broken"] == []
    assert "Title of a1" in pressclip("sql", "-w", lake, "SELECT title FROM articles")


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "ducklake:postgres:dbname=press password=geheim"
    monkeypatch.setenv("PRESSCLIP_WAREHOUSE", secret)
    for words in (["status"], ["settings"], ["settings", "--json"], ["warehouse", "check"]):
        done = CliRunner().invoke(app, words)
        assert "geheim" not in done.output + str(done.exception)
