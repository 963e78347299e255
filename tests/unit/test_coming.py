"""What comes: text of the future in a box at its place, which is data nowhere, and what ends soon with a line below."""

import datetime as dt
import json

import pytest
import worked
from bs4 import BeautifulSoup
from guidebook import pages, staging
from hypothesis import event, given, settings
from libraries import (
    DAY,
    EXTERNAL,
    FUTURE,
    INTERNAL,
    PAST,
    SOON,
    STEPS,
    loaded,
    projects,
    render,
    simple,
    trees,
)

D = dt.date(2026, 12, 1)
NEXT = "From 1 December 2026"


def later(text, slashes=3, **dates):
    """Return text in a passage that starts on D, or on other `dates`."""
    options = "".join(f"    {key.rstrip('_')}: {day}\n" for key, day in (dates or {"from_": D}).items())
    return f"{'/' * slashes} effective\n{options}\n{text}\n{'/' * slashes}\n"


def staff(text, slashes=3):
    return f"{'/' * slashes} internal\n    reason: signal\n\n{text}\n{'/' * slashes}\n"


def soup(body, name=EXTERNAL, others=None, **meta):
    project = simple({"one.md": body, **(others or {})}, **meta)
    loaded(project)
    return BeautifulSoup(render(trees(project)[name], "one.md"), "html.parser")


def boxes(page):
    return [(box.find(class_="admonition-title").text, box) for box in page.find_all(class_="coming")]


def said(box):
    """Return the text of a box below its title, in one line."""
    return " ".join(" ".join(part.text for part in box.find_all(recursive=False)[1:]).split())


# The box


@pytest.mark.parametrize(
    ("dates", "title"),
    [
        ({"from_": DAY + dt.timedelta(1)}, "From 24 November 2026"),
        ({"from_": D}, NEXT),
        ({"from_": D, "until": dt.date(2026, 12, 15)}, f"{NEXT} until 14 December 2026"),
        ({"from_": D, "until": dt.date(2027, 1, 1)}, f"{NEXT} until 31 December 2026"),
        ({"from_": DAY}, None),
        ({"until": DAY}, None),
        ({"from_": PAST, "until": DAY}, None),
    ],
)
@pytest.mark.parametrize("name", [EXTERNAL, INTERNAL])
def test_a_text_of_the_future_stands_in_a_box_at_its_place(dates, title, name):
    page = soup(f"Before.\n\n{later('Then it holds.', **dates)}\nAfter.\n", name)
    found = boxes(page)
    assert [one for one, _ in found] == ([title] if title else [])
    assert [said(box) for _, box in found] == ["Then it holds."] * len(found)
    for _, box in found:
        assert box.find_previous_sibling().text == "Before."
        assert box.find_next_sibling().text == "After."
    assert ("Then it holds." in page.text) is (bool(title) or dates == {"from_": DAY})
    assert "///" not in page.text


def test_who_may_not_read_the_page_or_a_passage_around_sees_no_box():
    body = f"Text.\n\n{staff(later('Later.'), 4)}"
    assert boxes(soup(body)) == []
    assert [title for title, _ in boxes(soup(body, INTERNAL))] == [NEXT]
    for fields in ({"audience": INTERNAL}, {"status": "draft"}, {"valid_from": FUTURE}):
        project = simple({"one.md": later("Later.")}, one=fields)
        loaded(project)
        found = trees(project)
        assert "docs/one.md" not in found[EXTERNAL]
        assert ("docs/one.md" in found[INTERNAL]) is ("valid_from" not in fields)


def test_a_text_that_starts_when_its_page_has_ended_is_not_announced():
    assert boxes(soup(later("Later."), one={"expires": D})) == []
    assert len(boxes(soup(later("Later."), one={"expires": D + dt.timedelta(1)}))) == 1


