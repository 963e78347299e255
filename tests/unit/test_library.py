"""The library: read whole from a folder, and what cannot be read named once."""

import datetime as dt
import os

import pytest
from bodies import FRONT
from guidebook import library, problems
from guidebook.documents import cut, inside
from guidebook.glossary import read as read_glossary
from guidebook.problems import Problem, Severity
from guidebook.rules import check
from hypothesis import given
from hypothesis import strategies as st

SETTINGS = """extra:
  editions:
    external: {title: T, readers: R, reads: [external], branch: a}
    internal: {title: T, readers: R, reads: '*', branch: b}
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "mkdocs.yml").write_text(SETTINGS)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(FRONT + "\nText.\n")
    return tmp_path


def test_a_project_is_read(root):
    loaded = library.load(root)
    assert loaded.problems == ()
    assert list(loaded.library.documents) == ["index.md"]
    assert list(loaded.library.by_id) == ["a-page"]
    assert check(loaded.library, dt.date(2026, 11, 23)) == []


@pytest.mark.parametrize("change", [
    lambda file: file.unlink(),
    lambda file: (file.rename(file.with_name("x")), file.symlink_to("x")),
    lambda file: (file.unlink(), os.mkfifo(file)),
    lambda file: (file.unlink(), file.mkdir()),
    lambda file: file.write_bytes(b"\xff"),
    lambda file: file.write_text("#" * 200_000),
    lambda file: file.write_text("a: &x [*x]"),
    lambda file: file.write_text(""),
])  # fmt: skip
def test_without_a_configuration_there_is_no_library(root, change):
    change(root / "mkdocs.yml")
    loaded = library.load(root)
    assert loaded.library is None
    assert [problem.path for problem in loaded.problems] == ["mkdocs.yml"]


def test_the_themes_links_and_hidden_files_are_left_out(root):
    folder = root / "overrides"
    folder.mkdir()
    (folder / "main.html").write_text("x")
    (folder / ".secret").write_text("x")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")
    assert library.read_overrides(folder) == {"main.html": b"x"}
    assert library.read_overrides(root / "gone") == {}


def test_problems_are_ordered_and_none_twice():
    one, two = Problem("a", 2, "r", "m"), Problem("a", 10, "r", "m", Severity.WARNING)
    assert problems.ordered([two, one, two]) == [one, two]
    assert problems.errors([one, two]) == [one]
    assert str(two) == "a:10: warning: m [r]"
    assert problems.ProblemsError([two, one]).problems == [one, two]


@given(st.text(max_size=40), st.lists(st.integers(0, 40), max_size=6), st.sampled_from(["", "new"]))
def test_cutting_removes_what_it_says_and_nothing_else(text, places, new):
    places = sorted(min(place, len(text)) for place in places)
    spans = list(zip(places[::2], places[1::2], strict=False))
    kept = "".join(char for at, char in enumerate(text) if not inside(at, spans))
    found = cut(text, [(start, end, new) for start, end in spans])
    assert len(found) == len(kept) + len(new) * len(spans)
    assert new or found == kept


def test_a_glossary_gives_the_terms_a_text_uses():
    terms = read_glossary(
        "Link preview\n:   What a [reviewer](a.md) **sees**.\n\nC++\n:   A language.\n\nNo term\n: Odd.\n"
    )
    assert terms.definitions == {"Link preview": "What a reviewer sees.", "C++": "A language."}
    assert terms.used_in("A link preview, C++ and previews; LINK preview.") == [
        "*[C++]: A language.",
        "*[link preview]: What a reviewer sees.",
    ]
    terms = read_glossary("Link\n:   A.\n\nLink preview\n:   B.\n")
    assert terms.used_in("a link preview") == ["*[link preview]: B."], "the longest term is the one that is meant"
    assert read_glossary("").used_in("anything") == []


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_glossary_can_be_asked(text, page):
    read_glossary(text).used_in(page)
