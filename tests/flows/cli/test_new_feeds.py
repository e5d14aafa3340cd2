"""Further feeds on the command line: the searches of topics, and what searches suggest."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from parsers.feeds.opml import read_opml
from tests.flows.cli.running import Done, called
from tests.flows.discovery.outlets import Named, found
from tests.servers.site import Site

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


async def test_outlets_are_suggested_and_watched(tmp_path: Path) -> None:
    """Their names are strangers' and stay text."""
    async with Site() as site:
        desk = Named(site, tmp_path)
        desk.has_feed("paper")
        hostile = found(90, "OpenAI moves", "http://evil.example", "=1+1 \x1b[2J\u202eThe Paper")
        desk.has_only_a_sitemap("quiet")
        await desk.see("paper", "quiet", more=[hostile])
        env = {
            "PRESSCLIP_WAREHOUSE": desk.settings.warehouse,
            "PRESSCLIP_PROXY": site.url(),
            "PRESSCLIP_HOST_PAUSE": "0",
        }

        async def suggest(*args: str) -> Done:
            return await asyncio.to_thread(called, tmp_path, env, "feeds", "suggest", *args)

        rows = json.loads((await suggest("--json")).stdout)
        assert rows[0] == {
            "site": "paper.example",
            "headlines": 3,
            "languages": [],
            "feeds": ["http://paper.example/rss"],
            "sitemaps": [],
            "outlet": "Paper",
        }
        for form in ("--tsv", "--csv"):
            shown = (await suggest(form)).stdout
            assert "evil.example" in shown
            assert "\x1b" not in shown
        assert "'=1+1" in shown, "no formula for a spreadsheet"
        added = await suggest("--subscribe", "paper.example", "quiet.example")
        assert added.stdout == (
            "Added: Feed, http://paper.example/rss.\nAdded: P, http://quiet.example/news.xml.\n"
        )
        assert desk.rows("SELECT DISTINCT category FROM feeds WHERE url NOT LIKE '%google%'") == [
            ("Found in searches",)
        ]
        again = await suggest("--subscribe", "http://paper.example/")
        assert (again.returncode, "no outlet to suggest" in again.stderr) == (1, True)
        nothing = await suggest("--subscribe", "evil.example")
        assert (nothing.returncode, "nothing that could be watched" in nothing.stderr) == (1, True)
        assert (await suggest("--subscribe")).returncode == 2


def test_nothing_is_made_where_there_is_no_warehouse(tmp_path: Path) -> None:
    env = {"PRESSCLIP_WAREHOUSE": str(tmp_path / "press.duckdb")}
    assert called(tmp_path, env, "feeds", "suggest").returncode == 1
    assert list(tmp_path.iterdir()) == []
