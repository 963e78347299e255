"""Sufficiency: what an edition leaves out leaves no hole, and a page that is whole is never reported."""

import datetime as dt

import deciding
import pytest
from bodies import bodies
from guidebook import configuration, language, library, sufficiency
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
LATER = dt.date(2028, 1, 1)
BOTH = "external and partner"


def kept(text, name="internal", reason="signal"):
    return f"/// {name}\n    reason: {reason}\n\n{text}\n///\n"


def dated(text, **when):
    return f"/// effective\n    {'from' if 'since' in when else 'until'}: {next(iter(when.values()))}\n\n{text}\n///\n"


def document(body, kind="page", ident="a-page", **more):
    labels = {"labels": "[no-action, spam-redirect]"} if kind == "guideline" else {}
    return deciding.document(kind, ident, body, **labels | more)


def problems(rule, day=DAY, **files):
    found = Sources("docs")
    for path, text in files.items():
        found.texts[f"{path}.md"] = TextFile(f"{path}.md", text)
    return list(rule(library.from_sources(SETTINGS, found, {}).library, day))


def line_of(text, part, count=1):
    at = -1
    for _ in range(count):
        at = text.index(part, at + 1)
    return text.count("\n", 0, at) + 1


# Text that points at text


def points(body, **more):
    return problems(sufficiency.nothing_points_at_withheld_text, page=document(body, **more))


def test_words_may_point_at_a_box_of_the_future_and_not_at_what_is_over():
    for when, many in (({"since": LATER}, 0), ({"until": DAY}, 1), ({"since": DAY}, 0)):
        assert len(points(f"\n## A\n\n{dated('Later.', **when)}\nText, see above.\n")) == many
    for when, many in (
        ({"since": LATER}, 1),
        ({"until": DAY}, 0),
    ):  # a box says it to its readers, what is over to none
        assert len(points(f"\n## A\n\n{kept('Staff.')}\n{dated('Text, see above.', **when)}")) == many


@pytest.mark.parametrize("words", [
    "see above", "See\nabove", "as **above**", "shown above", "listed above", "described above", "named above",
    "explained above", "given above", "mentioned above", "noted above", "said above", "AS SAID ABOVE",
    "the table above", "the list above", "the section above", "the step above", "the steps above", "the rule above",
    "the clause above", "the passage above", "the note above", "the example above", "the figures above",
    "the previous section", "the previous table", "the preceding list", "the preceding step", "the previous paragraph",
    "the previous clause", "the previous passage", "the above-mentioned thing",
])  # fmt: skip
def test_words_that_point_up_at_withheld_text_are_reported(words):
    body = f"\n## A\n\n{kept('Staff.')}\nText {words}, and more.\n"
    [found] = points(body)
    text = document(body)
    assert (found.line, found.rule) == (line_of(text, words), "see-above")
    assert found.severity is Severity.ERROR
    assert f"line {line_of(text, '/// internal')}, which is withheld from the {BOTH} edition" in found.message
    assert points(f"\n## A\n\nText {words}, and more.\n\n{kept('Staff.')}") == []
    assert points(f"\n## A\n\n{kept('Staff.')}\n## B\n\nText {words}, and more.\n") == []
    assert points(f"\n## A\n\n{kept('Staff.', 'external')}\nText {words}, and more.\n") == []


@pytest.mark.parametrize("words", [
    "see below", "as below", "listed\n    below", "the tables below", "the _list_ below", "the following section",
    "the next step", "the next clause", "the following table", "the following list",
])  # fmt: skip
def test_words_that_point_down_at_withheld_text_are_reported(words):
    body = f"\n## A\n\n- Text {words}, and more.\n\n### Part\n\n{kept('Staff.')}"
    assert [one.line for one in points(body)] == [line_of(document(body), words)]
    assert points(f"\n## A\n\n{kept('Staff.')}\n- Text {words}, and more.\n") == []
    assert points(f"\n## A\n\n- Text {words}, and more.\n\n## B\n\nText.\n\n{kept('Staff.')}") == []


