"""From the HTML of a page to its article, or to why it is none.

html ─ tree ─ facts ─ metadata ─ body ─ page type ─▶ Article | Rejection
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from parsers.articles.agencies import read_dateline, read_wire, who_signs
from parsers.articles.language import read_language
from parsers.articles.outlets import own_names, read_credited
from parsers.articles.page_type import Evidence, judge
from parsers.articles.paging import paging_of
from parsers.extraction.extract import Body, extract_body
from parsers.extraction.tree import parse_html
from parsers.identity import article_id
from parsers.metadata.address import read_address
from parsers.metadata.bylines import split_names
from parsers.metadata.facts import PageStatements, read_facts
from parsers.metadata.reconcile import Metadata, read_metadata
from parsers.records import (
    Article,
    Credit,
    CreditRole,
    Entry,
    Paging,
    Rejection,
    RejectionReason,
)
from parsers.text.lines import squeeze


def extract_article(html: str, *, url: str, hint: Entry | None = None) -> Article | Rejection:
    """The article of a decoded page.

    `url` is where the page was read (after redirects); `hint` is the feed's entry that led to
    it. Topics and fingerprint are left for later steps. Any text gives one of the two results.
    """
    return article_in(parse_html(html), url=url, hint=hint)


def article_in(tree: HtmlElement | None, *, url: str, hint: Entry | None) -> Article | Rejection:
    """`extract_article` for a page whose tree is at hand."""
    if tree is None:
        return Rejection(RejectionReason.NOT_HTML, f"{url} holds no markup.", extracted=True)
    facts = read_facts(tree)
    metadata = read_metadata(tree, facts, url=url, hint=hint)
    paging = paging_of(tree, url)
    headlines = [" ".join(heading.text_content().split()) for heading in tree.iter("h1")]
    asks_password = tree.find(".//input[@type='password']") is not None
    body = extract_body(tree, facts, metadata, url=url)
    evidence = Evidence(
        url=url,
        facts=facts,
        titles=(*facts.titles, *filter(None, headlines)),
        body=body,
        access=metadata.access,
        asks_password=asks_password,
    )
    return judge(evidence) or _on_page(_article(facts, metadata, body, url), paging)


def lines_cut(html: str, *, url: str) -> tuple[tuple[str, str], ...]:
    """What of a decoded page is no part of its article: (class, line) pairs, furniture first."""
    tree = parse_html(html)
    if tree is None:
        return ()
    facts = read_facts(tree)
    metadata = read_metadata(tree, facts, url=url, hint=None)
    return extract_body(tree, facts, metadata, url=url).removed_lines


def _on_page(article: Article, paging: Paging | None) -> Article:
    """`article`, where what was read is one page of several."""
    if paging is None:
        return article
    return replace(
        article,
        text_kind="part",
        paging=paging,
        pages_read=(paging.number,),
        page_count=paging.count,
    )


def _article(facts: PageStatements, metadata: Metadata, body: Body, url: str) -> Article:
    last = body.text.rsplit("\n", 1)[-1]
    authors = metadata.authors or _authors_in(body) or who_signs(metadata.bylines, last)
    author_sources = (("authors", "text"),) if authors and not metadata.authors else ()
    language = read_language(body.text, facts)
    canonical, syndication = read_address(facts, url, body.text)
    signatures = (*authors, *metadata.signatures)
    wire = read_wire(body.text, signatures, body.removed_lines, metadata.bylines)
    dateline = read_dateline(body.text)
    own = own_names(url, metadata.site_name, wire.agency if wire else None)
    return Article(
        article_id=article_id(canonical),
        canonical_url=canonical,
        url=url,
        title=metadata.title,
        text=body.marked,
        syndication_url=syndication,
        standfirst=body.standfirst or _summary(facts.descriptions, body.text),
        authors=authors,
        credits=(
            *(metadata.credits or (Credit(name, CreditRole.AUTHOR) for name in authors)),
            *read_credited(
                body.text, language.value if language else None, body.removed_lines, own=own
            ),
        ),
        published_at=metadata.published_at,
        published_offset=metadata.published_offset,
        published_day=metadata.published_day,
        date_flag=metadata.date_flag,
        modified_at=metadata.modified_at,
        dateline=dateline,
        wire=wire.agency if wire else None,
        section=metadata.section,
        tags=metadata.tags,
        language=language.value if language else None,
        site_name=metadata.site_name,
        image_url=metadata.image_url,
        access=metadata.access,
        access_evidence=metadata.access_evidence,
        sources=(
            *metadata.sources,
            *author_sources,
            *((("language", language.source),) if language else ()),
            *((("wire", wire.place),) if wire else ()),
            ("text", body.method),
        ),
        removed=tuple(Counter(name for name, _ in body.removed_lines).most_common()),
    )


def _authors_in(body: Body) -> tuple[str, ...]:
    """Some pages name their authors in the first lines only, where they are boilerplate."""
    bylines = (line for name, line in body.removed_lines if name == "byline")
    return tuple(dict.fromkeys(name for line in bylines for name in split_names(line)))


def _summary(descriptions: Sequence[str], text: str) -> str | None:
    """The page's own description, unless it only repeats how the text begins."""
    opening = squeeze(text[:2000])
    return next((said for said in descriptions if squeeze(said)[:60] not in opening), None)
