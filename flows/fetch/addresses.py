"""Which addresses may be asked: public ones, and those the settings name.

Links come from strangers, and so do redirects; without this check a feed could make us read
the cloud's metadata service or a router's admin page (server-side request forgery).

The check happens when the connection is made, on the very address that is connected to
(`flows.fetch.guarded_backend`), so that a name can't answer one address to the check and another
to the connection. Behind a proxy it is the proxy that resolves names: then only literal addresses
and names that are local by their form can be refused here, and a public name that leads to a
private address is the proxy's to refuse.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from parsers.errors import Drop, Quarantine

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

REFUSED_NETWORKS: tuple[tuple[str, str], ...] = (
    # IANA special-purpose registries (RFC 6890 and its updates), said outright rather than
    # left to `is_global`, whose answers changed between Python versions.
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "carrier-grade NAT"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local, where clouds keep their metadata"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("64:ff9b:1::/48", "local NAT64"),
    ("100::/64", "discard"),
    ("2001::/23", "protocol assignments, among them Teredo"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "documentation"),
    ("5f00::/16", "segment routing"),
    ("fc00::/7", "unique local"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
_REFUSED = tuple((ipaddress.ip_network(network), why) for network, why in REFUSED_NETWORKS)

# IPv6 prefixes that carry an IPv4 address in their last 32 bits: what counts is that address.
_CARRIERS = tuple(
    ipaddress.IPv6Network(prefix)
    for prefix in ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "::/96")
)

_NUMERIC = re.compile(r"[0-9a-fx.]+", re.IGNORECASE)
"""What IPv4 addresses are spelled with."""

LOCAL_NAMES = (
    # RFC 6761, 6762, 8375, 9476 and what routers and clouds use by habit.
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "home.arpa",
    "corp",
    "private",
    "test",
    "invalid",
    "onion",
)


def literal_address(host: str) -> Address | None:
    """The address that `host` spells, in any spelling a resolver takes, or None for a name.

    Besides the usual forms these are the ones of inet_aton: `2130706433`, `0x7f.1`,
    `0177.0.0.1`.
    """
    bare = host.strip("[]").rstrip(".").replace("%25", "%")
    numeric = _NUMERIC.fullmatch(bare)
    if not numeric and ":" not in bare:
        return None  # most are names, and to be told so by an error takes ten times as long
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    if not numeric:
        return None
    try:
        return IPv4Address(socket.inet_aton(bare))
    except OSError:
        return None


def carried_address(address: Address) -> Address:
    """The IPv4 address within an IPv4-mapped, -translated, -compatible or NAT64 address;
    other addresses as they are."""
    if isinstance(address, IPv6Address) and int(address) > 1:
        for prefix in _CARRIERS:
            if address in prefix:
                return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


@dataclass(frozen=True, slots=True)
class AddressRules:
    """What may be asked beyond the public internet."""

    networks: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def read(cls, networks: Iterable[str], hosts: Iterable[str]) -> AddressRules:
        """From the settings; raises Quarantine("bad_network") for what is no network."""
        try:
            parsed = tuple(ipaddress.ip_network(network, strict=False) for network in networks)
        except ValueError as error:
            raise Quarantine(
                "bad_network",
                f"An allowed network can't be read: {error}. Write it like 127.0.0.0/8.",
            ) from error
        return cls(parsed, frozenset(host.lower().rstrip(".") for host in hosts))

    def why_refused(self, address: Address) -> str | None:
        """What kind of address it is, if it is one we do not ask; None where we may."""
        inner = carried_address(address)
        if any(address in network or inner in network for network in self.networks):
            return None
        return next((why for network, why in _REFUSED if inner in network), None)

    def check_host(self, host: str, *, proxied: bool) -> None:
        """Refuse a host by what its spelling alone says.

        `proxied`: the name will be resolved by a proxy, so that names of local networks are
        refused too. Raises Drop("blocked_address").
        """
        name = host.lower().rstrip(".")
        if name in self.hosts:
            return
        address = literal_address(name)
        if address is None and proxied:
            if name.rpartition(".")[2] == "localhost":
                address = IPv4Address("127.0.0.1")
            elif "." not in name or any(name.endswith(f".{local}") for local in LOCAL_NAMES):
                raise _blocked(host, "a name of a local network")
        if address is not None and (why := self.why_refused(address)):
            raise _blocked(host, why)

    def permitted(self, host: str, addresses: Iterable[Address]) -> tuple[Address, ...]:
        """Those of a host's addresses that may be connected to.

        Raises Drop("blocked_address") where there is none.
        """
        found = tuple(addresses)
        if host.lower().rstrip(".") in self.hosts:
            return found
        good = tuple(address for address in found if self.why_refused(address) is None)
        if not good:
            raise _blocked(f"{host} ({found[0]})", self.why_refused(found[0]) or "not public")
        return good


def _blocked(what: str, why: str) -> Drop:
    return Drop(
        "blocked_address",
        f"{what} is not asked: it is {why}. If it is yours, name its network in "
        "PRESSCLIP_ALLOW_NETWORKS.",
    )
