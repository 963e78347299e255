"""Sufficiency: what an edition shows can be applied by itself, without what is withheld from it.

A page that is whole for staff can have a hole for vendors: a sentence that points at withheld text, a missing step, a
term nobody explains, a label no rule leads to. Each edition that does not read everything is read as its readers do.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_uppercase, digits
from typing import TYPE_CHECKING

from guidebook import glossary, references
from guidebook.documents import Document, Reader, inside
from guidebook.language import AFTER, BEFORE, GAP, Finder, Spans, clauses, hits, lowered, no_prose, parts, quoted
from guidebook.library import DOCS, Library
from guidebook.markup import Kind
from guidebook.metadata import Guideline
from guidebook.problems import Problem
from guidebook.references import Target

if TYPE_CHECKING:
    from guidebook.rules import Rule

SECTION = 2  # the level of `##`


def _limited(library: Library, day: dt.date) -> Iterator[tuple[str, Reader]]:
    """Yield each edition that does not read everything, with its reader."""
    for name, edition in library.configuration.editions.items():
        if not edition.reads_all:
            yield name, library.configuration.reader(name, day)


def _with_holes(
    library: Library, day: dt.date, holes: Callable[[Document, Reader], Spans]
) -> Iterator[tuple[Document, dict[str, Spans]]]:
    """Yield each document of which a limited edition shows some and not all, with its `holes`, by edition."""
    readers = dict(_limited(library, day))
    for document in library.documents.values():
        if document.passages or document.cases:
            found = {name: holes(document, reader) for name, reader in readers.items() if reader.may_read(document)}
            if any(found.values()):
                yield document, {name: spans for name, spans in found.items() if spans}


@dataclass(frozen=True)
class _Found:
    path: str
    line: int
    rule: str
    message: str  # with "{}" where the editions are named


def _told(found: dict[_Found, list[str]]) -> Iterator[Problem]:
    """Yield one problem for each thing found, which names every edition it was found in."""
    for one, names in found.items():
        yield Problem(one.path, one.line, one.rule, one.message.replace("{}", " and ".join(names)))


# Text that points at text


_TOLD = "see|as|shown|listed|described|named|explained|given|mentioned|noted|said|stated"
_THINGS = "tables?|lists?|sections?|steps?|rules?|clauses?|passages?|notes?|examples?|figures?"
_PLACES = "sections?|tables?|lists?|steps?|paragraphs?|clauses?|passages?"
_POINTS = re.compile(
    rf"{BEFORE}(?:(?:{_TOLD}){GAP}(?:above|below)|the{GAP}(?:{_THINGS}){GAP}(?:above|below)"
    rf"|the{GAP}(?:previous|next|following|preceding){GAP}(?:{_PLACES})|above-mentioned){AFTER}"
)
_UP, _DOWN = ("above", "previous", "preceding"), ("below", "next", "following")


def nothing_points_at_withheld_text(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that no "see above" or "the next table" stands where withheld text lies in that direction."""
    for document, withheld in _with_holes(library, day, Document.unseen):  # a box that says "from" can be pointed at
        sections = _sections(document)
        found: dict[_Found, list[str]] = defaultdict(list)
        for point in _points(document, sections, withheld):
            words = " ".join(point[0].replace("*", "").replace("_", "").split())
            line = document.body.line_at(point.start())
            for name, spans in withheld.items():
                first, last = _reach(point, sections, spans)
                there = [start for start, end in spans if start < last and end > first]
                if there and not inside(point.start(), spans):
                    where = document.body.line_at(there[-1 if last == point.start() else 0])
                    message = f"`{words}` can point at line {where}, which is withheld from the {{}} edition."
                    message += " Name the clause or the heading instead."
                    found[_Found(f"{DOCS}/{document.path}", line, "see-above", message)].append(name)
        yield from _told(found)


def _sections(document: Document) -> list[int]:
    """Return where the sections of a page start, that before the first heading included, and where the last ends."""
    starts = [one.start for one in document.body.headings if one.level <= SECTION]
    return [0, *starts, len(document.body.text) + 1]


def _points(document: Document, sections: list[int], withheld: dict[str, Spans]) -> Iterator[re.Match[str]]:
    """Yield the words that point up or down in the sections that hold withheld text, and in those after them."""
    text = lowered(document.body.masked)
    apart: Spans | None = None
    near = False
    for first, end in pairwise(sections):
        holds = any(start < end and first < last for spans in withheld.values() for start, last in spans)
        # To look for one word is a hundred times as fast as to search for all these forms.
        if (holds or near) and any(text.find(word, first, end) >= 0 for word in _UP + _DOWN):
            for point in _POINTS.finditer(text, first, end):
                apart = no_prose(document) if apart is None else apart
                if not inside(point.start(), apart):
                    yield point
        near = holds


