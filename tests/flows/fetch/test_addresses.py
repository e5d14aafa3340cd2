"""Which addresses may be asked."""

from __future__ import annotations

import ipaddress
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.fetch.addresses import (
    LOCAL_NAMES,
    REFUSED_NETWORKS,
    AddressRules,
    carried_address,
    literal_address,
)
from flows.settings import read_settings
from parsers.errors import Drop, Quarantine

PUBLIC_ONLY = AddressRules()


@pytest.mark.parametrize("network", [network for network, _ in REFUSED_NETWORKS])
def test_both_ends_of_every_refused_network_are_refused(network: str) -> None:
    parsed = ipaddress.ip_network(network)
    assert PUBLIC_ONLY.why_refused(parsed[0])
    assert PUBLIC_ONLY.why_refused(parsed[-1])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "::ffff:0:192.168.0.1",
        "::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1",
    ],
)
def test_addresses_that_are_never_asked(address: str) -> None:
    assert PUBLIC_ONLY.why_refused(ipaddress.ip_address(address))
    with pytest.raises(Drop) as caught:
        PUBLIC_ONLY.permitted("name.example", [ipaddress.ip_address(address)])
    assert caught.value.name == "blocked_address"


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700::1", "64:ff9b::808:808"],
)
def test_public_addresses_are_asked(address: str) -> None:
    assert PUBLIC_ONLY.why_refused(ipaddress.ip_address(address)) is None


@given(st.ip_addresses())
def test_python_calls_nothing_public_addresses_hold_back_private(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """Whatever our table lets through, the standard library calls global too."""
    if PUBLIC_ONLY.why_refused(address) is None:
        inner = carried_address(address)
        assert inner.is_global
        assert not inner.is_multicast


def test_a_host_keeps_its_public_addresses_only() -> None:
    public, private = ipaddress.ip_address("8.8.8.8"), ipaddress.ip_address("10.0.0.1")
    assert PUBLIC_ONLY.permitted("a.example", [private, public]) == (public,)


@pytest.mark.parametrize(
    ("spelled", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7F.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("10.258", "10.0.1.2"),
        ("[::1]", "::1"),
        ("::ffff:7f00:1", "::ffff:127.0.0.1"),
        ("0", "0.0.0.0"),
    ],
)
def test_every_spelling_of_an_address_is_known(spelled: str, address: str) -> None:
    assert literal_address(spelled) == ipaddress.ip_address(address)
    for proxied in (False, True):
        with pytest.raises(Drop):
            PUBLIC_ONLY.check_host(spelled, proxied=proxied)


@pytest.mark.parametrize("name", ["example.com", "face.b00c.example", "abc", "0xcafe.example", ""])
def test_names_are_not_addresses(name: str) -> None:
    assert literal_address(name) is None


@given(st.ip_addresses(v=4))
def test_decimal_and_hexadecimal_spellings_mean_the_same(address: ipaddress.IPv4Address) -> None:
    assert literal_address(str(int(address))) == address
    assert literal_address(hex(int(address))) == address


@pytest.mark.parametrize("ending", LOCAL_NAMES)
def test_local_names_are_not_handed_to_a_proxy(ending: str) -> None:
    with pytest.raises(Drop) as caught:
        PUBLIC_ONLY.check_host(f"printer.{ending}", proxied=True)
    assert caught.value.name == "blocked_address"
    PUBLIC_ONLY.check_host(f"printer.{ending}", proxied=False)  # its address will tell


def test_names_without_a_dot_are_not_handed_to_a_proxy() -> None:
    for name in ("metadata", "localhost", "LOCALHOST."):
        with pytest.raises(Drop):
            PUBLIC_ONLY.check_host(name, proxied=True)
    PUBLIC_ONLY.check_host("www.example.com", proxied=True)


def test_allowed_networks_and_hosts_are_exceptions() -> None:
    rules = AddressRules.read(["127.0.0.0/8", "fd00::/8"], ["Intranet.Corp"])
    assert rules.why_refused(ipaddress.ip_address("127.1.2.3")) is None
    assert rules.why_refused(ipaddress.ip_address("::ffff:127.1.2.3")) is None
    assert rules.why_refused(ipaddress.ip_address("fd00::1")) is None
    assert rules.why_refused(ipaddress.ip_address("10.0.0.1"))
    rules.check_host("localhost", proxied=True)
    rules.check_host("intranet.corp", proxied=True)
    private = ipaddress.ip_address("10.0.0.1")
    assert rules.permitted("intranet.corp", [private]) == (private,)


def test_a_refusal_names_the_setting_that_makes_exceptions() -> None:
    with pytest.raises(Drop) as caught:
        PUBLIC_ONLY.check_host("127.0.0.1", proxied=False)
    (named,) = re.findall("PRESSCLIP_[A-Z_]+", caught.value.message)
    assert read_settings({named: "127.0.0.0/8"}).allow_networks == ("127.0.0.0/8",)


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(Quarantine, match=r"127\.0\.0\.0/99"):
        AddressRules.read(["127.0.0.0/99"], [])
