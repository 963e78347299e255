"""Review: what the readers of each edition would see changed, against its last release, before anything is merged."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping

from guidebook import announcements, changes, history
from guidebook.history import Past
from guidebook.library import Library

from guide_cli import pipeline

_STATES = {(False, True): "new", (True, False): "gone", (True, True): "changed"}


def review(
    source: Library, names: list[str], day: dt.date, pasts: Mapping[str, Past], say: Callable[[str], None]
) -> None:
    """Print each change of some editions of a library without errors, with its redline."""
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
        for change in found:
            state = _STATES[change.before is not None, change.after is not None]
            say(f"\n{change.kind} {change.id}, {state}: {change.title}")
            said = announcements.difference(change)
            if said:
                say(said)
        if others:
            say(f"\nAlso changed, in text that decides no case: {', '.join(others)}")
