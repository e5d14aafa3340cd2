"""Which pairs of copies make a story."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from parsers.copies.clustering import CopyPair, cluster_copies, groups

WIRE = range(1, 5)
OTHER = range(11, 15)


def copies(articles: Collection[int], similarity: float = 0.8) -> list[CopyPair]:
    """All of them are copies of each other."""
    return [CopyPair(one, other, similarity, 0.9) for one, other in combinations(articles, 2)]


def stories(pairs: Collection[CopyPair]) -> list[list[int]]:
    """The articles of each story, all of them on sites of their own."""
    named = {one for pair in pairs for one in (pair.shorter_id, pair.longer_id)}
    story_of = cluster_copies(pairs, {one: f"{one}.example" for one in named})
    return sorted(
        sorted(one for one in named if story_of[one] == story) for story in set(story_of.values())
    )


def test_copies_are_one_story() -> None:
    assert stories(copies(WIRE)) == [[*WIRE]]
    assert cluster_copies([], {}) == {}


def test_a_heavily_edited_copy_joins_the_story_that_it_is_most_like() -> None:
    pairs = [*copies(WIRE), *copies(OTHER), CopyPair(7, 2, 0.3, 0.5), CopyPair(7, 12, 0.22, 0.45)]
    assert stories(pairs) == [[*WIRE, 7], [*OTHER]]
    assert stories([CopyPair(1, 2, 0.21, 0.41)]) == [[1, 2]]


def test_a_paragraph_taken_over_does_not_join_two_stories() -> None:
    assert stories([*copies(WIRE), *copies(OTHER), CopyPair(2, 12, 0.4, 0.6)]) == [
        [*WIRE],
        [*OTHER],
    ]


def test_a_cut_copy_is_the_same_story_wherever_else_that_was_cut() -> None:
    pairs = [*copies(WIRE), *copies(OTHER), *(CopyPair(one, 12, 0.3, 0.95) for one in WIRE)]
    assert stories(pairs) == [[*WIRE, *OTHER]]


def test_a_round_up_joins_none_of_what_it_carries() -> None:
    parts = [CopyPair(part, 99, 0.33, 1.0) for part in (1, 11, 21)]
    assert stories(parts) == [[1], [11], [21], [99]]
    carried = [CopyPair(part, 99, 0.33, 1.0) for part in (*WIRE, *OTHER)]
    assert stories([*copies(WIRE), *copies(OTHER), *carried]) == [[*WIRE], [*OTHER], [99]]
    # Nor does it if it is published in two places.
    carried += [CopyPair(part, 98, 0.33, 1.0) for part in (*WIRE, *OTHER)]
    found = stories([*copies(WIRE), *copies(OTHER), *carried, CopyPair(98, 99, 0.99, 1.0)])
    assert found == [[*WIRE], [*OTHER], [98, 99]]


FIRST, SECOND, ALL = (1 << 80) - 1, ((1 << 48) - 1) << 80, (1 << 128) - 1
"""In which letters a text agrees with the first and the second part of it."""


def test_a_page_with_two_articles_in_full_joins_neither_however_large_they_are() -> None:
    parts = [CopyPair(1, 99, 0.62, 1.0, FIRST), CopyPair(11, 99, 0.38, 1.0, SECOND)]
    assert stories(parts) == [[1], [11], [99]]
    # Nor does it join an edited copy of either, and its own copy stays with it.
    parts += [CopyPair(2, 99, 0.3, 0.6, FIRST >> 20), CopyPair(1, 2, 0.6, 0.8, FIRST >> 20)]
    parts += [CopyPair(98, 99, 0.95, 1.0, ALL), CopyPair(11, 98, 0.4, 1.0, SECOND)]
    assert stories([*parts, CopyPair(1, 98, 0.6, 1.0, FIRST)]) == [[1, 2], [11], [98, 99]]


def test_a_small_article_counts_as_a_part_and_joins_nothing_itself() -> None:
    large, small = (1 << 600) - 1, ((1 << 40) - 1) << 600
    parts = [CopyPair(1, 99, 0.94, 1.0, large), CopyPair(11, 99, 0.06, 0.8, small)]
    assert stories(parts) == [[1], [11], [99]]
    assert stories(parts[1:]) == [[11], [99]]
    # What an early version stored of the same parts has the first letters only.
    early = CopyPair(1, 99, 0.6, 1.0, FIRST)
    assert stories([early, CopyPair(11, 99, 0.4, 1.0, SECOND | small)]) == [[1], [11], [99]]
    assert stories([early, CopyPair(2, 99, 0.5, 1.0, FIRST | small)]) == [[1, 2, 99]]


def test_two_cut_copies_make_no_digest_of_their_whole_where_they_have_a_piece_in_common() -> None:
    """The one has a lead of its own, and so they are no copies of each other."""
    shorter, longer = (1 << 40) - 1, ((1 << 100) - 1) << 28
    pairs = [CopyPair(1, 9, 0.3, 1.0, shorter), CopyPair(2, 9, 0.7, 0.95, longer)]
    assert stories(pairs) == [[1, 2, 9]]


def test_a_digest_is_told_of_pairs_half_of_which_an_early_version_stored() -> None:
    parts = [CopyPair(1, 99, 0.4, 1.0), CopyPair(11, 99, 0.4, 1.0, SECOND)]
    assert stories(parts) == [[1], [11], [99]]


def test_cut_copies_of_one_text_begin_alike_and_make_no_round_up_of_it() -> None:
    cuts = [CopyPair(1, 9, 0.35, 0.98), CopyPair(2, 9, 0.45, 0.98), CopyPair(1, 2, 0.75, 1.0)]
    assert stories(cuts) == [[1, 2, 9]]


def test_two_briefs_of_one_site_may_be_cut_from_one_text() -> None:
    cuts = [CopyPair(1, 9, 0.35, 0.98), CopyPair(2, 9, 0.35, 0.98)]
    assert (
        len(
            set(
                cluster_copies(
                    cuts, {1: "paper.example", 2: "paper.example", 9: "wire.example"}
                ).values()
            )
        )
        == 1
    )
    assert (
        len(set(cluster_copies(cuts, {1: "a.example", 2: "b.example", 9: "wire.example"}).values()))
        == 3
    )


def test_reports_that_share_a_quotation_with_a_brief_are_not_one_story_by_it() -> None:
    brief = [CopyPair(1, report, 0.28, 0.6) for report in range(2, 30)]
    assert max(map(len, stories(brief))) == 2
    whole = [CopyPair(1, report, 0.3, 0.9) for report in range(2, 30)]
    assert max(map(len, stories(whole))) == 2


@given(
    st.lists(
        st.builds(
            CopyPair,
            st.integers(1, 9),
            st.integers(10, 18),
            st.sampled_from([0.2, 0.3, 0.5, 1.0]),
            st.sampled_from([0.4, 0.7, 1.0]),
            st.sampled_from([None, FIRST, SECOND, ALL, FIRST >> 40]),
        ),
        max_size=25,
    ),
    st.integers(),
)
def test_the_order_of_pairs_does_not_matter(pairs: list[CopyPair], seed: int) -> None:
    sites = {one: f"{one % 7}.example" for one in range(1, 19)}
    found = cluster_copies(pairs, sites)
    assert cluster_copies(Random(seed).sample(pairs, len(pairs)), sites) == found
    assert found.keys() == {one for pair in pairs for one in (pair.shorter_id, pair.longer_id)}
    assert all(
        found[story] == story == min(one for one in found if found[one] == story)
        for story in found.values()
    )


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))))
def test_groups_are_components_whatever_the_order(edges: list[tuple[int, int]]) -> None:
    found = groups(edges)
    assert found == groups(reversed(edges))
    assert all(found[one] == found[other] for one, other in edges)
