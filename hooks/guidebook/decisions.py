"""Decisions: rules by which clauses, trees and cases agree, so that a guideline that contradicts its examples fails.

Each is a function from a library and a day to problems, as in `rules`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from guidebook import references, trees
from guidebook.cases import Case
from guidebook.documents import Document, Reader, inside, meet
from guidebook.library import DOCS, Library
from guidebook.metadata import Faq, Guideline, Label, Metadata, Workflow
from guidebook.passages import EFFECTIVE
from guidebook.problems import Problem, Severity
from guidebook.references import Target
from guidebook.trees import Tree
from guidebook.wording import closest

FAQ_DAYS = 90
FAQ_WARNING_DAYS = 14
NO_ACTION = "no-action"
# Where readers look for a tree and for the cases: the links at the head of each guideline lead there.
SECTIONS = {"tree": "Decision tree", "case": "Cases"}
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

    def hidden(
        self, document: Document, names: Iterable[tuple[str, int]], *, start: int | None = None, field: str = "id"
    ) -> Iterator[Problem]:
        """Report each id, given with its line, that somebody cannot follow who sees the block at `start` or `field`."""
        found: dict[tuple[str, int, str], list[str]] = defaultdict(list)
        for edition, reader in self.readers.items():
            shown = reader.may_read(document) and self.library.configuration.shows_field(edition, field)
            if not shown or (start is not None and inside(start, document.unseen(reader))):
                continue
            # What stands in a box leads to what is there on its first day.
            then = reader if start is None else reader.on(document.nearest(start, reader.day))
            for name, line in names:
                target = references.by_id(self.library, name)
                why = references.why_hidden(target, then) if isinstance(target, Target) else None
                if why:
                    found[name, line, why].append(edition)
        for (name, line, why), editions in found.items():
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
            if name in library.clauses and document.ends(name) in {dt.date.min, dt.date.max}:
                where, heading = library.clauses[name]
                message = f"clause {name} stands on {_path(where)}:{heading.line}, and is retired here. Ids are never"
                yield Problem(_path(document), line, "retired-clause", f"{message} used again: number the clause anew.")
            line = document.lines.get(f"retired.{name}.to", line)
            if retired.to in library.clauses and retired.to not in library.clauses[retired.to][0].retired(day):
                yield from editions.hidden(document, [(retired.to, line)], field="retired")
            elif references.by_id(library, retired.to) is not None:
                too = ", which is retired too" if retired.to in library.retired else ""
                message = f"expected `to` to be a clause in force, found `{retired.to}`{too}."
                yield Problem(_path(document), line, "retired-clause", f"{message} Name the one that decides now.")


def searches_lead_to_a_clause(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that the words of a search lead to a clause of the page, and no words to two of them."""
    for document, meta in _guidelines(library):
        own = [str(one.clause) for one in document.clauses]
        known: dict[str, str] = {}
        for clause, words in meta.searched_as.items():
            line = document.lines.get(f"searched_as.{clause}", 1)
            if clause not in own:
                message = (
                    f"expected a clause of this page in `searched_as`, found `{clause}`. Mend its id, or delete it."
                )
                yield Problem(_path(document), line, "searched-as", message)
            for at, one in enumerate(words):
                first = known.setdefault(one.lower(), clause)
                if words.index(one) != at or first != clause:
                    message = f"`{one}` leads to {first} already. Keep it where a reviewer finds the rule."
                    yield Problem(_path(document), line, "searched-as", message)


