"""The whole walk over real HTTP: from the made-up press's feeds to rows, against its truth."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from flows.newsstand import ServedPress, load_press
from flows.steps.ingest import IngestReport
from parsers.text.marks import without_marks
from parsers.urls import canonical_url
from tests.settings import settings
from tests.tiers import also_long
from tests.walk.walking import Undisturbed, rows, run, stable_rows

pytestmark = pytest.mark.xdist_group("walk")
"""One process, one undisturbed run."""


@pytest.fixture(scope="module")
def desk(undisturbed: Undisturbed) -> Path:
    """The warehouse after one undisturbed run."""
    return undisturbed.path


def test_every_entry_ends_as_the_press_says(newsstand: ServedPress, desk: Path) -> None:
    feed_of: dict[int, str] = dict(rows(desk, "SELECT feed_id, url FROM feeds"))
    got = {
        (feed_of[feed_id], link): (state, reason)
        for feed_id, link, state, reason in rows(
            desk, "SELECT feed_id, link, state, reason FROM entries"
        )
    }
    expected = newsstand.press.entries()
    assert len(got) == len(expected)
    shared: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in expected:
        state, reason = got[entry.feed_url, entry.link]
        if entry.state in {"stored", "duplicate"}:
            assert entry.article_url is not None
            shared[entry.article_url][str(state)] += 1
        else:
            assert (entry.link, state) == (entry.link, entry.state)
            if entry.reason is not None:
                assert (entry.link, reason) == (entry.link, entry.reason)
    for url, states in shared.items():
        # One entry brought the article; whichever others lead there are duplicates.
        assert (url, states["stored"], set(states)) == (
            url,
            1,
            set(states) & {"stored", "duplicate"},
        )


def test_every_article_on_topic_is_there_and_nothing_else(
    newsstand: ServedPress, desk: Path
) -> None:
    wanted = {
        entry.article_url
        for entry in newsstand.press.entries()
        if entry.state in {"stored", "duplicate"}
    }
    urls = {url for (url,) in rows(desk, "SELECT url FROM articles")}
    known = {article.url for article in newsstand.press.truth()}
    assert len(urls) == len(wanted)
    assert {url.split("?")[0] for url in map(str, urls)} & known


def test_the_text_of_every_article_is_its_paragraphs_and_no_boilerplate(
    newsstand: ServedPress, desk: Path
) -> None:
    # By address: an exact copy has its original's title.
    truth = {canonical_url(article.url): article for article in newsstand.press.truth()}
    stored = rows(
        desk, "SELECT canonical_url, title, text, standfirst, language, authors FROM articles"
    )
    assert stored
    for url, title, text, standfirst, language, authors in stored:
        expected = truth[str(url)]
        plain = without_marks(str(text))
        paragraphs = [part for part in plain.split("\n\n") if part != expected.standfirst]
        assert (title, paragraphs) == (title, list(expected.paragraphs))
        assert (title, language) == (title, expected.language)
        assert (title, tuple(authors)) == (title, expected.authors)
        assert standfirst in {None, expected.standfirst}


def test_topics_are_those_of_the_text_not_of_the_sidebar(
    newsstand: ServedPress, desk: Path
) -> None:
    truth = {article.title: article.topics for article in newsstand.press.truth()}
    found: dict[str, set[str]] = defaultdict(set)
    for title, topic in rows(
        desk, "SELECT title, topic FROM articles JOIN mentions USING (article_id)"
    ):
        found[str(title)].add(str(topic))
    assert {title: tuple(sorted(topics)) for title, topics in found.items()} == {
        title: truth[title] for title in found
    }


def test_copies_are_one_story(newsstand: ServedPress, desk: Path) -> None:
    story_of = {
        str(title): story for title, story in rows(desk, "SELECT title, story_id FROM articles")
    }
    by_url = {article.url: article for article in newsstand.press.truth()}
    copies = [article for article in by_url.values() if article.copy_of]
    assert copies
    for copy in copies:
        assert copy.copy_of is not None
        original = by_url[copy.copy_of]
        if copy.title in story_of and original.title in story_of:
            assert story_of[copy.title] == story_of[original.title], copy.title
    clippings = rows(desk, "SELECT count(*) FROM clippings")
    assert clippings == [(len(set(story_of.values())),)]


def test_seen_is_the_sum_of_all_outcomes(newsstand: ServedPress, desk: Path) -> None:
    states: dict[str, int] = dict(rows(desk, "SELECT state, count(*) FROM entries GROUP BY ALL"))
    assert sum(states.values()) == len(newsstand.press.entries())
    assert set(states) <= {"stored", "off_topic", "duplicate", "waiting", "dead"}


def test_every_dead_or_waiting_entry_has_a_failure_that_says_why(desk: Path) -> None:
    orphans = rows(
        desk,
        "SELECT link, reason FROM entries WHERE state IN ('dead', 'waiting') AND entry_id NOT IN "
        "(SELECT entry_id FROM failures WHERE entry_id IS NOT NULL)",
    )
    assert orphans == []


def test_each_page_is_asked_for_once(newsstand: ServedPress, undisturbed: Undisturbed) -> None:
    asked = Counter(url for url in undisturbed.asked if "robots.txt" not in url)
    assert asked
    # Somebody put that front page into the list of feeds.
    asked.subtract(set(newsstand.press.feeds()) & set(home_pages(newsstand)))
    assert {url: count for url, count in asked.items() if count > 1} == {}


def home_pages(newsstand: ServedPress) -> dict[str, str]:
    """The front page of each outlet that is watched, and the outlet's name."""
    return {
        f"{outlet.home}/": outlet.name
        for outlet in newsstand.press.outlets
        if any(plan.watched for plan in outlet.feeds)
    }


