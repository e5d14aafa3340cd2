"""Words to search by: how a text is cut and folded before it is indexed, and a query alike.

A word is what is compared for copies too (`parsers.text.words`): a run of letters and digits, or
one character of a script that writes without spaces. So a word of Chinese, Japanese or Thai is a
phrase of characters, found wherever it stands, however short it is. Case, width and accents don't
count; the vowel signs of other scripts do.

A query is in the language that people know from search engines: all words, in any order; `"as it
stands"`; `-without`; `one OR other`. SQL's `search()` reads it alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

from parsers.text.words import words_of

_ACCENTS = re.compile("[\u0300-\u036f]")
_QUERY = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
_SENTENCE = re.compile(r"(?<=[.!?。！？…])\s+|(?<=[。！？])|\n+")
SNIPPET = 200
"""Characters of a snippet, about."""


Phrase = tuple[str, ...]
"""Folded words that follow each other; one word makes a phrase too."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What somebody looks for: of each group one phrase at least, in any order."""

    groups: tuple[tuple[Phrase, ...], ...]
    unwanted: tuple[Phrase, ...] = ()
    """None of these."""

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """All that is wanted."""
        return tuple(phrase for group in self.groups for phrase in group)

    def __str__(self) -> str:
        groups = [" or ".join(map(_said, group)) for group in self.groups]
        wanted = (
            groups[0]
            if len(groups) == 1
            else " and ".join(
                f"({said})" if len(group) > 1 else said
                for said, group in zip(groups, self.groups, strict=True)
            )
        )
        without = " or ".join(map(_said, self.unwanted))
        return f"{wanted}, without {without}" if without else wanted


def _said(phrase: Phrase) -> str:
    if len(phrase) == 1:
        return phrase[0]
    spaces = "" if all(len(word) == 1 and not word.isascii() for word in phrase) else " "
    return f"“{spaces.join(phrase)}”"


def search_words(text: str) -> list[str]:
    """The folded words of `text`, in order."""
    plain = _ACCENTS.sub("", normalize("NFKD", text.casefold()))
    return words_of(normalize("NFKC", plain))


def read_query(text: str) -> SearchQuery:
    """What `text` asks for. A minus or an OR that stands beside no word counts for nothing."""
    groups: list[list[Phrase]] = []
    unwanted: list[Phrase] = []
    either = False
    for minus, quoted, plain in _QUERY.findall(text):
        if plain == "OR" and not minus:
            either = bool(groups)
        elif not (phrase := tuple(search_words(quoted or plain))):
            continue
        elif minus:
            unwanted.append(phrase)
        elif either:
            groups[-1].append(phrase)
            either = False
        else:
            groups.append([phrase])
    distinct = dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups)
    return SearchQuery(tuple(distinct), tuple(dict.fromkeys(unwanted)))


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
