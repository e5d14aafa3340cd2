"""One name for all spellings of an address, and never one name for two articles."""

from __future__ import annotations

import json
import os
import tomllib
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.errors import Drop
from parsers.urls import (
    MAX_LENGTH,
    canonical_or_none,
    canonical_url,
    direct_link,
    host_of,
    is_wrapper,
    plain_address,
    same_site,
)

RULES: dict[str, Any] = tomllib.loads(
    files("parsers").joinpath("data", "urls.toml").read_text(encoding="utf-8")
)
STORY = "https://example.com/news/story"


# --- Rules of the generic syntax, one line each ---------------------------------------------

SPELLINGS = [
    ("scheme", "http://example.com/news/story", STORY),
    ("case of scheme and host", "HTTPS://Example.COM/news/story", STORY),
    (
        "case of the path is kept",
        "https://example.com/News/Story",
        "https://example.com/News/Story",
    ),
    ("default port of http", "http://example.com:80/news/story", STORY),
    ("default port of https", "https://example.com:443/news/story", STORY),
    ("empty port", "https://example.com:/news/story", STORY),
    ("another port keeps its scheme", "http://example.com:8080/a", "http://example.com:8080/a"),
    ("the other scheme's port", "http://example.com:443/a", "http://example.com:443/a"),
    ("user name and password", "https://ann:secret@example.com/news/story", STORY),
    ("trailing dot of the host", "https://example.com./news/story", STORY),
    ("space around", "  https://example.com/news/story\n", STORY),
    ("line break inside", "https://example.com/news/\n  story".replace("  ", ""), STORY),
    ("dot segments", "https://example.com/a/../news/./b/../story", STORY),
    ("dot segments above the root", "https://example.com/../../news/story", STORY),
    ("backslashes", "https://example.com/news\\story", STORY),
    ("trailing slash", "https://example.com/news/story/", STORY),
    ("empty path", "https://example.com", "https://example.com/"),
    ("unreserved characters unescaped", "https://example.com/%6eews/st%6Fry", STORY),
    ("capitals in escapes", "https://example.com/a%c3%a9%2f", "https://example.com/a%C3%A9%2F"),
    ("other scripts escaped", "https://example.com/é 東", "https://example.com/%C3%A9%20%E6%9D%B1"),
    ("a stray percent sign", "https://example.com/100%", "https://example.com/100%25"),
    ("legacy bytes kept", "https://example.com/?q=%dcber", "https://example.com/?q=%DCber"),
    ("path parameters kept", "https://example.com/a;art1,2", "https://example.com/a;art1,2"),
    ("empty query", "https://example.com/news/story?", STORY),
    ("order of the query", "https://example.com/?b=2&a=1", "https://example.com/?a=1&b=2"),
    ("equal names keep order", "https://example.com/?a=2&a=1", "https://example.com/?a=2&a=1"),
    (
        "bare words in the query",
        "https://example.com/s?article85",
        "https://example.com/s?article85",
    ),
    ("twice escaped", "https://example.com/?id=1&amp;b=2", "https://example.com/?b=2&id=1"),
    ("fragment", "https://example.com/news/story#comments", STORY),
    ("text fragment", "https://example.com/news/story#:~:text=A%20word", STORY),
    ("empty hashbang", "https://example.com/news/story#!", STORY),
    ("hashbang route", "https://example.com/#!/story/7", "https://example.com/#!/story/7"),
    ("hash route", "https://example.com/#/story/7", "https://example.com/#/story/7"),
    ("internationalised host", "https://Bücher.example/", "https://xn--bcher-kva.example/"),
    ("punycode in capitals", "https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example/"),
    ("sharp s is not ss (IDNA 2008)", "https://straße.example/", "https://xn--strae-oqa.example/"),
    ("full-width host", "https://ｅｘａｍｐｌｅ。com/news/story", STORY),
    ("escaped host", "https://%65xample.com/news/story", STORY),
    ("IPv6", "https://[2001:DB8:0:0::1]/a", "https://[2001:db8::1]/a"),
    ("a device label is a site of its own", "https://m.com/a", "https://m.com/a"),
    ("labels of an IPv4 address", "http://10.0.0.1/a", "https://10.0.0.1/a"),
]