@pytest.mark.parametrize("days", [((29, 0), (31, 1)), *also_long([(1, 0), (29, 0), (31, 1)])])
def test_each_home_page_is_asked_once_in_thirty_days_for_the_outlets_name(
    days: tuple[tuple[int, int], ...],
    newsstand: ServedPress,
    undisturbed: Undisturbed,
    tmp_path: Path,
) -> None:
    path = undisturbed.copied(tmp_path)
    pages = home_pages(newsstand)
    pages_only = set(pages) - set(newsstand.press.feeds())
    assert Counter(url for url in undisturbed.asked if url in pages_only) == Counter(pages_only)
    for day, times in days:
        newsstand.forget_requests()
        run(settings(path, proxy=newsstand.proxy_url), later=timedelta(days=day))
        asked = Counter(line.url for line in newsstand.requests if line.url in pages_only)
        assert asked == Counter(dict.fromkeys(pages_only, times) if times else {}), day
    named = "SELECT home_url, name, name_source FROM outlets ORDER BY ALL"
    assert rows(path, named) == [(url, pages[url], "home_page") for url in sorted(pages)]
    assert set(rows(path, "SELECT outlet FROM clippings")) <= {(name,) for name in pages.values()}


def test_a_second_run_finds_nothing_new_and_changes_no_row(
    newsstand: ServedPress, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    path = undisturbed.copied(tmp_path)
    before = {table: rows(path, f"SELECT * FROM {table} ORDER BY ALL") for table in TABLES}
    published = path.stat().st_ino
    second = run(settings(path, proxy=newsstand.proxy_url))
    assert undisturbed.report.entries_harvested > 0
    assert second == IngestReport(harvested=Counter())
    after = {table: rows(path, f"SELECT * FROM {table} ORDER BY ALL") for table in TABLES}
    assert after == before
    assert path.stat().st_ino == published


TABLES = ("feeds", "entries", "articles", "article_revisions", "mentions", "stories", "batches")


def test_the_next_edition_brings_revisions_and_new_articles(
    newsstand: ServedPress, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    path, before = undisturbed.copied(tmp_path), undisturbed.rows
    newsstand.press = load_press(2)
    try:
        report = run(settings(path, proxy=newsstand.proxy_url), later=timedelta(days=2))
        truth = {article.url: article for article in newsstand.press.truth()}
    finally:
        newsstand.press = load_press(1)
    assert report.feeds_polled > 0
    after = stable_rows(path)
    assert len(after["articles"]) > len(before["articles"])
    assert len(after["revisions"]) > len(after["articles"])
    revised = set(after["articles"]) - set(before["articles"])
    titles = {article.title for article in truth.values()}
    assert {str(row[2]) for row in revised} <= titles


def test_changed_topics_are_applied_to_what_was_judged_by_others(
    newsstand: ServedPress, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    """Articles that mention the new topics come in, also those that were off topic before."""
    path = undisturbed.copied(tmp_path)
    topics = tmp_path / "topics.toml"
    topics.write_text(
        '[[topic]]\nname = "ferries"\ntitle = "Ferries"\n\n'
        '[[topic.alias]]\nstrength = "strong"\nnames = ["ferry", "ferries"]\n'
    )
    run(settings(path, proxy=newsstand.proxy_url, topics=topics))
    fresh = tmp_path / "fresh.duckdb"
    run(settings(fresh, proxy=newsstand.proxy_url, topics=topics))
    on_topic = (
        "SELECT DISTINCT canonical_url, topic FROM articles JOIN mentions USING (article_id) "
        "ORDER BY ALL"
    )
    found = rows(path, on_topic)
    assert {topic for _, topic in found} == {"ferries"}
    assert len(found) > 1
    assert found == rows(fresh, on_topic)
    again = run(settings(path, proxy=newsstand.proxy_url, topics=topics))
    assert again.entries_harvested == 0
