"""Language: words that two reviewers read in two ways, and one word for one thing.

Both lists are tables of one document of the library, so whoever owns the words can change them. Here stands how they
are read, what counts as prose, and where a listed word is reported.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from guidebook import glossary, tables
from guidebook.documents import Document, inside
from guidebook.library import DOCS, Library
from guidebook.markup import Heading, Kind
from guidebook.masking import HIDDEN
from guidebook.metadata import Guideline, Label, Metadata
from guidebook.passages import EFFECTIVE
from guidebook.problems import Problem

if TYPE_CHECKING:
    from guidebook.rules import Rule

LIST = "words"
TO_REPLACE = ("Words to replace", ("Word", "Say instead"))
ONE_WORD = ("One word for one thing", ("Not", "Say"))

# Between the words of a phrase: spaces or one line end, and signs of emphasis; never a blank line.
GAP = r"[*_]*(?:[ ]*\n[ >]*|[ ]+)[*_]*"
# Ends of a word. An underscore is a sign of emphasis here, no letter.
BEFORE, AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_RULER = re.compile(r"[ |:-]+")
_CODE = re.compile(r"`[^`]*`")


# What is prose


Spans = list[tuple[int, int]]
Find = Callable[[str], Iterable[tuple[int, str]]]


@dataclass(frozen=True)
class Part:
    """A stretch of prose. It stands at `offset` of the body; where `line` is given, that is the line of all of it."""

    text: str
    offset: int
    line: int | None = None

    def line_of(self, document: Document, at: int) -> int:
        """Return the line of the file that holds the character `at` of this part."""
        return document.body.line_at(self.offset + at) if self.line is None else self.line

    def stands_in(self, at: int, spans: Spans) -> bool:
        """Say whether the character `at` of this part stands in one of `spans`."""
        return inside(self.offset + (at if self.line is None else 0), spans)


def parts(document: Document) -> Iterator[Part]:
    """Yield what may be prose in a document: its fields, the body without its code, decision tree and cases."""
    for key, text in _fields(document.meta):
        yield Part(text, -1, document.lines.get(key, 1))
    yield Part(document.body.masked, 0)
    yield from questions(document)
    for case in document.cases:
        for key in ("title", "text", "reason"):
            text = _CODE.sub(lambda code: HIDDEN * len(code[0]), getattr(case.fields, key))
            yield Part(text, case.start, case.lines[key])


def _fields(meta: Metadata) -> Iterator[tuple[str, str]]:
    """Yield the fields that are read as text: what an account holder is told by a label as well."""
    yield from (("title", meta.title), ("summary", meta.summary))
    if isinstance(meta, Label):
        told = meta.statement.model_dump() if meta.statement else {}
        yield from ((f"statement.{key}", text) for key, text in told.items())
        yield from [("strike", meta.strike)] if meta.strike else []


def no_prose(document: Document) -> Spans:
    """Return what is no prose in the body without its code: ids, targets of links, includes, markers of passages."""
    text, spans = document.body.text, []
    for mark in document.body.marks:
        link = mark.kind is Kind.LINK or mark.kind is Kind.IMAGE
        target = text.rfind("](", mark.start, mark.end) if link else -1
        spans.append((max(mark.start, target), mark.end))
    for passage in document.passages:
        spans += [(passage.start, passage.inner[0]), (passage.inner[1], passage.end)]
    return spans


def hits(document: Document, find: Find, withheld: Spans) -> Iterator[tuple[Part, int, str]]:
    """Yield what `find` finds in the prose of a document, but for what is `withheld`: the part, the place, the find."""
    apart: Spans | None = None
    for part in parts(document):
        for at, found in find(part.text):
            if part.line is None:
                apart = no_prose(document) if apart is None else apart
                if inside(at, apart):
                    continue
            if not part.stands_in(at, withheld):
                yield part, at, found


def questions(document: Document) -> Iterator[Part]:
    """Yield the questions of the decision trees and their answers."""
    for tree in document.trees:
        for question in tree.questions:
            for text, line in ((question.ask, question.line), *((one.text, one.line) for one in question.answers)):
                yield Part(text, tree.start, line)


def quoted(text: str, at: int) -> bool:
    """Say whether the character `at` stands in quotation marks: then the words are another's."""
    end = text.find("\n\n", at)
    before, after = text[text.rfind("\n\n", 0, at) + 1 : at], text[at : None if end < 0 else end]
    straight = before.count('"') % 2 == 1 and '"' in after
    return straight or (before.rfind("“") > before.rfind("”") and "”" in after)


