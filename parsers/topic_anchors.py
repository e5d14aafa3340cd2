"""What to look for in the source of a page: the fewest names that every match needs.

In lower-case UTF-8 (lower case for ASCII letters only), as `topic_prefilter` searches it.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

from parsers.normalise import key, spellings
from parsers.topic_forms import forms_of
from parsers.topic_rules import SURROUNDINGS, Role, Topic, WeakRule

# How many ways of writing the beginning of a word are looked for one by one.
_MAX_SPELLINGS = 64
# What the source of a page may put between two letters of a word: tags and comments.
_TAGS = rb"(?:<!--(?:[^-]|-(?!->)){0,60}+-->|<[^<>]*+>)*+"
# … and between two words, entities and escapes included: too much rather than too little.
_GAP = (
    rb"(?:\s++|[\-_=\x80-\xff]|<[^<>]*+>|&(?:amp;)*[#a-z0-9]{1,40};?"
    rb"|\\+(?:u[0-9a-f]{4}|[nrt])){1,40}"
)
# An ending and a gap, or nothing at all: #ElonMusk, Elona Muska.
_BETWEEN = rb"(?:[a-z\x80-\xff]{0,24}" + _GAP + rb")?" + _TAGS

Phrase = list[list[str]]
"""A name of several words, each in the pieces that a hyphen or a middle dot parts."""


def anchors(topics: tuple[Topic, ...]) -> list[Phrase]:
    """Names of which every article on one of `topics` holds one."""
    phrases = [
        [key(word).split() for word in name.split()]
        for topic in topics
        for group in topic.groups
        if group.role in (Role.STRONG, Role.LIKELY, Role.SHORT)
        or (group.role is Role.WEAK and topic.weak_is_enough is not WeakRule.NEVER)
        for name in group.names
    ]
    words: list[str] = []
    for word in sorted((p[0][0] for p in phrases if _is_word(p)), key=len):
        if not any(shorter in word for shorter in words):
            words.append(word)
    longer = [
        phrase
        for phrase in phrases
        if not any(word in piece for word in words for pieces in phrase for piece in pieces)
    ]
    return [*([[word]] for word in words), *longer]


def word_ends(topics: tuple[Topic, ...]) -> Callable[[str], bytes]:
    """For a word, an expression for what may stand between it and the end of its run of letters.

    Letters that stand together in the source stand together in the text, so "muskel" is no
    "Musk": a run goes on as some form of a name does, or as far as a tag that may part it.
    """
    forms = [
        (form.text, ("", *form.endings))
        for topic in topics
        for form in forms_of(topic)
        if form.role not in SURROUNDINGS
    ]

    def end_of(word: str) -> bytes:
        runs: set[str] = set()
        for text, endings in forms:
            for found in re.finditer(f"(?={re.escape(word)})", text) if word in text else ():
                rest = text[found.start() + len(word) :]
                runs.update(_letters(rest + ending) for ending in endings)
        begun = {run[:size] for run in runs for size in range(1, len(run) + 1)}
        ways = b"|".join(re.escape(run.encode()) for run in sorted(begun))
        return b"(?:" + ways + b")?(?![a-z])"

    return end_of


def _letters(text: str) -> str:
    """The run of plain letters that `text` begins with."""
    return text[: len(text) - len(text.lstrip("abcdefghijklmnopqrstuvwxyz"))]


def needles(phrase: Phrase, end_of: Callable[[str], bytes]) -> Iterator[tuple[bytes, bytes]]:
    """What leads to a name in the source, and the expression that must then match there.

    `end_of` says what must follow a name of one word, see `word_ends`.

    The whole first word, and the pieces of which one is there wherever tags split it: a tag
    after the first letter leaves the rest behind a tag's end (`>usk`), a tag further on leaves
    the first piece before a tag's beginning (`mu<`).
    """
    first = _beginning(phrase[0][0])
    whole = _pattern(phrase)
    word = whole + end_of(phrase[0][0]) if _is_word(phrase) else whole
    for text in _written(first):
        yield text, word
    for cut in range(2, len(first)):
        for text in _written(first[:cut]):
            yield text + b"<", whole
    rest = b">" + _pattern([[phrase[0][0][1:], *phrase[0][1:]], *phrase[1:]])
    for end in range(2, len(first) + 1):
        for text in _written(first[1:end]):
            yield b">" + text + (b"<" if end < len(first) else b""), rest


def _is_word(phrase: Phrase) -> bool:
    return len(phrase) == len(phrase[0]) == 1


def _pattern(phrase: Phrase) -> bytes:
    """An expression for a name with whatever a page puts between its words and letters."""
    words = (
        _GAP.join(_TAGS.join(map(_any_spelling, piece)) for piece in pieces) for pieces in phrase
    )
    return _BETWEEN.join(words)


def _beginning(word: str) -> str:
    """As much of a word as can be written in few ways."""
    count, size = 1, 0
    for letter in word:
        count *= len(letter_spellings(letter))
        if count > _MAX_SPELLINGS:
            break
        size += 1
    return word[: max(size, 1)]


def _written(text: str) -> list[bytes]:
    """Every ordinary way to write a text."""
    return [b"".join(letters) for letters in product(*map(letter_spellings, text))]


def _any_spelling(letter: str) -> bytes:
    return b"(?:" + b"|".join(map(re.escape, letter_spellings(letter))) + b")"


@cache
def letter_spellings(letter: str) -> tuple[bytes, ...]:
    """How a source writes a letter of a key: small or capital, with the variants that
    `normalise` unites, in one code point or taken apart; signs as HTML and JSON must.
    """
    written = {
        html.escape(letter),
        json.dumps(letter, ensure_ascii=False)[1:-1],
        "\\/" if letter == "/" else letter,
    }
    for variant in (letter, *spellings().letters.get(letter, ())):
        apart = unicodedata.normalize("NFD", variant)
        for size in range(1, len(apart) + 1):
            written.add(unicodedata.normalize("NFC", apart[:size]) + apart[size:])
    return tuple(sorted({text.encode().lower() for text in written}))
