"""A redline holds two texts at once: what is taken out goes from both, though words of the other stand in it."""

from __future__ import annotations

import re

import pytest
from guidebook import redline
from guidebook.redaction import MARK, Redactor, redact, sought
from hypothesis import given
from hypothesis import strategies as st

BEFORE = "Accounts above 40 saves a minute are queued by the rate classifier."
AFTER = "Accounts above 45 saves an hour are queued by the rate classifier."


def written(before, after):
    """The redline as it stands on a page and in its Markdown."""
    return redline.html(before, after, lambda _: None).replace("\n\n", "\n&#10;")


def read(page, without):
    """One of the two texts of a redline, read by other means than those under test."""
    text = re.sub(r'<(ins|del|span) class="gb-redline__note">.*?</\1>', "", page, flags=re.DOTALL)
    text = re.sub(rf'<(\w+)[^>]*class="[^"]*gb-{without}[^"]*"[^>]*>.*?</\1>', "", text, flags=re.DOTALL)
    text = re.sub(rf"<{without}>.*?</{without}>", "", text, flags=re.DOTALL)
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"<[^>]*>", " ", text)))


def left(page, phrases, path="changes/index.html"):
    done = redact({path: page.encode()}, phrases)
    assert not done.problems
    text = done.files[path].decode()
    assert re.findall(r"<[^>]*>", text) == re.findall(r"<[^>]*>", page)
    return text


@pytest.mark.parametrize("path", ["changes/index.html", "changes/index.md"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BEFORE, AFTER),
        (AFTER, BEFORE),
        (f"First.\n\n{BEFORE}", f"{AFTER}\n\nSecond."),
        (BEFORE, BEFORE.replace("40 saves", "**40** saves")),
        (BEFORE, AFTER.replace("are queued", "are\n\nqueued")),
        (f"- One.\n- {BEFORE}", f"- {AFTER}\n- Two."),
        (f"| A | B |\n|---|---|\n| {BEFORE} | x |", f"| A | C | B |\n|---|---|---|\n| {AFTER} | new | x |"),
        (f"{BEFORE}\n\nOther words stand here for a while.", f"Other words stand here for a while.\n\n{AFTER}"),
        # Each phrase reaches over an end of the other one.
        ("All Accounts with 40 are queued for a minute", "Accounts with 45 are queued for one hour"),
        (BEFORE, ""),
        ("", AFTER),
    ],
)
def test_both_texts_of_a_redline_are_taken_out_whole(before, after, path):
    page = written(before, after)
    phrases = [line for each in (before, after) for line in re.split(r"[\n|]", each) if "Accounts" in line]
    text = left(page, phrases, path)
    assert MARK in text
    assert not re.search("Accounts|40|45|minute|hour|queued|classifier", re.sub("<[^>]*>", "", text))
    assert not Redactor(sought(phrases)).seen(path, text.encode())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- 40 saves a minute\n- are queued", "- 40 saves a minute\n- secret\n- are queued"),
        ("40 saves a minute\n\nare queued", "40 saves a minute\n\nsecret\n\nare queued"),
        ("|A|B|\n|-|-|\n|40 saves a minute|are queued|", "|A|C|B|\n|-|-|-|\n|40 saves a minute|secret|are queued|"),
    ],
)
def test_a_phrase_is_found_across_a_block_that_came_between_two_of_its_own(before, after):
    for one, two in ((before, after), (after, before)):
        text = left(written(one, two), ["40 saves a minute are queued"])
        assert MARK in text
        assert not re.search("40|saves|secret|queued", text)


def test_the_words_of_the_other_text_go_with_it_though_nobody_sought_them():
    """What replaced a secret number tells where it was, and the next number is seldom far."""
    text = left(written(f"Note: {BEFORE}", f"Note: {AFTER} More."), [BEFORE])
    assert "Note: [removed]" in text
    assert "45" not in text
    assert "More." in text


def test_what_a_redline_says_beside_the_phrase_stays():
    page = written("One is old.\n\nTwo stays.", "One is new.\n\nTwo stays.")
    assert left(page, [BEFORE]) == page
    page = written(f"{BEFORE} It is old.", f"{BEFORE} It is new.\n\nIt came.")
    assert "It is <del>old</del> <ins>new</ins>." in left(page, [BEFORE])
    assert "It came." in left(page, [BEFORE])


@given(
    st.lists(st.sampled_from(["", "x", "keep", "keep", "keep", "x y", "**keep**", "\n\n"]), min_size=11, max_size=11)
)
def test_a_text_whose_words_changed_anyhow_is_found_in_its_redline(how):
    words = BEFORE.rstrip(".").split()
    other = " ".join(one.replace("keep", word) for one, word in zip(how, words, strict=False))
    for before, after, without in ((BEFORE, other, "ins"), (other, BEFORE, "del")):
        page = written(f"Start here. {before}", f"Start here. {after}")
        assert " ".join(words) in read(page, without)
        assert " ".join(words) not in read(left(page, [BEFORE]), without)
