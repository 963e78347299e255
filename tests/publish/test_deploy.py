"""Releases made for real: real git, real mike, real remotes."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from guide_cli import deploy
from guide_cli.deploy import AS_AT_PAGE, Released, Target, Tip, TipMoved, fetched, read_tip, with_retry
from guide_cli.git import GitError, Identity, Repository
from guidebook.releases import ReleaseError, next_version, write_versions

DAY = date(2026, 11, 23)
BRANCH = "site-external"
ROBOT = Identity("Guidebook", "guidebook@example.com")
AROUND = {".nojekyll", "index.html", "latest", "versions.json"}

# A publisher as a process of its own: what the command line does, from reading the tip to the release.
PUBLISHER = """
import os, sys
from datetime import date
from pathlib import Path
from guide_cli.deploy import Target, fetched, with_retry
from guide_cli.git import Identity
from guidebook.releases import next_version

remote, branch, history, site, day = sys.argv[1:]
target = Target(remote, branch, Identity("Guidebook", "guidebook@example.com"), history == "history", os.environ)

def attempt():
    with fetched(target) as branch:
        return branch.release(Path(site), next_version(date.fromisoformat(day), branch.tip.versions))

print(with_retry(attempt, 20).commit)
"""


def git(where, *arguments, **more):
    environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C"}
    done = subprocess.run(["git", "-C", where, *arguments], env=environ, capture_output=True, check=True, **more)
    return done.stdout.decode().strip()


@pytest.fixture
def remote(tmp_path):
    path = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", path)
    return path


@pytest.fixture
def target(remote, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    return Target(
        str(remote), BRANCH, ROBOT, keep_history=False, environ={"PATH": os.environ["PATH"], "HOME": str(home)}
    )


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def make_site(folder, text):
    """A site with what mike, git and file systems treat in special ways."""
    files = {
        "index.html": f"<p>{text}</p>".encode(),
        "manifest.json": json.dumps({"staged": digest(text), "files": {}}).encode(),
        "404.html": b"",
        "assets/b\u00fccher \u201cq\u201d.css": b"a\r\nb\r\n",
        "assets/picture.png": bytes(range(256)) * 40,
        "g04/index.html": b"no line end",
        ".well-known/security.txt": b"x\n",
    }
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "assets/picture.png").chmod(0o755)
    (folder / "404.html").chmod(0o600)
    return folder


@pytest.fixture
def site(tmp_path):
    return make_site(tmp_path / "site", "first")


def release(site, target, version, timeline=None):
    with fetched(target) as branch:
        return branch.release(site, version, timeline)


def publish(target, site, day=DAY):
    def attempt():
        with fetched(target) as branch:
            return branch.release(site, next_version(day, branch.tip.versions))

    return with_retry(attempt, 3)


def publish_three(target, tmp_path):
    return [
        publish(target, make_site(tmp_path / f"site{number}", f"text {number}"), day)
        for number, day in enumerate([DAY, DAY, date(2026, 12, 1)])
    ]


def branch_tree(remote, path="", branch=BRANCH):
    return git(remote, "rev-parse", f"{branch}:{path}")


def root_names(remote, branch=BRANCH):
    return set(git(remote, "ls-tree", "--name-only", branch).splitlines())


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def state(remote):
    """All refs of a remote, and that everything they reach is there and sound."""
    git(remote, "fsck", "--strict", "--no-dangling")
    return git(remote, "for-each-ref")


def spoil(remote, tmp_path, change):
    """Commit by hand on the release branch, as somebody in a hurry would."""
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--branch", BRANCH, remote, clone)
    change(clone)
    git(clone, "add", "--all")
    git(clone, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "--message=by hand")
    git(clone, "push", "--quiet", "origin", BRANCH)


def add_hook(remote, name, script):
    path = remote / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def start_publisher(remote, site, history="single", environ=None, **process):
    """Start a publisher in a process and a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, str(remote), BRANCH, history, str(site), DAY.isoformat()],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(site.parent)} | (environ or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **process,
    )


def finish(process):
    output, errors = process.communicate(timeout=50)
    assert process.returncode == 0, errors
    return output.strip()


# What a release is.


def test_a_branch_that_is_not_there_has_no_releases(target):
    assert read_tip(target) == Tip(commit=None, versions=(), staged=None)
    assert read_tip(target).last is None


