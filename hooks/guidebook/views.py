"""Views: the library as the readers of one edition see it on one day."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from guidebook import glossary
from guidebook.documents import Document, Reader
from guidebook.library import Library


@dataclass(frozen=True)
class View:
    """The library as the readers of the edition `name` see it."""

    library: Library
    name: str
    reader: Reader

    @cached_property
    def documents(self) -> list[Document]:
        """Documents the edition shows, snippets included, by path."""
        shown = [document for document in self.library.documents.values() if self.reader.may_read(document)]
        return sorted(shown, key=lambda document: document.path)

    @cached_property
    def pages(self) -> list[Document]:
        """Documents that have a page of their own in the edition, by path."""
        return [document for document in self.documents if document.meta.type != "snippet"]

    @cached_property
    def neighbours(self) -> dict[str, list[Document]]:
        """The pages that stand directly in each folder, in the order of the navigation.

        A folder's own page stands in the folder above; the home page in none.
        """
        found: dict[str, list[Document]] = {}
        for document in self.pages:
            folder, name = posixpath.split(document.path)
            if name != "index.md":
                found.setdefault(folder, []).append(document)
            elif folder:
                found.setdefault(posixpath.dirname(folder), []).append(document)
        for inside in found.values():
            inside.sort(key=lambda document: (document.meta.order, document.path))
        return found

    @cached_property
    def terms(self) -> glossary.Glossary:
        """The glossary as the edition shows it."""
        document = self.library.by_id.get("glossary")
        if document is None or not self.reader.may_read(document):
            return glossary.Glossary({})
        return glossary.read(document.visible_text(self.reader))

    def shows_field(self, key: str) -> bool:
        """Say whether the edition shows the metadata field `key`."""
        return self.library.configuration.shows_field(self.name, key)

    def metadata(self, document: Document) -> dict[str, Any]:
        """Return the metadata of a document that the edition shows, in the order of the schema."""
        every = document.meta.model_dump(exclude_none=True, mode="json")
        return {key: value for key, value in every.items() if self.shows_field(key)}

    def readers_of(self, audience: str) -> str:
        """Return in words who may read what is marked for `audience`."""
        return self.library.configuration.editions[audience].readers
