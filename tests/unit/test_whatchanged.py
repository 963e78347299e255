"""What changed: the page of a release says what differs from the one before, and shows nothing that neither had."""

import copy
import datetime as dt
import json
import re
from functools import cache
from random import Random

import pytest
import rendering
import worked
from announcing import editorial, notice, rows, with_notices, without
from bs4 import BeautifulSoup
from changes import CHANGES
from guidebook import history, whatchanged
from guidebook.announcements import baseline
from guidebook.history import Past
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import DAY, EXTERNAL, INTERNAL, SOON, grow, seeds, trees
from worked import CLAUSES, body, needed, tree

LAST, NOW = "2026.11.22", "2026.11.23"


def text(before, after, *, now=NOW, last=LAST, earlier=(LAST,)):
    """Return the page's Markdown; each side is a project or rows."""
    before, after = (one if isinstance(one, list) else rows(one) for one in (before, after))
    past = baseline(last, json.dumps({"documents": before}).encode())
    return whatchanged.page(now, after, past, earlier)


def page(*args, **kwargs):
    """Return the page as it is rendered."""
    return BeautifulSoup(rendering.render(text(*args, **kwargs)), "html.parser")


def sections(soup):
    """Return what stands under each heading of the second and third rank, as HTML, by the text of the heading."""
    found, name = {}, None
    for one in soup.find_all(True, recursive=False):
        if one.name in {"h2", "h3"}:
            name = one.text.removesuffix("#").strip()
            found[name] = ""
        elif name:
            found[name] += str(one)
    return {key: BeautifulSoup(value, "html.parser") for key, value in found.items()}


def table(soup):
    return [[cell.text for cell in row.find_all(["th", "td"])] for row in soup.find_all("tr")]


# The whole page.


def test_a_first_release_says_what_there_is():
    made = with_notices(worked.short(CLAUSES), notice("G04.1"))
    assert whatchanged.page(NOW, rows(made), None, []) == (
        "# What changed\n\nRelease **2026.11.23**, in force from 23 November 2026, 00:00 UTC.\n\n"
        "This is the first release: 6 pages, 2 clauses."
    )
    assert len(rows(made)) == 7


def test_a_release_says_what_it_is_and_what_it_follows():
    made = worked.short(CLAUSES)
    assert text(made, made, now="2026.11.02.3", last="2026.11.02.2", earlier=["2026.11.02.2", "2026.10.01"]) == (
        "# What changed\n\nRelease **2026.11.02.3**, in force from 2 November 2026, 00:00 UTC. It follows 2026.11.02.2."
        "\n\nNo clause, label, tree or case differs. What else differs is text that decides no case."
        "\n\n## Earlier releases\n\n"
        '- <a href="../../2026.11.02.2/changes/">2026.11.02.2</a>\n- <a href="../../2026.10.01/changes/">2026.10.01</a>'
    )


def test_text_that_decides_no_case_is_not_shown():
    other = worked.short(CLAUSES, **{"rules-g04": {"summary": "Another sum."}, "w02": {"title": "Another"}})
    assert text(worked.short(CLAUSES), other) == text(worked.short(CLAUSES), worked.short(CLAUSES))


EVERYTHING = with_notices(
    worked.project(
        body(
            CLAUSES.replace("Text of two.", "Text of two, edited."),
            tree({**worked.TREE, "opens": {**worked.TREE["opens"], "ask": "Does it open now?"}}),
            [one.replace("Reason 05", "Because 05") for one in needed()],
        ),
        {"one.md": "Text.\n"},
        **{"spam-x": {"severity": "high"}},
    ),
    notice("G04.2", "spam-x", "tree/G04", "G04-05"),
)


