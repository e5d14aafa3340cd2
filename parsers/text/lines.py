"""Lines of text: normal form, folding for comparison, and what counts as prose."""

from __future__ import annotations

import re
import unicodedata

from parsers.text.characters import without_controls

PROSE_CHARS = 100
"""A line of this many characters is taken for a paragraph of prose."""
PROSE_CHARS_WIDE = 40
"""The same for scripts that write a word in one or two characters (Han, Kana, Hangul)."""

# Zero-width characters and marks that pages use for layout. The zero-width non-joiner and
# joiner (U+200C, U+200D) carry meaning in Persian and Indic scripts, so they stay.
_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u200e\u200f"
_LINE_BREAK = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]+")
_NOT_WORD = re.compile(r"[\W_]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_POINTED = re.compile("[\u0591-\u05c7\u0600-\u06ff]")
"""Hebrew and Arabic script, whose words are written with and without their points."""
_POINTS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]")
_ONE_LETTER = str.maketrans("أإآٱىیک", "ااااييك")
"""Letters that one writer puts where another puts the second: alef with hamza, and the yeh and kaf
of Arabic and of Persian."""
# Most text is ASCII, where a table does in one pass what a pattern does for each word.
_ASCII_FOLDED = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_ASCII_SQUEEZED = {code: folded.strip() or None for code, folded in _ASCII_FOLDED.items()}
_SENTENCE_CLOSED = re.compile(r"[.!?…。！？؟۔।።][\"'”’»«“)\]」』]*$")
_SENTENCE_WORDS = 3
_SENTENCE_CHARS_WIDE = 10
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]")


def normalise_lines(text: str) -> list[str]:
    """The non-empty lines of `text`: one space between words, no invisible characters."""
    for character in () if text.isascii() else _INVISIBLE:
        text = text.replace(character, "")
    text = without_controls(_LINE_BREAK.sub("\n", text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line]


def fold(text: str) -> str:
    """`text` for comparison: compatibility forms, case and the spellings of one word in Hebrew and
    Arabic script folded, only words left."""
    if text.isascii():
        return " ".join(text.translate(_ASCII_FOLDED).split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    if _POINTED.search(folded):
        folded = _POINTS.sub("", folded).translate(_ONE_LETTER)
    return _NOT_WORD.sub(" ", folded).strip()


def squeeze(text: str) -> str:
    """`text` with nothing but its letters and digits, case folded."""
    if text.isascii():
        return text.translate(_ASCII_SQUEEZED)
    return _NOT_WORD.sub("", text).casefold()


def is_prose(line: str) -> bool:
    """Whether a line is long enough to be a paragraph rather than a label or a headline."""
    if len(line) >= PROSE_CHARS:
        return True
    return (
        len(line) >= PROSE_CHARS_WIDE
        and bool(_SENTENCE_END.search(line))
        and bool(_WIDE.search(line))
    )


def is_whole_sentence(line: str) -> bool:
    """Whether a line is written as a whole sentence rather than as a label or a headline."""
    if not _SENTENCE_CLOSED.search(line):
        return False
    return len(line.split()) >= _SENTENCE_WORDS or (
        len(line) >= _SENTENCE_CHARS_WIDE and bool(_WIDE.search(line))
    )
