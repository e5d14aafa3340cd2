"""An article's text out of what a page's scripts start with.

Pages that a program draws in the reader's browser (Next.js, Nuxt, Redux, Fusion) hold their text as
JSON, in a script of type `application/json` or assigned to a variable, and show little without it.
Each publisher has a shape of its own, so nothing is known of keys: the article is the innermost
object that holds the page's headline, and its text the member with the most prose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from parsers.extraction.blocks import read_blocks
from parsers.extraction.tree import parse_html
from parsers.metadata.facts import PageStatements, clean_value
from parsers.text.lines import normalise_lines, squeeze

_ASSIGNED = re.compile(
    r"^[ \t]*(?:(?:var|let|const)\s+)?[\w$.\[\]\"']{1,80}\s*=\s*(?=[{\[])", re.MULTILINE
)
_MAX_JSON_CHARS = 2_000_000
_MAX_DEPTH = 60
_TITLE_CHARS = 15
_ENOUGH_PROSE = 250
_MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|ul|ol|blockquote)\b", re.IGNORECASE)
_SENTENCE = re.compile(
    r"[^\s.!?…。！？؟।።]{2}[.!?…。！？؟।።][\"'”’»)\]」』]*(?:\s|$|(?<=[。！？]))"
)
_OWN_TITLES = ("headline", "title", "name")
_OWN_ADDRESSES = ("url", "link", "href", "slug", "permalink", "canonical_url")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A string of the state, and where it stands below the member that holds it."""

    key: str
    """The name it is held by."""
    place: tuple[int, ...]
    """The numbers of the list items it is in, the outermost first."""
    text: str


def state_lines(tree: HtmlElement, facts: PageStatements) -> list[str]:
    """The article's text, a line a paragraph; empty where no script holds the page's headline
    beside enough prose."""
    titles = {squeeze(title) for title in facts.titles if len(squeeze(title)) >= _TITLE_CHARS}
    if not titles:
        return []
    for state in _states(tree):
        for holder in _holders(state, titles, _MAX_DEPTH):
            lines = _longest_member(holder, titles)
            if lines:
                return lines
    return []


def _states(tree: HtmlElement) -> Iterator[object]:
    """The JSON that scripts hold, in page order."""
    decoder = json.JSONDecoder(strict=False, parse_int=float)
    for script in tree.iter("script"):
        text, kind = script.text or "", (script.get("type") or "").lower()
        if len(text) > _MAX_JSON_CHARS or "ld+json" in kind:
            continue
        starts = [0] if "json" in kind else [found.end() for found in _ASSIGNED.finditer(text)]
        for start in starts[:5]:
            try:
                yield decoder.raw_decode(text[start:].lstrip())[0]
            except (ValueError, RecursionError):
                continue  # a script's own notation, which is no JSON


def _holders(value: object, titles: set[str], depth: int) -> Iterator[dict[str, object]]:
    """The objects that hold one of the titles as a member, inner ones before outer ones."""
    if depth == 0:
        return
    if isinstance(value, dict):
        for inner in value.values():
            yield from _holders(inner, titles, depth - 1)
        if any(_is_title(member, titles) for member in value.values()):
            yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _holders(inner, titles, depth - 1)


def _is_title(value: object, titles: set[str]) -> bool:
    """Whether a member is the page's headline, which a page may state with its name behind it."""
    said = squeeze(clean_value(value) or "") if isinstance(value, str) else ""
    return len(said) >= _TITLE_CHARS and any(title.startswith(said) for title in titles)


def _longest_member(holder: dict[str, object], titles: set[str]) -> list[str]:
    """The lines of the member with the most prose, where that is enough."""
    texts = [
        _lines(list(_pieces(member, key, (), titles, _MAX_DEPTH))) for key, member in holder.items()
    ]
    lines = max(texts, key=_prose, default=[])
    return lines if _prose(lines) >= _ENOUGH_PROSE else []


def _pieces(
    value: object, key: str, place: tuple[int, ...], titles: set[str], depth: int
) -> Iterator[_Piece]:
    """The strings below a member, but for those of other articles."""
    if depth == 0:
        return
    if isinstance(value, str):
        yield _Piece(key, place, value)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _pieces(inner, key, (*place, number), titles, depth - 1)
    elif isinstance(value, dict) and not _is_another(value, titles):
        for name, inner in value.items():
            yield from _pieces(inner, name, place, titles, depth - 1)


def _is_another(value: dict[str, object], titles: set[str]) -> bool:
    """Whether an object is an article with a headline and an address of its own."""
    named = [value[name] for name in _OWN_TITLES if value.get(name)]
    return (
        bool(named)
        and any(value.get(name) for name in _OWN_ADDRESSES)
        and not any(_is_title(name, titles) for name in named)
    )


def _lines(pieces: Sequence[_Piece]) -> list[str]:
    """The strings under the name that holds the most prose, as paragraphs."""
    prose: dict[str, int] = {}
    for piece in pieces:
        prose[piece.key] = prose.get(piece.key, 0) + _prose([piece.text])
    main = max(prose, key=prose.__getitem__, default="")
    grouped: dict[tuple[int, ...], str] = {}
    deep = max((len(piece.place) for piece in pieces if piece.key == main), default=0) > 1
    for piece in pieces:
        if piece.key == main:
            place = piece.place[:-1] if deep else piece.place
            grouped[place] = _joined(grouped.get(place, ""), piece.text)
    return [line for text in grouped.values() for line in _plain_lines(text)]


def _joined(before: str, text: str) -> str:
    """Two strings of one paragraph, or of two where the first ends a sentence and nothing parts it
    from the second."""
    apart = _SENTENCE.search(before[-20:]) and before[-1:] != " " and text[:1] != " "
    return f"{before}\n{text}" if apart else f"{before}{text}"


def _plain_lines(text: str) -> list[str]:
    if "<" in text:
        if not _MARKUP.search(text):
            text = f"<p>{text}</p>"
        found = parse_html(f"<html><body>{text}</body></html>")
        return [block.text for block in read_blocks(found)] if found is not None else []
    return normalise_lines(text)


def _prose(lines: Sequence[str]) -> int:
    """Characters of the strings that are sentences: with words apart, and an end."""
    return sum(len(line) for line in lines if len(line) >= 40 and _SENTENCE.search(line))
