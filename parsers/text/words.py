"""Words of a text, whatever its script."""

from __future__ import annotations

import re

SPACELESS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Myanmar, Khmer
    "\u3040-\u30ff\u31f0-\u31ff"  # Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
# Signs that are part of a word though `\w` does not count them: combining accents, the points of
# Hebrew and Arabic, the vowel signs of the scripts of India.
_MARKS = "\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
_TOKEN = re.compile(rf"[{SPACELESS}]|(?:[^\W_{SPACELESS}]|[{_MARKS}])+")
_SPECIAL = re.compile(rf"[{SPACELESS}{_MARKS}]")
_PLAIN_TOKEN = re.compile(r"[^\W_]+")
"""The same as `_TOKEN` where nothing special is in the text, in a third of the time."""


def words_of(folded: str) -> list[str]:
    """The tokens of a text that is folded already."""
    return (_TOKEN if _SPECIAL.search(folded) else _PLAIN_TOKEN).findall(folded)
