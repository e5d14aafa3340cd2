"""The news searches of the press: feeds of headlines, whose links tell more or less of articles.

opaque      nothing: the article is to be looked for at the outlet that the item names
decodable   the address, in Base64
parameter   the address, as a parameter
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import quote

from flows.newsstand.outlets import Manuscript, Outlet, SearchItem, SearchPlan
from flows.newsstand.rendering import render


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item of a search, with what it leads to."""

    item: SearchItem
    article: Manuscript
    outlet: Outlet
    link: str

    @property
    def title(self) -> str:
        """What the search calls the article."""
        return self.item.title or self.article.title


def found_items(
    plan: SearchPlan, articles: Mapping[str, Manuscript], outlets: Mapping[str, Outlet]
) -> tuple[FoundItem, ...]:
    """What a search shows; articles by `host/slug`, outlets by host."""
    return tuple(
        FoundItem(item, article, outlets[article.host], _link(plan, article))
        for item in plan.items
        for article in [articles[item.article]]
    )


def write_search(plan: SearchPlan, items: tuple[FoundItem, ...]) -> bytes:
    """The bytes of a search's feed."""
    return render("feeds/search.xml", plan=plan, items=items).encode()


def _link(plan: SearchPlan, article: Manuscript) -> str:
    if plan.form == "parameter":
        address = quote(article.url, safe="")
        return f"http://{plan.host}/news/apiclick.aspx?ref=FexRss&aid=&url={address}&c=1&mkt=fr-fr"
    told = article.url if plan.form == "decodable" else _name_of(article)
    return f"http://{plan.host}/rss/articles/{_packed(told.encode())}?oc=5"


def _name_of(article: Manuscript) -> str:
    """What such links have in place of an address: only their service knows what it stands for."""
    digest = blake2b(f"{article.host}/{article.slug}".encode(), digest_size=48).digest()
    return "AU_yqL" + urlsafe_b64encode(digest).decode()


def _packed(told: bytes) -> str:
    """A record as these services write it: a number, a text, its end."""
    record = b"\x08\x13\x22" + bytes([len(told)]) + told + b"\xd2\x01\x00"
    return urlsafe_b64encode(record).decode().rstrip("=")
