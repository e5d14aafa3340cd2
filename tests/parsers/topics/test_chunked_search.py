"""A search in slices finds what a search in the whole does."""

from __future__ import annotations

from functools import partial

import pytest
from ahocorasick_rs import AhoCorasick
from hypothesis import given
from hypothesis import strategies as st

from parsers.topics import chunked_search
from parsers.topics.chunked_search import hits_in


@given(
    st.text("abc", max_size=60),
    st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=6, unique=True),
    st.integers(1, 70),
)
def test_slices_find_what_the_whole_does(text: str, needles: list[str], size: int) -> None:
    search = partial(AhoCorasick(needles).find_matches_as_indexes, overlapping=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(chunked_search, "SLICE", size)
        found = list(hits_in(text, search, longest=max(map(len, needles))))
    assert sorted(found) == sorted(search(text))
    assert [end for _, _, end in found] == sorted(end for _, _, end in found)
