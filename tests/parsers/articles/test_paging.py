"""Articles on several pages: which links lead to their other pages, and what the pages make."""

from __future__ import annotations

import pytest

from parsers.articles.joined_pages import join_pages
from parsers.articles.paging import MOST_PAGES, paging_of
from parsers.extraction.tree import parse_html
from parsers.records import Article, Paging

AT = "https://paper.example/news/harbour"


def paging(links: str, url: str = AT) -> Paging | None:
    tree = parse_html(f"<html><head></head><body><p>Text.</p>{links}</body></html>")
    assert tree is not None
    return paging_of(tree, url)


def link(href: str, text: str = "2", more: str = "") -> str:
    return f'<a href="{href}" {more}>{text}</a>'


@pytest.mark.parametrize(
    ("links", "url", "following"),
    [
        (link("?page=2"), AT, f"{AT}?page=2"),
        (link(f"{AT}?hal=2", "Halaman selanjutnya"), AT, f"{AT}?hal=2"),
        (link("/news/harbour/2/"), f"{AT}/", f"{AT}/2/"),
        (link("/news/harbour/page/2", "Weiter"), AT, f"{AT}/page/2"),
        (link("/news/harbour/seite-2", "Nächste Seite"), AT, f"{AT}/seite-2"),
        (link("/news/harbour-p2.html", "2"), f"{AT}.html", f"{AT}-p2.html"),
        (link("/news/harbour_2.html", "下一页"), f"{AT}.html", f"{AT}_2.html"),
        (link("?page=3", "›"), f"{AT}?page=2", f"{AT}?page=3"),
        (link("?id=7&page=2"), "https://paper.example/read?id=7", None),
        (link("/read?id=7&page=2"), "https://paper.example/read?id=7", None),
        ('<link rel="next" href="?page=2">', AT, f"{AT}?page=2"),
    ],
)
def test_the_next_page(links: str, url: str, following: str | None) -> None:
    found = paging(links, url)
    assert found is not None
    assert found.next_page == (following or "https://paper.example/read?id=7&page=2")


@pytest.mark.parametrize(
    "links",
    [
        link("/news/harbour-strike", "Next", 'rel="next"'),
        '<link rel="next" href="https://paper.example/news/another">',
        link("/news/2", "2"),
        link("?page=3", "3"),
        link("?page=2", "Two days in the harbour"),
        link("?page=1", "2"),
        link("?replytocom=2"),
        link("#2"),
        link("https://other.example/news/harbour?page=2"),
        f'<div class="comments">{link("?page=2", "Next")}</div>',
        link("/news/harbour-2", "Next"),
        "".join(link(f"?page={number}", str(number)) for number in range(2, MOST_PAGES + 2)),
    ],
)
def test_links_that_lead_to_no_page_of_the_article(links: str) -> None:
    assert paging(links) is None


def test_a_number_that_is_the_articles_own() -> None:
    assert paging(link("/news/harbour/3", "Next"), f"{AT}/2") is None


def test_where_a_later_page_stands() -> None:
    links = link(AT, "1") + link(f"{AT}?page=3", "3") + link(f"{AT}?page=all", "Show all")
    assert paging(links, f"{AT}?page=2") == Paging(
        number=2, count=3, next_page=f"{AT}?page=3", one_page=f"{AT}?page=all", first_page=AT
    )
    assert paging("", f"{AT}?page=2") == Paging(number=2, first_page=AT)
    assert paging(link(AT, "1"), f"{AT}/2") == Paging(number=2, count=2, first_page=AT)


def test_the_page_that_has_all_is_no_page_of_several() -> None:
    assert paging(link("?page=2"), f"{AT}?page=all") is None


def part(number: int, *paragraphs: str, last: bool = False, count: int | None = None) -> Article:
    following = None if last else f"{AT}?page={number + 1}"
    return Article(
        article_id=number,
        canonical_url=AT,
        url=f"{AT}?page={number}",
        title=f"Harbour {number}",
        text="\n\n".join(paragraphs),
        text_kind="part",
        paging=Paging(number, count=count, next_page=following),
        pages_read=(number,),
        removed=(("tags", number),),
    )


def test_pages_make_an_article_whatever_their_order() -> None:
    pages = [part(1, "One."), part(2, "Two."), part(3, "Three.", last=True)]
    for order in (pages, pages[::-1]):
        joined = join_pages(order)
        assert (joined.title, joined.text) == ("Harbour 1", "One.\n\nTwo.\n\nThree.")
        assert (joined.text_kind, joined.pages_read, joined.page_count) == ("page", (1, 2, 3), 3)
        assert joined.paging is None
        assert joined.removed == (("tags", 6),)


def test_what_is_missing_ends_the_article_and_is_told() -> None:
    joined = join_pages([part(1, "One.", count=4), part(2, "Two."), part(4, "Four.", last=True)])
    assert (joined.text, joined.text_kind) == ("One.\n\nTwo.", "part")
    assert (joined.pages_read, joined.page_count) == ((1, 2), 4)


def test_a_page_on_which_all_stands_is_taken_whole() -> None:
    whole = part(1, "One.", "Two.", "Three.")
    joined = join_pages([part(1, "One."), whole])
    assert (joined.text, joined.text_kind, joined.pages_read) == (whole.text, "page", ())


def test_a_head_that_every_page_repeats_stands_once() -> None:
    head = "What the council decided about the harbour on Monday."
    joined = join_pages([part(1, head, "One.", "***"), part(2, head, "Two.", "***", last=True)])
    assert joined.text == f"{head}\n\nOne.\n\n***\n\nTwo.\n\n***"
