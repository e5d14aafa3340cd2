"""What a site's own home page says that the site is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from parsers.metadata.facts import PageStatements, read_facts
from parsers.metadata.reconcile import read_site_names

_MAX_CHARS = 80
"""Longer names are slogans."""
_SEPARATOR = re.compile(r"\s+[-–—|·•»:]+\s+|\s*\|\s*|:\s+")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class HomePage:
    """What a home page says of its site."""

    name: str | None
    language: str | None
    """BCP 47 primary subtag."""


def read_home_page(tree: HtmlElement, *, url: str, site: str) -> HomePage:
    """What the home page of `site`, read at `url`, says of the site: its name as it tells machines,
    or else the part of its title that its address spells; its language as it states it."""
    facts = read_facts(tree)
    stated = [found.value for found in read_site_names(facts, url) if found.source != "url"]
    names = [name for name in stated if len(name) <= _MAX_CHARS and "://" not in name]
    language = re.match(r"[a-z]{2,3}\b", (facts.html_lang or "").strip().lower())
    return HomePage(
        name=next(iter(names), None) or _name_in_title(facts, site),
        language=language[0] if language else None,
    )


def _name_in_title(facts: PageStatements, site: str) -> str | None:
    spelled = {_letters(site), _letters(site.partition(".")[0])}
    for title in facts.titles:
        for part in _SEPARATOR.split(title):
            if _letters(part) in spelled:
                return part.strip()
    return None


def _letters(text: str) -> str:
    return _NO_WORD.sub("", text).casefold()
