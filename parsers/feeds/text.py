"""Text and links as feeds carry them, made plain."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

from parsers.text.characters import without_controls
from parsers.text.references import bounded_references

# Only tags of HTML are markup: "<T>" in a title about programming is text.
_BLOCKS = (
    "address applet article aside audio base blockquote body br caption center dd div dl dt embed "
    "fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html "
    "iframe img li link main meta nav noscript object ol option p picture pre section select "
    "source svg table tbody td tfoot th thead tr ul video"
).replace(" ", "|")
_INLINES = (
    "a abbr acronym b bdi bdo big blink cite code del dfn em font i ins kbd label mark nobr q s "
    "samp small span strike strong sub sup time tt u var wbr"
).replace(" ", "|")
_HIDDEN = re.compile(
    r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)|<!DOCTYPE\b[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_DRAWING = re.compile(
    r"<(?P<end>/?)(?:[\w.-]+:)?(?:svg|math)(?=[\s/>])[^<>]*?(?P<empty>/?)>", re.IGNORECASE
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCKS})(?:[\s/][^<>]*)?>", re.IGNORECASE)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINES})(?:[\s/][^<>]*)?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+;?|#x[0-9a-f]+;?|[a-z][a-z0-9]+;)", re.IGNORECASE)
"""A name without a semicolon is none: `?a=1&copy=2` and `AT&T` are what somebody typed."""
_SURROGATES = re.compile(
    r"&(?:amp;)*#0*(5[5-7]\d{3}|x0*d[89a-f][0-9a-f]{2});"
    r"(?:&(?:amp;)*#0*(5[5-7]\d{3}|x0*d[89a-f][0-9a-f]{2});)?",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"""(<[a-z][^<>]{0,500}?\s(?:href|src)\s*=\s*(["']))(?![a-z][a-z0-9+.-]*:|[#"'])([^"'<>]*)(?=\2)""",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

# Escaped once is usual, twice a common fault, three times seen; more is about escaping.
_MOST_ESCAPED = 3


def plain_text(markup: str | None, *, tags: bool = True) -> str | None:
    """`markup` without tags and entities, on one line; None where nothing is left.

    What was escaped twice is unescaped twice: but a tag that only shows then is one that the
    text is about ("The <video> element"), unless it is closed, too. With `tags` false (Atom
    `type="text"`, RFC 4287 §3.1.1.1) every tag is text, and only entities are resolved.
    """
    text = markup or ""
    for again in range(_MOST_ESCAPED):
        before = text
        if tags and "<" in text and (not again or "</" in text):
            bare = _HIDDEN.sub("", without_drawings(text))
            text = _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", bare))
        text = resolve_references(_BREAK.sub(" ", text) if tags else text)
        if text == before or not (_ENTITY.search(text) or (tags and "<" in text)):
            break
    if "<![CDATA[" in text:
        # Escaped along with the text that it was to protect.
        text = text.replace("<![CDATA[", "").replace("]]>", "")
    return one_line(text)


def resolve_references(text: str) -> str:
    """`text` with its references resolved; one without a semicolon is only one to a number."""
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda match: html.unescape(match[0]), bounded_references(text))


def join_surrogates(text: str) -> str:
    """`text` with pairs of references to UTF-16 surrogates, however often they are escaped, as the
    characters that they mean together. One alone means nothing and goes."""
    return _SURROGATES.sub(_joined, text) if "&" in text and "#" in text else text


def _joined(match: re.Match[str]) -> str:
    units = [int(n[1:], 16) if n[0] in "xX" else int(n) for n in match.groups() if n]
    if not all(0xD800 <= unit <= 0xDFFF for unit in units):
        return match[0]
    raw = b"".join(unit.to_bytes(2, "big") for unit in units)
    return raw.decode("utf-16-be", "ignore")


def without_drawings(markup: str) -> str:
    """`markup` without inline SVG and MathML: what is written in them names parts of a drawing. One
    that never ends is left as it is."""
    kept, position, depth, start = [], 0, 0, 0
    for tag in _DRAWING.finditer(markup):
        start = start if depth else tag.start()
        depth += 0 if tag["empty"] else -1 if tag["end"] and depth else 0 if tag["end"] else 1
        if not depth:
            kept.append(markup[position:start])
            position = tag.end()
    return " ".join([*kept, markup[position:]]) if kept else markup


def one_line(text: str | None) -> str | None:
    """`text` with white space collapsed and unprintable characters gone; None where empty."""
    return " ".join(without_controls(text or "").split()) or None


_PLAIN_LINK = re.compile(
    r"https?://[a-z0-9.-]+(?:/[\w.~!$&'()*+,=:@%/-]*)?(?:\?[\w.~!$&'()*+,=:@%/-]+)?", re.ASCII
)
"""A link that is absolute, as nearly all are: nothing in it is changed by resolving it."""


def absolute_link(link: str | None, base: str) -> str | None:
    """`link` as an absolute http or https URL, resolved against `base`; None where it is none."""
    if link and _PLAIN_LINK.fullmatch(link):
        return link
    # A break is the markup's; a space is the address's, badly written.
    said = without_controls(link or "")
    cleaned = re.sub(r"\s*[\t\r\n]\s*", "", said).strip().replace(" ", "%20")
    if not cleaned:
        return None
    try:
        joined = urljoin(base, cleaned)
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in {"http", "https"} and parts.netloc else None


def absolute_links(markup: str, base: str) -> str:
    """`markup` with the relative links and image addresses in it made absolute."""

    def resolved(match: re.Match[str]) -> str:
        link = absolute_link(resolve_references(match[3]), base)
        return match[1] + (html.escape(link) if link else match[3])

    return _RELATIVE.sub(resolved, markup)


def language_tag(raw: str | None) -> str | None:
    """A language tag in the form of BCP 47 (`en_US` becomes `en-US`), None for anything else."""
    tag = (raw or "").strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None
