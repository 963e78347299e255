"""History: in which release of an edition each clause first appeared, and in which its text last changed.

Both follow from the catalog of the release before, not from git. They are added to a staged tree once the name of its
release is known; what decides whether there is a release at all is the tree without them.
"""

from __future__ import annotations

import json
from typing import Any

from guidebook import catalog, frontmatter, permalinks
from guidebook.library import DOCS
from guidebook.releases import ReleaseError, Version

CATALOG = f"{DOCS}/catalog.json"

Tree = dict[str, bytes]


def dated(tree: Tree, release: str, before: bytes | None, last: str | None) -> Tree:
    """Return a staged tree as release `release`; `before` is the catalog of the release `last`, if there was one.

    Raises ReleaseError when that catalog cannot be read.
    """
    data = json.loads(tree[CATALOG])
    known = _known(before, last) if before is not None and last is not None else {}
    for row in data["documents"]:
        for clause in row.get("clauses", []):
            first, changed, digest = known.get(clause["id"], (release, release, clause["sha256"]))
            clause["first"] = first
            clause["changed"] = changed if digest == clause["sha256"] else release
    listed = f"{DOCS}/{permalinks.INDEX}"
    new = {**tree, CATALOG: catalog.dump(data["edition"], data["documents"]).encode()}
    if listed in tree:
        front, _, _ = frontmatter.split(tree[listed].decode())
        new[listed] = f"---\n{front}---\n\n{permalinks.index(data['documents'])}\n".encode()
    return new


def _release(name: object) -> str:
    return str(Version.parse(str(name)))


def _known(before: bytes, last: str) -> dict[str, tuple[str, str, str]]:
    """Return for each clause of a catalog its first release, the one it changed in, and its digest."""
    try:
        clauses: list[dict[str, Any]] = [
            clause for row in json.loads(before)["documents"] for clause in row.get("clauses", [])
        ]
        return {
            str(one["id"]): (_release(one.get("first", last)), _release(one.get("changed", last)), str(one["sha256"]))
            for one in clauses
        }
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError, ReleaseError) as error:
        raise ReleaseError(
            f"{last}/catalog.json",
            expected="the catalog of the last release",
            found=f"something else ({type(error).__name__})",
            mend="restore the file on the release branch",
        ) from None
