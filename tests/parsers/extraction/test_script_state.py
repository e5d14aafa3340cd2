"""Text that stands only in what a page's scripts start with."""

from __future__ import annotations

import json

import pytest

from parsers.articles.from_page import extract_article
from parsers.records import Article, Rejection

TITLE = "OpenAI opens an office in the old harbour of Rotterdam"
TEXT = [
    "OpenAI has rented four floors of a former grain store and wants to move in by the summer.",
    "Why the harbour",
    "“We looked at nine cities,” said Juliette Example, who leads the search. “This one answered.”",
    "About two hundred people are to work there, most of them on tools for ports and shipping.",
    "The city pays for a new bridge; the company pays rent from the first of June.",
]
OTHER = (
    "Elon Musk has nothing to do with this teaser, which is long enough to be an article. "
    "It has several sentences. They belong to another page of the same outlet, and to no other. "
    "Whoever takes them in has read the wrong member of the state, and stores a stranger's words."
)


def page(script: str) -> str:
    return (
        f"<html lang='en'><head><title>{TITLE} - The Example</title>"
        f"<meta property='og:title' content='{TITLE}'><meta property='og:type' content='article'>"
        f"</head><body><div id='root'><p>Loading…</p></div>{script}</body></html>"
    )


def next_page(state: object) -> str:
    data = json.dumps(state).replace("</", "<\\/")
    return page(f"<script id='__NEXT_DATA__' type='application/json'>{data}</script>")


def around(**members: object) -> dict[str, object]:
    """A state as programs hold it: the article deep inside, other articles around it."""
    related = [{"title": f"Another story {n}", "url": f"/{n}", "body": OTHER * 3} for n in range(3)]
    article = {"id": 7, "headline": TITLE, "related": related, **members}
    return {"props": {"pageProps": {"menu": ["News"], "latest": related, "article": article}}}


def rich(line: str) -> list[dict[str, object]]:
    """A paragraph as editors store it: a piece for each change of style."""
    words = line.split(" ")
    return [{"text": " ".join(words[:3]) + " "}, {"text": " ".join(words[3:]), "marks": ["bold"]}]


SHAPES = {
    "a list of paragraphs": around(body=TEXT),
    "a list of blocks": around(blocks=[{"type": "p", "text": line} for line in TEXT]),
    "markup": around(content={"rendered": "".join(f"<p>{line}</p>" for line in TEXT)}),
    "blocks of markup": around(elements=[{"html": f"<p>{line}</p>"} for line in TEXT]),
    "pieces of rich text": around(body=[{"kind": "block", "children": rich(x)} for x in TEXT]),
    "rich text in a document": around(
        doc={"type": "doc", "content": [{"type": "p", "content": rich(line)} for line in TEXT]}
    ),
}


def text_of(html: str) -> list[str]:
    found = extract_article(html, url="https://www.example.com/2026/11/rotterdam")
    assert isinstance(found, Article)
    assert ("text", "script") in found.sources
    return [line.lstrip("# ") for line in found.text.split("\n\n")]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_text_is_found_in_whatever_shape(shape: str) -> None:
    assert text_of(next_page(SHAPES[shape])) == TEXT


def test_a_state_that_is_assigned_is_read_too() -> None:
    state = json.dumps(around(body=TEXT), ensure_ascii=False)
    assert (
        text_of(page(f"<script>var a = 1;\nwindow.__STATE__ = {state};\nrun(a)</script>")) == TEXT
    )


@pytest.mark.parametrize(
    "state",
    [
        {"latest": [{"title": "Another story", "url": "/1", "body": OTHER * 3}]},
        around(standfirst="One sentence, and no more than that."),
        [[[[]]]] * 3,
    ],
    ids=["others only", "next to nothing", "nothing"],
)
def test_what_is_not_the_articles_own_is_not_taken(state: object) -> None:
    assert isinstance(extract_article(next_page(state), url="https://example.com/a"), Rejection)


@pytest.mark.parametrize("state", ["[" * 100_000, '{"a": ' * 50_000, "{'a': 1}", "x = {b: 1}", ""])
def test_what_is_no_json_is_no_harm(state: str) -> None:
    html = page(f"<script type='application/json'>{state}</script><script>{state}</script>")
    assert isinstance(extract_article(html, url="https://example.com/a"), Rejection)
