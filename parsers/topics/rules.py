"""The topics file: what it may say, and the records it becomes.

`seeds/topics.toml` explains itself in its comments; this module reads it, and refuses what it
can't use with an error that names the key and says what to do.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from parsers.errors import Drop
from parsers.text.spelling import key


class Role(StrEnum):
    """What a name tells about a text; the first five are aliases, strongest first."""

    STRONG = "strong"
    """Enough alone."""
    LIKELY = "likely"
    """As strong, unless the text has a word of doubt and no company for it."""
    SHORT = "short"
    """As strong, but only in company (the word may mean something else)."""
    WEAK = "weak"
    """Adds to the salience; enough alone only as far as `weak_is_enough` says."""
    HINT = "hint"
    """Weak, and not counted at all without other evidence: an everyday word or first name."""
    EXCLUDE = "exclude"
    """Looks like the topic and is not: nothing inside it is counted."""
    CONTEXT = "context"
    """Company for likely and short names; no evidence by itself."""
    DOUBT = "doubt"
    """A word of the company that a namesake keeps."""


ALIAS_ROLES = (Role.STRONG, Role.LIKELY, Role.SHORT, Role.WEAK, Role.HINT)
SURROUNDINGS = (Role.CONTEXT, Role.DOUBT)


class WeakRule(StrEnum):
    """Whether weak evidence alone puts an article on topic."""

    NEVER = "never"
    TOGETHER = "together"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Inflection:
    """What the words of a language may carry without becoming other words."""

    endings: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameGroup:
    """Names that are treated alike."""

    role: Role
    names: tuple[str, ...]
    inflections: tuple[Inflection, ...] = ()
    capitalised: bool = False
    """Whether the name counts only where its words begin with capitals as written here."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the file."""

    name: str
    title: str
    weak_is_enough: WeakRule
    groups: tuple[NameGroup, ...]
    given_names: frozenset[str] = field(default=frozenset(), repr=False)
    """Keys of given names that make an alias of one word another person's name."""
    search: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """What news searches are asked for, by language: no part of what the topic is."""


