"""Rebuilding: what a load of an earlier version damaged is as if it had been loaded by this one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parsers.identity import entry_id
from tests.tiers import also_long
from tests.warehouse.builders import (
    Bench,
    a_batch,
    an_article,
    an_entry,
    at,
    stored_articles,
)
from tests.warehouse.history import a_history, contents
from tests.warehouse.places import FILE_AND_LAKE
from warehouse.loading.landing import land
from warehouse.upkeep.checks import check
from warehouse.upkeep.rebuild import Rebuilt, rebuild, strays

NOTHING = Rebuilt(0, 0, 0, 0, 0, 0, 0, 0)


@pytest.fixture
def whole(bench: Bench) -> Bench:
    """Sixty articles with twenty copies, sixty more, and what was changed of them later."""
    again = tuple(
        an_article(f"a{number}", " ".join(f"new{number}w{word}" for word in range(16)), read=200)
        for number in range(0, 120, 7)
    )
    bench.fill(
        stored_articles("b1", 0, 60, copies=20),
        stored_articles("b2", 60, 120),
        a_batch("b3", 200, articles=again),
    )
    return bench


DAMAGE = {
    # Strangers were told to be stories of their own, and the rows of their stories went.
    "articles torn from their stories": (
        "UPDATE articles SET story_id = article_id, copy_kind = 'original'"
        " WHERE copy_kind <> 'original'",
        "DELETE FROM stories WHERE articles > 1",
    ),
    "stories that are not there": ("DELETE FROM stories WHERE story_id % 3 = 0",),
    "stories of nobody": (
        "INSERT INTO stories BY NAME SELECT * REPLACE (7 AS story_id) FROM stories LIMIT 1",
    ),
    "stories twice": ("INSERT INTO stories FROM stories WHERE story_id % 2 = 0",),
    "stories that tell wrong": (
        "UPDATE stories SET topics = ['Tesla'], hosts = 9 WHERE story_id % 4 = 0",
    ),
    # Strangers were settled again, without their earlier revisions.
    "articles in two rows": (
        "INSERT INTO articles BY NAME SELECT * REPLACE (1 AS revisions, article_id AS story_id,"
        " 'original' AS copy_kind, read_at AS first_seen_at)"
        " FROM articles WHERE article_id % 5 < 2",
    ),
    "revisions miscounted": (
        "UPDATE articles SET revisions = revisions + 1 WHERE article_id % 5 = 1",
    ),
    "revisions twice": ("INSERT INTO superseded FROM superseded WHERE article_id % 2 = 0",),
    "mentions twice": ("INSERT INTO mentions FROM mentions WHERE article_id % 2 = 0",),
    # Strangers took what was decided about others.
    "entries that point at other articles": (
        "UPDATE entries SET article_id = o.article_id, decided_at = o.decided_at FROM ("
        "SELECT entry_id, lead(article_id) OVER (ORDER BY entry_id) AS article_id,"
        " lead(decided_at) OVER (ORDER BY entry_id) AS decided_at FROM entries) AS o"
        " WHERE entries.entry_id = o.entry_id AND o.article_id IS NOT NULL",
    ),
    "entries in another state": (
        "UPDATE entries SET state = 'off_topic', reason = 'no_alias', article_id = NULL,"
        " attempts = 4, decided_at = decided_at + INTERVAL 1 HOUR WHERE entry_id % 3 = 1",
    ),
}  # fmt: skip
"""Statements that leave behind what a load of an earlier version did."""


@FILE_AND_LAKE
@pytest.mark.parametrize("damage", DAMAGE)
def test_what_was_damaged_is_as_it_was(whole: Bench, damage: str) -> None:
    with whole.open() as wh:
        before = contents(wh)
        for sql in DAMAGE[damage]:
            wh.execute(sql)
        assert check(wh)[1] != (), "the damage is not seen"
        assert rebuild(wh, at(2000)) != NOTHING
        assert check(wh)[1] == ()
        after = contents(wh)
        assert {name for name in before if after[name] != before[name]} == set()
        assert rebuild(wh, at(2001)) == NOTHING


SEEN = (
    # Articles that came later took the place of copies: each copy became a story of its own, and
    # the rows of the stories that they had been in went.
    "INSERT INTO stories BY NAME SELECT s.* REPLACE (a.article_id AS story_id, 1 AS articles)"
    " FROM stories AS s JOIN articles AS a ON a.story_id = s.story_id WHERE a.copy_kind = 'exact'",
    "DELETE FROM stories WHERE articles > 1",
    "UPDATE articles SET story_id = article_id, copy_kind = 'original' WHERE copy_kind = 'exact'",
    # What was decided about the entries of the second batch was told those of the first as well.
    """
    UPDATE entries SET
        article_id = o.article_id, state = o.state, decided_at = o.decided_at
    FROM (SELECT row_number() OVER (ORDER BY decided_at) AS place, entry_id
        FROM entries WHERE version_batch_id = 'b1') AS e
    JOIN (SELECT row_number() OVER (ORDER BY decided_at) AS place, article_id, state, decided_at
        FROM entries WHERE version_batch_id = 'b2') AS o ON o.place = e.place
    WHERE entries.entry_id = e.entry_id
    """,
)
"""What the loader that found rows by their place left of two batches in a DuckLake, statement by
statement: the rules below broken, as often as is said there."""


@FILE_AND_LAKE
def test_a_lake_as_it_was_seen(bench: Bench) -> None:
    bench.load(stored_articles("b1", 0, 60, copies=20), stored_articles("b2", 60, 120))
    with bench.open() as wh:
        before = contents(wh)
        for sql in SEEN:
            wh.execute(sql)
        assert {rule.name: rule.count for rule in check(wh)[1]} == {
            "entries_say_what_was_decided": 60,
            "articles_of_one_entry": 60,
            "articles_have_stories": 12,
            "stories_have_one_original": 20,
        }
        done = rebuild(wh, at(2000))
        assert done == replace(NOTHING, regrouped=20, stories=32, states=60)
        assert check(wh)[1] == ()
        assert contents(wh) == before


WORDS = "SELECT guid, link, title FROM entries WHERE entry_id = $id"
TAKES_WORDS = """
UPDATE entries SET
    guid = o.guid, link = o.link, title = o.title, version_seen_at = o.version_seen_at,
    version_batch_id = o.version_batch_id