def test_the_first_release(target, remote, site, tmp_path):
    released = publish(target, site)
    assert released == Released("2026.11.23", git(remote, "rev-parse", BRANCH))
    assert read_tip(target) == Tip(released.commit, ("2026.11.23",), digest("first"))
    assert read_tip(target).last == "2026.11.23"
    assert root_names(remote) == AROUND | {"2026.11.23"}
    assert git(remote, "show", f"{BRANCH}:versions.json") + "\n" == write_versions(["2026.11.23"])
    assert 'url=latest/"' in git(remote, "show", f"{BRANCH}:index.html")
    assert git(remote, "rev-list", "--parents", BRANCH) == released.commit
    assert git(remote, "for-each-ref", "--format=%(refname)") == f"refs/heads/{BRANCH}"
    assert git(remote, "cat-file", "commit", BRANCH) == (
        f"tree {branch_tree(remote)}\n"
        "author Guidebook <guidebook@example.com> 1795392000 +0000\n"
        "committer Guidebook <guidebook@example.com> 1795392000 +0000\n"
        "\nRelease 2026.11.23"
    )
    modes = {line.split()[0] for line in git(remote, "ls-tree", "-r", BRANCH).splitlines()}
    assert modes == {"100644"}


def test_a_fresh_clone_holds_what_was_released(target, remote, site, tmp_path):
    publish(target, site)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--branch", BRANCH, remote, clone)
    assert files_of(clone / "2026.11.23") == files_of(clone / "latest") == files_of(site)


def test_the_second_release_of_a_day(target, remote, tmp_path):
    publish(target, make_site(tmp_path / "one", "one"))
    first = branch_tree(remote, "2026.11.23")
    released = publish(target, make_site(tmp_path / "two", "two"))
    assert released.version == "2026.11.23.2"
    assert git(remote, "log", "-1", "--format=%s %cI", BRANCH) == "Release 2026.11.23.2 2026-11-23T00:01:00+00:00"
    assert root_names(remote) == AROUND | {"2026.11.23", "2026.11.23.2"}
    assert branch_tree(remote, "2026.11.23") == first != branch_tree(remote, "2026.11.23.2")
    assert branch_tree(remote, "latest") == branch_tree(remote, "2026.11.23.2")
    assert git(remote, "show", f"{BRANCH}:versions.json") + "\n" == write_versions(["2026.11.23.2", "2026.11.23"])
    assert read_tip(target).staged == digest("two")


def test_without_history_the_branch_is_one_commit_that_holds_all_releases(target, remote, tmp_path):
    released = publish_three(target, tmp_path)
    assert git(remote, "rev-list", "--parents", BRANCH) == released[-1].commit
    assert root_names(remote) == AROUND | {"2026.11.23", "2026.11.23.2", "2026.12.01"}
    for number, one in enumerate(released):
        assert f"text {number}" in git(remote, "show", f"{BRANCH}:{one.version}/index.html")


def test_with_history_each_release_is_one_commit_on_the_one_before(target, remote, tmp_path):
    released = publish_three(replace(target, keep_history=True), tmp_path)
    log = git(remote, "log", "--format=%H %P %s", BRANCH).splitlines()
    one, two, three = (item.commit for item in released)
    assert log == [
        f"{three} {two} Release 2026.12.01",
        f"{two} {one} Release 2026.11.23.2",
        f"{one}  Release 2026.11.23",
    ]
    assert root_names(remote) == AROUND | {"2026.11.23", "2026.11.23.2", "2026.12.01"}


def test_what_stands_beside_the_releases_is_written_with_them_and_kept(target, remote, tmp_path):
    for number, name in enumerate(("2026.11.23", "2026.11.23.2")):
        release(make_site(tmp_path / name, name), target, name, f"list {number}\n".encode())
        assert root_names(remote) == AROUND | {"2026.11.23", name, "releases.json", "as-at"}
        assert read_tip(target).timeline == f"list {number}\n".encode()
    assert read_tip(target).past().timeline == b"list 1\n"
    publish(target, make_site(tmp_path / "more", "more"))
    assert read_tip(target).timeline == b"list 1\n", "a release without a list leaves the one before"
    assert git(remote, "ls-tree", "-r", "--name-only", BRANCH, "as-at/") == "as-at/index.html"
    assert git(remote, "show", f"{BRANCH}:as-at/index.html").encode() + b"\n" == AS_AT_PAGE
    modes = {line.split()[0] for line in git(remote, "ls-tree", "-r", BRANCH).splitlines()}
    assert modes == {"100644"}


