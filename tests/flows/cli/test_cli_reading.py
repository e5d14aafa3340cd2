"""What readers are told: how much of an answer they got, and how far numbers go."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from typer.testing import CliRunner, Result

from flows.cli.main import app
from flows.cli.output.stories import story_lines
from tests.warehouse.builders import Bench, a_batch, an_article, at
from warehouse.published.pages.story import StoryChange, StoryFacts, Telling, ToldStory
from warehouse.published.publish import publish
from warehouse.published.search_index import index_path
from warehouse.records import Feed, FeedHealth


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A published warehouse of thirty stories."""
    bench = Bench.in_folder(tmp_path_factory.mktemp("reading"))
    bench.load(a_batch("b1", articles=tuple(an_article(f"a{n}", read=n) for n in range(30))))
    publish(bench.desk, now=at(100))
    return bench


def run(bench: Bench, *args: str, code: int = 0) -> Result:
    """The command on that warehouse."""
    env = {"PRESSCLIP_WAREHOUSE": str(bench.desk.published), "NO_COLOR": "1"}
    done = CliRunner().invoke(app, args, env=env)
    assert done.exit_code == code, done.output
    return done


@pytest.mark.parametrize(
    ("line", "rows", "said"),
    [
        ("sql FROM\trange(1000)", 1000, ""),
        ("sql FROM\trange(1000) --limit 7", 7, ""),
        ("clippings", 20, "--limit"),
        ("clippings --limit 20", 20, ""),
        ("clippings --limit 30", 30, ""),
    ],
)
def test_json_is_cut_only_where_that_is_said(bench: Bench, line: str, rows: int, said: str) -> None:
    done = run(bench, *line.split(" "), "--json")
    assert len(json.loads(done.stdout)) == rows
    assert said in done.stderr
    assert bool(done.stderr) == bool(said)


@pytest.mark.parametrize("command", ["search a", "clippings", "sql FROM\tfeeds", "failures list"])
def test_no_limit_is_too_great_to_be_understood(bench: Bench, command: str) -> None:
    run(bench, *command.split(" "), "--limit", "1000000000")
    assert "from 1 to" in run(bench, *command.split(" "), "-n", "9" * 20, code=2).stderr


@pytest.mark.parametrize("command", ["search a", "clippings"])
def test_nobody_asks_for_more_than_a_hundred_years(bench: Bench, command: str) -> None:
    run(bench, *command.split(" "), "--days", "36500")
    assert "from 1 to" in run(bench, *command.split(" "), "--days", "36501", code=2).stderr


def test_a_copy_alone_can_be_searched(bench: Bench, tmp_path: Path) -> None:
    """As on a laptop that somebody took it to."""
    alone = Bench.in_folder(tmp_path)
    copyfile(bench.desk.published, alone.desk.published)
    assert len(json.loads(run(alone, "search", "a7", "--json").stdout)) == 1
    assert index_path(alone.desk).exists()


def test_where_no_index_can_be_kept_it_is_made_for_one_search(bench: Bench, tmp_path: Path) -> None:
    alone = Bench.in_folder(tmp_path)
    copyfile(bench.desk.published, alone.desk.published)
    # Tests may run as root, whom no permission keeps from writing.
    alone.desk.folder.write_text("in the way")
    done = run(alone, "search", "a7", "--json")
    assert len(json.loads(done.stdout)) == 1
    assert "can't be kept" in done.stderr
    assert alone.desk.folder.read_text() == "in the way"


def test_searching_nothing_makes_nothing(tmp_path: Path) -> None:
    assert "no warehouse" in run(Bench.in_folder(tmp_path), "search", "a7", code=1).stderr
    assert list(tmp_path.iterdir()) == []


