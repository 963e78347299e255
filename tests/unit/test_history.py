"""History: what a release says of those before it: first and last release of each clause, marks, what it leads to."""

import json

import pytest
import worked
from bs4 import BeautifulSoup
from guidebook import asat, catalog, history, permanence, staging, timeline, twins, whatchanged
from guidebook.history import Past
from guidebook.releases import ReleaseError
from hypothesis import given
from hypothesis import strategies as st
from libraries import DAY, EXTERNAL, INTERNAL, render
from worked import CLAUSES, staged

ONE, TWO, THREE = "2026.11.23", "2026.11.24", "2026.11.24.2"
EDITED = CLAUSES.replace("Text of two.", "Text of two, edited.")


def dated(tree, release, before=None):
    """Return a tree as a release, and what it is to the next one: `before` is what this returned for the one before."""
    made = history.dated(tree, release, before[1] if before else Past())
    return made, Past(release, made.tree[history.CATALOG], made.timeline)


def clauses(found):
    """Return the first and the last release of each clause, as the catalog of a release or of a plain tree tells."""
    tree = found if isinstance(found, dict) else found[0].tree
    rows = json.loads(tree[history.CATALOG])["documents"]
    return {one["id"]: (one.get("first"), one.get("changed")) for row in rows for one in row.get("clauses", [])}


