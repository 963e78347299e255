"""What shows that a changed clause could decide a case differently: the words, in each text's own form."""

import re
import time

import pytest
from guidebook.senses import read, slips_of
from guidebook.substance import Reason, reasons
from hypothesis import given
from hypothesis import strategies as st

SENTENCES = (
    "Label [spam-redirect] when the redirect count to the promised page is four or more.",
    "Up to three redirects are [no-action], also through a shortener or an affiliate address.",
    "A hidden address alone breaks no rule: the destination decides.",
    'The account must be named on the operator\'s own site, and a bio that says "bot" is not enough.',
    "Neither [G12.1] nor [G12.5] applies then.",
    "Remove the misplaced posts, unless a specialist has read them before.",
    "The reviewer need not open more than two of the buttons; one reload is enough.",
    "Leave out a preview that does not open.",
    "Do not count repeats on fitting boards.",
    "A missing photo, an empty bio or a first day prove nothing.",
    "Escalate by [W02] before you walk the tree when a person is in danger.",
    "Every profile that acts for the thing may name the same operator, whether or not it can be seen.",
)
CLAUSES = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6, unique=True).map(" ".join)
SPACES = st.sampled_from([" ", "  ", "\n", "\n\n", " \n ", "\t"])


def kinds(before, after):
    return {reason.kind for reason in reasons(before, after)}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("The site must name it.", "The site may name it.", Reason("modal", "must", "may")),
        (
            "Four or more\nredirects count.",
            "Five or more redirects count.",
            Reason("number", "Four or more", "Five or more"),
        ),
        ("It is not enough.", "It is enough.", Reason("negation", "not", "")),
        ("It is allowed.", "It is disallowed.", Reason("negation", "", "disallowed")),
        ("Label [no-action].", "Label [unsafe-site].", Reason("label", "[no-action]", "[unsafe-site]")),
        ("Remove the post.", "Demote the post.", Reason("action", "Remove", "Demote")),
        ("A post or a board counts.", "A post or a Profile counts.", Reason("scope", "board", "Profile")),
        ("The post or the board fits.", "The post and the board fit.", Reason("scope", "or", "and")),
        ("It counts, unless it is new.", "It counts.", Reason("exception", "unless", "")),
        ("A mispelled word counts twice.", "A misspelled word counts once.", Reason("number", "twice", "once")),
        (
            "The vendor has to wait, and the lead must act.",
            "The vendor has to wait, and the lead acts.",
            Reason("modal", "must", ""),
        ),
        ("Fiev or more tags.", "Six or more tags of five kinds.", Reason("number", "Fiev or more", "Six or more")),
    ],
)
def test_the_words_that_made_it_so_are_named(before, after, expected):
    assert expected in reasons(before, after)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("Three profiles share two links.", "Two profiles share three links.", "number"),
        (
            "The text is not its own and the picture is licensed.",
            "The text is its own and the picture is not licensed.",
            "negation",
        ),
        (
            "A drawing is not judged. Read the bio of the holder.",
            "A drawing is judged. Do not read the bio of the holder.",
            "negation",
        ),
        (
            "A post by the owner of a shop is not judged. A message to a stranger is judged.",
            "A post by the owner of a shop is judged. A message to a stranger is not judged.",
            "negation",
        ),
        ("A gift is [no-action]. A fee is [scam-pyramid].", "A gift is [scam-pyramid]. A fee is [no-action].", "label"),
        ("A post was saved before the board.", "A board was saved before the post.", "scope"),
        ("[unsafe-site] wins over [no-action].", "[no-action] wins over [unsafe-site].", "scope"),
        ("The recipient wrote to the sender.", "The sender wrote to the recipient.", "scope"),
        ("The vendor must act and the lead may wait.", "The vendor may act and the lead must wait.", "modal"),
        ("A post, board and link.", "A post, board or link.", "scope"),
    ],
)
def test_what_changes_places_is_a_reason(before, after, kind):
    assert kinds(before, after) == {kind}
    assert kinds(after, before) == {kind}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It must be named.", "It has to be named."),
        ("It need not be new.", "It does not have to be new."),
        ("It counts, even if it is new.", "It counts, also when it is new."),
        ("Every post counts.", "All posts count."),
        ("The image counts.", "The picture counts."),
        ("It has no bio.", "It does not have any bio."),
        ("The feed names its source, and it counts.", "The feed names its source, and the feed counts."),
        ("At most three count.", "Up to 3 count."),
        ("Fewer than three count.", "Two or fewer count."),
        ("More than 20 percent count.", "More than 20 % count."),
        ("It does not count.", "It isn\u2019t counted."),
        ("No rule is broken.", "Rules are not broken."),
        ("Neither a fee nor a gift is there.", "A fee or a gift is not there."),
        ("An unapproved tool counts.", "A tool that is not approved counts."),
        ("Remove the post.", "Take down the post."),
        ("The colour is labelled.", "The color is labeled."),
        ("Licences recognised by fans.", "Licenses recognized by fans."),
        ("The post comes before the board.", "The board comes after the post."),
        ("A survey, a share or an install counts.", "An install, a share or a survey counts."),
        ("Read [the steps](../a/w02.md).", "Read [these easy notes](../a/w02.md)."),
        ("See [G04.1](g04.md#g04-1).", "See [G04.1](../guidelines/g04.md#g04-1)."),
        ("A post counts ([G04-02]).", "A post counts. See [F01]."),
        ("- One fact;\n- no link.", "- no link;\n- one fact."),
        ("| Act | A save. |\n| Sign | A code. |", "| Sign | A code. |\n| Act | A save. |"),
        ("The redirct msut open.", "The redirect must open."),
        ("", ""),
    ],
)
def test_what_decides_alike_is_no_reason(before, after):
    assert reasons(before, after) == []
    assert reasons(after, before) == []


