"""The evaluation pages and what our parser makes of them.

The pages live outside the project. Those of publishers are in the folder that PRESSCLIP_EVALDATA
names or in `../shared/evaldata` beside the project; web articles of all kinds are in
PRESSCLIP_EVALWEB or `../shared/evalweb`. `python -m tests.parsers.quality.evaluation OUT.jsonl`
writes the predictions of all pages of publishers.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path

from parsers.articles.from_page import extract_article
from parsers.records import Article, Rejection
from parsers.text.decode import decode_page

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("PRESSCLIP_EVALDATA") or ROOT.parent / "shared" / "evaldata")
WEB_FOLDER = Path(os.environ.get("PRESSCLIP_EVALWEB") or ROOT.parent / "shared" / "evalweb")
MISSING = f"no evaluation pages in {FOLDER} (set PRESSCLIP_EVALDATA)"
WEB_MISSING = f"no web articles in {WEB_FOLDER} (set PRESSCLIP_EVALWEB)"


@dataclass(frozen=True, slots=True)
class Truth:
    """What a page should come out as: either in full or as snippets."""

    url: str
    file: str
    body: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    must_contain: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()
    folder: Path = FOLDER

    @property
    def unseen(self) -> bool:
        """Whether it is one of the quarter that no rule is written for: it is only measured."""
        return hashlib.sha256(self.url.encode()).hexdigest()[-1] in "0123"


def available(folder: Path = FOLDER) -> bool:
    """Whether the evaluation pages are on this machine."""
    return (folder / "truth.jsonl").is_file()


def load_truth(folder: Path = FOLDER) -> list[Truth]:
    """All truths in the order of the file."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        return [_truth(json.loads(line) | {"folder": folder}) for line in lines]


def _truth(row: dict[str, object]) -> Truth:
    row.pop("set", None)
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    return Truth(**values)  # type: ignore[arg-type]  # the file's keys are the record's fields


def read_page(truth: Truth) -> bytes:
    """The recorded bytes of a page."""
    return gzip.decompress((truth.folder / truth.file).read_bytes())


def predict(truth: Truth) -> Article | Rejection:
    """What our parser makes of a page."""
    return extract_article(decode_page(read_page(truth), None), url=truth.url)


def predict_all(truths: list[Truth], processes: int = 2) -> list[Article | Rejection]:
    """Predictions in the order of `truths`."""
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(predict, truths, chunksize=8))


def as_line(truth: Truth, found: Article | Rejection) -> str:
    """A prediction as JSON; a rejected page is an empty one."""
    row: dict[str, object] = {"url": truth.url}
    if isinstance(found, Article):
        published = found.published_at
        if published and found.published_offset is not None:
            clock = timezone(timedelta(minutes=found.published_offset))
            published = published.astimezone(clock)
        row |= {
            "text": found.text,
            "title": found.title,
            "authors": list(found.authors),
            "published": published.isoformat() if published else None,
        }
    return json.dumps(row, ensure_ascii=False)


def main() -> None:
    truths = load_truth()
    found = predict_all(truths)
    lines = map(as_line, truths, found)
    Path(sys.argv[1]).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
