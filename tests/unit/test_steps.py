"""Steps: a table of steps is read as it was written, however it is spaced; whatever is wrong is said in its line."""

import pytest
from guidebook import markup, steps
from guidebook.steps import COLUMNS, NEXT, Procedure, Step, Way
from hypothesis import given
from hypothesis import strategies as st

FIRST = 10  # the line of the heading
HEAD = "| Step | Role | Action | Timer | Record |"
RULER = "| --- | --- | --- | --- | --- |"
ONE = "| 1 | Lead | **Ask** why | At once | Nothing |"
TABLE = f"{HEAD}\n{RULER}\n{ONE}\n"
WAYS = f"{HEAD} Next |\n{RULER} --- |\n"


def read(text, passages=()):
    return steps.read(markup.read(text, FIRST), passages)


def procedure(text):
    (found,), faults = read(text)
    assert faults == []
    return found


def table(*rows):
    return "\n".join(["## Steps", "", HEAD, RULER, *rows]) + "\n"


def forked(*cells):
    """Return a table of as many steps as there are cells, which say where each leads."""
    rows = [f"| {n} | Lead | **Ask {n}** | At once | Nothing | {cell} |" for n, cell in enumerate(cells, 1)]
    return "\n".join(["## Steps", "", WAYS + "\n".join(rows)]) + "\n"


# Every table


# What stands in the source, and what is left of it without markup.
PIECES = {
    "Read": "Read", "Größe": "Größe", r"\|": "|", "`x-y`": "x-y", r"`a\|b`": "a|b", "[W02]": "W02", "<": "<",
    "[a](b.md)": "a", '"q"': '"q"', "R&D": "R&D", r"\{x": "x", "😀": "😀", "_u_": "_u_", "…": "…",
}  # fmt: skip
texts = st.lists(st.sampled_from(list(PIECES)), min_size=1, max_size=4).map(" ".join)
spaces = st.integers(0, 3).map(" ".__mul__)


def shown(text):
    return " ".join(PIECES[piece] for piece in text.split(" "))


@st.composite
def ways(draw, number, count):
    """Return what a cell of `Next` holds, and what is read of it."""
    goals = ["end", "[W07]", *(str(to) for to in range(1, count + 1) if to != number)]
    parts, found = [], []
    for at in range(draw(st.integers(1, 3))):
        goal, condition = draw(st.sampled_from(goals)), draw(texts) if at else ""
        parts.append(f"{goal} if {condition}" if at else goal)
        found.append(Way(goal.strip("[]"), shown(condition) if at else ""))
    return f"{draw(spaces)};{draw(spaces)}".join(parts), tuple(found)


@st.composite
def row(draw, cells):
    closing = draw(st.sampled_from(["|", ""]))
    inner = "|".join(f"{draw(spaces)}{cell}{draw(spaces)}" for cell in cells)
    return f"|{inner}{closing}{draw(spaces)}"


@st.composite
def written(draw):
    """Return a body with one table of steps, and the procedure that has to be read of it."""
    before = draw(
        st.sampled_from(["", "Text.\n\n", "| A | B |\n| - | - |\n| 1 | 2 |\n\n", "```text\n| Step |\n```\n\n"])
    )
    after = draw(st.sampled_from(["", "\n", "\n\nText | text.\n", "\n\n## Later\n", "\n///\n"]))
    count, fork = draw(st.integers(1, steps.MOST_STEPS)), draw(st.booleans())
    heads = [*COLUMNS, NEXT] if fork else COLUMNS
    rows = [draw(row(heads)), draw(row(draw(st.sampled_from(["-", "---", ":--", "--:", ":-:"])) for _ in heads))]
    line = FIRST + before.count("\n") + 4
    found = []
    for number in range(1, count + 1):
        role, rest, timer, record = (draw(texts) for _ in range(4))
        piece = draw(st.sampled_from(list(PIECES)))
        action = f"**{piece} {number}**" + draw(st.sampled_from(["", f": {rest}", f", {rest}", f" {rest}"]))
        cell, leads = draw(ways(number, count))
        rows.append(draw(row([str(number), role, action, timer, record, *([cell] if fork else [])])))
        leads = leads if fork else (Way(str(number + 1) if number < count else "end"),)
        found.append(Step(number, f"{PIECES[piece]} {number}", role, action, timer, record, leads, line + 1 + number))
    text = f"{before}## Who does *what*\n\nText.\n\n" + "\n".join(rows) + after
    start = text.index(rows[0], len(before))
    return text, Procedure("Who does what", "who-does-what", start, line, tuple(found))


