"""Fields: what a notice may name that is not there any more, or is for others now, and what its readers see of it."""

import datetime as dt
import json

import pytest
import worked
from announcing import editorial, with_notices
from bs4 import BeautifulSoup
from guidebook import announcements, history, rules, staging
from guidebook.announcements import Compared
from guidebook.history import Past
from libraries import DAY, EXTERNAL, FAR, INTERNAL, loaded, render, trees
from worked import CLAUSES

ONE = dt.timedelta(1)
BACK = {"restores": "2026.11.02"}


def said(*notices, others=None, day=DAY, **meta):
    """Return what is wrong with a guideline and some notices, as (file, rule)."""
    library, _ = with_notices(worked.short(CLAUSES, others, **meta), *notices).load()
    return [(one.path.removeprefix("docs/"), one.rule) for one in rules.check(library, day)]


def two(names, gone, *, by=EXTERNAL, to=EXTERNAL, **fields):
    """Return what is wrong with a notice for `to` about `names` beside one for `by` that restores what is `gone`."""
    return said(editorial(*names, audience=to), editorial(*gone, id="N002", audience=by, **BACK, **fields))


# What was rolled back.

LOST = [("n001.md", "unknown-reference")]


def test_a_notice_names_what_a_notice_that_restores_a_release_names():
    assert said(editorial("G04.8")) == LOST
    assert said(editorial("G04.8", **BACK)) == []
    assert two(["G04.8"], ["G04.8"]) == []
    assert two(["G05"], ["G05.1", "tree/G05"]) == []  # the tree went with its page
    assert two(["tree/G05"], ["G05"]) == []
    assert two(["spam-old"], ["G04.2", "spam-old"]) == []


@pytest.mark.parametrize("name", ["G04.8", "G05", "tree/G05", "G05-01", "spam-old", "G04-K01"])
def test_a_notice_that_restores_a_release_lets_none_name_anything_else(name):
    assert two([name], ["G04.9", "G05.1", "spam-older"]) == LOST
    assert two([name], [name]) == []


def test_what_is_gone_is_named_only_where_its_readers_are_told_why():
    assert two(["G04.8"], ["G04.8"], by=INTERNAL) == LOST
    assert two(["G04.8"], ["G04.8"], by=INTERNAL, to=INTERNAL) == []
    assert two(["G04.8"], ["G04.8"], to=INTERNAL) == []
    assert two(["G04.8"], ["G04.8"], status="draft") == LOST


def test_nothing_but_a_notice_names_what_is_gone():
    faq = {"f01": {"id": "F01", "type": "faq", "answers": ["G04.8"]}}
    back = editorial("G04.8", **BACK)
    assert ("f01.md", "unknown-reference") in said(back, others={"f01.md": "## A?\n\nB.\n"}, **faq)


# What is for others now.

BEGUN = DAY - ONE
NAMES = ["G12", "tree/G12", "G12.1", "G12.9", "G12-77", "G12-01", "spam-z"]
RETIRED = {"retired": {"G12.9": {"to": "G12.1", "why": "One rule."}}}


def withdrawn(*names, audience=INTERNAL, text="Text.\n", status="in-force", until=FAR, **fields):
    """Return two guidelines, of which the second and its label are for `audience`, and a notice about some of it."""
    cases = "\n\n".join(worked.needed("spam-z")).replace("G04", "G12")
    meta = {
        "rules-g12": {"id": "G12", "type": "guideline", "labels": ["spam-z", "no-action"], "audience": audience,
                      "status": status, "expires": until, **RETIRED},
        "spam-z": {**worked.LABEL, "precedence": 51, "audience": audience, "status": status, "expires": until},
        "n001": {**editorial(*names), "valid_from": BEGUN, **fields},
    }  # fmt: skip
    second = worked.tree().replace("G04", "G12").replace("spam-x", "spam-z")
    body = worked.body(CLAUSES.replace("G04", "G12"), second, []).replace("## Cases\n\n", f"## Cases\n\n{cases}")
    bodies = {"rules/g12.md": body, "spam-z.md": worked.LABEL_BODY.replace("spam-x", "spam-z"), "n001.md": text}
    made = worked.project(None, bodies, **meta)
    made.edition["fields"] += ["effective", "justified"]
    return made


def holding(made, name=EXTERNAL):
    """Return the files of an edition that hold anything of the second guideline."""
    return {path for path, data in trees(made)[name].items() for one in (b"G12", b"g12", b"spam-z") if one in data}


def test_an_old_notice_keeps_what_it_named_and_the_edition_shows_it_no_more():
    fields = {"justified": {"G12.1": "It says the same.", "G04.2": "It says the same."}}
    now, before = withdrawn("G04.2", *NAMES, **fields), withdrawn("G04.2", *NAMES, audience=EXTERNAL, **fields)
    loaded(now)
    assert holding(now) == set()
    shown = {"docs/n001.md", "docs/catalog.json", "docs/feed.xml", "docs/feed.json", "docs/rules/g12/feed.json"}
    assert shown <= holding(before)
    assert shown <= holding(now, INTERNAL)
    rows = json.loads(trees(now)[EXTERNAL]["docs/catalog.json"])["documents"]
    (row,) = [one for one in rows if one["id"] == "N001"]
    assert (row["changes"], row["justified"]) == (["G04.2"], {"G04.2": "It says the same."})
    page = BeautifulSoup(render(trees(now)[EXTERNAL], "n001.md"), "html.parser")
    assert page.p.text == "Editorial change to G04.2"


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_of_name_is_left_out_and_with_the_last_of_them_the_field(name):
    made = withdrawn(name)
    loaded(made)
    assert holding(made) == set()
    rows = json.loads(trees(made)[EXTERNAL]["docs/catalog.json"])["documents"]
    assert [one for one in rows if "changes" in one] == []
    for hidden, words in ((None, "Editorial change"), ("kind", "Changes")):
        made.edition["fields"] = [one for one in made.edition["fields"] if one != hidden]
        assert BeautifulSoup(render(trees(made)[EXTERNAL], "n001.md"), "html.parser").p.text == words
    drafted = withdrawn(name, audience=EXTERNAL, status="draft")
    loaded(drafted)
    assert holding(drafted) == set()


