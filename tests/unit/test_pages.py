"""Pages: what stands on a staged page, and how Markdown reads it."""

import hashlib
import re

import pytest
import worked
import yaml
from bs4 import BeautifulSoup
from guidebook import pages, staging
from hypothesis import given
from hypothesis import strategies as st
from libraries import DAY, EXTERNAL, FUTURE, INTERNAL, ODD, PAST, STEPS, loaded, png, render, simple, trees

INCLUDE = '\n\n--8<-- "{}.md"\n'
BOX = "/// internal\n    reason: signal\n\n{}\n///\n"


def staged(body, name=EXTERNAL, **meta):
    project = simple({"one.md": body}, **meta)
    loaded(project)
    return trees(project)[name]["docs/one.md"].decode().split("\n---\n", 1)[1].removeprefix("\n# One\n").strip("\n")


def html(body, name=INTERNAL, others=None, **meta):
    project = simple({"one.md": body, **(others or {})}, **meta)
    loaded(project)
    return BeautifulSoup(render(trees(project)[name], "one.md"), "html.parser")


# What was cut out leaves no trace


CUT = BOX.format("Secret.")


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (CUT, ""),
        (CUT + "\nA.\n", "A."),
        ("\n\n" + CUT + "\n\n\nA.\n", "A."),
        ("A.\n\n" + CUT, "A."),
        ("A.\n\n" + CUT.rstrip("\n"), "A."),
        ("A.\n\n\n\n" + CUT + "\n\n\n", "A."),
        ("A.\n\n" + CUT + "\nB.\n", "A.\n\nB."),
        ("A.\n\n" + CUT + "\n" + CUT + "\nB.\n", "A.\n\nB."),
        ("- a\n\n" + CUT + "\n- b\n", "- a\n\n- b"),
        (f"///// effective\n    from: {PAST}\n\nA.\n\n{CUT}/////\n\nB.\n", "A.\n\nB."),
        (f"///// effective\n    from: {PAST}\n\n{CUT}\nA.\n/////\n\nB.\n", "A.\n\nB."),
        (f"///// effective\n    from: {PAST}\n\nA.\n/////\n\nB.\n", "A.\n\nB."),
        (f"A.\n\n//// internal\n    reason: legal\n\n/// effective\n    from: {FUTURE}\n\nLater.\n///\n////\n", "A."),
        (f"A.\n\n//// effective\n    from: {FUTURE}\n\n{CUT}////\n", "A."),
        (f"A.\n\n/// effective\n    until: {DAY}\n\nOver.\n///\n\nB.\n", "A.\n\nB."),
        ("A.\n\n/// external\n    reason: legal\n\nB.\n///\n", "A.\n\nB."),
        ("A.\n \n\nB.  \nC.\n", "A.\n\nB.  \nC."),
        ("A.\n\n```text\na\n\n\n\nb\n```\n\n\n\nB.\n", "A.\n\n```text\na\n\n\n\nb\n```\n\nB."),
        ("~~~text\n```\n\n\n\n~~~\n\n\nA.\n", "~~~text\n```\n\n\n\n~~~\n\nA."),
    ],
)
def test_what_is_cut_out_leaves_one_blank_line_at_most(body, left):
    assert staged(body) == left


@given(st.lists(st.sampled_from(["a", "", "  ", "```", "b  ", "~~~", "\t"]), max_size=12))
def test_tidying_twice_is_tidying_once_and_loses_no_text(rows):
    text = "\n".join(rows)
    once = pages.tidy(text)
    assert pages.tidy(once) == once
    assert [row for row in once.split("\n") if row.strip()] == [row for row in rows if row.strip()]


def test_a_passage_with_nothing_left_in_it_leaves_no_box():
    project = simple({"one.md": f"A.\n\n//// vendor-a\n    reason: legal\n\n{CUT}////\n"})
    project.settings["extra"]["editions"]["vendor-a"] = {
        "title": "A", "readers": "A staff", "reads": [EXTERNAL, "vendor-a"], "branch": "site-a",
    }  # fmt: skip
    found = trees(project)
    assert found["vendor-a"]["docs/one.md"].decode().endswith("\n\n# One\n\nA.\n")
    assert "//// admonition | A staff: legal\n" in found[INTERNAL]["docs/one.md"].decode()
    assert "/// admonition | Staff only: signal\n" in found[INTERNAL]["docs/one.md"].decode()


