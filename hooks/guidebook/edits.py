"""Edits: the runs of words that met the same fate in a change, for those who show them or judge them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from guidebook.alignment import Pair
from guidebook.difference import Change
from guidebook.prose import Word

CONTEXT = 6  # words on each side of an edit


@dataclass(frozen=True)
class Edit:
    """A run of changed words as plain text; `before` and `after` are the words beside it in the later text."""

    deleted: str
    inserted: str
    before: str
    after: str


def of(change: Change) -> Iterator[Edit]:
    """Yield every edit in a change and below, but none where something stood that was moved."""
    if change.mark == "moved-from":
        return
    if change.block.kind == "tr":
        whole = change.mark in {"deleted", "inserted"}
        cells = [(0 if whole else place, cell.pairs) for place, cell in enumerate(change.children)]
        yield from _edits([(place, pair) for place, pairs in cells for pair in _apart(pairs)])
        return
    yield from _edits([(0, pair) for pair in change.pairs])
    for child in change.children:
        yield from of(child)


def _apart(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield the words of a cell, with a space before the first of either text."""
    old = next((pair.before for pair in pairs if pair.before), None)
    new = next((pair.after for pair in pairs if pair.after), None)
    for pair in pairs:
        before = replace(old, gap=" ") if old and pair.before is old else pair.before
        yield Pair(before, replace(new, gap=" ") if new and pair.after is new else pair.after)


def _edits(pairs: Sequence[tuple[int, Pair]]) -> Iterator[Edit]:
    """Yield the edits in a block; each word comes with the number of its cell."""
    later = [pair.after for _, pair in pairs]
    end = 0
    for changed, group in groupby(pairs, lambda one: (one[0], _targets(one[1])) if _is_changed(one[1]) else None):
        run = [pair for _, pair in group]
        start, end = end, end + len(run)
        if changed is None or all(pair.word.key == "\n" for pair in run):
            continue
        went, came = _plain([pair.before for pair in run]), _plain([pair.after for pair in run])
        if changed[1]:
            went, came = changed[1]
        yield Edit(went, came, _plain(later[:start], -CONTEXT), _plain(later[end:], CONTEXT))


def _is_changed(pair: Pair) -> bool:
    return not pair.same or bool(_targets(pair))


def _targets(pair: Pair) -> tuple[str, str] | None:
    """Return where a word led and where it leads now; None for the same."""
    if pair.before and pair.after and pair.before.target != pair.after.target:
        return pair.before.target, pair.after.target
    return None


def _plain(found: Sequence[Word | None], count: int = 0) -> str:
    """Return words as plain text: the first `count`, or the last for a number below 0; 0 for all."""
    said = [word for word in found if word]
    places = [place for place, word in enumerate(said) if word.text[0].isalnum()]
    if count > 0 and len(places) > count:
        said = said[: places[count]]
    elif count < 0 and len(places) > -count:
        said = said[places[count] :]
    return re.sub(r"\s+", " ", "".join(word.gap + (" " if word.key == "\n" else word.text) for word in said)).strip()


_TYPES = {"strong": "bold", "em": "italic", "code": "code", "reference": "a reference", "image": "an image"}


@dataclass(frozen=True)
class Run:
    """Words that met the same fate: `state` is deleted, inserted, parted, joined, same or restyled."""

    state: str
    gap: str
    words: tuple[Word, ...]
    notes: tuple[tuple[str, str], ...] = ()  # what is new about restyled words: (state, text)


def runs(pairs: Sequence[Pair], *, code: bool) -> Iterator[Run]:
    """Yield the runs of a block, with the space that parts them for a reader; spaces count only in code."""
    state, last = "", ""
    for (now, notes), group in groupby(pairs, _state):
        run = list(group)
        found = [_shown(pair) for pair in run]
        gap = found[0].gap if state or code else ""
        if not gap and state == "deleted" and last.isalnum() and found[0].text[0].isalnum():
            gap = " "
        yield Run(now, gap, (replace(found[0], gap=""), *found[1:]), notes)
        state, last = now, found[-1].text[-1]


def _shown(pair: Pair) -> Word:
    word = pair.word
    return replace(word, gap=pair.before.gap) if pair.before and not word.gap else word


def _state(pair: Pair) -> tuple[str, tuple[tuple[str, str], ...]]:
    old, new = pair.before, pair.after
    if old is None or new is None:
        went, came = ("joined", "parted") if pair.word.key == "\n" else ("deleted", "inserted")
        return went if old else came, ()
    types = [f"now {_TYPES[style]}" for style in sorted(new.styles - old.styles)]
    types += [f"no longer {_TYPES[style]}" for style in sorted(old.styles - new.styles)]
    notes = [("", ", ".join(types))] if types else []
    if old.target != new.target:
        notes += [("", "link"), *([("deleted", old.target)] if old.target else [])]
        notes += [("inserted", new.target)] if new.target else []
    return "restyled" if notes else "same", tuple(notes)
