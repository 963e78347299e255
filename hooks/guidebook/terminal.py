"""Terminal: a change between two texts as lines of plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace

from guidebook import edits
from guidebook.alignment import Pair
from guidebook.difference import DOWN, UP, Change

FIRST = 8  # words that say which block is meant


def rows(found: Change, width: int) -> list[str]:
    """Return what changed, a line a paragraph, item or row, wrapped at `width`, each below what leads to it."""
    shown: list[str] = []
    openers: dict[int, _Line] = {}
    for line in _lines(found, "", 1, ""):
        openers = {depth: one for depth, one in openers.items() if depth < line.depth} | {line.depth: line}
        for depth, one in sorted(openers.items()) if line.changed else ():
            shown += one.wrapped(width)
            openers[depth] = replace(one, said="")  # it is said once
    return shown


@dataclass(frozen=True)
class _Line:
    """A line for a terminal: a heading has the depth 0, a paragraph 1, an item of a list 2."""

    depth: int
    lead: str
    said: str
    changed: bool

    def wrapped(self, width: int) -> list[str]:
        """Return it in rows; of what did not change, the first words."""
        said, row = self.said, self.said.startswith("| ")
        if not self.changed and not row and said.count(" ") >= FIRST:
            said = " ".join([*said.split(" ")[:FIRST], "\u2026"])
        return textwrap.wrap(
            said,
            max(width, len(self.lead) + FIRST),
            initial_indent=self.lead,
            subsequent_indent=" " * (len(self.lead) + 2 * row),
            break_long_words=False,
            break_on_hyphens=False,
        )


def _lines(change: Change, lead: str, depth: int, moved: str) -> Iterator[_Line]:
    """Yield a line for each paragraph, heading, item and row; `lead` stands before the first."""
    kind = change.block.kind
    moved = change.moved or moved
    if kind == "pre":
        for line in _code(change):
            yield _line(line, f"{' ' * len(lead)}    ", depth + 1, moved)
        return
    if kind == "tr" or not change.children:
        level = change.block.number if kind == "h" else 0
        yield _line(change, lead + ("#" * level + " " if level else ""), 0 if level else depth, moved)
        return
    old, new = (block.number if block else 1 for block in (change.before, change.after))
    for place, child in enumerate(change.children):
        before = lead if not place else " " * len(lead)
        if kind == "ol":
            before = f"{' ' * len(lead)}{new if child.after else old}. "
            old, new = old + bool(child.before), new + bool(child.after)
        elif kind in {"ul", "quote"}:
            before = " " * len(lead) + ("- " if kind == "ul" else "> ")
        later = place > 0 and kind in {"table", "box"}
        yield from _lines(child, before, depth + (kind in {"ul", "ol", "table"}) + later, moved)


def _code(change: Change) -> Iterator[Change]:
    """Yield a change for each line of code."""
    pairs: list[Pair] = []
    for pair in change.pairs:
        if pairs and "\n" in pair.word.gap:
            yield replace(change, pairs=pairs)
            pairs = []
        pairs.append(pair)
    yield replace(change, pairs=pairs)


def _line(change: Change, lead: str, depth: int, moved: str) -> _Line:
    cells = [list(edits.runs(cell.pairs, code=False)) for cell in change.children or [change]]
    parts = ["".join(_said(run, plain=moved.startswith((UP, DOWN))) for run in cell) for cell in cells]
    said = f"| {' | '.join(parts)} |" if change.children else parts[0]
    changed = bool(moved or change.mark) or any(run.state != "same" for cell in cells for run in cell)
    return _Line(depth, lead, f"{moved}: {said}" if moved else said, changed)


_SIGNS = {"deleted": "[-%s-]", "inserted": "{+%s+}", "parted": "{+%s+}", "joined": "[-%s-]"}


def _said(run: edits.Run, *, plain: bool) -> str:
    said = "".join((" " if word.gap else "") + word.text for word in run.words)
    gap = " " if run.gap else ""
    if plain:
        return gap + said
    notes = " ".join(_SIGNS.get(state, "%s") % note for state, note in run.notes)
    return gap + _SIGNS.get(run.state, "%s") % said + (f" {{~{notes}~}}" if notes else "")
