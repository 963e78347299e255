"""Generated parts: tables, lists and facts that follow from other documents, as far as the edition shows them."""

from typing import get_args

import pytest
from bs4 import BeautifulSoup
from guidebook import generated
from guidebook.metadata import Decision
from guidebook.rules import GUIDELINE_SECTIONS
from libraries import EXTERNAL, FUTURE, INTERNAL, ODD, loaded, render, simple, trees

SECTIONS = "".join(
    f"## {name}\n\n{'### G01.1 One' if name == 'Clauses' else 'Text.'}\n\n" for name in GUIDELINE_SECTIONS
)
LABEL = {
    "type": "label",
    "severity": "high",
    "actions": ["DECISION_ACCOUNT_SUSPENDED", "DECISION_MONETARY_TERMINATION"],
    "escalate": True,
    "dsa_category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "dsa_keyword": "KEYWORD_PHISHING",
}


def project(**meta):
    fields = {
        "rules-g01": {"id": "G01", "type": "guideline", "labels": ["spam-x"]},
        "spam-x": LABEL,
        "f01": {"id": "F01", "type": "faq", "answers": ["G01.1"]},
        "n001": {"id": "N001", "type": "notice", "changes": ["G01.1", "spam-x"], "kind": "substantive"},
        "s001": {"id": "S001", "type": "status", "state": "in_progress", "impact": "major", "next_update": FUTURE},
    }
    bodies = dict.fromkeys(["spam-x.md", "f01.md", "n001.md", "s001.md", "rules/index.md"], "Text.\n")
    return simple(
        bodies | {"rules/g01.md": SECTIONS}, **{name: row | meta.get(name, {}) for name, row in fields.items()}
    )


def text(made, path, name=EXTERNAL):
    loaded(made)
    return trees(made)[name][f"docs/{path}"].decode()


def shown(made, path, name=EXTERNAL):
    loaded(made)
    return BeautifulSoup(render(trees(made)[name], path), "html.parser")


def without(made, *fields):
    made.edition["fields"] = [name for name in made.edition["fields"] if name not in fields]
    return made


def test_every_decision_has_its_words():
    assert set(generated.ACTIONS) == set(get_args(Decision))


