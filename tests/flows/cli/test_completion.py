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

LINES = {
    "clip": ["clippings"],
    "clippings --topic ": ["musk", "openai", "tides"],
    "search a --topic o": ["openai"],
    "clippings --language ": ["en"],
    "clippings --outlet ": ["news.example"],
    "feeds remove ": ["news.example/feed.xml"],
    "feeds suggest --subscribe ": ["daily.example"],
    "feeds check https": ["https://news.example/feed.xml"],
    "server trigger po": ["poll"],
    "export --format c": ["csv"],
    "failures --stage f": [],
}
"""What is completed how."""
PROGRAM = """
import os, sys
from flows.cli.main import main
for line in sys.argv[1:]:
    sys.argv, os.environ["_TYPER_COMPLETE_ARGS"] = ["pressclip"], line
    try:
        main()
    except SystemExit:
        print(end="\\0", flush=True)
print(*sorted(sys.modules), file=sys.stderr)
"""
"""Completes lines, and tells in the end which modules that took."""
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


def completed(*lines: str, **env: str) -> tuple[list[str], str]:
    """What fish gets for each line, a word in each line of it; and what is said beside it."""
    asked = {"_PRESSCLIP_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *(f"pressclip {line}" for line in lines)],
        env=own_environment(asked | env),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split("\0")[:-1], done.stderr


@pytest.fixture(scope="module")
def answered(warehouse: Path) -> tuple[dict[str, str], set[str]]:
    """What is completed of all lines, one after the other, and the modules that took."""
    answers, modules = completed(*LINES, PRESSCLIP_WAREHOUSE=str(warehouse))
    return dict(zip(LINES, answers, strict=True)), set(modules.split())


@pytest.mark.parametrize("line", LINES)
def test_names_are_completed(answered: tuple[dict[str, str], set[str]], line: str) -> None:
    rows = answered[0][line].splitlines()
    assert [row.partition("\t")[0] for row in rows if row] == LINES[line]


def test_nothing_slow_is_imported(answered: tuple[dict[str, str], set[str]]) -> None:
    assert not answered[1] & FOR_FETCHING_AND_PARSING


def test_a_warehouse_that_is_named_is_looked_into(warehouse: Path) -> None:
    line = f"clippings -w {warehouse} --topic t"
    (answer,), _ = completed(line, PRESSCLIP_WAREHOUSE="no")
    assert answer.startswith("tides")


def test_where_nothing_can_be_read_nothing_is_said(tmp_path: Path) -> None:
    wrong = {"PRESSCLIP_WAREHOUSE": str(tmp_path), "PRESSCLIP_WORKERS": "many"}
    (answer,), said = completed("clippings --outlet ", **wrong)
    assert answer.strip() == ""
    assert "pressclip:" not in said


def test_the_flows_are_those_that_are_deployed() -> None:
    spec = yaml.safe_load((ROOT / "deploy" / "prefect.yaml").read_text())
    deployed = {deployment["entrypoint"].rpartition(":")[2] for deployment in spec["deployments"]}
    assert set(FLOWS) == deployed
