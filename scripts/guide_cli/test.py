"""Test: everything that must hold before a change lands, in one command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from guide_cli.forks import cores

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def run(root: Path, words: list[str], environ: Mapping[str, str], say: Callable[[str], None]) -> int:
    """Run linters, type checks and all tests; `words` go to pytest instead of the whole. Returns the exit code."""
    environment = dict(environ)
    browser = browser_path(environ) or _install_browser(say)
    if browser is None:
        print(
            "scripts/guide: the tests need Chromium. Install it (on Debian and Ubuntu: apt-get install chromium), "
            "or name one in the variable GUIDE_BROWSER.",
            file=sys.stderr,
        )
        return 2
    environment["GUIDE_BROWSER"] = browser
    steps = (
        []
        if words
        else [
            ["ruff", "check", "--quiet", "."],
            ["ruff", "format", "--check", "--quiet", "."],
            ["mypy"],
            ["zizmor", "--offline", "--strict-collection", "--quiet", ".github/workflows"],
        ]
    )
    failed = []
    for step in steps:
        say(f"running {' '.join(step)}")
        # zizmor cannot be run as a module; each program stands beside this Python.
        program = str(Path(sys.executable).parent / step[0])
        if subprocess.run([program, *step[1:]], cwd=root, env=environment, check=False).returncode:
            failed.append(step[0])
    workers = str(cores() + 1)  # one more, because browsers and servers are waited for
    pytest = [sys.executable, "-m", "pytest", *(words or ["-n", workers, "--dist", "loadgroup"])]
    say(f"running {' '.join(pytest[2:])}")
    code = subprocess.run(pytest, cwd=root, env=environment, check=False).returncode
    if failed:
        print(f"scripts/guide: failed: {', '.join(failed)}", file=sys.stderr)
    return code or int(bool(failed))


def browser_path(environ: Mapping[str, str]) -> str | None:
    """Return the Chromium to test with: the one the variable GUIDE_BROWSER names, or the first on the PATH."""
    named = environ.get("GUIDE_BROWSER")
    if named:
        return named if Path(named).is_file() else None
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def _install_browser(say: Callable[[str], None]) -> str | None:
    """Install Debian's Chromium where this is Debian and we are root, as on a fresh machine of CI."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    say("installing Debian's chromium for the browser tests (once)")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return browser_path({})
