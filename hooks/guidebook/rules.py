"""Rules: what must hold over the whole library before anything is built from it.

Each rule is a function from a library and a day to problems. `check` runs them all over everything, so an editor sees
every mistake at once.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from guidebook import (
    decisions,
    fields,
    ids,
    images,
    labels,
    language,
    prompts,
    readability,
    references,
    signoffs,
    sufficiency,
    workflows,
)
from guidebook.documents import Document, Reader, inside
from guidebook.library import DOCS, Library
from guidebook.markup import Kind, Mark
from guidebook.metadata import Guideline
from guidebook.problems import Problem, Severity, ordered
from guidebook.references import Broken, Target

GRACE_DAYS = 30
GUIDELINE_SECTIONS = (
    "At a glance", "Why", "Scope", "Definitions", "What you can see", "Clauses", "Decision tree", "Labels and actions",
    "Cases", "Exceptions and precedence", "Escalate when",
)  # fmt: skip

Rule = Callable[[Library, dt.date], Iterator[Problem]]


def check(library: Library, day: dt.date) -> list[Problem]:
    """Return every problem of the library as it stands on `day`, ordered, none twice."""
    problems = list(library.problems)
    if any(problem.path == DOCS for problem in problems):
        return ordered(problems)  # the library could not be read whole: all else would follow from that
    for rule in RULES:
        problems += rule(library, day)
    return ordered(problems)


def _at(document: Document, name: str) -> int:
    return document.lines.get(name, 1)


def _path(document: Document) -> str:
    return f"{DOCS}/{document.path}"


def references_resolve(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that every link, id and include leads somewhere."""
    for document in library.documents.values():
        for mark in document.body.marks:
            found = None if mark.kind in _FOOTNOTES else _resolve(library, document, mark)
            if isinstance(found, Broken):
                yield Problem(_path(document), mark.line, found.rule, found.message)


_FOOTNOTES = frozenset({Kind.FOOTNOTE, Kind.FOOTNOTE_TEXT})


def _resolve(library: Library, document: Document, mark: Mark) -> Target | Broken | None:
    if document.meta.type == "snippet" and mark.kind is Kind.INCLUDE:
        return Broken("include", "a snippet includes no other. Write its text here.")
    if document.meta.type == "snippet" and mark.target.startswith("#"):
        message = "a snippet has no headings of its own page to link to. Write the path of the page."
        return Broken("broken-anchor", message)
    return references.resolve(library, document, mark)


