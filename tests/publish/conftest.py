"""A project with one release of each edition, made once for each test process."""

import subprocess

import pytest
from projects import SMALL, commit_all, copy_project, git, guide


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """The project after its first publish."""
    project = copy_project(tmp_path_factory.mktemp("publish") / "project", SMALL)
    commit_all(project)
    done = guide(project, "publish", "--date", "2026-11-23")
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture
def project(published, tmp_path):
    """A clone of the published project, with its release branches."""
    clone = tmp_path / "project"
    subprocess.run(["git", "clone", "-q", str(published), str(clone)], check=True)
    for branch in ("site-external", "site-internal"):
        git(clone, "branch", "--no-track", branch, f"origin/{branch}")
    return clone
