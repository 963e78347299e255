"""Language: a listed word is found wherever it stands in a clause, at its own line, and nothing else is."""

import datetime as dt

import deciding
import pytest
from guidebook import configuration, language, library
from guidebook.language import Finder, quoted
from guidebook.problems import Severity
from guidebook.sources import Sources, TextFile
from hypothesis import given
from hypothesis import strategies as st

SETTINGS = configuration.load(
    "extra: {editions: {external: {title: T, readers: R, reads: [external], branch: a}, "
    "partner: {title: T, readers: R, reads: [partner, external], branch: c}, "
    "internal: {title: T, readers: R, reads: '*', branch: b}}}"
).configuration
DAY = dt.date(2026, 11, 23)
WORDS = """
## Words to replace

| Word | Say instead |
| --- | --- |
| usually | Name the condition. |
| may be, maybe | Write "is". |
| in order to trick | Name both facts |

Text after it, and `a | b`.
"""
ONE_WORD = """
## One word for one thing

| Not | Say |
| --- | --- |
| user, member | account |
| preview | link preview |
"""
TREE = """
```tree
opens:
  ask: Does it usually open?
  answers:
    Maybe: {label: no-action, clause: G04.1}
    No: {label: no-action, clause: G04.1}
```
"""
CASE = """
```case
id: G04-%s
title: A member posts
verdict: not-violating
label: no-action
clause: G04.1
answers: {opens: No}
surface: post
language: en
set: %s
text: >-
  A user posts "I am a user and a member" and adds the address `user.example` to the post, as one user did before.
reason: The user names it.
```
"""
STAFF = "/// internal\n    reason: signal\n\nText.\n///\n\n"
CLAUSE = "\n## Clauses\n\n### G04.1 A link is allowed\n\n"


def document(body, kind="page", ident="a-page", **more):
    labels = {"labels": "[no-action]"} if kind == "guideline" else {}
    return deciding.document(kind, ident, body, **labels | more)


def guideline(body, **more):
    return document(body, "guideline", "G04", **more)


def made(words=WORDS, **files):
    found = Sources("docs")
    texts = {**files, **({"words": document(words, ident="words", audience="internal")} if words is not None else {})}
    for path, text in texts.items():
        found.texts[f"{path}.md"] = TextFile(f"{path}.md", text)
    return library.from_sources(SETTINGS, found, {}).library


def problems(words=WORDS, **files):
    built = made(words, **files)
    return [problem for rule in language.RULES for problem in rule(built, DAY)]


def told(words=WORDS, **files):
    return sorted((one.path.removeprefix("docs/"), one.line, one.rule) for one in problems(words, **files))


def line_of(text, part, count=1):
    at = -1
    for _ in range(count):
        at = text.index(part, at + 1)
    return text.count("\n", 0, at) + 1


# Words to replace


def test_each_word_is_reported_at_its_line_with_its_mend():
    text = guideline(CLAUSE + "It usually opens.\n\nIt may\nbe **may be** or\n> MAYBE.\n")
    found = problems(g04=text)
    assert [(one.line, one.rule, one.severity) for one in found] == [
        (line_of(text, "usually"), "word-to-replace", Severity.ERROR),
        *((line_of(text, "may", count), "word-to-replace", Severity.ERROR) for count in (1, 2)),
        (line_of(text, "MAYBE"), "word-to-replace", Severity.ERROR),
    ]
    assert found[0].message == "clause G04.1 says `usually`, a word to replace. Say instead: Name the condition."
    assert found[1].message == 'clause G04.1 says `may be`, a word to replace. Say instead: Write "is".'
    assert found[-1].message.startswith("clause G04.1 says `maybe`,")


def test_a_mend_without_a_full_stop_gets_one():
    assert problems(g04=guideline(CLAUSE + "Made in order to trick.\n"))[0].message.endswith(" Name both facts.")


