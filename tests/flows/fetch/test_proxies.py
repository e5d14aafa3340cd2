"""Which proxy a request goes through, by the environment's rules."""

from __future__ import annotations

import httpx
import pytest

from flows.fetch.proxies import Proxies
from parsers.errors import Quarantine

NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def proxy_for(monkeypatch: pytest.MonkeyPatch, url: str, **environment: str) -> str | None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Proxies.from_environment().proxy_for(httpx.URL(url))


P, Q = "http://p.example:1", "http://q.example:2"


@pytest.mark.parametrize(
    ("url", "environment", "expected"),
    [
        ("http://a.example/", {}, None),
        ("http://a.example/", {"HTTP_PROXY": P}, P),
        ("http://a.example/", {"http_proxy": P}, P),
        ("https://a.example/", {"HTTP_PROXY": P}, None),
        ("https://a.example/", {"HTTPS_PROXY": P}, P),
        ("https://a.example/", {"HTTPS_PROXY": P, "ALL_PROXY": Q}, P),
        ("http://a.example/", {"HTTPS_PROXY": P, "ALL_PROXY": Q}, Q),
        ("http://a.example/", {"HTTP_PROXY": "p.example:1"}, P),
        (
            "http://a.example/",
            {"HTTP_PROXY": P, "HTTPS_PROXY": P, "ALL_PROXY": "socks5://p.example:1"},
            P,
        ),
        ("http://a.example/", {"HTTP_PROXY": P, "NO_PROXY": "*"}, None),
        ("http://a.example/", {"HTTP_PROXY": P, "NO_PROXY": "a.example"}, None),
        ("http://www.a.example/", {"HTTP_PROXY": P, "NO_PROXY": "b.example, .a.example"}, None),
        ("http://ba.example/", {"HTTP_PROXY": P, "NO_PROXY": "a.example"}, P),
        ("http://a.example:81/", {"HTTP_PROXY": P, "NO_PROXY": "a.example:81"}, None),
        ("http://a.example:82/", {"HTTP_PROXY": P, "NO_PROXY": "a.example:81"}, P),
        ("http://127.0.0.1:80/", {"HTTP_PROXY": P, "NO_PROXY": "localhost,127.0.0.1"}, None),
        ("http://[::1]:81/", {"HTTP_PROXY": P, "NO_PROXY": "::1"}, None),
    ],
)
def test_the_environment_decides(
    monkeypatch: pytest.MonkeyPatch, url: str, environment: dict[str, str], expected: str | None
) -> None:
    assert proxy_for(monkeypatch, url, **environment) == expected


def test_an_explicit_proxy_takes_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    assert Proxies.explicit(P).proxy_for(httpx.URL("https://a.example/")) == P


@pytest.mark.parametrize(
    "proxy", ["socks5://me:secret@p.example:1", "ftp://p.example", "http://", "http://["]
)
def test_a_proxy_that_cannot_be_used_is_named(proxy: str) -> None:
    with pytest.raises(Quarantine) as caught:
        Proxies.explicit(proxy)
    assert caught.value.name == "bad_proxy"
    assert "secret" not in caught.value.message
