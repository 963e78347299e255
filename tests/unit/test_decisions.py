"""Decisions: clauses, trees and cases that contradict each other are reported, in the line to mend, and others never.

What is read of a block is tested in `test_trees` and `test_cases`, and the rules on cases in `test_worked_cases`.
"""

import datetime as dt

import pytest
from deciding import NOT_SHOWN, TREE, case, dated, document, guideline, kept, label, line_of, only, page, problems
from guidebook import decisions

# Retired clauses


def retired(rows, **more):
    return page(retired="\n  " + "\n  ".join(rows), **more)


def retirements(text, **more):
    return problems(decisions.retired_clauses_lead_on, text, **more)


@pytest.mark.parametrize("to", ["G04.1", "G07.1"])
def test_a_retired_clause_leads_to_one_in_force(to):
    text = retired([f"G04.9: {{to: {to}, why: One rule.}}"])
    assert retirements(text, g07=guideline("\n### G07.1 One\n", "G07")) == []


def test_a_clause_is_retired_on_its_own_page():
    text = retired(["G04.8: {to: G04.1, why: One rule.}", "G05.9: {to: G04.1, why: One rule.}"])
    only(retirements(text), text, "G05.9", "retired-clause", "clause G05.9 is none of G04.", "Retire it on its own")


def test_a_retired_clause_is_gone():
    text = retired(["G04.2: {to: G04.1, why: One rule.}"])
    where = f"docs/g04.md:{line_of(text, '### G04.2')}"
    only(retirements(text), text, "G04.2: {", "retired-clause", f"G04.2 stands on {where}", "number the clause anew")


@pytest.mark.parametrize(("to", "found"), [
    ("G04.7", "found `G04.7`. Name"), ("G04.8", "found `G04.8`, which is retired too. Name"),
    ("G04.9", "found `G04.9`, which is retired too. Name"),
])  # fmt: skip
def test_a_retired_clause_leads_to_no_other_that_is_gone(to, found):
    text = retired(["G04.8: {to: G04.1, why: One rule.}", "G04.9:", "  why: One rule.", f"  to: {to}"])
    only(retirements(text), text, "    to:", "retired-clause", "expected `to` to be a clause in force", found)


def test_a_page_that_could_not_be_read_may_hold_the_clause_it_leads_to():
    text = retired(["G04.9: {to: G07.1, why: One rule.}"])
    assert len(retirements(text)) == 1
    assert retirements(text, g07="---\nid: G07\ntype: guidelines\n---\n") == []


def test_a_retired_clause_leads_its_readers_to_what_they_can_read():
    text = retired(["G04.9: {to: G07.1, why: One rule.}"])
    hidden = guideline("\n### G07.1 One\n", "G07", audience="internal")
    why = "its page is for the audience `internal`"
    only(retirements(text, g07=hidden), text, "G04.9", "hidden-reference", f"`G07.1` {NOT_SHOWN} {why}.", "Name what")
    assert len(retirements(text + kept("\nText.\n"), g07=hidden)) == 1
    assert retirements(text, g07=hidden, shown="labels") == [], "the editions do not show what was retired"
    assert retirements(retired(["G04.9: {to: G07.1, why: One rule.}"], audience="internal"), g07=hidden) == []
    [partner] = retirements(text, g07=guideline("\n### G07.1 One\n", "G07", audience="partner"))
    assert "not in the external edition" in partner.message


# Where a tree stands


def placed(text, **more):
    return problems(decisions.guidelines_have_a_tree, text, **more)


@pytest.mark.parametrize("text", [
    page(), page(tree="", status="retired"), page(tree=TREE.replace("?", ".")), page(tree=TREE + TREE),
    page(tree=dated(TREE, "from: 2026-01-01")), page(tree=f"{kept('')}{TREE}{kept('')}"),
])  # fmt: skip
def test_a_guideline_in_force_has_a_tree_or_one_that_was_refused(text):
    assert placed(text, other=document("page", "other")) == []


