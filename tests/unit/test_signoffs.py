"""Sign-offs: which roles have to sign a notice, by when, and what is said when they have not, or others have."""

import datetime as dt
from itertools import combinations

import pytest
from guidebook import rules, schedule, signoffs
from guidebook.metadata import Notice
from guidebook.problems import Severity
from hypothesis import given
from hypothesis import strategies as st
from libraries import DAY, INTERNAL, PAST, simple

ROLES = ("Training", "Quality", "Vendor Management")
OTHERS = ("Spam Policy", "Enforcement Operations", "Escalations", "Automation")
START = dt.date(2026, 12, 4)  # a Friday
DUE = dt.date(2026, 11, 27)
ONE = dt.timedelta(1)
days = st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))


def notice(**fields):
    """Return the fields of a substantive notice about a page that begins on START, written by no role that signs."""
    return {"id": "N001", "type": "notice", "kind": "substantive", "changes": ["spam-x"], "owner": "Spam Policy",
            "effective": START, "valid_from": PAST, **fields}  # fmt: skip


def meta(**fields):
    common = {"title": "T", "summary": "S", "audience": "external", "status": "in-force", "review_by": START + ONE * 99}
    return Notice(**common, **notice(**fields))


def signed(*roles, day=DUE):
    return dict.fromkeys(roles or ROLES, day)


def found(day=DAY, **fields):
    """Return the problems of one notice on a day."""
    library, _ = simple({"n001.md": "Text.\n"}, n001=notice(**fields)).load()
    assert not library.problems, library.problems  # that the label is unknown does not matter here
    return list(signoffs.check(library, day))


def said(day=DAY, **fields):
    """Return what is said about one notice on a day, as (how bad, message)."""
    problems = found(day, **fields)
    assert {(one.path, one.rule) for one in problems} <= {("docs/n001.md", "sign-offs"), ("docs/n001.md", "justified")}
    return [(one.severity.value, one.message) for one in problems]


# The day by which sign-offs are due


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        ("2026-12-04", "2026-11-27"),  # from Friday to Friday
        ("2026-12-03", "2026-11-26"),
        ("2026-11-30", "2026-11-23"),  # from Monday to Monday
        ("2026-11-29", "2026-11-23"),  # a Sunday counts as the Monday after it
        ("2026-11-28", "2026-11-23"),
        ("2026-11-27", "2026-11-20"),
        ("2027-01-01", "2026-12-25"),  # holidays differ from place to place, and are no weekend
        ("2028-03-03", "2028-02-25"),
    ],
)
def test_sign_offs_are_due_five_working_days_before_the_first_day(starts, due):
    assert str(signoffs.due(dt.date.fromisoformat(starts))) == due


@given(days)
def test_five_working_days_lie_between(starts):
    due = signoffs.due(starts)
    between = [due + ONE * n for n in range((starts - due).days)]
    assert len([day for day in between if day.isoweekday() <= 5]) == signoffs.WORKING_DAYS
    assert due.isoweekday() <= 5
    assert signoffs.due(starts + ONE) in {due, *(due + ONE * n for n in (1, 2, 3))}
    assert (starts - due).days == {6: 5, 7: 6}.get(starts.isoweekday(), 7)


# Who has to sign


def roles_of(**fields):
    return [one.role for one in signoffs.needed(meta(**fields), START)]


@pytest.mark.parametrize("owner", [*ROLES, *OTHERS])
def test_nobody_signs_for_a_change_of_their_own(owner):
    roles = roles_of(owner=owner)
    assert owner not in roles
    assert len(set(roles)) == 3
    assert set(roles) == ({*ROLES, "Spam Policy"} - {owner} if owner in ROLES else set(ROLES))
    assert said(START, owner=owner, signed=signed(*roles)) == []


def test_a_change_that_decides_nothing_or_was_signed_before_needs_no_sign_offs():
    assert roles_of() == list(ROLES)
    for fields in ({"kind": "editorial"}, {"restores": "2026.11.02"}, {"kind": "editorial", "restores": "2026.11.02"}):
        assert roles_of(**fields) == []
        assert said(START + ONE, **fields) == []
        assert said(START + ONE, **fields, signed=signed("Escalations")) == []
    assert said(START + ONE) != []


