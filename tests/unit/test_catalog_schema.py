"""The schema of catalogs: it says what the models say, takes every catalog, and refuses what is none."""

import copy
import json
from pathlib import Path

import pytest
from catalogs import data, files, project
from guidebook import cases, catalog, releases, staging, trees
from guidebook.metadata import ALWAYS_SHOWN, MODELS
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker
from libraries import DAY, FUTURE, INTERNAL, projects

SCHEMA = json.loads(Path(catalog.__file__).with_name(catalog.SCHEMA).read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$schema"]
    assert SCHEMA["$id"] == catalog.SCHEMA == SCHEMA["properties"]["$schema"]["const"]
    assert SCHEMA["properties"]["format"]["const"] == catalog.FORMAT
    assert SCHEMA["properties"]["edition"]["pattern"] == "^[a-z][a-z0-9-]{0,40}$"


def subschemas(schema, *, name=""):
    """Yield the schema and each in it that describes a value, as (name of the key it describes, schema)."""
    yield name, schema
    for key, inner in schema.items():
        if key in {"properties", "patternProperties", "$defs"}:
            for one, value in inner.items():
                yield from subschemas(value, name=one)
        elif key in {"items", "additionalProperties", "propertyNames"} and isinstance(inner, dict):
            yield from subschemas(inner)
        elif key in {"oneOf", "anyOf"}:
            for value in inner:
                yield from subschemas(value)


def resolved(schema):
    """Return the schema with what it refers to in its place; its own words go before those of the other."""
    if "$ref" not in schema:
        return schema
    return resolved(SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")]) | {
        key: value for key, value in schema.items() if key != "$ref"
    }


def test_every_value_is_described_and_every_object_closed():
    for name, schema in subschemas(SCHEMA):
        whole = resolved(schema)
        assert not name or (whole.get("title") and whole.get("description", "").endswith(".")), name
        if "properties" in whole:
            assert whole["additionalProperties"] is False, name
            assert set(whole["required"]) <= whole["properties"].keys(), name
    named = {one["$ref"].rpartition("/")[2] for _, one in subschemas(SCHEMA) if "$ref" in one}
    assert named == SCHEMA["$defs"].keys()


def test_every_text_is_checked_to_its_ends():
    texts = [(name, schema) for name, schema in subschemas(SCHEMA) if schema.get("type") == "string"]
    patterns = {schema["pattern"] for _, schema in texts if "pattern" in schema}
    assert all(one.startswith("^") and one.endswith("$") for one in patterns - {"\\?$"})
    free = [(name, schema) for name, schema in texts if not {"pattern", "enum", "const"} & schema.keys()]
    # A clause may have no text outside of what is withheld.
    assert [name for name, schema in free if schema.get("minLength") != 1] == ["title", "text"]


def of_model(model):
    """Return the JSON Schema that Pydantic makes of a model, without names and words, references in place."""
    made = model.model_json_schema()

    def plain(schema):
        if "$ref" in schema:
            return plain(made["$defs"][schema["$ref"].rpartition("/")[2]])
        some = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
        if len(some) == 1:
            return plain(some[0])
        return {
            key: {name: plain(one) for name, one in value.items()} if key in {"properties", "patternProperties"}
            else [plain(one) for one in value] if key == "anyOf"
            else plain(value) if isinstance(value, dict)
            else value
            for key, value in schema.items()
            if key not in {"title", "description", "default", "$defs"}
        }  # fmt: skip

    return plain(made)


def compare(ours, theirs, where):
    """See that our schema says all that Pydantic's says; it may say more."""
    ours = resolved(ours)
    if "patternProperties" in theirs and "patternProperties" not in ours:  # keys of one form, said in another way
        ((form, one),) = theirs["patternProperties"].items()
        names = {"type": "string", "pattern": form, **theirs["propertyNames"]}
        theirs = {**theirs, "propertyNames": names, "additionalProperties": one}
        del theirs["patternProperties"]
    for key, value in theirs.items():
        assert key in ours, f"{where}: {key}"
        if key in {"properties", "patternProperties"}:
            assert ours[key].keys() == value.keys(), where
            for name, one in value.items():
                compare(ours[key][name], one, f"{where}.{name}")
        elif key == "anyOf":
            for one, other in zip(ours[key], value, strict=True):
                compare(one, other, where)
        elif isinstance(value, dict):
            compare(ours[key], value, f"{where}.{key}")
        elif key in {"required", "enum"}:
            assert sorted(ours[key]) == sorted(value), where
        else:
            assert ours[key] == value, f"{where}: {key}"


ADDED = ("url", "markdown", "sha256")
BESIDE = {"guideline": {"clauses", "tree", "cases"}, "label": {"includes", "excludes"}, "workflow": {"procedures"}}


@pytest.mark.parametrize("kind", [kind for kind in MODELS if kind != "snippet"])
def test_a_document_has_the_fields_of_its_model(kind):
    ours, theirs = copy.deepcopy(SCHEMA["$defs"][kind]), of_model(MODELS[kind])
    for name in {*ADDED, *BESIDE.get(kind, ())}:
        del ours["properties"][name]
    assert set(ours["required"]) == {*ALWAYS_SHOWN, *ADDED}
    compare({**ours, "required": theirs["required"]}, theirs, kind)


def test_every_kind_of_page_has_its_definition():
    kinds = [one["$ref"].rpartition("/")[2] for one in SCHEMA["properties"]["documents"]["items"]["oneOf"]]
    assert kinds == [kind for kind in MODELS if kind != "snippet"]


def test_a_case_has_the_fields_of_its_model():
    ours, theirs = copy.deepcopy(SCHEMA["$defs"]["case"]), of_model(cases.Fields)
    assert set(ours["required"]) == {*theirs["required"], "near", "url"}
    del ours["properties"]["url"]
    compare({**ours, "required": theirs["required"]}, theirs, "case")


def test_a_tree_has_the_limits_of_trees():
    answers = SCHEMA["$defs"]["question"]["properties"]["answers"]
    assert (answers["minItems"], answers["maxItems"]) == (trees.FEWEST_ANSWERS, trees.MOST_ANSWERS)
    assert SCHEMA["$defs"]["question"]["properties"]["ask"]["maxLength"] == trees.LONGEST_QUESTION
    assert SCHEMA["$defs"]["answerText"]["maxLength"] == trees.LONGEST_ANSWER
    assert SCHEMA["$defs"]["questionId"]["pattern"] == f"^{trees._ID.pattern.replace('?:', '')}$"
    leaf, step = SCHEMA["$defs"]["leaf"]["properties"].keys(), SCHEMA["$defs"]["step"]["properties"].keys()
    assert leaf | step == {"text", *trees._KEYS}


@pytest.mark.parametrize(
    "name",
    ["2026.11.23", "2026.11.23.2", "2026.11.23.10", "2099.01.01.1440", "2026.11.23.1", "2026.11.23.02", "26.11.23",
     "2026-11-23", "v2026.11.23", "2026.11.23.", "latest"],
)  # fmt: skip
def test_a_release_is_named_as_releases_are(name):
    try:
        releases.Version.parse(name)
    except releases.ReleaseError:
        known = False
    else:
        known = True
    found = data(project())
    clause = next(one for one in found["documents"] if one["id"] == "G01")["clauses"][0]
    assert VALIDATOR.is_valid(found)
    clause |= {"first": name, "changed": name}
    assert VALIDATOR.is_valid(found) is known


@settings(max_examples=25)
@given(projects)
def test_the_catalog_of_any_library_is_valid(project):
    library, problems = project.load()
    assert not problems, problems
    for name in library.configuration.editions:
        shown = staging.view(library, name, DAY)
        found = files(shown)
        VALIDATOR.validate(json.loads(found["catalog.json"]))
        again = staging.view(project.copy().load()[0], name, DAY)
        assert files(again) == found


def drop(*way):
    def change(found):
        for key in way[:-1]:
            found = found[key]
        del found[way[-1]]

    return change


def put(value, *way):
    def change(found):
        for key in way[:-1]:
            found = found[key]
        found[way[-1]] = value

    return change


HOME, GUIDE, LABELLED = ("documents", 0), ("documents", 2), ("documents", 4)
TREE_AT, CASE, CLAUSE = (*GUIDE, "tree", "questions"), (*GUIDE, "cases", 0), (*GUIDE, "clauses", 0)
"""Where the parts of the small catalog stand."""

MUTATIONS = {
    "no schema": drop("$schema"),
    "another schema": put("https://example.com/", "$schema"),
    "another format": put(1, "format"),
    "no edition": drop("edition"),
    "odd edition": put("Staff only", "edition"),
    "unknown key": put(1, "documents_2"),
    "no list of documents": put({}, "documents"),
    "document without id": drop(*GUIDE, "id"),
    "document without summary": drop(*GUIDE, "summary"),
    "document without address": drop(*GUIDE, "url"),
    "document without Markdown": drop(*GUIDE, "markdown"),
    "document without its sum": drop(*GUIDE, "sha256"),
    "bad sum of a page": put("0" * 63, *HOME, "sha256"),
    "unknown type": put("snippet", *HOME, "type"),
    "another type": put("faq", *GUIDE, "type"),
    "unknown field": put("x", *GUIDE, "sumary"),
    "field of another type": put("none", *GUIDE, "severity"),
    "clauses on a page": lambda found: put([found["documents"][2]["clauses"][0]], *HOME, "clauses")(found),
    "long title": put("x" * 71, *GUIDE, "title"),
    "empty title": put("", *GUIDE, "title"),
    "odd id": put("G1", *GUIDE, "id"),
    "date that is none": put("2026-02-30", *GUIDE, "valid_from"),
    "date with a time": put("2026-11-23T00:00:00", *GUIDE, "valid_from"),
    "person as owner": put("Ann", *GUIDE, "owner"),
    "absolute address": put("/rules/g01/", *GUIDE, "url"),
    "address of another file": put("rules/g01/index.html", *GUIDE, "markdown"),
    "null": put(None, *GUIDE, "expires"),
    "no labels": put([], *GUIDE, "labels"),
    "retired clause with an odd id": put({"G01-3": {"to": "G01.1", "why": "x"}}, *GUIDE, "retired"),
    "retired clause that leads nowhere": put({"why": "x"}, *GUIDE, "retired", "G01.3"),
    "clause without id": drop(*CLAUSE, "id"),
    "bad hash": put("0" * 63, *CLAUSE, "sha256"),
    "hash in capitals": put("A" * 64, *CLAUSE, "sha256"),
    "unknown key of a clause": put("x", *CLAUSE, "body"),
    "no clauses": put([], *GUIDE, "clauses"),
    "clause without anchor": put("rules/g01/", *CLAUSE, "url"),
    "tree without questions": put([], *TREE_AT),
    "question that asks nothing": put("It opens.", *TREE_AT, 0, "ask"),
    "question with one answer": drop(*TREE_AT, 0, "answers", 0),
    "leaf with go and label": put("page", *TREE_AT, 0, "answers", 1, "go"),
    "leaf without clause": drop(*TREE_AT, 0, "answers", 1, "clause"),
    "leaf that ends nowhere": drop(*TREE_AT, 0, "answers", 1, "label"),
    "leaf of an unknown key": put("x", *TREE_AT, 0, "answers", 1, "lable"),
    "answer without text": drop(*TREE_AT, 0, "answers", 0, "text"),
    "label that is none": put("Spam", *TREE_AT, 0, "answers", 1, "label"),
    "case without id": drop(*CASE, "id"),
    "wrong verdict": put("maybe", *CASE, "verdict"),
    "wrong set": put("test", *CASE, "set"),
    "wrong surface": put("story", *CASE, "surface"),
    "odd language": put("english", *CASE, "language"),
    "clause as label": put("G01.1", *CASE, "label"),
    "no answers": put({}, *CASE, "answers"),
    "answer that is no text": put({"opens": True}, *CASE, "answers"),
    "four near labels": put(["a-a", "b-b", "c-c", "d-d"], *CASE, "near"),
    "no near labels": drop(*CASE, "near"),
    "contrast with a clause": put("G01.1", *CASE, "contrast"),
    "unknown key of a case": put(1, *CASE, "score"),
    "case without reason": drop(*CASE, "reason"),
    "no cases": put([], *GUIDE, "cases"),
    "text as criteria": put("One.", *LABELLED, "includes"),
    "empty criteria": put([""], *LABELLED, "excludes"),
    "unknown severity": put("critical", *LABELLED, "severity"),
    "unknown action": put(["DELETE"], *LABELLED, "actions"),
    "unknown surface": put(["story"], *LABELLED, "surfaces"),
    "statement in part": drop(*LABELLED, "statement", "facts"),
    "long ground": put("x" * 501, *LABELLED, "statement", "ground"),
    "unknown part of a statement": put("x", *LABELLED, "statement", "law"),
}


@pytest.fixture(scope="module")
def small():
    found = data(project())
    assert [one["id"] for one in found["documents"]] == ["index", "no-thing", "G01", "rules-index", "spam-x", "W01"]
    return found


@pytest.mark.parametrize("change", MUTATIONS.values(), ids=MUTATIONS)
def test_a_mistake_in_a_catalog_is_refused(change, small):
    VALIDATOR.validate(small)
    found = copy.deepcopy(small)
    change(found)
    assert found != small
    assert not VALIDATOR.is_valid(found)


NOTICE = {
    "id": "N001", "type": "notice", "kind": "substantive", "effective": FUTURE, "restores": "2026.11.02.2",
    "changes": ["G01", "G01.2", "tree/G01", "G01-02", "G01-K01", "spam-x"],
    "signed": {"Training": DAY, "Vendor Management": DAY}, "justified": {"tree/G01": "It asks the same."},
}  # fmt: skip
IN_A_NOTICE = {
    "changes a page": ("changes", ["home"]),
    "changes a tree of nothing": ("changes", ["tree/spam-x"]),
    "changes nothing": ("changes", []),
    "long id": ("changes", [f"spam-{'x' * 100}"]),
    "first day with a time": ("effective", "2027-02-01T00:00:00"),
    "first day that is none": ("effective", "2027-02-30"),
    "signed by a person": ("signed", {"Ann": "2026-11-23"}),
    "signed at some time": ("signed", {"Training": "yesterday"}),
    "justified for a page": ("justified", {"home": "Why."}),
    "justified by nothing": ("justified", {"G01.2": ""}),
    "restores the newest": ("restores", "latest"),
    "restores a first of a day": ("restores", "2026.11.02.1"),
}


@pytest.mark.parametrize(("field", "value"), IN_A_NOTICE.values(), ids=IN_A_NOTICE)
def test_a_mistake_in_a_notice_is_refused(field, value):
    found = data(project(bodies={"z.md": "Text.\n"}, z=NOTICE), INTERNAL)
    (notice,) = (one for one in found["documents"] if one["type"] == "notice")
    assert notice.keys() >= NOTICE.keys()
    VALIDATOR.validate(found)
    notice[field] = value
    assert not VALIDATOR.is_valid(found)
