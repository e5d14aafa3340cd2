"""Pages that a site of ours answers, on topic and off it, and entries that link to them."""

from __future__ import annotations

from parsers.identity import entry_id
from parsers.records import Entry
from tests.servers.site import Site

STORY = (
    "Elon Musk spent the morning in the reading room at Port Alder and asked the librarian for "
    "every book about tides that she had. She brought eleven, and a twelfth about knots, in case. "
) * 4
CARRIED = f"<p>{STORY}</p><p>{STORY}</p>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
CHALLENGE = (
    b"<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before "
    b"you go on.</h1><p>Please enable JavaScript and cookies to continue.</p></body></html>"
)
TEA = "The tea house on the quay has new cups. They are blue, and larger than the old ones. " * 6
OFF_TOPIC = f"<html><title>Cups</title><body><h1>Cups</h1><p>{TEA}</p></body></html>".encode()
ON_TOPIC = f"<html><title>Musk reads</title><body><h1>Musk reads</h1><p>{STORY}</p></body></html>"


def entry(site: Site, path: str, *, feed_id: int = 1, carried: str | None = None) -> Entry:
    """The entry that links to a path of `site`, perhaps with a text in its feed."""
    url = site.url(path)
    return Entry(
        entry_id(feed_id, url), feed_id, url, url, title="Elon Musk reads", content_html=carried
    )
