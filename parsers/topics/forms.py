"""From the names of a topics file to the forms that are looked for in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from parsers.text.spelling import key, plain_spelling
from parsers.topics.rules import SURROUNDINGS, NameGroup, Role, Topic

# Scripts that put spaces between words, by code points: here a name must not be part of a
# longer word. Everything else (Chinese, Japanese, Korean, Thai, most of India) runs on.
_SCRIPTS = (
    (0x0041, 0x024F, "latin"),
    (0x1E00, 0x1EFF, "latin"),
    (0x0370, 0x03FF, "greek"),
    (0x1F00, 0x1FFF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0530, 0x058F, "armenian"),
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x06FF, "arabic"),
    (0x0750, 0x077F, "arabic"),
    (0x08A0, 0x08FF, "arabic"),
    (0x0900, 0x097F, "devanagari"),
    (0x10A0, 0x10FF, "georgian"),
)


# A name in a longer run of letters is part of another word.
_LONGEST_AFFIX = 12
_LONGEST_HASHTAG = 60
_LONG_NAME = 8
_VERSUS = re.compile(r"v(?=[A-Z])|vs")
# Longer names are found uninflected only: the combinations would be too many.
_MAX_INFLECTED_WORDS = 2


@dataclass(frozen=True, slots=True)
class Form:
    """One way a name is written, in the spelling that `parsers.text.spelling.key` gives."""

    text: str
    alias: str
    """The name as the topics file spells it."""
    role: Role
    capitals: tuple[int, ...] = ()
    """Places in `text` that must be capitals in the plain text."""
    prefixes: frozenset[str] = frozenset()
    endings: frozenset[str] = frozenset()

    def stands_at(self, lowered: str, start: int, end: int) -> bool:
        """Whether the form, found in `lowered` from start to end, is a word of its own there."""
        before = start
        while before > max(start - _LONGEST_AFFIX, 0) and same_word(
            lowered[start], lowered[before - 1]
        ):
            before -= 1
        if before < start and lowered[before:start] not in self.prefixes:
            return False
        if self.role in SURROUNDINGS:
            return True
        after, limit = end, min(end + _LONGEST_AFFIX, len(lowered))
        while after < limit and same_word(lowered[end - 1], lowered[after]):
            after += 1
        return after == end or lowered[end:after] in self.endings

    def stands_in_hashtag(self, plain_text: str, start: int, end: int, *, capitals: bool) -> bool:
        """Whether the form is a word of a hashtag, which is several written as one.

        Words begin with capitals there, or part at "vs"; a full name that is long stands for itself
        in any letters. `capitals` says whether the form has those it must have.
        """
        if self.role in SURROUNDINGS:
            return False
        first, last = start, end
        while first and start - first < _LONGEST_HASHTAG and plain_text[first - 1].isalnum():
            first -= 1
        if not first or plain_text[first - 1] != "#":
            return False
        while (
            last < len(plain_text) and last - end < _LONGEST_HASHTAG and plain_text[last].isalnum()
        ):
            last += 1
        front, name, rest = plain_text[first:start], plain_text[start:end], plain_text[end:last]
        versus = front.endswith("vs") or rest.startswith("vs")
        if not capitals:
            return versus and (front[-2:] in ("", "vs")) and (rest[:2] in ("", "vs"))
        if len(self.text) >= _LONG_NAME and " " in self.alias and " " not in self.text:
            return True
        apart = name[:1].isupper() and not (front[-1:].isupper() and name.isupper())
        before = not front or apart or front.endswith("vs")
        after = not rest or (rest[0].isupper() and not name.isupper())
        return before and (after or _VERSUS.match(rest) is not None)


@dataclass(frozen=True, slots=True)
class Word:
    """A part of a name between spaces; a hyphen or a dot inside it is a space of its key."""

    text: str
    capitals: tuple[int, ...]
    """Where its pieces begin with capitals as written."""

    @classmethod
    def of(cls, written: str) -> Word:
        """The word in the spelling of `parsers.text.spelling.key`."""
        pieces = list(_PIECE.finditer(plain_spelling(written).strip()))
        return cls(key(written).strip(), tuple(p.start() for p in pieces if p.group()[0].isupper()))


_PIECE = re.compile(r"\S+")


@lru_cache(maxsize=4096)
def same_word(edge: str, neighbour: str) -> bool:
    """Whether `neighbour`, next to a name's outer character `edge`, continues the word.

    Digits go on only after digits (GPT-4 is not GPT-45, but Sora2 is Sora), letters only with
    letters of the same script (`OpenAI의`, `בOpenAI` are whole names).
    """
    if neighbour.isdigit():
        return edge.isdigit()
    if edge.isdigit():
        return script_of(neighbour) == "latin"
    return script_of(edge) != "" and script_of(edge) == script_of(neighbour)


def script_of(character: str) -> str:
    """The script of a letter or mark where words are spaced, otherwise ""."""
    if not (character.isalpha() or _is_mark(character)):
        return ""
    code = ord(character)
    return next((name for low, high, name in _SCRIPTS if low <= code <= high), "")


def _is_mark(character: str) -> bool:
    # Vowel signs are no letters for `isalpha`, but printable and neither digit nor punctuation.
    return 0x0900 <= ord(character) <= 0x097F and character not in "।॥॰" and not character.isdigit()


@lru_cache(maxsize=64)
def forms_of(topic: Topic) -> tuple[Form, ...]:
    """Every form of every name of a topic; one form for each text, the strongest role first."""
    order = {role: rank for rank, role in enumerate(Role)}
    best: dict[tuple[str, Role | None], Form] = {}
    for group in topic.groups:
        for name in group.names:
            for form in _forms(name, group):
                spot = (form.text, form.role if form.role in SURROUNDINGS else None)
                if spot not in best or order[form.role] < order[best[spot].role]:
                    best[spot] = form
    return tuple(best.values())


def _forms(name: str, group: NameGroup) -> Iterator[Form]:
    words = [Word.of(word) for word in name.split()]
    prefixes = frozenset(key(p) for i in group.inflections for p in i.prefixes)
    endings = frozenset(key(e) for i in group.inflections for e in i.endings)
    spaced = [(tails, " ") for tails in _inner_endings(words, group)]
    for tails, between in [*spaced, (("",) * len(words), "")]:
        text, capitals = "", []
        for word, tail in zip(words, tails, strict=True):
            text += between if text else ""
            capitals += [len(text) + place for place in word.capitals]
            text += word.text + tail
        places = tuple(capitals) if group.capitalised else ()
        yield Form(text, name, group.role, places, prefixes, endings)


def _inner_endings(words: list[Word], group: NameGroup) -> Iterator[tuple[str, ...]]:
    """What to glue to each word of a name inside the name, one language at a time.

    The last word gets nothing: its endings are checked where it is found.
    """
    yield ("",) * len(words)
    if not 1 < len(words) <= _MAX_INFLECTED_WORDS:
        return
    for inflection in group.inflections:
        choices = [
            ("", *(e for e in map(key, inflection.endings) if same_word(word.text[-1], e[0])))
            for word in words[:-1]
        ]
        yield from ((*tails, "") for tails in product(*choices) if any(tails))