def test_editions_on_one_remote_do_not_know_of_each_other(target, remote, site):
    publish(target, site)
    before = git(remote, "rev-parse", BRANCH)
    internal = replace(target, branch="site-internal", keep_history=True)
    assert publish(internal, site, date(2026, 11, 1)).version == "2026.11.01"
    assert git(remote, "rev-parse", BRANCH) == before


# The same input gives the same commit.


@pytest.mark.parametrize("history", ["single", "history"])
def test_the_same_site_gives_the_same_commit_whatever_surrounds_it(target, site, tmp_path, history):
    home = tmp_path / "strange home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[core]\nautocrlf = true\nabbrev = 4\n[i18n]\ncommitEncoding = latin1\n[init]\ndefaultBranch = release\n"
        "[commit]\ngpgSign = true\n[user]\nname = Somebody\nemail = s@example.com\n[safe]\nbareRepository = explicit\n"
    )
    (home / ".config/git").mkdir(parents=True)
    (home / ".config/git/attributes").write_text("* text\n")
    source = tmp_path / "source"
    git(tmp_path, "init", "--quiet", source)
    surroundings = [
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LANG": "de_DE.UTF-8", "HOME": str(home)},
        {
            "PYTHONHASHSEED": "77",
            "TZ": "America/New_York",
            "LC_ALL": "POSIX",
            "GIT_DIR": str(source / ".git"),
            "GIT_WORK_TREE": str(source),
            "GIT_INDEX_FILE": str(source / "index"),
            "GIT_COMMITTER_NAME": "Somebody",
            "GIT_AUTHOR_DATE": "2001-01-01T00:00:00",
            "GIT_COMMITTER_DATE": "2001-01-01T00:00:00",
            "GIT_DEFAULT_HASH": "sha256",
        },
    ]
    second = make_site(tmp_path / "second", "second")
    processes = []
    for number, environ in enumerate(surroundings):
        remote = tmp_path / f"remote{number}.git"
        git(tmp_path, "init", "--quiet", "--bare", remote)
        publish(replace(target, remote=str(remote), keep_history=history == "history"), site)
        place = {"umask": [0o022, 0o077, 0][number], "cwd": [None, "/", source][number]}
        processes.append(start_publisher(remote, second, history, environ, **place))
    assert len({finish(process) for process in processes}) == 1
    assert git(source, "for-each-ref") == ""
    assert not (source / "index").exists()


def test_a_release_leaves_the_process_as_it_was(target, site, monkeypatch):
    before = dict(os.environ), Path.cwd()
    publish(target, site)
    assert (dict(os.environ), Path.cwd()) == before
    monkeypatch.setattr(deploy.commands, "set_default", lambda *_, **__: os.environ["NO SUCH NAME"])
    with pytest.raises(KeyError):
        publish(target, site)
    assert (dict(os.environ), Path.cwd()) == before


# Nothing is lost.


def test_a_tip_that_moved_before_the_release_is_kept(target, remote, site, tmp_path):
    with fetched(target) as branch:
        publish(target, make_site(tmp_path / "other", "other"))
        before = state(remote)
        with pytest.raises(TipMoved):
            branch.release(site, "2026.11.23")
        assert state(remote) == before
    with fetched(target) as branch:
        publish(target, make_site(tmp_path / "third", "third"))
        with pytest.raises(TipMoved):
            branch.release(site, "2026.11.23.2")
    assert publish(target, site).version == "2026.11.23.3"


@pytest.mark.parametrize("keep_history", [True, False])
@pytest.mark.parametrize("earlier", [0, 1])
def test_a_tip_that_moves_just_before_the_push_is_kept(target, tmp_path, monkeypatch, keep_history, earlier):
    site = make_site(tmp_path / "site", "first")
    target = replace(target, keep_history=keep_history)
    for number in range(earlier):
        publish(target, make_site(tmp_path / f"earlier{number}", "earlier"))
    push = Repository.push

    def push_late(*arguments):
        monkeypatch.setattr(Repository, "push", push)
        publish(target, make_site(tmp_path / "other", "other"))
        return push(*arguments)

    with fetched(target) as branch:
        monkeypatch.setattr(Repository, "push", push_late)
        with pytest.raises(TipMoved, match="moved from"):
            branch.release(site, next_version(DAY, branch.tip.versions))
    assert read_tip(target).staged == digest("other")
    assert len(read_tip(target).versions) == earlier + 1

    monkeypatch.setattr(Repository, "push", push_late)
    assert publish(target, site).version == f"2026.11.23.{earlier + 3}"
    assert read_tip(target).staged == digest("first")
    assert len(read_tip(target).versions) == earlier + 3


