"""What a person sees in the UI, in a real browser that reaches nothing but this machine."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from flows.server.artifacts import linked, plainly
from tests.flows.server.conftest import LINK, Filed
from tests.flows.server.test_events import STORY
from tests.servers.prefect_server import Up
from tests.waiting import eventually

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium"),
]
HOSTILE = '</h1><img src=x onerror="document.title=1"> [OpenAI](javascript:alert(1)) `a` *b* | c'


def page(up: Up, path: str, folder: Path) -> str:
    """The document at `path` of the UI, once its scripts have run."""
    done = subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            f"--user-data-dir={folder / 'chromium'}",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--virtual-time-budget=30000",
            "--dump-dom",
            f"{up.api_url.removesuffix('/api')}/{path}",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    )
    return done.stdout


def words(document: str) -> str:
    """What is to be read in a document."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", document)).split())


def shown(up: Up, path: str, folder: Path, text: str) -> str:
    """The document at `path`, which shows `text`."""

    def look() -> str | None:
        document = page(up, path, folder)
        return document if text in words(document) else None

    return eventually(look, f"{text!r} at {path}")


def address(up: Up, key: str, run: str | None = None) -> str:
    """Where the artifact of a key is shown, that of a run or else the newest."""
    of_run = {"flow_run_id": {"any_": [run]}} if run else {}
    newest, *_ = up.find(
        "artifacts", artifacts={"key": {"any_": [key]}, **of_run}, sort="CREATED_DESC"
    )
    return f"artifacts/artifact/{newest['id']}"


def test_the_artifacts_of_a_run_are_seen_offline(up: Up, filed: Filed, tmp_path: Path) -> None:
    seen = words(shown(up, "artifacts", tmp_path, "submit-summary"))
    assert "What became of what was submitted" in seen
    document = shown(up, address(up, "new-stories", filed.run), tmp_path, "New stories")
    title = "Elon Musk spends a morning in the Brackwater tunnel, mostly asking about mud"
    assert title in words(document)
    assert f'href="{LINK.replace("http:", "https:")}"' in document


def test_a_hostile_headline_is_shown_and_does_nothing(up: Up, tmp_path: Path) -> None:
    story = replace(STORY, title=HOSTILE, url='https://example.com/a)<b>"x"')
    up.ask(
        "artifacts/",
        key="hostile",
        type="markdown",
        data=f"{linked(story.title, story.url)}\n\n{plainly(story.title)}",
    )
    document = shown(up, address(up, "hostile"), tmp_path, "onerror")
    assert " ".join(HOSTILE.split()) in words(document)
    assert "<img src" not in document
    assert 'href="javascript' not in document
    assert 'href="https://example.com/a%29%3Cb%3E%22x%22"' in document
