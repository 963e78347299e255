"""`scripts/guide publish` on a real project: repositories, remotes, mike and MkDocs as they are."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from guide_cli.deploy import AS_AT_PAGE
from guidebook import timeline
from projects import SMALL, announce, commit_all, copy_project, edit, git, guide

DAY = "2026-11-23"
EDITIONS = ("external", "internal")
GUIDELINE = "docs/guidelines/g04-links.md"
# Phrases of that library that stand in an internal passage, page, field or setting only.
INTERNAL = ["Staff only", "comms/staff", "staff-news", "classifier reads more", "review_by", "corp.example"]


def versions(folder, branch):
    return [(row["version"], row["aliases"]) for row in json.loads(git(folder, "show", f"{branch}:versions.json"))]


def tips(folder):
    return git(folder, "rev-parse", "site-external", "site-internal").split()


def test_the_first_publish_makes_a_release_and_latest_on_each_branch(published):
    for branch in ("site-external", "site-internal"):
        assert versions(published, branch) == [("2026.11.23", ["latest"])]
        names = git(published, "ls-tree", "--name-only", branch).split()
        assert names == [".nojekyll", "2026.11.23", "as-at", "index.html", "latest", "releases.json", "versions.json"]
        for file in ("index.html", "index.md", "catalog.json", "llms.txt", "manifest.json"):
            assert git(published, "cat-file", "-e", f"{branch}:latest/{file}") == ""
        catalog = git(published, "show", f"{branch}:latest/catalog.json").encode()
        known = git(published, "show", f"{branch}:releases.json").encode()
        assert known == timeline.rebuilt([("2026.11.23", catalog)])
        assert git(published, "show", f"{branch}:as-at/index.html").encode() == AS_AT_PAGE


def test_an_external_release_does_not_tell_the_commit_it_was_made_from(published):
    commit = git(published, "rev-parse", "HEAD").strip()
    held = {name: git(published, "archive", f"site-{name}").count(commit) for name in EDITIONS}
    assert held == {"external": 0, "internal": 2}
    manifest = json.loads(git(published, "show", "site-external:latest/manifest.json"))
    assert set(manifest) == {"edition", "release", "staged", "files"}


def test_a_second_run_changes_nothing(project):
    before = tips(project)
    done = guide(project, "publish", "--date", "2026-11-30")
    assert done.returncode == 0, done.stderr
    assert "external: unchanged since 2026.11.23" in done.stdout
    assert "internal: unchanged since 2026.11.23" in done.stdout
    assert tips(project) == before


def test_an_internal_edit_makes_an_internal_release_only(project):
    before = tips(project)
    edit(project, "docs/comms/staff.md", "For staff.", "A new line for staff.")
    commit_all(project)
    done = guide(project, "publish", "--date", DAY)
    assert done.returncode == 0, done.stderr
    assert tips(project)[0] == before[0]
    assert versions(project, "site-internal") == [("2026.11.23.2", ["latest"]), ("2026.11.23", [])]


def test_an_external_edit_releases_both_and_keeps_old_releases_as_they_were(project):
    old = git(project, "rev-parse", "site-external:2026.11.23")
    edit(project, GUIDELINE, "## Why\n", "## Why\n\nA new line for all.\n")
    commit_all(project)
    done = guide(project, "publish", "--date", "2026-11-24")
    assert done.returncode == 0, done.stderr
    for branch in ("site-external", "site-internal"):
        assert [name for name, _ in versions(project, branch)] == ["2026.11.24", "2026.11.23"]
    assert git(project, "rev-parse", "site-external:2026.11.23") == old
    assert git(project, "rev-list", "--count", "site-external").strip() == "1"
    assert git(project, "rev-list", "--count", "site-internal").strip() == "2"


def test_nothing_internal_is_in_a_clone_of_the_external_branch_or_its_history(published, tmp_path):
    found = {}
    for edition in ("external", "internal"):
        clone = tmp_path / edition
        address = f"file://{published}"
        subprocess.run(
            ["git", "clone", "-q", "--single-branch", "-b", f"site-{edition}", address, str(clone)], check=True
        )
        log = git(clone, "log", "--all", "-p", "--format=fuller", "--text")
        names = git(clone, "log", "--all", "--name-only", "--format=")
        objects = git(clone, "cat-file", "--batch-all-objects", "--batch-check")
        assert objects
        found[edition] = [phrase for phrase in INTERNAL if re.search(re.escape(phrase), log + names, re.IGNORECASE)]
    assert found["internal"] == INTERNAL, "positive control: each phrase is in the internal clone"
    assert found["external"] == []


def test_two_machines_make_the_same_commits(published, tmp_path):
    other = copy_project(tmp_path / "elsewhere" / "project", SMALL)
    commit_all(other, "another history")
    done = guide(other, "publish", "--date", DAY, PYTHONHASHSEED="7", TZ="Pacific/Auckland", LANG="tr_TR.UTF-8")
    assert done.returncode == 0, done.stderr
    assert tips(other)[0] == tips(published)[0]
    # An internal release names the commit it was made from, which is another one here; all else is the same.
    listed, made, told = zip(*(internal(folder) for folder in (other, published)), strict=True)
    assert listed[0] == listed[1]
    assert made[0] == made[1]
    for folder, (manifest, copy) in zip((other, published), told, strict=True):
        assert manifest == copy
        head, force = git(folder, "rev-parse", "HEAD").strip(), dict.fromkeys(EDITIONS, "2026.11.23")
        assert manifest.pop("source") == {"commit": head, "releases": force}
    assert told[0][0] == told[1][0]


def internal(folder):
    """Return the files of the internal branch with their ids, its commit without its tree, and its manifests."""
    rows = git(folder, "ls-tree", "-r", "site-internal").splitlines()
    kept = [row for row in rows if not row.endswith("/manifest.json")]
    assert len(rows) == len(kept) + 2
    _, commit = git(folder, "cat-file", "commit", "site-internal").split("\n", 1)
    names = [f"site-internal:{name}/manifest.json" for name in ("2026.11.23", "latest")]
    return kept, commit, [json.loads(git(folder, "show", name)) for name in names]


def test_what_is_not_committed_is_refused_unless_allowed(project):
    edit(project, "docs/glossary.md", "Redirect\n", "Not committed.\n\nRedirect\n")
    done = guide(project, "publish", "--date", DAY)
    assert done.returncode == 1
    assert "not committed: docs/glossary.md" in done.stderr
    assert "Traceback" not in done.stderr
    done = guide(project, "publish", "--date", DAY, "--allow-dirty")
    assert done.returncode == 0, done.stderr
    assert versions(project, "site-external")[0][0] == "2026.11.23.2"


def test_a_library_with_a_mistake_publishes_nothing(project):
    before = tips(project)
    edit(project, "docs/glossary.md", "audience: external", "audience: extrenal")
    commit_all(project)
    done = guide(project, "publish", "--date", "2026-11-24")
    assert done.returncode == 1
    assert re.search(r"^docs/glossary\.md:\d+: .*\[audience\]$", done.stderr, re.MULTILINE), done.stderr
    assert tips(project) == before


def decides(project):
    edit(project, GUIDELINE, "The destination decides.", "The destination never decides.")


def for_staff(project):
    edit(project, GUIDELINE, "The classifier reads more than this.", "The classifier reads less than this.")


EXTERNAL = "G04.2` differs in the external edition since 2026.11.23"
INTERNAL_ONLY = "G04.2` differs in the internal edition since 2026.11.23, and no notice says so"
REDLINE = "The destination {+never+} decides."


@pytest.mark.parametrize(
    ("change", "notice", "says"),
    [
        (decides, {}, [f"{EXTERNAL} and the internal edition since 2026.11.23, and no", "[unannounced]", REDLINE]),
        (decides, {"audience": "internal"}, [f"{EXTERNAL}, and no notice says so", "[unannounced]", REDLINE]),
        (decides, {"kind": "editorial"}, ["is declared editorial, and `G04.2` differs in negation", "[substance]"]),
        (for_staff, {}, [INTERNAL_ONLY, "[unannounced]", "reads [-more-] {+less+} than"]),
    ],
    ids=["no notice", "a notice for staff", "an editorial notice", "a change for staff"],
)
def test_a_change_of_a_rule_that_is_not_announced_as_it_is_publishes_nothing(project, change, notice, says):
    before = tips(project)
    change(project)
    if notice:
        announce(project, 2, ["G04.2"], "2026-11-24", **notice)
    commit_all(project)
    done = guide(project, "publish", "--date", "2026-11-24")
    assert done.returncode == 1
    assert "building" not in done.stdout
    said = " ".join(done.stderr.split())
    for words in says:
        assert words in said
    assert said.endswith("scripts/guide: 1 problem found")
    assert re.match(rf"{GUIDELINE if not notice.get('kind') else 'docs/comms/n002-change.md'}:\d+: ", done.stderr)
    assert tips(project) == before


def test_a_site_in_which_a_leak_is_found_is_not_published(project):
    """What staging cannot see, because a theme file says it, the sweep does."""
    before = tips(project)
    words = "The classifier reads more than this."
    assert words in (project / GUIDELINE).read_text()
    edit(project, "overrides/main.html", "{{ super() }}", "{{ super() }}\n  <p hidden>" + words + "</p>")
    commit_all(project)
    done = guide(project, "publish", "--date", "2026-11-24")
    assert done.returncode == 1, done.stdout
    assert "external" in done.stderr
    assert words not in done.stderr
    assert tips(project) == before


def test_push_goes_to_each_editions_own_remote(project, tmp_path):
    remotes = {name: tmp_path / f"{name}.git" for name in ("external", "internal")}
    for remote in remotes.values():
        git(tmp_path, "init", "-q", "--bare", str(remote))
    named = {f"GUIDE_REMOTE_{name.upper()}": str(remote) for name, remote in remotes.items()}
    done = guide(project, "publish", "--push", "--date", DAY, **named)
    assert done.returncode == 0, done.stderr
    for name, remote in remotes.items():
        assert git(remote, "for-each-ref", "--format=%(refname)").split() == [f"refs/heads/site-{name}"]
        assert versions(remote, f"site-{name}") == [("2026.11.23", ["latest"])]
    done = guide(project, "publish", "--push", "--date", DAY, **named)
    assert done.returncode == 0, done.stderr
    assert "external: unchanged" in done.stdout


def test_push_without_a_remote_says_which_to_set(project):
    done = guide(project, "publish", "--push", "--date", DAY, GUIDE_REMOTE_INTERNAL="", GUIDE_REMOTE_EXTERNAL="")
    assert done.returncode == 1
    assert "GUIDE_REMOTE_EXTERNAL" in done.stderr
    assert "Traceback" not in done.stderr


def test_text_comes_into_force_on_its_day_without_a_commit(project):
    page = (project / "docs/faqs/f01-links.md").read_text()
    page = page.replace("id: F01", "id: F09").replace("valid_from: ", "valid_from: 2026-12-01 # was ")
    (project / "docs/faqs/f09-from-december.md").write_text(page)
    commit_all(project)
    done = guide(project, "publish", "--date", "2026-11-30")
    assert "external: unchanged" in done.stdout, done.stderr
    done = guide(project, "publish", "--date", "2026-12-01")
    assert done.returncode == 0, done.stderr
    assert "external: released 2026.12.01" in done.stdout
    assert git(project, "cat-file", "-e", "site-external:latest/faqs/f09-from-december/index.html") == ""
