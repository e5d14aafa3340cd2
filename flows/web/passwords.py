"""The password of the pages, and that it can't be guessed by trying many."""

from __future__ import annotations

import ipaddress
import logging
import time
from base64 import b64decode
from binascii import Error as NotBase64
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

log = logging.getLogger(__name__)

MOST_WRONG = 10
"""Wrong passwords after which one visitor has to wait."""
WINDOW = 60.0
"""Seconds in which they are counted."""
_MOST_REMEMBERED = 10_000
_SHARED_BITS = 64
"""Of an address of IPv6: whoever has one has all that begin with them."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class PasswordVerdict:
    """Whether what somebody sent is the password."""

    right: bool
    wait: float = 0.0
    """Seconds, where it was not looked at since there were too many wrong ones."""


class Passwords:
    """Judges passwords in Basic authentication (RFC 7617)."""

    def __init__(self, password: str, now: Callable[[], float] = time.monotonic) -> None:
        self._digest = sha256(password.encode()).digest()
        self._now = now
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    def judge(self, visitor: Address | None, authorization: str | None) -> PasswordVerdict:
        """Whether `authorization`, a header's value, has the password; none is no guess."""
        if authorization is None:
            return PasswordVerdict(False)
        name, now = name_of(visitor), self._now()
        recent = [moment for moment in self._wrong.get(name, []) if moment > now - WINDOW]
        if len(recent) >= MOST_WRONG:
            return PasswordVerdict(False, wait=recent[0] + WINDOW - now)
        if compare_digest(sha256(_password(authorization)).digest(), self._digest):
            self._wrong.pop(name, None)
            return PasswordVerdict(True)
        self._wrong[name] = [*recent, now]
        if len(recent) + 1 == MOST_WRONG:
            # A line for programs that shut such addresses out altogether.
            log.warning("%d wrong passwords from %s: it has to wait", MOST_WRONG, visitor)
        self._wrong.move_to_end(name)
        while len(self._wrong) > _MOST_REMEMBERED:
            self._wrong.popitem(last=False)
        return PasswordVerdict(False)


def name_of(visitor: Address | None) -> str:
    """What stands for everybody who may have this address."""
    if isinstance(visitor, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((visitor, _SHARED_BITS), strict=False))
    return str(visitor)


def _password(authorization: str) -> bytes:
    """What stands behind the first colon; nothing where it is no Basic authentication."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return b64decode(encoded.strip(), validate=True).partition(b":")[2]
    except (NotBase64, ValueError):
        return b""
