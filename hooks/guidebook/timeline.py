"""Timeline: which release was in force when, what each clause and page was in it, and every address there ever was.

`releases.json` stands at the root of an edition's branch, beside the release folders; a schema stands beside this file.
Publishing makes it from the one before and the catalog of the new release, so it tells nothing that no release of the
edition told. Days and moments are in UTC. Every error is a `ReleaseError`.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache, partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from guidebook.releases import CATALOG_FILE, ReleaseError, Version

FORMAT = 1
FILE, SCHEMA = "releases.json", "releases.schema.json"

_version = lru_cache(4096)(Version.parse)  # many entries name the same few releases


def _release(name: str) -> str:
    try:
        return str(_version(name))
    except ReleaseError as error:
        raise ValueError(str(error)) from error


Release = Annotated[str, AfterValidator(_release)]
Edition = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
ClauseId = Annotated[str, Field(pattern=r"^G[0-9]{2}\.[1-9][0-9]?$")]
PageId = Annotated[str, Field(pattern=r"^([A-Z][0-9]{2,3}|[a-z]+(-[a-z0-9]+)*)$")]
Url = Annotated[str, Field(pattern=r"^([a-z0-9]+([._-][a-z0-9]+)*/)*(#g[0-9]{2}-[1-9][0-9]?)?$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Retired(_Part):
    """Which clause decides in place of one taken out, and why; both None where no page of the release says so."""

    to: ClauseId | None = None
    why: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _both(self) -> Retired:
        if (self.to is None) != (self.why is None):
            raise ValueError("expected both `to` and `why`, or neither")
        return self


class Text(_Part):
    """What a clause or a page is, from `release` on."""

    release: Release
    title: str
    url: Url  # relative to the folder of the release
    sha256: Digest


class Withdrawal(_Part):
    """That a clause or a page is not there, from `release` on."""

    release: Release
    retired: Retired


Entry = Text | Withdrawal
Entries = Mapping[str, tuple[Entry, ...]]  # by id; those of one id oldest first, each unlike the one before it


@dataclass(frozen=True)
class Address:
    """The ids of the pages that stood at an address, the last one last, and the last release in which one did."""

    ids: tuple[str, ...]
    last: str


@dataclass(frozen=True)
class Timeline:
    """The releases of an edition, oldest first, and what changed for each clause and page in which of them."""

    edition: str
    releases: tuple[str, ...]
    clauses: Entries
    pages: Entries

    def release_on(self, day: date) -> str | None:
        """Name the release that answers for a day: the last one on or before it."""
        at = bisect_right(self.releases, day, key=lambda name: _version(name).day)
        return self.releases[at - 1] if at else None

    def release_at(self, moment: datetime) -> str | None:
        """Name the release in force at a moment; `moment` has a time zone."""
        at = bisect_right(self.releases, moment, key=lambda name: _version(name).moment)
        return self.releases[at - 1] if at else None

    def clause_on(self, name: str, day: date) -> Entry | None:
        """Return what a clause was on a day; None when no release until then had had it."""
        release = self.release_on(day)
        return self.entry_in(name, release) if release else None

    page_on = clause_on  # the id of a clause has a dot, that of a page has none

    def entry_in(self, name: str, release: str) -> Entry | None:
        """Return what a clause or a page was in a release; None when no release until then had had it."""
        entries = self._entries(name)
        at = len(entries) - len(self.since(name, release))
        return entries[at - 1] if at else None

    def since(self, name: str, release: str) -> list[Entry]:
        """Return what became of a clause or a page after a release, oldest first."""
        after = _version(release)
        return [one for one in self._entries(name) if _version(one.release) > after]

    def spans(self, name: str) -> list[tuple[Entry, str]]:
        """Return each entry of a clause or a page with the last release in which it holds."""
        entries = self._entries(name)
        ends = [self._position[one.release] for one in entries[1:]] + [len(self.releases)]
        return [(one, self.releases[end - 1]) for one, end in zip(entries, ends, strict=False)]

    def addresses(self) -> dict[str, Address]:
        """Return every address that a page ever had."""
        held: dict[str, dict[str, int]] = defaultdict(dict)
        for name in self.pages:
            for one, last in self.spans(name):
                if isinstance(one, Text):
                    held[one.url][name] = self._position[last]
        return {
            url: Address(tuple(sorted(last, key=lambda name: last[name])), self.releases[max(last.values())])
            for url, last in sorted(held.items())
        }

    def ids(self) -> set[str]:
        """Return the id of every clause ever published, be it only as a retired one."""
        return set(self.clauses)

    def _entries(self, name: str) -> tuple[Entry, ...]:
        return self.clauses.get(name) or self.pages.get(name) or ()

    @cached_property
    def _position(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.releases)}


class _Made(_Part):
    release: Release
    since: str = Field(alias="from")


class _File(_Part):
    format: Literal[1]
    edition: Edition
    releases: list[_Made] = Field(min_length=1)
    clauses: dict[ClauseId, list[Entry]]
    pages: dict[PageId, list[Entry]]


class _Row(BaseModel):
    """What the timeline takes from a clause or a page of a catalog."""

    model_config = ConfigDict(strict=True, frozen=True)

    id: str
    title: str
    url: Url
    sha256: Digest


class _Clause(_Row):
    id: ClauseId


class _Page(_Row):
    id: PageId
    clauses: list[_Clause] = []
    retired: dict[ClauseId, Retired] = {}


class _Catalog(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)

    edition: Edition
    documents: list[_Page]


Now = Mapping[str, Entry]
Damaged = Callable[..., ReleaseError]


def read(text: bytes, where: str = FILE) -> Timeline:
    """Read a `releases.json`; anything but what `extended` writes (white space aside) is a `ReleaseError`."""
    mend = "restore the file on the release branch, or make it anew from the catalogs of all releases"
    damaged = partial(ReleaseError, where, mend=mend)
    try:
        data = _File.model_validate_json(text)
    except ValidationError as error:
        raise damaged(expected=f"what {SCHEMA} describes", found=_first(error)) from error
    timeline = _replayed(data, damaged)
    found, wanted = (_lines(json.loads(one, object_pairs_hook=_object)) for one in (text, _written(timeline)))
    for at, (line, expected) in enumerate(zip(found, wanted, strict=False), start=1):
        if line != expected:  # as text, because to Python `true` is 1
            raise damaged(expected=f"{expected.strip()} on line {at}", found=line.strip()[:120])
    return timeline


def _object(pairs: list[tuple[str, Any]]) -> Any:  # noqa: ANN401 - a list of pairs where a key stands twice
    data = dict(pairs)
    return data if len(data) == len(pairs) else pairs


def _lines(data: object) -> list[str]:
    return json.dumps(data, indent=1).splitlines()


def extended(before: bytes | None, catalog: bytes, release: str) -> bytes:
    """Return `releases.json` with one more release, whose catalog is given; `before` is None for the first one."""
    return _written(_extended(None if before is None else read(before), catalog, release))


def rebuilt(catalogs: Iterable[tuple[str, bytes]]) -> bytes:
    """Make `releases.json` from the name and the catalog of every release, oldest first and at least one."""
    timeline = None
    for release, catalog in catalogs:
        timeline = _extended(timeline, catalog, release)
    if timeline is None:
        raise ReleaseError(FILE, expected="at least one release", found="none", mend="give the catalog of each")
    return _written(timeline)


def _extended(timeline: Timeline | None, catalog: bytes, release: str) -> Timeline:
    _version(release)
    mend = "build the release again under the next name, or restore the file on the release branch"
    damaged = partial(ReleaseError, f"{release}/{CATALOG_FILE}", mend=mend)
    try:
        data = _Catalog.model_validate_json(catalog)
    except ValidationError as error:
        raise damaged(expected="pages and clauses with id, title, url and sha256", found=_first(error)) from error
    timeline = timeline or Timeline(data.edition, (), {}, {})
    if data.edition != timeline.edition:
        raise damaged(expected=f"edition {timeline.edition}, as in {FILE}", found=f"edition {data.edition}")
    pages: list[tuple[str, Entry]] = []
    clauses: list[tuple[str, Entry]] = []
    for page in data.documents:
        pages.append((page.id, _text(page, release)))
        clauses += [(one.id, _text(one, release)) for one in page.clauses]
        clauses += [(name, Withdrawal(release=release, retired=one)) for name, one in page.retired.items()]
    twice = [name for name, times in Counter(name for name, _ in pages + clauses).items() if times > 1]
    if twice:
        raise damaged(expected="every id once", found=f"{twice[0]} again")
    return _next(timeline, release, dict(clauses), dict(pages), damaged)


def _text(row: _Row, release: str) -> Text:
    return Text(release=release, title=row.title, url=row.url, sha256=row.sha256)


def _next(timeline: Timeline, release: str, clauses: Now, pages: Now, damaged: Damaged) -> Timeline:
    """Return the timeline with a release in which there are these clauses and pages, each at an address of its own."""
    last = timeline.releases[-1] if timeline.releases else None
    if last and _version(release) <= _version(last):
        raise damaged(expected=f"a release after {last}", found=release)
    there: set[str] = set()
    for name, one in pages.items():
        if isinstance(one, Withdrawal):
            if one.retired.to:
                raise damaged(expected=f"no clause in place of the page {name}", found=str(one.retired.to))
            continue
        if one.url in there or "#" in one.url:
            raise damaged(expected=f"an address of its own for {name} in {release}", found=one.url)
        there.add(one.url)
    for name, one in clauses.items():
        anchor = f"#{name.lower().replace('.', '-')}"
        if isinstance(one, Text) and not (one.url.endswith(anchor) and one.url.removesuffix(anchor) in there):
            raise damaged(expected=f"the address of a page and {anchor} for {name} in {release}", found=one.url)
    return Timeline(
        timeline.edition,
        (*timeline.releases, release),
        _followed(timeline.clauses, clauses, release, _clause_order),
        _followed(timeline.pages, pages, release, str),
    )


def _followed(entries: Entries, now: Now, release: str, order: Callable[[str], Any]) -> Entries:
    """Add what there is now where it is unlike the last entry; of what nothing is said, that it is not there."""
    absent = Withdrawal(release=release, retired=Retired())
    found = {}
    for name in sorted(entries.keys() | now.keys(), key=order):
        past, one = entries.get(name, ()), now.get(name, absent)
        before = past[-1] if past else absent
        same = one is before or one == before.model_copy(update={"release": one.release})
        found[name] = past if same else (*past, one)
    return {name: past for name, past in found.items() if past}


def _clause_order(name: str) -> tuple[str, int]:
    page, _, number = name.partition(".")
    return page, int(number)


def _replayed(data: _File, damaged: Damaged) -> Timeline:
    """Make the timeline again from what each release says is new in it."""
    new: dict[str, tuple[dict[str, Entry], dict[str, Entry]]] = defaultdict(lambda: ({}, {}))
    for at, entries in enumerate((data.clauses, data.pages)):
        for name, each in entries.items():
            for one in each:
                new[one.release][at][name] = one
    timeline = Timeline(data.edition, (), {}, {})
    clauses: dict[str, Entry] = {}
    pages: dict[str, Entry] = {}
    for made in data.releases:
        clauses |= new[made.release][0]
        pages |= new[made.release][1]
        timeline = _next(timeline, made.release, clauses, pages, damaged)
    return timeline


def _written(timeline: Timeline) -> bytes:
    data = {
        "format": FORMAT,
        "edition": timeline.edition,
        "releases": [
            {"release": name, "from": f"{_version(name).moment:%Y-%m-%dT%H:%M:%SZ}"} for name in timeline.releases
        ],
        **{
            key: {name: [one.model_dump(exclude_none=True) for one in each] for name, each in entries.items()}
            for key, entries in (("clauses", timeline.clauses), ("pages", timeline.pages))
        },
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _first(error: ValidationError) -> str:
    """Say what is wrong first, in one line of printable ASCII."""
    one = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in one["loc"])
    return ascii(f"{one['input']!r:.60} at {where or 'the start'}: {one['msg']:.120}")
