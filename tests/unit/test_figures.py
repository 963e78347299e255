"""Figures: the decision tree and the cases as HTML, which the site's script and its tests build on."""

import copy

import pytest
import worked
from bs4 import BeautifulSoup
from guidebook import blocks
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from libraries import EXTERNAL, FUTURE, INTERNAL, PAST, render
from worked import ALLOWED, FORCED, TEXT, THREAT, TREE, body, case, needed, page, project, staged, tree


def same(found, expected):
    """Compare HTML by its tags and texts; space between them is compared by itself where it is read."""
    plain = BeautifulSoup(str(found).replace("\n", ""), "html.parser")
    rows = "".join(row.strip() for row in expected.strip().split("\n"))
    assert plain.prettify() == BeautifulSoup(rows, "html.parser").prettify()


def box(soup, name):
    return soup.find(attrs={"data-case": name})


def cases(soup):
    return [one["data-case"] for one in soup.find_all(class_="gb-case")]


# The tree


def test_a_tree_is_a_list_of_questions_with_answers_that_lead_on():
    drawn = page(project()).find(class_="gb-tree")
    same(
        drawn,
        """
<div class="gb-tree" data-tree="G04">
<ol>
<li id="g04-tree-opens">Does it open?
<ul>
<li><strong>No</strong>:<a class="label severity-none" href="../no-action.md" title="No-action">
<code>no-action</code></a>(<a class="clause" href="#g04-2" title="All else is allowed">G04.2</a>)</li>
<li><strong>Yes</strong>:<a class="gb-go" href="#g04-tree-danger">question 2</a></li>
</ul>
</li>
<li id="g04-tree-danger">Does it force a file?
<ul>
<li><strong>Yes</strong>:<a class="label severity-low" href="../spam-x.md" title="Spam-x">
<code>spam-x</code></a>(<a class="clause" href="#g04-1" title="A forced file is a violation">G04.1</a>)
, and escalate by<a class="document" href="../w02.md" title="Escalation">W02</a></li>
<li><strong>No</strong>:<a class="gb-go" href="#g04-tree-threat">question 3</a></li>
</ul>
</li>
<li id="g04-tree-threat">Does it threaten?
<ul>
<li><strong>Yes</strong>: escalate by<a class="document" href="../w02.md" title="Escalation">W02</a>
(<a class="clause" href="#g04-2" title="All else is allowed">G04.2</a>)</li>
<li><strong>No</strong>:<a class="label severity-none" href="../no-action.md" title="No-action">
<code>no-action</code></a>(<a class="clause" href="#g04-2" title="All else is allowed">G04.2</a>)</li>
</ul>
</li>
</ol>
</div>
""",
    )

    assert [item.text for item in drawn.find_all("li") if not item.ul] == [
        "No: no-action (G04.2)", "Yes: question 2", "Yes: spam-x (G04.1), and escalate by W02", "No: question 3",
        "Yes: escalate by W02 (G04.2)", "No: no-action (G04.2)",
    ]  # fmt: skip


def test_questions_are_numbered_as_they_stand_and_not_as_they_are_reached():
    drawn = copy.deepcopy(TREE)
    moved = {name: drawn[name] for name in ("opens", "threat", "danger")}
    links = page(project(body(drawn=tree(moved)))).find_all(class_="gb-go")
    assert [(link.text, link["href"]) for link in links] == [
        ("question 3", "#g04-tree-danger"), ("question 2", "#g04-tree-threat"),
    ]  # fmt: skip


def test_a_tree_of_seven_questions_with_nine_answers_is_one_list():
    names = [f"q{'abcdefg'[at]}" for at in range(7)]
    leaf = {"label": "no-action", "clause": "G04.2"}
    drawn = {name: {"ask": f"Question {name}?", "answers": {f"Way {n}": leaf for n in range(8)}} for name in names}
    for at, name in enumerate(names):
        last = {"label": "spam-x", "clause": "G04.1", "escalate": "W02"}
        drawn[name]["answers"]["On"] = {"go": names[at + 1]} if at < 6 else last
    way = dict.fromkeys(names, "On")
    made = project(body(drawn=tree(drawn), cases=forced_and_allowed(way, {"qa": "Way 1"})))
    found = page(made).find(class_="gb-tree")
    assert len(found.find_all("ol")) == 1
    assert [item["id"] for item in found.ol.find_all("li", recursive=False)] == [f"g04-tree-{name}" for name in names]
    assert [len(item.ul.find_all("li")) for item in found.ol.find_all("li", recursive=False)] == [9] * 7


