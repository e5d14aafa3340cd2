"""Outlets on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.flows.cli.running import Done, called
from tests.warehouse.builders import Bench, a_batch, an_article, at
from warehouse.published.publish import publish


def test_outlets_are_listed_and_named(tmp_path: Path) -> None:
    bench = Bench.in_folder(tmp_path)
    articles = (an_article("a", host="m.paper.co.id"), an_article("b", host="paper.co.id"))
    bench.load(a_batch("b1", articles=articles))
    publish(bench.desk, now=at(1))
    env = {"PRESSCLIP_WAREHOUSE": str(bench.desk.published)}

    def run(*args: str) -> Done:
        return called(tmp_path, env, "outlets", *args)

    def listed() -> list[tuple[str, str, int]]:
        rows = json.loads(run("list", "--json").stdout)
        return [(row["name"], row["name_source"], row["articles"]) for row in rows]

    assert listed() == [("paper.co.id", "host", 2)]
    said = run("name", "https://m.paper.co.id/some/page", "  The Paper ").stdout
    assert said == "paper.co.id is called The Paper now.\n"
    assert listed() == [("The Paper", "operator", 2)]
    assert run("name", "paper.co.id").returncode == 0
    assert listed() == [("paper.co.id", "host", 2)]
    unheard = run("name", "unheard.example", "Nobody")
    assert (unheard.returncode, "no outlet 'unheard.example'" in unheard.stderr) == (1, True)
    assert run("name", "not a host", "Nobody").returncode == 1
