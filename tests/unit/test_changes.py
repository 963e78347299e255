"""Changes: what differs between two catalogs, thing by thing, and which answers of a tree end elsewhere."""

import copy
import json

import pytest
import worked
from guidebook import changes
from guidebook.changes import Leaf
from hypothesis import given
from hypothesis import strategies as st
from worked import CLAUSES, body, case, needed, staged


def rows(*args, **kwargs):
    """Return the documents of the catalog of a worked project."""
    return json.loads(staged(worked.project(*args, **kwargs))["docs/catalog.json"])["documents"]


def named(found):
    """Return kind and id of each change, and what happened to it."""
    what = {(False, True): "new", (True, False): "gone", (True, True): "differs"}
    return [(one.kind, one.id, what[one.before is not None, one.after is not None]) for one in found]


def row(found, name):
    return next(one for one in found if one["id"] == name)


def test_equal_catalogs_differ_in_nothing():
    assert changes.between(rows(), rows()) == []
    assert changes.between([], []) == []


EDITED = CLAUSES.replace("Text of two.", "Text of two, edited.")


def test_what_decides_is_compared_thing_by_thing():
    before = rows()
    cases = [one.replace("Reason 05", "Because 05") for one in needed()]
    questions = copy.deepcopy(worked.TREE)
    questions["threat"]["answers"]["No"]["clause"] = "G04.1"
    after = rows(body(EDITED, worked.tree(questions), cases), **{"spam-x": {"severity": "high"}})
    found = changes.between(before, after)
    assert named(found) == [
        ("clause", "G04.2", "differs"), ("label", "spam-x", "differs"), ("tree", "tree/G04", "differs"),
        ("case", "G04-05", "differs"),
    ]  # fmt: skip
    assert [(one.page, one.title, one.url) for one in found] == [
        ("G04", "All else is allowed", "rules/g04/#g04-2"),
        ("spam-x", "Spam-x", "spam-x/"),
        ("G04", "Rules-g04", "rules/g04/#decision-tree"),
        ("G04", "Title 05", "rules/g04/#case-g04-05"),
    ]
    assert [one.before["text"] for one in found if one.kind == "clause"] == ["Text of two."]
    assert [one.after["severity"] for one in found if one.kind == "label"] == ["high"]
    assert named(changes.between(after, before)) == named(found)


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [(name, key, value)
     for name in ("G04", "spam-x", "W02")
     for key, value in (("summary", "Another."), ("owner", "Training"), ("sha256", "f" * 64), ("markdown", "x"),
                        ("valid_from", "2026-01-01"), ("review_by", "2030-01-01"), ("title", "Another"))
     if (name, key) not in {("spam-x", "summary"), ("spam-x", "title")}],
)  # fmt: skip
def test_what_decides_nothing_is_no_change(name, key, value):
    before, after = rows(), rows()
    row(after, name)[key] = value
    assert before != after
    assert changes.between(before, after) == []


LABEL = ["title", "summary", "includes", "excludes", "strike", "statement", "severity", "actions", "escalate",
         "surfaces", "precedence", "dsa_category", "dsa_keyword", "ozone", "status"]  # fmt: skip
CASE = ["title", "text", "reason", "verdict", "label", "clause", "answers", "surface"]


@pytest.mark.parametrize("key", LABEL)
def test_each_field_of_a_label_that_decides_counts(key):
    before, after = rows(), rows()
    row(after, "spam-x")[key] = "another"
    assert named(changes.between(before, after)) == [("label", "spam-x", "differs")]


@pytest.mark.parametrize("key", CASE)
def test_each_field_of_a_case_that_decides_counts(key):
    before, after = rows(), rows()
    row(after, "G04")["cases"][1][key] = "another"
    assert named(changes.between(before, after)) == [("case", "G04-02", "differs")]


@pytest.mark.parametrize("key", ["near", "contrast", "language", "set", "url"])
def test_what_a_case_is_found_by_does_not_count(key):
    before, after = rows(), rows()
    row(after, "G04")["cases"][1][key] = "another"
    assert changes.between(before, after) == []


