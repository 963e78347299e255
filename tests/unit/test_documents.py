"""Documents: who reads which part of a page on which day, and what is not read at all."""

import datetime as dt
from itertools import pairwise

import pytest
import worked
from guidebook import documents
from guidebook.documents import Reader, cut, inside
from guidebook.sources import TextFile
from libraries import STEPS

DAY = dt.date(2026, 11, 23)
AUDIENCES = frozenset({"internal", "external"})
OUTSIDE = Reader(frozenset({"external"}), DAY)
STAFF = Reader(None, DAY)


def text(body, **fields):
    front = {
        "id": "a-page", "type": "page", "title": "A page", "summary": "What it is about.", "audience": "external",
        "owner": "Spam Policy", "status": "in-force", "valid_from": "2026-11-02", "review_by": "2027-11-01", **fields,
    }  # fmt: skip
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in front.items()) + f"---\n\n{body}\n"


def read(written):
    """Return a document and the rules that its text breaks, with their lines."""
    document, faults = documents.read(TextFile("a.md", written), AUDIENCES)
    return document, [(fault.rule, fault.line) for fault in faults]


def page(body, **fields):
    document, faults = read(text(body, **fields))
    assert document is not None
    assert faults == []
    return document


# Pages


@pytest.mark.parametrize(
    ("fields", "outside", "staff"),
    [
        ({}, True, True),
        ({"audience": "internal"}, False, True),
        ({"status": "draft"}, False, True),
        ({"status": "draft", "audience": "internal"}, False, True),
        ({"valid_from": "2026-11-23"}, True, True),
        ({"valid_from": "2026-11-24"}, False, False),
        ({"expires": "2026-11-24"}, True, True),
        ({"expires": "2026-11-23"}, False, False),
        ({"status": "draft", "expires": "2026-11-23"}, False, False),
    ],
)
def test_a_page_is_read_by_its_audience_while_it_is_in_force_and_a_draft_by_staff(fields, outside, staff):
    document = page("Text.", **fields)
    assert (OUTSIDE.may_read(document), STAFF.may_read(document)) == (outside, staff)


# Parts of a page


def passage(name, *words, **options):
    """Return a passage of words and other passages, with a slash more than those in it."""
    inner = "\n\n".join(words)
    marker = "////" if "///" in inner else "///"
    rows = "".join(f"    {key.rstrip('_')}: {value}\n" for key, value in options.items())
    return f"{marker} {name}\n{rows}\n{inner}\n{marker}"


def staff(*words):
    return passage("internal", *words, reason="signal")


def dated(*words, **options):
    return passage("effective", *words, **options)


LATER, TODAY, TOMORROW = "2026-12-01", "2026-11-23", "2026-11-24"
BODY = "\n\n".join([
    "open", staff("staffs"), dated("coming", from_=LATER), dated("tomorrow", from_=TOMORROW),
    dated("over", until=TODAY), dated("now", from_=TODAY, until=TOMORROW),
    staff("inner", dated("inner-coming", from_=LATER)), dated("later", staff("later-staffs"), from_=LATER),
    staff("last", dated("inner-over", until=TODAY)),
])  # fmt: skip
AHEAD = {"coming", "tomorrow", "later"}
PAST = {"over"}
HIDDEN = {"staffs", "inner", "inner-coming", "later-staffs", "last", "inner-over"}


def left(document, spans):
    """Return the words that stand outside of some parts, none of which may be inside another."""
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    rest = cut(document.body.text, [(start, end, "") for start, end in spans])
    return {word for word in rest.split() if word.replace("-", "").isalpha()} - {"internal", "signal", "effective"}


def test_what_is_withheld_is_all_that_is_no_text_in_force_for_a_reader():
    document = page(BODY)
    assert left(document, document.withheld(OUTSIDE)) == {"open", "now"}
    assert left(document, document.withheld(STAFF)) == {"open", "now", "staffs", "inner", "last"}
    assert document.visible_text(OUTSIDE).split() == ["open", "///", "effective", "from:", TODAY, "until:", TOMORROW,
                                                      "now", "///"]  # fmt: skip


def test_what_is_coming_is_seen_unless_it_is_for_others():
    document = page(BODY)
    assert left(document, document.unseen(OUTSIDE)) == {"open", "now", *AHEAD}
    assert left(document, document.unseen(STAFF)) == {"open", "now", *AHEAD, *HIDDEN} - {"inner-over"}


