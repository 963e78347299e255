"""Trees of later days: one a day at most, in a box until theirs, and from then on as if they had always stood there."""

import datetime as dt
import json

import pytest
import worked
from announcing import notice, with_notices
from bs4 import BeautifulSoup
from guidebook import announcements, documents, prompts, schedule, staging
from guidebook.announcements import Compared, baseline
from guidebook.documents import Reader, inside
from guidebook.problems import ProblemsError
from guidebook.sources import TextFile
from hypothesis import event, given, settings
from hypothesis import strategies as st
from libraries import DAY, EXTERNAL, FAR, INTERNAL, PAST, loaded, render

D = dt.date(2026, 12, 7)
BEFORE = D - dt.timedelta(1)
ALLOWED = {"label": "no-action", "clause": "G04.2"}
NEW = {
    **worked.TREE,
    "opens": {"ask": "Does it still open?", "answers": {"No": ALLOWED, "Yes": {"go": "shop"}}},
    "shop": {"ask": "Is it a shop?", "answers": {"Yes": ALLOWED, "No": {"go": "danger"}}},
}
OLD_TREE, NEW_TREE = worked.tree(), worked.tree(NEW)


def dated(text, **dates):
    """Return text in a passage with these dates, or as it is when there are none."""
    options = "".join(f"    {key.rstrip('_')}: {day}\n" for key, day in dates.items())
    return f"/// effective\n{options}\n{text}\n\n///" if dates else text


def pair(old=OLD_TREE, new=NEW_TREE):
    return f"{dated(old, until=D)}\n\n{dated(new, from_=D)}"


def cases(**both):
    """Return the cases that a guideline needs; those that the tree asks more of have `both` answers."""
    return [
        one.replace('"opens": "Yes", ', f'"opens": "Yes", {json.dumps(both)[1:-1]}, ' if both else '"opens": "Yes", ')
        for one in worked.needed()
    ]


BOTH, PLAIN = cases(shop="No"), cases()


def changing(**sections):
    """Return a project whose tree gives way to another, and whose cases answer both."""
    return worked.project(worked.body(drawn=pair(), cases=BOTH, **sections))


def staged(made, day, name=EXTERNAL):
    return staging.project(staging.view(loaded(made), name, day))


def soup(made, day=DAY, name=EXTERNAL):
    return BeautifulSoup(render(staged(made, day, name), worked.PATH), "html.parser")


def row(tree, name="G04"):
    return next(one for one in json.loads(tree["docs/catalog.json"])["documents"] if one["id"] == name)


def told(made, rule=None):
    """Return what is said of a library, today and of the days ahead, by line and message."""
    found = schedule.check(made.load()[0], DAY)
    return [(one.line, one.message) for one in found if rule in {None, one.rule}]


def line_of(made, part, count=1):
    text, at = made.docs[worked.PATH].text(), -1
    for _ in range(count):
        at = text.index(part, at + 1)
    return text.count("\n", 0, at) + 1


# One a day


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ({"until": D}, {"from_": D}, False),
        ({"from_": D}, {"until": D}, False),
        ({"from_": PAST, "until": D}, {"from_": D}, False),
        ({"until": D}, {"from_": BEFORE}, True),
        ({"until": D}, {"until": FAR}, True),
        ({}, {"from_": D}, True),
        ({"until": D}, {}, True),
        ({}, {}, True),
    ],
)
def test_two_trees_that_hold_on_one_day_are_refused(one, other, clash):
    made = worked.project(worked.body(drawn=f"{dated(OLD_TREE, **one)}\n\n{dated(OLD_TREE, **other)}"))
    lines = [line_of(made, "```tree", 1), line_of(made, "```tree", 2)]
    undated = "there is one on line" if one == other == {} else "one that holds on some of the same days is on line"
    message = f"a page has one decision tree on each day, and {undated} {lines[0]}. "
    wanted = [(lines[1], message)] if clash else []
    assert [(line, text[: len(message)]) for line, text in told(made, "tree")] == wanted
    assert all(("Delete one, or let" in text) is (one == other == {}) for _, text in told(made, "tree"))
    kept = made.load()[0].by_id["G04"].trees
    assert [tree.line for tree in kept] == lines[: 1 if clash else 2]