def test_staff_see_a_box_in_a_box_either_way_and_others_only_what_is_theirs():
    body = later(f"Theirs.\n\n{staff('Secret.')}", 4)
    ((_, box),) = boxes(soup(body, INTERNAL))
    assert box.find(class_="withheld").text.split() == ["Staff", "only:", "signal", "Secret."]
    assert [said(box) for _, box in boxes(soup(body))] == ["Theirs."]
    between = later(f"First.\n\n{staff('Secret.')}\nLast.", 4)
    assert [said(box) for _, box in boxes(soup(between, INTERNAL))] == ["First. Staff only: signal Secret. Last."]
    outer = soup(staff(f"Secret.\n\n{later('Later.')}", 4), INTERNAL).find(class_="withheld")
    assert [said(box) for _, box in boxes(outer)] == ["Later."]
    assert boxes(soup(later(staff("Secret."), 4))) == []


@pytest.mark.parametrize("slashes", [4, 6])
def test_a_box_tells_nobody_how_many_boxes_are_withheld_in_it(slashes):
    with_it, without = later(f"Theirs.\n\n{staff('Secret.')}", slashes), later("Theirs.")
    found = [trees(simple({"one.md": body})) for body in (with_it, without)]
    assert found[0][EXTERNAL] == found[1][EXTERNAL]
    assert found[0][INTERNAL] != found[1][INTERNAL]


def test_a_box_of_a_snippet_in_a_box_is_a_box_inside():
    snippet = {"part": {"type": "snippet", "id": "snippet-part"}}
    part = f"Part.\n\n{staff('Secret.')}\n{later('Now shown as then.')}\n{later('Too far.', from_=SOON)}\n"
    part += later("Over by then.", until=D)
    body = later('Later.\n\n--8<-- "part.md"\n')
    for name, words in ((EXTERNAL, "Later. Part. Now shown as then."),
                        (INTERNAL, "Later. Part. Staff only: signal Secret. Now shown as then.")):  # fmt: skip
        page = soup(body, name, {"part.md": part}, **snippet)
        assert [said(box) for _, box in boxes(page)] == [words]
        assert "//" not in page.text
    inside = soup('--8<-- "part.md"\n', EXTERNAL, {"part.md": part}, **snippet)
    assert [(title, said(box)) for title, box in boxes(inside)] == [
        (NEXT, "Now shown as then."), ("From 15 December 2026", "Too far."),
    ]  # fmt: skip
    assert inside.find(class_="gb-until").text == "Until 30 November 2026."


def test_a_snippet_that_is_not_in_force_yet_is_absent_and_so_is_a_box_of_nothing_else():
    snippet = {"part": {"type": "snippet", "id": "snippet-part", "valid_from": D}}
    for text, words in (("Later.\n\n{}", ["Later."]), ("{}", [])):
        body = later(text.format('--8<-- "part.md"\n'))
        assert [said(box) for _, box in boxes(soup(body, EXTERNAL, {"part.md": "Part.\n"}, **snippet))] == words


# What stands in it


def test_a_heading_in_a_box_is_a_bold_line_without_an_anchor():
    text = "## Two *words*, `a ** b` & **more**  \n\nText.\n\n### 5 * 3 * 2 [W01]\n\n#### Last\n\n```text\n# no\n```\n"
    page = soup(later(text), EXTERNAL, {"w01.md": STEPS}, w01={"id": "W01", "type": "workflow"})
    ((_, box),) = boxes(page)
    assert box.find(["h2", "h3", "h4"]) is None
    assert [one.text for one in box.find_all("strong")] == ["Two words, a ** b & more", "5 * 3 * 2 W01", "Last"]
    assert [one.text for one in box.find_all("p", recursive=False)][1:] == [
        "Two words, a ** b & more", "Text.", "5 * 3 * 2 W01", "Last",
    ]  # fmt: skip
    assert not box.find_all(id=True)
    assert box.strong.em.text == "words"
    assert box.find("a")["href"] == "w01.md"


