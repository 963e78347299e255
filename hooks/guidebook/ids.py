"""Ids: rules by which an id, a clause's number, an anchor and a file name each mean one thing, for ever."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Callable, Iterator

from guidebook import trees
from guidebook.documents import Document
from guidebook.library import DOCS, Library
from guidebook.markup import Kind
from guidebook.metadata import Guideline
from guidebook.passages import EFFECTIVE
from guidebook.problems import Problem

Rule = Callable[[Library, dt.date], Iterator[Problem]]


def _at(document: Document, name: str) -> int:
    return document.lines.get(name, 1)


def _path(document: Document) -> str:
    return f"{DOCS}/{document.path}"


def ids_are_unique(library: Library, _day: dt.date) -> Iterator[Problem]:
    """No id names two documents, no clause id two clauses, no anchor two headings of one page."""
    for document in library.documents.values():
        first = library.by_id[document.meta.id]
        if first is not document:
            message = f"`{document.meta.id}` is the id of {_path(first)} already. Give this document another."
            yield Problem(_path(document), _at(document, "id"), "duplicate-id", message)
        anchors: dict[str, tuple[int, str | None]] = {}
        for heading in document.body.headings:
            first_line, clause = anchors.get(heading.anchor, (0, None))
            if first_line and not (heading.clause and clause):  # of clauses, the numbers are checked
                message = (
                    f"this heading has the anchor `#{heading.anchor}`, and so has that on line {first_line}. Reword "
                    "one."
                )
                yield Problem(_path(document), heading.line, "duplicate-anchor", message)
            anchors.setdefault(heading.anchor, (heading.line, heading.clause))
        own = {anchor: line for anchor, (line, _) in anchors.items()}
        yield from _anchors_from_elsewhere(library, document, own)


# Sections that the build adds to a page, by the type of the page.
ADDED = {
    "guideline": ("retired-clauses", "change-history"),
    "label": ("statement-of-reasons", "used-by", "change-history"),
}


def _anchors_from_elsewhere(library: Library, document: Document, own: dict[str, int]) -> Iterator[Problem]:
    """See that no snippet, and no section that the build adds, brings an anchor that the page has already."""
    added = ADDED.get(document.meta.type, ())
    added += tuple(case.anchor for case in document.cases)
    if isinstance(document.meta, Guideline):
        gone = [name for name in document.meta.retired if name not in library.clauses]  # else reported as used again
        added += tuple(name.lower().replace(".", "-") for name in gone)
    questions = document.tree.questions if document.tree else ()
    added += tuple(trees.anchor(document.meta.id, one.id) for one in questions)
    for anchor in added:
        if anchor in own:
            message = f"the build adds a part with the anchor `#{anchor}` to this page. Reword this heading."
            yield Problem(_path(document), own[anchor], "duplicate-anchor", message)
    taken = {**own, **dict.fromkeys(added, 0)}
    for mark in document.body.marks:
        snippet = library.documents.get(mark.target) if mark.kind is Kind.INCLUDE else None
        for heading in snippet.body.headings if snippet else ():
            if heading.anchor in taken:
                message = (
                    f"the snippet brings a heading with the anchor `#{heading.anchor}`, which this page has already."
                )
                yield Problem(
                    _path(document), mark.line, "duplicate-anchor", f"{message} Reword one, or include it once."
                )
            taken.setdefault(heading.anchor, mark.line)


def clauses_belong_to_their_page(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that a clause carries the id of its guideline, stands on level 3, and that numbers rise."""
    for document in library.documents.values():
        before = 0
        if _misnamed(document):
            continue  # its id is wrong, and was reported
        for heading in document.clauses:
            page, _, number = str(heading.clause).partition(".")
            if document.meta.id != page:
                message = (
                    f"clause {heading.clause} stands on the page of {document.meta.id}. Number it {document.meta.id}.n."
                )
                yield Problem(_path(document), heading.line, "clause-form", message)
                continue
            if heading.level != 3:  # noqa: PLR2004 - `###`
                yield Problem(
                    _path(document),
                    heading.line,
                    "clause-form",
                    "expected a clause to be a `###` heading. Mend the number of #.",
                )
            if int(number) <= before:
                message = f"expected a number above {page}.{before}, found {heading.clause}. Ids are never used again."
                yield Problem(_path(document), heading.line, "clause-form", message)
            before = max(before, int(number))
            around = [one for one in document.passages if one.start < heading.start < one.end and one.name != EFFECTIVE]
            if around:
                message = (
                    f"clause {heading.clause} stands in the passage of line {around[0].line}. A clause is for every "
                    "edition:"
                )
                yield Problem(
                    _path(document), heading.line, "clause-form", f"{message} put only its text into a passage."
                )


def files_are_named_after_ids(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that the name of a file starts with the permanent id in it."""
    for document in library.documents.values():
        form = _misnamed(document)
        if form:
            found = posixpath.basename(document.path)
            message = (
                f"expected the file of `{document.meta.id}` to be named {form}, found {found}. Rename it, or mend the "
                "id."
            )
            yield Problem(_path(document), _at(document, "id"), "file-name", message)


def _misnamed(document: Document) -> str:
    """Return the name the document's file should have; nothing when it has it."""
    stem, wish = posixpath.basename(document.path).removesuffix(".md"), document.meta.id.lower()
    if document.meta.type in {"page", "snippet"} or stem == wish:
        return ""
    if document.meta.type == "label":
        return f"{wish}.md"
    return "" if stem.startswith(f"{wish}-") else f"{wish}-some-words.md"


RULES: tuple[Rule, ...] = (ids_are_unique, clauses_belong_to_their_page, files_are_named_after_ids)
