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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from guidebook import (
    asat,
    catalog,
    comparing,
    configuration,
    drawing,
    feeds,
    pages,
    permalinks,
    references,
    whatchanged,
)
from guidebook.documents import Document
from guidebook.library import DOCS, OVERRIDES, Library
from guidebook.markup import Kind
from guidebook.navigation import navigation
from guidebook.problems import ProblemsError, errors
from guidebook.references import Target
from guidebook.releases import LATEST
from guidebook.rules import check
from guidebook.views import View

Tree = dict[str, bytes]
RELEASES = "Releases"  # the heading in the navigation over the pages about them


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
    return assemble(shown, [page(shown, document) for document in shown.pages])


@dataclass(frozen=True)
class Page:
    """What an edition holds of one document: its Markdown, its row in the catalog, the paths of the files it needs.

    `drawn` holds the pictures that are made of its steps, by path.
    """

    text: bytes
    row: dict[str, Any]
    assets: set[str]
    drawn: dict[str, bytes]


def page(shown: View, document: Document) -> Page:
    """Return what an edition holds of one of its documents."""
    procedures = document.visible_procedures(shown.reader)
    drawn = {drawing.picture(document.path, one): drawing.draw(one).encode() for one in procedures}
    text = pages.page(shown, document).encode()
    row = {**catalog.row(shown, document), "sha256": pages.digest(shown, document)}
    return Page(text, row, _assets(shown, document), drawn)


def assemble(shown: View, written: list[Page]) -> Tree:
    """Return the files of an edition, given what it holds of each of `shown.pages`."""
    library = shown.library
    rows = [one.row for one in written]
    ours = _our_pages(rows)
    settings = library.configuration.base_for(shown.name)
    settings["docs_dir"] = DOCS
    settings["nav"] = [*navigation(shown), {RELEASES: [{one.title: one.path} for one in ours]}]
    title = str(settings.get("site_name", ""))
    told = feeds.files(shown, _root(str(settings.get("site_url") or "")), title)
    settings["extra"]["feeds"] = bool(told)
    tree: Tree = {f"{OVERRIDES}/{path}": data for path, data in sorted(library.overrides.items())}
    tree[configuration.FILE] = configuration.dump(settings).encode()
    for document, one in zip(shown.pages, written, strict=True):
        tree[f"{DOCS}/{document.path}"] = one.text
        tree |= {f"{DOCS}/{path}": data for path, data in one.drawn.items()}
    for path in sorted({path for one in written for path in one.assets}):
        tree[f"{DOCS}/{path}"] = library.assets[path].data
    tree |= {f"{DOCS}/{one.path}": _our_page(shown, one) for one in ours}
    tree |= {f"{DOCS}/{path}": data for path, data in permalinks.pages(rows).items()}
    data = catalog.files(shown, title, rows) | told
    tree |= {f"{DOCS}/{path}": text.encode() for path, text in data.items()}
    return tree


def _root(url: str) -> str:
    """Return the address above the releases, from that of the newest one."""
    return url.removesuffix(f"{LATEST}/")


class _Ours(NamedTuple):
    """A page that no document stands behind: `text` is its Markdown until the name of its release is known."""

    path: str
    title: str
    summary: str
    text: str


def _our_pages(rows: list[dict[str, Any]]) -> list[_Ours]:
    """Return the pages about releases and clauses, in the order of the navigation."""
    changed = f"# {whatchanged.TITLE}\n\n{whatchanged.PREVIEW}"
    found = [
        _Ours(whatchanged.INDEX, whatchanged.TITLE, whatchanged.SUMMARY, changed),
        _Ours(asat.INDEX, asat.TITLE, asat.SUMMARY, asat.page(None)),
        _Ours(comparing.INDEX, comparing.TITLE, comparing.SUMMARY, comparing.page()),
    ]
    listed = permalinks.index(rows)
    return [*found, _Ours(permalinks.INDEX, permalinks.TITLE, permalinks.SUMMARY, listed)] if listed else found


def _our_page(shown: View, one: _Ours) -> bytes:
    front = {"title": one.title, "description": one.summary, "edition": shown.name, "search": {"exclude": True}}
    return f"---\n{configuration.dump(front)}---\n\n{one.text}\n".encode()


def _assets(shown: View, document: Document) -> set[str]:
    """Return the paths of the files that a document, and the snippets it includes, show or lead to."""
    found = set()
    for mark in document.shown_marks(shown.reader):
        if mark.kind in {Kind.IMAGE, Kind.LINK, Kind.INCLUDE}:
            target = references.resolve(shown.library, document, mark)
            if isinstance(target, Target) and target.asset:
                found.add(target.asset.path)
            elif isinstance(target, Target) and target.document and mark.kind is Kind.INCLUDE:
                found |= _assets(shown, target.document)
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
