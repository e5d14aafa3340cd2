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

from parsers.extraction.align import PlacedText
from parsers.extraction.blocks import Block
from parsers.extraction.boilerplate_rules import Scope, load_rules
from parsers.extraction.furniture_rules import furniture_of
from parsers.metadata.facts import PageStatements
from parsers.text.lines import is_prose, squeeze

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
_HEADINGS = ("h1", "h2")


@dataclass(frozen=True, slots=True)
class Standfirst:
    """The blocks that are the standfirst."""

    blocks: tuple[int, ...] = ()
    """Their indices, in reading order."""
    missing: tuple[int, ...] = ()
    """Those among them that the extracted text lacks."""


def find_standfirst(text: PlacedText, facts: PageStatements) -> Standfirst:
    """The standfirst of a page, looked for from the headline down to the first paragraph."""
    start = _text_start(text)
    if start is None:
        return Standfirst()
    titles = [said for said in map(squeeze, facts.titles) if said]
    descriptions = [said for said in map(squeeze, facts.descriptions) if len(said) >= 25]
    headline = _headline(text.blocks, start, titles)
    first = max(0, start - _WITHOUT_HEADLINE) if headline is None else headline + 1
    known = squeeze("".join(text.blocks[index].text for index in sorted(text.covered)))
    found: list[int] = []
    missing: list[int] = []
    generated = False
    for index in range(first, start + 1):
        block = text.blocks[index]
        said = squeeze(block.text)
        if not _may_be(block):
            continue
        if index in text.covered:
            if _opens_apart(text, index, said in descriptions):
                found.append(index)
            continue
        generated = generated or _announces_summary(block.text)
        described = any(said.startswith(d[:60]) or d[:60].startswith(said) for d in descriptions)
        # Below the announcement of a generated summary only the page's own description counts.
        if (
            (described or (not generated and _reads_like_one(block, headline is not None)))
            and len(missing) < _MAX_BLOCKS
            and not (said[:80] in known or any(said in title for title in titles))
            and furniture_of(block, text.path) is None
        ):
            found.append(index)
            missing.append(index)
            known += said
    return Standfirst(tuple(found), tuple(missing))


def _text_start(text: PlacedText) -> int | None:
    """The first block of the extracted text that is a paragraph."""
    order = sorted(text.covered)
    for index in order:
        block = text.blocks[index]
        if len(block.text) >= 60 and block.tag not in _HEADINGS:
            return index
    return order[0] if order else None


def _headline(blocks: Sequence[Block], start: int, titles: Sequence[str]) -> int | None:
    """The last heading above the text that says the title, or else the last h1."""
    last_h1 = None
    for index in range(start, -1, -1):
        if blocks[index].tag not in _HEADINGS:
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


def _opens_apart(text: PlacedText, index: int, described: bool) -> bool:
    """Whether an extracted block is called a standfirst, or is the description word for word.

    A description often is the first paragraph: then it has to stand in another container.
    """
    block = text.blocks[index]
    if not described:
        return _named(block)
    following = min((i for i in text.covered if i > index), default=None)
    apart = following is not None and text.blocks[following].container is not block.container
    return apart or _named(block)


def _announces_summary(text: str) -> bool:
    rule = load_rules().match(text, {Scope.ANYWHERE})
    return rule is not None and rule.name == "summary_note"


def _reads_like_one(block: Block, under_headline: bool) -> bool:
    """Whether it is called a standfirst and is prose; under the headline one of them is enough."""
    prose = is_prose(block.text) and block.text.endswith(_PROSE_END) and block.tag != "li"
    return (_named(block) and prose) or (under_headline and (_named(block) or prose))


def _named(block: Block) -> bool:
    return any(_names_standfirst(element.get("class") or "") for element in block.path[-3:])


@lru_cache(maxsize=4096)
def _names_standfirst(attribute: str) -> bool:
    return bool(_NAMED.search(_CAMEL.sub("-", attribute[:400]).lower().replace("_", "-")))
