"""Catalog: an edition as data; the cases alone; the list of pages and files for language models."""

import json
import re
from pathlib import Path

import pytest
from catalogs import CASES, FACTS, LABEL, TREE, case, data, files, project, row, view
from guidebook import asat, catalog, comparing, permalinks, staging, whatchanged
from guidebook import library as libraries_of
from guidebook.problems import ProblemsError
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from libraries import DAY, EXTERNAL, FUTURE, INTERNAL, projects, simple
from libraries import trees as staged

ROOT = Path(__file__).resolve().parents[2]
HIDDEN_TREE = f"/// internal\n    reason: signal\n\n{TREE}\n\n///"

# Pages about releases and clauses, behind which no document stands: they are no row, and no data.
OURS = {whatchanged.INDEX, asat.INDEX, comparing.INDEX, permalinks.INDEX}

# The pages of the edition


@settings(max_examples=25)
@given(projects)
def test_the_catalog_lists_every_staged_page_with_the_fields_the_edition_shows(project):
    own = {"url", "markdown", "sha256", "clauses", "tree", "cases", "includes", "excludes", "procedures"}
    for name, tree in staged(project).items():
        found = json.loads(tree["docs/catalog.json"])
        pages = sorted(path.removeprefix("docs/") for path in tree if path.startswith("docs/") and path.endswith(".md"))
        assert set(pages) >= OURS - {permalinks.INDEX}
        pages = [path for path in pages if path not in OURS]
        by_id = {doc.meta["id"]: path for path, doc in project.docs.items()}
        assert [by_id[row["id"]] for row in found["documents"]] == pages
        assert found["edition"] == name
        shown = {"id", "type", "title", "summary", *own, *project.edition["fields"]}
        assert name == INTERNAL or {key for row in found["documents"] for key in row} <= shown
        text = tree["docs/llms.txt"].decode()
        assert sum(text.count(f"]({row['markdown']})") for row in found["documents"]) == len(pages)
        assert catalog.dump(name, found["documents"]).encode() == tree["docs/catalog.json"]


def test_the_first_key_names_the_schema():
    text = files(view(project()))["catalog.json"]
    assert text.startswith('{\n "$schema": "catalog.schema.json",\n "format": 2,\n "edition": "external",\n')
    assert text.endswith("\n}\n")
    assert '"facts": "F …"' in text


def test_trees_are_data():
    assert row(project(), "G01")["tree"] == {
        "questions": [
            {"id": "opens", "ask": "Does the link open?", "answers": [
                {"text": "Yes", "go": "page"}, {"text": "No", "label": "no-thing", "clause": "G01.2"}]},
            {"id": "page", "ask": "Is it the page?", "answers": [
                {"text": "Yes", "label": "spam-x", "clause": "G01.1", "escalate": "W01"},
                {"text": "Cannot tell", "clause": "G01.1", "escalate": "W01"}]},
        ]
    }  # fmt: skip


def test_cases_are_data_in_the_order_of_the_page():
    found = row(project(), "G01")["cases"]
    assert [one["id"] for one in found] == ["G01-02", "G01-01"]
    assert list(found[0].items()) == [
        ("id", "G01-02"), ("title", "Title G01-02"), ("verdict", "violating"), ("label", "spam-x"),
        ("clause", "G01.1"), ("answers", {"opens": "Yes", "page": "Yes"}), ("surface", "post"), ("language", "pt-BR"),
        ("set", "teaching"), ("text", f"G01-02 `x`: {FACTS}."), ("reason", "Why."), ("contrast", "G01-01"),
        ("near", ["no-thing"]), ("url", "rules/g01/#case-g01-02"),
    ]  # fmt: skip
    assert "contrast" not in found[1]
    assert found[1]["near"] == []
    inside = row(project(), "G01", INTERNAL)["cases"]
    assert [one["id"] for one in inside] == ["G01-02", "G01-01", "G01-K01", "G01-X01"]


