"""What a container of a page is, told by its element and by the names its author gave it.

The rules are data (`data/furniture.toml`), of the same kind as the boilerplate rules: those
judge the words of a line, these the place where it stood.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from lxml.html import HtmlElement

from parsers.extraction.blocks import Block

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[^0-9A-Za-z\s]+")
_SAYS_WHAT_IT_HAS = ("has ", "no ", "with ", "without ", "hide ")
_MAX_ATTRIBUTE = 400
"""Longer class attributes are lists of utility classes; their head names the container."""
_ANCESTORS = 12


@dataclass(frozen=True, slots=True)
class Furniture:
    """One row of the rules file."""

    name: str
    names: tuple[str, ...]
    tags: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()


def furniture_of(block: Block, around: Container[HtmlElement] = ()) -> str | None:
    """The class of furniture that a block stands in, judged from the inside outwards.

    `around` are the elements around the article's text: whatever they are called, they are none.
    """
    for element in block.path[: -_ANCESTORS - 1 : -1]:
        if element in around:
            break
        found = furniture_tags().get(str(element.tag))
        if found:
            return found
        for attribute in ("class", "id"):
            value = element.get(attribute)
            if value:
                found = furniture_named(value[:_MAX_ATTRIBUTE])
                if found:
                    return found
    return None


@lru_cache(maxsize=8192)
def furniture_named(attribute: str) -> str | None:
    """The class of furniture that a class or id attribute names."""
    for name in attribute.split():
        words = " ".join(_SEPARATORS.sub(" ", _CAMEL.sub(" ", name)).lower().split())
        if words.startswith(_SAYS_WHAT_IT_HAS):
            continue
        match = _pattern().search(words)
        if match:
            return furniture_rules()[(match.lastindex or 0) - 1].name
    return None


@cache
def furniture_rules() -> tuple[Furniture, ...]:
    """The rules that ship with this package, in the order of the file."""
    source = files("parsers").joinpath("data/furniture.toml").read_text("utf-8")
    return tuple(
        Furniture(
            row["class"], *(tuple(row.get(k, ())) for k in ("names", "tags", "removes", "keeps"))
        )
        for row in tomllib.loads(source)["furniture"]
    )


@cache
def furniture_tags() -> dict[str, str]:
    """Element → class, for elements that are furniture by themselves."""
    return {tag: rule.name for rule in furniture_rules() for tag in rule.tags}


@cache
def _pattern() -> re.Pattern[str]:
    """The names of all rules, a group for each rule."""
    groups = []
    for rule in furniture_rules():
        names = (
            rf"^{re.escape(name[1:])}$" if name.startswith("=") else rf"\b{re.escape(name)}\b"
            for name in rule.names
        )
        groups.append(f"({'|'.join(names)})")
    return re.compile("|".join(groups))
