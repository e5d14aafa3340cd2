"""What a page states, gathered in one walk of its tree, and values with their places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from lxml.html import HtmlElement

from parsers.text.lines import normalise_lines
from parsers.text.references import unescape

Node = dict[str, Any]
"""A JSON-LD object: its shape is up to whoever wrote the page."""

T = TypeVar("T")

_MAX_JSON_CHARS = 2_000_000
_MAX_NODES = 2000
_MAX_VALUE_CHARS = 4000
_TITLES = ("og:title", "twitter:title", "title", "dc.title", "headline")
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_ARTICLE_TYPE = re.compile(
    r"(?:News|Blog|Social|Tech|Scholarly|Reportage|Analysis|Opinion|Background|Review|AskPublic)*"
    r"(?:Article|Posting|Review|Report|LiveBlogPosting)"
)


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T]):
    """A value and where it came from."""

    value: T
    source: str
    """`json-ld`, `h1`, `title`, `byline`, `htmldate`, `feed`, or a meta element's name."""


@dataclass(frozen=True, slots=True)
class PageStatements:
    """What the markup states, before any of it is believed."""

    meta: dict[str, tuple[str, ...]]
    """Meta name, property or itemprop in lower case → contents in page order."""
    nodes: tuple[Node, ...]
    """Every JSON-LD object, nested ones included, in page order."""
    article: Node = field(default_factory=dict)
    """The JSON-LD object that describes the article; empty where there is none."""
    html_title: str | None = None
    html_lang: str | None = None
    canonical: str | None = None
    titles: tuple[str, ...] = ()
    """Everything that the page states as its title, each once."""
    descriptions: tuple[str, ...] = ()
    """Everything that it states as its description."""


def read_facts(tree: HtmlElement) -> PageStatements:
    """Gather meta elements, JSON-LD, title, language and canonical link of a page."""
    gathered: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = clean_value(element.get("content"))
        if name and content:
            gathered.setdefault(name.strip().lower(), []).append(content)
    meta = {name: tuple(values) for name, values in gathered.items()}
    nodes = tuple(_nodes(tree))
    article = _article_node(nodes)
    title = tree.find(".//head/title")
    if title is None:
        title = tree.find(".//title")
    html_title = clean_value(title.text_content()) if title is not None else None
    canonical = (
        link.get("href")
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    )
    return PageStatements(
        meta=meta,
        nodes=nodes,
        article=article,
        titles=_stated(meta, _TITLES, clean_value(article.get("headline")), html_title),
        descriptions=_stated(meta, _DESCRIPTIONS, clean_value(article.get("description"))),
        html_title=html_title,
        html_lang=tree.get("lang") or tree.get("xml:lang"),
        canonical=next(canonical, None),
    )


def _stated(
    meta: dict[str, tuple[str, ...]], names: Sequence[str], *elsewhere: str | None
) -> tuple[str, ...]:
    """What is said `elsewhere`, then in the meta elements of `names`; each once."""
    values = (*elsewhere, *(value for name in names for value in meta.get(name, ())))
    return tuple(dict.fromkeys(value for value in values if value))


def clean_value(value: object) -> str | None:
    """A string on one line, without markup; None where nothing is left or it's no string."""
    if not isinstance(value, str):
        return None
    value = value[:_MAX_VALUE_CHARS]
    if "<" in value:
        value = re.sub(r"<[^<>]{1,200}>", " ", value)
    if "&" in value:
        value = unescape_twice(value)
    return " ".join(normalise_lines(value)) or None


def unescape_twice(value: str) -> str:
    """`value` with its entities resolved, also where it was escaped twice."""
    return unescape(unescape(value))


def _nodes(tree: HtmlElement) -> Iterator[Node]:
    count = 0
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for node in _flatten(_loads(script.text or "")):
            yield node
            count += 1
            if count >= _MAX_NODES:
                return


def _loads(text: str) -> object:
    """JSON as pages write it: with raw line breaks, comment wrappers, trailing commas."""
    text = text[:_MAX_JSON_CHARS].strip()
    bare = re.sub(r"^\s*(?://)?\s*<!(?:--|\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*;?\s*$", "", text)
    repaired = re.sub(r",(\s*[}\]])", r"\1", bare).rstrip("; \n")
    for candidate in (text, repaired):
        try:
            return cast(object, json.loads(candidate, strict=False))
        except (ValueError, RecursionError):
            continue
    return None


def _flatten(value: object) -> Iterator[Node]:
    """Every object in `value`, outer before inner, without recursion."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield item
            stack.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            stack.extend(reversed(item))


def node_types(node: Node) -> tuple[str, ...]:
    """The `@type` names of a JSON-LD object."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return tuple(kind.rsplit("/", 1)[-1] for kind in kinds if isinstance(kind, str))


def _article_node(nodes: tuple[Node, ...]) -> Node:
    """The object that describes the article itself: the one that says most about it."""
    keys = ("headline", "datePublished", "author", "articleBody", "description")
    best: Node = {}
    best_score = 0
    for node in nodes:
        if not any(_ARTICLE_TYPE.fullmatch(kind) for kind in node_types(node)):
            continue
        score = sum(bool(node.get(key)) for key in keys)
        if score > best_score:
            best, best_score = node, score
    return best
