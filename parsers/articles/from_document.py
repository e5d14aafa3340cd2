"""From a saved plain-text document to its article.

    text ─ lines (wrapped joined) ─ head ─ body ─ boilerplate out ─ enough? ─▶ Article | Rejection

Whoever saves a page as text saves its chrome too: the day in the site's header, the menu, the
breadcrumb glued to the title, the comment form.
"""

from __future__ import annotations

import re
from collections import Counter
from statistics import median

from parsers.articles.agencies import read_dateline, read_wire
from parsers.articles.document_body import take_chrome_away
from parsers.articles.document_head import read_head
from parsers.articles.language import read_language
from parsers.articles.outlets import own_names, read_credited
from parsers.articles.page_type import judge_text
from parsers.extraction.boilerplate import clean_text
from parsers.identity import article_id
from parsers.metadata.address import content_urn
from parsers.records import Article, DateFlag, Rejection
from parsers.text.lines import normalise_lines

MAX_CHARS = 2_000_000
"""What follows is left out."""

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n")
_SENTENCE_END = re.compile(r"[.!?:…。][\"'”’»)]*$")
_WRAP_MIN, _WRAP_MAX = 45, 100
"""Characters of a line that an e-mail program or editor wrapped."""

_BINARY_STARTS = (
    b"%PDF-",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"{\\rtf",
    b"%!PS",
    b"\x7fELF",
    b"SQLite format 3\x00",
    b"PAR1",
)
"""PDF, images, archives and what is packed in them (DOCX, EPUB, ODT), old Word, RTF, PostScript,
programs, tables: files that a person may name by mistake."""
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SNIFFED = 64 * 1024
_MAX_CONTROL_SHARE = 0.02
_NO_CONTROLS = bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100)) + b"\t\n\v\f\r\x1b"
"""Bytes that stand in text."""
_MARKUP = re.compile(
    r"\s*(?:<\?xml\b.*?\?>\s*|<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|article|main|section|header|"
    r"aside|div|p|h[1-6]|ul|ol|table|blockquote|figure|span|center|font|a|b|i|em|strong|img|br|hr)"
    r"(?=[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_COMMENTS_CHARS = 10_000


def is_text(body: bytes) -> bool:
    """Whether a file may be text at all: no PDF, image or archive, no NUL bytes or runs of control
    characters (UTF-16 needs its byte order mark to be known)."""
    if body.startswith(_BINARY_STARTS):
        return False
    if body.startswith(_UTF16_MARKS):
        return True
    start = body[:_SNIFFED]
    return b"\x00" not in start and not _is_full_of_controls(start)


def is_binary(body: bytes) -> bool:
    """Whether what a server calls a page is a PDF, an image, an archive or noise. Stray NUL bytes
    are no proof of that, nor are those of UTF-16."""
    start = body[:_SNIFFED]
    if start.startswith(_UTF16_MARKS) or _every_other_is_nul(start):
        return False
    return start.startswith(_BINARY_STARTS) or _is_full_of_controls(start)


def _is_full_of_controls(start: bytes) -> bool:
    return len(start.translate(None, _NO_CONTROLS)) > _MAX_CONTROL_SHARE * len(start)


def _every_other_is_nul(start: bytes) -> bool:
    """Whether it may be UTF-16 without a mark: of markup, every other byte is NUL."""
    return any(half.count(0) * 3 > len(half) for half in (start[::2], start[1::2]) if half)


def looks_like_html(text: str) -> bool:
    """Whether a document is a page or a fragment of one: its first thing is an HTML element."""
    return _MARKUP.match(text.removeprefix("\ufeff")[:_COMMENTS_CHARS]) is not None


def read_document(text: str, *, name: str) -> Article | Rejection:
    """The article in a plain-text document; `name` is the file's name.

    It is identified by its content: the same text filed under two names is one article.
    """
    text = text[:MAX_CHARS]
    head = read_head(read_lines(text))
    body = take_chrome_away(head.body)
    cleaned = clean_text("\n\n".join(body.lines), title=head.title, authors=head.authors)
    rejection = judge_text(cleaned.text)
    if rejection is not None:
        return rejection
    urn = content_urn(text)
    language = read_language(cleaned.text)
    wire = read_wire(cleaned.text, head.authors, cleaned.removed_lines)
    gone = (*head.removed, *body.removed, *cleaned.removed_lines)
    removed = Counter(found for found, _ in gone)
    fields = ("title", "authors", "published_at", "seen_at", "section")
    return Article(
        article_id=article_id(urn),
        canonical_url=urn,
        url=name,
        title=head.title,
        text=cleaned.text,
        text_kind="document",
        authors=head.authors,
        credits=read_credited(
            cleaned.text,
            language.value if language else None,
            cleaned.removed_lines,
            own=own_names(None, wire.agency if wire else None),
        ),
        published_at=head.published_at,
        date_flag=DateFlag.DAY if head.published_at else None,
        seen_at=head.seen_at,
        dateline=read_dateline(cleaned.text),
        wire=wire.agency if wire else None,
        section=head.section,
        language=language.value if language else None,
        sources=(
            *((field, "document") for field in fields if getattr(head, field)),
            *((("wire", wire.place),) if wire else ()),
        ),
        removed=tuple(removed.most_common()),
    )


def read_lines(text: str) -> list[str]:
    """The lines of a document, one a paragraph: wrapped lines are joined again."""
    paragraphs = _PARAGRAPH_BREAK.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    blocks = [normalise_lines(paragraph) for paragraph in paragraphs]
    inner = [line for block in blocks for line in block[:-1]]
    if len(inner) >= 4 and _looks_wrapped(inner):
        return [" ".join(block) for block in blocks if block]
    return [line for block in blocks for line in block]


def _looks_wrapped(inner: list[str]) -> bool:
    """Whether the lines that end no block are of one width and break sentences."""
    lengths = [len(line) for line in inner]
    ended = sum(bool(_SENTENCE_END.search(line)) for line in inner)
    return max(lengths) <= _WRAP_MAX and median(lengths) >= _WRAP_MIN and ended <= 0.3 * len(inner)
