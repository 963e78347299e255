"""Decisions: rules by which clauses, trees and cases agree, so that a guideline that contradicts its examples fails.

Each is a function from a library and a day to problems, as in `rules`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator

from guidebook import references, trees
from guidebook.cases import Case
from guidebook.documents import Document, inside
from guidebook.library import DOCS, Library
from guidebook.metadata import Faq, Guideline, Label, Workflow
from guidebook.passages import EFFECTIVE
from guidebook.problems import Problem, Severity
from guidebook.references import Target
from guidebook.trees import Tree

FAQ_DAYS = 90
FAQ_WARNING_DAYS = 14
NO_ACTION = "no-action"
# How many teaching cases show each label: it applies, it is close, it is not meant.
FEWEST = {"violating": 2, "borderline": 1, "not-violating": 2}

Rule = Callable[[Library, dt.date], Iterator[Problem]]


def _path(document: Document) -> str:
    return f"{DOCS}/{document.path}"


def _guidelines(library: Library) -> Iterator[tuple[Document, Guideline]]:
    for document in library.documents.values():
        if isinstance(document.meta, Guideline):
            yield document, document.meta


class _Editions:
    """Who reads the editions of a library on a day, and what is hidden from whom."""

    def __init__(self, library: Library, day: dt.date) -> None:
        self.library = library
        self.readers = {name: library.configuration.reader(name, day) for name in library.configuration.editions}

    def hidden(self, document: Document, block: Tree | Case, line: int, names: list[str]) -> Iterator[Problem]:
        """Report each of the ids in `names` that somebody who sees the block cannot follow."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for edition, reader in self.readers.items():
            if not reader.may_read(document) or inside(block.start, document.withheld(reader)):
                continue
            for name in names:
                target = references.by_id(self.library, name)
                why = references.why_hidden(target, reader) if isinstance(target, Target) else None
                if why:
                    found[name, why].append(edition)
        for (name, why), editions in found.items():
            message = f"`{name}` is not in the {' and '.join(editions)} edition, where this is shown: {why}."
            yield Problem(_path(document), line, "hidden-reference", f"{message} Name what its readers can read.")


def _names(target: str, library: Library, kind: type[Label | Workflow]) -> bool:
    """Say whether `target` is a document of a type; one that could not be read counts, for it was reported."""
    document = library.by_id.get(target)
    return isinstance(document.meta, kind) if document else references.by_id(library, target) is None


