"""Articles are taken whole: text in several containers, and what stands below a box's label."""

from __future__ import annotations

import pytest

from parsers.articles.from_page import extract_article
from parsers.extraction.align import place_text
from parsers.extraction.blocks import read_blocks
from parsers.extraction.lost_blocks import lost_blocks
from parsers.extraction.tree import parse_html
from parsers.records import Article

PROSE = [
    "The harbour of the small town opened again on Monday, and the first ship to come in was a"
    " ferry full of children from the islands.",
    "The mayor, who had promised the work in three elections, stood in the rain for an hour and"
    " shook the hand of everyone who came ashore.",
    "Fishermen are less happy: they fear that larger ships will drive the price of fish down, and"
    " that the old quay will be a car park soon.",
    "The state has paid half of the cost, and the town has borrowed the other half from its own"
    " savings bank for a good thirty years.",
    "The next ship is expected in spring, if the ice lets it through, and its captain has asked for"
    " a pilot who knows the rocks by name.",
]
TEXT = [f"<p>{said}</p>" for said in PROSE]
LINKS = (
    "<ul><li><a href='/1'>A library after nine years</a></li><li><a href='/2'>Fish</a></li></ul>"
)


def paragraphs(body: str, url: str = "https://paper.example/town/2030/harbour") -> list[str]:
    found = extract_article(
        f"<!doctype html><html lang='en'><head><title>Harbour opens</title></head><body>"
        f"<h1>Harbour opens</h1>{body}<footer>Paper</footer></body></html>",
        url=url,
    )
    assert isinstance(found, Article), found
    return found.text.split("\n\n")


def lost(body: str, found: list[str]) -> list[str]:
    tree = parse_html(f"<html><body>{body}</body></html>")
    assert tree is not None
    text = place_text(found, read_blocks(tree))
    return [text.blocks[index].text for index in lost_blocks(text, text.covered)]


def part(name: str, *content: str) -> str:
    return f"<div class='{name}'>{''.join(content)}</div>"


@pytest.mark.parametrize("wrap", ["<article>{}</article>", "<section>{}</section>"])
def test_prose_in_containers_of_the_main_ones_kind_belongs_to_the_text(wrap: str) -> None:
    body = wrap.format(
        part("text", *TEXT[:2])
        + part("promo", "<p>Buy a boat.</p>")
        + part("text", "<h2>Not all are glad</h2>", *TEXT[2:4])
    )
    assert lost(body, PROSE[:2]) == ["Not all are glad", *PROSE[2:4]]


@pytest.mark.parametrize(
    "body",
    [
        # Teasers: mostly links.
        "<article>"
        + part("text", *TEXT[:3])
        + part("text", f"<p>{PROSE[3][:50]} <a href='/x'>{PROSE[4]}</a></p>")
        + "</article>",
        # Another article's.
        f"<article>{part('text', *TEXT[:3])}</article><article>{part('text', *TEXT[3:])}</article>",
        # Of another kind, or of none.
        "<article>" + part("text", *TEXT[:3]) + part("bio", *TEXT[3:]) + "</article>",
        f"<div>{''.join(TEXT[:3])}</div><div>{''.join(TEXT[3:])}</div>",
        # One paragraph below a text whose article nothing marks.
        "<section>" + part("text", *TEXT[:3]) + part("text", TEXT[3]) + "</section>",
        # Of that kind, but what it holds is furniture.
        "<article>"
        + part("text", *TEXT[:3])
        + f"<aside>{part('text', *TEXT[3:])}</aside></article>",
    ],
)
def test_other_containers_do_not(body: str) -> None:
    assert lost(body, PROSE[:3]) == []


def test_what_an_extractor_said_in_other_words_is_not_taken_twice() -> None:
    body = f"<article>{part('text', *TEXT[:2])}{part('text', *TEXT[2:4])}</article>"
    assert lost(body, [*PROSE[:2], f"| {PROSE[2]} | {PROSE[3]} |"]) == []


@pytest.mark.parametrize("heading", ["Related articles", "Comments", "Recommended", "Top stories"])
def test_a_heading_right_above_prose_ends_nothing_whatever_it_says(heading: str) -> None:
    body = f"<article>{''.join(TEXT[:4])}<h2>{heading}</h2>{TEXT[4]}</article>"
    assert paragraphs(body) == [*PROSE[:4], f"## {heading}", PROSE[4]]


@pytest.mark.parametrize("label", ["<h3>Related articles</h3>", "<p>You may also like</p>"])
def test_a_box_in_the_text_goes_and_the_text_goes_on(label: str) -> None:
    body = f"<article>{''.join(TEXT[:4])}{label}{LINKS}{TEXT[4]}</article>"
    assert paragraphs(body) == PROSE


def test_a_box_below_the_text_ends_it() -> None:
    below = part("more", f"<p>{PROSE[4]}</p>")
    body = f"<article>{''.join(TEXT[:4])}</article><h3>Related articles</h3>{LINKS}{below}"
    assert paragraphs(body) == PROSE[:4]


def test_lines_of_one_paragraph_above_links_are_no_headings_of_them() -> None:
    dates = "2 May, Harbour<br>3 May, Islands<br>4 June, Old Quay"
    body = f"<article>{''.join(TEXT[:3])}<p>{dates}</p>{LINKS}</article>"
    assert paragraphs(body) == [*PROSE[:3], *dates.split("<br>")]


def test_a_short_text_is_an_article_whatever_links_stand_around_it() -> None:
    links = "".join(
        f"<div><a href='/{at}'>Another page's headline that tells of town {at}</a></div>"
        for at in range(60)
    )
    body = f"{links}<div class='text'>{''.join(TEXT)}</div>"
    assert paragraphs(body, url="https://paper.example/harbour") == PROSE
