"""Whether words are a name, a newsroom's, or what somebody does. What they mean is data
(`data/bylines.toml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.metadata.byline_roles import WORDS
from parsers.text.lines import fold

_SPLIT = re.compile(
    r"\s*(?:[;|/·•\n\t、،]|,(?!\s*(?:jr|sr|ii|iii)\b(?!\.?\s?[^\W\d_]))|\s(?:and|und|et|y|e|en|og|och|dan|&|with|mit|avec|con|med|met|и|ve|i|và|と)\s|\s&\s*)\s*"
    r"(?:(?:and|und|dan|et|y|&)\s)?",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?:|www\.|\S+@\S+|^@|\.(?:com|net|org|id)\b", re.IGNORECASE)
_WIDE_NAME = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]{2,8}(?:\s[\u3040-\u9fff\uac00-\ud7af]{1,6})?"
)
_CASED = re.compile(r"[^\W\d_]")
_IS_SOMEBODY = re.compile(
    r"(?:[^\W\d_][\w.’'-]*\s){2,5}(?:is|adalah|merupakan|ist|est|es|é|è|är|er)\s", re.IGNORECASE
)
NAME_CHARS, NAME_WORDS = 60, 6


def is_name(part: str, *, strict: bool, single: bool = False) -> bool:
    """Whether a part of a byline is a name: `strict` where nothing but its form vouches for it; one
    word may be one where something does (`single`)."""
    words = part.split()
    if not 2 <= len(part) <= NAME_CHARS or len(words) > NAME_WORDS or _is_no_name(part):
        return False
    if single and len(words) == 1:
        return part.isalpha() and not is_organisation(part)
    return not strict or _looks_like_name(part, words)


def _is_no_name(part: str) -> bool:
    """Whether something in `part` is in no name: digits, an address, a job, a month alone."""
    folded = fold(part)
    words = folded.split()
    return (
        not any(character.isalpha() for character in part)
        or bool(re.search(r"\d{2}", part) or ADDRESS.search(part))
        or folded in WORDS["nobody"]
        or part.lower() in WORDS["degrees"]
        or all(word in WORDS["calendar"] for word in words)
        or any(word in WORDS["others"] or word in WORDS["jobs"] for word in words)
    )


def _looks_like_name(part: str, words: Sequence[str]) -> bool:
    """Whether a text that nothing vouches for is written like a person's name."""
    if _WIDE_NAME.fullmatch(part):
        return True
    if is_organisation(part) or not any(_CASED.match(word) for word in words):
        return False
    if not all(
        word[0].isupper() or not _has_case(word[0]) or word.lower() in WORDS["particles"]
        for word in words
    ):
        return False
    # "de Recife" is where somebody is, "de la Cruz" may be how.
    return len(words) > 1 and not (len(words) == 2 and words[0][0].islower())


def _has_case(character: str) -> bool:
    return character.lower() != character.upper()


def is_organisation(name: str) -> bool:
    """Whether a name is that of a newsroom, an agency or a company, by its words."""
    words = fold(name).split()
    return any(word in WORDS["organisations"] or word in WORDS["jobs"] for word in words)


def is_staff(name: str) -> bool:
    """Whether a byline is that of nobody in particular: "Example Staff", "The Example Team"."""
    words = name.removeprefix("the ").split()
    return (
        1 < len(words) <= NAME_WORDS
        and not re.search(r"\d|\t", name)
        and (is_organisation(name) or words[-1].lower() in WORDS["jobs"])
        and not all(word.lower() in WORDS["jobs"] for word in words)
        and all(
            word[0].isupper() or word.lower() in WORDS["particles"] or not _has_case(word[0])
            for word in words
        )
    )


def is_job(text: str) -> bool:
    """Whether a text is short and tells what somebody does."""
    words = fold(text).split()
    return 0 < len(words) <= 5 and any(word in WORDS["jobs"] for word in words)


def _names_job(text: str) -> bool:
    return any(word in WORDS["jobs"] for word in fold(text).split())


def tells_who(text: str) -> bool:
    """Whether a text begins with a name and what its owner is: "Jane Roe is a writer from …"."""
    found = _IS_SOMEBODY.match(text)
    return found is not None and _names_job(text[found.end() :][:NAME_CHARS])


def parts_of_names(said: str) -> Iterator[str]:
    """The parts of a list of names that are no piece of what somebody is."""
    return _without_titles(_parts(said))


def _parts(said: str) -> list[tuple[str, str]]:
    """(what stands before it, part) of each name or title in a list of them."""
    marks = list(_SPLIT.finditer(said))
    starts, ends = [0, *(mark.end() for mark in marks)], [*(mark.start() for mark in marks), None]
    before = ["", *(mark[0].strip() for mark in marks)]
    return [(mark, said[start:end]) for mark, start, end in zip(before, starts, ends, strict=True)]


def _without_titles(parts: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The parts of a list that are no piece of what somebody is: "Jane Roe, Head of News and Social
    Media", "Jane Roe, Example Gardener & Garden Expert", "Jane Roe, CEO, Example Works"."""
    jobs = [_names_job(part) for _, part in parts] + [False]
    title = ""
    for at, (mark, part) in enumerate(parts):
        is_apposed, is_joined = mark == ",", mark == "&" or mark.isalpha()
        if jobs[at] and at:
            title = part
        elif title and ((is_joined and " of " in title) or (is_apposed and not jobs[at + 1])):
            continue
        elif not (is_apposed and jobs[at + 1] and _is_half_a_title(*parts[at + 1])):
            title = ""
            yield part


def _is_half_a_title(mark: str, part: str) -> bool:
    """Whether a job belongs to the words that "and" joins it to, and is none of its own."""
    return mark != "," and " " in part and "staff" not in fold(part).split()
