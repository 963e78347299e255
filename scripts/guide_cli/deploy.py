"""Commits a built site as a release on its edition's own branch: the only module that runs mike.

A branch is fetched once into a scratch repository. A release is made there, pushed only if the tip has not moved, and
read back.
Whatever happens in between, the remote holds the release whole or is as it was. Dates come from the release's name,
so the same site on the same tip makes the same commit, to the byte, on every machine.

The errors: `ReleaseError` for releases, sites and branches that are not as they must be, `GitError` for git, mike and
the remote, and `TipMoved` for somebody who was faster: start over from `fetched`, see `with_retry`.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from guidebook.history import Past
from guidebook.releases import (
    CATALOG_FILE,
    LATEST,
    MANIFEST_FILE,
    VERSIONS_FILE,
    ReleaseError,
    Version,
    next_version,
    read_versions,
    staged_digest,
    write_versions,
)
from guidebook.timeline import FILE as TIMELINE_FILE
from mike import commands, git_utils

from guide_cli.git import (
    Entry,
    GitError,
    Identity,
    Repository,
    commit_environment,
    no_settings,
    without_credentials,
)

_BRANCH = "release"  # in the scratch repository, whatever the remote's branch is called
_INDEX = "index.html"
_NO_JEKYLL = ".nojekyll"
_FILE = "100644"
_FOLDER = "040000"
# What stands at the root beside the releases, about all of them: the timeline, and the permanent address of its page.
AS_AT = "as-at"
AS_AT_PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>As at a date</title>
<script>location.replace("../latest/as-at/" + location.search + location.hash)</script>
<noscript><meta http-equiv="refresh" content="0; url=../latest/as-at/"></noscript>
</head>
<body><p><a href="../latest/as-at/">As at a date</a></p></body>
</html>
"""
_BESIDE = {TIMELINE_FILE: _FILE, AS_AT: _FOLDER}
_ALSO = ", ".join(_BESIDE)

T = TypeVar("T")


class TipMoved(Exception):  # noqa: N818  # not a fault: the reason to start over
    """The remote's tip is not, or no longer, the one that the release was made for."""


@dataclass(frozen=True)
class Target:
    """Where an edition's releases are kept, and how they are committed there."""

    remote: str  # a path of a repository on this machine, or any URL that git understands
    branch: str
    identity: Identity
    keep_history: bool  # False: the branch is always a single commit, so that what is removed is gone
    environ: Mapping[str, str] = field(repr=False)  # what programs inherit; may hold secrets

    @property
    def url(self) -> str:
        """Name the remote from anywhere: git runs in a scratch repository, where `.` would be that."""
        is_path = "://" not in self.remote and Path(self.remote).exists()
        return str(Path(self.remote).absolute()) if is_path else self.remote

    def __str__(self) -> str:
        return f"branch {self.branch} of {without_credentials(self.remote)}"


@dataclass(frozen=True)
class Tip:
    """The releases of a branch, as they stand at its tip."""

    commit: str | None = None  # None: there is no such branch, and so no release yet
    versions: tuple[str, ...] = ()  # newest first
    staged: str | None = None  # the SHA-256 of what the newest release was built from
    catalog: bytes | None = field(default=None, repr=False)  # the newest release as data, if it carries that
    timeline: bytes | None = field(default=None, repr=False)  # what stands beside the releases about all of them

    @property
    def last(self) -> str | None:
        """Name the newest release."""
        return self.versions[0] if self.versions else None

    def past(self) -> Past:
        """Return what a next release builds on."""
        return Past(self.last, self.catalog, self.timeline)


@dataclass(frozen=True)
class Released:
    """A release that the remote holds."""

    version: str
    commit: str  # the remote's tip as read back


