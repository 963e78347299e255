"""Readiness: the table of the launch page: what is coming, what is signed, what is missing, what is late.

It names days and never how many are left, so it differs from one night to the next only when something has become late.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from guidebook import signoffs
from guidebook.documents import Document
from guidebook.links import escape, link
from guidebook.metadata import Notice
from guidebook.signoffs import Signoff
from guidebook.views import View

PAGE = "launches"


def parts(view: View, page: Document) -> Iterator[str]:
    """Yield the Markdown of what is coming after the day of the view, soonest first: notices, then dated texts."""
    coming = sorted(
        (document.meta.starts, document.meta.id, document)
        for document in view.library.documents.values()
        if isinstance(document.meta, Notice) and document.meta.starts > view.reader.day
    )
    yield "## Changes to come { #changes-to-come }"
    if coming:
        rows = [_row(view, page, document) for _, _, document in coming]
        yield _table(["First day", "Notice", "Kind", "Signed", "Missing", "Due"], rows)
    else:
        yield "No notice announces a later day."
    yield "## Dated texts { #dated-texts }"
    dated = sorted(_dated(view, page))
    yield _table(["Day", "Page", "What happens"], [list(row) for row in dated]) if dated else "No text is dated."


def _row(view: View, page: Document, document: Document) -> list[str]:
    meta = document.meta
    assert isinstance(meta, Notice)  # noqa: S101 - `parts` asks for no other
    day = view.reader.day
    wanted = signoffs.needed(meta, day)
    given = [_given(one, one.given) for one in wanted if one.given]
    missing = [f"**{one.role}, late**" if one.late(day) else one.role for one in wanted if not one.given]
    shown = view.reader.may_read(document)
    title = f"{link(view, meta.id, page)} {escape(meta.title)}" if shown else f"{meta.id} {escape(meta.title)}"
    due = _day(wanted[0].due) if wanted else "none needed"
    return [_day(meta.starts), title, meta.kind, "<br>".join(given), "<br>".join(missing), due]


def _given(one: Signoff, day: dt.date) -> str:
    return f"{one.role} {_day(day)}{' (late)' if one.late(day) else ''}"


def _day(day: dt.date) -> str:
    """Return a day as an element that stays in one line: a plain one would be parted at its hyphens."""
    return f"<time>{day}</time>"


def _dated(view: View, page: Document) -> Iterator[tuple[str, str, str]]:
    """Yield the day, the page and what happens for each text that starts or ends after the day of the view."""
    day = view.reader.day
    for document in view.library.documents.values():
        meta = document.meta
        shown = view.reader.may_read(document)
        name = f"{link(view, meta.id, page)} {escape(meta.title)}" if shown else f"{meta.id} {escape(meta.title)}"
        if meta.valid_from > day:
            yield _day(meta.valid_from), name, "The page comes into force."
        if meta.expires and meta.expires > day:
            yield _day(meta.expires), name, "The page is no longer in force."
        for passage in document.passages:
            if passage.since and passage.since > day:
                yield _day(passage.since), name, "A passage comes into force."
            if passage.until and passage.until > day:
                yield _day(passage.until), name, "A passage is no longer in force."


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
