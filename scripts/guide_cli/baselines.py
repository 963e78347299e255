"""Baselines: the last release of each edition, as far as this clone knows it, for checks before a merge.

Publishing asks the remote itself. A check has no access to secrets, so it looks at the branches that are here: those of
local releases, and those fetched from `origin`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from guidebook.history import Past
from guidebook.library import Library
from guidebook.releases import CATALOG_FILE, VERSIONS_FILE, ReleaseError, Version, read_versions
from guidebook.timeline import FILE as TIMELINE_FILE

from guide_cli.git import GitError, Repository

_PLACES = ("refs/heads", "refs/remotes/origin")


def pasts(source: Library, root: Path, environ: Mapping[str, str]) -> dict[str, Past]:
    """Return what each edition's next release builds on; an edition without a release here is left out."""
    return {name: past for name, (_, past) in _newest(source, Repository(root, environ)).items()}


def texts(source: Library, root: Path, environ: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the Markdown of every page of each edition's last release here."""
    repository = Repository(root, environ)
    found = {}
    for name, (ref, past) in _newest(source, repository).items():
        pages = repository.read_all_here(f"{ref}:{past.release}", ".md")
        found[name] = [page.decode(errors="replace") for page in pages]
    return found


def _newest(source: Library, repository: Repository) -> dict[str, tuple[str, Past]]:
    """Return where the newest release of each edition stands here, with what it says."""
    found = {}
    for name, edition in source.configuration.editions.items():
        refs = [f"{place}/{edition.branch}" for place in _PLACES]
        known = [(ref, past) for ref in refs if (past := _past(repository, ref))]
        if known:
            found[name] = max(known, key=lambda one: Version.parse(str(one[1].release)))
    return found


def _past(repository: Repository, ref: str) -> Past | None:
    try:
        last = read_versions(repository.read_here(ref, VERSIONS_FILE).decode())[0]
        catalog = repository.read_here(ref, f"{last}/{CATALOG_FILE}")
    except (GitError, ReleaseError, UnicodeDecodeError):
        return None  # no such branch, or not one of releases: publishing says so
    try:
        known: bytes | None = repository.read_here(ref, TIMELINE_FILE)
    except GitError:
        known = None
    return Past(last, catalog, known)


def said(found: Mapping[str, Past], names: list[str]) -> list[str]:
    """Return a line for each edition: with which release it was compared."""
    rows = []
    for name in names:
        past = found.get(name)
        rows.append(f"{name}: compared with {past.release}." if past else f"{name}: no release here to compare with.")
    return rows