@pytest.mark.parametrize(("rule", "url", "expected"), SPELLINGS, ids=[s[0] for s in SPELLINGS])
def test_spelling(rule: str, url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


# --- Rules in the data file: each line of it is a test --------------------------------------


@pytest.mark.parametrize("label", RULES["host"]["device_labels"])
def test_device_host(label: str) -> None:
    assert canonical_url(f"https://{label}.example.com/news/story") == STORY
    assert same_site(f"https://{label}.example.com/a", "http://example.com/b")
    assert canonical_url(f"https://{label}x.example.com/a") == f"https://{label}x.example.com/a"


@pytest.mark.parametrize("name", [n for row in RULES["parameters"] for n in row["names"]])
def test_tracking_parameter(name: str) -> None:
    sent = name.replace("*", "word")
    assert canonical_url(f"{STORY}?{sent}=7&id=12") == f"{STORY}?id=12"
    assert canonical_url(f"{STORY}?{sent.upper()}=") == STORY
    assert canonical_url(f"{STORY}?x{sent}=7") == f"{STORY}?x{sent}=7"


@pytest.mark.parametrize(
    ("name", "value"),
    [(n, v) for row in RULES["values"] for n in row["names"] for v in row["values"]],
)
def test_parameter_with_value(name: str, value: str) -> None:
    assert canonical_url(f"{STORY}?{name}={value}") == STORY
    assert canonical_url(f"{STORY}?{name}=4711{value}") == f"{STORY}?{name}=4711{value}"


@pytest.mark.parametrize(
    ("name", "row"), [(n, row) for row in RULES["patterns"] for n in row["names"]]
)
def test_parameter_with_pattern(name: str, row: dict[str, str]) -> None:
    assert canonical_url(f"{STORY}?{name}={row['example']}") == STORY
    assert canonical_url(f"{STORY}?{name}=4711") == f"{STORY}?{name}=4711"


@pytest.mark.parametrize("row", RULES["paths"], ids=[row["pattern"] for row in RULES["paths"]])
def test_path_rule(row: dict[str, str]) -> None:
    assert (
        canonical_url("https://example.com" + row["example"])
        == "https://example.com" + row["becomes"]
    )


@pytest.mark.parametrize("row", RULES["wrappers"], ids=[row["host"] for row in RULES["wrappers"]])
def test_wrapper(row: dict[str, str]) -> None:
    assert canonical_url(row["example"]) == row["becomes"]
    assert canonical_url(direct_link(row["example"])) == row["becomes"]
    assert not is_wrapper(row["example"])


@pytest.mark.parametrize("row", RULES["opaque"], ids=[row["host"] for row in RULES["opaque"]])
def test_opaque_wrapper(row: dict[str, str]) -> None:
    assert is_wrapper(row["example"])


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z.]+/[^ ]{0,40}", fullmatch=True))
def test_any_link_has_a_direct_form_that_is_direct(link: str) -> None:
    assert direct_link(direct_link(link)) == direct_link(link)


def test_a_link_that_wraps_nothing_stays_as_it_is() -> None:
    for link in ("https://example.com/a?b=C#d", "javascript:alert(1)", "", "http://[", "  x  "):
        assert direct_link(link) == link


# --- What must stay apart --------------------------------------------------------------------

APART = [
    ("https://example.com/?p=1", "https://example.com/?p=2"),
    ("https://example.com/story?page=2", "https://example.com/story?page=3"),
    ("https://example.com/a", "https://example.com/A"),
    ("https://news.example.com/1", "https://tech.example.com/1"),
    ("https://example.com/story.php?sid=12", "https://example.com/story.php?sid=13"),
    ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ("https://example.com/amp", "https://example.com/"),
    ("https://example.com/stories/amplifier", "https://example.com/stories/lifier"),
    ("https://example.com/index.php?id=1", "https://example.com/index.php?id=2"),
    ("http://example.com:8080/a", "http://example.com:8081/a"),
    ("https://example.com/#!/1", "https://example.com/#!/2"),
    ("https://example.com/a?ref=12345", "https://example.com/a?ref=12346"),
    ("https://www.google.com/url?sa=t", "https://www.google.com/url?sa=i"),
]


@pytest.mark.parametrize(("a", "b"), APART)
def test_different_articles_stay_apart(a: str, b: str) -> None:
    assert canonical_url(a) != canonical_url(b)


def test_evaluation_pages_keep_their_names_apart() -> None:
    beside = Path(__file__).parents[3] / "shared" / "evaldata"
    folder = Path(os.environ.get("PRESSCLIP_EVALDATA", beside))
    if not (folder / "truth.jsonl").exists():
        pytest.skip(f"no evaluation pages in {folder}; set PRESSCLIP_EVALDATA")
    urls = {json.loads(line)["url"] for line in (folder / "truth.jsonl").open(encoding="utf-8")}
    named = defaultdict(set)
    for url in urls:
        named[canonical_url(url)].add(url)
        assert canonical_url(canonical_url(url)) == canonical_url(url)
    merged = [group for group in named.values() if len(group) > 1]
    assert merged == []


# --- Relative links, hosts, refusals ---------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("story", STORY),
        ("/news/story", STORY),
        ("//example.com/news/story", STORY),
        ("?id=1", "https://example.com/news?id=1"),
        ("http://www.example.com/news/story", STORY),
    ],
)
def test_relative_link(link: str, expected: str) -> None:
    assert canonical_url(link, base="https://www.example.com/news/") == expected


def test_host_of_keeps_the_device_label() -> None:
    assert host_of("https://WWW.Bücher.example:8443/a") == "www.xn--bcher-kva.example"


