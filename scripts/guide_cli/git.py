"""Runs git: the only module that does, and it knows nothing about releases.

There are two environments. What happens inside a scratch repository reads nobody's settings, so that the same input
makes the same objects everywhere. Talking to a remote, and looking at a person's own working tree, uses that person's
settings, because credential helpers, proxies, safe directories and ignore files are among them. Git never prompts.
"""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

# What may be inherited of git's own variables. Everything else (GIT_DIR in a hook, GIT_INDEX_FILE, GIT_COMMITTER_DATE,
# GIT_DEFAULT_HASH, ...) would redirect a command or change its result.
_INSTALLED = ("GIT_EXEC_PATH",)
_HOW_TO_CONNECT = (
    "GIT_ALLOW_PROTOCOL",
    "GIT_ASKPASS",
    "GIT_CONFIG",
    "GIT_CURL_",
    "GIT_HTTP_",
    "GIT_PROTOCOL_FROM_USER",
    "GIT_PROXY_",
    "GIT_SSH",
    "GIT_SSL_",
    "GIT_TRACE",
)
# Who the person is, for a commit in their own working tree.
_WHO = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
# No collection in the background: it would write into a scratch repository that is being deleted. The last two refuse
# the names that become `.git` on somebody's macOS or Windows.
_ALWAYS = ("gc.auto=0", "maintenance.auto=false", "core.protectHFS=true", "core.protectNTFS=true")
_COMMAND = ("git", *(word for setting in _ALWAYS for word in ("-c", setting)))
_FILE = "100644"
_CHATTER = ("To ", "hint:", "error: failed to push some refs")


class GitError(Exception):
    """A git command failed; the message is one line, without credentials."""


@dataclass(frozen=True)
class Identity:
    """Who a commit says made it."""

    name: str
    email: str


class Entry(NamedTuple):
    """What a tree holds under one name: the mode in octal as git writes it, and the object's id."""

    mode: str
    oid: str


def persons_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Take `environ` without what redirects git; the person's git settings apply."""
    return _without_git(environ, (*_INSTALLED, *_HOW_TO_CONNECT))


