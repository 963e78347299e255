"""Schema: what the metadata models say, written for editors (JSON Schema) and for the handbook (a page)."""

from __future__ import annotations

import json
from pathlib import Path

from guidebook import metadata

SCHEMA = Path(".schema/front-matter.json")
PAGE = Path("docs/handbook/metadata.md")

_HEAD = """\
---
id: handbook-metadata
type: page
title: Metadata reference
summary: Every field of a document's front matter, by type. Generated from the schema the check uses.
audience: internal
owner: Enforcement Operations
status: in-force
valid_from: 2026-11-02
review_by: 2027-11-01
order: 30
---

This page is written by `scripts/guide schema`. Change `hooks/guidebook/metadata.py`, not this file.

Editors that read JSON Schema find it at `.schema/front-matter.json`.
"""


def page() -> str:
    """Return the handbook's reference of every field."""
    parts = [_HEAD]
    for name, about, rows in metadata.reference():
        parts.append(f"\n## {name.capitalize()}\n")
        if about:
            parts.append(f"\n{about}\n")
        if rows:
            parts.append("\n| Field | Needed | Values | What it is for |\n|---|---|---|---|\n")
            parts += [f"| `{field}` | {needed} | {values} | {text} |\n" for field, needed, values, text in rows]
    return "".join(parts)


def write(root: Path, *, check_only: bool) -> list[Path]:
    """Write the schema and the page where they differ, or only say which do; return those paths."""
    wanted = {SCHEMA: json.dumps(metadata.json_schema(), indent=1) + "\n", PAGE: page()}
    stale = [path for path, text in wanted.items() if not (root / path).is_file() or (root / path).read_text() != text]
    for path in [] if check_only else stale:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(wanted[path])
    return stale