@pytest.mark.parametrize(
    ("target", "meta", "link"),
    [
        ("[W01]", {}, "w01.md"),
        ("[W01]", {"valid_from": D}, None),
        ("[a *way*](w01.md)", {"valid_from": D}, None),
        ("[a *way*](w01.md#steps)", {}, "w01.md#steps"),
        ("[the rest](#comes)", {}, None),
        ("[the rest](#stays)", {}, "#stays"),
        ("[out](https://example.com/a)", {}, "https://example.com/a"),
    ],
)
def test_a_link_in_a_box_leads_to_what_is_there_today_and_else_is_text(target, meta, link):
    body = f"## Stays\n\n{later(f'## Comes{chr(10)}{chr(10)}See {target}.')}"
    page = soup(body, EXTERNAL, {"w01.md": STEPS}, w01={"id": "W01", "type": "workflow", **meta})
    ((_, box),) = boxes(page)
    assert [one["href"] for one in box.find_all("a")] == ([link] if link else [])
    assert said(box) == f"Comes See {target[1:].partition(']')[0].replace('*', '')}."
    assert link or "w01" not in str(box)


@pytest.mark.parametrize(
    ("meta", "why"),
    [
        ({"audience": INTERNAL}, "its page is for the audience `internal`"),
        ({"expires": D}, "its page is not in force on 2026-12-01"),
        ({"valid_from": SOON}, "its page is not in force on 2026-12-01"),
        ({"valid_from": D}, ""),
        ({"expires": D + dt.timedelta(1)}, ""),
    ],
)
def test_a_link_of_the_future_is_judged_on_its_first_day(meta, why):
    _, problems = simple(
        {"one.md": later("See [W01]."), "w01.md": STEPS}, w01={"id": "W01", "type": "workflow", **meta}
    ).load()
    assert [problem.rule for problem in problems] == ["hidden-reference"] * bool(why)
    assert all(why in problem.message for problem in problems)
    _, problems = simple(
        {"one.md": "See [W01].", "w01.md": STEPS}, w01={"id": "W01", "type": "workflow", **meta}
    ).load()
    now = "audience" in meta or "valid_from" in meta
    assert [problem.rule for problem in problems] == ["hidden-reference"] * now


def test_text_in_force_may_not_lead_into_a_box():
    _, problems = simple({"one.md": f"See [it](#comes).\n\n{later('## Comes')}"}).load()
    assert [problem.message.split(": ")[1].partition(".")[0] for problem in problems] == [
        "it is not in force on 2026-11-23"
    ]


def test_the_marks_of_a_box_are_shown_and_count_nowhere():
    rest = f"{later('[b](#h).')}\n{later('[c](#h).', until=DAY)}\n{staff('[d](#h).')}"
    library = loaded(simple({"one.md": f"[a](#h).\n\n## H\n\n{rest}"}))
    document, reader = library.documents["one.md"], library.configuration.reader(EXTERNAL, DAY)
    assert [mark.text for mark in document.shown_marks(reader)] == ["a", "b"]
    assert [mark.text for mark in document.visible_marks(reader)] == ["a"]


def test_footnotes_of_a_box_stay_in_it():
    then = "Then[^a], and[^b].\n\n[^a]: Of then.\n[^b]: More.\n\n    Inner.\n"
    page = soup(f"Now[^a].\n\n[^a]: Of today.\n\n{later(then)}")
    ((_, box),) = boxes(page)
    assert said(box) == "Then (note a), and (note b). Note a: Of then. Note b: More. Inner."
    assert [one.p.contents[0].strip() for one in page.find(class_="footnote").find_all("li")] == ["Of today."]
    assert box.find("pre") is None


def test_a_footnote_of_today_can_be_named_in_a_box():
    page = soup(f"Now[^a].\n\n[^a]: Of today.\n\n{later('Then[^a].')}")
    ((_, box),) = boxes(page)
    assert [one["href"] for one in box.find_all("a")] == ["#fn:a"]


