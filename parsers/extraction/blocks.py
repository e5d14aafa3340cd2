"""A page as a sequence of blocks of text, each with its place in the tree.

Extractors give lines of text and forget where they stood. The blocks bring that back: what
stands between the headline and the first paragraph, what lies in a figure or an aside, what a
container's class says it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml.html import HtmlElement

_SKIP = frozenset(
    (
        "script",
        "style",
        "head",
        "noscript",
        "template",
        "svg",
        "select",
        "iframe",
        "object",
        "button",
        "input",
        "textarea",
        "canvas",
        "audio",
        "video",
        "math",
        "datalist",
        "dialog",
        "nav",
        "option",
        "label",
        "map",
    )
)
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "meter",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "br",
        "img",
        "picture",
        "source",
        "o:p",
    )
)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text without a block boundary inside."""

    text: str
    tag: str
    path: tuple[HtmlElement, ...]
    """Elements from the outermost to the block's own."""
    link_chars: int = 0

    @property
    def element(self) -> HtmlElement:
        """The block element the text stands in."""
        return self.path[-1]

    @property
    def container(self) -> HtmlElement:
        """The element around the block's own; the body itself for text right in it."""
        return self.path[-2:][0]


def read_blocks(tree: HtmlElement) -> list[Block]:
    """The visible blocks of a page in reading order."""
    reader = _Reader()
    body = tree.find("body")
    reader.walk(body if body is not None else tree, ())
    return reader.blocks


class _Reader:
    """Collects text until a block boundary ends the run."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._link = 0

    def walk(self, element: HtmlElement, path: tuple[HtmlElement, ...]) -> None:
        here = (*path, element)
        parts = self._parts
        text = element.text
        # White space before a block's first word is nothing, and most of what there is.
        if text and (parts or not text.isspace()):
            parts.append(text)
        for child in element:
            tag = child.tag
            if tag in _INLINE:
                self._inline(child, tag, here, False)
            elif tag not in _SKIP and isinstance(tag, str):
                if parts:
                    self._flush(here)
                self.walk(child, here)
            text = child.tail
            if text and (parts or not text.isspace()):
                parts.append(text)
        if parts:
            self._flush(here)

    def _inline(
        self, element: HtmlElement, tag: str, path: tuple[HtmlElement, ...], linked: bool
    ) -> None:
        linked = linked or tag == "a"
        if tag == "br" and self._parts:
            self._parts.append("\n")
        self._add(element.text, linked)
        for child in element:
            inner = child.tag
            if inner in _INLINE:
                self._inline(child, inner, path, linked)
            elif inner not in _SKIP and isinstance(inner, str):
                if self._parts:
                    self._flush(path)
                self.walk(child, path)
            self._add(child.tail, linked)

    def _add(self, text: str | None, linked: bool) -> None:
        if text and (self._parts or not text.isspace()):
            self._parts.append(text)
            if linked:
                self._link += len(text.strip())

    def _flush(self, path: tuple[HtmlElement, ...]) -> None:
        text = " ".join("".join(self._parts).split())
        self.blocks.append(Block(text, str(path[-1].tag), path, self._link))
        self._parts.clear()
        self._link = 0