def no_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Take `environ` without anything that changes what git does: the same for everyone."""
    nowhere = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_ATTR_NOSYSTEM": "1"}
    return _without_git(environ, _INSTALLED) | nowhere


class Repository:
    """One repository on this machine. Every method may raise `GitError`; an `oid` is a full object id in hex."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self.path = path
        self._person = persons_settings(environ)
        self._who = {name: value for name, value in environ.items() if name in _WHO}
        self._nobody = no_settings(environ)

    @classmethod
    def create(cls, path: Path, environ: Mapping[str, str]) -> "Repository":
        """Make a scratch repository at `path`, without hooks and with no branch called as a caller would."""
        repository = cls(path, environ)
        path.mkdir(parents=True, exist_ok=True)
        repository._run("init", "--quiet", "--template=", "--initial-branch=unused")
        return repository

    # The working tree of a person.

    def changes(self) -> tuple[str, ...]:
        """List the paths, from the root of the tree, that differ from the commit checked out: untracked ones too."""
        status = ("--no-optional-locks", "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames")
        listing = self._run(*status, env=self._person)
        return tuple(sorted({os.fsdecode(line[3:]) for line in listing.split(b"\0") if line}))

    def head(self) -> str:
        """Return the commit that is checked out."""
        return _text(self._run("rev-parse", "--verify", "HEAD^{commit}", env=self._person))

    def commit_all(self, path: str, message: str) -> None:
        """Commit everything below `path` of the working tree, as the person and with the person's hooks."""
        self._run("add", "--all", "--", path, env=self._person)
        self._run("commit", "--quiet", "-m", message, "--", path, env=self._person | self._who)

    def upstream(self) -> str | None:
        """Name what the branch checked out follows, such as `origin/main`; None if it follows nothing."""
        done = self._call("rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}", env=self._person)
        return None if done.returncode else _text(done.stdout)

    def send(self) -> str | None:
        """Push the branch checked out to the one that it follows; return None, or why that was refused."""
        done = self._call("-c", "push.default=upstream", "push", "--recurse-submodules=no", env=self._person)
        return _one_line(done.stderr) or f"git push exited {done.returncode}" if done.returncode else None

    def read_here(self, revision: str, path: str) -> bytes:
        """Read a file of a revision."""
        return self._run("cat-file", "blob", f"{revision}:{path}", env=self._person)

    def read_all_here(self, revision: str, ending: str) -> list[bytes]:
        """Read every file of a revision whose path ends so, each content once."""
        listing = self._run("ls-tree", "-r", "-z", "--full-tree", revision, env=self._person)
        oids = {entry.oid for path, entry in _entries(listing).items() if path.endswith(ending)}
        return self._contents(sorted(oids), self._person)

    # A remote: a path or any URL that git understands.

    def remote_tip(self, remote: str, branch: str) -> str | None:
        """Ask a remote for the tip of a branch; None where it has no such branch."""
        ref = f"refs/heads/{branch}"
        answer = _text(self._run("ls-remote", "--", remote, ref, env=self._person))
        oids = [oid for oid, _, name in (line.partition("\t") for line in answer.splitlines()) if name == ref]
        return oids[0] if oids else None

    def fetch(self, remote: str, branch: str, *, whole: bool = False) -> str:
        """Fetch the tip of a branch, one commit without its history unless the `whole` is wanted, and return its id."""
        how = ("--quiet", *(() if whole else ("--depth=1",)), "--no-tags", "--recurse-submodules=no")
        self._run("fetch", *how, "--", remote, f"refs/heads/{branch}", env=self._person)
        return _text(self._run("rev-parse", "--verify", "FETCH_HEAD^{commit}"))

    def push(self, remote: str, branch: str, oid: str, expected: str | None) -> str | None:
        """Make `oid` the tip of a branch that is at `expected` (None: does not exist).

        Returns None when the remote accepted, else its reasons in one line: whether the tip moved is for the caller
        to look up, since remotes word it in many ways.
        """
        ref = f"refs/heads/{branch}"
        lease = f"--force-with-lease={ref}:{expected or ''}"
        how = ("--recurse-submodules=no", "--no-follow-tags", lease)
        done = self._call("push", *how, "--", remote, f"{oid}:{ref}", env=self._person)
        return _one_line(done.stderr) or f"git push exited {done.returncode}" if done.returncode else None

    # Objects of a scratch repository.

    def set_branch(self, branch: str, oid: str) -> None:
        """Point a branch at a commit."""
        self._run("update-ref", f"refs/heads/{branch}", oid)

    def tree(self, revision: str) -> str:
        """Return the id of a revision's tree."""
        return _text(self._run("rev-parse", "--verify", f"{revision}^{{tree}}"))

    def entries(self, revision: str, *, deep: bool = False) -> dict[str, Entry]:
        """List the root of a revision, or every file in it."""
        return _entries(self._run("ls-tree", "-z", "--full-tree", *(("-r",) if deep else ()), revision))

    def read(self, revision: str, path: str) -> bytes:
        """Read a file of a revision."""
        return self._run("cat-file", "blob", f"{revision}:{path}")

    def objects(self) -> list[str]:
        """List every object that is here, of whatever kind, whether or not something refers to it."""
        return _text(self._run("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")).split()

    def contents(self, oids: Sequence[str]) -> list[bytes]:
        """Read some objects as git stores them; all of it is in memory at once."""
        return self._contents(oids, self._nobody)

    def _contents(self, oids: Sequence[str], env: Mapping[str, str]) -> list[bytes]:
        asked = "".join(f"{oid}\n" for oid in oids).encode()
        answer, found, at = self._run("cat-file", "--batch=%(objectsize)", stdin=asked, env=env), [], 0
        for _ in oids:
            start = answer.index(b"\n", at) + 1
            at = start + int(answer[at:start])
            found.append(answer[start:at])
            at += 1
        return found

    def write_blob(self, data: bytes) -> str:
        """Store a file's content and return its id."""
        return _text(self._run("hash-object", "-w", "--stdin", "--no-filters", stdin=data))

    def write_tree(self, folder: Path) -> str:
        """Store the regular files below `folder`, all as plain files whatever their mode, and return the tree's id.

        Git refuses names that it may not hold, such as `.git`. No file's name may hold a line break.
        """
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        oids = self._run(
            "hash-object", "-w", "--stdin-paths", "--no-filters", stdin=b"".join(bytes(path) + b"\n" for path in files)
        ).split()
        lines = (
            b"%s %s\t%s\0" % (_FILE.encode(), oid, os.fsencode(path.relative_to(folder).as_posix()))
            for oid, path in zip(oids, files, strict=True)
        )
        self._run("read-tree", "--empty")
        done = self._call("update-index", "--add", "-z", "--index-info", stdin=b"".join(lines))
        if done.returncode or done.stderr:  # to git, a name that it may not hold is worth a warning and exit code 0
            raise GitError(f"git cannot hold a file of {folder}: {_one_line(done.stderr)}")
        return _text(self._run("write-tree"))

    def edited(self, revision: str, files: Mapping[str, bytes]) -> str:
        """Store a revision's tree with some of its files, by path, holding something else, and return its id."""
        lines = (f"{_FILE} {self.write_blob(data)}\t{path}\0" for path, data in files.items())
        self._run("read-tree", revision)
        self._run("update-index", "-z", "--index-info", stdin=os.fsencode("".join(lines)))
        return _text(self._run("write-tree"))

    def commit(self, tree: str, parent: str | None, message: str, identity: Identity, when: datetime) -> str:
        """Store a commit that is the same to the byte for the same arguments, and return its id.

        `when` knows its time zone; author and committer, and their dates, are the same.
        """
        env = self._nobody | commit_environment(identity, when)
        parents = () if parent is None else ("-p", parent)
        return _text(self._run("commit-tree", tree, *parents, "-m", message, env=env))

    def _run(self, *arguments: str, env: Mapping[str, str] | None = None, stdin: bytes = b"") -> bytes:
        done = self._call(*arguments, env=env, stdin=stdin)
        if done.returncode:
            command = next(word for word in arguments if not word.startswith("-"))
            reason = _one_line(done.stderr) or f"exit code {done.returncode}"
            raise GitError(f"git {command} in {self.path}: {reason}")
        return done.stdout

    def _call(
        self, *arguments: str, env: Mapping[str, str] | None = None, stdin: bytes = b""
    ) -> "subprocess.CompletedProcess[bytes]":
        command = (*_COMMAND, "-C", str(self.path), *arguments)
        try:
            return subprocess.run(command, env=env or self._nobody, input=stdin, capture_output=True, check=False)
        except FileNotFoundError as error:
            raise GitError("git was not found on PATH; install git 2.32 or later") from error


