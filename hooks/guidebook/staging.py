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
from typing import Any

import yaml

from guidebook import catalog, configuration, drawing, pages, permalinks, references
from guidebook.documents import Document
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
    return Page(pages.page(shown, document).encode(), catalog.row(shown, document), _assets(shown, document), drawn)


def assemble(shown: View, written: list[Page]) -> Tree:
    """Return the files of an edition, given what it holds of each of `shown.pages`."""
    library = shown.library
    rows = [one.row for one in written]
    links = _permalinks(shown, rows)
    settings = library.configuration.base_for(shown.name)
    settings["docs_dir"] = DOCS
    settings["nav"] = [*navigation(shown), *([{permalinks.TITLE: permalinks.INDEX}] if links else [])]
    tree: Tree = {f"{OVERRIDES}/{path}": data for path, data in sorted(library.overrides.items())}
    tree[configuration.FILE] = configuration.dump(settings).encode()
    for document, one in zip(shown.pages, written, strict=True):
        tree[f"{DOCS}/{document.path}"] = one.text
        tree |= {f"{DOCS}/{path}": data for path, data in one.drawn.items()}
    for path in sorted({path for one in written for path in one.assets}):
        tree[f"{DOCS}/{path}"] = library.assets[path].data
    tree |= links
    data = catalog.files(shown, str(settings.get("site_name", "")), rows)
    tree |= {f"{DOCS}/{path}": text.encode() for path, text in data.items()}
    return tree


def _permalinks(shown: View, rows: list[dict[str, Any]]) -> Tree:
    """Return the pages behind the permalinks of an edition's clauses, and the page that lists them."""
    listed = permalinks.index(rows)
    if not listed:
        return {}
    front = {"title": permalinks.TITLE, "description": permalinks.SUMMARY, "edition": shown.name}
    text = f"---\n{configuration.dump({**front, 'search': {'exclude': True}})}---\n\n{listed}\n"
    found = {permalinks.INDEX: text.encode(), **permalinks.pages(rows)}
    return {f"{DOCS}/{path}": data for path, data in found.items()}


def _assets(shown: View, document: Document) -> set[str]:
    """Return the paths of the files that a document, and the snippets it includes, show or lead to."""
    found = set()
    for mark in document.visible_marks(shown.reader):
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
