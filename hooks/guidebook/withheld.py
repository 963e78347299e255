"""Withheld: all that a library holds and one edition may not show, as phrases and names, each with where it stands."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from guidebook.cases import Case
from guidebook.configuration import FILE, Edition
from guidebook.documents import Document, Reader, cut, inside
from guidebook.library import DOCS, Library
from guidebook.markup import Kind
from guidebook.phrases import LENGTH, TAG, Phrase, phrases_of, plain, words_of
from guidebook.views import View


@dataclass(frozen=True, order=True)
class Source:
    """One place whose text is withheld. `elsewhere` says that the edition that reads everything shows it."""

    path: str
    line: int
    what: str
    elsewhere: bool = False
    # Whether all its text is too short to be told from chance.
    short: bool = False


@dataclass(frozen=True, order=True)
class Trace:
    """Where a phrase comes from.

    `kind`: text as readers see it, source (only as written), name, title, id, setting, file.
    """

    source: Source
    line: int
    kind: str


@dataclass(frozen=True)
class Withheld:
    """What the edition may not show: phrases, parts of paths, whole files, each with the numbers of its traces.

    `known` are files that need no sweep.
    """

    edition: str
    traces: tuple[Trace, ...]
    phrases: Mapping[Phrase, tuple[int, ...]]
    segments: Mapping[str, int]
    sums: Mapping[str, int]
    known: frozenset[str]

    def numbers(self, phrases: Iterable[Phrase]) -> set[int]:
        """Return the numbers of the traces of some phrases."""
        return {number for phrase in phrases for number in self.phrases[phrase]}

    def sources(self, phrases: Iterable[Phrase], kinds: set[str]) -> set[Source]:
        """Return the sources of some phrases, as far as those are of certain kinds."""
        return {trace.source for trace in map(self.traces.__getitem__, self.numbers(phrases)) if trace.kind in kinds}

    @cached_property
    def long(self) -> frozenset[Phrase]:
        """The phrases of full length."""
        return frozenset(phrase for phrase in self.phrases if len(phrase) == LENGTH)

    @cached_property
    def short(self) -> dict[int, tuple[frozenset[str], frozenset[Phrase]]]:
        """The shorter phrases by how many words they have, after the longest word of each: few texts hold one."""
        found: dict[int, set[Phrase]] = defaultdict(set)
        for phrase in self.phrases:
            if len(phrase) < LENGTH:
                found[len(phrase)].add(phrase)
        return {
            length: (frozenset(max(phrase, key=len) for phrase in phrases), frozenset(phrases))
            for length, phrases in found.items()
        }


_STARTS = re.compile(r"[ >]*(?:[-*+]|\d+[.)])[ ]|[ ]*\||#|:[ ]|/{3,}|`{3,}|~{3,}|[ ]{4}[a-z_]+:[ ]")
_ALONE = re.compile(r"#|/{3,}|`{3,}|~{3,}|--8<--")
_INCLUDE = re.compile(r"--8<-- ")
_CODE = re.compile(r"`([^`\n]+)`")


def _blocks(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Yield each paragraph, list item, table row, heading and option with its line."""
    rows: list[str] = []
    start = first_line
    for number, row in enumerate([*text.split("\n"), ""], first_line):
        if rows and (not row.strip() or _STARTS.match(row) or _ALONE.match(rows[-1])):
            yield start, "\n".join(rows)
            rows = []
        if row.strip():
            start = start if rows else number
            rows.append(row)


def _bits(block: str) -> Iterator[str]:
    """Yield the parts of a block that are leaks by themselves: cells of a table, names in code."""
    if block.lstrip().startswith("|"):
        yield from (plain(cell) for cell in block.split("|"))
    yield from (code for code in _CODE.findall(block) if not re.search(r"\s", code))


