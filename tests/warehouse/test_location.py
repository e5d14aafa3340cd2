"""How a warehouse is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.errors import Drop
from warehouse.desk import Desk
from warehouse.folders import LocalFolder
from warehouse.location import Lake, read_location

POSTGRES = "ducklake:postgres:dbname=press host=db.example"


def test_a_path_is_a_file() -> None:
    assert read_location("press.duckdb") == Path.cwd() / "press.duckdb"
    assert read_location("~/press.duckdb") == Path.home() / "press.duckdb"
    assert read_location(Path("/srv/odd:name.duckdb")) == Path("/srv/odd:name.duckdb")


@pytest.mark.parametrize(
    ("text", "lake"),
    [
        (
            "ducklake:sqlite:/srv/c.sqlite?data=/srv/data",
            Lake("sqlite", "/srv/c.sqlite", "/srv/data/"),
        ),
        ("ducklake:sqlite:/srv/c.sqlite", Lake("sqlite", "/srv/c.sqlite")),
        (POSTGRES, Lake("postgres", "dbname=press host=db.example")),
        (
            f"{POSTGRES}?data=s3://press/clippings/",
            Lake("postgres", "dbname=press host=db.example", "s3://press/clippings/"),
        ),
    ],
)
def test_a_lake_is_named_as_ducklake_names_it(text: str, lake: Lake) -> None:
    assert read_location(text) == lake
    assert read_location(str(lake)) == lake


def test_relative_paths_are_those_of_who_names_them() -> None:
    lake = read_location("ducklake:sqlite:c.sqlite?data=data")
    assert lake == Lake("sqlite", f"{Path.cwd()}/c.sqlite", f"{Path.cwd()}/data/")


@pytest.mark.parametrize(
    "text",
    [
        f"{POSTGRES} password=geheim",
        f"{POSTGRES} PASSWORD = 'geheim'",
        f"{POSTGRES} sslpassword=geheim?data=/srv/data",
        "ducklake:postgres:postgresql://press:geheim@db.example/press",
        "ducklake:postgres:postgresql://press:geheim@db.example/press?data=/srv/data",
    ],
)
def test_a_password_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(Drop, match="PGPASSWORD") as caught:
        read_location(text)
    assert "geheim" not in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "ducklake:",
        "ducklake:press.ducklake",
        "ducklake:mysql:db=press",
        "ducklake:sqlite:",
        "ducklake:sqlite:/srv/c.sqlite?dta=/srv/data",
        "ducklake:postgres:",
        "ducklake:postgres:press",
        "ducklake:postgres:dbname='press",
        "ducklake:postgres:postgresql://db.example/press",
        "postgres:dbname=press",
        "postgresql://press:geheim@db.example/press",
        "s3://press/clippings.duckdb",
    ],
)
def test_what_names_nothing_we_know_is_refused_with_the_right_spelling(text: str) -> None:
    with pytest.raises(Drop, match="ducklake:sqlite:PATH") as caught:
        read_location(text)
    assert "geheim" not in caught.value.message


def test_every_lake_has_a_desk_of_its_own(tmp_path: Path) -> None:
    one = Desk.at(f"{POSTGRES}?data=/srv/data", tmp_path)
    same = Desk.at("ducklake:postgres:host=db.example   dbname=press", tmp_path)
    other = Desk.at("ducklake:postgres:dbname=press host=other.example", tmp_path)
    assert one.folder == same.folder != other.folder
    assert one.folder.name.startswith("press-")
    assert one.landing == LocalFolder(one.folder / "landing")


def test_what_only_a_file_has_is_refused_for_a_lake(tmp_path: Path) -> None:
    desk = Desk.at(POSTGRES, tmp_path)
    for name in ("published", "private", "backups"):
        with pytest.raises(Drop, match="is a DuckLake"):
            getattr(desk, name)
