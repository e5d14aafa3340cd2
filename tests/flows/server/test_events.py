"""Events say what their documentation says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest

from flows.server.events import (
    KINDS,
    MOST_RELATED,
    Event,
    articles_loaded,
    batches_waiting,
    copy_published,
    entries_found,
    feed_failing,
    feeds_pushed,
    outlet_gap,
    run_ended,
    story_found,
    volume_low,
)
from tests.docs import EVENTS, events_with_generated_parts
from warehouse.loading.load import LoadReport
from warehouse.queue.arrivals import FeedNews, StoryNews
from warehouse.queue.health import FailingFeed, LowVolume, OutletGap, WaitingBatches

NOW = datetime(2026, 10, 1, tzinfo=UTC)
STORY = StoryNews(
    story_id=7,
    title="A headline",
    url="https://example.com/a",
    outlet=None,
    language="en",
    topics=("openai",),
    published_at=NOW,
    salience=0.5,
    copies=0,
)
FEED = FeedNews(feed_id=3, title="A feed", url="https://example.com/feed", entries=2)
EXAMPLES = (
    entries_found("/desk/press.duckdb", LoadReport(batches=("b",), new_entries=2), [FEED], 2),
    articles_loaded("/desk/press.duckdb", LoadReport(new_articles=1), {"openai": 1}),
    story_found(STORY),
    copy_published("/desk/press.duckdb", size=1, changes=2),
    feed_failing(FailingFeed(3, "A feed", "https://example.com/feed", "timeout", NOW)),
    volume_low(LowVolume("language", "id", NOW.date(), observed=1, usual=20.0)),
    outlet_gap(OutletGap("paper.example", "The Paper", "muted", NOW, 3, "Nothing since noon.")),
    batches_waiting("/desk/press.duckdb", WaitingBatches(2, timedelta(hours=1))),
    feeds_pushed("/desk/press.duckdb", {2**64 - 1: "https://example.com/feed"}),
    run_ended("2c6b", "poll 3 feeds", ["pressclip"], "COMPLETED"),
)


def test_the_docs_list_every_event() -> None:
    text = EVENTS.read_text("utf-8")
    assert events_with_generated_parts(text) == text, "run `make docs`"
    outgoing = {kind.name for kind in KINDS if not kind.incoming}
    assert outgoing == {event.name for event in EXAMPLES}


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.name)
def test_payloads_have_the_fields_that_are_documented(event: Event) -> None:
    (kind,) = (kind for kind in KINDS if kind.name == event.name)
    assert list(event.payload) == list(kind.payload)
    ours, pattern, *_ = event.resource["prefect.resource.id"].split(".")
    assert kind.resource.startswith(f"`{ours}.{pattern}.")


def test_no_more_related_resources_than_the_server_takes() -> None:
    event = entries_found("/desk/press.duckdb", LoadReport(), [FEED] * 500, 500)
    assert len(event.related) == MOST_RELATED
    assert event.payload["feeds"] == 500


def test_a_story_is_the_same_fact_for_one_warehouse_only() -> None:
    here, there = (replace(STORY, warehouse=name) for name in ("1760000000000000", "2"))
    ids = {story_found(story).event_id for story in (here, there, replace(here), STORY)}
    assert len(ids) == 3
    before = uuid5(NAMESPACE_URL, f"pressclip.story.found#{STORY.story_id} {STORY.url}")
    assert story_found(STORY).event_id == before, "as earlier versions told of it"
