"""Worked cases: each walks its tree to its label and clause, agrees with its verdict, and names what is there.

A label that stands for a violation is shown by enough of them, and answers to questions are read again in time.
"""

import datetime as dt
from random import Random

import pytest
import yaml
from casework import flow, grow_tree, scalar, tree_block, ways
from deciding import (
    DAY,
    EDGE,
    FINE,
    NOT_SHOWN,
    SPAM,
    TREE,
    case,
    document,
    guideline,
    kept,
    label,
    line_of,
    made,
    only,
    page,
    problems,
)
from guidebook import decisions
from guidebook.problems import Severity
from hypothesis import given
from libraries import seeds

# Ways of cases


def walked(text, **more):
    return problems(decisions.cases_walk_their_tree, text, **more)


@pytest.mark.parametrize("fields", [
    SPAM, FINE, EDGE, {**FINE, "answers": {"safe": "Yes", "opens": "Yes"}},
    {**SPAM, "label": "W01", "clause": "G04.2", "answers": {"opens": "Yes", "safe": "Not sure"}},
])  # fmt: skip
def test_a_case_walks_to_its_label_and_clause(fields):
    assert walked(page(case(fields=fields))) == []


def test_without_a_tree_there_is_no_way():
    assert walked(page(case(answers={"lost": "Yes"}), tree="")) == []


ENDS = "and the tree ends at `spam-redirect` by G04.1 (line LINE). Its way: opens: Yes, safe: No."


@pytest.mark.parametrize(("changed", "part", "says"), [
    ({"label": "no-action"}, "label: no-action\nclause: G04.1",
     f"case G04-01 expects `no-action` by G04.1, {ENDS} Mend the answers of the case, its label, or the tree."),
    ({"clause": "G04.2"}, "clause: G04.2\nanswers",
     f"case G04-01 expects `spam-redirect` by G04.2, {ENDS} Mend the answers of the case, its clause, or the tree."),
    ({"label": "W01", "clause": "G04.2"}, "label: W01\n", f"expects `W01` by G04.2, {ENDS} Mend"),
    ({"answers": {"opens": "Yes"}}, "answers: {opens",
     "case G04-01 does not reach an end of the tree after opens: Yes: it gives no answer to `safe`. Mend the answers"),
    ({"answers": {"safe": "No"}}, "answers: {safe", "not reach an end of the tree: it gives no answer to `opens`."),
    ({"answers": {}}, "answers: {}", "not reach an end of the tree: it gives no answer to `opens`."),
    ({"answers": {"opens": "Yes", "safe": "no"}}, "answers: {opens",
     "after opens: Yes: `safe` has no answer `no`, only Yes, No, Not sure. Mend the answers"),
    ({"answers": {"opens": "Yes", "saef": "No"}}, "answers: {opens",
     "case G04-01 answers `saef`, which is no question of the tree: opens, safe. Did you mean `safe`?"),
    ({"answers": {**SPAM["answers"], "danger": "No"}}, "answers: {opens",
     "case G04-01 answers `danger`, which is no question of the tree: opens, safe. Rename it, or delete it."),
])  # fmt: skip
def test_a_way_that_ends_elsewhere_is_reported_at_its_field(changed, part, says):
    text = page(case(**changed))
    says = says.replace("LINE", str(line_of(text, "No: {label: spam")))
    only(walked(text), text, part, "case-walk", says)


def test_a_wrong_answer_is_reported_in_its_own_line():
    rows = "answers:\n  opens: Yes\n  safe: Nope\n  other: No"
    text = page(case().replace("answers: {opens: Yes, safe: No}", rows))
    only(walked(text), text, "  other: No", "case-walk", "`other`")
    text = text.replace("  other: No\n", "")
    only(walked(text), text, "  safe: Nope", "case-walk", "`safe` has no answer `Nope`")


def end_of(tree, answers):
    """Walk a tree as YAML reads it: where it ends as (outcome, clause), or nothing."""
    at = next(iter(tree)) if set(answers) <= set(tree) else None
    while at:
        there = tree[at]["answers"].get(answers.get(at))
        if there is None:
            return None
        if "clause" in there:
            return there.get("label", there.get("escalate")), there["clause"]
        at = there["go"]
    return None


