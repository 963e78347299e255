"""Workflows: rules by which a procedure can be followed to its end, by people whose roles are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from guidebook import drawing, glossary
from guidebook.documents import Document
from guidebook.library import DOCS, Library
from guidebook.markup import plain
from guidebook.metadata import Workflow
from guidebook.problems import Problem
from guidebook.steps import COLUMNS, Procedure

Rule = Callable[[Library, dt.date], Iterator[Problem]]


def _procedures(library: Library) -> Iterator[tuple[Document, Procedure]]:
    for document in library.documents.values():
        yield from ((document, procedure) for procedure in document.procedures)


def _problem(document: Document, line: int, message: str) -> Problem:
    return Problem(f"{DOCS}/{document.path}", line, "steps", message)


def workflows_have_steps(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that each workflow in force says who does what, by when, and what is written down."""
    for document in library.documents.values():
        refused = any(one.rule == "steps" and one.path == f"{DOCS}/{document.path}" for one in library.problems)
        needed = isinstance(document.meta, Workflow) and document.meta.status == "in-force"
        if needed and not document.procedures and not refused:
            message = f"expected a table `| {' | '.join(COLUMNS)} |` in a workflow, found none. Add its steps."
            yield _problem(document, 1, message)


def steps_are_reached(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that a way leads to each step."""
    for document, procedure in _procedures(library):
        ways = {str(step.number): [way.to for way in step.ways] for step in procedure.steps}
        reached: set[str] = set()
        left = ["1"]
        while left:
            at = left.pop()
            if at not in reached:
                reached.add(at)
                left += ways.get(at, [])
        for step in procedure.steps:
            if str(step.number) not in reached:
                message = f"no way leads to step {step.number}. Name it in `Next` of another step, or delete it."
                yield _problem(document, step.line, message)


def roles_are_defined(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that the glossary says who each role is."""
    page = library.by_id.get("glossary")
    if page is None:
        return
    known = {term.lower() for term in glossary.read(page.body.text).definitions}
    for document, procedure in _procedures(library):
        for step in procedure.steps:
            role = plain(step.role)
            if role.lower() not in known:
                message = f"expected a role that the glossary defines, found `{role}`. Mend it, or define it there."
                yield _problem(document, step.line, message)


def pictures_have_their_place(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that no file stands where the build puts the picture of a procedure."""
    for document, procedure in _procedures(library):
        path = drawing.picture(document.path, procedure)
        if path in library.assets:
            message = f"the build draws these steps as {DOCS}/{path}, and a file stands there. Rename the file."
            yield _problem(document, procedure.line, message)


RULES: tuple[Rule, ...] = (
    workflows_have_steps,
    steps_are_reached,
    roles_are_defined,
    pictures_have_their_place,
)
