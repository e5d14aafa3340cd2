"""Whose a host is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.sites import site_of


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("news.kompas.id", "kompas.id"),
        ("jakarta.paper.co.id", "paper.co.id"),
        ("sport.orf.at", "orf.at"),
        ("one.blogspot.com", "one.blogspot.com"),
        ("news.paper.example", "paper.example"),
        ("xn--80ak6aa92e.xn--p1ai", "xn--80ak6aa92e.xn--p1ai"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("localhost", "localhost"),
        ("AL:", "AL:"),
        ("a@b.example.com", "a@b.example.com"),
        ("", ""),
    ],
)
def test_sites(host: str, site: str) -> None:
    assert site_of(host) == site


@given(st.text(max_size=40))
def test_any_text_has_a_site(host: str) -> None:
    assert host.casefold().endswith(site_of(host).casefold())