def clauses(document: Document) -> Iterator[tuple[Heading, int, int]]:
    """Yield each clause with the offsets of its heading and its end, passages in it included.

    It ends where a heading of its rank follows, or with the passage it stands in, as on a page.
    """
    headings = document.body.headings
    for index, clause in enumerate(headings):
        if clause.clause is None:
            continue
        ends = [one.inner[1] for one in document.passages if one.start < clause.start < one.end]
        after = next((one for one in headings[index + 1 :] if one.level <= clause.level), None)
        if after:
            around = [one.start for one in document.passages if clause.start < one.start < after.start < one.end]
            ends += [after.start, *around]
        yield clause, clause.start, min(ends, default=len(document.body.text))


# What is listed


# What each byte of an ASCII text counts as: a small letter, a digit, or a gap.
_LETTERS = bytes(ord(sign.lower()) if sign.isascii() and sign.isalnum() else 32 for sign in map(chr, range(256)))


FEW = 8  # so many words are found sooner one by one than by splitting a text


def _letters(text: str) -> bytes:
    """Return a text in small letters, with a gap for each sign that is no ASCII letter and no digit."""
    return text.encode("ascii", "replace").translate(_LETTERS)


def lowered(text: str) -> str:
    """Return a text in small letters, each at its place."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(sign.lower()[:1] for sign in text)


@lru_cache(1024)
def _pattern(form: str) -> re.Pattern[str]:
    # What stands before it is looked at after: a pattern that starts with letters is found ten times as fast.
    return re.compile(GAP.join(re.escape(word) for word in form.split()) + AFTER)


class Finder:
    """Finds forms in a text: whole words, in small and capital letters, across a line end; of two, the longer."""

    def __init__(self, forms: Iterable[str]) -> None:
        """Take the forms, each a word or a phrase in small letters."""
        self._words = {form: frozenset(_letters(form).split()) for form in sorted(set(forms))}
        # Of each phrase its longest word: "in general" need not be looked for in each text that says "in".
        self._rare = frozenset(max(sorted(words), key=len) for words in self._words.values() if words)
        self._parts = [word for word in self._rare if not any(one in word for one in self._rare - {word})]
        self._odd = [form for form, words in self._words.items() if not words]

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield where a form stands in `text`, and the form as it was given."""
        forms = self._possible(text)
        low = lowered(text) if forms else ""
        found = [
            (match.start(), match.end(), form)
            for form in forms
            for match in _pattern(form).finditer(low)
            if not (match.start() and low[match.start() - 1].isalnum())
        ]
        taken: Spans = []
        for start, end, form in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
            if any(start < last and first < end for first, last in taken):
                continue
            taken.append((start, end))
            yield start, form

    def _possible(self, text: str) -> list[str]:
        """Return the forms whose words all stand in `text`: for most texts none, and that is soon said."""
        letters = _letters(text)
        if len(self._rare) > FEW:
            words = letters.split()
            none = self._rare.isdisjoint(words)
        else:
            words = []
            none = not any(word in letters for word in self._parts)
        if none:
            return self._odd
        have = set(words or letters.split())
        return [form for form, needed in self._words.items() if needed <= have]


@dataclass
class Listed:
    """One table of the list of words: what to say instead by form, the line of each, and what is wrong with it."""

    mends: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)


def normal(form: str) -> str:
    """Return a form as it is compared: in small letters, with one space between its words."""
    return " ".join(lowered(form).split())