def test_what_is_forbidden_is_so_on_every_day():
    document = page(BODY)
    for day in (DAY, DAY + dt.timedelta(30)):
        assert left(document, document.forbidden(OUTSIDE.on(day))) == {"open", "now", *AHEAD, *PAST}
        assert document.forbidden(STAFF.on(day)) == []


def boxes(document, reader):
    return [document.body.text[slice(*one.inner)].split()[0] for one in document.coming(reader)]


def test_a_box_shows_each_passage_of_the_future_that_its_reader_may_read():
    document = page(BODY)
    assert boxes(document, OUTSIDE) == ["coming", "tomorrow", "later"]
    assert boxes(document, STAFF) == ["coming", "tomorrow", "inner-coming", "later"]
    assert boxes(document, STAFF.on(dt.date(2026, 12, 1))) == []


@pytest.mark.parametrize(
    ("fields", "shown"),
    [({"expires": LATER}, ["tomorrow"]), ({"expires": "2026-12-02"}, ["coming", "tomorrow", "later"]),
     ({"valid_from": LATER}, ["coming", "later"])],
)  # fmt: skip
def test_what_starts_on_a_day_on_which_its_page_does_not_hold_is_not_coming(fields, shown):
    document = page(BODY, **fields)
    assert boxes(document, OUTSIDE) == shown
    assert AHEAD & left(document, document.unseen(OUTSIDE)) == set(shown)


def guideline(body):
    source, _ = worked.project(body).load()
    assert not source.problems
    return source.documents[worked.PATH]


def test_a_case_kept_back_is_withheld_from_all_but_staff_on_every_day():
    kept = worked.case("X21", **worked.FORCED, set="golden")
    document = guideline(worked.body(cases=[*worked.needed(), kept]))
    (case,) = (one for one in document.cases if one.kept_back)
    for spans in (document.withheld, document.unseen, document.forbidden):
        assert spans(OUTSIDE) == [(case.start, case.end)]
        assert spans(STAFF) == []
    assert [one.id for one in document.visible_cases(OUTSIDE)] == [f"G04-0{n}" for n in (1, 2, 3, 4, 5)]
    assert [one.id for one in document.visible_cases(STAFF)] == [*(f"G04-0{n}" for n in (1, 2, 3, 4, 5)), "G04-X21"]


def test_cases_and_passages_that_are_withheld_come_in_the_order_of_the_page():
    kept = [worked.case(name, **worked.FORCED, set="golden") for name in ("X21", "X22")]
    document = guideline(worked.body(cases=[*worked.needed(), kept[0], staff("Hidden.", f"{kept[1]}\n"), "Shown."]))
    assert len(document.withheld(OUTSIDE)) == 2
    assert "Shown." in document.visible_text(OUTSIDE)
    assert not {"Hidden.", "G04-X21", "G04-X22"} & {*document.visible_text(OUTSIDE).split()}
    assert left(document, document.withheld(OUTSIDE)) == left(document, document.unseen(OUTSIDE))


def test_a_tree_a_heading_and_a_reference_are_seen_where_their_passage_is():
    body = worked.body("### G04.1 One\n\nSee [spam-x].\n\n" + staff("### G04.2 Two\n\nSee [no-action]."),
                       staff(f"{worked.tree()}\n"), [])  # fmt: skip
    document = guideline(body)
    assert document.visible_tree(OUTSIDE) is None
    assert document.visible_tree(STAFF) is not None
    assert {one.clause for one in document.visible_headings(STAFF)} == {"G04.1", "G04.2", None}
    assert {one.clause for one in document.visible_headings(OUTSIDE)} == {"G04.1", None}
    for marks in (document.visible_marks, document.shown_marks):
        assert [one.target for one in marks(OUTSIDE)] == ["spam-x"]
        assert [one.target for one in marks(STAFF)] == ["spam-x", "no-action"]


def test_a_reference_in_a_box_is_shown_and_not_in_force():
    document = page(f"See [spam-a].\n\n{dated('See [spam-b].', from_=LATER)}\n\n{dated('See [spam-c].', until=TODAY)}")
    assert [one.target for one in document.visible_marks(OUTSIDE)] == ["spam-a"]
    assert [one.target for one in document.shown_marks(OUTSIDE)] == ["spam-a", "spam-b"]


