"""`scripts/guide rollback` on a real project: the text of an earlier release comes into force again."""

from __future__ import annotations

import json
import shutil

import pytest
from projects import SMALL, commit_all, copy_project, git, guide

FIRST, SECOND, TODAY = "2026-11-23", "2026-11-25", "2026-11-26"
GUIDELINE = "docs/guidelines/g04-links.md"
WHY = "The new rule removed good posts."
NOTICE = """---
id: N002
type: notice
title: Links change again
summary: A new rule and more words.
audience: external
owner: Spam Policy
status: in-force
valid_from: 2026-11-25
review_by: 2027-06-01
changes: [G04.2, G04.3]
kind: substantive
signed: {Training: 2026-11-18, Quality: 2026-11-18, Vendor Management: 2026-11-18}
---

The new rule is [G04.3], beside [G04.2].
"""
COMING = """### G04.4 A rule to come

Label [spam-redirect]."""
ANNOUNCED = """---
id: N003
type: notice
title: More to come
summary: A rule from January on.
audience: external
owner: Spam Policy
status: in-force
valid_from: 2026-11-25
review_by: 2027-06-01
changes: [G04.4]
kind: editorial
effective: 2027-01-11
---

It is about links.
"""

pytestmark = pytest.mark.xdist_group("rollback")  # one worker publishes for them all


def catalog(project, branch, release="latest"):
    rows = json.loads(git(project, "show", f"{branch}:{release}/catalog.json"))["documents"]
    return {clause["id"]: clause["text"] for row in rows for clause in row.get("clauses", ())}


