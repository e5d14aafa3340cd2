"""XML that strangers wrote, parsed without doing what it asks for."""

from __future__ import annotations

from typing import Any

from lxml import etree

from parsers.errors import Quarantine


def xml_tree(body: bytes, what: str) -> etree._Element:
    """The root element of `body`; `what` says in messages what it should have been.

    Entities are not expanded, nothing is fetched, depth and sizes are limited by libxml2. What
    is not well-formed is read as far as it goes.

    Raises Quarantine("not_xml") where nothing can be read.
    """
    if not body.strip():
        raise Quarantine("not_xml", f"This is no {what}: it is empty.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(body.lstrip(), parser=parser)
    except etree.XMLSyntaxError as error:
        raise Quarantine("not_xml", f"This is no {what}: {error}.") from error
    if root is None:
        raise Quarantine("not_xml", f"This is no {what}: there is no XML in it.")
    subset: Any = root.getroottree().docinfo.internalDTD
    if subset is not None and next(subset.iterentities(), None) is not None:
        # In attributes libxml2 expands them all the same, if within bounds.
        raise Quarantine("not_xml", f"This {what} declares entities of its own, which none needs.")
    return root


def local_name(element: etree._Element) -> str:
    """The element's name in lower case without its namespace; empty for what has no name."""
    tag = element.tag
    return etree.QName(tag).localname.lower() if isinstance(tag, str) else ""


def text_of(element: etree._Element | None) -> str:
    """The element's own text, trimmed; empty where there is none."""
    return (element.text or "").strip() if element is not None else ""
