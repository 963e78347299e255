"""Generated parts of a page: what follows from other documents is written by the build, never by hand twice."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Iterator

from guidebook import readiness, references
from guidebook.changes import tree_id
from guidebook.documents import Document
from guidebook.links import escape, link, relative
from guidebook.metadata import Faq, Guideline, Label, Notice, Status
from guidebook.navigation import neighbours
from guidebook.references import Target
from guidebook.views import View

LABEL_SECTION = "Labels and actions"
JUMPS = ("Decision tree", LABEL_SECTION, "Cases", "Exceptions and precedence", "Escalate when")

ACTIONS = {
    "DECISION_VISIBILITY_CONTENT_REMOVED": "Remove the content",
    "DECISION_VISIBILITY_CONTENT_DISABLED": "Block access to the content",
    "DECISION_VISIBILITY_CONTENT_DEMOTED": "Show the content less",
    "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED": "Limit saves and comments",
    "DECISION_VISIBILITY_CONTENT_LABELLED": "Show a warning on the content",
    "DECISION_ACCOUNT_SUSPENDED": "Suspend the account",
    "DECISION_ACCOUNT_TERMINATED": "Close the account",
    "DECISION_MONETARY_SUSPENSION": "Pause payments",
    "DECISION_MONETARY_TERMINATION": "End payments",
    "DECISION_PROVISION_PARTIAL_SUSPENSION": "Suspend part of the service",
    "DECISION_PROVISION_TOTAL_SUSPENSION": "Suspend the service",
    "DECISION_PROVISION_PARTIAL_TERMINATION": "End part of the service",
    "DECISION_PROVISION_TOTAL_TERMINATION": "End the service",
}


def before(view: View, document: Document) -> Iterator[str]:
    """Yield the parts that stand between the title and the body."""
    meta = document.meta
    if meta.status == "draft":
        yield '!!! warning "Draft: not in force"\n\n    Only staff see this page. It changes no decision yet.'
    if meta.status == "retired":
        yield '!!! warning "Retired"\n\n    This text is kept for reference. It decides no new case.'
    match meta:
        case Guideline():
            yield _jumps(view, document)
        case Label():
            yield _label_facts(view, meta)
        case Faq() if view.shows_field("answers"):
            yield f"**Answers:** {_links(view, document, meta.answers)}"
        case Notice() if view.shows_field("changes"):
            kind = f"**{meta.kind.capitalize()} change** to " if view.shows_field("kind") else "**Changes** "
            names = ", ".join(changed(view, name, document) for name in view.names(meta))
            since = f", from {written(meta.effective)} on" if meta.effective and view.shows_field("effective") else ""
            yield f"{kind if names else kind.removesuffix(' to ').rstrip()}{names}{since}"
        case Status():
            yield _status(view, meta)


def _jumps(view: View, document: Document) -> str:
    """Return links to the sections that decide a case: a reviewer has seconds, and the reasons stand above them."""
    shown = {heading.text: heading.anchor for heading in document.visible_headings(view.reader)}
    jumps = [f"[{title}](#{shown[title]})" for title in JUMPS if title in shown]
    return "\n".join([*jumps, "{ .gb-jump }"]) if jumps else ""


def after(view: View, document: Document) -> Iterator[str]:
    """Yield the parts that stand after the body."""
    match document.meta:
        case Guideline():
            yield _retired(view, document)
            yield _history(view, document, _things(view, document))
        case Label() as label:
            yield _statement(view, label)
            yield _used_by(view, document)
            yield _history(view, document, [label.id])
    if document.meta.id == readiness.PAGE and view.reader.audiences is None:
        yield from readiness.parts(view, document)
    if posixpath.basename(document.path) == "index.md" and posixpath.dirname(document.path):
        yield _children(view, document)


def _links(view: View, document: Document, names: list[str]) -> str:
    return ", ".join(link(view, name, document) for name in names)


def changed(view: View, name: str, origin: Document) -> str:
    """Return Markdown for what a notice changes: a link, or the plain name of what is gone or not yet there."""
    page = name.removeprefix("tree/")
    target = references.by_id(view.library, page)
    document, _ = view.library.retired.get(name, (None, None))
    if document and name in document.retired(view.reader.day):
        shown = view.reader.may_read(document) and view.shows_field("retired")
        anchor = name.lower().replace(".", "-")
        return f"[{name}]({relative(document.path, origin.path)}#{anchor}){{ .clause }}" if shown else name
    if not isinstance(target, Target) or references.why_hidden(target, view.reader):
        return name
    return link(view, page, origin) if page == name else f"the decision tree of {link(view, page, origin)}"


def written(day: dt.date) -> str:
    """Return a day as it is written in a sentence: 1 December 2026."""
    return f"{day.day} {day:%B %Y}"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _actions(view: View, label: Label) -> str:
    steps = [ACTIONS[action] for action in label.actions]
    if label.escalate and view.shows_field("escalate"):
        steps.append("Escalate")
    return ", then ".join([steps[0], *(step[0].lower() + step[1:] for step in steps[1:])]) if steps else "None"


def label_table(view: View, document: Document, meta: Guideline) -> str:
    """Return the table of a guideline's labels."""
    if not view.shows_field("labels"):
        return ""
    rows = []
    for name in view.labels(document, meta):
        label = view.library.by_id[name].meta
        if isinstance(label, Label):
            row = [link(view, name, document), escape(label.summary)]
            row += [label.severity] if view.shows_field("severity") else []
            row += [_actions(view, label)] if view.shows_field("actions") else []
            rows.append(row)
    heads = ["Label", "Use it when"]
    heads += ["Severity"] if view.shows_field("severity") else []
    heads += ["Action"] if view.shows_field("actions") else []
    return _table(heads, rows)