def tips(project):
    return git(project, "rev-parse", "site-external", "site-internal", "HEAD").split()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A project with two releases of each edition: the second one has another text and one clause more."""
    project = copy_project(tmp_path_factory.mktemp("rollback") / "project", SMALL)
    commit_all(project)
    assert guide(project, "publish", "--date", FIRST).returncode == 0
    file = project / GUIDELINE
    text = file.read_text().replace("The destination decides.", "The destination decides, unless it is too far.")
    text = text.replace("The classifier reads more", "The classifier reads far more")
    file.write_text(
        text.replace(
            "## Decision tree",
            "### G04.3 A new rule\n\nLabel [spam-redirect].\n\n"
            f"/// effective\n    from: 2027-01-11\n\n{COMING}\n///\n\n## Decision tree",
        )
    )
    (project / "docs/comms/n003-more.md").write_text(ANNOUNCED)
    (project / "docs/comms/n002-links.md").write_text(NOTICE)
    commit_all(project)
    done = guide(project, "publish", "--date", SECOND)
    assert done.returncode == 0, done.stderr
    shutil.copytree(project, project.with_name("before"))
    return project


@pytest.fixture(scope="module")
def rolled(published):
    """The same project after a rollback to the first release, and what the command printed."""
    before = tips(published)
    done = guide(published, "rollback", "2026.11.23", "--why", WHY, "--date", TODAY)
    assert done.returncode == 0, done.stderr
    assert not set(before) & set(tips(published))
    return published


def test_what_cannot_be_rolled_back_is_told_in_one_line_and_changes_nothing(published):
    before = tips(published)
    for words, said in (
        (
            ["2026.01.01"],
            "found 2026.01.01. Known: 2026.11.25, 2026.11.23. Without --push, only the release branches of",
        ),
        (["2026.11.23", "--audience", "public"], "expected --audience to be one of external, internal"),
        (["2026.11.25"], "nothing differs from release 2026.11.25"),
    ):
        done = guide(published, "rollback", *words, "--why", WHY, "--date", TODAY)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    (published / "docs/index.md").touch()
    assert "expected --why to say why" in guide(published, "rollback", "2026.11.23", "--why", " ").stderr
    (published / "stray.md").write_text("x")
    assert "not committed: stray.md" in guide(published, "rollback", "2026.11.23", "--why", WHY).stderr
    (published / "stray.md").unlink()
    # A rule that the notice breaks stops it before anything is written.
    done = guide(published, "rollback", "2026.11.23", "--why", "See [Z99].", "--date", TODAY)
    assert done.returncode == 1
    assert "[unknown-reference]" in done.stderr
    assert tips(published) == before
    assert git(published, "status", "--porcelain") == ""


def test_the_text_of_the_earlier_release_is_in_force_again_in_both_editions(rolled):
    for branch in ("site-external", "site-internal"):
        assert catalog(rolled, branch) == catalog(rolled, branch, "2026.11.23") == catalog(rolled, branch, "2026.11.26")
        assert "G04.3" in catalog(rolled, branch, "2026.11.25")
    assert git(rolled, "status", "--porcelain") == ""
    assert git(rolled, "log", "-1", "--format=%B").strip() == f"Restore the text of release 2026.11.23\n\n{WHY}"


def test_a_notice_says_why_and_names_what_changes_and_earlier_notices_stay(rolled):
    text = (rolled / "docs/comms/n004-release-2026-11-23-is-in-force-again.md").read_text()
    assert "changes: [G04.2, G04.3, G04.4]" in text  # the last of them never came, and an earlier notice names it
    assert "restores: 2026.11.23" in text
    assert WHY in text
    # The notice about the rule stays; the id that leads nowhere now is a word.
    assert (rolled / "docs/comms/n002-links.md").read_text() == NOTICE.replace("is [G04.3]", "is G04.3")
    page = git(rolled, "show", "site-external:latest/changes/index.html")
    assert "is in force again" in page
    assert "<del>, unless it is too far</del>" in page


def test_the_clause_that_went_is_found_where_it_stood(rolled):
    page = git(rolled, "show", "site-external:latest/c/G04.3/index.html")
    assert 'href="../../../2026.11.25/guidelines/g04-links/#g04-3"' in page
    assert "classifier" not in git(rolled, "show", "site-external:latest/changes/index.html")
    assert "reads <del>far</del> more" in git(rolled, "show", "site-internal:latest/changes/index.html")


def test_no_other_notice_may_name_what_never_was(rolled):
    file = rolled / "docs/comms/n002-links.md"
    text = file.read_text()
    assert guide(rolled, "check", "--date", "2026-11-27").returncode == 0
    file.write_text(text.replace("G04.3]\nkind", "G04.3, G04.5]\nkind"))
    done = guide(rolled, "check", "--date", "2026-11-27")
    assert "n002-links.md:11: `G04.5` is the id of no document, clause or case." in done.stdout
    file.write_text(text)


def test_the_next_run_changes_nothing(rolled):
    before = tips(rolled)
    done = guide(rolled, "publish", "--date", "2026-11-27")
    assert done.returncode == 0, done.stderr
    assert tips(rolled) == before


def test_only_the_edition_that_reads_everything_says_where_its_text_came_from(rolled):
    manifest = json.loads(git(rolled, "show", "site-internal:2026.11.26/manifest.json"))
    assert manifest["source"]["commit"] == git(rolled, "rev-parse", "HEAD").strip()
    assert manifest["source"]["releases"] == {"external": "2026.11.26", "internal": "2026.11.26"}
    assert "source" not in json.loads(git(rolled, "show", "site-external:2026.11.26/manifest.json"))


@pytest.fixture
def shared(published, tmp_path):
    """A remote with the project and its releases, and a clone of it; as they were before the rollback."""
    origin, clone = tmp_path / "origin.git", tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--bare", str(published.with_name("before")), str(origin))
    git(tmp_path, "clone", "-q", str(origin), str(clone))
    return origin, clone


def push_back(origin, clone):
    """Roll back, and send all of it to the remote."""
    remotes = {"GUIDE_REMOTE_EXTERNAL": str(origin), "GUIDE_REMOTE_INTERNAL": str(origin)}
    return guide(clone, "rollback", "2026.11.23", "--why", WHY, "--date", TODAY, "--push", **remotes)


def test_the_commit_is_pushed_with_the_releases_so_that_the_next_run_keeps_them(shared):
    origin, clone = shared
    done = push_back(origin, clone)
    assert done.returncode == 0, done.stderr
    assert "pushed the commit to origin/main" in done.stdout
    assert git(origin, "rev-parse", "main") == git(clone, "rev-parse", "HEAD")
    assert "2026.11.26" in git(origin, "ls-tree", "--name-only", "site-external").split()


def test_a_remote_that_takes_no_commit_without_review_gets_no_release_either(shared):
    origin, clone = shared
    hook = origin / "hooks" / "update"
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo "main is protected" >&2; exit 1; }\n')
    hook.chmod(0o755)
    before = git(origin, "for-each-ref")
    done = push_back(origin, clone)
    assert done.returncode == 1
    assert "origin/main refused the commit, and nothing was published: remote: main is protected" in done.stderr
    assert "open a pull request" in done.stderr
    assert git(origin, "for-each-ref") == before
    assert git(clone, "log", "-1", "--format=%s").strip() == "Restore the text of release 2026.11.23", "not lost"


def test_a_branch_that_follows_none_is_told_before_anything_is_written(shared):
    origin, clone = shared
    git(clone, "switch", "-q", "-c", "aside")
    before = git(clone, "for-each-ref")
    done = push_back(origin, clone)
    assert done.returncode == 1
    assert "expected a branch that follows one of a remote, found none" in done.stderr
    assert git(clone, "for-each-ref") == before
