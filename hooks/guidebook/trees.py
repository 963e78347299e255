"""Trees: the decision tree of a guideline, questions whose answers lead to other questions or to an outcome.

A tree is read from a block, and refused unless each way through it ends: no circle, no question that nothing leads to,
no more than seven questions on the way. `walk` follows a case's answers; it is what makes each case a test of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from guidebook.blocks import Block, plain_fault
from guidebook.frontmatter import Fault
from guidebook.wording import closest

MOST_QUESTIONS = 7  # on one way: a reviewer has seconds
FEWEST_ANSWERS, MOST_ANSWERS = 2, 9  # one key each
LONGEST_QUESTION = 160
LONGEST_ANSWER = 40
_ID = re.compile(r"[a-z]+(?:-[a-z]+)*")
_NO_LETTERS = re.compile(r"[\W_]+")
_SEPARATORS = frozenset(";=&")  # part the answers of a case on its page, or could be read with what parts them
_KEYS = ("go", "label", "clause", "escalate")


@dataclass(frozen=True)
class Leaf:
    """Where a way ends: the label to pick, the clause that says so, the workflow to escalate by."""

    label: str | None
    clause: str
    escalate: str | None = None

    @property
    def outcome(self) -> str:
        """The label, or the workflow where the reviewer only escalates."""
        return self.label or self.escalate or ""


@dataclass(frozen=True)
class Answer:
    """One answer to a question; it leads to the question `go`, or ends at `leaf`."""

    text: str
    line: int
    go: str | None = None
    leaf: Leaf | None = None


@dataclass(frozen=True)
class Question:
    """One question of a tree."""

    id: str
    ask: str
    line: int
    answers: tuple[Answer, ...]

    def answer(self, text: str) -> Answer | None:
        """Return the answer that reads `text`."""
        return next((answer for answer in self.answers if answer.text == text), None)


@dataclass(frozen=True)
class Tree:
    """A decision tree; the first question is the start. `start`..`end` are the offsets of its block in the body."""

    questions: tuple[Question, ...]
    start: int
    end: int
    line: int

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """The questions by id."""
        return {question.id: question for question in self.questions}

    def leaves(self) -> Iterator[tuple[Question, Answer, Leaf]]:
        """Yield each leaf with the answer that leads to it."""
        for question in self.questions:
            for answer in question.answers:
                if answer.leaf:
                    yield question, answer, answer.leaf


@dataclass(frozen=True)
class Walk:
    """A way through a tree: each question with the answer given, then the leaf; or why it stopped before one."""

    path: tuple[tuple[Question, Answer], ...]
    leaf: Leaf | None
    stopped: str = ""

    def __str__(self) -> str:
        return ", ".join(f"{question.id}: {answer.text}" for question, answer in self.path)


def anchor(guideline: str, question: str) -> str:
    """Return the fragment of a question on the page of its guideline."""
    return f"{guideline.lower()}-tree-{question}"


def asked(tree: Tree | None, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to questions of this tree: a case can answer those of another day's tree as well."""
    return {name: text for name, text in answers.items() if tree is None or name in tree.by_id}


def walk(tree: Tree, answers: Mapping[str, str]) -> Walk:
    """Follow `answers`, by question id, from the start to a leaf."""
    path: list[tuple[Question, Answer]] = []
    question = tree.questions[0]
    while True:
        given = answers.get(question.id)
        if given is None:
            return Walk(tuple(path), None, f"it gives no answer to `{question.id}`")
        answer = question.answer(given)
        if answer is None:
            known = ", ".join(one.text for one in question.answers)
            return Walk(tuple(path), None, f"`{question.id}` has no answer `{given}`, only {known}")
        path.append((question, answer))
        if answer.go is None:
            return Walk(tuple(path), answer.leaf)
        question = tree.by_id[answer.go]


def read(block: Block) -> tuple[Tree | None, list[Fault]]:
    """Read a tree from its block; None when it has a fault."""
    reader = _Reader(block)
    questions = [found for name in block.matter.values if (found := reader.question(name))]
    if not block.matter.values:
        reader.fault("", "expected at least one question, found none. Write `id:`, and below it `ask:` and `answers:`.")
    tree = Tree(tuple(questions), block.start, block.end, block.line)
    if not reader.faults:
        reader.ways(tree)
    return (None if reader.faults else tree), reader.faults