@pytest.mark.parametrize("text", [
    "Above line 5", "the score is below 0.35", "the next shift", "the previous day", "overseas above", "the bar above",
    "`see above`", "see [the list](above-mentioned.md)", "see\n\nabove", "as\n\n## Above",
])  # fmt: skip
def test_other_words_are_no_pointers(text):
    assert points(f"\n## A\n\n{kept('Staff.')}\n{text} and more.\n\n{kept('Staff.')}") == []


def test_a_page_without_withheld_text_and_withheld_text_itself_may_point_everywhere():
    assert points("\n## A\n\nSee above, see below, the next section.\n\n## B\n\nThe table above.\n") == []
    assert points(f"\n{kept('Staff.')}\n{kept('See above.')}") == []
    assert points(f"\n{kept('Staff. See above.')}") == []


def test_a_section_that_is_withheld_as_a_whole_lies_above_the_next():
    whole = f"\n## A\n\nText.\n\n{kept('## Staff')}\n## B\n\n"
    assert len(points(f"{whole}The previous section says it.\n")) == 1
    assert len(points(f"{whole}The section above says it.\n")) == 1
    assert points(f"{whole}The table above says it.\n") == []
    assert points(f"\n## A\n\n{kept('Staff.')}\n## B\n\nThe section above says it.\n") == []
    assert len(points(f"\n## A\n\nThe next section says it.\n\n{kept('## Staff')}\n## B\n")) == 1


def test_before_the_first_heading_is_a_section_too():
    assert len(points(f"\n{kept('Staff.')}\nSee above.\n\n## A\n")) == 1
    assert len(points(f"\nSee below.\n\n{kept('Staff.')}\n## A\n")) == 1
    assert points(f"\nSee below.\n\n## A\n\n{kept('Staff.')}") == []


def test_the_nearest_withheld_line_is_named():
    body = f"\n{kept('1')}\n{kept('2')}\nSee above, see below.\n\n{kept('3')}\n{kept('4')}"
    text = document(body)
    assert [
        f"line {line_of(text, '/// internal', at)}," in one.message
        for at, one in zip((2, 3), points(body), strict=True)
    ] == [True] * 2
    assert len(points(f"\n{kept('Staff.')}\nThe section above.\n")) == 1


def test_each_edition_is_read_by_itself():
    [found] = points(f"\n{kept('Partners.', 'partner', 'legal')}\nSee above.\n")
    assert "the external edition" in found.message
    assert points(f"\n{kept('Staff.')}\nSee above.\n", audience="internal") == []
    assert points(f"\n{kept('Staff.')}\nSee above.\n", status="draft") == []
    body = f"\n{dated('Old.', until='2027-06-01')}\nSee above.\n"
    assert points(body) == []
    assert len(problems(sufficiency.nothing_points_at_withheld_text, LATER, page=document(body))) == 1


# Numbered steps


def steps(body, day=DAY):
    return problems(sufficiency.steps_have_no_gap, day, page=document(body))


@pytest.mark.parametrize(("before", "hidden", "after", "first"), [
    ("1. a\n2. b\n", "3. c", "4. d\n5. e\n", "4. d"),
    ("", "1. a", "2. b\n", "2. b"),
    ("1) a\n", "2) b\n3) c", "4) d\n", "4) d"),
    ("1. a\n\n    1. x\n    2. y\n\n", "2. b", "3. d\n", "3. d"),
    ("3. a\n", "4. b", "5. c\n", "5. c"),
    ("1. a\n", "2. b\n3. c", "4. d\n\n5. e\n", "4. d"),
])  # fmt: skip
def test_a_gap_in_the_numbers_is_reported_after_it(before, hidden, after, first):
    body = f"\n## A\n\n{before}\n{kept(hidden)}\n{after}\n"
    [found] = steps(body)
    assert (found.line, found.rule) == (line_of(document(body), first), "step-gap")
    assert f"the {BOTH} edition shows {int(first[0])}. and not {int(first[0]) - 1}., which is withheld" in found.message