def test_a_label_says_what_follows_from_it():
    rows = [[cell.text for cell in row.find_all("td")] for row in shown(project(), "spam-x.md").tbody.find_all("tr")]
    assert rows == [
        ["Severity", "high"],
        ["Action", "Suspend the account, then end payments, then escalate"],
        ["Escalate", "Yes"],
        ["DSA category", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"],
        ["DSA keyword", "KEYWORD_PHISHING"],
    ]


@pytest.mark.parametrize(
    ("field", "path", "words"),
    [
        ("severity", "spam-x.md", ["high"]),
        ("severity", "rules/g01.md", ["high", "Severity"]),
        ("actions", "spam-x.md", ["Suspend"]),
        ("actions", "rules/g01.md", ["Suspend", "| Action"]),
        ("escalate", "spam-x.md", ["escalate", "Escalate"]),
        ("escalate", "rules/g01.md", ["then escalate"]),
        ("dsa_category", "spam-x.md", ["SCAMS"]),
        ("dsa_keyword", "spam-x.md", ["PHISHING"]),
        ("labels", "rules/g01.md", ["spam-x"]),
        ("labels", "spam-x.md", ["Used by", "G01"]),
        ("answers", "rules/g01.md", ["Known questions", "F01"]),
        ("answers", "f01.md", ["Answers", "G01"]),
        ("changes", "n001.md", ["Changes", "G01", "change** to"]),
        ("kind", "n001.md", ["Substantive", "substantive"]),
        ("state", "s001.md", ["State", "in progress"]),
        ("impact", "s001.md", ["Impact", "major"]),
        ("next_update", "s001.md", ["Next update", str(FUTURE)]),
    ],
)
def test_a_field_that_is_not_shown_shows_nowhere(field, path, words):
    assert any(word in text(project(), path).split("\n---\n", 1)[1] for word in words)
    hidden = text(without(project(), field), path)
    assert [word for word in words if word in hidden] == []
    assert any(word in text(without(project(), field), path, INTERNAL) for word in words)


def test_a_class_for_severity_is_given_only_where_severity_is_shown():
    assert ".severity-high" in text(project(), "rules/g01.md")
    assert "severity" not in text(without(project(), "severity"), "rules/g01.md")
    assert "severity" not in text(without(project(), "severity"), "n001.md")


def test_what_refers_to_a_page_is_listed_on_it_for_those_who_may_read_it():
    made = project(f01={"audience": INTERNAL}, **{"rules-g01": {"audience": EXTERNAL}})
    assert "known-questions" not in text(made, "rules/g01.md")
    assert '- [F01](../f01.md "F01"){ .document } F01: Summary.' in text(made, "rules/g01.md", INTERNAL)
    made.docs["rules/g01.md"].meta["audience"] = made.docs["n001.md"].meta["audience"] = INTERNAL
    assert "used-by" not in text(made, "spam-x.md")
    assert '- [G01](rules/g01.md "Rules-g01"){ .document } Rules-g01' in text(made, "spam-x.md", INTERNAL)


def test_a_draft_and_a_retired_page_say_so():
    made = simple({"one.md": "Text.\n", "two.md": "Text.\n"}, one={"status": "draft"}, two={"status": "retired"})
    assert "docs/one.md" not in trees(made)[EXTERNAL]
    assert shown(made, "one.md", INTERNAL).find(class_="admonition-title").text == "Draft: not in force"
    assert shown(made, "two.md").find(class_="admonition-title").text == "Retired"


@pytest.mark.parametrize("odd", ODD)
def test_titles_and_summaries_are_shown_to_the_letter(odd):
    row = {"title": odd, "summary": odd}
    made = project(**{"f01": row, "spam-x": row, "rules-g01": row})
    words = odd.replace("&amp;", "&")
    index = shown(made, "rules/index.md")
    assert [cell.text for cell in index.tbody.find_all("td")] == ["G01", words, words]
    rules = shown(made, "rules/g01.md")
    assert [cell.text for cell in rules.find("h2", id="labels-and-actions").find_next("tbody").find_all("td")][:2] == [
        "spam-x",
        words,
    ]
    assert rules.find("h2", id="known-questions").find_next("li").text == f"F01 {words}: {words}"
    assert shown(made, "spam-x.md").find("h2", id="used-by").find_next("li").text == f"G01 {words}"


def test_a_folder_lists_its_pages_and_folders_in_order():
    made = simple(
        dict.fromkeys(["a/index.md", "a/w02.md", "a/w01.md", "a/b/index.md", "a/b/deep.md", "a/secret.md"], "Text.\n"),
        **{"a-w01": {"id": "W01", "type": "workflow"}, "a-w02": {"id": "W02", "type": "workflow", "order": 1},
           "a-b-index": {"order": 2}, "a-secret": {"audience": INTERNAL}},
    )  # fmt: skip
    rows = [[cell.text for cell in row.find_all("td")] for row in shown(made, "a/index.md").tbody.find_all("tr")]
    assert rows == [["W02", "A-w02", "Summary."], ["", "A-b-index", "Summary."], ["W01", "A-w01", "Summary."]]
    assert "[A-b-index](b/index.md)" in text(made, "a/index.md")
    assert "[A-secret](secret.md)" in text(made, "a/index.md", INTERNAL)
    assert "| Page | What it says |" in text(made, "a/b/index.md")


def test_a_guideline_jumps_to_the_sections_that_decide():
    jumps = shown(project(), "rules/g01.md").find(class_="gb-jump")
    assert [link["href"] for link in jumps.find_all("a")] == [
        "#decision-tree", "#labels-and-actions", "#cases", "#exceptions-and-precedence", "#escalate-when",
    ]  # fmt: skip


def test_a_guideline_does_not_jump_to_a_section_that_is_withheld():
    made = project()
    body = made.docs["rules/g01.md"].body
    head, last = body.split("## Escalate when")
    hidden = f"/// internal\n    reason: legal\n\n## Escalate when{last.rstrip()}\n///\n"
    made.docs["rules/g01.md"].body = head + hidden
    assert "escalate-when" not in text(made, "rules/g01.md")
    assert "[Escalate when](#escalate-when)" in text(made, "rules/g01.md", INTERNAL)
    made.docs[
        "rules/g01.md"
    ].body = f"/// internal\n    reason: legal\n\n{body.replace('### G01.1 One', 'Text.').rstrip()}\n///\n"
    del made.docs["f01.md"], made.docs["n001.md"]
    assert "gb-jump" not in text(made, "rules/g01.md")