def _reach(point: re.Match[str], sections: list[int], withheld: Spans) -> tuple[int, int]:
    """Return the offsets between which lies what the words can point at: their section, as far as they point."""
    if not any(word in point[0] for word in _UP):
        return point.end(), min(start for start in sections if start >= point.end())
    above = [start for start in sections if start <= point.start()]
    # A section above can be a whole one before their own.
    whole = "section" in point[0] and len(above) > 1 and inside(above[-2], withheld)
    return above[-2 if whole else -1], point.start()


# Numbered steps


_ITEM = re.compile(r"\n([ >]*)(\d{1,3})[.)](?=[ \n])")
_ROW = re.compile(r"(?m)^\|[ ]*(\d{1,3})[ ]*\|")
_NUMBERS = r"\d{1,3}(?:(?:,[ ]|[ ](?:and|or|to)[ ])\d{1,3})*(?!\d|[ ]?%|[.]\d)"
_STEP = re.compile(
    rf"{BEFORE}(?:steps?|questions?|go{GAP}to(?:{GAP}(?:step|question))?){GAP}({_NUMBERS})"
    r"(?![ ](?:of|in|under)[ ]\[)",  # "step 3 of [W02]" is on another page
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Item:
    """A numbered item; `before` is the item with the number before its own in the same list, if there is one."""

    at: int
    lead: str
    number: int
    section: int
    before: _Item | None


def steps_have_no_gap(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that numbers run on in what an edition shows, and that no text names a number that is withheld."""
    for document, withheld in _with_holes(library, day, Document.withheld):
        items = list(_items(document))
        found: dict[_Found, list[str]] = defaultdict(list)
        for name, spans in withheld.items():
            if any(inside(item.at, spans) for item in items):
                for at, message in [*_gaps(items, spans), *_unseen(document, items, spans)]:
                    line = document.body.line_at(at)
                    found[_Found(f"{DOCS}/{document.path}", line, "step-gap", message)].append(name)
        yield from _told(found)


def _items(document: Document) -> Iterator[_Item]:
    sections = _sections(document)
    last: dict[str, _Item] = {}
    for match in _ITEM.finditer(f"\n{document.body.masked}\n"):
        at, lead, number = match.start(), match[1], int(match[2])
        section = max(start for start in sections if start <= at)
        before = _last(last, lead, section)
        item = _Item(at, lead, number, section, before if before and before.number == number - 1 else None)
        last[lead] = item
        yield item


def _last(last: dict[str, _Item], lead: str, section: int) -> _Item | None:
    """Return the item before in the same list; a list inside an item ends with it, and each with its section."""
    for one in [one for one, item in last.items() if len(one) > len(lead) or item.section != section]:
        del last[one]
    return last.get(lead)


def _gaps(items: list[_Item], spans: Spans) -> Iterator[tuple[int, str]]:
    last: dict[str, _Item] = {}
    for item in items:
        if inside(item.at, spans):
            continue
        previous = _last(last, item.lead, item.section)
        last[item.lead] = item
        # Missing is a number that this list has, and that no visible item has: one dated text can replace another.
        if item.before and not (previous and previous.number == item.number - 1):
            message = f"the {{}} edition shows {item.number}. and not {item.number - 1}., which is withheld."
            yield item.at, f"{message} Put withheld items after the others, and number anew."


def _unseen(document: Document, items: list[_Item], spans: Spans) -> Iterator[tuple[int, str]]:
    """Yield where the text names a number of its own section that only withheld items have."""
    text, apart = document.body.masked, no_prose(document) + spans
    sections = [start for start in _sections(document) if not inside(start, spans)]
    rows = [(row.start(), int(row[1])) for row in _ROW.finditer(text)]
    for step in _STEP.finditer(text):
        if inside(step.start(), apart):
            continue
        first = max((start for start in sections if start <= step.start()), default=0)
        end = min(start for start in sections if start > step.start())
        shown = {item.number for item in items if first <= item.at < end and not inside(item.at, spans)}
        shown |= {number for at, number in rows if first <= at < end and not inside(at, spans)}
        headings = (one for one in document.body.headings if first <= one.start < end and not inside(one.start, spans))
        shown |= {int(number) for one in headings for number in re.findall(r"\d+", one.text)}
        unseen = {item.number for item in items if item.section == first} - shown
        for number in re.findall(r"\d+", step[1]):
            if int(number) in unseen:
                words = " ".join(step[0].split())
                message = f"`{words}` names {number}., which is withheld from the {{}} edition. Name what it shows."
                yield step.start(), message


# Terms


# Everybody who can use a browser and a phone has met these, and few know what the letters stand for: file formats and
# addresses, places and the time of day, everyday things.
KNOWN = frozenset({
    "PDF", "CSV", "HTML", "JSON", "JPG", "PNG", "GIF", "XML", "ZIP", "URL", "HTTP", "HTTPS", "ID", "FAQ", "AI",
    "EU", "US", "USA", "UK", "UN", "UTC",
    "OK", "TV", "PC", "SMS", "PIN", "QR", "GPS", "USB", "DVD", "CD", "VIP",
})  # fmt: skip
# Two to six capitals or digits; what has the form of an id, such as G04 or G04.2 or G04-K01, is none.
_CAPITALS = re.compile(rf"[A-Z](?:\d{{2,}}(?:[.]\d+|-[KX]?\d{{2}})?{AFTER}|([A-Z0-9]{{1,5}})s?{AFTER})")
# A text as capitals (A), digits (1) and gaps, and what it holds when a word of capitals stands in it.
_CLASSES = bytes(
    ord("A" if sign in ascii_uppercase else "1" if sign in digits else " ") for sign in map(chr, range(256))
)
_TELLING = (b"AA", b"1A", b"A1 ")
_SHORT = r"([A-Z][A-Z0-9]{1,5})s?"
# "KPI (key performance indicator)", and "(KPI)" after the long form.
_LONG_AFTER = re.compile(rf"{BEFORE}{_SHORT}{GAP}\(([^()]{{3,200}})\)")
_LONG_BEFORE = re.compile(rf"\([*_]*{_SHORT}[*_]*[),;]")
_WORD = re.compile(r"(?!see\b)[^\W\d_]+")
REACH = 150  # how far before its short form a long form starts, in characters


@dataclass(frozen=True)
class _Terms:
    """What readers of an edition cannot look up, by the form it has in a text, and what their glossary explains."""

    withheld: dict[str, str]
    finder: Finder
    explained: frozenset[str]


def terms_are_defined(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that an edition shows no term that only staff can look up, and no abbreviation that nobody explains."""
    found: dict[_Found, list[str]] = defaultdict(list)
    told = {(one.path, one.line) for one in library.problems}  # such a line is read again when it was mended
    for name, reader in _limited(library, day):
        terms = _terms(library, reader)
        known = KNOWN | terms.explained | library.by_id.keys() | library.unread_ids
        for document in library.documents.values():
            if reader.may_read(document):
                for line, message in [
                    *_staff_terms(document, reader, terms),
                    *_short_forms(document, reader, known, told),
                ]:
                    found[_Found(f"{DOCS}/{document.path}", line, "undefined-term", message)].append(name)
    yield from _told(found)


def _terms(library: Library, reader: Reader) -> _Terms:
    page = library.by_id.get("glossary")
    if page is None or not reader.may_read(page):
        return _Terms({}, Finder([]), frozenset())  # an edition without a glossary explains a word where it stands
    text = page.visible_text(reader)
    shown = {term.lower() for term in glossary.read(text).definitions}
    hidden = {term.lower() for term in glossary.read(page.body.text).definitions} - shown
    forms = {f"{term}{plural}": term for term in hidden for plural in ("", "s") if f"{term}{plural}" not in shown}
    # A longer term that readers can look up is not taken for the withheld one in it.
    longer = {term for term in shown if any(one in term for one in hidden)}
    short = {name for term in glossary.read(text).definitions for _, name in _capitals(term)}
    return _Terms(forms, Finder([*forms, *longer]), frozenset(short | _explained(text)))


def _staff_terms(document: Document, reader: Reader, terms: _Terms) -> Iterator[tuple[int, str]]:
    """Yield each term that only staff can look up, once, at its first line."""
    if not terms.withheld:
        return
    lines: dict[str, int] = {}
    for part, at, form in hits(document, terms.finder.find, document.withheld(reader)):
        if form in terms.withheld:
            line = part.line_of(document, at)
            lines[terms.withheld[form]] = min(line, lines.get(terms.withheld[form], line))
    for term, line in lines.items():
        message = f"the {{}} edition shows `{term}`, which the glossary defines in a passage withheld from it."
        yield line, f"{message} Say it in other words, or move the definition out of the passage."


def _short_forms(
    document: Document, reader: Reader, known: frozenset[str], told: set[tuple[str, int]]
) -> Iterator[tuple[int, str]]:
    """Yield each abbreviation that nobody explains, once, at its first line; a line of `told` is not looked at."""

    def find(text: str) -> Iterator[tuple[int, str]]:
        return ((at, name) for at, name in _capitals(text) if name not in known)

    lines: dict[str, int] = {}
    for part, at, name in hits(document, find, document.withheld(reader)):
        line = part.line_of(document, at)
        if not quoted(part.text, at) and (f"{DOCS}/{document.path}", line) not in told:
            lines[name] = min(line, lines.get(name, line))
    explained = _explained(_visible(document, reader)) if lines else set()
    for name, line in lines.items():
        if name not in explained:
            message = (
                f"nothing in the {{}} edition explains `{name}`. Explain it on this page, as in `long form ({name})`,"
            )
            yield line, f"{message} or in the glossary; put quotation marks around what is to be copied."


def _capitals(text: str) -> Iterator[tuple[int, str]]:
    """Yield each word in capitals that is no id, with its place and without a plural's s."""
    signs = text.encode("ascii", "replace").translate(_CLASSES) + b" "
    if not any(two in signs for two in _TELLING):
        return  # as most texts: this is soon said
    for match in _CAPITALS.finditer(text):
        if match[1] is not None and not (match.start() and text[match.start() - 1].isalnum()):
            yield match.start(), match[0].removesuffix("s")


def _visible(document: Document, reader: Reader) -> str:
    """Return all the prose of a document that a reader sees, in one text."""
    spans = document.withheld(reader)
    fields = [part.text for part in parts(document) if part.line is not None and not part.stands_in(0, spans)]
    return "\n\n".join([document.visible_text(reader, masked=True), *fields])


def _explained(text: str) -> set[str]:
    """Return the abbreviations that a text explains in place: beside words of which one starts with one of its letters.

    More is not asked: the long form of an abbreviation from another language shares few letters with it.
    """
    found = [(match[1], match[2]) for match in _LONG_AFTER.finditer(text)]
    for match in _LONG_BEFORE.finditer(text):
        before = text[max(0, match.start() - REACH) : match.start()].rpartition("\n\n")[2]
        found.append((match[1], " ".join(before.split()[-len(match[1]) - 3 :])))
    return {name for name, words in found if any(word[0].upper() in name for word in _WORD.findall(words))}


# Labels


def labels_are_reached(library: Library, day: dt.date) -> Iterator[Problem]:
    """See that each label of a guideline is where a visible way through the tree ends, or named in a visible clause.

    A tree of another day counts as well: `labels` has no dates, and lists those before and after a change.
    """
    found: dict[_Found, list[str]] = defaultdict(list)
    for name, reader in _limited(library, day):
        for document in library.documents.values():
            if isinstance(document.meta, Guideline) and reader.may_read(document) and not _lost_tree(document):
                reached = _reached(library, document, reader)
                for index, label in enumerate(document.meta.labels):
                    if label not in reached:
                        line = document.lines.get(f"labels.{index}", 1)
                        message = (
                            f"no clause and no way through the decision tree ends at `{label}` in the {{}} edition."
                        )
                        message += " Name it in a clause outside of passages, or delete it here."
                        found[_Found(f"{DOCS}/{document.path}", line, "outcome-without-clause", message)].append(name)
    yield from _told(found)


def _lost_tree(document: Document) -> bool:
    """Say whether a page has a decision tree that could not be read, or not be kept, and was reported."""
    text = document.body.text
    opened = (text[start:end].partition("\n")[0] for start, end in document.body.fences)
    return sum(line.strip("`~ ") == "tree" for line in opened) > len(document.trees)


def _reached(library: Library, document: Document, reader: Reader) -> set[str | None]:
    spans = document.withheld(reader)
    own = [(start, end) for _, start, end in clauses(document)]
    reached: set[str | None] = {
        mark.target
        for mark in document.body.marks
        if mark.kind is Kind.REFERENCE and inside(mark.start, own) and not inside(mark.start, spans)
    }
    forbidden = document.forbidden(reader)
    for tree in document.trees:
        on = reader.on(document.nearest(tree.start, reader.day))
        for _, _, leaf in tree.leaves() if not inside(tree.start, forbidden) else ():
            target = references.by_id(library, leaf.clause)  # of a page not read, nothing is known
            if target is None or (isinstance(target, Target) and not references.why_hidden(target, on)):
                reached.add(leaf.label)
    return reached


RULES: tuple[Rule, ...] = (
    nothing_points_at_withheld_text,
    steps_have_no_gap,
    terms_are_defined,
    labels_are_reached,
)
