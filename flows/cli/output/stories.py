"""A story as text: who was first, how sure that is and why, who has it, and what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from flows.web.first import grounds, who_was_first
from flows.web.words import NO_TITLE, lag, moment, told
from flows.wording import how_many
from warehouse.published.pages.story import Telling, ToldStory

_SURE = {
    "certain": "That is certain",
    "likely": "That is likely and not certain",
    "alone": "Nobody is beside it",
    "unknown": "How sure that is, is not known",
}
_DOUBTS = {
    "day": "names a day and no time",
    "no_zone": "names a time and no time zone",
    "future": "its date lay ahead",
    "word": "nothing but its own word bears out its date",
    "refuted": "its feed speaks against its date",
    "none": "gives no date that proves anything",
}
"""What is wrong with a date: why an article may have been first all the same."""
_GAP = " " * 4


def story_lines(found: ToldStory) -> Iterator[str]:
    """What a person reads."""
    first, story = found.tellings[0], found.story
    verdict = who_was_first(found)
    yield first.title or NO_TITLE
    size = f"{how_many(story.articles, 'article')} of {how_many(story.outlets, 'outlet')}"
    topics = f", on {', '.join(story.topics)}" if story.topics else ", on none of your topics"
    wire = f", from {story.wire}" if story.wire else ""
    yield f"Story {story.story_id}: {size}{topics}{wire}. Times are UTC."
    yield ""
    yield f"First: {verdict.outlet}, {told(first).said}. {_SURE[verdict.sure]}: {verdict.why}"
    yield ""
    for one in found.tellings:
        said = "; ".join((_likeness(one), *_doubts(one), *grounds(one)))
        yield f"{_GAP}{_when(one)}  {one.outlet or one.url}: {said}"
        yield f"{_GAP * 2}{one.url}"
    if len(found.tellings) < story.articles:
        yield f"{_GAP}… and {story.articles - len(found.tellings)} more."
    if found.changes:
        yield ""
        yield "What changed:"
    outlets = {one.article_id: one.outlet or one.url for one in found.tellings}
    for change in found.changes:
        what = {"both": "title and text"}.get(change.changed, change.changed)
        yield f"{_GAP}{moment(change.first_seen_at)}  {outlets[change.article_id]}: {what}"


def _when(one: Telling) -> str:
    return "first" if one.copy_kind == "original" else lag(one.behind)


def _likeness(one: Telling) -> str:
    if one.copy_kind == "original":
        return "the original"
    if one.similarity is None:
        said = "like another copy of it"
    elif one.copy_kind == "exact":
        said = "the same text"
    else:
        said = f"{one.similarity:.0%} in common with the original"
    return f"published again, {said}" if one.reason == "republication" else said


def _doubts(one: Telling) -> Iterator[str]:
    """Of a copy; of the first the verdict says them."""
    if one.copy_kind == "original":
        return
    if one.may_be_first:
        yield "may have been first"
    # A date that proves nothing may be in no zone, too.
    wrong = "none" if one.date_evidence == "none" else one.date_flag or one.date_evidence
    if wrong in _DOUBTS:
        yield _DOUBTS[wrong]


def story_object(found: ToldStory) -> dict[str, object]:
    """The same for programs; ids are texts, which nothing rounds."""
    verdict = who_was_first(found)
    articles = [
        {
            **{name: value for name, value in asdict(one).items() if name != "behind"},
            "behind_seconds": one.behind.total_seconds(),
            "grounds": grounds(one),
        }
        for one in found.tellings
    ]
    return {
        **asdict(found.story),
        "first": asdict(verdict) | {"article_id": found.tellings[0].article_id},
        "copies": articles,
        "changes": [asdict(change) for change in found.changes],
    }