def commit_environment(identity: Identity, when: datetime) -> dict[str, str]:
    """Say by environment who commits and when, to git and to what runs git."""
    date = f"{int(when.timestamp())} +0000"
    roles = ("AUTHOR", "COMMITTER")
    about = {"NAME": identity.name, "EMAIL": identity.email, "DATE": date}
    return {f"GIT_{role}_{key}": value for role in roles for key, value in about.items()}


def without_credentials(text: str) -> str:
    """Take the user and the password out of each URL in a text."""
    return re.sub(r"//[^/\s]+@", "//", text)


def _without_git(environ: Mapping[str, str], but: tuple[str, ...]) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if not name.startswith("GIT_") or name.startswith(but)}
    return kept | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def _entries(listing: bytes) -> dict[str, Entry]:
    """Read what `git ls-tree -z` prints, by path."""
    entries = {}
    for line in filter(None, listing.split(b"\0")):
        about, _, name = line.partition(b"\t")
        mode, _, oid = about.decode().split()
        entries[os.fsdecode(name)] = Entry(mode, oid)
    return entries


def _text(output: bytes) -> str:
    return os.fsdecode(output).rstrip("\n")


def _one_line(stderr: bytes) -> str:
    """Put what git and the remote's hooks said into one printable line, without advice and without credentials."""
    lines = (line.strip() for line in stderr.decode(errors="replace").splitlines())
    said = "; ".join(line for line in lines if line and not line.startswith(_CHATTER))
    printable = "".join(character for character in said if character.isprintable())
    return without_credentials(printable)
