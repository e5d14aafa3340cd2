"""A hostile site: pages, links and feeds that misbehave, each with what must be said of it.

What goes wrong on the wire is in `test_client_faults.FAULTS`; here is what comes after that.
"""

from __future__ import annotations

import asyncio
import gzip
import random
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from html import escape

from tests.servers.site import Handler, Request, answer, raw, redirect

HTML = {"Content-Type": "text/html; charset=utf-8"}
STORY = (
    "OpenAI opened its reading room at Port Alder on Monday and lent eleven books about tides. "
    "The librarian said that every shelf had been filled by hand, and that the twelfth book, "
    "about knots, would follow within the week. "
)


def page(title: str, body: str, head: str = "") -> bytes:
    """A page."""
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def article(number: int, head: str = "") -> bytes:
    """An article that must be stored, unlike every other one."""
    text = "".join(
        f"<p>{STORY} Shelf {number} holds {number * 7 + n} volumes of the {n}th room.</p>"
        for n in range(5)
    )
    return page(f"OpenAI lends books, part {number}", f"<article><h1>OpenAI lends books, part {number}</h1>{text}</article>", head)  # fmt: skip # noqa: E501


def text(body: bytes, **headers: str) -> Handler:
    """An answer with `body`, called HTML unless `headers` say otherwise."""
    return answer(200, HTML | {name.replace("_", "-"): value for name, value in headers.items()}, body)  # fmt: skip # noqa: E501


async def with_cookies_for_ever(request: Request, writer: asyncio.StreamWriter) -> None:
    """Redirects with a new cookie and a new address each time."""
    number = request.target.rpartition("/")[2]
    count = int(number) + 1 if number.isdecimal() else 1
    headers = {"Set-Cookie": f"visit={count}; Path=/", "Location": f"/cookie/{count}"}
    await answer(302, headers, b"")(request, writer)


async def wants_its_cookie(request: Request, writer: asyncio.StreamWriter) -> None:
    """A circle for whoever brings no cookie."""
    handler = text(article(99)) if "cookie" in request.headers else redirect(request.target)
    await handler(request, writer)


RANDOM = random.Random(7)
NOISE = RANDOM.randbytes(200_000)
PDF = b"%PDF-1.7\n" + NOISE
TEASERS = "".join(
    f'<div class="teaser"><h2><a href="/{n}">OpenAI story {n}</a></h2></div>' for n in range(80)
)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "OpenAI lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(10))
    + "]>"
)

Reasons = frozenset[str]


def said(*names: str) -> Reasons:
    """Any of these names will do: some faults are two at once."""
    return frozenset(names)


NO_ARTICLE = said("no_text", "index_page", "not_html", "mentions_nothing", "names_nothing")

