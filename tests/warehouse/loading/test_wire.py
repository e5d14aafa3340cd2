"""Where a story comes from, as its articles say."""

from __future__ import annotations

from tests.warehouse.builders import Bench, a_batch, an_article

WIRE = " ".join(f"w{number}" for number in range(16))


def test_a_story_comes_from_the_agency_that_its_earliest_article_names(bench: Bench) -> None:
    bench.load(
        a_batch(
            "b1",
            articles=(
                an_article("own", WIRE, read=1),
                an_article("late", WIRE, read=3, host="late.example", wire="AFP"),
                an_article("alone", read=4),
            ),
        ),
        a_batch(
            "b2",
            articles=(an_article("early", WIRE, read=2, host="early.example", wire="Reuters"),),
        ),
    )
    assert bench.rows("SELECT title, copies, wire FROM clippings ORDER BY title") == [
        ("Title of alone", 0, None),
        ("Title of own", 2, "Reuters"),
    ]
    assert bench.rows("SELECT wire FROM articles ORDER BY read_at") == [
        (None,), ("Reuters",), ("AFP",), (None,),
    ]  # fmt: skip
