"""Schedule: the days ahead, and the problems that only they bring."""

import datetime as dt

import pytest
from guidebook import rules, schedule
from guidebook.problems import Problem, Severity
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import DAY, EXTERNAL, INTERNAL, loaded, simple

D = dt.date(2026, 12, 1)
AUDIENCES = {"in": INTERNAL, "out": EXTERNAL}


def effective(text, **dates):
    options = "".join(f"    {key.rstrip('_')}: {day}\n" for key, day in dates.items())
    return f"/// effective\n{options}\n{text}\n///\n"


def found(bodies, **meta):
    """Return the problems of a library, those of today and those of the days ahead."""
    library, _ = simple(bodies, **meta).load()
    return schedule.check(library, DAY)


def plus(days):
    return DAY + dt.timedelta(days)


# The days


def test_each_later_day_on_which_something_starts_or_ends_is_named_once():
    passages = "\n".join([
        effective("A.", from_=plus(9)), effective("B.", until=plus(9)), effective("C.", from_=plus(3), until=plus(30)),
        effective("D.", from_=plus(-3), until=DAY), effective("E.", from_=DAY),
    ])  # fmt: skip
    meta = {"one": {"expires": plus(5)}, "two": {"valid_from": plus(1), "expires": plus(40)}}
    library = loaded(simple({"one.md": "Text.\n", "two.md": "Text.\n", "three.md": passages}, **meta))
    assert schedule.boundaries(library, DAY) == [plus(days) for days in (1, 3, 5, 9, 30, 40)]
    assert schedule.boundaries(library, plus(5)) == [plus(9), plus(30), plus(40)]
    assert schedule.boundaries(library, plus(40)) == []


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(1, 20)), max_size=5), st.integers(-30, 30))
def test_between_two_such_days_nothing_of_a_library_changes(spans, at):
    body = "\n".join(effective(f"Text {n}.", from_=plus(a), until=plus(a + b)) for n, (a, b) in enumerate(spans))
    library = loaded(simple({"one.md": body or "Text.\n"}))
    document = library.documents["one.md"]

    def shown(day):
        return document.visible_text(library.configuration.reader(EXTERNAL, day))

    ahead = schedule.boundaries(library, plus(at))
    assert ahead == sorted({day for day in ahead if day > plus(at)})
    starts = [plus(at), *ahead]
    for number, (first, last) in enumerate(zip(starts, [*ahead, plus(60)], strict=True)):
        assert {shown(first + dt.timedelta(n)) for n in range((last - first).days)} == {shown(first)}
        assert not number or shown(first) != shown(first - dt.timedelta(1)) or len(spans) > 1


# Problems of the future


def test_a_problem_that_only_a_later_day_brings_says_from_when_on():
    problems = found(
        {"one.md": effective("See [two](two.md).", from_=plus(-9)), "two.md": "Text.\n"}, two={"expires": D}
    )
    assert [(one.path, one.line, one.rule, one.severity) for one in problems] == [
        ("docs/one.md", 15, "hidden-reference", Severity.ERROR)
    ]
    assert problems[0].message.startswith("from 2026-12-01 on: `two.md` is not in the external and internal edition")
    assert "not in force on 2026-12-01" in problems[0].message


def test_a_problem_of_today_is_not_told_again_and_one_of_the_future_once():
    dated = effective("A.", from_=plus(4)) + "\n" + effective("B.", from_=plus(5))
    over = {"two": {"expires": DAY}}
    problems = found({"one.md": f"See [two](two.md).\n\n{dated}", "two.md": "Text.\n"}, **over)
    assert [one.message.partition(" ")[0] for one in problems] == ["`two.md`"]
    problems = found({"one.md": f"See [two](two.md).\n\n{dated}", "two.md": "Text.\n"}, two={"expires": plus(3)})
    assert [one.message.partition(":")[0] for one in problems] == [f"from {plus(3)} on"]


@pytest.mark.parametrize(("many", "told"), [(11, True), (12, False)])
def test_the_next_twelve_days_are_looked_at(many, told):
    assert schedule.AHEAD == 12
    dated = "\n".join(effective("A.", from_=plus(day)) for day in range(1, many + 1))
    problems = found({"one.md": f"See [two](two.md).\n\n{dated}", "two.md": "Text.\n"}, two={"expires": plus(50)})
    assert bool(problems) is told


