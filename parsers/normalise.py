"""One spelling for many: how text is folded before names are looked for in it.

`plain` undoes what typography and web pages do to a name (full-width letters, ligatures, soft
hyphens, zero-width characters, accents of stress, Arabic letter variants, several kinds of
hyphen and middle dot); `key` is the same in lower case and keeps every character in its
place, so that a hit in the key can be checked for capitals in the plain text.
`offsets` leads back to the original text. Latin accents count: `Müller` is not `Muller`.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from functools import lru_cache

# Characters that carry no meaning inside a word: soft hyphen, zero-width and joining marks,
# direction marks, invisible operators, byte order mark, Arabic tatweel, Hangul fillers.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\u0640"
    # Marks of stress and vowels that a name is written with or without: combining accents that
    # no letter took up (NFKC), Hebrew points, Arabic vowel signs.
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
)
# Between the parts of a name: spaces, hyphens (not dashes), underscore, middle dots, and the
# double hyphen of Japanese (NFKC turns its full-width form into an equals sign).
_SEPARATORS = "\t\v\f\r\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000" + (
    "\\-_=\u00b7\u0387\u05be\u2010\u2011\u2022\u2027\u2219\u22c5\u30a0\u30fb"
)
# Letters written in several ways for one sound, in both cases.
_LETTERS = {
    "ΆάΈέΉήΊίΌόΎύΏώΪϊΫϋΐΰς": "ΑαΕεΗηΙιΟοΥυΩωΙιΥυιυσ",
    "Ёё": "Ее",
    "İı": "Ii",
    "أإآٱىیکةۀہھ": "اااايي" + "ك" + "هههه",
}
# NFKC would spell these marks out as letters and glue them to the word before.
_TRADEMARKS = str.maketrans("™℠", "  ")


def _expand(ranges: str) -> list[int]:
    """The code points of a character class written as for `re`."""
    members = re.compile(f"[{ranges}]")
    return [code for code in range(0x10000) if members.match(chr(code))]


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(_expand(_INVISIBLE), None)
    table |= dict.fromkeys(_expand(_SEPARATORS), " ")
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    for written, meant in _LETTERS.items():
        table |= dict(zip(map(ord, written), meant, strict=True))
    return table


_TABLE = _table()
_RUN = re.compile(r" *\n[ \n]*| {2,}")


def plain(text: str) -> str:
    """`text` in its plainest spelling, case kept.

    Runs of spaces, hyphens and middle dots become one space, an empty line becomes one line
    break: a name may run over the end of a line but not over the end of a paragraph.
    """
    return _RUN.sub(_one_separator, _spell_out(text))


def key(text: str) -> str:
    """`plain` in lower case: as long, and character for character the same name."""
    return lower(plain(text))


def lower(plain_text: str) -> str:
    """Lower case that keeps length (`plain` has removed the one letter that would not)."""
    return plain_text.lower().replace("ς", "σ")


def offsets(text: str) -> array[int]:
    """For each character of `plain(text)`, where in `text` it comes from."""
    origin = array("Q")
    in_run = False
    for cluster in _clusters().finditer(text):
        for character in _spell_out(cluster.group()):
            separator = character in " \n"
            if not (separator and in_run):
                origin.append(cluster.start())
            in_run = separator
    return origin


def _spell_out(text: str) -> str:
    if text.isascii() and not _ASCII_WORK.search(text):
        return text
    return unicodedata.normalize("NFKC", text.translate(_TRADEMARKS)).translate(_TABLE)


_ASCII_WORK = re.compile(r"[\t\v\f\r\x1c-\x1f\-_=]")


def _one_separator(run: re.Match[str]) -> str:
    return "\n" if run.group().count("\n") > 1 else " "


@lru_cache(maxsize=1)
def _clusters() -> re.Pattern[str]:
    """A character with all that NFKC may merge into it: marks, and the letters of Hangul."""
    marks = [code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code))[0] == "M"]
    ranges: list[list[int]] = []
    for code in marks:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    follows = "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)
    jamo = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\ud7b0-\ud7fb\uff9e-\uffdc"
    return re.compile(f"(?s).[{follows}{jamo}]*")
