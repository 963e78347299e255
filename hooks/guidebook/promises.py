"""Promises: what no release may break: every change is announced, and whatever was published is still found.

Asked for the next release, and for each later day on which texts start or end by themselves: then nobody is there to
write a notice, and the nightly run would stop.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from guidebook import announcements, catalog, changes, numbering, pages, permanence, schedule, staging, timeline
from guidebook.announcements import Baseline, Compared
from guidebook.history import Past
from guidebook.library import Library
from guidebook.problems import Problem, ordered
from guidebook.releases import next_version
from guidebook.timeline import Timeline
from guidebook.views import View

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class _Next:
    """An edition as it would be released next, and what that release follows."""

    view: View
    rows: Rows
    last: Baseline | None
    known: Timeline | None


def check(library: Library, editions: Iterable[str], day: dt.date, pasts: Mapping[str, Past]) -> list[Problem]:
    """Return what some editions would break as the next releases after `pasts`, on `day`.

    Raises ReleaseError when what is past cannot be read, or is later than `day`.
    """
    return _broken([_next(staging.view(library, name, day), pasts.get(name, Past())) for name in editions])


def ahead(library: Library, editions: Iterable[str], day: dt.date, pasts: Mapping[str, Past]) -> list[Problem]:
    """Return what some editions would break on later days, each problem once, if released on `day` as they are."""
    found: dict[Problem, None] = {}
    known = {name: pasts.get(name, Past()) for name in editions}
    for before, later in schedule.steps(library, day):
        known = {name: _followed(staging.view(library, name, before), past) for name, past in known.items()}
        broken = _broken([_next(staging.view(library, name, later), past) for name, past in known.items()])
        found |= {replace(one, message=f"from {later} on: {one.message}"): None for one in broken}
    return list(found)


def _next(view: View, past: Past) -> _Next:
    if past.release is not None:
        next_version(view.reader.day, [past.release])  # refuses a day before it
    return _Next(view, _rows(view), past.baseline(), past.read())


def _broken(editions: Sequence[_Next]) -> list[Problem]:
    found: dict[Problem, list[str]] = {}
    gaps: list[Problem] = []
    for one in editions:
        gaps += numbering.check(one.view, one.known)
        for problem in permanence.check(one.view, one.known, one.rows) if one.known else ():
            found.setdefault(problem, []).append(one.view.name)
    lost = [
        replace(problem, message=f"in the {' and '.join(names)} edition: {problem.message}")
        for problem, names in found.items()
    ]
    compared = [Compared(one.view, one.rows, one.last) for one in editions if one.last]
    return ordered([*gaps, *lost, *announcements.check(compared)])


def _rows(view: View) -> Rows:
    return [{**catalog.row(view, one), "sha256": pages.digest(view, one)} for one in view.pages]


def _followed(view: View, past: Past) -> Past:
    """Return what is past when an edition is released as it is; a release of that day that says the same stays."""
    rows, last = _rows(view), past.baseline()
    if last and last.day == view.reader.day and not changes.between(last.rows, rows):
        return past
    release = next_version(view.reader.day, [past.release] if past.release else [])
    data = catalog.dump(view.name, rows).encode()
    return Past(release, data, timeline.extended(past.timeline, data, release))
