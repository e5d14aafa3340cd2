"""Marks of form in a text: what was a subheading, a quotation, an item of a list, a row of a table.

    ## a subheading          1. an item of an ordered list      a cell | the next cell
    > a paragraph quoted     - an item of another list          another | row, without a blank line

They are what people write in plain text, so a text reads well with them. They are no words of it:
who counts, compares or searches words takes them away first. Only the number of an item could be
taken for one, so the space behind it is a no-break space, which no text of ours has elsewhere.
The macro `plain_text` of the warehouse says the same in SQL.
"""

from __future__ import annotations

import re

HEADING = "## "
QUOTE = "> "
ITEM = "- "
CELL = " | "

_AT_START = re.compile("^(?:> )*(?:## |- |[0-9]{1,9}\\.\u00a0|\\| )?", re.MULTILINE)
_BETWEEN = re.compile(r"(?: \|)+(?=[ \n]|$)")
_NUMBER = re.compile("^((?:> )*)[0-9]{1,9}\\.\u00a0", re.MULTILINE)
_HEADING_OR_QUOTE = re.compile("^(?:> |## )+", re.MULTILINE)


def number(place: int) -> str:
    """The mark of an item of an ordered list."""
    return f"{place}.\u00a0"


def without_marks(text: str) -> str:
    """The words of `text` without its marks."""
    return _BETWEEN.sub("", _AT_START.sub("", text))


def before_marks(text: str) -> str:
    """`text` as it was stored before texts had marks: names made of texts last."""
    return _HEADING_OR_QUOTE.sub("", _NUMBER.sub(r"\1- ", text))
