"""Saved plain-text documents: title, section and dates recovered, chrome taken away.

The documents here are made up, of the classes that real ones belong to; where the user's own
two are on the machine they are read too.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.articles.from_document import is_text, looks_like_html, read_document
from parsers.records import Article, Rejection, RejectionReason

SHARED = Path(
    os.environ.get("PRESSCLIP_SEEDS") or Path(__file__).resolve().parents[4] / "shared" / "seeds"
)

TITLE = "Pelabuhan Baru di Teluk Sunyi Akhirnya Dibuka untuk Umum!"
BODY = [
    (
        "Warga Teluk Sunyi menyambut pembukaan pelabuhan baru pada hari Senin dengan tarian dan "
        "hidangan laut, setelah sembilan tahun menunggu pembangunan yang berkali-kali tertunda."
    ),
    (
        "Wali kota berdiri satu jam di bawah hujan dan menyalami setiap penumpang yang turun dari "
        "kapal pertama. Menurutnya, pelabuhan ini akan mengubah kehidupan para nelayan."
    ),
    "Apa Kata Nelayan",
    (
        "“Kami sudah lama menunggu,” kata Pak Contoh, yang perahunya tinggal satu. Dia berharap"
        " harga ikan tidak jatuh ketika kapal besar mulai datang setiap minggu."
    ),
    "Lalu, siapa yang akan membayar?",
]
TAIL = ["RELATED ARTICLES", "LEAVE A REPLY", "Please enter your comment!", "Most Popular"]


def article(text: str) -> Article:
    found = read_document(text, name="document.txt")
    assert isinstance(found, Article)
    return found


def paragraphs(text: str) -> list[str]:
    return article(text).text.split("\n\n")


def newspaper_theme(head: str = "", tail: list[str] | None = None) -> str:
    """A page of the theme whose breadcrumb is glued to the title."""
    above = f"Thursday, January 9, 2025\nNo menu items!\nHomeEkonomi{TITLE}\n\n{TITLE}\n\n{head}"
    return above + "\n\n".join(BODY + (TAIL if tail is None else tail))


def test_glued_breadcrumb_gives_title_and_section_and_the_date_above_is_when_it_was_seen() -> None:
    found = article(newspaper_theme())
    assert found.text.split("\n\n") == BODY
    assert found.title == TITLE
    assert found.section == "Ekonomi"
    assert found.published_at is None
    assert found.seen_at == datetime(2025, 1, 9, tzinfo=UTC)
    assert found.language == "id"
    assert found.text_kind == "document"
    assert {"related", "comment_form"} <= dict(found.removed).keys()


@pytest.mark.parametrize(
    "head",
    [
        f"Kamis, 9 Januari 2025\nMasuk\nBerandaEkonomi{TITLE}\n{TITLE}\n",
        f"Sign in / Join\nHome > Ekonomi > {TITLE}\n\n{TITLE}\n",
        f"Kamis, Januari 9, 2025\nBeranda » Ekonomi » {TITLE}\nEkonomi\n{TITLE}\n",
        f"Thursday, January 9, 2025No menu items!HomeEkonomi{TITLE}{TITLE}\n",
        (
            "Welcome! Log into your account\nyour username\nyour"
            f" password\nHome\nEkonomi\n{TITLE}\n{TITLE}\n"
        ),
    ],
)
def test_heads_of_other_themes(head: str) -> None:
    found = article(head + "\n".join(BODY))
    assert found.title == TITLE
    assert found.text.split("\n\n") == BODY
    assert found.section == "Ekonomi"


@pytest.mark.parametrize(
    "tail",
    [
        [
            "ARTIKEL TERKAIT",
            "Kapal Kedua Tiba",
            "TINGGALKAN BALASAN",
            "Silakan masukkan komentar anda!",
        ],
        ["Related articlesMore from author", "Cancel reply", "Edit with Live CSS"],
        ["Previous article", "Kapal Kedua Tiba", "Next article", "Hujan Turun Lagi"],
        ["BagikanFacebookTwitter", "Baca juga: Kapal Kedua Tiba"],
    ],
)
def test_tails_of_other_themes(tail: list[str]) -> None:
    assert paragraphs(newspaper_theme(tail=tail)) == BODY


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n\n", "\r\n", " \n\u00a0\n", "\u2028"])
def test_line_breaks_may_be_lost_or_doubled(gap: str) -> None:
    lines = ["Thursday, January 9, 2025", "No menu items!", f"HomeEkonomi{TITLE}", TITLE]
    assert paragraphs(gap.join([*lines, *BODY, *TAIL])) == BODY


def test_a_tail_glued_to_the_last_paragraph_goes() -> None:
    text = newspaper_theme(tail=[]) + "RELATED ARTICLESLEAVE A REPLYPlease enter your comment!"
    assert paragraphs(text) == BODY


def test_wrapped_lines_are_joined() -> None:
    import textwrap  # noqa: PLC0415

    wrapped = "\n\n".join(textwrap.fill(line, 72) for line in [TITLE, *BODY])
    assert paragraphs(wrapped) == BODY


def test_title_then_paragraphs_with_a_dateline() -> None:
    lead = "TELUK SUNYI - " + BODY[0]
    found = article("\n\n".join([TITLE, lead, *BODY[1:]]))
    assert found.title == TITLE
    assert found.dateline == "TELUK SUNYI"
    assert found.text.split("\n\n") == [lead, *BODY[1:]]
    assert found.seen_at is None


def test_byline_and_date_below_the_title_are_author_and_publication() -> None:
    found = article(newspaper_theme(head="Oleh Contoh Penulis\n9 Januari 2025\n"))
    assert found.text.split("\n\n") == BODY
    assert found.authors == ("Contoh Penulis",)
    assert found.published_at == datetime(2025, 1, 9, tzinfo=UTC)


def test_the_same_document_has_the_same_identity_whatever_its_name() -> None:
    one, two = (read_document(newspaper_theme(), name=name) for name in ("a.txt", "b.txt"))
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert one.article_id == two.article_id
    assert one.canonical_url.startswith("urn:sha256:")


def test_a_document_without_text_is_rejected() -> None:
    found = read_document("Home\n\n", name="x")
    assert isinstance(found, Rejection)
    assert found.reason is RejectionReason.NO_TEXT


@given(st.text(max_size=800))
def test_any_text_gives_a_record(text: str) -> None:
    assert isinstance(read_document(text, name="x"), Article | Rejection)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no seed documents in {SHARED}")
def test_the_users_documents() -> None:
    first, second = (article(path.read_text("utf-8")) for path in sorted(SHARED.glob("*.txt")))
    assert (first.dateline, len(first.text.split("\n\n"))) == ("JAKARTA", 8)
    assert first.text.startswith("JAKARTA - ")
    assert len(second.text.split("\n\n")) == 26
    assert second.section == "Bisnis"
    assert second.seen_at == datetime(2025, 1, 9, tzinfo=UTC)
    assert first.published_at is second.published_at is None


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n1 0 obj",
        b"\x89PNG\r\n\x1a\n....",
        b"PK\x03\x04....word/document.xml",
        b"\x1f\x8b\x08....",
        b"{\\rtf1\\ansi A letter}",
        b"A line\x00with a NUL",
        bytes(range(32)) * 4,
    ],
)
def test_binary_files_are_no_text(body: bytes) -> None:
    assert not is_text(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"A line.\r\n\tAnother.\x0c",
        "港が開く。".encode("shift_jis"),
        "港が開く。".encode("utf-16"),
        "Die Fähre läuft ein.".encode("latin-1"),
        b"PDF files begin with %PDF-",
    ],
)
def test_text_of_any_encoding_is_text(body: bytes) -> None:
    assert is_text(body)


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><html>",
        "\ufeff\n <html lang=id>",
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">',
        "<!-- saved page --><!-- twice -->\n<body>",
        '<div class="body"><p>A ferry.</p></div>',
        "<p>A ferry.",
        "<article>\n<h1>A ferry</h1>",
        "<H2>A ferry</H2>",
    ],
)
def test_pages_and_fragments_are_html(text: str) -> None:
    assert looks_like_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A ferry <p>came in.</p>",
        "<jane@example.org> wrote:",
        "<https://example.org/a>",
        "< 5 ships came in",
        "<pelabuhan> is a word",
        '<?xml version="1.0"?><rss version="2.0"><channel>',
        "<!-- a comment without an end",
    ],
)
def test_other_documents_are_not_html(text: str) -> None:
    assert not looks_like_html(text)


@given(st.binary(max_size=400), st.text(max_size=400))
def test_any_document_is_judged(body: bytes, text: str) -> None:
    assert is_text(body) in {True, False}
    assert is_text(text.replace("\x00", "").encode("utf-16"))
    assert not looks_like_html("x" + text)
