"""New: start a document with the next free id, in the right folder, with every field it needs."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import typer
from guidebook import library, markup, numbering
from guidebook.library import DOCS, Library
from guidebook.metadata import MODELS, Label
from guidebook.rules import GUIDELINE_SECTIONS

FOLDERS = {
    "guideline": "guidelines", "label": "labels", "faq": "faqs", "workflow": "workflows", "notice": "comms",
    "status": "comms", "checklist": "workflows", "page": "handbook", "snippet": "snippets",
}  # fmt: skip
OWN_FIELDS = {
    "guideline": "labels: [no-action]\n",
    "label": (
        "severity: low\nactions: [DECISION_VISIBILITY_CONTENT_REMOVED]\n"
        "dsa_category: STATEMENT_CATEGORY_OTHER_VIOLATION_TC\ndsa_keyword: KEYWORD_OTHER\n"
        "surfaces: [post]\nprecedence: {free}\n"
        "statement:\n  ground: The rule that was broken.\n  explanation: Why it was.\n  facts: What was found.\n"
    ),
    "faq": "answers: [G04.1]\n",
    "notice": "changes: [G04.1]\nkind: editorial\n",
    "status": "state: investigating\nimpact: minor\n",
}
BODIES = {
    "guideline": "\n\n".join(f"## {section}" for section in GUIDELINE_SECTIONS),
    "label": (
        "## Includes\n\n- A fact.\n\n## Excludes\n\n- A fact: [no-action].\n- Another: [no-action].\n"
        "- Another: [no-action].\n\n## What the account holder is told"
    ),
    "notice": "## What is different\n\n## What to do\n\n## From when",
    "status": "## Confirmed and since when\n\n## Being checked\n\n## What to do\n\n## Next update",
}


def start(root: Path, kind: str, title: str, day: dt.date, *, internal: bool = False) -> Path:
    """Write a draft for staff and return its path below `root`. Exits with 2 when the type or title will not do.

    The id of one that stays `internal` leaves no gap in the numbers that others see.
    """
    slug = markup.slug(title)
    if kind not in MODELS:
        raise _refuse(f"expected TYPE to be one of {', '.join(MODELS)}, found {kind!r}")
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,59}", slug):
        raise _refuse(f"expected a title of 2 to 60 letters that starts with one, found {title!r}")
    loaded = library.load(root)
    if loaded.library is None:
        raise _refuse("mkdocs.yml has problems: run `scripts/guide check`")
    if kind in numbering.SERIES:
        name = numbering.next_id(loaded.library, kind, internal=internal)
        stem = f"{name.lower()}-{slug}"
    else:
        name, stem = f"snippet-{slug}" if kind == "snippet" else slug, slug
    path = Path(DOCS) / FOLDERS[kind] / f"{stem}.md"
    if (root / path).exists():
        raise _refuse(f"{path} exists already")
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    with (root / path).open("x", encoding="utf-8") as file:
        file.write(_text(kind, name, title, day).replace("{free}", str(_free_precedence(loaded.library))))
    return path


def _refuse(message: str) -> typer.Exit:
    typer.echo(f"scripts/guide: {message}", err=True)
    return typer.Exit(2)


def _free_precedence(source: Library) -> int:
    taken = {one.meta.precedence for one in source.documents.values() if isinstance(one.meta, Label)}
    return next((number for number in range(50, 100) if number not in taken), 50)


def _text(kind: str, name: str, title: str, day: dt.date) -> str:
    review = day + dt.timedelta(days=365)
    body = BODIES.get(kind, "")
    return (
        f"---\nid: {name}\ntype: {kind}\ntitle: {title}\nsummary: Say the rule in one sentence.\n"
        f"audience: internal\nowner: Spam Policy\nstatus: draft\nvalid_from: {day}\nreview_by: {review}\n"
        f"{OWN_FIELDS.get(kind, '')}---\n\n{body}\n"
    )
