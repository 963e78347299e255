"""Tables: the rows and cells of Markdown tables, for those that are data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guidebook.markup import Body

_BETWEEN = re.compile(r"(?<!\\)\|")


def of(body: Body) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """Yield what could be a table as its offset and its rows with their lines: it ends where a parser ends it."""
    rows: list[tuple[int, str]] = []
    at = 0
    for index, offset, text, masked in body.lines():
        if masked.startswith("|") or (rows and masked.strip() and not masked.startswith("//")):
            at = at if rows else offset
            rows.append((body.first_line + index, text.strip()))
            continue
        if rows:
            yield at, rows
        rows = []
    if rows:
        yield at, rows


def cells(row: str) -> list[str]:
    """Return the text of each cell of a row, with or without a `|` at its ends."""
    found = [cell.strip() for cell in _BETWEEN.split(row.removeprefix("|"))]
    return found if found[-1] or len(found) == 1 else found[:-1]
