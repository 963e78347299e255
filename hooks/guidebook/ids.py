"""Ids: rules by which an id, a clause's number, an anchor and a file name each mean one thing, for ever."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterator

from guidebook import trees
from guidebook.documents import Document, meet
from guidebook.library import DOCS, Library
from guidebook.markup import Heading, Kind
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
        own: dict[str, list[Heading]] = defaultdict(list)
        for heading in document.body.headings:
            others = [one for one in own[heading.anchor] if not (heading.clause and one.clause)]
            first_line = next((one.line for one in others if _on_one_day(document, one, heading)), 0)
            if first_line:  # of clauses, the numbers are checked
                message = (
                    f"this heading has the anchor `#{heading.anchor}`, and so has that on line {first_line}. Reword "
                    "one."
                )
                yield Problem(_path(document), heading.line, "duplicate-anchor", message)
            own[heading.anchor].append(heading)
        lines = {anchor: found[0].line for anchor, found in own.items()}
        yield from _anchors_from_elsewhere(library, document, lines)


def _on_one_day(document: Document, one: Heading, other: Heading) -> bool:
    """Say whether there is a day on which both headings stand on the page."""
    return meet(document.days(one.start), document.days(other.start))


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
    added += tuple(trees.anchor(document.meta.id, one.id) for tree in document.trees for one in tree.questions)
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
        before: list[tuple[int, Heading]] = []
        if _misnamed(document):
            continue  # its id is wrong, and was reported
        for heading in document.clauses:
            page, _, number = str(heading.clause).partition(".")
            if document.meta.id != page:
                message = (
                    f"clause {heading.clause} stands on the page of {document.meta.id}. Give it the next free number "
                    f"of {document.meta.id}. If it moved here, retire {heading.clause} on the page of {page}."
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
            beside = {at: one for at, one in before if _on_one_day(document, one, heading)}
            last = max(beside, default=0)
            if int(number) <= last:
                message = f"expected a number above {page}.{last}, found {heading.clause}. Ids are never used again."
                twin = beside.get(int(number))
                if twin and document.days(heading.start) != document.days(twin.start):
                    message = f"clause {heading.clause} stands on line {twin.line} too, on some of the same days."
                    message += " Let one passage end (`until`) on the day the other starts (`from`)."
                yield Problem(_path(document), heading.line, "clause-form", message)
            before.append((int(number), heading))
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
