"""scripts/requirements.txt: what `scripts/guide` installs, and nothing else."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "scripts" / "requirements.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WANTED = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["test"]]


def locked():
    """Give each requirement of the lock, with its hashes on the same line."""
    text = re.sub(r"(?m)^\s*#.*\n?", "", LOCK).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


def versions():
    found = (re.match(r"([\w.-]+)==([^\s;]+)", line) for line in locked())
    return [(match[1], match[2]) for match in found if match]


def test_names_no_place():
    assert "://" not in LOCK
    assert not re.search(r"(?m)^\s*-(?!-hash=)", LOCK)  # no option: where packages come from is the user's setting


def test_every_requirement_is_one_version_with_hashes():
    assert len(versions()) == len(locked()) > 50
    for line in locked():
        assert re.search(r" --hash=sha256:[0-9a-f]{64}", line), line
    names = [name for name, _ in versions()]
    assert sorted(set(names)) == sorted(names)


def test_mkdocs_is_the_one_this_was_written_for():
    assert dict(versions())["mkdocs"] == "1.6.1"


@pytest.mark.parametrize("name", ["properdocs", "mkdocs-redirects", "mkdocs-rss-plugin", "mkdocs-literate-nav"])
def test_nothing_brings_in_properdocs(name):
    """With ProperDocs installed, mike builds with that and not with MkDocs."""
    assert name not in LOCK.lower()


@pytest.mark.parametrize("wanted", WANTED)
def test_is_made_from_this_pyproject(wanted):
    requirement = Requirement(wanted)
    version = dict(versions()).get(requirement.name.lower())
    assert version is not None, "run scripts/guide lock"
    assert requirement.specifier.contains(version), "run scripts/guide lock"