def test_of_passages_that_are_wrong_no_days_are_known():
    good = pair()
    for wrong, rule in ((good.replace(f"from: {D}", "from: soon"), "passage-option"),
                        (good.replace("/// effective", "/// effectiv", 1), "passage-spelling")):  # fmt: skip
        made = worked.project(worked.body(drawn=wrong))
        assert {one.rule for one in made.load()[0].problems} == {rule}


days = st.integers(-20, 20).map(lambda many: DAY + dt.timedelta(many))
spans = st.lists(st.tuples(st.none() | days, st.none() | days), min_size=1, max_size=4)


@settings(max_examples=200)
@given(spans.filter(lambda found: all(a is None or b is None or a < b for a, b in found)), days)
def test_trees_are_refused_or_one_at_most_is_in_force(found, day):
    parts = [dated(OLD_TREE, **{key: at for key, at in zip(("from_", "until"), one, strict=True) if at})
             for one in found]  # fmt: skip
    front = worked.project().docs[worked.PATH].text().partition("---\n\n")[0]
    file = TextFile(worked.PATH, f"{front.rpartition('---')[0]}---\n\n" + "\n\n".join(parts) + "\n")
    read, faults = documents.read(file, frozenset({EXTERNAL, INTERNAL}))
    held = [
        [(a or dt.date.min) <= DAY + dt.timedelta(n) < (b or dt.date.max) for a, b in found] for n in range(-25, 26)
    ]
    refused = [fault for fault in faults if fault.rule == "tree"]
    assert refused == faults
    assert bool(refused) is any(sum(one) > 1 for one in held)
    event("refused" if refused else "kept")
    if not refused:
        assert len(read.trees) == len(found)
    for name in (None, frozenset({EXTERNAL})):
        reader = Reader(name, day)
        shown = [tree for tree in read.trees if not inside(tree.start, read.withheld(reader))]
        assert shown == ([read.visible_tree(reader)] if shown else [])


# A tree on each day


FIRST, SECOND = "that of line {0} ends on 2026-12-07.", "that of line {0} starts on 2026-12-07."


@pytest.mark.parametrize(
    ("drawn", "fields", "says"),
    [
        (dated(OLD_TREE, until=D), {}, f"from 2026-12-07 on: expected a decision tree in force on 2026-12-07, {FIRST}"),
        (dated(OLD_TREE, until=D), {"expires": D}, None),
        (dated(OLD_TREE, until=D), {"status": "draft"}, None),
        (dated(OLD_TREE, from_=D), {}, f"expected a decision tree in force on 2026-11-23, {SECOND}"),
        (dated(OLD_TREE, from_=D), {"valid_from": D}, None),
        (dated(OLD_TREE, from_=D), {"expires": DAY}, f"expected a decision tree in force on 2026-11-22, {SECOND}"),
        (dated(OLD_TREE, until=D), {"valid_from": D}, f"expected a decision tree in force on 2026-12-07, {FIRST}"),
        (f"{dated(OLD_TREE, until=D)}\n\n{dated(NEW_TREE, from_=FAR)}", {},
         f"from 2026-12-07 on: expected a decision tree in force on 2026-12-07, {FIRST}"),
        (pair(), {}, None),
    ],
)  # fmt: skip
def test_a_guideline_has_a_tree_on_each_day_on_which_it_is_in_force(drawn, fields, says):
    made = worked.project(worked.body(drawn=drawn, cases=BOTH), **{"rules-g04": fields})
    line = line_of(made, "```tree")
    mend = "Let one end (`until`) on the day the next starts (`from`)."
    wanted = [(line, f"{says.replace(', that', ', found none: that').format(line)} {mend}")] if says else []
    assert told(made, "tree") == wanted