def forced_and_allowed(forced, allowed, first=None):
    """Return the cases that a label needs, with these ways through the tree; `first` are fields of the first."""
    way = {**FORCED, "answers": forced}
    other = {**ALLOWED, "answers": allowed, "near": ["spam-x"]}
    return [
        case("01", **way | {"verdict": "violating"} | (first or {})),
        case("02", **other),
        case("03", **way, verdict="violating"),
        case("04", **other),
        case("05", **way),
    ]


# Cases


def test_a_case_is_a_box_with_its_facts_and_all_that_a_script_needs():
    made = project(
        body(cases=[*needed(), case("06", **THREAT, surface="profile", language="pt-BR", contrast="G04-02")])
    )
    soup = page(made)
    same(
        box(soup, "G04-01"),
        f"""
<div class="gb-case" data-answers="opens=Yes; danger=Yes" data-case="G04-01" data-clause="G04.1" data-label="spam-x"
 data-set="teaching" data-surface="post" data-verdict="violating">
<h4 id="case-g04-01">G04-01 Title 01<a class="headerlink" href="#case-g04-01" title="Link to this heading">#</a></h4>
<p class="gb-case__facts">Violating · Post · en</p>
<p class="gb-case__text">{TEXT}</p>
<p class="gb-case__answer"><strong>Label:</strong>
<a class="label severity-low" href="../spam-x.md" title="Spam-x"><code>spam-x</code></a>.
<strong>Clause:</strong><a class="clause" href="#g04-1" title="A forced file is a violation">G04.1</a>.
<strong>Escalate</strong> by<a class="document" href="../w02.md" title="Escalation">W02</a>.</p>
<p class="gb-case__reason">Reason 01.</p>
<p class="gb-case__contrast">Compare with<a class="case" href="#case-g04-02" title="Title 02">G04-02</a>.</p>
</div>
""",
    )
    answer = box(soup, "G04-01").find(class_="gb-case__answer")
    assert answer.text == "Label: spam-x. Clause: G04.1. Escalate by W02."
    assert box(soup, "G04-02").find(class_="gb-case__facts").text == "Not violating · Post · en"
    # Where to escalate is the outcome, it is not said a second time.
    last = box(soup, "G04-06")
    assert (last["data-label"], last["data-clause"]) == ("W02", "G04.2")
    assert last["data-answers"] == "opens=Yes; danger=No; threat=Yes"
    assert last.find(class_="gb-case__facts").text == "Borderline · Profile · pt-BR"
    assert last.find(class_="gb-case__answer").text == "Label: W02. Clause: G04.2."
    assert [one["href"] for one in last.find(class_="gb-case__answer").find_all("a")] == ["../w02.md", "#g04-2"]


def test_a_contrast_is_shown_on_both_wherever_it_was_written():
    soup = page(project(body(cases=[*needed(), case("06", **THREAT, contrast="G04-02")])))
    shown = {one["data-case"]: one.find(class_="gb-case__contrast") for one in soup.find_all(class_="gb-case")}
    assert {name: line and line.text for name, line in shown.items()} == {
        "G04-01": "Compare with G04-02.", "G04-02": "Compare with G04-01 and G04-06.", "G04-03": None, "G04-04": None,
        "G04-05": None, "G04-06": "Compare with G04-02.",
    }  # fmt: skip
    assert [one["href"] for one in shown["G04-02"].find_all("a", class_="case")] == ["#case-g04-01", "#case-g04-06"]


def test_severity_gives_a_figure_a_class_only_where_it_is_shown():
    made = project()
    made.edition["fields"].remove("severity")
    assert page(made).find(class_="gb-tree").find(class_="label")["class"] == ["label"]
    assert not page(made).find_all(class_="severity-low")
    assert page(made, INTERNAL).find(class_="gb-case").find(class_="severity-low")


# Cases that are kept back


KEPT = {"K01": "calibration", "X01": "golden"}


def kept(name, **fields):
    given = {**FORCED, "set": KEPT[name], "title": f"Hidden {name} title", "reason": f"Hidden {name} reason."}
    return case(name, **given | {"text": f"Hidden {name} text. {TEXT}"} | fields)


@pytest.mark.parametrize("name", KEPT)
def test_a_case_that_is_kept_back_is_boxed_for_staff_and_does_not_exist_outside(name):
    made = project(body(cases=[*needed(), kept(name, contrast="G04-02")]))
    soup = page(made, INTERNAL)
    one = box(soup, f"G04-{name}")
    assert one["data-set"] == KEPT[name]
    around = one.parent
    assert around["class"] == ["admonition", "withheld"]
    assert around.find(class_="admonition-title", recursive=False).text == f"Staff only: {KEPT[name]} case"
    assert [child.name for child in around.find_all(recursive=False)] == ["p", "div"]
    assert one.find(class_="gb-case__reason").text == f"Hidden {name} reason."
    assert box(soup, "G04-02").find(class_="gb-case__contrast").text == f"Compare with G04-01 and G04-{name}."
    assert [one.parent.name for one in soup.find_all(class_="gb-case")][:-1] == ["[document]"] * 5
    outside = staged(made)
    traces = [f"G04-{name}", f"g04-{name.lower()}", f"Hidden {name}", KEPT[name], "Staff only"]
    found = [(path, one) for path, data in outside.items() for one in traces if one in path or one.encode() in data]
    assert found == []
    assert staged(made) == staged(project())


