"""What a run shows in the UI: tables, lists of stories, and its own name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from prefect.artifacts import (
    acreate_link_artifact,
    acreate_markdown_artifact,
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)
from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext

from flows.wording import how_many
from warehouse.queue.arrivals import StoryNews

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:@])")
_LOOKALIKES = str.maketrans(
    {"[": "(", "]": ")", "<": "‹", ">": "›", "`": "'", "\\": "/", "&": "＆"}
)
_UNSAFE = re.compile(r"[\s<>()\[\]\\\"'`|]")
MOST_STORIES = 100


async def show_counts(
    key: str, title: str, counts: Mapping[str, int | bool | str], *, said: str = "count"
) -> None:
    """A table of what a run did; `said` is the name of what it says of each thing."""
    await acreate_table_artifact(
        key=key,
        table=[{"what": name, said: str(value)} for name, value in counts.items()],
        description=title,
    )


async def show_stories(key: str, stories: Sequence[StoryNews]) -> None:
    """A list of the new stories, the newest first; nothing where there are none."""
    if not stories:
        return
    lines = ["# New stories", ""]
    lines += [_line(story) for story in newest_first(stories)[:MOST_STORIES]]
    if len(stories) > MOST_STORIES:
        lines += ["", f"… and {len(stories) - MOST_STORIES} more, in the warehouse."]
    await acreate_markdown_artifact(
        key=key,
        markdown="\n".join(lines),
        description=f"{how_many(len(stories), 'new story')} on topic",
    )


async def show_link(key: str, what: str, url: str) -> None:
    """A link to what a run has brought up to date elsewhere."""
    await acreate_link_artifact(url, link_text=what, key=key)


async def show_progress(key: str, what: str, percent: float, shown: UUID | None) -> UUID:
    """How far a run has come: a new artifact, or the one that is `shown` already; its id."""
    if shown is None:
        return await acreate_progress_artifact(percent, key=key, description=what)
    await aupdate_progress_artifact(shown, progress=percent)
    return shown


def newest_first(stories: Sequence[StoryNews]) -> list[StoryNews]:
    """By when they say they were published; those that do not say it come last, as they are."""
    return sorted(
        stories, key=lambda story: story.published_at.timestamp() if story.published_at else 0.0,
        reverse=True,
    )  # fmt: skip


def _line(story: StoryNews) -> str:
    when = f"{story.published_at:%Y-%m-%d %H:%M} " if story.published_at else ""
    outlet = f" · {plainly(story.outlet)}" if story.outlet else ""
    topics = ", ".join(story.topics)
    return f"- {when}{linked(story.title, story.url)}{outlet} ({plainly(topics)})"


def linked(title: str, url: str) -> str:
    """`title` as a Markdown link to `url`, if that is a web address.

    Both come from other people's servers, so nothing in them may be read as more than text. In the
    text of a link Prefect's UI shows escapes as they are, and no markup either: what could end the
    link is replaced there by what looks like it.
    """
    if not url.startswith(("http://", "https://")) or not (text := _in_link(title)):
        return plainly(title)
    return f"[{text}]({_UNSAFE.sub(lambda found: _encoded(found[0]), url)})"


def _in_link(title: str) -> str:
    return " ".join(title.split()).translate(_LOOKALIKES)


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


def plainly(text: str) -> str:
    """`text` in one line that Markdown shows as it is."""
    return (
        _MARKS.sub(r"\\\1", " ".join(text.split())).replace("\\<", "&lt;").replace("\\&", "&amp;")
    )


async def rename_run(name: str) -> None:
    """Calls the flow run in hand `name`: what it did says more than what it set out to do."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return
    async with get_client() as client:
        await client.set_flow_run_name(context.flow_run.id, name)
