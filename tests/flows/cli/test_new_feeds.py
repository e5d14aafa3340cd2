"""Further feeds on the command line: the searches of topics."""

from __future__ import annotations

from pathlib import Path

from parsers.feeds.opml import read_opml
from tests.flows.cli.running import Done, called

TOPICS = """
[[topic]]
name = "tempeh"
title = "Tempeh"
[[topic.alias]]
strength = "strong"
names = ["tempeh", "תמפה", "ტემპე"]
"""


def for_topics(folder: Path, *args: str) -> Done:
    (folder / "topics.toml").write_text(TOPICS, encoding="utf-8")
    return called(folder, {}, "feeds", "for-topics", "--topics", "topics.toml", *args)


def test_searches_are_written_and_nothing_is_subscribed_to(tmp_path: Path) -> None:
    done = for_topics(tmp_path, "--to", "searches.opml")
    feeds = read_opml((tmp_path / "searches.opml").read_bytes())
    assert done.stdout.startswith(f"{len(feeds)} searches written to searches.opml")
    assert done.stderr == "No news search has an edition in ka.\n"
    assert {"en", "id", "he"} <= {feed.language for feed in feeds}
    assert {path.name for path in tmp_path.iterdir()} == {"topics.toml", "searches.opml"}


def test_searches_of_one_language_are_shown(tmp_path: Path) -> None:
    done = for_topics(tmp_path, "--language", "he")
    (feed,) = read_opml(done.stdout.encode())
    assert feed.url.endswith("=%D7%AA%D7%9E%D7%A4%D7%94&hl=he&gl=IL&ceid=IL:he")
    assert (feed.language, feed.category) == ("he", "Search/Tempeh")


def test_a_language_without_searches_is_an_error(tmp_path: Path) -> None:
    done = for_topics(tmp_path, "--language", "ka")
    assert done.returncode == 1
    assert "No news search has an edition for your topics in ka." in done.stderr
