"""One story: who was first and how sure that is, and everybody who has it."""

from __future__ import annotations

from starlette.requests import Request

from flows.web.answers import Moved, Shown, not_found
from flows.web.first import grounds, who_was_first
from flows.web.pages.desk import Readers, id_in
from flows.web.words import NO_TITLE, lag
from warehouse.published.pages.asking import Connection
from warehouse.published.pages.story import ToldStory, present_story, told_story


async def story_page(readers: Readers, request: Request) -> Shown:
    """The story that the id in the link is of now: ids last, whatever joins or parts."""
    asked = id_in(request, "story_id")

    def look(connection: Connection) -> ToldStory | str | None:
        present = present_story(connection, asked)
        return told_story(connection, present) if present == asked else present

    found = await readers.copies.rows(look)
    if found is None:
        raise not_found("The desk has no story of this id.")
    if isinstance(found, str):
        raise Moved(f"/stories/{found}")
    first = found.tellings[0]
    changes: dict[str, list[object]] = {}
    for change in found.changes:
        changes.setdefault(change.article_id, []).append(change)
    return Shown(
        template="story.html",
        title=first.title or NO_TITLE,
        data=found,
        section="stories",
        more={
            "first": first,
            "verdict": who_was_first(found),
            "lags": {one.article_id: lag(one.behind) for one in found.tellings},
            "grounds": {one.article_id: grounds(one) for one in found.tellings},
            "changes": changes,
        },
    )