@pytest.mark.parametrize(("fields", "due"), [({}, DUE), ({"effective": None}, dt.date(2026, 2, 23))])
def test_a_sign_off_says_when_it_is_due_and_given(fields, due):
    for day, given_on in ((PAST - ONE, None), (PAST, PAST), (PAST + ONE, PAST)):
        wanted = signoffs.needed(meta(signed={"Quality": PAST}, **fields), day)
        assert [(one.role, one.due, one.given) for one in wanted] == [
            ("Training", due, None), ("Quality", due, given_on), ("Vendor Management", due, None),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("given_on", "day", "late"),
    [
        (None, DUE, False),
        (None, DUE + ONE, True),
        (DUE, START + ONE, False),
        (DUE + ONE, DUE, True),
        (DUE - ONE, DUE + ONE, False),
    ],
)
def test_a_sign_off_is_late_after_the_day_on_which_it_was_due(given_on, day, late):
    assert signoffs.Signoff("Quality", DUE, given_on).late(day) is late


# What is said of them


MISSING = (
    "expected the sign-offs of Training, Quality and Vendor Management by 2026-12-04, found none{}. Enter role and day "
    "under `signed`, or move the first day of the change."
)
LATE = (
    "the sign-offs of {} were due on 2026-11-27; without them nothing is published from 2026-12-04 on. Get them, or "
    "move the first day."
)


def test_nothing_is_said_until_they_are_due_then_a_warning_and_an_error_from_the_first_day_on():
    everybody = "Training, Quality and Vendor Management"
    for day, expected in (
        (DUE - ONE, []),
        (DUE, []),
        (DUE + ONE, [("warning", LATE.format(everybody))]),
        (START - ONE, [("warning", LATE.format(everybody))]),
        (START, [("error", MISSING.format(""))]),
        (START + ONE * 300, [("error", MISSING.format(""))]),
    ):
        assert said(day) == expected, day
        assert said(day, signed=signed(day=DAY)) == []


@pytest.mark.parametrize("given_by", [some for n in (1, 2) for some in combinations(ROLES, n)])
def test_the_roles_that_did_not_sign_are_named(given_by):
    left = " and ".join(role for role in ROLES if role not in given_by)
    assert said(START, signed=signed(*given_by)) == [("error", MISSING.format(f" by {left}"))]
    assert said(START - ONE, signed=signed(*given_by)) == [("warning", LATE.format(left))]
    assert said(DUE, signed=signed(*given_by)) == []


EARLY = "expected a day up to today, {}, found {}. Enter the sign-off when it is given."


@pytest.mark.parametrize("given_on", [DAY + ONE, START, START + ONE])
def test_a_day_to_come_is_no_sign_off_and_is_refused_at_once(given_on):
    for kind in ("substantive", "editorial"):  # an untrue day is one on any notice
        assert said(DAY, kind=kind, signed=signed() | {"Quality": given_on} | signed("Training", day=DAY)) == [
            ("error", EARLY.format(DAY, one)) for one in (given_on, DUE)
        ]
    wanted = signoffs.needed(meta(signed=signed(day=given_on)), DAY)
    assert [one.given for one in wanted] == [None] * 3
    assert [one.late(DUE + ONE) for one in wanted] == [True] * 3
    # It is said once for each of them, whatever day has passed, and nobody is said to be missing besides.
    late = given_on - ONE
    assert said(late, signed=signed(day=given_on)) == [("error", EARLY.format(late, given_on))] * 3
    if given_on <= START:
        assert said(given_on, signed=signed(day=given_on)) == []


def test_a_notice_without_another_first_day_is_measured_by_its_own():
    (problem,) = found(PAST, effective=None)
    assert "by 2026-03-01, found none" in problem.message
    (problem,) = found(PAST - ONE, effective=None)
    assert problem.severity is Severity.WARNING


def test_a_sign_off_holds_on_the_first_day_and_not_after_it():
    assert said(START, signed=signed(day=START)) == []
    assert said(START + ONE, signed=signed() | {"Quality": START + ONE}) == [
        ("error", "expected the sign-off on or before 2026-12-04, the first day, found 2026-12-05. Mend one of them.")
    ]


OWN = "expected no sign-off by {}, which wrote the notice (`owner`), found one. {}"


@pytest.mark.parametrize(
    ("owner", "by", "messages"),
    [
        ("Spam Policy", "Spam Policy", [OWN.format("Spam Policy", "Delete it.")]),
        ("Automation", "Automation", [OWN.format("Automation", "Spam Policy signs.")]),
        ("Training", "Training", [OWN.format("Training", "Spam Policy signs.")]),
        ("Spam Policy", "Automation",
         ["expected sign-offs by Training, Quality and Vendor Management, found one by Automation. Delete it."]),
        ("Automation", "Spam Policy",
         ["expected sign-offs by Training, Quality and Vendor Management, found one by Spam Policy. Delete it."]),
    ],
)  # fmt: skip
def test_who_wrote_the_notice_and_who_is_not_asked_does_not_sign(owner, by, messages):
    needed = roles_of(owner=owner)
    assert said(START, owner=owner, signed=signed(*needed)) == []
    assert said(DAY, owner=owner, signed=signed(*needed, by, day=DAY)) == [("error", one) for one in messages]


