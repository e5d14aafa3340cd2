"""What the shell completes: names out of the published copy. Where that can't be read there
are none: who presses Tab must not get a message into their line.

    pressclip clippings --topic o⇥ ─▶ Typer's completion ─▶ one of these ─▶ openai
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable
from typing import Any

import typer

from flows.settings import Settings, read_settings
from parsers.errors import PressclipError
from warehouse.published.read import named

log = logging.getLogger(__name__)
FLOWS = ("poll", "harvest", "load", "publish", "submit", "ingest", "watch", "maintain")
"""What a Prefect server may be asked to run."""
Suggested = list[tuple[str, str]]
"""What may be typed, and what it is."""


def _suggesting(find: Callable[[Settings, str], Suggested]) -> Any:
    """What Typer asks for suggestions: those of `find`, for the warehouse that was named."""

    def suggest(ctx: typer.Context, incomplete: str) -> Suggested:
        try:
            return find(read_settings(warehouse=ctx.params.get("warehouse")), incomplete)
        except (PressclipError, OSError, ValueError) as error:
            log.info("nothing to complete: %s", error)
            return []

    return suggest


def _topics(settings: Settings, incomplete: str) -> Suggested:  # noqa: ARG001 - as all of them
    configured = tomllib.loads(settings.topics_toml().decode()).get("topic", ())
    found = {str(topic["name"]): "a topic of yours" for topic in configured}
    for (name,) in _rows(settings, "topics"):
        found.setdefault(str(name), "has articles")
    return sorted(found.items())


def _languages(settings: Settings, incomplete: str) -> Suggested:  # noqa: ARG001 - as all of them
    return [(str(name), "a language of articles") for (name,) in _rows(settings, "languages")]


def _outlets(settings: Settings, incomplete: str) -> Suggested:  # noqa: ARG001 - as all of them
    # By its site: a name may have blanks, which bash does not quote.
    return [(str(row[2]), str(row[0])) for row in _rows(settings, "outlets")]


def _feeds(settings: Settings, incomplete: str) -> Suggested:
    """Addresses without http://, since bash takes a colon for the end of a word, unless somebody
    has begun with it."""
    whole = incomplete.startswith("http")
    return [
        (str(url) if whole else str(url).partition("://")[2], str(title or ""))
        for title, *_, url, _ in _rows(settings, "sources")
    ]


def _unwatched(settings: Settings, incomplete: str) -> Suggested:  # noqa: ARG001 - as all of them
    # Perhaps more than are suggested: what is on topic takes longer to tell than anybody waits.
    return [(str(host), str(name or "")) for host, name in _rows(settings, "unwatched")]


def _rows(settings: Settings, query: str) -> tuple[tuple[object, ...], ...]:
    """The answer of the published copy; none where there is no copy yet."""
    try:
        return named(settings.desk(), query).rows
    except PressclipError as error:
        log.info("nothing to complete: %s", error)
        return ()


def _flows(settings: Settings, incomplete: str) -> Suggested:  # noqa: ARG001 - as all of them
    return [(flow, "a flow") for flow in FLOWS]


complete_topic = _suggesting(_topics)
complete_language = _suggesting(_languages)
complete_outlet = _suggesting(_outlets)
complete_feed = _suggesting(_feeds)
complete_unwatched = _suggesting(_unwatched)
complete_flow = _suggesting(_flows)
