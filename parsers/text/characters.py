"""Characters that stand in texts and are not part of what they say."""

from __future__ import annotations

import re

C0 = "\x00-\x08\x0b\x0c\x0e-\x1f"
"""Control characters but tab and line breaks, for the inside of a character class."""
C1 = "\x7f-\x84\x86-\x9f"
"""The same beyond ASCII, with delete and without U+0085, which is a line break."""
_NO_CHARACTERS = "\ud800-\udfff\ufffe\uffff"
"""Lone surrogates, which no encoding takes, and code points that will never be characters."""
_FORBIDDEN = re.compile(f"[{C0}{_NO_CHARACTERS}]")
_UNPRINTABLE = re.compile(f"[{C0}{C1}{_NO_CHARACTERS}]")


def without_forbidden(text: str) -> str:
    """`text` without what XML forbids (XML 1.0, section 2.2), lone surrogates among it."""
    return _FORBIDDEN.sub("", text)


def without_controls(text: str) -> str:
    """The same, and without the controls beyond ASCII."""
    return _UNPRINTABLE.sub("", text)
