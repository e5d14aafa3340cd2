"""The text of an article out of the tree of its page.

    tree ─ trafilatura ─ lines ─ placed in the page's blocks ─ furniture out ─ lost lines in ─▶ Body

Trafilatura finds the text; where it finds next to nothing, `fallbacks` tries others. Where the
lines stood tells what to take away (captions, bios, related headlines) and what was lost
(subheadings, the standfirst).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement
from trafilatura.core import bare_extraction
from trafilatura.meta import reset_caches
from trafilatura.settings import Extractor

from parsers.extraction.align import Line, align
from parsers.extraction.blocks import Block, read_blocks
from parsers.extraction.fallbacks import rescued_lines
from parsers.extraction.remove_furniture import count_teasers, without_furniture
from parsers.extraction.restore_blocks import covered, insert_blocks, lost_blocks, text_path
from parsers.extraction.standfirst import find_standfirst
from parsers.metadata.facts import PageStatements, stated_descriptions, stated_titles

# Every page it can't read is a warning or an error there; here it's an outcome with a name.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_CELLS = frozenset(("td", "th", "tr"))
_PAGE_CHARS = 6000


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article, a line a paragraph, and what was seen while finding it."""

    text: str
    method: str
    removed_lines: tuple[tuple[str, str], ...] = ()
    """(class, line) pairs."""
    standfirst: str | None = None
    """The sentences between headline and text, which are the first lines of `text`."""
    page_text: str = ""
    """How the text of the whole page begins."""
    link_share: float = 0.0
    """The share of the page's text that is inside links."""
    teasers: int = 0
    """How many headlines of other pages stand among the lines; 0 where the first is none."""


def extract_body(tree: HtmlElement, facts: PageStatements, *, url: str) -> Body:
    """The article's text; empty where none was found."""
    titles, descriptions = stated_titles(facts), stated_descriptions(facts)
    blocks = read_blocks(tree)
    found, method = rescued_lines(tree, facts, _trafilatura_lines(tree))
    lines = _split(align(found, blocks), blocks)
    path = text_path(covered(lines), blocks)
    kept, removed = without_furniture(lines, blocks, path, url=url, titles=titles)
    kept = insert_blocks(kept, lost_blocks(lines, kept, blocks, path), blocks)
    standfirst = find_standfirst(
        blocks, covered(kept), path, titles=titles, descriptions=descriptions
    )
    kept = insert_blocks(kept, standfirst.missing, blocks)
    chars = sum(len(block.text) for block in blocks)
    return Body(
        text="\n".join(line.text for line in kept),
        method=method,
        removed_lines=tuple(removed),
        standfirst=" ".join(blocks[index].text for index in standfirst.blocks) or None,
        page_text="\n".join(block.text for block in blocks[:200])[:_PAGE_CHARS],
        link_share=sum(block.link_chars for block in blocks) / chars if chars else 0.0,
        teasers=count_teasers(kept, blocks, url),
    )


def release_caches() -> None:
    """Empty the caches that trafilatura and its helpers fill with the text of every page.

    They are bounded, but large: a process that parses for days calls this every few hundred
    pages (trafilatura issues 189, 216 and 704).
    """
    reset_caches()


def _trafilatura_lines(tree: HtmlElement) -> list[str]:
    options = Extractor(
        output_format="python", comments=False, date_params={"outputformat": "%Y-%m-%d"}
    )
    document = bare_extraction(tree, options=options)
    text = str(getattr(document, "text", None) or "")
    return [line for line in text.split("\n") if line.strip()]


def _split(lines: Sequence[Line], blocks: Sequence[Block]) -> list[Line]:
    """Give back their paragraphs to lines that run over several blocks."""
    result: list[Line] = []
    for line in lines:
        if line.first is None or line.last is None or line.last - line.first < 2:
            result.append(line)
            continue
        span = range(line.first, line.last + 1)
        if any(blocks[index].tag in _CELLS for index in span):
            result.append(line)
        else:
            result.extend(Line(blocks[index].text, index, index) for index in span)
    return result