def grown_case(rng, tree, ident):
    """Return a case that takes a way of the tree, with something changed or not."""
    answers, there = rng.choice(ways(tree))
    answers = dict(answers)
    outcome, clause = there.get("label") or there["escalate"], there["clause"]
    for _ in range(rng.choice([0, 1, 1, 2])):
        question = rng.choice(list(tree))
        change = rng.randrange(7)
        if change == 0:
            answers = dict(rng.sample(list(answers.items()), max(1, len(answers) - 1)))
        elif change == 1:
            answers[question] = rng.choice(list(tree[question]["answers"]))
        elif change == 2:
            answers[question] = rng.choice(["Yes", "no", "Nope"])
        elif change == 3:
            answers["unknown"] = "Yes"
        elif change == 4:
            outcome = rng.choice(["label-a", "label-b", "W01"])
        elif change == 5:
            clause = rng.choice(["G04.1", "G04.2", "G04.3"])
        else:
            answers = dict(sorted(answers.items(), key=lambda row: rng.random()))
    block = case(ident, {"verdict": "borderline", "label": outcome, "clause": clause, "answers": "ANSWERS"})
    rows = f"answers: {flow(answers)}"
    if rng.random() < 0.3:
        rows = "\n".join(["answers:", *(f"  {name}: {scalar(text)}" for name, text in answers.items())])
    return block.replace("answers: ANSWERS", rows)


@given(seeds)
def test_a_way_is_reported_exactly_when_it_does_not_end_where_the_case_says(seed):
    rng = Random(seed)
    outcomes = [
        {"label": "label-a"},
        {"label": "label-b"},
        {"label": "label-a", "escalate": "W01"},
        {"escalate": "W01"},
    ]
    leaves = [{**rng.choice(outcomes), "clause": f"G04.{rng.randint(1, 3)}"} for _ in range(rng.randint(1, 6))]
    tree = grow_tree(rng, leaves, lambda: "Is it so?")
    blocks = {f"G04-{at:02}": grown_case(rng, tree, f"G04-{at:02}") for at in range(1, 9)}
    text = page(*blocks.values(), tree=f"\n{tree_block(tree)}\n")
    loaded = made({"g04": text})
    assert loaded.problems == ()
    found = {}
    for one in decisions.cases_walk_their_tree(loaded, DAY):
        found.setdefault(one.message.split()[1], one)
    wanted = {}
    for ident, block in blocks.items():
        fields = yaml.load(block.strip("`\n").removeprefix("case\n"), yaml.BaseLoader)
        end = end_of(tree, fields["answers"])
        if end != (fields["label"], fields["clause"]):
            wanted[ident] = end
    assert found.keys() == wanted.keys()
    for ident, end in wanted.items():
        first, last = line_of(text, f"id: {ident}"), line_of(text, f"id: {ident}") + blocks[ident].count("\n")
        assert first < found[ident].line < last
        assert (end is None) == ("the tree ends at" not in found[ident].message)
        assert end is None or f"ends at `{end[0]}` by {end[1]} (line" in found[ident].message


# Verdicts


W01 = {"verdict": "borderline", "label": "W01", "clause": "G04.2", "answers": {"opens": "Yes", "safe": "Not sure"}}
VIOLATION = "a label that stands for a violation"


def judged(**changed):
    text = page(case(**changed))
    return text, problems(decisions.verdicts_agree, text)


@pytest.mark.parametrize(("verdict", "name"), [
    ("violating", "spam-redirect"), ("not-violating", "no-action"), ("borderline", "no-action"),
    ("borderline", "spam-redirect"), ("borderline", "W01"), ("violating", "spam-lost"), ("borderline", "spam-lost"),
])  # fmt: skip
def test_a_verdict_fits_its_label(verdict, name):
    assert judged(verdict=verdict, label=name)[1] == []


@pytest.mark.parametrize(("verdict", "name", "wish"), [
    ("violating", "no-action", VIOLATION), ("violating", "W01", VIOLATION), ("not-violating", "W01", "`no-action`"),
    ("not-violating", "spam-redirect", "`no-action`"), ("not-violating", "spam-lost", "`no-action`"),
])  # fmt: skip
def test_a_verdict_that_its_label_denies_is_reported(verdict, name, wish):
    text, found = judged(verdict=verdict, label=name)
    says = f"expected a {verdict} case to end at {wish}, found `{name}`. Mend `verdict` or `label`."
    only(found, text, "verdict:", "case-verdict", says)


# What a case names


def named(text, **more):
    return problems(decisions.cases_refer_to_what_is_there, text, **more)


@pytest.mark.parametrize("changed", [
    {}, {"near": "[]"}, {"near": "[no-action]"}, {"contrast": "G04-03"},
    {"near": "[no-action]", "contrast": "G04-03"}, {"near": "[spam-lost]"}, {"label": "W01", "near": "[no-action]"},
])  # fmt: skip
def test_a_case_may_name_labels_and_a_case_of_its_page(changed):
    text = page(case(**changed), case("G04-03", FINE))
    assert named(text, lost="---\nid: spam-lost\ntype: broken\n---\n") == []