def test_a_guideline_without_a_tree_is_reported_at_its_section():
    text = page(tree="")
    only(placed(text), text, "## Decision tree", "tree", "expected a decision tree", "```tree", "found none. Add it")
    assert [one.line for one in placed(text.replace("## Decision tree", "Text."))] == [1]
    assert len(placed(page(kept("\nText.\n"), tree=""))) == 1
    assert len(placed(page(case(surface="moon"), tree=""))) == 1, "a refused case is no refused tree"
    assert len(placed(page(tree=""), g05=page(tree=TREE.replace("?", ".")))) == 1, "another page's tree is"


@pytest.mark.parametrize("around", [
    kept, lambda text: kept(text, "external"), lambda text: kept(dated(text, "from: 2026-01-01"), "internal").replace(
        "/// internal", "//// internal").removesuffix("///\n") + "////\n",
])  # fmt: skip
def test_a_tree_stands_outside_of_passages(around):
    text = page(tree=around(TREE))
    where = line_of(text, "/// ")
    only(placed(text), text, "```tree", "tree", f"the tree stands in the passage of line {where}", "Move it out.")


@pytest.mark.parametrize(("kind", "ident", "more"), [
    ("page", "other", {}), ("snippet", "snippet-other", {}), ("faq", "F01", {"answers": "[G04.1]"}),
])  # fmt: skip
@pytest.mark.parametrize(("block", "thing"), [(TREE, "tree"), (case("G04-02") + case(), "case")])
def test_trees_and_cases_stand_on_guidelines(kind, ident, more, block, thing):
    text = document(kind, ident, f"\nText.\n{block}", **more)
    only(placed(page(), other=text), text, "```", thing, f"a {thing} belongs to a guideline, and this is a {kind}.")


# Where a tree ends


def ends(text, **more):
    return problems(decisions.leaves_are_justified, text, **more)


def leaf(new, **more):
    return page(tree=TREE.replace("No: {label: no-action, clause: G04.2}", f"No: {new}"), **more)


@pytest.mark.parametrize("new", [
    "{label: no-action, clause: G04.1}", "{label: spam-redirect, clause: G04.2, escalate: W01}",
    "{escalate: W01, clause: G04.1}", "{label: no-action, clause: G07.1}", "{label: no-action, clause: G08.1}",
    "{escalate: W08, clause: G04.1}",
])  # fmt: skip
def test_a_leaf_names_a_label_of_the_page_and_a_clause(new):
    broken = {name: f"---\nid: {name.upper()}\ntype: broken\n---\n" for name in ("g08", "w08")}
    assert ends(leaf(new), g07=guideline("\n### G07.1 One\n", "G07"), **broken) == []


@pytest.mark.parametrize(("new", "says"), [
    ("{label: spam-other, clause: G04.1}",
     "the answer `No` to `opens` ends at `spam-other`, which is none of this guideline's labels: spam-redirect, no-a"),
    ("{label: spam-other, clause: G04.1}", "spam-redirect, no-action. Name one of them, or add it to `labels`."),
    ("{escalate: W02, clause: G04.1}", "expected `escalate` to be the id of a workflow, found `W02`. Name one."),
    ("{escalate: no-action, clause: G04.1}", "to be the id of a workflow, found `no-action`."),
    ("{escalate: G04.1, clause: G04.1}", "to be the id of a workflow, found `G04.1`."),
    ("{label: no-action, clause: G04.7}",
     "the answer `No` to `opens` cites `G04.7`, which is no clause in force. Name the one that says so."),
    ("{label: no-action, clause: no-action}", "cites `no-action`, which is no clause in force."),
    ("{label: no-action, clause: G04.9}", "no clause in force. Did you mean `G04.1`, which took its place? Name the"),
])  # fmt: skip
def test_a_leaf_that_nothing_justifies_is_reported_at_its_answer(new, says):
    text = leaf(new, retired="\n  G04.9: {to: G04.1, why: One rule.}")
    only(ends(text, other=label("spam-other")), text, f"No: {new}", "leaf", says)


