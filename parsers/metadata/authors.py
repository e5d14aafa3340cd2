"""Who wrote it: names of people, without prepositions, roles and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.lines import fold
from parsers.metadata.facts import Facts, Node, clean_value
from parsers.metadata.titles import Found

_BY = re.compile(
    r"^(?:by|von|par|por|di|door|af|av|oleh|penulis|reporter|laporan|text|text von)\b[:\s]+",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:;|\||/|·|•|\n|,\s|\s(?:and|und|et|y|e|en|og|och|dan|&)\s)\s*")
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\.(?:com|org|net|de)\b", re.IGNORECASE)


def read_authors(facts: Facts, site_name: str | None) -> tuple[tuple[str, ...], str]:
    """(names, source); no names where the page states none."""
    site = fold(site_name or "")
    for names, source in _candidates(facts):
        kept = [name for raw in names for name in split_names(raw) if fold(name) != site]
        if kept:
            unique = {fold(name): name for name in reversed(kept)}
            return tuple(reversed(unique.values())), source
    return (), ""


def _candidates(facts: Facts) -> Iterator[tuple[list[str], str]]:
    yield list(_node_names(facts.article.get("author"), facts)), "json-ld"
    for name in (
        "author",
        "article:author",
        "byl",
        "dc.creator",
        "parsely-author",
        "sailthru.author",
    ):
        yield list(facts.meta.get(name, ())), name


def _node_names(value: object, facts: Facts) -> Iterator[str]:
    """Names in a JSON-LD author: a string, an object, or a list of either."""
    items = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, dict):
            name = item.get("name") or _referred(item, facts).get("name")
            yield from (
                n for n in (name if isinstance(name, list) else [name]) if isinstance(n, str)
            )
        elif isinstance(item, str):
            yield item


def _referred(item: Node, facts: Facts) -> Node:
    wanted = item.get("@id")
    return next((n for n in facts.nodes if wanted and n.get("@id") == wanted and "name" in n), {})


def split_names(text: str) -> list[str]:
    """The names in a byline."""
    cleaned = _BY.sub("", clean_value(text) or "")
    names = (part.strip(" ,;:-–—") for part in _SPLIT.split(cleaned))
    return [name for name in names if 2 <= len(name) <= 60 and not _NOT_A_NAME.search(name)]


__all__ = ["Found", "read_authors", "split_names"]
