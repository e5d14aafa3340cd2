"""The text of an article out of the tree of its page.

    tree ─ trafilatura ─ lines ─ placed in the page's blocks ─ furniture out ─ standfirst in ─▶ Body

Trafilatura finds the text; where its lines stood tells what to take away (captions, bios,
related headlines) and what it lost (the standfirst).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from trafilatura.core import bare_extraction
from trafilatura.settings import Extractor

from parsers.alignment import Line, align, squeeze
from parsers.blocks import Block, read_blocks
from parsers.furniture import furniture_of
from parsers.lines import is_prose
from parsers.standfirst import find_standfirst

# Every page it can't read is a warning or an error there; here it's an outcome with a name.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_MAX_SHARE = 0.4
"""A class of furniture that would take more of the text than this takes nothing."""
_CELLS = frozenset(("td", "th", "tr"))
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article, a line a paragraph, and how it was found."""

    text: str
    method: str
    removed_lines: tuple[tuple[str, str], ...] = ()
    """(class, line) pairs."""
    standfirst: str | None = None
    """The sentences between headline and text, which are the first lines of `text`."""


def extract_body(
    tree: HtmlElement, *, url: str, titles: Sequence[str], descriptions: Sequence[str]
) -> Body:
    """The article's text; empty where none was found.

    `titles` and `descriptions` are what the page states as its title and description.
    """
    text = _trafilatura_text(tree)
    if not text:
        return Body("", "none")
    blocks = read_blocks(tree)
    lines = _split(align([line for line in text.split("\n") if line.strip()], blocks), blocks)
    kept, removed = _without_furniture(lines, blocks, url, titles)
    standfirst = find_standfirst(blocks, _covered(kept), titles=titles, descriptions=descriptions)
    restored = _inserted(kept, [Line(blocks[i].text, i, i) for i in standfirst])
    return Body(
        "\n".join(line.text for line in restored),
        "trafilatura",
        tuple(removed),
        " ".join(blocks[i].text for i in standfirst) or None,
    )


def _trafilatura_text(tree: HtmlElement) -> str:
    options = Extractor(
        output_format="python", comments=False, date_params={"outputformat": "%Y-%m-%d"}
    )
    document = bare_extraction(tree, options=options)
    return str(getattr(document, "text", None) or "")


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


def _without_furniture(
    lines: Sequence[Line], blocks: Sequence[Block], url: str, titles: Sequence[str]
) -> tuple[list[Line], list[tuple[str, str]]]:
    """(lines that are not furniture, (class, line) pairs of those that are)."""
    classes = _classes(lines, blocks, url, titles)
    total = sum(len(line.text) for line in lines)
    taken: Counter[str] = Counter()
    for line, name in zip(lines, classes, strict=True):
        if name:
            taken[name] += len(line.text)
    allowed = {name for name, chars in taken.items() if chars <= _MAX_SHARE * total}
    kept: list[Line] = []
    removed: list[tuple[str, str]] = []
    for line, name in zip(lines, classes, strict=True):
        if name in allowed and name is not None:
            removed.append((name, line.text))
        else:
            kept.append(line)
    return kept, removed


def _classes(
    lines: Sequence[Line], blocks: Sequence[Block], url: str, titles: Sequence[str]
) -> list[str | None]:
    """The class of furniture that each line is, None for text."""
    squeezed_titles = {squeeze(title) for title in titles}
    before_text = True
    classes: list[str | None] = []
    for line in lines:
        if line.first is None:
            classes.append(None)
            continue
        block = blocks[line.first]
        heading = block.tag in _HEADINGS
        if before_text and (block.tag == "h1" or squeeze(line.text) in squeezed_titles):
            classes.append("repeated_title")
            continue
        if not heading and is_prose(line.text):
            before_text = False
        classes.append(furniture_of(block) or _related_headline(block, url))
    return classes


def _related_headline(block: Block, url: str) -> str | None:
    """`read_also` for a paragraph that is nothing but a link to another page of the site."""
    if block.tag not in ("p", "div", "blockquote") or block.link_chars < 0.85 * len(block.text):
        return None
    if len(block.text) < 20:
        return None
    links = [a.get("href") or "" for a in block.element.iter("a")]
    return "read_also" if len(links) == 1 and _leads_within(links[0], url) else None


def _leads_within(href: str, url: str) -> bool:
    if href.startswith(("#", "mailto:", "tel:", "javascript:")):
        return False
    try:
        target, here = urlsplit(href), urlsplit(url)
    except ValueError:
        return False
    return not target.netloc or target.netloc.removeprefix("www.") == here.netloc.removeprefix(
        "www."
    )


def _covered(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of the blocks that the lines came from."""
    return frozenset(
        index
        for line in lines
        if line.first is not None and line.last is not None
        for index in range(line.first, line.last + 1)
    )


def _inserted(lines: Sequence[Line], missing: Sequence[Line]) -> list[Line]:
    """`lines` with the missing ones put where they stood in the page."""
    result = list(lines)
    for line in reversed(missing):
        following = (i for i, other in enumerate(result) if (other.first or 0) > (line.first or 0))
        result.insert(next(following, 0), line)
    return result