def test_what_came_and_what_went():
    before = rows(body(f"{CLAUSES}\n### G04.3 Three\n\nText.\n"), {"one.md": "Text.\n"})
    after = rows(body(cases=[*needed(), case("06", **worked.ALLOWED)]), {"two.md": "Text.\n"})
    assert named(changes.between(before, after)) == [
        ("clause", "G04.3", "gone"), ("case", "G04-06", "new"), ("page", "two", "new"), ("page", "one", "gone"),
    ]  # fmt: skip


def test_a_page_comes_and_goes_with_all_that_is_on_it():
    whole = rows()
    rest = [one for one in whole if one["id"] != "G04"]
    found = changes.between(rest, whole)
    assert named(found) == [
        *[("clause", name, "new") for name in ("G04.1", "G04.2")], ("tree", "tree/G04", "new"),
        *[("case", f"G04-0{at}", "new") for at in range(1, 6)], ("page", "G04", "new"),
    ]  # fmt: skip
    assert changes.whole_pages(found) == {"G04"}
    gone = changes.between(whole, rest)
    assert named(gone) == [(kind, name, "gone") for kind, name, _ in named(found)]
    assert changes.whole_pages(gone) == {"G04"}
    assert all(one.page == "G04" for one in found + gone)


def test_a_page_that_moved_is_not_one_that_came_or_went():
    before, after = rows(), rows(body(EDITED))
    row(after, "G04")["url"] = "rules/new/"
    found = changes.between(before, after)
    assert named(found) == [("clause", "G04.2", "differs"), ("page", "G04", "differs")]
    assert (found[1].before["url"], found[1].url) == ("rules/g04/", "rules/new/")
    assert changes.whole_pages(found) == set()


def test_a_draft_decides_nothing_and_comes_when_it_is_in_force():
    whole, draft = rows(), rows()
    row(draft, "G04")["status"] = "draft"
    rest = [one for one in whole if one["id"] != "G04"]
    assert changes.between(rest, draft) == []
    assert named(changes.between(draft, whole)) == named(changes.between(rest, whole))


@pytest.mark.parametrize(("one", "other"), [("in-force", "retired"), ("retired", "in-force")])
def test_a_guideline_that_is_retired_or_back_decides_otherwise(one, other):
    before, after = rows(), rows()
    for documents, status in ((before, one), (after, other)):
        for name in ("G04", "rules-index"):
            row(documents, name)["status"] = status
    found = {change.id: changes.retires(change) for change in changes.between(before, after)}
    assert found == {"G04": True, "rules-index": False}, "of another page, nothing decided a case"
    assert not any(changes.retires(change) for change in changes.between([], after))


def test_the_later_catalog_says_the_order_within_a_kind():
    before, after = rows(), rows(body(EDITED.replace("Text of one.", "Another text.")))
    assert [one.id for one in changes.between(before, after)] == ["G04.1", "G04.2"]
    row(after, "G04")["clauses"].reverse()
    assert [one.id for one in changes.between(before, after)] == ["G04.2", "G04.1"]


def clause(name, text):
    return {"id": name, "title": "T", "text": text, "url": f"g/#{name}", "sha256": text}


def label(name, value):
    return {"id": name, "type": "label", "title": "L", "url": f"{name}/", "severity": value}


texts = st.dictionaries(st.sampled_from(["G04.1", "G04.2", "G05.1"]), st.sampled_from("abc"))
labels = st.dictionaries(st.sampled_from(["spam-x", "spam-y", "spam-z"]), st.sampled_from(["low", "high"]))


def library(said, values):
    found = [label(*one) for one in values.items()]
    for page in ("G04", "G05"):
        own = [clause(*one) for one in said.items() if one[0].startswith(page)]
        found += [{"id": page, "type": "guideline", "title": "G", "url": f"{page}/", "clauses": own}] if own else []
    return found