# Boxes


def test_a_withheld_passage_is_a_box_with_everything_in_it():
    inner = (
        "### Head\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- x\n    - y\n\nterm\n:   text\n\n```text\n/x\n```\n\n> quote\n"
    )
    box = html("Before.\n\n" + BOX.format(inner) + "\nAfter.\n").find(class_="withheld")
    assert box.find(class_="admonition-title").text == "Staff only: signal"
    assert [box.find(name) is not None for name in ("h3", "table", "ul", "dl", "code", "blockquote")] == [True] * 6
    assert box.find("h3")["id"] == "head"
    assert "Before" not in box.text
    assert "After" not in box.text


def test_a_passage_inside_a_passage_is_a_box_inside_a_box():
    inner = "/// external\n    reason: signal\n\nPlain.\n///\n"
    inner = f"//// effective\n    from: {PAST}\n\nShown.\n\n{inner}////\n"
    body = f"///// internal\n    reason: legal\n\nOuter.\n\n{inner}\nLast.\n/////\n"
    boxes = html(body).find_all(class_="admonition")
    assert [box.find(class_="admonition-title").text for box in boxes] == ["Staff only: legal"]
    assert boxes[0].text.split() == ["Staff", "only:", "legal", "Outer.", "Shown.", "Plain.", "Last."]


def test_a_passage_between_two_items_splits_the_list_in_two():
    soup = html(f"- a\n\n{CUT}\n- b\n")
    assert [item.text.strip() for item in soup.find_all("li")] == ["a", "b"]
    assert soup.find(class_="withheld").find_parent("li") is None


# References and headings


@pytest.mark.parametrize("title", ODD)
def test_a_title_is_shown_to_the_letter_wherever_it_stands(title):
    shown = title.replace("&amp;", "&")
    body = "[W01]\n\n- [W01] **[W01]** ([W01]), *[spam-x]*:\n    1. [spam-x]\n\n"
    body += "| a | b |\n|---|---|\n| [W01] | [spam-x] |\n\n"
    body += "## Head [W01]\n\nterm\n:   [W01]\n\n> [spam-x]\n"
    others = {"w01.md": STEPS, "spam-x.md": worked.LABEL_BODY}
    unused = {"status": "retired"}
    meta = {
        "w01": {"id": "W01", "type": "workflow", "title": title},
        "spam-x": worked.LABEL | unused | {"title": title},
    }
    soup = html(body, EXTERNAL, others, one={"title": title, "summary": title}, **meta)
    assert soup.h1.find(string=True) == shown
    links = [link for link in soup.find_all("a") if "headerlink" not in link["class"]]
    assert len(links) == 11
    assert {(link.text, tuple(link["class"])) for link in links} == {
        ("W01", ("document",)), ("spam-x", ("label", "severity-low")),
    }  # fmt: skip
    assert {link["title"] for link in links} == {shown}
    assert soup.h2["id"] == "head-w01"
    assert [len(row.find_all("td")) for row in soup.tbody.find_all("tr")] == [2]
    assert "{" not in soup.text


def test_a_heading_keeps_its_anchor_and_its_text():
    soup = html('## Two *words*, `code` & "more"\n\n### 5. Digits\n\n## C#x\n')
    assert [(head.name, head["id"]) for head in soup.find_all(["h2", "h3"])] == [
        ("h2", "two-words-code-more"), ("h3", "5-digits"), ("h2", "cx"),
    ]  # fmt: skip


# Snippets


def test_a_snippet_stands_on_the_page_with_links_from_there_and_footnotes_of_its_own():
    part = (
        "See [home](../index.md#top), [W01] ![a picture](picture.png) and a note[^a].\n\n[^a]: In the part.\n\n"
        + BOX.format("Secret.")
    )
    body = 'Own note[^a].\n\n[^a]: On the page.\n\n--8<-- "parts/part.md"\n\nAfter.\n'
    project = simple(
        {"one.md": body, "parts/part.md": part, "w01.md": STEPS},
        **{"parts-part": {"type": "snippet", "id": "snippet-part"}, "w01": {"id": "W01", "type": "workflow"}},
    )
    project.docs["index.md"].body = "## Top\n"
    project.assets["parts/picture.png"] = png(1)
    loaded(project)
    outside, inside = (trees(project)[name]["docs/one.md"].decode() for name in (EXTERNAL, INTERNAL))
    assert (
        '[home](index.md#top), [W01](w01.md "W01"){ .document } ![a picture](parts/picture.png) '
        "and a note[^snippet-part-a]." in outside
    )
    assert "[^a]: On the page.\n\nSee" in outside
    assert "[^snippet-part-a]: In the part.\n\nAfter.\n" in outside
    assert "Secret" not in outside
    assert (
        "In the part.\n\n/// admonition | Staff only: signal\n    type: withheld\n\nSecret.\n\n///\n\nAfter." in inside
    )
    soup = BeautifulSoup(render(trees(project)[INTERNAL], "one.md"), "html.parser")
    assert [note.p.contents[0].strip() for note in soup.find(class_="footnote").find_all("li")] == [
        "On the page.",
        "In the part.",
    ]


