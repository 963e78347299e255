"""Numbers of documents: the next one, and gaps that tell outsiders of something."""

import json

import pytest
from guidebook import catalog, numbering, staging, timeline
from libraries import DAY, EXTERNAL, INTERNAL, loaded, simple

STATUS = {"type": "status", "state": "investigating", "impact": "minor"}


def library(**audiences):
    """Return a library of status updates, each with its audience, or `draft`."""
    fields = {
        name: {**STATUS, "id": name.upper(), "audience": INTERNAL if who == "draft" else who,
               "status": "draft" if who == "draft" else "in-force"}
        for name, who in audiences.items()
    }  # fmt: skip
    return loaded(simple({f"{name}.md": "Text.\n" for name in fields}, **fields))


def gaps(made, name=EXTERNAL, known=None):
    found = list(numbering.check(staging.view(made, name, DAY), known))
    assert {one.rule for one in found} <= {"number-gap"}
    return [one.path for one in found]


@pytest.mark.parametrize(
    ("audiences", "internal", "expected"),
    [
        ({}, False, "S001"),
        ({}, True, "S501"),
        ({"s001": EXTERNAL, "s003": EXTERNAL, "s501": INTERNAL}, False, "S004"),
        ({"s001": EXTERNAL, "s003": EXTERNAL, "s501": INTERNAL}, True, "S502"),
        ({"s500": EXTERNAL, "s501": INTERNAL}, False, "S502"),
    ],
)
def test_the_next_number_follows_the_last_of_its_half(audiences, internal, expected):
    assert numbering.next_id(library(**audiences), "status", internal=internal) == expected


@pytest.mark.parametrize(
    ("audiences", "told"),
    [
        ({"s001": EXTERNAL, "s002": INTERNAL, "s003": EXTERNAL}, ["docs/s002.md"]),
        ({"s001": INTERNAL, "s002": EXTERNAL}, ["docs/s001.md"]),
        ({"s001": EXTERNAL, "s002": INTERNAL}, []),  # nothing follows that would show a gap
        ({"s001": EXTERNAL, "s002": "draft", "s003": EXTERNAL}, []),
        ({"s001": EXTERNAL, "s003": EXTERNAL}, []),  # nothing is hidden
        ({"s001": EXTERNAL, "s501": INTERNAL, "s502": EXTERNAL}, []),
        ({"s001": INTERNAL, "s501": EXTERNAL}, []),
    ],
)
def test_what_is_hidden_leaves_no_gap(audiences, told):
    made = library(**audiences)
    assert gaps(made) == told
    assert gaps(made, INTERNAL) == []


def test_what_readers_have_seen_once_may_be_missing():
    made = library(s001=EXTERNAL, s002=INTERNAL, s003=EXTERNAL)
    before = staging.view(library(s001=EXTERNAL, s002=EXTERNAL), EXTERNAL, DAY)
    rows = [{**catalog.row(before, one), "sha256": "0" * 64} for one in before.pages]
    known = timeline.read(timeline.extended(None, catalog.dump(EXTERNAL, rows).encode(), "2026.11.22"))
    assert gaps(made, known=known) == []
    others = [row for row in rows if row["id"] != "S002"]
    known = timeline.read(
        timeline.extended(None, json.dumps({"edition": EXTERNAL, "documents": others}).encode(), "2026.11.22")
    )
    assert gaps(made, known=known) == ["docs/s002.md"]
