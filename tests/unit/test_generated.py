"""Generated parts: tables, lists and facts that follow from other documents, as far as the edition shows them."""

import datetime as dt
import json
from itertools import product
from typing import get_args

import pytest
import worked
from bs4 import BeautifulSoup
from growing import signed
from guidebook import generated
from guidebook.metadata import Decision
from libraries import DAY, EXTERNAL, FUTURE, INTERNAL, ODD, PAST, STEPS, Doc, loaded, render, simple, trees
from worked import CLAUSES

ACTIONS = ["DECISION_ACCOUNT_SUSPENDED", "DECISION_MONETARY_TERMINATION"]
STATEMENT = {"ground": "The rule: no | *stars*.", "explanation": "Why it falls under it.", "facts": "On … we found …."}
FIELDS = {
    "rules-g04": {"retired": {"G04.9": {"to": "G04.1", "why": "One rule is enough."}}},
    "spam-x": {
        "severity": "high",
        "actions": ACTIONS,
        "escalate": True,
        "dsa_keyword": "KEYWORD_PHISHING",
        "surfaces": ["comment", "post"],
        "precedence": 7,
        "ozone": "reasonMisleadingScam",
        "statement": STATEMENT,
    },
    "f01": {"id": "F01", "type": "faq", "answers": ["G04.1"], "renewed": DAY},
    "n001": {"id": "N001", "type": "notice", "changes": ["G04.1", "spam-x"], "kind": "substantive",
             "signed": signed({"valid_from": PAST, "owner": "Quality"})},
    "s001": {"id": "S001", "type": "status", "state": "in_progress", "impact": "major", "next_update": FUTURE},
}  # fmt: skip


def project(text=None, **meta):
    others = dict.fromkeys(["f01.md", "n001.md", "s001.md"], "Text.\n")
    names = {*FIELDS, *meta}
    made = worked.project(text, others, **{name: FIELDS.get(name, {}) | meta.get(name, {}) for name in names})
    made.edition["fields"].append("ozone")
    return made


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
        ["Applied to", "comment, post"],
        ["Precedence", "7 (the lower wins)"],
        ["DSA category", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"],
        ["DSA keyword", "KEYWORD_PHISHING"],
        ["Ozone reason", "reasonMisleadingScam"],
    ]


def test_a_label_that_strikes_says_what_repeats_lead_to():
    strike = {"severity": "low", "strike": "First | a *warning*; then it_is closed."}
    made = project(**{"spam-x": strike})
    rows = [[cell.text for cell in row.find_all("td")] for row in shown(made, "spam-x.md").tbody.find_all("tr")]
    assert ["Strikes", strike["strike"]] in rows
    assert "Strikes" not in text(without(made, "strike"), "spam-x.md")
    assert "Strikes" not in text(project(), "spam-x.md")


def test_a_label_gives_the_texts_of_its_statement_of_reasons_to_the_letter():
    heading = shown(project(), "spam-x.md").find("h2", id="statement-of-reasons")
    rows = heading.find_next("dl").find_all(["dt", "dd"])
    assert [(row.name, row.text.strip()) for row in rows] == [
        ("dt", "Ground"), ("dd", STATEMENT["ground"]), ("dt", "Explanation"), ("dd", STATEMENT["explanation"]),
        ("dt", "Facts"), ("dd", STATEMENT["facts"]),
    ]  # fmt: skip
    assert "statement-of-reasons" not in text(project(), "no-action.md")


