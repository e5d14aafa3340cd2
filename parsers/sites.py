"""Sites: all hosts of one owner under one name."""

from __future__ import annotations

import re
from functools import lru_cache

from tld import get_fld

_NO_NAME = re.compile(r"[0-9.]+|.*[^\w.-].*", re.DOTALL)
"""An address, or text with characters that no host's name has: the library reads it as a URL."""


@lru_cache(maxsize=100_000)
def site_of(host: str) -> str:
    """The domain that somebody registered: `example.co.uk` for `news.example.co.uk`.

    Goes by the Public Suffix List, the part of platforms included: each of their blogs is a site of
    its own. Where the list knows no such name, the last two labels; what is no name is itself.
    """
    if _NO_NAME.fullmatch(host):
        return host
    found = get_fld(host, fix_protocol=True, fail_silently=True, search_private=True)
    return found or ".".join(host.split(".")[-2:])
