"""Labels: rules by which each label says what a reviewer, an account holder and the DSA database need to know."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from guidebook.documents import Document
from guidebook.library import DOCS, Library
from guidebook.markup import Kind
from guidebook.metadata import OUTCOMES, Guideline, Label
from guidebook.problems import Problem

# Sections of a label, and the fewest lines in each: what is left out is what reviewers get wrong.
SECTIONS = {"Includes": 1, "Excludes": 3}
KEYWORDS = {
    "STATEMENT_CATEGORY_OTHER_VIOLATION_TC": {"KEYWORD_OTHER"},
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD": {
        "KEYWORD_INAUTHENTIC_ACCOUNTS", "KEYWORD_PHISHING", "KEYWORD_PYRAMID_SCHEMES",
        "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING", "KEYWORD_OTHER",
    },
    "STATEMENT_CATEGORY_CONSUMER_INFORMATION": {"KEYWORD_HIDDEN_ADVERTISEMENT", "KEYWORD_OTHER"},
}  # fmt: skip
_BULLET = re.compile(r"(?m)^[-*+] ")

Rule = Callable[[Library, dt.date], Iterator[Problem]]


def _labels(library: Library) -> Iterator[tuple[Document, Label]]:
    for document in library.documents.values():
        if isinstance(document.meta, Label):
            yield document, document.meta


def _problem(document: Document, field: str, rule: str, message: str) -> Problem:
    return Problem(f"{DOCS}/{document.path}", document.lines.get(field, document.lines.get("id", 1)), rule, message)


def labels_are_complete(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that a label that acts, and no other, says how the DSA database calls it."""
    for document, meta in _labels(library):
        named = (meta.dsa_category is not None, meta.dsa_keyword is not None)
        wanted = meta.id not in OUTCOMES
        if named != (wanted, wanted):
            need = "both `dsa_category` and `dsa_keyword`" if wanted else "neither `dsa_category` nor `dsa_keyword`"
            mend = "Add what is missing" if wanted else "Delete them"
            message = f"expected {need} for the label `{meta.id}`. {mend}."
            yield _problem(document, "id", "label-terms", message)
        elif meta.dsa_category and meta.dsa_keyword not in KEYWORDS[meta.dsa_category]:
            known = ", ".join(sorted(KEYWORDS[meta.dsa_category]))
            message = f"`{meta.dsa_keyword}` is no keyword of `{meta.dsa_category}`. Write one of: {known}."
            yield _problem(document, "dsa_keyword", "label-terms", message)
        if (meta.statement is not None) != bool(meta.actions):
            need = "`statement` with ground, explanation and facts" if meta.actions else "no `statement`"
            why = "its actions need a statement of reasons. Add" if meta.actions else "it has no actions. Delete"
            message = f"expected {need} for the label `{meta.id}`: {why} it."
            yield _problem(document, "statement", "label-statement", message)
        acts = meta.severity == "low" and any(action.startswith("DECISION_ACCOUNT") for action in meta.actions)
        if (meta.strike is not None) != acts:
            need = "`strike`: this label acts" if acts else "no `strike`: it is only for a label that acts"
            message = f"expected {need} on accounts at low severity. {'Add' if acts else 'Delete'} it."
            yield _problem(document, "strike", "label-strike", message)


def labels_have_their_sections(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that a label says what it covers, and more than once what it does not."""
    for document, meta in _labels(library):
        headings = document.body.headings
        for title, fewest in SECTIONS.items():
            at = next((index for index, one in enumerate(headings) if one.text == title), None)
            if at is None:
                message = f"expected the section `## {title}` with a list, found none. Add it to `{meta.id}`."
                yield Problem(f"{DOCS}/{document.path}", 1, "label-sections", message)
                continue
            end = headings[at + 1].start if at + 1 < len(headings) else len(document.body.text)
            found = len(_BULLET.findall(document.body.masked[headings[at].end : end]))
            if found < fewest:
                lines = f"{fewest} line{'s' * (fewest > 1)}"
                message = f"expected at least {lines} `- …` below `## {title}`, found {found}. Add what is missing."
                yield Problem(f"{DOCS}/{document.path}", headings[at].line, "label-sections", message)
            if title == "Excludes":
                yield from _lead_nowhere(library, document, headings[at].end, end)


def _lead_nowhere(library: Library, document: Document, start: int, end: int) -> Iterator[Problem]:
    """Yield each line that says what a label excludes and not which label is right there."""
    at = [start + found.start() for found in _BULLET.finditer(document.body.masked[start:end])]
    named = [one for one in document.body.marks if one.kind is Kind.REFERENCE and _may_be_label(library, one.target)]
    for first, last in pairwise([*at, end]):
        if not any(first < mark.start < last for mark in named):
            message = "expected each line below `## Excludes` to name the label that is right there, found none."
            line = document.body.line_at(first)
            yield Problem(f"{DOCS}/{document.path}", line, "label-sections", f"{message} End it at `[label-id]`.")


def _may_be_label(library: Library, name: str) -> bool:
    """Say whether an id names a label; one that names nothing is reported for that."""
    document = library.by_id.get(name)
    return isinstance(document.meta, Label) if document else name not in library.clauses and name not in library.cases


def precedence_is_unique(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that of two labels that fit one item, one wins."""
    taken: dict[tuple[str, int], str] = {}
    for document, meta in _labels(library):
        if meta.status == "retired":
            continue
        shared: dict[str, list[str]] = defaultdict(list)
        for surface in meta.surfaces:
            shared[taken.setdefault((surface, meta.precedence), meta.id)].append(surface)
        for other, surfaces in sorted(shared.items()):
            if other != meta.id:
                where = " and ".join(f"`{surface}`" for surface in surfaces)
                message = f"`{other}` has the precedence {meta.precedence} too, and both can be applied to {where}."
                yield _problem(document, "precedence", "label-precedence", f"{message} Give one another number.")


def labels_are_used(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that a guideline leads to each label."""
    if library.unread:
        return  # a guideline is missing that stands there
    guidelines = [one.meta for one in library.documents.values() if isinstance(one.meta, Guideline)]
    used = {name for one in guidelines if one.status != "retired" for name in one.labels}
    for document, meta in _labels(library):
        if meta.id not in used and meta.status == "in-force":
            message = f"no guideline has `{meta.id}` among its `labels`. Add it to one, or retire the label."
            yield _problem(document, "id", "unused-label", message)


RULES: tuple[Rule, ...] = (labels_are_complete, labels_have_their_sections, precedence_is_unique, labels_are_used)