@pytest.mark.parametrize("body", [
    "1. a\n2. b\n4. d\n",
    f"1. a\n2. b\n\n{kept('3. c')}\n",
    f"1. a\n2. b\n\n{kept('1. x')}\n1. c\n2. d\n",
    f"1. a\n2. b\n\n{kept('1. x')}\n3. c\n",
    f"1. a\n2. b\n\n{kept('3. x')}\n3. c\n4. d\n",
    f"1. a\n\n{kept('Staff.')}\n2. b\n",
    f"1. a\n\n{kept('2. b', 'external')}\n3. c\n",
    f"{kept('1. a')}\n## B\n\n2. b\n",
    f"{kept('1. a')}\n- x\n\n    2. b\n",
    f"{dated('1. a', until='2026-06-01')}\n{dated('1. b', since='2026-06-01')}\n2. c\n",
    f"1. a\n\n{dated('2. a', since='2027-06-01')}\n{dated('2. b', until='2027-06-01')}\n3. c\n",
    f"{kept('Staff.')}\n```\n3. c\n```\n",
    f"1\\. a\n\n{kept('2. a')}\nText.\n",
    f"{kept(f'- q{chr(10)}{chr(10)}    1. x')}\n1. b\n\n    2. y\n",
    f"1. a\n\n    1. x\n\n2. b\n\n{kept('3. c')}\n",
    f"1. a\n\n    1. x\n\n{dated('1. b', until='2026-06-01')}\n2. c\n",
])  # fmt: skip
def test_numbers_that_run_on_are_left_alone(body):
    assert steps(f"\n## A\n\n{body}") == []
    assert steps(f"\n## A\n\n{body}", LATER) == []


def test_a_number_that_is_still_to_come_leaves_a_gap_today():
    body = f"\n## A\n\n1. a\n\n{dated('2. b', since='2027-06-01')}\n3. c\n"
    [found] = steps(body)
    assert "shows 3. and not 2." in found.message
    assert steps(body, LATER) == []


@pytest.mark.parametrize(("words", "number"), [
    ("After step 3, stop.", 3), ("After steps 1 and 3, stop.", 3), ("Steps 1, 2 and 3 are done.", 3),
    ("See question 3.", 3), ("**Yes**: go to 3.", 3), ("Go\nto step 3", 3), ("Question **3**", 3), ("steps 3 to 9", 3),
])  # fmt: skip
def test_a_number_that_only_withheld_items_have_is_reported_where_it_is_named(words, number):
    body = f"\n## A\n\n1. a\n2. b\n\n{kept('3. c')}\n{words}\n"
    [found] = steps(body)
    assert (found.line, found.rule) == (line_of(document(body), words), "step-gap")
    assert f"names {number}., which is withheld from the {BOTH} edition" in found.message
    assert found.message.split("`")[1].split()[0].lower() in {"step", "steps", "question", "go"}


@pytest.mark.parametrize("body", [
    f"1. a\n2. b\n\n## B\n\n1. a\n\n{kept('2. b')}\nAfter step 2, stop.\n\n## C\n\n1. a\n2. b\n",
    f"| 2 | b |\n|---|---|\n\n## B\n\n{kept('2. b')}\nAfter step 2, stop.\n\n## C\n\n| 2 | b |\n|---|---|\n",
    f"### Step 2\n\n## B\n\n{kept('2. b')}\nAfter step 2, stop.\n\n## C\n\n### Step 2 again\n",
    f"{kept('| 2 | b |')}\n{kept('### Step 2')}\n{kept('2. b')}\nAfter step 2, stop.\n",
])  # fmt: skip
def test_a_number_of_another_section_is_not_meant(body):
    text = document(f"\n## A\n\n{body}")
    assert [one.line for one in steps(f"\n## A\n\n{body}")] == [line_of(text, "After step 2")]


