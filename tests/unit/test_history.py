"""History: in which release each clause came, and in which it changed, as the catalogs of the releases tell."""

import json

import pytest
import worked
from bs4 import BeautifulSoup
from guidebook import catalog, history, staging
from guidebook.releases import ReleaseError
from hypothesis import given
from hypothesis import strategies as st
from libraries import DAY, EXTERNAL, INTERNAL, render
from worked import CLAUSES, staged

ONE, TWO, THREE = "2026.11.23", "2026.11.24", "2026.11.24.2"
EDITED = CLAUSES.replace("Text of two.", "Text of two, edited.")


def dated(tree, release, before=None):
    """Return a tree as a release after the tree `before`, which was the release named there."""
    catalog_before = before and before[0][history.CATALOG]
    return history.dated(tree, release, catalog_before, before and before[1])


def clauses(tree):
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
    second = dated(staged(worked.short(EDITED)), TWO, (first, ONE))
    assert clauses(second) == {"G04.1": (ONE, ONE), "G04.2": (ONE, TWO)}
    more = staged(worked.short(f"{EDITED}\n### G04.3 New\n\nText.\n"))
    third = dated(more, THREE, (second, TWO))
    assert clauses(third) == {"G04.1": (ONE, ONE), "G04.2": (ONE, TWO), "G04.3": (THREE, THREE)}
    # A title is part of what a clause says.
    retitled = staged(worked.short(CLAUSES.replace("All else", "Everything else")))
    assert clauses(dated(retitled, TWO, (first, ONE)))["G04.2"] == (ONE, TWO)


def test_what_stands_around_a_clause_does_not_change_it():
    first = dated(staged(worked.short(CLAUSES)), ONE)
    faq = {"f01": {"id": "F01", "type": "faq", "answers": ["G04.1"], "renewed": DAY}}
    others = {"f01.md": "Text.\n"}
    made = worked.short(CLAUSES, others, **faq, **{"spam-x": {"title": "Another name"}})
    made.docs[worked.PATH].body = made.docs[worked.PATH].body.replace("Does it open?", "Does it open at all?")
    second = staged(made)
    assert second[f"docs/{worked.PATH}"] != staged(worked.short(CLAUSES))[f"docs/{worked.PATH}"]
    assert set(clauses(dated(second, TWO, (first, ONE))).values()) == {(ONE, ONE)}


def test_a_clause_that_moves_to_another_place_keeps_its_history():
    first = dated(staged(worked.short(f"{CLAUSES}\n### G04.3 Three\n\nText.\n")), ONE)
    made = worked.short(f"{CLAUSES}\n### G04.3 Three\n\nText.\n")
    made.docs["rules/g04-renamed.md"] = made.docs.pop(worked.PATH)
    assert set(clauses(dated(staged(made), TWO, (first, ONE))).values()) == {(ONE, ONE)}


def test_each_edition_has_a_history_of_its_own():
    note = "Text of one.\n\n/// internal\n    reason: tooling\n\nA note.\n///\n"
    before, after = worked.short(CLAUSES), worked.short(CLAUSES.replace("Text of one.\n", note))
    found = {}
    for name in (EXTERNAL, INTERNAL):
        first = dated(staged(before, name), ONE)
        found[name] = clauses(dated(staged(after, name), TWO, (first, ONE)))
    assert found == {
        EXTERNAL: {"G04.1": (ONE, ONE), "G04.2": (ONE, ONE)}, INTERNAL: {"G04.1": (ONE, TWO), "G04.2": (ONE, ONE)},
    }  # fmt: skip


def test_dates_change_the_catalog_and_the_list_of_clauses_and_nothing_else():
    made = worked.short(CLAUSES, **{"rules-g04": {"retired": {"G04.9": {"to": "G04.1", "why": "One rule."}}}})
    tree = staged(made)
    kept = dict(tree)
    first = dated(tree, ONE)
    second = dated(staged(made), TWO, (first, ONE))
    assert tree == kept
    assert {path for path in tree if tree[path] != first[path]} == {"docs/catalog.json", "docs/c/index.md"}
    assert set(first) == set(tree)
    assert listed(first) == [
        ["Clause", "What it says", "First in", "Last changed in"],
        ["G04.1", "A forced file is a violation", ONE, ONE],
        ["G04.2", "All else is allowed", ONE, ONE],
        ["G04.9", "Retired. Read G04.1 in its place.", "", ""],
    ]
    front = tree["docs/c/index.md"].split(b"---\n")[1]
    assert first["docs/c/index.md"].split(b"---\n")[1] == front
    # What decides about a release is the tree without dates: it is the same, so there is no second release.
    assert staging.digest(staged(made)) == staging.digest(tree) != staging.digest(first)
    assert second == first
    plain = json.loads(first["docs/catalog.json"])
    for row in plain["documents"]:
        for clause in row.get("clauses", []):
            del clause["first"], clause["changed"]
    assert plain == json.loads(tree["docs/catalog.json"])


def test_a_tree_without_clauses_can_be_released():
    tree = staged(worked.simple({"one.md": "Text.\n"}))
    assert dated(tree, ONE) == tree


def test_a_catalog_from_before_there_was_a_history_starts_it():
    tree = staged(worked.short(CLAUSES))
    assert clauses(dated(tree, TWO, (tree, ONE))) == {"G04.1": (ONE, ONE), "G04.2": (ONE, ONE)}
    edited = staged(worked.short(EDITED))
    assert clauses(dated(edited, TWO, (tree, ONE))) == {"G04.1": (ONE, ONE), "G04.2": (ONE, TWO)}


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
        history.dated(staged(worked.short(CLAUSES)), TWO, (BROKEN | UNSEEN)[how], ONE)
    text = str(found.value)
    assert text.startswith(f"{ONE}/catalog.json: expected the catalog of the last release, found ")
    assert "\n" not in text
    assert "restore" in text


def as_tree(texts):
    """Return the catalog of an edition whose clauses have these texts."""
    rows = [{"id": name, "title": name, "url": "x", "sha256": text} for name, text in texts.items()]
    return {history.CATALOG: catalog.dump("external", [{"id": "G04", "url": "g/", "clauses": rows}]).encode()}


texts = st.dictionaries(st.sampled_from(["G04.1", "G04.2", "G04.3"]), st.sampled_from("ab"))


@given(st.lists(texts, max_size=6))
def test_history_follows_from_one_release_to_the_next(releases):
    before, known = None, {}
    for at, written in enumerate(releases):
        name = f"2026.11.{at + 1:02}"
        found = dated(as_tree(written), name, before)
        old, known = known, {}
        for clause, text in written.items():
            first, changed, was = old.get(clause, (name, name, text))
            known[clause] = (first, changed if was == text else name, text)
        assert clauses(found) == {clause: row[:2] for clause, row in known.items()}
        before = (found, name)