@pytest.mark.parametrize("body", [
    "\nIt usually opens.\n",
    "\n## Why\n\nIt usually opens.\n\n### Usually\n\nMaybe.\n",
    CLAUSE + "Text.\n\n## Decision tree\n\nIt usually opens.\n",
    CLAUSE + "Text.\n\n### No clause\n\nIt usually opens.\n",
    CLAUSE + "The setting is `usually`.\n\n```\nusually\n```\n",
    CLAUSE + "See [the page](usually.md), [it](https://example.com/usually), and <https://example.com/usually>.\n",
    CLAUSE + "It may\n\nbe. It may | be. It unusually, usuallyx, mayb e.\n",
    CLAUSE + "- It may\n- be\n",
    CLAUSE + STAFF + "## Labels and actions\n\nusually\n",
    "\n/// effective\n    from: 2026-01-01\n" + CLAUSE + "Text.\n///\n\nIt usually opens.\n",
    CLAUSE + "Text.\n\n/// internal\n    reason: signal\n\n## Notes\n\nusually\n///\n",
])  # fmt: skip
def test_what_is_no_text_of_a_clause_is_left_alone(body):
    assert told(g04=guideline(body)) == []


@pytest.mark.parametrize("body", [
    "\n## Clauses\n\n### G04.1 A link usually opens\n\nText.\n",
    CLAUSE + "/// internal\n    reason: signal\n\nIt usually opens.\n///\n",
    CLAUSE + "#### More\n\nIt usually opens.\n\n### G04.2 Other\n\nText.\n",
    "\n/// effective\n    from: 2028-01-01\n" + CLAUSE + "It usually opens.\n///\n",
    CLAUSE + "Write [usually](a.md) here.\n",
    CLAUSE + "![A page that usually opens](usual.png)\n",
    f"\n{STAFF}{CLAUSE}{STAFF}It usually opens.\n\n## Decision tree\n",
    CLAUSE + "| A | B |\n| --- | --- |\n| _usually_ | b |\n",
])  # fmt: skip
def test_all_of_a_clause_is_read(body):
    text = guideline(body)
    assert told(g04=text) == [("g04.md", line_of(text, "usually"), "word-to-replace")]


def test_the_longer_phrase_wins_and_nothing_is_reported_twice():
    table = "\n## Words to replace\n\n| Word | Say instead |\n|---|---|\n| be | x |\n| may be | y |\n| be so | z |\n"
    assert [one.message for one in problems(table, g04=guideline(CLAUSE + "It may be so.\n"))] == [
        "clause G04.1 says `may be`, a word to replace. Say instead: y."
    ]


def test_of_two_phrases_that_overlap_the_longer_wins():
    assert list(Finder(["to be", "be likely to", "to go"]).find("To be likely to go")) == [(3, "be likely to")]


def test_questions_and_answers_of_a_tree_are_clauses_too():
    text = guideline("\n## Decision tree\n" + TREE)
    assert told(g04=text) == [
        ("g04.md", line_of(text, "opens:"), "word-to-replace"),
        ("g04.md", line_of(text, "Maybe:"), "word-to-replace"),
    ]


def test_cases_are_no_clauses():
    text = guideline(CLAUSE + "Text.\n" + (CASE % ("01", "teaching")).replace("The user names", "It usually names"))
    assert told(g04=text) == []


ONE = '{clause: G04.1, word: Usually, why: "Quotes the name of a setting."}'


def test_an_allowance_holds_for_one_occurrence():
    text = guideline(CLAUSE + "It usually opens.\n", wording=f"[{ONE}]")
    assert told(g04=text) == []
    text = guideline(CLAUSE + "It usually opens.\n\nUsually.\n", wording=f"[{ONE}]")
    assert told(g04=text) == [("g04.md", line_of(text, "Usually."), "word-to-replace")]
    text = guideline(CLAUSE + "It usually opens.\n\nUsually.\n", wording=f"[{ONE}, {ONE}]")
    assert told(g04=text) == []
    text = guideline(CLAUSE + "It may\nbe.\n", wording="[{clause: G04.1, word: may be, why: Text.}]")
    assert told(g04=text) == []


