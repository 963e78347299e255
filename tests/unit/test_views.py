"""Views: who sees which documents and fields on which day."""

import datetime as dt

import pytest
import worked
from guidebook.staging import view
from libraries import DAY, EXTERNAL, FUTURE, INTERNAL, PAST, loaded, simple

ONE_DAY = dt.timedelta(1)


@pytest.mark.parametrize(
    ("fields", "outside", "inside"),
    [
        ({}, True, True),
        ({"audience": INTERNAL}, False, True),
        ({"status": "draft"}, False, True),
        ({"status": "retired"}, True, True),
        ({"valid_from": DAY}, True, True),
        ({"valid_from": DAY + ONE_DAY}, False, False),
        ({"expires": DAY}, False, False),
        ({"expires": DAY + ONE_DAY}, True, True),
        ({"status": "draft", "valid_from": FUTURE}, False, False),
    ],
)
def test_who_sees_a_document(fields, outside, inside):
    library = loaded(simple({"one.md": "Text.\n"}, one=fields))
    for name, seen in ((EXTERNAL, outside), (INTERNAL, inside)):
        shown = view(library, name, DAY)
        assert ("one.md" in [document.path for document in shown.pages]) is seen
        assert shown.documents == shown.pages


def test_snippets_are_documents_and_not_pages():
    shown = view(loaded(simple({"p.md": "Text.\n"}, p={"type": "snippet", "id": "snippet-p"})), EXTERNAL, DAY)
    assert [document.path for document in shown.documents] == ["index.md", "p.md"]
    assert [document.path for document in shown.pages] == ["index.md"]


def test_fields_are_those_the_edition_shows():
    project = simple({"one.md": "Text.\n"}, one={"order": 3})
    project.edition["fields"] = ["owner", "review_by"]
    library = loaded(project)
    assert view(library, EXTERNAL, DAY).metadata(library.documents["one.md"]) == {
        "id": "one", "type": "page", "title": "One", "summary": "Summary.", "owner": "Quality",
        "review_by": "2028-01-01",
    }  # fmt: skip
    assert view(library, INTERNAL, DAY).metadata(library.documents["one.md"])["order"] == 3
    assert view(library, INTERNAL, DAY).metadata(library.documents["one.md"])["valid_from"] == str(PAST)


def test_terms_are_those_the_edition_shows():
    body = "a b\n:   One.\n\n/// internal\n    reason: legal\n\nc d\n:   Two.\n///\n"
    library = loaded(simple({"glossary.md": body}))
    assert view(library, EXTERNAL, DAY).terms.definitions == {"a b": "One."}
    assert view(library, INTERNAL, DAY).terms.definitions == {"a b": "One.", "c d": "Two."}
    library = loaded(simple({"glossary.md": "a b\n:   One.\n"}, glossary={"audience": INTERNAL}))
    assert view(library, EXTERNAL, DAY).terms.definitions == {}
    assert view(loaded(simple({})), EXTERNAL, DAY).terms.definitions == {}


def uses(made, name=EXTERNAL):
    shown = view(loaded(made), name, DAY)
    return {
        label: [(one.document.meta.id, one.clauses, one.cases) for one in found] for label, found in shown.uses.items()
    }


def test_a_label_is_used_by_clauses_that_name_it_or_by_which_a_leaf_ends_there():
    cases = [*worked.needed(), worked.case("06", **worked.THREAT)]
    assert uses(worked.project(worked.body(cases=cases))) == {
        "spam-x": [("G04", ["G04.1"], ["G04-01", "G04-03", "G04-05"])],
        "no-action": [("G04", ["G04.2"], ["G04-02", "G04-04"])],
    }
    named = f"{worked.CLAUSES}\nSee [spam-x].\n\n### G04.3 For [no-action]\n\nNot `[spam-x]`.\n"
    assert uses(worked.short(named)) == {
        "spam-x": [("G04", ["G04.1", "G04.2"], [])], "no-action": [("G04", ["G04.1", "G04.3"], [])],
    }  # fmt: skip


def test_a_label_is_used_by_a_clause_that_names_it_below_a_heading_of_its_own():
    text = f"{worked.CLAUSES}\n#### Inner\n\nSee [spam-x].\n\n## After\n\nSee [no-action].\n"
    assert uses(worked.short(text)) == {
        "spam-x": [("G04", ["G04.1", "G04.2"], [])], "no-action": [("G04", ["G04.1"], [])],
    }  # fmt: skip


def test_what_is_withheld_uses_no_label():
    kept = worked.case("K01", **worked.FORCED, set="calibration")
    text = f"{worked.CLAUSES}\n/// internal\n    reason: tooling\n\nSee [spam-x].\n///\n"
    passage = f"/// internal\n    reason: tooling\n\n{worked.case('06', **worked.FORCED)}\n\n///"
    made = worked.project(worked.body(text, cases=[*worked.needed(), passage, kept]))
    assert uses(made)["spam-x"] == [("G04", ["G04.1"], ["G04-01", "G04-03", "G04-05"])]
    assert uses(made, INTERNAL)["spam-x"] == [
        ("G04", ["G04.1", "G04.2"], ["G04-01", "G04-03", "G04-05", "G04-06", "G04-K01"])
    ]
    made.docs[worked.PATH].meta["audience"] = INTERNAL
    assert uses(made) == {}


def test_a_tree_that_is_not_in_force_uses_no_label():
    named = f"{worked.CLAUSES}\nFor [spam-x] and [no-action].\n"
    safe = {**worked.SHORT["opens"], "answers": {name: {"label": "no-action", "clause": "G04.2"} for name in "AB"}}
    parts = {"until": worked.tree({"opens": safe}), "from": worked.tree(worked.SHORT)}
    later = "\n\n".join(f"/// effective\n    {key}: {FUTURE}\n\n{text}\n\n///" for key, text in parts.items())
    both = {name: [("G04", ["G04.2"], [])] for name in ("spam-x", "no-action")}
    made = worked.short(named)
    assert uses(made) == {name: [("G04", ["G04.1", "G04.2"], [])] for name in both}
    made.docs[worked.PATH].body = worked.body(named, later, [])
    assert uses(made) == both


def test_answers_are_those_of_the_questions_that_the_edition_shows():
    rows = {"f01": {"answers": ["G04.1", "G04.2"]}, "f02": {"answers": ["G04.2"], "audience": INTERNAL}}
    rows = {name: {"id": name.upper(), "type": "faq", "renewed": DAY, **row} for name, row in rows.items()}
    library = loaded(worked.project(None, {"f01.md": "Text.\n", "f02.md": "Text.\n"}, **rows))
    found = {
        name: {clause: [one.meta.id for one in faqs] for clause, faqs in view(library, name, DAY).answers.items()}
        for name in (EXTERNAL, INTERNAL)
    }
    assert found == {
        EXTERNAL: {"G04.1": ["F01"], "G04.2": ["F01"]}, INTERNAL: {"G04.1": ["F01"], "G04.2": ["F01", "F02"]},
    }  # fmt: skip
