"""Trees: each way ends, soon enough; whatever is wrong is said in its line; `walk` follows what a case answers."""

from itertools import product
from random import Random

import pytest
from casework import grow_tree, tree_block, ways
from guidebook import blocks, markup, trees
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import seeds

FIRST = 10  # the line of the opening fence
NO = "    No: {label: a-b, clause: G04.1}\n"
LEAF = {"label": "no-action", "clause": "G04.1"}
GOOD = """opens:
  ask: Does it open?
  answers:
    Yes: {go: safe}
    No: {label: no-action, clause: G04.1}
safe:
  ask: Is it safe?
  answers:
    Yes: {label: no-action, clause: G04.2}
    No: {label: unsafe-site, clause: G04.3, escalate: W02}
    Not sure: {escalate: W03, clause: G04.4}
"""


def block(text):
    (found,), faults = blocks.read(markup.read(f"```tree\n{text.rstrip()}\n```\n", FIRST))
    assert faults == []
    return found


def read(text):
    return trees.read(block(text))


def grown(seed, most=7):
    rng = Random(seed)
    leaves = [{**LEAF, "clause": f"G04.{number}"} for number in range(1, rng.randint(1, 6) + 1)]
    return grow_tree(rng, leaves, lambda: f"Is it {rng.randint(0, 999)}?", most=most)


def read_grown(seed):
    tree, faults = read(tree_block(grown(seed)).split("\n", 1)[1].rsplit("\n", 1)[0])
    assert faults == []
    return tree


# What is read


def test_a_tree_is_read_with_the_line_of_each_question_and_answer():
    tree, faults = read(GOOD)
    assert faults == []
    assert (tree.line, tree.start, tree.end) == (FIRST, 0, len(GOOD) + len("```tree\n```"))
    opens, safe = tree.questions
    assert (opens.id, opens.ask, opens.line, safe.line) == ("opens", "Does it open?", 11, 16)
    assert [(one.text, one.line, one.go) for one in opens.answers] == [("Yes", 14, "safe"), ("No", 15, None)]
    assert [(one.text, one.line) for one in safe.answers] == [("Yes", 19), ("No", 20), ("Not sure", 21)]
    assert tree.by_id == {"opens": opens, "safe": safe}
    assert safe.answer("No") is safe.answers[1]
    assert safe.answer("no") is safe.answer("") is None


def test_a_leaf_is_a_label_a_workflow_or_both():
    leaves = [(question.id, answer.text, leaf) for question, answer, leaf in read(GOOD)[0].leaves()]
    assert leaves == [
        ("opens", "No", trees.Leaf("no-action", "G04.1")),
        ("safe", "Yes", trees.Leaf("no-action", "G04.2")),
        ("safe", "No", trees.Leaf("unsafe-site", "G04.3", "W02")),
        ("safe", "Not sure", trees.Leaf(None, "G04.4", "W03")),
    ]
    assert [leaf.outcome for _, _, leaf in leaves] == ["no-action", "no-action", "unsafe-site", "W03"]


@pytest.mark.parametrize("text", ["Yes", "No", "On", "off", "null", "2026-01-01", "12", "0x1f", "1,5", "~", "é"])
def test_an_answer_is_what_was_written(text):
    source = (
        answering(text).replace("    Yes: {label", "    Sure: {label").replace("    No: {label", "    Else: {label")
    )
    tree, faults = read(source)
    assert faults == []
    assert [answer.text for answer in tree.questions[1].answers] == ["Sure", "Else", text]


@pytest.mark.parametrize("text", ["Yes: it does", "a # b", "It's so", '"Other"', "A, B and C"])
def test_an_answer_in_quotes_is_what_stands_in_them(text):
    quoted = text.replace("'", "''")
    tree, faults = read(answering(f"'{quoted}'"))
    assert faults == []
    assert tree.questions[1].answers[2].text == text


def test_limits_are_reached():
    answers = "".join(f"    {'x' * 38}{letter}a: {{label: no-action, clause: G04.1}}\n" for letter in "abcdefghi")
    tree, faults = read(f"opens:\n  ask: {'x' * 159}?\n  answers:\n{answers}")
    assert faults == []
    assert [len(answer.text) for answer in tree.questions[0].answers] == [40] * 9


