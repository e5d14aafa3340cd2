"""Words to search by: how a text is cut and folded before it is indexed, and a query alike.

A word is what is compared for copies too (`parsers.text.words`): a run of letters and digits, or
one character of a script that writes without spaces. So a word of Chinese, Japanese or Thai is a
phrase of characters, found wherever it stands, however short it is. Case, width and accents don't
count; the vowel signs of other scripts do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

from parsers.text.words import words_of

_ACCENTS = re.compile("[\u0300-\u036f]")
_QUERY = re.compile(r'"([^"]*)"?|(\S+)')
_SENTENCE = re.compile(r"(?<=[.!?。！？…])\s+|(?<=[。！？])|\n+")
SNIPPET = 200
"""Characters of a snippet, about."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What somebody looks for: all of the phrases, in any order."""

    phrases: tuple[tuple[str, ...], ...]
    """Each as the folded words that follow each other; one word makes a phrase too."""


def search_words(text: str) -> list[str]:
    """The folded words of `text`, in order."""
    plain = _ACCENTS.sub("", normalize("NFKD", text.casefold()))
    return words_of(normalize("NFKC", plain))


def read_query(text: str) -> SearchQuery:
    """What `text` asks for: its words, and what stands in quotation marks as it stands there."""
    said = (quoted or plain for quoted, plain in _QUERY.findall(text))
    phrases = (tuple(search_words(part)) for part in said)
    return SearchQuery(tuple(dict.fromkeys(phrase for phrase in phrases if phrase)))


def snippet(text: str, query: SearchQuery) -> str:
    """The sentence of `text` that has most of the phrases, cut to about `SNIPPET` characters; its
    beginning where none has any."""
    sentences = [part for part in _SENTENCE.split(text) if part.strip()]
    best = max(sentences, key=lambda part: _hits(part, query), default="")
    return best if len(best) <= SNIPPET else _around(best, query)


def _hits(part: str, query: SearchQuery) -> int:
    words = f" {' '.join(search_words(part))} "
    return sum(f" {' '.join(phrase)} " in words for phrase in query.phrases)


def _around(sentence: str, query: SearchQuery) -> str:
    """The stretch of a long sentence that has most of the phrases, the first of those."""
    step = SNIPPET // 4
    starts = range(0, max(1, len(sentence) - SNIPPET + step), step)
    at = max(starts, key=lambda start: (_hits(sentence[start : start + SNIPPET], query), -start))
    piece = sentence[at : at + SNIPPET]
    if at and " " in piece[:20]:
        piece = piece.partition(" ")[2]
    if at + SNIPPET < len(sentence) and " " in piece[-20:]:
        piece = piece.rpartition(" ")[0]
    before, after = "… " if at else "", " …" if at + SNIPPET < len(sentence) else ""
    return f"{before}{piece}{after}"
