"""Readability: how hard the sentences of a text are to read, as a school grade (Flesch and Kincaid, 1975).

Only sentences count: headings, cells and list items without an end sign would make any text look easy.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pyphen

from guidebook import language, pages
from guidebook.documents import Document, Reader
from guidebook.library import DOCS, Library
from guidebook.masking import HIDDEN
from guidebook.problems import Problem, Severity
from guidebook.views import View

if TYPE_CHECKING:
    from guidebook.rules import Rule

LANGUAGE = "en_GB"
MOST_GRADE = 9
MOST_WORDS = 25
ENOUGH = 150  # words of a page below which its grade says little
_BLOCK = re.compile(r"\n[ >]*(?:\n|(?=(?:[-*+]|\d{1,3}[.)]|:[ ]{3})[ ]?))|(?<!\\)\|")
_LEAD = re.compile(r"^[ >]*(?:[-*+]|\d{1,3}[.)]|:|#+)?[ ]+")
_SENTENCE = re.compile(r"(?<=[.?!])[\"\u201d\u2019)*_]*\s+(?=[\"\u201c\u2018(*_\[]*[A-Z0-9])")
_END = re.compile(r"[.?!][\"\u201d\u2019)*_]*$")
_WORD = re.compile(r"[^\W_](?:[\w\u2019'.-]*[^\W_])?")


@dataclass(frozen=True)
class Reading:
    """Counts of a text. `grade` is the years of school, in the United States, that its reader needs."""

    sentences: int = 0
    words: int = 0
    syllables: int = 0

    def __add__(self, other: Reading) -> Reading:
        """Return the counts of both texts."""
        return Reading(self.sentences + other.sentences, self.words + other.words, self.syllables + other.syllables)

    @property
    def grade(self) -> float:
        """The grade; 0 for a text without a sentence."""
        if not self.sentences:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of Markdown text, each with the offset of the block it stands in."""
    at = 0
    for end in [*(found.start() for found in _BLOCK.finditer(text)), len(text)]:
        rows = text[at:end].lstrip("\n| ")
        block = " ".join(_LEAD.sub("", rows).split())
        for sentence in _SENTENCE.split(block) if block else ():
            if _END.search(sentence) and _WORD.search(sentence):
                yield end - len(rows), sentence
        at = end


def read(sentence: str) -> Reading:
    """Return the counts of one sentence."""
    words = _WORD.findall(sentence)
    return Reading(1, len(words), sum(map(_syllables, words)))


@cache
def _syllables(word: str) -> int:
    return len(_hyphens().positions(word.lower())) + 1


@cache
def _hyphens() -> pyphen.Pyphen:
    # To count, and not to print: a syllable of one letter counts as well. Over this library's words that comes within
    # one in a hundred of a pronouncing dictionary; the margins for print miss one syllable in twelve.
    return pyphen.Pyphen(lang=LANGUAGE, left=1, right=1)


# What an edition shows


def shown(document: Document, reader: Reader) -> Iterator[tuple[int, str]]:
    """Yield each sentence of a document that a reader sees, with the line its block starts on."""
    gone = document.withheld(reader)
    for part in language.parts(document):
        if part.line is not None and part.stands_in(0, gone):
            continue
        text = part.text if part.line is not None else _body(document, gone)
        for at, sentence in sentences(text.replace(HIDDEN, "x")):
            yield part.line_of(document, at), sentence


def _body(document: Document, gone: language.Spans) -> str:
    """Return a body in which each place that is no visible prose is blank, and all else stands where it stood."""
    text = document.body.masked
    for start, end in [*gone, *language.no_prose(document)]:
        if text[start] != "[":  # an id reads as a word
            apart = "\n\n" if text[start] == "/" or (start, end) in gone else ""
            text = text[:start] + apart + " " * (end - start - len(apart)) + text[end:]
    return text


def edition(view: View) -> Reading:
    """Return the counts of all that the readers of an edition see."""
    found = (read(sentence) for document in view.pages for _, sentence in shown(document, view.reader))
    return sum(found, Reading())


def summary(view: View) -> str:
    """Say in a line how hard an edition is to read, and how long its clauses are."""
    found = edition(view)
    lengths = [len(clause["text"].split()) for document in view.pages for clause in pages.clauses(view, document)]
    clause = f", {sum(lengths) / len(lengths):.0f} words a clause" if lengths else ""
    each = found.words / max(1, found.sentences)
    return f"reading grade {found.grade:.1f} (at most {MOST_GRADE}), {each:.0f} words a sentence{clause}"


def pages_are_easy_to_read(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that each page that others than staff read is in sentences that a second-language reader follows."""
    for name, settings in library.configuration.editions.items():
        reader = library.configuration.reader(name, day)
        for document in library.documents.values() if not settings.reads_all else ():
            if reader.may_read(document):
                yield from _hard(document, name, list(shown(document, reader)))


def _hard(document: Document, name: str, found: list[tuple[int, str]]) -> Iterator[Problem]:
    path = f"{DOCS}/{document.path}"
    counts = [(line, read(sentence)) for line, sentence in found]
    for line, one in counts:
        if one.words > MOST_WORDS:
            message = f"a sentence of {one.words} words; expected at most {MOST_WORDS}. Make two of it."
            yield Problem(path, line, "long-sentence", message, Severity.WARNING)
    total = sum((one for _, one in counts), Reading())
    if total.words >= ENOUGH and total.grade > MOST_GRADE:
        line = max(counts, key=lambda row: row[1].grade)[0]
        message = (
            f"the {name} text of this page has the reading grade {total.grade:.1f}; expected {MOST_GRADE} at most."
        )
        mend = "Write shorter sentences and shorter words; the hardest sentence stands here."
        yield Problem(path, line, "reading-grade", f"{message} {mend}")


RULES: tuple[Rule, ...] = (pages_are_easy_to_read,)
