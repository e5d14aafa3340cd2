"""The text of an article out of the tree of its page.

    tree, as people read it ─ lines ─ placed in the page's blocks ─ furniture out ─ lost blocks in
         ─ standfirst in ─ boilerplate out ─ marks of form in ─▶ Body

Trafilatura finds the lines; where it finds next to nothing, `fallbacks` tries others. Where the
lines stood tells what to take away (captions, bios, related headlines) and what was lost
(subheadings, the standfirst).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from lxml.html import HtmlElement
from trafilatura.core import bare_extraction
from trafilatura.meta import reset_caches
from trafilatura.settings import Extractor

from parsers.extraction.align import place_text
from parsers.extraction.apart import Surroundings
from parsers.extraction.blocks import read_blocks
from parsers.extraction.boilerplate import clean_text
from parsers.extraction.cheaper import replace as _replaced  # noqa: F401 - imported to be in place
from parsers.extraction.fallbacks import lines_or_fallback
from parsers.extraction.form import with_marks
from parsers.extraction.inside import lines_inside, prose_chars
from parsers.extraction.lost_blocks import lost_blocks
from parsers.extraction.readable import make_readable
from parsers.extraction.remove_furniture import count_teasers, remove_furniture
from parsers.extraction.standfirst import find_standfirst
from parsers.metadata.facts import PageStatements
from parsers.metadata.reconcile import Metadata

# Every page it can't read is a warning or an error there; here it's an outcome with a name.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_PAGE_CHARS = 6000


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article and nothing but the text, and what was seen while finding it."""

    text: str
    """Paragraphs separated by one blank line."""
    marked: str
    """The same with the marks of form (`parsers.text.marks`)."""
    method: str
    """What found it: `trafilatura`, `readability`, `json-ld`, `script`, or `none`."""
    removed_lines: tuple[tuple[str, str], ...] = ()
    """(class, line) pairs: furniture first, then what the wording gave away."""
    standfirst: str | None = None
    """The sentences between headline and text, which are the first lines of `text`."""
    page_text: str = ""
    """How the text of the whole page begins."""
    link_share: float = 0.0
    """The share of the page's text that is inside links."""
    prose_chars: int = 0
    """How much prose stands together in one container."""
    teasers: int = 0
    """How many headlines of other pages stand among the lines; 0 where the first is none."""


def extract_body(tree: HtmlElement, facts: PageStatements, metadata: Metadata, *, url: str) -> Body:
    """The article's text, without furniture and boilerplate; empty where none was found."""
    make_readable(tree)
    blocks = read_blocks(tree)
    found, method = lines_or_fallback(_trafilatura_lines(tree), tree, facts)
    extracted = place_text(found, blocks)
    text, removed = remove_furniture(extracted, url=url, titles=facts.titles)
    text = text.with_blocks(lost_blocks(text, extracted.covered))
    standfirst = find_standfirst(text, facts)
    text = text.with_blocks(standfirst.missing)
    lines = "\n".join(line.text for line in text.lines)
    cleaned = clean_text(
        lines,
        title=metadata.title,
        authors=metadata.authors,
        evidence=Surroundings(text).evidence,
        inside=lines_inside(text),
    )
    chars = sum(len(block.text) for block in blocks)
    return Body(
        text=cleaned.text,
        marked=with_marks(cleaned.text.split("\n\n"), text, standfirst.blocks),
        method=method,
        removed_lines=(*removed, *cleaned.removed_lines),
        standfirst=" ".join(blocks[index].text for index in standfirst.blocks) or None,
        page_text="\n".join(block.text for block in blocks[:200])[:_PAGE_CHARS],
        link_share=sum(block.link_chars for block in blocks) / chars if chars else 0.0,
        prose_chars=prose_chars(text),
        teasers=count_teasers(text, url),
    )


def _trafilatura_lines(tree: HtmlElement) -> list[str]:
    options = Extractor(
        output_format="python", comments=False, date_params={"outputformat": "%Y-%m-%d"}
    )
    document = bare_extraction(tree, options=options)
    text = str(getattr(document, "text", None) or "")
    # Of a table's head it draws the line below it, and it writes rows of nothing.
    return [line for line in text.split("\n") if line.strip(" |-")]


def release_caches() -> None:
    """Empty the caches that trafilatura and its helpers fill with the text of every page.

    They are bounded, but large: a process that parses for days calls this every few hundred
    pages (trafilatura issues 189, 216 and 704).
    """
    reset_caches()
