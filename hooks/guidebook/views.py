"""Views: the library as the readers of one edition see it on one day."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from guidebook import glossary, references
from guidebook.documents import Document, Reader
from guidebook.library import Library
from guidebook.markup import Heading, Kind
from guidebook.metadata import Faq, Guideline, Notice


@dataclass(frozen=True)
class Use:
    """A guideline that uses a label: the ids of its clauses and cases that do."""

    document: Document
    clauses: list[str]
    cases: list[str]


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
    def answers(self) -> dict[str, list[Document]]:
        """The FAQs that answer each clause."""
        found: dict[str, list[Document]] = {}
        for document in self.pages:
            for clause in document.meta.answers if isinstance(document.meta, Faq) else ():
                found.setdefault(clause, []).append(document)
        return found

    @cached_property
    def notices(self) -> dict[str, list[Document]]:
        """The notices about each clause and label."""
        found: dict[str, list[Document]] = {}
        for document in self.pages:
            for name in document.meta.changes if isinstance(document.meta, Notice) else ():
                found.setdefault(name, []).append(document)
        return found

    @cached_property
    def uses(self) -> dict[str, list[Use]]:
        """The guidelines that use each label, with the clauses that name it and the cases that end at it."""
        found: dict[str, list[Use]] = {}
        for document in self.pages:
            if isinstance(document.meta, Guideline):
                clauses = self._labels_of_clauses(document)
                for name in self.labels(document, document.meta):
                    cases = [case.id for case in document.visible_cases(self.reader) if case.fields.label == name]
                    use = Use(document, [clause for clause, names in clauses.items() if name in names], cases)
                    found.setdefault(name, []).append(use)
        return found

    def labels(self, document: Document, meta: Guideline) -> list[str]:
        """Return the labels of a guideline in force, without those that only a tree of another day leads to."""
        now = document.visible_tree(self.reader)
        others = {leaf.label for tree in document.trees if tree is not now for _, _, leaf in tree.leaves()}
        if others:
            others -= {leaf.label for _, _, leaf in now.leaves()} if now else set()
            others -= set().union(*self._labels_of_clauses(document).values())
        pages = {name: self.library.by_id.get(name) for name in meta.labels}
        return [name for name, page in pages.items() if name not in others and page and self.reader.may_read(page)]

    def _labels_of_clauses(self, document: Document) -> dict[str, set[str]]:
        """Return the ids that each clause names, and the labels of the leaves that cite it."""
        headings = document.visible_headings(self.reader)
        found: dict[str, set[str]] = {str(one.clause): set() for one in headings if one.clause}
        for mark in document.visible_marks(self.reader):
            clause = _clause_at(headings, mark.start) if mark.kind is Kind.REFERENCE else None
            if clause:
                found[clause].add(mark.target)
        tree = document.visible_tree(self.reader)
        for _, _, leaf in tree.leaves() if tree else ():
            if leaf.label and leaf.clause in found:
                found[leaf.clause].add(leaf.label)
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
        meta = document.meta
        every = meta.model_dump(exclude_none=True, mode="json")
        if isinstance(meta, Notice):
            names = self.names(meta)
            every["changes"] = names or None
            every["justified"] = {name: why for name, why in every["justified"].items() if name in names}
        if isinstance(meta, Guideline):
            every["labels"] = self.labels(document, meta)
            every["retired"] = {name: every["retired"][name] for name in document.retired(self.reader.day)}
        return {key: value for key, value in every.items() if value is not None and self.shows_field(key)}

    def names(self, notice: Notice) -> list[str]:
        """Return what a notice changes, without what the edition withholds: it told of it when it still showed it."""
        return [name for name in notice.changes if not references.is_withheld(self.library, name, self.reader)]

    def readers_of(self, audience: str) -> str:
        """Return in words who may read what is marked for `audience`."""
        return self.library.configuration.editions[audience].readers


def _clause_at(headings: list[Heading], offset: int) -> str | None:
    """Return the id of the clause in whose text `offset` stands; a smaller heading in it does not end it."""
    found: Heading | None = None
    for heading in headings:
        if heading.start > offset:
            break
        if heading.clause or (found and heading.level <= found.level):
            found = heading if heading.clause else None
    return found.clause if found else None
