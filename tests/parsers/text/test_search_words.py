"""Words to search by, and the snippets that show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text.search_words import SNIPPET, read_query, search_words, snippet


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Elon Musk’s xAI", "elon musk s xai"),
        ("Müller, naïve, Straße", "muller naive strasse"),
        ("ＯｐｅｎＡＩ", "openai"),
        ("İstanbul", "istanbul"),
        ("特斯拉股价", "特 斯 拉 股 价"),
        ("オープンAI", "オ ー プ ン ai"),
        ("อีลอน", "อ ี ล อ น"),
        ("일론 머스크", "일론 머스크"),
        ("हिन्दी", "हिन्दी"),
        ("don't -- stop!", "don t stop"),
    ],
)
def test_words(text: str, words: str) -> None:
    assert search_words(text) == words.split(" ")


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Grok lawsuit", [("grok",), ("lawsuit",)]),
        ('"reading room" Musk', [("reading", "room"), ("musk",)]),
        ('"not closed', [("not", "closed")]),
        ("马斯克 OpenAI", [("马", "斯", "克"), ("openai",)]),
        ("musk MUSK", [("musk",)]),
        ("\" - '); DROP", [("drop",)]),
        ("AND or NOT NEAR", [("and",), ("or",), ("not",), ("near",)]),
        ("  ", []),
        ("openai -musk", [("openai",)]),
    ],
)
def test_queries(text: str, phrases: list[tuple[str, ...]]) -> None:
    assert list(read_query(text).phrases) == phrases


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("openai musk", "openai and musk"),
        ("openai OR musk", "openai or musk"),
        ('kettle "Reading Room" OR tea', "kettle and (“reading room” or tea)"),
        ('kettle -musk -"a b"', "kettle, without musk or “a b”"),
        ("OR a OR OR b OR - c", "a or b or c"),
        ("a OR -x b", "a or b, without x"),
        ("马斯克", "“马斯克”"),
        ("reading-room", "“reading room”"),
    ],
)  # fmt: skip
def test_what_a_query_asks_for_is_told(text: str, said: str) -> None:
    assert str(read_query(text)) == said


def test_a_snippet_is_the_sentence_that_has_most() -> None:
    text = "One thing. Musk sued OpenAI on Monday. Another thing about Musk."
    assert snippet(text, read_query("openai musk")) == "Musk sued OpenAI on Monday."
    assert snippet(text, read_query("elsewhere")) == "One thing."
    assert snippet("马斯克来了。他起诉了公司。", read_query("起诉")) == "他起诉了公司。"
    assert snippet("", read_query("x")) == ""


def test_a_long_sentence_is_cut_around_the_words() -> None:
    long = "word " * 200 + "Grok " + "more " * 200
    cut = snippet(long, read_query("grok"))
    assert "Grok" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert len(cut) <= SNIPPET + 4


@given(st.text(max_size=300), st.text(max_size=30))
def test_any_text_any_query(text: str, query: str) -> None:
    assert len(snippet(text, read_query(query))) <= SNIPPET + 4
    assert all(word and " " not in word for word in search_words(text))
