"""The sitemaps of the press: honest ones, very large ones, and what is none at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.newsstand.outlets import Outlet
from flows.newsstand.rendering import render

LARGE = 50_000
"""Addresses in a large one, which is as many as there may be."""
_RUBBISH = b"<html><head><title>Sitemap</title></head><body><ul><li>Soon &nbsp;<li>here</ul>"


def write_sitemap(outlet: Outlet, edition: datetime) -> bytes:
    """The sitemap of an outlet as of an edition."""
    if outlet.sitemap == "rubbish":
        return _RUBBISH
    if outlet.sitemap == "large":
        return _large(outlet, edition)
    return render("sitemap.xml", outlet=outlet).encode()


def _large(outlet: Outlet, edition: datetime) -> bytes:
    """The archive first, a page a day, and what is new at its end."""
    entries = [
        f"<url><loc>{outlet.home}/archive/{number:05}-of-the-council</loc>"
        f"<lastmod>{edition - timedelta(days=LARGE - number):%Y-%m-%d}</lastmod></url>"
        for number in range(LARGE - len(outlet.manuscripts))
    ]
    entries += [
        f"<url><loc>{article.url}</loc><lastmod>{article.published.isoformat()}</lastmod></url>"
        for article in outlet.manuscripts
        if article.published
    ]
    listed = "\n".join(entries)
    return (
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}\n</urlset>\n'
    ).encode()
