"""Sweep: read every byte of a built site, and find in it what its edition withholds.

Staging leaves out what is withheld; the sweep does not trust it, nor any template, plugin or theme after it. It knows
two things only: what the library holds that the edition may not show, and what the staged tree and the theme do show.
Text is compared as runs of words, so markup, case, spelling of spaces and line ends make no difference. Messages name
where the text comes from and where it was found, and never repeat it: a log has readers of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import yaml

from guidebook.configuration import FILE
from guidebook.library import DOCS, OVERRIDES, Library
from guidebook.phrases import (
    Phrase,
)
from guidebook.problems import Problem, Severity, ordered
from guidebook.reading import Reading
from guidebook.sources import address
from guidebook.views import View
from guidebook.withheld import Collector, Source, Trace, Withheld, parts_of, sum_of

INDEX = "search/search_index.json"

Seen = Mapping[str, set[Source]]
# How every drawing opens, those that a page of the theme holds as well.
_DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>'


def withheld(library: Library, view: View, tree: Mapping[str, bytes], theme: Mapping[str, bytes]) -> Withheld:
    """Return what the edition `view` may not show.

    What stands in its staged `tree` or in a template of the `theme` is no secret, whatever else holds it. Our own
    `overrides/` are not asked: nobody reads a template as text, so what one gives away would pass for shown.
    """
    collector = Collector(library, view)
    collector.documents()
    collector.assets(tree)
    if view.reader.audiences is not None:  # who reads everything may know of the others
        collector.settings()
    phrases = {phrase: tuple(numbers) for phrase, numbers in collector.phrases.items()}
    reading = Reading(Withheld(view.name, (), phrases, {}, {}, frozenset()))
    templates = {path: data for path, data in theme.items() if path.endswith((".html", ".xml"))}
    shown = {path: data for path, data in tree.items() if not path.startswith(f"{OVERRIDES}/")}
    others = [("", _addresses(tree).encode()), ("", _DRAWING)]
    for path, data in [*shown.items(), *templates.items(), *others] if phrases else ():
        reading.file(path, data)
        for phrase in reading.found:
            phrases.pop(phrase, None)
    parts = {part for path in tree for part in parts_of(path)}
    known = frozenset(sum_of(data) for data in [*shown.values(), *theme.values()])
    return Withheld(
        view.name,
        tuple(collector.traces),
        phrases,
        {part: number for part, number in collector.segments.items() if part not in parts},
        {total: number for total, number in collector.sums.items() if total not in known},
        known,
    )


def _addresses(tree: Mapping[str, bytes]) -> str:
    """Return the whole address of each page, as the sitemap has it."""
    site = yaml.load(tree.get(FILE, b"{}"), yaml.CSafeLoader).get("site_url") or ""
    return "\n\n".join(site + address(path.removeprefix(f"{DOCS}/")) for path in tree if path.endswith(".md"))


def sweep(files: Iterable[tuple[str, bytes]], secret: Withheld) -> list[Problem]:
    """Return a problem for each file of a site and each place of the library that it gives away."""
    problems: list[Problem] = []
    if not (secret.phrases or secret.segments or secret.sums):
        return problems  # an edition that withholds nothing
    for path, found in _find(files, secret):
        where = f"{secret.edition} site/{path}"
        if found.unreadable:
            message = f"cannot be swept: {found.unreadable}. A site holds nothing that cannot be read to its end."
            problems.append(Problem(where, 1, "sweep-unreadable", message))
        first: dict[tuple[Source, str], Trace] = {}
        for trace in sorted(secret.traces[number] for number in found.numbers | secret.numbers(found.phrases)):
            first.setdefault((trace.source, "text" if trace.kind == "source" else trace.kind), trace)
        for (source, kind), trace in first.items():
            place = f"the {source.what} {source.path}:{trace.line}"
            message = f"holds {_KINDS[kind]} {place}, which the {secret.edition} edition withholds."
            mend = "Publish nothing before you know which step wrote it."
            problems.append(Problem(where, 1, f"withheld-{kind}", f"{message} {mend}"))
    return ordered(problems)


def seen(files: Iterable[tuple[str, bytes]], secret: Withheld) -> Seen:
    """Return the withheld places whose text or title the sweep sees, by page of a site and for its search index."""
    pages = ((path, data) for path, data in files if path.endswith(".html") or path == INDEX)
    return {path: secret.sources(found.phrases, {"text", "title"}) for path, found in _find(pages, secret)}


def blind(secret: Withheld, seen: Seen) -> list[Problem]:
    """Return a problem for each withheld place that the sweep does not see where it must stand.

    `seen` is what it sees in the edition that reads everything. Each place has to be found on a page of it, and the
    search index has to give away something: a sweep that finds nothing there would find nothing anywhere.
    """
    expected = {source for source in secret.sources(secret.phrases, {"text"}) if source.elsewhere}
    found = {source for path, sources in seen.items() if path != INDEX for source in sources}
    problems = [
        _blind(secret, source, "no page of the edition that reads everything was seen to show it")
        for source in expected - found
    ]
    if expected and not seen.get(INDEX, True):
        problems.append(_blind(secret, min(expected), f"nothing withheld was seen in {INDEX}"))
    problems += [
        _blind(secret, source, "its text is too short to be told from chance", Severity.WARNING)
        for source in {trace.source for trace in secret.traces}
        if source.short and source.elsewhere
    ]
    return ordered(problems)


_KINDS = {
    "text": "text of",
    "title": "the title or summary of",
    "name": "the file name of",
    "id": "the id of",
    "setting": "a value of",
    "file": "the bytes of",
}


def _blind(secret: Withheld, source: Source, why: str, severity: Severity = Severity.ERROR) -> Problem:
    message = f"the sweep of the {secret.edition} edition cannot see this {source.what}: {why}."
    return Problem(source.path, source.line, "sweep-blind", message, severity)


@dataclass(frozen=True)
class _Found:
    phrases: set[Phrase]
    numbers: set[int]
    unreadable: str


def _find(files: Iterable[tuple[str, bytes]], secret: Withheld) -> Iterator[tuple[str, _Found]]:
    reading = Reading(secret)
    for path, data in files:
        total = sum_of(data)
        reading.name(path)
        phrases = reading.found
        if total not in secret.known:
            reading.file(path, data)
            phrases |= reading.found
        numbers = {secret.segments[part] for part in parts_of(path) if part in secret.segments}
        numbers |= {secret.sums[total]} if total in secret.sums else set()
        yield path, _Found(phrases, numbers, reading.unreadable)