PAGES: dict[str, tuple[Handler, Reasons]] = {
    **{
        f"status {status}": (answer(status, HTML, b"<p>OpenAI: no"), said(f"http_{status}"))
        for status in (304, 400, 401, 402, 403, 404, 405, 406, 410, 418, 421, 425, 451, 500, 501,
                       502, 504, 520, 999)
    },
    "busy for seconds": (answer(503, {"Retry-After": "120"}, b""), said("http_503")),
    "busy until a date": (
        answer(503, {"Retry-After": formatdate(4e9, usegmt=True)}, b""), said("http_503")),
    "too many requests": (answer(429, {"Retry-After": "120"}, b""), said("http_429")),
    "too many, until nonsense": (answer(429, {"Retry-After": "soon"}, b""), said("http_429")),
    "no content": (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), said("http_204")),
    "half a page": (answer(206, HTML, article(97)[:900]), said("http_206")),
    "a server's error": (
        text(page("Internal Server Error", "<p>OpenAI could not be loaded. Try again later.")),
        said("error_page")),
    "a feed": (
        text(b"<rss><channel><item><title>OpenAI opens", Content_Type="text/xml"),
        said("not_html")),
    "cookies for ever": (with_cookies_for_ever, said("too_many_redirects", "timeout")),
    "wants its cookie": (wants_its_cookie, said("redirect_loop")),
    "a redirect with no target": (answer(302, {}, b""), said("http_302")),
    "a redirect to another scheme": (redirect("ftp://ftp.example/a"), said("bad_url")),
    "a redirect to a data URL": (redirect("data:text/html,OpenAI"), said("bad_url")),
    "a redirect with a user name": (redirect("http://a:b@127.0.0.1/"), said("bad_url")),
    "a redirect to a mapped address": (
        redirect("http://[::ffff:10.0.0.1]/"), said("blocked_address")),
    "a redirect to a NAT64 address": (
        redirect("http://[64:ff9b::10.0.0.1]/"), said("blocked_address")),
    "a redirect to a 6to4 address": (redirect("http://[2002:a00:1::]/"), said("blocked_address")),
    "a redirect to an address with a zone": (
        redirect("http://[fe80::1%25eth0]/"), said("blocked_address", "bad_url")),
    "a redirect with a line break": (
        raw(b"HTTP/1.1 302 X\r\nLocation: /a\r\n b\r\nContent-Length: 0\r\n\r\n"),
        said("redirect_loop", "http_404", "bad_url", "bad_response")),
    "an empty body": (text(b""), NO_ARTICLE),
    "spaces": (text(b" \n" * 400_000), NO_ARTICLE),
    "NULs": (text(b"\0" * 500_000), NO_ARTICLE),
    "noise called HTML": (text(NOISE), NO_ARTICLE),
    "a PDF": (text(PDF, Content_Type="application/pdf"), said("not_html")),
    "a PDF called HTML": (text(PDF), NO_ARTICLE),
    "a PNG called HTML": (text(b"\x89PNG\r\n\x1a\n" + NOISE), NO_ARTICLE),
    "a video": (text(NOISE, Content_Type="video/mp4"), said("not_html")),
    "JSON": (text(b'{"openai": 1}', Content_Type="application/json"), said("not_html")),
    "100,000 nested elements": (text(b"<div>" * 100_000 + b"OpenAI"), NO_ARTICLE),
    "100,000 nested lists": (text(b"<ul><li>OpenAI" * 50_000), NO_ARTICLE),
    "an element with 10,000 attributes": (
        text(b"<p " + b" ".join(b"a%d=1" % n for n in range(10_000)) + b">OpenAI"), NO_ARTICLE),
    "a comment that does not end": (text(b"<html><!-- OpenAI" + b"x" * 1_000_000), NO_ARTICLE),
    "a script that does not end": (text(b"<script>OpenAI" + b"x<" * 400_000), NO_ARTICLE),
    "half a million brackets": (text(b"<" * 500_000), NO_ARTICLE),
    "nested JSON-LD": (
        text(page("OpenAI", "", '<script type="application/ld+json">' + "[" * 10**5)), NO_ARTICLE),
    "entities in a page": (
        text(f"{BOMB}<html><body><p>&k;</p></body></html>".encode(),
             Content_Type="application/xhtml+xml"), NO_ARTICLE),
    "UTF-16 that is none": (
        text(page("OpenAI", "<p>OpenAI"), Content_Type="text/html; charset=utf-16"), NO_ARTICLE),
    "a charset nobody knows": (
        text(page("OpenAI", "<p>OpenAI"), Content_Type="text/html; charset=x-\x80-klingon"),
        NO_ARTICLE),
    "a soft 404": (
        text(page("Page not found", "<h1>Page not found</h1><p>OpenAI is no longer here.</p>")),
        said("soft_404")),
    "a bot challenge": (
        text(page("Just a moment...", "<p>OpenAI. Enable JavaScript and cookies to continue</p>")),
        said("bot_challenge")),
    "a consent wall": (
        text(page("Before you continue", "<p>We and our 842 partners store and access data.</p>")),
        said("consent_wall")),
    "a login page": (
        text(page("Sign in", "<form><input name=u><input type=password><p>Forgot your password?"
                  " OpenAI will send you a new one.</p></form>")), said("login_page")),
    "an index page": (text(page("The Example Post", TEASERS)), said("index_page", "no_text")),
    "a meta refresh": (
        text(page("OpenAI", "", '<meta http-equiv="refresh" content="0; url=http://10.0.0.1/">')),
        NO_ARTICLE),
    "frames": (
        text(b"<html><frameset><frame src='http://10.0.0.1/'></frameset>OpenAI"), NO_ARTICLE),
    "nothing but a script": (
        text(page("OpenAI", "<div id=root></div><script>document.write('OpenAI')</script>")),
        NO_ARTICLE),
    "a length that cuts": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + article(98)),
        NO_ARTICLE),
    "gzip that is none": (text(page("OpenAI", "<p>OpenAI"), Content_Encoding="gzip"), NO_ARTICLE),
    "gzip with something behind it": (
        text(gzip.compress(page("OpenAI", "<p>OpenAI")) + NOISE, Content_Encoding="gzip"),
        NO_ARTICLE),
}  # fmt: skip
"""What is a page and no article, and what its entry must say."""

LINKS: dict[str, tuple[str | None, Reasons]] = {
    "no link": (None, said("no_link")),
    "a script": ("javascript:alert('OpenAI')", said("no_link")),
    "a data URL": ("data:text/html,OpenAI", said("no_link")),
    "a file": ("file:///etc/passwd", said("no_link")),
    "a gopher": ("gopher://127.0.0.1:70/1", said("no_link")),
    "a user name": ("http://user:secret@127.0.0.1/a", said("bad_url")),
    "a port that is none": ("http://127.0.0.1:99999/a", said("bad_url")),
    "port zero": ("http://127.0.0.1:0/a", said("bad_url")),
    "nobody there": ("http://127.99.0.1:9/a", said("connect_failed")),
    "a private address": ("http://10.0.0.1/a", said("blocked_address")),
    "the cloud's metadata": ("http://169.254.169.254/latest", said("blocked_address")),
    "carrier-grade NAT": ("http://100.64.0.1/a", said("blocked_address")),
    "multicast": ("http://224.0.0.1/a", said("blocked_address")),
    "IPv6 loopback": ("http://[::1]/a", said("blocked_address")),
    "a mapped address": ("http://[::ffff:192.168.0.1]/a", said("blocked_address")),
    "a decimal address": ("http://167772161/a", said("blocked_address")),
    "a hexadecimal address": ("http://0x0a000001/a", said("blocked_address")),
    "an octal address": ("http://012.0.0.1/a", said("blocked_address", "bad_url")),
    "a name for this machine": ("http://localhost:9/a", said("blocked_address", "connect_failed")),
    "punycode for nobody": ("http://xn--80ak6aa92e.invalid/a", said("dns_failed")),
    "a name in another script": ("http://пример.invalid/a", said("dns_failed")),
    "a name that is too long": (f"http://{'a' * 300}.invalid/", said("bad_url", "dns_failed")),
    "an endless address": ("http://127.0.0.1/" + "x" * 20_000, said("bad_url", "no_link")),
    "TLS where there is none": ("https://{plain}/a", said("tls_failed", "timeout")),
    "TLS of an unknown authority": ("https://127.0.0.1:{tls}/a", said("tls_failed", "timeout")),
}
"""Links of entries, and what the entry must say."""