@pytest.mark.parametrize("history", ["single", "history"])
def test_publishers_at_the_same_time_are_all_released(target, remote, tmp_path, history):
    texts = [f"publisher {number}" for number in range(4)]
    sites = [make_site(tmp_path / text, text) for text in texts]
    for process in [start_publisher(remote, site, history=history) for site in sites]:
        finish(process)
    versions = read_tip(target).versions
    assert versions == ("2026.11.23.4", "2026.11.23.3", "2026.11.23.2", "2026.11.23")
    shown = [git(remote, "show", f"{BRANCH}:{version}/index.html") for version in versions]
    assert sorted(shown) == [f"<p>{text}</p>" for text in texts]
    assert git(remote, "rev-list", "--count", BRANCH) == ("1" if history == "single" else "4")
    state(remote)


def test_a_release_on_top_of_ours_before_the_tip_is_read_back_is_no_loss(target, remote, site):
    add_hook(
        remote,
        "post-receive",
        f"export GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@x GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@x\n"
        f"git update-ref refs/heads/{BRANCH} $(git commit-tree {BRANCH}^{{tree}} -m other)",
    )
    released = publish(target, site)
    assert released == Released("2026.11.23", git(remote, "rev-parse", BRANCH))
    assert git(remote, "log", "-1", "--format=%s", BRANCH) == "other"


def test_a_push_that_the_remote_takes_and_undoes_is_an_error(target, remote, site):
    add_hook(remote, "post-receive", f"git update-ref -d refs/heads/{BRANCH}")
    with pytest.raises(GitError, match="took the push but is still at None"):
        publish(target, site)


def test_a_tip_that_never_rests_ends_after_so_many_tries():
    tries = []

    def attempt():
        tries.append(1)
        raise TipMoved

    with pytest.raises(TipMoved):
        with_retry(attempt, 3)
    assert len(tries) == 3


# Killed at any point, the remote is as it was or holds the release whole.


def kill_at(tmp_path, number):
    """A `git` that ends whoever calls it for the n-th time, before it does what it was asked to."""
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    folder = tmp_path / f"kill {number}"
    folder.mkdir()
    program = folder / "git"
    program.write_text(
        f'#!/bin/sh\nn=1\nwhile [ -d "{folder}" ] && ! mkdir "{folder}/call $n" 2>/dev/null; do n=$((n + 1)); done\n'
        f'[ $n -eq {number} ] && kill -9 $PPID\nexec {real} "$@"\n'
    )
    program.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def test_a_publisher_killed_at_any_call_of_git_leaves_no_half_release(target, remote, site, tmp_path):
    publish(target, site)
    second = make_site(tmp_path / "second", "second")
    whole = tmp_path / "whole.git"
    git(tmp_path, "clone", "--quiet", "--mirror", remote, whole)
    done = finish(start_publisher(whole, second, environ=kill_at(tmp_path, 0)))
    before, after = (git(path, "rev-parse", BRANCH) for path in (remote, whole))
    assert after == done
    total = len(list((tmp_path / "kill 0").glob("call *")))
    assert total > 20

    def kill(number):
        copy = tmp_path / f"{number}.git"
        git(tmp_path, "clone", "--quiet", "--mirror", remote, copy)
        process = start_publisher(copy, second, environ=kill_at(tmp_path, number))
        process.communicate(timeout=50)
        assert process.returncode == -signal.SIGKILL, number
        assert git(copy, "rev-parse", BRANCH) in {before, after}
        time.sleep(0.2)  # what it had started may still be running
        state(copy)
        assert git(copy, "rev-parse", BRANCH) in {before, after}
        tip = read_tip(replace(target, remote=str(copy)))
        return tip.commit == after or tip == read_tip(target)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(kill, [*range(1, total - 4, 4), *range(total - 4, total + 1)]))  # the push is near the end