@pytest.mark.parametrize("slashes", [3, 4, 5, 6])
@pytest.mark.parametrize("inner", ["06", "K01", "both", "nested"])
def test_a_case_in_a_passage_stands_in_its_box(slashes, inner):
    shown = {"06": ["06"], "K01": ["K01"], "both": ["06", "K01"], "nested": ["06", "X01"]}[inner]
    written = "\n\n".join(kept(one) if one in KEPT else case(one, **THREAT) for one in shown)
    if inner == "nested":
        if slashes == 3:
            slashes = 7
        mark = "/" * (slashes - 1)
        written = f"{mark} effective\n    from: {PAST}\n\n{written}\n\n{mark}"
    mark = "/" * slashes
    passage = f"{mark} internal\n    reason: tooling\n\nFirst.\n\n{written}\n\nLast.\n{mark}"
    made = project(body(cases=[*needed(), passage, "After."]))
    soup = page(made, INTERNAL)
    assert "//" not in soup.text
    around = next(one for one in soup.find_all(class_="withheld") if one.p.text == "Staff only: tooling")
    assert cases(around) == [f"G04-{one}" for one in shown]
    assert [one.text for one in around.find_all("p", recursive=False)] == ["Staff only: tooling", "First.", "Last."]
    for one in shown:
        own = box(around, f"G04-{one}")
        assert (own.parent is not around) is (one in KEPT)
        assert own.find(class_="gb-case__reason")
        assert not own.find_all(class_="gb-case")
    assert soup.find("p", string="After.").parent.name == "[document]"
    assert cases(page(made)) == [f"G04-0{n}" for n in range(1, 6)]
    without = project(body(cases=[*needed(), "After."]))
    assert staged(made) == staged(without)


@pytest.mark.parametrize(("dates", "shown"), [(f"from: {PAST}", True), (f"from: {FUTURE}", False)])
def test_a_tree_or_a_case_in_a_dated_passage_is_shown_on_its_days(dates, shown):
    passage = f"/// effective\n    {dates}\n\n{{}}\n\n///"
    named = f"{worked.CLAUSES}\nLabels: [spam-x], [no-action].\n"
    written = [*needed(), passage.format(kept("X01"))]
    before = f"/// effective\n    until: {dates[-10:]}\n\n{tree()}\n\n///"
    made = project(body(named, f"{before}\n\n{passage.format(tree())}", written))
    for name in (EXTERNAL, INTERNAL):
        soup = page(made, name)
        assert len(soup.find_all(class_="gb-tree")) == 1
        assert bool(soup.find(class_="gb-tree-coming")) is not shown
        assert bool(box(soup, "G04-X01")) is (shown and name == INTERNAL)
        assert "//" not in soup.text


# To the letter


WORDS = (  # noqa: SIM905 - a list of words
    "cake Größe 日本 😀 ñ — – « » … · & a&b At&t it's 'x' (x) (y z) 50% %20 $5 c: : e! f? #1 # +2 -3 - ~z ~ ~~a~~ "
    "a/b 1. 2) @me ^ ^u^ ... , . ! ? H~2~O ++i++ (c) -- !important :smile: http://x.example/?a&b www.x.example "
    "me@x.example"
).split(" ")
PAIRS = ("&copy", "R&D;", "&1;", "d;", ";", "x=y", "=", "==m==", "?a=b&c=d")
CODE = ("`a|b`", "`[c](d)`", "`{e}`", "`<f>`", "`</div>`", "`<script>`", "`<!-- g`", "`*h*`", "`_i_`", "`\\j`",
        "`&amp;`", "`# k`", "`{ .l }`", "`| m |`", "`1. n`", "(`o`)", "`p`,", "`^q`", "`:::`", '`"`', "`G04.1`",
        "`[G04.1]`")  # fmt: skip
QUOTED = ('"q"', '"', 'r"s', '"G04.1"')


def sentences(words, fewest, most, *, code):
    made = st.lists(st.sampled_from(words), min_size=fewest, max_size=most).map(" ".join)
    return made.filter(lambda text: not blocks.plain_fault(text, code=code))