def test_notices_come_first_and_then_each_kind_of_thing():
    soup = page(worked.project(), EVERYTHING)
    titles = [one.text.removesuffix("#") for one in soup.find_all("h2")]
    assert titles == ["Notices", "Clauses", "Labels", "Decision trees", "Cases", "Pages", "Earlier releases"]
    assert [one.text.removesuffix("#") for one in soup.find_all("h3")] == [
        "N001 N001", "G04.2 All else is allowed", "spam-x Spam-x", "tree of G04", "G04-05 Title 05",
    ]  # fmt: skip
    assert [one["id"] for one in soup.find_all("h3")][1:] == ["g04-2", "spam-x", "tree-g04", "g04-05"]


# Notices.


def told(before, after, **kwargs):
    """Return the ids of the notices on the page."""
    soup = page(before, after, **kwargs)
    names = [one.text.split()[0] for one in soup.find_all("h3")]
    return [one for one in names if re.fullmatch(r"N\d{3}", one)]


def test_a_notice_says_its_kind_and_leads_to_what_it_names():
    meta = notice("G04.2", "tree/G04", "spam-x", title="The news", summary="All of *it* | now.")
    found = sections(page(worked.short(CLAUSES), with_notices(worked.short(CLAUSES), meta)))["N001 The news"]
    assert [one.text for one in found.find_all("p")] == [
        "All of *it* | now.", "Substantive change of G04.2, tree of G04, spam-x.",
    ]  # fmt: skip
    assert [one["href"] for one in found.find_all("a")] == [
        "../rules/g04/#g04-2", "../rules/g04/#decision-tree", "../spam-x/",
    ]  # fmt: skip
    small = page(worked.short(CLAUSES), with_notices(worked.short(CLAUSES), editorial("G04.2")))
    assert "Editorial change of G04.2." in small.text


def test_what_a_notice_names_and_is_gone_is_named_without_a_link():
    after = rows(with_notices(worked.short(CLAUSES), notice("G04.2")))
    next(one for one in after if one["id"] == "N001")["changes"] = ["G04.9"]
    soup = page(worked.short(CLAUSES), after)
    assert "Substantive change of G04.9." in soup.text
    assert soup.find("a", string="G04.9") is None


def test_an_edition_that_does_not_show_a_field_says_less():
    after = rows(with_notices(worked.short(CLAUSES), notice("G04.2")))
    for key in ("kind", "changes"):
        next(one for one in after if one["id"] == "N001").pop(key)
    assert "\nChange.\n" in text(worked.short(CLAUSES), after)


def test_only_what_took_effect_since_the_last_release_is_told():
    plain, old = worked.short(CLAUSES), notice("G04.1", valid_from=DAY.replace(day=20))
    with_old = with_notices(worked.short(CLAUSES), old)
    assert told(plain, with_old) == ["N001"]  # nobody saw it yet
    assert told(with_old, with_old) == []
    new = notice("G04.2", id="N002")
    both = with_notices(worked.short(CLAUSES), old, new)
    assert told(with_old, both) == ["N002"]
    assert told(with_old, both, last=NOW, now=f"{NOW}.2") == ["N002"]
    assert told(both, both, last=NOW, now=f"{NOW}.2") == []
    assert "Notices" not in page(both, both, last=NOW, now=f"{NOW}.2").text


def test_what_is_announced_for_later_is_told_on_its_day_and_once():
    later = rows(with_notices(worked.short(CLAUSES), notice("G04.2", effective=SOON)))
    row = next(one for one in later if one["id"] == "N001")
    row["effective"] = SOON.isoformat()  # as an edition has it that shows this field
    assert told(worked.short(CLAUSES), later) == []
    assert told(later, later, now="2026.12.14", last=NOW) == []
    assert told(later, later, now="2026.12.15", last="2026.12.14") == ["N001"]
    assert told(later, later, now="2027.01.10", last="2026.12.14") == ["N001"]
    assert told(later, later, now="2026.12.15.2", last="2026.12.15") == []


def test_notices_stand_by_their_first_day():
    days = {"N001": 22, "N002": 20, "N003": 22}
    after = with_notices(
        worked.short(CLAUSES),
        *(notice("G04.1", id=name, valid_from=DAY.replace(day=day)) for name, day in days.items()),
    )
    assert told(worked.short(CLAUSES), after) == ["N002", "N001", "N003"]