@pytest.mark.parametrize(
    ("hook", "arrives"), [("pre-receive", False), ("update", False), ("post-update", True), ("post-receive", True)]
)
def test_a_publisher_killed_while_the_remote_takes_the_push(target, remote, tmp_path, hook, arrives):
    publish(target, make_site(tmp_path / "first", "first"))
    before = git(remote, "rev-parse", BRANCH)
    second = make_site(tmp_path / "second", "second")
    path = add_hook(remote, hook, "kill -9 -$(ps -o pgid= -p $$ | tr -d ' ')")
    process = start_publisher(remote, second)
    process.communicate(timeout=50)
    assert process.returncode == -signal.SIGKILL
    assert (git(remote, "rev-parse", BRANCH) != before) is arrives
    state(remote)
    path.unlink()
    if arrives:
        assert read_tip(target).staged == digest("second")
    else:
        assert publish(target, second).version == "2026.11.23.2"


# Refusals.


def write_versions_file(text):
    return lambda clone: (clone / "versions.json").write_text(text)


def swap_latest(clone):
    (clone / "latest/index.html").write_text("by hand")


def link_latest(clone):
    subprocess.run(["rm", "-r", clone / "latest"], check=True)
    (clone / "latest").symlink_to("2026.11.23")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda clone: (clone / "versions.json").unlink(), "expected versions.json at its root, found none"),
        (write_versions_file(""), "versions.json: expected JSON"),
        (write_versions_file("{}"), "versions.json: expected a list of at least one release, found {}"),
        (write_versions_file("[]"), "versions.json: expected a list of at least one release, found []"),
        (write_versions_file("\ufeff[]"), "versions.json: expected JSON"),
        (write_versions_file(write_versions(["2026.11.24", "2026.11.23"])), "found a difference in '2026.11.24'"),
        (write_versions_file(write_versions(["2026.11.22"])), "found a difference in '2026.11.22', '2026.11.23'"),
        (lambda clone: (clone / "notes.txt").write_text("x"), "found a difference in 'notes.txt'"),
        (lambda clone: (clone / "index.html").unlink(), "found a difference in 'index.html'"),
        (lambda clone: (clone / ".nojekyll").chmod(0o755), "found a difference in '.nojekyll'"),
        (lambda clone: (clone / "as-at").write_text("x"), "found a difference in 'as-at'"),
        (lambda clone: make_site(clone / "releases.json", "x"), "found a difference in 'releases.json'"),
        (link_latest, "found a difference in 'latest'"),
        (swap_latest, "expected latest to be a copy of 2026.11.23"),
    ],
)
def test_a_branch_that_no_release_left_so_is_refused(target, site, tmp_path, change, message):
    remote = target.remote
    publish(target, site)
    spoil(remote, tmp_path, change)
    before = state(remote)
    for act in (lambda: read_tip(target), lambda: release(site, target, "2026.11.23")):
        with pytest.raises(ReleaseError) as caught:
            act()
        assert str(caught.value).startswith(f"branch {BRANCH} of {remote}")
        assert message in str(caught.value)
    assert state(remote) == before


def test_a_release_without_its_manifest_is_refused(target, remote, site, tmp_path):
    publish(target, site)
    spoil(
        remote,
        tmp_path,
        lambda clone: [(clone / f"{folder}/manifest.json").write_text("{}") for folder in ("2026.11.23", "latest")],
    )
    with pytest.raises(ReleaseError, match=r"2026\.11\.23/manifest\.json: expected an object with \"staged\""):
        read_tip(target)


def test_a_branch_of_something_else_is_refused(target, remote, source, site):
    git(remote, "fetch", "--quiet", source, f"main:{BRANCH}")
    with pytest.raises(ReleaseError, match="name another branch if this one is not for releases"):
        publish(target, site)


@pytest.mark.parametrize(
    "version",
    [".git", "index.html", "latest", "versions.json", "..", "a/b", "2026.11.23.1", "2026.11.23.2", "2026.02.30", ""],
)
def test_a_release_of_any_other_name_is_impossible(target, remote, site, version):
    with pytest.raises(ReleaseError, match=r"^release: expected"):
        release(site, target, version)
    assert state(remote) == ""