texts = sentences([*WORDS, *PAIRS, *QUOTED, *CODE], 20, 50, code=True)
reasons = sentences([*WORDS, *PAIRS, *QUOTED, *CODE], 1, 12, code=True)
titles = sentences([*WORDS, *PAIRS], 1, 5, code=False).filter(lambda text: len(text) <= 70)
asks = sentences([*WORDS, *PAIRS, *QUOTED], 1, 8, code=False).map(lambda text: f"{text}?")
answers = sentences([*WORDS, *QUOTED], 1, 4, code=False).filter(
    lambda text: len(text) <= 40 and text != "No" and "&" not in text
)


def letters(text):
    """Return what a reader sees of plain text: code without its backticks, space of any length as one."""
    return " ".join(text.replace("`", "").split())


# Found texts are told as they are: to shorten them takes minutes.
@settings(max_examples=150, phases=[Phase.explicit, Phase.generate], report_multiple_bugs=False)
@given(texts, reasons, titles, asks, answers)
def test_every_text_is_shown_to_the_letter(text, reason, title, ask, answer):
    drawn = copy.deepcopy(TREE)
    drawn["opens"] = {"ask": ask, "answers": {"No": drawn["opens"]["answers"]["No"], answer: {"go": "danger"}}}
    first = {"text": text, "reason": reason, "title": title}
    written = forced_and_allowed({"opens": answer, "danger": "Yes"}, {"opens": "No"}, first)
    made = staged(project(body(drawn=tree(drawn), cases=written)))
    soup = BeautifulSoup(render(made, worked.PATH), "html.parser")
    one = box(soup, "G04-01")
    assert letters(one.find(class_="gb-case__text").text) == letters(text)
    assert letters(one.find(class_="gb-case__reason").text) == letters(reason)
    one.h4.find(class_="headerlink").extract()
    assert letters(one.h4.text) == f"G04-01 {letters(title)}"
    assert one["data-answers"] == f"opens={answer}; danger=Yes"
    assert [code.text.strip() for code in one.find(class_="gb-case__text").find_all("code")] == [
        part.strip() for part in text.split("`")[1::2]
    ]
    question = soup.find(id="g04-tree-opens")
    shown = question.find_all("li")[1].find("strong")
    assert letters(shown.text) == letters(answer)
    question.ul.extract()
    assert letters(question.text) == letters(ask)
    assert cases(soup) == [f"G04-0{n}" for n in range(1, 6)]
    assert not soup.find_all(["script", "abbr", "em", "del", "sup", "sub", "mark"])


LONG = " ".join(["word"] * 22)


BOXES = [f"!!! {LONG}", f'=== "{LONG}"', f"!!! warning {LONG}", f'===! "{LONG}"']


@pytest.mark.parametrize("text", BOXES)
def test_a_text_that_markdown_would_read_as_a_box_is_refused(text):
    first = {"text": text}
    made = project(body(cases=forced_and_allowed(FORCED["answers"], ALLOWED["answers"], first)))
    assert {rule for rule, _ in worked.problems(made)} == {"case"}


@pytest.mark.parametrize(
    "reason",
    [
        "!!! note",
        '=== "A"',
        "~~~",
        "~~~ python",
        "`a``b`",
    ],
)
def test_a_reason_that_markdown_would_read_as_more_is_refused(reason):
    cases = forced_and_allowed(FORCED["answers"], ALLOWED["answers"], {"reason": reason})
    assert {rule for rule, _ in worked.problems(project(body(cases=cases)))} == {"case"}


def test_a_reason_that_would_close_its_box_is_refused_however_it_is_written():
    cases = needed()
    cases[2] = cases[2].replace('reason: "Reason 03."', r'reason: "\x2f// Reason"')
    assert r"\x2f" in cases[2]
    assert {rule for rule, _ in worked.problems(project(body(cases=cases)))} == {"case"}


SPACED = [" Maybe", "Maybe ", "", " "]


@pytest.mark.parametrize("answer", [*SPACED, "Yes; danger=No"])
def test_an_answer_that_could_not_be_told_from_its_signs_is_refused(answer):
    drawn = copy.deepcopy(TREE)
    drawn["opens"]["answers"][answer] = {"label": "no-action", "clause": "G04.2"}
    assert {rule for rule, _ in worked.problems(project(body(drawn=tree(drawn))))} == {"tree"}


def test_an_answer_that_ends_like_the_code_of_a_character_is_refused_or_kept():
    answer = "Yes &copy"
    drawn = copy.deepcopy(TREE)
    drawn["opens"]["answers"] = {"No": drawn["opens"]["answers"]["No"], answer: {"go": "danger"}}
    made = project(
        body(drawn=tree(drawn), cases=forced_and_allowed({"opens": answer, "danger": "Yes"}, {"opens": "No"}))
    )
    if not worked.problems(made):
        given = box(page(made), "G04-01")["data-answers"]
        assert [part.strip() for part in given.split(";")] == [f"opens={answer}", "danger=Yes"]
