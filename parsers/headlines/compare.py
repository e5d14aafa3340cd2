"""Headlines compared as people read them: by their words, not by how these are typed.

Case, kinds of quotation marks, dashes and spaces, invisible characters and full-width letters make
no difference, nor does the name of the outlet that services and page titles put behind a headline.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import combinations, pairwise
from urllib.parse import unquote, urlsplit

from parsers.text.spelling import key
from parsers.text.words import words_of

Words = tuple[str, ...]

_TAIL = re.compile(r"^(.*\S)\s*(?:\s[-\u2010-\u2015|·:»«]|\|)\s+(\S.*)$", re.DOTALL)
"""A headline, and what stands behind the last mark that sets something apart."""
_ELLIPSIS = re.compile(r"(?:…|\.\.\.)\s*$")
_SLUG_END = re.compile(r"\.(?:s?html?|php|aspx?|cms|ece|amp)$", re.IGNORECASE)
_NO_WORD = re.compile(r"\d+|[0-9a-f]{8,}|[a-z]{0,3}\d{4,}")
"""What of an address is a number or a hash."""


@lru_cache(maxsize=100_000)
def headline_words(text: str) -> Words:
    """The words of a headline, one spelling for all."""
    return tuple(words_of(key(text)))


def without_outlet(title: str, names: Iterable[str]) -> str:
    """`title` without one of an outlet's `names` behind it."""
    parts = _TAIL.match(title)
    if parts is None:
        return title
    behind = headline_words(parts[2])
    known = {headline_words(name) for name in names}
    return parts[1] if behind and behind in known else title


def split_outlet(title: str) -> tuple[str, str] | None:
    """A title that ends with " - " and the name of an outlet, as headline and name."""
    headline, mark, name = title.rpartition(" - ")
    return (headline.strip(), name.strip()) if mark and headline.strip() and name.strip() else None


def is_cut(text: str) -> bool:
    """Whether a headline ends in an ellipsis, as services cut long ones."""
    return _ELLIPSIS.search(text) is not None


def begins_with(words: Words, beginning: Words) -> bool:
    """Whether a headline begins with what is left of one that was cut, perhaps in a word."""
    if not 5 <= len(beginning) <= len(words):
        return False
    whole, last = beginning[:-1], beginning[-1]
    return words[: len(whole)] == whole and words[len(whole)].startswith(last)


def likeness(a: Words, b: Words, weights: Mapping[str, float]) -> float:
    """How much two headlines have in common, between 0 and 1: the share of their pairs of
    neighbouring words and of their words, which say more the rarer they are (`weights`). The same
    words in another order say who did what to whom, and that is another thing."""
    words = _shared(set(a), set(b), weights)
    if not words:
        return 0.0
    pairs = _shared(set(map(" ".join, pairwise(a))), set(map(" ".join, pairwise(b))), {})
    return (0.7 * words + 0.3 * pairs) * max(0.0, 1 - 2 * _out_of_order(a, b))


def _out_of_order(a: Words, b: Words) -> float:
    """The share of pairs of common words that stand the other way round."""
    places = {word: place for place, word in reversed(list(enumerate(b)))}
    order = [places[word] for word in dict.fromkeys(a) if word in places]
    pairs = list(combinations(order, 2))
    return sum(one > other for one, other in pairs) / len(pairs) if pairs else 0.0


def _shared(a: set[str], b: set[str], weights: Mapping[str, float]) -> float:
    def weight(found: Iterable[str]) -> float:
        return sum(weights.get(one, 1.0) for one in found)

    either = weight(a | b)
    return weight(a & b) / either if either else 0.0


@lru_cache(maxsize=100_000)
def address_words(url: str) -> Words:
    """The words that the last telling part of an address is made of; none where it is a number."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ()
    for part in reversed(path.split("/")):
        words = [
            word
            for word in re.split(r"[\W_]+", plain_letters(_SLUG_END.sub("", part)))
            if word and not _NO_WORD.fullmatch(word)
        ]
        if len(words) >= 3:
            return tuple(words)
    return ()


def plain_letters(text: str) -> str:
    """`text` in lower case without accents, as addresses spell words."""
    apart = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss").replace("ı", "i"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