def listed(tree):
    table = BeautifulSoup(render(tree, "c/index.md"), "html.parser").find("table")
    return [[cell.text for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]


def test_a_first_release_is_the_first_of_every_clause():
    tree = staged(worked.short(CLAUSES))
    assert clauses(tree) == {"G04.1": (None, None), "G04.2": (None, None)}
    assert clauses(dated(tree, ONE)) == {"G04.1": (ONE, ONE), "G04.2": (ONE, ONE)}


def test_only_a_clause_that_changed_moves_and_a_new_one_starts():
    first = dated(staged(worked.short(CLAUSES)), ONE)
    second = dated(staged(worked.short(EDITED)), TWO, first)
    assert clauses(second) == {"G04.1": (ONE, ONE), "G04.2": (ONE, TWO)}
    more = staged(worked.short(f"{EDITED}\n### G04.3 New\n\nText.\n"))
    third = dated(more, THREE, second)
    assert clauses(third) == {"G04.1": (ONE, ONE), "G04.2": (ONE, TWO), "G04.3": (THREE, THREE)}
    # A title is part of what a clause says.
    retitled = staged(worked.short(CLAUSES.replace("All else", "Everything else")))
    assert clauses(dated(retitled, TWO, first))["G04.2"] == (ONE, TWO)


def test_what_stands_around_a_clause_does_not_change_it():
    first = dated(staged(worked.short(CLAUSES)), ONE)
    faq = {"f01": {"id": "F01", "type": "faq", "answers": ["G04.1"], "renewed": DAY}}
    others = {"f01.md": "Text.\n"}
    made = worked.short(CLAUSES, others, **faq, **{"spam-x": {"title": "Another name"}})
    made.docs[worked.PATH].body = made.docs[worked.PATH].body.replace("Does it open?", "Does it open at all?")
    second = staged(made)
    assert second[f"docs/{worked.PATH}"] != staged(worked.short(CLAUSES))[f"docs/{worked.PATH}"]
    assert set(clauses(dated(second, TWO, first)).values()) == {(ONE, ONE)}


def test_a_clause_that_moves_to_another_place_keeps_its_history():
    first = dated(staged(worked.short(f"{CLAUSES}\n### G04.3 Three\n\nText.\n")), ONE)
    made = worked.short(f"{CLAUSES}\n### G04.3 Three\n\nText.\n")
    made.docs["rules/g04-renamed.md"] = made.docs.pop(worked.PATH)
    assert set(clauses(dated(staged(made), TWO, first)).values()) == {(ONE, ONE)}


def test_each_edition_has_a_history_of_its_own():
    note = "Text of one.\n\n/// internal\n    reason: tooling\n\nA note.\n///\n"
    before, after = worked.short(CLAUSES), worked.short(CLAUSES.replace("Text of one.\n", note))
    found = {}
    for name in (EXTERNAL, INTERNAL):
        first = dated(staged(before, name), ONE)
        found[name] = clauses(dated(staged(after, name), TWO, first))
    assert found == {
        EXTERNAL: {"G04.1": (ONE, ONE), "G04.2": (ONE, ONE)}, INTERNAL: {"G04.1": (ONE, TWO), "G04.2": (ONE, ONE)},
    }  # fmt: skip


OURS = {"docs/catalog.json", "docs/c/index.md", "docs/changes/index.md", "docs/as-at/index.md"}


def differing(one, other):
    assert set(one) == set(other)
    return {path for path in one if one[path] != other[path]}


def test_a_date_changes_the_catalog_the_pages_about_releases_and_headings_of_clauses_and_nothing_else():
    made = worked.short(CLAUSES, **{"rules-g04": {"retired": {"G04.9": {"to": "G04.1", "why": "One rule."}}}})
    tree = staged(made)
    kept = dict(tree)
    first = dated(tree, ONE)
    second = dated(staged(made), TWO, first)
    assert tree == kept
    assert differing(tree, first[0].tree) == {*OURS, f"docs/{worked.PATH}"}
    assert listed(first[0].tree) == [
        ["Clause", "What it says", "First in", "Last changed in"],
        ["G04.1", "A forced file is a violation", ONE, ONE],
        ["G04.2", "All else is allowed", ONE, ONE],
        ["G04.9", "Retired. Read G04.1 in its place.", "", ""],
    ]
    for path in OURS - {"docs/catalog.json"}:
        assert first[0].tree[path].split(b"---\n")[1] == tree[path].split(b"---\n")[1]
    page = first[0].tree[f"docs/{worked.PATH}"].decode()
    for name in ("G04.1", "G04.2"):
        added = f" data-first={ONE} data-changed={ONE}"
        head = next(line for line in page.split("\n") if line.startswith(f"### {name}"))
        assert added in head
        page = page.replace(head, head.replace(added, ""))
    assert page == tree[f"docs/{worked.PATH}"].decode()
    # What decides about a release is the tree without dates: it is the same, so there is no second release.
    assert staging.digest(staged(made)) == staging.digest(tree) != staging.digest(first[0].tree)
    assert differing(second[0].tree, first[0].tree) == {"docs/changes/index.md"}
    plain = json.loads(first[0].tree["docs/catalog.json"])
    for row in plain["documents"]:
        for clause in row.get("clauses", []):
            del clause["first"], clause["changed"]
    assert plain == json.loads(tree["docs/catalog.json"])


def test_a_tree_without_clauses_can_be_released():
    tree = staged(worked.simple({"one.md": "Text.\n"}))
    assert differing(dated(tree, ONE)[0].tree, tree) == {"docs/changes/index.md", "docs/as-at/index.md"}


def test_the_pages_about_releases_are_those_of_the_release():
    first = dated(staged(worked.short(CLAUSES)), ONE)
    tree = staged(worked.short(EDITED))
    second = dated(tree, TWO, first)
    assert second[0].timeline == timeline.extended(first[0].timeline, second[0].tree[history.CATALOG], TWO)
    rows = json.loads(second[0].tree[history.CATALOG])["documents"]
    known, past = timeline.read(second[0].timeline), timeline.read(first[0].timeline)
    wanted = {
        "changes/index.md": whatchanged.page(TWO, rows, first[1].baseline(), [ONE]),
        "as-at/index.md": asat.page(known, permanence.moved(past, rows)),
    }
    for path, text in wanted.items():
        assert second[0].tree[f"docs/{path}"].decode().split("---\n\n", 1)[1] == f"{text}\n"
        assert text not in tree[f"docs/{path}"].decode()  # a preview says less
    third = dated(staged(worked.short(CLAUSES)), THREE, second)
    listing = render(third[0].tree, "changes/index.md").partition("Earlier releases")[2]
    assert [one["href"] for one in BeautifulSoup(listing, "html.parser").find_all("a")][1:] == [
        f"../../{TWO}/changes/", f"../../{ONE}/changes/",
    ]  # fmt: skip


# Marks.


def marks(found, path=worked.PATH):
    """Return the text and the target of each mark on a page, and its status in the navigation."""
    soup = BeautifulSoup(render(found[0].tree, path), "html.parser")
    front = found[0].tree[f"docs/{path}"].decode().split("---\n")[1]
    status = next(line.removeprefix("status: ") for line in front.split("\n") if line.startswith("status: "))
    return [(one.text, one["href"], one.find_previous("h3")["id"]) for one in soup.select("a.gb-changed")], status


def test_a_clause_that_is_new_or_changed_leads_to_what_changed():
    first = dated(staged(worked.short(CLAUSES)), ONE)
    assert marks(first) == ([], "in-force")  # in a first release all is new
    second = dated(staged(worked.short(f"{EDITED}\n### G04.3 New\n\nText.\n")), TWO, first)
    assert marks(second) == (
        [(f"Changed in {TWO}", "../changes/index.md#g04-2", "g04-2"),
         (f"New in {TWO}", "../changes/index.md#g04-3", "g04-3")],
        "changed",
    )  # fmt: skip
    there = BeautifulSoup(render(second[0].tree, "changes/index.md"), "html.parser")
    assert {one["id"] for one in there.find_all("h3")} >= {"g04-2", "g04-3"}
    third = dated(staged(worked.short(f"{EDITED}\n### G04.3 New\n\nText.\n")), THREE, second)
    assert marks(third) == ([], "in-force")  # a mark lasts for one release


def test_on_a_page_that_is_new_each_clause_leads_to_the_whole():
    first = dated(staged(worked.simple({"one.md": "Text.\n"})), ONE)
    second = dated(staged(worked.short(CLAUSES)), TWO, first)
    names = ("g04-1", "g04-2")
    assert marks(second) == ([(f"New in {TWO}", "../changes/index.md", name) for name in names], "new")
    assert marks(second, "spam-x.md") == ([], "new")
    assert marks(second, "index.md") == ([], "in-force")


def test_a_page_that_others_changed_is_not_marked():
    first = dated(staged(worked.short(CLAUSES)), ONE)
    faq = {"f01": {"id": "F01", "type": "faq", "answers": ["G04.1"], "renewed": DAY}}
    made = worked.short(CLAUSES, {"f01.md": "Text.\n"}, **faq, **{"spam-x": {"title": "Another name"}})
    second = dated(staged(made), TWO, first)
    before, after = (one[0].tree[f"docs/{worked.PATH}"] for one in (first, second))
    assert before != after  # the question stands under its clause
    assert marks(second) == ([], "in-force")
    assert [marks(second, path)[1] for path in ("f01.md", "spam-x.md", "no-action.md")] == [
        "new",
        "changed",
        "in-force",
    ]


def test_what_no_reader_of_a_page_sees_is_no_change_of_it():
    first = dated(staged(worked.short(CLAUSES)), ONE)
    quiet = worked.short(CLAUSES, **{"rules-g04": {"order": 7, "searched_as": {"G04.1": ["drop"]}}})
    assert marks(dated(staged(quiet), TWO, first))[1] == "in-force"
    loud = worked.short(CLAUSES, **{"rules-g04": {"summary": "Another sum."}})
    assert marks(dated(staged(loud), TWO, first))[1] == "changed"


def test_the_page_of_a_folder_says_how_many_pages_in_it_are_marked():
    pages = {"f/index.md": "One.\n", "f/one.md": "Text.\n", "g/index.md": "Text.\n"}
    first = dated(staged(worked.simple(pages)), ONE)
    made = worked.simple(pages | {"f/index.md": "Two.\n", "f/two.md": "Text.\n"}, **{"f-one": {"status": "retired"}})
    second = dated(staged(made), TWO, first)
    marked = b"---\nmarked: {new: 1, changed: 1}\n"
    assert [path for path, data in second[0].tree.items() if b"\nmarked: " in data] == ["docs/f/index.md"]
    assert second[0].tree["docs/f/index.md"].startswith(marked)
    assert marked[4:] not in twins.twins(second[0].tree)["f/index.md"]


def test_a_status_of_its_own_is_kept():
    first = dated(staged(worked.simple({"one.md": "Text.\n"}), INTERNAL), ONE)
    made = worked.simple(
        {"one.md": "```text\nstatus: in-force\n```\n", "two.md": "Text.\n"},
        one={"status": "retired"},
        two={"status": "draft"},
    )
    second = dated(staged(made, INTERNAL), TWO, first)
    assert [marks(second, path)[1] for path in ("one.md", "two.md")] == ["retired", "draft"]
    assert b"\nstatus: in-force\n" in second[0].tree["docs/one.md"]  # in its text, which is not touched


def test_a_mark_is_taken_off_again_for_a_comparison_of_sources():
    tree = staged(worked.short(EDITED))
    second = dated(tree, TWO, dated(staged(worked.short(CLAUSES)), ONE))
    text = second[0].tree[f"docs/{worked.PATH}"].decode()
    assert "\nstatus: changed\n" in text
    assert history.unmarked(text) == text.replace("\nstatus: changed\n", "\nstatus: in-force\n")
    assert history.unmarked("status: new\n\nstatus: new\n") == "status: in-force\n\nstatus: new\n"
    for other in ("status: newer\n", "A status: new\n", "status: draft\n"):
        assert history.unmarked(other) == other


# What was, and where it leads.


def test_what_stood_elsewhere_leads_on_and_what_is_gone_says_so():
    three = f"{CLAUSES}\n### G04.3 Three\n\nText.\n"
    first = dated(staged(worked.short(three, {"one.md": "Text.\n"})), ONE)
    assert not any("index.html" in path and "/c/" not in path for path in first[0].tree)
    made = worked.short(CLAUSES)
    made.docs["rules/g04-renamed.md"] = made.docs.pop(worked.PATH)
    second = dated(staged(made), TWO, first)
    more = set(second[0].tree) - set(staged(made))
    assert more == {"docs/rules/g04/index.html", "docs/one/index.html", "docs/c/G04.3/index.html"}
    assert b'url=../g04-renamed/"' in second[0].tree["docs/rules/g04/index.html"]
    assert f"../../{ONE}/one/".encode() in second[0].tree["docs/one/index.html"]
    assert {f"../{ONE}/one/", f"../{ONE}/rules/g04/", f"../{ONE}/changes/", "../", "../latest/"} <= second[0].beyond
    assert f"../{TWO}/changes/" not in second[0].beyond
    # A release later both still do.
    third = dated(staged(made), THREE, second)
    assert more < set(third[0].tree)


@pytest.mark.parametrize("text", [b"", b"{}", b"[", b"\xff"])
def test_a_broken_timeline_is_told_in_one_line(text):
    with pytest.raises(ReleaseError, match=r"^releases\.json: expected .*; restore the file") as found:
        history.dated(staged(worked.short(CLAUSES)), TWO, Past(ONE, dated_catalog(), text))
    assert "\n" not in str(found.value)


def dated_catalog():
    return dated(staged(worked.short(CLAUSES)), ONE)[1].catalog


def test_of_a_branch_without_releases_nothing_is_past():
    assert (Past().baseline(), Past().read()) == (None, None)
    assert Past(ONE).baseline() is Past(None, b"{}").baseline() is None


def test_a_catalog_from_before_there_was_a_history_starts_it():
    tree = staged(worked.short(CLAUSES))
    old = (None, Past(ONE, tree[history.CATALOG], timeline.extended(None, tree[history.CATALOG], ONE)))
    assert clauses(dated(tree, TWO, old)) == {"G04.1": (ONE, ONE), "G04.2": (ONE, ONE)}
    edited = staged(worked.short(EDITED))
    assert clauses(dated(edited, TWO, old)) == {"G04.1": (ONE, ONE), "G04.2": (ONE, TWO)}


BROKEN = {
    "no JSON": b"{",
    "no text": b"\xff\xfe",
    "empty": b"",
    "deep": b"[" * 100_000,
    "a list": b"[]",
    "no documents": b"{}",
    "documents that are none": b'{"documents": [1]}',
    "documents in no list": b'{"documents": 1}',
    "a clause that is none": b'{"documents": [{"clauses": [1]}]}',
    "a clause without an id": b'{"documents": [{"clauses": [{"sha256": "a"}]}]}',
    "a clause without a digest": b'{"documents": [{"clauses": [{"id": "G04.1"}]}]}',
    "no clauses": b'{"documents": [{"clauses": null}]}',
}


UNSEEN = {
    "a first that is no release": b'{"documents": [{"clauses": [{"id": "G04.1", "sha256": "a", "first": "| <b>"}]}]}',
    "a change in no release": b'{"documents": [{"clauses": [{"id": "G04.1", "sha256": "a", "changed": null}]}]}',
}


@pytest.mark.parametrize("how", [*BROKEN, *UNSEEN])
def test_a_broken_catalog_of_the_last_release_is_told_in_one_line(how):
    with pytest.raises(ReleaseError) as found:
        history.dated(staged(worked.short(CLAUSES)), TWO, Past(ONE, (BROKEN | UNSEEN)[how]))
    text = str(found.value)
    assert text.startswith(f"{ONE}/catalog.json: expected the catalog of a release, found ")
    assert "\n" not in text
    assert "restore" in text


def as_tree(texts):
    """Return an edition of one page, whose clauses have these texts; no page when there is none."""
    rows = [
        {"id": name, "title": name, "text": text, "url": f"g/#{anchor(name)}", "sha256": text * 64}
        for name, text in texts.items()
    ]
    row = {"id": "G04", "type": "guideline", "title": "T", "summary": "S", "url": "g/", "sha256": "c" * 64}
    headings = [
        f"### {name} T {{ #{anchor(name)} .clause data-clause={name} data-sha256={text * 64} }}"
        for name, text in texts.items()
    ]
    data = catalog.dump("external", [row | {"clauses": rows}] if rows else [])
    return {history.CATALOG: data.encode(), "docs/g.md": "\n\n".join(["---\n---", *headings, ""]).encode()}


def anchor(name):
    return name.lower().replace(".", "-")


texts = st.dictionaries(st.sampled_from(["G04.1", "G04.2", "G04.3"]), st.sampled_from("ab"))


@given(st.lists(texts, max_size=6))
def test_history_follows_from_one_release_to_the_next(releases):
    before, known, ever = None, {}, set()
    for at, written in enumerate(releases):
        name = f"2026.11.{at + 1:02}"
        told = bool(known)
        found = dated(as_tree(written), name, before)
        old, known = known, {}
        for clause, text in written.items():
            first, changed, was = old.get(clause, (name, name, text))
            known[clause] = (first, changed if was == text else name, text)
        assert clauses(found) == {clause: row[:2] for clause, row in known.items()}
        # The page says the same, and marks what is new or changed in this release.
        page = found[0].tree["docs/g.md"].decode()
        for clause, (first, changed, _) in known.items():
            head, _, rest = page.partition(f"### {clause} ")[2].partition("\n")
            assert head.endswith(f" data-first={first} data-changed={changed} }}")
            what = "New" if first == name else "Changed"
            where = f"changes/index.md#{anchor(clause)}" if told else "changes/index.md"
            mark = f"\n[{what} in {name}]({where}){{ .gb-changed }}\n" if at and changed == name else "\n"
            assert rest.partition("###")[0].rstrip("\n") == mark.rstrip("\n")
        # What was there once and is not has a word on its end behind its permalink.
        ever |= set(written)
        ended = {path.split("/")[2] for path in found[0].tree if path.startswith("docs/c/")}
        assert ended == ever - set(written)
        before = found


def test_what_a_release_says_of_a_retired_clause_may_be_led_to():
    retired = {"G04.9": {"to": "G04.1", "why": "One rule."}}
    first = dated(staged(worked.short(CLAUSES, **{"rules-g04": {"retired": retired}})), ONE)
    second = dated(staged(worked.short(CLAUSES)), TWO, first)
    assert {one for one in second[0].beyond if "/c/" in one} == {f"../{ONE}/c/G04.9/"}