def listed(document: Document, title: str, columns: tuple[str, str]) -> Listed | None:
    """Read the table under the heading `title`; None when there is no such heading."""
    body = document.body
    heading = next((one for one in body.headings if one.text == title), None)
    if heading is None:
        return None
    after = (one.start for one in body.headings if one.start > heading.start and one.level <= heading.level)
    end = next(after, len(body.text))
    found = Listed()
    rows = [
        (body.first_line + index, line.strip())
        for index, offset, line, masked in body.lines()
        if heading.end < offset < end and "|" in masked
    ]
    line, head = rows[0] if rows else (heading.line, "")
    if tables.cells(head) != list(columns):
        wish = f"a table that starts with `| {' | '.join(columns)} |`"
        shown = f"`{head[:60]}`" if head else "none"
        found.faults.append((line, f"expected {wish} under this heading, found {shown}. Write it so."))
        return found
    if len(rows) == 1 or not _RULER.fullmatch(rows[1][1]):
        found.faults.append((line, "expected `| --- | --- |` on the line below. Add it."))
        return found
    for line, row in rows[2:]:
        _row(line, tables.cells(row), columns, found)
    return found


def _row(line: int, cells: list[str], columns: tuple[str, str], found: Listed) -> None:
    if len(cells) != len(columns) or not all(cells):
        message = f"expected two cells with text, `{columns[0]}` and `{columns[1]}`; found {len(cells)}"
        empty = ", one of them empty" if len(cells) == len(columns) else ""
        found.faults.append((line, f"{message}{empty}. Fill in both."))
        return
    for cell in cells[0].split(","):
        form = normal(cell.strip(' "“”`*_'))
        if not any(sign.isalnum() for sign in form):
            found.faults.append((line, f"expected a word between the commas, found `{cell.strip()}`. Mend the row."))
        elif form in found.lines:
            message = f"`{form}` stands on line {found.lines[form]} already. Keep one row for it."
            found.faults.append((line, message))
        else:
            found.mends[form], found.lines[form] = cells[1], line


def _both(library: Library) -> tuple[Listed | None, Listed | None]:
    document = library.by_id.get(LIST)
    return (listed(document, *TO_REPLACE), listed(document, *ONE_WORD)) if document else (None, None)


# The rules


def words_are_listed_well(library: Library, _day: dt.date) -> Iterator[Problem]:
    """See that the list of words can be read: a table with two columns, no cell empty, no word twice."""
    document = library.by_id.get(LIST)
    if document is None:
        return
    path = f"{DOCS}/{document.path}"
    to_replace, one_word = _both(library)
    if to_replace is None:
        message = f"expected the heading `## {TO_REPLACE[0]}` with a table below it, found none. Add it."
        yield Problem(path, 1, "words-list", message)
    for table in (to_replace, one_word):
        for line, message in table.faults if table else ():
            yield Problem(path, line, "words-list", message)
    if to_replace and one_word:
        for form in to_replace.mends.keys() & one_word.mends.keys():
            message = f"`{form}` stands on line {to_replace.lines[form]} already. Keep it in one of the tables."
            yield Problem(path, one_word.lines[form], "words-list", message)


def clauses_leave_no_doubt(library: Library, _day: dt.date) -> Iterator[Problem]:
    """Find each word to replace in the clauses and the decision trees, but for those a guideline allows."""
    table, _ = _both(library)
    mends = table.mends if table else {}
    finder = Finder(mends)
    judged = LIST not in library.unread_ids and not (table and table.faults)
    for document in library.documents.values():
        path = f"{DOCS}/{document.path}"
        allowed = _allowed(document)
        for source, at, clause, form in _in_clauses(library, document, finder):
            if allowed[clause, form]:
                allowed[clause, form].pop(0)
                continue
            says = f"clause {clause} says" if source is document else f"clause {clause} includes this, which says"
            message = f"{says} `{form}`, a word to replace. {_instead(mends[form])}"
            yield Problem(f"{DOCS}/{source.path}", source.body.line_at(at), "word-to-replace", message)
        for part in questions(document):
            for at, form in finder.find(part.text):
                message = f"the decision tree says `{form}`, a word to replace. {_instead(mends[form])}"
                yield Problem(path, part.line_of(document, at), "word-to-replace", message)
        if judged:
            yield from _unused(document, allowed, mends)


