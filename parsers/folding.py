"""Which articles are one story, going by how alike their texts are.

    pairs of copies ─▶ cores: what is most of each other
            └────────▶ what is left over joins the article it is most like

Pairs alone would not do: a paragraph that one paper takes from another, a statement that all quote,
a morning's round-up is a weak tie between two stories, and one is enough to make them one. So weak
ties join an article to a story, never a story to another one. What comes out depends on the set of
pairs, not on their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations

CORE_SIMILARITY = 0.5
"""From this similarity on, two thirds of each text are the other's …"""
CORE_CONTAINED = 0.7
"""… and from this share of the shorter one on, it is a cut copy: such articles are one story."""


@dataclass(frozen=True, slots=True)
class CopyPair:
    """Two articles whose texts are copies by `parsers.fingerprints.is_copy`."""

    shorter_id: int
    longer_id: int
    similarity: float
    contained: float
    """The share of the shorter text that is in the longer one."""

    @property
    def is_cut(self) -> bool:
        """Whether the shorter one is in the longer one nearly whole, beside much else."""
        return self.similarity < CORE_SIMILARITY and self.contained >= CORE_CONTAINED


def stories_of(pairs: Collection[CopyPair], sites: Mapping[int, str | None]) -> dict[int, int]:
    """The story of each article that a pair names, as the smallest id of the story's articles.

    `sites` has the site of each article: two texts of one site may be copies and yet no pair, since
    more is asked of them.
    """
    paired = {frozenset((pair.shorter_id, pair.longer_id)) for pair in pairs}
    between = partial(_is_between, paired=paired, sites=sites)
    digests = {one for one, parts in _carried(pairs).items() if between(parts)}
    told = [pair for pair in pairs if not (pair.longer_id in digests and pair.is_cut)]
    quoted = {one for one, others in _carrying(told).items() if between(others)}
    loose = {one for one, others in _loosely_tied(told).items() if between(others)}
    core = groups(
        (pair.shorter_id, pair.longer_id)
        for pair in told
        if pair.similarity >= CORE_SIMILARITY or (pair.is_cut and pair.shorter_id not in quoted)
    )
    nearest = _nearest(told, core, loose - core.keys())
    alone = ((one, one) for pair in pairs for one in (pair.shorter_id, pair.longer_id))
    return groups([*core.items(), *nearest.items(), *alone])


def groups(edges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The connected components of a graph: every node with its component's smallest node."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {node: root(node) for node in parent}


def _carried(pairs: Iterable[CopyPair]) -> dict[int, set[int]]:
    """Longer texts, each with what it carries nearly whole."""
    carried: defaultdict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        if pair.is_cut:
            carried[pair.longer_id].add(pair.shorter_id)
    return carried


def _carrying(pairs: Iterable[CopyPair]) -> dict[int, set[int]]:
    """Shorter texts, each with those that carry it nearly whole."""
    carrying: defaultdict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        if pair.is_cut:
            carrying[pair.shorter_id].add(pair.longer_id)
    return carrying


def _loosely_tied(pairs: Iterable[CopyPair]) -> dict[int, set[int]]:
    """Articles, each with those that it shares less than most of its text with."""
    tied: defaultdict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        if pair.similarity < CORE_SIMILARITY:
            tied[pair.shorter_id].add(pair.longer_id)
            tied[pair.longer_id].add(pair.shorter_id)
    return tied


def _is_between(
    others: Collection[int], *, paired: Collection[frozenset[int]], sites: Mapping[int, str | None]
) -> bool:
    """Whether two of `others` are no copies of each other, so that what ties them is between two
    stories. Copies of one text and its cut copies are pairs: they begin alike."""
    return any(
        frozenset(two) not in paired and sites.get(two[0]) != sites.get(two[1])
        for two in combinations(others, 2)
    )


def _nearest(
    pairs: Iterable[CopyPair], core: Collection[int], loose: Collection[int]
) -> dict[int, int]:
    """Each article outside the cores, with the one that it is most like: one in a core if there is
    any, and none of `loose`."""
    best: dict[int, tuple[bool, float, int]] = {}
    for pair in pairs:
        for one, other in ((pair.shorter_id, pair.longer_id), (pair.longer_id, pair.shorter_id)):
            if one not in core and other not in loose:
                mine = (other in core, pair.similarity, other)
                best[one] = max(best.get(one, mine), mine)
    return {one: other for one, (_, _, other) in best.items()}
