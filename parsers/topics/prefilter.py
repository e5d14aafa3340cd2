"""The cheap test: can an article extracted from these bytes mention a topic at all?

Extracting a page costs a hundred times as much as searching its bytes. The search must never
miss what the extraction would have found, so it undoes, in the bytes, all that stands between
a name in the source and the same name in the text: character references, JSON escapes,
invisible characters, rare spellings, tags inside words, other encodings. What it finds it need
not check: a name in a menu costs an extraction, no more.
"""

from __future__ import annotations

import html
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from itertools import chain
from threading import Lock

import hyperscan

from parsers.text.decode import decode_page
from parsers.text.spelling import key, spellings
from parsers.topics.anchors import anchors, name_ends, needles
from parsers.topics.rules import Topic

# Doubly escaped references come out of feeds and of JSON in attributes.
_REFERENCE = re.compile(rb"&(?:[aA][mM][pP];)*(#?[a-zA-Z0-9]{1,40};?)")
# They begin with a plain backslash, not a group, because `re` finds that faster.
_ESCAPES = re.compile(rb"\\\\{0,9}[uU][0-9a-fA-F]{4}(?:\\{1,9}[uU][0-9a-fA-F]{4})*")
_ESCAPE = re.compile(rb"\\[uU]([0-9a-fA-F]{4})")
_ESCAPED_AMPERSAND = re.compile(rb"\\[uU]0026")
# What may stand between a hash sign, in any spelling, and a name in its tag.
_HASHTAG = re.compile(
    rb"(?:#|&(?:amp;)*(?:num|#35|#x0*23|#65283|#xff03);|\\u0023|\\uff03|\xef\xbc\x83|\xef\xb9\x9f)"
    rb"(?:[a-z0-9\x80-\xff&;#\\]|<[^<>]*>)*<?\Z",
    re.IGNORECASE,
)
_HASHTAG_BYTES = 400
_SHORT = 4
"""Bytes of a needle that is on many pages."""
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Names of references in lower case, as the page is when they are looked up; those that browsers
# read without a semicolon may run into the next letter.
_NAMED = {name.lower(): text for name, text in html5.items()}
_LOOSE = sorted((name for name in _NAMED if not name.endswith(";")), key=len, reverse=True)
# First halves of the escapes for the blocks of `parsers.text.spelling` beyond the first plane.
_HIGH_SURROGATES = {b"d801", b"d835", b"d838", b"d83b", b"d83c", b"d87e"}


@dataclass(frozen=True, slots=True)
class Needle:
    """Bytes to look for, and what it means to find them."""

    text: bytes
    pattern: bytes | None = None
    """What must match there for it to be a name; None: `text` is enough."""
    meant: bytes | None = None
    """What a rare character means; None for names."""
    more: int = 0
    """How many bytes the rare character goes on after `text`."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the words of all names are made of."""

    words: frozenset[str]
    inner: frozenset[str]
    """Every piece of a word, the whole included."""
    heads: frozenset[str]
    tails: frozenset[str]

    @classmethod
    def of(cls, words: set[str]) -> Parts:
        """The parts of `words`."""
        cuts = [(word, cut) for word in words for cut in range(len(word) + 1)]
        return cls(
            words=frozenset(words),
            inner=frozenset(word[start:cut] for word, cut in cuts for start in range(cut)),
            heads=frozenset(word[:cut] for word, cut in cuts if cut),
            tails=frozenset(word[cut:] for word, cut in cuts if word[cut:]),
        )

    def touch(self, text: str) -> bool:
        """Whether `text` can be in a word, hold one, or overlap one at either end."""
        ends = range(1, len(text))
        return (
            text in self.inner
            or any(text[cut:] in self.heads or text[:cut] in self.tails for cut in ends)
            or (len(text) > 1 and any(word in text for word in self.words))
        )


