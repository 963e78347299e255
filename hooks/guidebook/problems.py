"""Problems: what is wrong in a library, where, and how to mend it.

Everything that can be wrong with a source becomes a `Problem`; nothing in the core prints or raises for bad input.
A check collects them all, drops doubles, orders them and fails once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad: an error stops every build, a warning is only shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: `path` is relative to the project, `line` starts at 1, `rule` is a slug: `dates-in-order`.

    The message says what was expected, what was found and how to mend it.
    """

    path: str
    line: int
    rule: str
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Give the line editors and terminals can jump to."""
        note = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.path}:{self.line}: {note}{self.message} [{self.rule}]"


class ProblemsError(Exception):
    """Raised where a step needs a clean library and was handed one with errors; carries all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, ordered and without doubles."""
        self.problems = ordered(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def ordered(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by path, line and rule, none twice."""
    return sorted(set(problems))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return only what stops a build."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]
