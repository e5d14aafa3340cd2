"""The searches of topics: languages, words, addresses; and that ours are what ships."""

from __future__ import annotations

from importlib.resources import files

import pytest

from flows.decisions.searches import searches_of
from flows.steps.subscriptions import shipped_feeds
from parsers.errors import Drop
from parsers.search_services import SERVICES, service_of_feed
from parsers.topics.topics import Topics, read_topics

SHIPPED = read_topics(files("seeds").joinpath("topics.toml").read_bytes())
SEARCHES = searches_of(SHIPPED.rows)
LANGUAGES_OF_ENDINGS = {
    "germanic": "en de nl sv no da",
    "malay": "id ms",
    "turkic": "tr",
    "polish": "pl",
    "czech": "cs sk",
    "south_slavic": "sl",
    "uralic": "fi hu",
    "baltic": "lt lv",
    "balkan": "ro",
    "russian": "ru bg",
    "ukrainian": "uk",
    "serbian": "sr",
    "hebrew": "he",
    "arabic": "ar",
    "persian": "ur",
    "devanagari": "hi mr",
}
"""The languages of each list of endings in the topics file, that a service has an edition in."""
WITHOUT_EDITION = {"armenian", "basque", "georgian", "mongolian", "turkic_cyrillic", "turkmen"}


def topic(search: str = "", names: str = '"Tempeh", "天贝", "Соевый темпе"') -> Topics:
    return read_topics(
        f"""
        [[topic]]
        name = "tempeh"
        title = "Tempeh/soy; fried"
        {search}
        [[topic.alias]]
        strength = "strong"
        names = [{names}]
        [[topic.alias]]
        strength = "weak"
        names = ["템페"]
        """.encode()
    )


def words(topics: Topics, *languages: str) -> dict[str | None, str]:
    """What Google News is asked for, by language."""
    found = searches_of(topics.rows, languages).feeds
    return {
        feed.language: feed.url.partition("q=")[2].partition("&")[0]
        for feed in found
        if "google" in feed.url
    }


def test_the_searches_that_ship_are_those_of_the_topics_that_ship() -> None:
    shipped = [feed for feed in shipped_feeds() if (feed.category or "").startswith("Search")]
    assert shipped == list(SEARCHES.feeds)
    assert {feed.url for feed in shipped} == {
        feed.url for feed in shipped_feeds() if service_of_feed(feed.url)
    }


@pytest.mark.parametrize("title", SHIPPED.titles.values())
def test_each_language_of_the_topics_has_a_search(title: str) -> None:
    body = files("seeds").joinpath("topics.toml").read_text(encoding="utf-8")
    endings = {
        line.split(".")[1].split("]")[0]
        for line in body.splitlines()
        if "[inflection." in line[:12]
    }
    assert endings == {*LANGUAGES_OF_ENDINGS, *WITHOUT_EDITION}
    searched = {feed.language for feed in SEARCHES.feeds if feed.category == f"Search/{title}"}
    latin = {"es", "fr", "it", "pt", "vi"}
    others = {"bn", "el", "gu", "ja", "kn", "ko", "ml", "pa", "ta", "te", "th", "zh"}
    wanted = {*latin, *others, *" ".join(LANGUAGES_OF_ENDINGS.values()).split()}
    assert wanted - searched == set()


def test_a_topic_is_searched_for_in_the_languages_of_its_strong_names() -> None:
    found = words(topic())
    assert found["en"] == found["id"] == "Tempeh"
    assert (
        found["ru"] == "%22%D0%A1%D0%BE%D0%B5%D0%B2%D1%8B%D0%B9%20%D1%82%D0%B5%D0%BC%D0%BF%D0%B5%22"
    )
    assert found["zh"] == "%E5%A4%A9%E8%B4%9D"
    assert "ko" not in found  # its only name there is weak
    assert "ar" not in found


def test_a_topic_may_say_what_is_searched_for() -> None:
    assert words(topic('[topic.search]\nru = "Темпе"'))["ru"] == "%D0%A2%D0%B5%D0%BC%D0%BF%D0%B5"
    everywhere = words(topic('[topic.search]\nany = "Tempeh"\nid = "Tempe"'))
    assert (everywhere["ar"], everywhere["ru"], everywhere["id"]) == ("Tempeh", "Tempeh", "Tempe")


def test_what_is_searched_for_is_no_part_of_what_a_topic_is() -> None:
    assert topic('[topic.search]\nru = "Темпе"').digest == topic().digest


@pytest.mark.parametrize("search", ['"de DE" = "x"', "de = 3", 'de = " "', '"zh-tw" = "x"'])
def test_a_search_that_makes_no_sense_is_refused(search: str) -> None:
    with pytest.raises(Drop, match=r"search\."):
        topic(f"[topic.search]\n{search}")


def test_one_language_may_be_asked_for() -> None:
    assert set(words(topic(), "id", "zh-Hans")) == {"id", "zh"}
    assert len(words(topic(), "zh")) == 1  # both of its editions


def test_a_title_makes_one_folder() -> None:
    assert {feed.category for feed in searches_of(topic().rows).feeds} == {
        "Search/Tempeh-soy, fried"
    }


def test_languages_without_an_edition_are_told() -> None:
    assert {"am", "hy", "ka", "km", "my"} <= set(SEARCHES.unserved)
    served = {edition.language for service in SERVICES for edition in service.editions}
    assert not served & set(SEARCHES.unserved)
    assert searches_of(topic(names='"Tempeh"').rows).unserved == ()
