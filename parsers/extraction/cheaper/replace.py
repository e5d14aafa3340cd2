"""Puts what is cheaper into trafilatura: whatever imports this has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, cast

from lxml.etree import XPath, _Element
from lxml.html import HtmlElement, fragment_fromstring
from trafilatura import core, external, main_extractor
from trafilatura.settings import Extractor
from trafilatura.utils import trim

from parsers.extraction.cheaper.paragraphs import CheapParagraphMaker
from parsers.extraction.cheaper.searches import Search

_TEXT = XPath("descendant::text()[not(parent::script or parent::style)]", smart_strings=False)
_TIMES = 2
"""Readability's text has to be so many times as long as trafilatura's own to be preferred."""


def compare_extraction(
    cleaned_tree: HtmlElement,
    raw_tree: HtmlElement,
    body: _Element,
    text: str,
    options: Extractor,
) -> tuple[_Element, str]:
    """Trafilatura's comparison of its own text with others; without readability's, which takes a
    twelfth of a parse, where all of the page has too little text for it to be preferred."""
    if options.focus == "balanced" and _is_sound(body) and _bounds(raw_tree, _TIMES * len(text)):
        raw_tree = fragment_fromstring("<div/>")
    return external.compare_extraction(cleaned_tree, raw_tree, body, text, options)


def _is_sound(body: _Element) -> bool:
    """Whether a text has paragraphs, and not more tables: else readability's may be shorter."""
    paragraphs = body.findall(".//p")
    is_said = any(text for paragraph in paragraphs for text in paragraph.itertext())
    return is_said and len(body.findall(".//table")) <= len(paragraphs)


def _bounds(tree: HtmlElement, chars: int) -> bool:
    """Whether all that a page says has at most so many characters."""
    return len(trim("".join(cast(list[str], _TEXT(tree))))) <= chars


Make = Callable[[Any], object]


def _searches(theirs: list[XPath]) -> list[Search]:
    return [Search(expression) for expression in theirs]


def _first_searches(theirs: list[XPath]) -> list[Search]:
    return [Search(expression, first=True) for expression in theirs]


_PLACES: tuple[tuple[object, str, Make], ...] = (
    (core, "RAW_TREE_PRUNE_XPATH", _searches),
    (core, "REMOVE_COMMENTS_AND_LISTS_XPATH", _searches),
    (main_extractor, "BODY_XPATH", _first_searches),
    (main_extractor, "OVERALL_DISCARD_XPATH", _searches),
    (main_extractor, "DISCARD_IMAGE_ELEMENTS", _searches),
    (main_extractor, "TEASER_DISCARD_XPATH", _searches),
    # A function hides the module of its name.
    (import_module("trafilatura.baseline"), "BASIC_CLEAN_XPATH", Search),
    (core, "compare_extraction", lambda _: compare_extraction),
    (external, "ParagraphMaker", lambda _: CheapParagraphMaker),
)
"""In which module, under which name, what of ours is made of theirs. A name that another release of
trafilatura does not have is left out: it is slower then, and no worse."""
_THEIRS = tuple(
    (module, name, getattr(module, name)) for module, name, _ in _PLACES if hasattr(module, name)
)
_OURS = tuple(
    (module, name, make(getattr(module, name)))
    for module, name, make in _PLACES
    if hasattr(module, name)
)


def _put(things: tuple[tuple[Any, str, object], ...]) -> None:
    for module, name, thing in things:
        setattr(module, name, thing)


@contextmanager
def as_it_comes() -> Iterator[None]:
    """Trafilatura as it was installed, to compare with."""
    _put(_THEIRS)
    try:
        yield
    finally:
        _put(_OURS)


def prepare() -> None:
    """Read the lists of common words that justext goes by.

    For a process whose children share them. They are a set here, because trafilatura asks for the
    hash of all of them at each page, which a tuple works out anew and a frozen set keeps.
    """
    words = frozenset(external.jt_stoplist_init())
    external.JT_STOPLIST = words  # type: ignore[assignment]  # typed as None, which it begins as


_put(_OURS)
