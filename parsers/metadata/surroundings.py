"""What stands around the article for its readers: lines above and below the headline, and behind
the last paragraph. That is where pages show who wrote it and when.

    text nodes ─ headline found ─ lines of the blocks beside it, without those of other articles,
                                  comments and menus

Nothing is looked for further away: what names an author or a day there is of something else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from parsers.text.lines import fold, is_prose

_TEXTS = XPath(
    "//body/descendant::text()[normalize-space()]"
    "[not(parent::script or parent::style or parent::noscript or parent::template)]"
)
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "br",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "svg",
        "time",
        "u",
        "var",
        "wbr",
    )
)
_OTHER_TAGS = frozenset(
    ("nav", "aside", "form", "figure", "figcaption", "select", "button", "dialog", "option")
)
_OTHER = re.compile(
    r"(?<!has)(?<!with)(?<!no)(?:^|[\s_-])(?:comments?|commentlist|komentar|kommentare?|comentarios|respond|disqus|"
    r"related|relnews|terkait|similar|recommend(?:ed|ations?)?|rekomendasi|sidebar|side-?col|popular|"
    r"terpopuler|trending|most-?read|latest|terbaru|lainnya|teasers?|river|carousel|"
    r"newsletter(?!-(?:details|meta|date|title|header|body|content|issue))|subscribe|breadcrumbs?|menu|navbar|nav|share|sharing|social|captions?|read-?next|"
    r"more-?(?:from|news|stories|articles)|next-?(?:post|article)|prev(?:ious)?-?(?:post|article)|"
    r"also-?read|baca-?juga|promo|adverti[sz]ement|ads?|cookie|modal|popup|tooltip|footer-?(?:menu|nav|widgets)|"
    r"site-?(?:header|footer)|copyright)(?:$|[\s_-])|(?:^|\s)widgets?(?:$|\s)",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?|autor(?:en|e)?|auteurs?|penulis|reporter|namerep|writer|"
    r"contributors?|authored|jurnalis|wartawan|redactor|skribent|forfatter|autora|periodista|"
    r"giornalista|journalistes?|schrijver|verfasser|yazar|muhabir|columnists?)(?:$|[\s_-])|"
    r"author-?_?name|byline__?(?:name|author)|authorname|by-?_?author|post-?author|author[A-Z_-]",
)
_AUTHOR_LINK = re.compile(
    r"/(?:authors?|autor(?:en|es|e)?|auteurs?|penulis|contributors?|writers?|journalists?|profiles?|"
    r"people|team|staff|by|reporter)/[^/?#]|[?&]author=|/@[\w.-]+/?$",
    re.IGNORECASE,
)
_OF_AUTHORS = re.compile(
    r"(?:author|byline)[\w-]*[_-](?:role|job|job-?title|position|desc(?:ription)?|company|location|"
    r"subtitle|affiliation)(?=\s|$)",
    re.IGNORECASE,
)
"""What is shown beside a name and is none."""
_OF_PEOPLE = frozenset(
    ("description", "jobtitle", "affiliation", "worksfor", "address", "knowsabout")
)
_TAG_LINK = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies|ia)|kategorien?|themen?|sections?)/", re.IGNORECASE
)
_ABOVE, _BELOW, _BEHIND = 24, 80, 36
"""Text nodes that are looked at in each direction."""
_MARK_LEVELS = 4
_NAME_CHARS = 300
_KNOWN_NAMES = 8192
"""Pages and sites call many elements the same."""
_PROSE_LINES = 3
"""Paragraphs below the headline with which the text has begun: the first may be a standfirst."""
_LONG = 80
_MAX_NODE = 400
"""A longer run of text is prose, whatever stands in it."""
_NOTICES = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text within one element, and what the markup says of it."""

    text: str
    element: HtmlElement

    @property
    def is_name(self) -> bool:
        """Whether the page marks it up as who wrote something, or links it to such a page."""
        return _is_marked(self.element)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """What a reader sees as one line or paragraph."""

    pieces: tuple[Piece, ...]
    block: HtmlElement

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def is_tags(self) -> bool:
        """Whether it has nothing but links to what else is about the same."""
        return all(_is_tag(piece.element) for piece in self.pieces if piece.text.strip(",|·• "))


@dataclass(frozen=True, slots=True)
class LinesAround:
    """The short lines near the headline and behind the text, in page order."""

    headline: HtmlElement | None = None
    above: tuple[ShownLine, ...] = ()
    below: tuple[ShownLine, ...] = ()
    behind: tuple[ShownLine, ...] = ()


class _Places:
    """Which elements belong to something else than the article at `headline`."""

    def __init__(self, headline: HtmlElement | None) -> None:
        self._own: dict[HtmlElement, bool] = {}
        while headline is not None:
            self._own[headline] = False
            headline = headline.getparent()

    def is_other(self, element: HtmlElement | None) -> bool:
        """Whether `element` is inside a list of other articles, among comments, in a menu."""
        path = []
        found = False
        while element is not None:
            known = self._own.get(element)
            if known is not None:
                found = known
                break
            path.append(element)
            element = element.getparent()
        for inner in reversed(path):
            found = found or is_other_container(inner)
            self._own[inner] = found
        return found


def is_other_container(element: HtmlElement) -> bool:
    """Whether an element says of itself that it holds something else than the article."""
    if element.tag in _OTHER_TAGS and not (element.tag == "aside" and is_byline(element)):
        return True
    return _is_others_name(f"{element.get('class') or ''} {element.get('id') or ''}"[:_NAME_CHARS])


@lru_cache(_KNOWN_NAMES)
def _is_others_name(name: str) -> bool:
    return len(name) > 1 and bool(_OTHER.search(name))


