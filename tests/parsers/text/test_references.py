"""Character references, however long a stranger makes them."""

from __future__ import annotations

import html

import pytest

from parsers.text.references import bounded_references, unescape

NINES = "9" * 5000
ZEROS = "0" * 5000


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (f"a&#{NINES};b", "a\ufffdb"),
        (f"a&#x{NINES};b", "a\ufffdb"),
        (f"a&#{ZEROS}65;b", "aAb"),
        (f"a&#x{ZEROS}41;b", "aAb"),
        (f"a&#{ZEROS}x", "a\ufffdx"),
    ],
)
def test_a_reference_of_thousands_of_digits_is_a_character_or_none(
    written: str, meant: str
) -> None:
    assert unescape(written) == meant
    assert unescape(unescape(written.replace("&", "&amp;"))) == meant


@pytest.mark.parametrize("written", ["&#65;&#x1F600;&#8212;&amp;", "&#1114112;", "R&D #5", "&#;"])
def test_all_others_are_what_html_says(written: str) -> None:
    assert unescape(written) == html.unescape(written)
    assert bounded_references(written) == written


def test_escaped_ones_are_bounded_too() -> None:
    assert len(bounded_references(f"&amp;amp;#{NINES}; and &#x{ZEROS}41;")) < 30