def test_feeds_list_says_of_health_what_status_says(tmp_path: Path) -> None:
    bench, url = Bench.in_folder(tmp_path), "https://a.example/feed"
    silent = Feed(1, url, "A", health=FeedHealth.OK, newest_at=at(0), succeeded_at=at(24 * 40))
    bench.load(a_batch("b1", feeds=(silent, Feed(2, "https://b.example/feed", "B"))))
    publish(bench.desk, now=at(100))
    listed = json.loads(run(bench, "feeds", "list", "--json").stdout)
    sources = json.loads(run(bench, "status", "--json").stdout)["sources"]
    healths = {feed["url"]: feed["health"] for feed in listed}
    assert healths == {source["url"]: source["health"] for source in sources}
    assert healths[url] == "silent"


def test_status_says_that_a_clock_was_ahead(tmp_path: Path) -> None:
    bench = Bench.in_folder(tmp_path)
    bench.load(a_batch("b1"))
    publish(bench.desk, now=at(100))
    assert "ahead once" not in run(bench, "status").stdout
    bench.load(a_batch("b2", 24 * 36500))
    publish(bench.desk, now=at(100))
    assert "The clock was ahead once" in run(bench, "status").stdout
    assert json.loads(run(bench, "status", "--json").stdout)["batches_ahead"] == 1


READERS = ("clippings", "search a1", "sql FROM\tclippings", "status", "failures", "feeds list")


@pytest.mark.parametrize("line", READERS)
def test_every_reader_writes_what_programs_read(bench: Bench, line: str) -> None:
    words = line.split(" ")
    rows = list(csv.reader(run(bench, *words, "--csv").stdout.splitlines()))
    lines = [text.split("\t") for text in run(bench, *words, "--tsv").stdout.splitlines()]
    assert rows[0] == lines[0]
    assert {len(row) for row in rows} == {len(line) for line in lines} == {len(rows[0])}
    assert len(rows) == len(lines)
    json.loads(run(bench, *words, "--json").stdout)
    both = run(bench, *words, "--csv", "--json", code=2).stderr
    assert "--json and --csv exclude each other" in both


def test_a_pipe_gets_a_line_for_each_row_and_no_names(bench: Bench) -> None:
    done = run(bench, "clippings", "--limit", "3")
    assert [line.count("\t") for line in done.stdout.splitlines()] == [7, 7, 7]
    assert "--limit" in done.stderr
    one = run(bench, "sql", "SELECT 'a' || chr(9) || 'b', 'c\nd', NULL").stdout
    assert one == "a b\tc d\t\n"


def test_failures_take_a_limit_without_saying_list(bench: Bench) -> None:
    assert run(bench, "failures", "-n", "3", "--json").stdout == "[]\n"


def test_status_has_every_cell_in_one_table(bench: Bench) -> None:
    cells = {tuple(row) for row in csv.reader(run(bench, "status", "--csv").stdout.splitlines())}
    assert {("table", "row", "column", "value"), ("totals", "1", "stories", "30")} <= cells
    assert ("facts", "1", "landed_batches", "0") in cells


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("--since 2026-03-02", 12),
        ("--until 2026-03-01", 18),
        ("--since 2026-03-01T20:00 --until 2026-03-02", 16),
        ("--since 2026-03-02T03:00+02:00", 11),
        ("--outlet NEWS.example", 30),
    ],
)
def test_clippings_of_some_days_or_one_outlet(bench: Bench, line: str, rows: int) -> None:
    done = run(bench, "clippings", *line.split(" "), "--json", "-n", "99")
    assert len(json.loads(done.stdout)) == rows


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("--outlet new.example", 1, "Did you mean news.example?"),
        ("--topic muks", 1, "Did you mean musk?"),
        ("--since yesterday", 2, "'yesterday' is no day"),
        ("--since 2026-02-30", 2, "'2026-02-30' is no day"),
        ("--since 2026-03-02 --until 2026-03-01", 2, "before --since"),
    ],
)
def test_what_nobody_can_have_meant_is_said(bench: Bench, line: str, code: int, said: str) -> None:
    err = run(bench, "clippings", *line.split(" "), code=code).stderr
    assert said in " ".join(err.replace("│", " ").split())


