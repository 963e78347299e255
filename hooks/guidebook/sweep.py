"""Sweep: read every byte of a built site, and find in it what its edition withholds.

Staging leaves out what is withheld; the sweep does not trust it, nor any template, plugin or theme after it. It knows
two things only: what the library holds that the edition may not show, and what the staged tree and the theme do show.
Text is compared as runs of words, so markup, case, spelling of spaces and line ends make no difference. Messages name
where the text comes from and where it was found, and never repeat it: a log has readers of its own.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import get_args

import yaml

from guidebook import containers
from guidebook.configuration import FILE, Edition
from guidebook.documents import Document, Reader
from guidebook.library import DOCS, OVERRIDES, Library
from guidebook.markup import Kind
from guidebook.problems import Problem, Severity, ordered
from guidebook.sources import address
from guidebook.views import View

LENGTH = 5  # words that stand together by chance less often than by copying
SHORTEST_TEXT = 12
SHORTEST_TOKEN = 8
DEPTH = 3  # how often one encoding may stand inside another
_INDEX = "search/search_index.json"

Phrase = tuple[str, ...]


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


def withheld(library: Library, view: View, tree: Mapping[str, bytes], theme: Mapping[str, bytes]) -> Withheld:
    """Return what the edition `view` may not show.

    What stands in its staged `tree` or in a template of the `theme` is no secret, whatever else holds it. Our own
    `overrides/` are not asked: nobody reads a template as text, so what one gives away would pass for shown.
    """
    collector = _Collector(library, view)
    collector.documents()
    collector.assets(tree)
    if view.reader.audiences is not None:  # who reads everything may know of the others
        collector.settings()
    phrases = {phrase: tuple(numbers) for phrase, numbers in collector.phrases.items()}
    reading = _Reading(Withheld(view.name, (), phrases, {}, {}, frozenset()))
    templates = {path: data for path, data in theme.items() if path.endswith((".html", ".xml"))}
    shown = {path: data for path, data in tree.items() if not path.startswith(f"{OVERRIDES}/")}
    for path, data in [*shown.items(), *templates.items(), ("", _addresses(tree).encode())]:
        reading.file(path, data)
        for phrase in reading.found:
            phrases.pop(phrase, None)
    parts = {part for path in tree for part in _parts(path)}
    known = frozenset(_sum(data) for data in [*shown.values(), *theme.values()])
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
    site = yaml.safe_load(tree.get(FILE, b"{}")).get("site_url") or ""
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


def control(files: Mapping[str, bytes], secret: Withheld) -> list[Problem]:
    """Return a problem for each withheld place that the sweep does not see where it must stand.

    `files` are those of the edition that reads everything. Each place has to be found on a page of it, and the search
    index has to give away something: a sweep that finds nothing there would find nothing anywhere.
    """
    expected = {source for source in secret.sources(secret.phrases, {"text"}) if source.elsewhere}
    own = {f"{address(source.path.removeprefix(f'{DOCS}/'))}index.html" for source in expected}
    # The pages of the places themselves come first: then most others need not be read.
    order = sorted(
        (path != _INDEX, path not in own, path) for path in files if path == _INDEX or path.endswith(".html")
    )
    seen: set[Source] = set()
    in_index: bool | None = None
    for path, found in _find(((path, files[path]) for _, _, path in order), secret):
        if path == _INDEX:
            in_index = bool(found.phrases)
        else:
            seen |= secret.sources(found.phrases, {"text", "title"})
        if expected <= seen and in_index is not None:
            break
    problems = [
        _blind(secret, source, "no page of the edition that reads everything was seen to show it")
        for source in expected - seen
    ]
    if expected and in_index is False:
        problems.append(_blind(secret, min(expected), f"nothing withheld was seen in {_INDEX}"))
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
    reading = _Reading(secret)
    for path, data in files:
        total = _sum(data)
        reading.name(path)
        phrases = reading.found
        if total not in secret.known:
            reading.file(path, data)
            phrases |= reading.found
        numbers = {secret.segments[part] for part in _parts(path) if part in secret.segments}
        numbers |= {secret.sums[total]} if total in secret.sums else set()
        yield path, _Found(phrases, numbers, reading.unreadable)


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _parts(path: str) -> set[str]:
    return {part.partition(".")[0].casefold() for part in path.split("/")} - {"index", ""}


# --- words ---------------------------------------------------------------------------------------------------------

_BREAK = "\x00"  # a word that no text has: nothing is read across it
_APART = f" {_BREAK} "
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(1, 128)}
_WORD = re.compile(rf"{_BREAK}|[^\W_]+")
# Soft hyphens, joiners, marks of direction, selectors, tags: what nobody sees does not part a word.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def _words(text: str) -> list[str]:
    if text.isascii():
        return text.translate(_ASCII).split()
    return _WORD.findall(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold())


def _phrases(text: str) -> Iterator[Phrase]:
    words = _words(text)
    if len(words) >= LENGTH:
        yield from zip(*(words[at:] for at in range(LENGTH)), strict=False)
    elif _is_distinctive(text, words):
        yield tuple(words)


def _is_distinctive(text: str, words: list[str]) -> bool:
    if all(word.isdigit() for word in words):  # dates, versions
        return False
    if len(words) > 1 and len(" ".join(words)) >= SHORTEST_TEXT:
        return True
    token = text.strip(" \n`*|:;.,()[]")
    return len(token) >= SHORTEST_TOKEN and not re.search(r"\s", token) and bool(re.search(r"[\d_-]", token))


# --- what is withheld ----------------------------------------------------------------------------------------------

_STARTS = re.compile(r"[ >]*(?:[-*+]|\d+[.)])[ ]|[ ]*\||#|:[ ]|/{3,}|`{3,}|~{3,}|[ ]{4}[a-z_]+:[ ]")
_ALONE = re.compile(r"#|/{3,}|`{3,}|~{3,}|--8<--")
_INCLUDE = re.compile(r"--8<-- ")
_MARKER = re.compile(r"(?m)^[ >]*(?:[-*+]|\d+[.)])[ ]+(?:\[[ xX]\])?")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\n]*\]:?")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_ATTRIBUTES = re.compile(r"\{[ ]?[.#:][^{}\n]*\}")  # staging writes them
_SIGNS = {ord(sign): None for sign in "*`~\\"}
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


def _plain(text: str) -> str:
    """Return Markdown as a reader sees it: without markers, link targets and signs of emphasis."""
    text = _MARKER.sub("", text)
    if "[" in text:
        text = _LINK.sub(r"\1", _FOOTNOTE_MARK.sub("", text))
    if "{" in text:
        text = _ATTRIBUTES.sub("", text)
    return html.unescape(text.translate(_SIGNS))


def _bits(block: str) -> Iterator[str]:
    """Yield the parts of a block that are leaks by themselves: cells of a table, names in code."""
    if block.lstrip().startswith("|"):
        yield from (_plain(cell) for cell in block.split("|"))
    yield from (code for code in _CODE.findall(block) if not re.search(r"\s", code))


class _Collector:
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
            for mark in document.visible_marks(self.everyone)
            if mark.kind is Kind.INCLUDE
        }

    def documents(self) -> None:
        for document in self.library.documents.values():
            on_site = document.meta.type != "snippet" or document.path in self.included
            if not self.view.reader.may_read(document):
                self._document(document, elsewhere=on_site and self.everyone.may_read(document))
                continue
            starts = {passage.start: passage for passage in reversed(document.passages)}
            for start, end in document.withheld(self.view.reader):
                seen = on_site and self.everyone.may_read_passage(starts[start])
                self._text(document, start, end, "passage", elsewhere=seen)
            self._fields(document)

    def _document(self, document: Document, *, elsewhere: bool) -> None:
        source = self._text(document, 0, len(document.body.text), "document", elsewhere=elsewhere)
        self.name(source, document.path.removesuffix(".md"))
        for key in _free_text(document):
            line = document.lines.get(key, 1)
            if key == "id":
                self.identifier(source, line, document.meta.id)
            else:
                self.add(source, line, "title", str(getattr(document.meta, key)))
        for heading in document.clauses:
            self.identifier(source, heading.line, str(heading.clause))

    def _text(self, document: Document, start: int, end: int, what: str, *, elsewhere: bool) -> Source:
        text = document.body.text[start:end]
        first = document.body.line_at(start)
        blocks = [(line, block) for line, block in _blocks(text, first) if not _INCLUDE.match(block)]
        said = [(line, _plain(block)) for line, block in blocks if not block.startswith(("///", "    "))]
        short = any(_words(block) for _, block in said) and not any(_tells(block) for _, block in said)
        source = Source(f"{DOCS}/{document.path}", 1 if what == "document" else first, what, elsewhere, short)
        for line, block in said:
            self.add(source, line, "text", block)
        for line, block in blocks:
            self.add(source, line, "source", block)
            for bit in _bits(block):
                self.add(source, line, "source", bit)
        return source

    def _fields(self, document: Document) -> None:
        for key in _free_text(document):
            if not self.view.shows_field(key):
                line = document.lines.get(key, 1)
                source = Source(f"{DOCS}/{document.path}", line, "field")
                self.add(source, line, "source", str(getattr(document.meta, key)))

    def assets(self, tree: Mapping[str, bytes]) -> None:
        for path, asset in self.library.assets.items():
            if f"{DOCS}/{path}" in tree:
                continue
            source = Source(f"{DOCS}/{path}", 1, "file")
            self.name(source, path.rpartition(".")[0])
            if asset.data:
                self.sums[_sum(asset.data)] = self.number(Trace(source, 1, "file"))
            if b"\x00" not in asset.data:
                for line, row in enumerate(asset.data.decode("utf-8", "replace").split("\n"), 1):
                    self.add(source, line, "source", _TAG.sub(" ", row))
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
        for part in _parts(path):
            self.segments.setdefault(part, self.number(Trace(source, 1, "name")))

    def identifier(self, source: Source, line: int, name: str) -> None:
        words = _words(name)
        if len(words) > 1 or any(sign.isdigit() for sign in name):  # plain words such as "glossary" tell nothing
            self.phrases[tuple(words)].add(self.number(Trace(source, line, "id")))

    def add(self, source: Source, line: int, kind: str, text: str) -> None:
        number = self.number(Trace(source, line, kind))
        for phrase in _phrases(text):
            self.phrases[phrase].add(number)

    def number(self, trace: Trace) -> int:
        return self.traces.setdefault(trace, len(self.traces))


def _tells(text: str) -> bool:
    return any(True for _ in _phrases(text))


def _free_text(document: Document) -> Iterator[str]:
    """Yield the metadata fields that hold words of their own: neither a choice, nor a date, nor a number."""
    for key, info in type(document.meta).model_fields.items():
        is_text = key not in {"audience", "type"} and isinstance(getattr(document.meta, key), str)
        if is_text and not _is_choice(info.annotation):
            yield key


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


# --- reading files -------------------------------------------------------------------------------------------------

_TAG = re.compile(r"(<!--.*?-->|</?[A-Za-z][^>]*>|<[!?][^>]*>)", re.DOTALL)
# Tags that stand inside a word or between two words of a line, and the number of a footnote.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|tspan|u|var|wbr)"
    r"(?=[\s/>])",
    re.IGNORECASE,
)
_CELL = re.compile(r"</?t[dh](?=[\s/>])", re.IGNORECASE)
_FOOTNOTE = re.compile(r'<sup id="fnref[^>]*>.*?</sup>')
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrtbfv])|(.))", re.DOTALL)
_HAS_ESCAPE = re.compile(r"\\[ux\"'/nrt0-9a-fA-F]")
_CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_HAS_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_BASE64 = re.compile(r"(base64,)?([A-Za-z0-9+/_-]{20,}={0,2})")
_SHORTEST_BASE64 = 20
_CHARACTERS = 0x110000


class _Tags(dict[str, str]):
    """What stands between two words when a tag stands there; keeps those read for the first time in `new`."""

    def __init__(self) -> None:
        super().__init__()
        self.new: list[str] = []

    def __missing__(self, tag: str) -> str:
        self.new.append(tag)
        self[tag] = between = "" if _INLINE.match(tag) else " " if _CELL.match(tag) else _BREAK
        return between


@dataclass
class _Reading:
    """Reads files one after another into `found`; what was clean once, tags or stretches of text, is not read again."""

    secret: Withheld
    found: set[Phrase] = field(default_factory=set)
    unreadable: str = ""
    tags: _Tags = field(default_factory=_Tags)
    clean: set[str] = field(default_factory=set)

    def name(self, path: str) -> None:
        """Find the phrases in a file's own path."""
        self.found, self.unreadable = set(), ""
        self._match(path.removesuffix(".html"))
        self._variants(path, 1)

    def file(self, path: str, data: bytes) -> None:
        """Find the phrases that the content of a file holds in whatever form."""
        self.found, self.unreadable = set(), ""
        self._data(data, 0)
        if path.endswith(".md"):
            self._match(_plain(data.decode("utf-8", "replace")))

    def _data(self, data: bytes, depth: int) -> None:
        try:
            for inner in containers.unpack(data):
                if depth < DEPTH:
                    self._data(inner, depth + 1)
                else:
                    self.unreadable = f"more than {DEPTH} archives inside each other"
        except containers.DamagedError as error:
            self.unreadable = str(error)
        for text in containers.texts(data):
            self._json(text, depth) if text[:1] in "{[" else self._text(text, depth)

    def _json(self, text: str, depth: int) -> None:
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError):
            self._text(text, depth)
        else:
            self._text(_BREAK.join(_strings(parsed)), depth)

    def _text(self, text: str, depth: int) -> None:
        if "<" not in text:
            self._units(text.split(_BREAK), depth)
            return
        parts = _TAG.split(_FOOTNOTE.sub("", text) if 'id="fnref' in text else text)
        parts[1::2] = map(self.tags.__getitem__, parts[1::2])
        self._units("".join(parts).split(_BREAK), depth)
        new, self.tags.new = self.tags.new, []
        if new:
            if self._unit(_APART.join(new), depth):
                for tag in new:
                    del self.tags[tag]
            comments = [tag[4:-3] for tag in new if tag.startswith("<!--")]
            if comments and depth < DEPTH:
                self._text(_BREAK.join(comments), depth + 1)

    def _units(self, units: list[str], depth: int) -> None:
        """Read stretches of text, across whose ends nothing is read; the ASCII ones apart, because that is quicker."""
        new = [unit for unit in units if unit not in self.clean]
        for some in ([unit for unit in new if unit.isascii()], [unit for unit in new if not unit.isascii()]):
            if some and not self._unit(_APART.join(some), depth):
                self.clean.update(some)

    def _unit(self, text: str, depth: int) -> bool:
        """Read a text, and say whether it held anything."""
        before, self.found = self.found, set()
        text = html.unescape(text) if "&" in text else text
        self._match(text)
        if depth < DEPTH:
            self._variants(text, depth + 1)
        held = bool(self.found)
        self.found |= before
        return held

    def _variants(self, text: str, depth: int) -> None:
        """Read the text once more in each encoding that it may be written in."""
        if "\\" in text and _HAS_ESCAPE.search(text):
            self._text(_ESCAPE.sub(_unescaped, text), depth)
            self._text(_CSS_ESCAPE.sub(lambda found: _character(found[1]), text), depth)
        if "%" in text and _HAS_PERCENT.search(text):
            self._text(containers.unquoted(text), depth)
        # Names of pages have no capitals, and base64 has some.
        tokens = [token for token in text.split() if len(token) >= _SHORTEST_BASE64 and not token.islower()]
        for lead, run in _BASE64.findall("\n".join(tokens)):
            data = containers.from_base64(run, sure=bool(lead))
            if data:
                self._data(data, depth)

    def _match(self, text: str) -> None:
        words = _words(text)
        self.found |= self.secret.long.intersection(zip(*(words[at:] for at in range(LENGTH)), strict=False))
        for length, (longest, phrases) in self.secret.short.items():
            if not longest.isdisjoint(words):
                self.found |= phrases.intersection(zip(*(words[at:] for at in range(length)), strict=False))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value.replace(_BREAK, "")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        return _character(code)
    return " " if found[4] else found[5]


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if 0 < number < _CHARACTERS else " "
