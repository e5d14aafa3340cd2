"""What to look for in the source of a page: the fewest names that every match needs.

In lower-case UTF-8 (lower case for ASCII letters only), as `parsers.topics.prefilter` searches it.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

from parsers.text.spelling import key, spellings
from parsers.topics.forms import forms_of
from parsers.topics.rules import SURROUNDINGS, Role, Topic, WeakRule

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

# What may hide between two letters of a word: a tag, a reference, an escape, an odd character.
_PARTING = rb"[<&\\\x80-\xff]"
_ENDS_ASCII = re.compile(r"[a-z0-9]\Z")

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


def name_ends(topics: tuple[Topic, ...]) -> Callable[[Phrase], bytes]:
    """For a name, an expression for what may stand between it and the end of its run of letters.

    Letters that stand together in the source stand together in the text, so "muskel" is no
    "Musk": a run goes on as some form of a name does, or as far as a tag that may part it. A
    change of script ends a word, so a name in other letters may be followed by these at once.
    """
    forms = {
        (form.text, form.endings)
        for topic in topics
        for form in forms_of(topic)
        if form.role not in SURROUNDINGS and form.role is not Role.EXCLUDE
    }

    def end_of(phrase: Phrase) -> bytes:
        words = [piece for pieces in phrase for piece in pieces]
        if not _ENDS_ASCII.search(words[-1]):
            return b""
        name = re.compile(r"\S*? ?".join(map(re.escape, words)))
        # What is left of a form after the name is the same for most forms of a topic.
        left = {
            (text[found.end() :], endings)
            for text, endings in forms
            if words[-1] in text
            for found in name.finditer(text)
        }
        ends = {rest + ending for rest, endings in left for ending in ("", *endings)}
        runs = {_letters(end) for end in ends if end[len(_letters(end)) :][:1].isascii()}
        begun = {run[:size] for run in map(_letters, ends) for size in range(1, len(run) + 1)}
        return b"(?:(?:%s)?(?![a-z])|(?:%s)(?=%s))" % (_any_of(runs), _any_of(begun), _PARTING)

    return end_of


def _any_of(texts: set[str]) -> bytes:
    return b"|".join(re.escape(text.encode()) for text in sorted(texts))


def _letters(text: str) -> str:
    """The run of plain letters that `text` begins with."""
    return text[: len(text) - len(text.lstrip("abcdefghijklmnopqrstuvwxyz"))]


def needles(phrase: Phrase, end_of: Callable[[Phrase], bytes]) -> Iterator[tuple[bytes, bytes]]:
    """What leads to a name in the source, and the expression that must then match there.

    `end_of` says what must follow the last word of a name, see `name_ends`; where something must,
    the expression has a group that matches with it and not without.

    The whole first word, and the pieces of which one is there wherever tags split it: a tag
    after the first letter leaves the rest behind a tag's end (`>usk`), a tag further on leaves
    the first piece before a tag's beginning (`mu<`).
    """
    first = _beginning(phrase[0][0])
    end = end_of(phrase)
    whole = _with_end(_pattern(phrase), end)
    for text in _written(first):
        yield text, whole
    for cut in range(2, len(first)):
        for text in _written(first[:cut]):
            yield text + b"<", whole
    rest = b">" + _pattern([[phrase[0][0][1:], *phrase[0][1:]], *phrase[1:]])
    rest = _with_end(rest, end)
    for size in range(2, len(first) + 1):
        for text in _written(first[1:size]):
            yield b">" + text + (b"<" if size < len(first) else b""), rest


def _with_end(name: bytes, end: bytes) -> bytes:
    # All ways to read the name are tried with its end before one is taken without.
    return b"(?=%s)(?:%s%s()|)" % (name, name, end) if end else name


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
    `parsers.text.spelling` unites, in one code point or taken apart; signs as HTML and JSON must.
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
