"""Pages: a document as one reader may see it, written as plain Markdown that any builder reads alike.

The body is edited by the places noted when it was read: what is withheld is cut out, passages are marked, ids become
links, headings get their anchors, snippets take the place of their include. Nothing is parsed a second time.
Text of the future stands in a box at its place and is data nowhere: it decides no case yet.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from guidebook import configuration, figures, generated, references
from guidebook.documents import Document, Edit, cut, inside
from guidebook.language import Spans
from guidebook.links import escape, reference, relative
from guidebook.markup import Heading, Kind, Mark, plain
from guidebook.metadata import Guideline
from guidebook.passages import EFFECTIVE, Passage
from guidebook.references import Target
from guidebook.views import View

_FENCE = re.compile(r"`{3,}|~{3,}")
_SLASHES = re.compile(r"(?m)^/{3,}(?= )")
_BOLD = re.compile(r"\*{2,}")
_FOOTNOTES = frozenset({Kind.FOOTNOTE, Kind.FOOTNOTE_TEXT})
# Who searches in the middle of a case wants the rule. Guidelines state rules and FAQs apply them. Every other page has
# their words at second hand (a label repeats its clauses, a notice what was new), so there they count half.
_DECIDING = frozenset({"guideline", "faq"})
_OTHERS_COUNT = 0.5


def page(view: View, document: Document) -> str:
    """Return the staged Markdown of `document`: front matter, title, body, and what is generated around it."""
    front = {**view.metadata(document), "description": document.meta.summary}
    front["edition"] = view.name
    front["readers"] = view.readers_of(document.meta.audience)
    front |= _search(document)
    parts = [
        f"# {escape(document.meta.title)}",
        *generated.before(view, document),
        body(view, document),
        *generated.after(view, document),
    ]
    if document.meta.id != "glossary":
        parts.append("\n".join(view.terms.used_in(_prose(view, document))))
    text = tidy("\n\n".join(parts))
    return f"---\n{configuration.dump(front)}---\n\n{text}\n"


def _search(document: Document) -> dict[str, Any]:
    """Return what Material's search is told of a page: how much it counts, and its id, which no heading holds."""
    meta = document.meta
    weight = {} if meta.type in _DECIDING else {"search": {"boost": _OTHERS_COUNT}}
    return weight | ({} if meta.type == "page" else {"tags": [meta.id]})


def body(view: View, document: Document, origin: Document | None = None) -> str:
    """Return the body of `document` as the view shows it; links start from `origin`, the page it stands on."""
    return cut(document.body.text, _edits(view, document, origin or document))


def tidy(text: str) -> str:
    """Return text with no blank line at its ends and no two in a row, except in code.

    So what was cut out leaves no trace, however many blank lines stood around it.
    """
    rows: list[str] = []
    fence = ""
    for row in text.split("\n"):
        if fence:
            fence = "" if row.rstrip() == fence else fence
        elif found := _FENCE.match(row):
            fence = found[0]
        elif not row.strip():
            if rows and rows[-1]:
                rows.append("")
            continue
        rows.append(row)
    return "\n".join(rows).rstrip("\n")


def _prose(view: View, document: Document) -> str:
    """Return the visible text of a page without code, but with its cases, for finding terms in it."""
    cases = [f"{one.fields.text} {one.fields.reason}" for one in document.visible_cases(view.reader)]
    includes = (mark.target for mark in document.visible_marks(view.reader) if mark.kind is Kind.INCLUDE)
    included = (_prose(view, view.library.documents[path]) for path in includes)
    return "\n".join([document.visible_text(view.reader, masked=True), *cases, *included])


def _edits(
    view: View, document: Document, origin: Document, *, plain_text: bool = False, since: dt.date | None = None
) -> list[Edit]:
    """Return what to change in the body, in order, none in another; plain text keeps ids and headings as they are.

    With `since` the whole body stands in the box of a text that starts on that day, and is read as of then.
    """
    reader = view.reader.on(since) if since else view.reader
    boxes = [] if plain_text or since else document.coming(reader)
    gone = _gone(view, document, document.unseen(reader) if boxes else document.withheld(reader), boxes)
    boxes = [one for one in boxes if not inside(one.start, gone)]

    def starts(offset: int) -> dt.date | None:
        """Return the day on which the text at `offset` comes into force; None where it is."""
        return since or next((one.since for one in boxes if one.start < offset < one.end), None)

    marks = [mark for mark in document.body.marks if not inside(mark.start, gone)]
    notes = {mark.target for mark in marks if mark.kind is Kind.FOOTNOTE_TEXT and starts(mark.start)}
    edits: list[Edit] = [(start, end, "") for start, end in gone]
    for mark in marks:
        later = starts(mark.start)
        if mark.kind in _FOOTNOTES:
            edits += [_note(mark)] if later and mark.target in notes else _footnote(document, mark, origin)
        elif not (plain_text and mark.kind is Kind.REFERENCE):
            edits += _mark(view, document, mark, origin, plain_text=plain_text, since=later)
    if not plain_text:
        edits += (edit for edit in _figures(view, document, starts) if not inside(edit[0], gone))
        digests = {} if since else {clause["id"]: clause["sha256"] for clause in clauses(view, document)}
        for heading in document.body.headings:
            if not inside(heading.start, gone):
                later = starts(heading.start)
                edits += _bold(document, heading) if later else _heading(view, document, heading, digests)
    for passage in reversed(document.passages):  # inner before outer: a box has more slashes than those in it
        if not inside(passage.start, gone):
            edits += _marking(view, document, passage, sorted(edits), coming=passage in boxes, plain_text=plain_text)
    return sorted(edits)


