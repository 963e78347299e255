"""Lines that look like markers, and lines that do not: two tables of them, one line each, odd signs as \\uXXXX."""

import re
from pathlib import Path

import pytest
from bodies import AUDIENCES, FRONT
from guidebook.documents import read
from guidebook.lookalikes import looks_like_marker, skeleton
from guidebook.sources import Sources, TextFile, decode
from hypothesis import given
from hypothesis import strategies as st

TABLES = Path(__file__).parents[1] / "golden" / "markers"


def table(name):
    lines = (TABLES / f"{name}.txt").read_text("ascii").splitlines()
    return [re.sub(r"\\[uU]([0-9a-f]{8}|[0-9a-f]{4})", lambda code: chr(int(code[1], 16)), line) for line in lines]


def faults(line):
    found = Sources("docs")
    text = decode(f"{FRONT}\nText.\n\n{line}\n\nText.\n".encode(), "a.md", found)
    if text is None:
        return found.problems
    return read(TextFile("a.md", text), AUDIENCES)[1]


def test_the_tables_are_long_enough_to_mean_something():
    assert len(set(table("refused"))) >= 150
    assert len(set(table("innocent"))) >= 80


@pytest.mark.parametrize("line", table("refused"), ids=ascii)
def test_what_looks_like_a_marker_is_refused(line):
    assert faults(line)


@pytest.mark.parametrize("line", table("innocent"), ids=ascii)
def test_what_people_write_passes(line):
    assert not faults(line)


@pytest.mark.parametrize("line", ["/// internal", "/// external", "/// effective", "///"])
def test_the_words_are_the_ones_that_are_known(line):
    assert looks_like_marker(line, AUDIENCES | {"effective"})


def test_an_audience_of_the_configuration_is_a_word_too():
    assert looks_like_marker("::: vendor-north", frozenset({"vendor-north"}))
    assert not looks_like_marker("::: vendor-north", AUDIENCES)


@given(st.text(), st.sampled_from(["internal", "effective"]))
def test_any_text_can_be_asked(text, word):
    assert looks_like_marker(text, frozenset({word})) in {True, False}
    assert skeleton(text) == skeleton(text).casefold()
    assert looks_like_marker(f"///{text}", frozenset({word}))