def references_are_visible(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that what a text refers to can be read in every edition that shows the text."""
    readers = {name: library.configuration.reader(name, day) for name in library.configuration.editions}
    for document in library.documents.values():
        shown = {name: one for name, one in readers.items() if one.may_read(document)}
        spans = {name: document.unseen(one) for name, one in shown.items()}
        boxes = {name: document.coming(one) for name, one in shown.items()}
        hidden: dict[tuple[Mark, str], list[str]] = defaultdict(list)
        for mark in document.body.marks:
            found = None if mark.kind in _FOOTNOTES else _resolve(library, document, mark)
            for name, unseen in spans.items():
                if not isinstance(found, Target) or inside(mark.start, unseen):
                    continue
                box = next((one for one in boxes[name] if one.start < mark.start < one.end), None)
                since = (box and box.since) or day  # a text of the future leads to what is there on its first day
                why = references.why_hidden(found, readers[name].on(since))
                if why:
                    hidden[mark, why].append(name)
        for (mark, why), names in hidden.items():
            mend = _DATE if "in force" in why else _MEND
            message = f"`{mark.target}` is not in the {_and(names)} edition, where this is shown: {why}. {mend}"
            yield Problem(_path(document), mark.line, "hidden-reference", message)


_MEND = "Put this into a passage for those who may follow it, or delete it."
_DATE = "Put this into an `effective` passage of the same days, or delete it."


def _and(names: list[str]) -> str:
    return " and ".join(names)


def footnotes_match(library: Library, day: dt.date) -> Iterator[Problem]:
    """In every edition a footnote's text has its mark in the text, and a mark its text."""
    for document in library.documents.values():
        if not any(mark.kind in {Kind.FOOTNOTE, Kind.FOOTNOTE_TEXT} for mark in document.body.marks):
            continue
        for name in library.configuration.editions:
            reader = library.configuration.reader(name, day)
            if reader.may_read(document):
                yield from _footnotes(document, reader, name)


def _footnotes(document: Document, reader: Reader, edition: str) -> Iterator[Problem]:
    marks = document.visible_marks(reader)
    used = {mark.target for mark in marks if mark.kind is Kind.FOOTNOTE}
    texts: dict[str, Mark] = {}
    for mark in marks:
        if mark.kind is Kind.FOOTNOTE_TEXT:
            if mark.target in texts:
                message = (
                    f"the footnote `[^{mark.target}]` has a text on line {texts[mark.target].line} already. Delete one."
                )
                yield Problem(_path(document), mark.line, "footnote", message)
            texts.setdefault(mark.target, mark)
    spans = document.withheld(reader)
    where = "" if not spans else f" in the {edition} edition"
    for name, mark in texts.items():
        if name not in used:
            message = f"nothing refers to the footnote `[^{name}]`{where}. Put it beside its mark, or delete it."
            yield Problem(_path(document), mark.line, "footnote", message)
    for mark in marks:
        if mark.kind is Kind.FOOTNOTE and mark.target not in texts:
            message = f"the footnote `[^{mark.target}]` has no text{where}. Add `[^{mark.target}]: …`."
            yield Problem(_path(document), mark.line, "footnote", message)


def reviews_are_held(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that a text in force is read again by its review day; a month later it stops the build."""
    for document in library.documents.values():
        if document.meta.status == "retired" or not document.meta.in_force(day):
            continue
        late = (day - document.meta.review_by).days
        if late > 0:
            message = (
                f"the review was due on {document.meta.review_by}, {late} days ago. Read it again and set a new day."
            )
            severity = Severity.ERROR if late > GRACE_DAYS else Severity.WARNING
            yield Problem(_path(document), _at(document, "review_by"), "review-overdue", message, severity)
        for passage in document.passages:
            if passage.recheck and passage.recheck < day:
                message = f"the passage was to be checked again on {passage.recheck}. Check it and set a new day."
                yield Problem(_path(document), passage.line, "recheck-overdue", message, Severity.WARNING)


def folders_have_their_page(library: Library, day: dt.date) -> Iterator[Problem]:
    """Each folder with pages has an `index.md`, which every edition with one of the pages shows; so has the root."""
    pages = [document for document in library.documents.values() if document.meta.type != "snippet"]
    for name in library.configuration.editions:
        reader = library.configuration.reader(name, day)
        home = library.documents.get("index.md")
        if "index.md" not in library.unread and (home is None or not reader.may_read(home)):
            message = f"expected a home page that the {name} edition shows at {DOCS}/index.md, found none."
            yield Problem(f"{DOCS}/index.md", 1, "index-page", message)
    folders: dict[str, list[Document]] = defaultdict(list)
    for document in pages:
        folder = posixpath.dirname(document.path)
        while folder:
            folders[folder].append(document)
            folder = posixpath.dirname(folder)
    for folder, held in folders.items():
        path = f"{folder}/index.md"
        index = library.documents.get(path)
        if path in library.unread:
            continue
        if index is None:
            message = "expected a page for this folder, found none. Start one with `scripts/guide new page`."
            yield Problem(f"{DOCS}/{path}", 1, "index-page", message)
            continue
        for name in library.configuration.editions:
            reader = library.configuration.reader(name, day)
            shown = next((one for one in held if reader.may_read(one)), None)
            if shown and not reader.may_read(index):
                message = (
                    f"the {name} edition shows {_path(shown)}, and not the page of its folder. Give both one audience."
                )
                yield Problem(_path(index), _at(index, "audience"), "index-page", message)


def guidelines_have_their_sections(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that a guideline answers the same questions in the same order as every other."""
    for document in library.documents.values():
        if not isinstance(document.meta, Guideline):
            continue
        found = [heading for heading in document.body.headings if heading.level == 2]  # noqa: PLR2004 - `##`
        titles = [heading.text for heading in found]
        for title in GUIDELINE_SECTIONS:
            if title not in titles:
                message = (
                    f"expected the section `## {title}`, found none. A guideline has: {', '.join(GUIDELINE_SECTIONS)}."
                )
                yield Problem(_path(document), 1, "sections", message)
        wanted = [title for title in GUIDELINE_SECTIONS if title in titles]
        have = [heading for heading in found if heading.text in GUIDELINE_SECTIONS]
        for heading, title in zip(have, wanted, strict=False):
            if heading.text != title:
                message = (
                    f"expected the section `## {title}` here, found `## {heading.text}`. Put them in the common order."
                )
                yield Problem(_path(document), heading.line, "sections", message)
                break


def assets_are_safe(library: Library, _day: dt.date) -> Iterator[Problem]:
    """Images carry a picture and nothing else: no scripts, no comments, no data about who made them."""
    used = {mark.target for document in library.documents.values() for mark in document.body.marks}
    names = {posixpath.basename(target) for target in used}
    for asset in library.assets.values():
        for line, rule, message in images.faults(asset.path, asset.data):
            yield Problem(f"{DOCS}/{asset.path}", line, rule, message)
        if posixpath.basename(asset.path) not in names and not library.unread:
            message = "no document refers to this file, so no edition holds it. Delete it, or link to it."
            yield Problem(f"{DOCS}/{asset.path}", 1, "unused-file", message, Severity.WARNING)


def glossary_is_well_formed(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that a term stands alone on its line, its definition on the next, and that none is defined twice."""
    document = library.by_id.get("glossary")
    if document is None:
        return
    seen: dict[str, int] = {}
    rows = document.body.text.split("\n")
    for index, row in enumerate(rows):
        if not re.match(r":[ ]*\S", row):
            continue
        line = document.body.first_line + index
        if not row.startswith(":   ") or not index or not rows[index - 1].strip():
            message = "expected the term on the line above and `:   definition` here, with three spaces."
            yield Problem(_path(document), line, "glossary", message)
            continue
        term = rows[index - 1].strip().lower()
        if term in seen:
            message = f"`{term}` is defined on line {seen[term]} already. Keep one definition."
            yield Problem(_path(document), line, "glossary", message)
        seen.setdefault(term, line)


RULES: tuple[Rule, ...] = (
    *ids.RULES,
    references_resolve,
    references_are_visible,
    *fields.RULES,
    footnotes_match,
    reviews_are_held,
    folders_have_their_page,
    guidelines_have_their_sections,
    assets_are_safe,
    glossary_is_well_formed,
    *decisions.RULES,
    *labels.RULES,
    *workflows.RULES,
    *language.RULES,
    *sufficiency.RULES,
    *prompts.RULES,
    *readability.RULES,
    signoffs.check,
)