def test_a_link_to_another_rule_is_a_reason():
    assert kinds("See [spam-comment](a.md).", "See [spam-message](a.md).") == {"label"}
    assert "negation" in kinds("See [why it counts](a.md).", "See [why it does not count](a.md).")


@pytest.mark.parametrize(("one", "two"), [("price", "prize"), ("form", "from"), ("post", "pots"), ("three", "there")])
def test_another_word_is_no_slip(one, two):
    assert slips_of(f"A {one} here.", f"A {two} here.") == {}


def test_a_slip_stands_for_the_word_of_the_other_text():
    assert slips_of("A mispalced post.", "A misplaced post.") == {"mispalced": "misplaced"}
    assert slips_of("You must.", "You msut.") == {"msut": "must"}
    assert [sense.name for sense in read("You msut.", "You must.", {"msut": "must"})] == ["row", "must", "."]


@given(CLAUSES)
def test_equal_texts_give_none(clause):
    assert reasons(clause, clause) == []


@given(CLAUSES, st.data())
def test_white_space_gives_none(clause, data):
    gaps = [data.draw(SPACES) for _ in clause.split(" ")]
    assert reasons(clause, "".join(word + gap for word, gap in zip(clause.split(" "), gaps, strict=True))) == []


@given(CLAUSES, st.randoms(use_true_random=False))
def test_the_order_of_sentences_gives_none(clause, random):
    sentences = re.split(r"(?<=\.) ", clause)
    random.shuffle(sentences)
    assert reasons(clause, " ".join(sentences)) == []


@given(
    CLAUSES,
    st.integers(0, 200),
    st.sampled_from(["not", "7", "three", "12", "[spam-comment]", "[G09.1]", "must", "only"]),
)
def test_a_word_that_decides_gives_one_wherever_it_comes_in_or_goes(clause, at, word):
    words = clause.split(" ")
    at %= len(words) + 1
    more = " ".join([*words[:at], word, *words[at:]])
    assert reasons(clause, more)
    assert reasons(more, clause)


@given(st.one_of(CLAUSES, st.text()), st.one_of(CLAUSES, st.text()))
def test_each_reason_holds_words_of_its_text(before, after):
    for reason in reasons(before, after):
        assert reason.before or reason.after
        assert reason.before in " ".join(before.split())
        assert reason.after in " ".join(after.split())


@given(
    st.text(alphabet="[](){}|*_`#-\n .:1aN\u0130\u2019", max_size=80),
    st.text(alphabet="[]()|\n .not7\u2013", max_size=80),
)
def test_it_never_raises(before, after):
    assert isinstance(reasons(before, after), list)
    assert reasons(before, before) == []


def test_a_long_clause_takes_milliseconds():
    before = " ".join(SENTENCES[:7])
    after = " ".join(SENTENCES[5:])
    reasons(before, after)
    started = time.process_time()
    for _ in range(20):
        reasons(before, after)
    assert (time.process_time() - started) / 20 < 0.05  # about 4 ms; the machine that tests may be busy


def test_brackets_without_end_take_no_time():
    started = time.process_time()
    reasons("[" * 20_000, "[" * 20_001)
    assert time.process_time() - started < 5
