"""Review: what each edition would disclose and change for its readers, against its last release, before a merge."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping

from guidebook import announcements, changes, disclosure, history
from guidebook.changes import Change
from guidebook.history import Past
from guidebook.library import DOCS, Library

from guide_cli import pipeline

_STATES = {(False, True): "new", (True, False): "gone", (True, True): "changed"}


_SHOWN, _LONGEST = 5, 240  # runs of a page that is opened, and signs of one run


def review(  # noqa: PLR0913 - what is reviewed, and against what
    source: Library,
    names: list[str],
    day: dt.date,
    pasts: Mapping[str, Past],
    texts: Mapping[str, list[str]],
    *,
    say: Callable[[str], None],
) -> None:
    """Print what some editions of a library without errors disclose, then each change with its redline.

    `texts` is the Markdown of the pages of each edition's last release.
    """
    for one in pipeline.stage(source, names, day):
        last = pasts[one.name].baseline() if one.name in pasts else None
        if last is None:
            say(f"{one.name}: no release here to compare with.")
            continue
        rows = json.loads(one.tree[history.CATALOG])["documents"]
        found = changes.between(last.rows, rows)
        pages = {row["id"]: row.get("sha256") for row in last.rows}
        named = {change.page for change in found}
        others = [row["id"] for row in rows if row["id"] not in named and pages.get(row["id"]) != row["sha256"]]
        say(f"{one.name}: {len(found)} change{'' if len(found) == 1 else 's'} since {last.release}.")
        if not source.configuration.editions[one.name].reads_all:
            # What is made by us, not written, says on purpose other words in a preview.
            written = [f"{DOCS}/{document.path}" for document in source.documents.values()]
            _disclosed(one, written, texts, say=say)
        for change in found:
            say(f"\n{change.kind} {change.id}, {_state(change)}: {change.title}")
            said = announcements.difference(change)
            if said and change.kind != "page":
                say(said)
        whole = changes.whole_pages(found)
        wanted = dict.fromkeys(
            each.page if each.page in whole and each.kind != "label" else each.id
            for each in found
            if each.kind != "page" or changes.retires(each)
        )
        if wanted:
            say(f"\nA notice names them: `changes: [{', '.join(wanted)}]`")
        if others:
            say(f"\nAlso changed, in text that decides no case: {', '.join(others)}")


def _state(change: Change) -> str:
    """Say what became of a thing; of a page that was there and is, where it moved, or that it is retired."""
    before, after = change.before, change.after
    if change.kind != "page" or before is None or after is None:
        return _STATES[before is not None, after is not None]
    if before["url"] != after["url"]:
        return f"moved from {before['url']} to {after['url']}"
    return "retired" if after.get("status") == "retired" else "in force again"


def _disclosed(
    staged: pipeline.Staged, written: list[str], texts: Mapping[str, list[str]], *, say: Callable[[str], None]
) -> None:
    """Print what stands in written pages of the edition and stood only in others until now."""
    now = {path: staged.tree[path].decode() for path in written if path in staged.tree}
    inside = [text for name, pages in texts.items() if name != staged.name for text in pages]
    found = disclosure.disclosed(now, texts.get(staged.name, ()), inside)
    if found:
        say(f"{staged.name} DISCLOSES what its readers have not seen, and those of another edition have:")
    for path, runs in found.items():
        for run in runs[:_SHOWN]:
            say(f"  {path}: {run if len(run) <= _LONGEST else f'{run[:_LONGEST]} …'}")
        if len(runs) > _SHOWN:
            say(f"  {path}: {len(runs) - _SHOWN} more places")