@pytest.mark.parametrize("body", [
    f"1. a\n2. b\n\n{kept('3. c')}\nAfter step 2, and step 4, stop.\n",
    f"1. a\n\n{kept('2. c')}\n## B\n\nAfter step 2, stop.\n",
    f"1. a\n\n{kept('2. After step 2, stop.')}\nText.\n",
    f"1. a\n\n{kept('2. c')}\nStep 2 of [W02], `step 2`, step 2.5, step 20, go to 2 %, sidestep 2.\n",
    f"| Step | Do |\n| --- | --- |\n| 1 | a |\n| 2 | b |\n\n{kept('2. c')}\nAfter step 2, stop.\n",
    f"### Step 2\n\nText.\n\n{kept('2. c')}\nAfter step 2, stop.\n",
    f"1. a\n2. b\n\n{kept('Staff.')}\nAfter step 3, stop.\n",
    f"Text.\n\n{kept(f'## Staff{chr(10)}{chr(10)}1. a{chr(10)}2. b')}\nAfter step 2, stop.\n",
])  # fmt: skip
def test_other_numbers_may_be_named(body):
    assert steps(f"\n## A\n\n{body}") == []


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_a_gap_is_reported_exactly_where_a_number_is_missing_before_a_visible_one(items):
    body, shown = "\n## A\n\n", []
    for number, (hidden, gap) in enumerate(items, 1):
        row = f"{number}. item"
        body += f"{kept(row)}\n" if hidden else f"{row}\n\n"
        body += "Text.\n\n" if gap else ""
        shown += [] if hidden else [number]
    text = document(body)
    want = [line_of(text, f"\n{one}. item") + 1 for one in shown if one > 1 and one - 1 not in shown]
    assert [found.line for found in steps(body)] == want


# Terms


GLOSSARY = document(
    "\nLink preview\n:   A window.\n\nBoard score\n:   A number.\n\nQRS\n:   Quick.\n\n"
    "DSA database\n:   A list of the board score number (BSN).\n\n"
    + kept("score\n:   A number.\n\nCluster Rank\n:   A number.\n\nBox\n:   T."),
    ident="glossary",
)


def terms(body, glossary=GLOSSARY, **more):
    return problems(sufficiency.terms_are_defined, page=document(body, **more), glossary=glossary)


@pytest.mark.parametrize("words", [
    "the cluster rank", "the Cluster\nRank", "two cluster ranks", "*cluster* **rank**", "[cluster rank](a.md)",
    'the "cluster rank"', "## Cluster rank",
])  # fmt: skip
def test_a_term_that_only_staff_can_look_up_is_reported_once_a_page(words):
    body = f"\n{words}\n\nThe cluster rank.\n"
    [found] = terms(body)
    assert (found.line, found.rule) == (line_of(document(body), words), "undefined-term")
    assert found.message.startswith(f"the {BOTH} edition shows `cluster rank`, which the glossary defines")


@pytest.mark.parametrize("body", [
    "\nThe link preview, the board score, the QRS, clustered rank, cluster and rank, boxer.\n",
    f"\n{kept('The cluster rank.')}",
    "\n`cluster rank`\n\n```\nscore\n```\n\n[text](score.md), [score-board].\n",
])  # fmt: skip
def test_other_terms_are_left_alone(body):
    assert terms(body) == []


CASE = (
    "\n```case\nid: G04-%s\ntitle: A score\nverdict: borderline\nlabel: no-action\nclause: G04.1\nanswers: {a: No}\n"
    "surface: post\nlanguage: en\nset: %s\ntext: >-\n  One two three four five six seven eight nine ten, one two\n"
    "  three four five six seven eight nine ten `score` box.\nreason: The %s.\n```\n"
)
QUESTION = (
    "\n```tree\na:\n  ask: Is the score high?\n  answers:\n    Yes: {escalate: W02, clause: G04.1}\n"
    "    No box: {escalate: W02, clause: G04.1}\n```\n"
)


def test_terms_are_found_in_titles_cases_and_trees():
    body = CASE % ("01", "teaching", "cluster rank and the ABC") + CASE % ("K01", "calibration", "link XYZ")
    text = document(body)
    assert {(one.message.split("`")[1], one.line) for one in terms(body)} == {
        ("score", line_of(text, "title: A score")), ("box", line_of(text, "text: >-")),
        ("cluster rank", line_of(text, "reason")), ("ABC", line_of(text, "reason")),
    }  # fmt: skip
    text = document(QUESTION)
    assert {one.line for one in terms(QUESTION)} == {line_of(text, "a:\n"), line_of(text, "No box")}
    assert terms(kept(QUESTION.strip())) == []
    assert {one.line for one in terms("", title="A score", summary="The box.")} == {4, 5}