def test_the_fragment_of_a_question_names_its_guideline():
    assert trees.anchor("G04", "two-pages") == "g04-tree-two-pages"


# What is refused, and where


def change(old, new):
    assert old in GOOD, old
    return GOOD.replace(old, new, 1)


def ending(leads):
    """Return the tree with `leads` after its last answer."""
    return change("{escalate: W03, clause: G04.4}", leads)


def answering(text):
    """Return the tree with `text` as its last answer."""
    return change("Not sure:", f"{text}:")


def chain(count):
    """Return a tree of `count` questions, each behind the one before."""
    rows, letters = [], "abcdefghij"
    for at in range(count):
        leads = f"go: q{letters[at + 1]}" if at + 1 < count else "label: no-action, clause: G04.1"
        rows.append(f"q{letters[at]}:\n  ask: Is it?\n  answers:\n    Yes: {{{leads}}}\n{NO}")
    return "".join(rows)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 10, "expected at least one question, found none"),
        (change("safe:\n", "Safe:\n"), 16, "in small letters and hyphens, found `Safe`"),
        (change("opens:\n", "two pages:\n"), 11, "in small letters and hyphens, found `two pages`"),
        (change("opens:\n", "q1:\n"), 11, "in small letters and hyphens, found `q1`"),
        (change("opens:\n", "a--b:\n"), 11, "in small letters and hyphens, found `a--b`"),
        (f"{GOOD}more: text", 22, "expected `ask:` and `answers:` below `more`, found something else"),
        (f"{GOOD}more: [a]", 22, "expected `ask:` and `answers:` below `more`, found something else"),
        (f"{GOOD}more:", 22, "expected `ask:` and `answers:` below `more`, found something else"),
        (change("safe:\n", "safe:\n  asks: x\n"), 17, "`asks` is no part of a question. Did you mean `ask`?"),
        (change("safe:\n", "safe:\n  xyz: 1\n"), 17, "`xyz` is no part of a question. A question has ask"),
        (change("  ask: Is it safe?\n", ""), 16, "found 0 characters"),
        (change("Is it safe?", "It is safe."), 17, "with `?` at its end; found 11 characters that end in `.`"),
        (change("Is it safe?", "x" * 160 + "?"), 17, "found 161 characters"),
        (change("Is it safe?", "Is it *safe*?"), 17, "found `*`"),
        (change("Is it safe?", "'# Is it safe?'"), 17, "starts with a word"),
        (change("Is it safe?", '"Is it\\nsafe?"'), 17, "a line break"),
        (change("Is it safe?", "[Is it safe?]"), 17, "found 0 characters"),
        (change("    No: {label: no-action, clause: G04.1}\n", ""), 13, "expected 2 to 9 answers, found 1"),
        ("opens:\n  ask: Is it?\n  answers: Yes", 13, "expected 2 to 9 answers, found none"),
        ("opens:\n  ask: Is it?", 11, "expected 2 to 9 answers, found none"),
        ("opens:\n  ask: Is it?\n  answers: {}", 11, "expected 2 to 9 answers, found 0"),
        (
            "opens:\n  ask: Is it?\n  answers:\n"
            + "".join(f"    {letter}: {{label: a-b, clause: G04.1}}\n" for letter in "abcdefghij"),
            13,
            "expected 2 to 9 answers, found 10",
        ),
        (answering(f"{'x' * 41}"), 21, "1 to 40 characters in plain text, no space at its ends; found 41 characters"),
        (answering("a|b"), 21, "found `|`"),
        (answering("a; b"), 21, "found `;`, `=` or `&`"),
        (answering("a=b"), 21, "found `;`, `=` or `&`"),
        (answering("a_b"), 21, "found `_`"),
        (ending("no-action"), 21, "after `Not sure:`, found something else"),
        (ending("[no-action]"), 21, "after `Not sure:`, found something else"),
        (ending(""), 21, "after `Not sure:`, found something else"),
        (ending("{}"), 21, "after `Not sure:`; found nothing"),
        (ending("{clause: G04.4}"), 21, "after `Not sure:`; found clause"),
        (ending("{label: no-action}"), 21, "after `Not sure:`; found label"),
        (ending("{escalate: W03}"), 21, "after `Not sure:`; found escalate"),
        (ending("{go: opens, clause: G04.4}"), 21, "found go, clause"),
        (ending("{go: opens, escalate: W03, clause: G04.4}"), 21, "found go, escalate, clause"),
        (ending("{go: }"), 21, "after `Not sure:`; found go"),
        (ending("{escalate: W03, clause: ''}"), 21, "found escalate, clause"),
        (ending("{lable: a-b, clause: G04.4}"), 21, "`lable` is no part of an answer. Did you mean `label`?"),
        (ending("{why: x, clause: G04.4}"), 21, "`why` is no part of an answer."),
        (change("{go: safe}", "{go: save}"), 14, "`save` is no question of this tree. Did you mean `safe`?"),
        (change("{go: safe}", "{go: xyz}"), 14, "`xyz` is no question of this tree."),
        (ending("{go: opens}"), None, "begins a circle: "),
        (ending("{go: safe}"), 21, "begins a circle: safe > safe. Let every way"),
        (f"{GOOD}more:\n  ask: Is it?\n  answers:\n    Yes: {{go: safe}}\n{NO}", 22, "nothing leads to `more`"),
        (change("{go: safe}", "{label: no-action, clause: G04.1}"), 16, "nothing leads to `safe`"),
        (chain(8), 10, "at most 7 questions on each way, found 8"),
        (chain(8).replace(NO, "    No: {go: qh}\n", 1), 10, "at most 7 questions on each way, found 8"),
    ],
)  # fmt: skip
def test_each_fault_is_said_in_its_line(text, line, words):
    tree, faults = read(text)
    assert tree is None
    assert [fault.rule for fault in faults] == ["tree"], faults
    assert words in faults[0].message
    assert faults[0].message.endswith((".", "?"))
    # A circle has several answers that could be called its beginning.
    assert faults[0].line == line or (line is None and faults[0].line in {14, 21})


