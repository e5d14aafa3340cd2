"""The news sitemap of an outlet: every article it has, those that no feed names included."""

from __future__ import annotations

from html import escape

from flows.newsstand.articles import Manuscript, Outlet

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n'
)


def write_sitemap(outlet: Outlet) -> bytes:
    """A sitemap (sitemaps.org 0.9) with the news extension; an undated article has only `loc`."""
    urls = "".join(_url(outlet, article) for article in outlet.manuscripts)
    return f"{_HEAD}{urls}</urlset>\n".encode()


def _url(outlet: Outlet, article: Manuscript) -> str:
    location = f"<loc>{escape(article.url)}</loc>"
    if article.published is None:
        return f"<url>{location}</url>\n"
    return (
        f"<url>{location}<lastmod>{(article.updated or article.published).isoformat()}</lastmod>"
        f"<news:news><news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{article.language}</news:language></news:publication>"
        f"<news:publication_date>{article.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(article.title, quote=False)}</news:title></news:news></url>\n"
    )
