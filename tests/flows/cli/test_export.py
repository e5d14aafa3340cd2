"""`pressclip export` as a person uses it."""

from __future__ import annotations

import csv
import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from parsers.feeds.parse import parse_feed
from tests.flows.cli.running import SCRIPT, Done, called, own_environment
from tests.warehouse.builders import Bench, a_batch, an_article, at
from warehouse.published.publish import publish


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a published warehouse of 900 articles."""
    bench = Bench.in_folder(tmp_path_factory.mktemp("export"))
    articles = tuple(an_article(f"a{n}", read=n / 18, topics=("musk",)) for n in range(900))
    bench.load(a_batch("b1", articles=articles))
    publish(bench.desk, now=at(100))
    return bench.desk.published.parent


def run(folder: Path, line: str, code: int = 0) -> Done:
    """A command line; one with pipes and the like is given to a shell."""
    env = {"PRESSCLIP_WAREHOUSE": str(folder / "clips.duckdb")}
    if set(line) & set("|&>"):
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line.replace("pressclip", str(SCRIPT), 1)],
            env=own_environment(env),
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    else:
        done = called(folder, env, *shlex.split(line)[1:])
    assert done.returncode == code, f"{line}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done


def test_to_the_screen_to_files_and_by_month(folder: Path) -> None:
    rows = list(csv.DictReader(run(folder, "pressclip export").stdout.splitlines()))
    assert len(rows) == 900
    assert "900 articles" in run(folder, "pressclip export articles -o out/x.jsonl").stdout
    assert len([json.loads(line) for line in (folder / "out/x.jsonl").open()]) == 900
    run(folder, "pressclip export stories -f parquet --by-month -o out/stories")
    assert (folder / "out/stories/month=2026-03/stories.parquet").read_bytes()[:4] == b"PAR1"
    day = run(folder, "pressclip export --since 2026-03-02 --until 2026-03-02 -f jsonl").stdout
    assert {json.loads(line)["started_at"][:10] for line in day.splitlines()} == {"2026-03-02"}


@pytest.mark.parametrize("by_month", ["", "--by-month -o out/ever"])
def test_the_last_day_of_all_is_no_bound(folder: Path, by_month: str) -> None:
    run(folder, f"pressclip export --since 0001-01-01 --until 9999-12-31 {by_month}")


def test_whoever_reads_may_leave_early(folder: Path) -> None:
    done = run(folder, "pressclip export articles -f jsonl | head -n 1", code=141)
    assert json.loads(done.stdout)["host"] == "news.example"
    assert done.stderr == ""


def test_feeds(folder: Path) -> None:
    for form, kind in (("atom", "atom10"), ("json-feed", "json11")):
        body = run(folder, f"pressclip export --format {form} --topic musk").stdout.encode()
        feed = parse_feed(body, url="https://x.example/", feed_id=1, content_type=None, now=at(200))
        assert (feed.format, feed.problem, len(feed.entries)) == (kind, None, 100)
    run(folder, "pressclip export -o out/musk.atom --full-text")
    assert b"<content" in (folder / "out/musk.atom").read_bytes()


def test_a_topic_in_other_capitals_has_the_same_feed(folder: Path) -> None:
    spelled, shouted = (
        run(folder, f"pressclip export -f atom --topic {name}").stdout for name in ("musk", "MUSK")
    )
    assert spelled == shouted


@pytest.mark.parametrize("form", ["jsonl", "atom"])
def test_a_pipe_stays_one_and_is_written_into(folder: Path, tmp_path: Path, form: str) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    reading = f"timeout 60 cat {pipe} > {tmp_path}/read & pressclip export -f {form} -o {pipe}"
    assert "written" in run(folder, f"{reading} && wait $!").stdout
    direct = run(folder, f"pressclip export -f {form}").stdout
    assert (tmp_path / "read").read_text("utf-8") == direct
    assert pipe.is_fifo()


@pytest.mark.parametrize("form", ["csv", "atom"])
def test_a_link_stays_one_and_its_file_is_written(folder: Path, tmp_path: Path, form: str) -> None:
    for name, old in (("there", "old"), ("not yet", None)):
        link, real = tmp_path / f"{name}.{form}", tmp_path / f"real {name}.x"
        link.symlink_to(real)
        if old:
            real.write_text(old)
        run(folder, f"pressclip export -o '{link}'")
        assert link.is_symlink()
        assert "a1" in real.read_text("utf-8")


def test_standard_output_by_another_name_has_rows_only(folder: Path, tmp_path: Path) -> None:
    """By a link of the test's own: whoever would replace it must not get at the machine's."""
    (screen := tmp_path / "screen").symlink_to("/proc/self/fd/1")
    for place in ("| cat", f"> {tmp_path}/rows && cat {tmp_path}/rows"):
        said = run(folder, f"pressclip export -f jsonl -o {screen} {place}").stdout
        assert len([json.loads(line) for line in said.splitlines()]) == 900


def test_a_folder_may_have_any_name_and_a_suffix_any_capitals(folder: Path) -> None:
    assert "1 file in out/v1.2." in run(folder, "pressclip export --by-month -o out/v1.2").stdout
    run(folder, "pressclip export -o out/CLIPS.JSONL")
    assert (folder / "out/CLIPS.JSONL").read_text("utf-8").startswith("{")


@pytest.mark.parametrize(
    ("line", "code", "hint"),
    [
        ("pressclip export --topic tesla", 1, "Known: musk"),
        ("pressclip export articles -f atom", 2, "newest clippings"),
        ("pressclip export --by-month", 2, "--to"),
        ("pressclip export -o x.xlsx", 2, ".jsonl"),
        ("pressclip export -o x.csv.gz", 2, "--format"),
        ("pressclip export -o .", 2, "--by-month"),
        ("pressclip export -f atom -o clips.desk", 2, "folder"),
        ("pressclip export -o x.json", 2, "json-feed"),
        ("pressclip export --since yesterday", 2, "2026-03-31"),
        ("pressclip export -w none.duckdb", 1, "pressclip ingest"),
        ("pressclip export -o /proc/x.csv", 1, "/proc"),
    ],
)
def test_every_error_says_what_to_do(folder: Path, line: str, code: int, hint: str) -> None:
    assert hint in run(folder, line, code).stderr
