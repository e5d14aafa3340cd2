"""Feeds out: which stories they tell of, and that their ids last."""

from __future__ import annotations

from dataclasses import replace

from parsers.feeds.write import SUMMARY, OutgoingItem
from tests.warehouse.builders import Bench, a_batch, an_article, at
from warehouse.published.outgoing import outgoing_feed, topics_told
from warehouse.published.publish import publish

WIRE = " ".join(f"w{number}" for number in range(16))


def items(bench: Bench, hours: float, **wanted: object) -> tuple[OutgoingItem, ...]:
    publish(bench.desk, now=at(hours))
    return outgoing_feed(bench.desk, **{"count": 10, **wanted}).items  # type: ignore[arg-type]


def test_new_stories_come_first_and_copies_not_at_all(bench: Bench) -> None:
    bench.load(
        a_batch(
            "b1",
            articles=(
                an_article("old", read=1, published_at=at(-50)),
                an_article("off", read=2, topics=()),
                an_article("new", WIRE, read=3, published_at=at(-90), authors=("Ann",)),
                an_article("copy", WIRE, read=4, host="copy.example"),
            ),
        )
    )
    new, old = items(bench, 9)
    assert (new.title, old.title) == ("Title of new", "Title of old")
    assert (new.published_at, new.updated_at) == (at(-90), at(3))
    assert (new.authors, old.authors) == (("Ann",), ("news.example",))
    assert (new.summary, new.text) == ("w0", None)
    assert (new.outlet, new.site) == ("news.example", "news.example")
    assert items(bench, 9, full_text=True)[0].text == WIRE.replace(" ", "\n\n")
    assert [item.title for item in items(bench, 9, count=1)] == ["Title of new"]


def test_of_a_first_paragraph_no_more_is_read_than_a_feed_tells(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(an_article("a", standfirst="word " * 200_000),)))
    (item,) = items(bench, 9)
    assert len(item.summary or "") == SUMMARY + 1


def test_what_is_on_no_site_has_no_author(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(replace(an_article("a"), canonical_url="urn:sha256:1"),)))
    assert items(bench, 9)[0].authors == ()


def test_a_topic_or_a_language(bench: Bench) -> None:
    bench.load(
        a_batch(
            "b1",
            articles=(
                an_article("a", topics=("Musk",)),
                an_article("b", topics=("Musk", "OpenAI"), language="id"),
            ),
        )
    )
    assert len(items(bench, 9, topic="musk")) == 2
    assert [item.title for item in items(bench, 9, topic="OpenAI")] == ["Title of b"]
    assert [item.title for item in items(bench, 9, language="ID")] == ["Title of b"]
    assert topics_told(bench.desk) == ("Musk", "OpenAI")
    ids = {outgoing_feed(bench.desk, count=1, topic=name).feed_id for name in (None, "Musk")}
    assert len(ids) == 2


def test_a_language_is_the_originals_as_in_clippings(bench: Bench) -> None:
    copies = (
        an_article("one", WIRE, read=1),
        an_article("copy", WIRE, host="copy.example", read=2, language="id"),
    )
    bench.load(a_batch("b1", articles=copies))
    assert items(bench, 9, language="id") == ()
    assert [item.title for item in items(bench, 9, language="EN")] == ["Title of one"]
    feeds = {outgoing_feed(bench.desk, count=1, language=name).feed_id for name in ("en", "EN")}
    assert len(feeds) == 1


def test_an_id_outlives_edits_and_earlier_originals(bench: Bench) -> None:
    bench.load(a_batch("b1", articles=(an_article("a", WIRE, read=3),)))
    (before,) = items(bench, 9)
    edited = an_article("a", WIRE, read=5, title="Another headline")
    earlier = an_article("z", WIRE, read=6, host="z.example", published_at=at(-9))
    bench.load(a_batch("b2", 5, articles=(edited,)))
    (retitled,) = items(bench, 10)
    bench.load(a_batch("b3", 6, articles=(earlier,)))
    (retold,) = items(bench, 11)
    assert before.item_id == retitled.item_id == retold.item_id
    assert (before.updated_at, retitled.updated_at) == (at(3), at(5))
    assert retitled.title == "Another headline"
    assert (retold.title, retold.url) == ("Title of z", "https://z.example/z")


def test_an_update_never_looks_older_than_the_one_before(bench: Bench) -> None:
    """A feed reader keeps what it has where what comes is older."""
    updates = []
    changes = (
        an_article("a", WIRE, read=3),
        an_article("a", WIRE, read=5, title="Another headline"),
        an_article("a", WIRE, read=7),
        an_article("z", WIRE, read=8, host="z.example", published_at=at(-9)),
        an_article("copy", WIRE, read=9, host="copy.example"),
    )
    for number, article in enumerate(changes):
        bench.load(a_batch(f"b{number}", number, articles=(article,)))
        (item,) = items(bench, 10 + number)
        updates.append((item.title, item.updated_at))
    assert updates == [
        ("Title of a", at(3)),
        ("Another headline", at(5)),
        ("Title of a", at(7)),
        ("Title of z", at(8)),
        ("Title of z", at(8)),
    ]


def test_an_original_that_was_known_longer_does_not_make_a_story_look_older(bench: Bench) -> None:
    left, right = ([f"{side}{number}" for number in range(16)] for side in "lr")
    bridge = " ".join(left[:8] + right[8:])
    bench.load(a_batch("b1", articles=(an_article("a", " ".join(left), read=1),)))
    bench.load(a_batch("b2", articles=(an_article("a", " ".join(left), read=6, title="Edited"),)))
    earlier = an_article("z", " ".join(right), read=3, host="z.example", published_at=at(-9))
    bench.load(a_batch("b3", articles=(earlier,)))
    before = {item.item_id: item.updated_at for item in items(bench, 10)}
    bench.load(a_batch("b4", articles=(an_article("m", bridge, read=8, host="m.example"),)))
    (item,) = items(bench, 11)
    assert item.title == "Title of z"
    assert item.updated_at is not None
    assert item.updated_at >= before[item.item_id] == at(6)