@pytest.mark.parametrize(
    ("field", "path", "words"),
    [
        ("severity", "spam-x.md", ["high"]),
        ("severity", "rules/g04.md", ["high", "Severity"]),
        ("actions", "spam-x.md", ["Suspend"]),
        ("actions", "rules/g04.md", ["Suspend", "| Action"]),
        ("escalate", "spam-x.md", ["escalate", "Escalate"]),
        ("escalate", "rules/g04.md", ["then escalate"]),
        ("dsa_category", "spam-x.md", ["SCAMS"]),
        ("dsa_keyword", "spam-x.md", ["PHISHING"]),
        ("surfaces", "spam-x.md", ["Applied to", "comment"]),
        ("precedence", "spam-x.md", ["Precedence", "7 (the"]),
        ("ozone", "spam-x.md", ["Ozone", "MisleadingScam"]),
        ("statement", "spam-x.md", ["Statement of reasons", "falls under"]),
        ("retired", "rules/g04.md", ["Retired clauses", "g04-9", "One rule is enough"]),
        ("labels", "rules/g04.md", ["| Label", "labels:"]),
        ("labels", "spam-x.md", ["Used by", "G04"]),
        ("answers", "rules/g04.md", ["Known questions", "F01"]),
        ("answers", "f01.md", ["Answers", "G04"]),
        ("changes", "n001.md", ["Changes", "G04", "change** to"]),
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
    assert ".severity-high" in text(project(), "rules/g04.md")
    assert "severity" not in text(without(project(), "severity"), "rules/g04.md")
    assert "severity" not in text(without(project(), "severity"), "n001.md")


def test_what_refers_to_a_page_is_listed_on_it_for_those_who_may_read_it():
    made = project(f01={"audience": INTERNAL}, **{"rules-g04": {"audience": EXTERNAL}})
    assert "Known questions" not in text(made, "rules/g04.md")
    assert '\n\nKnown questions: [F01](../f01.md "F01"){ .document } F01\n{ .gb-known }\n\n### G04.2' in text(
        made, "rules/g04.md", INTERNAL
    )
    made.docs["rules/g04.md"].meta["audience"] = made.docs["n001.md"].meta["audience"] = INTERNAL
    assert "used-by" not in text(made, "spam-x.md")
    assert '- [G04](rules/g04.md "Rules-g04"){ .document } Rules-g04' in text(made, "spam-x.md", INTERNAL)


def test_a_draft_and_a_retired_page_say_so():
    made = simple({"one.md": "Text.\n", "two.md": "Text.\n"}, one={"status": "draft"}, two={"status": "retired"})
    assert "docs/one.md" not in trees(made)[EXTERNAL]
    assert shown(made, "one.md", INTERNAL).find(class_="admonition-title").text == "Draft: not in force"
    assert shown(made, "two.md").find(class_="admonition-title").text == "Retired"


@pytest.mark.parametrize("odd", ODD)
def test_titles_and_summaries_are_shown_to_the_letter(odd):
    row = {"title": odd, "summary": odd}
    made = project(**{"f01": row, "spam-x": row, "rules-g04": row})
    words = odd.replace("&amp;", "&")
    index = shown(made, "rules/index.md")
    assert [cell.text for cell in index.tbody.find_all("td")] == ["G04", words, words]
    rules = shown(made, "rules/g04.md")
    assert [cell.text for cell in rules.find("h2", id="labels-and-actions").find_next("tbody").find_all("td")][:2] == [
        "spam-x",
        words,
    ]
    assert rules.find(class_="gb-known").text == f"Known questions: F01 {words}"
    used_by = shown(made, "spam-x.md").find("h2", id="used-by").find_next("li")
    used_by.ul.extract()
    assert used_by.text.rstrip("\n") == f"G04 {words}"


def test_a_folder_lists_its_pages_and_folders_in_order():
    made = simple(
        dict.fromkeys(["a/index.md", "a/w02.md", "a/w01.md", "a/b/index.md", "a/b/deep.md", "a/secret.md"], STEPS)
        | {"a/index.md": "Text.\n"},
        **{"a-w01": {"id": "W01", "type": "workflow"}, "a-w02": {"id": "W02", "type": "workflow", "order": 1},
           "a-b-index": {"order": 2}, "a-secret": {"audience": INTERNAL}},
    )  # fmt: skip
    rows = [[cell.text for cell in row.find_all("td")] for row in shown(made, "a/index.md").tbody.find_all("tr")]
    assert rows == [["W02", "A-w02", "Summary."], ["", "A-b-index", "Summary."], ["W01", "A-w01", "Summary."]]
    assert "[A-b-index](b/index.md)" in text(made, "a/index.md")
    assert "[A-secret](secret.md)" in text(made, "a/index.md", INTERNAL)
    assert "| Page | What it says |" in text(made, "a/b/index.md")


def test_a_guideline_jumps_to_the_sections_that_decide():
    jumps = shown(project(), "rules/g04.md").find(class_="gb-jump")
    assert [link["href"] for link in jumps.find_all("a")] == [
        "#decision-tree", "#labels-and-actions", "#cases", "#exceptions-and-precedence", "#escalate-when",
    ]  # fmt: skip


def test_a_guideline_does_not_jump_to_a_section_that_is_withheld():
    made = project()
    body = made.docs["rules/g04.md"].body
    head, last = body.split("## Escalate when")
    hidden = f"/// internal\n    reason: legal\n\n## Escalate when{last.rstrip()}\n///\n"
    made.docs["rules/g04.md"].body = head + hidden
    assert "escalate-when" not in text(made, "rules/g04.md")
    assert "[Escalate when](#escalate-when)" in text(made, "rules/g04.md", INTERNAL)
    for title in generated.JUMPS:
        body = body.replace(f"## {title}\n", f"/// internal\n    reason: legal\n\n## {title}\n\nHint.\n///\n")
    made.docs["rules/g04.md"].body = body
    assert "gb-jump" not in text(made, "rules/g04.md")
    assert text(made, "rules/g04.md", INTERNAL).count("gb-jump") == 1


# Questions that are known under a clause


def asked(**faqs):
    """Return the guideline with these FAQs, each given by its own fields."""
    fields = {name: {"id": name.upper(), "type": "faq", "renewed": DAY, **row} for name, row in faqs.items()}
    return worked.project(None, {f"{name}.md": "Text.\n" for name in faqs}, **fields)


def known(made, name=EXTERNAL):
    lines = shown(made, worked.PATH, name).find_all(class_="gb-known")
    return {line.find_previous("h3")["data-clause"]: line.text for line in lines}


def test_each_clause_names_the_questions_that_it_answers():
    made = asked(f01={"answers": ["G04.2", "G04.1"], "title": "First"}, f02={"answers": ["G04.2"], "title": "Second"})
    assert known(made) == {
        "G04.1": "Known questions: F01 First", "G04.2": "Known questions: F01 First, F02 Second",
    }  # fmt: skip
    links = shown(made, worked.PATH).find_all(class_="gb-known")[1].find_all("a")
    assert [(link.text, link["href"]) for link in links] == [("F01", "../f01.md"), ("F02", "../f02.md")]
    assert known(asked(f01={"answers": ["G04.2"]})) == {"G04.2": "Known questions: F01 F01"}
    assert known(asked()) == {}


@pytest.mark.parametrize(
    ("fields", "inside"),
    [
        ({"audience": INTERNAL}, True),
        ({"status": "draft"}, True),
        ({"valid_from": FUTURE, "renewed": FUTURE}, False),
        ({"expires": DAY}, False),
    ],
)
def test_questions_that_an_edition_does_not_show_are_not_known_there(fields, inside):
    made = asked(f01={"answers": ["G04.1"], "title": "Hidden one"} | fields)
    assert known(made) == {}
    assert "F01" not in text(made, worked.PATH)
    assert known(made, INTERNAL) == ({"G04.1": "Known questions: F01 Hidden one"} if inside else {})


# Change history


def history(made, path, name=EXTERNAL):
    heading = shown(made, path, name).find("h2", id="change-history")
    return [" ".join(one.text.split()) for one in heading.find_next("ul").find_all("li")] if heading else []


def test_a_page_tells_what_changed_on_it_the_newest_first():
    early, late = PAST.isoformat(), DAY.isoformat()
    made = project(n001={"valid_from": PAST, "title": "A *a*"})
    one = made.docs["n001.md"].meta
    later = one | {"id": "N002", "changes": ["G04.2", "G04.1"], "valid_from": DAY, "title": "B | b"}
    hidden = one | {"id": "N003", "audience": INTERNAL, "title": "C"}
    made.docs |= {"n002.md": Doc(later, "Text.\n"), "n003.md": Doc(hidden, "Text.\n")}
    assert history(made, worked.PATH) == [
        f"{late}: N002 B | b (G04.1, G04.2)", f"{early}: N001 A *a* (G04.1)", f"{early}: in force."
    ]  # fmt: skip
    assert history(made, "spam-x.md")[0] == f"{early}: N001 A *a* (spam-x)"
    assert history(made, "no-action.md") == [f"{early}: in force."]
    assert any("N003 C" in row for row in history(made, worked.PATH, INTERNAL))
    assert history(without(made, "changes"), worked.PATH) == []


def announced(*names, effective=None, retired=None, **fields):
    """Return a guideline and a notice about `names`, in an edition that shows the day of what it announces."""
    made = project(
        n001={"changes": list(names), **({"effective": effective} if effective else {})} | fields,
        **{"rules-g04": {"retired": retired or {}}},
    )
    made.edition["fields"].append("effective")
    return made


def opening(made, name=EXTERNAL):
    return " ".join(shown(made, "n001.md", name).p.text.split())


def test_a_notice_that_is_shown_early_says_from_when_on_it_holds():
    made = announced("G04.1", "spam-x", effective=FUTURE)
    assert opening(made) == "Substantive change to G04.1, spam-x, from 1 February 2027 on"
    assert history(made, worked.PATH)[0] == f"{FUTURE}: N001 N001 (G04.1)"
    assert opening(announced("G04.1")) == "Substantive change to G04.1"
    hidden = without(made, "effective")
    assert opening(hidden) == "Substantive change to G04.1, spam-x"
    assert history(hidden, worked.PATH)[0] == f"{PAST}: N001 N001 (G04.1)"
    assert not [path for path, data in trees(hidden)[EXTERNAL].items() if b"2027-02-01" in data and "n001" in path]
    assert opening(hidden, INTERNAL).endswith(", from 1 February 2027 on")


@pytest.mark.parametrize(
    ("name", "words", "where", "listed"),
    [
        ("G04.1", "G04.1", "rules/g04.md#g04-1", worked.PATH),
        ("G04-01", "G04-01", "rules/g04.md#case-g04-01", worked.PATH),
        ("tree/G04", "the decision tree of G04", "rules/g04.md", worked.PATH),
        ("G04", "G04", "rules/g04.md", worked.PATH),
        ("spam-x", "spam-x", "spam-x.md", "spam-x.md"),
        ("G04.9", "G04.9", "rules/g04.md#g04-9", worked.PATH),
        ("G04-77", "G04-77", None, None),
    ],
)
def test_a_notice_leads_to_what_it_changes_and_is_told_there(name, words, where, listed):
    made = announced(name, retired=FIELDS["rules-g04"]["retired"])
    page = shown(made, "n001.md")
    assert page.p.text == f"Substantive change to {words}"
    assert [link["href"] for link in page.p.find_all("a")] == ([where] if where else [])
    if listed:
        assert f"{PAST}: N001 N001 ({words})" in history(made, listed)


def test_a_notice_names_a_retired_clause_without_a_link_where_no_retired_clause_is_shown():
    made = without(announced("G04.9", retired=FIELDS["rules-g04"]["retired"]), "retired")
    assert opening(made) == "Substantive change to G04.9"
    assert shown(made, "n001.md").p.a is None
    assert shown(made, "n001.md", INTERNAL).p.a["href"] == "rules/g04.md#g04-9"


# Retired clauses


WHY = "Its signs *all* stand | in one_rule, G04.1."


def with_retired(retired, clauses=CLAUSES, others=None, **meta):
    return worked.short(clauses, others, **{"rules-g04": {"retired": retired}} | meta)


@pytest.mark.parametrize("numbers", [(9, 4, 5), (10, 9, 4)])
def test_a_retired_clause_keeps_its_place_on_the_page(numbers):
    made = with_retired({f"G04.{n}": {"to": "G04.2", "why": WHY} for n in numbers})
    soup = shown(made, worked.PATH)
    heading = soup.find("h2", id="retired-clauses")
    lines = [line for line in heading.find_next_siblings() if line.get("class") == ["gb-retired"]]
    assert [(line["id"], line["class"]) for line in lines] == [
        (f"g04-{number}", ["gb-retired"]) for number in sorted(numbers)
    ]
    assert lines[0].text == f"G04.4 was retired. {WHY} Read G04.2 in its place."
    assert lines[0].a["href"] == "#g04-2"
    assert not soup.find_all(attrs={"data-clause": "G04.4"})
    assert "retired-clauses" not in text(worked.short(CLAUSES), worked.PATH)


@pytest.mark.parametrize(("days", "gone"), [(1, False), (0, True), (-1, True)])
def test_a_clause_that_ends_by_itself_is_retired_from_that_day_on(days, gone):
    ends = DAY + dt.timedelta(days)
    dated = f"/// effective\n    until: {ends}\n\n### G04.3 It ends\n\nText of three.\n///\n"
    made = with_retired({"G04.3": {"to": "G04.2", "why": WHY}}, f"{CLAUSES}\n{dated}")
    assert worked.problems(made) == []
    tree = trees(made)[EXTERNAL]
    (row,) = [one for one in json.loads(tree["docs/catalog.json"])["documents"] if one["id"] == "G04"]
    soup = BeautifulSoup(render(tree, worked.PATH), "html.parser")
    assert len(soup.find_all(id="g04-3")) == 1
    assert (soup.find(id="g04-3").get("class") == ["gb-retired"]) is gone
    assert list(row.get("retired", {})) == ["G04.3"] * gone
    assert [one["id"] for one in row["clauses"]] == ["G04.1", "G04.2"] + ["G04.3"] * (not gone)


def test_a_retired_clause_leads_to_none_that_is_out_of_force_itself():
    dated = f"/// effective\n    until: {DAY}\n\n### G04.3 It ended\n\nText of three.\n///\n"
    gone = {"G04.3": {"to": "G04.2", "why": "W."}, "G04.9": {"to": "G04.3", "why": "W."}}
    ((rule, message),) = worked.problems(with_retired(gone, f"{CLAUSES}\n{dated}"))
    assert rule == "retired-clause"
    assert "found `G04.3`, which is retired too" in message


@pytest.mark.parametrize(
    ("where", "rule"),
    [("text", "retired-clause"), ("answers", "retired-clause"), ("tree", "leaf")],
)
def test_who_names_a_retired_clause_is_told_the_one_in_its_place(where, rule):
    retired = {"G04.9": {"to": "G04.2", "why": "One rule now."}}
    made = with_retired(retired, f"{CLAUSES}\nFor [spam-x] and [no-action].\n", {"one.md": "Text.\n"})
    if where == "text":
        made.docs["one.md"].body = "See [G04.9].\n"
    elif where == "tree":
        made.docs[worked.PATH].body = made.docs[worked.PATH].body.replace("clause: G04.1", "clause: G04.9")
    else:
        doc = made.docs["f01.md"] = made.docs.pop("one.md")
        doc.meta |= {"id": "F01", "type": "faq", "answers": ["G04.1", "G04.9"], "renewed": DAY}
    found = worked.problems(made)
    assert {name for name, _ in found} == {rule}
    if rule == "retired-clause":
        assert [message for _, message in found] == [
            "clause `G04.9` was retired: One rule now. Write [G04.2] in its place."
        ]
    else:
        assert all("`G04.9`, which is no clause in force" in message for _, message in found)


@pytest.mark.parametrize(
    ("retired", "clauses", "words"),
    [
        ({"G04.9": "G04.8"}, CLAUSES, "expected `to` to be a clause in force, found `G04.8`"),
        ({"G04.9": "G04.9"}, CLAUSES, "expected `to` to be a clause in force, found `G04.9`"),
        ({"G04.9": "G04.8", "G04.8": "G04.1"}, CLAUSES, "expected `to` to be a clause in force, found `G04.8`"),
        ({"G12.9": "G04.1"}, CLAUSES, "clause G12.9 is none of G04"),
        ({"G04.9": "G04.1"}, f"{CLAUSES}\n### G04.9 Again\n\nText.\n", "Ids are never used again"),
    ],
)
def test_a_retired_clause_is_gone_and_leads_to_one_in_force(retired, clauses, words):
    given = {name: {"to": to, "why": "W."} for name, to in retired.items()}
    (found,) = worked.problems(with_retired(given, clauses))
    assert found[0] == "retired-clause"
    assert words in found[1]


@pytest.mark.parametrize(
    ("name", "rule"),
    [("G04.9", None), ("G04-77", None), ("G04.8", "unknown-reference"), ("G05-77", "unknown-reference"),
     ("G12.9", "hidden-reference"), ("G12-77", "hidden-reference")],
)  # fmt: skip
def test_a_notice_names_what_is_gone_from_a_page_that_its_readers_may_read(name, rule):
    secret = worked.body("### G12.1 S\n\nS.\n", worked.tree(worked.SHORT).replace("G04", "G12"), [])
    gone = {"retired": {"G12.9": {"to": "G12.1", "why": "W."}}}
    inside = {"id": "G12", "type": "guideline", "labels": ["spam-x", "no-action"], "audience": INTERNAL, **gone}
    notice = {"id": "N001", "type": "notice", "kind": "editorial", "changes": ["G04.1", name], "valid_from": DAY}
    others = {"rules/g12.md": secret, "n001.md": "Text.\n"}
    text = f"{CLAUSES}\nFor [spam-x], [no-action].\n"
    retired = {"G04.9": {"to": "G04.2", "why": "One rule now."}}
    made = with_retired(retired, text, others, n001=notice, **{"rules-g12": inside})
    found = worked.problems(made)
    assert [one for one, _ in found] == ([rule] if rule else [])
    made.docs["n001.md"].meta["audience"] = INTERNAL
    assert [one for one, _ in worked.problems(made)] == ([rule] if rule == "unknown-reference" else [])


def test_a_retired_clause_leads_nobody_to_what_they_may_not_read():
    secret = worked.body("### G12.1 S\n\nS.\n", worked.tree(worked.SHORT).replace("G04", "G12"), [])
    meta = {"rules-g12": {"id": "G12", "type": "guideline", "labels": ["spam-x", "no-action"], "audience": INTERNAL}}
    made = with_retired({"G04.9": {"to": "G12.1", "why": "W."}}, others={"rules/g12.md": secret}, **meta)
    (found,) = worked.problems(made)
    assert found[0] == "hidden-reference"
    assert found[1].startswith("`G12.1` is not in the external edition, where this is shown")


# Anchors


PLACES = ("before", "after", "snippet")
HEADS = ("G04 1", "G04 9", "Case G04 01", "Case G04 K01", "G04 tree opens", "G04: tree: threat", "Retired clauses",
         "*Retired* clauses")  # fmt: skip


@pytest.mark.parametrize(("heading", "where"), list(product(HEADS, PLACES)))
def test_a_heading_with_the_anchor_of_what_the_build_adds_is_refused(heading, where):
    kept = worked.case("K01", **worked.FORCED, set="calibration")
    clauses = {"before": f"#### {heading}\n\nText.\n\n{CLAUSES}", "after": f"{CLAUSES}\n#### {heading}\n\nText.\n"}
    part = {"parts/part.md": f"## {heading}\n\nText.\n", "parts/index.md": "Text.\n"} if where == "snippet" else {}
    written = clauses.get(where, f'{CLAUSES}\n--8<-- "parts/part.md"\n')
    made = worked.project(
        worked.body(written, cases=[*worked.needed(), kept]),
        part,
        **{"rules-g04": {"retired": {"G04.9": {"to": "G04.1", "why": "W."}}}},
        **({"parts-part": {"type": "snippet", "id": "snippet-part"}} if part else {}),
    )
    assert {rule for rule, _ in worked.problems(made)} == {"duplicate-anchor"}


def test_anchors_that_only_look_alike_are_fine():
    heads = "".join(f"#### {head}\n\nText.\n\n" for head in ("G04 06", "G04 3", "G05 1", "Tree opens", "Used by"))
    assert worked.problems(worked.project(worked.body(f"{CLAUSES}\n{heads}"))) == []