def is_among_others(element: HtmlElement) -> bool:
    """Whether `element` is in a list of other articles, among comments, in a menu."""
    for outer in _path(element):
        if outer.tag in ("body", "html", "main") or (
            outer.tag == "article" and outer.find(".//h1") is not None
        ):
            return False
        if is_other_container(outer):
            return True
    return False


def read_surroundings(
    tree: HtmlElement, headline: HtmlElement | None, titles: Iterable[str] = ()
) -> LinesAround:
    """The lines around the article that stands under `headline`, or under one of `titles`."""
    texts = cast(list[str], _TEXTS(tree))
    start = _begin(texts, headline, titles)
    if start is None:
        return LinesAround(headline)
    at = headline if headline is not None else _holder(texts[start])
    places = _Places(at)
    above = _lines(texts[max(0, start - _ABOVE) : start], places)
    below, prose = [], 0
    for line in _lines(texts[start : start + _BELOW], places):
        if is_prose(line.text) and len(line.text) > 2 * _LONG:
            prose += 1
            if prose == _PROSE_LINES:
                break
        elif headline is None or headline not in _path(line.block):
            below.append(line)
    end = _end_of_prose(texts, start, places)
    behind = _lines(texts[end + 1 : end + 1 + _BEHIND], places) if end else []
    return LinesAround(headline, tuple(above), tuple(below), tuple(behind))


def _begin(texts: Sequence[str], headline: HtmlElement | None, titles: Iterable[str]) -> int | None:
    """Where in `texts` the headline is; without one, where a title stands as text."""
    if headline is not None:
        first = next((text for text in headline.itertext() if text.strip()), None)
        at_first = (at for at, node in enumerate(texts) if node == first)
        return next((at for at in at_first if headline in _path(_holder(texts[at]))), None)
    wanted = {fold(title)[:40] for title in titles if len(title) > 10}
    likely = (at for at, node in enumerate(texts) if 10 < len(node) < 300)
    return next((at for at in likely if fold(texts[at])[:40] in wanted), None)


def _holder(node: str) -> HtmlElement:
    """The element that a text node stands in."""
    element = cast(HtmlElement, node.getparent())  # type: ignore[attr-defined]
    return cast(HtmlElement, element.getparent()) if node.is_tail else element  # type: ignore[attr-defined]


def _path(element: HtmlElement) -> list[HtmlElement]:
    return [element, *element.iterancestors()]


def _block(element: HtmlElement) -> HtmlElement:
    while element.tag in _INLINE:
        parent = element.getparent()
        if parent is None:
            break
        element = parent
    return element


def _lines(texts: Iterable[str], places: _Places) -> list[ShownLine]:
    lines: list[ShownLine] = []
    pieces: list[Piece] = []
    block: HtmlElement | None = None
    for node in texts:
        holder = _holder(node)
        if places.is_other(holder):
            continue
        text = " ".join(node.split()) if len(node) < _MAX_NODE else str(node)
        if not text:
            continue
        own = _block(holder)
        broken = node.is_tail and node.getparent().tag == "br"  # type: ignore[attr-defined]
        if pieces and block is not None and (own is not block or broken):
            lines.append(ShownLine(tuple(pieces), block))
            pieces = []
        block = own
        pieces.append(Piece(text, holder))
    if pieces and block is not None:
        lines.append(ShownLine(tuple(pieces), block))
    return lines


def _is_marked(element: HtmlElement | None) -> bool:
    for _ in range(_MARK_LEVELS):
        if element is None or element.tag in ("body", "article", "main"):
            return False
        if _tells_of_author(element):
            return False
        if is_byline(element):
            return True
        element = element.getparent()
    return False


def _tells_of_author(element: HtmlElement) -> bool:
    """Whether an element says of itself that it tells what an author is."""
    if _OF_PEOPLE.intersection((element.get("itemprop") or "").lower().split()):
        return True
    return bool(_OF_AUTHORS.search((element.get("class") or "")[:_NAME_CHARS]))


def _is_tag(element: HtmlElement) -> bool:
    link = element if element.tag == "a" else next(element.iterancestors("a"), None)
    if link is None:
        return False
    rel = (link.get("rel") or "").lower().split()
    return (
        "tag" in rel or "category" in rel or bool(_TAG_LINK.search((link.get("href") or "")[:300]))
    )


def is_byline(element: HtmlElement) -> bool:
    """Whether the page marks an element up as naming an author."""
    rel, itemprop = element.get("rel"), element.get("itemprop")
    if rel and "author" in rel.split():
        return True
    if itemprop and "author" in itemprop.split():
        return True
    if element.tag == "a" and _AUTHOR_LINK.search((element.get("href") or "")[:300]):
        return True
    return _is_bylines_name(f"{element.get('class') or ''} {element.get('id') or ''}"[:_NAME_CHARS])


@lru_cache(_KNOWN_NAMES)
def _is_bylines_name(name: str) -> bool:
    return len(name) > 1 and bool(_BYLINE.search(name))


def _end_of_prose(texts: Sequence[str], start: int, places: _Places) -> int | None:
    """The last long text node but two of the container that holds most of them."""
    held: Counter[HtmlElement] = Counter()
    where: dict[HtmlElement, list[int]] = {}
    for at in range(start, len(texts)):
        if len(texts[at]) < _LONG:
            continue
        block = _block(_holder(texts[at]))
        container = block if block.tag in ("div", "section", "article", "td") else block.getparent()
        if container is not None and not places.is_other(container):
            held[container] += len(texts[at])
            where.setdefault(container, []).append(at)
    # A notice of whose rights these are may stand in the same container, below the names.
    return where[held.most_common(1)[0][0]][-_NOTICES:][0] if held else None