def retired_clauses_lead_on(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that a retired clause is gone, and leads to a clause that its readers can read."""
    editions = _Editions(library, day)
    for document, meta in _guidelines(library):
        for name, retired in meta.retired.items():
            line = document.lines.get(f"retired.{name}", 1)
            if name.partition(".")[0] != meta.id:
                message = f"clause {name} is none of {meta.id}. Retire it on its own page."
                yield Problem(_path(document), line, "retired-clause", message)
            if name in library.clauses:
                where, heading = library.clauses[name]
                message = f"clause {name} stands on {_path(where)}:{heading.line}, and is retired here. Ids are never"
                yield Problem(_path(document), line, "retired-clause", f"{message} used again: number the clause anew.")
            target = Target(*library.clauses[retired.to]) if retired.to in library.clauses else None
            if target is None and references.by_id(library, retired.to) is not None:
                message = f"expected `to` to be a clause in force, found `{retired.to}`. Name the one that decides now."
                yield Problem(_path(document), line, "retired-clause", message)
            for edition, reader in editions.readers.items() if target else ():
                why = references.why_hidden(target, reader) if target and reader.may_read(document) else None
                if why:
                    message = f"`{retired.to}` is not in the {edition} edition, where {name} leads to it: {why}."
                    yield Problem(_path(document), line, "hidden-reference", f"{message} Name another clause.")


def guidelines_have_a_tree(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that each guideline has one decision tree, shown whole, and that trees and cases stand nowhere else."""
    for document in library.documents.values():
        is_guideline = isinstance(document.meta, Guideline)
        tree = document.tree
        if is_guideline and tree is None and document.meta.status != "retired" and not _is_broken(library, document):
            line = next((one.line for one in document.body.headings if one.text == "Decision tree"), 1)
            message = "expected a decision tree in a fence opened with ```tree, found none. Add it here."
            yield Problem(_path(document), line, "tree", message)
        for block in [tree] if tree else []:
            around = [one for one in document.passages if one.start < block.start < one.end and one.name != EFFECTIVE]
            if around:
                message = f"the tree stands in the passage of line {around[0].line}, and every reader needs it."
                yield Problem(_path(document), block.line, "tree", f"{message} Move it out.")
        if not is_guideline:
            for thing, line in [("tree", tree.line)] if tree else [("case", one.line) for one in document.cases[:1]]:
                message = f"a {thing} belongs to a guideline, and this is a {document.meta.type}. Move it there."
                yield Problem(_path(document), line, thing, message)


def _is_broken(library: Library, document: Document) -> bool:
    """Say whether a block of the document was refused: what follows from its absence is then not reported."""
    return any(one.rule in {"tree", "case"} and one.path == _path(document) for one in library.problems)


def leaves_are_justified(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that each leaf names a label of the guideline, and a clause that all who see the leaf can read."""
    editions = _Editions(library, day)
    for document, meta in _guidelines(library):
        for question, answer, leaf in document.tree.leaves() if document.tree else ():
            where = f"the answer `{answer.text}` to `{question.id}`"
            found: list[str] = []
            if leaf.label is not None and leaf.label not in meta.labels:
                known = ", ".join(meta.labels)
                found.append(f"{where} ends at `{leaf.label}`, which is none of this guideline's labels: {known}.")
            label = library.by_id[leaf.label].meta if leaf.label in library.by_id else None
            if isinstance(label, Label) and label.escalate and not leaf.escalate:
                found.append(f"`{leaf.label}` is always escalated. Add `escalate:` with the workflow to {where}.")
            if leaf.escalate is not None and not _names(leaf.escalate, library, Workflow):
                found.append(f"expected `escalate` to be the id of a workflow, found `{leaf.escalate}`. Mend it.")
            if leaf.clause not in library.clauses and references.by_id(library, leaf.clause) is not None:
                found.append(f"{where} cites `{leaf.clause}`, which is no clause in force. Name the one that says so.")
            for message in found:
                yield Problem(_path(document), answer.line, "leaf", message)
            if document.tree:
                names = [leaf.clause, *filter(None, [leaf.label, leaf.escalate])]
                yield from editions.hidden(document, document.tree, answer.line, names)


def cases_are_numbered(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that a case carries the id of its guideline, that no two share one, and that numbers rise in each set."""
    for document, meta in _guidelines(library):
        before: dict[str, str] = {}
        for case in document.cases:
            line = case.lines["id"]
            owner, first = library.cases[case.id]
            if first is not case:
                message = f"`{case.id}` is the id of the case on {_path(owner)}:{first.line} already. Number this anew."
                yield Problem(_path(document), line, "case-number", message)
                continue
            if not case.id.startswith(f"{meta.id}-"):
                message = f"case {case.id} stands on the page of {meta.id}. Number it {meta.id}-nn."
                yield Problem(_path(document), line, "case-number", message)
                continue
            last = before.get(case.fields.set, "")
            if case.id <= last:
                message = f"case {case.id} stands after {last}. Let the numbers of a set rise down the page."
                yield Problem(_path(document), line, "case-number", message)
            before[case.fields.set] = max(case.id, last)


def cases_walk_their_tree(library: Library, _day: dt.date) -> Iterator[Problem]:
    """Follow each case's answers through the tree of its page: it has to end at the label and clause it gives."""
    for document, _ in _guidelines(library):
        for case in document.cases if document.tree else ():
            assert document.tree is not None  # noqa: S101 - said in the line above
            way = trees.walk(document.tree, case.fields.answers)
            unknown = sorted(set(case.fields.answers) - set(document.tree.by_id))
            label, clause = case.fields.label, case.fields.clause
            mend = "Mend the answers of the case, its label, or the tree."
            if unknown:
                known = ", ".join(document.tree.by_id)
                message = f"case {case.id} answers `{unknown[0]}`, which is no question of the tree: {known}."
                yield Problem(_path(document), case.lines["answers"], "case-walk", message)
            elif way.leaf is None:
                taken = f" after {way}" if way.path else ""
                message = f"case {case.id} does not reach an end of the tree{taken}: {way.stopped}. {mend}"
                yield Problem(_path(document), case.lines["answers"], "case-walk", message)
            elif (way.leaf.outcome, way.leaf.clause) != (label, clause):
                end = f"`{way.leaf.outcome}` by {way.leaf.clause} (line {way.path[-1][1].line})"
                message = (
                    f"case {case.id} expects `{label}` by {clause} (line {case.lines['label']}), and the tree ends"
                )
                yield Problem(
                    _path(document), case.lines["label"], "case-walk", f"{message} at {end}. Its way: {way}. {mend}"
                )


def verdicts_agree(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that a violating case ends at a label that stands for a violation, and one that is none at no action."""
    for document, _ in _guidelines(library):
        for case in document.cases:
            meta = library.by_id[case.fields.label].meta if case.fields.label in library.by_id else None
            found = case.fields.label
            wish = ""
            if case.fields.verdict == "not-violating" and found != NO_ACTION:
                wish = f"`{NO_ACTION}`"
            elif case.fields.verdict == "violating" and isinstance(meta, Label) and meta.severity == "none":
                wish = "a label that stands for a violation"
            if wish:
                message = f"expected a {case.fields.verdict} case to end at {wish}, found `{found}`."
                mend = "Mend the verdict or the label."
                yield Problem(_path(document), case.lines["verdict"], "case-verdict", f"{message} {mend}")


def cases_refer_to_what_is_there(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that a case names labels and cases that exist, and that all who see the case can read."""
    editions = _Editions(library, day)
    for document, _ in _guidelines(library):
        on_page = {case.id: case for case in document.cases}
        for case in document.cases:
            wrong = [name for name in case.fields.near if not _names(name, library, Label)]
            for name in [*wrong, *({case.fields.label} & set(case.fields.near))]:
                found = "the case's own label" if name == case.fields.label else "no label"
                message = f"expected `near` to be labels that are wrong here, found `{name}`, {found}. Delete it."
                yield Problem(_path(document), case.lines["near"], "case-reference", message)
            other = on_page.get(case.fields.contrast or "")
            if case.fields.contrast and (other is None or other.fields.label == case.fields.label or other is case):
                found = f"one that ends at `{other.fields.label}` too" if other and other is not case else "none"
                wish = "another case of this page that ends at another label"
                message = f"expected `contrast` to be {wish}, found {found}. Mend it, or delete it."
                yield Problem(_path(document), case.lines["contrast"], "case-reference", message)
            names = [case.fields.label, case.fields.clause, *case.fields.near, *filter(None, [case.fields.contrast])]
            yield from editions.hidden(document, case, case.line, names)


def labels_are_shown_by_cases(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that teaching cases show where each label applies, where it is close, and where it is wrong."""
    if library.unread or any(one.rule in {"tree", "case"} for one in library.problems):
        return  # cases are missing that stand there
    count: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FEWEST, 0))
    for document, _ in _guidelines(library):
        for case in document.cases:
            if case.kept_back or document.meta.status == "retired":
                continue
            shows = {"violating": [case.fields.label], "not-violating": case.fields.near}
            for name in shows.get(case.fields.verdict, [case.fields.label, *case.fields.near]):
                count[name][case.fields.verdict] += 1
    used = {name for _, meta in _guidelines(library) for name in meta.labels}
    for document in library.documents.values():
        meta = document.meta
        if not isinstance(meta, Label) or meta.severity == "none" or meta.id not in used:
            continue
        missing = [
            f"{FEWEST[kind]} {kind} (found {found})" for kind, found in count[meta.id].items() if found < FEWEST[kind]
        ]
        if missing:
            message = (
                f"expected teaching cases that show `{meta.id}`: {', '.join(missing)}. Write them on the page of a"
            )
            mend = "guideline; `near: [" + meta.id + "]` says of a case that the label is close, and wrong."
            yield Problem(_path(document), document.lines.get("id", 1), "label-cases", f"{message} {mend}")


def faqs_are_fresh(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that an answer is folded into its guideline, or found right again, within ninety days."""
    for document in library.documents.values():
        meta = document.meta
        if not isinstance(meta, Faq) or not meta.in_force(day) or meta.status == "retired":
            continue
        left = FAQ_DAYS - (day - (meta.renewed or meta.valid_from)).days
        if left <= FAQ_WARNING_DAYS:
            since = meta.renewed or meta.valid_from
            when = f"was due {-left} days ago" if left < 0 else f"is due in {left} days"
            message = (
                f"these answers stand since {since}; an answer holds {FAQ_DAYS} days, so this {when}. Fold them into"
            )
            mend = f"{', '.join(meta.answers)}, or read them again and set `renewed`."
            severity = Severity.ERROR if left < 0 else Severity.WARNING
            line = document.lines.get("renewed", document.lines.get("valid_from", 1))
            yield Problem(_path(document), line, "faq-overdue", f"{message} {mend}", severity)


RULES: tuple[Rule, ...] = (
    retired_clauses_lead_on,
    guidelines_have_a_tree,
    leaves_are_justified,
    cases_are_numbered,
    cases_walk_their_tree,
    verdicts_agree,
    cases_refer_to_what_is_there,
    labels_are_shown_by_cases,
    faqs_are_fresh,
)
