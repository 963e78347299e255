"""Announcements: each change that decides cases has a notice, in each edition, and the notice is not too small."""

import datetime as dt
import json

import pytest
import worked
from announcing import editorial, notice, rows, with_notices, without
from guidebook import announcements, changes, staging, whatchanged
from guidebook.announcements import Compared, baseline
from guidebook.problems import Problem
from guidebook.releases import ReleaseError
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import DAY, EXTERNAL, INTERNAL, PAST, SOON, loaded, simple
from worked import CLAUSES, body, needed, tree

LAST = "2026.11.22"
EDITED = CLAUSES.replace("Text of two.", "Text of two, edited.")
MUST = CLAUSES.replace("Text of two.", "A reviewer must count 5 of them.")


def past(documents, last=LAST):
    return baseline(last, json.dumps({"documents": documents}).encode())


def check(before, after, *, last=LAST, names=(EXTERNAL,), day=DAY):
    """Return the problems of the project `after`; the last release was that of `before`, a project or rows."""
    library = loaded(after)
    return announcements.check(
        Compared(
            staging.view(library, name, day),
            rows(after, name),
            past(before if isinstance(before, list) else rows(before, name), last),
        )
        for name in names
    )


def ids(problems, rule="unannounced"):
    """Return the ids that the problems of a rule are about."""
    return [one.message.split("`")[1] for one in problems if one.rule == rule]


def short(clauses=CLAUSES, *notices, others=None, **meta):
    return with_notices(worked.short(clauses, others, **meta), *notices)


# What nobody announces.


def test_what_does_not_differ_needs_no_notice():
    assert check(short(), short()) == []
    assert check(short(), short(CLAUSES, notice("G04.1"))) == []  # one that says more does no harm


def test_a_change_that_nobody_announces_is_told_where_it_stands_with_what_it_is():
    after = short(EDITED)
    source = after.docs[worked.PATH].text().split("\n")
    message = (
        "`G04.2` differs in the external edition since 2026.11.22, and no notice says so. "
        "Name it in a notice: scripts/guide new notice, then `changes: [G04.2]`.\n"
        "  Text of two{+, edited+}."
    )
    line = source.index("### G04.2 All else is allowed") + 1
    assert check(short(), after) == [Problem("docs/rules/g04.md", line, "unannounced", message)]


@pytest.mark.parametrize("kind", ["substantive", "editorial"])
def test_a_notice_announces_what_it_names_and_nothing_else(kind):
    edited = CLAUSES.replace("Text of one.", "Text  of one!").replace("Text of two.", "Text of two!")
    assert ids(check(short(), short(edited, notice("G04.2", kind=kind)))) == ["G04.1"]
    assert ids(check(short(), short(edited, notice("G04.1", kind=kind)))) == ["G04.2"]
    assert check(short(), short(edited, notice("G04.1", "G04.2", kind=kind))) == []
    both = (notice("G04.1", kind=kind), notice("G04.2", id="N002", kind=kind))
    assert check(short(), short(edited, *both)) == []


CASES = [one.replace("Reason 05", "Because 05") for one in needed()]
TURNED = {**worked.TREE, "threat": {**worked.TREE["threat"], "answers": {
    "Yes": {"label": "spam-x", "clause": "G04.2"}, "No": {"label": "no-action", "clause": "G04.2"},
}}}  # fmt: skip
THINGS = {
    "G04.1": (worked.project(body(CLAUSES.replace("Text of one.", "Other text."))), "differs",
              "  [-Text of one-] {+Other text+}."),
    "spam-x": (worked.project(**{"spam-x": {"severity": "high"}}), "differs", "  severity: [-low-]{+high+}"),
    "tree/G04": (worked.project(body(drawn=tree(TURNED))), "differs",
                 "  Does it threaten? Yes: [-G04.2 W02-]{+spam-x G04.2+}"),
    "G04-05": (worked.project(body(cases=CASES)), "differs", "  [-Reason-] {+Because+} 05."),
    "G04.3": (worked.project(body(f"{CLAUSES}\n### G04.3 Three\n\nText of three.\n")), "is new", "Text of three."),
}  # fmt: skip