def test_a_procedure_is_seen_where_its_passage_is():
    steps = STEPS.strip()
    heading, _, table = steps.partition("\n\n")
    document = page(f"{heading}\n\n{staff(table)}", id="W02", type="workflow")
    assert document.visible_procedures(OUTSIDE) == []
    assert len(document.visible_procedures(STAFF)) == 1
    assert page(steps).procedures == ()  # only a workflow has any


def test_the_days_of_a_text_are_those_of_the_dated_passage_that_it_stands_in():
    document = page(f"open\n\n{staff('staffs')}\n\n{dated('now', from_=TODAY, until=TOMORROW)}\n\nend")
    always, then = (dt.date.min, dt.date.max), (DAY, DAY + dt.timedelta(1))
    first, one = document.passages
    offsets = {first.start: always, one.start - 1: always, one.start: then, one.end - 1: then, one.end: always}
    for offset, days in offsets.items():
        assert document.days(offset) == days
    document = page(staff("staffs", dated("inner", from_=TODAY)))
    assert document.days(document.passages[-1].start) == (DAY, dt.date.max)
    for options, days in (({"from_": TODAY}, (DAY, dt.date.max)), ({"until": TODAY}, (dt.date.min, DAY))):
        document = page(dated("now", **options))
        assert document.days(document.passages[0].start) == days


def test_code_is_blanked_in_masked_text_alone():
    document = page("Use `a-b`.")
    assert "a-b" in document.visible_text(OUTSIDE)
    assert "a-b" not in document.visible_text(OUTSIDE, masked=True)


# Texts and places


def test_a_cut_replaces_places_in_order():
    assert cut("abcdef", [(1, 2, "X"), (3, 4, "")]) == "aXcef"
    assert cut("abcdef", [(2, 3, "X")], 1, 5) == "bXde"
    assert cut("abcdef", [], 2) == "cdef"


def test_a_place_is_inside_from_its_start_to_before_its_end():
    assert [inside(at, [(1, 2), (5, 7)]) for at in (0, 1, 2, 4, 5, 6, 7)] == [
        False, True, False, False, True, True, False,
    ]  # fmt: skip
    assert inside(1, []) is False


# What is not read


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        ("Text.\n", [("front-matter", 1)]),
        ("---\nid: a\n", [("front-matter", 1)]),
        ("---\ntype: page\nid: [a\n---\n\nText.\n", [("front-matter", 3)]),
    ],
)
def test_without_front_matter_nothing_is_read(written, faults):
    assert read(written) == (None, faults)


def test_front_matter_that_never_ends_is_told_from_none():
    told = [documents.read(TextFile("a.md", one), AUDIENCES)[1][0].message for one in ("Text.\n", "---\nid: a\n")]
    assert ["scripts/guide new" in one for one in told] == [True, False]


SPACED = "Text.\n/// internal\n    reason: signal\n\nText.\n///\n"
MISSPELT = "/// Internal\n    reason: signal\n\nText.\n///\n"
ODD_BLOCK = "```Case\nid: G04-01\nverdict: violating\n```\n"


@pytest.mark.parametrize(
    ("body", "fields", "is_read", "rules"),
    [
        (SPACED, {}, True, {"passage-spacing"}),
        (SPACED, {"audience": "nobody"}, False, {"passage-spacing", "audience"}),
        (MISSPELT, {}, False, {"passage-spelling"}),
        (ODD_BLOCK, {}, False, {"block-spelling", "code-fence"}),
        (f"{MISSPELT}\n{ODD_BLOCK}", {}, False, {"passage-spelling", "block-spelling", "code-fence"}),
        ("```\nText that may be code.\n", {}, False, {"code-fence"}),
        (STEPS.replace("| 1 |", "| 7 |"), {"id": "W02", "type": "workflow"}, True, {"steps"}),
        ("```case\nid: G04-01\n```\n", {}, True, {"case"}),
        ("```tree\na: b\n```\n", {}, True, {"tree"}),
    ],
)
def test_a_document_is_not_read_where_it_is_unclear_what_may_be_shown(body, fields, is_read, rules):
    document, faults = read(text(body, **fields))
    assert (document is not None) is is_read
    assert {rule for rule, _ in faults} == rules