def row(name, starts, **fields):
    return {"id": name, "type": "notice", "title": name, "summary": "S", "url": f"{name}/",
            "valid_from": f"{DAY.replace(month=1)}", "effective": starts, **fields}  # fmt: skip


def test_a_notice_that_was_moved_to_the_day_of_the_last_release_is_told_in_the_next():
    def names(before, after):
        past = baseline(NOW, json.dumps({"documents": [row("N001", before)]}).encode())
        return [one["id"] for one in whatchanged.announced(f"{NOW}.2", [row("N001", after)], past)]

    assert names("2026-12-15", "2026-11-23") == ["N001"]
    assert names("2026-12-15", "2026-11-10") == ["N001"]
    assert names("2026-12-15", "2026-12-14") == []
    assert names("2026-11-23", "2026-11-23") == []
    assert names("2026-11-23", "2026-11-10") == []


def test_a_draft_is_told_when_it_is_none_any_more():
    last = baseline(LAST, json.dumps({"documents": [row("N001", LAST.replace(".", "-"), status="draft")]}).encode())
    for status, found in (("draft", []), ("in-force", ["N001"])):
        rows_ = [row("N001", "2026-11-20", status=status)]
        assert [one["id"] for one in whatchanged.announced(NOW, rows_, last)] == found


START = dt.date(2026, 1, 1)
# Of each release: days since the one before, and of each notice whether it is there, and the days until its change.
steps = st.lists(
    st.tuples(st.integers(0, 3), st.lists(st.tuples(st.booleans(), st.integers(-4, 8)), min_size=3, max_size=3)),
    min_size=2,
    max_size=12,
)


@settings(max_examples=400)
@given(steps)
def test_each_notice_is_told_in_the_first_release_that_shows_it_and_whose_day_is_not_before_its_own(releases):
    """A notice stays once it is there; its first day may move, to any day, until it has come."""
    day, names, known, told, wanted = START, [], {}, [], {}
    last = baseline("2025.12.31", b'{"documents": []}')
    for gap, notices in releases:
        day += dt.timedelta(gap)
        nth = 1 + sum(one.startswith(f"{day:%Y.%m.%d}") for one in names)
        names.append(f"{day:%Y.%m.%d}{f'.{nth}' if nth > 1 else ''}")
        for at, (there, ahead) in enumerate(notices):
            if at in wanted or not (there or at in known):
                continue
            known[at] = day + dt.timedelta(ahead)
            if known[at] <= day:
                wanted[at] = names[-1]
        documents = [row(f"N00{at}", starts.isoformat(), valid_from="2025-01-01") for at, starts in known.items()]
        told += [(one["id"], names[-1]) for one in whatchanged.announced(names[-1], documents, last)]
        last = baseline(names[-1], json.dumps({"documents": documents}).encode())
    assert sorted(told) == sorted((f"N00{at}", name) for at, name in wanted.items())


# Texts.


def clause(before, after):
    """Return the redline of G04.2 between two texts."""
    first, second = (worked.short(CLAUSES.replace("Text of two.", one)) for one in (before, after))
    return sections(page(first, second))["G04.2 All else is allowed"].select_one("div.gb-redline")


def test_a_redline_of_a_paragraph_leads_to_what_it_names():
    found = clause("Text of [spam-x] and [G04.1].", "Text of [no-action] and [G04.1].")
    assert str(found.p) == (
        '<p>Text of <del><a href="../spam-x/"><code>spam-x</code></a></del> <ins><a href="../no-action/">'
        '<code>no-action</code></a></ins> and <a href="../rules/g04/#g04-1"><code>G04.1</code></a>.</p>'
    )