@given(written())
def test_a_procedure_is_read_as_it_was_written(made):
    text, wish = made
    assert procedure(text) == wish
    assert text[wish.start :].startswith("|")
    assert text.split("\n")[wish.line - FIRST] == text[wish.start :].split("\n")[0]


def test_limits_are_reached():
    rows = [f"| {n} | Lead | **{'x' * 30}{n:02}** | At once | Nothing |" for n in range(1, 13)]
    assert [len(step.name) for step in procedure(table(*rows)).steps] == [steps.LONGEST_NAME] * steps.MOST_STEPS


# Where a step leads


def test_without_a_column_each_step_leads_to_the_next_and_the_last_to_the_end():
    found = procedure(table(ONE, ONE.replace("1", "2").replace("Ask", "Answer")))
    assert [step.ways for step in found.steps] == [(Way("2"),), (Way("end"),)]


def test_ways_hold_steps_ends_and_workflows_each_but_the_first_with_its_condition():
    found = procedure(forked("3; end if `all` is \\| done;[W02] if it *burns*", "1", "[W12];2 if late"))
    assert [step.ways for step in found.steps] == [
        (Way("3"), Way("end", "all is | done"), Way("W02", "it burns")), (Way("1"),), (Way("W12"), Way("2", "late")),
    ]  # fmt: skip


# What is a table of steps


@pytest.mark.parametrize(
    "text",
    [
        f"```text\n{TABLE}```\n",
        f"~~~\n{TABLE}~~~\n",
        f"```{{ .markdown .example }}\n{TABLE}```\n",
        "    " + TABLE.replace("\n", "\n    "),
        "- Item\n\n    " + TABLE.replace("\n", "\n    "),
        "> " + TABLE.replace("\n", "\n> "),
        "\\" + TABLE,
        TABLE.replace("Step", "Stage"),
        TABLE.replace("Step", "step"),
        TABLE.replace("Step", "**Step**"),
        TABLE.replace("| Step | Role |", "| Role | Step |"),
        "|\n",
        "| |\n| - |\n",
    ],
)
def test_what_is_no_table_of_steps_is_none(text):
    assert read(f"## Steps\n\n{text}") == ([], [])
    assert len(read(f"## Steps\n\n{text}\n## More\n\n{TABLE}")[0]) == 1


def test_each_table_is_named_by_the_heading_above_it():
    found, faults = read(f"## One\n\n### Two `b`\n\n{TABLE}\nText.\n\n## Three\n\n{TABLE}\n## Four\n")
    assert faults == []
    assert [(one.title, one.anchor, one.line) for one in found] == [("Two b", "two-b", 14), ("Three", "three", 22)]


def test_a_heading_in_a_passage_names_nothing_outside_of_it():
    body = f"## Open\n\n/// internal\n\n## Secret\n\nText.\n\n///\n\n{TABLE}"
    spans = [(body.index("///"), body.rindex("///") + 3)]
    assert [one.title for one in read(body, spans)[0]] == ["Open"]
    inner = body.replace("Text.\n", TABLE).removesuffix(TABLE)
    assert [one.title for one in read(inner, [(inner.index("///"), len(inner))])[0]] == ["Secret"]


# What is refused, and where


