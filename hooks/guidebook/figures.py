"""Figures: tree, cases and pictures of a page, as Markdown that reads well in print and without a script.

The script of the site builds on the lists and boxes written here: the tree one question at a time, the cases to filter
and to practise with. It knows no more than what stands in them.
"""

from __future__ import annotations

import datetime as dt
import json
import posixpath
from collections.abc import Callable

from guidebook import drawing, references
from guidebook.cases import Case
from guidebook.documents import Document
from guidebook.generated import written
from guidebook.library import DOCS
from guidebook.links import escape, link
from guidebook.metadata import Guideline
from guidebook.problems import Problem, ProblemsError
from guidebook.references import Target
from guidebook.steps import Procedure
from guidebook.trees import Answer, Leaf, Tree, anchor, asked, walk
from guidebook.views import View

# Slashes of a box that holds one of these: an outer box needs more than the boxes in it.
AROUND = 2


def tree(view: View, document: Document, drawn: Tree) -> str:
    """Return a tree as a numbered list of questions, below each its answers and where they lead."""
    numbers = {question.id: number for number, question in enumerate(drawn.questions, 1)}
    rows = []
    for question in drawn.questions:
        rows.append(f"{numbers[question.id]}. {question.ask}\n    {{ #{anchor(document.meta.id, question.id)} }}")
        rows += [f"    - **{answer.text}**: {_leads(view, document, answer, numbers)}" for answer in question.answers]
    return _box("gb-tree", {"data-tree": document.meta.id}, "\n".join(rows))


def coming_tree(view: View, document: Document, drawn: Tree, since: dt.date) -> str:
    """Return a tree of the future as a plain list: it has no anchors, and no script leads anybody through it yet."""
    numbers = {question.id: number for number, question in enumerate(drawn.questions, 1)}

    def named(name: str) -> str:
        """Return a link to what is there today; the bare id of what starts with the tree, and nothing else."""
        target = references.by_id(view.library, name)
        if not isinstance(target, Target) or not references.why_hidden(target, view.reader):
            return link(view, name, document)
        why = references.why_hidden(target, view.reader.on(since))
        if why:  # the check says so earlier, and better
            message = f"`{name}` is not in the {view.name} edition, where this is shown: {why}. Mend the check."
            raise ProblemsError([Problem(f"{DOCS}/{document.path}", drawn.line, "hidden-reference", message)])
        return name

    rows = [f"The decision tree from {written(since)}:\n"]
    for question in drawn.questions:
        rows.append(f"{numbers[question.id]}. {question.ask}")
        for answer in question.answers:
            leads = _ends(answer.leaf, named) if answer.leaf else f"question {numbers[str(answer.go)]}"
            rows.append(f"    - **{answer.text}**: {leads}")
    return _box("gb-tree-coming", {}, "\n".join(rows))


def _leads(view: View, document: Document, answer: Answer, numbers: dict[str, int]) -> str:
    if answer.leaf is None:
        go = str(answer.go)
        return f"[question {numbers[go]}](#{anchor(document.meta.id, go)}){{ .gb-go }}"
    return _ends(answer.leaf, lambda name: link(view, name, document))


def _ends(leaf: Leaf, named: Callable[[str], str]) -> str:
    escalate = named(leaf.escalate) if leaf.escalate else ""
    by = f"({named(leaf.clause)})"
    if leaf.label is None:
        return f"escalate by {escalate} {by}"
    return f"{named(leaf.label)} {by}" + (f", and escalate by {escalate}" if escalate else "")


def picture(document: Document, procedure: Procedure) -> str:
    """Return the picture of a procedure, for above its table."""
    name = posixpath.basename(drawing.picture(document.path, procedure))
    return f"![Who does what, in which order: the steps of the table below]({name}){{ .gb-steps }}\n\n"


def case(view: View, document: Document, worked: Case) -> str:
    """Return a case as a box: the facts, then the answer, the reason, and the cases to compare with."""
    fields = worked.fields
    tree_now = document.visible_tree(view.reader)
    leaf = walk(tree_now, fields.answers).leaf if tree_now else None
    answer = f"**Label:** {link(view, fields.label, document)}. **Clause:** {link(view, fields.clause, document)}."
    if leaf and leaf.escalate and leaf.label:
        answer += f" **Escalate** by {link(view, leaf.escalate, document)}."
    facts = f"{fields.verdict.replace('-', ' ').capitalize()} · {fields.surface.capitalize()} · {fields.language}"
    rows = [
        f"#### {fields.id} {escape(fields.title)} {{ #{worked.anchor} }}",
        f"{facts}\n{{ .gb-case__facts }}",
        f"{fields.text}\n{{ .gb-case__text }}",
        f"{answer}\n{{ .gb-case__answer }}",
        f"{fields.reason}\n{{ .gb-case__reason }}",
    ]
    others = [link(view, one.id, document) for one in contrasts(view, document, worked)]
    if others:
        rows.append(f"Compare with {' and '.join(others)}.\n{{ .gb-case__contrast }}")
    given = {
        "data-case": fields.id,
        "data-verdict": fields.verdict,
        "data-label": fields.label,
        "data-clause": fields.clause,
        "data-surface": fields.surface,
        "data-set": fields.set,
        "data-answers": "; ".join(f"{name}={text}" for name, text in asked(tree_now, fields.answers).items()),
    }
    box = _box("gb-case", given, "\n\n".join(rows))
    if not worked.kept_back:
        return box
    slashes = "/" * (3 + AROUND - 1)
    return f"{slashes} admonition | Staff only: {fields.set} case\n    type: withheld\n\n{box}\n\n{slashes}"


def coming_case(worked: Case) -> str:
    """Return the line that stands for a case of the future."""
    return f"\nCase {worked.id}: {escape(worked.fields.title)}\n"


def contrasts(view: View, document: Document, worked: Case) -> list[Case]:
    """Return the cases that differ from this one in one fact, whichever of two says so."""
    shown = document.visible_cases(view.reader) if isinstance(document.meta, Guideline) else []
    return [one for one in shown if one.id == worked.fields.contrast or one.fields.contrast == worked.id]


def _box(name: str, given: dict[str, str], text: str) -> str:
    attributes = json.dumps({"class": name, **given}, ensure_ascii=False)
    return f"/// html | div\n    attrs: {attributes}\n\n{text}\n\n///"
