"""From a saved plain-text document to its article.

    text ─ lines (wrapped ones joined) ─ head read ─ boilerplate out ─ gate ─▶ Article | Rejection

Whoever saves a page as text saves its chrome too: the day in the site's header, the menu, the
breadcrumb glued to the title, the comment form.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from statistics import median

from parsers.boilerplate import clean_text
from parsers.datelines import read_dateline
from parsers.document_head import Head, read_head
from parsers.gate import judge_text
from parsers.identity import article_id
from parsers.language import read_language
from parsers.lines import normalise_lines
from parsers.records import Article, Rejection

MAX_CHARS = 2_000_000
"""What follows is left out."""

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n")
_SENTENCE_END = re.compile(r"[.!?:…。][\"'”’»)]*$")
_WRAP_MIN, _WRAP_MAX = 45, 100
"""Characters of a line that an e-mail program or editor wrapped."""


def read_document(text: str, *, name: str) -> Article | Rejection:
    """The article in a plain-text document; `name` is the file's name.

    It is identified by its content: the same text filed under two names is one article.
    """
    text = text[:MAX_CHARS]
    head = read_head(read_lines(text))
    cleaned = clean_text("\n\n".join(head.body), title=head.title)
    rejection = judge_text(cleaned.text)
    if rejection is not None:
        return rejection
    urn = "urn:sha256:" + sha256(text.encode("utf-8", "replace")).hexdigest()
    language = read_language(cleaned.text)
    removed = Counter(found for found, _ in (*head.removed, *cleaned.removed_lines))
    return Article(
        article_id=article_id(urn),
        canonical_url=urn,
        url=name,
        title=head.title,
        text=cleaned.text,
        text_kind="document",
        authors=head.authors,
        published_at=head.published_at,
        seen_at=head.seen_at,
        dateline=read_dateline(cleaned.text),
        section=head.section,
        language=language.value if language else None,
        sources=_sources(head),
        removed=tuple(removed.most_common()),
    )


def _sources(head: Head) -> tuple[tuple[str, str], ...]:
    fields = ("title", "authors", "published_at", "seen_at", "section")
    return tuple((field, "document") for field in fields if getattr(head, field))


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
