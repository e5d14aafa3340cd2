"""From the bytes of a feed to its text."""

from __future__ import annotations

import codecs
import re

from resiliparse.parse.encoding import detect_encoding

from parsers.text.decode import decode_page

# How `<` or `<?xm` begins in encodings that are no superset of ASCII (XML 1.0, appendix F);
# UTF-16 and byte order marks are `decode_page`'s.
_FAMILIES = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),  # EBCDIC
)
_DECLARED = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
"""A character beyond ASCII in UTF-8."""
_SELDOM = frozenset({"iso8859-3", "iso8859-4", "iso8859-10", "iso8859-13", "iso8859-14", "cp1257"})
"""Guesses that a few accents of western Europe look like."""
_AS_WINDOWS = "pressclip.windows-1252"


def decode_feed(body: bytes, content_type: str | None) -> str:
    """The text of a feed, whatever its bytes and its headers say; never raises."""
    for beginning, family in _FAMILIES:
        if body.startswith(beginning):
            return body.decode(_member(body, family), "replace")
    if body.isascii():
        return decode_page(body, content_type)
    named = _named(body, content_type)
    if not named and _is_western(body):
        return body.decode("cp1252", "replace")
    if not named <= {"utf-8", "utf8"}:
        return decode_page(body, content_type)
    broken = body.decode("utf-8", "replace").count("\ufffd")
    # XML and JSON that name no encoding are in UTF-8. Another one under that name has next to no
    # valid character in it.
    if broken and len(_CHARACTER.findall(body)) < broken:
        return decode_page(body, content_type)
    return body.removeprefix(codecs.BOM_UTF8).decode("utf-8", _AS_WINDOWS)


def _windows(error: UnicodeError) -> tuple[str, int]:
    """What bytes that are no UTF-8 mean in the encoding that they most likely came from: an item
    that somebody pasted in."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_AS_WINDOWS, _windows)


def _named(body: bytes, content_type: str | None) -> set[str]:
    """The encodings that the declaration and the header name."""
    head = _DECLARED.search(body[:400].decode("ascii", "replace"))
    header = _HEADER.search(content_type or "")
    return {match[1].lower() for match in (head, header) if match}


def _is_western(body: bytes) -> bool:
    """Whether bytes that nobody names an encoding for are in that of western Europe, though a guess
    from a few accents would say something else."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        guess = detect_encoding(body[: 1 << 16], max_len=1 << 16) or "utf-8"
        return not _CHARACTER.search(body) and guess in _SELDOM
    return False


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
