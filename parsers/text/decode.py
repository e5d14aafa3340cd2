"""From the bytes of a page to its text.

The order of evidence: a byte order mark; bytes that prove to be UTF-8; the charset that the
header, the markup or the XML declaration names; a guess from the bytes. Servers and templates
name a wrong charset often enough that bytes win wherever they prove it: text in another
encoding almost never forms valid multi-byte UTF-8 sequences by chance.
"""

from __future__ import annotations

import codecs
import re

from resiliparse.parse.encoding import detect_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Labels that browsers read as a superset (WHATWG Encoding Standard, section 4.2).
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ks_c_5601-1987": "cp949",
}

# Encodings that Python knows and browsers refuse, because they hide markup or escape text.
_REFUSED = frozenset(
    ("utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "charmap")
)

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# The standard looks at 1,024 bytes; real pages put scripts before their charset.
_HEAD_BYTES = 8192
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# One broken character must not turn a whole UTF-8 page into mojibake.
_VALID_FOR_EACH_BROKEN = 10


def decode_page(body: bytes, content_type: str | None) -> str:
    """The text of a page, whatever its bytes and its headers say; never raises.

    `content_type` is the value of the Content-Type header. Bytes that fit no encoding become
    U+FFFD. The result holds no lone surrogate.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if body.isascii() and b"\x1b" not in body and b"\x00" not in body:
        return body.decode("ascii")
    as_utf8 = _as_utf8(body)
    if as_utf8 is not None:
        return as_utf8
    for name in _declared(body, content_type):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return _guessed(body, content_type)


def _as_utf8(body: bytes) -> str | None:
    """The text, where the bytes prove to be UTF-8 (perhaps with a few broken characters)."""
    if body.isascii():
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    valid = sum(1 for _ in _MULTIBYTE.finditer(body))
    return text if valid >= _VALID_FOR_EACH_BROKEN * text.count("\ufffd") else None


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Python names of the encodings that the header, then the markup name."""
    labels = [match[1] for match in [_CHARSET.search(content_type or "")] if match]
    head = body[:_HEAD_BYTES]
    for pattern in (_META_CHARSET, _XML_ENCODING):
        match = pattern.search(head)
        if match:
            labels.append(match[1].decode("ascii", "replace"))
    if b"\x00" in head[:200]:
        # UTF-16 without a mark: markup is mostly ASCII, so every other byte is NUL.
        labels.insert(0, "utf-16-le" if head[1:2] == b"\x00" else "utf-16-be")
    names = [_python_name(label) for label in labels]
    return list(dict.fromkeys(name for name in names if name))


def _python_name(label: str) -> str | None:
    """The codec for a charset label as browsers read it, None for an unknown one."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    if name.replace("-", "_") in _REFUSED or name in _REFUSED:
        return None
    name = _SUPERSETS.get(name, name)
    try:
        # Codecs such as `base64` or `rot13` are no text encodings.
        "".encode(name)
    except (LookupError, UnicodeError):
        return None
    return name


def _guessed(body: bytes, content_type: str | None) -> str:
    """The text by whatever fits best, with U+FFFD for what doesn't fit."""
    guess = _python_name(detect_encoding(body[: 1 << 16], max_len=1 << 16) or "")
    candidates = [*_declared(body, content_type), guess or "cp1252", "cp1252"]
    texts = [body.decode(name, "replace") for name in dict.fromkeys(candidates)]
    return min(texts, key=lambda text: text.count("\ufffd"))
