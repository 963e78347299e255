"""Navigation: folders and pages in the order their documents give."""

from guidebook.navigation import marked, navigation
from guidebook.staging import view
from libraries import DAY, EXTERNAL, INTERNAL, loaded, simple


def nav(project, name=EXTERNAL):
    return navigation(view(loaded(project), name, DAY))


def test_pages_come_by_order_and_then_by_path_and_a_folder_starts_with_its_page():
    project = simple(
        dict.fromkeys(["b.md", "a.md", "z.md", "f/index.md",
                       "f/x.md", "f/g/index.md", "f/g/y.md", "parts/p.md"], "Text.\n"),
        z={"order": 1}, **{"f-index": {"order": 2}, "parts-p": {"type": "snippet", "id": "snippet-p"}},
    )  # fmt: skip
    assert nav(project) == [
        {"Index": "index.md"},
        {"Z": "z.md"},
        {"F-index": ["f/index.md", {"F-g-index": ["f/g/index.md", {"F-g-y": "f/g/y.md"}]}, {"F-x": "f/x.md"}]},
        {"A": "a.md"},
        {"B": "b.md"},
    ]


def test_what_is_withheld_is_not_listed():
    project = simple(
        dict.fromkeys(["a.md", "f/index.md", "f/x.md", "g/index.md", "g/x.md"], "Text.\n"),
        **{
            "a": {"audience": INTERNAL},
            "f-index": {"audience": INTERNAL},
            "f-x": {"audience": INTERNAL},
            "g-x": {"status": "draft"},
        },
    )
    assert nav(project) == [{"Index": "index.md"}, {"G-index": ["g/index.md"]}]
    assert nav(project, INTERNAL) == [
        {"Index": "index.md"},
        {"A": "a.md"},
        {"F-index": ["f/index.md", {"F-x": "f/x.md"}]},
        {"G-index": ["g/index.md", {"G-x": "g/x.md"}]},
    ]


def test_a_folder_counts_the_marks_of_its_pages_of_its_own_and_of_the_folders_in_it():
    marks = {"a.md": "new", "f/index.md": "changed", "f/x.md": "changed", "f/g/y.md": "new", "f/g/z.md": "changed"}
    assert marked(marks) == {
        "f/index.md": {"changed": 3, "new": 1},
        "f/g/index.md": {"changed": 1, "new": 1},
    }
    assert marked({}) == {}
