"""The form of a text is kept: headings, quotations, lists, tables, preformatted text, galleries."""

from __future__ import annotations

import pytest

from parsers.articles.from_page import extract_article
from parsers.records import Article
from tests.parsers.extraction.test_whole_articles import PROSE, TEXT

NUMBER = "{}.\u00a0{}".format


def text_of(body: str, head: str = "") -> str:
    found = extract_article(
        f"<!doctype html><html lang='en'><head><title>Harbour opens</title>{head}</head><body>"
        f"<h1>Harbour opens</h1>{body}<footer>Paper</footer></body></html>",
        url="https://paper.example/town/2030/harbour",
    )
    assert isinstance(found, Article), found
    return found.text


def between(middle: str) -> str:
    """What becomes of something between two paragraphs of an article."""
    text = text_of(f"<article>{TEXT[0]}{TEXT[1]}{middle}{TEXT[2]}{TEXT[3]}</article>")
    before, after = "\n\n".join(PROSE[:2]) + "\n\n", "\n\n" + "\n\n".join(PROSE[2:4])
    assert text.startswith(before)
    assert text.endswith(after)
    return text.removeprefix(before).removesuffix(after)


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<h2>What comes next</h2>", "## What comes next"),
        ("<h4>Nothing <i>at all</i></h4>", "## Nothing at all"),
        (
            "<blockquote><p>It rained, she said.</p><p>And we sang.</p></blockquote>",
            "> It rained, she said.\n\n> And we sang.",
        ),
        ("<blockquote>It rained, she said.</blockquote>", "> It rained, she said."),
        (
            "<ol><li>First a ferry.</li><li>Then a tug.</li></ol>",
            f"{NUMBER(1, 'First a ferry.')}\n\n{NUMBER(2, 'Then a tug.')}",
        ),
        ("<ol start='4'><li>A barge.</li></ol>", NUMBER(4, "A barge.")),
        (
            "<ol><li>A barge.</li><li value='7'>A tug.</li></ol>",
            f"{NUMBER(1, 'A barge.')}\n\n{NUMBER(7, 'A tug.')}",
        ),
        ("<ol><li>1. typed by hand</li></ol>", "- 1. typed by hand"),
        ("<ul><li>A ferry.</li><li>A tug.</li></ul>", "- A ferry.\n\n- A tug."),
        ("<pre>red roses\n  blue violets\n\nand so on</pre>", "red roses\nblue violets\nand so on"),
    ],
)
def test_marks(html: str, marked: str) -> None:
    assert between(html) == marked


ROWS = "<tr><th>Day</th><th>Ship</th></tr><tr><td>Monday</td><td>{}</td></tr>"


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (f"<table>{ROWS.format('a ferry')}</table>", "Day | Ship\nMonday | a ferry"),
        (
            f"<figure class='wp-block-table'><table>{ROWS.format('a tug')}</table>"
            "<figcaption>Photo: Bo Sample</figcaption></figure>",
            "Day | Ship\nMonday | a tug",
        ),
        (
            f"<table>{ROWS.format('<ul><li>a ferry</li><li>a tug</li></ul>')}</table>",
            "Day | Ship\nMonday | a ferry; a tug",
        ),
        (
            f"<table>{ROWS.format('<p>A ferry.</p><p>A tug.</p>')}</table>",
            "Day | Ship\nMonday | A ferry. A tug.",
        ),
    ],
)
def test_tables_of_data_keep_their_rows(table: str, rows: str) -> None:
    assert between(table) == rows


@pytest.mark.parametrize(
    "table",
    [
        "<table>" + "".join(f"<tr><td>{said}</td></tr>" for said in PROSE) + "</table>",
        f"<table><tr><td><a href='/a'>Home</a></td><td>{''.join(TEXT)}</td></tr></table>",
        f"<table role='presentation'><tr><td></td><td>{'<br><br>'.join(PROSE)}</td></tr></table>",
        "<table><tr><td><table><tr><td>"
        + "".join(TEXT)
        + "</td></tr></table></td><td>x</td></tr></table>",
    ],
)
def test_tables_of_layout_become_paragraphs(table: str) -> None:
    assert text_of(table) == "\n\n".join(PROSE)


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p><span class='dropcap'>T</span> he ships came in, one by one.</p>", "The ships"),
        ("<p><span class='drop-cap'>A</span> ship came in, and then more.</p>", "A ship"),
        ("<div class='dropcap'>T</div><p>he ships came in, one by one.</p>", "The ships"),
        ("<p class='has-drop-cap'>The ships came in, one by one.</p>", "The ships"),
        (
            "<p>\u6e2f\u306f<ruby>\u6771\u4eac<rp>(</rp><rt>\u3068\u3046</rt><rp>)</rp></ruby>\u306e\u5357\u306b\u3042\u308b\u3002</p>",
            "\u6e2f\u306f\u6771\u4eac\u306e\u5357",
        ),
    ],
)
def test_large_initials_join_their_word_and_ruby_goes(html: str, said: str) -> None:
    assert between(html).startswith(said)


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display: none'>HIDDEN ERROR: tell the editors of it.</p>",
        "<div hidden><p>For printing only.</p></div>",
        f"<div style='color:red;visibility:hidden'>{TEXT[4]}</div>",
        "<p class='print-only'>Printed from the paper of the harbour on Monday.</p>",
        f"<div class='d-none d-print-block'>{TEXT[4]}</div>",
    ],
)
def test_what_nobody_sees_is_no_text(hidden: str) -> None:
    assert text_of(f"<article>{''.join(TEXT[:2])}{hidden}{''.join(TEXT[2:4])}</article>") == (
        "\n\n".join(PROSE[:4])
    )


@pytest.mark.parametrize(
    "rest",
    [
        f"<div style='display:none'>{''.join(TEXT[1:])}</div>",
        f"<div class='read-more-text' hidden>{''.join(TEXT[1:])}</div>",
        "".join(f"<div class='slide' style='display:none'>{said}</div>" for said in TEXT[1:]),
    ],
)
def test_what_waits_for_a_click_is(rest: str) -> None:
    assert text_of(f"<article>{TEXT[0]}{rest}<button>Read more</button></article>") == (
        "\n\n".join(PROSE)
    )


@pytest.mark.parametrize(
    ("figure", "stays"),
    [
        ("<figure class='quote'><blockquote><p>{}</p></blockquote></figure>", True),
        ("<figure class='wp-block-embed'><blockquote><p>{}</p></blockquote></figure>", False),
        ("<figure class='quote'><img src='a.jpg'><figcaption>{}</figcaption></figure>", False),
    ],
)
def test_a_quotation_in_a_figure_is_text_and_another_sites_post_is_none(
    figure: str, stays: bool
) -> None:
    article = f"<article>{''.join(TEXT[:2])}{figure.format(PROSE[2])}{''.join(TEXT[3:])}</article>"
    assert (PROSE[2] in text_of(article)) is stays


def test_captions_that_are_the_text_of_a_gallery_stay() -> None:
    figures = "".join(
        f"<figure><img src='a.jpg'><figcaption>{said}</figcaption></figure>" for said in PROSE[1:4]
    )
    gallery = f"<article>{TEXT[0]}<div>{figures}</div>{TEXT[4]}</article>"
    assert text_of(gallery) == "\n\n".join(PROSE)
    article = f"<article>{''.join(TEXT)}<p>{PROSE[0][::-1]}</p><div>{figures}</div></article>"
    assert text_of(article).count(PROSE[1]) == 1
