"""What the shell completes, asked as fish asks for it. (The scripts for the shells are Typer's.)"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from flows.cli.completion import FLOWS
from tests.docs import ROOT
from tests.flows.cli.running import own_environment
from tests.warehouse.builders import Bench, a_batch, an_article, an_entry, at
from warehouse.published.publish import publish
from warehouse.records import Feed

PROGRAM = """
import sys
from flows.cli.main import main
try:
    main()
except SystemExit:
    print(*sorted(sys.modules), file=sys.stderr)
"""
FOR_FETCHING_AND_PARSING = {
    "httpx",
    "h2",
    "prefect",
    "pyarrow",
    "trafilatura",
    "feedparser",
    "lxml",
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bench = Bench.in_folder(tmp_path_factory.mktemp("completion"))
    feed = Feed(1, "https://news.example/feed.xml", "The News")
    named = [
        replace(an_entry(name), outlet_url=url, outlet_name=name)
        for name, url in (("News", "https://news.example"), ("Daily", "https://www.daily.example/"))
    ]
    articles = (an_article("a", topics=("tides",)),)
    bench.load(a_batch("b1", feeds=(feed,), articles=articles, entries=tuple(named)))
    publish(bench.desk, now=at(1))
    return bench.desk.published


def completed(line: str, **env: str) -> subprocess.CompletedProcess[str]:
    """What fish gets for `line`, a word in each line of it; and which modules that took."""
    asked = {"_PRESSCLIP_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    environment = own_environment(asked | {"_TYPER_COMPLETE_ARGS": line} | env)
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.argv[0] = 'pressclip'\n{PROGRAM}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("clip", ["clippings"]),
        ("clippings --topic ", ["musk", "openai", "tides"]),
        ("search a --topic o", ["openai"]),
        ("clippings --language ", ["en"]),
        ("clippings --outlet ", ["news.example"]),
        ("feeds remove ", ["news.example/feed.xml"]),
        ("feeds suggest --subscribe ", ["daily.example"]),
        ("feeds check https", ["https://news.example/feed.xml"]),
        ("server trigger po", ["poll"]),
        ("export --format c", ["csv"]),
        ("failures --stage f", []),
    ],
)
def test_names_are_completed_and_nothing_slow_is_imported(
    warehouse: Path, line: str, words: list[str]
) -> None:
    done = completed(f"pressclip {line}", PRESSCLIP_WAREHOUSE=str(warehouse))
    assert [row.partition("\t")[0] for row in done.stdout.splitlines() if row] == words
    assert not set(done.stderr.split()) & FOR_FETCHING_AND_PARSING


def test_a_warehouse_that_is_named_is_looked_into(warehouse: Path) -> None:
    done = completed(f"pressclip clippings -w {warehouse} --topic t", PRESSCLIP_WAREHOUSE="no")
    assert done.stdout.startswith("tides")


def test_where_nothing_can_be_read_nothing_is_said(tmp_path: Path) -> None:
    wrong = {"PRESSCLIP_WAREHOUSE": str(tmp_path), "PRESSCLIP_WORKERS": "many"}
    done = completed("pressclip clippings --outlet ", **wrong)
    assert done.stdout.strip() == ""
    assert "pressclip:" not in done.stderr


def test_the_flows_are_those_that_are_deployed() -> None:
    spec = yaml.safe_load((ROOT / "deploy" / "prefect.yaml").read_text())
    deployed = {deployment["entrypoint"].rpartition(":")[2] for deployment in spec["deployments"]}
    assert set(FLOWS) == deployed
