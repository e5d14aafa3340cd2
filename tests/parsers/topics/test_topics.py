"""Matching: evidence, places, offsets, salience, and the rules that decide."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.records import Place, TopicMatch
from parsers.topics.topics import Topics, read_topics

SHIPPED = Path(__file__).parents[3] / "seeds" / "topics.toml"

FILLER = "The council met on Tuesday and spoke about roads and bridges. " * 12


@pytest.fixture(scope="module")
def topics() -> Topics:
    return read_topics(SHIPPED.read_bytes())


def small(extra: str = "", head: str = "") -> Topics:
    """A topic of our own: Ada Lovelace, engines, and a namesake."""
    return read_topics(
        f"""
        [inflection.any]
        endings = ["s"]
        prefixes = ["pre"]
        [[topic]]
        name = "ada"
        title = "Ada Lovelace"
        context = ["mathemat"]
        doubt = ["bay"]
        {head}
        [[topic.alias]]
        strength = "strong"
        names = ["Ada Lovelace"]
        inflect = ["any"]
        [[topic.alias]]
        strength = "likely"
        names = ["Byron"]
        [[topic.alias]]
        strength = "short"
        names = ["Lovelace"]
        capitalised = true
        [[topic.alias]]
        strength = "weak"
        names = ["Analytical Engine", "Difference Engine", "Note G"]
        [[topic.alias]]
        strength = "hint"
        names = ["Ada"]
        [[topic.exclude]]
        names = ["Linda Lovelace"]
        {extra}
        """.encode()
    )


def only(matches: tuple[TopicMatch, ...]) -> TopicMatch:
    assert len(matches) == 1
    return matches[0]


def test_every_mention_carries_alias_place_offset_and_count() -> None:
    title = "Notes of Ada Lovelace"
    lead = "Ada\u00a0Love\u00adlace wrote. Lovelace died."
    text = f"{lead}\n\n{FILLER}\n\nLovelace again, and Lovelace."
    match = only(small().match(title, text))
    found = {(m.alias, m.place, m.offset, m.count) for m in match.mentions}
    assert found == {
        ("Ada Lovelace", Place.TITLE, 9, 1),
        ("Ada Lovelace", Place.LEAD, 0, 1),
        ("Lovelace", Place.LEAD, text.index("Lovelace died"), 1),
        ("Lovelace", Place.BODY, text.index("Lovelace again"), 2),
    }


def test_mentions_come_most_telling_first() -> None:
    match = only(small().match("Ada Lovelace", f"{FILLER} Ada Lovelace"))
    assert [mention.place for mention in match.mentions] == [Place.TITLE, Place.BODY]


def test_a_standfirst_is_lead_and_counts_once() -> None:
    match = only(small().match(None, FILLER + FILLER, "Of Ada Lovelace"))
    assert [(m.place, m.offset) for m in match.mentions] == [(Place.LEAD, 3)]
    repeated = only(small().match(None, "Of Ada Lovelace. " + FILLER, "Of Ada Lovelace"))
    assert [(m.place, m.count) for m in repeated.mentions] == [(Place.LEAD, 1)]


DECISIONS = [
    ("Ada Lovelace wrote.", True),
    ("ada lovelaces everywhere", True),
    ("preada lovelace", True),
    ("Xada Lovelace", False),
    ("Ada Lovelaced", False),
    ("Lovelace wrote.", False),
    ("Lovelace, the mathematician, wrote.", True),
    ("lovelace, the mathematician, wrote.", False),
    ("Lovelace and the Analytical Engine", True),
    ("The mathematician wrote.", False),
    ("Ada wrote to the mathematician.", False),
    ("Linda Lovelace and mathematics; Lovelace said", False),
    ("Linda Lovelace read of Ada Lovelace", True),
    ("The Analytical Engine", False),
    ("Byron wrote.", True),
    ("Byron Bay has surf.", False),
    ("Byron Bay honours the mathematician.", True),
    ("Byron, or Lovelace", True),
    ("The bay", False),
]


@pytest.mark.parametrize(("text", "on_topic"), DECISIONS)
def test_strong_likely_short_hint_and_excluded_names(text: str, on_topic: bool) -> None:
    assert bool(small().match(None, text)) is on_topic


WEAK = [
    ("never", "Analytical Engine", "Analytical Engine, Difference Engine, Note G", False),
    ("always", None, "The Analytical Engine", True),
    ("always", None, "Ada", False),
    ("together", None, "The Analytical Engine", False),
    ("together", None, "The Analytical Engine and the Difference Engine", True),
    ("together", "Analytical Engine", "Of brass.", False),
    ("together", "Analytical Engine", "An Analytical Engine of brass.", True),
    ("together", None, "Analytical Engine. " * 2, False),
    ("together", None, "Analytical Engine. " * 3, True),
]


@pytest.mark.parametrize(("rule", "title", "text", "on_topic"), WEAK)
def test_weak_evidence_alone(rule: str, title: str | None, text: str, on_topic: bool) -> None:
    topics = small(head=f'weak_is_enough = "{rule}"')
    assert bool(topics.match(title, text)) is on_topic


def test_hints_are_evidence_beside_better_ones() -> None:
    match = only(small().match(None, "Ada Lovelace slept. Ada woke."))
    assert {mention.alias for mention in match.mentions} == {"Ada Lovelace", "Ada"}


def test_salience_rises_with_title_lead_and_number() -> None:
    long = FILLER * 4
    cases = [
        (None, f"{long} Ada Lovelace."),
        (None, f"{long} Ada Lovelace. Ada Lovelace. Ada Lovelace."),
        (None, f"Ada Lovelace. {long}"),
        ("Ada Lovelace", f"{long} Ada Lovelace."),
        ("Ada Lovelace", f"Ada Lovelace. {long}"),
        ("Ada Lovelace", "Ada Lovelace. " * 50),
    ]
    saliences = [only(small().match(title, text)).salience for title, text in cases]
    assert saliences == sorted(saliences)
    assert saliences[0] < 0.1
    assert saliences[-1] > 0.9


def test_salience_is_what_the_module_says() -> None:
    passing = small().match(None, f"{'x ' * 2490} Ada Lovelace.")
    assert only(passing).salience == pytest.approx(0.04, abs=0.005)
    central = small().match("Ada Lovelace", "Ada Lovelace. " * 10 + "x " * 1430)
    assert only(central).salience == pytest.approx(0.9, abs=0.005)


@given(st.integers(0, 3), st.integers(0, 30), st.booleans())
def test_salience_lies_between_0_and_1(in_title: int, in_text: int, filled: bool) -> None:
    text = (FILLER if filled else "") + "Ada Lovelace. " * in_text
    for match in small().match("Ada Lovelace " * in_title, text):
        assert 0 < match.salience <= 1


def test_topics_come_in_the_order_of_the_file(topics: Topics) -> None:
    matches = topics.match("OpenAI and Elon Musk", "OpenAI was sued by Elon Musk.")
    assert [match.topic for match in matches] == ["musk", "openai"]


JOINTS = ["", "\u00ad", "\u200b", "\u2060"]


@given(
    st.lists(st.sampled_from([*JOINTS, "\u0301", "ﬁ", "…", "日本", "Ａ", " ", "\n\n", "é", "한"])),
    st.lists(st.sampled_from(JOINTS), min_size=4, max_size=4),
    st.sampled_from(["Open", "Ｏｐｅｎ", "OPEN", "open"]),
)
def test_offsets_point_into_the_original_text(
    before: list[str], joints: list[str], word: str
) -> None:
    topics = read_topics(SHIPPED.read_bytes())
    name = "".join(letter + joint for letter, joint in zip(word, joints, strict=True)) + "AI"
    text = "".join(before) + " " + name + " said so."
    mention = only(topics.match(None, text)).mentions[0]
    assert text[mention.offset :].startswith(name)


@given(st.text() | st.text(alphabet=st.characters(categories=["Cs", "Lu", "Cf", "Mn"])))
def test_any_text_is_matched_without_error(text: str) -> None:
    topics = read_topics(SHIPPED.read_bytes())
    for match in topics.match(text, text, text):
        assert all(mention.count > 0 for mention in match.mentions)


HUGE = {
    "no space": "Musk" * 100_000,
    "all names": "Elon Musk " * 40_000,
    "invisible": "M\u00adu\u200bs\u200bk" * 60_000,
    "marks": "e" + "\u0301" * 400_000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_400_kilobytes_of_anything_end_in_seconds(topics: Topics, text: str) -> None:
    started = time.process_time()
    topics.match(None, text)
    assert time.process_time() - started < 6


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Byron wrote.", True),
        ("Larry Byron wrote. Byron slept.", False),
        ("Larry B. Byron wrote.", False),
        ("Larry Byron met Ada Lovelace.", True),
        ("They told Larry. Byron wrote.", True),
        ("larry Byron wrote.", True),
        ("Larrys Byron wrote.", True),
    ],
)
def test_a_given_name_of_others_makes_a_surname_theirs(text: str, found: bool) -> None:
    topics = small(head='given_names = ["Larry"]')
    assert bool(topics.match(None, text)) is found
