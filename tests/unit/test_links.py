"""Links: Markdown that leads from one page to another."""

import posixpath

import pytest
from guidebook import links
from guidebook.rules import GUIDELINE_SECTIONS
from hypothesis import given
from hypothesis import strategies as st
from libraries import EXTERNAL, simple, trees

parts = st.lists(st.sampled_from("abc"), max_size=3)


@given(parts, parts)
def test_a_relative_path_leads_back_to_its_target(one, other):
    target, origin = posixpath.join(*one, "x.md"), posixpath.join(*other, "y.md")
    where = links.relative(target, origin)
    assert posixpath.normpath(posixpath.join(posixpath.dirname(origin), where)) == target
    assert not where.startswith("/")


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Two *words*", "Two words"),
        ("`code` and **bold**", "code and bold"),
        ("See [W01] and [a page](../b.md)", "See W01 and a page"),
        (r"A \[bracket\] \| \# x", "A bracket | # x"),
        ('Say "hi"', 'Say "hi"'),
        ("one_two", "one_two"),
    ],
)
def test_a_heading_is_read_as_words(markdown, words):
    assert links.plain(markdown) == words


@given(st.text(st.sampled_from("a *_|#")))
def test_escaping_only_adds_backslashes(text):
    assert links.escape(text).replace("\\", "") == text


def test_a_page_leads_to_itself_and_to_its_clauses():
    clause = "### G01.1 A | *b*\n\n[G01.1] [G01]"
    leaf = "{label: no-action, clause: G01.1}"
    tree = f"```tree\nopen:\n  ask: Is it?\n  answers:\n    Yes: {leaf}\n    No: {leaf}\n```"
    parts = {"Clauses": clause, "Decision tree": tree}
    body = "".join(f"## {name}\n\n{parts.get(name, 'x')}\n\n" for name in GUIDELINE_SECTIONS)
    label = "[G01.1]\n\n## Includes\n\n- A\n\n## Excludes\n\n" + "- A: [no-action]\n" * 3
    project = simple(
        {"a/g01.md": body, "a/index.md": "[G01.1]\n", "no-action.md": label},
        **{
            "a-g01": {"id": "G01", "type": "guideline", "labels": ["no-action"]},
            "no-action": {"type": "label", "severity": "none", "actions": [], "surfaces": ["post"], "precedence": 1},
        },
    )
    tree = trees(project)[EXTERNAL]
    assert b'[G01.1](#g01-1 "A \\| b"){ .clause } [G01](g01.md "A-g01"){ .document }' in tree["docs/a/g01.md"]
    assert b'[G01.1](g01.md#g01-1 "A \\| b"){ .clause }' in tree["docs/a/index.md"]
    assert b'[G01.1](a/g01.md#g01-1 "A \\| b"){ .clause }' in tree["docs/no-action.md"]
