"""Catalog: an edition as data."""

import json

from guidebook import catalog
from hypothesis import given, settings
from libraries import EXTERNAL, INTERNAL, projects, simple, trees


@settings(max_examples=25)
@given(projects)
def test_the_catalog_lists_every_staged_page_with_the_fields_the_edition_shows(project):
    for name, tree in trees(project).items():
        data = json.loads(tree["docs/catalog.json"])
        pages = sorted(path.removeprefix("docs/") for path in tree if path.startswith("docs/") and path.endswith(".md"))
        by_id = {doc.meta["id"]: path for path, doc in project.docs.items()}
        assert [by_id[row["id"]] for row in data["documents"]] == pages
        assert data["edition"] == name
        shown = {"id", "type", "title", "summary", "url", "markdown", "clauses", *project.edition["fields"]}
        assert name == INTERNAL or {key for row in data["documents"] for key in row} <= shown
        text = tree["docs/llms.txt"].decode()
        assert sum(text.count(f"]({row['markdown']})") for row in data["documents"]) == len(pages)
        assert catalog.dump(name, data["documents"]).encode() == tree["docs/catalog.json"]


def test_llms_names_each_folder_once():
    project = simple(
        dict.fromkeys(["a.md", "f/index.md", "f/b.md", "f/g/index.md", "f/g/x.md", "f/h.md", "z.md"], "Text.\n")
    )
    assert trees(project)[EXTERNAL]["docs/llms.txt"].decode().split("\n") == [
        "# Guidelines", "", "> Summary.", "",
        "## Index", "", "- [A](a/index.md): Summary.", "- [Index](index.md): Summary.",
        "- [Z](z/index.md): Summary.", "",
        "## F-index", "", "- [F-b](f/b/index.md): Summary.", "- [F-h](f/h/index.md): Summary.",
        "- [F-index](f/index.md): Summary.", "",
        "## F-g-index", "", "- [F-g-index](f/g/index.md): Summary.", "- [F-g-x](f/g/x/index.md): Summary.", "",
    ]  # fmt: skip


def test_llms_of_the_internal_edition_has_its_own_title():
    tree = trees(simple({}))[INTERNAL]
    assert (
        tree["docs/llms.txt"].decode()
        == "# Guidelines for staff\n\n> Summary.\n\n## Index\n\n- [Index](index.md): Summary.\n"
    )
