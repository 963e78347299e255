"""Front matter: split off, read with lines, and nothing built from what could grow."""

import datetime as dt

import pytest
from bodies import texts, yaml_texts
from guidebook import frontmatter
from hypothesis import given, settings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("---\na: 1\n---\nBody\n", ("a: 1\n", "Body\n", 4)),
        ("---\n---\nBody", ("", "Body", 3)),
        ("---\na: 1\n---", ("a: 1", "", 3)),
        ("---\n---", ("", "", 2)),
        ("---\na: 1\n---\n\n---\n", ("a: 1\n", "\n---\n", 4)),
        ("--- \na: 1\n---\n", (None, "--- \na: 1\n---\n", 1)),
        ("---\na: 1\n--- \n", (None, "---\na: 1\n--- \n", 1)),
        ("---\na: 1\n...\n", (None, "---\na: 1\n...\n", 1)),
        ("\n---\na: 1\n---\n", (None, "\n---\na: 1\n---\n", 1)),
        ("---", (None, "---", 1)),
        ("", (None, "", 1)),
    ],
)
def test_a_block_stands_between_two_lines_of_dashes(text, found):
    assert frontmatter.split(text) == found


@settings(max_examples=200)
@given(texts)
def test_any_text_is_split_without_loss(text):
    block, body, line = frontmatter.split(text)
    assert text.endswith(body)
    assert (block is None) == (body == text)
    assert text.count("\n") + 1 == line + body.count("\n") or not body


@settings(max_examples=400)
@given(yaml_texts)
def test_any_block_is_read(block):
    found = frontmatter.read(block, 3)
    assert all(3 <= fault.line <= 3 + block.count("\n") + 1 for fault in found.faults)
    assert all(fault.message.endswith(".") and "Error" not in fault.message for fault in found.faults)
    assert set(found.values) <= set(found.lines)
    assert all(line >= 3 for line in found.lines.values())


def test_values_are_those_of_yaml_1_1_and_lines_those_of_the_file():
    found = frontmatter.read("a: no\nb: 2026-11-23\nc: [x, 1]\nd:\n  e: '1'\n", 2)
    assert found.values == {"a": False, "b": dt.date(2026, 11, 23), "c": ["x", 1], "d": {"e": "1"}}
    assert found.lines == {"a": 2, "b": 3, "c": 4, "c.0": 4, "c.1": 4, "d": 5, "d.e": 6}
    assert found.written["a"] == "no"


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-30",
        "0001-01-01T00:00:00+23:00",
        "2026-01-01 25:61:00",
        "=",
        "9" * 5000,
        "1:" * 2000 + "1",
        "1:" * 300 + "1.5",
        "0b",
        "0x",
    ],
)
def test_what_has_the_shape_of_a_value_and_is_none_stays_text_or_is_a_number(value):
    found = frontmatter.read(f"a: {value}", 1)
    assert not found.faults
    assert isinstance(found.values["a"], str | int | float | dt.datetime)


@pytest.mark.parametrize(
    ("rule", "block"),
    [
        ("front-matter", "a: &x 1"),
        ("front-matter", "a: *x"),
        ("front-matter", "a: !!binary x"),
        ("front-matter", "a: !x y"),
        ("front-matter", "<<: {a: 1}"),
        ("front-matter", "? [a]\n: b"),
        ("front-matter", "- a"),
        ("front-matter", "a"),
        ("front-matter", "a: [[[[[1]]]]]"),
        ("front-matter", "a: " + "[" * 10_000),
        ("front-matter", "a: 1\n--- \nb: 1"),
        ("front-matter", "x" * 16_001),
        ("front-matter", "a: \0"),
        ("front-matter", "a: \ud800"),
        ("duplicate-key", "a: 1\na: 2"),
        ("duplicate-key", "a: {b: 1, b: 2}"),
    ],
)
def test_what_could_grow_or_mean_two_things_is_refused(rule, block):
    assert [fault.rule for fault in frontmatter.read(block, 1).faults] == [rule]


def test_a_block_has_its_limit_to_the_character():
    assert not frontmatter.read("a: " + "x" * 15_997, 1).faults
    assert "16,000" in frontmatter.read("a: " + "x" * 15_998, 1).faults[0].message


def test_four_levels_are_read_and_five_are_not():
    assert not frontmatter.read("a: [[[1]]]", 1).faults
    assert frontmatter.read("a: [[[[1]]]]", 1).faults
