"""Connections to checked addresses only: resolve, check, connect to what was checked.

Our own, because httpx has no hook between looking a name up and connecting, and a name that was
checked before may lead to another address by then. Of the libraries for it, Advocate guards
`requests` (last released in 2020), and safehttpx only gets, and asks Google's name servers.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from concurrent.futures import Executor

import httpcore

from flows.fetch.addresses import Address, AddressRules, literal_address
from parsers.errors import Retry

_MAX_ADDRESSES = 4
"""How many of a host's addresses are tried."""


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses only. Names in URLs, Host and TLS stay as they were."""

    def __init__(self, rules: AddressRules, resolvers: Executor) -> None:
        """`resolvers` runs the lookups: with enough threads that a name server that does not
        answer for one host holds up no other."""
        self._rules = rules
        self._resolvers = resolvers
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check, connect to the first address that answers.

        Raises Drop("blocked_address"), Retry("dns_failed"), and httpcore's errors.
        """
        try:
            async with asyncio.timeout(timeout):
                found = await self._resolve(host, port)
        except TimeoutError as error:
            raise Retry(
                "dns_failed", f"The address of {host} was not found within {timeout:g} s."
            ) from error
        tried = self._rules.permitted(host, found)[:_MAX_ADDRESSES]
        share = None if timeout is None else timeout / len(tried)
        for position, address in enumerate(tried, start=1):
            try:
                return await self._inner.connect_tcp(
                    str(address), port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(tried):
                    raise
        raise AssertionError("permitted() gives at least one address")

    async def _resolve(self, host: str, port: int) -> tuple[Address, ...]:
        literal = literal_address(host)
        if literal is not None:
            return (literal,)
        try:
            answers = await asyncio.get_running_loop().run_in_executor(
                self._resolvers, _lookup, host, port
            )
        except (OSError, UnicodeError) as error:
            raise Retry(
                "dns_failed", f"{host} has no address ({error}). Is the name right?"
            ) from error
        return tuple(dict.fromkeys(ipaddress.ip_address(answer) for answer in answers))

    async def sleep(self, seconds: float) -> None:
        """Part of httpcore's interface."""
        await asyncio.sleep(seconds)


def _lookup(host: str, port: int) -> list[str]:
    """The addresses of a host in the order the system prefers (RFC 6724)."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(answer[4][0]) for answer in answers]