def test_each_edition_has_its_own_glossary_and_one_without_is_not_asked_for_its_terms():
    [found] = terms("\nThe cluster rank.\n", GLOSSARY.replace("/// internal", "/// partner"))
    assert found.message.startswith("the external edition shows")
    assert terms("\nThe cluster rank.\n", GLOSSARY.replace("audience: external", "audience: internal")) == []
    assert problems(sufficiency.terms_are_defined, page=document("\nThe cluster rank.\n")) == []
    assert terms("\nThe cluster rank.\n", audience="internal") == []


@pytest.mark.parametrize("words", [
    "the KPI", "many KPIs", "KPI-based", "**KPI**", "the B2B deal", "the A4 page", "a KPI (see `x`)", "## The KPI",
    "text (KPI)", "KPI (see [G04.1])", "KPI (see the list)", "key as of to go at no way (KPI)", "[KPI](a.md)",
    "KPI\n\n(key performance indicator)", "KPI (`key performance indicator`)",
])  # fmt: skip
def test_an_abbreviation_that_nobody_explains_is_reported_once_a_page(words):
    body = f"\nText of {words}\n\nThe KPI, B2B, A4.\n"
    found = [one for one in terms(body) if one.line == line_of(document(body), words)]
    assert len(found) == 1
    assert found[0].rule == "undefined-term"
    assert found[0].message.startswith(f"nothing in the {BOTH} edition explains `")
    assert len(terms(body)) == 3


@pytest.mark.parametrize("body", [
    "\nThe PDF, two URLs, an ID in the EU, QRS, DSA, BSN.\n",
    "\nA KPI (key performance indicator) and the KPI.\n",
    "\nA key performance\nindicator (KPI) and KPIs.\n",
    "\nThe KPI first, then key *performance indicators* (KPIs), and more.\n",
    "\n**KPI** (key performance indicator).\n",
    "\nThe PDF, G04, W02, N001, G04.2, G04-01, G04-K01, G04-X01, [G04.2], [G04].\n",
    '\nThe button "KPI NOW" and “KPI”, `KPI`, [text](KPI.md).\n\n```\nKPI\n```\n',
    f"\n{kept('The KPI.')}",
    "\nGmbH, iOS, eBPF, PhD, McDonald, Q&A, ÄKPI, WORDPRESSES, I.\n",
])  # fmt: skip
def test_what_is_explained_known_or_no_abbreviation_is_left_alone(body):
    assert terms(body) == []


def test_an_abbreviation_is_found_alone_and_at_the_head_of_a_title():
    assert [len(terms(f"\n{text}\n")) for text in ("The A4 page.", "B2B", "2B", "A KPI.", "A12B", "A12")] == [
        1,
        1,
        0,
        1,
        1,
        0,
    ]
    assert [one.line for one in terms("", title="KPI of a case")] == [4]
    assert terms("\nThe KPI.\n", summary="A KPI (key performance indicator).") == []
    hidden = CASE.replace("A score", "KPI (key performance indicator)").replace("score", "it").replace("box", "it")
    assert len(terms("\nThe KPI.\n" + hidden % ("K01", "calibration", "end"))) == 1
    assert terms("\nThe KPI.\n" + hidden % ("01", "teaching", "end")) == []


def test_a_visible_plural_is_no_term_of_staff():
    assert terms("\nThe scores.\n", GLOSSARY.replace("QRS\n", "Scores\n")) == []
    assert len(terms("\nThe score.\n", GLOSSARY.replace("QRS\n", "Scores\n"))) == 1


def test_an_explanation_that_is_withheld_explains_nothing():
    assert len(terms(f"\nThe KPI.\n\n{kept('KPI (key performance indicator)')}")) == 1
    glossary = GLOSSARY.replace("QRS\n:   Quick.\n\n", "").replace("Box\n", "QRS\n")
    assert len(terms("\nThe QRS.\n", glossary)) == 2, "as a term of staff, and as an abbreviation"


# Labels


TREE = (
    "\n```tree\nopens:\n  ask: Does it open?\n  answers:\n    Yes: {label: spam-redirect, clause: %s, escalate: W02}\n"
    "    No: {label: no-action, clause: G04.1}\n```\n"
)
CLAUSES = "\n## Clauses\n\n### G04.1 A\n\nText.\n\n### G04.2 B\n\nText.\n\n## Decision tree\n"


