"""Trafilatura made cheaper: it finds what it finds as it comes."""

from __future__ import annotations

import pytest
from justext.core import ParagraphMaker
from lxml.etree import XPath
from lxml.html import HtmlElement, document_fromstring
from trafilatura import core, external, main_extractor, xpaths
from trafilatura.core import bare_extraction
from trafilatura.settings import BASIC_CLEAN_XPATH

from parsers.extraction.cheaper.replace import as_it_comes, prepare
from parsers.extraction.cheaper.searches import Search

PAGES = (
    "<body><h1>A bridge</h1><div>It is <a href='/x'>open  again</a>,<br>says\n the mayor.<br><br>"
    "So<span>me</span> boats\tpass.</div><select><option>One</option></select>\u00a0</body>",
    "<body><p></p><p> \n </p>Loose<ul><li><a>One</a> two</li><li>\u00a9 2026</li></ul>tail</body>",
    "<p>Only this.</p>",
)


@pytest.mark.parametrize("page", PAGES)
def test_paragraphs_are_those_of_justext(page: str) -> None:
    tree = document_fromstring(page)
    made, theirs = (
        [
            (each.text, each.dom_path, each.text_nodes, each.chars_count_in_links, each.tags_count)
            for each in maker.make_paragraphs(tree)
        ]
        for maker in (external.ParagraphMaker, ParagraphMaker)  # type: ignore[attr-defined]
    )
    assert external.ParagraphMaker is not ParagraphMaker  # type: ignore[attr-defined]
    assert made == theirs


def test_the_words_are_the_same_as_a_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external, "JT_STOPLIST", None)
    words = external.jt_stoplist_init()
    prepare()
    made: object = external.JT_STOPLIST
    assert made == frozenset(words)


BODIES = xpaths.BODY_XPATH
"""Of these only the first element is asked for."""
OTHERS = (
    *xpaths.RAW_TREE_PRUNE_XPATH,
    *xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
    *xpaths.OVERALL_DISCARD_XPATH,
    *xpaths.DISCARD_IMAGE_ELEMENTS,
    *xpaths.TEASER_DISCARD_XPATH,
    BASIC_CLEAN_XPATH,
)
TAGS = ("div", "p", "section", "span", "ul", "details", "article", "main", "aside", "item", "list")
VALUES = (
    "",
    "post",
    "Post",
    "text",
    "main",
    "maintenance",
    "content",
    "Main-Content",
    "page-Content wide",
    "entry-content",
    "FullText",
    "article ",
    "an article",
    "comments",
    "commentary",
    "my-comments",
    "post-comments",
    "disqus_thread",
    "mvp-post-add-box",
    "infinite-scroll",
    "elementor-share-buttons",
    "share",
    "a share",
    "cookie",
    "Cookie-Banner",
    "footer",
    "Navigation",
    "reply-1",
    "a-reply-1",
    "is hidden",
    "Teaser",
    "a-teaser-b",
    "caption",
    "display:none",
    "display: none",
    "true",
    "MostPopularStories",
)
NAMES = ("class", "id", "role", "style", "itemprop", "aria-hidden", "data-component")


def _every_kind() -> HtmlElement:
    """A tree in which every value stands in every attribute of every kind of element, alone, before
    and behind another one, and some elements stand in others."""
    root = document_fromstring("<html><body></body></html>")
    body = root[0]
    for tag in TAGS:
        outer = body.makeelement(tag, {})
        body.append(outer)
        for name in NAMES:
            for value in VALUES:
                other = "id" if name == "class" else "class"
                for attributes in ({name: value}, {name: value, other: "x"}, {other: "x"}):
                    element = outer.makeelement(tag, {})
                    for key, said in attributes.items():
                        element.set(key, said)
                    outer.append(element)
                    if name == "class":
                        element.append(element.makeelement("h1", {}))
                swapped = outer.makeelement(tag, {})
                swapped.set(other, "x")
                swapped.set(name, value)
                outer.append(swapped)
    return root


@pytest.mark.parametrize(
    "expression", [*BODIES, *OTHERS], ids=lambda one: " ".join(one.path.split())[:60]
)
def test_a_walk_finds_what_the_expression_finds(expression: XPath) -> None:
    search = Search(expression, first=expression in BODIES)
    assert search.is_read, "another release of trafilatura says what no walk can tell"
    tree = _every_kind()
    for within in (tree, *tree[0]):
        theirs = expression(within)
        assert isinstance(theirs, list)
        assert search(within) == (theirs[:1] if expression in BODIES else theirs)


def test_what_no_walk_can_tell_is_asked_of_the_expression() -> None:
    tree = document_fromstring("<div><p class='a'>x</p><p class='b'>y</p></div>")
    for path in (
        ".//p[last()]",
        ".//*[@class='a' and @id]",
        ".//p[@class='b'][1]|.//div/p",
        ".//p[contains(translate(@class, 'ab', 'c'), 'c')]",
    ):
        expression = XPath(path)
        search = Search(expression)
        assert not search.is_read
        assert search(tree) == expression(tree)


def test_all_that_is_replaced_is_used() -> None:
    """Under these names trafilatura looks up what it uses: `compare_extraction`, for one, in the
    module that calls it."""
    names = (
        (core, "compare_extraction"),
        (core, "RAW_TREE_PRUNE_XPATH"),
        (main_extractor, "BODY_XPATH"),
    )
    ours = [getattr(*name) for name in names]
    with as_it_comes():
        theirs = [getattr(*name) for name in names]
    assert theirs == [external.compare_extraction, xpaths.RAW_TREE_PRUNE_XPATH, BODIES]
    assert not any(one is other for one, other in zip(ours, theirs, strict=True))
    called = core._extract_and_compare.__code__.co_names
    assert "compare_extraction" in called


PROSE = (
    "The bridge over the river is open again, and every boat may pass below it, said the mayor. "
)
MENU = "".join(f"<li><a href='/{at}'>Section number {at} of this site</a></li>" for at in range(60))


@pytest.mark.parametrize(
    ("page", "compared"),
    [
        (f"<article><h1>Open</h1>{f'<p>{PROSE * 3}</p>' * 4}</article>", False),
        # Where all of the page is much longer, and where a text has no paragraph.
        (f"<article>{f'<p>{PROSE}</p>' * 4}</article><ul>{MENU}</ul>", True),
        (f"<table>{f'<tr><td>{PROSE}</td><td>{PROSE}</td></tr>' * 6}</table>", True),
    ],
)
def test_readability_is_asked_where_it_could_be_preferred(
    monkeypatch: pytest.MonkeyPatch, page: str, compared: bool
) -> None:
    seen: list[int] = []
    original = external.try_readability

    def counted(tree: HtmlElement) -> HtmlElement:
        seen.append(len(tree))
        return original(tree)

    monkeypatch.setattr(external, "try_readability", counted)
    html = f"<html><head><title>Open</title></head><body>{page}</body></html>"
    found = bare_extraction(html, include_comments=False)
    assert any(seen) is compared
    with as_it_comes():
        theirs = bare_extraction(html, include_comments=False)
    assert getattr(found, "text", None) == getattr(theirs, "text", None) is not None
