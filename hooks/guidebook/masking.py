"""Masking: which characters of a body are code or escaped, so that nothing in them counts as Markdown.

Code fences stand at the start of a line, between blank lines, and close with the fence they opened with; a code span
opens and closes on one line. Whatever parsers read in two ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

EXAMPLE_INFO = "{ .markdown .example }"
# Stands for each character of a code span or an escape: no space, no letter, and never in a source.
HIDDEN = "\0"

_FENCE = re.compile(r"(`{3,}|~{3,})([^`]*)")
_INFO = re.compile(r"[ ]*([a-z][a-z0-9]*|" + re.escape(EXAMPLE_INFO) + r")?[ ]*")
# Left to right, as Python-Markdown reads: an escaped sign, a code span, a backtick that is neither.
_INLINE = re.compile(r"\\[\\`*_{}\[\]()>#+.!|-]|(`+)(?!`)(?:.+?)(?<!`)\1(?!`)|(`+)")
# What may stand before the text of a line and gives it a place: spaces, quotes, list items, definitions.
LEAD = re.compile(r"(?:[ ]+|>|[-*+](?=[ ]|$)|\d+[.)](?=[ ]|$)|:(?=[ ]|$))*")


@dataclass
class Mask:
    """A masked text of the same length, its fenced parts as offsets, the lines in them by index, and faults."""

    text: str = ""
    fences: list[tuple[int, int]] = field(default_factory=list)
    examples: list[tuple[int, int]] = field(default_factory=list)
    code_lines: set[int] = field(default_factory=set)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    # Whether every fence is closed: when not, nobody can say what is code.
    clear: bool = True


def mask(text: str) -> Mask:
    """Mask a body; faults are (index of the line, rule, message)."""
    found = Mask()
    masked: list[str] = []
    rows = text.split("\n")
    fence = ""
    opened = offset = first = 0
    is_example = False
    for index, row in enumerate(rows):
        start = _FENCE.fullmatch(row)
        if fence:
            masked.append(" " * len(row))
            found.code_lines.add(index)
            if row.rstrip(" ") == fence:
                found.fences.append((opened, offset + len(row)))
                if is_example:
                    found.examples.append((opened, offset + len(row)))
                fence = ""
                if index + 1 < len(rows) and rows[index + 1].strip(" "):
                    found.faults.append((index, "code-fence", "expected a blank line after the code. Add one."))
            elif start and not start[2].strip() and start[1][0] == fence[0]:
                message = (
                    f"expected {fence} to close the code, found {start[1]}: parsers disagree here. Use one length."
                )
                found.faults.append((index, "code-fence", message))
        elif start:
            fence, opened, first = start[1], offset, index
            is_example = start[2].strip(" ") == EXAMPLE_INFO
            masked.append(" " * len(row))
            found.code_lines.add(index)
            found.faults += _opening(index, rows, start)
        else:
            masked.append(_mask_row(index, row, found))
        offset += len(row) + 1
    if fence:
        message = f"the code opened here is never closed. Add {fence} on a line of its own after it."
        found.faults.append((first, "code-fence", message))
        found.clear = False
    found.text = "\n".join(masked)
    return found


def _opening(index: int, rows: list[str], start: re.Match[str]) -> Iterator[tuple[int, str, str]]:
    if index and rows[index - 1].strip(" "):
        yield index, "code-fence", "expected a blank line before the code. Add one."
    if not _INFO.fullmatch(start[2]):
        wish = f"a language in lower-case letters, or `{EXAMPLE_INFO}`, after {start[1]}"
        yield index, "code-fence", f"expected {wish}; found `{start[2].strip()[:40]}`."


def _mask_row(index: int, row: str, found: Mask) -> str:
    lead = LEAD.match(row)
    if lead and lead[0] and row.startswith(("```", "~~~"), lead.end()):
        message = (
            "expected the code fence at the start of the line. Move the code to the left, out of the list or quote."
        )
        found.faults.append((index, "code-fence", message))
        return HIDDEN * len(row)
    if "`" not in row and "\\" not in row:
        return row
    open_ends = 0

    def hide(match: re.Match[str]) -> str:
        nonlocal open_ends
        open_ends += match[2] is not None
        return HIDDEN * len(match[0])

    masked = _INLINE.sub(hide, row)
    if open_ends:
        message = "a backtick is not closed on its line. Close it, or write \\` to show the sign itself."
        found.faults.append((index, "code-span", message))
    return masked