@pytest.mark.parametrize("name", THINGS)
def test_each_thing_that_decides_needs_a_notice_by_its_name(name):
    after, what, said = THINGS[name]
    (found,) = check(worked.project(), after.copy())
    assert found.message.startswith(f"`{name}` {what} in the external edition since 2026.11.22, and no notice says so.")
    assert f"`changes: [{name}]`" in found.message
    assert said in found.message
    assert found.line > 1 or name == "spam-x"
    assert check(worked.project(), with_notices(after.copy(), notice(name))) == []


def test_what_is_gone_stands_on_the_first_line_of_its_page():
    three = f"{CLAUSES}\n### G04.3 Three\n\nText.\n"
    retired = {"rules-g04": {"retired": {"G04.3": {"to": "G04.1", "why": "One rule."}}}}
    (found,) = check(short(three), short(**retired))
    assert (found.path, found.line) == ("docs/rules/g04.md", 1)
    assert found.message.startswith("`G04.3` is gone in the external edition")
    assert check(short(three), short(CLAUSES, notice("G04.3"), **retired)) == []


# When a notice counts.


def test_a_notice_for_a_later_day_does_not_speak_for_today():
    later = notice("G04.2", effective=SOON)
    (found,) = check(short(), short(EDITED, later))
    assert found.message.startswith(
        "`G04.2` differs in the external edition since 2026.11.22, and no notice says so. N001 announces it from "
        "2026-12-15 on: put the new text into an `effective` passage from that day, or give N001 an earlier one.\n"
    )
    # On its day it does, although the releases before that day knew it.
    assert check(short(CLAUSES, later), short(EDITED, later), day=SOON, last="2026.12.14") == []
    # A day later it has spoken.
    assert ids(check(short(CLAUSES, later), short(EDITED, later), day=SOON, last="2026.12.15")) == ["G04.2"]


def test_a_notice_of_the_last_release_speaks_for_no_other():
    old = notice("G04.2", valid_from=dt.date(2026, 11, 20))
    (found,) = check(short(CLAUSES, old), short(EDITED, old))
    assert found.message.startswith(
        "`G04.2` differs in the external edition since 2026.11.22, and no notice says so. Name it in a notice: "
    )
    assert "`changes: [G04.2]`. N001 names it as well, but spoke for an earlier release.\n" in found.message
    # Nor does one that nobody saw yet speak for a change of long ago: it is new, so it speaks for this one.
    assert check(short(), short(EDITED, old)) == []


def test_the_second_release_of_a_day_needs_a_notice_of_its_own():
    first = notice("G04.2")
    assert check(short(), short(EDITED, first), last="2026.11.23") == []
    assert ids(check(short(CLAUSES, first), short(EDITED, first), last="2026.11.23")) == ["G04.2"]
    second = notice("G04.2", id="N002")
    assert check(short(CLAUSES, first), short(EDITED, first, second), last="2026.11.23") == []
    assert check(short(CLAUSES, first), short(EDITED, first, second), last="2026.11.23.2") == []


def test_a_draft_announces_nothing_and_the_message_says_that_it_is_one():
    draft = notice("G04.2", status="draft", signed={})  # which staff see, and nobody has to sign
    (found,) = check(short(), short(EDITED, draft), names=(EXTERNAL, INTERNAL))
    assert "the external edition since 2026.11.22 and the internal edition since 2026.11.22, and no" in found.message
    assert "N001 names it and is a draft, which announces nothing: set its `status` and `audience`.\n" in found.message


def test_the_newest_notice_that_names_a_change_is_the_one_the_message_is_about():
    old = notice("G04.2", valid_from=dt.date(2026, 11, 20))
    draft = notice("G04.2", id="N002", status="draft")
    (found,) = check(short(CLAUSES, old), short(EDITED, old, draft))
    assert "N002 names it and is a draft" in found.message
    assert "N001" not in found.message


def dated(clauses, effective=None):
    """Return a project whose edition shows the first day of its notice, which stands there since 1 March."""
    later = {"effective": effective} if effective else {}
    made = short(clauses, editorial("G04.2", valid_from=PAST, **later))
    made.edition["fields"].append("effective")
    return made


SECOND = {"last": "2026.11.23", "day": DAY}


def test_a_notice_that_was_moved_to_the_day_of_the_last_release_speaks_in_the_next():
    for effective in (DAY, DAY - dt.timedelta(3)):
        moved = dated(EDITED, effective)
        assert ids(check(dated(CLAUSES, SOON), moved, **SECOND)) == []
        assert told_of(dated(CLAUSES, SOON), moved, "2026.11.23") == ["N001"]
    assert ids(check(dated(CLAUSES, DAY), dated(EDITED, DAY), **SECOND)) == ["G04.2"]
    assert told_of(dated(CLAUSES, DAY), dated(EDITED, DAY), "2026.11.23") == []