class Prefilter:
    """Searches the source of pages for the names of some topics."""

    def __init__(self, topics: tuple[Topic, ...]) -> None:
        phrases = anchors(topics)
        end_of = name_ends(topics)
        self._parts = Parts.of({p for phrase in phrases for pieces in phrase for p in pieces})
        found: dict[bytes, list[Needle]] = {}
        for phrase in phrases:
            for text, pattern in needles(phrase, end_of):
                found.setdefault(text, []).append(Needle(text, pattern))
        for needle in self._rare():
            found.setdefault(needle.text, []).append(needle)
        self._needles = tuple(found.values())
        self._database = _compiled_needles(tuple(found))
        self._scanning = Lock()
        self._meant = lru_cache(maxsize=4096)(self._resolve)

    def prepare(self) -> None:
        """Makes now what most pages need: expressions for needles that are short."""
        for needle in chain.from_iterable(self._needles):
            if needle.pattern and len(needle.text) <= _SHORT and needle.text.isascii():
                _compiled(needle.pattern)

    def may_mention(self, body: bytes, content_type: str | None, text: str | None = None) -> bool:
        """See `Topics.may_mention`."""
        page = _as_utf8(body, content_type, text).removeprefix(BOM_UTF8)
        plain = self._unless_named(page)
        if plain is None:
            return True
        evened = self._even(plain)
        return evened is not page and self._unless_named(evened) is None

    def _unless_named(self, page: bytes) -> bytes | None:
        """`page` with every rare character replaced by what it means; None where a name is found
        first."""
        plain, done, named = bytearray(), 0, False

        def met(number: int, _: int, end: int, *__: object) -> bool:
            """Whether the search may end here: hits come in the order of their ends."""
            nonlocal done, named
            for needle in self._needles[number]:
                start = end - len(needle.text)
                if needle.meant is not None:
                    plain.extend(page[done:start])
                    plain.extend(needle.meant)
                    done = end + needle.more
                elif needle.pattern is None or (
                    (found := _compiled(needle.pattern).match(page, start))
                    and _is_whole(found, page)
                ):
                    named = True
            return named

        with self._scanning, suppress(hyperscan.ScanTerminated):
            self._database.scan(page, match_event_handler=met)
        if named:
            return None
        return bytes(plain + page[done:]) if done else page

    def _even(self, page: bytes) -> bytes:
        """`page` with every reference to a letter of a name, and every escape of one, replaced by
        the letter."""
        codes = _escapes(page)
        # JSON may escape the ampersand of a reference, so that a text is escaped twice over.
        plainer = _ESCAPED_AMPERSAND.sub(b"&", page) if b"0026" in codes else page
        if any(self._meant(name.lower()) is not None for name in set(_REFERENCE.findall(plainer))):
            page = _REFERENCE.sub(self._reference, plainer)
            codes = _escapes(page)
        if any(code in _HIGH_SURROGATES or self._meant(b"#x" + code) is not None for code in codes):
            page = _ESCAPES.sub(lambda match: _unescaped(match[0]), page)
        return page

    def _rare(self) -> Iterator[Needle]:
        """Characters that mean a letter of a name, or nothing at all."""
        known = spellings()
        for character, meant in known.rare.items():
            if self._parts.touch(meant):
                yield Needle(character.encode(), meant=meant.encode())
        for character in known.invisible:
            yield Needle(character.encode(), meant=b"")
        # Private-use characters are icons; extraction drops them.
        yield Needle(b"\xee", meant=b"", more=2)
        for second in range(0x80, 0xA4):
            yield Needle(bytes([0xEF, second]), meant=b"", more=1)

    def _reference(self, match: re.Match[bytes]) -> bytes:
        meant = self._meant(match[1].lower())
        return match[0] if meant is None else meant

    def _resolve(self, reference: bytes) -> bytes | None:
        """What the reference stands for, None where it can be no part of a name."""
        name = reference.decode("ascii")
        text = html.unescape(f"&{name}") if name[0] == "#" else _NAMED.get(name)
        if text is None:
            loose = next((n for n in _LOOSE if name.startswith(n)), None)
            meant = self._resolve(loose.encode()) if loose else None
            return None if loose is None or meant is None else meant + reference[len(loose) :]
        folded = "".join(map(key, text))
        return folded.encode() if not folded or self._parts.touch(folded) else None


def _is_whole(found: re.Match[bytes], page: bytes) -> bool:
    """Whether a name ends where it may; in a hashtag other words may follow."""
    return not found.re.groups or found.lastindex is not None or _in_hashtag(page, found.start())


def _in_hashtag(page: bytes, start: int) -> bool:
    """Whether a hash sign begins the run of letters, with tags in it, that holds `start`."""
    return _HASHTAG.search(page, max(0, start - _HASHTAG_BYTES), start) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    # Compiled when first needed: most names of a long file are on no page.
    return re.compile(pattern, re.IGNORECASE)


def _escapes(page: bytes) -> set[bytes]:
    """The code units that JSON escapes in `page` stand for, in four small hexadecimal digits."""
    return {code.lower() for code in set(_ESCAPE.findall(page))}


def _compiled_needles(texts: Sequence[bytes]) -> hyperscan.Database:
    """What finds all of `texts` in one pass, ASCII letters in either case."""
    database = hyperscan.Database()
    database.compile(
        expressions=["".join(f"\\x{byte:02x}" for byte in text).encode() for text in texts],
        ids=list(range(len(texts))),
        elements=len(texts),
        flags=hyperscan.HS_FLAG_CASELESS,
    )
    return database


@lru_cache(maxsize=4096)
def _unescaped(run: bytes) -> bytes:
    codes = b"".join(_ESCAPE.findall(run)).decode()
    return "".join(map(key, bytes.fromhex(codes).decode("utf-16-be", "replace"))).encode()


def _as_utf8(body: bytes, content_type: str | None, text: str | None) -> bytes:
    """The page in UTF-8, which most pages are in already."""
    if not body.startswith(_WIDE_MARKS) and b"\x00" not in body and b"\x1b" not in body:
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return body
    page = decode_page(body, content_type) if text is None else text
    return page.encode("utf-8", "replace")
