"""Sites: all hosts of one owner under one name."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from tld import get_fld

_RULES = tomllib.loads(files("parsers").joinpath("data", "sites.toml").read_text(encoding="utf-8"))
_SHARED = frozenset(_RULES["shared"])
_GENERIC = frozenset(_RULES["generic"])
_RENAMED: dict[str, str] = _RULES["renamed"]
_NO_NAME = re.compile(r"[0-9.]+|.*[^\w.-].*", re.DOTALL)
"""An address, or text with characters that no host's name has: the library reads it as a URL."""


@lru_cache(maxsize=100_000)
def site_of(host: str) -> str:
    """The domain that somebody registered: `example.co.uk` for `news.example.co.uk`.

    Goes by the Public Suffix List, the part of platforms included, and by the platforms that it
    lacks: each of their blogs is a site of its own. Where the list knows no such name, the last two
    labels; what is no name is itself.
    """
    if _NO_NAME.fullmatch(host):
        return host
    domain = _registered(host, private=True)
    tenant = host.removesuffix(f".{domain}").rpartition(".")[2]
    if domain in _SHARED and host != domain and tenant != "www":
        return f"{tenant}.{domain}"
    return domain


def country_of(site: str) -> str | None:
    """The country whose code a site's name ends with (ISO 3166-1 alpha-2); None where that names
    none, or only says where a platform is."""
    code = site.rpartition(".")[2]
    if code in _RENAMED:
        country = _RENAMED[code]
    elif len(code) == 2 and code.isascii() and code.isalpha() and code not in _GENERIC:
        country = code.upper()
    else:
        return None
    return country if _registered(site, private=False) == site else None


def _registered(host: str, *, private: bool) -> str:
    found = get_fld(host, fix_protocol=True, fail_silently=True, search_private=private)
    return found or ".".join(host.split(".")[-2:])