def test_a_notice_that_has_spoken_speaks_no_more_whatever_day_it_is_given():
    for before in (None, dt.date(2026, 11, 20)):
        assert ids(check(dated(CLAUSES, before), dated(EDITED, DAY))) == ["G04.2"]
        assert told_of(dated(CLAUSES, before), dated(EDITED, DAY), LAST) == []
    # Where its day is not shown, readers are told on the day of its own that the change comes.
    hidden = editorial("G04.2", valid_from=PAST, effective=DAY)
    assert ids(check(short(CLAUSES, hidden), short(EDITED, hidden))) == []


def told_of(before, after, last):
    """Return the ids of the notices that the page of a release tells."""
    return [one["id"] for one in whatchanged.announced(f"{DAY:%Y.%m.%d}.2", rows(after), past(rows(before), last))]


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"expires": DAY, "valid_from": dt.date(2026, 11, 20)}])
def test_a_notice_that_readers_do_not_see_announces_nothing(fields):
    assert ids(check(short(), short(EDITED, notice("G04.2", **fields)))) == ["G04.2"]


# Whole pages.


def guideline(documents, name="G04"):
    return [one for one in documents if one["id"] == name]


def test_a_new_guideline_is_covered_by_its_id():
    before = without(rows(short()), "G04")
    assert ids(check(before, short())) == ["G04.1", "G04.2", "tree/G04"]
    assert check(before, short(CLAUSES, notice("G04"))) == []
    assert check(before, short(CLAUSES, notice("G04.1", "G04.2", "tree/G04"))) == []
    # Which is no name for what differs on a page that was there,
    assert ids(check(short(), short(EDITED, notice("G04")))) == ["G04.2"]
    # not even if the page moved.
    moved = rows(short())
    guideline(moved)[0]["url"] = "rules/old/"
    assert ids(check(moved, short(EDITED, notice("G04")))) == ["G04.2"]


@pytest.mark.parametrize("statuses", [("in-force", "retired"), ("retired", "in-force")])
def test_a_guideline_that_is_retired_or_back_needs_a_substantive_notice(statuses):
    def told(*notices):
        made = short(CLAUSES, *notices)
        before, after = rows(short()), rows(made)
        for documents, status in zip((before, after), statuses, strict=True):
            guideline(documents)[0]["status"] = status
        view = staging.view(loaded(made), EXTERNAL, DAY)
        return announcements.check([Compared(view, after, past(before))])

    (problem,) = told()
    assert ids([problem]) == ["G04"]
    assert problem.message.endswith("\n  status: [-{}-]{{+{}+}}".format(*statuses))
    assert told(notice("G04")) == []
    (problem,) = told(editorial("G04"))
    assert problem.rule == "substance"
    assert "`G04` differs in whether its clauses decide cases" in problem.message


def test_a_page_of_another_kind_needs_no_notice():
    assert check(short(), short(others={"one.md": "Text.\n"})) == []
    assert check(short(others={"one.md": "Text.\n"}), short()) == []


def gone(*notices):
    """Return the problems when a guideline and a label were deleted; the rules about ids are not asked."""
    library, _ = with_notices(simple({}), *notices).load()
    documents = without(rows(short()), "W02", "rules-index", "no-action")
    return announcements.check([Compared(staging.view(library, EXTERNAL, DAY), [], past(documents))])


def test_a_guideline_that_is_gone_is_covered_by_its_id():
    assert ids(gone()) == ["G04.1", "G04.2", "spam-x", "tree/G04"]
    assert {(one.path, one.line) for one in gone()} == {("docs", 1)}
    assert all(" is gone in the external edition since 2026.11.22" in one.message for one in gone())
    assert ids(gone(notice("G04"))) == ["spam-x"]
    assert ids(gone(notice("G04", "spam-x"))) == []


# Editions.


