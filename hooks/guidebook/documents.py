"""Documents: one Markdown file of the library, read into metadata, body and passages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from guidebook import blocks, cases, frontmatter, markup, passages, steps, trees
from guidebook.cases import Case
from guidebook.frontmatter import Fault
from guidebook.markup import Body, Heading, Mark
from guidebook.metadata import Guideline, Metadata, Retired, Workflow, validate
from guidebook.passages import EFFECTIVE, Passage
from guidebook.sources import TextFile, address
from guidebook.steps import Procedure
from guidebook.trees import Tree


@dataclass(frozen=True)
class Reader:
    """Who reads an edition: the audiences whose text they may read (None for all of them), on which day."""

    audiences: frozenset[str] | None
    day: dt.date

    def on(self, day: dt.date) -> Reader:
        """Return the same reader on another day."""
        return replace(self, day=day)

    def may_read_audience(self, audience: str) -> bool:
        """Say whether text marked for `audience` may be shown."""
        return self.audiences is None or audience in self.audiences

    def may_read(self, document: Document) -> bool:
        """Say whether the document may be shown: a draft is for those who read everything."""
        meta = document.meta
        return (
            self.may_read_audience(meta.audience)
            and (meta.status != "draft" or self.audiences is None)
            and meta.in_force(self.day)
        )

    def may_read_passage(self, passage: Passage) -> bool:
        """Say whether the passage itself is text in force for the reader; those around it have to be asked as well."""
        return passage.in_force(self.day) if passage.name == EFFECTIVE else self.may_read_audience(passage.name)

    def may_read_case(self, case: Case) -> bool:
        """Say whether the case itself may be shown: those kept back are for those who read everything."""
        return not case.kept_back or self.audiences is None


@dataclass(frozen=True)
class Document:
    """One document. `path` is below `docs/`; `lines` tells where each metadata field stands."""

    path: str
    meta: Metadata
    body: Body
    passages: tuple[Passage, ...]
    lines: dict[str, int] = field(default_factory=dict)
    trees: tuple[Tree, ...] = ()
    cases: tuple[Case, ...] = ()
    procedures: tuple[Procedure, ...] = ()

    @property
    def url(self) -> str:
        """Address of the page below the edition's root, such as `guidelines/g04-link-deception/`."""
        return address(self.path)

    @property
    def clauses(self) -> list[Heading]:
        """Headings that are clauses, in their order."""
        return [heading for heading in self.body.headings if heading.clause]

    def withheld(self, reader: Reader) -> list[tuple[int, int]]:
        """Return the parts of the body, as (start, end) offsets, that are no text in force for `reader`.

        None is inside another. Nothing in them decides, counts or is exported, whether its readers are others or its
        day is another: who asks nothing else cannot give away too much.
        """
        return self._without(reader, reader.may_read_passage)

    def unseen(self, reader: Reader) -> list[tuple[int, int]]:
        """Return the parts that `reader` is shown in no form: what is withheld and is not coming."""
        return self._without(reader, lambda one: reader.may_read_passage(one) or self._comes(one, reader))

    def forbidden(self, reader: Reader) -> list[tuple[int, int]]:
        """Return the parts that `reader` may read on no day: they are for others."""
        return self._without(reader, lambda one: one.name == EFFECTIVE or reader.may_read_passage(one))

    def coming(self, reader: Reader) -> list[Passage]:
        """Return the passages of the future that `reader` is shown in a box, in order; none is inside another."""
        spans = self.unseen(reader)
        return [one for one in self.passages if self._comes(one, reader) and not inside(one.start, spans)]

    def _comes(self, passage: Passage, reader: Reader) -> bool:
        """Say whether a passage starts later, on a day on which its page is in force."""
        return passage.since is not None and passage.ahead(reader.day) and self.meta.in_force(passage.since)

    def _without(self, reader: Reader, shown: Callable[[Passage], bool]) -> list[tuple[int, int]]:
        found = [(one.start, one.end) for one in self.passages if not shown(one)]
        found += [(one.start, one.end) for one in self.cases if not reader.may_read_case(one)]
        spans: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if not (spans and end <= spans[-1][1]):
                spans.append((start, end))
        return spans

    def days(self, offset: int) -> Days:
        """Return the first day on which the text at `offset` holds, and the first on which it no longer does."""
        return _days(self.passages, offset)

    def nearest(self, offset: int, day: dt.date) -> dt.date:
        """Return the day nearest to `day` on which the text at `offset` holds."""
        since, until = self.days(offset)
        return min(max(day, since), until - dt.timedelta(1))

    def retired(self, day: dt.date) -> dict[str, Retired]:
        """Return the clauses that are taken out on `day`, by id: one that stands here until a later day is not yet."""
        if not isinstance(self.meta, Guideline) or not self.meta.retired:
            return {}
        standing = {heading.clause for heading in self.visible_headings(Reader(None, day))}
        return {name: one for name, one in self.meta.retired.items() if name not in standing}

    def ends(self, clause: str) -> dt.date:
        """Return the first day on which a clause does not stand here any more, for good."""
        return max((self.days(one.start)[1] for one in self.clauses if one.clause == clause), default=dt.date.min)

    def visible_cases(self, reader: Reader) -> list[Case]:
        """Return the cases that stand outside of what is withheld from `reader`."""
        spans = self.withheld(reader)
        return [case for case in self.cases if not inside(case.start, spans)]

    def visible_tree(self, reader: Reader) -> Tree | None:
        """Return the decision tree in force for `reader`: of those of a page, no two hold on one day."""
        spans = self.withheld(reader)
        return next((tree for tree in self.trees if not inside(tree.start, spans)), None)

    def visible_procedures(self, reader: Reader) -> list[Procedure]:
        """Return the procedures that stand outside of what is withheld from `reader`."""
        spans = self.withheld(reader)
        return [one for one in self.procedures if not inside(one.start, spans)]

    def visible_marks(self, reader: Reader) -> list[Mark]:
        """Return the marks that stand outside of what is withheld from `reader`."""
        spans = self.withheld(reader)
        return [mark for mark in self.body.marks if not inside(mark.start, spans)]

    def shown_marks(self, reader: Reader) -> list[Mark]:
        """Return the marks that a page shows `reader`, those in boxes of the future included."""
        spans = self.unseen(reader)
        return [mark for mark in self.body.marks if not inside(mark.start, spans)]

    def visible_headings(self, reader: Reader) -> list[Heading]:
        """Return the headings that stand outside of what is withheld from `reader`."""
        spans = self.withheld(reader)
        return [heading for heading in self.body.headings if not inside(heading.start, spans)]

    def visible_text(self, reader: Reader, *, masked: bool = False) -> str:
        """Return the body without what is withheld from `reader`; with its code blanked when `masked`."""
        text = self.body.masked if masked else self.body.text
        return cut(text, [(start, end, "") for start, end in self.withheld(reader)])


