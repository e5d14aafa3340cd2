"""What of a page, besides its words, says that a line is no part of the prose around it.

A sentence may say anything, so no wording alone proves that it is furniture. A prompt is also
built otherwise than the paragraphs beside it: it leads somewhere, is set in other type, has a class
or a box of its own, or is said again elsewhere on the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from parsers.extraction.align import Line, PlacedText
from parsers.extraction.blocks import Block
from parsers.text.lines import is_prose, is_whole_sentence

_LINK_SHARE = 0.3
_PROMPT_LINK = re.compile(
    r"subscri|newsletter|sign-?up|sign-?in|log-?in|register|account|member|donat|support|abonn|"
    r"\babo\b|suscri|assin|iscri|langganan|whatsapp|t\.me/|telegram|news\.google|play\.google|apps\.apple|"
    r"facebook\.com|twitter\.com|//x\.com|instagram|youtube|mailto:|privacy|terms|affiliate|offer",
    re.IGNORECASE,
)
_TYPE = frozenset(("em", "i", "small", "strong", "b", "font", "span", "u", "mark", "cite"))
_PLAIN = frozenset(("em", "i", "small", "strong", "b", "u"))
_PARAGRAPHS = frozenset(("p", "div", "li", "blockquote", "td", "section", "article", "br"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_OWN_PROSE = 2


@dataclass(frozen=True)
class Surroundings:
    """A text in its page, asked about one line at a time."""

    text: PlacedText

    def evidence(self, said: str) -> str | None:
        """What sets the line that says `said` apart, None where nothing does."""
        line = self._by_text.get(said)
        if line is None or line.first is None:
            return None
        block = self.text.blocks[line.first]
        if _leads_away(block):
            return "link"
        if block.tag in _HEADINGS:
            return None
        # A subheading may be set in other type, too.
        if is_whole_sentence(said) and _set_in_other_type(block.element):
            return "type"
        return self._odd(block)

    def _odd(self, block: Block) -> str | None:
        if block.tag not in _PARAGRAPHS:
            return "element"
        if block.tag != "li" and self._prose_in[block.container] < _OWN_PROSE < self._most:
            return "box"
        signature = _signature(block)
        if signature != self._usual and self._signed[signature] == 1:
            return "class"
        return "repeated" if self._said[block.text] > 1 else None

    @cached_property
    def _by_text(self) -> Mapping[str, Line]:
        return {" ".join(line.text.split()): line for line in self.text.lines}

    @cached_property
    def _prose(self) -> list[Block]:
        return [
            block
            for block in map(self.text.blocks.__getitem__, sorted(self.text.covered))
            if is_prose(block.text)
        ]

    @cached_property
    def _prose_in(self) -> Counter[HtmlElement]:
        return Counter(block.container for block in self._prose)

    @cached_property
    def _most(self) -> int:
        return max(self._prose_in.values(), default=0)

    @cached_property
    def _signed(self) -> Counter[str]:
        covered = map(self.text.blocks.__getitem__, self.text.covered)
        return Counter(map(_signature, covered))

    @cached_property
    def _usual(self) -> str | None:
        usual = Counter(map(_signature, self._prose)).most_common(1)
        return usual[0][0] if usual else None

    @cached_property
    def _said(self) -> Counter[str]:
        return Counter(block.text for block in self.text.blocks)


def _leads_away(block: Block) -> bool:
    if not block.link_chars:
        return False
    if block.link_chars >= _LINK_SHARE * len(block.text):
        return True
    links = (anchor.get("href") or "" for anchor in block.element.iter("a"))
    return any(map(_PROMPT_LINK.search, links))


def _signature(block: Block) -> str:
    return f"{block.tag} {block.element.get('class') or ''}"


def _set_in_other_type(element: HtmlElement) -> bool:
    """Whether all that an element says is in one run of other type."""
    while len(element) == 1 and not (element.text or "").strip():
        child = element[0]
        if (child.tail or "").strip() or child.tag not in _TYPE:
            return False
        if child.tag in _PLAIN:
            return True
        element = child
    return False
