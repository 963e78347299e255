"""Metadata: every value is read or refused in plain words."""

import re

import pytest
from bodies import AUDIENCES, yaml_texts
from guidebook import frontmatter, metadata
from guidebook.frontmatter import FrontMatter
from hypothesis import given, settings
from hypothesis import strategies as st

GOOD = {
    "page": {"id": "a-page"},
    "guideline": {"id": "G04", "labels": "[spam-redirect]"},
    "label": {"id": "spam-redirect", "severity": "low", "actions": "[]", "surfaces": "[post]", "precedence": 1},
    "faq": {"id": "F01", "answers": "[G04.2]"},
    "workflow": {"id": "W01"},
    "notice": {"id": "N001", "changes": "[G04.2, spam-redirect]", "kind": "editorial"},
    "status": {"id": "S001", "state": "resolved", "impact": "none"},
    "checklist": {"id": "C01"},
    "snippet": {"id": "snippet-ask"},
}
COMMON = {
    "title": "A title", "summary": "A summary.", "audience": "external", "owner": "Quality", "status": "in-force",
    "valid_from": "2026-01-01", "review_by": "2027-01-01",
}  # fmt: skip
JARGON = re.compile(r"\^|\\d|\[0-9|\[a-z|pydantic|should|valid string|Input|NoneType|\bstr\b|\bdict\b")


def read(values):
    block = "".join(f"{key}: {value}\n" for key, value in values.items())
    return metadata.validate(frontmatter.read(block, 2), AUDIENCES, 1)


@pytest.mark.parametrize("kind", GOOD)
def test_a_document_of_each_type_is_read(kind):
    meta, faults = read({"type": kind, **COMMON, **GOOD[kind]})
    assert faults == []
    assert type(meta) is metadata.MODELS[kind]


@pytest.mark.parametrize("kind", [kind for kind, fields in GOOD.items() if fields["id"][-1].isdigit()])
@pytest.mark.parametrize("digit", ["\uff11", "\u0661"])  # full-width and Arabic: they look like ids, and are others
def test_an_id_has_plain_digits(kind, digit):
    ident = GOOD[kind]["id"][:-1] + digit
    meta, faults = read({"type": kind, **COMMON, **GOOD[kind], "id": ident})
    assert meta is None
    assert [fault.message.count(f"found `{ident}`") for fault in faults] == [1]


@pytest.mark.parametrize(
    "value", ["[]", "{}", "''", "!", "no", "12", "1.5", "2026-01-01", "~", "'<b>'", "[1]", "[[x]]", "'a b'"]
)
@pytest.mark.parametrize("kind", GOOD)
def test_each_wrong_value_is_refused_in_plain_words(kind, value):
    good = {"type": kind, **COMMON, **GOOD[kind]}
    for name in metadata.MODELS[kind].model_fields:
        block = "".join(f"{key}: {one}\n" for key, one in {**good, name: value}.items())
        matter = frontmatter.read(block, 2)
        if matter.faults:
            continue
        meta, faults = metadata.validate(matter, AUDIENCES, 1)
        assert (meta is None) == bool(faults)
        parts = 3 if (name, value) == ("statement", "{}") else 1  # each part that is missing is told
        assert len(faults) <= parts, faults
        for fault in faults:
            assert not JARGON.search(fault.message), fault
            assert fault.message.endswith("."), fault
            assert fault.line == matter.lines[name]


@settings(max_examples=200)
@given(yaml_texts)
def test_any_front_matter_is_read_or_refused(block):
    matter = frontmatter.read(block, 2)
    meta, faults = metadata.validate(matter, AUDIENCES, 1)
    assert (meta is None) == bool(faults)


simple = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.dates(), st.datetimes()
)
values = st.one_of(simple, st.lists(simple, max_size=3), st.dictionaries(st.text(max_size=5), simple, max_size=2))
keys = st.sampled_from([*metadata.field_names(), "x", "", "0", "a.b"])


@settings(max_examples=200)
@given(st.sampled_from(list(GOOD)), st.dictionaries(keys, values, max_size=4))
def test_any_values_are_read_or_refused(kind, wrong):
    matter = FrontMatter(values={"type": kind, **wrong}, lines=dict.fromkeys(wrong, 2))
    meta, faults = metadata.validate(matter, AUDIENCES, 1)
    assert (meta is None) == bool(faults)
    assert not any(JARGON.search(re.sub(r"`[^`]*`", "", fault.message)) for fault in faults)


@pytest.mark.parametrize("sign", list('<>"`[]{}\\'))
@pytest.mark.parametrize("name", ["title", "summary"])
def test_titles_and_summaries_are_plain_text(name, sign):
    value = "'a " + sign.replace("'", "''") + " b'"
    _, (fault,) = read({"type": "page", "id": "a-page", **COMMON, name: value})
    assert fault.rule == "metadata"


def test_a_misspelt_field_is_one_problem():
    values = {"type": "page", "id": "a-page", **COMMON, "sumary": "x"}
    del values["summary"]
    _, faults = read(values)
    assert [(fault.rule, "did you mean `summary`?" in fault.message) for fault in faults] == [("unknown-key", True)]


@pytest.mark.parametrize(("name", "day", "good"), [
    ("expires", "2026-01-01", False), ("expires", "2026-01-02", True), ("expires", "2025-12-31", False),
    ("review_by", "2026-01-01", False), ("review_by", "2026-01-02", True),
])  # fmt: skip
def test_days_are_in_order(name, day, good):
    meta, faults = read({"type": "page", "id": "a-page", **COMMON, name: day})
    assert (meta is not None) is good
    assert [fault.rule for fault in faults] == ["dates-in-order"] * (not good)


def test_the_schema_for_editors_knows_every_type():
    known = metadata.json_schema()
    assert known["discriminator"]["propertyName"] == "type"
    assert len(known["oneOf"]) == len(metadata.MODELS)


def test_the_reference_lists_every_field_once_for_its_type():
    listed = {name: [row[0] for row in rows] for name, _, rows in metadata.reference()}
    for kind, model in metadata.MODELS.items():
        assert sorted([*listed["every type"], *listed[kind], "type"]) == sorted(model.model_fields)