def guidelines_have_a_tree(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that each guideline has a decision tree in force, shown whole; trees and cases stand nowhere else."""
    for document in library.documents.values():
        is_guideline = isinstance(document.meta, Guideline)
        needed = is_guideline and document.meta.status == "in-force"
        if needed and not _refused(library, document, "tree"):
            yield from _no_tree(document, _living(document, day))
        for block in document.trees:
            around = [one for one in document.passages if one.start < block.start < one.end and one.name != EFFECTIVE]
            if around:
                message = f"the tree stands in the passage of line {around[0].line}, and every reader needs it."
                yield Problem(_path(document), block.line, "tree", f"{message} Move it out.")
        blocks = [("tree", one.start, one.line) for one in document.trees]
        blocks += [("case", one.start, one.line) for one in document.cases]
        if not is_guideline:
            for thing, _, line in blocks[:1]:
                message = f"a {thing} belongs to a guideline, and this is a {document.meta.type}. Move it there."
                yield Problem(_path(document), line, thing, message)
            continue
        for thing, start, line in blocks:
            wish, found = SECTIONS[thing], _section(document, start)
            there = any(one.text == wish for one in document.body.headings)  # else its absence is reported
            if there and found != wish:
                where = f"in `## {found}`" if found else "before the first heading"
                message = f"expected the {thing} in the section `## {wish}`, found it {where}. Move it there."
                yield Problem(_path(document), line, thing, message)


def _living(document: Document, day: dt.date) -> dt.date:
    """Return the day nearest to `day` on which a page is in force: what is to come or over has its trees too."""
    meta = document.meta
    last = meta.expires - dt.timedelta(1) if meta.expires else dt.date.max
    return min(max(day, meta.valid_from), last)


def _no_tree(document: Document, day: dt.date) -> Iterator[Problem]:
    """Yield a problem when no tree of a page is in force on `day`, whoever reads it."""
    if not document.trees:
        line = next((one.line for one in document.body.headings if one.text == SECTIONS["tree"]), 1)
        message = "expected a decision tree in a fence opened with ```tree, found none. Add it here."
        yield Problem(_path(document), line, "tree", message)
    elif document.visible_tree(Reader(None, day)) is None:
        days = {tree.line: document.days(tree.start) for tree in document.trees}
        over = {until: line for line, (_, until) in days.items() if until <= day}
        line = over[max(over)] if over else min(days)
        found = f"that of line {line} ends on {max(over)}" if over else f"that of line {line} starts on {days[line][0]}"
        message = f"expected a decision tree in force on {day}, found none: {found}."
        mend = "Let one end (`until`) on the day the next starts (`from`)."
        yield Problem(_path(document), line, "tree", f"{message} {mend}")


def _section(document: Document, offset: int) -> str:
    """Return the title of the section in which `offset` stands."""
    return next((one.text for one in reversed(document.body.headings) if one.level == 2 and one.start < offset), "")  # noqa: PLR2004 - `##`


def _refused(library: Library, document: Document, kind: str) -> bool:
    """Say whether a block of the document was refused: what follows from its absence is then not reported."""
    return any(one.rule == kind and one.path == _path(document) for one in library.problems)


def leaves_are_justified(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that each leaf names a label of the guideline, and a clause that all who see the leaf can read."""
    editions = _Editions(library, day)
    for document, meta in _guidelines(library):
        ends = ((tree, *end) for tree in document.trees for end in tree.leaves())
        for tree, question, answer, leaf in ends:
            where = f"the answer `{answer.text}` to `{question.id}`"
            found: list[str] = []
            if leaf.label is not None and leaf.label not in meta.labels:
                known = ", ".join(meta.labels)
                message = f"{where} ends at `{leaf.label}`, which is none of this guideline's labels: {known}."
                found.append(f"{message} Name one of them, or add it to `labels`.")
            label = library.by_id[leaf.label].meta if leaf.label in library.by_id else None
            if label and label.status == "retired" and meta.status == "in-force":
                found.append(f"`{leaf.label}` is retired. Let {where} end at a label in force.")
            if isinstance(label, Label) and label.escalate and not leaf.escalate:
                found.append(f"`{leaf.label}` is always escalated. Add `escalate:` with the workflow to {where}.")
            if leaf.escalate is not None and not _names(leaf.escalate, library, Workflow):
                found.append(f"expected `escalate` to be the id of a workflow, found `{leaf.escalate}`. Name one.")
            if leaf.clause not in library.clauses and references.by_id(library, leaf.clause) is not None:
                gone = library.retired.get(leaf.clause)
                hint = f" Did you mean `{gone[1].to}`, which took its place?" if gone else ""
                message = f"{where} cites `{leaf.clause}`, which is no clause in force.{hint}"
                found.append(f"{message} Name the one that says so.")
            for message in found:
                yield Problem(_path(document), answer.line, "leaf", message)
            names = [(name, answer.line) for name in (leaf.clause, leaf.label, leaf.escalate) if name]
            yield from editions.hidden(document, names, start=tree.start)


def cases_are_numbered(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that a case carries the id of its guideline, which no other has on its days, and that each set's rise."""
    for document, meta in _guidelines(library):
        before: list[Case] = []
        for case in document.cases:
            line = case.lines["id"]
            owner, first = library.cases[case.id]
            beside = [one for one in before if meet(document.days(one.start), document.days(case.start))]
            twin = next((one for one in beside if one.id == case.id), first if owner is not document else None)
            if twin:
                message = f"`{case.id}` is the id of the case on {_path(owner)}:{twin.line} already. Number this anew"
                dated = owner is document and document.days(case.start) != document.days(twin.start)
                message += ", or let one passage end (`until`) on the day the other starts (`from`)" if dated else ""
                yield Problem(_path(document), line, "case-number", f"{message}.")
                continue
            if not case.id.startswith(f"{meta.id}-"):
                message = f"case {case.id} stands on the page of {meta.id}. Number it {meta.id}-nn."
                yield Problem(_path(document), line, "case-number", message)
                continue
            last = max((one.id for one in beside if one.fields.set == case.fields.set), default="")
            if case.id <= last:
                message = f"case {case.id} stands after {last}. Let the numbers of a set rise down the page."
                yield Problem(_path(document), line, "case-number", message)
            before.append(case)


def cases_walk_their_tree(library: Library, day: dt.date) -> Iterator[Problem]:
    """Follow the answers of each case in force through the tree in force: it ends at the label and clause it gives.

    What changes on a later day is found by asking for that day. A case that lives on then has answers for both trees.
    """
    for document, _ in _guidelines(library):
        everyone = Reader(None, _living(document, day))
        tree = document.visible_tree(everyone)
        ways = ((case, tree) for case in document.visible_cases(everyone) if tree)
        for case, way in ways:
            for key, message in _missteps(way, case, document.trees):
                yield Problem(_path(document), case.lines[key], "case-walk", f"case {case.id} {message}")


def _missteps(tree: Tree, case: Case, every: Sequence[Tree]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the way of a case through a tree of `every` one, each with the field it is about."""
    known = list(dict.fromkeys(name for one in every for name in one.by_id))
    unknown = [name for name in case.fields.answers if name not in known]
    for name in unknown:
        close = closest(name, known)
        mend = f"Did you mean `{close}`?" if close else "Rename it, or delete it."
        yield f"answers.{name}", f"answers `{name}`, which is no question of the tree: {', '.join(known)}. {mend}"
    if unknown:
        return  # the others follow from it
    way = trees.walk(tree, case.fields.answers)
    label, clause = case.fields.label, case.fields.clause
    if way.leaf is None:
        at = way.path[-1][1].go if way.path else tree.questions[0].id
        key = f"answers.{at}" if at in case.fields.answers else "answers"
        taken = f" after {way}" if way.path else ""
        mend = f"Mend the answers of the case, or the tree{_or_end(every)}."
        yield key, f"does not reach an end of the tree{taken}: {way.stopped}. {mend}"
    elif (way.leaf.outcome, way.leaf.clause) != (label, clause):
        key = "clause" if way.leaf.outcome == label else "label"
        end = f"`{way.leaf.outcome}` by {way.leaf.clause} (line {way.path[-1][1].line})"
        mend = f"Mend the answers of the case, its {key}, or the tree{_or_end(every)}."
        yield key, f"expects `{label}` by {clause}, and the tree ends at {end}. Its way: {way}. {mend}"


def _or_end(every: Sequence[Tree]) -> str:
    """Return how else a case is mended that is right by one tree of a page and wrong by the next."""
    return ", or let the case end (`until`) with the tree before" if len(every) > 1 else ""


def verdicts_agree(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that a violating case ends at a label that stands for a violation, and one that is none at no action."""
    for document, _ in _guidelines(library):
        for case in document.cases:
            meta = library.by_id[case.fields.label].meta if case.fields.label in library.by_id else None
            found = case.fields.label
            wish = ""
            if case.fields.verdict == "not-violating" and found != NO_ACTION:
                wish = f"`{NO_ACTION}`"
            elif case.fields.verdict == "violating" and _stands_for_none(meta):
                wish = "a label that stands for a violation"
            if wish:
                message = f"expected a {case.fields.verdict} case to end at {wish}, found `{found}`."
                mend = "Mend `verdict` or `label`."
                yield Problem(_path(document), case.lines["verdict"], "case-verdict", f"{message} {mend}")


def surfaces_agree(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that the label of a case can be applied to what the case is about."""
    for document, _ in _guidelines(library):
        for case in document.cases:
            meta = library.by_id[case.fields.label].meta if case.fields.label in library.by_id else None
            surface = case.fields.surface
            if isinstance(meta, Label) and surface not in meta.surfaces:
                message = f"`{meta.id}` is applied to {', '.join(meta.surfaces)}; the case is about a {surface}."
                mend = "Mend `surface` here, or `surfaces` of the label."
                yield Problem(_path(document), case.lines["surface"], "case-surface", f"{message} {mend}")


def _stands_for_none(meta: Metadata | None) -> bool:
    """Say whether an outcome stands for no violation: a label without severity, or a workflow that decides later."""
    return isinstance(meta, Workflow) or (isinstance(meta, Label) and meta.severity == "none")


def cases_refer_to_what_is_there(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that a case names labels and cases that exist, and that all who see the case can read."""
    editions = _Editions(library, day)
    for document, _ in _guidelines(library):
        for case in document.cases:
            lines = case.lines
            near = [(name, lines.get(f"near.{at}", case.line)) for at, name in enumerate(case.fields.near)]
            for name, line in near:
                own = name == case.fields.label
                if own or not _names(name, library, Label):
                    found = "the case's own label" if own else f"no label{_hint(name, library)}"
                    message = f"expected `near` to be labels that are wrong here, found `{name}`, {found}."
                    yield Problem(_path(document), line, "case-reference", f"{message} Mend it, or delete it.")
            contrast = [(name, lines["contrast"]) for name in [case.fields.contrast] if name]
            for name, line in contrast:
                found = _no_contrast(library, document, case, name)
                if found:
                    wish = "another case of this page that ends at another label"
                    message = f"expected `contrast` to be {wish}, found `{name}`, {found}. Mend it, or delete it."
                    yield Problem(_path(document), line, "case-reference", message)
            own_names = [(case.fields.label, lines["label"]), (case.fields.clause, lines["clause"])]
            yield from editions.hidden(document, [*own_names, *near, *contrast], start=case.start)


def _hint(name: str, library: Library) -> str:
    close = closest(name, [one.meta.id for one in library.documents.values() if isinstance(one.meta, Label)])
    return f" (did you mean `{close}`?)" if close else ""


def _no_contrast(library: Library, document: Document, case: Case, name: str) -> str:
    """Say what is wrong with the case that another is contrasted with; nothing when it can be."""
    others = [one for one in document.cases if one.id == name]
    if case in others:
        return "the case itself"
    beside = [one for one in others if meet(document.days(one.start), document.days(case.start))]
    if not others:
        return "" if _refused(library, document, "case") else "no case of this page"
    same = any(one.fields.label == case.fields.label for one in beside)
    return f"which ends at `{case.fields.label}` too" if same else ""


def labels_are_shown_by_cases(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that teaching cases show where each label applies, where it is close, and where it is wrong."""
    if library.unread or any(one.rule == "case" for one in library.problems):
        return  # cases are missing that stand there
    count: dict[str, dict[str, set[str]]] = defaultdict(lambda: {kind: set() for kind in FEWEST})
    used: set[str] = set()
    for document, guideline in _guidelines(library):
        if guideline.status == "retired":
            continue
        used.update(guideline.labels)
        for case in document.cases:
            if case.kept_back:
                continue
            shows = {"violating": [case.fields.label], "not-violating": case.fields.near}
            for name in shows.get(case.fields.verdict, [case.fields.label, *case.fields.near]):
                count[name][case.fields.verdict].add(case.id)  # once, however many texts it has on its days
    for document in library.documents.values():
        meta = document.meta
        if not isinstance(meta, Label) or meta.severity == "none" or meta.id not in used or meta.status == "retired":
            continue
        missing = [
            f"{FEWEST[kind]} {kind} (found {len(found)})"
            for kind, found in count[meta.id].items()
            if len(found) < FEWEST[kind]
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
        if meta.renewed and meta.renewed > day:
            message = f"expected `renewed` to be the day the answers were last read, {day} at the latest; found"
            line = document.lines.get("renewed", 1)
            yield Problem(_path(document), line, "faq-overdue", f"{message} {meta.renewed}. Mend the day.")
            continue
        left = FAQ_DAYS - (day - (meta.renewed or meta.valid_from)).days
        if left <= FAQ_WARNING_DAYS:
            since = meta.renewed or meta.valid_from
            days = f"{abs(left)} day{'s' * (abs(left) != 1)}"
            when = f"was due {days} ago" if left < 0 else f"is due in {days}" if left else "is due today"
            message = (
                f"these answers stand since {since}; an answer holds {FAQ_DAYS} days, so this {when}. Fold them into"
            )
            mend = f"{', '.join(meta.answers)}, or read them again and set `renewed`."
            severity = Severity.ERROR if left < 0 else Severity.WARNING
            line = document.lines.get("renewed", document.lines.get("valid_from", 1))
            yield Problem(_path(document), line, "faq-overdue", f"{message} {mend}", severity)


RULES: tuple[Rule, ...] = (
    retired_clauses_lead_on,
    searches_lead_to_a_clause,
    guidelines_have_a_tree,
    leaves_are_justified,
    cases_are_numbered,
    cases_walk_their_tree,
    verdicts_agree,
    surfaces_agree,
    cases_refer_to_what_is_there,
    labels_are_shown_by_cases,
    faqs_are_fresh,
)
