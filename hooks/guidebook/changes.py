"""Changes: what differs between two catalogs of one edition, thing by thing, as readers and notices name things.

Only what decides cases is compared: clauses, labels, decision trees and cases; of pages, which came, went, moved or
were retired. A draft decides nothing, so it comes on the day on which it is in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["clause", "label", "tree", "case", "page"]
Row = Mapping[str, Any]
KINDS: tuple[Kind, ...] = ("clause", "label", "tree", "case", "page")
# What a change of it means, for a label: text, or a value that decides. Other fields (owner, dates) decide nothing.
LABEL_TEXTS = ("title", "summary", "includes", "excludes", "strike", "statement")
LABEL_VALUES = (
    "severity", "actions", "escalate", "surfaces", "precedence", "dsa_category", "dsa_keyword", "ozone", "status",
)  # fmt: skip
CASE_TEXTS = ("title", "text", "reason")
CASE_VALUES = ("verdict", "label", "clause", "answers", "surface")


@dataclass(frozen=True)
class Change:
    """One thing that differs. `before` is None for what is new, `after` for what is gone.

    `id` is what a notice names: `G04.2`, `spam-redirect`, `tree/G04`, `G04-02`, or the id of a page. `url` is its
    address in the catalog that has it, the later one if both have.
    """

    kind: Kind
    id: str
    page: str  # the id of the document it stands in
    title: str
    url: str
    before: Row | None
    after: Row | None


def tree_id(guideline: str) -> str:
    """Return the name of a guideline's decision tree."""
    return f"tree/{guideline}"


def between(before: Iterable[Row], after: Iterable[Row]) -> list[Change]:
    """Return what differs between the documents of two catalogs, kind by kind, each in the order of the later one.

    What is gone stands where its page is, after what that page has; pages that are gone come last.
    """
    old, new = _things(before), _things(after)
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        shown = now or was
        if shown is None or (was and now and was.compared == now.compared):
            continue
        kind, name = key
        found.append(
            Change(kind, name, shown.page, shown.title, shown.url, was.data if was else None, now.data if now else None)
        )
    places = {page: at for at, page in enumerate(dict.fromkeys(one.page for one in [*new.values(), *old.values()]))}
    return sorted(found, key=lambda change: (KINDS.index(change.kind), places[change.page]))


def retires(change: Change) -> bool:
    """Say whether a guideline that stays decides cases no more, or again."""
    if change.kind != "page" or change.before is None or change.after is None:
        return False
    return change.after["type"] == "guideline" and change.before.get("status") != change.after.get("status")


def whole_pages(found: Iterable[Change]) -> set[str]:
    """Return the ids of the pages that came or went, not of those that moved: what is on them came or went too."""
    return {one.id for one in found if one.kind == "page" and (one.before is None or one.after is None)}


@dataclass(frozen=True)
class _Thing:
    page: str
    title: str
    url: str
    data: Row
    compared: Any


def _things(rows: Iterable[Row]) -> dict[tuple[Kind, str], _Thing]:
    return {(kind, name): thing for row in rows if row.get("status") != "draft" for kind, name, thing in _of(row)}


def _of(row: Row) -> Iterator[tuple[Kind, str, _Thing]]:
    page, title, url = row["id"], row["title"], row["url"]
    yield "page", page, _Thing(page, title, url, row, (url, row.get("status") == "retired"))
    for clause in row.get("clauses", ()):
        yield "clause", clause["id"], _Thing(page, clause["title"], clause["url"], clause, clause["sha256"])
    if row["type"] == "label":
        compared = {key: row[key] for key in (*LABEL_TEXTS, *LABEL_VALUES) if key in row}
        yield "label", page, _Thing(page, title, url, row, compared)
    if "tree" in row:
        yield "tree", tree_id(page), _Thing(page, title, f"{url}#decision-tree", row["tree"], row["tree"])
    for case in row.get("cases", ()):
        compared = {key: case.get(key) for key in (*CASE_TEXTS, *CASE_VALUES)}
        yield "case", case["id"], _Thing(page, case["title"], case["url"], case, compared)


@dataclass(frozen=True)
class Leaf:
    """Where an answer of a tree ends, as ids: its label, its clause, and whom it is escalated to.

    `question` is as it is asked now; whatever its words, it is the same question by its id.
    """

    question: str
    answer: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None


def leaves(before: Row | None, after: Row | None) -> list[Leaf]:
    """Return the answers of a decision tree that end elsewhere than before, are new, or are gone."""
    old, new = _leaves(before), _leaves(after)
    asks = {question["id"]: question["ask"] for tree in (before, after) if tree for question in tree["questions"]}
    keys = [*new, *(key for key in old if key not in new)]
    return [
        Leaf(asks[question], text, old.get((question, text)), new.get((question, text)))
        for question, text in keys
        if old.get((question, text)) != new.get((question, text))
    ]


def _leaves(tree: Row | None) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (question["id"], answer["text"]): tuple(answer[key] for key in ("label", "clause", "escalate") if key in answer)
        for question in (tree or {"questions": ()})["questions"]
        for answer in question["answers"]
        if "go" not in answer
    }
