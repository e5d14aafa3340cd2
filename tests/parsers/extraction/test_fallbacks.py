"""Other ways to a page's text: that of justext, made cheaper."""

from __future__ import annotations

import pytest
from justext.core import ParagraphMaker
from lxml.html import document_fromstring
from trafilatura import external

from parsers.extraction.fallbacks import prepare_fallbacks

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
    prepare_fallbacks()
    made: object = external.JT_STOPLIST
    assert made == frozenset(words)
