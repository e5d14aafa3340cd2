"""Finding topics in the text of an article; `parsers.topics.topics` tells the rules."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from ahocorasick_rs import AhoCorasick

from parsers.records import Mention, Place, TopicMatch
from parsers.text.spelling import lower, offsets, plain_spelling
from parsers.topics.chunked_search import hits_in
from parsers.topics.forms import Form, forms_of
from parsers.topics.rules import SURROUNDINGS, Role, Topic, WeakRule

LEAD_CHARACTERS = 400
_LONGEST_GIVEN = 24
_NAME_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,})(?: [^\W\d_]\.?)? \Z")
"""A word, and perhaps an initial, right before a name."""
_OTHER = Role.EXCLUDE
_FULL_WEIGHT = (Role.STRONG, Role.LIKELY, Role.SHORT)


@dataclass(frozen=True, slots=True)
class Hit:
    """A form found in one part of an article."""

    part: int
    """0 title, 1 standfirst, 2 text."""
    start: int
    """In the plain spelling of the part."""
    form: Form


@dataclass(slots=True)
class Part:
    """A part of an article in the spelling it is searched in."""

    text: str
    plain: str = field(init=False)
    _origin: array[int] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.plain = plain_spelling(self.text)

    def offset(self, start: int) -> int:
        """Where in the original text a place in the plain one is."""
        if self.plain == self.text:
            return start
        if self._origin is None or start >= len(self._origin):
            # Most are asked of the beginning, where an article first names what it is about.
            self._origin = offsets(self.text, 2 * start + LEAD_CHARACTERS)
        return self._origin[start]


class Matcher:
    """All forms of all topics in one automaton."""

    def __init__(self, topics: tuple[Topic, ...]) -> None:
        self._topics = topics
        self._forms: list[list[tuple[int, Form]]] = []
        numbers: dict[str, int] = {}
        for topic_number, topic in enumerate(topics):
            for form in forms_of(topic):
                number = numbers.setdefault(form.text, len(numbers))
                if number == len(self._forms):
                    self._forms.append([])
                self._forms[number].append((topic_number, form))
        automaton = AhoCorasick(list(numbers))
        self._search = partial(automaton.find_matches_as_indexes, overlapping=True)
        self._longest = max(map(len, numbers), default=1)

    def match(self, title: str, standfirst: str, text: str) -> tuple[TopicMatch, ...]:
        """The topics that the article is on, in the order of the topics file."""
        parts = (Part(title), Part("" if standfirst in text else standfirst), Part(text))
        hits: list[list[Hit]] = [[] for _ in self._topics]
        for number, part in enumerate(parts):
            for topic_number, hit in self._find(number, part.plain):
                hits[topic_number].append(hit)
        matches = (
            _judge(topic, found, parts)
            for topic, found in zip(self._topics, hits, strict=True)
            if found
        )
        return tuple(match for match in matches if match)

    def _find(self, part: int, plain_text: str) -> Iterable[tuple[int, Hit]]:
        lowered = lower(plain_text)
        tagged = "#" in lowered
        for number, start, end in hits_in(lowered, self._search, longest=self._longest):
            for topic_number, form in self._forms[number]:
                capitals = all(plain_text[start + place].isupper() for place in form.capitals)
                if (capitals and form.stands_at(lowered, start, end)) or (
                    tagged and form.stands_in_hashtag(plain_text, start, end, capitals=capitals)
                ):
                    yield topic_number, self._hit(topic_number, part, plain_text, start, form)

    def _hit(self, topic: int, part: int, plain_text: str, start: int, form: Form) -> Hit:
        """The hit, which is a namesake's where the given name of somebody else stands before it."""
        given = self._topics[topic].given_names
        if not given or " " in form.text or form.role not in _FULL_WEIGHT:
            return Hit(part, start, form)
        before = _NAME_BEFORE.search(plain_text, max(0, start - _LONGEST_GIVEN), start)
        if before is None or not before[1][0].isupper():
            return Hit(part, start, form)
        word, end = lower(before[1]), start + len(form.text)
        # With an ending on one name there may be one on the other: Jana Muska, Ивана Маска.
        inflected = not form.text.isascii() or plain_text[end : end + 1].isalpha()
        if any(name in given for name in ((word, word[:-1], word[:-2]) if inflected else (word,))):
            return Hit(part, before.start(), Form(lower(before[0]) + form.text, form.alias, _OTHER))
        return Hit(part, start, form)


