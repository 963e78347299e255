"""Steps: the procedures of a workflow, read from its tables.

A table is the one source: readers see it as it is, and the picture and the data are made from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guidebook import tables
from guidebook.frontmatter import Fault
from guidebook.markup import Body, plain

COLUMNS = ("Step", "Role", "Action", "Timer", "Record")
NEXT = "Next"
END = "end"
LONGEST_NAME = 32  # characters: what fits beside the lanes on a phone
MOST_STEPS = 12
_RULER = re.compile(r":?-+:?")
_NAMED = re.compile(r"\*\*([^*]+)\*\*(?=\W|$)")
_GO = re.compile(r"([1-9]\d?|end|\[W\d{2}\])(?: if (\S.*))?", re.ASCII)


@dataclass(frozen=True)
class Way:
    """Where a step leads: the number of a step, `end` or the id of a workflow, and the condition, if there is one."""

    to: str
    condition: str = ""


@dataclass(frozen=True)
class Step:
    """One step; `role`, `action`, `timer` and `record` are Markdown as it stands in the table."""

    number: int
    name: str
    role: str
    action: str
    timer: str
    record: str
    ways: tuple[Way, ...]
    line: int


@dataclass(frozen=True)
class Procedure:
    """The steps of one table, which starts at the offset `start` below the heading `title` with its `anchor`."""

    title: str
    anchor: str
    start: int
    line: int
    steps: tuple[Step, ...]


def read(body: Body, passages: Sequence[tuple[int, int]] = ()) -> tuple[list[Procedure], list[Fault]]:
    """Return the procedures of a body in their order, and what is wrong with tables that are meant as one.

    `passages` are offsets of parts that some readers do not see: what a heading in one says stays in it.
    """
    found: list[Procedure] = []
    faults: list[Fault] = []
    for start, rows in tables.of(body):
        heads = tables.cells(rows[0][1])
        if heads[0] != COLUMNS[0]:
            continue
        line = rows[0][0]
        if tuple(heads) not in {COLUMNS, (*COLUMNS, NEXT)}:
            wish = f"`| {' | '.join(COLUMNS)} |`, with `{NEXT}` as a sixth where ways part"
            faults.append(_fault(line, f"expected the columns {wish}; found `{rows[0][1][:80]}`. Mend them."))
            continue
        ruler = tables.cells(rows[1][1]) if len(rows) > 1 else []
        if len(ruler) != len(heads) or not all(_RULER.fullmatch(cell) for cell in ruler):
            message = f"expected `|{' --- |' * len(heads)}` below these columns, found something else. Mend it."
            faults.append(_fault(line + 1, message))
            continue
        steps, more = _steps(rows[2:], len(heads))
        faults += more
        if not more and not steps:
            faults.append(_fault(line, "expected a step below these columns, found none. Add the first."))
        shut = [(first, last) for first, last in passages if not first <= start < last]
        above = [one for one in body.headings if one.start < start]
        head = next((one for one in reversed(above) if not any(a <= one.start < b for a, b in shut)), None)
        same = next((one for one in found if head and one.anchor == head.anchor), None)
        if head is None:
            faults.append(_fault(line, "expected a heading above the steps, which names them. Add it."))
        elif same:
            message = f"the heading above names the steps on line {same.line} already. Put another above these."
            faults.append(_fault(line, message))
        elif not more and steps:
            found.append(Procedure(plain(head.text), head.anchor, start, line, tuple(steps)))
    return found, faults


def _fault(line: int, message: str) -> Fault:
    return Fault(line, "steps", message)


def _steps(rows: list[tuple[int, str]], width: int) -> tuple[list[Step], list[Fault]]:
    steps: list[Step] = []
    faults: list[Fault] = []
    if len(rows) > MOST_STEPS:
        message = f"expected at most {MOST_STEPS} steps, found {len(rows)}. Part the procedure in two."
        faults.append(_fault(rows[MOST_STEPS][0], message))
    for number, (line, row) in enumerate(rows, 1):
        cells = tables.cells(row)
        if len(cells) != width or not all(plain(cell).strip() for cell in cells):
            empty = ", one of them empty" if len(cells) == width else ""
            message = f"expected {width} cells with text, found {len(cells)}{empty}. Fill in every one."
            faults.append(_fault(line, message))
            continue
        named = _NAMED.match(cells[2])
        name = plain(named[1]).strip(" .:;,") if named else ""
        known = {one.name: one.line for one in steps}
        if cells[0] != str(number):
            faults.append(
                _fault(line, f"expected step {number}, found `{cells[0]}`. Number the steps 1, 2, 3 and so on.")
            )
        if not name or len(name) > LONGEST_NAME:
            wish = (
                f"the action to start with the step's name, such as `**Read the case**`, of {LONGEST_NAME} characters"
            )
            found = f"`{cells[2][:40]}`" if not name else f"{len(name)} characters"
            faults.append(_fault(line, f"expected {wish} at most; found {found}. Mend it."))
        elif name in known:
            faults.append(_fault(line, f"step `{name}` stands on line {known[name]} already. Give this another name."))
        ways, more = _ways(cells[5] if width > len(COLUMNS) else "", number, rows)
        faults += [_fault(line, message) for message in more]
        steps.append(Step(number, name, cells[1], cells[2], cells[3], cells[4], ways, line))
    return steps, faults


def _ways(cell: str, number: int, rows: list[tuple[int, str]]) -> tuple[tuple[Way, ...], list[str]]:
    """Return where a step leads, and what is wrong with the cell that says so."""
    if not cell:
        return (Way(str(number + 1) if number < len(rows) else END),), []
    found: list[Way] = []
    wrong: list[str] = []
    for part in (one.strip() for one in cell.split(";")):
        way = _GO.fullmatch(part)
        if way is None:
            wish = f"`{NEXT}` to hold a step, `end` or `[W02]`, and after `;` others, each with ` if ` and when"
            wrong.append(f"expected {wish}; found `{part[:60]}`. Mend it.")
            continue
        to = way[1].strip("[]")
        if to.isdigit() and (not 1 <= int(to) <= len(rows) or int(to) == number):
            what = "this step itself" if int(to) == number else f"no step of these {len(rows)}"
            wrong.append(f"`{part}` leads to {to}, which is {what}. Name another.")
        condition = plain(way[2] or "").strip()
        if bool(found) != bool(condition):
            wish = "a condition (` if …`) for all ways but the first, and none for the first"
            wrong.append(f"expected {wish}; found `{part[:60]}`. Mend it.")
        found.append(Way(to, condition))
    return tuple(found), wrong