def test_answers_that_differ_in_signs_alone_are_each_said():
    tree, faults = read(change("    Not sure:", "    '\"no\"':"))
    assert tree is None
    assert [(fault.line, "differs from another answer" in fault.message) for fault in faults] == [
        (20, True),
        (21, True),
    ]


def test_every_fault_is_said_at_once():
    text = (
        GOOD.replace("Does it open?", "x").replace("Is it safe?", "y").replace("{go: safe}", "z").replace("safe:", "S:")
    )
    assert [fault.line for fault in read(text)[1]] == [12, 14, 16, 17]


def test_what_follows_from_a_fault_is_not_said():
    # The question `safe` is refused: that nothing knows it, or leads to `more`, is not reported.
    text = (
        change("Is it safe?", "It is.") + "more:\n  ask: Is it?\n  answers:\n    Yes: {go: none}\n    No: {go: safe}\n"
    )
    assert [fault.line for fault in read(text)[1]] == [17]


def test_seven_questions_are_enough():
    tree, faults = read(chain(7))
    assert faults == []
    assert len(trees.walk(tree, dict.fromkeys(tree.by_id, "Yes")).path) == 7


# Reported to the lead with the mend; the mark goes with it.
@pytest.mark.parametrize("text", ["''", "' Maybe'", "'Maybe '"])
def test_an_answer_has_letters_and_no_space_at_its_ends(text):
    assert read(answering(text))[1]


# Every tree


@settings(max_examples=150)
@given(seeds)
def test_a_tree_is_read_as_it_was_written(seed):
    source, tree = grown(seed), read_grown(seed)
    assert [one.id for one in tree.questions] == list(source)
    for question in tree.questions:
        wish = source[question.id]
        assert question.ask == wish["ask"]
        assert [one.text for one in question.answers] == list(wish["answers"])
        for one in question.answers:
            given = wish["answers"][one.text]
            leaf = trees.Leaf(given.get("label"), given["clause"], given.get("escalate")) if "clause" in given else None
            assert (one.go, one.leaf) == (given.get("go"), leaf)


