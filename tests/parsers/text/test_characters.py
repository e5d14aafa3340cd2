"""What is no character of a text goes, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from parsers.text.characters import without_controls, without_forbidden


@pytest.mark.parametrize("kept", ["a\tb\n", "a\r\n", "a\x85b", "a\u200cb", "é日🙂", "\ufffd"])
def test_text_and_its_line_breaks_stay(kept: str) -> None:
    assert without_forbidden(kept) == without_controls(kept) == kept


@pytest.mark.parametrize("gone", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\ud800", "\uffff"])
def test_what_xml_forbids_goes(gone: str) -> None:
    assert without_forbidden(f"a{gone}b") == without_controls(f"a{gone}b") == "ab"


@pytest.mark.parametrize("control", ["\x7f", "\x80", "\x9f"])
def test_controls_beyond_ascii_are_allowed_in_xml_only(control: str) -> None:
    assert without_forbidden(f"a{control}b") == f"a{control}b"
    assert without_controls(f"a{control}b") == "ab"


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_left_may_stand_in_xml(text: str) -> None:
    element = etree.Element("p")
    element.text = without_forbidden(text)
    assert (etree.fromstring(etree.tostring(element)).text or "") == element.text