_TOPIC_KEYS = {
    "name",
    "title",
    "weak_is_enough",
    "alias",
    "exclude",
    "context",
    "doubt",
    "given_names",
    "search",
}
_GROUP_KEYS = {"strength", "names", "inflect", "capitalised"}
EVERY_TOPIC = "all"
"""No topic's name: feeds out of all topics are called so."""
ANY_LANGUAGE = "any"
"""What a search says for all languages that it does not name."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?")
_MAX_WORDS = 6
_MAX_AFFIX = 10


@dataclass(frozen=True, slots=True)
class TopicFile:
    """What a file says."""

    topics: tuple[Topic, ...]
    formerly: tuple[str, ...] = ()
    """Digests of what it said before: what was off topic then need not be looked at again."""


def read_topic_rules(body: bytes) -> TopicFile:
    """The topics of a TOML file.

    Raises Drop("bad_topics") with the key at fault and what to do about it.
    """
    try:
        tables = tomllib.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _bad("the file", f"is not UTF-8 ({error}): save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise _bad("the file", f"is not TOML: {error}") from error
    _only(tables, {"formerly", "inflection", "topic"}, "the file")
    inflections = _inflections(_table(tables.get("inflection", {}), "inflection"))
    topics = tuple(
        _topic(table, f"topic[{number}]", inflections)
        for number, table in enumerate(_tables(tables.get("topic", []), "topic"), 1)
    )
    if not topics:
        raise _bad("topic", "is missing: add at least one [[topic]] table")
    names = [topic.name for topic in topics]
    for name in names:
        if names.count(name) > 1:
            raise _bad("topic", f'name = "{name}" stands twice: give each topic its own name')
    return TopicFile(topics, _strings(tables.get("formerly", []), "formerly"))


def _inflections(table: dict[str, Any]) -> dict[str, Inflection]:
    found = {}
    for name, value in table.items():
        where = f"inflection.{name}"
        _only(_table(value, where), {"endings", "prefixes"}, where)
        found[name] = Inflection(
            endings=_affixes(value.get("endings", []), f"{where}.endings"),
            prefixes=_affixes(value.get("prefixes", []), f"{where}.prefixes"),
        )
    return found


def _topic(table: dict[str, Any], where: str, inflections: dict[str, Inflection]) -> Topic:
    _only(table, _TOPIC_KEYS, where)
    name = _text(table, "name", where)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise _bad(f"{where}.name", "may hold only a-z, 0-9, '-' and '_': it is used in SQL")
    if name == EVERY_TOPIC:
        raise _bad(f"{where}.name", f'can\'t be "{name}": the feed of all topics is called so')
    where = f"topic '{name}'"
    weak = table.get("weak_is_enough", WeakRule.NEVER)
    if weak not in list(WeakRule):
        raise _bad(f"{where}: weak_is_enough", f"must be one of {', '.join(WeakRule)}")
    groups = [
        _group(group, f"{where}: alias[{number}]", inflections, None)
        for number, group in enumerate(_tables(table.get("alias", []), f"{where}: alias"), 1)
    ]
    if not any(group.role is Role.STRONG for group in groups):
        raise _bad(where, 'has no [[topic.alias]] with strength = "strong": add its full names')
    groups += [
        _group(group, f"{where}: exclude[{number}]", inflections, Role.EXCLUDE)
        for number, group in enumerate(_tables(table.get("exclude", []), f"{where}: exclude"), 1)
    ]
    for surroundings in SURROUNDINGS:
        words = _strings(table.get(surroundings, []), f"{where}: {surroundings}")
        groups += [NameGroup(surroundings, words)] if words else []
    given = _strings(table.get("given_names", []), f"{where}: given_names")
    return Topic(
        name,
        _text(table, "title", where),
        WeakRule(weak),
        tuple(groups),
        frozenset(map(key, given)),
        _search(_table(table.get("search", {}), f"{where}: search"), f"{where}: search"),
    )


def _search(table: dict[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    for language in table:
        if language != ANY_LANGUAGE and not _LANGUAGE.fullmatch(language):
            raise _bad(f"{where}.{language}", 'is no language: write "de", "zh-Hans" or "any"')
    return tuple((language, _text(table, language, where)) for language in table)


def _group(
    table: dict[str, Any], where: str, inflections: dict[str, Inflection], role: Role | None
) -> NameGroup:
    _only(table, _GROUP_KEYS - ({"strength"} if role else set()), where)
    if role is None:
        strength = table.get("strength")
        if strength not in list(ALIAS_ROLES):
            raise _bad(f"{where}: strength", f"must be one of {', '.join(ALIAS_ROLES)}")
        role = Role(strength)
    names = _strings(table.get("names", []), f"{where}: names")
    if not names:
        raise _bad(f"{where}: names", "is missing or empty: list the names, each in quotes")
    used = _strings(table.get("inflect", []), f"{where}: inflect")
    for name in used:
        if name not in inflections:
            known = ", ".join(sorted(inflections)) or "none"
            raise _bad(f"{where}: inflect", f"names '{name}', but the file defines only: {known}")
    capitalised = table.get("capitalised", False)
    if not isinstance(capitalised, bool):
        raise _bad(f"{where}: capitalised", "must be true or false")
    return NameGroup(role, names, tuple(inflections[name] for name in used), capitalised)


def _strings(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _bad(where, 'must be a list of texts, such as ["one", "two"]')
    for item in value:
        words = key(item).split()
        if not words:
            raise _bad(where, f'holds "{item}", which has no letters: remove it')
        if len(words) > _MAX_WORDS:
            raise _bad(where, f'holds "{item}", longer than {_MAX_WORDS} words: shorten it')
    return tuple(dict.fromkeys(value))


def _affixes(value: object, where: str) -> tuple[str, ...]:
    affixes = _strings(value, where)
    for affix in affixes:
        if " " in key(affix) or len(key(affix)) > _MAX_AFFIX:
            raise _bad(where, f'holds "{affix}": at most {_MAX_AFFIX} letters, no space or hyphen')
    return affixes


def _text(table: dict[str, Any], name: str, where: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _bad(f"{where}.{name}", f'is missing: add {name} = "…"')
    return value.strip()


def _table(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _bad(where, f"must be a table: write it as [{where}]")
    return value


def _tables(value: object, where: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _bad(where, "must be written as a table in double brackets, such as [[topic]]")
    return value


def _only(table: dict[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(table.keys() - known)
    if unknown:
        raise _bad(
            f"{where}: {unknown[0]}", f"is not a known key: use one of {', '.join(sorted(known))}"
        )


def _bad(what: str, problem: str) -> Drop:
    return Drop("bad_topics", f"Topics file: {what} {problem}.")
