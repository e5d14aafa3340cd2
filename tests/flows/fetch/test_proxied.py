"""Requests through a proxy, named by the settings or by the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from flows.fetch.client import HttpClient
from flows.fetch.settings import FetchSettings
from parsers.errors import Drop, Retry
from tests.servers.proxy import Proxy
from tests.servers.site import Site, answer, server_side
from tests.settings import fetch_settings

NOWHERE = "http://press.example/"
"""A name that only the proxy can resolve."""


async def test_http_goes_through_the_proxy_of_the_settings() -> None:
    async with (
        Site() as site,
        Proxy(site) as proxy,
        HttpClient(fetch_settings(proxy=proxy.url)) as client,
    ):
        assert (await client.get(NOWHERE)).body == b"proxied"
    assert [request.target for request in proxy.log] == [NOWHERE]
    assert "proxy-authorization" not in proxy.log[0].headers


async def test_a_proxys_password_is_sent_to_the_proxy() -> None:
    async with Site() as site, Proxy(site) as proxy:
        address = proxy.url.replace("http://", "http://me:secret@")
        async with HttpClient(fetch_settings(proxy=address)) as client:
            assert (await client.get(NOWHERE)).status == 200
    assert proxy.log[0].headers["proxy-authorization"] == "Basic bWU6c2VjcmV0"


async def test_https_goes_through_a_tunnel_and_is_verified(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = trustme.CA()
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    tls = server_side(authority, "press.example")
    async with Site({"*": answer(body=b"tunnelled")}, tls=tls) as site, Proxy(site) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        # Not one address is allowed beyond the public ones: the proxy may be on loopback.
        async with HttpClient(FetchSettings(host_pause=0)) as client:
            assert (await client.get("https://press.example/")).body == b"tunnelled"
            assert (await client.get("https://press.example/2")).body == b"tunnelled"
            with pytest.raises(Retry) as wrong_name:
                await client.get("https://other.example/")
    assert wrong_name.value.name == "tls_failed"
    assert [(r.method, r.target) for r in proxy.log] == [
        ("CONNECT", "press.example:443"),
        ("CONNECT", "other.example:443"),
    ]


async def test_no_proxy_names_the_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Site({"*": answer(body=b"straight")}) as site, Proxy(site) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
        async with HttpClient(fetch_settings()) as client:
            assert (await client.get(site.url())).body == b"straight"
            assert (await client.get(NOWHERE)).body == b"proxied"
    assert [request.target for request in proxy.log] == [NOWHERE]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://[::ffff:10.0.0.1]/",
        "http://localhost/",
        "http://metadata.google.internal/",
        "http://router/",
    ],
)
async def test_local_addresses_are_not_handed_to_the_proxy(url: str) -> None:
    async with Site() as site, Proxy(site) as proxy:
        async with HttpClient(FetchSettings(proxy=proxy.url)) as client:
            with pytest.raises(Drop) as caught:
                await client.get(url)
        assert caught.value.name == "blocked_address"
        assert proxy.log == []


async def test_a_proxy_that_refuses_or_is_gone_is_named() -> None:
    async with Site() as site:
        async with Proxy(site, refuse=True) as proxy:
            settings = fetch_settings(proxy=proxy.url)
            async with HttpClient(settings) as client:
                with pytest.raises(Retry) as refused:
                    await client.get("https://press.example/")
        async with HttpClient(settings) as client:
            with pytest.raises(Retry) as gone:
                await client.get(NOWHERE)
    assert refused.value.name == "proxy_failed"
    assert gone.value.name == "connect_failed"
