"""Which articles are one story, going by how alike their texts are.

    pairs of copies ─▶ without small parts, and those of a digest and what it carries
            ├────────▶ cores: what is most of each other
            └────────▶ what is left over joins the article it is most like

Pairs alone would not do: a paragraph that one paper takes from another, a statement that all quote,
a morning's round-up is a weak tie between two stories, and one is enough to make them one. So weak
ties join an article to a story, never a story to another one. What comes out depends on the set of
pairs, not on their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from itertools import combinations
from operator import and_

from parsers.copies.fingerprints import (
    BRIEF_COPY,
    CUT_CONTAINED,
    CUT_COPY,
    FOUND_CONTAINED,
    LETTERS,
    PERMUTATIONS,
)

CORE_SIMILARITY = 0.5
"""From this similarity on, two thirds of each text are the other's …"""
CORE_CONTAINED = 0.7
"""… and from this share of the shorter one on, it is a cut copy: such articles are one story."""
PART_CONTAINED = 0.8
"""From this share of a shorter text on, the longer one has it in full …"""
PART_SIMILARITY = 0.97
"""… and up to this similarity enough beside it for another one."""
APART = 0.15
"""Two parts that have less than so much of the smaller one in common, in the text that both are in,
are different parts of it."""


@dataclass(frozen=True, slots=True)
class CopyPair:
    """Two articles whose texts are copies by `parsers.copies.fingerprints.is_copy`."""

    shorter_id: int
    longer_id: int
    similarity: float
    contained: float
    """The share of the shorter text that is in the longer one."""
    matched: int | None = None
    """In which letters of the sketches the two agree (`parsers.copies.fingerprints.matched`): which
    part of the longer text the shorter one has. None for equal texts, and where an early version
    stored it."""

    @property
    def joins(self) -> bool:
        """Whether they may be one story; else they only show what the longer one has in it."""
        if self.similarity < CUT_COPY:
            return False
        return self.similarity >= BRIEF_COPY or not (
            FOUND_CONTAINED <= self.contained < CUT_CONTAINED
        )

    @property
    def is_part(self) -> bool:
        """Whether the shorter one is in the longer one in full, and does not fill it."""
        return (
            self.matched is not None
            and (self.contained >= PART_CONTAINED or not self.joins)
            and self.similarity <= PART_SIMILARITY
        )

    @property
    def is_cut(self) -> bool:
        """Whether the shorter one is in the longer one nearly whole, beside much else."""
        return self.similarity < CORE_SIMILARITY and self.contained >= CORE_CONTAINED


def cluster_copies(pairs: Collection[CopyPair], sites: Mapping[int, str]) -> dict[int, int]:
    """The story of each article that a pair names, as the smallest id of the story's articles.

    `sites` has the site of each article: two texts of one site may be copies and yet no pair, since
    more is asked of them.
    """
    joining = [pair for pair in pairs if pair.joins]
    beside = _others(joining)
    several = partial(_are_several, beside=beside, sites=sites)
    carried = _carried(pairs, several)
    told = [pair for pair in joining if pair not in carried]
    cuts = [pair for pair in told if pair.is_cut]
    quoted = {part for part, wholes in _others(cuts, longer=False).items() if several(wholes)}
    core = groups(
        (pair.shorter_id, pair.longer_id)
        for pair in told
        if pair.similarity >= CORE_SIMILARITY or (pair.is_cut and pair.shorter_id not in quoted)
    )
    ties = _others([pair for pair in told if pair.similarity < CORE_SIMILARITY])
    loose = {article for article in ties.keys() - core.keys() if several(ties[article])}
    nearest = _nearest(told, core, loose)
    return groups(
        [*core.items(), *nearest.items(), *((article, article) for article in _others(pairs))]
    )


def groups(edges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The connected components of a graph: every node with its component's smallest node."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for node, other in edges:
        low, high = sorted((root(node), root(other)))
        parent[high] = low
    return {node: root(node) for node in parent}


def _carried(pairs: Collection[CopyPair], several: Callable[[set[int]], bool]) -> set[CopyPair]:
    """The pairs of a digest with what it carries: texts that are in it in full, each another part
    of it. Nothing tells which part it is where an early version stored the pair; there the parts
    are cuts that are no copies of each other."""
    cuts = [pair for pair in pairs if pair.is_cut]
    early = {pair.longer_id for pair in cuts if pair.matched is None}
    wholes = _others(cuts, longer=True)
    untold = {whole for whole in early if several(wholes[whole])}
    parts: defaultdict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        if pair.matched is not None and pair.is_part:
            parts[pair.longer_id].add(pair.matched)
    digests = {whole: found for whole, found in parts.items() if _any_apart(found)}
    return {
        pair
        for pair in pairs
        if (pair.is_cut and pair.longer_id in untold)
        or (
            pair.matched is not None
            and any(_are_apart(pair.matched, part) for part in digests.get(pair.longer_id, ()))
        )
    }


def _any_apart(parts: Collection[int]) -> bool:
    """Whether any two of them are different parts of the text that they are in."""
    most = max(part.bit_count() for part in parts)
    if reduce(and_, parts).bit_count() > _most_apart(most, most):
        return False  # They all begin alike, as cut copies of one text do: no need to try each two.
    return any(_are_apart(part, other) for part, other in combinations(parts, 2))


def _are_apart(part: int, other: int) -> bool:
    if not min(part, other) >> PERMUTATIONS:  # An early version knew of the first letters only.
        part, other = part % (1 << PERMUTATIONS), other % (1 << PERMUTATIONS)
    return (part & other).bit_count() <= _most_apart(part.bit_count(), other.bit_count())


def _most_apart(size: int, other: int) -> float:
    """In how many letters two different parts of a text agree at most, from how many each has: by
    chance in one of `LETTERS`, and in what both quote."""
    return (size + other) / LETTERS + APART * min(size, other)


def _others(pairs: Iterable[CopyPair], *, longer: bool | None = None) -> dict[int, set[int]]:
    """Articles, each with those it is a pair with: all, or only as the longer or shorter one."""
    others: defaultdict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        if longer is not True:
            others[pair.shorter_id].add(pair.longer_id)
        if longer is not False:
            others[pair.longer_id].add(pair.shorter_id)
    return others


def _are_several(
    articles: set[int], *, beside: Mapping[int, set[int]], sites: Mapping[int, str]
) -> bool:
    """Whether two of `articles` are no copies of each other, so that what ties them is between two
    stories. Copies of one text and its cut copies are pairs: they begin alike."""
    return any(
        sites.get(article) != sites.get(other)
        for article in articles
        for other in articles - beside[article]
        if article != other
    )


def _nearest(
    pairs: Iterable[CopyPair], core: Collection[int], loose: Collection[int]
) -> dict[int, int]:
    """Each article outside the cores, with the one that it is most like: one in a core if there is
    any, and none of `loose`."""
    best: dict[int, tuple[bool, float, int]] = {}
    for pair in pairs:
        ends = (pair.shorter_id, pair.longer_id)
        for article, other in (ends, ends[::-1]):
            if article not in core and other not in loose:
                mine = (other in core, pair.similarity, other)
                best[article] = max(best.get(article, mine), mine)
    return {article: other for article, (_, _, other) in best.items()}
