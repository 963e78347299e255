"""Real projects for tests: a copy of this one in a repository of its own, and folders served over HTTP."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("overrides", "hooks", "scripts", "mkdocs.yml", "pyproject.toml", ".gitignore")
SMALL = ROOT / "tests" / "golden" / "library" / "docs"
# No setting of the person or the machine that runs the tests reaches git.
GIT_ENV = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Tester",
    "GIT_AUTHOR_EMAIL": "tester@example.com",
    "GIT_COMMITTER_NAME": "Tester",
    "GIT_COMMITTER_EMAIL": "tester@example.com",
}


def copy_project(to: Path, docs: Path = ROOT / "docs") -> Path:
    """Copy what makes this project, as files, to the new folder `to`.

    With the fifteen documents of SMALL for `docs` it is built and published ten times as fast.
    """
    to.mkdir(parents=True)
    shutil.copytree(docs, to / "docs")
    for room in ROOMS:
        source = ROOT / room
        if source.is_dir():
            shutil.copytree(source, to / room, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, to / room)
    return to


def git(folder: Path, *words: str) -> str:
    """Run git in `folder` and return what it prints."""
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**os.environ, **GIT_ENV},
        capture_output=True,
        text=True,
        errors="replace",
        check=True,
    )
    return done.stdout


def commit_all(folder: Path, message: str = "change") -> None:
    """Commit everything in `folder`, making a repository of it first where it is none."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


def announce(  # noqa: PLR0913 - the fields of a notice
    folder: Path, number: int, changes: list[str], day: str, *, audience: str = "external", kind: str = "substantive"
) -> Path:
    """Write a notice about `changes` of `day` with every sign-off it needs, and return its file."""
    name = f"N{number:03}"
    signed = ", ".join(f"{role}: {day}" for role in ("Training", "Quality", "Vendor Management"))
    file = folder / "docs" / "comms" / f"{name.lower()}-change.md"
    file.write_text(f"""---
id: {name}
type: notice
title: Change {number}
summary: What differs from {day} on.
audience: {audience}
owner: Spam Policy
status: in-force
valid_from: {day}
review_by: {int(day[:4]) + 1}{day[4:]}
changes: [{", ".join(changes)}]
kind: {kind}
{f"signed: {{{signed}}}" if kind == "substantive" else ""}
---

Read it again before you decide.
""")
    return file


def edit(folder: Path, path: str, old: str, new: str) -> None:
    """Put `new` in the place of the first `old` in a file, which has to be there."""
    file = folder / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def guide(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a guide command of the project at `folder` with this environment's Python."""
    import sys

    paths = os.pathsep.join([str(folder / "scripts"), str(folder / "hooks")])
    environment = {**os.environ, **GIT_ENV, "PYTHONPATH": paths, **environ}
    command = [sys.executable, "-m", "guide_cli", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def export(folder: Path, branch: str, to: Path) -> Path:
    """Write the files of a branch to the new folder `to`."""
    to.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", branch], cwd=folder, capture_output=True, check=True)
    subprocess.run(["tar", "-xm", "-C", str(to)], input=archive.stdout, check=True)
    return to


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: a test prints what matters."""


@contextlib.contextmanager
def served(folder: Path):
    """Serve a folder over loopback HTTP; yields its address, with a slash at the end."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
