"""Library: every source of one commit, read once and looked up by path, id and clause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from guidebook import configuration, documents, frontmatter, sources
from guidebook.cases import Case
from guidebook.configuration import Configuration
from guidebook.documents import Document
from guidebook.markup import Heading
from guidebook.metadata import Guideline, Retired
from guidebook.problems import Problem
from guidebook.sources import AssetFile

Each = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
DOCS = "docs"
OVERRIDES = "overrides"


@dataclass(frozen=True)
class Library:
    """All documents and assets by path below `docs/`, the theme's files, and what reading them found wrong."""

    configuration: Configuration
    documents: dict[str, Document]
    assets: dict[str, AssetFile]
    overrides: dict[str, bytes] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    # Sources that could not be read as documents: references to them are not reported a second time.
    unread: frozenset[str] = frozenset()
    unread_ids: frozenset[str] = frozenset()

    @cached_property
    def by_id(self) -> dict[str, Document]:
        """The documents by id; of two with one id, the first."""
        found: dict[str, Document] = {}
        for document in self.documents.values():
            found.setdefault(document.meta.id, document)
        return found

    @cached_property
    def clauses(self) -> dict[str, tuple[Document, Heading]]:
        """The clauses by id, each with its document."""
        found: dict[str, tuple[Document, Heading]] = {}
        for document in self.documents.values():
            for heading in document.clauses:
                found.setdefault(str(heading.clause), (document, heading))
        return found

    @cached_property
    def cases(self) -> dict[str, tuple[Document, Case]]:
        """The worked cases by id, each with its document."""
        found: dict[str, tuple[Document, Case]] = {}
        for document in self.documents.values():
            for case in document.cases:
                found.setdefault(case.id, (document, case))
        return found

    @cached_property
    def retired(self) -> dict[str, tuple[Document, Retired]]:
        """The clauses that were taken out, by id, each with its document."""
        found: dict[str, tuple[Document, Retired]] = {}
        for document in self.documents.values():
            if isinstance(document.meta, Guideline):
                for name, retired in document.meta.retired.items():
                    found.setdefault(name, (document, retired))
        return found


@dataclass(frozen=True)
class Loaded:
    """What reading a project gave: no library when its configuration cannot be trusted."""

    library: Library | None
    problems: tuple[Problem, ...]


def load(root: Path, each: Each = map) -> Loaded:
    """Read the project at `root`: `mkdocs.yml`, `docs/` and `overrides/`."""
    file = root / configuration.FILE
    if not file.is_file() or file.is_symlink() or file.stat().st_size > configuration.MAX_CHARACTERS:
        message = f"expected a plain file of at most {configuration.MAX_CHARACTERS:,} bytes, found none. Put it here."
        return Loaded(None, (Problem(configuration.FILE, 1, "configuration", message),))
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return Loaded(
            None,
            (
                Problem(
                    configuration.FILE, 1, "encoding", "expected UTF-8, found something else. Save the file as UTF-8."
                ),
            ),
        )
    settings = configuration.load(text)
    if settings.configuration is None:
        return Loaded(None, tuple(settings.problems))
    return from_sources(settings.configuration, sources.read(root / DOCS, DOCS), read_overrides(root / OVERRIDES), each)


def from_sources(
    settings: Configuration, found: sources.Sources, overrides: dict[str, bytes], each: Each = map
) -> Loaded:
    """Make a library of sources already read."""
    problems = list(found.problems)
    read: dict[str, Document] = {}
    unread: set[str] = set()
    unread_ids: set[str] = set()
    texts = sorted(found.texts.items())
    done = each(lambda file: documents.read(file, settings.audiences), [file for _, file in texts])
    for (path, file), (document, faults) in zip(texts, done, strict=True):
        problems += [Problem(f"{DOCS}/{path}", fault.line, fault.rule, fault.message) for fault in faults]
        if document is None:
            unread.add(path)
            unread_ids |= _ids(file.text)
        else:
            read[path] = document
    prefix = f"{DOCS}/"
    unread |= {problem.path.removeprefix(prefix) for problem in found.problems}
    library = Library(
        settings, read, found.assets, overrides, tuple(problems), frozenset(unread), frozenset(unread_ids)
    )
    return Loaded(library, library.problems)


def _ids(text: str) -> set[str]:
    """Return the id that a document which could not be read gives itself, if that much can be read."""
    block, _, _ = frontmatter.split(text)
    return {str(frontmatter.read(block, 1).values.get("id"))} if block else set()


def read_overrides(folder: Path) -> dict[str, bytes]:
    """Return the theme's own files by path below `overrides/`; links and anything but plain files are left out."""
    files = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink() and not file.name.startswith("."):
            files[file.relative_to(folder).as_posix()] = file.read_bytes()
    return files
