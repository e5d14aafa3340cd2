"""Bytes to text: bytes win where they prove their encoding, declarations otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text.decode import decode_page

HTML_UTF8 = "text/html; charset=utf-8"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_wins(codec: str) -> None:
    assert decode_page("Hafen offen – né".encode(codec), "text/html; charset=ascii") == (
        "Hafen offen – né"
    )


@pytest.mark.parametrize(
    ("text", "codec", "content_type"),
    [
        ("Müller sagte „nein“", "utf-8", "text/html; charset=iso-8859-1"),
        ("Müller sagte „nein“", "cp1252", "text/html; charset=iso-8859-1"),
        ("Müller", "latin-1", HTML_UTF8),
        ("港が再び開いた", "cp932", "text/html; charset=Shift_JIS"),
        ("港が再び開いた", "iso2022_jp", "text/html; charset=ISO-2022-JP"),
        ("港口重新开放", "gb18030", "text/html; charset=gb2312"),
        ("항구가 다시 열렸다", "cp949", "text/html; charset=euc-kr"),
        ("Порт снова открыт", "cp1251", "text/html; charset=windows-1251"),
        ("Порт снова открыт", "koi8-r", "text/html; charset=koi8-r"),
    ],
)
def test_header_charset_is_used_unless_the_bytes_prove_otherwise(
    text: str, codec: str, content_type: str
) -> None:
    assert decode_page(text.encode(codec), content_type) == text


def test_meta_charset_counts_where_the_header_names_none() -> None:
    page = '<html><head><meta charset="windows-1251"></head>Порт'
    assert decode_page(page.encode("cp1251"), "text/html") == page


def test_xml_declaration_counts_too() -> None:
    page = '<?xml version="1.0" encoding="iso-8859-2"?><html>Łódź'
    assert decode_page(page.encode("iso-8859-2"), None) == page


def test_utf16_without_a_mark_is_seen_by_its_zero_bytes() -> None:
    page = "<html><p>Der Hafen öffnet</p></html>"
    assert decode_page(page.encode("utf-16-le"), "text/html; charset=utf-16le") == page


def test_one_broken_character_does_not_spoil_a_utf8_page() -> None:
    body = ("é" * 50).encode() + b"\xff" + ("ü" * 50).encode()
    assert decode_page(body, HTML_UTF8) == "é" * 50 + "\ufffd" + "ü" * 50


@pytest.mark.parametrize("label", ["x-user-defined-nonsense", "base64", "rot13", "idna", "\x00"])
def test_a_charset_that_is_none_is_passed_over(label: str) -> None:
    assert "M" in decode_page("Müller".encode("latin-1"), f"text/html; charset={label}")


@given(st.binary(max_size=400), st.none() | st.text(max_size=60))
def test_any_bytes_give_encodable_text(body: bytes, content_type: str | None) -> None:
    decode_page(body, content_type).encode("utf-8")
