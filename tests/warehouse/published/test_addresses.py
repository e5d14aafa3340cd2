"""Stories and articles are found by an address as people paste it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest

from parsers.errors import Quarantine
from parsers.urls import canonical_url
from tests.warehouse.builders import Bench, a_batch, an_article
from tests.warehouse.places import FILE_AND_LAKE

ONE = "https://news.example/one?a=1&b=2"
PASTED = [
    ONE,
    "  <http://www.News.EXAMPLE:80/one/?b=2&a=1>",
    "news.example/one?a=1&b=2&utm_source=x&fbclid=3#top",
    "https://m.news.example./one/amp/?a=1&b=2",
    "//news.example/one/index.html?a=1&UTM_Id=&b=2",
]


@FILE_AND_LAKE
def test_an_address_as_people_paste_it(bench: Bench) -> None:
    bench.fill(a_batch("b1", articles=(replace(an_article("one"), canonical_url=ONE, url=ONE),)))
    with bench.open() as wh:
        for address in PASTED:
            assert wh.execute(f"SELECT title FROM story('{address}')") == [("Title of one",)], (
                address
            )
            assert wh.execute(f"FROM diff('{address}')") == [], address
        for address in ("https://news.example/ONE?a=1&b=2", "7"):
            with pytest.raises(Quarantine, match=r"no story .*There are 1 stories"):
                wh.execute(f"FROM story('{address}')")
            with pytest.raises(Quarantine, match="There is no article"):
                wh.execute(f"FROM diff('{address}')")


def test_sql_knows_the_tracking_that_the_parsers_know(bench: Bench) -> None:
    text = files("parsers").joinpath("data", "urls.toml").read_text(encoding="utf-8")
    names = [name for row in tomllib.loads(text)["parameters"] for name in row["names"]]
    addresses = [f"https://news.example/one?a=1&{name.replace('*', 'x')}=1" for name in names]
    assert {canonical_url(address) for address in addresses} == {"https://news.example/one?a=1"}
    with bench.open() as wh:
        rows = wh.execute(
            "SELECT DISTINCT page_addresses(one)[2] FROM (SELECT unnest($addresses) AS one)",
            {"addresses": addresses},
        )
    assert rows == [("https://news.example/one?a=1",)]
