"""Navigation: the tree of folders, in the order documents give, as MkDocs writes it in `nav`."""

from __future__ import annotations

import posixpath
from typing import Any

from guidebook.documents import Document
from guidebook.views import View


def neighbours(view: View, folder: str) -> list[Document]:
    """Return what stands directly in `folder`, in order: its pages, and the index pages of its folders."""
    return view.neighbours.get(folder, [])


def navigation(view: View, folder: str = "") -> list[Any]:
    """Return the `nav` of an edition: the index page of a folder first, then its pages and folders in order."""
    index = posixpath.join(folder, "index.md")
    home = next((document for document in view.pages if document.path == index), None)
    rows: list[Any] = [{home.meta.title: index} if not folder else index] if home else []
    for document in neighbours(view, folder):
        inner, name = posixpath.split(document.path)
        if name == "index.md":
            rows.append({document.meta.title: navigation(view, inner)})
        else:
            rows.append({document.meta.title: document.path})
    return rows
