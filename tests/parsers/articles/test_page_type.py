"""Page types: pages that are no articles get a name, and articles pass."""

from __future__ import annotations

import pytest

from parsers.articles.from_page import extract_article
from parsers.records import Article, Rejection, RejectionReason

PROSE = (
    "The harbour of the small town opened again on Monday after nine years of work, and the first "
    "ship to come in was a ferry full of children from the islands. "
)
TEASERS = "".join(
    f"<div><h3><a href='/a/{n}'>Headline number {n} about the harbour and its ships</a></h3></div>"
    for n in range(40)
)


PAYWALLED = (
    '<script type="application/ld+json">'
    '{"@type":"NewsArticle","headline":"Ships","isAccessibleForFree":false}</script>'
)


def html(title: str, body: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("reason", "page"),
    [
        ("index_page", html("The Example Post", TEASERS)),
        (
            "consent_wall",
            html(
                "Before you continue to Example",
                "<h1>Before you continue</h1><p>We and our 800 partners store and access data on"
                " your device. By clicking accept you agree to cookies.</p>",
            ),
        ),
        (
            "consent_wall",
            html(
                "Beispiel",
                "<p>Wir und unsere 214 Partner verarbeiten Daten. Mit Werbung und Cookies weiter"
                " lesen.</p>",
            ),
        ),
        (
            "bot_challenge",
            html(
                "Just a moment...",
                "<p>Checking if the site connection is secure. Enable JavaScript and cookies to"
                " continue</p>",
            ),
        ),
        (
            "bot_challenge",
            html(
                "Access denied",
                "<p>You don't have permission to access this page. Reference"
                " #18.2d351ab8.1557333295.a4e16ab</p>",
            ),
        ),
        (
            "login_page",
            html(
                "Sign in",
                "<form><input name=u><input type=password><p>Forgot your password? Write to the"
                " desk and we will send you a new one.</p></form>",
            ),
        ),
        (
            "login_page",
            html(
                "Masuk | Contoh Pos",
                "<p>Masuk dengan akun Anda untuk melanjutkan. Lupa kata sandi? Hubungi kami.</p>",
            ),
        ),
        (
            "soft_404",
            html(
                "Page not found | The Example Post",
                "<h1>Page not found</h1><p>The page you are looking for no longer exists. Try the"
                " search.</p>",
            ),
        ),
        (
            "soft_404",
            html(
                "Contoh Pos",
                "<h1>Halaman tidak ditemukan</h1><p>Halaman yang Anda cari mungkin sudah dihapus"
                " atau dipindahkan.</p>",
            ),
        ),
        (
            "video_only",
            html(
                "Harbour from above",
                "<h1>Harbour from above</h1><p>See the harbour from above in this film of two"
                " minutes.</p>",
                '<meta property="og:type" content="video.other">',
            ),
        ),
        (
            "paywall_stub",
            html(
                "Ships",
                f"<article><h1>Ships</h1><p>{PROSE}</p></article>",
                PAYWALLED,
            ),
        ),
        (
            "soft_404",
            html(
                "harbour-news.example is for sale",
                "<h1>harbour-news.example is for sale</h1><p>This domain is for sale. Related"
                " searches: harbour, ships, ferries.</p>",
            ),
        ),
        (
            "error_page",
            html(
                "Internal Server Error",
                "<h1>Internal Server Error</h1><p>Something went wrong while loading this story"
                " about the harbour. Please try again later.</p>",
            ),
        ),
        (
            "error_page",
            html(
                "The Example Post",
                "<h1>Down for maintenance</h1><p>We are currently performing scheduled"
                " maintenance. The Example Post will be back shortly.</p>",
            ),
        ),
        (
            "error_page",
            "<br><b>Fatal error</b>: Uncaught PDOException: SQLSTATE[HY000] [2002] Connection"
            " refused in /var/www/harbour/db.php on line <b>12</b><br>",
        ),
        (
            "bot_challenge",
            html(
                "Not available in your region",
                "<p>We recognise you are attempting to access this website from a country belonging"
                " to the European Economic Area.</p>",
            ),
        ),
        (
            "bot_challenge",
            html(
                "The Example Post",
                "<p>It looks like you are using an ad blocker. News of the harbour is paid for by"
                " advertising.</p>",
            ),
        ),
        ("no_text", html("x", "<p>.</p>")),
        (
            "no_text",
            html(
                "Harbour",
                "<div id=root></div><noscript>You need to enable JavaScript to run this harbour"
                " app.</noscript>",
            ),
        ),
        (
            "no_text",
            html(
                "Ships come in to the harbour, at last",
                "<div>Home</div><div>About</div><h1>Ships come in to the harbour, at last</h1>"
                + "<span>" * 500
                + PROSE,
            ),
        ),
    ],
)
def test_pages_that_are_no_articles_are_named(reason: str, page: str) -> None:
    path = "/" if reason == "index_page" else "/2030/01/09/ships.html"
    found = extract_article(page, url=f"https://example.org{path}")
    assert isinstance(found, Rejection)
    assert found.reason is RejectionReason(reason)
    assert found.detail
    assert found.extracted


