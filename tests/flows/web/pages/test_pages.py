"""What the pages of the desk show, as HTML and as JSON, and that nothing in it does anything."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any

import pytest

from tests.flows.web.pages.conftest import (
    ARABIC,
    COPY,
    FIRST,
    FORMED,
    HARM,
    HOSTILE,
    NEW,
    RTL,
    Client,
)
from warehouse.desk import Desk
from warehouse.published import pages as reading
from warehouse.published.read import named

PATHS = [
    "/stories",
    f"/stories/{FIRST.article_id}",
    f"/stories/{HARM.article_id}",
    f"/articles/{HARM.article_id}",
    f"/articles/{NEW.article_id}",
    "/topics",
    "/topics/OpenAI?days=36500",
    "/topics/OpenAI?days=36500&with=musk",
    "/sources",
    "/stories?q=" + "OpenAI",
]
NAMES = {"a", "img", "source", "link", "form", "script", "style"}


class _Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def words(text: str) -> str:
    """What is to be read in a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def data(client: Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.json()["data"]


def titles(client: Client, query: str) -> list[str]:
    return [story["title"] for story in data(client, f"/stories.json{query}")["stories"]]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_from_the_press_is_more_than_text(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag, attributes in _Tags(answer.text).tags:
        assert tag not in {"style", "iframe", "object"}
        if tag == "script":
            assert str(attributes["src"]).startswith("/static/")
        assert "/hostile" not in map(str, attributes.values())
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        if tag == "img":
            assert str(attributes["src"]).startswith("/charts/")
        href = str(attributes.get("href") or "")
        assert re.match(r"/|\?|#|https?://", href) or not href
        if href.startswith("http"):
            assert attributes["rel"] == "noopener nofollow noreferrer"
    assert "49" not in re.findall(r"\{\{.*?\}\}|\b49\b", answer.text)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_a_title_of_its_own_and_says_how_fresh_it_is(
    client: Client, path: str
) -> None:
    text = page(client, path)
    (title,) = re.findall(r"<title>(.+) · Pressclip</title>", text)
    assert title.strip()
    assert 'As published <time datetime="2026-03-05T09:00:00Z">' in text
    before, _, query = path.partition("?")
    answer = client.get(f"{before}.json?{query}").json()
    assert answer["fresh_at"] == "2026-03-05T09:00:00Z"
    assert f'href="{before}.json' in text


def test_stories_stand_by_day_with_how_sure_their_time_is(client: Client) -> None:
    text = page(client, "/stories")
    days = re.findall(r"<h2><time[^>]+>([^<]+)", text)
    assert days == ["Monday, 2 March 2026", "Sunday, 1 March 2026"]
    assert f'dir="auto" lang="ar">{ARABIC}</a>' in text
    assert "2 articles at 2 outlets" in words(text)
    assert "seen 11:00" in words(text)  # it gives no date


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?language=ar", [ARABIC]),
        ("?topic=musk", ["Marks of form"]),
        ("?outlet=first.example", ["Teachers get a kettle"]),
        ("?outlet=Example.id", ["A kettle for teachers"]),
        ("?outlet=first.example&language=ar", []),
        ("?outlet=example.id&topic=openai", ["A kettle for teachers"]),
        ("?country=ID", ["A kettle for teachers"]),
        ("?country=ID&outlet=first.example", []),
        ("?to=2026-03-01&outlet=first.example", ["Teachers get a kettle"]),
        ("?from=2026-03-02&language=ar", [ARABIC]),
        ("?days=3&language=ar", [ARABIC]),
        ("?days=1", []),
        ("?salience=0.6", []),
        ("?q=%22ten+lamps%22", ["OpenAI sells more lamps"]),
        ("?q=nine+lamps", []),
        ("?q=lamps+-kettles", ["OpenAI sells more lamps"]),
        ("?q=kettles+OR+%22ten+lamps%22&language=en", ["OpenAI sells more lamps", "Marks of form"]),
        ("?q=kettle3+kettle4&topic=OpenAI", ["A kettle for teachers"]),
        ("?q=kettle3&language=ar", []),
        ("?q=kettle3&outlet=first.example", ["Teachers get a kettle"]),
        ("?q=kettle3&outlet=example.id", ["A kettle for teachers"]),
    ],
)
def test_filters_are_links_that_can_be_kept(
    client: Client, query: str, expected: list[str]
) -> None:
    assert titles(client, query) == expected


def test_a_search_shows_where_the_words_are(client: Client) -> None:
    (story,) = data(client, "/stories.json?q=ten+lamps")["stories"]
    assert story["snippet"] == "OpenAI sells ten lamps."
    assert "OpenAI sells ten lamps." in words(page(client, "/stories?q=ten+lamps"))


