"""Schedule: the days ahead on which a library changes by itself, and what would be wrong with it on them.

A dated text comes into force by the nightly run, when nobody is there to mend it. So the rules are asked for those days
as well, while the change is still a pull request.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import pairwise

from guidebook import decisions, rules, signoffs
from guidebook.library import DOCS, Library
from guidebook.metadata import Notice
from guidebook.problems import Problem, errors, ordered

AHEAD = 12  # so many days are looked at: what is further off is looked at again before it comes near
# Rules that watch the clock alone: that a date comes near is nothing to mend today.
WATCHES: frozenset[rules.Rule] = frozenset({rules.reviews_are_held, decisions.faqs_are_fresh, signoffs.check})

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def boundaries(library: Library, day: dt.date) -> list[dt.date]:
    """Return each day after `day` on which a document, a passage or what is announced starts or ends, in order."""
    found: set[dt.date | None] = set()
    for document in library.documents.values():
        meta = document.meta
        found |= {meta.valid_from, meta.expires, meta.effective if isinstance(meta, Notice) else None}
        found |= {date for passage in document.passages for date in (passage.since, passage.until)}
    return sorted(date for date in found if date and date > day)


def steps(library: Library, day: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Return the days ahead that are looked at, each after the one before it, `day` itself being the first of these."""
    later = boundaries(library, day)[:AHEAD]
    return list(pairwise([day, *later]))


def check(library: Library, day: dt.date) -> list[Problem]:
    """Return every problem of the library on `day`, and the errors that it has from a later day on, each once."""
    problems = rules.check(library, day)
    if any(problem.path == DOCS for problem in problems):
        return problems
    known = {_undated(problem) for problem in problems}
    for _, later in steps(library, day):
        for rule in rules.RULES:
            for problem in errors(rule(library, later)) if rule not in WATCHES else ():
                if _undated(problem) not in known:
                    known.add(_undated(problem))
                    problems.append(replace(problem, message=f"from {later} on: {problem.message}"))
    return ordered(problems)


def _undated(problem: Problem) -> Problem:
    """Return a problem without the days it names, as it is compared with those of other days."""
    return replace(problem, message=_DATE.sub("", problem.message))