@pytest.mark.parametrize(("near", "says"), [
    ("[no-action, spam-redirect]", "found `spam-redirect`, the case's own label. Mend it, or delete it."),
    ("[no-acton]", "found `no-acton`, no label (did you mean `no-action`?). Mend it, or delete it."),
    ("[no-action, x-y]", "found `x-y`, no label. Mend it, or delete it."),
    ("[a-page]", "found `a-page`, no label. Mend it"),
])  # fmt: skip
def test_what_is_near_is_another_label(near, says):
    text = page(case(near=near))
    found = named(text, other=document("page", "a-page"))
    only(found, text, "near:", "case-reference", "expected `near` to be labels that are wrong here", says)


def test_each_name_is_reported_in_its_own_line():
    text = page(case(near="\n- no-action\n- x-y\n- spam-redirect"))
    found = [(one.line, one.rule) for one in named(text)]
    assert found == [(line_of(text, f"- {name}"), "case-reference") for name in ("x-y", "spam-redirect")]


@pytest.mark.parametrize(("contrast", "found"), [
    ("G04-09", "`G04-09`, no case of this page"), ("G05-01", "`G05-01`, no case of this page"),
    ("G04-01", "`G04-01`, the case itself"), ("G04-02", "`G04-02`, which ends at `spam-redirect` too"),
])  # fmt: skip
def test_a_case_is_contrasted_with_one_of_its_page_that_ends_elsewhere(contrast, found):
    text = page(case(contrast=contrast), case("G04-02"), case("G04-03", FINE))
    wish = "expected `contrast` to be another case of this page that ends at another label, found"
    problem = named(text, g05=guideline(case("G05-01", FINE), "G05"))
    only(problem, text, "contrast:", "case-reference", f"{wish} {found}. Mend it, or delete it.")


def test_a_case_that_was_refused_is_not_missing_too():
    assert named(page(case(contrast="G04-03"), case("G04-03", FINE, surface="moon"))) == []
    assert len(named(page(case(contrast="G04-03")), g05=guideline(case("G05-03", FINE, surface="moon"), "G05"))) == 1


HIDDEN = {"l3": label("spam-staff", audience="internal")}


def test_a_case_that_somebody_sees_names_what_they_can_read():
    text = page(case(near="[no-action, spam-staff]"))
    why = "its page is for the audience `internal`. Name what its readers can read."
    only(named(text, **HIDDEN), text, "near:", "hidden-reference", f"`spam-staff` {NOT_SHOWN} {why}")
    text = page(case(label="spam-staff"))
    only(named(text, **HIDDEN), text, "label: spam-staff", "hidden-reference", "`spam-staff`")
    text = page(case(clause="G07.1"))
    g07 = guideline("\n### G07.1 One\n", "G07", status="draft")
    only(named(text, g07=g07), text, "clause: G07.1", "hidden-reference", f"`G07.1` {NOT_SHOWN} its page is a draft.")


def test_a_case_is_contrasted_with_one_that_its_readers_see():
    text = page(case(contrast="G04-K01"), case("G04-K01", FINE))
    says = f"`G04-K01` {NOT_SHOWN} the case is withheld there."
    only(named(text), text, "contrast:", "hidden-reference", says)
    text = page(case(contrast="G04-02"), kept(case("G04-02", FINE)))
    only(named(text), text, "contrast:", "hidden-reference", "the case is withheld there.")


@pytest.mark.parametrize("text", [
    page(case(near="[spam-staff]"), audience="internal"), page(kept(case(near="[spam-staff]"))),
    page(case("G04-K01", near="[spam-staff]")), page(case("G04-X01", near="[spam-staff]"), status="draft"),
    page(kept(case(contrast="G04-02")), kept(case("G04-02", FINE))),
    page(case("G04-K01", contrast="G04-X01"), case("G04-X01", FINE)),
])  # fmt: skip
def test_what_staff_alone_see_may_name_what_staff_alone_see(text):
    assert named(text, **HIDDEN) == []


# Cases that show a label


NEAR = {**FINE, "near": "[spam-redirect]"}
ENOUGH = (SPAM, SPAM, EDGE, NEAR, NEAR)


def shown(*fields, kinds="", g04=None, **more):
    idents = [f"G04-{(kinds[at : at + 1]).strip()}{at + 1:02}" for at in range(len(fields))]
    text = page(*map(case, idents, fields), **(g04 or {}))
    return problems(decisions.labels_are_shown_by_cases, text, **more)


