"""Several pages of one article, as the article that they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from parsers.records import Article

_SAID_AGAIN = 5
"""Words from which on a paragraph that an earlier page had is a page's own head, said again."""


def join_pages(parts: Sequence[Article]) -> Article:
    """The article of which `parts` are pages, in the order in which they were come upon: what the
    first page says of itself, with the text of all that follow it without a gap.

    A part that holds what the first page does, and more, is the whole on one page.
    """
    first = min(parts, key=_number)
    whole = next((part for part in parts if is_whole(part, first)), None)
    if whole is not None:
        return replace(_unpaged(first), text=whole.text, removed=whole.removed)
    in_order = _in_order(parts, first)
    numbers = tuple(in_order)
    last = in_order[numbers[-1]].paging
    known = max((part.paging.count or 0 for part in parts if part.paging), default=0)
    count = max(known, numbers[-1]) if known or not (last and last.next_page) else None
    joined = replace(
        first,
        text=_text(tuple(in_order.values())),
        removed=_removed(tuple(in_order.values())),
        pages_read=numbers,
        page_count=count,
    )
    if numbers[0] == 1 and not (last and last.next_page):
        return replace(joined, text_kind="page", paging=None, page_count=numbers[-1])
    return joined


def _number(part: Article) -> int:
    return part.paging.number if part.paging else 1


def _unpaged(article: Article) -> Article:
    return replace(article, text_kind="page", paging=None, pages_read=(), page_count=None)


def is_whole(part: Article, first: Article) -> bool:
    """Whether `part` has every paragraph of the first page, and more."""
    paragraphs = set(part.text.split("\n\n"))
    return len(part.text) > len(first.text) and paragraphs.issuperset(first.text.split("\n\n"))


def _in_order(parts: Sequence[Article], first: Article) -> dict[int, Article]:
    """The first page and those that follow it, by number. A page that does not say its number
    follows the one that led to it."""
    numbered = {_number(first): first}
    last = _number(first)
    for part in parts:
        if part is not first:
            last = _number(part) if _number(part) > 1 else last + 1
            numbered.setdefault(last, part)
    start = _number(first)
    following = range(start, start + len(numbered))
    unbroken = [number for number in following if set(range(start, number)) <= set(numbered)]
    return {number: numbered[number] for number in unbroken if number in numbered}


def _text(parts: Sequence[Article]) -> str:
    """The paragraphs of all parts, without what a page says again of an earlier one."""
    kept: list[str] = []
    for part in parts:
        again = set(kept) | {part.title or "", part.standfirst or ""} if kept else set()
        kept += [
            paragraph
            for paragraph in part.text.split("\n\n")
            if paragraph not in again or len(paragraph.split()) < _SAID_AGAIN
        ]
    return "\n\n".join(kept)


def _removed(parts: Sequence[Article]) -> tuple[tuple[str, int], ...]:
    lines: Counter[str] = Counter()
    for part in parts:
        lines.update(dict(part.removed))
    return tuple(sorted(lines.items()))
