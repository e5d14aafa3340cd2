"""Which language a text is in: what the page states, checked against the text itself."""

from __future__ import annotations

import re

import py3langid

_SUBTAG = re.compile(r"^\s*([a-zA-Z]{2,3})(?:[-_]|\s*$)")
_SAME = {"in": "id", "iw": "he", "ji": "yi", "no": "nb", "nn": "nb"}
_SAMPLE_CHARS = 3000


def primary_subtag(tag: str | None) -> str | None:
    """The BCP 47 primary subtag of a language tag or locale, such as `pt` for `pt_BR`."""
    match = _SUBTAG.match(tag or "")
    return match[1].lower() if match else None


def detect_language(text: str, stated: tuple[str | None, ...] = ()) -> tuple[str | None, str]:
    """(language, source): the first stated language that the text does not contradict."""
    for tag in stated:
        subtag = primary_subtag(tag)
        if subtag:
            return subtag, "page"
    if not text.strip():
        return None, ""
    return str(py3langid.classify(text[:_SAMPLE_CHARS])[0]), "text"