class Collector:
    """Collects what `view` withholds, each phrase with where it stands."""

    def __init__(self, library: Library, view: View) -> None:
        self.library = library
        self.view = view
        self.everyone = Reader(None, view.reader.day)
        self.traces: dict[Trace, int] = {}
        self.phrases: dict[Phrase, set[int]] = defaultdict(set)
        self.segments: dict[str, int] = {}
        self.sums: dict[str, int] = {}
        shown = [document for document in library.documents.values() if self.everyone.may_read(document)]
        self.included = {
            mark.target
            for document in shown
            for mark in document.shown_marks(self.everyone)
            if mark.kind is Kind.INCLUDE
        }

    def documents(self) -> None:
        for document in self.library.documents.values():
            on_site = document.meta.type != "snippet" or document.path in self.included
            if not self.view.reader.may_read(document):
                self._document(document, elsewhere=on_site and self.everyone.may_read(document))
                continue
            cases = {case.start: case for case in document.cases}
            told = {one.start for one in _told_in_a_line(document, self.everyone)}
            for start, end in document.unseen(self.view.reader):
                if start in cases:
                    self._case(document, cases[start], elsewhere=on_site and start not in told)
                else:
                    seen = on_site and self._is_seen(document, start, end)
                    self._text(document, start, end, "passage", elsewhere=seen)
            for one in _told_in_a_line(document, self.view.reader):
                self._case(document, one, elsewhere=False)
            self._fields(document)

    def _is_seen(self, document: Document, start: int, end: int) -> bool:
        """Say whether those who read everything see text of a passage: it may hold none that is in force or coming."""
        lines = [(one.start, one.end) for one in _told_in_a_line(document, self.everyone)]
        gone = sorted({*document.unseen(self.everyone), *lines})
        rest = cut(document.body.text, [(a, b, "") for a, b in gone if start <= a and b <= end], start, end)
        if len(rest) == end - start:
            return True
        return any(_tells(plain(block)) for _, block in _blocks(rest, 1) if not block.startswith(("///", "    ")))

    def _document(self, document: Document, *, elsewhere: bool) -> None:
        source = self._text(document, 0, len(document.body.text), "document", elsewhere=elsewhere)
        self.name(source, document.path.removesuffix(".md"))
        for key, text in _free_text(document):
            line = document.lines.get(key, 1)
            if key == "id":
                self.identifier(source, line, text)
            else:
                self.add(source, line, "title" if key in {"title", "summary"} else "source", text)
        for heading in document.clauses:
            self.identifier(source, heading.line, str(heading.clause))
        for case in document.cases:
            self.identifier(source, case.lines["id"], case.id)

    def _text(self, document: Document, start: int, end: int, what: str, *, elsewhere: bool) -> Source:
        text = document.body.text[start:end]
        first = document.body.line_at(start)
        blocks = [(line, block) for line, block in _blocks(text, first) if not _INCLUDE.match(block)]
        said = [(line, plain(block)) for line, block in blocks if not block.startswith(("///", "    "))]
        short = any(words_of(block) for _, block in said) and not any(_tells(block) for _, block in said)
        source = Source(f"{DOCS}/{document.path}", 1 if what == "document" else first, what, elsewhere, short)
        for line, block in said:
            self.add(source, line, "text", block)
        for line, block in blocks:
            self.add(source, line, "source", block)
            for bit in _bits(block):
                self.add(source, line, "source", bit)
        return source

    def _case(self, document: Document, case: Case, *, elsewhere: bool) -> None:
        source = Source(f"{DOCS}/{document.path}", case.line, "case", elsewhere)
        for key in ("text", "reason", "title"):
            self.add(source, case.lines[key], "text", plain(getattr(case.fields, key)))
        self.identifier(source, case.lines["id"], case.id)

    def _fields(self, document: Document) -> None:
        for key, text in _free_text(document):
            if not self.view.shows_field(key):
                line = document.lines.get(key, 1)
                self.add(Source(f"{DOCS}/{document.path}", line, "field"), line, "source", text)

    def assets(self, tree: Mapping[str, bytes]) -> None:
        for path, asset in self.library.assets.items():
            if f"{DOCS}/{path}" in tree:
                continue
            source = Source(f"{DOCS}/{path}", 1, "file")
            self.name(source, path.rpartition(".")[0])
            if asset.data:
                self.sums[sum_of(asset.data)] = self.number(Trace(source, 1, "file"))
            if b"\x00" not in asset.data:
                for line, row in enumerate(asset.data.decode("utf-8", "replace").split("\n"), 1):
                    self.add(source, line, "source", TAG.sub(" ", row))
                    self.add(source, line, "source", row)

    def settings(self) -> None:
        for name, edition in self.library.configuration.editions.items():
            if name != self.view.name:
                source = Source(FILE, 1, f"setting of edition {name} in")
                for value in _values(edition):
                    self.add(source, 1, "setting", value)

    def name(self, source: Source, path: str) -> None:
        self.add(source, 1, "name", path)
        self.add(source, 1, "name", path.rpartition("/")[2])
        for part in parts_of(path):
            self.segments.setdefault(part, self.number(Trace(source, 1, "name")))

    def identifier(self, source: Source, line: int, name: str) -> None:
        words = words_of(name)
        if len(words) > 1 or any(sign.isdigit() for sign in name):  # plain words such as "glossary" tell nothing
            self.phrases[tuple(words)].add(self.number(Trace(source, line, "id")))

    def add(self, source: Source, line: int, kind: str, text: str) -> None:
        number = self.number(Trace(source, line, kind))
        for phrase in phrases_of(text):
            self.phrases[phrase].add(number)

    def number(self, trace: Trace) -> int:
        return self.traces.setdefault(trace, len(self.traces))


def _told_in_a_line(document: Document, reader: Reader) -> list[Case]:
    """Return the cases of the future, of which a page says no more than that they come."""
    unseen, boxes = document.unseen(reader), [(one.start, one.end) for one in document.coming(reader)]
    return [one for one in document.cases if inside(one.start, boxes) and not inside(one.start, unseen)]


def _tells(text: str) -> bool:
    return any(True for _ in phrases_of(text))


def _free_text(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what metadata fields say in words of their own: neither a choice, nor a date, nor a number."""
    for key, value in document.meta.model_dump(exclude_none=True).items():
        if key in {"audience", "type"} or _is_choice(type(document.meta).model_fields[key].annotation):
            continue
        yield from ((key, text) for text in _texts(value))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _is_choice(annotation: object) -> bool:
    return any(isinstance(part, str) or _is_choice(part) for part in get_args(annotation))


def _values(edition: Edition) -> Iterator[str]:
    """Yield the texts of an edition's settings; an address also as its host alone."""
    for value in [edition.title, edition.readers, edition.branch, edition.remote, *edition.site.model_dump().values()]:
        if value:
            yield value
            host = re.match(r"[a-z+]+://(?:[^@/\s]*@)?([^/:\s]+)|[^@/\s]+@([^:/\s]+):", value)
            if host:
                yield host[1] or host[2]


def sum_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def parts_of(path: str) -> set[str]:
    return {part.partition(".")[0].casefold() for part in path.split("/")} - {"index", ""}
