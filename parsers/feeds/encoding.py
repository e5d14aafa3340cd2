"""From the bytes of a feed to its text."""

from __future__ import annotations

import re

from parsers.text.decode import decode_page

# How `<` or `<?xm` begins in encodings that are no superset of ASCII (XML 1.0, appendix F);
# UTF-16 and byte order marks are `decode_page`'s.
_FAMILIES = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),  # EBCDIC
)
_DECLARED = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)


def decode_feed(body: bytes, content_type: str | None) -> str:
    """The text of a feed, whatever its bytes and its headers say; never raises."""
    for beginning, family in _FAMILIES:
        if body.startswith(beginning):
            return body.decode(_member(body, family), "replace")
    return decode_page(body, content_type)


def _member(body: bytes, family: str) -> str:
    """The encoding that the declaration names, where it is one of the family that it is in."""
    declared = _DECLARED.match(body[:400].decode(family, "replace"))
    if declared is None:
        return family
    try:
        same = body[:5].decode(declared[1]) == body[:5].decode(family)
    except (LookupError, UnicodeError):
        return family
    return declared[1] if same else family
