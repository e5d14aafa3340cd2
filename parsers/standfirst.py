"""Finds the standfirst: the sentences between headline and text that sum the article up.

Extractors lose it, because templates put it into the page's header, away from the text, often
in a container called `teaser`. It is recognised by what the page calls it, by repeating the
page's own description, and by being prose that stands between the headline and the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from parsers.alignment import squeeze
from parsers.blocks import Block
from parsers.furniture import furniture_of
from parsers.lines import is_prose

_MIN_CHARS = 35
_PROSE_END = (".", "!", "?", "…", "”", '"', "»", "。", "！", "？", ":")
_MAX_BLOCKS = 4
_WITHOUT_HEADLINE = 8
"""Blocks searched above the text where no headline is found."""
_NAMES = (
    "lead|lede|leadtext|intro|introtext|introduction|teaser|teasertext|excerpt|abstract|subhead|"
    "subheadline|subheading|subtitle|chapo|chapeau|dek|deck|preamble|preface|summary|standfirst|"
    "vorspann|anreisser|anriss|bajada|entradilla|sommario|occhiello|epigraph|ingress|manchete|"
    "manchet|description|hook|kurztext|perex|catenaccio|underrubrik|resumo|linha|copete"
)
_NAMED = re.compile(
    rf"(?<![a-z])(?:{_NAMES}|sub[ _-]head(?:line|ing)?|sub[ _-]title|"
    r"short[ _-](?:info|description|text))(?:text)?(?![a-z])"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HEADINGS = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True)
class Standfirst:
    """The blocks that are the standfirst."""

    blocks: tuple[int, ...] = ()
    """Their indices, in reading order."""
    missing: tuple[int, ...] = ()
    """Those among them that the extracted text lacks."""


def find_standfirst(
    blocks: Sequence[Block],
    covered: frozenset[int],
    path: tuple[HtmlElement, ...],
    *,
    titles: Sequence[str],
    descriptions: Sequence[str],
) -> Standfirst:
    """The standfirst of a page, as far as it can be told from the text.

    `covered` are the indices of the blocks that the extracted text came from, `path` the elements
    around it, `titles` and `descriptions` what the page states as its title and description.
    """
    start = _text_start(blocks, covered)
    if start is None:
        return Standfirst()
    squeezed_titles = [squeezed for squeezed in map(squeeze, titles) if squeezed]
    headline = _headline(blocks, start, squeezed_titles)
    first = headline + 1 if headline is not None else max(0, start - _WITHOUT_HEADLINE)
    text = squeeze("".join(blocks[i].text for i in sorted(covered)))
    said = [squeezed for squeezed in map(squeeze, descriptions) if len(squeezed) >= 25]
    found: list[int] = []
    missing: list[int] = []
    for index in range(first, start + 1):
        block = blocks[index]
        squeezed = squeeze(block.text)
        if index in covered:
            if _may_be(block) and _opens_apart(blocks, index, covered, squeezed, said):
                found.append(index)
            continue
        if not _may_be(block) or squeezed[:80] in text or len(missing) >= _MAX_BLOCKS:
            continue
        if any(squeezed in title for title in squeezed_titles):
            continue
        if furniture_of(block, path) is None and _is_standfirst(
            block, squeezed, said, under_headline=headline is not None
        ):
            found.append(index)
            missing.append(index)
            text += squeezed
    return Standfirst(tuple(found), tuple(missing))


def _opens_apart(
    blocks: Sequence[Block],
    index: int,
    covered: frozenset[int],
    squeezed: str,
    descriptions: Sequence[str],
) -> bool:
    """Whether an extracted block is called a standfirst, or is the description word for word.

    A description often is the first paragraph, so then it has to stand in another container.
    """
    if _named(blocks[index]):
        return True
    following = next((i for i in sorted(covered) if i > index), None)
    apart = following is not None and blocks[following].container is not blocks[index].container
    return apart and squeezed in descriptions


def _text_start(blocks: Sequence[Block], covered: frozenset[int]) -> int | None:
    """The first block of the extracted text that is a paragraph."""
    order = sorted(covered)
    for index in order:
        if len(blocks[index].text) >= 60 and blocks[index].tag not in _HEADINGS[:2]:
            return index
    return order[0] if order else None


def _headline(blocks: Sequence[Block], start: int, titles: Sequence[str]) -> int | None:
    """The last heading above the text that says the title, or else the last h1."""
    last_h1 = None
    for index in range(start, -1, -1):
        if blocks[index].tag not in _HEADINGS[:2]:
            continue
        said = squeeze(blocks[index].text)
        if len(said) > 10 and any(said in title or title in said for title in titles):
            return index
        if last_h1 is None and blocks[index].tag == "h1" and index < start:
            last_h1 = index
    return last_h1


def _may_be(block: Block) -> bool:
    return (
        len(block.text) >= _MIN_CHARS
        and block.tag != "h1"
        and block.link_chars <= 0.4 * len(block.text)
    )


def _is_standfirst(
    block: Block, squeezed: str, descriptions: Sequence[str], *, under_headline: bool
) -> bool:
    described = any(
        squeezed.startswith(said[:60]) or said[:60].startswith(squeezed) for said in descriptions
    )
    named = _named(block)
    prose = is_prose(block.text) and block.text.endswith(_PROSE_END) and block.tag != "li"
    if not under_headline:
        return described or (named and prose)
    return described or named or prose


def _named(block: Block) -> bool:
    return any(_names_standfirst(element.get("class") or "") for element in block.path[-3:])


@lru_cache(maxsize=4096)
def _names_standfirst(attribute: str) -> bool:
    return bool(_NAMED.search(_CAMEL.sub("-", attribute[:400]).lower().replace("_", "-")))
