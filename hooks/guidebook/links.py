"""Links: Markdown that leads from one page of an edition to another."""

from __future__ import annotations

import html
import posixpath
import re
from functools import lru_cache

from guidebook import references
from guidebook.documents import Document
from guidebook.markup import plain
from guidebook.metadata import Label
from guidebook.references import Target
from guidebook.views import View

# What would be read as emphasis, as the end of a table's cell, or as the closing of a heading.
_SIGN = re.compile(r"[*|]|(?<!\w)_|_(?!\w)|#+$")


def link(view: View, name: str, origin: Document) -> str:
    """Return Markdown that leads from `origin` to the document, clause or case with the id `name`."""
    target = references.by_id(view.library, name)
    if not isinstance(target, Target) or target.document is None:
        return name  # unread sources only: a library with problems is never staged
    return reference(view, name, target, origin)


def reference(view: View, name: str, target: Target, origin: Document) -> str:
    target = references.seen(target, view.reader)
    document = target.document
    assert document is not None  # noqa: S101 - a reference by id always leads to a document
    where = relative(document.path, origin.path) if document is not origin else ""
    if target.heading is not None:
        title = _in_quotes(plain(target.heading.text.removeprefix(f"{name} ")))
        return f'[{name}]({where}#{target.heading.anchor} "{title}"){{ .clause }}'
    if target.case is not None:
        return f'[{name}]({where}#{target.case.anchor} "{_in_quotes(target.case.fields.title)}"){{ .case }}'
    title = _in_quotes(document.meta.title)
    where = where or posixpath.basename(document.path)
    if isinstance(document.meta, Label):
        severity = f" .severity-{document.meta.severity}" if view.shows_field("severity") else ""
        return f'[`{name}`]({where} "{title}"){{ .label{severity} }}'
    return f'[{name}]({where} "{title}"){{ .document }}'


def escape(text: str) -> str:
    """Return plain text, such as a title, as Markdown that shows it to the letter, in a table too."""
    return _SIGN.sub(r"\\\g<0>", text)


def literal(text: str) -> str:
    """Return text of any signs, such as the title of a clause, as Markdown that shows it to the letter, as `escape`."""
    return escape(html.escape(text, quote=False))


def _in_quotes(text: str) -> str:
    """Return plain text for between the quotes of a link, where only a quote and, in a table, a pipe would be read."""
    return text.replace('"', "”").replace("|", "\\|")


@lru_cache(100_000)
def relative(path: str, origin: str) -> str:
    """Return the path of `path` as written in the file `origin`, both below `docs/`."""
    return posixpath.relpath(path, posixpath.dirname(origin) or ".")
