"""The cheap test on a raw page (first version: exact, not yet fast)."""

from __future__ import annotations

import html
import re

from ahocorasick_rs import AhoCorasick

from parsers.decode import decode_page
from parsers.normalise import key
from parsers.topic_forms import forms_of
from parsers.topic_rules import Role, Topic, WeakRule

_TAG = re.compile(r"<!--.*?-->|<[a-zA-Z/!?][^>]*>", re.DOTALL)
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")


class Prefilter:
    """Whether a page's source can hold enough of any topic's names."""

    def __init__(self, topics: tuple[Topic, ...]) -> None:
        self._anchors = AhoCorasick(anchors_of(topics))

    def may_mention(self, body: bytes, content_type: str | None, text: str | None = None) -> bool:
        """See `Topics.may_mention`."""
        page = decode_page(body, content_type) if text is None else text
        page = html.unescape(html.unescape(page))
        page = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), page)
        return any(
            self._anchors.find_matches_as_indexes(key(version))
            for version in (page, _TAG.sub("", page))
        )


def anchors_of(topics: tuple[Topic, ...]) -> list[str]:
    """The shortest texts of which an article on any topic must hold one."""
    texts = set()
    for topic in topics:
        wanted = {Role.STRONG, Role.SHORT}
        if topic.weak_is_enough is not WeakRule.NEVER:
            wanted.add(Role.WEAK)
        texts |= {form.text for form in forms_of(topic) if form.role in wanted}
    kept: list[str] = []
    for text in sorted(texts, key=lambda text: (len(text), text)):
        if not any(anchor in text for anchor in kept):
            kept.append(text)
    return kept
