"""Checks: silent on what the loader makes, loud on what it would never make."""

from __future__ import annotations

import pytest

from tests.warehouse.builders import Bench
from tests.warehouse.history import MADE_UP, a_history
from warehouse.queries import queries
from warehouse.upkeep.checks import check, rule_of

DAMAGE = {
    "batches_once": "INSERT INTO batches FROM batches LIMIT 1",
    "feeds_once": "INSERT INTO feeds FROM feeds LIMIT 1",
    "entries_once": "INSERT INTO entries FROM entries LIMIT 1",
    "articles_once": "INSERT INTO articles FROM articles LIMIT 1",
    "canonical_urls_once": "UPDATE articles SET canonical_url = 'https://x.example/'",
    "entries_in_a_state": "UPDATE entries SET state = 'lost'",
    "reasons_given": "UPDATE entries SET state = 'dead', reason = NULL",
    "stored_entries_have_articles": "UPDATE entries SET state = 'stored', article_id = 1",
    "duplicates_have_articles": "UPDATE entries SET state = 'duplicate', article_id = 1",
    "entries_say_what_was_decided": "UPDATE entries SET decided_at = now()",
    "articles_of_one_entry": "UPDATE entries SET state = 'stored', article_id = 1",
    "articles_have_entries": "DELETE FROM outcomes",
    "articles_have_batches": "DELETE FROM batches",
    "rows_have_batches": "DELETE FROM batches",
    "one_writer_lock": "DELETE FROM writer_lock",
    "mentions_have_articles": "UPDATE mentions SET article_id = 1",
    "mentions_once": "INSERT INTO mentions FROM mentions LIMIT 1",
    "topics_have_mentions": "DELETE FROM mentions",
    "revisions_counted": "UPDATE articles SET revisions = 99",
    "revisions_have_articles": "UPDATE superseded SET article_id = 1",
    "latest_is_latest": "UPDATE superseded SET read_at = '2099-01-01'",
    "stories_once": "INSERT INTO stories FROM stories LIMIT 1",
    "articles_have_stories": "DELETE FROM stories",
    "stories_have_one_original": "UPDATE articles SET copy_kind = 'original'",
    "stories_tell_of_their_articles": "UPDATE stories SET topics = ['Tesla']",
    "exact_copies_are_exact": "UPDATE articles SET copy_kind = 'exact' WHERE copy_kind = 'near'",
    "originals_are_first": "UPDATE stories SET started_at = '2099-01-01'",
    "outlets_once": "INSERT INTO outlets FROM outlets LIMIT 1",
    "articles_have_outlets": "DELETE FROM outlets",
    "fingerprints_have_articles": "UPDATE fingerprints SET article_id = 1",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A warehouse with some history."""
    bench = Bench.in_folder(tmp_path_factory.mktemp("checks"))
    bench.load(*a_history(5, 4))
    return bench


def test_a_loaded_warehouse_is_whole(whole: Bench) -> None:
    with whole.open() as wh:
        broken = [rule for rule in check(wh)[1] if rule.name not in MADE_UP]
    assert broken == []


def test_every_check_has_damage_to_find() -> None:
    assert set(DAMAGE) == set(queries("upkeep/checks"))


@pytest.mark.parametrize(
    "wrong",
    [
        "hosts = hosts + 1",
        "languages = ['xx']",
        "topics = []",
        "salience = 0.99",
        "started_at = started_at - INTERVAL 1 DAY",
    ],
)
def test_whatever_a_story_tells_wrong_is_found(whole: Bench, wrong: str) -> None:
    with whole.open() as wh:
        wh.execute("BEGIN TRANSACTION")
        wh.execute(f"UPDATE stories SET {wrong}")
        broken = {rule.name for rule in check(wh)[1]}
        wh.rollback()
    assert "stories_tell_of_their_articles" in broken


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found_and_explained(whole: Bench, name: str) -> None:
    with whole.open() as wh:
        wh.execute("BEGIN TRANSACTION")
        wh.execute(DAMAGE[name])
        broken = {rule.name: rule for rule in check(wh)[1]}
        wh.rollback()
    assert broken[name].count >= 1
    assert broken[name].rule == rule_of(queries("upkeep/checks")[name])
    assert broken[name].rule.endswith(".")
    assert "pressclip" in broken[name].advice