def labels(body, day=DAY, **files):
    return problems(sufficiency.labels_are_reached, day, g04=document(body, "guideline", "G04"), **files)


def test_a_label_no_way_leads_to_is_reported_at_its_line():
    found = labels(CLAUSES, page=document("\nText.\n"))
    assert [(one.line, one.rule) for one in found] == [(11, "outcome-without-clause")] * 2
    assert "ends at `no-action` in the external and partner edition" in found[0].message
    assert "ends at `spam-redirect`" in found[1].message


@pytest.mark.parametrize("body", [
    CLAUSES + TREE % "G04.2",
    CLAUSES.replace("Text.", "Label [no-action] or [spam-redirect].", 1),
    CLAUSES.replace("### G04.1 A", "### G04.1 A is [no-action]") + TREE % "G04.2",
    CLAUSES.replace("Text.\n\n##", "Label [spam-redirect].\n\n##", 1) + TREE % "G04.9",
    CLAUSES.replace("Text.", kept("Label [no-action]."), 1) + TREE % "G04.2",
])  # fmt: skip
def test_a_label_at_a_leaf_or_in_a_clause_is_reached(body):
    assert labels(body) == []


@pytest.mark.parametrize("body", [
    CLAUSES + kept((TREE % "G04.2").strip()) + "\nEnd at [spam-redirect].\n",
    CLAUSES + TREE % "G04.9",
    CLAUSES.replace("Text.", kept("Label [spam-redirect]."), 1) + TREE % "G04.9",
    CLAUSES.replace("### G04.2", dated("### G04.2 B\n\nLabel [spam-redirect].", since="2027-01-01") + "\n### G04.3")
    + TREE % "G04.2",
    CLAUSES.replace("## Clauses\n", "## Clauses\n\n[spam-redirect]\n") + "\n[spam-redirect]\n" + TREE % "G04.9",
    CLAUSES.replace("Text.", "Text[^spam-redirect].", 1) + TREE % "G04.9" + "\n[^spam-redirect]: Note.\n",
    CLAUSES.replace("Text.", "spam-redirect, `[spam-redirect]`, [x](spam-redirect.md)") + TREE % "G04.9",
])  # fmt: skip
def test_a_label_that_only_staff_reach_is_reported(body):
    assert "spam-redirect" in "".join(one.message for one in labels(body))


def test_a_leaf_may_cite_a_clause_of_another_page_that_is_shown():
    other = document("\n### G05.1 A\n\nText.\n", "guideline", "G05", labels="[no-action]")
    found = labels(CLAUSES + TREE % "G05.1", g05=other)
    assert [one.path for one in found] == ["docs/g05.md"]
    found = labels(CLAUSES + TREE % "G05.1", g05=other.replace("audience: external", "audience: partner"))
    assert [(one.path, "the external edition" in one.message) for one in found] == [
        ("docs/g04.md", True),
        ("docs/g05.md", False),
    ]


def test_what_could_not_be_read_is_not_reported_twice():
    assert labels(CLAUSES + (TREE % "G04.2").replace("ask: Does it open?", "ask: Open")) == []
    broken = document("\nText.\n", "guideline", "G05").replace("type: guideline", "type: guidelines")
    assert labels(CLAUSES + TREE % "G05.1", g05=broken) == []


def test_a_page_that_no_limited_edition_shows_is_not_read():
    page = document(f"\n{kept('Staff.')}\nSee above. KPI.\n", "guideline", "G04", audience="internal")
    assert [one for rule in sufficiency.RULES for one in problems(rule, g04=page)] == []


@given(bodies, st.sampled_from(["1. a", "See above, and step 2.", "KPI (score)", "[no-action]"]))
def test_any_text_can_be_asked(body, text):
    page = document(f"\n{text}\n\n{kept('2. b')}\n3. c\n\n{body}\n\n{kept(text)}\n{text}\n", "guideline", "G04")
    for rule in (*language.RULES, *sufficiency.RULES):
        for found in problems(rule, g04=page, glossary=GLOSSARY):
            assert 1 <= found.line <= page.count("\n") + 1
