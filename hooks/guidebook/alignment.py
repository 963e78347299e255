"""Alignment: which items of one sequence stand for which of another, and which words of a text for which."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from guidebook.prose import Word

MAX_CELLS = 400_000_000  # a bit each: 50 MB. Beyond that, what stands between the equal ends counts as rewritten.
# Between two changes a reader overlooks so many words of so many letters each, or so many letters beside long changes.
FEW, SHORT, LONG = 2, 4, 16


@dataclass(frozen=True)
class Pair:
    """A word that stands in both texts, or only `before`, or only `after`."""

    before: Word | None
    after: Word | None

    @property
    def same(self) -> bool:
        """Whether it stands in both."""
        return self.before is not None and self.after is not None

    @property
    def word(self) -> Word:
        """The word to show; in both texts, the later one."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a pair of nothing")
        return found


def common(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the places (before, after) of a longest common subsequence, in order.

    Hyyrö's bit-parallel algorithm: one number for each item of `before`, with a bit for each of `after`. Unlike
    difflib it takes no longer for texts that repeat themselves.
    """
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    rows, columns = len(before) - tail, len(after) - tail
    found = [(index, index) for index in range(head)]
    if (rows - head) * (columns - head) <= MAX_CELLS:
        middle = _common(before[head:rows], after[head:columns])
        found += [(row + head, column + head) for row, column in middle]
    return found + [(rows + index, columns + index) for index in range(tail)]


def _common(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int, int]]:
    places: dict[Hashable, int] = {}
    for index, item in enumerate(after):
        places[item] = places.get(item, 0) | 1 << index
    every = (1 << len(after)) - 1
    last = every
    rows = []
    for item in before:
        matched = last & places.get(item, 0)
        last = ((last + matched) | (last - matched)) & every
        rows.append(last)
    found = []
    row, column = len(before), len(after)
    while row and column:
        if rows[row - 1] >> (column - 1) & 1:
            column -= 1
            continue
        row -= 1
        if not row or rows[row - 1] >> (column - 1) & 1:
            column -= 1
            found.append((row, column))
    return found[::-1]


def words(before: Sequence[Word], after: Sequence[Word]) -> list[Pair]:
    """Pair the words of two texts, in the order in which a reader sees them: what went stands before what came."""
    places = common([word.key for word in before], [word.key for word in after])
    return list(_joined(_slid(list(_paired(before, after, places)))))


def _paired(before: Sequence[Word], after: Sequence[Word], places: Sequence[tuple[int, int]]) -> Iterator[Pair]:
    old = new = 0
    for row, column in [*places, (len(before), len(after))]:
        yield from (Pair(word, None) for word in before[old:row])
        yield from (Pair(None, word) for word in after[new:column])
        if row < len(before):
            yield Pair(before[row], after[column])
        old, new = row + 1, column + 1


def _slid(pairs: list[Pair]) -> list[Pair]:
    """Move what only came or only went to where a sentence starts, when the same words allow both."""
    keys = [pair.word.key for pair in pairs]
    start = 0
    while start < len(pairs):
        end = start
        while end < len(pairs) and not pairs[end].same:
            end += 1
        if len({pair.after is None for pair in pairs[start:end]}) == 1:
            _slide(pairs, keys, start, end)
        start = end + 1
    return pairs


def _slide(pairs: list[Pair], keys: Sequence[str], start: int, end: int) -> None:
    first, last = start, end
    while first and pairs[first - 1].same and keys[first - 1] == keys[first + end - start - 1]:
        first -= 1
    while last < len(pairs) and pairs[last].same and keys[last] == keys[last - end + start]:
        last += 1
    width, came = end - start, pairs[start].before is None
    best = max(range(first, last - width + 1), key=lambda at: (_edge(keys, at) + _edge(keys, at + width), at == start))
    old = [pair.before for pair in pairs[first:last] if pair.before]
    new = [pair.after for pair in pairs[first:last] if pair.after]
    for index in range(first, last):
        alone = best <= index < best + width
        pairs[index] = Pair(None if alone and came else old.pop(0), None if alone and not came else new.pop(0))


def _edge(keys: Sequence[str], place: int) -> int:
    """Say how well a change may begin or end before the word at `place`: 3 for a sentence, 1 for a part of one."""
    if place in {0, len(keys)} or keys[place - 1][-1] in ".!?:\n":
        return 3
    return int(keys[place - 1][-1] in ",;)\u2013\u2014")


@dataclass
class _Change:
    """A run of changed words, with the letters that went and came."""

    pairs: list[Pair]
    went: int = 0
    came: int = 0

    def add(self, pairs: Iterable[Pair]) -> None:
        for pair in pairs:
            self.went += len(pair.before.text) if pair.before else 0
            self.came += len(pair.after.text) if pair.after else 0
            self.pairs.append(pair)

    def parted(self) -> Iterator[Pair]:
        """Yield what went, then what came."""
        yield from (Pair(pair.before, None) for pair in self.pairs if pair.before)
        yield from (Pair(None, pair.after) for pair in self.pairs if pair.after)


def _joined(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield the pairs; two changes with no landmark between them are one, of which the words between are a part."""
    changes: list[_Change] = []
    islands: list[list[Pair]] = []  # before each change
    same: list[Pair] = []
    for is_same, group in groupby(pairs, lambda pair: pair.same):
        if is_same:
            same = list(group)
            continue
        changes.append(_Change([]))
        changes[-1].add(group)
        islands.append(same)
        same = []
        while len(changes) > 1 and _is_no_landmark(islands[-1], *changes[-2:]):
            last = changes.pop()
            changes[-1].add(islands.pop())
            changes[-1].add(last.pairs)
    for island, change in zip(islands, changes, strict=True):
        yield from island
        yield from change.parted()
    yield from same


def _is_no_landmark(island: Sequence[Pair], left: _Change, right: _Change) -> bool:
    """Whether the words between two changes are too few, beside these, for a reader to hold on to."""
    least = min(max(left.went, left.came), max(right.went, right.came))
    sizes = [len(pair.word.text) for pair in island if pair.word.text[0].isalnum()]
    few = len(sizes) <= FEW and max(sizes, default=0) <= SHORT and len(island) - len(sizes) <= 1
    return (few and sum(sizes) <= least) or 2 * sum(sizes) <= min(least, 2 * LONG)
