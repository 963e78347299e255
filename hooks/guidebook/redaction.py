"""Redaction: take leaked text out of releases that were published, and leave a mark where it stood.

Text is sought as words, whatever stands between them: white space, tags, signs of Markdown, entities, escapes. Each
decoding keeps where its characters stand in the file, so only they are cut out and every other byte stays. The sweep
then reads the files in its own way; a place that it sees and that could not be mended is a problem, not a guess.
What could confirm a guess at the text goes as well: each hash of something that held it. Messages never repeat it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guidebook import containers, decoding
from guidebook.decoding import MARK, Edit, Sought
from guidebook.documents import cut
from guidebook.phrases import LENGTH, Phrase, plain, words_of
from guidebook.problems import Problem, ProblemsError
from guidebook.reading import Reading
from guidebook.releases import CATALOG_FILE, MANIFEST_FILE, ReleaseError, staged_digest
from guidebook.withheld import Withheld

NO_DIGEST = "0" * 64
LEAST_WORDS, LEAST_LETTERS = 3, 12
_DATA = (".json", ".jsonl")
_MARKDOWN = (".md", ".txt", *_DATA)
_TAGGED = (".html", ".xml", ".svg")
_TAG = re.compile(r"</?[A-Za-z][\w:-]*")
_DIGEST = re.compile(rb"[0-9a-f]{64}")
_ROUNDS = 40  # each takes a place out that overlapped another
_GZIP = b"\x1f\x8b"

_NAME = ("removed-name", "expected a name that may stay, found the text in it; retire or rename the page first")
_UNSEEN = "found the text packed, encoded or as a field's name, or a file that cannot be read"
_PLACE = ("removed-place", f"expected a place that can be mended, {_UNSEEN}; mend the releases by hand")
_FORM = ("removed-form", "expected other tags and fields to stay as they were, found a difference; give other words")

Files = Mapping[str, bytes]
Digests = Mapping[str, str]  # the SHA-256 of what held the text → that of what is left of it


@dataclass(frozen=True)
class Redacted:
    """The files of a release without the text, and what was found in them.

    `counts` says for each path how many places each phrase, numbered from 1, was taken out of. `partly` are the paths
    in which five words of a phrase in a row still stand. With `problems`, the files are not fit to be published.
    `digests` are all that the release says no more.
    """

    files: dict[str, bytes]
    counts: dict[str, Counter[int]]
    partly: dict[str, frozenset[Phrase]]
    problems: tuple[Problem, ...]
    digests: frozenset[str]


def sought(texts: Sequence[str], *, short: bool = False) -> list[Sought]:
    """Return the phrases to seek. Raises ProblemsError for those that would hit innocent text, unless `short`."""
    found, problems = [], []
    for number, text in enumerate(texts, 1):
        words = words_of(plain(text))
        letters = sum(map(len, words))
        one = Sought(number, tuple(words))
        if not words or one.pattern.search(MARK):
            message = f"expected words other than that of the mark, {MARK}, found {len(words)}; give the text to remove"
        elif not short and (len(words) < LEAST_WORDS or letters < LEAST_LETTERS):
            message = (
                f"expected at least {LEAST_WORDS} words and {LEAST_LETTERS} letters, found {len(words)} and {letters}, "
                "which may hit innocent text; give more of it, or look at --dry-run and add --short"
            )
        else:
            found.append(one)
            continue
        problems.append(Problem("phrases", number, "phrase-too-short", message))
    if problems:
        raise ProblemsError(problems)
    return found


def redact(files: Files, phrases: Sequence[str], *, short: bool = False) -> Redacted:
    """Take phrases out of the files of one release, by path below its folder."""
    redactor = Redactor(sought(phrases, short=short))
    return redactor.redact(files, redactor.digests(files))


@dataclass
class Redactor:
    """Takes the same phrases out of many releases; a file that stands in several is read once."""

    phrases: Sequence[Sought]
    _known: dict[tuple[str, str], tuple[bytes | None, Counter[int]]] = field(default_factory=dict)
    _read: dict[tuple[bool, str], frozenset[Phrase]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Prepare the sweep for these phrases."""
        # Words that are not in every text: two of each phrase, because signs may stand inside one.
        self._rare = {word for one in self.phrases for word in sorted(one.words, key=len)[-2:]}
        self._windows = {one.number: _windows(one.words) for one in self.phrases}
        known: dict[Phrase, tuple[int, ...]] = {window: () for each in self._windows.values() for window in each}
        self._reading = Reading(Withheld("", (), known, {}, {}, frozenset()))

    def digests(self, files: Files) -> dict[str, str]:
        """Return the hashes in the catalog of a release that are those of text to remove, and what they become.

        Raises ReleaseError for a catalog that is none.
        """
        if CATALOG_FILE not in files:
            return {}
        data = files[CATALOG_FILE]
        try:
            return self._digests(files, json.loads(data), json.loads(self._file(CATALOG_FILE, data)[0]))
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
            raise ReleaseError(
                CATALOG_FILE,
                expected="the catalog of a release",
                found=f"something else ({type(error).__name__})",
                mend="restore the file on the release branch",
            ) from None

    def _digests(self, files: Files, before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        rows = list(zip(before["documents"], after["documents"], strict=True))
        for old, new in rows:
            for one, other in zip(old.get("clauses", ()), new.get("clauses", ()), strict=True):
                if one != other:
                    text = f"{other['id']}\n{other['title']}\n{other['text']}\n"  # as pages.clauses does it
                    found[one["sha256"]] = _sum(text.encode())
        for old, new in rows:
            twin = files.get(old["markdown"], b"") if "sha256" in old else b""
            left = self._file(".md", twin)[0]
            if "sha256" in old and (old != new or left != twin):
                # The staged page is not in a release. Its Markdown beside the page tells as well what is new.
                found[old["sha256"]] = _sum(_renewed(left, found))
        return {old: new for old, new in found.items() if old != new}

    def redact(self, files: Files, digests: Digests) -> Redacted:
        """Take the phrases out of the files of one release; `digests` are those of all releases."""
        done: dict[str, bytes] = {}
        counts: dict[str, Counter[int]] = {}
        problems: list[Problem] = []
        for path, data in files.items():
            left, count = self._file(path, data)
            done[path] = _renewed(left, digests)
            if count:
                counts[path] = count
            problems += [self._problem(path, *_NAME)] if self.seen("", path.encode()) else []
            problems += [self._problem(path, *_FORM)] if count and not _same_form(path, data, left) else []
        gone = {path for path, data in files.items() if done[path] != data}
        old = {_sum(files[path]) for path in gone} | set(digests)
        if gone and MANIFEST_FILE in files:
            old.add(staged_digest(files[MANIFEST_FILE].decode("utf-8", "replace"), MANIFEST_FILE))
            done[MANIFEST_FILE] = _manifest(done)
        partly = {}
        for path, data in done.items():
            windows = self.windows(path, data)
            if self.seen(path, data):
                problems.append(self._problem(path, *_PLACE))
            elif windows:
                partly[path] = windows
        return Redacted(done, counts, partly, tuple(problems), frozenset(old - {NO_DIGEST}))

    def seen(self, path: str, data: bytes) -> bool:
        """Say whether a file holds one of the phrases whole, to our eye or to that of the sweep."""
        windows = self.windows(path, data)
        whole = any(each <= windows for each in self._windows.values())
        return whole or bool(self._file(path, data)[1])

    def lines(self, path: str, text: str) -> list[int]:
        """Return the lines of a text, from 1, on which a phrase starts."""
        edits = decoding.edits(text, self.phrases, data=path.endswith(_DATA), markdown=True)
        return sorted({text.count("\n", 0, start) + 1 for start, *_ in edits})

    def _problem(self, path: str, rule: str, message: str) -> Problem:
        """Return a problem whose path does not repeat the text."""
        return Problem(self.masked(path), 1, rule, message)

    def masked(self, path: str) -> str:
        """Return a path as it may be printed."""
        return self._text("", path)[0]

    def windows(self, path: str, data: bytes) -> frozenset[Phrase]:
        """Return what the sweep sees of the phrases in a file, five words at a time; all, in one it cannot read."""
        key = (path.endswith(".md"), _sum(data))
        if key not in self._read:
            self._reading.file(path, data)
            unread = {window for each in self._windows.values() for window in each} if self._reading.unreadable else ()
            self._read[key] = frozenset(self._reading.found.union(unread))
        return self._read[key]

    def _file(self, path: str, data: bytes) -> tuple[bytes, Counter[int]]:
        """Return what is left of a file, and how often each phrase was found in it."""
        key = (next((end for end in (*_MARKDOWN, *_TAGGED) if path.endswith(end)), ""), _sum(data))
        if key not in self._known:
            left, count = self._bytes(path, data)
            self._known[key] = (None if left == data else left, count)
        known, count = self._known[key]
        return data if known is None else known, count

    def _bytes(self, path: str, data: bytes) -> tuple[bytes, Counter[int]]:
        if data.startswith(_GZIP):
            try:
                (inner,) = containers.unpack(data)
            except containers.DamagedError:
                return data, Counter()
            left, count = self._bytes(path.removesuffix(".gz"), inner)
            return (gzip.compress(left, mtime=int.from_bytes(data[4:8], "little")) if count else data), count
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return data, Counter()
        if "\0" in text:
            return data, Counter()
        if not self.windows(path, data) and not any(map(decoding.letters(text).__contains__, self._rare)):
            return data, Counter()  # taking every escape of every script apart takes a hundred times as long
        left_text, count = self._text(path, text)
        return left_text.encode(), count

    def _text(self, path: str, text: str) -> tuple[str, Counter[int]]:
        count: Counter[int] = Counter()
        for _ in range(_ROUNDS):
            found = decoding.edits(text, self.phrases, data=path.endswith(_DATA), markdown=path.endswith(_MARKDOWN))
            chosen = list(_apart(found))
            if not chosen:
                break
            count.update(number for *_, number in chosen)
            text = cut(text, [(start, end, new) for start, end, new, _ in chosen])
        return text, count


def tells(data: bytes, digests: Iterable[str]) -> bool:
    """Say whether a file holds one of some SHA-256 sums."""
    return not {found.decode() for found in _DIGEST.findall(data)}.isdisjoint(digests)


def _apart(edits: list[Edit]) -> Iterator[Edit]:
    """Yield edits that do not overlap, the longer ones first where several start together."""
    at = 0
    for edit in sorted(edits, key=lambda one: (one[0], -one[1])):
        if edit[0] >= at:
            yield edit
            at = edit[1]


def _windows(words: Phrase) -> frozenset[Phrase]:
    """Return a phrase as the sweep knows it."""
    if len(words) < LENGTH:
        return frozenset({words})
    return frozenset(zip(*(words[at:] for at in range(LENGTH)), strict=False))


def _renewed(data: bytes, digests: Digests) -> bytes:
    if not digests:
        return data
    return _DIGEST.sub(lambda found: digests.get(found[0].decode(), found[0].decode()).encode(), data)


def _manifest(files: Files) -> bytes:
    """Return the manifest of a release with the sums of its files, and without that of the staged tree."""
    said = json.loads(files[MANIFEST_FILE])
    said["staged"] = NO_DIGEST
    sums = dict(said.get("files", {}))
    said["files"] = {path: _sum(files[path]) if path in files else total for path, total in sums.items()}
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def _same_form(path: str, before: bytes, after: bytes) -> bool:
    """Say whether what is left of a file has the tags it had, or is JSON if it was."""
    if path.endswith(_TAGGED):
        return _TAG.findall(before.decode()) == _TAG.findall(after.decode())
    if path.endswith(_DATA) and decoding.is_data(before.decode()):
        return decoding.is_data(after.decode())
    return True


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