def change(old, new):
    """Return two steps with something wrong in the second, which stands on line 15."""
    made = table(ONE, "| 2 | Lead | **Answer** it | 1 hour | The answer |")
    assert old in made, old
    return made.replace(old, new)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (change("Record |", "Records |"), 12, "with `Next` as a sixth where ways part; found `| Step | Role | Action"),
        (change(" Timer | Record |", " Record | Timer |"), 12, "expected the columns"),
        (change(" Record |", " Record | Then |"), 12, "expected the columns"),
        (change(f"{RULER}\n", ""), 13, "expected `| --- | --- | --- | --- | --- |` below these columns"),
        (change(RULER, "| --- | --- |"), 13, "below these columns"),
        (change(RULER, "| | | | | |"), 13, "below these columns"),
        (f"## Steps\n\n{HEAD}", 13, "below these columns"),
        (f"## Steps\n\n{HEAD}\n{RULER}\n", 12, "expected a step below these columns, found none. Add the first."),
        (TABLE, 10, "expected a heading above the steps"),
        (f"{TABLE}\n## Below\n", 10, "expected a heading above the steps"),
        (f"## A\n\n{TABLE}\nText.\n\n{TABLE}", 18, "the heading above names the steps on line 12 already"),
        (change("| The answer |", "|"), 15, "expected 5 cells with text, found 4. Fill"),
        (change("| The answer |", "| The answer | end |"), 15, "expected 5 cells with text, found 6. Fill"),
        (change("| 1 hour |", "|  |"), 15, "expected 5 cells with text, found 5, one of them empty."),
        (change("| 1 hour |", "| ** |"), 15, "expected 5 cells with text, found 5, one of them empty."),
        (change("| 1 hour |", "| `a|b` |"), 15, "expected 5 cells with text, found 6."),
        (change("The answer |\n", "The answer |\nMore text.\n"), 16, "expected 5 cells with text, found 1."),
        (change("| 2 |", "| 3 |"), 15, "expected step 2, found `3`. Number"),
        (change("| 2 |", "| 02 |"), 15, "expected step 2, found `02`."),
        (change("| 2 |", "| **2** |"), 15, "expected step 2, found `**2**`."),
        (change("**Answer** it", "Answer it"), 15, "of 32 characters at most; found `Answer it`. Mend it."),
        (change("**Answer** it", "Then **answer** it"), 15, "found `Then **answer** it`."),
        (change("**Answer**", "**Answer**s"), 15, "found `**Answer**s it`."),
        (change("**Answer**", "**.**"), 15, "found `**.** it`."),
        (change("**Answer**", f"**{'x' * 33}**"), 15, "of 32 characters at most; found 33 characters. Mend it."),
        (change("**Answer**", "**Ask**:"), 15, "step `Ask` stands on line 14 already."),
        (change("**Answer**", "**`Ask`.**"), 15, "step `Ask` stands on line 14 already."),
        (table(*[ONE.replace("1", str(n)).replace("Ask", f"Ask {n}") for n in range(1, 14)]), 26,
         "expected at most 12 steps, found 13. Part the procedure in two."),
        (forked("2", "2"), 15, "`2` leads to 2, which is this step itself."),
        (forked("2", "3"), 15, "`3` leads to 3, which is no step of these 2."),
        (forked("2", "end; 99 if late"), 15, "`99 if late` leads to 99, which is no step of these 2."),
        *((forked("2", cell), 15, "expected `Next` to hold a step, `end` or `[W02]`")
          for cell in ("0", "01", "٣", "W02", "[G04.1]", "[W٠٢]", "End", "end if", "1 so", "100", "1, end", "end;")),
        (forked("2", "end if late"), 15, "and none for the first; found `end if late`."),
        (forked("2", "end; 1"), 15, "for all ways but the first, and none for the first; found `1`."),
        (forked("2", "end; 1 if **"), 15, "for all ways but the first, and none for the first; found `1 if **`."),
    ],
)  # fmt: skip
def test_each_fault_is_said_in_its_line(text, line, words):
    found, faults = read(text)
    assert [(fault.line, fault.rule) for fault in faults] == [(line, "steps")], faults
    assert words in faults[0].message
    assert faults[0].message.endswith(".")
    assert len(found) == (1 if "names the steps" in words else 0)


def test_every_fault_is_said_at_once():
    text = change("| 2 |", "| 3 |").replace("**Ask** why", "Ask").replace("The answer |\n", "The answer |\n| 3 |\n")
    assert [fault.line for fault in read(text)[1]] == [14, 15, 16]
