"""Publish: release each edition that changed. A function of the tree, the day and the last release of each edition."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import typer
from guidebook import history, promises, twins
from guidebook.library import Library
from guidebook.problems import ProblemsError, errors
from guidebook.releases import ReleaseError, next_version

from guide_cli import pipeline
from guide_cli.deploy import Branch, Target, TipMoved, fetched, with_retry
from guide_cli.git import GitError, Identity, Repository
from guide_cli.pipeline import Staged

TRIES = 5
DOMAIN = "releases.invalid"


def publish(  # noqa: PLR0913 - the world it depends on is all in its arguments
    root: Path,
    day: dt.date,
    *,
    push: bool,
    allow_dirty: bool,
    environ: Mapping[str, str],
    say: Callable[[str], None],
) -> None:
    """Release every edition of the project at `root` whose staged content differs from its last release.

    Without `push` the releases go to branches of the project's own repository. Ends with exit code 1 and a line for
    what stands in the way; nothing is then published that was not verified.
    """
    try:
        if not allow_dirty:
            refuse_dirty(root, environ)
        commit = None if allow_dirty else Repository(root, environ).head()
        source = pipeline.clean(root, day)
        targets = {name: target(source, name, root, environ, push=push) for name in source.configuration.editions}
        staged = pipeline.stage(source, list(targets), day)
        say(f"checked {len(source.documents)} documents, staged {' and '.join(targets)}")
        with_retry(lambda: _release_changed(source, staged, targets, day, commit=commit, say=say), TRIES)
    except (GitError, ReleaseError, TipMoved) as error:
        raise typer.Exit(_complain(str(error))) from None


def _complain(message: str) -> int:
    typer.echo(f"scripts/guide: {message}", err=True)
    return 1


def refuse_dirty(root: Path, environ: Mapping[str, str]) -> None:
    changes = Repository(root, environ).changes()
    if changes:
        more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""  # noqa: PLR2004 - three names tell which
        raise GitError(f"not committed: {', '.join(changes[:3])}{more}. Commit, or publish with --allow-dirty.")


def target(source: Library, name: str, root: Path, environ: Mapping[str, str], *, push: bool) -> Target:
    """Return where the releases of an edition go: a variable of the environment names a remote that is secret."""
    edition = source.configuration.editions[name]
    remote = str(root)
    if push:
        variable = f"GUIDE_REMOTE_{name.upper().replace('-', '_')}"
        remote = environ.get(variable) or edition.remote
        if not remote:
            message = f"edition {name} has no remote to push to. Set `remote` under extra.editions.{name} in mkdocs.yml"
            raise GitError(f"{message}, or the variable {variable}.")
    title = source.configuration.base_for(name)["site_name"]
    return Target(remote, edition.branch, Identity(str(title), f"{name}@{DOMAIN}"), edition.keep_history, environ)


def _note_source(site: Path, commit: str | None, force: Mapping[str, str]) -> None:
    """Write into the manifest of an edition that reads everything where its text came from, for `rollback`.

    No other edition may tell: a commit's name, or another edition's release, is internal.
    """
    if commit is not None:
        file = site / twins.MANIFEST
        data = {**json.loads(file.read_bytes()), "source": {"commit": commit, "releases": dict(force)}}
        file.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _release_changed(  # noqa: PLR0913 - what a release depends on
    source: Library,
    staged: list[Staged],
    targets: dict[str, Target],
    day: dt.date,
    *,
    commit: str | None,
    say: Callable[[str], None],
) -> None:
    with contextlib.ExitStack() as stack:
        branches = {one.name: stack.enter_context(fetched(targets[one.name])) for one in staged}
        versions: dict[str, str] = {}
        for one in staged:
            tip = branches[one.name].tip
            if tip.staged == one.digest:
                say(f"{one.name}: unchanged since {tip.last}")
            else:
                versions[one.name] = next_version(day, tip.versions)
        if versions:
            _release(source, staged, branches, day, versions, commit=commit, say=say)


def _release(  # noqa: PLR0913 - what a release depends on
    source: Library,
    staged: list[Staged],
    branches: Mapping[str, Branch],
    day: dt.date,
    versions: dict[str, str],
    *,
    commit: str | None,
    say: Callable[[str], None],
) -> None:
    pasts = {name: branch.tip.past() for name, branch in branches.items()}
    broken = promises.check(source, pasts, day, pasts)
    if broken:
        raise ProblemsError(broken)
    made = {
        one.name: history.dated(one.tree, versions[one.name], pasts[one.name]) for one in staged if one.name in versions
    }
    staged = [
        replace(one, tree=made[one.name].tree, beyond=made[one.name].beyond) if one.name in made else one
        for one in staged
    ]
    with tempfile.TemporaryDirectory(prefix="guide-site-") as folder:
        # All editions are built, the unchanged too: the one that reads everything proves that the sweep can see.
        say(f"building and verifying {' and '.join(branches)}")
        problems = pipeline.build(source, staged, day, Path(folder), versions)
        if errors(problems):
            raise ProblemsError(problems)
        force = {name: versions.get(name) or str(branch.tip.last) for name, branch in branches.items()}
        for name, version in versions.items():
            if source.configuration.editions[name].reads_all:
                _note_source(Path(folder) / name, commit, force)
            done = branches[name].release(Path(folder) / name, version, made[name].timeline)
            say(f"{name}: released {done.version} on {branches[name].target}, with latest")
