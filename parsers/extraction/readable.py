"""What of a page's tree an extraction can turn into words of an article.

The cheap test of `parsers.topics.topics` reads the source as it is, scripts, styles and addresses of
links included. Once the tree is there, and before the dear part of the extraction, the test can be
made again on less: a page that names a topic only in its program, in a class name or in the
address of a related page is not extracted in vain.
"""

from __future__ import annotations

from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

# Metadata is read from `content` and from JSON-LD, everything else from what stands between tags.
_READABLE = XPath(
    "//text()[not(parent::style)]"
    "[not(parent::script) or contains(parent::script/@type, 'json')"
    " or contains(parent::script/@type, 'JSON')]"
    " | //@content"
)


def readable_source(tree: HtmlElement) -> bytes:
    """Everything of the page that may become title, standfirst or text, in UTF-8; an empty tag
    stands wherever an element begins or ends."""
    return "<>".join(cast(list[str], _READABLE(tree))).encode("utf-8", "replace")
