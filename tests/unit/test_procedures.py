"""Procedures of an edition: picture, data and image of each table of steps that it shows, and of no other."""

import json
import re
from pathlib import Path

import pytest
import worked
from guidebook import catalog, drawing, steps
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from libraries import DAY, EXTERNAL, INTERNAL, PAST, STEPS, projects, trees

SCHEMA = json.loads(Path(catalog.__file__).with_name(catalog.SCHEMA).read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
TABLE = STEPS.partition("## Steps\n\n")[2].strip()
FORK = f"""{TABLE.replace("Record |", "Record | Next |").replace("--- |", "--- | --- |", 1)} 2; end if `all` is well |
| 2 | Reviewer | **Check** [G04.1] | 1 hour | `Log` \\| page | 1; [W02] if late |"""


def passage(text, head="internal\n    reason: tooling"):
    return f"/// {head}\n\n{text}\n\n///"


def project(*parts):
    return worked.project(others={"w02.md": "\n\n".join(("## Open", TABLE, *parts)) + "\n"})


def seen(tree):
    """Return the pictures that an edition holds, that its data has rows for and that its pages show, by path."""
    files = [path for path, data in tree.items() if path.endswith(".svg") and b"who does what" in data]
    rows = [one for row in json.loads(tree["docs/catalog.json"])["documents"] for one in row.get("procedures", [])]
    shown = [
        str(Path(path).with_name(name))
        for path, data in tree.items()
        for name in re.findall(r"!\[Who does[^]]*\]\((.*)\){ \.gb-steps }\n\n\| Step", data.decode("utf-8", "replace"))
    ]
    return sorted(files), sorted(f"docs/{one['url'].replace('/#', '-')}.svg" for one in rows), sorted(shown)


@pytest.mark.parametrize("inner", [f"## Hidden way\n\n{FORK}", f"Text.\n\n## Hidden way\n\n{FORK}\n\nText."])
@pytest.mark.parametrize("head", ["internal\n    reason: tooling", f"effective\n    until: {DAY}"])
def test_steps_that_readers_may_not_see_have_no_picture_no_row_and_no_image(inner, head):
    made = project(passage(inner, head), "After.")
    outside, inside = worked.staged(made), worked.staged(made, INTERNAL)
    assert outside == worked.staged(project("After."))
    assert seen(outside) == (["docs/w02-open.svg"],) * 3
    staff = ["docs/w02-hidden-way.svg"] if head.startswith("internal") else []
    assert seen(inside) == ([*staff, "docs/w02-open.svg"],) * 3


def test_a_heading_that_readers_may_not_see_names_no_picture():
    made = worked.project(others={"w02.md": f"## Open\n\n{passage('## Secret lane')}\n\n{TABLE}\n"})
    outside = worked.staged(made)
    assert seen(outside) == (["docs/w02-open.svg"],) * 3
    assert [path for path, data in outside.items() if re.search(rb"(?i)secret.lane", path.encode() + data)] == []


def test_steps_of_a_passage_in_force_are_shown():
    made = project(passage(f"## More\n\n{FORK}", f"effective\n    from: {PAST}"))
    for name in (EXTERNAL, INTERNAL):
        assert seen(worked.staged(made, name)) == (["docs/w02-more.svg", "docs/w02-open.svg"],) * 3


def test_a_picture_stands_above_its_table():
    made = project("## More", FORK)
    images = worked.page(made, EXTERNAL, "w02.md").find_all("img")
    assert [(one["src"], one["class"]) for one in images] == [(f"w02-{n}.svg", ["gb-steps"]) for n in ("open", "more")]
    for one in images:
        assert [cell.text for cell in one.parent.find_next_sibling().find_all("th")][:5] == list(steps.COLUMNS)
    document = worked.loaded(made).documents["w02.md"]
    tree = worked.staged(made)
    for one in document.procedures:
        assert tree[f"docs/{drawing.picture('w02.md', one)}"].decode() == drawing.draw(one)


def test_a_page_of_another_kind_has_no_picture_of_its_tables():
    assert seen(worked.staged(worked.project(others={"other.md": STEPS}))) == (["docs/w02-steps.svg"],) * 3


@settings(max_examples=15)
@given(projects)
def test_each_edition_has_as_many_pictures_as_tables(made):
    for tree in trees(made).values():
        files, rows, shown = seen(tree)
        assert files == rows == shown
        assert len(files) == sum(len(re.findall(rb"(?m)^\| Step \| Role", data)) for data in tree.values())
        VALIDATOR.validate(json.loads(tree["docs/catalog.json"]))


# Data


def test_steps_are_exported_in_plain_text():
    data = json.loads(worked.staged(project("## More", FORK))["docs/catalog.json"])
    VALIDATOR.validate(data)
    (row,) = [one for one in data["documents"] if one["id"] == "W02"]
    assert [(one["title"], one["url"]) for one in row["procedures"]] == [("Open", "w02/#open"), ("More", "w02/#more")]
    ask, check = row["procedures"][1]["steps"]
    assert ask["next"] == [{"to": "2"}, {"to": "end", "if": "all is well"}]
    assert check == {
        "step": 2, "name": "Check", "role": "Reviewer", "action": "Check G04.1", "timer": "1 hour",
        "record": "Log | page", "next": [{"to": "1"}, {"to": "W02", "if": "late"}],
    }  # fmt: skip
    part = SCHEMA["$defs"]["action"]["properties"]
    assert (
        SCHEMA["$defs"]["procedure"]["properties"]["steps"]["maxItems"] == part["step"]["maximum"] == steps.MOST_STEPS
    )
    assert part["name"]["maxLength"] == steps.LONGEST_NAME
    for where, wrong in (
        *((check, {key: ""}) for key in ("name", "role", "action", "timer", "record")),
        *((check, {"next": one}) for one in ([], [{}], [{"to": "3x"}], [{"to": "G04"}], [{"to": "1", "if": ""}])),
        *((check, one) for one in ({"step": 13}, {"step": "2"}, {"more": 1}, {"name": "x" * 33})),
        *((row["procedures"][0], one) for one in ({"steps": []}, {"title": ""}, {"line": 1})),
    ):
        before = dict(where)
        where.update(wrong)
        assert not VALIDATOR.is_valid(data), wrong
        where.clear()
        where.update(before)
    VALIDATOR.validate(data)
