"""The paragraphs of justext.

Trafilatura takes justext as its last way, for one page in seven. It took a fifth of what
trafilatura does with all of them, most of it for paths in the tree that nobody asks for; here are
its paragraphs for half of that.
"""

from __future__ import annotations

from justext.core import ParagraphMaker, PathInfo
from justext.paragraph import Paragraph


class CheapParagraph(Paragraph):  # type: ignore[misc]  # justext has no types
    """A paragraph whose text and place are worked out when they are asked for, and once."""

    def __init__(self, path: PathInfo) -> None:
        self._tags = [tag for tag, _, _ in path._elements]
        self._text: str | None = None
        self.text_nodes: list[str] = []
        self.chars_count_in_links = 0
        self.tags_count = 0
        self.class_type = ""

    @property
    def dom_path(self) -> str:
        """The names of the elements around it."""
        return ".".join(self._tags)

    @property
    def text(self) -> str:
        """All that it says."""
        if self._text is None:
            self._text = super().text
        return self._text

    def append_text(self, text: str) -> str:
        """Adds to what it says."""
        self._text = None
        return str(super().append_text(text))


class CheapParagraphMaker(ParagraphMaker):  # type: ignore[misc]
    """The maker of justext's paragraphs, which makes these."""

    paragraph: CheapParagraph | None

    def _start_new_pragraph(self) -> None:
        if self.paragraph and self.paragraph.contains_text():
            self.paragraphs.append(self.paragraph)
        self.paragraph = CheapParagraph(self.path)
