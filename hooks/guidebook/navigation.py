"""Navigation: the tree of folders, in the order documents give, as MkDocs writes it in `nav`."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping
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


def marked(marks: Mapping[str, str]) -> dict[str, Counter[str]]:
    """Return how many pages of each folder have which mark, by its index page, from the marks of pages by path.

    A folder shows this while it is closed. Its own page and those of the folders in it count.
    """
    found: dict[str, Counter[str]] = {}
    for path, mark in marks.items():
        folder = posixpath.dirname(path)
        while folder:
            found.setdefault(posixpath.join(folder, "index.md"), Counter())[mark] += 1
            folder = posixpath.dirname(folder)
    return found
