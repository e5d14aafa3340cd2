"""What a page states, gathered in one walk of its tree, and values with their places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from lxml.html import HtmlElement

from parsers.text.lines import normalise_lines, squeeze
from parsers.text.references import unescape

Node = dict[str, Any]
"""A JSON-LD object: its shape is up to whoever wrote the page."""

T = TypeVar("T")

_MAX_JSON_CHARS = 2_000_000
_MAX_NODES = 2000
_MAX_VALUE_CHARS = 4000
_MAX_MENDED = 20
_MAX_DIGITS = 18
_OWN_SCORE, _OTHER_SCORE = 10, 8
_TITLE_CHARS = 15
_NEXT_MEMBER = re.compile(r'"[^"\n]{1,60}"\s*:|[{\["]')
_TRAILING_COMMA = re.compile(r",\s*[}\]]")
_OTHERS = frozenset(
    (
        "liveBlogUpdate",
        "itemListElement",
        "hasPart",
        "isPartOf",
        "comment",
        "comments",
        "review",
        "reviews",
        "mentions",
        "citation",
        "relatedLink",
        "isRelatedTo",
        "isBasedOn",
        "subjectOf",
        "blogPost",
        "workExample",
        "significantLink",
    )
)
"""Keys of schema.org whose values are other things than the page's article."""
_PAGE_TYPES = frozenset(("WebPage", "ItemPage", "CollectionPage", "MedicalWebPage", "FAQPage"))
_TAGS = ("meta", "script", "link", "title", "h1")
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
    page: Node = field(default_factory=dict)
    """The one that describes the page that the article is on."""
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
    by_tag: dict[str, list[HtmlElement]] = {tag: [] for tag in _TAGS}
    for element in tree.iter(*_TAGS):
        by_tag[str(element.tag)].append(element)
    for element in by_tag["meta"]:
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = clean_value(element.get("content"))
        if name and content:
            # An attribute of microdata or RDFa may name several properties.
            for each in (name,) if element.get("name") == name else name.split():
                gathered.setdefault(each.strip().lower(), []).append(content)
    meta = {name: tuple(values) for name, values in gathered.items()}
    found = tuple(_nodes(by_tag["script"]))
    nodes = tuple(node for node, _ in found)
    title = next((e for e in by_tag["title"] if _in_head(e)), next(iter(by_tag["title"]), None))
    html_title = clean_value(title.text_content()) if title is not None else None
    links = (
        link.get("href")
        for link in by_tag["link"]
        if "canonical" in (link.get("rel") or "").lower().split()
    )
    canonical = next(links, None)
    own = [node for node, is_other in found if not is_other]
    headings = [clean_value(heading.text_content()) for heading in by_tag["h1"]]
    said = (*meta.get("og:title", ()), html_title, *headings[:5])
    addresses = {_address(url) for url in (canonical, *meta.get("og:url", ())) if url}
    article = _article_node(found, {squeeze(title) for title in said if title}, addresses)
    return PageStatements(
        meta=meta,
        nodes=nodes,
        article=article,
        page=next((node for node in own if _PAGE_TYPES & set(node_types(node))), {}),
        titles=_stated(meta, _TITLES, clean_value(article.get("headline")), html_title),
        descriptions=_stated(meta, _DESCRIPTIONS, clean_value(article.get("description"))),
        html_title=html_title,
        html_lang=tree.get("lang") or tree.get("xml:lang"),
        canonical=canonical,
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


def _in_head(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "head"


def _nodes(scripts: Iterable[HtmlElement]) -> Iterator[tuple[Node, bool]]:
    count = 0
    for script in scripts:
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for value in _loads(script.text or ""):
            for found in _flatten(value):
                yield found
                count += 1
                if count >= _MAX_NODES:
                    return


def _loads(text: str) -> Iterator[object]:
    """JSON as pages write it: with raw line breaks, comment wrappers, trailing and missing commas,
    one value after another."""
    text = text[:_MAX_JSON_CHARS].strip()
    # No pattern begins with white space that may be long: a search would begin at each sign of it.
    text = re.sub(r"^(?://)?\s*<!(?:--|\[CDATA\[)|(?:-->|\]\]>)\s*;?$", "", text)
    text = text.strip().removesuffix("//").rstrip()
    decoder = json.JSONDecoder(strict=False, parse_int=_whole_number)
    start, mended = 0, 0
    while start < len(text):
        try:
            value, end = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            better = _mended(text, error) if mended < _MAX_MENDED else None
            if better is None:
                return
            text, mended = better, mended + 1
            continue
        except (RecursionError, ValueError):
            # Nested too deep, or a number of thousands of digits.
            return
        yield cast(object, value)
        start = end + len(text[end:]) - len(text[end:].lstrip("; \n\r\t,"))


def _whole_number(digits: str) -> float:
    """A number of any length: Python reads no whole number of more than 4300 digits."""
    return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)


def _mended(text: str, error: json.JSONDecodeError) -> str | None:
    """`text` with a comma more or less where its decoder stopped; None where that is no help."""
    before = text[: error.pos].rstrip()
    behind = text[error.pos :].lstrip()
    if error.msg.startswith("Expecting ',' delimiter") and _NEXT_MEMBER.match(behind):
        return f"{before}, {behind}"
    if before.endswith(",") and behind[:1] in ("}", "]", ","):
        return before[:-1] + behind
    trailing = _TRAILING_COMMA.match(text, max(0, error.pos - 1))
    if trailing:
        return text[: trailing.start()] + text[trailing.start() + 1 :]
    return None


def _flatten(value: object) -> Iterator[tuple[Node, bool]]:
    """Every object in `value`, outer before inner, without recursion; and whether it describes
    something that is only mentioned: an update of a live blog, another article, a comment."""
    stack = [(value, False)]
    while stack:
        item, is_other = stack.pop()
        if isinstance(item, dict):
            yield item, is_other
            stack.extend(
                (inner, is_other or key in _OTHERS) for key, inner in reversed(list(item.items()))
            )
        elif isinstance(item, list):
            stack.extend((inner, is_other) for inner in reversed(item))


def node_types(node: Node) -> tuple[str, ...]:
    """The `@type` names of a JSON-LD object."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return tuple(kind.rsplit("/", 1)[-1] for kind in kinds if isinstance(kind, str))


def _article_node(
    nodes: Sequence[tuple[Node, bool]], titles: Set[str], addresses: Set[str]
) -> Node:
    """The object that describes the article itself: one with a title or an address of the page
    before another, then the one that says most about it. What is only mentioned is none, unless
    its title or address is the page's."""
    keys = ("headline", "datePublished", "author", "articleBody", "description")
    best: Node = {}
    best_score = 0
    for node, is_other in nodes:
        if not any(_ARTICLE_TYPE.fullmatch(kind) for kind in node_types(node)):
            continue
        score = sum(bool(node.get(key)) for key in keys) - _OTHER_SCORE * is_other
        headline = squeeze(clean_value(node.get("headline")) or clean_value(node.get("name")) or "")
        same = headline and any(_same_title(headline, title) for title in titles)
        if same or _addresses_of(node) & addresses:
            score += _OWN_SCORE
        elif headline and titles and addresses and _addresses_of(node):
            # It says what it describes, and that is neither this address nor this headline.
            score -= _OWN_SCORE
        if score > best_score:
            best, best_score = node, score
    return best


def _same_title(one: str, other: str) -> bool:
    return one == other or (
        min(len(one), len(other)) >= _TITLE_CHARS and (one in other or other in one)
    )


def _addresses_of(node: Node) -> set[str]:
    found = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
    found = [
        value.get("@id") or value.get("url") if isinstance(value, dict) else value
        for value in found
    ]
    return {_address(value) for value in found if isinstance(value, str) and "://" in value}


def _address(url: str) -> str:
    """What of an address names a page: its host and path."""
    return re.sub(r"^https?://(?:www\.)?|[?#].*$|/+$", "", url.strip().lower()).rstrip("/")
