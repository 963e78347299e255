"""A rollback brings back no text that is withheld today, none that was taken down, and no word for staff alone."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from projects import SMALL, announce, commit_all, copy_project, edit, git, guide

GUIDELINE, HOME = "docs/guidelines/g04-links.md", "docs/index.md"
SECRET = "Queue seven takes every account above the limit."

pytestmark = pytest.mark.xdist_group("rollback leaks")  # one worker publishes for them all


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Two releases of each edition that differ in a clause, and in what only staff read in it."""
    project = copy_project(tmp_path_factory.mktemp("rollback") / "project", SMALL)
    (project / HOME).write_text(f"{(project / HOME).read_text()}\n{SECRET}\n")
    publish(project, "2026-11-23")
    edit(project, GUIDELINE, "The destination decides.", "The destination always decides.")
    edit(project, GUIDELINE, "The classifier reads more", "The classifier reads far more")
    announce(project, 2, ["G04.2"], "2026-11-24")
    publish(project, "2026-11-24")
    return project


@pytest.fixture
def project(published, tmp_path):
    """A copy of it for one test."""
    return shutil.copytree(published, tmp_path / "project")


def publish(project, day):
    commit_all(project)
    done = guide(project, "publish", "--date", day)
    assert done.returncode == 0, done.stderr


def rollback(project, why="The new rule removed good posts.", audience="external"):
    return guide(project, "rollback", "2026.11.23", "--why", why, "--audience", audience, "--date", "2026-11-26")


def holding(project, text, branch="site-external"):
    """The files of the newest release that hold a text."""
    command = ["git", "grep", "-l", "-F", text, branch, "--", "latest"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False).stdout.split()


def state(project):
    return git(project, "rev-parse", "site-external", "site-internal", "HEAD") + git(project, "status", "--porcelain")


def test_what_was_made_internal_since_does_not_come_back(project):
    assert len(holding(project, SECRET)) > 2
    edit(project, HOME, SECRET, f"/// internal\n    reason: tooling\n\n{SECRET}\n///")
    commit_all(project)
    before = state(project)
    for audience in ("external", "internal"):
        done = rollback(project, audience=audience)
        assert done.returncode == 1
        assert "the external edition would show again what it withholds today: its docs/index.md" in done.stderr
        assert "holds text of the passage docs/index.md:18. Nothing was altered." in done.stderr
        assert "Queue seven" not in done.stderr
        assert state(project) == before


def test_what_was_taken_down_does_not_come_back(project, tmp_path):
    """It is deleted, not withheld: nothing in the sources of today knows of it any more."""
    edit(project, HOME, SECRET, "")
    commit_all(project)
    (tmp_path / "phrases.txt").write_text(f"{SECRET}\n")
    day = ("--date", "2026-11-26")
    taken = guide(project, "redact", "--audience", "external", "--from", str(tmp_path / "phrases.txt"), *day)
    assert taken.returncode == 0, taken.stderr
    before = state(project)
    done = rollback(project)
    assert done.returncode == 1
    assert "text was taken out of release 2026.11.23 of external" in done.stderr
    assert state(project) == before


def test_the_reason_of_an_internal_rollback_is_not_told_outside(project):
    why = "Sampling fell below the floor for staff."
    done = rollback(project, why, "internal")
    assert done.returncode == 0, done.stderr
    assert len(holding(project, "is in force again")) > 2
    assert holding(project, why) == []
    assert len(holding(project, why, "site-internal")) > 2