# The box


def test_until_its_day_a_tree_is_a_list_in_a_box_below_the_one_in_force():
    for name in (EXTERNAL, INTERNAL):
        page = soup(changing(), name=name)
        (now,), (box,) = page.find_all(class_="gb-tree"), page.find_all(class_="coming")
        assert now.find(id="g04-tree-opens").text.startswith("Does it open?")
        assert "Until 6 December 2026." in page.text
        assert box.find(class_="admonition-title").text == "From 7 December 2026"
        assert box.find(class_="gb-tree") is None
        assert box.find(id=True) is None
        ways = box.find(class_="gb-tree-coming")
        assert ways.p.text == "The decision tree from 7 December 2026:"
        assert [one.contents[0].strip() for one in ways.ol.find_all("li", recursive=False)] == [
            "Does it still open?", "Does it force a file?", "Does it threaten?", "Is it a shop?",
        ]  # fmt: skip
        assert [" ".join(one.text.split()) for one in ways.ol.find("li").find_all("li")] == [
            "No: no-action (G04.2)", "Yes: question 4",
        ]  # fmt: skip
        assert [one["href"] for one in ways.find_all("a", class_="clause")] == ["#g04-2", "#g04-1", "#g04-2"] + [
            "#g04-2"
        ] * 2
        anchors = [one["id"] for one in page.find_all(id=True)]
        assert len(anchors) == len(set(anchors))


def test_what_starts_with_a_tree_is_named_in_its_box_without_a_link():
    clauses = f"{worked.CLAUSES}\n{dated('### G04.3 Shops' + chr(10) * 2 + 'Shops.', from_=D)}"
    leaf = {"label": "no-action", "clause": "G04.3", "escalate": "W03"}
    new = {**NEW, "shop": {"ask": "Is it a shop?", "answers": {"Yes": leaf, "No": {"go": "danger"}}}}
    made = worked.project(
        worked.body(clauses, pair(new=worked.tree(new)), BOTH), {"w03.md": worked.STEPS},
        w03={"id": "W03", "type": "workflow", "valid_from": D},
    )  # fmt: skip
    ends = soup(made).find(class_="gb-tree-coming").find_all("li")[-2]
    assert " ".join(ends.text.split()) == "Yes: no-action (G04.3), and escalate by W03"
    assert [one["href"] for one in ends.find_all("a")] == ["../no-action.md"]
    assert b"w03" not in staged(made, DAY)[f"docs/{worked.PATH}"]
    then = soup(made, D).find(class_="gb-tree").find_all("li")[-2]
    assert [one["href"] for one in then.find_all("a")] == ["../no-action.md", "#g04-3", "../w03.md"]


def test_a_tree_in_a_box_leads_nobody_to_what_is_withheld_on_its_day():
    leaf = {"escalate": "W03", "clause": "G04.2"}
    new = {**NEW, "shop": {"ask": "Is it a shop?", "answers": {"Yes": leaf, "No": {"go": "danger"}}}}
    others, text = {"w03.md": worked.STEPS}, worked.body(drawn=pair(new=worked.tree(new)), cases=BOTH)
    for fields, why in (({"audience": INTERNAL}, "its page is for the audience `internal`"),
                        ({"valid_from": D + dt.timedelta(1)}, "its page is not in force on 2026-12-07")):  # fmt: skip
        made = worked.project(text, others, w03={"id": "W03", "type": "workflow", **fields})
        library, problems = made.load()
        assert [(one.rule, why in one.message) for one in problems] == [("hidden-reference", True)]
        with pytest.raises(ProblemsError, match="W03"):  # without the check as well
            staging.project(staging.view(library, EXTERNAL, DAY))


# On its day