@settings(max_examples=60)
@given(seeds)
def test_every_combination_of_answers_ends_at_a_leaf_within_seven_questions(seed):
    tree = read_grown(seed)
    expected = {tuple(way.items()): leaf["clause"] for way, leaf in ways(grown(seed))}
    texts = [[answer.text for answer in question.answers] for question in tree.questions]
    found = set()
    for combination in product(*texts):
        way = trees.walk(tree, dict(zip(tree.by_id, combination, strict=True)))
        path = tuple((question.id, answer.text) for question, answer in way.path)
        assert way.leaf is not None
        assert way.leaf.clause == expected[path]
        assert way.stopped == ""
        assert 1 <= len(path) <= trees.MOST_QUESTIONS
        assert len({name for name, _ in path}) == len(path)
        assert str(way) == ", ".join(f"{name}: {text}" for name, text in path)
        found.add(path)
    assert found == set(expected)


@settings(max_examples=100)
@given(seeds, st.data())
def test_a_way_stops_where_an_answer_is_missing_or_unknown(seed, data):
    tree = read_grown(seed)
    answers, _ = data.draw(st.sampled_from(ways(grown(seed))))
    at = data.draw(st.integers(0, len(answers) - 1))
    name = list(answers)[at]
    way = trees.walk(tree, {key: text for key, text in answers.items() if key != name})
    assert (way.leaf, len(way.path), way.stopped) == (None, at, f"it gives no answer to `{name}`")
    way = trees.walk(tree, answers | {name: "Nothing like it"})
    known = ", ".join(one.text for one in tree.by_id[name].answers)
    assert (way.leaf, len(way.path)) == (None, at)
    assert way.stopped == f"`{name}` has no answer `Nothing like it`, only {known}"


def test_answers_that_nobody_asked_for_lead_nowhere_else():
    tree = read(GOOD)[0]
    assert trees.walk(tree, {"opens": "No", "safe": "Yes", "more": "x"}).leaf.clause == "G04.1"
    assert [question.id for question, _ in trees.walk(tree, {"opens": "Yes", "safe": "No"}).path] == ["opens", "safe"]


# Any graph


names = "abcdefghijkl"


def graph(random, count):
    """Return any graph: for each question where its answers lead, None for an outcome."""
    loose = random.choice([0.0, 0.1, 0.5])  # how many answers may lead back
    rows = []
    for at in range(count):
        later = list(range(at + 1, count))
        targets = [
            random.choice(range(count)) if random.random() < loose else random.choice(later) if later else None
            for _ in range(random.choice([1, 1, 2, 2, 3]))
        ]
        if random.random() < 0.6 and at + 1 < count:
            targets[0] = at + 1
        rows.append([*(None if random.random() < 0.3 else target for target in targets), None])
    return rows


def written(rows):
    text = ""
    for at, targets in enumerate(rows):
        text += f"{names[at]}:\n  ask: Is it?\n  answers:\n"
        for number, target in enumerate(targets):
            leads = "{label: no-action, clause: G04.1}" if target is None else f"{{go: {names[target]}}}"
            text += f"    Answer {'xyzuvw'[number]}: {leads}\n"
    return text


def sound(rows):
    """Say whether each way from the first question ends within seven, and all questions stand on one: by trying all."""
    seen = set()
    todo = [(0,)]
    while todo:
        way = todo.pop()
        seen.add(way[-1])
        if len(way) > 7:
            return False  # a circle never ends, so it comes here too
        todo += [(*way, target) for target in rows[way[-1]] if target is not None]
    return seen == set(range(len(rows)))


@settings(max_examples=500)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_exactly_the_graphs_are_read_of_which_every_way_ends(random, count):
    rows = graph(random, count)
    tree, faults = read(written(rows))
    assert (tree is not None) == (faults == []) == sound(rows)


def test_graphs_of_both_kinds_are_tried():
    tried = [sound(graph(Random(seed), 1 + seed % 12)) for seed in range(500)]
    assert 100 < sum(tried) < 400