def test_what_is_wrong_in_two_editions_is_said_once():
    both = check(short(), short(EDITED), names=(EXTERNAL, INTERNAL))
    assert ids(both) == ["G04.2"]
    assert (
        "differs in the external edition since 2026.11.22 and the internal edition since 2026.11.22" in both[0].message
    )
    library, after = loaded(short(EDITED)), short(EDITED)
    found = announcements.check(
        Compared(staging.view(library, name, DAY), rows(after, name), past(rows(short(), name), last))
        for name, last in ((EXTERNAL, LAST), (INTERNAL, "2026.11.21.2"))
    )
    assert len(found) == 1
    assert "the external edition since 2026.11.22 and the internal edition since 2026.11.21.2, and" in found[0].message
    assert check(short(), short(EDITED, notice("G04.2")), names=(EXTERNAL, INTERNAL)) == []


NOTE = "Text of one.\n\n/// internal\n    reason: tooling\n\nA note of staff.\n///\n"


def test_a_change_that_only_staff_see_needs_a_notice_for_staff_only():
    after = CLAUSES.replace("Text of one.\n", NOTE)
    (found,) = check(short(), short(after), names=(EXTERNAL, INTERNAL))
    assert found.message.startswith("`G04.1` differs in the internal edition since 2026.11.22, and no")
    staff = notice("G04.1", audience=INTERNAL)
    assert check(short(), short(after, staff), names=(EXTERNAL, INTERNAL)) == []


def test_a_notice_for_staff_announces_nothing_outside():
    staff = notice("G04.2", audience=INTERNAL)
    (found,) = check(short(), short(EDITED, staff), names=(EXTERNAL, INTERNAL))
    assert found.message.startswith("`G04.2` differs in the external edition since 2026.11.22, and no")
    assert (
        "N001 names it, but its `audience` is `internal`: change that, or write a notice for these readers.\n"
    ) in found.message


def test_two_editions_in_which_a_thing_differs_otherwise_are_told_apart():
    after = CLAUSES.replace("Text of one.\n", NOTE.replace("Text of one.", "Text of one, edited."))
    found = check(short(), short(after), names=(EXTERNAL, INTERNAL))
    assert [one.message.split(" since")[0] for one in found] == [
        f"`G04.1` differs in the {name} edition" for name in (EXTERNAL, INTERNAL)
    ]
    assert ["A note of staff." in one.message for one in found] == [False, True]


# Editorial changes.


def test_an_editorial_notice_does_not_stand_for_a_change_that_decides():
    after = short(MUST, editorial("G04.2"))
    (found,) = check(short(), after)
    line = after.docs["n001.md"].text().split("\n").index("kind: editorial") + 1
    assert (found.path, found.line, found.rule) == ("docs/n001.md", line, "substance")
    assert found.message.startswith("is declared editorial, and `G04.2` differs in ")
    for said in ("modal (new: `must`)", "number (`two`, now `5`)", "scope (gone: `Text`)"):
        assert said in found.message
    assert found.message.endswith(
        ". Declare the notice substantive, or say why no case is decided otherwise: `justified: {G04.2: …}`."
    )
    assert check(short(), short(MUST, notice("G04.2"))) == []


def test_an_editorial_notice_says_why_no_decision_comes_out_differently():
    two = MUST.replace("Text of one.", "Never do it.")
    why = {"G04.2": "It said so before."}
    assert check(short(), short(MUST, editorial("G04.2", justified=why))) == []
    assert ids(check(short(), short(two, editorial("G04.1", "G04.2", justified=why))), "substance") == ["G04.1"]


def test_a_substantive_notice_beside_an_editorial_one_is_enough():
    assert check(short(), short(MUST, editorial("G04.2"), notice("G04.2", id="N002"))) == []


def test_what_made_a_change_substantive_is_listed_up_to_six_and_counted():
    many = CLAUSES.replace("Text of two.", "A reviewer must count 5, 6, 7, 8, 9 and 11 of them.")
    (found,) = check(short(), short(many, editorial("G04.2")))
    assert found.message.count(", now `") + found.message.count("(new: `") == 6
    assert ", and " in found.message.partition(". Declare")[0]
    assert found.message.partition(" more. Declare")[0].rpartition(" ")[2].isdigit()


def test_too_small_a_notice_is_said_once_for_two_editions():
    found = check(short(), short(MUST, editorial("G04.2")), names=(EXTERNAL, INTERNAL))
    assert ids(found, "substance") == ["G04.2"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("spam-x", "severity (`low`, now `high`)"),
        ("tree/G04", "the leaf `Does it threaten? Yes` (`G04.2 W02`, now `spam-x G04.2`)"),
        ("G04.3", "the whole clause, which is new"),
    ],
)
def test_what_changed_is_in_the_words_of_its_kind(name, said):
    (found,) = check(worked.project(), with_notices(THINGS[name][0].copy(), editorial(name)))
    assert found.message.startswith(f"is declared editorial, and `{name}` differs in {said}")


