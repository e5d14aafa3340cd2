"""Copies, stories and originals."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations, product
from typing import Any

import pytest

from parsers.copies.fingerprints import fingerprint
from parsers.records import Article, DateFlag, Fingerprint
from parsers.sites import site_of
from tests.forms import FORMS, filled
from tests.tiers import also_long
from tests.warehouse.builders import Bench, a_batch, an_article, at
from tests.warehouse.places import FILE_AND_LAKE
from warehouse.loading.stories import AGAIN_DAYS, WINDOW_DAYS

pytestmark = FILE_AND_LAKE


WIRE = [f"w{number}" for number in range(16)]
STORIES = "SELECT list(title ORDER BY copy_kind = 'original' DESC, title) AS s FROM articles GROUP BY story_id ORDER BY s"  # noqa: E501


def words(kept: int, other: str = "x", base: list[str] = WIRE) -> str:
    """`kept` of the wire's sixteen words, the rest another's own."""
    return " ".join(base[:kept] + [f"{other}{number}" for number in range(kept, 16)])


def copy(
    name: str, kept: int, read: float, *, host: str = "", headline: str = "", **fields: Any
) -> Article:
    host = host or f"{name}.example"
    return an_article(
        name, words(kept, name), host=host, read=read, title=headline or name, **fields
    )


def stories(bench: Bench) -> list[list[str]]:
    """Titles by story, the original first."""
    return [list(titles) for (titles,) in bench.rows(STORIES)]  # type: ignore[call-overload]


def test_near_copies_join_the_story_of_the_earliest(bench: Bench) -> None:
    report = bench.load(
        a_batch("b1", articles=(copy("b", 16, 2), copy("a", 12, 1), copy("c", 2, 1)))
    )
    assert stories(bench) == [["a", "b"], ["c"]]
    assert len(report.new_stories) == 2
    assert bench.rows("SELECT articles, hosts FROM stories ORDER BY ALL") == [(1, 1), (2, 2)]


@pytest.mark.parametrize(
    "read_at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
)
def test_a_page_read_at_the_end_of_time_is_stored_as_any_other(
    bench: Bench, read_at: datetime
) -> None:
    odd = replace(copy("a", 16, 1), fetched_at=read_at)
    report = bench.load(a_batch("b1", articles=(odd,)), a_batch("b2", articles=(copy("b", 16, 1),)))
    assert (report.batches, report.quarantined) == (("b1", "b2"), 0)
    assert stories(bench) == [["a"], ["b"]]


def test_a_date_of_publication_goes_before_first_sight(bench: Bench) -> None:
    first = copy("b", 16, 20, published_at=at(0.5))
    bench.load(a_batch("b1", articles=(copy("a", 16, 1),)), a_batch("b2", articles=(first,)))
    assert stories(bench) == [["b", "a"]]
    kinds = bench.rows("SELECT title, copy_kind FROM articles ORDER BY title")
    assert kinds == [("a", "exact"), ("b", "original")]


@pytest.mark.parametrize(
    ("flag", "published", "seen", "first"),
    [
        (None, 1.5, 20, "doubtful"),
        (DateFlag.DAY, -6, 20, "wire"),
        (DateFlag.DAY, -6, 2, "doubtful"),
        (DateFlag.DAY, -30, 17, "wire"),
        (DateFlag.DAY, -35, 17, "doubtful"),
        (DateFlag.NO_ZONE, -1, 20, "wire"),
        (DateFlag.NO_ZONE, -10, 20, "doubtful"),
        (DateFlag.FUTURE, 90, 20, "wire"),
        (DateFlag.FUTURE, 90, 2, "doubtful"),
        (None, 90, 2, "doubtful"),
    ],
)
def test_a_date_counts_as_early_as_is_certain(
    bench: Bench, flag: DateFlag | None, published: float, seen: float, first: str
) -> None:
    """The wire's story is of two and a half hours after six: a page that names the same day only,
    which ends twelve hours later far in the west, was not first for that, unless seen before."""
    wire = copy("wire", 16, 4, published_at=at(2.5))
    other = copy("doubtful", 16, seen, published_at=at(published), date_flag=flag)
    bench.load(a_batch("b1", articles=(wire,)), a_batch("b2", articles=(other,)))
    assert stories(bench)[0][0] == first
    assert bench.rows("SELECT title, date_flag FROM articles ORDER BY title") == [
        ("doubtful", flag),
        ("wire", None),
    ]
    ((told, started),) = bench.rows(
        "SELECT min(a.told_at), min(s.started_at) FROM articles AS a, stories AS s"
    )
    assert told == started


def test_exact_and_near_copies_are_told_apart(bench: Bench) -> None:
    same = words(16)
    bench.load(
        a_batch(
            "b1",
            articles=(
                an_article("a", same, read=1),
                an_article("b", same, read=2),
                an_article("c", words(12), read=3),
            ),
        )
    )
    kinds = bench.rows("SELECT copy_kind FROM articles ORDER BY read_at")
    assert kinds == [("original",), ("exact",), ("near",)]


FAR = 24 * (WINDOW_DAYS + 2)
READ_AGAIN = [
    ("harvest", 0, "a"),
    ("harvest", FAR, "b"),
    ("reparse", 3, "c"),
    ("rejudge", FAR, "a"),
]
REST = set(product(("harvest", "reparse", "rejudge"), (0, 3, FAR), "abc")) - set(READ_AGAIN)


@pytest.mark.parametrize(("kind", "later", "again"), [*READ_AGAIN, *also_long(*sorted(REST))])
def test_what_is_read_again_stays_in_its_story(
    bench: Bench, kind: str, later: float, again: str
) -> None:
    """Whether its fingerprint is on record already, or nothing is near enough in time any more."""
    articles = {name: copy(name, kept, 1) for name, kept in (("a", 16), ("b", 16), ("c", 12))}
    bench.load(a_batch("b1", articles=tuple(articles.values())))
    before = bench.rows("SELECT article_id, story_id, copy_kind FROM articles ORDER BY ALL")
    read = replace(articles[again], fetched_at=at(1 + later), authors=("Somebody",))
    report = bench.load(a_batch("b2", kind=kind, articles=(read,)))
    assert report.new_stories == ()
    assert bench.rows("SELECT article_id, story_id, copy_kind FROM articles ORDER BY ALL") == before
    assert bench.rows("SELECT articles FROM stories") == [(3,)]


def test_a_bridge_joins_two_stories(bench: Bench) -> None:
    left = copy("l", 16, 1)
    right = an_article("r", words(0, "m"), host="r.example", read=2, title="r")
    bridge = copy("m", 8, 3)
    bench.load(a_batch("b1", articles=(left, right)))
    assert stories(bench) == [["l"], ["r"]]
    report = bench.load(a_batch("b2", articles=(bridge,)))
    assert stories(bench) == [["l", "m", "r"]]
    assert report.new_stories == ()
    assert bench.rows("SELECT articles FROM stories") == [(3,)]


def test_a_weak_tie_does_not_join_two_stories(bench: Bench) -> None:
    """The same, where both are stories already, in whatever order they come."""
    wire = [copy("l", 16, 1), copy("n", 16, 2)]
    other = [
        an_article(name, words(0, "m"), host=f"{name}.example", read=read, title=name)
        for name, read in (("r", 3), ("s", 5))
    ]
    taken = an_article("m", words(6, "m"), host="m.example", read=4, title="m")
    batches = [a_batch(f"b{n}", articles=(one,)) for n, one in enumerate([*wire, taken, *other])]
    for batch in random.Random(5).sample(batches, len(batches)):
        bench.load(batch)
    assert stories(bench) == [["l", "n"], ["r", "m", "s"]]
    assert bench.rows("SELECT articles FROM stories ORDER BY ALL") == [(2,), (3,)]


ORDERS = tuple(permutations(range(3)))


@pytest.mark.parametrize("order", [ORDERS[0], ORDERS[3], *also_long(*((one,) for one in ORDERS))])
def test_a_short_text_is_a_copy_under_each_of_its_titles_in_any_order(
    bench: Bench, order: tuple[int, ...]
) -> None:
    print_ = Fingerprint(text_hash=7, bands=(), sketch="", shingle_count=24)
    texts = [("a", "Ferry stops", 1), ("a", "Storm stops ferry", 5), ("b", "Storm stops ferry", 6)]
    batches = [
        a_batch(
            f"b{at_}",
            articles=(replace(copy(name, 16, at_), title=title, fingerprint=print_),),
        )
        for name, title, at_ in texts
    ]
    for place in order:
        bench.load(batches[place])
    assert bench.rows("SELECT articles FROM stories") == [(2,)]


def test_copies_far_apart_in_time_are_no_copies(bench: Bench) -> None:
    near = 24 * WINDOW_DAYS
    bench.load(
        a_batch("b1", articles=(copy("a", 16, 0),)),
        a_batch("b2", articles=(copy("b", 14, near),)),
        a_batch("b3", articles=(copy("c", 14, -24 * 1.5),)),
    )
    # b is too far from c, and both are near enough to a.
    assert stories(bench) == [["c", "a", "b"]]
    bench.load(a_batch("b4", articles=(copy("d", 14, 2 * near + 48),)))
    assert stories(bench) == [["c", "a", "b"], ["d"]]


def test_the_same_text_is_a_copy_weeks_later(bench: Bench) -> None:
    """In whatever order they come; but not for ever."""
    bench.load(
        a_batch("b1", articles=(copy("b", 16, 24 * 20),)),
        a_batch("b2", articles=(copy("a", 16, 0), copy("c", 15, 24 * 20))),
        a_batch("b3", articles=(copy("d", 16, 24 * (AGAIN_DAYS + 21)),)),
    )
    # c is no longer the same, and joins by way of b.
    assert stories(bench) == [["a", "b", "c"], ["d"]]


def brief(name: str, shingles: int, title: str, read: float = 1, host: str = "") -> Article:
    """A text too short for a sketch: the same where the number of its shingles is."""
    print_ = Fingerprint(text_hash=shingles, bands=(), sketch="", shingle_count=shingles)
    article = an_article(name, words(16, name), host=host or f"{name}.example", read=read)
    return replace(article, text="Please subscribe", title=title, fingerprint=print_)


def test_short_texts_are_copies_only_where_they_and_their_titles_are_equal(bench: Bench) -> None:
    bench.load(
        a_batch("b1", articles=(brief("a", 5, "Lost dog"), brief("b", 5, "Lost dog"))),
        a_batch("b2", articles=(brief("c", 19, "Flood"), brief("d", 19, "Fire"))),
        a_batch("b3", articles=(brief("e", 19, "FLOOD ", 99),)),
    )
    assert stories(bench) == [["Fire"], ["Flood", "FLOOD "], ["Lost dog"], ["Lost dog"]]


def test_equal_briefs_are_copies_on_two_sites_at_nearly_one_time(bench: Bench) -> None:
    """On one site they are what it says where it shows no text."""
    bench.load(
        a_batch("b1", articles=(brief("a", 27, "Storm stops ferry"), brief("b", 27, "No ferry"))),
        a_batch("b2", articles=(brief("c", 27, "Ferry stops", 24 * 4),)),
        a_batch("b3", articles=(brief("d", 28, "Fire"), brief("e", 28, "Ice", 2, "d.example"))),
    )
    assert stories(bench) == [["Ferry stops"], ["Fire"], ["Ice"], ["Storm stops ferry", "No ferry"]]


@pytest.mark.parametrize(
    ("host", "other", "one_site"),
    [
        ("paper.example", "paper.example", True),
        ("a.paper.co.uk", "b.paper.co.uk", True),
        ("one.blogspot.com", "other.blogspot.com", False),
        ("one.example", "other.example", False),
        *also_long(
            ("money.paper.example", "sport.paper.example", True),
            ("paper.example", "en.paper.example", True),
            ("news.orf.at", "sport.orf.at", True),
            ("one.co.uk", "other.co.uk", False),
            ("example", "other.example", False),
            ("10.1.0.1", "10.2.0.1", False),
        ),
    ],
)
def test_texts_of_one_site_must_have_more_in_common(
    bench: Bench, host: str, other: str, one_site: bool
) -> None:
    """What a site puts under all its texts makes no copies of them, on whichever of its hosts."""
    assert (site_of(host) == site_of(other)) is one_site
    bench.load(
        a_batch(
            "b1",
            articles=(
                an_article("a", words(6, "a"), host=host, title="a"),
                an_article("b", words(6, "b"), host=other, title="b"),
            ),
        )
    )
    found = sorted(map(sorted, stories(bench)))
    assert found == ([["a"], ["b"]] if one_site else [["a", "b"]])


@pytest.mark.parametrize(
    ("title", "hours", "together"), [("Rain", 6, True), ("Snow", 6, False), ("Rain", 80, False)]
)
def test_regional_editions_of_one_site_are_one_story(
    bench: Bench, title: str, hours: float, together: bool
) -> None:
    """One headline at nearly one time tells them from what the site says every week."""
    bench.load(
        a_batch("b1", articles=(copy("a", 16, 1, host="north.paper.example", headline="Rain"),)),
        a_batch(
            "b2", articles=(copy("b", 7, 1 + hours, host="south.paper.example", headline=title),)
        ),
    )
    assert (len(stories(bench)) == 1) is together


def test_a_page_that_has_two_articles_in_full_joins_neither(
    benches: Callable[[str], Bench],
) -> None:
    """However large the two are, wherever they were published and whichever came first."""
    other = [f"o{number}" for number in range(8)]
    a = copy("a", 10, 1)
    parts = {
        "a": replace(a, fingerprint=part(WIRE[:10])),
        "b": replace(copy("b", 10, 2), fingerprint=part(WIRE[:10])),
        "c": replace(copy("c", 6, 3), fingerprint=part(other)),
        "whole": replace(copy("whole", 1, 4), fingerprint=part(WIRE[:10] + other)),
    }
    for number, order in enumerate((["a", "b", "c", "whole"], ["whole", "c", "b", "a"])):
        one = benches(f"desk{number}")
        one.load(*(a_batch(f"b{at_}", articles=(parts[name],)) for at_, name in enumerate(order)))
        assert stories(one) == [["a", "b"], ["c"], ["whole"]]


def part(paragraphs: list[str]) -> Fingerprint:
    """The true fingerprint of a text of made-up paragraphs, 60 words each."""
    return fingerprint(
        "\n\n".join(" ".join(f"{one}x{at_}" for at_ in range(60)) for one in paragraphs)
    )


def test_what_an_early_version_stored_is_compared_as_it_was_then(bench: Bench) -> None:
    """It has neither sketches of bigrams and frames nor titles: its stories stay, copies join."""
    notices = [
        replace(copy(name, 1, read), fingerprint=fingerprint("\n\n".join(text)))
        for read, name in enumerate("abc", start=1)
        for text in [filled(random.Random(name), FORMS["incidents"])]
    ]
    early = copy("d", 16, 1)
    bench.load(a_batch("b1", articles=(notices[0], early)))
    forget = "UPDATE fingerprints SET bigram_sketch = NULL, frame_sketch = NULL, title_hash = NULL"
    with bench.open() as wh:
        wh.change(lambda: wh.execute(forget))
    known = "SELECT article_id, story_id FROM articles ORDER BY ALL"
    before = bench.rows(known)
    again = (replace(early, fetched_at=at(3)), replace(notices[0], fetched_at=at(3)))
    bench.load(a_batch("b2", kind="reparse", articles=again))
    assert bench.rows(known) == before
    assert bench.rows("SELECT count(*) FROM fingerprints") == [(2,)]
    bench.load(a_batch("b3", articles=(notices[1], copy("e", 14, 4))))
    assert stories(bench) == [["a", "b"], ["d", "e"]]
    # By today's sketches such notices are no copies of each other.
    bench.load(a_batch("b4", articles=(replace(notices[2], fetched_at=at(24 * 16)),)))
    bench.load(a_batch("b5", articles=(replace(notices[1], fetched_at=at(24 * 16)),)))
    assert stories(bench) == [["a", "b"], ["c"], ["d", "e"]]


def test_a_revision_stays_in_its_story_and_may_change_the_original(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(copy("a", 16, 1), copy("b", 14, 2))))
    rewritten = an_article("b", words(0, "new"), host="b.example", read=5, title="b")
    bench.load(a_batch("b2", articles=(replace(rewritten, published_at=at(0)),)))
    assert stories(bench) == [["b", "a"]]
    assert bench.rows("SELECT count(*), max(articles) FROM stories") == [(1, 2)]


def test_topics_of_a_story_are_those_of_all_its_articles(bench: Bench) -> None:
    bench.load(
        a_batch("b1", articles=(copy("a", 16, 1, topics=()), copy("b", 14, 2, topics=("Musk",))))
    )
    assert bench.rows("SELECT topics, salience, languages FROM stories") == [
        (["Musk"], 0.5, ["en"])
    ]


@pytest.mark.parametrize(("seed", "together"), [(0, 2), *also_long((0, 1), (1, 1))])
def test_stories_do_not_depend_on_the_order_of_batches(
    benches: Callable[[str], Bench], seed: int, together: int
) -> None:
    """Of so many articles each."""
    chooser = random.Random(seed)
    articles = []
    for number in range(24):
        cluster = chooser.randrange(4)
        base = [f"c{cluster}w{word}" for word in range(16)]
        bridge = [f"c{(cluster + 1) % 4}w{word}" for word in range(16)]
        kept = chooser.choice((4, 7, 9, 12))
        text = base[:kept] + bridge[kept:] if chooser.random() < 0.2 else base[:kept]
        text += [f"n{number}w{word}" for word in range(16 - len(text))]
        articles.append(
            an_article(
                f"a{chooser.randrange(18)}",
                " ".join(text),
                read=chooser.uniform(0, 24 * 25),
                published_at=chooser.choice((None, at(chooser.uniform(0, 600)))),
                date_flag=chooser.choice((None, *DateFlag)),
            )
        )
    batches = [
        a_batch(f"b{n:02}", n, articles=tuple(articles[n : n + together]))
        for n in range(0, len(articles), together)
    ]
    tables = []
    for name in ("in order", "shuffled"):
        one = benches(name)
        with one.open() as wh:
            for batch in batches:
                one.load_into(wh, batch)
            rows = wh.execute("SELECT * FROM articles ORDER BY article_id")
            rows += wh.execute("SELECT * FROM stories ORDER BY story_id")
            rows += wh.execute("SELECT * FROM superseded ORDER BY article_id, text_hash")
        tables.append(rows)
        chooser.shuffle(batches)
    assert tables[0] == tables[1]
    assert 1 < len({row[0] for row in tables[0]}) < 60