def _in_clauses(library: Library, document: Document, finder: Finder) -> Iterator[tuple[Document, int, str, str]]:
    """Yield each form in the prose of a clause: the document and the offset it stands at, the clause and the form.

    The document is this one, or a snippet that the clause includes.
    """
    for heading, start, end in clauses(document):
        name = str(heading.clause)
        yield from ((document, at, name, form) for at, form in _in_prose(document, finder, start, end))
        for mark in document.body.marks:
            snippet = library.documents.get(mark.target) if mark.kind is Kind.INCLUDE else None
            if snippet and start <= mark.start < end:
                yield from ((snippet, at, name, form) for at, form in _in_prose(snippet, finder))


def _in_prose(document: Document, finder: Finder, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    """Yield each form in the prose between two offsets of a body, and where it stands."""
    apart: Spans | None = None
    for at, form in finder.find(document.body.masked[start:end]):
        apart = no_prose(document) if apart is None else apart
        if not inside(start + at, apart):
            yield start + at, form


def _instead(mend: str) -> str:
    return f"Say instead: {mend}" + ("" if mend.endswith((".", "?")) else ".")


def _allowed(document: Document) -> defaultdict[tuple[str, str], list[int]]:
    """Return the words a guideline allows, by clause and form: the place of each entry, which allows one occurrence."""
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, entry in enumerate(document.meta.wording if isinstance(document.meta, Guideline) else ()):
        found[entry.clause, normal(entry.word)].append(index)
    return found


def _unused(document: Document, left: dict[tuple[str, str], list[int]], mends: dict[str, str]) -> Iterator[Problem]:
    own = {str(clause.clause) for clause in document.clauses}
    for (clause, form), indexes in left.items():
        for index in indexes:
            key, found = "word", f"clause {clause} does not say `{form}`, or it is allowed already. Delete the entry."
            if clause not in own:
                key, found = "clause", f"this page has no clause {clause}. Mend its id, or delete the entry."
            elif form not in mends:
                found = f"`{form}` is not on the list of words to replace, so it is allowed anyway. Delete the entry."
            line = document.lines.get(f"wording.{index}.{key}", 1)
            yield Problem(f"{DOCS}/{document.path}", line, "unused-allowance", found)


def one_thing_has_one_word(library: Library, _day: dt.date) -> Iterator[Problem]:
    """Find second words for one thing in all that some limited edition shows, but for what is quoted."""
    _, table = _both(library)
    editions = library.configuration.editions.values()
    audiences = {name for edition in editions if not edition.reads_all for name in edition.reads}
    if table is None or not table.mends or not audiences:
        return
    # Where "preview" is listed for "link preview", the word in that is good; so is "agent" in a term of the glossary.
    page = library.by_id.get("glossary")
    known = [*glossary.read(page.body.text).definitions] if page else []
    good = {normal(term) for term in [*known, *(one for mend in table.mends.values() for one in mend.split(","))]}
    finder = Finder([*table.mends, *(term for term in good if term not in table.mends and _holds(term, table.mends))])
    for document in library.documents.values():
        if document.meta.audience not in audiences or document.meta.id == LIST:
            continue
        for part, at, form in hits(document, finder.find, _kept(document, audiences)):
            if form in table.mends and not quoted(part.text, at):
                message = f"`{form}` is a second word for one thing. {_instead(table.mends[form])}"
                yield Problem(f"{DOCS}/{document.path}", part.line_of(document, at), "one-word", message)


def _holds(term: str, forms: Iterable[str]) -> bool:
    return any(f" {form} " in f" {term} " for form in forms)


def _kept(document: Document, audiences: set[str]) -> list[tuple[int, int]]:
    """Return the parts of the body that only those who read everything see, on any day."""
    kept = [(one.start, one.end) for one in document.passages if one.name not in {EFFECTIVE, *audiences}]
    return kept + [(case.start, case.end) for case in document.cases if case.kept_back]


RULES: tuple[Rule, ...] = (words_are_listed_well, clauses_leave_no_doubt, one_thing_has_one_word)