# Terms


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("We read a post.", ["post"]),
        ("Posts are many.", []),
        ("Post, post and pOST.", ["Post", "post"]),
        ("## A post\n\nText.", ["post"]),
        ("A link preview or a preview.", ["link preview"]),
        ("In `post` code.", []),
        ("[post](index.md) and **post**", ["post", "post"]),
        ("An A/B test.", ["A/B test"]),
        ("A Q&A.", ["Q&A"]),
        ("e.g. case", ["e.g. case"]),
        (f"X.\n\n{BOX.format('A post.')}", []),
    ],
)
def test_terms_carry_their_definition_where_a_reader_sees_them(body, marked):
    words = {
        "post": 'A "saved" thing.',
        "link preview": "A: window.",
        "A/B test": "`x` *y*",
        "Q&A": "[Q](index.md)",
        "e.g. case": "B",
    }
    rows = "\n\n".join(f"{term}\n:   {text}" for term, text in words.items())
    soup = html(body, EXTERNAL, {"glossary.md": rows + "\n"})
    found = soup.find_all("abbr")
    assert [one.text for one in found] == marked
    assert "*[" not in soup.text
    plain = {"post": 'A "saved" thing.', "link preview": "A: window.", "A/B test": "x y", "Q&A": "Q", "e.g. case": "B"}
    assert all(one["title"] == plain.get(one.text, plain["post"]) for one in found)


def test_a_term_only_staff_know_is_marked_for_staff_only():
    others = {"glossary.md": "post\n:   Known.\n\n" + BOX.format("score\n:   Secret.")}
    body = f"A post.\n\n{BOX.format('A post and a score.')}"
    assert [one.text for one in html(body, EXTERNAL, others).find_all("abbr")] == ["post"]
    assert [one.text for one in html(body, INTERNAL, others).find_all("abbr")] == ["post", "post", "score"]


def test_terms_of_withheld_text_are_not_named_and_terms_of_a_snippet_are():
    glossary = "post\n:   P.\n\nsave\n:   S.\n\nboard\n:   B.\n\nlabel\n:   L.\n"
    body = f"X.\n\n{BOX.format('A post.' + INCLUDE.format('two'))}{INCLUDE.format('one')}"
    snippets = {"one.md": f"A board.\n\n{BOX.format('A label.')}", "two.md": "A save.\n"}
    meta = {name: {"type": "snippet", "id": f"snippet-{name}"} for name in ("one", "two")}
    found = trees(simple({"a.md": body, "glossary.md": glossary} | snippets, **meta))
    terms = {name: re.findall(r"(?m)^\*\[(\w+)\]", tree["docs/a.md"].decode()) for name, tree in found.items()}
    assert terms == {EXTERNAL: ["board"], INTERNAL: ["board", "label", "post", "save"]}
    assert b"*[" not in found[INTERNAL]["docs/glossary.md"]


# Front matter


def test_front_matter_holds_what_the_edition_shows():
    project = simple({"one.md": "Text.\n"}, one={"summary": "A note: with a colon # and more", "owner": "Quality"})
    project.edition["fields"] = ["owner"]
    text = trees(project)[EXTERNAL]["docs/one.md"].decode()
    assert yaml.safe_load(text.split("---\n")[1]) == {
        "id": "one", "type": "page", "title": "One", "summary": "A note: with a colon # and more", "owner": "Quality",
        "description": "A note: with a colon # and more", "edition": "external", "readers": "Vendors and staff",
        "search": {"boost": 0.5},
    }  # fmt: skip


