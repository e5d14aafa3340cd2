"""Is it an article? Names what a page is where it is none."""

from __future__ import annotations

from parsers.records import Rejection, RejectionReason

MIN_TEXT_CHARS = 50


def judge_text(text: str) -> Rejection | None:
    """Why the extracted text is no article; None where it may be one."""
    if len(text) < MIN_TEXT_CHARS:
        return Rejection(
            RejectionReason.NO_TEXT, f"Only {len(text)} characters of text were found.", True
        )
    return None