def test_a_case_and_steps_of_the_future_decide_nothing_yet():
    kept = worked.case("K21", **worked.FORCED, set="calibration")
    cases = [*worked.needed(), later(f"{worked.case('20', **worked.FORCED)}\n\n{kept}\n")]
    clauses = f"{worked.CLAUSES}\nLabels: [spam-x], [no-action].\n"
    body = worked.body(clauses, cases=cases)
    made = worked.project(body, {"w02.md": f"{STEPS}\n{later('## Then' + STEPS.replace('## Steps', ''))}"})
    loaded(made)
    found = trees(made)
    for name, lines in (
        (EXTERNAL, ["Case G04-20: Title 20"]),
        (INTERNAL, ["Case G04-20: Title 20", "Case G04-K21: Title K21"]),
    ):
        page = BeautifulSoup(render(found[name], worked.PATH), "html.parser")
        told = [[one.text for one in box.find_all("p")[1:]] for _, box in boxes(page)]
        assert told == [lines]
        assert [one["data-case"] for one in page.find_all(class_="gb-case")] == [f"G04-0{n}" for n in range(1, 6)]
        assert page.find(id="case-g04-20") is None
        (row,) = [one for one in json.loads(found[name]["docs/catalog.json"])["documents"] if one["id"] == "G04"]
        assert [one["id"] for one in row["cases"]] == [f"G04-0{n}" for n in range(1, 6)]
        assert b"G04-20" not in found[name]["docs/cases.jsonl"]
        steps = BeautifulSoup(render(found[name], "w02.md"), "html.parser")
        assert len(boxes(steps)[0][1].find_all("table")) == 1
        assert boxes(steps)[0][1].find("img") is None
        assert len(steps.find_all("img")) == 1


def test_an_id_is_no_clause_and_a_term_no_term_before_its_day():
    text = f"### G04.1 One\n\nText of a post.\n\n{later('### G04.3 Three' + chr(10) * 2 + 'A board.')}"
    terms = "reviewer\n:   R.\n\npost\n:   P.\n\nboard\n:   B.\n\n" + later("queue\n:   Q.")
    made = worked.short(text, {"glossary.md": terms})
    tree = worked.staged(made)
    assert b"data-clause" in tree["docs/rules/g04.md"]
    for path, data in tree.items():
        if not path.endswith("rules/g04.md"):
            assert b"G04.3" not in data, path
    text = tree["docs/rules/g04.md"].decode()
    assert "**G04.3 Three**" in text
    assert "#g04-3" not in text
    assert "*[post]" in text
    assert "*[board]" not in text


# What ends


@pytest.mark.parametrize(
    ("dates", "line"),
    [
        ({"until": D}, "Until 30 November 2026."),
        ({"from_": PAST, "until": DAY + dt.timedelta(1)}, "Until 23 November 2026."),
        ({"from_": PAST}, None),
        ({"from_": D, "until": FUTURE}, None),
    ],
)
def test_a_text_that_ends_says_its_last_day_below(dates, line):
    page = soup(later("- a\n- b", **dates) + "\nAfter.\n")
    found = page.find_all(class_="gb-until")
    assert [one.text for one in found] == ([line] if line else [])
    for one in found:
        assert one.find_previous_sibling().name == "ul"
        assert one.find_next_sibling().text == "After."


# One text in the place of another


def pair(old="Within the shift.", new="Within two hours."):
    return f"{later(old, until=D)}\n{later(new)}"


def on(made, day, name=EXTERNAL):
    view = staging.view(loaded(made), name, day)
    return {row["id"]: row for row in pages.clauses(view, view.library.by_id["G04"])}, view