def test_a_case_that_came_or_went_changes_no_rule():
    more = worked.project(body(cases=[*needed(), worked.case("06", **worked.ALLOWED)]))
    (one,) = changes.between(rows(worked.project()), rows(more))
    assert announcements.why_substantive(one) == []
    assert check(worked.project(), with_notices(more, editorial("G04-06"))) == []
    assert check(more, with_notices(worked.project(), editorial("G04-06"))) == []


def test_questions_that_differ_are_substantive_by_themselves():
    asked = {**worked.TREE, "opens": {**worked.TREE["opens"], "ask": "Does it open at all?"}}
    (one,) = changes.between(rows(worked.project()), rows(worked.project(body(drawn=tree(asked)))))
    assert announcements.why_substantive(one) == ["its questions"]
    only = {**worked.TREE, "danger": {"ask": "Does it force?", "answers": worked.TREE["danger"]["answers"]}}
    (one,) = changes.between(rows(worked.project()), rows(worked.project(body(drawn=tree(only)))))
    assert announcements.why_substantive(one)
    from dataclasses import replace

    reordered = {"questions": [*one.before["questions"][1:], one.before["questions"][0]]}
    assert announcements.why_substantive(replace(one, after=reordered)) == ["its questions"]


# Texts and values.


def between(before, after):
    (found,) = changes.between(before, after)
    return found


def test_texts_and_values_of_a_label():
    before = {"id": "spam-x", "type": "label", "title": "One", "url": "x/", "severity": "low", "surfaces": ["post"],
              "includes": ["A.", "B."], "statement": {"ground": "G", "facts": "F"}}  # fmt: skip
    after = {
        **before,
        "surfaces": ["post", "board"],
        "includes": ["A.", "C."],
        "statement": {"ground": "H", "facts": "F"},
    }
    found = between([before], [after])
    assert announcements.texts_of(found) == [("includes", "- A.\n- B.", "- A.\n- C."), ("statement: ground", "G", "H")]
    assert announcements.values_of(found) == [("surfaces", ["post"], ["post", "board"])]
    assert announcements.difference(found).split("\n")[-1] == "  surfaces: [-post-]{+post, board+}"
    gone_ = changes.between([before], [])[0]
    assert [(key, after) for key, _, after in announcements.texts_of(gone_)] == [
        (key, "") for key in ("title", "includes", "statement: ground", "statement: facts")
    ]


def test_values_of_a_case_are_words():
    before, after = (rows(made) for made in (worked.project(), worked.project(body(cases=CASES))))
    case = guideline(after)[0]["cases"][4]
    case["reason"], case["verdict"], case["answers"] = "Reason 05.", "violating", {"opens": "Yes", "danger": "No"}
    found = between(before, after)
    assert announcements.texts_of(found) == []
    assert announcements.difference(found).split("\n") == [
        "  verdict: [-borderline-]{+violating+}",
        "  answers: [-opens: Yes; danger: Yes-]{+opens: Yes; danger: No+}",
    ]
    assert [announcements.short(one) for one in (None, "a", 5, True, ["a", "b"], (), {"a": 1})] == [
        "", "a", "5", "True", "a, b", "", "a: 1",
    ]  # fmt: skip


def test_of_a_page_nothing_is_compared():
    (page,) = [one for one in changes.between([], rows(short())) if one.id == "W02"]
    assert announcements.difference(page) == ""
    assert announcements.values_of(page) == []


# Baselines.


