"""Which news searches bring a topic, in the languages that its names are written in. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from parsers.feeds.opml import OpmlFeed
from parsers.search_services import (
    LANGUAGES_OF_SCRIPTS,
    SERVICES,
    is_written_in,
    script_of_language,
)
from parsers.topics.rules import ANY_LANGUAGE, Role, Topic

FOLDER = "Search"
"""The folder that searches are listed in, with one for each topic inside."""


@dataclass(frozen=True, slots=True)
class Searches:
    """The searches of topics."""

    feeds: tuple[OpmlFeed, ...]
    unserved: tuple[str, ...]
    """Languages in whose script a topic has a name, and that no service has an edition in."""


def searches_of(topics: Iterable[Topic], languages: Collection[str] = ()) -> Searches:
    """The searches of `topics` at every service, in these languages; in all where none is given."""
    feeds: list[OpmlFeed] = []
    named: set[str] = set()
    for topic in topics:
        feeds += _searches(topic, languages)
        strong = _strong_names(topic)
        named.update(
            language
            for script, inner in LANGUAGES_OF_SCRIPTS.items()
            if any(is_written_in(name, script) for name in strong)
            for language in inner
        )
    served = {edition.language for service in SERVICES for edition in service.editions}
    return Searches(tuple(feeds), tuple(sorted(named - served)))


def _searches(topic: Topic, languages: Collection[str]) -> Iterator[OpmlFeed]:
    # A slash would be read as two folders, a semicolon as two categories.
    folder = topic.title.replace("/", "-").replace(";", ",")
    for service in SERVICES:
        for edition in service.editions:
            primary = edition.language.partition("-")[0]
            words = _words(topic, edition.language)
            if words and (not languages or {edition.language, primary} & set(languages)):
                yield OpmlFeed(
                    url=edition.feed(words),
                    title=f"{service.name} – {topic.title} ({edition.language})",
                    site_url=service.page,
                    language=primary,
                    category=f"{FOLDER}/{folder}",
                )


def _words(topic: Topic, language: str) -> str | None:
    """What is searched for in a language: what the topic says, or else its first strong alias in
    the language's script. None where it has none, so that it is nothing to search for there."""
    said = dict(topic.search)
    script = script_of_language(language)
    own = (name for name in _strong_names(topic) if is_written_in(name, script))
    return said.get(language) or said.get(ANY_LANGUAGE) or next(own, None)


def _strong_names(topic: Topic) -> list[str]:
    return [name for group in topic.groups if group.role is Role.STRONG for name in group.names]
