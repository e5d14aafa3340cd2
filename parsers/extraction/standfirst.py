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

from parsers.extraction.align import squeeze
from parsers.extraction.blocks import Block
from parsers.extraction.boilerplate_rules import Scope, load_rules
from parsers.extraction.furniture_rules import furniture_of
from parsers.text.lines import is_prose

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
    said = [squeezed for squeezed in map(squeeze, titles) if squeezed]
    headline = _headline(blocks, start, said)
    first = headline + 1 if headline is not None else max(0, start - _WITHOUT_HEADLINE)
    search = _Search(
        blocks=blocks,
        covered=covered,
        path=path,
        titles=said,
        descriptions=[squeezed for squeezed in map(squeeze, descriptions) if len(squeezed) >= 25],
        under_headline=headline is not None,
    )
    return search.between(first, start)


@dataclass(frozen=True, slots=True)
class _Search:
    """What is known while the blocks between headline and text are judged."""

    blocks: Sequence[Block]
    covered: frozenset[int]
    path: tuple[HtmlElement, ...]
    titles: Sequence[str]
    """Squeezed, as are the descriptions."""
    descriptions: Sequence[str]
    under_headline: bool

    def between(self, first: int, start: int) -> Standfirst:
        """The standfirst among the blocks from `first` to the text's first, `start`."""
        text = squeeze("".join(self.blocks[index].text for index in sorted(self.covered)))
        found: list[int] = []
        missing: list[int] = []
        generated = False
        for index in range(first, start + 1):
            block = self.blocks[index]
            squeezed = squeeze(block.text)
            if not _may_be(block):
                continue
            if index in self.covered:
                if self._opens_apart(index, squeezed):
                    found.append(index)
                continue
            generated = generated or _announces_summary(block.text)
            known = squeezed[:80] in text or any(squeezed in title for title in self.titles)
            if len(missing) < _MAX_BLOCKS and not known and self._is(block, squeezed, generated):
                found.append(index)
                missing.append(index)
                text += squeezed
        return Standfirst(tuple(found), tuple(missing))

    def _opens_apart(self, index: int, squeezed: str) -> bool:
        """Whether an extracted block is called a standfirst, or is the description word for word.

        A description often is the first paragraph: then it has to stand in another container.
        """
        block = self.blocks[index]
        if _named(block):
            return True
        following = next((i for i in sorted(self.covered) if i > index), None)
        apart = following is not None and self.blocks[following].container is not block.container
        return apart and squeezed in self.descriptions

    def _is(self, block: Block, squeezed: str, generated: bool) -> bool:
        """Whether a block that the text lacks is the standfirst.

        Below the announcement of a generated summary only the page's own description counts.
        """
        if furniture_of(block, self.path) is not None:
            return False
        described = any(
            squeezed.startswith(said[:60]) or said[:60].startswith(squeezed)
            for said in self.descriptions
        )
        if generated or described:
            return described
        prose = is_prose(block.text) and block.text.endswith(_PROSE_END) and block.tag != "li"
        return (_named(block) and prose) or (self.under_headline and (_named(block) or prose))


def _announces_summary(text: str) -> bool:
    rule = load_rules().match(text, {Scope.ANYWHERE})
    return rule is not None and rule.name == "summary_note"


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


def _named(block: Block) -> bool:
    return any(_names_standfirst(element.get("class") or "") for element in block.path[-3:])


@lru_cache(maxsize=4096)
def _names_standfirst(attribute: str) -> bool:
    return bool(_NAMED.search(_CAMEL.sub("-", attribute[:400]).lower().replace("_", "-")))