def damaged():
    """Return catalogs that cannot be read, by what is wrong with them."""
    found = {
        "no JSON": b"{",
        "no text": b"\xff\xfe",
        "empty": b"",
        "deep": b"[" * 100_000,
        "a list": b"[]",
        "no documents": b"{}",
        "documents in no list": b'{"documents": 1}',
        "a row that is none": b'{"documents": [1]}',
    }
    ways = {
        "no id": (lambda one: one.pop("id")),
        "no title": (lambda one: one.pop("title")),
        "no address": (lambda one: one.pop("url")),
        "no type": (lambda one: one.pop("type")),
        "an id that is a list": (lambda one: one.update(id=[])),
        "no clauses": (lambda one: one.update(clauses=None)),
        "a clause that is none": (lambda one: one["clauses"].append(1)),
        "a clause without a text": (lambda one: one["clauses"][0].pop("text")),
        "a clause without a digest": (lambda one: one["clauses"][1].pop("sha256")),
        "a first that is no release": (lambda one: one["clauses"][1].update(first="| <b>")),
        "a change in no release": (lambda one: one["clauses"][1].update(changed=None)),
        "a tree without questions": (lambda one: one["tree"].update(questions=None)),
        "a question without answers": (lambda one: one["tree"]["questions"][0].pop("answers")),
        "a case without an id": (lambda one: one["cases"][0].pop("id")),
    }  # fmt: skip
    for name, damage in ways.items():
        documents = rows(worked.project())
        damage(guideline(documents)[0])
        found[name] = json.dumps({"documents": documents}).encode()
    return found


DAMAGED = damaged()


@pytest.mark.parametrize("how", DAMAGED)
def test_a_damaged_catalog_is_told_in_one_line(how):
    with pytest.raises(ReleaseError) as found:
        baseline(LAST, DAMAGED[how])
    text = str(found.value)
    assert text.startswith("2026.11.22/catalog.json: expected the catalog of a release, found something else (")
    assert text.endswith("); restore the file on the release branch")
    assert "\n" not in text


def test_a_catalog_is_read_as_it_is():
    documents = rows(worked.project())
    found = past(documents, "2026.11.22.3")
    assert (found.release, found.rows, found.day) == ("2026.11.22.3", documents, dt.date(2026, 11, 22))


# Random changes and notices.

names = ("G04.1", "G04.2", "G05.1", "spam-x", "spam-y")
said = st.dictionaries(st.sampled_from(names), st.sampled_from("ab"))
told = st.lists(
    st.tuples(
        st.lists(st.sampled_from([*names, "G04", "G05"]), min_size=1, max_size=2, unique=True),
        st.sampled_from([-5, -1, 0, 1]),  # days from today on which it begins
        st.booleans(),  # whether the last release had it
        st.sampled_from([EXTERNAL, EXTERNAL, INTERNAL]),
    ),
    max_size=3,
)


def library_of(texts, known):
    found = [{"id": f"N00{at}", "type": "notice", "title": "N", "url": f"n{at}/"} for at in known]
    for page in ("G04", "G05"):
        own = [
            {"id": name, "title": "T", "text": text, "url": f"{page}/#{name}", "sha256": text}
            for name, text in texts.items()
            if name.startswith(page)
        ]
        found += [{"id": page, "type": "guideline", "title": "G", "url": f"{page}/", "clauses": own}] if own else []
    found += [
        {"id": name, "type": "label", "title": "L", "url": f"{name}/", "severity": text}
        for name, text in texts.items()
        if name.startswith("spam")
    ]
    return found


@settings(max_examples=300)
@given(said, said, told, st.sampled_from(["2026.11.22", "2026.11.23"]))
def test_each_change_has_a_fresh_notice_or_is_told(before, after, notices, last):
    made = simple({})
    for at, (about, days, _, audience) in enumerate(notices):
        start = DAY + dt.timedelta(days)
        fields = notice(*about, id=f"N00{at}", audience=audience, valid_from=min(start, DAY), effective=start)
        with_notices(made, fields)
    library, _ = made.load()
    known = [at for at, (_, _, old, _) in enumerate(notices) if old]
    view = staging.view(library, EXTERNAL, DAY)
    found = announcements.check(
        [Compared(view, library_of(after, range(len(notices))), past(library_of(before, known), last))]
    )
    whole = {
        page
        for page in ("G04", "G05")
        if any(one.startswith(page) for one in before) != any(one.startswith(page) for one in after)
    }
    gap = -1 if last == "2026.11.22" else 0  # days since the last release
    fresh = [
        about
        for about, days, old, audience in notices
        if audience == EXTERNAL and days <= 0 and (not old or days > gap)
    ]
    spoken = {name for about in fresh for name in about}
    wanted = {
        name
        for name in names
        if before.get(name) != after.get(name)
        and name not in spoken
        and not (name.partition(".")[0] in whole and name.partition(".")[0] in spoken)
    }
    assert sorted(ids(found)) == sorted(wanted)
    assert {one.rule for one in found} <= {"unannounced"}