def test_a_redline_of_a_table_is_a_table():
    before = "| Signal | Value |\n|---|---|\n| Links | two |\n| Files | one |"
    found = clause(before, before.replace("| one |", "| three |") + "\n| Boards | ten |")
    cells = [[cell.decode_contents() for cell in row.find_all(["th", "td"])] for row in found.select("table tr")]
    assert cells == [
        ["Signal", "Value"],
        ["Links", "two"],
        ["Files", "<del>one</del> <ins>three</ins>"],
        ["<ins>Boards</ins>", "<ins>ten</ins>"],
    ]
    assert [row.get("class") for row in found.select("tr")] == [None, None, None, ["gb-ins"]]


def test_a_redline_of_a_nested_list_keeps_its_nesting():
    before = "- One:\n    - inner one\n    - inner two\n- Two."
    found = clause(before, before.replace("inner two", "inner three") + "\n- Three.")
    inner = [one.text for one in found.select("li li")]
    assert inner == ["inner one", "inner two three"]
    assert found.select_one("li li del").text == "two"
    assert [one.text for one in found.select("div > ul > li.gb-ins")] == ["Three."]
    assert len(found.select("div > ul > li")) == 3


def test_what_follows_a_redline_stands_outside_of_it():
    code = "```text\none\n\n\ntwo\n# no heading\n\n- no item\n```"
    first, second = (worked.short(CLAUSES.replace("Text of two.", one)) for one in ("Old.", f"New.\n\n{code}\n\nEnd."))
    soup = page(first, second)
    (redline,) = soup.select("div.gb-redline")
    # Any builder reads it so: a blank line would end the HTML for some.
    source = text(first, second)
    assert not re.search(r"\n\s*\n", source.partition('<div class="gb-redline">')[2].partition("</div>")[0])
    assert redline.pre.text == "one\n\n\ntwo\n# no heading\n\n- no item"
    assert redline.find_all("p")[-1].text == "End."
    (last,) = [one for one in soup.find_all("h2") if one.text.startswith("Earlier")]
    assert last.parent is soup


def test_a_title_that_differs_is_said_to_be_one():
    first = worked.short(CLAUSES)
    second = worked.short(CLAUSES.replace("All else is allowed", "All else is fine"))
    found = sections(page(first, second))["G04.2 All else is fine"]
    assert [one.text for one in found.find_all("strong")] == ["Title"]
    assert str(found.select_one(".gb-redline p")) == "<p>All else is <del>allowed</del> <ins>fine</ins></p>"


def test_a_clause_that_is_new_or_gone_is_shown_whole():
    two, three = worked.short(CLAUSES), worked.short(f"{CLAUSES}\n### G04.3 Three\n\nText of three.\n")
    found = sections(page(two, three))["G04.3 Three is new"]
    assert [one.text for one in found.select("p.gb-ins")] == ["Text of three."], "the heading tells its title"
    soup = page(three, two)
    assert [one.text for one in sections(soup)["G04.3 Three is gone"].select("p.gb-del")] == ["Text of three."]
    (heading,) = soup.find_all("h3")
    assert heading["id"] == "g04-3"
    after = rows(two)
    guideline = next(one for one in after if one["id"] == "G04")
    guideline["retired"] = {"G04.3": {"to": "G04.1", "why": "One *rule*."}}
    told = sections(page(three, after))["G04.3 Three is gone"].find("p")
    assert told.text == "One *rule*. Read G04.1 in its place."
    assert told.a["href"] == "../rules/g04/#g04-1"
    assert [one["href"] for one in heading.find_all("a")] == ["#g04-3"]  # it leads nowhere but to itself


# Values and leaves.


def test_values_of_a_label_stand_before_and_now():
    after = rows(worked.project())
    label = next(one for one in after if one["id"] == "spam-x")
    label |= {"severity": "high", "surfaces": ["post", "board"], "strike": "Two of | them."}
    found = sections(page(worked.project(), after))["spam-x Spam-x"]
    assert table(found) == [
        ["What", "Before", "Now"], ["severity", "low", "high"], ["surfaces", "post", "post, board"],
    ]  # fmt: skip
    assert [one.text for one in found.find_all("strong")] == ["Strike"]
    assert found.select_one(".gb-redline").text.strip() == "Two of | them."


