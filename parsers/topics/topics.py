"""Topics: what we watch for, and whether a page or an article is about it.

    topics.toml ─▶ rules ─▶ forms ───▶ matcher     texts: on topic? evidence
                          └▶ anchors ─▶ prefilter  raw pages: can it be?

What a file may say, and how names are compared, stands in the head of `seeds/topics.toml`.

**On topic.** An article is on a topic, and `match` returns a `TopicMatch` for it, when

1. a strong alias stands in its title, standfirst or text; or
2. a likely alias (a bare surname) does, and the text has no word of doubt, or else a weak alias
   or a context word beside it; or
3. a short alias does (a surname that is also a word), in the company of a likely or weak alias
   or a context word; or
4. there is weak evidence alone, and the topic's `weak_is_enough` is "always", or is "together"
   and there are two different weak aliases, or one in the title and again below, or three
   mentions.

Where names overlap, the one that begins first counts, and of those the longest. Excluded
phrases take part in that; and in a text with one, aliases that the phrase holds count nowhere
(in "Kimbal Musk … Musk said" no Musk), unless a strong alias that it does not hold is there. One
of the `given_names` before an alias of one word makes the two such a phrase. In a hashtag names
are found from capital to capital.

**Places.** `title`; `lead`: the standfirst and the first 400 characters of the text; `body`.
Offsets count characters of the original text (of the title for `title`; of the standfirst for
an alias that has its lead mention only there), whatever soft hyphens or full-width letters
stand before. A standfirst that the text repeats is not counted twice.

**Salience** = 0.45 t + 0.25 l + 0.3 n / (n + 2 + k), rounded to three places: t and l are 1
where a strong, likely or short alias stands in the title and in the lead, 1/2 where only weaker
ones do, 0 where none does; n is the number of mentions in standfirst and text, weaker ones counted
half; k is the length of the text in thousands of characters. One passing mention in 5,000
characters gives 0.04; a name in title and lead and ten times in 3,000 characters 0.9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from parsers.records import TopicMatch
from parsers.topics.matcher import Matcher
from parsers.topics.prefilter import Prefilter
from parsers.topics.rules import Topic, read_topic_rules


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one file. Frozen and cheap to pickle: automata are built where needed."""

    rows: tuple[Topic, ...]
    digest: str
    """Changes when, and only when, the file means something else."""
    formerly: tuple[str, ...] = ()
    """Digests of what the file said before, as it says itself."""

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

    def prepare(self) -> None:
        """Makes now what `may_mention` and `match` make at the first pages that need it."""
        _matcher(self)
        _prefilter(self).prepare()

    def may_mention(self, body: bytes, content_type: str | None, text: str | None = None) -> bool:
        """Whether an article extracted from `body` could be on any topic; never a false no.

        `text` is the decoded page, where the caller already has it.
        """
        return _prefilter(self).may_mention(body, content_type, text)


@lru_cache(maxsize=8)
def read_topics(body: bytes) -> Topics:
    """The topics of a TOML file such as `seeds/topics.toml`; each run of a process asks for them.

    Raises Drop("bad_topics") that names the key at fault and says what to do.
    """
    file = read_topic_rules(body)
    return Topics(file.topics, _digest(file.topics), file.formerly)


def _digest(topics: Sequence[Topic]) -> str:
    # A set is written in another order by each process; what a topic does not say changes nothing.
    given = "".join(repr(sorted(topic.given_names)) for topic in topics if topic.given_names)
    return blake2b(f"{topics!r}{given}".encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=8)
def _matcher(topics: Topics) -> Matcher:
    return Matcher(topics.rows)


@lru_cache(maxsize=8)
def _prefilter(topics: Topics) -> Prefilter:
    return Prefilter(topics.rows)
