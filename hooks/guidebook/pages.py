"""Pages: a document as one reader may see it, written as plain Markdown that any builder reads alike.

The body is edited by the places noted when it was read: what is withheld is cut out, passages are marked, ids become
links, headings get their anchors, snippets take the place of their include. Nothing is parsed a second time.
"""

from __future__ import annotations

import hashlib
import re

from guidebook import configuration, generated, references
from guidebook.documents import Document, Edit, cut
from guidebook.links import plain, reference, relative
from guidebook.markup import Kind, Mark
from guidebook.metadata import Guideline
from guidebook.passages import EFFECTIVE, Passage
from guidebook.references import Target
from guidebook.views import View

_BLANKS = re.compile(r"\n{3,}")


def page(view: View, document: Document) -> str:
    """Return the staged Markdown of `document`: front matter, title, body, and what is generated around it."""
    front = {**view.metadata(document), "description": document.meta.summary}
    front["edition"] = view.name
    front["readers"] = view.readers_of(document.meta.audience)
    parts = [
        "---\n" + configuration.dump(front) + "---",
        f"# {document.meta.title}",
        *generated.before(view, document),
        body(view, document),
        *generated.after(view, document),
    ]
    text = "\n\n".join(part for part in parts if part)
    if document.meta.id == "glossary":
        return text + "\n"
    used = view.terms.used_in(_prose(view, document))
    return "\n\n".join([text, "\n".join(used)]) + "\n" if used else text + "\n"


def body(view: View, document: Document, span: tuple[int, int] | None = None, origin: Document | None = None) -> str:
    """Return the body of `document`, or its part `span`, as the view shows it; links start from `origin`."""
    origin = origin or document
    start, end = span or (0, len(document.body.text))
    edits = [edit for edit in _edits(view, document, origin) if start <= edit[0] and edit[1] <= end]
    return cut(document.body.text, edits, start, end).strip("\n")


def _prose(view: View, document: Document) -> str:
    """Return the visible text of a page without code, for finding terms in it."""
    texts = [document.visible_text(view.reader, masked=True)]
    for mark in document.visible_marks(view.reader):
        if mark.kind is Kind.INCLUDE and mark.target in view.library.documents:
            texts.append(_prose(view, view.library.documents[mark.target]))
    return "\n".join(texts)


def _edits(view: View, document: Document, origin: Document) -> list[Edit]:
    """Return what to change in the body, in order, none inside another."""
    text = document.body.text
    cuts: list[Edit] = []
    for start, end in document.withheld(view.reader):
        while text.startswith("\n", end):
            end += 1  # noqa: PLW2901 - the blank lines after a passage belong to it
        cuts.append((start, end, ""))
    edits = list(cuts)
    for passage in document.passages:
        if not _covered(passage.start, cuts):
            edits += _marking(view, document, passage)
    for heading in document.body.headings:
        if not _covered(heading.start, cuts):
            text_after = f" {{ #{heading.anchor} }}"
            if heading.text == generated.LABEL_SECTION and isinstance(document.meta, Guideline):
                text_after += generated.label_table(view, document, document.meta)
            edits.append((heading.end, heading.end, text_after))
    for mark in document.body.marks:
        if not _covered(mark.start, cuts):
            edits += _mark(view, document, mark, origin)
    for found in _BLANKS.finditer(text):
        in_code = any(first <= found.start() < last for first, last in document.body.fences)
        if not in_code and not any(first < found.end() and found.start() < last for first, last, _ in edits):
            edits.append((found.start(), found.end(), "\n\n"))
    return sorted(edits)


def _covered(offset: int, cuts: list[Edit]) -> bool:
    return any(start <= offset < end for start, end, _ in cuts)


def _marking(view: View, document: Document, passage: Passage) -> list[Edit]:
    first, last = passage.inner
    inner = document.body.text[first:last]
    first += len(inner) - len(inner.lstrip("\n"))
    if passage.name in {EFFECTIVE, document.meta.audience}:
        return [(passage.start, first, ""), (last, passage.end, "")]
    slashes = "/" * _slashes(document, passage)
    title = view.readers_of(passage.name) + (f": {passage.reason.replace('-', ' ')}" if passage.reason else "")
    opening = f"{slashes} admonition | {title}\n    type: withheld\n\n"
    return [(passage.start, first, opening), (last, passage.end, f"\n{slashes}")]


def _slashes(document: Document, passage: Passage) -> int:
    found = re.match(r"/+", document.body.text[passage.start :])
    return len(found[0]) if found else 3


def _mark(view: View, document: Document, mark: Mark, origin: Document) -> list[Edit]:
    if mark.kind in {Kind.FOOTNOTE, Kind.FOOTNOTE_TEXT}:
        return []
    target = references.resolve(view.library, document, mark)
    if not isinstance(target, Target):
        return []
    if mark.kind is Kind.INCLUDE and target.document is not None:
        return [(mark.start, mark.end, body(view, target.document, origin=origin))]
    if mark.kind is Kind.REFERENCE:
        return [(mark.start, mark.end, reference(view, mark.target, target, origin))]
    where = target.document.path if target.document else target.asset.path if target.asset else None
    if where is None or document is origin:
        return []
    anchor = mark.target.partition("#")[2]
    sign = "!" if mark.kind is Kind.IMAGE else ""
    return [(mark.start, mark.end, f"{sign}[{mark.text}]({relative(where, origin.path)}{anchor and '#' + anchor})")]


def clauses(view: View, document: Document) -> list[dict[str, str]]:
    """Return the clauses of `document` the view shows, as data: id, anchor, title, Markdown text and its SHA-256."""
    shown = document.visible_headings(view.reader)
    rows = []
    for at, heading in enumerate(shown):
        if heading.clause is None:
            continue
        following = [other.start for other in shown[at + 1 :] if other.level <= heading.level]
        span = (heading.end, following[0] if following else len(document.body.text))
        cuts = [(a, b, "") for a, b in document.withheld(view.reader) if span[0] <= a and b <= span[1]]
        text = _BLANKS.sub("\n\n", cut(document.body.text, cuts, *span)).strip()
        text = "\n".join(line.rstrip() for line in text.split("\n"))
        title = plain(heading.text.removeprefix(heading.clause).strip())
        digest = hashlib.sha256(f"{heading.clause}\n{title}\n{text}\n".encode()).hexdigest()
        rows.append({"id": heading.clause, "anchor": heading.anchor, "title": title, "text": text, "sha256": digest})
    return rows