def test_a_release_older_than_the_newest_is_impossible(target, remote, site):
    publish(target, site)
    before = state(remote)
    with pytest.raises(ReleaseError, match=r"on or after the newest release, 2026\.11\.23"):
        publish(target, site, date(2026, 11, 22))
    with pytest.raises(ReleaseError, match=r"expected 2026\.11\.23\.2, found 2026\.11\.23;"):
        release(site, target, "2026.11.23")
    assert state(remote) == before


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (lambda site: (site / "passwd").symlink_to("/etc/passwd"), "found 'passwd'"),
        (lambda site: (site / "assets/up").symlink_to(".."), "found 'assets/up'"),
        (lambda site: os.mkfifo(site / "pipe"), "found 'pipe'"),
        (lambda site: (site / "two\nlines").write_text("x"), r"found 'two\nlines'"),
        (lambda site: (site / os.fsdecode(b"latin\xfc")).write_text("x"), "found 'latin"),
        (lambda site: (site / ".git").write_text("x"), ".git"),
        (lambda site: make_site(site / "g04/.GIT", "x"), ".GIT"),
        (lambda site: (site / "git~1").write_text("x"), "git~1"),
        (lambda site: (site / "manifest.json").unlink(), 'site, manifest.json: expected an object with "staged"'),
    ],
)
def test_a_site_that_git_or_a_reader_could_not_hold_is_refused(target, remote, site, add, message):
    add(site)
    with pytest.raises((ReleaseError, GitError)) as caught:
        publish(target, site)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert state(remote) == ""


def test_what_mike_made_is_compared_with_what_it_should_be(target, remote, site, tmp_path, monkeypatch):
    release(site, target, "2026.11.23", b"{}\n")
    before = state(remote)
    real = deploy.commands.set_default

    def after_mike(path, data, mode=0o100644):
        def set_default(*arguments, **more):
            real(*arguments, **more)
            with deploy.git_utils.Commit("release", "x", allow_empty=True) as commit:
                commit.delete_files([path]) if data is None else commit.add_file(
                    deploy.git_utils.FileInfo(path, data, mode)
                )

        return set_default

    for path, data, mode in [
        ("2026.11.23/index.html", "another", 0o100644),  # an old release
        ("2026.11.23.2/index.html", "another", 0o100644),
        ("2026.11.23.2/g04/index.html", "no line end", 0o100755),
        ("2026.11.23.2/more.html", "x", 0o100644),
        ("latest/404.html", None, 0),
        ("versions.json", "[]", 0o100644),
        (".nojekyll", None, 0),
        ("index.html", None, 0),
        ("more.html", "x", 0o100644),
        ("2026.11.23", None, 0),
        ("releases.json", None, 0),
        ("releases.json", "{}", 0o100644),
        ("as-at/index.html", "another", 0o100644),
        ("as-at", None, 0),
    ]:
        monkeypatch.setattr(deploy.commands, "set_default", after_mike(path, data, mode))
        with pytest.raises(ReleaseError, match=f"another content of .*'{path.split('/')[0]}'"):
            release(site, target, "2026.11.23.2")
        assert state(remote) == before


def test_an_error_of_mike_is_one_line(target, site, monkeypatch):
    def fail(*_, **__):
        raise deploy.git_utils.GitError("error writing commit", "fatal: one\nfatal: two\n")

    monkeypatch.setattr(deploy.commands, "set_default", fail)
    with pytest.raises(GitError, match=r"^mike: error writing commit: fatal: one fatal: two$"):
        publish(target, site)


def test_a_push_that_a_hook_refuses_changes_nothing_and_the_next_try_works(target, remote, site, tmp_path):
    publish(target, make_site(tmp_path / "earlier", "earlier"))
    before = state(remote)
    hook = add_hook(remote, "pre-receive", "echo 'branch is frozen until Monday' >&2; exit 1")
    with pytest.raises(GitError) as caught:
        publish(target, site)
    assert str(caught.value).startswith(f"branch {BRANCH} of {remote} refused the release and is unchanged: ")
    assert "branch is frozen until Monday" in str(caught.value)
    assert "pre-receive hook declined" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert state(remote) == before
    hook.unlink()
    assert publish(target, site).version == "2026.11.23.2"


def test_a_lock_that_a_crash_left_behind_is_named(target, remote, site):
    publish(target, site)
    lock = remote / f"refs/heads/{BRANCH}.lock"
    lock.touch()
    with pytest.raises(TipMoved, match=r"is locked: .*File exists"):
        release(site, target, "2026.11.23.2")
    lock.unlink()
    assert publish(target, site).version == "2026.11.23.2"


