"""The place and agency that open a news text: "JAKARTA (Antara) - …"."""

from __future__ import annotations

import re

_DASH = r"\s*(?:[–—]|-{1,2})\s+"
_PLACE = r"[^\W\d_a-z][\w.'’]*(?:[ -][^\W\d_a-z][\w.'’]*){0,3}"
_CAPITALS = re.compile(
    r"(?P<place>[^\W\d_a-z]{2}(?:[^\W\d_a-z]|['’ /-]|\.(?= )){1,38}?)"  # JAKARTA, NEW YORK
    r"(?:,\s[\w .]{2,30})?"  # WASHINGTON, Jan 9
    r"(?:\s*\([^()]{2,30}\))?" + _DASH  # (Reuters)
)
_DOMAIN = re.compile(  # EXAMPLE.COM, Jakarta -
    r"[\w-]+(?:\.\w{2,4})+,\s(?P<place>" + _PLACE + r")(?:\s*\([^()]{2,30}\))?" + _DASH
)
_AGENCY = re.compile(
    r"(?:[\w.]+(?:\s[\w.]+){0,2},\s)?(?P<place>" + _PLACE + r")\s*"
    r"(?:,\s[\w. ]{2,30}|\([^()]{2,30}\))" + _DASH
)


def read_dateline(text: str) -> str | None:
    """The place that the first line says it was written from; the text keeps it.

    Recognised are a place in capitals before a dash, and a place with an agency or outlet:
    "Jakarta, Example Post - …", "EXAMPLE.COM, Jakarta (Wire) – …".
    """
    first = text.lstrip()[:160].split("\n", 1)[0]
    match = _DOMAIN.match(first) or _CAPITALS.match(first) or _AGENCY.match(first)
    return match["place"].strip() if match else None
