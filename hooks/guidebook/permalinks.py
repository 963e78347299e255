"""Permalinks: for each clause an address that stays, `/c/G04.2/`, which leads to where its text stands in the release.

The pages behind them are plain HTML: nothing in them has to be built, and a browser follows them without a script.
"""

from __future__ import annotations

import html
from typing import Any, NamedTuple

from guidebook.links import literal

FOLDER = "c"
INDEX = f"{FOLDER}/index.md"
TITLE = "Clauses"
SUMMARY = "Every clause by its id, with its permanent address. A retired one leads to the clause that decides now."

Rows = list[dict[str, Any]]


class _Clause(NamedTuple):
    id: str
    title: str
    url: str
    first: str | None
    changed: str | None


def pages(rows: Rows) -> dict[str, bytes]:
    """Return the page behind each permalink, by path below `docs/`; `rows` are the documents of a catalog."""
    return {path_of(one.id): _page(one) for one in _clauses(rows)}


def path_of(clause: str) -> str:
    """Return where the page behind a clause's permalink stands."""
    return f"{FOLDER}/{clause}/index.html"


def index(rows: Rows) -> str:
    """Return the list of all clauses, as Markdown without front matter; empty when there is none."""
    found = _clauses(rows)
    dated = any(one.first for one in found)
    lines = [f"# {TITLE}", "", SUMMARY, ""]
    lines.append(f"| Clause | What it says |{' First in | Last changed in |' if dated else ''}")
    lines.append(f"|---|---|{'---|---|' if dated else ''}")
    for one in found:
        history = f" {one.first or ''} | {one.changed or ''} |" if dated else ""
        lines.append(f"| [{one.id}]({one.id}/index.html) | {literal(one.title)} |{history}")
    return "\n".join(lines) if found else ""


def _clauses(rows: Rows) -> list[_Clause]:
    """Return every clause, the retired ones too, by page and number."""
    found = []
    for row in rows:
        found += [
            _Clause(one["id"], one["title"], one["url"], one.get("first"), one.get("changed"))
            for one in row.get("clauses", [])
        ]
        for name, retired in row.get("retired", {}).items():
            where = f"{row['url']}#{name.lower().replace('.', '-')}"
            found.append(_Clause(name, f"Retired. Read {retired['to']} in its place.", where, None, None))
    return sorted(found, key=lambda one: (one.id.partition(".")[0], int(one.id.partition(".")[2])))


def _page(clause: _Clause) -> bytes:
    target, name, title = (html.escape(text) for text in (f"../../{clause.url}", clause.id, clause.title))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={target}">
<link rel="icon" href="../../assets/images/favicon.png">
<title>{name} {title}</title>
</head>
<body>
<p><a href="{target}">{name} {title}</a></p>
</body>
</html>
""".encode()