def test_a_case_that_is_kept_back_or_in_a_passage_of_staff_is_left_out():
    held = worked.case("K01", **worked.FORCED, verdict="violating", set="calibration")
    inner = f"/// internal\n    reason: tooling\n\n{worked.case('06', **worked.FORCED)}\n\n///\n"
    text = worked.body(CLAUSES, cases=[*worked.needed(), held, inner])
    news = editorial("G04.1", "G04-06", "G04-K01", valid_from=BEGUN)
    made = worked.project(text, {"n001.md": "Text.\n"}, n001=news)
    loaded(made)
    found = {name: [path for path, data in trees(made)[name].items() if b"G04-06" in data and b"G04-K01" in data]
             for name in (EXTERNAL, INTERNAL)}  # fmt: skip
    assert found[EXTERNAL] == []
    assert "docs/n001.md" in found[INTERNAL]
    assert b"- G04.1\n" in trees(made)[EXTERNAL]["docs/n001.md"]


def test_a_date_withholds_nothing_that_a_notice_names():
    over = "/// effective\n    until: 2026-11-22\n\n### G04.3 Three\n\nText of three.\n///\n"
    made = worked.short(f"{CLAUSES}\n{over}", {"n001.md": "Text.\n"}, n001=editorial("G04.3", valid_from=BEGUN))
    loaded(made)
    assert b"- G04.3" in trees(made)[EXTERNAL]["docs/n001.md"]
    made = withdrawn(*NAMES, audience=EXTERNAL, until=DAY)
    loaded(made)
    for name in NAMES:
        assert f"- {name}\n".encode() in trees(made)[EXTERNAL]["docs/n001.md"]


def test_a_notice_that_has_not_begun_names_what_ends_on_its_day():
    made = withdrawn("G04.2", *NAMES, audience=EXTERNAL, until=DAY, effective=DAY)
    assert made.load()[1] == []
    made.docs["n001.md"].meta["effective"] = DAY + ONE
    assert {one.rule for one in made.load()[1]} == {"hidden-reference"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("start", [DAY, DAY + ONE])
def test_a_notice_that_has_not_begun_names_nothing_that_is_for_others(name, start):
    _, problems = withdrawn("G04.2", name, effective=start, valid_from=BEGUN).load()
    assert [(one.path, one.rule) for one in problems] == [("docs/n001.md", "hidden-reference")]
    assert f"`{name.removeprefix('tree/')}` is not in the external edition, where this is shown" in problems[0].message
    assert withdrawn("G04.2", name, effective=start, valid_from=BEGUN, audience=EXTERNAL).load()[1] == []


def test_brackets_in_its_text_lead_nowhere_however_old_it_is():
    _, problems = withdrawn("G04.2", text="As [G12.1] says.\n").load()
    (one,) = problems
    assert (one.path, one.rule) == ("docs/n001.md", "hidden-reference")
    assert one.message.endswith("Put this into a passage for those who may follow it, or delete it.")


def check(made, last, known):
    """Return what is wrong with the notices of the next release, when the one of `last` knew those or not."""
    rows = json.loads(trees(made)[EXTERNAL]["docs/catalog.json"])["documents"]
    before = json.dumps({"documents": [one for one in rows if known or one["id"] != "N001"]}).encode()
    view = staging.view(loaded(made), EXTERNAL, DAY)
    return announcements.check([Compared(view, rows, announcements.baseline(last, before))])


def test_a_notice_that_is_new_to_its_readers_names_nothing_that_is_for_others_though_its_day_is_over():
    made = withdrawn("G04.2", "G12.1")
    (found,) = check(made, "2026.11.22", known=False)
    line = made.docs["n001.md"].text().split("\n").index("- G12.1") + 1
    assert (found.path, found.line, found.rule) == ("docs/n001.md", line, "hidden-reference")
    assert found.message == "`G12.1` is not in the external edition, where this notice is new. Delete it here."
    assert check(made, "2026.11.22", known=True) == []
    assert check(withdrawn("G04.2", "G12.1", audience=EXTERNAL), "2026.11.22", known=False) == []


def test_no_later_release_shows_what_was_withdrawn_but_where_it_says_what_was():
    steps = [withdrawn("G04.2", *NAMES, audience=EXTERNAL), withdrawn("G04.2", *NAMES)]
    steps += [steps[-1].copy()]
    steps[-1].docs["index.md"].body = "Another home.\n"
    past, pages = Past(), []
    for at, made in enumerate(steps):
        release = f"2026.11.{23 + at}"
        done = history.dated(trees(made)[EXTERNAL], release, past)
        past = Past(release, done.tree[history.CATALOG], done.timeline)
        pages.append({path for path, data in done.tree.items() if b"G12" in data or b"spam-z" in data})
    tells = {"docs/as-at/index.md", "docs/c/G12.1/index.html", "docs/c/G12.2/index.html", "docs/c/G12.9/index.html",
             "docs/rules/g12/index.html", "docs/spam-z/index.html"}  # fmt: skip
    assert "docs/n001.md" in pages[0]
    assert pages[1] == {*tells, "docs/changes/index.md"}
    assert pages[2] == tells
