"""From the HTML of a page to its article, or to why it is none.

html ─ parse ─ facts ─ metadata ─ body ─ boilerplate ─ gate ─▶ Article | Rejection
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from urllib.parse import urljoin

from lxml.html import HtmlElement

from parsers.alignment import squeeze
from parsers.boilerplate import clean_text
from parsers.datelines import read_dateline
from parsers.errors import Drop
from parsers.extraction import extract_body
from parsers.gate import Evidence, judge
from parsers.html import parse_html
from parsers.identity import article_id
from parsers.language import read_language
from parsers.metadata.facts import Facts, read_facts, stated_descriptions, stated_titles
from parsers.metadata.reconcile import read_metadata
from parsers.records import Article, Entry, Rejection, RejectionReason
from parsers.urls import canonical_url, same_site


def extract_article(html: str, *, url: str, hint: Entry | None = None) -> Article | Rejection:
    """The article of a decoded page.

    `url` is where the page was read (after redirects); `hint` is the feed's entry that led to
    it. Topics and fingerprint are left for later steps. Any text gives one of the two results.
    """
    tree = parse_html(html)
    if tree is None:
        return Rejection(RejectionReason.NOT_HTML, f"{url} holds no markup.", extracted=True)
    facts = read_facts(tree)
    metadata = read_metadata(tree, facts, url=url, hint=hint)
    descriptions = stated_descriptions(facts)
    body = extract_body(tree, url=url, titles=stated_titles(facts), descriptions=descriptions)
    cleaned = clean_text(body.text, title=metadata.title)
    rejection = judge(
        Evidence(
            url=url,
            text=cleaned.text,
            facts=facts,
            titles=(*stated_titles(facts), *_headlines(tree)),
            page_text=body.page_text,
            link_share=body.link_share,
            access=metadata.access,
            asks_password=tree.find(".//input[@type='password']") is not None,
        )
    )
    if rejection is not None:
        return rejection
    language = read_language(cleaned.text, facts)
    canonical, syndication = _identity(facts, url, cleaned.text)
    return Article(
        article_id=article_id(canonical),
        canonical_url=canonical,
        url=url,
        title=metadata.title,
        text=cleaned.text,
        syndication_url=syndication,
        standfirst=body.standfirst or _summary(descriptions, cleaned.text),
        authors=metadata.authors,
        published_at=metadata.published_at,
        modified_at=metadata.modified_at,
        dateline=read_dateline(cleaned.text),
        section=metadata.section,
        tags=metadata.tags,
        language=language.value if language else None,
        site_name=metadata.site_name,
        image_url=metadata.image_url,
        access=metadata.access,
        access_evidence=metadata.access_evidence,
        sources=(
            *metadata.sources,
            *((("language", language.source),) if language else ()),
            ("text", body.method),
        ),
        removed=_counts((*body.removed_lines, *cleaned.removed_lines)),
    )


def _headlines(tree: HtmlElement) -> list[str]:
    texts = (heading.text_content().strip() for heading in tree.iter("h1"))
    return [" ".join(text.split()) for text in texts if text]


def _summary(descriptions: tuple[str, ...], text: str) -> str | None:
    """The page's own description, unless it only repeats how the text begins."""
    opening = squeeze(text[:2000])
    for description in descriptions:
        if squeeze(description)[:60] not in opening:
            return description
    return None


def _counts(removed: tuple[tuple[str, str], ...]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(name for name, _ in removed).most_common())


def _identity(facts: Facts, url: str, text: str) -> tuple[str, str | None]:
    """(canonical URL, syndication URL).

    A canonical link is believed where it stays on the page's own site and doesn't point at the
    site's front page, as broken templates do; one to another host is a claim of syndication.
    """
    own = _canonical_or_none(url) or _content_urn(text)
    stated = facts.canonical or (facts.meta.get("og:url") or ("",))[0]
    claimed = _canonical_or_none(urljoin(url, stated)) if stated else None
    if claimed is None or claimed == own:
        return own, None
    if own.startswith("urn:") or same_site(claimed, own):
        return (own if _is_shallower(claimed, own) else claimed), None
    return own, claimed


def _is_shallower(claimed: str, own: str) -> bool:
    """Whether `claimed` is the root or a section above the page `own`."""
    if own.startswith("urn:"):
        return False
    claimed_path = claimed.split("://", 1)[1].partition("/")[2].partition("?")[0].strip("/")
    own_path = own.split("://", 1)[1].partition("/")[2].partition("?")[0].strip("/")
    return not claimed_path or own_path.startswith(claimed_path + "/")


def _canonical_or_none(url: str) -> str | None:
    try:
        return canonical_url(url)
    except (Drop, ValueError):
        return None


def _content_urn(text: str) -> str:
    return "urn:sha256:" + sha256(text.encode("utf-8", "replace")).hexdigest()
