"""A page's tree as people read it, before text is looked for in it: changes the tree.

hidden elements and readings beside characters (ruby) out ─ large initials joined to their
word ─ tables of layout into containers ─ cells of data in one line ─ figures of data, galleries
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from parsers.text.lines import PROSE_CHARS, is_prose

_NAME_PARTS = ("rop", "print", "initial", "lettrine", "first-letter")
"""What the names have in them of all that may be for print only, or a large initial."""
_MAY_CHANGE = XPath(
    "descendant::*[@style or @hidden or @class["
    + " or ".join(f"contains(., '{part}')" for part in _NAME_PARTS)
    + "]]"
)
"""What may be hidden, for print only, or a large initial."""
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_FOR_PRINT = re.compile(
    r"(?:^|[\s_-])(?:print[_-]?only|only[_-]?print|visible[_-]print(?:[_-]\w+)?|show[_-]for[_-]print)"
    r"(?:$|[\s_-])|\bhidden\b.*\bprint:(?:block|inline|flex)|\bd-none\b.*\bd-print-(?:block|inline|flex)",
    re.IGNORECASE,
)
_REST = re.compile(
    r"more|full|rest|expand|collaps|truncat|toggle|continu|remain|accordion|answer|panel|faq",
    re.IGNORECASE,
)
"""What hides the rest of a text until somebody asks for it."""
_SERIES = 3
"""So many hidden parts with prose in one container are slides, or answers to questions."""

_INITIAL_NAME = re.compile(
    r"drop[_-]?cap|lettrine|first[_-]?letter|initial(?:[_-]?(?:cap|letter)s?)?(?:\s|$)",
    re.IGNORECASE,
)
_WORDS_OF_ONE_LETTER = frozenset("AIOUYEÀÈÉÓÁZWVKSàaioueyozwvks")

_TABLE_PARTS = ("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col")
_CELL_BLOCKS = ("p", "div", "ul", "ol", "li", "br", "h2", "h3", "h4", "h5", "h6", "section")
_CELL_OF_LAYOUT = 600
"""A cell with more text is no value."""

_NO_PICTURE = ("table", "pre", "blockquote")


def make_readable(tree: HtmlElement) -> None:
    """Change a page's tree so that extractors find the text, the whole text and in its order."""
    body = tree.find("body")
    body = tree if body is None else body
    named = cast("list[HtmlElement]", _MAY_CHANGE(body))
    _remove_hidden(body, named)
    for reading in list(body.iter("rt", "rp", "rtc")):
        reading.drop_tree()
    for initial in named:
        if _INITIAL_NAME.search(initial.get("class") or "") and initial.getparent() is not None:
            _join_initial(initial)
    for table in reversed(list(body.iter("table"))):
        if _is_layout(table):
            _unwrap_layout(table)
        else:
            _flatten_cells(table)
    _open_figures(body)


def _remove_hidden(body: HtmlElement, named: Sequence[HtmlElement]) -> None:
    """Take out what nobody sees, but not the rest of a text that waits for a click."""
    hidden = [element for element in named if _is_hidden(element)]
    if not hidden:
        return
    outer = [element for element in hidden if not _within(element, hidden)]
    prose = {element: _prose(element) for element in outer}
    shown = _prose(body) - sum(prose.values())
    series = Counter(_kind(element) for element in outer if prose[element])
    for element in outer:
        stays = prose[element] and (
            prose[element] >= shown or series[_kind(element)] >= _SERIES or _is_rest(element)
        )
        if not stays and element.getparent() is not None:
            element.drop_tree()


def _kind(element: HtmlElement) -> tuple[object, object]:
    """What parts of one series have in common: the kind of container around them."""
    parent = element.getparent()
    name = None if parent is None else parent.get("class")
    return (parent.tag, name) if parent is not None and name else (element.tag, parent)


def _is_hidden(element: HtmlElement) -> bool:
    state = element.get("hidden")
    return (
        (state is not None and state != "until-found")
        or _HIDDEN.search(element.get("style") or "") is not None
        or _FOR_PRINT.search(element.get("class") or "") is not None
    )


def _within(element: HtmlElement, others: list[HtmlElement]) -> bool:
    return any(above in others for above in element.iterancestors())


def _is_rest(element: HtmlElement) -> bool:
    """Whether it is called the rest of what stands before it in the same container."""
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.getprevious() is not None and _REST.search(name) is not None


def _prose(element: HtmlElement) -> int:
    """How many characters of prose an element holds."""
    texts = [_text(part) for part in element.iter("p")]
    found = sum(len(text) for text in texts if is_prose(text))
    if found or element.tag == "body":
        return found
    text = _text(element)
    return len(text) if len(text) >= 3 * PROSE_CHARS else 0


def _text(element: HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def _join_initial(initial: HtmlElement) -> None:
    """Join a large letter to the word that it begins."""
    letter = _text(initial)
    if not letter or len(letter) > 2 or not letter[-1].isupper():
        return
    tail = (initial.tail or "").lstrip()
    if tail:
        spaced = tail != initial.tail and letter[-1] in _WORDS_OF_ONE_LETTER
        if tail[0].islower() and not spaced:
            initial.tail = tail
        return
    following = initial.getnext()
    text = (following.text or "").lstrip() if following is not None else ""
    if following is not None and text[:1].islower():
        following.text = letter + text
        initial.tail = None
        initial.drop_tree()


def _is_layout(table: HtmlElement) -> bool:
    """Whether a table only arranges text: one row or column, tables in cells, or paragraphs."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return True
    if next(table.iterdescendants("table"), None) is not None:
        return True
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if len(rows) <= 1 or max(map(len, rows), default=0) <= 1:
        return True
    headed = next(table.iter("th"), None) is not None
    return not headed and any(_is_page(cell) for row in rows for cell in row)


def _is_page(cell: HtmlElement) -> bool:
    paragraphs = sum(is_prose(_text(part)) for part in cell.iter("p"))
    return paragraphs > 1 or len(_text(cell)) > _CELL_OF_LAYOUT


def _unwrap_layout(table: HtmlElement) -> None:
    for part in list(table.iter(*_TABLE_PARTS)):
        part.tag = "div"


def _flatten_cells(table: HtmlElement) -> None:
    """Put what a cell holds into one line: its paragraphs, and the items of its lists."""
    for cell in list(table.iter("td", "th")):
        for part in list(cell.iter(*_CELL_BLOCKS)):
            between = "; " if part.tag == "li" and _text(part)[-1:].isalnum() else " "
            last = part.getnext() is None and not (part.tail or "").strip()
            part.tail = ("" if last else between) + (part.tail or "").lstrip()
            part.drop_tag()


def _open_figures(body: HtmlElement) -> None:
    """Figures that hold data or a quotation are no pictures; and where the captions of pictures say
    more than all paragraphs, they are the text of a gallery."""
    captions = []
    for figure in list(body.iter("figure")):
        # A quotation may stand in a figure, with who said it below; so may another site's post.
        held = ("table", "pre") if "embed" in (figure.get("class") or "") else _NO_PICTURE
        if next(figure.iter(*held), None) is not None:
            figure.tag = "div"
            continue
        captions += [each for each in figure.iter("figcaption") if is_prose(_text(each))]
    if len(captions) < 3 or sum(len(_text(each)) for each in captions) < _prose(body):
        return
    for caption in captions:
        for figure in caption.iterancestors("figure"):
            figure.tag = "div"
        caption.tag = "p"
        caption.attrib.pop("class", None)
