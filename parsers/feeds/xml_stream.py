"""XML that strangers wrote, read element by element, without doing what it asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from lxml import etree

from parsers.errors import Quarantine

_MOST_PARTS = 500
"""Elements within a child of the root; of what has more, further ones are emptied as they end."""


def children_of_root(
    pieces: Iterable[bytes], roots: Collection[str], what: str
) -> Iterator[tuple[etree._Element, bool]]:
    """The elements right below the root of a document that comes in `pieces`, each to be read at
    once: it is emptied before the next. Beside each is whether it is whole: those that are open
    where the document ends are not. `roots` are the names that the root may have, `what` says in
    messages what it should have been.

    Entities are not expanded, nothing is fetched, depth and sizes are limited by libxml2. What
    is not well-formed is read as far as it goes.

    Raises Quarantine("not_xml") where nothing can be read, and one named after `what` for another
    root.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    walk = _Walk(roots, what)
    said: object = "there is no XML in it"
    try:
        for piece in pieces:
            parser.feed(piece)
            yield from ((child, True) for child in walk.children(parser))
        parser.close()
    except etree.XMLSyntaxError as error:
        said = error
    yield from ((child, False) for child in walk.children(parser))
    if not walk.begun:
        raise Quarantine("not_xml", f"This is no {what}: {said}.")


class _Walk:
    """The elements of a document as they begin and end, of which nothing stays."""

    def __init__(self, roots: Collection[str], what: str) -> None:
        self.begun = False
        self._roots, self._what = roots, what
        self._depth = self._parts = 0

    def children(self, parser: etree.XMLPullParser) -> Iterator[etree._Element]:
        """The elements right below the root that have ended by now."""
        events: Iterator[tuple[str, Any]] = parser.read_events()
        for event, element in events:
            if event == "start":
                self._depth += 1
                if not self.begun:
                    self._begin(element)
                continue
            self._depth -= 1
            if self._depth == 1:
                yield element
                self._parts = 0
            elif self._parts < _MOST_PARTS:
                self._parts += 1
                continue
            _empty(element)

    def _begin(self, root: etree._Element) -> None:
        self.begun = True
        if local_name(root) not in self._roots:
            raise Quarantine(
                f"not_{self._what}",
                f"This is no {self._what}: it begins with <{local_name(root)}>.",
            )
        subset: Any = root.getroottree().docinfo.internalDTD
        if subset is not None and next(subset.iterentities(), None) is not None:
            # In attributes libxml2 expands them all the same, if within bounds.
            raise Quarantine(
                "not_xml", f"This {self._what} declares entities of its own, which none needs."
            )


def _empty(element: etree._Element) -> None:
    """Forgets an element and all that came before it in its parent."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def local_name(element: etree._Element) -> str:
    """The element's name in lower case without its namespace; empty for what has no name."""
    tag = element.tag
    return etree.QName(tag).localname.lower() if isinstance(tag, str) else ""


def text_of(element: etree._Element | None) -> str:
    """The element's own text, trimmed; empty where there is none."""
    return (element.text or "").strip() if element is not None else ""
