"""Whose a host is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.sites import country_of, site_of


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("news.kompas.id", "kompas.id"),
        ("jakarta.paper.co.id", "paper.co.id"),
        ("sport.orf.at", "orf.at"),
        ("one.blogspot.com", "one.blogspot.com"),
        ("www.one.blogspot.co.id", "one.blogspot.co.id"),
        ("jane.github.io", "jane.github.io"),
        ("jane.substack.com", "jane.substack.com"),
        ("amp.jane.wordpress.com", "jane.wordpress.com"),
        ("www.wordpress.com", "wordpress.com"),
        ("wordpress.com", "wordpress.com"),
        ("edition.cnn.com", "cnn.com"),
        ("amp.theguardian.com", "theguardian.com"),
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


@pytest.mark.parametrize(
    ("site", "country"),
    [
        ("kompas.id", "ID"),
        ("paper.co.uk", "GB"),
        ("xn--80ak6aa92e.xn--p1ai", "RU"),
        ("paper.com", None),
        ("paper.example", None),
        ("paper.eu", None),
        ("openai.io", None),
        ("one.blogspot.co.id", None),
        ("192.0.2.7", None),
        ("localhost", None),
        ("", None),
    ],
)
def test_countries(site: str, country: str | None) -> None:
    """Where a name is registered; never where a platform is, or what its letters stand for."""
    assert country_of(site) == country


@given(st.text(max_size=40))
def test_a_site_is_its_own(host: str) -> None:
    assert site_of(site_of(host)) == site_of(host)


@given(st.text(max_size=40))
def test_any_text_has_a_site(host: str) -> None:
    assert host.casefold().endswith(site_of(host).casefold())