class Branch:
    """The release branch of an edition as it was fetched: its `tip`, and the way to add a release on top of that."""

    def __init__(self, target: Target, repository: Repository, tip: Tip, folder: Path) -> None:
        self.target = target
        self.tip = tip
        self._repository = repository
        self._folder = folder  # room for one release

    def release(self, site: Path, version: str, timeline: bytes | None = None) -> Released:
        """Publish the built `site` as release `version`, and return what is there now; call it once.

        `timeline` is what stands beside the releases from now on, `releases.json`; without it, what stood there stays.
        The version must be the next one of its day. When this raises, the remote's branch is as it was, except that a
        `GitError` may also mean that the line broke after the push: running it all again finds out.
        """
        target, tip, repository = self.target, self.tip, self._repository
        expected = next_version(Version.parse(version).day, tip.versions)
        if version != expected:
            raise ReleaseError("release", expected=expected, found=version, mend="take the name from next_version")
        this = Version.parse(version)
        snapshot = _snapshot(site, self._folder)
        content = Entry(_FOLDER, repository.write_tree(snapshot))
        _run_mike(repository, target, snapshot, this)
        _verify(repository, tip, version, content)
        parent = tip.commit if target.keep_history else None
        beside = {TIMELINE_FILE: timeline, f"{AS_AT}/{_INDEX}": AS_AT_PAGE} if timeline is not None else {}
        whole = repository.edited(_BRANCH, beside) if beside else repository.tree(_BRANCH)
        commit = repository.commit(whole, parent, _message(this), target.identity, this.moment)
        refusal = repository.push(target.url, target.branch, commit, tip.commit)
        there = repository.remote_tip(target.url, target.branch)
        if there != commit and not _holds(repository, target, there, version, content):
            raise lost(target, tip, there, refusal)
        return Released(version, there or commit)

    def manifests(self) -> dict[str, bytes]:
        """Read the manifest of each release, the newest first."""
        commit = str(self.tip.commit)
        return {name: self._repository.read(commit, f"{name}/{MANIFEST_FILE}") for name in self.tip.versions}


@contextlib.contextmanager
def fetched(target: Target) -> Iterator[Branch]:
    """Fetch a release branch, and refuse one that is not as releases leave it; what was fetched lasts for the block."""
    with tempfile.TemporaryDirectory(prefix="guide-release-") as name:
        folder = Path(name)
        repository = Repository.create(folder / "repository", target.environ)
        yield Branch(target, repository, _fetch(repository, target), folder / "site")


def read_tip(target: Target) -> Tip:
    """Read the releases of a branch, and refuse one that is not as releases leave it."""
    with fetched(target) as branch:
        return branch.tip


def with_retry(attempt: Callable[[], T], tries: int) -> T:
    """Run an attempt that reads the tip, builds and releases, at most `tries` times while the tip moves.

    The last `TipMoved` is passed on.
    """
    for _ in range(1, tries):
        with contextlib.suppress(TipMoved):
            return attempt()
    return attempt()


def _fetch(repository: Repository, target: Target) -> Tip:
    """Fetch the remote's tip, as `_BRANCH`, and check all of it that the next release builds on."""
    if repository.remote_tip(target.url, target.branch) is None:
        return Tip()
    commit = repository.fetch(target.url, target.branch)
    repository.set_branch(_BRANCH, commit)
    entries = repository.entries(commit)
    if VERSIONS_FILE not in entries:
        raise ReleaseError(
            str(target),
            expected=f"{VERSIONS_FILE} at its root",
            found="none",
            mend="restore the file, or name another branch if this one is not for releases",
        )
    versions = read_versions(_decode(repository.read(commit, VERSIONS_FILE)), f"{target}, {VERSIONS_FILE}")
    modes = dict.fromkeys((*versions, LATEST), _FOLDER) | dict.fromkeys((VERSIONS_FILE, _INDEX, _NO_JEKYLL), _FILE)
    modes |= {name: mode for name, mode in _BESIDE.items() if name in entries}
    wrong = sorted(name for name in modes | entries if name not in entries or modes.get(name) != entries[name].mode)
    if wrong:
        raise ReleaseError(
            str(target),
            expected=f"at its root {VERSIONS_FILE}, {_INDEX}, {_NO_JEKYLL}, {_ALSO}, {LATEST}, its releases",
            found=f"a difference in {', '.join(map(ascii, wrong))}",
            mend="take out what no release put there, and restore what is missing",
        )
    last = versions[0]
    if entries[LATEST] != entries[last]:
        raise ReleaseError(
            str(target), expected=f"{LATEST} to be a copy of {last}", found="other files", mend="copy the release there"
        )
    manifest = _decode(repository.read(commit, f"{last}/{MANIFEST_FILE}"))
    has_catalog = CATALOG_FILE in repository.entries(f"{commit}:{last}")
    catalog = repository.read(commit, f"{last}/{CATALOG_FILE}") if has_catalog else None
    timeline = repository.read(commit, TIMELINE_FILE) if TIMELINE_FILE in entries else None
    return Tip(commit, versions, staged_digest(manifest, f"{target}, {last}/{MANIFEST_FILE}"), catalog, timeline)


