"""Every row of the rule files does what its own examples say."""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet

from parsers.articles.page_type import PageTypeRule, page_type_rules
from parsers.extraction.boilerplate_rules import Rule, load_rules, read_rules
from parsers.extraction.furniture_rules import Furniture, furniture_named, furniture_rules


def examples(kind: str) -> list[ParameterSet]:
    """The example lines of one kind, of all rows."""
    return [
        pytest.param(rule, line, id=f"{rule.name}-{rule.scope}-{line[:40]}")
        for rule in load_rules().rows
        for line in getattr(rule, kind)
    ]


@pytest.mark.parametrize(("rule", "line"), examples("removes"))
def test_boilerplate_row_removes_its_examples(rule: Rule, line: str) -> None:
    found = load_rules().match(line, {rule.scope})
    assert found is not None
    assert found.name == rule.name


@pytest.mark.parametrize(("rule", "line"), examples("sentences"))
def test_boilerplate_row_is_certain_of_its_sentences(rule: Rule, line: str) -> None:
    found = load_rules().certain(line, {rule.scope})
    assert found is not None
    assert found.name == rule.name


def test_every_row_that_is_certain_has_sentences() -> None:
    assert all(bool(rule.certain) == bool(rule.sentences) for rule in load_rules().rows)


@pytest.mark.parametrize(("rule", "line"), examples("keeps"))
def test_boilerplate_row_keeps_its_counterexamples(rule: Rule, line: str) -> None:
    found = load_rules().match(line, {rule.scope})
    assert found is None or found.name != rule.name


def test_every_boilerplate_row_has_examples_of_both_kinds() -> None:
    assert all(rule.removes and rule.keeps for rule in load_rules().rows)


def test_every_whole_phrase_of_every_row_is_removed() -> None:
    rules = load_rules()
    for rule in rules.rows:
        for phrase in rule.whole:
            found = rules.match(f"— {phrase}:", {rule.scope})
            assert found is not None, phrase


@pytest.mark.parametrize("rule", furniture_rules(), ids=lambda rule: rule.name)
def test_furniture_row(rule: Furniture) -> None:
    assert rule.removes
    assert rule.keeps
    assert [furniture_named(name) for name in rule.removes] == [rule.name] * len(rule.removes)
    assert rule.name not in [furniture_named(name) for name in rule.keeps]


@pytest.mark.parametrize("rule", page_type_rules(), ids=lambda rule: rule.reason)
def test_page_type_row(rule: PageTypeRule) -> None:
    assert all(rule.titled(text) or rule.says(text) for text in rule.rejects)
    assert not any(rule.titled(text) or rule.says(text) for text in rule.passes)


def test_rules_can_be_extended_by_a_row() -> None:
    rules = read_rules('[[rule]]\nclass = "x"\nscope = "anywhere"\nwhole = ["Ganz neu"]\n')
    found = rules.match("— GANZ NEU! —", {rules.rows[0].scope})
    assert found is rules.rows[0]
