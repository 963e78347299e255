"""What counts as disclosed: text of others that an edition's readers have not seen."""

import pytest
from guidebook.disclosure import disclosed
from guidebook.phrases import LENGTH, phrases_of
from hypothesis import given
from hypothesis import strategies as st

SECRET = "The rate classifier queues accounts above forty saves a minute."
WORDS = "the rate classifier queues accounts above forty saves a minute"

words = st.lists(st.sampled_from(["one", "two", "three"]), max_size=20).map(" ".join)
texts = st.lists(words, max_size=4).map("\n\n".join)


def test_text_of_others_is_told_with_its_page():
    now = {"docs/a.md": f"Seen by all.\n\n{SECRET}", "docs/b.md": "Seen by all."}
    assert disclosed(now, ["Seen by all."], [f"Seen by all.\n\n{SECRET}"]) == {"docs/a.md": [WORDS]}


@pytest.mark.parametrize(
    "written",
    [
        f"- {SECRET}",
        "The **rate classifier** queues\naccounts above [forty saves](x.md) a minute.",
        f"> {SECRET}",
        "THE RATE CLASSIFIER: queues “accounts” above forty saves a minute!",
        f"| What | Text |\n|---|---|\n| Rate | {SECRET} |",
    ],
)
def test_markup_case_and_place_make_no_difference(written):
    assert disclosed({"a": written}, [], [SECRET]) == {"a": [WORDS]}
    assert disclosed({"a": SECRET}, [], [written])["a"] != []


def test_only_what_came_from_others_is_told_in_a_block_of_both():
    now = {"a": f"New words that nobody has written. {SECRET} More new words that stand at the end."}
    assert disclosed(now, [], [SECRET]) == {"a": [WORDS]}


def test_two_places_of_a_block_are_two_and_the_same_place_twice_is_one():
    other = "A sample of nine cases in each hundred is read."
    now = {"a": f"{SECRET} But something else stands here. {other}\n\n{SECRET}"}
    assert disclosed(now, [], [SECRET, other]) == {"a": [WORDS, "a sample of nine cases in each hundred is read"]}


@pytest.mark.parametrize("seen", [SECRET, f"- {SECRET.upper()}"])
def test_what_readers_have_seen_is_no_disclosure(seen):
    assert disclosed({"a": SECRET}, [seen], [SECRET]) == {}


def test_what_nobody_has_seen_is_no_disclosure():
    assert disclosed({"a": SECRET}, [], ["Something else that only staff could read."]) == {}


def test_a_short_block_counts_where_chance_does_not_explain_it():
    assert disclosed({"a": "queue-trust-7"}, [], ["queue-trust-7"]) == {"a": ["queue trust 7"]}
    assert disclosed({"a": "At a glance"}, [], ["At a glance"]) == {}


@given(texts, texts)
def test_nothing_is_disclosed_to_those_who_saw_all(now, inside):
    assert disclosed({"a": now}, [inside], [inside]) == {}
    assert disclosed({"a": now}, [now], [inside]) == {}


@given(texts, texts, texts)
def test_no_phrase_of_others_is_missed_and_each_word_told_stands_in_one(now, seen, inside):
    def phrases(text):
        return {phrase for block in text.split("\n\n") for phrase in phrases_of(block) if len(phrase) == LENGTH}

    runs = disclosed({"a": now}, [seen], [inside]).get("a", [])
    expected = phrases(now) & (phrases(inside) - phrases(seen))
    assert expected <= {phrase for run in runs for phrase in phrases(run)}
    for run in runs:
        told = run.split()
        starts = [at for at in range(len(told) - LENGTH + 1) if tuple(told[at : at + LENGTH]) in expected]
        assert {at + step for at in starts for step in range(LENGTH)} == set(range(len(told)))