def _figures(view: View, document: Document, starts: Callable[[int], dt.date | None]) -> Iterator[Edit]:
    """Yield the trees and the cases as a reader sees them, in the place of their data, and a picture above steps."""
    for tree in document.trees:
        since = starts(tree.start)
        drawn = figures.coming_tree(view, document, tree, since) if since else figures.tree(view, document, tree)
        yield tree.start, tree.end, drawn
    for procedure in document.procedures:
        if starts(procedure.start) is None:
            yield procedure.start, procedure.start, figures.picture(document, procedure)
    for case in document.cases:
        later = starts(case.start) is not None
        yield case.start, case.end, figures.coming_case(case) if later else figures.case(view, document, case)


def _bold(document: Document, heading: Heading) -> Iterator[Edit]:
    """Yield a heading of the future as a bold line: it has no anchor, and what it heads is no clause yet."""
    line = document.body.text[heading.start : heading.end]
    first, last = len(line) - len(line.lstrip("# ")), len(line.rstrip(" "))
    yield heading.start, heading.start + first, "**"
    for found in _BOLD.finditer(document.body.masked, heading.start + first, heading.start + last):
        if not any(mark.start <= found.start() < mark.end for mark in document.body.marks):
            yield found.start(), found.end(), ""  # bold in bold would end it
    yield heading.start + last, heading.end, "**\n"


def _heading(view: View, document: Document, heading: Heading, digests: dict[str, str]) -> Iterator[Edit]:
    """Yield the anchor of a heading, and what the build adds to its section."""
    if heading.clause is None:
        after = f" {{ #{heading.anchor} }}"
        if heading.text == generated.LABEL_SECTION and isinstance(document.meta, Guideline):
            after += f"\n\n{generated.label_table(view, document, document.meta)}\n\n"
        yield heading.end, heading.end, after
        return
    names = f"#{heading.anchor} .clause data-clause={heading.clause} data-sha256={digests[heading.clause]}"
    yield heading.end, heading.end, f" {{ {names} }}"
    asked = generated.known_questions(view, document, heading.clause)
    if asked:
        end = _end(view, document, heading)
        for box in reversed(document.coming(view.reader)):
            if heading.end <= box.start and box.end <= end and not document.body.text[box.end : end].strip():
                end = box.start  # what comes after the text of a clause is no part of it
        yield end, end, f"\n\n{asked}\n\n"


def _gone(view: View, document: Document, spans: Spans, boxes: list[Passage]) -> Spans:
    """Return what is not shown, and with it each passage that is left with nothing in it."""
    for mark in document.body.marks:
        if mark.kind is Kind.INCLUDE and any(one.start < mark.start < one.end for one in boxes):
            snippet = view.library.documents.get(mark.target)
            if snippet and not view.reader.may_read(snippet) and not inside(mark.start, spans):
                spans = sorted([*spans, (mark.start, mark.end)])
    for passage in reversed(document.passages):  # inner before outer
        first, last = passage.inner
        left = cut(document.body.text, [(a, b, "") for a, b in spans if first <= a and b <= last], first, last)
        if not left.strip():
            spans = [span for span in spans if not (first <= span[0] < last)]
            spans = sorted([*spans, (passage.start, passage.end)])
    return spans


