"""Views: who sees which documents and fields on which day."""

import datetime as dt

import pytest
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
