"""One spelling for many, and the way back to the original text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text.spelling import key, lower, offsets, plain_spelling, spellings

SAME = [
    ("Ｅｌｏｎ　Ｍｕｓｋ", "elon musk"),
    ("El\u00adon\u00a0 Mu\u200bsk", "elon musk"),
    ("Elon-Musk", "elon musk"),
    ("Elon‑Musk", "elon musk"),
    ("Elon_Musk", "elon musk"),
    ("Elon\nMusk", "elon musk"),
    ("Elon\r\n\r\nMusk", "elon\nmusk"),
    ("OpenAI™ wins", "openai wins"),
    ("OPENAİ", "openai"),
    ("OpenAı", "openai"),
    ("𝐌𝐮𝐬𝐤", "musk"),
    ("ΜΆΣΚΟΣ", "μασκοσ"),
    ("Μάσκος", "μασκοσ"),
    ("إِيلُون", "ايلون"),
    ("ماسک", "ماسك"),
    ("ﻣﺎﺳﻚ", "ماسك"),
    ("אֵילוֹן", "אילון"),
    ("イーロン＝マスク", "イーロン マスク"),
    ("イーロン・マスク", "イーロン マスク"),
    ("ﾏｽｸ", "マスク"),
    ("ｸﾞﾛｯｸ", "グロック"),
    ("Ёлка", "елка"),
    ("Müller", "müller"),
    ("Mu\u0308ller", "müller"),
    ("\ue000Musk\x07", "musk"),
    ("\ud800x", "\ufffdx"),
]


@pytest.mark.parametrize(("written", "meant"), SAME)
def test_spelled_alike(written: str, meant: str) -> None:
    assert key(written) == meant


def test_latin_accents_count() -> None:
    assert key("Müller") != key("Muller")


@given(st.text())
def test_key_keeps_every_character_of_the_plain_text_in_its_place(text: str) -> None:
    assert len(key(text)) == len(plain_spelling(text)) == len(offsets(text))


@given(st.text(st.sampled_from("aE\u0301 \n-·ﾊﾞ가\u11a8ﬁ\u200b\u00ad™…İẛ\u0323क\u093c\u00a0½")))
def test_offsets_lead_to_the_character_that_became_the_plain_one(text: str) -> None:
    origins = list(offsets(text))
    assert origins == sorted(origins)
    spelled = plain_spelling(text)
    for start, origin in enumerate(origins):
        # A character may stand for several ("ﬁ"); then its middle leads to its beginning.
        if start == 0 or origins[start - 1] < origin:
            assert plain_spelling(text[origin:]).lstrip() == spelled[start:].lstrip()


@given(st.text(st.sampled_from("ab \n-·ﬁ\u0301\u00ad")), st.integers(0, 30))
def test_offsets_of_a_beginning_are_those_of_the_whole(text: str, at_least: int) -> None:
    whole, part = offsets(text), offsets(text, at_least)
    assert part == whole[: len(part)]
    assert len(part) >= min(at_least, len(whole))


@given(st.text())
def test_key_is_in_lower_case_and_compatibility_form(text: str) -> None:
    folded = key(text)
    assert lower(folded) == folded
    assert not any(unicodedata.category(c) in ("Cf", "Cs") for c in folded)
    assert "\ue000" not in folded


def test_spellings_are_the_inverse_of_key() -> None:
    known = spellings()
    assert "М" in known.letters["м"]
    assert {"İ", "ı", "I"} <= set(known.letters["i"])
    assert known.rare["Ｍ"] == "m"
    assert "\u00ad" in known.invisible
    for letter, variants in known.letters.items():
        assert {key(variant) for variant in variants} == {letter}