def test_only_notices_in_force_are_asked():
    assert said(START, status="draft") == []
    assert said(START, status="retired") == []
    assert len(said(START, audience=INTERNAL)) == 1


def test_each_problem_stands_at_its_line():
    def at(day, key, **fields):
        made = simple({"n001.md": "Text.\n"}, n001=notice(**fields))
        lines = made.docs["n001.md"].text().splitlines()
        library, _ = made.load()
        (problem,) = signoffs.check(library, day)
        return lines[problem.line - 1].strip().startswith(f"{key}:")

    assert at(START, "kind")
    assert at(START, "signed", signed=signed("Quality"))
    assert at(START, "Quality", signed=signed() | {"Quality": START + ONE})
    assert at(START + ONE, "Quality", signed=signed() | {"Quality": START + ONE})
    assert at(DAY, "Automation", signed=signed(*ROLES, "Automation", day=DAY))
    assert at(DAY, "spam-y", kind="editorial", justified={"spam-x": "As it was.", "spam-y": "As it was."})


def test_what_is_justified_is_what_the_notice_changes():
    wrong = {"G04.2": "As it was.", "spam-x": "As it was."}
    message = "expected one of the notice's `changes`, found `G04.2`. Name it there, or delete it here."
    assert said(DAY, kind="editorial", justified=wrong) == [("error", message)]
    assert said(DAY, kind="editorial", changes=["G04.2", "spam-x"], justified=wrong) == []


@pytest.mark.parametrize("why", ["…", "x", "no reason", "- - - -"])
def test_what_justifies_is_a_sentence(why):
    """The message that asks for one writes three dots, which is what gets copied."""
    message = f"expected a sentence on why `spam-x` decides no case otherwise, found `{why}`. Write it."
    assert said(DAY, kind="editorial", changes=["spam-x"], justified={"spam-x": why}) == [("error", message)]


# What a library is asked


@given(st.dictionaries(st.sampled_from([*ROLES, *OTHERS]), days), st.sampled_from([*ROLES, *OTHERS]), days, days)
def test_a_notice_in_force_without_a_problem_is_signed_by_all_in_time_and_by_nobody_else(given_by, owner, starts, day):
    fields = {"owner": owner, "signed": given_by, "valid_from": starts, "effective": None, "review_by": starts + ONE}
    problems = found(day, **fields)
    wanted = {"Spam Policy" if role == owner else role for role in ROLES}
    fine = given_by.keys() <= wanted and all(one <= min(starts, day) for one in given_by.values())
    errors = [one for one in problems if one.severity is Severity.ERROR]
    assert (errors == []) is (fine and (wanted <= given_by.keys() or day < starts))
    warned = [one for one in problems if one.severity is Severity.WARNING]
    assert bool(warned) is (not wanted <= given_by.keys() and signoffs.due(starts) < day < starts)


def test_the_check_of_a_library_asks_and_does_not_look_ahead_for_what_is_only_due_then():
    library, _ = simple({"n001.md": "Text.\n"}, n001=notice()).load()

    def told(day, check):
        return [one.rule for one in check(library, day) if one.rule == "sign-offs"]

    assert [told(day, rules.check) for day in (DUE, DUE + ONE, START)] == [[], ["sign-offs"], ["sign-offs"]]
    assert [told(day, schedule.check) for day in (DUE, START)] == [[], ["sign-offs"]]


def test_a_day_to_come_is_told_once_and_not_of_each_later_day():
    later = {"n002": {"type": "notice", "id": "N002", "changes": ["spam-x"], "kind": "editorial", "valid_from": START}}
    fields = notice(signed=signed(day=DAY) | {"Quality": dt.date(2026, 12, 5)}, effective=dt.date(2026, 12, 11))
    library, _ = simple({"n001.md": "Text.\n", "n002.md": "Text.\n"}, n001=fields, **later).load()
    assert schedule.boundaries(library, DAY) == sorted([START, dt.date(2026, 12, 11)])
    told = [one for one in schedule.check(library, DAY) if one.rule == "sign-offs"]
    assert [(one.path, one.message) for one in told] == [("docs/n001.md", EARLY.format(DAY, "2026-12-05"))]
