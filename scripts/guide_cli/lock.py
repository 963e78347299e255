"""Lock: pin every package the project uses, with hashes and without addresses."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import typer

LOCK = Path("scripts/requirements.txt")
OPTIONS = (
    "--universal",
    "--fork-strategy",
    "fewest",  # one version of each package for every Python, so that two people build one site
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--upgrade",
)


def write(root: Path, say: Callable[[str], None]) -> None:
    """Make the lock anew beside the old one and swap it in. Ends with exit code 1 when uv cannot."""
    beside = root / f"{LOCK}.new"
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--group", "test", *OPTIONS]
    done = subprocess.run([*command, "-o", str(beside)], cwd=root, capture_output=True, text=True, check=False)
    text = beside.read_text() if beside.exists() else ""
    if done.returncode or "://" in text or not text:
        beside.unlink(missing_ok=True)
        reason = done.stderr.strip().splitlines()[-1:] or ["the lock would hold an address"]
        typer.echo(f"scripts/guide: could not make the lock: {reason[0]}", err=True)
        raise typer.Exit(1)
    # uv names its output file in comments; what is beside becomes the lock.
    beside.write_text(text.replace(f"{LOCK}.new", str(LOCK)))
    beside.replace(root / LOCK)
    say(f"wrote {LOCK}; scripts/guide installs it on its next run")
