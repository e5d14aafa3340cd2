"""One spelling for many: how text is folded before names are looked for in it.

`plain_spelling` undoes what typography and web pages do to a name: full-width letters,
ligatures, soft hyphens, zero-width characters, Arabic and Hebrew vowel points, letter variants,
kinds of hyphen and middle dot. `key` is the same in lower case and keeps every character in its
place, so that a hit in the key can be checked for capitals in the plain text. `offsets` leads
back to the original. Latin accents count: `Müller` is not `Muller`.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

# Between the parts of a name: spaces, hyphens (not dashes), underscore, middle dots, and the
# double hyphen of Japanese (NFKC turns its full-width form into an equals sign).
_SEPARATORS = (
    "\t\v\f\r\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000-_=·\u0387\u05be\u2010\u2011•‧∙⋅゠・"
)
# Besides all format, control and private-use characters: what a name is written with or
# without. Joiner, Hebrew points, Arabic vowel signs and tatweel, Hangul fillers.
_UNSPOKEN = (
    (0x034F, 0x034F),
    (0x0591, 0x05BD),
    (0x05BF, 0x05BF),
    (0x05C1, 0x05C2),
    (0x05C4, 0x05C5),
    (0x05C7, 0x05C7),
    (0x0640, 0x0640),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x115F, 0x1160),
)
# Letters written in several ways for one sound, in both cases.
_LETTERS = {
    "ΆάΈέΉήΊίΌόΎύΏώΪϊΫϋΐΰς": "ΑαΕεΗηΙιΟοΥυΩωΙιΥυιυσ",
    "Ёё": "Ее",
    "İı": "Ii",
    "أإآٱىیکةۀہھ": "اااايي" + "ك" + "هههه",
}
# NFKC would spell these marks out as letters and glue them to the word before.
_TRADEMARKS = re.compile("[™℠]")

_RUN = re.compile(r" *\n[ \n]*| {2,}")
_ASCII_WORK = re.compile(r"[^\n -,.-<>-^`-~]")


def plain_spelling(text: str) -> str:
    """`text` in its plainest spelling, case kept.

    Runs of spaces, hyphens and middle dots become one space, an empty line becomes one line
    break: a name may run over the end of a line but not over the end of a paragraph.
    """
    return _RUN.sub(_one_separator, _spell_out(text))


def lower(plain_text: str) -> str:
    """Lower case that keeps length (`plain_spelling` has removed the one letter that would not)."""
    return plain_text.lower().replace("ς", "σ")


def key(text: str) -> str:
    """`plain_spelling` in lower case: as long, and character for character the same name."""
    return lower(plain_spelling(text))


def offsets(text: str, at_least: int | None = None) -> array[int]:
    """For each character of `plain_spelling(text)`, or for `at_least` so many of them, where in
    `text` it comes from."""
    origin = array("Q")
    in_run = False
    for piece in _pieces().finditer(text):
        if at_least is not None and len(origin) >= at_least:
            break
        if piece["steady"]:
            origin.extend(range(*piece.span()))
            in_run = False
            continue
        for character in _spell_out(piece.group()):
            separator = character in " \n"
            if not (separator and in_run):
                origin.append(piece.start())
            in_run = separator
    return origin


@dataclass(frozen=True, slots=True)
class Spellings:
    """Every single character that `key` turns into something else, by what becomes of it."""

    letters: dict[str, list[str]] = field(default_factory=dict)
    """Letter → other ways to write it that are ordinary in running text, such as its capital."""
    rare: dict[str, str] = field(default_factory=dict)
    """Character → what it stands for: full-width and mathematical letters, ligatures …"""
    invisible: list[str] = field(default_factory=list)


@cache
def spellings() -> Spellings:
    """The inverse of `key` for single characters, ideographs and syllables left aside."""
    found = Spellings()
    for character in _characters():
        meant = lower(_spell_out(character))
        if not meant:
            found.invisible.append(character)
        elif unicodedata.normalize("NFKC", character) != character:
            found.rare[character] = meant
        elif meant != character and meant not in " \n":
            found.letters.setdefault(meant, []).append(character)
    return found


def _characters() -> Iterator[str]:
    """Where Unicode keeps characters that `key` may change."""
    blocks = (
        (0x00, 0x3400),
        (0xA000, 0xAC00),
        (0xF900, 0x10000),
        (0x10780, 0x107C0),
        (0x1D400, 0x1D800),
        (0x1E030, 0x1E070),
        (0x1EE00, 0x1EF00),
        (0x1F100, 0x1F200),
        (0x2F800, 0x2FA20),
        (0xE0000, 0xE0080),
    )
    for low, high in blocks:
        yield from map(chr, range(low, high))


def _spell_out(text: str) -> str:
    if text.isascii() and not _ASCII_WORK.search(text):
        return text
    composed = unicodedata.normalize("NFKC", _TRADEMARKS.sub(" ", text))
    table, pattern = _table()
    return pattern.sub(lambda match: table[match[0]], composed)


def _one_separator(run: re.Match[str]) -> str:
    return "\n" if run.group().count("\n") > 1 else " "


@cache
def _table() -> tuple[dict[str, str], re.Pattern[str]]:
    """What each character becomes that does not stay as it is, and a pattern that finds them."""
    table = {
        chr(code): ""
        for low, high in ((0x00, 0x2FFF), (0xD800, 0x10000), (0xE0000, 0xE0080))
        for code in range(low, high)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Co")
    }
    for low, high in _UNSPOKEN:
        table |= dict.fromkeys(map(chr, range(low, high + 1)), "")
    table |= dict.fromkeys(_SEPARATORS, " ")
    table |= dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd")
    for written, meant in _LETTERS.items():
        table |= dict(zip(written, meant, strict=True))
    del table["\n"]
    return table, re.compile(f"[{_ranges(map(ord, table))}]")


@cache
def _pieces() -> re.Pattern[str]:
    """Words that stay as they are, with single spaces between them (`steady`), or else a character
    with all that NFKC may merge into it: marks, and the letters of Hangul."""
    codes = range(0x300, 0x1F000)
    marks = _ranges(code for code in codes if unicodedata.category(chr(code))[0] == "M")
    jamo = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\ud7b0-\ud7fb\uff9e-\uffdc"
    merging = f"[{marks}{jamo}]"
    steady = f"[{_ranges(_steady_letters())}]+"
    return re.compile(f"(?s)(?P<steady>{steady}(?: {steady})*(?!{merging}))|.{merging}*")


def _steady_letters() -> Iterator[int]:
    """Letters, digits and signs that `plain_spelling` leaves alone, ideographs and syllables among
    them; not all there are, for the others are looked at one by one."""
    blocks = ((0x21, 0x1100), (0x1200, 0x3100), (0x4E00, 0xA000), (0xAC00, 0xD7A4))
    for code in chain.from_iterable(range(*block) for block in blocks):
        kind = unicodedata.category(chr(code))[0]
        if kind in "LNPS" and _spell_out(chr(code)) == chr(code):
            yield code


def _ranges(codes: Iterable[int]) -> str:
    """Code points as the inside of a character class."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)