def test_an_allowance_is_for_its_own_clause():
    text = guideline(CLAUSE + "Text.\n\n### G04.2 Other\n\nUsually.\n", wording=f"\n  - {ONE}")
    assert told(g04=text) == [
        ("g04.md", line_of(text, "- {clause"), "unused-allowance"),
        ("g04.md", line_of(text, "Usually.\n"), "word-to-replace"),
    ]


@pytest.mark.parametrize(("entry", "says"), [
    ("{clause: G04.1, word: usually, why: T.}", "clause G04.1 does not say `usually`"),
    ("{clause: G04.9, word: usually, why: T.}", "this page has no clause G04.9"),
    ("{clause: G04.1, word: quite, why: T.}", "`quite` is not on the list"),
    ("{clause: G04.1, word: may, why: T.}", "`may` is not on the list"),
])  # fmt: skip
def test_an_allowance_for_nothing_is_reported(entry, says):
    text = guideline(CLAUSE + "It may be so.\n", wording=f"\n  - {{clause: G04.1, word: may be, why: T.}}\n  - {entry}")
    [found] = problems(g04=text)
    assert (found.line, found.rule) == (line_of(text, entry), "unused-allowance")
    assert found.message.startswith(says)


def test_a_second_allowance_for_one_occurrence_is_reported():
    text = guideline(CLAUSE + "It usually opens.\n", wording=f"\n  - {ONE}\n  - {ONE}")
    assert told(g04=text) == [("g04.md", line_of(text, ONE, 2), "unused-allowance")]


def test_without_a_list_that_can_be_read_allowances_are_not_judged():
    text = guideline(CLAUSE + "Text.\n", wording=f"[{ONE}]")
    assert told(None, g04=text) == [("g04.md", line_of(text, "wording"), "unused-allowance")]
    assert told(None, g04=text, list="---\nid: words\ntype: pages\n---\n") == []
    assert [rule for *_, rule in told(WORDS + "| x |\n", g04=text)] == ["words-list"]


# The list itself


TABLE = "expected a table that starts with `| Word | Say instead |` under this heading, found "
CELLS = "expected two cells with text, `Word` and `Say instead`; found "
BARE = "\n## Words to replace\n\n"
MEND = "| Name the condition. |"


@pytest.mark.parametrize(("words", "part", "says"), [
    ("\nText.\n", "---", "expected the heading `## Words to replace`"),
    (ONE_WORD, "---", "expected the heading `## Words to replace`"),
    (BARE + "Text.\n", "## Words", TABLE + "none. Write it so."),
    (WORDS.replace("| Word | Say instead |", "| Words | Say |"), "| Words", TABLE + "`| Words | Say |`. Write it so."),
    (WORDS.replace("| --- | --- |\n", ""), "| Word |", "expected `| --- | --- |`"),
    (BARE + "| Word | Say instead |\n", "| Word |", "expected `| --- | --- |`"),
    (WORDS.replace(MEND, "| |"), "| usually", CELLS + "2, one of them empty. Fill in both."),
    (WORDS.replace("| usually |", "| |"), "| | Name", CELLS + "2, one of them empty. Fill in both."),
    (WORDS.replace(MEND, "| a | b |"), "| usually", CELLS + "3. Fill in both."),
    (WORDS.replace(MEND, ""), "| usually", CELLS + "1. Fill in both."),
    (WORDS.replace("may be, maybe", "may be,, maybe"), "| may be", "expected a word between the commas, found ``."),
    (WORDS.replace("may be, maybe", "may be, -"), "| may be", "expected a word between the commas, found `-`."),
    (WORDS.replace("may be, maybe", "may be, Usually"), "| may be", "`usually` stands on line 17 already."),
    (WORDS + ONE_WORD.replace("user, member", "user, maybe"), "| user", "`maybe` stands on line 18 already."),
    (WORDS + ONE_WORD.replace("| Not |", "| Word |"), "| Word | Say |", "expected a table that starts with `| Not | "),
])  # fmt: skip
def test_a_list_that_is_no_table_is_reported(words, part, says):
    found = problems(words)
    text = document(words, ident="words", audience="internal")
    assert [(one.rule, one.line) for one in found] == [("words-list", line_of(text, part))]
    assert found[0].message.startswith(says)
    assert found[0].message.endswith(".")