@pytest.mark.parametrize("fields", [
    ENOUGH, (*ENOUGH, FINE, SPAM), (SPAM, SPAM, NEAR, NEAR, {**NEAR, "verdict": "borderline"}), ENOUGH[::-1],
])  # fmt: skip
def test_a_label_that_cases_show_from_all_sides_is_no_problem(fields):
    assert shown(*fields) == []


@pytest.mark.parametrize(("fields", "missing"), [
    ((), "2 violating (found 0), 1 borderline (found 0), 2 not-violating (found 0)"),
    (ENOUGH[1:], "2 violating (found 1)"), ((SPAM, SPAM, NEAR, NEAR), "1 borderline (found 0)"),
    (ENOUGH[:4], "2 not-violating (found 1)"), ((*ENOUGH[:3], NEAR, FINE), "2 not-violating (found 1)"),
    ((SPAM, EDGE, EDGE, NEAR, NEAR), "2 violating (found 1)"),
    ((*ENOUGH[:4], {**SPAM, "verdict": "not-violating"}), "2 not-violating (found 1)"),
    ((SPAM, SPAM, NEAR, NEAR, {**FINE, "verdict": "borderline"}), "1 borderline (found 0)"),
    ((SPAM, {**SPAM, "label": "spam-other", "near": "[spam-redirect]"}, EDGE, NEAR, NEAR), "2 violating (found 1)"),
])  # fmt: skip
def test_a_side_of_a_label_that_no_case_shows_is_reported(fields, missing):
    [found] = shown(*fields)
    assert (found.path, found.line, found.rule) == ("docs/l1.md", 2, "label-cases")
    assert found.message == (
        f"expected teaching cases that show `spam-redirect`: {missing}. Write them on the page of a guideline; "
        "`near: [spam-redirect]` says of a case that the label is close, and wrong."
    )


def test_cases_count_over_all_guidelines_but_for_those_kept_back():
    [found] = shown(*ENOUGH, kinds="K    ")
    assert "2 violating (found 1). " in found.message
    [found] = shown(*ENOUGH, kinds="    X")
    assert "2 not-violating (found 1). " in found.message
    other = guideline(case("G05-01"), "G05")
    assert shown(*ENOUGH, kinds="K    ", g05=other) == []
    assert len(shown(*ENOUGH, kinds="K    ", g05=other.replace("status: in-force", "status: retired"))) == 1


@pytest.mark.parametrize("more", [
    {"l1": label("spam-redirect", severity="none")}, {"l1": label("spam-redirect", status="retired")},
    {"g04": {"labels": "[no-action]"}}, {"g04": {"status": "retired"}}, {"broken": "---\nid: x\n"},
])  # fmt: skip
def test_a_label_that_needs_no_cases_or_whose_cases_were_refused_is_not_reported(more):
    assert shown(SPAM, **more) == []


def test_only_a_case_that_was_refused_could_be_the_missing_one():
    assert shown({**SPAM, "surface": "moon"}, SPAM) == []
    assert len(shown(SPAM, g04={"tree": TREE.replace("?", ".")})) == 1


# Answers to questions


def faq(**more):
    return document("faq", "F01", "\nText.\n", **{"answers": "[G04.1, G04.2]", **more})


def fresh(text):
    return problems(decisions.faqs_are_fresh, page(), faq=text)


def before(days):
    return DAY - dt.timedelta(days)


@pytest.mark.parametrize("text", [
    faq(renewed=before(75)), faq(valid_from=before(75)), faq(renewed=DAY), faq(valid_from=DAY),
    faq(status="retired"), faq(expires=DAY), faq(valid_from=before(-1)), document("page", "a-page"),
])  # fmt: skip
def test_answers_hold_for_ninety_days(text):
    assert fresh(text) == []


@pytest.mark.parametrize(("age", "when", "severity"), [
    (76, "is due in 14 days", "warning"), (89, "is due in 1 day", "warning"), (90, "is due today", "warning"),
    (91, "was due 1 day ago", "error"), (92, "was due 2 days ago", "error"), (190, "was due 100 days ago", "error"),
])  # fmt: skip
@pytest.mark.parametrize(("key", "more"), [
    ("renewed", {}), ("valid_from", {}), ("renewed", {"status": "draft"}), ("renewed", {"expires": "2026-11-24"}),
])  # fmt: skip
def test_answers_that_are_due_are_reported_where_they_are_renewed(age, when, severity, key, more):
    text = faq(**{**more, key: before(age)})
    [found] = fresh(text)
    assert (found.line, found.rule) == (line_of(text, f"{key}:"), "faq-overdue")
    assert found.severity is Severity(severity)
    assert found.message == (
        f"these answers stand since {before(age)}; an answer holds 90 days, so this {when}. Fold them into G04.1, "
        "G04.2, or read them again and set `renewed`."
    )