def test_a_text_gives_way_to_another_on_its_day():
    made = worked.short(f"### G04.1 Send the form\n\nFirst.\n\n{pair()}\nLast.\n\n### G04.2 Two\n\nText.\n")
    plain = worked.short("### G04.1 Send the form\n\nFirst.\n\nWithin the shift.\n\nLast.\n\n### G04.2 Two\n\nText.\n")
    assert on(made, DAY)[0] == on(plain, DAY)[0]
    after, view = on(made, D)
    assert after["G04.1"]["text"] == "First.\n\nWithin two hours.\n\nLast."
    assert after["G04.1"]["sha256"] != on(plain, DAY)[0]["G04.1"]["sha256"]
    assert after["G04.2"] == on(plain, DAY)[0]["G04.2"]
    page = worked.page(made)
    clause = page.find(attrs={"data-clause": "G04.1"})
    assert clause["data-sha256"] == on(plain, DAY)[0]["G04.1"]["sha256"]
    told = [one.text.split("\n") for one in clause.find_next_siblings()][:6]
    assert [" ".join(filter(None, one)) for one in told] == [
        "First.", "Within the shift.", "Until 30 November 2026.", f"{NEXT} Within two hours.", "Last.", "G04.2 Two#",
    ]  # fmt: skip
    text = staging.project(view)["docs/rules/g04.md"].decode()
    assert "coming" not in text
    assert "gb-until" not in text
    assert "shift" not in text


CLAUSE = "### G04.2 {0}\n\nThe text of {0}."


OLD, NEW = CLAUSE.format("old"), CLAUSE.format("new")


@pytest.mark.parametrize(
    "body", [pair(OLD, NEW), f"{later(NEW)}\n{later(OLD, until=D)}"], ids=["old first", "new first"]
)
def test_a_whole_clause_gives_way_to_another_of_its_number(body):
    made = worked.short(f"### G04.1 One\n\nSee [G04.2].\n\n{body}\n### G04.3 Three\n\nText.\n")
    before, _ = on(made, DAY)
    assert (before["G04.2"]["title"], before["G04.2"]["text"]) == ("old", "The text of old.")
    after, view = on(made, D)
    assert (after["G04.2"]["title"], after["G04.2"]["text"]) == ("new", "The text of new.")
    page = worked.page(made)
    assert [one.text for one in page.find_all(class_="clause") if one.name == "h3"] == [
        f"G04.{n} {t}#" for n, t in enumerate(("One", "old", "Three"), 1)
    ]
    ((title, box),) = boxes(page)
    assert (title, said(box)) == (NEXT, "G04.2 new The text of new.")
    link = page.find("a", class_="clause")
    assert (link["href"], link["title"]) == ("#g04-2", "old")
    then = staging.project(view)["docs/rules/g04.md"].decode()
    assert '[G04.2](#g04-2 "new"){ .clause }' in then
    assert "old" not in then


def test_known_questions_stand_before_the_box_of_another_clause():
    text = f"### G04.1 One\n\nText.\n\n{later('### G04.2 Two' + chr(10) * 2 + 'Later.')}\n### G04.3 Three\n\nText.\n"
    faq = {"f01": {"id": "F01", "type": "faq", "answers": ["G04.1"], "renewed": DAY}}
    page = worked.page(worked.short(text, {"f01.md": "Text.\n"}, **faq))
    line = page.find(class_="gb-known")
    assert line.find_previous("h3")["id"] == "g04-1"
    assert line.find_next_sibling()["class"] == ["admonition", "coming"]


# In all libraries


def data(project, name):
    """Return all that an edition holds besides its pages, without the sums of those."""
    tree = trees(project)[name]
    rows = json.loads(tree.pop("docs/catalog.json"))["documents"]
    for row in rows:
        del row["sha256"]
    files = {path: text for path, text in tree.items() if not path.endswith((".md", ".png", ".svg", ".csv", ".txt"))}
    return rows, files | {path: text for path, text in tree.items() if "/prompts/" in path or "/c/" in path}


@settings(max_examples=30)
@given(projects)
def test_what_comes_is_as_little_data_of_an_edition_as_what_is_over(project):
    loaded(project)
    bare = project.copy()
    for doc in bare.docs.values():
        doc.body = doc.body.replace(f"    from: {SOON}", f"    until: {DAY}")
    event("with boxes" if bare.docs != project.docs else "without")
    for name in (EXTERNAL, INTERNAL):
        assert data(project, name) == data(bare, name)