def _label_facts(view: View, meta: Label) -> str:
    facts = {
        "severity": ("Severity", meta.severity),
        "actions": ("Action", _actions(view, meta)),
        "escalate": ("Escalate", "Yes" if meta.escalate else "No"),
        "surfaces": ("Applied to", ", ".join(meta.surfaces)),
        "precedence": ("Precedence", f"{meta.precedence} (the lower wins)"),
        "strike": ("Strikes", escape(meta.strike or "")),
        "dsa_category": ("DSA category", f"`{meta.dsa_category}`" if meta.dsa_category else ""),
        "dsa_keyword": ("DSA keyword", f"`{meta.dsa_keyword}`" if meta.dsa_keyword else ""),
        "ozone": ("Ozone reason", f"`{meta.ozone}`" if meta.ozone else ""),
    }
    rows = [[f"**{title}**", value] for key, (title, value) in facts.items() if value and view.shows_field(key)]
    return _table(["Fact", "Value"], rows) if rows else ""


def _status(view: View, meta: Status) -> str:
    facts = [f"**State:** {meta.state.replace('_', ' ')}"] if view.shows_field("state") else []
    facts += [f"**Impact:** {meta.impact}"] if view.shows_field("impact") else []
    if meta.next_update and view.shows_field("next_update"):
        facts.append(f"**Next update:** {meta.next_update}")
    return " · ".join(facts)


def known_questions(view: View, document: Document, clause: str) -> str:
    """Return a line that leads to the answers to what reviewers ask about a clause; empty when there are none."""
    if not view.shows_field("answers"):
        return ""
    rows = [f"{link(view, one.meta.id, document)} {escape(one.meta.title)}" for one in view.answers.get(clause, [])]
    return f"Known questions: {', '.join(rows)}\n{{ .gb-known }}" if rows else ""


def _retired(view: View, document: Document) -> str:
    retired = document.retired(view.reader.day)
    if not (retired and view.shows_field("retired")):
        return ""
    rows = [
        f"**{name}** was retired. {escape(one.why)} Read {link(view, one.to, document)} in its place."
        f"\n{{ #{name.lower().replace('.', '-')} .gb-retired }}"
        for name, one in sorted(retired.items(), key=lambda item: int(item[0].partition(".")[2]))
    ]
    return "\n\n".join(["## Retired clauses { #retired-clauses }", *rows])


def _statement(view: View, meta: Label) -> str:
    if meta.statement is None or not view.shows_field("statement"):
        return ""
    parts = {"Ground": meta.statement.ground, "Explanation": meta.statement.explanation, "Facts": meta.statement.facts}
    rows = [f"{title}\n:   {escape(text.strip())}" for title, text in parts.items()]
    return "\n\n".join(["## Statement of reasons { #statement-of-reasons }", *rows])


def _used_by(view: View, document: Document) -> str:
    if not view.shows_field("labels"):
        return ""
    uses = view.uses.get(document.meta.id, [])
    rows = []
    for use in uses:
        rows.append(f"- {link(view, use.document.meta.id, document)} {escape(use.document.meta.title)}")
        for title, names in (("Clauses", use.clauses), ("Cases", use.cases)):
            if names:
                rows.append(f"    - {title}: {_links(view, document, names)}")
    return "## Used by { #used-by }\n\n" + "\n".join(rows) if rows else ""


def _history(view: View, document: Document, names: list[str]) -> str:
    """Return what changed on a page and when: the notices about `names`, the newest first, and its first day."""
    if document.meta.status == "draft" or not (view.shows_field("valid_from") and view.shows_field("changes")):
        return ""
    about: dict[str, list[str]] = {}
    for name in names:
        for notice in view.notices.get(name, []):
            about.setdefault(notice.meta.id, []).append(name)
    told = sorted(((first_day(view, view.library.by_id[name]), name) for name in about), reverse=True)
    rows = [
        f"- {day}: {link(view, name, document)} {escape(view.library.by_id[name].meta.title)} "
        f"({', '.join(changed(view, one, document) for one in about[name])})"
        for day, name in told
    ]
    rows.append(f"- {document.meta.valid_from}: in force.")
    return "## Change history { #change-history }\n\n" + "\n".join(rows)


def first_day(view: View, document: Document) -> dt.date:
    """Return the first day of what a document says: of what it announces, if it is a notice that shows that day."""
    meta = document.meta
    return meta.starts if isinstance(meta, Notice) and view.shows_field("effective") else meta.valid_from


def _things(view: View, document: Document) -> list[str]:
    """Return the names by which a notice can change something of a guideline."""
    clauses = [str(one.clause) for one in document.visible_headings(view.reader) if one.clause]
    cases = [case.id for case in document.visible_cases(view.reader)]
    retired = document.retired(view.reader.day)
    return [document.meta.id, tree_id(document.meta.id), *clauses, *retired, *cases]


def _children(view: View, document: Document) -> str:
    folder = posixpath.dirname(document.path)
    rows = []
    for child in neighbours(view, folder):
        where = posixpath.relpath(child.path, folder)
        shown = child.meta.id if child.meta.id[0].isupper() else ""
        rows.append([shown, f"[{escape(child.meta.title)}]({where})", escape(child.meta.summary)])
    if any(row[0] for row in rows):
        return _table(["Id", "Page", "What it says"], rows)
    return _table(["Page", "What it says"], [row[1:] for row in rows]) if rows else ""
