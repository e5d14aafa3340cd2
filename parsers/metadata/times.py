"""When it was published and changed: JSON-LD first, then meta, then what htmldate finds."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from lxml.html import HtmlElement

from parsers.metadata.facts import Facts

_PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "pubdate",
    "date",
    "publishdate",
    "publish-date",
    "cxenseparse:recs:publishtime",
)
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "dcterms.modified",
)
_OFFSET = re.compile(r"([+-]\d{2})(\d{2})$")
_FRACTION = re.compile(r"\.(\d+)")


def read_published(tree: HtmlElement, facts: Facts, url: str) -> tuple[datetime | None, str]:
    """(time in UTC, source)."""
    found = _stated(facts, "datePublished", _PUBLISHED)
    if found[0] is not None:
        return found
    day = _searched(tree, url)
    return (day, "htmldate") if day else (None, "")


def read_modified(facts: Facts) -> tuple[datetime | None, str]:
    """(time in UTC, source) of the last change that the page states."""
    return _stated(facts, "dateModified", _MODIFIED)


def _stated(facts: Facts, key: str, names: tuple[str, ...]) -> tuple[datetime | None, str]:
    moment = read_moment(facts.article.get(key))
    if moment:
        return moment, "json-ld"
    for name in names:
        for value in facts.meta.get(name, ()):
            moment = read_moment(value)
            if moment:
                return moment, name
    return None, ""


def read_moment(value: object) -> datetime | None:
    """An ISO 8601 time in UTC; without an offset it is taken for UTC. None for anything else."""
    if not isinstance(value, str) or not 8 <= len(value.strip()) <= 40:
        return None
    text = _OFFSET.sub(r"\1:\2", value.strip().replace("Z", "+00:00"))
    text = _FRACTION.sub(lambda match: "." + match[1][:6].ljust(6, "0"), text)
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _searched(tree: HtmlElement, url: str) -> datetime | None:
    from htmldate import find_date  # noqa: PLC0415

    found = find_date(tree, url=url, original_date=True, extensive_search=False)
    return datetime.combine(date.fromisoformat(found), datetime.min.time(), UTC) if found else None
