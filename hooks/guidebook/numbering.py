"""Numbering: ids that count up, in which what outsiders may not know leaves no gap for them to see.

Whoever reads W09 and W11 knows that there is a W10. So documents for staff count in the upper half of their series.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guidebook.documents import Document
from guidebook.library import DOCS, Library
from guidebook.problems import Problem
from guidebook.timeline import Timeline
from guidebook.views import View

SERIES = {
    "guideline": ("G", 2), "faq": ("F", 2), "workflow": ("W", 2), "notice": ("N", 3), "status": ("S", 3),
    "checklist": ("C", 2),
}  # fmt: skip


def next_id(library: Library, kind: str, *, internal: bool) -> str:
    """Return the next free id of a type in `SERIES`, for a document that stays with staff or for another.

    When one half is full, the numbers go on after all others.
    """
    letter, digits = SERIES[kind]
    taken = [int(name[1:]) for name in library.by_id if re.fullmatch(rf"{letter}\d{{{digits}}}", name)]
    half = [one for one in taken if (one >= _upper(digits)) is internal]
    number = max(half, default=_upper(digits) - 1 if internal else 0) + 1
    return f"{letter}{number if internal or number < _upper(digits) else max(taken) + 1:0{digits}}"


def _upper(digits: int) -> int:
    """Return the first number of the upper half: 51 or 501."""
    return int(10**digits) // 2 + 1


def check(view: View, known: Timeline | None) -> Iterator[Problem]:
    """Yield a problem for each document that an edition withholds and a gap in its numbers would tell of.

    What its readers have seen before they know of anyway, and a draft is on its way to somebody.
    """
    if view.reader.audiences is None:
        return
    highest: dict[str, str] = {}
    for document in filter(_numbered, view.pages):
        series = document.meta.type
        highest[series] = max(highest.get(series, ""), document.meta.id)
    for document in filter(_numbered, view.library.documents.values()):
        meta = document.meta
        seen = view.reader.may_read_audience(meta.audience) or (known and meta.id in known.pages)
        if not seen and meta.status != "draft" and meta.id < highest.get(meta.type, ""):
            message = (
                f"the {view.name} edition shows {highest[meta.type]} and not `{meta.id}`, and the gap tells that there "
                f"is something. Give this a number of staff, as `scripts/guide new {meta.type} --internal` does."
            )
            yield Problem(f"{DOCS}/{document.path}", document.lines.get("id", 1), "number-gap", message)


def _numbered(document: Document) -> bool:
    """Say whether a document has a number in the lower half of a series."""
    digits = SERIES.get(document.meta.type, ("", 0))[1]
    return bool(digits) and document.meta.id[1:].isdigit() and int(document.meta.id[1:]) < _upper(digits)
