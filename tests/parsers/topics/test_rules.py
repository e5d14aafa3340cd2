"""What a topics file may say, and how it is told what is wrong with it."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.errors import Drop
from parsers.topics.topics import read_topics

SHIPPED = Path(__file__).parents[3] / "seeds" / "topics.toml"

SMALL = """
[inflection.english]
endings = ["s"]
[[topic]]
name = "tempeh"
title = "Tempeh"
[[topic.alias]]
strength = "strong"
names = ["tempeh"]
inflect = ["english"]
"""

WRONG = [
    ("", "topic is missing"),
    ("topic = 1", "topic must be written as a table"),
    ("[[topics]]", "topics is not a known key: use one of formerly, inflection, topic"),
    ("x = [", "is not TOML"),
    (SMALL.replace('name = "tempeh"', ""), "name is missing"),
    (SMALL.replace('name = "tempeh"', 'name = "Tem peh"'), "a-z, 0-9"),
    (SMALL.replace('name = "tempeh"', 'name = "all"'), "the feed of all topics is called so"),
    (SMALL.replace('title = "Tempeh"', "title = 3"), "title is missing"),
    (
        SMALL.replace('"strong"', '"huge"'),
        "strength must be one of strong, likely, short, weak, hint",
    ),
    (SMALL.replace('"strong"', '"weak"'), 'no [[topic.alias]] with strength = "strong"'),
    (SMALL.replace('"strong"', '"exclude"'), "strength must be one of"),
    (SMALL.replace('names = ["tempeh"]', "names = []"), "names is missing or empty"),
    (SMALL.replace('names = ["tempeh"]', 'names = "tempeh"'), "must be a list of texts"),
    (SMALL.replace('names = ["tempeh"]', "names = [1]"), "must be a list of texts"),
    (SMALL.replace('names = ["tempeh"]', 'names = [" - "]'), "has no letters"),
    (SMALL.replace('names = ["tempeh"]', 'names = ["a b c d e f g"]'), "longer than 6 words"),
    (SMALL.replace('inflect = ["english"]', 'inflect = ["french"]'), "only: english"),
    (SMALL.replace("inflect =", "inflects ="), "inflects is not a known key"),
    (SMALL + "capitalised = 1", "capitalised must be true or false"),
    (SMALL.replace('endings = ["s"]', 'endings = "s"'), "inflection.english.endings must be"),
    (SMALL.replace('["s"]', '["-s x"]'), "no space or hyphen"),
    (SMALL.replace('["s"]', '["abcdefghijk"]'), "at most 10 letters"),
    (SMALL.replace("endings", "suffixes"), "suffixes is not a known key"),
    (SMALL.replace("title =", 'weak_is_enough = "maybe"\ntitle ='), "never, together, always"),
    (
        SMALL + "[[topic]]\nname='tempeh'\ntitle='x'\nalias=[{strength='strong',names=['y']}]",
        "twice",
    ),
    (SMALL + "[[topic.exclude]]\nstrength='weak'\nnames=['z']", "strength is not a known key"),
]


@pytest.mark.parametrize(("text", "problem"), WRONG)
def test_wrong_files_are_refused_with_the_key_and_what_to_do(text: str, problem: str) -> None:
    with pytest.raises(Drop) as refusal:
        read_topics(text.encode())
    assert refusal.value.name == "bad_topics"
    assert problem in refusal.value.message


def test_a_file_in_another_encoding_is_refused() -> None:
    with pytest.raises(Drop, match="save it as UTF-8"):
        read_topics('name = "é"'.encode("latin-1"))


@given(st.binary(max_size=200))
def test_any_bytes_give_topics_or_a_named_error(body: bytes) -> None:
    with pytest.raises(Drop) as refusal:
        read_topics(body)
    assert refusal.value.name == "bad_topics"


def test_the_shipped_file_is_read() -> None:
    topics = read_topics(SHIPPED.read_bytes())
    assert topics.names == ("musk", "openai")
    assert topics.titles == {"musk": "Elon Musk", "openai": "OpenAI"}


def test_the_example_in_the_shipped_files_head_is_valid() -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    start = lines.index("#   [[topic]]")
    example = []
    for line in lines[start:]:
        if not line.startswith("#   ") and line != "#":
            break
        example.append(line[4:])
    inflections = "[inflection.english]\nendings=['s']\n[inflection.russian]\nendings=['у']\n"
    topics = read_topics((inflections + "\n".join(example)).encode())
    assert topics.names == ("tempeh",)


def test_the_digest_changes_with_the_meaning_only() -> None:
    digest = read_topics(SMALL.encode()).digest
    assert read_topics(("# a comment\n" + SMALL).encode()).digest == digest
    assert read_topics(SMALL.replace('["s"]', '["z"]').encode()).digest != digest
    assert read_topics(SMALL.replace('["tempeh"]', '["tempe"]').encode()).digest != digest


def test_the_digest_is_the_same_in_every_process_and_version() -> None:
    code = (
        "import sys; from parsers.topics.topics import read_topics;"
        "print(read_topics(sys.stdin.buffer.read()).digest)"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=SHIPPED.read_bytes(),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout.decode()
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1
    # As every version so far computes it, so that an upgrade asks for no page again.
    assert read_topics(SMALL.encode()).digest == "63a1de1cc72b3b09"


def test_shipped_topics_that_change_say_what_they_were() -> None:
    topics = read_topics(SHIPPED.read_bytes())
    assert (topics.digest, topics.formerly) == ("53ccd05e27d5865b", ("8e523e8932043fd7",)), (
        "the shipped topics mean something else: add the digest they had to `formerly`, and to here"
    )


def test_topics_cross_process_borders_cheaply() -> None:
    topics = read_topics(SHIPPED.read_bytes())
    topics.match(None, "Elon Musk")
    topics.may_mention(b"Elon Musk", None)
    packed = pickle.dumps(topics)
    assert len(packed) < 100_000
    again = pickle.loads(packed)
    assert again == topics
    assert again.match(None, "Elon Musk") == topics.match(None, "Elon Musk")