def test_same_site_is_not_same_owner() -> None:
    assert not same_site("https://blog.example.com/", "https://shop.example.com/")
    assert not same_site("https://example.com/", "no address")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "story.html",
        "//example.com/a",
        "ftp://example.com/a",
        "javascript:alert(1)",
        "mailto:ann@example.com",
        "data:text/html,x",
        "http://",
        "http:///a",
        "http://exa mple.com/",
        "http://example..com/",
        "http://-/",
        "http://[::1/",
        "http://[::x]/",
        "http://example.com:99999/",
        "http://example.com:port/",
        "https://example.com/" + "a" * MAX_LENGTH,
    ],
)
def test_refused(url: str) -> None:
    with pytest.raises(Drop) as caught:
        canonical_url(url)
    assert caught.value.name == "bad_url"
    assert canonical_or_none(url) is None
    assert len(caught.value.message) < 1000


# --- Properties ------------------------------------------------------------------------------

_words = st.text(alphabet="abzAZ019-._~%/\\&=?#;:@!+ é東\u200d\ud800", max_size=12)
_pieces = st.sampled_from(
    [
        "/amp",
        "/amp/",
        ".amp",
        ".html",
        "/index.html",
        "//",
        "/..",
        "/.",
        ";sid=1",
        "?amp=1",
        "&amp;",
        "#!/a",
        "#/",
        "?utm_source=x",
        "%2",
        "%41",
        "%25",
        "www.",
        "m.",
        "https://",
        "/url?q=",
    ]
)
_hosts = st.sampled_from(
    [
        "example.com",
        "www.m.example.com",
        "Bücher.example",
        "127.0.0.1:80",
        "[::1]:8080",
        "www.google.com/url?q=",
        "cdn.ampproject.org/c/s/",
        "www.google.com/amp/",
    ]
)
_urls = st.builds(
    lambda scheme, host, parts: scheme + host + "/" + "".join(parts),
    st.sampled_from(["http://", "https://"]),
    _hosts,
    st.lists(st.one_of(_words, _pieces, _hosts), max_size=8),
)


@given(_urls)
def test_idempotent(url: str) -> None:
    try:
        once = canonical_url(url)
    except Drop:
        return
    assert canonical_url(once) == once
    assert once.isascii()
    assert once.startswith(("https://", "http://"))


@given(st.sampled_from(["", "http://", "http://example.com/"]), st.text(max_size=200))
def test_any_text_is_a_name_or_refused(start: str, text: str) -> None:
    try:
        name = canonical_url(start + text)
    except Drop:
        with pytest.raises(Drop, match="can't be used as a link"):
            host_of(start + text)
    else:
        assert canonical_url(name) == name


@given(st.sampled_from(["http", "https"]), st.sampled_from(["", "www.", "m."]), _words)
def test_scheme_and_device_never_matter(scheme: str, label: str, path: str) -> None:
    assert canonical_url(f"{scheme}://{label}example.com/{path}") == canonical_url(
        f"https://example.com/{path}"
    )


_article_names = st.sampled_from(
    ["id", "p", "newsid", "storyid", "sid", "page", "ref", "source", "s", "m", "type", "tag", "cid"]
)


@given(_article_names, st.integers(2, 10**12), st.integers(2, 10**12))
def test_numbers_of_articles_stay_apart(name: str, one: int, other: int) -> None:
    names = [canonical_url(f"{STORY}?utm_source=rss&{name}={number}") for number in (one, other)]
    assert (names[0] == names[1]) == (one == other)


@given(st.lists(st.from_regex(r"[a-z0-9]{2,9}", fullmatch=True), min_size=2, max_size=4))
def test_slugs_stay_apart(slugs: list[str]) -> None:
    path = "/".join(slugs)
    names = {canonical_url(f"https://example.com/{path}{ending}") for ending in ("", "x", "/x1")}
    assert len(names) == 3


@pytest.mark.parametrize(
    "spelling",
    [
        "HTTPS://Quay.Example/~ann/feed?q=a%2Fb",
        "https://quay.example:443/%7Eann/feed?q=a%2fb",
        "https://quay.example/x/../~ann/./feed?q=a%2Fb",
        "https://quay.example/~ann/feed?q=a%2Fb#top",
    ],
)
def test_spellings_that_are_equal_by_rfc_3986_are_one(spelling: str) -> None:
    assert plain_address(spelling) == "https://quay.example/~ann/feed?q=a%2Fb"


@pytest.mark.parametrize(
    "other",
    [
        "http://quay.example/feed",
        "https://quay.example/feed/",
        "https://quay.example/Feed",
        "https://www.quay.example/feed",
        "https://quay.example:8443/feed",
        "https://quay.example/feed?utm_source=x",
        "https://quay.example/feed?",
        "https://quay.example/fe%2Fed",
        "https://ann:secret@quay.example/feed",
        "mailto:ann@quay.example",
    ],
)
def test_addresses_that_may_be_others_stay_others(other: str) -> None:
    assert plain_address(other) != plain_address("https://quay.example/feed")


def test_an_empty_path_is_the_root() -> None:
    assert plain_address("https://quay.example") == plain_address("https://quay.example/")
