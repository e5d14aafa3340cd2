"""Topics: what we watch for, and whether a page or an article is about it.

(first version; see topic_rules, topic_forms, topic_matcher, topic_prefilter)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from parsers.records import TopicMatch
from parsers.topic_matcher import Matcher
from parsers.topic_prefilter import Prefilter
from parsers.topic_rules import Topic, read_rules


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one file. Frozen and cheap to pickle: automata are built where needed."""

    rows: tuple[Topic, ...]
    digest: str
    """Changes when, and only when, the file means something else."""

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def names(self) -> tuple[str, ...]:
        """The topics' names, in the order of the file."""
        return tuple(topic.name for topic in self.rows)

    @property
    def titles(self) -> dict[str, str]:
        """Name → title for people."""
        return {topic.name: topic.title for topic in self.rows}

    def match(
        self, title: str | None, text: str, standfirst: str | None = None
    ) -> tuple[TopicMatch, ...]:
        """The topics that an article is on, with evidence and salience; see the module."""
        return _matcher(self).match(title or "", standfirst or "", text)

    def may_mention(self, body: bytes, content_type: str | None, text: str | None = None) -> bool:
        """Whether an article extracted from `body` could be on any topic; never a false no.

        `text` is the decoded page, where the caller already has it.
        """
        return _prefilter(self).may_mention(body, content_type, text)


def read_topics(body: bytes) -> Topics:
    """The topics of a TOML file such as `seeds/topics.toml`.

    Raises Drop("bad_topics") that names the key at fault and says what to do.
    """
    rows = read_rules(body)
    return Topics(rows, blake2b(repr(rows).encode(), digest_size=8).hexdigest())


@lru_cache(maxsize=8)
def _matcher(topics: Topics) -> Matcher:
    return Matcher(topics.rows)


@lru_cache(maxsize=8)
def _prefilter(topics: Topics) -> Prefilter:
    return Prefilter(topics.rows)