def test_a_verdict_that_flips_is_a_row():
    cases = needed()
    cases[4] = worked.case("05", **worked.ALLOWED, reason="Reason 05.")
    second = worked.project(body(cases=[*cases, worked.case("06", **worked.FORCED)]))
    first = worked.project(body(cases=[*needed(), worked.case("06", **worked.FORCED)]))
    found = sections(page(first, second))["G04-05 Title 05"]
    assert table(found) == [
        ["What", "Before", "Now"],
        ["verdict", "borderline", "not-violating"],
        ["label", "spam-x", "no-action"],
        ["clause", "G04.1", "G04.2"],
        ["answers", "opens: Yes; danger: Yes", "opens: No"],
    ]
    assert found.select(".gb-redline") == []


def turned(**answers):
    questions = copy.deepcopy(worked.TREE)
    questions["threat"]["answers"] = answers
    return worked.project(body(drawn=tree(questions)))


def test_a_leaf_that_moved_came_or_went_is_a_row():
    gone = {"label": "no-action", "clause": "G04.2"}
    after = turned(Yes={"label": "spam-x", "clause": "G04.2"}, Never=gone)
    found = sections(page(worked.project(), after))["tree of G04"]
    assert table(found) == [
        ["Question", "Answer", "Before", "Now"],
        ["Does it threaten?", "Yes", "G04.2, W02", "spam-x, G04.2"],
        ["Does it threaten?", "Never", "", "no-action, G04.2"],
        ["Does it threaten?", "No", "no-action, G04.2", ""],
    ]
    assert {one.text for one in found.find_all("code")} == {"G04.2", "W02", "spam-x", "no-action"}


def test_questions_alone_are_said_to_differ():
    before = rows(worked.project())
    after = copy.deepcopy(before)
    drawn = next(one for one in after if one["id"] == "G04")["tree"]
    drawn["questions"].reverse()
    found = sections(page(before, after))["tree of G04"]
    assert found.text.strip() == "Questions differ; every answer that stood before still ends where it did."


# Pages.


def entries(soup):
    """Return each page that is told, with where its own words lead, and what is listed below it."""
    (listed,) = [one for one in sections(soup)["Pages"].find_all(recursive=False) if one.name == "ul"]
    found = []
    for item in listed.find_all("li", recursive=False):
        inner = [_leads(one.extract()) for one in item.find_all("li")]
        found.append((*_leads(item), *([inner] if inner else [])))
    return found


def _leads(item):
    return item.text.strip(), [link["href"] for link in item.find_all("a")]


def test_pages_that_are_new_say_what_they_hold():
    whole = rows(worked.project())
    soup = page(without(whole, "G04", "spam-x", "W02"), whole)
    assert entries(soup) == [
        ("New: G04 Rules-g04", ["../rules/g04/"], [
            ("G04.1 A forced file is a violation", ["../rules/g04/#g04-1"]),
            ("G04.2 All else is allowed", ["../rules/g04/#g04-2"]),
            ("Labels: spam-x, no-action", ["../spam-x/", "../no-action/"]),
            ("Cases: 5", []),
        ]),
        ("New: spam-x Spam-x", ["../spam-x/"]),
        ("New: W02 Escalation", ["../w02/"]),
    ]  # fmt: skip
    assert [one.text.removesuffix("#") for one in soup.find_all("h3")] == ["spam-x Spam-x is new"]


def test_pages_that_are_retired_lead_to_their_last_text():
    whole = rows(worked.project())
    soup = page(whole, without(whole, "G04", "W02"))
    assert entries(soup) == [
        (
            "Retired: G04 Rules-g04. Its last text",
            ["../../2026.11.22/rules/g04/"],
            [
                ("G04.1 A forced file is a violation", ["../../2026.11.22/rules/g04/#g04-1"]),
                ("G04.2 All else is allowed", ["../../2026.11.22/rules/g04/#g04-2"]),
            ],
        ),
        ("Retired: W02 Escalation. Its last text", ["../../2026.11.22/w02/"]),
    ]
    assert soup.find_all("h3") == []


