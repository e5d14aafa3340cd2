"""Which new page is a known article under an edited address: pure decisions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.decisions.outcomes import Harvested
from flows.decisions.same_texts import as_known, known_as
from tests.warehouse.builders import an_article, at
from warehouse.queue.articles import SameText
from warehouse.records import EntryOutcome, EntryState

OLD = SameText(1, "https://quay.example/ferry-late", "Ferry late", at(5), same_guid=False)
NEW = replace(
    an_article("ferry"),
    article_id=2,
    canonical_url="https://quay.example/ferry-sinks",
    title="Ferry sinks",
    published_at=at(5),
)


def test_an_edited_slug_is_told_by_the_moment_the_guid_or_the_title() -> None:
    assert known_as(NEW, [OLD]) == OLD
    assert known_as(replace(NEW, published_at=at(9)), [replace(OLD, same_guid=True)])
    undated = replace(NEW, published_at=None, title=OLD.title)
    assert known_as(undated, [replace(OLD, published_at=None)])


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (replace(NEW, published_at=at(29), title=OLD.title), OLD),
        (replace(NEW, published_at=None), replace(OLD, published_at=None)),
        (replace(NEW, canonical_url="https://pier.example/ferry-late"), OLD),
        (replace(NEW, canonical_url="https://quay.example:8443/ferry-late"), OLD),
    ],
    ids=["another day", "another title", "another site", "another server"],
)
def test_the_same_text_again_is_another_article(new: object, old: SameText) -> None:
    assert known_as(new, [old]) is None  # type: ignore[arg-type] # an article


def test_it_is_a_reading_of_the_known_one_and_its_entries_are_duplicates() -> None:
    stored = EntryOutcome(7, EntryState.STORED, at(9), article_id=2)
    found = as_known(Harvested(stored, NEW), {2: OLD})
    assert (found.outcome.state, found.outcome.reason) == (EntryState.DUPLICATE, "same_text")
    assert found.outcome.article_id == 1
    assert found.article is not None
    assert (found.article.article_id, found.article.canonical_url) == (1, OLD.canonical_url)
    assert found.article.url == NEW.url, "where it was read"
    other = Harvested(replace(stored, state=EntryState.DUPLICATE, entry_id=8))
    assert as_known(other, {2: OLD}).outcome.article_id == 1
    assert as_known(other, {}) == other
