"""HTML text to an lxml tree, whatever the text holds; and what of a tree may become text."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import islice
from typing import cast

from lxml.etree import ElementDefaultClassLookup, ErrorTypes, LxmlError, XPath
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from parsers.text.characters import without_forbidden
from parsers.text.references import bounded_references

MAX_HTML_CHARS = 20_000_000
"""Longer pages are cut: no news article needs more, and trees cost ten times their text."""

_MAX_ATTRIBUTE_CHARS = 4000
"""Longer attributes (images as data, a template gone wild) are cut: pattern searches in them
would take seconds, and nothing that is read from an attribute is that long."""
_LONG = XPath(f"//@*[string-length() > {_MAX_ATTRIBUTE_CHARS}]/..")

MAX_ELEMENTS = 20_000
"""What follows is cut: extraction takes time that grows with the square of the elements of one
parent. The longest real pages have a few thousand."""

_ONE_CLASS = ElementDefaultClassLookup(element=HtmlElement)
"""lxml.html asks Python for the class of each element whenever it is met, which is a tenth of all
that a page costs; nothing here needs its classes for forms and fields."""

# libxml2 takes `<html ... />` for an empty document (lxml bug 1955915).
_CLOSED_ROOT = re.compile(r"(<html[^<>]{0,2000}?)\s*/>", re.IGNORECASE)


def parse_html(html: str) -> HtmlElement | None:
    """The tree of a page, None where there is no element in it.

    Comments and processing instructions are left out. libxml2 stops nesting at a few hundred
    levels, which bounds every recursive walk after it. Raises MemoryError where the tree takes
    more memory than there is.
    """
    text = bounded_references(without_forbidden(html[:MAX_HTML_CHARS]))
    head = text[:4096]
    if "/>" in head:
        text = _CLOSED_ROOT.sub(r"\1>", head, count=1) + text[4096:]
    if not text.strip():
        return None
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        tree = document_fromstring(text.encode("utf-8"), parser=parser)
    except (ValueError, LxmlError) as error:
        if any(entry.type == ErrorTypes.ERR_NO_MEMORY for entry in parser.error_log):
            raise MemoryError from error
        # An empty document is an error there.
        return None
    # Before anything is looked for in the tree: what XPath finds takes memory too.
    last = None
    if 2 * text.count("<") >= MAX_ELEMENTS:  # few of them are written nowhere
        last = next(islice(tree.iter(), MAX_ELEMENTS, None), None)
    if last is not None:
        _cut_after(last)
    for element in cast(list[HtmlElement], _LONG(tree)):
        _shorten_attributes(element)
    return tree


def _shorten_attributes(element: HtmlElement) -> None:
    """Cut the long ones. What can't be set again goes: libxml2 reads any name that a template left
    behind (`{% if %}`, `{...props}`), and lxml writes none with a brace."""
    found = element.items()
    element.attrib.clear()
    for name, value in found:
        with suppress(ValueError):
            element.set(name, value[:_MAX_ATTRIBUTE_CHARS])


def _cut_after(element: HtmlElement) -> None:
    """Remove everything that comes after `element` in the document."""
    current: HtmlElement | None = element
    while current is not None:
        parent = current.getparent()
        if parent is not None:
            del parent[parent.index(current) + 1 :]
        current = parent


# Metadata is read from `content` and from JSON-LD, everything else from what stands between tags.
_READABLE = XPath(
    "/descendant::text()[not(parent::style)]"  # half as dear as //text()
    "[not(parent::script) or contains(parent::script/@type, 'json')"
    " or contains(parent::script/@type, 'JSON')]"
    " | //@content",
    smart_strings=False,  # those of lxml know their elements, which costs as much as all the rest
)


def readable_source(tree: HtmlElement) -> bytes:
    """Everything of the page that may become title, standfirst or text, in UTF-8; an empty tag
    stands wherever an element begins or ends.

    The cheap test of `parsers.topics` reads the source as it is, scripts, styles and addresses of
    links included. Once the tree is there, and before the dear part of the extraction, the test is
    made again on this: a page that names a topic only in its program, in a class name or in the
    address of a related page is not extracted in vain.
    """
    return "<>".join(cast(list[str], _READABLE(tree))).encode("utf-8", "replace")