def test_before_its_day_a_tree_decides_nothing_and_then_all():
    made = changing()
    plain = {name: worked.project(worked.body(drawn=one, cases=of))
             for name, one, of in (("old", OLD_TREE, PLAIN), ("new", NEW_TREE, BOTH))}  # fmt: skip
    for name in (EXTERNAL, INTERNAL):
        assert staged(made, D, name) == staged(plain["new"], D, name)
        before, old = staged(made, BEFORE, name), staged(plain["old"], BEFORE, name)
        assert before.keys() == old.keys()
        differ = {path for path in before if before[path] != old[path]}
        assert differ == {f"docs/{worked.PATH}", "docs/catalog.json"}  # the box, and the sum of the source
        assert row(before) | {"sha256": ""} == row(old) | {"sha256": ""}
        found = soup(made, BEFORE, name).find_all(class_="gb-case")
        assert [one["data-answers"] for one in found] == [
            one["data-answers"] for one in soup(plain["old"], BEFORE, name).find_all(class_="gb-case")
        ]


def test_a_case_that_the_next_tree_decides_otherwise_is_told_today_with_the_day():
    turned = {**worked.TREE, "danger": {"ask": "Does it force a file?", "answers": {
        "Yes": ALLOWED, "No": {"go": "threat"}}}}  # fmt: skip
    cases = worked.needed()
    assert told(worked.project(worked.body(drawn=pair(new=OLD_TREE), cases=cases))) == []
    made = worked.project(worked.body(f"{worked.CLAUSES}\nFor [spam-x].\n", pair(new=worked.tree(turned)), cases))
    found = told(made)
    assert [line for line, _ in found] == [line_of(made, 'label: "spam-x"', count) for count in (1, 2, 3)]
    leaf = made.load()[0].by_id["G04"].trees[1].by_id["danger"].answers[0].line
    assert found[0][1] == (
        f"from 2026-12-07 on: case G04-01 expects `spam-x` by G04.1, and the tree ends at `no-action` by G04.2 (line "
        f"{leaf}). Its way: opens: Yes, danger: Yes. Mend the answers of the case, its label, or the tree, or let the "
        "case end (`until`) with the tree before."
    )


def test_a_case_answers_the_trees_of_its_page_and_nothing_else():
    made = worked.project(worked.body(drawn=pair(), cases=PLAIN))
    asked = "from 2026-12-07 on: case G04-01 does not reach an end of the tree after opens: Yes: it gives no answer to"
    assert told(made)[0][1].startswith(asked)
    assert len(told(made)) == 3
    assert told(changing()) == []
    made = worked.project(worked.body(drawn=pair(), cases=cases(shop="No", lost="No")))
    assert ["answers `lost`, which is no question of the tree" in text for _, text in told(made)] == [True] * 3


ENDS_AND_STARTS = ({"until": D}, {"from_": D})


def twice(**later):
    """Return cases of which one has other fields from a later day on."""
    old = worked.case("05", **worked.FORCED)
    new = worked.case("05", **{**worked.FORCED, **later})
    return [*worked.needed()[:4], dated(old, until=D), dated(new, from_=D)]


def test_a_case_may_stand_twice_under_its_id_when_no_day_has_both():
    later = {"title": "New title", "reason": "A new reason."}
    made = worked.project(worked.body("See [G04-05].\n\n" + worked.CLAUSES, cases=twice(**later)))
    assert told(made) == []
    for day, title in ((BEFORE, "Title 05"), (D, "New title")):
        page = soup(made, day)
        assert page.find("a", class_="case")["title"] == title
        (box,) = page.find_all(id="case-g04-05")
        assert title in box.text
        assert [one["id"] for one in row(staged(made, day))["cases"]] == [f"G04-0{n}" for n in range(1, 6)]
    clash = "\n\n".join(twice(**later)).replace(f"from: {D}", f"from: {BEFORE}")
    made = worked.project(worked.body(cases=[clash]))
    first = line_of(made, "```case", 5)
    message = f"`G04-05` is the id of the case on docs/{worked.PATH}:{first} already. Number this anew, or let one"
    message += " passage end (`until`) on the day the other starts (`from`)."
    assert told(made, "case-number") == [(line_of(made, 'id: "G04-05"', 2), message)]