def test_a_good_list_is_read_whole():
    read = language.listed(made(WORDS + ONE_WORD).by_id["words"], *language.TO_REPLACE)
    assert list(read.mends) == ["usually", "may be", "maybe", "in order to trick"]
    assert read.faults == []
    table = '### Forms\n\n| Word | Say instead |\n| :-- | --: |\n| "Odd  WORD", `b`, *c* | a \\| b |\n'
    read = language.listed(made(BARE + table).by_id["words"], *language.TO_REPLACE)
    assert read.mends == dict.fromkeys(["odd word", "b", "c"], "a \\| b")


def test_without_a_list_nothing_is_reported():
    assert told(None, g04=guideline(CLAUSE + "It usually opens.\n" + TREE)) == []


# One word for one thing


def test_a_second_word_is_reported_in_all_that_vendors_read():
    case = CASE % ("01", "teaching")
    text = guideline(CLAUSE + "The user\n\nThe link preview, the preview.\n" + case, title="For a user")
    assert told(WORDS + ONE_WORD, g04=text) == sorted(
        ("g04.md", line, "one-word")
        for line in (
            line_of(text, "title:"), line_of(text, "The user"), line_of(text, "The link preview"),
            line_of(text, "title: A member"), line_of(text, "text: >-"), line_of(text, "text: >-"),
            line_of(text, "reason:"),
        )
    )  # fmt: skip
    [found] = problems(WORDS + ONE_WORD, page=document("\nA member.\n"))
    assert found.message == "`member` is a second word for one thing. Say instead: account."


@pytest.mark.parametrize("body", [
    "\nThe account, `user`, [account](user.md), [a user-id](x.md) users.\n".replace("a user-id", "an id"),
    "\n/// internal\n    reason: signal\n\nThe user.\n///\n",
    '\nThe button "Add a user" and “a member” are named.\n',
    CASE % ("K01", "calibration"),
    CASE % ("X01", "golden"),
])  # fmt: skip
def test_what_staff_alone_read_and_what_is_quoted_is_left_alone(body):
    assert told(WORDS + ONE_WORD, g04=guideline(CLAUSE + "Text.\n" + body)) == []


def test_a_passage_for_a_limited_edition_is_read_and_so_is_a_draft():
    text = document(
        "\n/// partner\n    reason: legal\n\nThe user.\n///\n\n/// effective\n    from: 2028-01-01\n\nuser\n///\n"
    )
    assert [line for _, line, _ in told(WORDS + ONE_WORD, page=text)] == [
        line_of(text, "The user"),
        line_of(text, "user\n"),
    ]
    assert told(WORDS + ONE_WORD, page=document("\nThe user.\n", audience="internal")) == []
    assert len(told(WORDS + ONE_WORD, page=document("\nThe user.\n", audience="partner", status="draft"))) == 1


def test_a_term_of_the_glossary_is_good_with_all_its_words():
    glossary = document("\nSuper user\n:   A thing.\n\nMember\n:   A thing.\n", ident="glossary")
    text = document("\nThe super user.\n\nA member.\n")
    assert told(WORDS + ONE_WORD, page=text, glossary=glossary) == [
        ("glossary.md", line_of(glossary, "Member"), "one-word"),
        ("page.md", line_of(text, "A member"), "one-word"),
    ]


def test_the_list_itself_may_name_what_it_lists():
    found = made(None, list=document(WORDS + ONE_WORD, ident="words"))
    assert [one for rule in language.RULES for one in rule(found, DAY)] == []


# The parts