def _snapshot(site: Path, copy: Path) -> Path:
    """Copy the site as it is now, so that what is verified is what is committed; file modes do not count."""
    for path in site.rglob("*"):
        if path.is_symlink() or not (path.is_file() or path.is_dir()) or not path.name.isprintable():
            raise ReleaseError(
                "site",
                expected="only folders and regular files, with names in printable characters",
                found=ascii(str(path.relative_to(site))),
                mend="take it out and build again",
            )
    shutil.copytree(site, copy, copy_function=shutil.copyfile)
    manifest = copy / MANIFEST_FILE
    staged_digest(_decode(manifest.read_bytes()) if manifest.is_file() else "", f"site, {MANIFEST_FILE}")
    return copy


def _run_mike(repository: Repository, target: Target, site: Path, version: Version) -> None:
    """Let mike commit the site, its copy as `latest`, the list of versions and the redirect at the root."""
    environ = no_settings(target.environ) | commit_environment(target.identity, version.moment)
    # mike's own message names the commit of the source, and a commit that changes nothing is an error to it.
    how = {"branch": _BRANCH, "message": _message(version), "allow_empty": True}
    copy = {"update_aliases": True, "alias_type": commands.AliasType.copy}
    try:
        with _standing_in(repository.path, environ):
            with commands.deploy({"site_dir": str(site)}, str(version), aliases=[LATEST], **copy, **how):
                pass  # here mike would build
            commands.set_default(LATEST, **how)
    except (git_utils.GitError, ValueError) as error:
        raise GitError(f"mike: {' '.join(str(error).split())}") from error


@contextlib.contextmanager
def _standing_in(folder: Path, environ: Mapping[str, str]) -> Iterator[None]:
    """Run what follows in a folder and with an environment: mike takes both from the process, so one at a time."""
    before = dict(os.environ)
    with contextlib.chdir(folder):
        try:
            os.environ.clear()
            os.environ.update(environ)
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _verify(repository: Repository, tip: Tip, version: str, content: Entry) -> None:
    """Compare what mike made with what it has to be: the new release is the site, and no other release changed."""
    before = repository.entries(tip.commit) if tip.commit else {}
    expected = {name: before[name] for name in (*tip.versions, *_BESIDE) if name in before} | {
        version: content,
        LATEST: content,
        VERSIONS_FILE: Entry(_FILE, repository.write_blob(write_versions((version, *tip.versions)).encode())),
        _NO_JEKYLL: Entry(_FILE, repository.write_blob(b"")),
    }
    made = repository.entries(_BRANCH)
    index = made.pop(_INDEX, None)  # mike's own template
    if made != expected or index is None or index.mode != _FILE:
        wrong = sorted(name for name in made | expected if made.get(name) != expected.get(name)) or [_INDEX]
        raise ReleaseError(
            f"release {version} as mike made it",
            expected="the built site, its copy, and every other release unchanged",
            found=f"another content of {', '.join(map(ascii, wrong))}",
            mend="nothing was pushed; compare the version of mike with the lock",
        )


def _holds(repository: Repository, target: Target, there: str | None, version: str, content: Entry) -> bool:
    """Say whether somebody released on top of ours, or the very same, before the tip was read back."""
    if there is None:
        return False
    return repository.entries(repository.fetch(target.url, target.branch)).get(version) == content


def lost(target: Target, tip: Tip, there: str | None, refusal: str | None) -> Exception:
    """Say why the remote does not hold the release: only somebody else's push is worth another attempt."""
    if there != tip.commit:
        return TipMoved(f"{target} moved from {tip.commit} to {there} during the release")
    if refusal is None:
        return GitError(f"{target} took the push but is still at {there}; look at the hooks of the remote")
    if "currently checked out" in refusal:
        return GitError(f"{target} is checked out there; run `git switch` to another branch there and publish again")
    if "cannot lock ref" in refusal:  # somebody is pushing at this very moment
        return TipMoved(f"{target} is locked: {refusal}")
    return GitError(f"{target} refused the release and is unchanged: {refusal}")


def _message(version: Version) -> str:
    return f"Release {version}"


def _decode(data: bytes) -> str:
    """Decode what must be UTF-8; what is not is seen by whoever reads the text."""
    return data.decode(errors="replace")