def test_a_case_with_two_texts_shows_its_label_once():
    texts = [dated(worked.case("05", **worked.FORCED, verdict="violating"), **days) for days in ENDS_AND_STARTS]
    made = worked.project(worked.body(cases=[worked.needed()[1], *texts]))
    (found,) = [text for _, text in told(made, "label-cases")]
    assert "2 violating (found 1), " in found


def test_a_case_is_contrasted_with_one_of_its_days():
    def ends(**later):
        new = worked.case("05", **{**worked.FORCED, **later})
        facing = worked.case("06", **worked.ALLOWED, contrast="G04-05")
        return [
            text for _, text in told(worked.project(worked.body(cases=[*twice()[:5], dated(new, from_=D), facing])))
        ]

    assert ends() == []
    (found,) = ends(**{**worked.ALLOWED, "verdict": "borderline"})
    assert found.endswith("found `G04-05`, which ends at `no-action` too. Mend it, or delete it.")


# Labels


def test_a_label_that_only_a_tree_of_another_day_leads_to_is_not_one_of_today():
    fields = {**worked.LABEL, "severity": "none", "title": "Shops", "precedence": 60}
    leaf = {"label": "spam-y", "clause": "G04.1"}
    new = {**NEW, "shop": {"ask": "Is it a shop?", "answers": {"Yes": leaf, "No": {"go": "danger"}}}}
    names = {"rules-g04": {"labels": ["spam-x", "spam-y", "no-action"]}, "spam-y": fields}
    body = worked.LABEL_BODY.replace("[spam-x]", "[spam-y]")

    def project(drawn):
        return worked.project(worked.body(drawn=drawn, cases=BOTH), {"spam-y.md": body}, **names)

    for made, without in ((project(pair(new=worked.tree(new))), DAY), (project(pair(worked.tree(new), NEW_TREE)), D)):
        assert told(made) == []
        for day in (DAY, D):
            there = day != without
            view = staging.view(loaded(made), EXTERNAL, day)
            assert ("spam-y" in view.uses) is there
            assert ("spam-y" in prompts.examples(view)) is there
            table = soup(made, day).find("table")
            assert [one.text for one in table.select("td:first-child")] == ["spam-x", "no-action"][:1] + [
                "spam-y"
            ] * there + ["no-action"]
    made = project(pair())
    assert [text.partition(" ends")[0] for _, text in told(made)] == ["no clause and no way through the decision tree"]
    named = project(pair(new=worked.tree(new)))
    named.docs[worked.PATH].body = named.docs[worked.PATH].body.replace("Text of one.", "For [spam-y].")
    assert "spam-y" in staging.view(loaded(named), EXTERNAL, DAY).uses


def test_a_label_is_reached_by_a_clause_that_starts_with_its_tree():
    clauses = f"{worked.CLAUSES}\n{dated('### G04.3 Shops' + chr(10) * 2 + 'Shops.', from_=D)}"
    new = {**NEW, "shop": {"ask": "Is it a shop?", "answers": {
        "Yes": {"label": "spam-y", "clause": "G04.3"}, "No": {"go": "danger"}}}}  # fmt: skip
    made = worked.project(
        worked.body(clauses, pair(new=worked.tree(new)), BOTH),
        {"spam-y.md": worked.LABEL_BODY.replace("[spam-x]", "[spam-y]")},
        **{"rules-g04": {"labels": ["spam-x", "spam-y", "no-action"]}, "spam-y": {
            **worked.LABEL, "severity": "none", "precedence": 60}},
    )  # fmt: skip
    assert told(made) == []


