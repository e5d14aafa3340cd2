"""The searches of the made-up press: each of their items ends as the press says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.newsstand import ServedPress, load_press, serve_in_thread
from flows.run.context import open_run
from flows.steps.ingest import ingest
from flows.steps.subscriptions import subscribe
from parsers.feeds.opml import OpmlFeed
from parsers.urls import canonical_url
from tests.settings import settings
from warehouse.published.read import read

ENTRIES = (
    "SELECT f.url, e.link, e.state, e.reason, o.found_by, o.found_as, a.url "
    "FROM entries AS e JOIN feeds AS f USING (feed_id) "
    "LEFT JOIN outcomes AS o ON o.entry_id = e.entry_id AND o.found_url IS NOT NULL "
    "LEFT JOIN articles AS a ON a.article_id = e.article_id"
)


@pytest.fixture
def newsstand() -> Iterator[ServedPress]:
    with serve_in_thread(load_press()) as served:
        yield served


async def test_every_item_of_a_search_ends_as_the_press_says(
    newsstand: ServedPress, tmp_path: Path
) -> None:
    given = settings(tmp_path, proxy=newsstand.proxy_url)
    searches = newsstand.press.searches
    subscribe(given, [OpmlFeed(plan.url) for plan in searches])
    async with open_run(given) as run:
        await ingest(run)
    got = {(feed, link): rest for feed, link, *rest in read(given.desk(), ENTRIES).rows}
    seen: dict[tuple[str, str], list[object]] = {}
    for plan, items in searches.items():
        for found in items:
            item, url = found.item, canonical_url(found.article.url)
            state, reason, by, how, article = got.pop((plan.url, found.link))
            if item.state == "stored":
                # Of several searches that show one article, one is known to have brought it.
                assert state in {"stored", "duplicate"}, found.title
                assert canonical_url(str(article)) == url
                assert (by, how) == (item.found_by, item.found_as), found.title
            else:
                assert (state, item.reason or reason) == (item.state, reason), found.title
            seen.setdefault((url, item.state), []).append(state)
    assert got == {}
    assert all(
        states.count("stored") == 1 for (_, wanted), states in seen.items() if wanted == "stored"
    )
    asked = [line.url for line in newsstand.requests]
    assert [url for url in asked if "/articles/" in url or "apiclick" in url] == []
    assert len(asked) == len(set(asked)), "each once"
    forbidden = [url for url in asked if "die-klausur" in url]
    assert forbidden == ["http://die-klausur.example/robots.txt"]
