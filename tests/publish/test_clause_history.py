"""The history of clauses over real releases: repositories, mike and MkDocs as they are, one release after another."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from guide_cli import pipeline
from projects import SMALL, commit_all, copy_project, git, guide

pytestmark = pytest.mark.xdist_group("history")  # one worker makes the releases that all look at

EDITIONS = ("external", "internal")
GUIDELINE = "docs/guidelines/g04-links.md"
CHANGED = "G04.2"
NOTED = "G04.1"


@dataclass(frozen=True)
class Step:
    """What a publish said, and what stood on the branches after it."""

    said: str
    tips: dict[str, str]
    digests: dict[str, str]


def edit(project, old, new, path=GUIDELINE):
    file = project / path
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
    commit_all(project)


def below(project, clause):
    """Return the heading of a clause, below which an edit puts something."""
    return re.search(rf"(?m)^### {re.escape(clause)} .*\n", (project / GUIDELINE).read_text())[0]


def publish(project, day):
    done = guide(project, "publish", "--date", day)
    assert done.returncode == 0, done.stderr
    tips = {name: git(project, "rev-parse", f"site-{name}").strip() for name in EDITIONS}
    date = dt.date.fromisoformat(day)
    staged = pipeline.stage(pipeline.clean(project, date), list(EDITIONS), date)
    return Step(done.stdout, tips, {one.name: one.digest for one in staged})


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return copy_project(tmp_path_factory.mktemp("history") / "project", SMALL)


@pytest.fixture(scope="module")
def story(project):
    """Give what stood after each of several publishes, by what came before it."""
    commit_all(project)
    steps = {"first": publish(project, "2026-11-23"), "nothing": publish(project, "2026-11-24")}
    heading = below(project, CHANGED)
    edit(project, heading, f"{heading}\nOne more sentence.\n")
    steps["text"] = publish(project, "2026-11-25")
    heading = below(project, NOTED)
    edit(project, heading, f"{heading}\n/// internal\n    reason: tooling\n\nA note for staff.\n///\n")
    steps["note"] = publish(project, "2026-11-25")
    edit(project, "## Why\n", "## Why\n\nA reason more.\n")
    steps["around"] = publish(project, "2026-11-25")
    return steps


def shown(project, step, name, path):
    return git(project, "show", f"{step.tips[name]}:latest/{path}")


def clauses(project, step, name, release="latest"):
    data = json.loads(git(project, "show", f"{step.tips[name]}:{release}/catalog.json"))
    return {one["id"]: one for row in data["documents"] for one in row.get("clauses", [])}


def history(project, step, name):
    return {clause: (one["first"], one["changed"]) for clause, one in clauses(project, step, name).items()}


def test_the_first_release_is_the_first_and_the_last_change_of_every_clause(project, story):
    for name in EDITIONS:
        found = history(project, story["first"], name)
        assert set(found) == {"G04.1", "G04.2", "G06.1", "G06.2"}
        assert set(found.values()) == {("2026.11.23", "2026.11.23")}


def test_nothing_changed_makes_no_release(project, story):
    assert story["nothing"].tips == story["first"].tips
    for name in EDITIONS:
        assert f"{name}: unchanged since 2026.11.23" in story["nothing"].said


def test_what_decides_about_a_release_is_the_content_without_its_dates(project, story):
    for step in story.values():
        for name in EDITIONS:
            assert json.loads(shown(project, step, name, "manifest.json"))["staged"] == step.digests[name]


def test_an_edit_of_one_clause_moves_that_one_in_both_editions(project, story):
    for name in EDITIONS:
        before, after = clauses(project, story["first"], name), clauses(project, story["text"], name)
        assert {one for one in after if after[one]["sha256"] != before[one]["sha256"]} == {CHANGED}
        found = history(project, story["text"], name)
        assert found.pop(CHANGED) == ("2026.11.23", "2026.11.25")
        assert set(found.values()) == {("2026.11.23", "2026.11.23")}


def test_a_note_for_staff_moves_the_clause_of_their_edition_only(project, story):
    assert "external: unchanged since 2026.11.25" in story["note"].said
    assert story["note"].tips["external"] == story["text"].tips["external"]
    found = history(project, story["note"], "internal")
    assert found.pop(CHANGED) == ("2026.11.23", "2026.11.25")
    assert found.pop(NOTED) == ("2026.11.23", "2026.11.25.2")
    assert set(found.values()) == {("2026.11.23", "2026.11.23")}
    assert NOTED in history(project, story["note"], "external")


def test_an_edit_beside_the_clauses_makes_releases_in_which_none_moves(project, story):
    assert "external: released 2026.11.25.2" in story["around"].said
    assert "internal: released 2026.11.25.3" in story["around"].said
    assert history(project, story["around"], "external") == history(project, story["text"], "external")
    assert history(project, story["around"], "internal") == history(project, story["note"], "internal")


@pytest.mark.parametrize("name", EDITIONS)
def test_the_page_of_clauses_shows_both_columns(project, story, name):
    for step in story.values():
        known = clauses(project, step, name)
        table = BeautifulSoup(shown(project, step, name, "c/index.html"), "html.parser").find("article").table
        heads, *rows = [
            [" ".join(cell.text.split()) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")
        ]
        assert heads == ["Clause", "What it says", "First in", "Last changed in"]
        found = {row[0]: tuple(row[2:]) for row in rows if row[2]}
        assert found == {clause: (one["first"], one["changed"]) for clause, one in known.items()}
        twin = shown(project, step, name, "c/index.md")
        for clause, one in known.items():
            assert re.search(rf"(?m)^\| \[{clause}\]\(.*\| {one['first']} \| {one['changed']} \|$", twin)


def test_a_release_stays_as_it_was_when_the_next_is_made(project, story):
    for name in EDITIONS:
        old = git(project, "rev-parse", f"{story['first'].tips[name]}:2026.11.23")
        for step in story.values():
            assert git(project, "rev-parse", f"{step.tips[name]}:2026.11.23") == old


def test_a_broken_catalog_on_a_branch_stops_the_release_in_one_line(project, story, tmp_path):
    tree = tmp_path / "branch"
    git(project, "worktree", "add", "-q", "--detach", str(tree), "site-external")
    for release in ("latest", "2026.11.25.2"):
        (tree / release / "catalog.json").write_text('{"documents": [{"clauses": [{"id": "G04.1"}]}]}')
    commit_all(tree)
    git(project, "update-ref", "refs/heads/site-external", git(tree, "rev-parse", "HEAD").strip())
    git(project, "worktree", "remove", "--force", str(tree))
    before = git(project, "rev-parse", "site-external", "site-internal")
    edit(project, "A reason more.", "Another reason.")
    done = guide(project, "publish", "--date", "2026-11-26")
    assert done.returncode == 1
    (line,) = done.stderr.strip().split("\n")
    assert line.startswith("scripts/guide: 2026.11.25.2/catalog.json: expected the catalog of the last release")
    assert git(project, "rev-parse", "site-external", "site-internal") == before