def test_search_knows_the_id_of_a_page_and_weighs_the_pages_that_decide_double():
    tree = trees(worked.project())[EXTERNAL]
    fronts = [yaml.safe_load(text.decode().split("---\n")[1]) for path, text in tree.items() if path.endswith(".md")]
    told = {front["id"]: (front.get("tags"), front.get("search")) for front in fronts if "id" in front}
    assert told["G04"] == (["G04"], None)
    assert told["spam-x"] == (["spam-x"], {"boost": 0.5})


# Clauses as data


def clauses(text, name=EXTERNAL, part="Part.\n", others=None, **meta):
    parts = {"parts/part.md": part, "parts/index.md": "x\n", **(others or {})}
    project = worked.short(text, parts, **{"parts-part": {"type": "snippet", "id": "snippet-part"}}, **meta)
    view = staging.view(loaded(project), name, DAY)
    return {row["id"]: row for row in pages.clauses(view, view.library.documents[worked.PATH])}


def test_a_clause_is_what_its_readers_see_of_it_with_ids_as_written():
    text = f"### G04.1 One *word* [spam-x]\n\nSee [spam-x].\n\n{CUT}\n\n\n"
    text += f"//// effective\n    from: {PAST}\n\nIn force.\n////\n\n"
    text += '--8<-- "parts/part.md"\n\n#### Inner\n\n```text\na\n\n\nb\n```\n\n### G04.2 Two\n\nText.\n'
    row = clauses(text, part=f"Part. [page](index.md)\n\n{CUT}")["G04.1"]
    assert row["title"] == "One word spam-x"
    assert row["anchor"] == "g04-1"
    assert (
        row["text"]
        == "See [spam-x].\n\nIn force.\n\nPart. [page](../parts/index.md)\n\n#### Inner\n\n```text\na\n\n\nb\n```"
    )
    assert row["sha256"] == hashlib.sha256(f"G04.1\nOne word spam-x\n{row['text']}\n".encode()).hexdigest()


def test_a_clause_shows_staff_the_boxes_they_see():
    text = clauses(f"### G04.1 One\n\nText.\n\n{CUT}", INTERNAL)["G04.1"]["text"]
    assert text == "Text.\n\n/// admonition | Staff only: signal\n    type: withheld\n\nSecret.\n\n///"


def test_a_clause_ends_before_a_passage_that_starts_another_section():
    text = "### G04.1 One\n\nText.\n\n" + BOX.format("Hint.\n\n## Notes\n\nMore.")
    assert clauses(text, INTERNAL)["G04.1"]["text"] == "Text."
    assert clauses(text)["G04.1"]["text"] == "Text."


def test_a_clause_in_a_passage_ends_with_it():
    text = f"### G04.1 One\n\nText.\n\n/// effective\n    from: {PAST}\n\n### G04.2 Two\n\nInner.\n///\n\nOuter.\n"
    found = clauses(text)
    assert found["G04.1"]["text"] == "Text."
    assert found["G04.2"]["text"] == "Inner."


@pytest.mark.parametrize("space", ["\n\n", "\n \n", "\n\n\n\n"])
def test_space_around_a_passage_does_not_change_a_clause(space):
    with_it = clauses(f"### G04.1 One\n\nA.{space}{CUT}\nB.\n")["G04.1"]
    assert with_it == clauses("### G04.1 One\n\nA.\n\nB.\n")["G04.1"]


def test_the_labels_of_a_guideline_stand_below_their_heading():
    project = worked.project(worked.body(labels_and_actions="Pick one."))
    soup = worked.page(project)
    table = soup.find("h2", id="labels-and-actions").find_next_sibling()
    assert [cell.text for cell in table.find_all("td")] == [
        "spam-x", "Summary.", "low", "None", "no-action", "Summary.", "none", "None",
    ]  # fmt: skip
    assert table.find_next_sibling().text == "Pick one."
    assert re.findall(r"\n\n\n", trees(project)[EXTERNAL][f"docs/{worked.PATH}"].decode()) == []


def test_a_withheld_heading_does_not_end_a_clause():
    notes = "## Notes\n\nHint."
    text = f"### G04.1 One\n\nText.\n\n{BOX.format(notes)}\nMore.\n"
    assert clauses(text)["G04.1"] == clauses("### G04.1 One\n\nText.\n\nMore.\n")["G04.1"]


