"""Catalog: an edition as data, `catalog.json` for machines and `llms.txt` for language models."""

from __future__ import annotations

import json
import posixpath
from typing import Any

from guidebook import pages
from guidebook.documents import Document
from guidebook.sources import address
from guidebook.views import View

FORMAT = 1


def row(view: View, document: Document) -> dict[str, Any]:
    """Return a document of the edition with its metadata and clauses."""
    found: dict[str, Any] = {**view.metadata(document), "url": address(document.path), "markdown": twin(document)}
    clauses = pages.clauses(view, document)
    if clauses:
        found["clauses"] = [{**clause, "url": f"{found['url']}#{clause['anchor']}"} for clause in clauses]
    return found


def dump(edition: str, rows: list[dict[str, Any]]) -> str:
    """Write the rows of an edition, ordered by path, as JSON: the same text for the same data."""
    data = {"format": FORMAT, "edition": edition, "documents": rows}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def twin(document: Document) -> str:
    """Return where the Markdown of a page stands on the site: `index.md` beside its `index.html`."""
    return posixpath.join(address(document.path), "index.md")


def llms(view: View, title: str) -> str:
    """Return `llms.txt` (llmstxt.org): what the site is, then every page by folder with its Markdown."""
    home = next((document for document in view.pages if document.path == "index.md"), None)
    lines = [f"# {title}", ""]
    if home:
        lines += [f"> {home.meta.summary}", ""]
    indexes = {posixpath.dirname(one.path): one for one in view.pages if posixpath.basename(one.path) == "index.md"}
    folder = None
    for document in sorted(view.pages, key=lambda one: (posixpath.dirname(one.path), one.path)):
        here = posixpath.dirname(document.path)
        if here != folder:
            lines += [""] if folder is not None else []
            lines += [f"## {indexes.get(here, document).meta.title}", ""]
            folder = here
        lines.append(f"- [{document.meta.title}]({twin(document)}): {document.meta.summary}")
    return "\n".join(lines) + "\n"