FROM (FROM entries WHERE guid = 'a70') AS o
WHERE entries.guid = $guid
"""


@FILE_AND_LAKE
@pytest.mark.parametrize("later", [False, True], ids=["still the same", "since told anew"])
def test_an_entry_that_took_the_words_of_another_one_has_its_own_again(
    whole: Bench, later: bool
) -> None:
    """Those that a batch still tells, or else what the page told that was read for it."""
    with whole.open() as wh:
        for guid in ("a1", "a2"):
            wh.execute(TAKES_WORDS, {"guid": guid})
        if later:
            told = an_entry("a70", updated=300, title="About a70, again")
            whole.load_into(wh, a_batch("later", 300, "poll", entries=(told,)))
        land(whole.desk, a_batch("waits", 0, "poll", entries=(an_entry("a1"),)))
        done = rebuild(wh, at(2000))
        assert done == replace(NOTHING, words=2)
        link = "https://news.example/a"
        assert wh.execute(WORDS, {"id": entry_id(1, "a1")}) == [("a1", f"{link}1", "About a1")]
        assert wh.execute(WORDS, {"id": entry_id(1, "a2")}) == [(None, f"{link}2", "Title of a2")]
        assert wh.execute("SELECT count(*) FROM entries WHERE guid = 'a70'") == [(1,)]
        assert check(wh)[1] == ()
        assert rebuild(wh, at(2001)) == NOTHING


@FILE_AND_LAKE
def test_an_entry_of_which_nothing_is_known_says_nothing(bench: Bench) -> None:
    entries = tuple(an_entry(name) for name in ("a1", "a70"))
    bench.load(a_batch("b1", 0, "poll", entries=entries))
    with bench.open() as wh:
        wh.execute(TAKES_WORDS, {"guid": "a1"})
        assert rebuild(wh, at(2000)) == replace(NOTHING, unknown_words=1)
        assert wh.execute(WORDS, {"id": entry_id(1, "a1")}) == [(None, None, None)]
        assert check(wh)[1] == ()
        assert rebuild(wh, at(2001)) == NOTHING


def test_entries_that_are_named_alike_keep_their_words() -> None:
    """The same guid in two feeds; and one guid for two pages, which are known by their links."""
    told = [(entry_id(feed, "g"), feed, "g", "https://x.example/1") for feed in (1, 2)]
    told += [
        (entry_id(3, link), 3, "g", link) for link in ("https://x.example/2", "https://y.example")
    ]
    assert strays(told) == ()
    assert strays([*told, (5, 1, "g", "https://x.example/1")]) == (5,)


@FILE_AND_LAKE
def test_all_of_it_at_once(whole: Bench) -> None:
    with whole.open() as wh:
        before = contents(wh)
        for statements in DAMAGE.values():
            for sql in statements:
                wh.execute(sql)
        rebuild(wh, at(2000))
        assert check(wh)[1] == ()
        assert contents(wh) == before


@FILE_AND_LAKE
def test_what_is_whole_stays_as_it_is(whole: Bench) -> None:
    with whole.open() as wh:
        before = contents(wh)
        assert rebuild(wh, at(2000)) == NOTHING
        assert contents(wh) == before


@FILE_AND_LAKE
@pytest.mark.parametrize("seed", [0, *also_long(1, 2)])
def test_a_history_stays_as_it_is_but_for_what_it_lost(bench: Bench, seed: int) -> None:
    """It decides about articles that it never brings: these are asked for again."""
    bench.load(*a_history(seed, 6))
    with bench.open() as wh:
        before = contents(wh)
        ((asked_again,),) = wh.execute(
            "SELECT count(*) FROM entries WHERE state IN ('stored', 'duplicate')"
            " AND coalesce(article_id NOT IN (SELECT article_id FROM articles), true)"
        )
        done = rebuild(wh, at(2000))
        assert done.asked_again == asked_again
        assert replace(done, asked_again=0) == NOTHING
        after = contents(wh)
        changed = {name for name in before if after[name] != before[name]}
        assert changed <= {"entries", "outcomes"}
        assert rebuild(wh, at(2001)) == NOTHING
        bench.load_into(wh, *a_history(seed, 8)[12:])
        assert rebuild(wh, at(2002)).states == 0
