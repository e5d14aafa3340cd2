"""Fingerprints: what tells copies of a text from other texts.

    text ─▶ tokens ─▶ hash of all tokens                      equal: an exact copy
               ├────▶ shingles ─▶ MinHash signature ─▶ bands  one band in common: maybe a copy
               │                        └────▶ sketch         similar enough: a near copy (is_copy)
               ├────▶ anchors ──▶ bands                       … or a part of a longer text
               ├────▶ bigrams ──▶ sketch                      … or reworded throughout
               └────▶ frame ────▶ sketch                      … but not one form filled in twice

A token is a word, or one character of a script that writes without spaces; tokens are compared
after NFKC and case folding, so quotation marks, dashes, spacing and markup never matter. In
shingles the house styles of Arabic (vowel signs, stretched letters …) and Turkish capitals do not
either (`parsers.text.spelling`). A shingle is a run of tokens, so the signature knows phrases, not
vocabulary: two reports of one event share words, a copy shares sentences (Broder, "On the
resemblance and containment of documents", 1997).

Where every fourth word is another hardly a shingle is left, but many bigrams are: more than in
reports that quote one speech, which have as many bigrams in common as shingles. Texts that fill in
one form (the weather, results of a quarter, an obituary) have the same frame, which is the text
without its numbers and names, and much less in common once these count.

The numbers are measured in `tests/parsers/copies/test_fingerprints.py` and stored in warehouses:
changing one makes stored fingerprints incomparable.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate, groupby
from struct import pack
from unicodedata import normalize
from zlib import crc32

from rensa import RMinHash

from parsers.identity import stable_id
from parsers.records import Fingerprint
from parsers.text.spelling import key
from parsers.text.words import SPACELESS, words_of

SHINGLE_WORDS = 4
"""Long enough that different articles share next to none, short enough that a changed word
spoils few."""
BIGRAM_WORDS = 2
"""What is left between words that are changed."""
CHARACTERS = 2
"""So many characters of a script without spaces stand for a word: about as much text."""
PERMUTATIONS = 128
"""Values of a signature, of which the bands are made."""
MORE_PERMUTATIONS = 512
"""Values that only the sketch holds. With the signature's there are 640, and the standard error of
the similarity is 0.02 at most. By the signature alone it would be 0.045: three of a thousand pairs
of reports that quote one speech (similarity 0.12) would pass for copies, and join two stories."""
BIGRAM_PERMUTATIONS = 256
FRAME_PERMUTATIONS = 256
"""Values of the other two sketches: a standard error of 0.03."""
LETTERS = 64
"""The sketch keeps six bits of each value, as one letter: one in 64 is equal by chance, which
`similarity` takes into account (Li and König, "b-Bit Minwise Hashing", 2010)."""
FIRST_LETTER = ord("0")
BAND_ROWS = 2
"""Values in a band, giving 64 bands. A copy with two fifths cut, a new lead and a paragraph put in
has a similarity about 0.3: bands of 2 find 998 in 1,000 of those, bands of 3 only 686. Texts that
are no copies share so few values that they hardly ever meet in a band all the same."""
ANCHORS = 32
"""Runs of `ANCHOR_WORDS` that are bands of their own: those with the smallest hashes, so that a
text and what is in it choose the same ones (a bottom sketch, in Broder's words). Of the texts that
are a tenth of another 24 in 25 share one with it; of the other bands, half of them would."""
ANCHOR_WORDS = 8
"""So long a run is a phrase of one text; four words may stand in any."""
SEED = 1997
MIN_SHINGLES = 40
"""Texts with fewer have no bands: a teaser, a caption or a notice resembles others by chance."""
MIN_EXACT_SHINGLES = 12
"""With fewer, even equal texts are no copies of one article ("This video is not available"); from
here to `MIN_SHINGLES` they are where their titles are equal too, which those of notices are not;"""
MIN_BRIEF_SHINGLES = 20
"""from here on also under other titles, on two sites at nearly the same time: they are briefs."""
MIN_FRAME = 20
"""A frame with fewer shingles tells nothing: a text in capitals, a table."""
MAX_TOKENS = 50_000
"""Shingles are taken from the first so many tokens: no article is longer, a dump may be."""
NEAR_COPY = 0.2
"""From this similarity on, two texts of different hosts are copies of one: they share a third of
the words of each. Reports of one event stay below 0.12, also where they quote one speech."""
MIN_SHARED = 35
"""Copies share at least so many shingles: two briefs with one quotation in common share fewer."""
MIN_CONTAINED = 0.4
"""So much of the shorter text must be in the longer one. A statement that two papers quote, or a
paragraph that one took from the other, hardly ever is."""
BRIEF_COPY, BRIEF_CONTAINED = 0.15, 0.5
"""A short text with much put in has less in common, but half of it is in the longer one …"""
CUT_COPY, CUT_CONTAINED = 0.1, 0.8
"""… and a text cut to a fifth has a fifth in common with the whole, and is in it nearly whole."""
FOUND_COPY, FOUND_CONTAINED = 0.04, 0.7
"""A text that is in one up to 25 times as long is no copy of it, but a pair all the same: it shows
what is in the longer one."""
REWORDED_COPY, REWORDED_BIGRAMS = 0.1, 0.3
"""With every fourth word changed a fifth of the shingles are left, and two fifths of the bigrams.
Texts with so many bigrams in common but for a quotation have as many shingles, and are copies."""
FORM_GAP, FORM_CONTAINED = 0.13, 0.92
"""Two texts whose frames are so much more alike than they are themselves, and neither of which is
in the other nearly whole, fill in one form: from four other words in a notice of 120 on; also in
scripts without capitals, where numbers alone tell. Of copies, however edited, the frames are about
as alike as the texts: of 3,300 pairs none by more than 0.12; of 4,400 of pages of all kinds two,
both of lists."""
ONE_SITE_COPY = 0.5
"""Texts of one site share what stands there every week, so these must have more in common."""
STUB_SHINGLES = 250
"""A text with fewer may be mostly what its outlet puts under everything it publishes, or a form
that it fills in every day (the weather, an earthquake) …"""
STUB_COPY = 0.8
"""… so two texts of one site, one of them as short as that, are copies from this similarity on."""

_CHARACTER = re.compile(rf"[{SPACELESS}]")
_DIGIT = re.compile(r"\d")
_SIGNS = "\u00a0\u2013\u2014\u2018\u2019\u201c\u201d\u2026"
"""No-break space, dashes, quotation marks, ellipsis."""
_LETTER_OF = bytes(FIRST_LETTER + value % LETTERS for value in range(256))
"""By the lowest byte of a value."""
_FACT = "#"
"""No token is the same."""


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of `text`; the same on every machine, for any text."""
    text = _with_plain_signs(text)
    normal = normalize("NFKC", text)
    words = words_of(normal)
    # What is ASCII has the same words in small letters: a split is cheaper than a second search.
    tokens = " ".join(words).lower().split() if normal.isascii() else words_of(normal.casefold())
    spelled = tokens if text.isascii() else words_of(normalize("NFKC", key(text)).casefold())
    del spelled[MAX_TOKENS:]
    shingles = _shingles(spelled, SHINGLE_WORDS)
    text_hash = stable_id("text", " ".join(tokens))
    if len(shingles) < MIN_SHINGLES:
        return Fingerprint(text_hash, (), "", len(shingles))
    signature = _minhash(shingles, PERMUTATIONS, SEED)
    more = _minhash(shingles, MORE_PERMUTATIONS, SEED + 1)
    bigrams = _shingles(spelled, BIGRAM_WORDS)
    frame = _shingles(_frame(words[:MAX_TOKENS]), SHINGLE_WORDS)
    telling = len(frame) >= MIN_FRAME
    return Fingerprint(
        text_hash=text_hash,
        bands=_bands(signature) + _anchors(spelled),
        sketch=_letters(signature + more),
        shingle_count=len(shingles),
        bigram_sketch=_letters(_minhash(bigrams, BIGRAM_PERMUTATIONS, SEED + 2)),
        frame_sketch=_letters(_minhash(frame, FRAME_PERMUTATIONS, SEED + 3)) if telling else "",
    )


def is_copy(
    a: Fingerprint, b: Fingerprint, *, one_site: bool = False, edition: bool = False
) -> bool:
    """Whether two texts are copies of one, going by all that their fingerprints tell.

    `one_site`: both were published there (on hosts of one domain); `edition`: under one headline
    and at nearly one time, too, as by its regional editions. The warehouse asks the same of pairs
    that share a band (`compared` in stories.sql), and of short ones the same title.
    `parsers.copies.clustering` decides over all pairs which copies are one story.
    """
    if a.text_hash == b.text_hash or not a.sketch or not b.sketch:
        return similarity(a, b) == 1
    share = similarity(a, b)
    shorter = min(a.shingle_count, b.shingle_count)
    # |A ∩ B| = J / (1 + J) · (|A| + |B|)
    shared = share / (1 + share) * (a.shingle_count + b.shingle_count)
    least = 0.0
    if one_site and not edition:
        least = STUB_COPY if shorter < STUB_SHINGLES else ONE_SITE_COPY
    return share >= least and _is_near(a, b, share, shared / shorter, shared)


def _is_near(a: Fingerprint, b: Fingerprint, share: float, contained: float, shared: float) -> bool:
    frame = _alike(a.frame_sketch, b.frame_sketch)
    if frame - share > FORM_GAP and contained < FORM_CONTAINED:
        return False
    bigrams = _alike(a.bigram_sketch, b.bigram_sketch)
    # There are about as many bigrams as shingles.
    shared_bigrams = bigrams / (1 + bigrams) * (a.shingle_count + b.shingle_count)
    full = min(len(a.sketch), len(b.sketch)) > PERMUTATIONS
    return (
        (share >= NEAR_COPY and shared >= MIN_SHARED and contained >= MIN_CONTAINED)
        or (full and share >= BRIEF_COPY and shared >= MIN_SHARED and contained >= BRIEF_CONTAINED)
        or (full and share >= CUT_COPY and shared >= MIN_SHARED and contained >= CUT_CONTAINED)
        or (full and share >= FOUND_COPY and shared >= MIN_SHARED and contained >= FOUND_CONTAINED)
        or (share >= REWORDED_COPY and bigrams >= REWORDED_BIGRAMS and shared_bigrams >= MIN_SHARED)
    )


def similarity(a: Fingerprint, b: Fingerprint) -> float:
    """How much two texts share, from 0 to 1: the estimated share of shingles that both have.

    Equal texts that are too short to be compared count as 1 only where they are long enough to
    mean something; see `MIN_EXACT_SHINGLES`.
    """
    if a.text_hash == b.text_hash:
        return 1.0 if min(a.shingle_count, b.shingle_count) >= MIN_EXACT_SHINGLES else 0.0
    return _alike(a.sketch, b.sketch)


def matched(sketch: str, other: str) -> int:
    """In which letters two sketches agree: a bit for each. Where one text is in another, they tell
    which part of that it is."""
    agree = zip(sketch, other, strict=False)
    return sum(1 << place for place, (left, right) in enumerate(agree) if left == right)


def _alike(sketch: str, other: str) -> float:
    # An early version made sketches of the signature alone: the first letters of today's.
    pairs = list(zip(sketch, other, strict=False))
    if not pairs:
        return 0.0
    different = sum(left != right for left, right in pairs) / len(pairs)
    return max(0.0, 1 - different * LETTERS / (LETTERS - 1))


def _with_plain_signs(text: str) -> str:
    """`text` with a space for each sign that is common and in no word: then most texts in English
    are ASCII, which costs half as much."""
    if not text.isascii():
        for sign in _SIGNS:
            text = text.replace(sign, " ")
    return text


def _frame(tokens: list[str]) -> list[str]:
    """The tokens, with a mark in the place of each run of numbers and names. A name is what has a
    capital: first words of sentences and nouns in German do, too, in both of two texts."""
    told = {
        # Most are small letters and nothing else, which costs the least to know.
        token: token
        if (token.islower() and token.isalpha()) or not (token[0].isupper() or _DIGIT.search(token))
        else _FACT
        for token in set(tokens)
    }
    return [token for token, _ in groupby(map(told.__getitem__, tokens))]


def _shingles(tokens: list[str], words: int) -> set[str]:
    joined = "".join(tokens)
    if joined.isascii() or not _CHARACTER.search(joined):
        runs = zip(*(tokens[at:] for at in range(words)), strict=False)
        return set(map(" ".join, runs))
    sizes = [1 if _CHARACTER.match(token) else CHARACTERS for token in tokens]
    ends = [0, *accumulate(sizes)]
    # From each token to the first place where the run is long enough.
    stops = (bisect_left(ends, begin + words * CHARACTERS) for begin in ends)
    return {" ".join(tokens[at:stop]) for at, stop in enumerate(stops) if stop < len(ends)}


def _minhash(shingles: set[str], permutations: int, seed: int) -> list[int]:
    minhash = RMinHash(num_perm=permutations, seed=seed)
    minhash.update(list(shingles))
    return list(minhash.digest())


def _anchors(tokens: list[str]) -> tuple[int, ...]:
    runs = list(_shingles(tokens, ANCHOR_WORDS))
    hashes = list(map(crc32, "\n".join(runs).encode("utf-8", "surrogatepass").split(b"\n")))
    most = sorted(hashes)[:ANCHORS][-1]
    smallest = sorted(pair for pair in zip(hashes, runs, strict=True) if pair[0] <= most)
    return tuple(stable_id("anchor", run) for _, run in smallest[:ANCHORS])


def _letters(values: list[int]) -> str:
    lowest = pack(f"<{len(values)}I", *values)[::4]
    return lowest.translate(_LETTER_OF).decode("ascii")


def _bands(signature: list[int]) -> tuple[int, ...]:
    """The values of each band side by side in one number: 2 · 32 bits need no hash.

    Two bands with other numbers than each other's never match but by chance, 1 in 2⁶⁴.
    """
    return tuple(
        high << 32 | low for high, low in zip(signature[::2], signature[1::2], strict=True)
    )
