"""Difference: what became of each block of a text, as a tree of both texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product, zip_longest
from typing import Literal

from guidebook.alignment import Pair, common, words
from guidebook.prose import Block, Word

Mark = Literal["", "deleted", "inserted", "moved-from", "moved-to"]

ALIKE = 0.4  # the least likeness of two blocks of which one became the other
MOVED = 0.8  # the same for a block that was moved and changed
MOVED_WORDS = 4
PARTS = 3  # into which a paragraph may be split
MAX_CELLS = 30_000  # of likenesses to weigh: 170 blocks against 170

UP, DOWN, HERE = "moved up", "moved down", "moved here"
BREAK = Word("\u00b6", " ", frozenset({"break"}))


@dataclass
class Change:
    """A block of the earlier text, of the later one, or of both, with what became of its blocks or of its words."""

    before: Block | None
    after: Block | None
    mark: Mark = ""
    children: list[Change] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    moved: str = ""  # what an end of a move says: where the block is now, or that it was elsewhere

    @property
    def block(self) -> Block:
        """The block to show; of both, the later one."""
        return self.after or self.before or Block("cell")

    def walk(self) -> Iterator[Change]:
        """Yield it and all below, in the order of reading."""
        yield self
        for child in self.children:
            yield from child.walk()


def compare(before: Block, after: Block) -> Change:
    """Return what became of the text `before` in the text `after`."""
    found = _became(before, after)
    _find_moves(found)
    return found


def _became(before: Block, after: Block) -> Change:
    if before.kind == "table":
        return _table(before, after)
    pairs = words(before.own, after.own) if before.own or after.own else []
    return Change(before, after, "", _children(before, after), pairs)


def _children(before: Block, after: Block) -> list[Change]:
    old, new = before.children, after.children
    first = []
    lines = before.kind in {"li", "box"} and old and new and old[0].kind == new[0].kind in {"p", "title"}
    if lines and likeness(old[0], new[0]) < ALIKE:
        first = [_became(old[0], new[0])]  # the line of an item stays its line, whatever it says
        old, new = old[1:], new[1:]
    return first + [change for group in _aligned(old, new) for change in _changes(*group)]


def _changes(went: Sequence[Block], came: Sequence[Block]) -> list[Change]:
    if went and came:
        return [_became(_merged(went), _merged(came))]
    return [_whole(one, "deleted") for one in went] + [_whole(one, "inserted") for one in came]


def _merged(blocks: Sequence[Block]) -> Block:
    """Return paragraphs as one, with a word for each break between them."""
    if len(blocks) == 1:
        return blocks[0]
    own = [word for block in blocks for word in (BREAK, *block.own)]
    return replace(blocks[0], own=tuple(own[1:]))


def _whole(block: Block, mark: Literal["deleted", "inserted"]) -> Change:
    gone = mark == "deleted"
    pairs = [Pair(word, None) if gone else Pair(None, word) for word in block.own]
    children = [_whole(child, mark) for child in block.children]
    return Change(block if gone else None, None if gone else block, mark, children, pairs)


Group = tuple[Sequence[Block], Sequence[Block]]


def _aligned(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Group]:
    """Yield which blocks became which, in order: one and one, one and several paragraphs, or some and none."""
    head, tail = 0, 0
    least = min(len(before), len(after))
    while head < least and before[head].key == after[head].key:
        head += 1
    while tail < least - head and before[-1 - tail].key == after[-1 - tail].key:
        tail += 1
    yield from (((one,), (other,)) for one, other in zip(before[:head], after[:head], strict=True))
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(old) * len(new) <= MAX_CELLS:
        yield from _weighed(old, new)
    else:
        row = column = 0
        places = common([block.key for block in old], [block.key for block in new])
        for at, to in [*places, (len(old), len(new))]:
            small = (at - row) * (to - column) <= MAX_CELLS
            yield from _weighed(old[row:at], new[column:to]) if small else [(old[row:at], ()), ((), new[column:to])]
            if at < len(old):
                yield (old[at],), (new[to],)
            row, column = at + 1, to + 1
    ends = zip(before[len(before) - tail :], after[len(after) - tail :], strict=True)
    yield from (((one,), (other,)) for one, other in ends)


def _weighed(before: Sequence[Block], after: Sequence[Block]) -> list[Group]:
    """Find the groups that keep the most words together, best those of like blocks; what went stands first."""
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    step: dict[tuple[int, int], tuple[int, int]] = {}
    for row, column in product(range(len(before) + 1), range(len(after) + 1)):
        ways = [(best[row][column - 1], 0, 1)] if column else []
        ways += [(best[row - 1][column], 1, 0)] if row else []
        for height, width in _shapes(before, after, row, column):
            went, came = before[row - height : row], after[column - width : column]
            weight = likeness(*went, *came) if height == width else _overlap(_bag(went), _bag(came))
            size = sum(len(block.words) + 1 for block in (*went, *came))
            if weight >= ALIKE:
                ways.append((best[row - height][column - width] + weight**2 * size, height, width))
        if ways:
            best[row][column], *shape = max(ways, key=lambda way: way[0])
            step[row, column] = shape[0], shape[1]
    groups: list[Group] = []
    row, column = len(before), len(after)
    while row or column:
        height, width = step[row, column]
        groups.append((before[row - height : row], after[column - width : column]))
        row, column = row - height, column - width
    return groups[::-1]


def _shapes(before: Sequence[Block], after: Sequence[Block], row: int, column: int) -> Iterator[tuple[int, int]]:
    """Yield how many of the last blocks up to `row` and `column` may belong together: of paragraphs also several."""
    if not row or not column or before[row - 1].kind != after[column - 1].kind:
        return
    yield 1, 1
    if before[row - 1].kind != "p":
        return
    for one, many, end in ((before[row - 1], after, column), (after[column - 1], before, row)):
        for parts in range(2, min(PARTS, end) + 1):
            if all(piece.kind == "p" and _shares(piece, one) for piece in many[end - parts : end]):
                yield (1, parts) if many is after else (parts, 1)


def _shares(piece: Block, whole: Block) -> bool:
    """Whether most words of the piece stand in the whole."""
    return (piece.bag & whole.bag).total() * 2 > piece.bag.total()


def likeness(before: Block, after: Block) -> float:
    """Return how much two blocks have in common, from 0 to 1: 0 for different kinds, 1 for the same text."""
    if before.kind != after.kind:
        return 0
    if before.key == after.key:
        return 1
    found = _overlap(before.bag, after.bag)
    if before.kind in {"ul", "ol", "table", "quote", "box"}:
        # What holds many blocks stays itself when most of them go.
        least = min(before.bag.total(), after.bag.total())
        found = max(found, 0.8 * (before.bag & after.bag).total() / least if least else 0)
    old, new = before.children[:1], after.children[:1]
    if before.kind in {"li", "tr", "box"} and old and new and old[0].own and new[0].own:
        # An item is known by its first line, a row by its first cell, however much else changed.
        found = max(found, (found + likeness(old[0], new[0])) / 2)
    return found


def _bag(blocks: Sequence[Block]) -> Counter[str]:
    return sum((block.bag for block in blocks), Counter())


def _overlap(before: Counter[str], after: Counter[str]) -> float:
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 1


def _table(before: Block, after: Block) -> Change:
    columns = _columns(before, after)
    rows: list[tuple[Block | None, Block | None]] = [(before.children[0], after.children[0])]
    for went, came in _aligned(before.children[1:], after.children[1:]):
        rows += zip_longest(went, came)
    return Change(before, after, "", [_row(*row, columns) for row in rows])


def _columns(before: Block, after: Block) -> list[tuple[int | None, int | None]]:
    """Return the columns that the earlier and the later table have: known by their heading, else by their cells."""
    old, new = _turned(before), _turned(after)
    found: list[tuple[int | None, int | None]] = []
    row = column = 0
    for went, came in _aligned(old, new):
        found += [(row + place, None) for place in range(len(went) if not came else 0)]
        found += [(None, column + place) for place in range(len(came) if not went else 0)]
        found += [(row, column)] if went and came else []
        row, column = row + len(went), column + len(came)
    return found


def _turned(table: Block) -> list[Block]:
    """Return the columns of a table as rows."""
    return [Block("tr", cells) for cells in zip(*(row.children for row in table.children), strict=True)]


def _row(before: Block | None, after: Block | None, columns: Sequence[tuple[int | None, int | None]]) -> Change:
    old = [before.children[place] if before and place is not None else None for place, _ in columns]
    new = [after.children[place] if after and place is not None else None for _, place in columns]
    mark: Mark = "" if before and after else "deleted" if before else "inserted"
    return Change(before, after, mark, _cells(old, new))


def _cells(before: Sequence[Block | None], after: Sequence[Block | None]) -> list[Change]:
    """Return a change for each cell; a row that came has no cell in a column that went."""
    found: list[Change] = []
    for old, new in zip(before, after, strict=True):
        found += _changes([old] if old else [], [new] if new else []) or [Change(None, None)]
    return found


def _find_moves(root: Change) -> None:
    """Mark what was deleted in one place and inserted in another with the same words, or nearly: the largest first."""
    order = {id(change): place for place, change in enumerate(root.walk())}
    gone, came = _movable(root, "deleted"), _movable(root, "inserted")
    exact: dict[object, list[Change]] = {}
    for change in came:
        exact.setdefault(change.block.key, []).append(change)
    moves = []
    taken: set[int] = set()
    for near in (False, True):
        if near and len(gone) * len(came) > MAX_CELLS:
            break
        for change in (one for one in gone if not _taken(one, taken)):
            others = [one for one in came if _nearly(change, one)] if near else exact.get(change.block.key, [])
            free = [one for one in others if not _taken(one, taken) and _fits(change, one)]
            if free:
                other = max(free, key=lambda one: likeness(change.block, one.block))
                taken |= {id(one) for end in (change, other) for one in end.walk()}
                moves.append((change, other))
    moves.sort(key=lambda move: min(order[id(end)] for end in move))
    for number, (change, other) in enumerate(moves, start=1):
        _move(change, other)
        change.mark, other.mark = "moved-from", "moved-to"
        which = f" ({number})" if len(moves) > 1 else ""
        change.moved = (DOWN if order[id(change)] < order[id(other)] else UP) + which
        other.moved = HERE + which


def _move(change: Change, other: Change) -> None:
    """Show at the new place what became of the block on its way."""
    if change.block.kind != "tr":
        inner = _became(change.block, other.block)
        other.before, other.children, other.pairs = inner.before, inner.children, inner.pairs
    else:
        went, came = [cell.before for cell in change.children], [cell.after for cell in other.children]
        other.before, other.children = change.before, _cells(went, came)


def _movable(root: Change, mark: Mark) -> list[Change]:
    """Return what is marked so and long enough to be known again, the largest first."""
    found = [one for one in root.walk() if one.mark == mark and one.block.kind not in {"cell", "title"}]
    return sorted(
        (one for one in found if one.block.bag.total() >= MOVED_WORDS), key=lambda one: -one.block.bag.total()
    )


def _taken(change: Change, taken: set[int]) -> bool:
    return any(id(one) in taken for one in change.walk())


def _fits(change: Change, other: Change) -> bool:
    """Whether the old place and the new one can show the same: a row needs as many columns."""
    return change.block.kind != "tr" or len(change.children) == len(other.children)


def _nearly(change: Change, other: Change) -> bool:
    """Whether the words of two blocks are nearly the same, and in the same order."""
    old, new = change.block, other.block
    if old.kind != new.kind or _overlap(old.bag, new.bag) < MOVED:
        return False
    kept = common([word.key for word in old.words], [word.key for word in new.words])
    return 2 * len(kept) >= MOVED * (len(old.words) + len(new.words))