@pytest.mark.parametrize(
    "query",
    ["", "q=OpenAI&language=en", "q=kettle3", "salience=0.5", "outlet=example.id", "topic=musk",
     "language=en&days=36500"],
)  # fmt: skip
def test_numbers_beside_filters_are_what_their_links_show(client: Client, query: str) -> None:
    """An outlet has the stories in which it wrote, whoever was first."""
    listed = data(client, f"/stories.json?{query}")
    assert listed["total"] == len(listed["stories"])
    names = ("topic", "language", "outlet")
    for name, kind in zip(names, ("topics", "languages", "outlets"), strict=True):
        for facet in listed[kind]:
            other = "&".join(part for part in query.split("&") if not part.startswith(f"{name}="))
            found = titles(client, f"?{other}&{name}={facet['value']}")
            assert facet["stories"] in {None, len(found)}, facet
    assert {one["value"]: one["stories"] for one in data(client, "/stories.json")["outlets"]}[
        "example.id"
    ] == 1  # fmt: skip


def test_the_numbers_of_a_topic_are_what_their_links_show(client: Client) -> None:
    for path in ("/topics/OpenAI?days=36500", "/topics/openai?days=3", "/topics/musk?days=4"):
        told = data(client, path.replace("?", ".json?"))
        hrefs = [str(a["href"]) for tag, a in _Tags(page(client, path)).tags if tag == "a"]
        for voice in [one for one in told["voices"] if one["site"]]:
            (link,) = [one for one in hrefs if f"outlet={voice['site']}" in one]
            assert ("days=" in link) == ("36500" not in path)
            assert data(client, link.replace("?", ".json?"))["total"] == voice["stories"], link
        if told["voices"]:
            (whole,) = [one for one in hrefs if one.startswith("/stories?") and "outlet" not in one]
            assert data(client, whole.replace("?", ".json?"))["total"] == told["totals"]["stories"]


def test_a_quiet_topic_stays(client: Client) -> None:
    quiet = {one["topic"]: one["stories"] for one in data(client, "/topics.json?days=1")}
    assert quiet == {"OpenAI": 0, "musk": 0}


def test_a_copy_that_tells_a_story_says_who_was_first(client: Client) -> None:
    text = words(page(client, "/stories?outlet=example.id"))
    assert "A kettle for teachers" in text
    assert "first at First" in text
    assert "first at" not in words(page(client, "/stories?outlet=first.example"))


def test_the_command_line_means_the_same_by_an_outlet(desk: Desk) -> None:
    for outlet, topic, found in (
        ("example.ID", None, 1),
        ("EXAMPLE.id", "openai", 1),
        ("example.id", "musk", 0),
    ):
        assert len(named(desk, "clippings", outlet=outlet, topic=topic).rows) == found, topic


def test_a_search_that_finds_nothing_says_what_was_looked_for(client: Client) -> None:
    text = words(page(client, "/stories?q=lamp+-kettle"))
    assert "No article has lamp, without kettle . Whole words count" in text
    assert "no word in that" in words(page(client, "/stories?q=%22"))


def test_a_search_keeps_the_filters(client: Client) -> None:
    tags = _Tags(page(client, "/stories?q=x&topic=OpenAI&days=30")).tags
    form = [
        (a["name"], a["value"]) for tag, a in tags if tag == "input" and a.get("type") == "hidden"
    ]
    assert ("topic", "OpenAI") in form
    assert ("days", "30") in form


