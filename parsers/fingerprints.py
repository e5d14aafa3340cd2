"""Fingerprints: what tells copies of a text from other texts.

    text ─▶ tokens ─▶ hash of all tokens                      equal: an exact copy
               └────▶ shingles ─▶ MinHash signature ─▶ bands  one band in common: maybe a copy
                                        └────▶ similarity     high enough: a near copy

A token is a word, or one character of a script that writes without spaces; tokens are compared
after NFKC and case folding, so quotation marks, dashes, spacing and markup never matter. A
shingle is a run of tokens, so the signature knows phrases, not vocabulary: two reports of one
event share words, a copy shares sentences (Broder, "On the resemblance and containment of
documents", 1997).

The numbers are measured in `tests/parsers/test_fingerprints.py` and stored in warehouses:
changing one makes stored fingerprints incomparable.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from rensa import RMinHash

from parsers.identity import stable_id
from parsers.records import Fingerprint

SHINGLE_WORDS = 4
"""Long enough that different articles share next to none, short enough that a changed word
spoils few."""
SHINGLE_CHARACTERS = 8
"""The same, where most tokens are characters of a script without spaces: about as much text."""
PERMUTATIONS = 128
"""Values of a signature; the standard error of the similarity is 1/√128, about 0.09 at most."""
BAND_ROWS = 3
"""Values hashed to a band, giving 42 bands. A copy with a new lead, a paragraph put in and a
quarter cut has a similarity about 0.5; with bands of 8 three in four of those share none."""
SEED = 1997
MIN_SHINGLES = 40
"""Texts with fewer have no bands: a teaser, a caption or a notice resembles others by chance."""
MIN_EXACT_SHINGLES = 12
"""With fewer, even equal texts are no copies of one article ("This video is not available")."""
MAX_TOKENS = 50_000
"""Shingles are taken from the first so many tokens: no article is longer, a dump may be."""
NEAR_COPY = 0.35
"""From this similarity on, two texts are copies of one. Different articles stay below 0.1."""

_SPACELESS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Myanmar, Khmer
    "\u3040-\u30ff\u31f0-\u31ff"  # Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
# Signs that are part of a word though `\w` does not count them: combining accents, the points of
# Hebrew and Arabic, the vowel signs of the scripts of India.
_MARKS = "\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
_TOKEN = re.compile(rf"[{_SPACELESS}]|(?:[^\W_{_SPACELESS}]|[{_MARKS}])+")
_SPECIAL = re.compile(rf"[{_SPACELESS}{_MARKS}]")
_PLAIN_TOKEN = re.compile(r"[^\W_]+")
"""The same as `_TOKEN` where nothing special is in the text, in a third of the time."""
_CHARACTER = re.compile(rf"[{_SPACELESS}]")


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of `text`; the same on every machine, for any text."""
    folded = normalize("NFKC", text).casefold()
    special = _SPECIAL.search(folded) is not None
    tokens = (_TOKEN if special else _PLAIN_TOKEN).findall(folded)
    characters = len(_CHARACTER.findall(folded)) if special else 0
    size = SHINGLE_CHARACTERS if characters > len(tokens) / 2 else SHINGLE_WORDS
    shingles = _shingles(tokens[:MAX_TOKENS], size)
    signature = _signature(shingles) if len(shingles) >= MIN_SHINGLES else ()
    return Fingerprint(
        text_hash=stable_id("text", " ".join(tokens)),
        bands=_bands(signature),
        signature=signature,
        shingle_count=len(shingles),
    )


def similarity(a: Fingerprint, b: Fingerprint) -> float:
    """How much two texts share, from 0 to 1: the estimated share of shingles that both have.

    Equal texts that are too short to be compared count as 1 only where they are long enough to
    mean something; see `MIN_EXACT_SHINGLES`.
    """
    if a.text_hash == b.text_hash:
        return 1.0 if min(a.shingle_count, b.shingle_count) >= MIN_EXACT_SHINGLES else 0.0
    if not a.signature or not b.signature:
        return 0.0
    pairs = zip(a.signature, b.signature, strict=True)
    return sum(left == right for left, right in pairs) / len(a.signature)


def _shingles(tokens: list[str], size: int) -> set[str]:
    return set(map(" ".join, zip(*(tokens[at:] for at in range(size)), strict=False)))


def _signature(shingles: set[str]) -> tuple[int, ...]:
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(list(shingles))
    return tuple(sketch.digest())


def _bands(signature: tuple[int, ...]) -> tuple[int, ...]:
    """A hash of each run of values; its number is part of it, so bands never match crosswise.

    So is the version of the algorithm behind the values: another version's never match at all.
    """
    kind = f"band {RMinHash.ALGORITHM_VERSION}"
    return tuple(
        stable_id(kind, f"{start}:{signature[start : start + BAND_ROWS]}")
        for start in range(0, len(signature) - BAND_ROWS + 1, BAND_ROWS)
    )
