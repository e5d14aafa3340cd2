"""What type of page it is, where it is no article.

A page that is no article gives a text all the same: the words of a consent wall, the teasers of
a section's front page. Stored, they would be found as news. The rules are data
(`data/gate.toml`); none of them touches a long text, because a wrong rejection loses an
article, while a stub that slips through costs one odd row.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from parsers.extraction.extract import Body
from parsers.metadata.facts import PageStatements, node_types
from parsers.records import Access, Rejection, RejectionReason
from parsers.text.lines import is_prose

MIN_TEXT_CHARS = 40
_SHORT_CHARS = 250
_VIDEO_CHARS = 350
_STUB_CHARS = 300
_LIST_PARAGRAPHS = 6
_REPEATS = 20
"""Times that a text may say everything it says, on average, and still be one."""
_TEASER_CHARS = 400
"""A headline, a sentence or two about it, and a date."""
_ENOUGH_PROSE = 600
"""So many characters of prose together are an article, whatever links stand around them."""
_LIST_TYPES = frozenset(("CollectionPage", "SearchResultsPage", "CategoryPage"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a page shows of its nature."""

    url: str
    facts: PageStatements
    titles: Sequence[str]
    """Everything the page states as its title, and its headlines."""
    body: Body
    access: Access
    asks_password: bool

    @property
    def says_article(self) -> bool:
        """Whether the markup says that the page is an article."""
        return bool(
            self.facts.article
            or self.og_type == "article"
            or "article:published_time" in self.facts.meta
        )

    @property
    def og_type(self) -> str:
        """OpenGraph's word for what the page is."""
        return self.facts.meta.get("og:type", ("",))[0].lower()

    @property
    def kinds(self) -> set[str]:
        """What JSON-LD says that anything on the page is."""
        return {kind for node in self.facts.nodes for kind in node_types(node)}


def judge(evidence: Evidence) -> Rejection | None:
    """Why a page is no article; None where it may be one."""
    return (
        _by_rule(evidence)
        or _video_only(evidence)
        or _paywall_stub(evidence)
        or _index_page(evidence)
        or judge_text(_beside_titles(evidence))
    )


def _by_rule(evidence: Evidence) -> Rejection | None:
    length, says_article = len(evidence.body.text), evidence.says_article
    for rule in page_type_rules():
        if length > rule.max_chars:
            continue
        title = next((t for t in evidence.titles if rule.titled(t)), None)
        # Without JavaScript some pages have no text but what they say to such readers.
        said = rule.says((evidence.body.page_text or evidence.body.text)[: 2 * rule.max_chars])
        short = length < rule.max_chars / 2 and not says_article
        if title is not None and (said or short):
            return _rejection(rule.reason, f"Its title is “{title[:80]}”.")
        if said and short:
            return _rejection(rule.reason, f"It says “{said[:80]}”.")
        asks = rule.reason is RejectionReason.LOGIN_PAGE and evidence.asks_password
        if asks and length < _SHORT_CHARS and not says_article:
            return _rejection(rule.reason, "It asks for a password and has little text.")
    return None


def _video_only(evidence: Evidence) -> Rejection | None:
    is_video = "VideoObject" in evidence.kinds or evidence.og_type.startswith("video")
    if is_video and not evidence.facts.article and len(evidence.body.text) < _VIDEO_CHARS:
        return _rejection(RejectionReason.VIDEO_ONLY, "A video with little text around it.")
    return None


def _paywall_stub(evidence: Evidence) -> Rejection | None:
    if evidence.access is Access.PAYWALLED and len(evidence.body.text) < _STUB_CHARS:
        return _rejection(
            RejectionReason.PAYWALL_STUB,
            f"Paywalled, and only {len(evidence.body.text)} characters are open.",
        )
    return None


def _index_page(evidence: Evidence) -> Rejection | None:
    """A front page, a section, a search: mostly links, and nothing that says it is an article."""
    if evidence.says_article:
        return None
    body = evidence.body
    paragraphs = sum(map(is_prose, body.text.split("\n")))
    if paragraphs <= body.teasers and 0 < len(body.text) <= body.teasers * _TEASER_CHARS:
        return _rejection(
            RejectionReason.INDEX_PAGE,
            f"It is a list of headlines that lead to other pages ({body.teasers} of them).",
        )
    enough = body.prose_chars >= _ENOUGH_PROSE
    if paragraphs <= _LIST_PARAGRAPHS and not enough and _mostly_links(evidence):
        return _rejection(
            RejectionReason.INDEX_PAGE,
            f"{body.link_share:.0%} of its text are links, and nothing says it is an article.",
        )
    return None


def _mostly_links(evidence: Evidence) -> bool:
    try:
        path = urlsplit(evidence.url).path
    except ValueError:
        path = ""
    depth = sum(1 for part in path.split("/") if part)
    share = evidence.body.link_share
    enough = 0.45 if evidence.kinds & _LIST_TYPES else 0.6
    return (depth == 0 and share > 0.4) or (depth <= 2 and share > enough)


def _beside_titles(evidence: Evidence) -> str:
    """The text without paragraphs that only repeat a title, such as the one at the end of a menu:
    where nothing else could be read, it is no article."""
    titles = {" ".join(title.split()) for title in evidence.titles}
    return "\n\n".join(part for part in evidence.body.text.split("\n\n") if part not in titles)


def judge_text(text: str) -> Rejection | None:
    """Why a text alone is too little to be an article."""
    if len(text) < MIN_TEXT_CHARS:
        return _rejection(RejectionReason.NO_TEXT, f"Only {len(text)} characters of text.")
    if not re.search(r"[^\W\d_]", text):
        return _rejection(RejectionReason.NO_TEXT, "There is not one letter in its text.")
    paragraphs = text.split("\n\n")
    said = len(set(paragraphs))
    if len(paragraphs) > _REPEATS * said:
        return _rejection(
            RejectionReason.NO_TEXT, f"{len(paragraphs)} paragraphs say the same {said} things."
        )
    return None


def _rejection(reason: RejectionReason, detail: str) -> Rejection:
    return Rejection(reason, detail, extracted=True)


@dataclass(frozen=True, slots=True)
class PageTypeRule:
    """One row of the rules file."""

    reason: RejectionReason
    max_chars: int
    titles: re.Pattern[str] | None
    texts: re.Pattern[str] | None
    rejects: tuple[str, ...]
    passes: tuple[str, ...]

    def titled(self, title: str) -> bool:
        """Whether a whole title is one of this rule's."""
        return bool(self.titles and self.titles.fullmatch(title.strip()))

    def says(self, text: str) -> str | None:
        """What the text says that this rule knows."""
        match = self.texts.search(text) if self.texts else None
        return match[0] if match else None


@cache
def page_type_rules() -> tuple[PageTypeRule, ...]:
    """The rules that ship with this package."""
    source = files("parsers").joinpath("data/gate.toml").read_text("utf-8")
    return tuple(
        PageTypeRule(
            RejectionReason(row["reason"]),
            row["max_chars"],
            _any_of(row["titles"]),
            _any_of(row["texts"]),
            tuple(row["rejects"]),
            tuple(row["passes"]),
        )
        for row in tomllib.loads(source)["gate"]
    )


def _any_of(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE) if patterns else None