class _Reader:
    def __init__(self, block: Block) -> None:
        self.block = block
        self.faults: list[Fault] = []

    def fault(self, name: str, message: str) -> None:
        self.faults.append(Fault(self.block.matter.lines.get(name, self.block.line), "tree", message))

    def question(self, name: str) -> Question | None:
        before = len(self.faults)
        fields = self.block.matter.values[name]
        if not _ID.fullmatch(name):
            self.fault(name, f"expected the id of a question in small letters and hyphens, found `{name}`. Rename it.")
        if not isinstance(fields, dict):
            self.fault(name, f"expected `ask:` and `answers:` below `{name}`, found something else. Add them.")
            return None
        for key in fields:
            if key not in {"ask", "answers"}:
                hint = closest(key, ["ask", "answers"])
                guess = f" Did you mean `{hint}`?" if hint else " A question has ask and answers."
                self.fault(f"{name}.{key}", f"`{key}` is no part of a question.{guess}")
        ask = self.block.matter.written.get(f"{name}.ask", "")
        why = plain_fault(ask, code=False)
        if why or not ask.endswith("?") or len(ask) > LONGEST_QUESTION:
            found = why or f"{len(ask)} characters that end in `{ask[-1:]}`"
            wish = f"a question of at most {LONGEST_QUESTION} characters in plain text, with `?` at its end"
            self.fault(f"{name}.ask" if "ask" in fields else name, f"expected `ask` to be {wish}; found {found}.")
        answers = fields.get("answers")
        if not isinstance(answers, dict) or not FEWEST_ANSWERS <= len(answers) <= MOST_ANSWERS:
            found = f"{len(answers)}" if isinstance(answers, dict) else "none"
            self.fault(
                f"{name}.answers" if answers else name,
                f"expected {FEWEST_ANSWERS} to {MOST_ANSWERS} answers, found {found}.",
            )
            return None
        shapes = [_NO_LETTERS.sub("-", text.lower()).strip("-") for text in answers]
        for text, shape in zip(answers, shapes, strict=True):
            if shapes.count(shape) > 1:
                message = f"`{text}` differs from another answer in signs or capitals alone. Reword one of them."
                self.fault(f"{name}.answers.{text}", message)
        done = tuple(self.answer(f"{name}.answers.{text}", text, answers[text]) for text in answers)
        return Question(name, ask, self.block.matter.lines[name], done) if len(self.faults) == before else None

    def answer(self, name: str, text: str, value: object) -> Answer:
        why = plain_fault(text, code=False)
        if not why and _SEPARATORS & set(text):
            why = "`;`, `=` or `&`"
        elif not why and not 0 < len(text.strip()) == len(text) <= LONGEST_ANSWER:
            why = f"{len(text)} characters, spaces at the ends counted"
        if why:
            message = f"expected an answer of 1 to {LONGEST_ANSWER} characters in plain text, no space at its ends"
            self.fault(name, f"{message}; found {why}.")
        wish = "{go: question}, or {label: …, clause: …} with `escalate: …` where the reviewer also escalates"
        line = self.block.matter.lines[name]
        if not isinstance(value, dict):
            self.fault(name, f"expected {wish} after `{text}:`, found something else.")
            return Answer(text, line)
        given = {key: self.block.matter.written.get(f"{name}.{key}", "") for key in value}
        unknown = [key for key in given if key not in _KEYS]
        leads = "go" in given
        ends = "clause" in given and ("label" in given or "escalate" in given)
        if unknown:
            hint = closest(unknown[0], _KEYS)
            self.fault(name, f"`{unknown[0]}` is no part of an answer.{f' Did you mean `{hint}`?' if hint else ''}")
        elif leads == ends or (leads and len(given) > 1) or not all(given.values()):
            self.fault(name, f"expected {wish} after `{text}:`; found {', '.join(given) or 'nothing'}.")
        leaf = Leaf(given.get("label"), given.get("clause", ""), given.get("escalate")) if ends else None
        return Answer(text, line, given.get("go"), leaf)

    def ways(self, tree: Tree) -> None:
        """See that every way ends, soon enough, and that every question stands on one."""
        leads = {question.id: [one.go for one in question.answers if one.go is not None] for question in tree.questions}
        for answer in (answer for question in tree.questions for answer in question.answers):
            if answer.go is not None and answer.go not in leads:
                hint = closest(answer.go, leads)
                guess = f" Did you mean `{hint}`?" if hint else ""
                self.faults.append(Fault(answer.line, "tree", f"`{answer.go}` is no question of this tree.{guess}"))
        if self.faults:
            return
        try:
            ends_first = list(TopologicalSorter(leads).static_order())
        except CycleError as error:
            way = list(reversed(error.args[1]))
            line = next(one.line for one in tree.by_id[way[0]].answers if one.go == way[1])
            message = f"this answer begins a circle: {' > '.join(way)}. Let every way end at an outcome."
            self.faults.append(Fault(line, "tree", message))
            return
        most: dict[str, int] = {}  # questions on the longest way from a question on, itself included
        for name in ends_first:
            most[name] = 1 + max((most[go] for go in leads[name]), default=0)
        first = tree.questions[0].id
        reached = {first} | {go for name in ends_first for go in leads[name]}
        for question in tree.questions:
            if question.id not in reached:
                message = f"nothing leads to `{question.id}`. Let an answer go there, or delete it."
                self.faults.append(Fault(question.line, "tree", message))
        if most[first] > MOST_QUESTIONS:
            message = f"expected at most {MOST_QUESTIONS} questions on each way, found {most[first]}. Merge some."
            self.faults.append(Fault(tree.line, "tree", message))