def test_a_remote_that_is_not_there_is_an_error_without_credentials(target, site):
    for url in ("https://robot:secret@localhost:1/x.git", "/nonexistent/x.git", "origin"):
        with pytest.raises(GitError) as caught:
            publish(replace(target, remote=url), site)
        assert "secret" not in str(caught.value)
        assert "\n" not in str(caught.value)
    assert "secret" not in str(replace(target, remote="https://robot:secret@localhost:1/x.git"))
    assert "PATH" not in repr(target)


def test_how_a_person_reaches_the_remote_applies(target, remote, site):
    home = Path(target.environ["HOME"])
    (home / ".gitconfig").write_text(f'[url "{remote.parent}/"]\ninsteadOf = company:\n')
    from_file = replace(target, remote="company:remote.git")
    assert publish(from_file, site).version == "2026.11.23"
    (home / ".gitconfig").unlink()
    variables = {"COUNT": "1", "KEY_0": f"url.{remote.parent}/.insteadOf", "VALUE_0": "company:"}
    environ = target.environ | {f"GIT_CONFIG_{name}": value for name, value in variables.items()}
    assert publish(replace(from_file, environ=environ), site).version == "2026.11.23.2"
    with pytest.raises(GitError):
        publish(from_file, site)


# Releases in the repository that the source is in.


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", path)
    (path / ".gitignore").write_text("ignored\n")
    (path / "folder").mkdir()
    (path / "folder/page.md").write_text("text\n")
    git(path, "add", "--all")
    git(path, "-c", "user.name=A", "-c", "user.email=a@x", "commit", "--quiet", "--message=source")
    return path


def test_a_release_into_the_source_repository_touches_only_its_branch(target, source, site, monkeypatch):
    monkeypatch.chdir(source)
    main = git(source, "rev-parse", "main")
    (source / "folder/page.md").write_text("unsaved work\n")
    status = git(source, "status", "--porcelain=v2", "--branch")
    released = publish(replace(target, remote="."), site)
    assert git(source, "rev-parse", BRANCH, "main").split() == [released.commit, main]
    assert git(source, "status", "--porcelain=v2", "--branch") == status


def test_a_branch_that_is_checked_out_is_refused_with_a_way_out(target, source, site):
    target = replace(target, remote=str(source))
    publish(target, site)
    git(source, "switch", "--quiet", BRANCH)
    before = state(source)
    with pytest.raises(GitError, match=r"is checked out there; run `git switch` to another branch"):
        publish(target, site)
    assert state(source) == before
    git(source, "switch", "--quiet", "main")
    assert publish(target, site).version == "2026.11.23.2"


def test_a_release_from_and_to_a_shallow_clone(target, remote, source, site, tmp_path):
    git(source, "-c", "user.name=A", "-c", "user.email=a@x", "commit", "--allow-empty", "--quiet", "--message=more")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{source}", shallow)
    target = replace(target, remote=str(shallow), keep_history=True)
    publish(target, site)
    assert publish(target, site).version == "2026.11.23.2"
    assert git(shallow, "rev-list", "--count", BRANCH) == "2"


def test_the_state_of_a_working_tree(source, target):
    repository = Repository(source / "folder", target.environ)
    (source / "ignored").write_text("x")
    assert repository.changes() == ()
    (source / "folder/page.md").write_text("changed\n")
    (source / "new folder").mkdir()
    (source / "new folder/\u00fc\n.md").write_text("x")
    git(source, "rm", "--cached", "--quiet", "folder/page.md")
    assert repository.changes() == ("folder/page.md", "new folder/\u00fc\n.md")


def test_a_tip_is_fetched_without_its_history(source, target, tmp_path):
    git(source, "-c", "user.name=A", "-c", "user.email=a@x", "commit", "--allow-empty", "--quiet", "--message=more")
    scratch = Repository.create(tmp_path / "scratch", target.environ)
    assert scratch.fetch(str(source), "main") == git(source, "rev-parse", "main")
    assert git(scratch.path, "rev-list", "--count", "FETCH_HEAD") == "1"


def test_git_says_in_one_line_what_is_missing(tmp_path, target):
    for environ in (target.environ, {"PATH": "/nonexistent"}):
        with pytest.raises(GitError) as caught:
            Repository(tmp_path / "nowhere", environ).changes()
        assert "\n" not in str(caught.value)