def test_more_outlets_are_offered_where_somebody_asks(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.published.pages.stories.MOST_FACETS", 1)
    monkeypatch.setattr("flows.web.pages.stories.MOST_FACETS", 1)
    few = data(client, "/stories.json?from=2026-01-01")
    assert (len(few["outlets"]), few["of_kind"]["outlet"]) == (1, 3)
    assert "All 3" in words(page(client, "/stories?from=2026-01-01"))
    assert len(data(client, "/stories.json?from=2026-01-01&more=outlet")["outlets"]) == 3
    chosen = data(client, "/stories.json?from=2026-01-01&outlet=example.id")
    assert "example.id" in {one["value"] for one in chosen["outlets"]}


def test_older_stories_follow_where_the_newest_end(client: Client) -> None:
    stories = data(client, "/stories.json")["stories"]
    last = stories[1]
    behind = f"?before={last['started_at']}&behind={last['story_id']}"
    assert titles(client, behind) == [story["title"] for story in stories[2:]]


@pytest.mark.parametrize(
    "query",
    ["days=x", "days=-1", "from=yesterday", "salience=much", "salience=7", "before=x&behind=1",
     "before=2026-03-01T00:00:00Z&behind=x", "q=" + "x" * 300, "days=0000019999999",
     "days=000001" + "9" * 5000, "before=0001-01-01T00:00:00%2B14:00&behind=1",
     "before=2026-03-01T00:00:00Z&behind=99999999999999999999"],
)  # fmt: skip
def test_what_makes_no_sense_is_said(client: Client, query: str) -> None:
    answer = client.get(f"/stories?{query}")
    assert answer.status_code == 400
    assert "must be" in answer.text or "at most" in answer.text
    assert client.get(f"/stories.json?{query}").json()["title"] == "Not understood"


def test_a_story_says_who_was_first_and_who_followed(client: Client) -> None:
    text = words(page(client, f"/stories/{FIRST.article_id}"))
    assert "Who was first First , for certain" in text
    assert "+2 h 30 min" in text
    assert "the same text" in text
    told = data(client, f"/stories/{FIRST.article_id}.json")
    assert [one["title"] for one in told["tellings"]] == [FIRST.title, COPY.title]
    assert told["tellings"][1]["behind"] == 2.5 * 3600


def test_an_id_that_a_story_had_leads_to_the_story_of_today(client: Client) -> None:
    for form in ("", ".json"):
        answer = client.get(f"/stories/{COPY.article_id}{form}")
        assert answer.status_code == 307
        assert answer.headers["location"] == f"/stories/{FIRST.article_id}{form}"


def test_ids_are_texts_since_programs_round_numbers(client: Client) -> None:
    told = data(client, f"/stories/{FIRST.article_id}.json")
    assert told["story"]["story_id"] == str(FIRST.article_id)


@pytest.mark.parametrize(
    "path",
    [
        "/stories/1",
        "/stories/x",
        "/articles/1",
        "/articles/999999999999999999999",
        "/topics/nothing",
        "/nowhere",
        "/charts/x.svg",
    ],
)
def test_what_is_not_there_is_said(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<h1>Not found</h1>" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_an_article_is_set_with_its_marks_and_mentions(client: Client) -> None:
    text = page(client, f"/articles/{FORMED.article_id}")
    mark = '<mark title="OpenAI">OpenAI</mark>'
    assert text.count(mark) == 3
    assert '<h2 dir="auto">A subheading</h2>' in text
    assert "<blockquote" in text
    assert '<ul dir="auto"><li>one</li><li>two</li></ul>' in text
    assert '<ol dir="auto"><li>first</li></ol>' in text
    assert "<tr><td>Lamps</td><td>10</td></tr>" in text


def test_an_article_says_where_it_is_from_and_what_was_cut(client: Client) -> None:
    text = words(page(client, f"/articles/{FIRST.article_id}"))
    assert "title json-ld published at json-ld" in text
    assert "read also 3 lines byline 1 line" in text
    assert "raw/2026-03-01/b1.warc.gz" in text


def test_the_lines_that_are_cut_are_read_anew_where_the_page_is_kept(client: Client) -> None:
    path = f"/articles/{FIRST.article_id}/cut"
    assert path in page(client, path.removesuffix("/cut"))
    told = data(client, f"{path}.json")
    assert told["lines"] == [
        {"rule": "repeated_title", "line": "Teachers get a kettle"},
        {"rule": "read_also", "line": "Read also: Ducks & drakes"},
    ]
    assert "Read also: Ducks &amp; drakes" in page(client, path)
    for other in (COPY, HARM):
        answer = client.get(f"/articles/{other.article_id}/cut")
        assert answer.status_code == 404
        assert "raw page" in answer.text


def test_revisions_stand_side_by_side(client: Client) -> None:
    text = page(client, f"/articles/{NEW.article_id}")
    assert "<del>nine</del>" in text
    assert "<ins>ten</ins>" in text
    assert "<ins>more </ins>" in text
    assert "1 paragraph as before" in words(text)


def test_all_revisions_and_feeds_are_reached_by_links(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = data(client, f"/articles/{NEW.article_id}.json")["revisions"]
    monkeypatch.setattr(reading.article, "MOST_REVISIONS", 1)
    (first,) = data(client, f"/articles/{NEW.article_id}.json?until=1")["revisions"]
    assert first == found[-1]
    every = data(client, "/sources.json")["sources"]
    assert "Page 1 of" not in page(client, "/sources")
    monkeypatch.setattr(reading.sources, "MOST_SOURCES", 1)
    # What was asked before is known until a new copy comes: page 1 is not asked again here.
    assert data(client, "/sources.json?page=2")["sources"] == every[1:]
    assert 'href="/sources?page=1" rel="prev"' in page(client, "/sources?page=2")
    assert client.get("/sources?page=3").status_code == 404
    assert client.get("/sources?page=x").status_code == 400


def test_an_article_in_another_script_says_so(client: Client) -> None:
    text = page(client, f"/articles/{RTL.article_id}")
    assert '<article class="text" lang="ar">' in text
    assert '<h1 dir="auto">' in text


def test_a_topic_counts_by_language_and_outlet(client: Client) -> None:
    told = data(client, "/topics/openai.json?days=36500&with=musk")
    assert told["totals"]["articles"] == 6
    for kind in ("language", "outlet"):
        assert sum(one["articles"] for one in told["attention"] if one["kind"] == kind) == 6
    assert abs(sum(one["share"] for one in told["voices"]) - 1) < 1e-9
    (first,) = [one for one in told["voices"] if one["first"]]
    assert (first["site"], first["first_certain"]) == ("first.example", 1)
    assert sum(one["both"] for one in told["compared"]) == 1


def test_pictures_are_images_of_what_the_tables_say(client: Client) -> None:
    text = page(client, "/topics/OpenAI?days=36500&with=musk")
    places = {str(a["srcset" if tag == "source" else "src"])
              for tag, a in _Tags(text).tags if tag in ("img", "source")}  # fmt: skip
    assert len(places) == 4 * 4
    for place in sorted(places)[::5]:
        picture = client.get(place)
        assert picture.headers["content-type"] == "image/svg+xml"
        assert picture.text.count("<svg") == 1
        assert "<script" not in picture.text
    assert "Arabic" in client.get("/charts/language/OpenAI.svg?days=36500").text


def test_sources_tell_trouble_rest_and_misses(client: Client) -> None:
    text = words(page(client, "/sources"))
    assert "2 feeds: 1 failing, 1 ok" in text or "1 failing" in text
    assert "until 5 Mar 2026, 11:00 (host paused)" in text
    assert "asked every 30 minutes, new every 2 hours" in text
    assert "http 410 given up 1" in text
    assert "given up http 410" in text
    assert 'href="/stories?outlet=first.example"' in page(client, "/sources")
    told = data(client, "/sources.json")
    assert {step["stage"]: step["entries"] for step in told["funnel"]}["seen"] == 3


def test_links_begin_where_the_site_does(client: Client) -> None:
    below = Client(client.app, "/press")
    text = below.get("/press/stories").text
    hrefs = [str(a["href"]) for tag, a in _Tags(text).tags if tag in ("a", "link")]
    assert all(re.match(r"/press/|\?|#|https?:", href) for href in hrefs)
    assert f"/press/stories/{FIRST.article_id}" in hrefs
    assert below.get("/press/").headers["location"] == "/press/stories"


def test_who_is_led_on_stays_at_the_address_that_was_asked_for(client: Client) -> None:
    """A proxy need not say by which scheme and port it is read."""
    answer = client.get("/stories/?days=7")
    assert (answer.status_code, answer.headers["location"]) == (307, "/stories?days=7")


def test_the_first_page_is_light(client: Client) -> None:
    """Five stories; fifty weigh 5 kB more as they are sent."""
    parts = [
        PurePosixPath(one) for one in re.findall(r'="(/static/[^"]+)"', page(client, "/stories"))
    ]
    assert {one.suffix for one in parts} == {".css", ".js", ".svg"}
    sent = [client.get(str(path)) for path in ("/stories", *parts)]
    assert (
        sum(int(one.headers.get("content-length") or one.num_bytes_downloaded) for one in sent)
        < 40_000
    )


def test_scripts_are_files_of_ours_and_nothing_is_made_into_one(client: Client) -> None:
    answer = client.get("/stories")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'; " in policy
    assert "connect-src 'self'; " in policy
    assert not re.findall(
        r"<script(?! src=\"/static/[a-z0-9.-]+\"(?: defer)?></script>)", answer.text
    )
    assert '"allowEval": false' in answer.text
    assert "js:" not in answer.text
    assert "hx-on" not in answer.text


def test_htmx_is_the_one_that_was_looked_at(client: Client) -> None:
    """From `npm pack htmx.org@2.0.11`, whose integrity npm gives as sha512-Thx/WtpeOQqSrqBCw/A1cwGJ
    Gg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA=="""
    script = client.get("/static/htmx-2.0.11.min.js")
    found = hashlib.sha256(script.content).hexdigest()
    assert found == "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
    assert "Zero-Clause BSD" in client.get("/static/htmx-2.0.11.LICENSE.txt").text


def test_a_page_can_ask_whether_a_newer_copy_is_there(client: Client) -> None:
    for than, status in (("2026-03-05T08:59:59Z", 286), ("2026-03-05T09:00:00Z", 204)):
        assert client.get(f"/newer?than={than}").status_code == status
    assert client.get("/newer").status_code == 204
    assert client.get("/newer?than=now").status_code == 400
    assert 'hx-get="/newer?than=2026-03-05T09%3A00%3A00%2B00%3A00"' in page(client, "/stories")


def test_a_hostile_title_is_read_as_it_is_written(client: Client) -> None:
    assert HOSTILE in titles(client, "")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page(client, "/stories")
