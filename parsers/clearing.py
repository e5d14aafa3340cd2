"""Takes furniture out of extracted lines, by the place in the page where each stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from parsers.alignment import Line, squeeze
from parsers.blocks import Block
from parsers.furniture import furniture_of
from parsers.lines import is_prose

_MAX_SHARE = 0.4
"""A class of furniture that would take more of the text than this takes nothing."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LABELLED = 0.4
_ONE_LINK = 0.85
"""The share of a paragraph that is its link, where it is nothing but a link."""


def without_furniture(
    lines: Sequence[Line],
    blocks: Sequence[Block],
    path: tuple[HtmlElement, ...],
    *,
    url: str,
    titles: Sequence[str],
) -> tuple[list[Line], list[tuple[str, str]]]:
    """(lines that are not furniture, (class, line) pairs of those that are).

    `path` are the elements around the text (see `parsers.restoring.text_path`).
    """
    classes = _classes(lines, blocks, path, url, titles)
    total = sum(len(line.text) for line in lines)
    taken: Counter[str] = Counter()
    for line, name in zip(lines, classes, strict=True):
        if name:
            taken[name] += len(line.text)
    kept: list[Line] = []
    removed: list[tuple[str, str]] = []
    for line, name in zip(lines, classes, strict=True):
        if name and taken[name] <= _MAX_SHARE * total:
            removed.append((name, line.text))
        else:
            kept.append(line)
    return kept, removed


def _classes(
    lines: Sequence[Line],
    blocks: Sequence[Block],
    path: tuple[HtmlElement, ...],
    url: str,
    titles: Sequence[str],
) -> list[str | None]:
    """The class of furniture that each line is, None for text."""
    squeezed_titles = [squeeze(title) for title in titles]
    labels = Counter(_label(blocks[line.first], url) for line in lines if line.first is not None)
    before_text = True
    classes: list[str | None] = []
    for line in lines:
        if line.first is None:
            classes.append(None)
            continue
        block = blocks[line.first]
        if before_text and _is_title(line.text, block, squeezed_titles):
            classes.append("repeated_title")
            continue
        if block.tag not in _HEADINGS and is_prose(line.text):
            before_text = False
        label = _label(block, url)
        repeated = "read_also" if label and labels[label] > 1 else None
        classes.append(furniture_of(block, path) or _related_headline(block, url) or repeated)
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
    if block.tag not in ("p", "div", "blockquote") or len(block.text) < 20:
        return None
    if block.link_chars < _ONE_LINK * len(block.text):
        return None
    links = [anchor.get("href") or "" for anchor in block.element.iter("a")]
    return "read_also" if len(links) == 1 and _leads_within(links[0], url) else None


def _leads_within(href: str, url: str) -> bool:
    """Whether a link leads to another page of the same host."""
    if href.startswith(("#", "mailto:", "tel:", "javascript:")):
        return False
    try:
        target, here = urlsplit(href), urlsplit(url)
    except ValueError:
        return False
    return target.netloc.removeprefix("www.") in ("", here.netloc.removeprefix("www."))