def test_clauses_criteria_and_metadata_are_data():
    found = row(project(), "G01")
    assert [(one["id"], one["text"], one["url"]) for one in found["clauses"]] == [
        ("G01.1", "Text of [G01.2].", "rules/g01/#g01-1"), ("G01.2", "Text.", "rules/g01/#g01-2"),
    ]  # fmt: skip
    assert found["retired"] == {"G01.3": {"to": "G01.1", "why": "One rule now."}}
    label = row(project(), "spam-x")
    assert (label["includes"], label["excludes"]) == (["One G01.1."], ["Two: no-thing."])
    assert label["statement"] == {"ground": "G", "explanation": "E", "facts": "F …"}
    assert label["surfaces"] == ["post"]
    assert not {"includes", "excludes"} & row(project(), "no-thing").keys()
    one_list = row(project(bodies={"spam-x.md": "## Includes\n\n- One.\n"}), "spam-x")
    assert (one_list["includes"], "excludes" in one_list) == (["One."], False)


def test_what_is_withheld_is_no_data():
    made = project(CASES[0], f"/// effective\n    from: {FUTURE}\n\n{CASES[1]}\n\n///", tree=HIDDEN_TREE)
    made.docs["rules/g01.md"].body = made.docs["rules/g01.md"].body.replace("contrast: G01-01\n", "")
    found = row(made, "G01")
    assert "tree" not in found
    assert [one["id"] for one in found["cases"]] == ["G01-02"]
    assert "tree" in row(made, "G01", INTERNAL)
    assert [one["id"] for one in row(made, "G01", INTERNAL)["cases"]] == ["G01-02"]
    assert not {"tree", "cases"} & row(project(CASES[2], tree=HIDDEN_TREE), "G01").keys()


NO_THING = {"no-thing": {"audience": INTERNAL}}
ALONE = case("G01-01")
SPAM_Y = {"spam-y.md": "Text.\n"}
NAMED = {
    "label of a leaf": (project(ALONE, **NO_THING), "no-thing"),
    "workflow of a leaf": (project(ALONE, w01={"audience": INTERNAL}), "W01"),
    "clause of a leaf": (project(ALONE, tree=TREE.replace("G01.2", "G09.1")), "G09.1"),
    "a tree alone": (project(CASES[2], **NO_THING), "no-thing"),
    "cases alone": (project(case("G01-01", near=["no-thing"]), tree=HIDDEN_TREE, **NO_THING), "no-thing"),
    "label of a case": (
        project(case("G01-01", "spam-y"), bodies=SPAM_Y, **{"spam-y": {**LABEL, "status": "draft"}}),
        "spam-y",
    ),
    "near": (
        project(case("G01-01", near=["spam-y"]), bodies=SPAM_Y, **{"spam-y": {**LABEL, "valid_from": FUTURE}}),
        "spam-y",
    ),
    "contrast kept back": (project(case("G01-01", contrast="G01-K01"), CASES[2]), "G01-K01"),
    "retired clause": (project(case("G01-01", clause="G01.3")), "G01.3"),
    "unknown label": (project(case("G01-01", "spam-z")), "spam-z"),
    "unknown clause": (project(case("G01-01", clause="G09.1")), "G09.1"),
}


@pytest.mark.parametrize(("made", "name"), NAMED.values(), ids=NAMED)
def test_a_name_that_leads_to_nothing_shown_stops_the_build(made, name):
    shown = view(made)
    with pytest.raises(ProblemsError) as error:
        catalog.row(shown, shown.library.by_id["G01"])
    assert {(one.path, one.rule) for one in error.value.problems} == {("docs/rules/g01.md", "hidden-reference")}
    written = made.docs["rules/g01.md"].text().split("\n")
    for one in error.value.problems:
        assert one.message.startswith(f"`{name}` is not in the external edition, where this is shown: ")
        assert written[one.line - 1] == "```case" or name in written[one.line - 1]


def test_a_clause_in_a_passage_to_come_stops_the_build_too():
    made = project()
    body = made.docs["rules/g01.md"].body
    later = body.replace("### G01.2 Two", f"/// effective\n    from: {FUTURE}\n\n### G01.2 Two").replace(
        "Text.\n\n## Decision", "Text.\n\n///\n\n## Decision"
    )
    made.docs["rules/g01.md"].body = later
    with pytest.raises(ProblemsError, match=r"`G01\.2` is not in the external edition"):
        data(made)


# Cases alone


def test_cases_stand_one_on_each_line_by_id():
    lines = catalog.cases(view(project(), INTERNAL)).splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["G01-01", "G01-02", "G01-K01", "G01-X01"]
    assert lines[0] == (
        f'{{"id": "G01-01", "text": "G01-01 `x`: {FACTS}.", "expected_label": "W01", "clause": "G01.1"}}'
    )
    outside = catalog.cases(view(project()))
    assert [json.loads(line)["id"] for line in outside.splitlines()] == ["G01-01", "G01-02"]
    assert outside.endswith("}\n")


