"""Which feeds are watched: from lists of feeds."""

from __future__ import annotations

from pathlib import Path

from flows.steps.subscriptions import read_feeds


def test_addresses_in_a_feed_list_that_no_feed_can_have_are_told(tmp_path: Path) -> None:
    path = tmp_path / "my.opml"
    odd = "".join(f'<outline xmlUrl="file:///{n}"/>' for n in range(7))
    good = '<outline xmlUrl="https://paper.example/feed"/>'
    path.write_text(f'<opml version="2.0"><body>{odd}{good}</body></opml>')
    told: list[str] = []
    assert [feed.url for feed in read_feeds(path, told.append)] == ["https://paper.example/feed"]
    (line,) = told
    assert "'file:///0'" in line
    assert "and 2 more" in line