Edit = tuple[int, int, str]


def cut(text: str, edits: list[Edit], start: int = 0, end: int | None = None) -> str:
    """Return `text[start:end]` with each edit's (start, end) replaced by its string; edits are in order."""
    parts: list[str] = []
    at = start
    for first, last, new in edits:
        parts += [text[at:first], new]
        at = last
    parts.append(text[at : len(text) if end is None else end])
    return "".join(parts)


Days = tuple[dt.date, dt.date]
ALWAYS: Days = (dt.date.min, dt.date.max)


def meet(one: Days, other: Days) -> bool:
    """Say whether there is a day in both of two times, each given by its first day and the first after it."""
    return one[0] < other[1] and other[0] < one[1]


def inside(offset: int, spans: list[tuple[int, int]]) -> bool:
    """Say whether `offset` lies in one of `spans`."""
    return bool(spans) and any(start <= offset < end for start, end in spans)


def read(file: TextFile, audiences: frozenset[str]) -> tuple[Document | None, list[Fault]]:
    """Read one document; None when its metadata or its passages cannot be trusted."""
    block, text, first_line = frontmatter.split(file.text)
    if block is None:
        if file.text.startswith("---"):
            message = (
                "expected front matter between two lines `---` and nothing else on them; found no such end. Add it."
            )
        else:
            message = (
                "expected front matter: `---`, fields, `---`, from the first line on. Start with `scripts/guide new`."
            )
        return None, [Fault(1, "front-matter", message)]
    matter = frontmatter.read(block, 2)
    faults = list(matter.faults)
    meta: Metadata | None = None
    if not any(fault.rule == "front-matter" for fault in faults):
        meta, found = validate(matter, audiences, 1)
        faults += found
    body = markup.read(text, first_line)
    marked, found = passages.read(body, audiences)
    faults += body.faults + found
    drawn, worked, wrong = _data(body)
    if not found:  # of passages that are wrong, the days are not known
        drawn, more = _one_a_day(drawn, marked)
        wrong += more
    spans = [(one.start, one.end) for one in marked]
    procedures, more = steps.read(body, spans) if isinstance(meta, Workflow) else ([], [])
    faults += wrong + more
    unclear = passages.UNCLEAR | blocks.UNCLEAR
    # Whoever cannot tell what is code or withheld reports this alone: all else would follow from it.
    if meta is None or not body.clear or any(fault.rule in unclear for fault in found + wrong):
        return None, faults
    return Document(file.path, meta, body, tuple(marked), matter.lines, drawn, tuple(worked), tuple(procedures)), faults


def _data(body: Body) -> tuple[tuple[Tree, ...], list[Case], list[Fault]]:
    """Return the trees and the cases of a body, and everything wrong with each."""
    found, faults = blocks.read(body)
    drawn: list[Tree] = []
    worked: list[Case] = []
    for block in found:
        if block.kind == "case":
            case, more = cases.read(block)
            worked += [case] if case else []
        else:
            tree, more = trees.read(block)
            drawn += [tree] if tree else []
        faults += more
    return tuple(drawn), worked, faults


def _one_a_day(drawn: Sequence[Tree], marked: Sequence[Passage]) -> tuple[tuple[Tree, ...], list[Fault]]:
    """Return the trees of which no two hold on one day, and a fault for each that is left out."""
    kept: list[Tree] = []
    faults: list[Fault] = []
    for tree in drawn:
        days = _days(marked, tree.start)
        other = next((one for one in kept if meet(days, _days(marked, one.start))), None)
        if other is None:
            kept.append(tree)
            continue
        undated = days == _days(marked, other.start) == ALWAYS
        found = "there is one" if undated else "one that holds on some of the same days is"
        message = f"a page has one decision tree on each day, and {found} on line {other.line}."
        mend = "let the old one end (`until`) on the day the new one starts (`from`), each in an `effective` passage."
        mend = f"Delete one, or {mend}" if undated else mend.capitalize()
        faults.append(Fault(tree.line, "tree", f"{message} {mend}"))
    return tuple(kept), faults


def _days(marked: Sequence[Passage], offset: int) -> Days:
    dated = (one for one in marked if one.name == EFFECTIVE and one.start <= offset < one.end)
    around = next(dated, None)  # one at most: such passages do not nest
    return (around and around.since) or ALWAYS[0], (around and around.until) or ALWAYS[1]