@given(texts, labels, texts, labels)
def test_a_change_is_what_differs_and_nothing_else(said, values, later, new_values):
    found = changes.between(library(said, values), library(later, new_values))
    for kind, old, new in (("clause", said, later), ("label", values, new_values)):
        assert {one.id for one in found if one.kind == kind} == {
            name for name in old.keys() | new.keys() if old.get(name) != new.get(name)
        }
        for one in found:
            if one.kind == kind:
                key = "text" if kind == "clause" else "severity"
                assert (one.before and one.before[key], one.after and one.after[key]) == (
                    old.get(one.id),
                    new.get(one.id),
                )
    pages = [{one.partition(".")[0] for one in each} for each in (said, later)]
    pages = [pages[0] | values.keys(), pages[1] | new_values.keys()]
    assert {one.id for one in found if one.kind == "page"} == changes.whole_pages(found) == pages[0] ^ pages[1]
    kinds = [changes.KINDS.index(one.kind) for one in found]
    assert kinds == sorted(kinds)
    assert len({(one.kind, one.id) for one in found}) == len(found)
    back = changes.between(library(later, new_values), library(said, values))
    assert sorted((one.kind, one.id, str(one.before), str(one.after)) for one in found) == sorted(
        (one.kind, one.id, str(one.after), str(one.before)) for one in back
    )


# Leaves.


def tree(**answers):
    """Return a tree as a catalog has it, of one question; each answer is (label, clause, escalate) or a question."""
    listed = []
    for text, end in answers.items():
        given_ = {"go": end} if isinstance(end, str) else dict(zip(("label", "clause", "escalate"), end, strict=False))
        listed.append({"text": text, **{key: value for key, value in given_.items() if value}})
    return {"questions": [{"id": "one", "ask": "Is it?", "answers": listed}]}


def test_leaves_that_end_elsewhere_came_or_went():
    before = tree(Yes=("spam-x", "G04.1"), No=("no-action", "G04.2"), Maybe=(None, "G04.1", "W02"), More="two")
    after = tree(Yes=("spam-x", "G04.1", "W02"), No=("no-action", "G04.2"), Unsure=("spam-y", "G04.1"), More="three")
    assert changes.leaves(before, after) == [
        Leaf("Is it?", "Yes", ("spam-x", "G04.1"), ("spam-x", "G04.1", "W02")),
        Leaf("Is it?", "Unsure", None, ("spam-y", "G04.1")),
        Leaf("Is it?", "Maybe", ("G04.1", "W02"), None),
    ]
    assert changes.leaves(before, before) == []
    assert len(changes.leaves(None, before)) == len(changes.leaves(before, None)) == 3
    assert changes.leaves(None, None) == []


def test_an_answer_that_becomes_a_question_is_a_leaf_that_went():
    before, after = tree(Yes=("spam-x", "G04.1")), tree(Yes="two")
    assert changes.leaves(before, after) == [Leaf("Is it?", "Yes", ("spam-x", "G04.1"), None)]
    assert changes.leaves(after, before) == [Leaf("Is it?", "Yes", None, ("spam-x", "G04.1"))]


def test_a_question_in_other_words_is_the_same_question():
    before, after = tree(Yes=("spam-x", "G04.1"), No=("no-action", "G04.2")), tree(Yes=("spam-x", "G04.1"))
    after["questions"][0]["ask"] = "Is it so?"
    assert changes.leaves(before, after) == [Leaf("Is it so?", "No", ("no-action", "G04.2"), None)]
    after["questions"][0]["id"] = "two"
    assert len(changes.leaves(before, after)) == 3


ends = st.dictionaries(
    st.sampled_from(["Yes", "No", "Maybe"]),
    st.sampled_from(["two", ("spam-x", "G04.1"), ("spam-x", "G04.2"), ("no-action", "G04.1"), (None, "G04.1", "W02")]),
)


@given(ends, ends)
def test_leaves_are_the_answers_whose_end_differs(before, after):
    found = {one.answer: (one.before, one.after) for one in changes.leaves(tree(**before), tree(**after))}

    def plain(end):
        return None if end is None or isinstance(end, str) else tuple(one for one in end if one)

    sides = {name: (plain(before.get(name)), plain(after.get(name))) for name in before.keys() | after.keys()}
    assert found == {name: pair for name, pair in sides.items() if pair[0] != pair[1]}
