"""Lines of text, folded for comparison."""

from __future__ import annotations

import pytest

from parsers.text.lines import fold, is_whole_sentence, squeeze


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أيضًا", "ايضا"),
        ("إقرأ", "اقرأ"),
        ("شــارك", "شارك"),
        ("بيشتر", "بیشتر"),
        ("كپی", "کپی"),
        ("שִׁתּוּף", "שתוף"),
        ("Straße", "STRASSE"),
    ],
)
def test_spellings_of_one_word_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("word", ["resume", "résumé", "كتاب", "ספר"])
def test_a_word_stays_one_word(word: str) -> None:
    assert fold(f" {word}, {word}!") == f"{fold(word)} {fold(word)}"
    assert fold("résumé") != fold("resume")


def test_a_sentence_of_urdu_is_a_whole_one() -> None:
    assert is_whole_sentence("جہاز آج صبح بندرگاہ پہنچ گیا۔")
    assert not is_whole_sentence("یہ بھی پڑھیں")


def test_ascii_text_is_compared_as_any_other_text_is() -> None:
    for code in range(128):
        text = f"x{chr(code)}Y"
        assert fold(f"{text} ä") == f"{fold(text)} ä"
        assert squeeze(f"{text}ä") == f"{squeeze(text)}ä"
