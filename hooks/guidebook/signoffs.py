"""Sign-offs: who has to say, and by when, that people are ready for a change that decides cases otherwise.

A substantive notice needs a sign-off of three roles, none of them by the role that wrote it: the policy owner signs in
its place. Each is dated, on or before the first day of what the notice announces. A day to come is a promise and no
sign-off: until that day it counts as missing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from guidebook.documents import Document
from guidebook.library import DOCS, Library
from guidebook.metadata import Notice
from guidebook.problems import Problem, Severity

ROLES = ("Training", "Quality", "Vendor Management")
STAND_IN = "Spam Policy"
WORKING_DAYS = 5  # a brief reaches vendors ten working days before the first day; a gap found later cannot be closed
_WEEKEND = 5
_SENTENCE = 3  # words; the dots of a message that was copied are none


@dataclass(frozen=True)
class Signoff:
    """One sign-off that a notice needs: by which role, when it is due, and when it was given, if it was."""

    role: str
    due: dt.date
    given: dt.date | None

    def late(self, day: dt.date) -> bool:
        """Say whether it was given late, or is missing on a `day` after it was due."""
        return (self.given or day) > self.due


def needed(meta: Notice, day: dt.date) -> list[Signoff]:
    """Return the sign-offs that a notice needs, with those given by `day`.

    It needs none when it is editorial, or restores a text that was signed.
    """
    if meta.kind != "substantive" or meta.restores:
        return []
    roles = [STAND_IN if role == meta.owner else role for role in ROLES]
    given: dict[str, dt.date] = {role: date for role, date in meta.signed.items() if date <= day}
    return [Signoff(role, due(meta.starts), given.get(role)) for role in roles]


def due(starts: dt.date) -> dt.date:
    """Return the day by which sign-offs are due: five working days, Monday to Friday, before the first day."""
    day, left = starts, WORKING_DAYS
    while left:
        day -= dt.timedelta(days=1)
        left -= day.weekday() < _WEEKEND
    return day


def check(library: Library, day: dt.date) -> Iterator[Problem]:
    """Yield what is wrong with the sign-offs of notices: an error once the change is in force, a warning when late."""
    for document in library.documents.values():
        meta = document.meta
        if isinstance(meta, Notice) and meta.status == "in-force":
            yield from _notice(document, meta, day)
            yield from _justified(document, meta)


def _notice(document: Document, meta: Notice, day: dt.date) -> Iterator[Problem]:
    path, line = f"{DOCS}/{document.path}", document.lines.get("signed", document.lines.get("kind", 1))
    wanted = needed(meta, day)
    missing = [one for one in wanted if one.given is None and one.role not in meta.signed]
    if missing and meta.starts <= day:
        found = "none" if len(missing) == len(wanted) else f"none by {_and([one.role for one in missing])}"
        message = (
            f"expected the sign-offs of {_and([one.role for one in wanted])} by {meta.starts}, found {found}. Enter "
            "role and day under `signed`, or move the first day of the change."
        )
        yield Problem(path, line, "sign-offs", message)
    elif missing and any(one.late(day) for one in missing):
        message = (
            f"the sign-offs of {_and([one.role for one in missing])} were due on {missing[0].due}; without them "
            f"nothing is published from {meta.starts} on. Get them, or move the first day."
        )
        yield Problem(path, line, "sign-offs", message, Severity.WARNING)
    for role, given in meta.signed.items():
        where = document.lines.get(f"signed.{role}", line)
        if role == meta.owner:
            message = f"expected no sign-off by {role}, which wrote the notice (`owner`), found one. {STAND_IN} signs."
            mend = message if role != STAND_IN else message.replace(f" {STAND_IN} signs.", " Delete it.")
            yield Problem(path, where, "sign-offs", mend)
        elif role not in {one.role for one in wanted} and wanted:
            message = f"expected sign-offs by {_and([one.role for one in wanted])}, found one by {role}. Delete it."
            yield Problem(path, where, "sign-offs", message)
        elif given > day:
            message = f"expected a day up to today, {day}, found {given}. Enter the sign-off when it is given."
            yield Problem(path, where, "sign-offs", message)
        elif given > meta.starts:
            message = (
                f"expected the sign-off on or before {meta.starts}, the first day, found {given}. Mend one of them."
            )
            yield Problem(path, where, "sign-offs", message)


def _justified(document: Document, meta: Notice) -> Iterator[Problem]:
    path = f"{DOCS}/{document.path}"
    for name, why in meta.justified.items():
        line = document.lines.get(f"justified.{name}", document.lines.get("kind", 1))
        if len(re.findall(r"\w+", why)) < _SENTENCE:
            message = f"expected a sentence on why `{name}` decides no case otherwise, found `{why}`. Write it."
            yield Problem(path, line, "justified", message)
        if name not in meta.changes:
            message = f"expected one of the notice's `changes`, found `{name}`. Name it there, or delete it here."
            yield Problem(path, line, "justified", message)


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