def test_a_label_of_both_trees_is_one_of_today_whichever_page_holds_its_clause():
    elsewhere = {**worked.TREE, "threat": {"ask": "Does it threaten?", "answers": {
        "Yes": {"escalate": "W02", "clause": "G05.1"}, "No": {"label": "no-action", "clause": "G05.1"}}}}  # fmt: skip
    elsewhere["opens"] = {"ask": "Does it open?", "answers": {
        "No": {"label": "no-action", "clause": "G05.1"}, "Yes": {"go": "danger"}}}  # fmt: skip
    made = worked.project(
        worked.body(drawn=pair(worked.tree(elsewhere), NEW_TREE), cases=[]),
        {"rules/g05.md": worked.body("### G05.1 Five\n\nText.\n", OLD_TREE, [])},
        **{"rules-g05": {"id": "G05", "type": "guideline", "labels": ["no-action"]}},
    )
    view = staging.view(made.load()[0], EXTERNAL, DAY)
    assert "G04" in [use.document.meta.id for use in view.uses["no-action"]]


# What is asked of its words


def test_the_words_of_a_tree_are_judged_on_its_days():
    odd = {**NEW, "shop": {**NEW["shop"], "ask": "Is it a XQZ?"}}
    for drawn, ahead in ((pair(new=worked.tree(odd)), True), (pair(worked.tree(odd), NEW_TREE), False)):
        found = told(worked.project(worked.body(drawn=drawn, cases=BOTH)), "undefined-term")
        assert [("XQZ" in text, text.startswith("from 2026-12-07 on: ")) for _, text in found] == [(True, ahead)]


def test_no_heading_has_the_anchor_of_a_question_of_any_tree():
    made = changing(why="### G04 tree shop\n\nText.")
    made.docs[worked.PATH].body = made.docs[worked.PATH].body.replace("### G04 tree shop", "#### G04 tree shop")
    assert [text.partition(" to this")[0] for _, text in told(made, "duplicate-anchor")] == [
        "the build adds a part with the anchor `#g04-tree-shop`"
    ]


# Its notice


def check(made, day):
    def rows(on):
        return json.loads(staged(made, on)["docs/catalog.json"])["documents"]

    last = baseline(f"{BEFORE:%Y.%m.%d}", json.dumps({"documents": rows(BEFORE)}).encode())
    return announcements.check([Compared(staging.view(loaded(made), EXTERNAL, day), rows(day), last)])


def test_a_tree_that_takes_the_place_of_another_needs_its_notice_on_its_day():
    made = worked.project(worked.body(drawn=pair(new=worked.tree({**worked.TREE, "threat": {
        "ask": "Does it threaten?", "answers": {"Yes": ALLOWED, "No": ALLOWED}}}))))  # fmt: skip
    assert check(made, BEFORE) == []
    (found,) = check(made, D)
    assert (found.rule, found.line) == ("unannounced", line_of(made, "```tree", 2))
    assert found.message.startswith(
        "`tree/G04` differs in the external edition since 2026.12.06, and no notice says so."
    )
    assert "Does it threaten? Yes: [-G04.2 W02-]{+no-action G04.2+}" in found.message
    with_notices(made, notice("tree/G04", effective=D))
    assert check(made, BEFORE) == []
    assert check(made, D) == []
    assert told(made, "unannounced") == []


def test_a_case_that_differs_from_its_day_on_is_told_where_its_new_text_stands():
    made = worked.project(worked.body(cases=twice(reason="A new reason.")))
    (found,) = check(made, D)
    assert (found.message.partition(" in ")[0], found.line) == ("`G04-05` differs", line_of(made, "```case", 6))


def test_the_notice_of_a_tree_that_asks_more_names_the_cases_that_answer_more():
    made = with_notices(changing(), notice("tree/G04", effective=D))
    assert [one.message.split("`")[1] for one in check(made, D)] == ["G04-01", "G04-03", "G04-05"]
    made = with_notices(changing(), notice("tree/G04", "G04-01", "G04-03", "G04-05", effective=D))
    assert check(made, D) == []
    made = with_notices(changing(), notice("tree/G04", "G04-01", "G04-03", "G04-05", kind="editorial", effective=D))
    assert {one.rule for one in check(made, D)} == {"substance"}
