"""The text of an article out of the tree of its page."""

from __future__ import annotations

import logging
from copy import deepcopy
from dataclasses import dataclass

from lxml.html import HtmlElement
from trafilatura.core import bare_extraction
from trafilatura.settings import Extractor

# Every page it can't read is a warning or an error there; here it's an outcome with a name.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article, a line a block, and how it was found."""

    text: str
    method: str


def extract_body(tree: HtmlElement) -> Body:
    """The article's text; empty where none was found."""
    options = Extractor(output_format="python", comments=False, date_params={"original_date": True})
    document = bare_extraction(deepcopy(tree), options=options)
    if document is None:
        return Body("", "none")
    return Body(getattr(document, "text", "") or "", "trafilatura")