def test_a_story_is_told_by_any_address_of_it(bench: Bench) -> None:
    done = run(bench, "story", "http://NEWS.example/a3/?utm_source=mail")
    first, about, _, verdict, _, original, address = done.stdout.splitlines()
    assert (first, address.strip()) == ("Title of a3", "https://news.example/a3")
    assert about.endswith(": 1 article of 1 outlet, on OpenAI. Times are UTC.")
    assert verdict.startswith("First: news.example, seen 1 Mar 2026, 09:00. Nobody is beside it")
    assert original.strip() == "first  news.example: the original"
    told = json.loads(run(bench, "story", about.split()[1].rstrip(":"), "--json").stdout)
    assert (told["first"]["sure"], told["copies"][0]["reason"]) == ("alone", "alone")
    assert told["first"]["article_id"] == told["original_id"] == told["copies"][0]["article_id"]


def test_a_story_with_copies_is_told_with_their_lag_and_likeness() -> None:
    first = Telling(
        article_id="1", title="Rain", outlet="One", site="one.example", country=None,
        language="en", url="https://one.example/1", copy_kind="original", may_be_first=True,
        told_at=at(0), behind=timedelta(0), published_at=at(0), published_day=None,
        date_flag=None, date_evidence="sight", not_shown_at=None, first_seen_at=at(0), wire=None,
        syndication_url=None, authors=(), credited=(), revisions=1, access=None, similarity=1,
        reason="certain",
    )  # fmt: skip
    near, again = (
        replace(first, article_id=name, outlet=name, site=name, copy_kind=kind, behind=behind,
                similarity=similarity, reason=reason, wire=wire, may_be_first=False)
        for name, kind, behind, similarity, reason, wire in (
            ("Two", "near", timedelta(hours=2), 0.914, "near_text", "Antara"),
            ("Six", "exact", timedelta(days=20), 1.0, "republication", None),
        )
    )  # fmt: skip
    facts = StoryFacts("9", "1", at(0), True, 3, 3, 3, ("en",), ("OpenAI",), 0.5, "Antara")
    change = StoryChange("Two", 2, "both", "Rain again", at(5))
    lines = [
        line.strip() for line in story_lines(ToldStory(facts, (first, near, again), (change,)))
    ]
    assert lines[1] == "Story 9: 3 articles of 3 outlets, on OpenAI, from Antara. Times are UTC."
    assert lines[3].startswith("First: One, 1 Mar 2026, 06:00. That is certain: Every other")
    assert (
        lines[7] == "+2 h 0 min  Two: 91% in common with the original; names Antara as its source"
    )
    assert lines[9] == "+20 days  Six: published again, the same text"
    assert lines[-2:] == ["What changed:", "1 Mar 2026, 11:00  Two: title and text"]

    doubted = replace(facts, first_certain=False)
    rival = replace(near, may_be_first=True, date_flag="day")
    said = list(story_lines(ToldStory(doubted, (first, rival, again), ())))
    assert "Two may have been first too: nothing proves that nobody else had it" in said[3]
    assert "may have been first; names a day and no time; names Antara" in said[7]
    said = list(story_lines(ToldStory(doubted, (first, near, again), ())))
    assert said[3].endswith("A copy names Antara as its source, of which the desk has no page.")
    told = replace(first, credited=("The Verge", "CNBC"))
    said = list(story_lines(ToldStory(doubted, (told, again), ())))
    assert said[3].endswith("It names a source itself, which the desk does not have.")
    assert "the original; says that its news is from The Verge and CNBC" in said[5]


def test_a_story_that_is_not_there(bench: Bench) -> None:
    err = run(bench, "story", "https://news.example/none", code=1).stderr
    assert err.startswith("pressclip: There is no story https://news.example/none")
    assert "DuckDB" not in err
