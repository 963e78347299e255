"""Readability: what counts as a sentence, and how hard sentences are."""

import pytest
from guidebook import readability, staging
from guidebook.readability import Reading
from hypothesis import given
from hypothesis import strategies as st
from libraries import DAY, EXTERNAL, INTERNAL, loaded, simple

WORDS = st.lists(
    st.sampled_from(["case", "label", "reviewer", "destination", "G04.2", "it's", "well-known"]), min_size=1
)
SENTENCES = st.lists(WORDS.map(lambda words: " ".join(words).capitalize() + "."), min_size=1)


def found(text):
    return [sentence for _, sentence in readability.sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("One\nover lines. Two.", ["One over lines.", "Two."]),
        ("A list:\n\n- One.\n- Two and\n  more.\n1. Three.\n", ["One.", "Two and more.", "Three."]),
        ("> A quote. It ends.", ["A quote.", "It ends."]),
        ("Term\n:   What it means.", ["What it means."]),
        ("| Head | Other |\n| --- | --- |\n| One. | No end |", ["One."]),
        ('He said "Go." Then he went.', ['He said "Go.', "Then he went."]),
        ("**Rule.** [G04.2] decides.", ["**Rule.", "[G04.2] decides."]),
        ("At 3.5 % of a.example it ends.", ["At 3.5 % of a.example it ends."]),
        ("## A heading", []),
        ("No end", []),
        ("...", []),
        ("", []),
    ],
)
def test_a_sentence_is_what_ends_in_a_sign(text, expected):
    assert found(text) == expected


@given(st.lists(SENTENCES, min_size=1), st.sampled_from(["\n\n", "\n- ", "\n1. ", " | "]))
def test_all_sentences_are_found_whatever_stands_between_the_blocks(blocks, between):
    text = between.join(" ".join(block) for block in blocks)
    assert found(text) == [sentence for block in blocks for sentence in block]


@given(st.lists(SENTENCES, min_size=1))
def test_a_sentence_is_placed_at_the_start_of_its_block(blocks):
    text = "\n\n".join(" ".join(block) for block in blocks)
    for at, sentence in readability.sentences(text):
        block = next(block for block in blocks if sentence in block and text.startswith(" ".join(block), at))
        assert sentence in block


@given(st.lists(SENTENCES, min_size=1))
def test_counts_of_a_text_are_those_of_its_sentences(blocks):
    every = [sentence for block in blocks for sentence in block]
    total = sum(map(readability.read, every), Reading())
    assert total.sentences == len(every)
    assert total.words == sum(len(sentence.split()) for sentence in every)
    assert total.syllables >= total.words


@pytest.mark.parametrize(
    ("word", "syllables"), [("case", 1), ("label", 2), ("reviewer", 3), ("destination", 4), ("link", 1)]
)
def test_syllables_are_counted_as_they_are_spoken(word, syllables):
    assert readability.read(f"{word}.").syllables == syllables


def test_the_grade_is_that_of_flesch_and_kincaid():
    assert Reading(1, 10, 15).grade == pytest.approx(0.39 * 10 + 11.8 * 1.5 - 15.59)
    assert Reading().grade == 0
    easy = sum(map(readability.read, found("The cat sat. The dog ran to the man.")), Reading())
    hard = sum(
        map(readability.read, found("Considerable administrative responsibilities necessitate examination.")), Reading()
    )
    assert easy.grade < 2 < readability.MOST_GRADE < hard.grade


def test_only_what_an_edition_shows_is_read():
    text = "Seen here.\n\n/// internal\n    reason: signal\n\nHidden there.\n///\n\nAnd `code` [home](index.md).\n"
    made = loaded(simple({"one.md": text}))
    page = made.documents["one.md"]
    said = {
        name: [sentence for _, sentence in readability.shown(page, staging.view(made, name, DAY).reader)]
        for name in (EXTERNAL, INTERNAL)
    }
    assert [one for one in said[INTERNAL] if one not in said[EXTERNAL]] == ["Hidden there."]
    assert "Seen here." in said[EXTERNAL]
    assert not any("index.md" in one or "code" in one for one in said[INTERNAL])
    outside, inside = (readability.edition(staging.view(made, name, DAY)) for name in (EXTERNAL, INTERNAL))
    assert inside.words - outside.words == 2