def test_a_page_that_decides_no_longer_is_told_though_it_stays():
    before, after = rows(worked.project()), rows(worked.project())
    next(one for one in after if one["id"] == "W02")["status"] = "retired"
    assert entries(page(before, after)) == [("Retired: W02 Escalation. It decides no new case", ["../w02/"])]
    assert entries(page(after, before)) == [("Back: W02 Escalation. It decides cases again", ["../w02/"])]
    next(one for one in after if one["id"] == "G04")["status"] = "retired"
    assert entries(page(before, after))[0] == (
        "Retired: G04 Rules-g04. It decides no new case", ["../rules/g04/"], [
            ("G04.1 A forced file is a violation", ["../rules/g04/#g04-1"]),
            ("G04.2 All else is allowed", ["../rules/g04/#g04-2"]),
        ])  # fmt: skip


def test_a_guideline_that_its_readers_see_no_more_says_which_clauses_ended():
    now = page(worked.project(), worked.project(**{"rules-g04": {"audience": INTERNAL}}))
    (found,) = [one for one in entries(now) if one[0].startswith("Retired: G04")]
    assert [text.split()[0] for text, _ in found[2]] == ["G04.1", "G04.2"]
    assert now.find_all("h3") == []


def test_a_page_that_moved_is_told_with_what_differs_on_it():
    before = rows(worked.short(CLAUSES))
    next(one for one in before if one["id"] == "G04")["url"] = "rules/old/"
    soup = page(before, worked.short(CLAUSES.replace("Text of two.", "Another text.")))
    assert entries(soup) == [("Moved: G04 Rules-g04, from rules/old/", ["../rules/g04/"])]
    assert [one.text.removesuffix("#") for one in soup.find_all("h3")] == ["G04.2 All else is allowed"]


# Odd signs.


@pytest.mark.parametrize(
    "title",
    [
        "A 5 < 6 > 3 & x",
        "<script>alert(1)</script>",
        "<b>bold</b>",
        "&lt;b&gt; & &amp;",
        "*no* _em_ #",
        "A | B",
        "It's $5 ^2^",
    ],
)
def test_titles_stand_to_the_letter(title):
    before = rows(worked.project())
    after = copy.deepcopy(before)
    found = next(one for one in after if one["id"] == "G04")
    found["clauses"][1] |= {"title": title, "sha256": "f" * 64}
    found["cases"][0] |= {"title": title, "verdict": "borderline"}
    after.append({"id": "one", "type": "page", "title": title, "summary": title, "url": "one/"})
    after.append(
        {"id": "N001", "type": "notice", "title": title, "summary": title, "url": "n/", "valid_from": "2026-11-23"}
    )
    soup = page(before, after)
    assert soup.find(["script", "b"]) is None
    assert [one for one in soup.find_all("em") if not one.find_parent(class_="gb-redline")] == []
    headings = [one.text.removesuffix("#").strip() for one in soup.find_all("h3")]
    assert headings == [f"N001 {title}", f"G04.2 {title}", f"G04-01 {title}"]
    assert sections(soup)[f"N001 {title}"].p.text == title
    assert [one[0] for one in entries(soup)] == [f"New: one {title}", f"New: N001 {title}"]


# Random libraries.

OURS = set(
    """what changed release in force from january february march april may june july august september october november
    december utc it follows no clause label tree or case differs else is text that decides notices clauses labels
    decision trees cases pages earlier releases new gone retired its last moved before now question answer questions
    differ every stood still ends where did change of substantive editorial holds read place no case back
    again""".split()  # noqa: SIM905
)


def words(found):
    return set(re.findall(r"[^\W\d_]+", found.casefold()))


@cache
def grown(seed):
    """Return the rows of both editions of a random library."""
    found = trees(grow(seed, 1 + seed % 3))
    return {name: json.loads(one["docs/catalog.json"])["documents"] for name, one in found.items()}