def test_a_label_that_is_always_escalated_says_so_at_each_end():
    always = label("spam-redirect", escalate="true")
    says = "Add `escalate:` with the workflow to the answer `No` to `safe`."
    only(ends(page(), l1=always), page(), "No: {label: spam", "leaf", "`spam-redirect` is always escalated.", says)
    assert ends(page(tree=TREE.replace("clause: G04.1}", "clause: G04.1, escalate: W01}")), l1=always) == []


@pytest.mark.parametrize(("files", "name", "part", "why"), [
    ({"l1": label("spam-redirect", audience="internal")}, "spam-redirect", "No: {label: spam", "for the audience"),
    ({"w": document("workflow", "W01", status="draft")}, "W01", "Not sure", "its page is a draft"),
    ({"w": document("workflow", "W01", audience="internal")}, "W01", "Not sure", "its page is for the audience"),
])  # fmt: skip
def test_an_end_that_somebody_sees_leads_to_what_they_can_read(files, name, part, why):
    only(ends(page(), **files), page(), part, "hidden-reference", f"`{name}` {NOT_SHOWN}", why)
    assert ends(page(audience="internal"), **files) == []
    assert ends(page(status="draft"), **files) == []


def test_an_end_cites_a_clause_that_all_who_see_it_can_read():
    text = leaf("{label: no-action, clause: G07.1}")
    clause = "\n### G07.1 One\n"
    hidden = guideline(kept(clause), "G07")
    says = f"`G07.1` {NOT_SHOWN} its heading stands in a passage that is withheld there."
    only(ends(text, g07=hidden), text, "clause: G07.1", "hidden-reference", says)
    later = guideline(dated(clause, "from: 2027-01-01"), "G07")
    [found] = ends(text, g07=later)
    assert "the external and partner and internal edition" in found.message
    assert ends(text, g07=later, day=dt.date(2027, 1, 1)) == []


# Numbers of cases


def numbers(text, **more):
    return problems(decisions.cases_are_numbered, text, **more)


@pytest.mark.parametrize("idents", [
    (), ("G04-01",), ("G04-01", "G04-02", "G04-07"), ("G04-K01", "G04-01", "G04-X01", "G04-02", "G04-K02"),
])  # fmt: skip
def test_the_numbers_of_each_set_rise(idents):
    assert numbers(page(*map(case, idents))) == []


def test_a_number_that_falls_is_reported():
    text = page(*map(case, ("G04-K02", "G04-03", "G04-02", "G04-K01", "G04-03", "G04-04")))
    found = numbers(text)
    assert [(one.line, one.rule) for one in found] == [
        (line_of(text, f"id: {ident}", count), "case-number")
        for ident, count in (("G04-02", 1), ("G04-K01", 1), ("G04-03", 2))
    ]
    assert found[0].message == "case G04-02 stands after G04-03. Let the numbers of a set rise down the page."
    assert "case G04-K01 stands after G04-K02." in found[1].message
    first = f"docs/g04.md:{line_of(text, 'id: G04-03') - 1}"
    assert found[2].message == f"`G04-03` is the id of the case on {first} already. Number this anew."


def test_a_case_is_numbered_for_its_page_and_once():
    text = page(case("G05-01"), case("G04-01"))
    only(numbers(text), text, "id: G05-01", "case-number", "case G05-01 stands on the page of G04. Number it G04-nn.")
    wrong, again = numbers(text, g05=guideline(case("G05-01"), "G05"))
    assert (wrong.path, wrong.line) == ("docs/g04.md", line_of(text, "id: G05-01"))
    first = f"docs/g04.md:{wrong.line - 1}"
    assert (again.path, again.message.partition(" already")[0]) == (
        "docs/g05.md", f"`G05-01` is the id of the case on {first}"
    )  # fmt: skip
