"""Which language a text is in: what the page states, checked against the text itself.

Pages state their language in several places. Where the statements agree they are believed, save
for one known fault: templates say `en` whatever the text, so English has to show in the words.
Otherwise py3langid decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import py3langid

from parsers.metadata.facts import PageStatements, Sourced

_SUBTAG = re.compile(r"^\s*([a-zA-Z]{2,3})(?:[-_]|\s*$)")
# ISO 639 codes that were replaced, and the two standards of one written language.
_SAME = {"in": "id", "iw": "he", "ji": "yi", "nb": "no", "nn": "no"}
_SAMPLE_CHARS = 2000
_ENGLISH = re.compile(
    r"\b(?:the|of|and|to|in|a|is|that|for|on|was|with|as|by|it|at|from|his)\b", re.IGNORECASE
)
_ENGLISH_SHARE = 0.12
"""English prose has about 0.3 of these words; other languages below 0.08."""


def primary_subtag(tag: str | None) -> str | None:
    """The BCP 47 primary subtag of a language tag or locale, such as `pt` for `pt_BR`."""
    match = _SUBTAG.match(tag or "")
    if match is None:
        return None
    subtag = match[1].lower()
    return _SAME.get(subtag, subtag)


def read_language(text: str, facts: PageStatements | None = None) -> Sourced[str] | None:
    """The language of `text` as a primary subtag, and where it came from."""
    stated = _stated(facts) if facts else []
    subtags = {found.value for found in stated}
    if len(subtags) == 1 and (subtags != {"en"} or _looks_english(text)):
        return stated[0]
    guessed = primary_subtag(str(py3langid.classify(text[:_SAMPLE_CHARS])[0])) if text else None
    # Close relatives (Indonesian and Malay …) are told apart better by the page than by letters.
    for found in stated:
        if found.value == guessed or {found.value, guessed} <= {"id", "ms"}:
            return found
    if guessed:
        return Sourced(guessed, "text")
    return stated[0] if stated else None


def _stated(facts: PageStatements) -> Sequence[Sourced[str]]:
    tags = [
        (facts.article.get("inLanguage"), "json-ld"),
        (facts.html_lang, "html lang"),
        *((value, "og:locale") for value in facts.meta.get("og:locale", ())[:1]),
        *((value, "content-language") for value in facts.meta.get("content-language", ())[:1]),
    ]
    found = ((primary_subtag(tag) if isinstance(tag, str) else None, where) for tag, where in tags)
    return [Sourced(subtag, where) for subtag, where in found if subtag]


def _looks_english(text: str) -> bool:
    sample = text[:_SAMPLE_CHARS]
    return len(_ENGLISH.findall(sample)) >= _ENGLISH_SHARE * len(sample.split())