def test_a_clause_that_is_not_in_force_is_no_clause():
    text = f"### G04.1 One\n\nText.\n\n/// effective\n    from: {FUTURE}\n\n### G04.2 Two\n\nLater.\n///\n"
    assert list(clauses(text)) == list(clauses(text, INTERNAL)) == ["G04.1"]
    assert clauses(text)["G04.1"]["text"] == "Text."


# What the build adds to a clause


HIDDEN = {
    "a passage": "/// internal\n    reason: signal\n\nSecret.\n///",
    "a passage with a heading": "/// internal\n    reason: signal\n\n#### Secret\n\nMore.\n///",
    "a passage in a passage": f"//// internal\n    reason: legal\n\n/// effective\n    from: {PAST}\n\nA.\n///\n////",
    "text of later": f"/// effective\n    from: {FUTURE}\n\nLater.\n///",
}
TWO = "### G04.1 One\n\nText.\n\n{}More.\n\n### G04.2 Two\n\nText.\n"
FAQ = {"f01": {"id": "F01", "type": "faq", "answers": ["G04.1"], "renewed": DAY}}


@pytest.mark.parametrize("what", HIDDEN)
def test_a_clause_is_the_same_outside_whatever_is_withheld_in_it(what):
    plain, full = TWO.format(""), TWO.format(f"{HIDDEN[what]}\n\n")
    assert clauses(full) == clauses(plain)
    inside = clauses(full, INTERNAL)
    assert (inside["G04.1"] != clauses(plain)["G04.1"]) is (what != "text of later")
    assert inside["G04.2"] == clauses(plain)["G04.2"]


@pytest.mark.parametrize("name", [EXTERNAL, INTERNAL])
def test_known_questions_are_no_part_of_a_clause(name):
    text = TWO.format(f"{CUT}\n")
    assert clauses(text, name, others={"f01.md": "Text.\n"}, **FAQ) == clauses(text, name)


@pytest.mark.parametrize("name", [EXTERNAL, INTERNAL])
def test_a_heading_says_which_clause_it_is_and_what_its_text_sums_to(name):
    text = TWO.format(f"{CUT}\n") + "\n#### Inner\n\nText.\n"
    rows = clauses(text, name, others={"f01.md": "Text.\n"}, **FAQ)
    soup = worked.page(worked.short(text, {"f01.md": "Text.\n"}, **FAQ), name)
    headings = soup.find_all(attrs={"data-clause": True})
    assert [(one.name, one["class"], one["id"], one["data-clause"], one["data-sha256"]) for one in headings] == [
        ("h3", ["clause"], row["anchor"], row["id"], row["sha256"]) for row in rows.values()
    ]
    for row in rows.values():
        assert row["sha256"] == hashlib.sha256(f"{row['id']}\n{row['title']}\n{row['text']}\n".encode()).hexdigest()


ENDS = {
    "text": "Text.",
    "a list": "- a\n    - b",
    "a table": "| a | b |\n|---|---|\n| c | d |",
    "a box": '!!! note "N"\n\n    Text.',
    "code": "```text\na\n```",
    "a term": "term\n:   text",
    "a footnote": "Text[^a].\n\n[^a]: Note.",
    "a quote": "> Text.",
    "a passage": CUT.rstrip(),
    "a dated passage": f"/// effective\n    from: {PAST}\n\n- a\n///",
    "a heading": "#### Inner\n\nText.",
    "a snippet": INCLUDE.format("parts/part").strip(),
    "nothing": "",
}


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("what", ENDS)
def test_known_questions_stand_below_all_of_their_clause(what, last):
    end = f"### G04.1 One\n\nText.\n\n{ENDS[what]}\n"
    text = f"### G04.1 One\n\n{ENDS[what]}\n\n### G04.2 Two\n\nText.\n" if not last else end
    others = {"f01.md": "Text.\n", "parts/part.md": "- part\n", "parts/index.md": "Text.\n"}
    soup = worked.page(
        worked.short(text, others, **FAQ, **{"parts-part": {"type": "snippet", "id": "snippet-part"}}), INTERNAL
    )
    (line,) = soup.find_all(class_="gb-known")
    assert line.text == "Known questions: F01 F01"
    assert line.parent.name == "[document]"
    assert line.find_previous("h3")["id"] == "g04-1"
    following = line.find_next_sibling()
    assert following["id"] == ("decision-tree" if last else "g04-2")
    assert "gb-known" not in soup.text