def shown(before, after):
    return BeautifulSoup(rendering.render(text(before, after)), "html.parser")


@settings(max_examples=25)
@given(st.integers(0, 11), st.integers(0, 11), st.sampled_from([EXTERNAL, INTERNAL]))
def test_a_page_has_no_word_that_neither_catalog_has_and_leads_nowhere_else(one, other, name):
    before, after = grown(one)[name], grown(other)[name]
    soup = shown(before, after)
    for note in soup.select(".gb-redline__note, .headerlink"):
        note.decompose()
    known = words(json.dumps([before, after], ensure_ascii=False).replace("\\n", " "))
    assert words(soup.get_text(" ")) - known <= OURS
    urls = [{row["url"] for row in side} for side in (after, before)]
    places = {row["url"] + "#decision-tree" for row in after if "tree" in row}
    places |= {part["url"] for row in after for key in ("clauses", "cases") for part in row.get(key, ())}
    urls[1] |= {part["url"] for row in before for part in row.get("clauses", ())}
    for link in soup.find_all("a"):
        where = link["href"]
        if where.startswith("../../"):
            assert where == f"../../{LAST}/changes/" or where.removeprefix(f"../../{LAST}/") in urls[1]
        elif where.startswith("../"):
            assert where.removeprefix("../") in urls[0] | places
        else:
            assert where.startswith("https://")
    assert len({tag["id"] for tag in soup.find_all(id=True)}) == len(soup.find_all(id=True))


def test_random_libraries_differ_in_all_there_is():
    seen = " ".join(
        shown(grown(one)[name], grown(one + 1)[name]).text for one in range(8) for name in (EXTERNAL, INTERNAL)
    )
    for said in ("Clauses", "Labels", "Decision trees", "Cases", "Pages", "is new", "is gone", "New: ", "Retired: "):
        assert said in seen


def released(first, second):
    """Return an edition as the release after `first`: with the tree `second`, and with its own once more."""
    one = history.dated(first, LAST, Past())
    past = Past(LAST, one.tree[history.CATALOG], one.timeline)
    return history.dated(second, NOW, past), history.dated(first, NOW, past)


def test_nothing_of_an_internal_catalog_is_in_an_external_page():
    """Two releases of each edition: between them only what staff read was changed."""
    outside = inside = told_inside = 0
    for name in sorted(CHANGES):
        for seed in range(2):
            project = grow(seed, 1 + seed % 3)
            changed = project.copy()
            if not CHANGES[name](Random(seed), changed):
                continue
            first, second = trees(changed.before or project), trees(changed)
            if first is None or second is None:
                continue
            new, same = released(first[EXTERNAL], second[EXTERNAL])
            assert new == same, (name, seed)
            assert b"No clause, label, tree or case differs." in new.tree["docs/changes/index.md"]
            assert b"secret-" not in b"".join(new.tree.values()) + new.timeline
            outside += 1
            new, same = released(first[INTERNAL], second[INTERNAL])
            inside += new != same
            told_inside += new.tree["docs/changes/index.md"] != same.tree["docs/changes/index.md"]
    assert outside >= len(CHANGES)
    assert inside >= outside * 0.7
    assert told_inside >= outside * 0.3


@settings(max_examples=20)
@given(seeds)
def test_staff_are_told_what_changed_for_them(seed):
    """The control of the test above: what is not to be seen outside is on the page inside."""
    project = grow(seed, 1)
    changed = project.copy()
    changed.docs["secret.md"] = copy.deepcopy(changed.docs["index.md"])
    changed.docs["secret.md"].meta |= {"id": "secret-page", "title": "secret-title", "audience": INTERNAL, "order": 5}
    first, second = trees(project), trees(changed)
    found = {
        name: text(*(json.loads(one[name]["docs/catalog.json"])["documents"] for one in (first, second)))
        for name in (EXTERNAL, INTERNAL)
    }
    assert "New: " in found[INTERNAL]
    assert "secret-title" in found[INTERNAL]
    assert "secret" not in found[EXTERNAL]