def _marking(  # noqa: PLR0913 - each by its name
    view: View, document: Document, passage: Passage, edits: list[Edit], *, coming: bool, plain_text: bool
) -> list[Edit]:
    """Return the markers of a shown passage as a box, or as nothing when its readers are those of the page.

    `edits` are all those in it: a box has as many slashes as what it shows needs, however many its source has.
    """
    first, last = passage.inner
    kind, title = "coming", ""
    if coming and passage.since:
        title = f"From {generated.written(passage.since)}"
        title += f" until {_last_day(passage.until)}" if passage.until else ""
    elif passage.name in {EFFECTIVE, document.meta.audience}:
        until = f"\n\nUntil {_last_day(passage.until)}.\n{{ .gb-until }}\n" if passage.until and not plain_text else ""
        return [(passage.start, first, "\n"), (last, passage.end, f"{until}\n")]
    else:
        kind, title = "withheld", view.readers_of(passage.name)
        title += f": {passage.reason.replace('-', ' ')}" if passage.reason else ""
    text = cut(document.body.text, [edit for edit in edits if first <= edit[0] and edit[1] <= last], first, last)
    slashes = "/" * (max((len(run) for run in _SLASHES.findall(text)), default=2) + 1)
    return [
        (passage.start, first, f"{slashes} admonition | {escape(title)}\n    type: {kind}\n\n"),
        (last, passage.end, f"\n{slashes}"),
    ]


def _last_day(until: dt.date) -> str:
    return generated.written(until - dt.timedelta(days=1))


def _footnote(document: Document, mark: Mark, origin: Document) -> list[Edit]:
    """Return a footnote as it stands on the page `origin`: one of a snippet carries the snippet's id."""
    return [] if document is origin else [(mark.start, mark.end, f"[^{document.meta.id}-{mark.target}]")]


def _note(mark: Mark) -> Edit:
    """Return a footnote of the future as text in its box: at the foot of the page it would be one in force."""
    return mark.start, mark.end, f" (note {mark.target})" if mark.kind is Kind.FOOTNOTE else f"\n- Note {mark.target}"


def _mark(  # noqa: PLR0913 - each by its name
    view: View, document: Document, mark: Mark, origin: Document, *, plain_text: bool, since: dt.date | None
) -> list[Edit]:
    """Return a mark as it stands on the page `origin`; what starts `since` a later day can name what is not there."""
    target = None if mark.kind in _FOOTNOTES else references.resolve(view.library, document, mark)
    if not isinstance(target, Target):
        return []
    if mark.kind is Kind.INCLUDE and target.document is not None:
        edits = _edits(view, target.document, origin, plain_text=plain_text, since=since)
        return [(mark.start, mark.end, f"\n\n{cut(target.document.body.text, edits)}\n\n")]
    if since and references.why_hidden(target, view.reader):
        return [(mark.start, mark.end, mark.text)]
    if mark.kind is Kind.REFERENCE:
        return [(mark.start, mark.end, reference(view, mark.target, references.seen(target, view.reader), origin))]
    where = target.document.path if target.document else target.asset.path if target.asset else None
    if where is None or document is origin:
        return []
    anchor = mark.target.partition("#")[2]
    sign = "!" if mark.kind is Kind.IMAGE else ""
    return [(mark.start, mark.end, f"{sign}[{mark.text}]({relative(where, origin.path)}{anchor and '#' + anchor})")]


def clauses(view: View, document: Document) -> list[dict[str, str]]:
    """Return the clauses of `document` the view shows, as data: id, anchor, title, Markdown text and its SHA-256."""
    shown = [heading for heading in document.visible_headings(view.reader) if heading.clause]
    edits = _edits(view, document, document, plain_text=True) if shown else []
    rows = []
    for heading in shown:
        end = _end(view, document, heading)
        own = [edit for edit in edits if heading.end <= edit[0] and edit[1] <= end]
        text = tidy(cut(document.body.text, own, heading.end, end))
        text = "\n".join(line.rstrip() for line in text.split("\n"))
        title = plain(heading.text.removeprefix(str(heading.clause)).strip())
        digest = hashlib.sha256(f"{heading.clause}\n{title}\n{text}\n".encode()).hexdigest()
        row = {"id": str(heading.clause), "anchor": heading.anchor, "title": title, "text": text, "sha256": digest}
        rows.append(row)
    return rows


def digest(view: View, document: Document) -> str:
    """Return the SHA-256 of what a page itself says in an edition: not of what other documents add to it."""
    said = {key: value for key, value in view.metadata(document).items() if key not in _ABOUT}
    text = tidy(cut(document.body.text, _edits(view, document, document, plain_text=True)))
    return hashlib.sha256(f"{json.dumps(said, sort_keys=True)}\n{text}\n".encode()).hexdigest()


# Fields that no reader of the page sees: they order, remind and lead there.
_ABOUT = frozenset({"order", "review_by", "searched_as", "wording"})


def _end(view: View, document: Document, clause: Heading) -> int:
    """Return where the text of a clause ends: with the passage it stands in, or where a heading of its rank follows."""
    ends = [one.inner[1] for one in document.passages if one.start < clause.start < one.end]
    for heading in document.visible_headings(view.reader):
        if heading.start > clause.start and heading.level <= clause.level:
            around = [one.start for one in document.passages if clause.start < one.start < heading.start < one.end]
            ends += [heading.start, *around]
    return min(ends, default=len(document.body.text))