def test_an_edition_without_cases_has_no_file_of_them():
    shown = view(project(**{"rules-g01": {"audience": INTERNAL}}))
    assert catalog.cases(shown) == ""
    assert list(files(shown)) == ["catalog.json", "catalog.schema.json", "llms.txt"]


def test_cases_are_written_as_they_are():
    text = f'Größe "x" \u2019 {FACTS}'
    (line,) = catalog.cases(view(project(case("G01-01", text=text)))).splitlines()
    assert 'Größe \\"x\\" \u2019 one' in line
    assert json.loads(line)["text"] == text


# Everything together


@pytest.fixture(scope="module")
def real():
    library = libraries_of.load(ROOT).library
    return {name: files(staging.view(library, name, DAY)) for name in library.configuration.editions}


def test_the_catalogs_of_this_library_are_valid(real):
    for found in real.values():
        made = json.loads(found["catalog.json"])
        Draft202012Validator(json.loads(found["catalog.schema.json"])).validate(made)
        kinds = [one["type"] for one in made["documents"]]
        assert kinds.count("guideline") >= 4
        assert any("cases" in one for one in made["documents"])
    assert '"golden"' in real[INTERNAL]["catalog.json"]
    assert '"golden"' not in real[EXTERNAL]["catalog.json"]


def test_all_files_of_data_are_listed():
    shown = view(project())
    found = files(shown)
    assert list(found) == ["catalog.json", "catalog.schema.json", "cases.jsonl", "prompts/spam-x.txt", "llms.txt"]
    assert found["catalog.schema.json"] == catalog.schema(shown)
    assert found["cases.jsonl"] == catalog.cases(shown)
    assert found["prompts/spam-x.txt"].startswith("# Policy: Spam-x (spam-x)\n")
    assert found["llms.txt"].endswith("""
- [Spam-x](spam-x/index.md): Summary.
- [W01](w01/index.md): Summary.

## Rules-index

- [Rules-g01](rules/g01/index.md): Summary.
- [Rules-index](rules/index.md): Summary.

## Data

- [catalog.json](catalog.json): Every page with its metadata, clauses, decision tree and worked cases.
- [catalog.schema.json](catalog.schema.json): JSON Schema of catalog.json.
- [cases.jsonl](cases.jsonl): Every worked case on a line of its own: text, expected label, clause.
- [prompts/spam-x.txt](prompts/spam-x.txt): One label as a policy for a classifier.
""")


def test_the_files_of_this_library_lead_to_each_other(real):
    for found in real.values():
        links = re.findall(r"\]\(([^)]+)\)", found["llms.txt"].partition("\n## Data\n")[2])
        assert links == [path for path in found if path != "llms.txt"]
        assert len([path for path in links if path.startswith("prompts/")]) >= 1


def test_llms_names_each_folder_once():
    made = simple(
        dict.fromkeys(["a.md", "f/index.md", "f/b.md", "f/g/index.md", "f/g/x.md", "f/h.md", "z.md"], "Text.\n")
    )
    assert catalog.llms(view(made), "Guidelines").split("\n") == [
        "# Guidelines", "", "> Summary.", "",
        "## Index", "", "- [A](a/index.md): Summary.", "- [Index](index.md): Summary.",
        "- [Z](z/index.md): Summary.", "",
        "## F-index", "", "- [F-b](f/b/index.md): Summary.", "- [F-h](f/h/index.md): Summary.",
        "- [F-index](f/index.md): Summary.", "",
        "## F-g-index", "", "- [F-g-index](f/g/index.md): Summary.", "- [F-g-x](f/g/x/index.md): Summary.", "",
    ]  # fmt: skip


def test_llms_of_the_internal_edition_has_its_own_title():
    text = staged(simple({}))[INTERNAL]["docs/llms.txt"].decode()
    assert text.startswith("# Guidelines for staff\n\n> Summary.\n\n## Index\n\n- [Index](index.md): Summary.\n")


def test_the_schema_of_an_edition_names_nothing_that_is_withheld_there():
    outside, inside = (catalog.schema(view(project(), name)) for name in ("external", "internal"))
    for word in ("review_by", "wording", "calibration", "golden", '"draft"', "KX"):
        assert word in inside
        assert word not in outside
