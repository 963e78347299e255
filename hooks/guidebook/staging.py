"""Staging: write an edition as a complete, self-contained project in which what is withheld does not exist.

The tree needs nothing of ours to be built: plain Markdown, MkDocs settings, the theme's files. `edition` returns it as
data, `write` puts it in place in one step.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from guidebook import catalog, configuration, pages, references
from guidebook.library import DOCS, OVERRIDES, Library
from guidebook.markup import Kind
from guidebook.navigation import navigation
from guidebook.problems import ProblemsError, errors
from guidebook.references import Target
from guidebook.rules import check
from guidebook.views import View

Tree = dict[str, bytes]


def edition(library: Library, name: str, day: dt.date) -> Tree:
    """Return the files of the edition `name` on `day`, by path. Raises ProblemsError for a library with errors."""
    problems = errors(check(library, day))
    if problems:
        raise ProblemsError(problems)
    return project(view(library, name, day))


def view(library: Library, name: str, day: dt.date) -> View:
    """Return the library as the readers of the edition `name` see it on `day`."""
    return View(library, name, library.configuration.reader(name, day))


def project(shown: View) -> Tree:
    """Return the files of an edition of a library that was checked already."""
    library = shown.library
    settings = library.configuration.base_for(shown.name)
    settings["docs_dir"] = DOCS
    settings["nav"] = navigation(shown)
    tree: Tree = {f"{OVERRIDES}/{path}": data for path, data in sorted(library.overrides.items())}
    tree[configuration.FILE] = configuration.dump(settings).encode()
    for document in shown.pages:
        tree[f"{DOCS}/{document.path}"] = pages.page(shown, document).encode()
    for path in sorted(_assets(shown)):
        tree[f"{DOCS}/{path}"] = library.assets[path].data
    tree[f"{DOCS}/catalog.json"] = catalog.dump(catalog.catalog(shown)).encode()
    tree[f"{DOCS}/llms.txt"] = catalog.llms(shown, str(settings.get("site_name", ""))).encode()
    return tree


def _assets(shown: View) -> set[str]:
    found = set()
    included = {
        mark.target
        for document in shown.pages
        for mark in document.visible_marks(shown.reader)
        if mark.kind is Kind.INCLUDE
    }
    for document in shown.documents:
        if document.meta.type == "snippet" and document.path not in included:
            continue
        for mark in document.visible_marks(shown.reader):
            if mark.kind in {Kind.IMAGE, Kind.LINK}:
                target = references.resolve(shown.library, document, mark)
                if isinstance(target, Target) and target.asset:
                    found.add(target.asset.path)
    return found


def digest(tree: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of a tree's paths and bytes: equal for equal content, whatever the day."""
    total = hashlib.sha256()
    for path, data in sorted(tree.items()):
        total.update(f"{path}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


def write(tree: Mapping[str, bytes], out: Path) -> None:
    """Put a tree at `out`; what stood there is replaced only if it was staged, and only when all is written.

    Raises FileExistsError when `out` holds anything that staging did not write.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.parent / f".{out.name}.{secrets.token_hex(4)}"
    try:
        for path, data in tree.items():
            file = beside / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        with _alone(out.parent):
            _put(beside, out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one writer at a time exchange what stands in `folder`."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)  # closing would not do while a fork of this process holds the handle too
        os.close(handle)


def _put(new: Path, out: Path) -> None:
    """Move `new` to `out`; when that fails, what stood there stands there again."""
    if out.is_symlink() or (out.exists() and not (out.is_dir() and (is_staged(out) or not any(out.iterdir())))):
        message = f"{out} holds what staging did not write. Name an empty or a new folder."
        raise FileExistsError(message)
    if not out.exists():
        new.replace(out)
        return
    old = new.with_name(f"{new.name}.old")
    out.replace(old)
    try:
        new.replace(out)
    except BaseException:
        old.replace(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def is_staged(folder: Path) -> bool:
    """Say whether staging wrote `folder`: only staging writes `extra.edition`."""
    file = folder / configuration.FILE
    try:
        settings = yaml.safe_load(file.read_bytes())
    except (OSError, ValueError, yaml.YAMLError):
        return False
    extra = settings.get("extra") if isinstance(settings, dict) else None
    return isinstance(extra, dict) and isinstance(extra.get("edition"), dict)