def _judge(topic: Topic, hits: list[Hit], parts: tuple[Part, ...]) -> TopicMatch | None:
    """The match, if what was found is evidence enough."""
    around = {hit.form.role for hit in hits if hit.form.role in SURROUNDINGS}
    kept = _without_namesakes(_longest([h for h in hits if h.form.role not in SURROUNDINGS]))
    roles = {hit.form.role for hit in kept}
    company = Role.CONTEXT in around or Role.STRONG in roles or Role.WEAK in roles
    if not company and Role.DOUBT in around:
        kept = [hit for hit in kept if hit.form.role is not Role.LIKELY]
        roles.discard(Role.LIKELY)
    if not company and Role.LIKELY not in roles:
        kept = [hit for hit in kept if hit.form.role is not Role.SHORT]
        roles.discard(Role.SHORT)
    if roles.isdisjoint(_FULL_WEIGHT):
        weak = [hit for hit in kept if hit.form.role is Role.WEAK]
        if not _weak_is_enough(topic.weak_is_enough, weak):
            return None
    return TopicMatch(topic.name, _salience(kept, parts), _mentions(kept, parts))


def _without_namesakes(hits: list[Hit]) -> list[Hit]:
    """The aliases among `hits`, but none that an excluded phrase makes doubtful.

    Where the text speaks of Kimbal Musk, "Musk" may be he, unless Elon Musk is named as well.
    """
    excluded = {hit.form.text for hit in hits if hit.form.role is Role.EXCLUDE}
    aliases = [hit for hit in hits if hit.form.role is not Role.EXCLUDE]
    texts = {hit.form.text for hit in aliases}
    doubtful = {text for text in texts if any(text in phrase for phrase in excluded)}
    certain = [hit for hit in aliases if hit.form.text not in doubtful]
    return aliases if any(h.form.role is Role.STRONG for h in certain) else certain


def _longest(hits: list[Hit]) -> list[Hit]:
    """Of hits that overlap the one that begins first, of those the longest."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.part, h.start, -len(h.form.text))):
        last = kept[-1] if kept else None
        if last is None or last.part != hit.part or hit.start >= last.start + len(last.form.text):
            kept.append(hit)
    return kept


def _weak_is_enough(rule: WeakRule, weak: list[Hit]) -> bool:
    if rule is WeakRule.TOGETHER:
        kinds = {hit.form.alias for hit in weak}
        parts = {hit.part for hit in weak}
        return len(kinds) >= 2 or len(weak) >= 3 or (0 in parts and len(parts) >= 2)
    return rule is WeakRule.ALWAYS and bool(weak)


def _place(hit: Hit) -> Place:
    if hit.part == 0:
        return Place.TITLE
    return Place.LEAD if hit.part == 1 or hit.start < LEAD_CHARACTERS else Place.BODY


def _salience(hits: list[Hit], parts: tuple[Part, ...]) -> float:
    weights = [(1.0 if h.form.role in _FULL_WEIGHT else 0.5, _place(h)) for h in hits]
    title = max((w for w, place in weights if place is Place.TITLE), default=0.0)
    lead = max((w for w, place in weights if place is Place.LEAD), default=0.0)
    mentions = sum(w for w, place in weights if place is not Place.TITLE)
    often = mentions / (mentions + 2 + len(parts[2].text) / 1000)
    return round(0.45 * title + 0.25 * lead + 0.3 * often, 3)


def _mentions(hits: list[Hit], parts: tuple[Part, ...]) -> tuple[Mention, ...]:
    """One for each alias and place, the most telling place first."""
    grouped: dict[tuple[Place, str], list[Hit]] = {}
    for hit in hits:
        grouped.setdefault((_place(hit), hit.form.alias), []).append(hit)
    order = list(Place)
    mentions = []
    for (place, alias), found in grouped.items():
        # An offset into the standfirst only where the text itself has none in this place.
        first = min(found, key=lambda h: (-h.part, h.start))
        offset = parts[first.part].offset(first.start)
        mentions.append(Mention(alias, place, offset, len(found)))
    return tuple(sorted(mentions, key=lambda m: (order.index(m.place), m.offset, m.alias)))