@pytest.mark.parametrize(("text", "want"), [
    ('A "user".', True), ('A "user"', True), ('A "b" "user".', True), ("A “user”.", True),
    ('A "b" user "c".', False), ("“A” user “b”.", False),
    ('It is 5" wide.\n\nA user "b".', False), ('A 5" user.\n\n"b"', False), ('A 5" user.', False),
    ("A “b user.", False), ("A “b user.\n\n”", False), ("“b\n\nA user ”.", False), ('"A\nuser".\n\nb', True),
])  # fmt: skip
def test_quotation_marks_have_their_partner_in_the_same_paragraph(text, want):
    assert quoted(text, text.index("user")) is want


def test_what_is_no_prose_in_the_body_says_nothing_of_the_title():
    text = document("[text](a-very-long-target-of-a-link.md)\n", title="The page of a user")
    assert told(WORDS + ONE_WORD, page=text) == [("page.md", 4, "one-word")]


def test_a_finder_knows_letters_beyond_ascii():
    finder = Finder(["où", "это", "ça va", "straße"])
    text = "OÙ? Это! ÇA\nVA. Trouble, поэтому, oùx, İÇA va, STRASSE, Straße"
    assert sorted(form for _, form in finder.find(text)) == sorted(["où", "это", "ça va", "straße"])
    assert list(Finder([]).find("text")) == []
    assert list(Finder(["это", "zebra"]).find("Это")) == [(0, "это")]


LISTED = st.lists(st.text("abcd", min_size=2, max_size=5), min_size=1, max_size=3).map(" ".join)
FILLER = st.text("xyz", min_size=1, max_size=6)
CASES = st.sampled_from([str.lower, str.upper, str.capitalize, str.title])
SPACES = st.sampled_from([" ", "\n", "  ", " **", "* ", "\n> ", " \n"])
APART = st.sampled_from([" ", "\n", ", ", "\n\n", ". ", " (", "-", "/", "\n\n- ", "\n\n> "])


@given(
    st.lists(LISTED, min_size=1, max_size=12, unique=True),
    st.lists(st.tuples(FILLER, APART, st.integers(0, 11), CASES, SPACES), max_size=8),
)
def test_every_planted_word_is_found_once_at_its_place(forms, plants):
    text, planted = "", []
    for filler, apart, at, case, space in plants:
        form = forms[at % len(forms)]
        text += f"{filler}{apart}"
        planted.append((len(text), form))
        # A filler follows each, so that no two forms make a third.
        text += case(form).replace(" ", space) + f"{apart.replace('- ', '').replace('> ', '')}{filler} "
    assert sorted(Finder(forms).find(text)) == planted


@given(st.lists(LISTED, max_size=12, unique=True), st.text("abcdxyz *_\n->`İſßé", max_size=80))
def test_text_is_reported_for_words_it_holds_and_for_nothing_else(forms, text):
    words = " ".join(text.replace("*", " ").replace("_", " ").replace("-", " ").replace(">", " ").lower().split())
    for at, form in Finder(forms).find(text):
        assert form in words
        assert text[at : at + 1].lower() == form[0]
    single = [form for form in forms if " " not in form]
    tokens = set("".join(sign if sign.isalnum() else " " for sign in text).lower().split())
    assert {form for _, form in Finder(single).find(text)} == {form for form in single if form in tokens}


@given(st.lists(st.tuples(FILLER, st.booleans(), CASES, st.sampled_from(["\n", " ", "\n\n"])), max_size=10))
def test_every_planted_word_is_reported_at_its_line(rows):
    body = CLAUSE + "".join(
        f"{filler} {case('usually') if planted else ''} .{end}" for filler, planted, case, end in rows
    )
    text = guideline(f"{body}\n")
    built = made(g04=text)
    assert built is not None
    want = [at for at, row in enumerate(text.split("\n"), 1) for _ in range(row.lower().count("usually"))]
    assert [one.line for one in language.clauses_leave_no_doubt(built, DAY)] == want