def rss(*items: str, head: str = "") -> bytes:
    """A feed."""
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed</title>{head}"
        f"{''.join(items)}</channel></rss>"
    ).encode()


def item(name: str, link: str | None, extra: str = "") -> str:
    """An entry about OpenAI."""
    shown = f"<link>{escape(link)}</link>" if link is not None else ""
    return f"<item><guid isPermaLink='false'>{escape(name)}</guid><title>OpenAI: {escape(name)}</title>{shown}{extra}</item>"  # fmt: skip # noqa: E501


XML = {"Content-Type": "application/rss+xml"}
EXTERNAL = (
    b"<?xml version='1.0'?><!DOCTYPE rss SYSTEM 'http://10.0.0.1/rss.dtd' "
    b"[<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
)


@dataclass(frozen=True)
class BadFeed:
    """A feed that misbehaves."""

    handler: Handler
    health: str
    error: Reasons
    """What `failures` must say of it; none where all is well."""


def feed(body: bytes, headers: Mapping[str, str] = XML) -> Handler:
    """An answer with a feed."""
    return answer(200, headers, body)


def bad_feeds(good: str) -> dict[str, BadFeed]:
    """Feeds that misbehave; where they have entries, these lead to the page `good`."""
    one = item("again", good)
    made: dict[str, tuple[Handler, str, tuple[str, ...]]] = {
        "is a page": (text(page("OpenAI", "", DISCOVERY)), "failing", ("not_a_feed",)),
        "is gone": (answer(410), "retired", ("http_410",)),
        "is forbidden": (answer(403), "failing", ("http_403",)),
        "is broken": (answer(500), "failing", ("http_500",)),
        "is empty": (feed(b""), "failing", ("not_a_feed",)),
        "is a PDF": (feed(PDF), "failing", ("not_a_feed",)),
        "is noise": (feed(NOISE), "failing", ("not_a_feed",)),
        "is JSON": (feed(b'{"openai": 1}'), "failing", ("not_a_feed",)),
        "is cut JSON": (feed(b'{"version": "https://jsonfeed.org/version/1.1", "items": [{'),
                        "failing", ("malformed_feed",)),
        "is a bomb": (
            feed(BOMB.encode() + rss(item("&k;", good)).split(b"?>")[1]), "ok", ()),
        # Nothing outside is fetched: what needs it is a fault of the feed's, its items are read.
        "asks for a DTD": (feed(EXTERNAL + rss(one).split(b"?>")[1]), "ok", ()),
        "needs its DTD": (feed(EXTERNAL + rss(one, head="<description>&x;</description>")
                               .split(b"?>")[1]), "ok", ("malformed_feed",)),
        "is nested": (
            feed(rss("<item>" * 100_000)), "any", ("not_a_feed", "malformed_feed",
                                                   "unreadable_feed", "too_many_entries")),
        "has 20,000 entries": (
            feed(rss(*(item(f"many {n}", f"{good}#{n}") for n in range(20_000)))), "ok",
            ("too_many_entries",)),
        "is cut": (feed(rss(one, item("cut", good))[:-60]), "ok", ("malformed_feed",)),
        "has control characters": (
            feed(rss(item("\x1b[2J\x07\x9b31m", good))), "ok", ("malformed_feed",)),
        "is a gzip bomb": (
            answer(200, XML | {"Content-Encoding": "gzip"}, gzip.compress(b" " * 30_000_000, 9)),
            "failing", ("unpack_bomb",)),
        "redirects to a private address": (
            redirect("http://10.0.0.1/", 301), "failing", ("blocked_address",)),
        "redirects for ever": (with_cookies_for_ever, "failing", ("too_many_redirects",)),
        "rests its host": (answer(429, {"Retry-After": "9999999999"}), "failing", ("http_429",)),
    }  # fmt: skip
    return {
        name: BadFeed(one, health, said(*errors)) for name, (one, health, errors) in made.items()
    }


DISCOVERY = '<link rel="alternate" type="application/rss+xml" href="/new.xml">'
