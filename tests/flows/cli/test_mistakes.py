"""What people type by mistake: the message names what was wrong, and what may have been meant."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.flows.cli.running import Done, called
from tests.warehouse.builders import Bench, a_batch, an_article, at
from warehouse.published.publish import publish
from warehouse.records import Feed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a warehouse, and with what is none."""
    folder = tmp_path_factory.mktemp("mistakes")
    bench = Bench.in_folder(folder)
    feed = Feed(1, "https://news.example/feed.xml", "The News")
    bench.load(a_batch("b1", feeds=(feed,), articles=(an_article("a", topics=("musk",)),)))
    publish(bench.desk, now=at(1))
    (folder / "folder").mkdir()
    (folder / "note.txt").write_text("A note.")
    return folder


def run(folder: Path, line: str, **env: str) -> Done:
    done = called(folder, {"PRESSCLIP_WAREHOUSE": "clips.duckdb"} | env, *shlex.split(line))
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("clippings -w folder", 1, "folder is a folder. Name a file in it, such as"),
        ("clippings -w note.txt", 1, "note.txt is not a warehouse"),
        ("feeds import folder", 1, "Is a directory"),
        ("feeds import note.txt", 1, "note.txt: This is no OPML file"),
        ("feeds export folder", 1, "folder is a folder. Name a file in it."),
        ("feeds export no/such/x.opml", 1, "there is no no/such/x.opml."),
        ("ingest --topics note.txt", 1, "note.txt: Topics file: the file is not TOML"),
        ("export --by-month -o note.txt", 1, "needs a folder where a file stands"),
        ("warehouse restore nosuch.duckdb", 1, "there is no nosuch.duckdb."),
        ("feeds remove 'The News'", 1, "The News is https://news.example/feed.xml."),
        ("feeds remove https://news.example/fed.xml", 1, "mean https://news.example/feed.xml?"),
        ("outlets name new.example X", 1, "Did you mean news.example?"),
        ("outlets name 'The Nwes' X", 1, "There is no outlet 'The Nwes'."),
        ("search musk --topic muks", 1, "Did you mean musk?"),
        ("search musk --language english", 0, "The languages there are: en."),
        ("clippings --language english", 0, "The languages there are: en."),
        ("search ''", 2, "at least one word"),
        ("sql SELECT 1", 2, "put the query in quotation marks"),
        ("failures list --error http_404", 0, "Nothing that fails is of that kind."),
        ("failures retry https://news.example/x", 0, "Nothing that fails was chosen"),
        ("push list", 0, "No feed is subscribed to."),
        ("clippings --csv --tsv", 2, "--csv and --tsv exclude each other"),
    ],
)
def test_a_mistake_is_named(folder: Path, line: str, code: int, said: str) -> None:
    done = run(folder, line)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(folder: Path) -> None:
    done = run(folder, "settings", PRESSCLIP_WORKRES="2")
    assert "Did you mean PRESSCLIP_WORKERS?" in done.stderr


def test_help_is_a_command_too(folder: Path) -> None:
    assert run(folder, "help feeds add").stdout == run(folder, "feeds add --help").stdout


@pytest.mark.parametrize("slash", ["folder", "new/"])
def test_a_backup_goes_into_what_is_meant_as_a_folder(folder: Path, slash: str) -> None:
    run(folder, f"warehouse backup {slash}")
    assert [path.suffix for path in (folder / slash).iterdir()] == [".duckdb"]