def test_what_only_watches_the_clock_is_not_looked_at_ahead():
    meta = {"one": {"review_by": plus(3)}, "two": {"valid_from": plus(200)}}
    bodies = {
        "one.md": "Text.\n\n/// internal\n    reason: signal\n    recheck: 2026-11-25\n\nA.\n///\n",
        "two.md": "Text.\n",
    }
    library = loaded(simple(bodies, **meta))
    assert schedule.boundaries(library, DAY) == [plus(200)]
    assert {one.rule for one in rules.check(library, plus(200))} == {"review-overdue", "recheck-overdue"}
    assert schedule.check(library, DAY) == []


def test_a_warning_of_the_future_is_not_told(monkeypatch):
    def rule(_library, day):
        if day > DAY:
            yield Problem("docs/one.md", 1, "a-rule", "Wrong.", Severity.WARNING)
            yield Problem("docs/one.md", 1, "b-rule", "Wrong.")

    monkeypatch.setattr(rules, "RULES", (rule,))
    library, _ = simple({"one.md": effective("A.", from_=D)}).load()
    assert [(one.rule, one.message) for one in schedule.check(library, DAY)] == [
        ("b-rule", "from 2026-12-01 on: Wrong.")
    ]


def test_with_nothing_ahead_each_rule_is_asked_once(monkeypatch):
    asked = []
    monkeypatch.setattr(rules, "RULES", (lambda _library, day: asked.append(day) or [],))
    library, _ = simple({"one.md": effective("A.", from_=plus(-1))}).load()
    asked.clear()
    assert schedule.check(library, DAY) == []
    assert asked == [DAY]
    library, _ = simple({"one.md": effective("A.", from_=D, until=plus(20))}).load()
    asked.clear()
    schedule.check(library, DAY)
    assert asked == [DAY, D, plus(20)]


# One id on one day


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ({"until": D}, {"from_": D}, False),
        ({"from_": D}, {"until": D}, False),
        ({"until": D}, {"from_": plus(30)}, False),
        ({"until": plus(9)}, {"from_": plus(8)}, True),
        ({"from_": D}, {"from_": plus(30)}, True),
        ({"until": D}, {"until": plus(30)}, True),
        ({"until": D}, None, True),
        (None, {"from_": D}, True),
        (None, None, True),
        ({"from_": plus(1), "until": plus(2)}, {"from_": plus(2), "until": plus(3)}, False),
        ({"from_": plus(1), "until": plus(3)}, {"from_": plus(2), "until": plus(4)}, True),
    ],
)
def test_a_clause_and_a_heading_stand_twice_where_their_days_do_not_meet(one, other, clash):
    text = "#### Same words\n\nText.\n"
    parts = [effective(text, **dates) if dates else text for dates in (one, other)]
    problems = found({"one.md": "\n\n".join(parts)})
    assert [problem.rule for problem in problems] == ["duplicate-anchor"] * clash
    import worked

    text = "### G04.2 Two\n\nText.\n"
    parts = [effective(text, **dates) if dates else text for dates in (one, other)]
    library, _ = worked.short("\n\n".join(["### G04.1 One\n\nText.", *parts])).load()
    told = [problem for problem in rules.check(library, DAY) if problem.rule == "clause-form"]
    assert len(told) == clash
    both_undated = one is other is None
    assert all(("on some of the same days" in problem.message) is not both_undated for problem in told)


def test_numbers_rise_on_each_day():
    import worked

    def told(*parts):
        library, _ = worked.short("\n".join(parts)).load()
        return [
            problem.message.partition(",")[0] for problem in rules.check(library, DAY) if problem.rule == "clause-form"
        ]

    def clause(number):
        return f"### G04.{number} Text\n\nText.\n"

    old, new = clause(1) + "\n" + clause(4), clause(1) + "\n" + clause(2)
    assert told(effective(old, until=D), effective(new, from_=D), clause(5)) == []
    assert told(effective(old, until=D), effective(new, from_=D), clause(3)) == ["expected a number above G04.4"]
    assert told(effective(old, until=D), effective(new, from_=plus(2)), clause(5)) == [
        "clause G04.1 stands on line 40 too", "expected a number above G04.4",
    ]  # fmt: skip
