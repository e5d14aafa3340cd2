"""Which page a headline is of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from parsers.headlines.compare import headline_words, split_outlet, without_outlet
from parsers.headlines.listing import ListedPage
from parsers.headlines.match import Headline, Pages

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
DAY = datetime(2026, 11, 27, tzinfo=UTC)
HEADLINE = "OpenAI opens a harbour office for its warden"


def page(title: str | None, path: str = "a", at: datetime | None = AT) -> ListedPage:
    return ListedPage(f"https://paper.example/{path}", title, at)


def pages(*listed: ListedPage) -> Pages:
    found = Pages({"The Paper", "paper.example"})
    found.add(listed)
    return found


def path_of(found: ListedPage | None) -> str | None:
    return found.url.rpartition("/")[2] if found else None


@pytest.mark.parametrize(
    "other",
    [
        "OPENAI OPENS A HARBOUR OFFICE FOR ITS WARDEN",
        "OpenAI opens a harbour office for its warden | The Paper",
        "“OpenAI” opens a harbour office – for its warden",
        "\uff2fpenAI opens a harbour\u00a0office for its war\u00adden",
    ],
)
def test_it_is_compared_as_people_read_it(other: str) -> None:
    assert path_of(pages(page(other)).same(Headline(HEADLINE, AT))) == "a"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("日本のOpenAI、港に事務所", "日本の「OpenAI」港に事務所"),
        ("Ёлон Маск открыл контору", "Елон Маск открыл контору"),
        ("مكتب أوبن إيه آي", "مكتب اوبن ايه اي"),
    ],
)
def test_so_it_is_in_other_scripts(one: str, other: str) -> None:
    assert headline_words(one) == headline_words(other)


def test_the_name_behind_a_headline_goes_and_nothing_else_does() -> None:
    assert without_outlet("Musk speaks - The Paper", ["the paper"]) == "Musk speaks"
    assert without_outlet("Musk speaks - again", ["The Paper"]) == "Musk speaks - again"
    assert split_outlet("Musk - again - The Paper") == ("Musk - again", "The Paper")
    assert split_outlet("Musk") is None


def test_of_one_headline_on_two_days_the_nearer_one() -> None:
    listed = pages(
        page("Morning briefing for you", "a", AT - timedelta(days=1)),
        page("Morning briefing for you", "b", AT + timedelta(minutes=5)),
    )
    assert path_of(listed.same(Headline("Morning briefing for you", AT))) == "b"
    assert path_of(listed.same(Headline("Morning briefing for you", AT - timedelta(days=1)))) == "a"


def test_where_nothing_tells_two_apart_it_is_neither() -> None:
    listed = pages(
        page("Morning briefing for you", "a", None), page("Morning briefing for you", "b", None)
    )
    assert listed.same(Headline("Morning briefing for you", AT)) is None


def test_the_host_that_the_service_names_decides_between_editions() -> None:
    listed = Pages()
    listed.add(
        [ListedPage(f"https://{host}.paper.example/a", HEADLINE, AT) for host in ("uk", "us")]
    )
    found = listed.same(Headline(HEADLINE, AT, outlet_url="https://us.paper.example"))
    assert found is not None
    assert found.url.startswith("https://us.")


@pytest.mark.parametrize(
    ("at", "same"),
    [
        (AT, True),
        (DAY - timedelta(hours=13), True),
        (DAY + timedelta(hours=37), True),
        (DAY - timedelta(days=4), False),
        (DAY + timedelta(days=6), False),
    ],
)
def test_a_day_without_a_time_is_a_day_anywhere(at: datetime, same: bool) -> None:
    headline = Headline(HEADLINE, DAY, day_only=True)
    assert (pages(page(HEADLINE, at=at)).same(headline) is not None) is same


def test_one_that_was_cut_is_known_by_its_beginning() -> None:
    listed = pages(page(HEADLINE), page("OpenAI opens another thing", "b"))
    assert path_of(listed.same(Headline("OpenAI opens a harbour office for its war…", AT))) == "a"
    assert listed.same(Headline("OpenAI opens …", AT)) is None


CHANGED = "OpenAI opens an office at the harbour for its new warden"


@pytest.mark.parametrize(
    ("apart", "title", "same"),
    [
        (timedelta(0), CHANGED, True),
        (timedelta(minutes=15), CHANGED, True),
        (timedelta(hours=11), CHANGED, False),
        (timedelta(0), "Lilies are late in the old garden this year", False),
        (timedelta(hours=2), HEADLINE + " today", True),
        (timedelta(days=2), HEADLINE + " today", False),
    ],
)
def test_another_wording_is_told_by_time_and_words(
    apart: timedelta, title: str, same: bool
) -> None:
    listed = pages(page(title, at=AT + apart))
    found = listed.changed(Headline(HEADLINE, AT))
    assert (found is not None) is same


def test_the_time_of_a_page_may_come_from_another_listing() -> None:
    """The home page has the new wording and no time, the feed has both."""
    listed = pages(page(HEADLINE + " today", at=None))
    assert listed.changed(Headline(HEADLINE, AT)) is None
    listed.add([page(HEADLINE + " today")])
    assert path_of(listed.changed(Headline(HEADLINE, AT))) == "a"


def test_two_that_are_as_like_are_neither() -> None:
    listed = pages(page(HEADLINE + " at last", "a"), page(HEADLINE + " by day", "b"))
    assert listed.changed(Headline(HEADLINE, AT)) is None


def test_a_page_that_has_anothers_very_headline_is_taken() -> None:
    listed = pages(page(CHANGED, at=AT + timedelta(minutes=15)))
    assert listed.changed(Headline(HEADLINE, AT), {"https://paper.example/a"}) is None


def test_who_did_what_to_whom_is_not_one_thing() -> None:
    listed = pages(page("OpenAI sues Musk over a contract", at=AT + timedelta(hours=2)))
    assert listed.changed(Headline("Musk sues OpenAI over a contract", AT)) is None


def test_words_of_an_address_tell_where_there_are_no_titles() -> None:
    listed = pages(
        page(None, "openai-opens-harbour-office-warden-2026.html", None),
        page(None, "openai-opens-road-for-its-warden", None),
        page(None, "2026112700123", None),
    )
    found = listed.addressed(Headline(HEADLINE, AT))
    assert path_of(found) == "openai-opens-harbour-office-warden-2026.html"
    assert listed.addressed(Headline("OpenAI opens a school", AT)) is None