@pytest.mark.parametrize(
    "page",
    [
        html(
            "Access denied to the harbour",
            f"<article><h1>Access denied to the harbour</h1><p>{PROSE * 4}</p></article>",
        ),
        html("Page not found in the diary", f"<article><p>{PROSE * 8}</p></article>"),
        html(
            "Ships",
            f"<article><h1>Ships</h1><p>{PROSE * 4}</p></article>",
            PAYWALLED,
        ),
        html(
            "Film",
            f"<article><h1>Film</h1><p>{PROSE * 4}</p></article>",
            '<meta property="og:type" content="video.other">',
        ),
        html(
            "Ships",
            f"<article><h1>Ships</h1><p>{PROSE * 4}</p></article>{TEASERS}",
            '<meta property="og:type" content="article">',
        ),
        html(
            "Cookies",
            f"<article><p>{PROSE * 12}</p></article><div>We and our 800 partners store data.</div>",
        ),
        html(
            "Ships",
            f"<article><h1>Ships</h1><p>{PROSE * 3}</p></article><form><input"
            " type=password></form>",
        ),
    ],
)
def test_articles_pass(page: str) -> None:
    assert isinstance(extract_article(page, url="https://example.org/2030/ships.html"), Article)


TEASER = (
    "<article><h3><a href='/ships-{n}'>Ships come in to the harbour, part {n}</a></h3>"
    "<p>{n} {text}</p><span>January {n}, 2030</span></article>"
)


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "A ferry full of children."), (3, "A ferry."), (4, PROSE)],
    ids=["one teaser", "three", "teasers as long as paragraphs"],
)
def test_a_list_of_teasers_is_an_index_page(count: int, text: str) -> None:
    teasers = "".join(TEASER.format(n=n, text=text) for n in range(1, count + 1))
    found = extract_article(
        html("Ships | The Example Post", f"<main><h1>Ships</h1>{teasers}</main>"),
        url="https://example.org/tag/ships/",
    )
    assert isinstance(found, Rejection)
    assert found.reason is RejectionReason.INDEX_PAGE


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (f"<h2><a href='/ships'>Ships come in</a></h2><p>{PROSE}</p>", ""),
        (f"<h2><a href='/rain'>Rain in the valley</a></h2><p>{PROSE}</p><p>Also, {PROSE}</p>", ""),
        (
            "<h2><a href='/rain'>Rain in the valley</a></h2><p>A ferry came in, and it rained.</p>",
            '<meta property="og:type" content="article">',
        ),
    ],
    ids=["its own headline", "more text than headlines", "says it is an article"],
)
def test_an_article_below_a_linked_headline_passes(body: str, head: str) -> None:
    page = html("Ships come in", f"<main>{body}</main>", head)
    assert isinstance(extract_article(page, url="https://example.org/ships"), Article)
