"""Sites: all hosts of one owner under one name."""

from __future__ import annotations

import re
from functools import lru_cache

from tld import get_fld

_ADDRESS = re.compile(r"\[.*\]|[0-9.]+")


@lru_cache(maxsize=100_000)
def site_of(host: str) -> str:
    """The domain that somebody registered: `example.co.uk` for `news.example.co.uk`.

    Goes by the Public Suffix List, the part of platforms included: each of their blogs is a site of
    its own. Where the list knows no such name, the last two labels; an address is itself.
    """
    if _ADDRESS.fullmatch(host):
        return host
    found = get_fld(host, fix_protocol=True, fail_silently=True, search_private=True)
    return found or ".".join(host.split(".")[-2:])
