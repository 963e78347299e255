"""History: what a release says of those before it: what is new in it, since when a text stands, where it went.

All of it follows from the last release's catalog and from the timeline, not from git. It is added to a staged tree once
the name of its release is known; what decides whether there is a release at all is the tree without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guidebook import (
    announcements,
    asat,
    catalog,
    frontmatter,
    navigation,
    permalinks,
    permanence,
    timeline,
    whatchanged,
)
from guidebook.announcements import Baseline
from guidebook.library import DOCS
from guidebook.links import relative
from guidebook.releases import LATEST
from guidebook.sources import address
from guidebook.timeline import Text, Timeline

CATALOG = f"{DOCS}/catalog.json"
NEW, CHANGED = "new", "changed"  # marks of a page in the navigation

Tree = dict[str, bytes]
Row = dict[str, Any]
_HEADING = re.compile(r" \{ #(\S+) \.clause data-clause=(\S+) data-sha256=[0-9a-f]{64}(?= \}$)", re.MULTILINE)


@dataclass(frozen=True)
class Past:
    """The last release of an edition: its name, its catalog, and the timeline up to it; None for what there is not."""

    release: str | None = None
    catalog: bytes | None = None
    timeline: bytes | None = None

    def baseline(self) -> Baseline | None:
        """Return the last release as data. Raises ReleaseError when its catalog cannot be read."""
        if self.release is None or self.catalog is None:
            return None
        return announcements.baseline(self.release, self.catalog)

    def read(self) -> Timeline | None:
        """Return the timeline. Raises ReleaseError when it cannot be read."""
        return timeline.read(self.timeline) if self.timeline is not None else None


@dataclass(frozen=True)
class Dated:
    """An edition as a release: its tree, the timeline with it, and the places above it to which its pages may lead."""

    tree: Tree
    timeline: bytes
    beyond: frozenset[str]


def dated(tree: Tree, release: str, past: Past) -> Dated:
    """Return a staged tree as the release `release`. Raises ReleaseError when what is past cannot be read."""
    data = json.loads(tree[CATALOG])
    rows: list[Row] = data["documents"]
    last = past.baseline()
    _date_clauses(rows, release, last)
    new = {**tree, CATALOG: catalog.dump(data["edition"], rows).encode()}
    known = timeline.extended(past.timeline, new[CATALOG], release)
    now, before = timeline.read(known), past.read()
    went = permanence.moved(before, rows) if before else None
    new |= {f"{DOCS}/{path}": text for path, text in permanence.pages(went).items()} if went else {}
    _rewrite(new, permalinks.INDEX, permalinks.index(rows))
    _rewrite(new, whatchanged.INDEX, whatchanged.page(release, rows, last, now.releases[-2::-1]))
    _rewrite(new, asat.INDEX, asat.page(now, went))
    sources = {address(path.removeprefix(f"{DOCS}/")): path for path in tree if path.endswith(".md")}
    for row in rows:
        path = sources[row["url"]]
        new[path] = _told(new[path].decode(), path, row, release, last).encode()
    _mark(new, {sources[row["url"]]: row for row in rows}, last)
    return Dated(new, known, frozenset(_beyond(now)))


def _date_clauses(rows: list[Row], release: str, last: Baseline | None) -> None:
    """Say in each clause in which release it first appeared, and in which its text last changed."""
    known = {one["id"]: one for row in (last.rows if last else ()) for one in row.get("clauses", ())}
    for row in rows:
        for clause in row.get("clauses", ()):
            before = known.get(clause["id"])
            first = clause["first"] = before.get("first", last.release) if before and last else release
            same = before is not None and before["sha256"] == clause["sha256"]
            clause["changed"] = before.get("changed", first) if before and same else release


def _rewrite(tree: Tree, page: str, text: str) -> None:
    """Put another text below the front matter of a staged page, if there is such a page."""
    path = f"{DOCS}/{page}"
    if path in tree:
        front, _, _ = frontmatter.split(tree[path].decode())
        tree[path] = f"---\n{front}---\n\n{text}\n".encode()


def _told(text: str, path: str, row: Row, release: str, last: Baseline | None) -> str:
    """Return a staged page with the releases of its clauses."""
    clauses = {one["id"]: one for one in row.get("clauses", ())}
    changes = relative(whatchanged.INDEX, path.removeprefix(f"{DOCS}/"))

    def releases(found: re.Match[str]) -> str:
        anchor, name = found.groups()
        clause = clauses[name]
        given = f"{found[0]} data-first={clause['first']} data-changed={clause['changed']}"
        if last is None or clause["changed"] != release:
            return given
        what = "New" if clause["first"] == release else "Changed"
        told = any(one["id"] == row["id"] for one in last.rows)  # of a page that is new, no clause is told by itself
        where = f"{changes}#{anchor}" if told else changes
        return f"{given} }}\n\n[{what} in {release}]({where}){{ .gb-changed"

    return _HEADING.sub(releases, text)


def _mark(tree: Tree, rows: Mapping[str, Row], last: Baseline | None) -> None:
    """Mark the pages in force that are new or changed, for the navigation; folders hold how many pages they have."""
    known = {row["id"]: row.get("sha256") for row in (last.rows if last else ())}
    marks = {}
    for path, row in rows.items():
        if last is None or row.get("status") != "in-force" or known.get(row["id"]) == row["sha256"]:
            continue
        mark = marks[path.removeprefix(f"{DOCS}/")] = CHANGED if row["id"] in known else NEW
        tree[path] = tree[path].replace(b"\nstatus: in-force\n", f"\nstatus: {mark}\n".encode(), 1)
    for index, counts in navigation.marked(marks).items():
        counted = f"---\nmarked: {{{NEW}: {counts[NEW]}, {CHANGED}: {counts[CHANGED]}}}\n"
        tree[f"{DOCS}/{index}"] = tree[f"{DOCS}/{index}"].replace(b"---\n", counted.encode(), 1)


def _beyond(known: Timeline) -> Iterator[str]:
    """Yield where a page may lead above its own release: to other releases' pages that tell what was."""
    yield from ("../", f"../{LATEST}/")
    for release in known.releases[:-1]:
        yield f"../{release}/{whatchanged.FOLDER}/"
    for name in (*known.clauses, *known.pages):
        for entry, last in known.spans(name):
            if isinstance(entry, Text):
                url = entry.url.partition("#")[0]
                yield from (f"../{entry.release}/{url}", f"../{last}/{url}")
            elif entry.retired.to:
                yield f"../{last}/{permalinks.FOLDER}/{name}/"


def unmarked(text: str) -> str:
    """Return the Markdown of a page as it was before it was marked for the navigation."""
    text = re.sub(rf"(?m)^status: (?:{NEW}|{CHANGED})$", "status: in-force", text, count=1)
    return re.sub(r"(?m)^marked: \{.*\}\n", "", text, count=1)
