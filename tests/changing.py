"""Changing: what all kinds of change to internal content share: their list, secret words, places in a body."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from random import Random

from libraries import FAR, FUTURE, INTERNAL, PAST, TERMS, WORDS, Doc, Level, Project

Change = Callable[[Random, Project], bool]
CHANGES: dict[str, Change] = {}
# Changes that no edition at all may show.
UNSEEN: set[str] = set()


def change(function: Change) -> Change:
    CHANGES[function.__name__] = function
    return function


def unseen(function: Change) -> Change:
    UNSEEN.add(function.__name__)
    return change(function)


# Words and text that only staff may read


def secret(rng: Random) -> str:
    return f"secret-{rng.randrange(10**9)}"


def ids(project: Project) -> list[str]:
    return [
        doc.meta["id"]
        for doc in project.docs.values()
        if doc.level < Level.NOBODY and doc.meta["type"] not in {"page", "snippet"}
    ]


def clauses(project: Project, level: Level) -> list[str]:
    found = []
    for path in project.paths(level, "guideline"):
        found += re.findall(r"(?m)^### (G\d\d\.\d+)", project.docs[path].body)
    return found


def text(rng: Random, project: Project, path: str) -> str:
    """Return a few blocks that only staff may read, for the document at `path`."""
    here = posixpath.dirname(path) or "."
    word, ref = secret(rng), rng.choice(ids(project))
    page = posixpath.relpath(
        rng.choice(
            [
                one
                for one in project.docs
                if project.docs[one].meta["type"] != "snippet" and project.docs[one].level < Level.NOBODY
            ]
        ),
        here,
    )
    note = f"n{rng.randrange(10**9)}"
    asset = f"[file]({posixpath.relpath(rng.choice(list(project.assets)), here)})"
    blocks = [
        f"Only staff read {word}, [{ref}] and {rng.choice(TERMS)}.",
        f"- {word}\n- [{ref}]\n    - inner {rng.choice(WORDS)}",
        f"| Signal | Value |\n|---|---|\n| {word} | [{ref}] |",
        f"A [page]({page}) about {word} and {asset}.",
        f"```text\n{word}\n\n\n# no heading\n```\n",
        f"{word}\n:   means {rng.choice(WORDS)}.",
        f"A note on it {word}[^{note}]\n\n[^{note}]: Text {word}.",
        f"> {word}",
        f"**{word}** `{word}`",
    ]
    if project.docs[path].meta["type"] != "snippet" if path in project.docs else True:
        blocks.append(f"## Staff {word}\n\nText.")
    return "\n\n".join(rng.sample(blocks, rng.randint(1, 3)))


def blank_places(body: str) -> list[tuple[int, int, bool]]:
    """Return the lines before which a passage may stand, the slashes it may have, and whether it is internal there."""
    lines = body.split("\n")
    places: list[tuple[int, int, bool]] = []
    stack: list[tuple[int, str]] = []
    fence = ""
    options = False
    for at, line in enumerate(lines):
        opened = re.fullmatch(r"(/{3,}) ([a-z][a-z-]*)", line)
        if fence:
            fence = "" if line.rstrip() == fence else fence
            continue
        options = options and line.startswith("    ")
        before = lines[at - 1] if at else ""
        most = stack[-1][0] - 1 if stack else 5
        if not before.strip() and not options and most >= 3:
            places.append((at, most, any(name == INTERNAL for _, name in stack)))
        if line.startswith("```"):
            fence = "```"
        elif opened:
            stack.append((len(opened[1]), opened[2]))
            options = True
        elif re.fullmatch(r"/{3,}", line) and stack:
            stack.pop()
    if not stack and not fence:
        places.append((len(lines), 5, False))
    return places


def passage(rng: Random, inner: str, slashes: int) -> str:
    mark = "/" * slashes
    gap = "\n" * rng.randint(0, 1)
    recheck = f"    recheck: {FUTURE}\n" if rng.random() < 0.3 else ""
    reason = rng.choice(["signal", "legal", "tooling"])
    return f"{mark} internal\n    reason: {reason}\n{recheck}\n{gap}{inner}\n{gap}{mark}"


def insert(rng: Random, doc: Doc, made: str, at: int) -> None:
    lines = doc.body.split("\n")
    before = [""] * rng.randint(0, 2)
    if at == len(lines):
        after: list[str] = [""] * rng.randint(0, 2)
        if lines[-1].strip():
            before = ["", *before]
    else:
        after = [""] * rng.randint(0 if not lines[at].strip() else 1, 2)
    lines[at:at] = [*before, *made.split("\n"), *after]
    doc.body = "\n".join(lines)


def outside(project: Project, rng: Random, *, snippets: bool = True) -> str:
    kinds = () if snippets else ("guideline", "label", "faq", "page", "notice", "workflow")
    return rng.choice(project.paths(Level.ALL, *kinds))


def staff(rng: Random, project: Project, *kinds: str) -> str | None:
    found = [path for level in (Level.STAFF, Level.NOBODY) for path in project.paths(level, *kinds)]
    found = [path for path in found if project.docs[path].meta["type"] != "snippet"] if not kinds else found
    return rng.choice(found) if found else None


# New documents that only staff may read


def folder(rng: Random, project: Project) -> str:
    indexes = [
        path
        for path in project.docs
        if posixpath.basename(path) == "index.md" and project.docs[path].level < Level.NOBODY
    ]
    where = posixpath.dirname(rng.choice(indexes))
    if rng.random() < 0.3:
        name = secret(rng)
        where = posixpath.join(where, name)
        project.docs[f"{where}/index.md"] = Doc(meta_of(rng, "page", name), text(rng, project, f"{where}/index.md"))
    return where


def meta_of(rng: Random, kind: str, ident: str) -> dict[str, object]:
    meta: dict[str, object] = {
        "id": ident,
        "type": kind,
        "title": secret(rng),
        "summary": secret(rng),
        "audience": INTERNAL,
        "owner": "Automation",
        "status": "in-force",
        "valid_from": PAST,
        "review_by": FAR,
        "order": rng.randint(0, 9),
    }
    return meta


def body_of(rng: Random, project: Project, path: str) -> str:
    return "\n" + text(rng, project, path) + "\n"
