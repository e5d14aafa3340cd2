"""Takes furniture out of a text, by the place in the page where each of its lines stood.

each line: what stands in furniture, repeats the title or leads to other articles ─▶ its class
below the text: the headings of lists of links too
a class that would take too much of the text takes nothing
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from parsers.extraction.align import Line, PlacedText
from parsers.extraction.blocks import Block
from parsers.extraction.furniture_rules import furniture_of
from parsers.text.lines import is_prose, squeeze

_MAX_SHARE = 0.4
"""A class of furniture that would take more of the text than this takes nothing."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LABELLED = 0.4
_HEADLINE_CHARS = 20
"""A link with less text names a site, a section or an action."""
_ONE_LINK = 0.85
"""The share of a paragraph that is its link, where it is nothing but a link."""


def remove_furniture(
    text: PlacedText, *, url: str, titles: Sequence[str]
) -> tuple[PlacedText, list[tuple[str, str]]]:
    """(the text without lines that are furniture, (class, line) pairs of those that are).

    `url` is the page's own; `titles` are what it states as its title.
    """
    classes = _with_link_headings(_classes(text, url, titles), text)
    total = sum(len(line.text) for line in text.lines)
    taken: Counter[str] = Counter()
    for line, name in zip(text.lines, classes, strict=True):
        if name:
            taken[name] += len(line.text)
    kept: list[Line] = []
    removed: list[tuple[str, str]] = []
    for line, name in zip(text.lines, classes, strict=True):
        if name and taken[name] <= _MAX_SHARE * total:
            removed.append((name, line.text))
        else:
            kept.append(line)
    return text.with_lines(kept), removed


def _classes(text: PlacedText, url: str, titles: Sequence[str]) -> list[str | None]:
    """The class of furniture that each line is, None for text."""
    squeezed_titles = [squeeze(title) for title in titles]
    placed = [None if line.first is None else text.blocks[line.first] for line in text.lines]
    labels = [None if block is None else _label(block, url) for block in placed]
    times = Counter(labels)
    before_text = True
    classes: list[str | None] = []
    for line, block, label in zip(text.lines, placed, labels, strict=True):
        if block is None:
            classes.append(None)
            continue
        if before_text and _is_title(line.text, block, squeezed_titles):
            classes.append("repeated_title")
            continue
        if block.tag not in _HEADINGS and is_prose(line.text):
            before_text = False
        repeated = "read_also" if label and times[label] > 1 else None
        classes.append(furniture_of(block, text.path) or _related_headline(block, url) or repeated)
    return classes


def _is_title(text: str, block: Block, titles: Sequence[str]) -> bool:
    """Whether a line above the text is the title, perhaps with a kicker before it."""
    if block.tag == "h1":
        return True
    said = squeeze(text)
    return said in titles or (
        block.tag in _HEADINGS
        and any(
            len(title) > 20 and title in said and len(said) < 2 * len(title) for title in titles
        )
    )


def _label(block: Block, url: str) -> str | None:
    """What stands before the link to the same site that ends a paragraph: "MORE | headline".

    A label that several paragraphs of a text begin with leads to other articles.
    """
    if block.tag != "p" or block.link_chars < _LABELLED * len(block.text):
        return None
    links = list(block.element.iter("a"))
    if len(links) != 1 or not _leads_within(links[0].get("href") or "", url):
        return None
    linked = " ".join(links[0].text_content().split())
    label = block.text[: -len(linked)].strip() if linked else ""
    return label if label and block.text.endswith(linked) else None


def _related_headline(block: Block, url: str) -> str | None:
    """`read_also` for a paragraph that is nothing but a link to another page of the site."""
    if block.tag not in ("p", "div", "blockquote") or len(block.text) < _HEADLINE_CHARS:
        return None
    return "read_also" if _is_link_within(block, url) else None


def _with_link_headings(classes: list[str | None], text: PlacedText) -> list[str | None]:
    """`classes` with `related` for short lines below the text that head a list of links.

    The extractor drops the list and keeps its heading: a line that ends no sentence, below the
    last paragraph, whose next block in the page is an item that is nothing but a link.
    """
    result = list(classes)
    for index in range(len(text.lines) - 1, 0, -1):
        line = text.lines[index]
        if is_prose(line.text):
            break
        if classes[index] is None and _heads_links(line, text):
            result[index] = "related"
    return result


def _heads_links(line: Line, text: PlacedText) -> bool:
    if line.last is None or not (line.text[-1].isalnum() or line.text[-1] == ":"):
        return False
    if line.last + 1 >= len(text.blocks) or line.last + 1 in text.covered:
        return False
    above, below = text.blocks[line.last], text.blocks[line.last + 1]
    if len(squeeze(above.text)) > len(squeeze(line.text)):
        return False  # the last of several lines of one paragraph, such as dates
    return (
        above.tag != "li" and below.tag == "li" and below.link_chars >= _ONE_LINK * len(below.text)
    )


def count_teasers(text: PlacedText, url: str) -> int:
    """How many headlines of other pages stand among the lines; 0 where the first line is none."""
    first = text.lines[0].first if text.lines else None
    if first is None or not _is_teaser(text.blocks[first], url):
        return 0
    # Counted in the page, because the extractor loses some of them.
    inside = range(min(text.covered), max(text.covered) + 1)
    return sum(_is_teaser(text.blocks[index], url) for index in inside)


def _is_teaser(block: Block, url: str) -> bool:
    return (
        block.tag in _HEADINGS
        and len(block.text) >= _HEADLINE_CHARS
        and _is_link_within(block, url)
    )


def _is_link_within(block: Block, url: str) -> bool:
    """Whether a block is nothing but one link to another page of the site."""
    if block.link_chars < _ONE_LINK * len(block.text):
        return False
    links = [anchor.get("href") or "" for anchor in block.element.iter("a")]
    return len(links) == 1 and _leads_within(links[0], url)


def _leads_within(href: str, url: str) -> bool:
    """Whether a link leads to another page of the same host."""
    if href.startswith(("#", "mailto:", "tel:", "javascript:")):
        return False
    try:
        target, here = urlsplit(href), urlsplit(url)
    except ValueError:
        return False
    return target.netloc.removeprefix("www.") in ("", here.netloc.removeprefix("www."))
