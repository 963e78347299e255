"""Substance: what shows that a changed clause could decide a case differently.

A sense (see `senses`) that came, went or changed places is a reason: a modal verb, a number, a negation, a label, an
action, a scope or an exception. A word that nobody listed counts as scope: in doubt, a person looks at it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations, zip_longest
from typing import cast, get_args

from guidebook.senses import STOPS, Kind, Sense, read, slips_of


@dataclass(frozen=True)
class Reason:
    """What changed, in the words of each text; an empty string where words only came or only went."""

    kind: Kind
    before: str
    after: str


def reasons(before: str, after: str) -> list[Reason]:
    """Return what shows that a decision could come out differently, by kind; empty when nothing does.

    `before` and `after` are the Markdown of one clause, title and text.
    """
    slips = slips_of(before, after)
    old, new = read(before, after, slips), read(after, before, slips)
    turned = _converse(old, new)
    old, new = ([sense for sense in side if sense not in turned] for side in (old, new))
    gone, come = _beyond(old, new), _beyond(new, old)
    pairs: list[tuple[str, Sense | None, Sense | None]] = []
    for kind in get_args(Kind):
        sides = ([sense for sense in side if sense.kind == kind] for side in (gone, come))
        pairs += [(kind, *pair) for pair in zip_longest(*sides)]
    seen = {kind for kind, *_ in pairs}
    pairs += [pair for pair in _moved(old, new) if pair[0] not in seen]
    pairs += [] if turned else [pair for pair in _turned(old, new) if pair[0] not in seen]
    found = [Reason(cast("Kind", kind), _words(before, left), _words(after, right)) for kind, left, right in pairs]
    return list(dict.fromkeys(found))


def _words(text: str, sense: Sense | None) -> str:
    return " ".join(text[sense.start : sense.end].split()) if sense else ""


# What came and what went


def _key(sense: Sense) -> tuple[str, str]:
    return sense.kind, sense.name


def _beyond(senses: list[Sense], others: list[Sense]) -> list[Sense]:
    """Return the senses that `others` lacks or has less often; where there is a choice, those that moved."""
    extra = Counter(map(_key, senses)) - Counter(map(_key, others))
    if not extra:
        return []
    there = set(map(_key, others))
    pronouns = [sum(sense.kind == "pronoun" for sense in side) for side in (senses, others)]
    spare = pronouns[1] - pronouns[0]  # a thing that is named again where the other text says "it"
    matcher = SequenceMatcher(None, [*map(_key, senses)], [*map(_key, others)], autojunk=False)
    kept = {at for block in matcher.get_matching_blocks() for at in range(block.a, block.a + block.size)}
    found = []
    for at in sorted(range(len(senses)), key=lambda at: (at in kept, at)):
        sense = senses[at]
        if extra[_key(sense)] > 0 and sense.kind in get_args(Kind):
            extra[_key(sense)] -= 1
            if sense.is_word and sense.kind != "label" and spare > 0 and _key(sense) in there:
                spare -= 1
            else:
                found.append(sense)
    return sorted(found, key=lambda sense: sense.start)


# What changed places

_NEAR = 4
_LEAST = 0.5  # of the words around a sense, to take it for the same one


def _moved(old: list[Sense], new: list[Sense]) -> Iterator[tuple[str, Sense, Sense]]:
    """Yield what stands in both texts and belongs to something else in each."""
    for kind in ("number", "modal"):
        yield from _rebound(kind, old, new)
    yield from _strayed(old, new)
    yield from _denied_elsewhere(old, new)
    yield from _relabelled(old, new)
    yield from _rejoined(old, new)


def _parts(
    senses: list[Sense], stops: frozenset[str] = STOPS, kinds: Iterable[str] = ("cut",)
) -> Iterator[list[Sense]]:
    """Yield the senses between stops, without these; no `stops` means all senses of `kinds`."""
    part: list[Sense] = []
    for sense in senses:
        if sense.kind in kinds and (not stops or sense.name in stops):
            yield part
            part = []
        else:
            part.append(sense)
    yield part


def _rebound(kind: str, old: list[Sense], new: list[Sense]) -> Iterator[tuple[str, Sense, Sense]]:
    """Yield the numbers or modals whose word has another number or modal in the other text."""
    before, after = _bound(kind, old), _bound(kind, new)
    for word in before:
        if word in after and not before[word].keys() & after[word].keys():
            yield kind, next(iter(before[word].values())), next(iter(after[word].values()))


def _bound(kind: str, senses: list[Sense]) -> dict[str, dict[str, Sense]]:
    """Return, by word, the senses of a kind that stand before it, by name; nothing else of that kind between."""
    found: dict[str, dict[str, Sense]] = {}
    for part in _parts(senses, frozenset()):
        last, room = None, 0
        for sense in part:
            if sense.kind == kind:
                last, room = sense, 2
            elif sense.is_word and last and room:
                room -= 1
                found.setdefault(sense.name, {})[last.name] = last
    return found


def _company(senses: list[Sense]) -> dict[tuple[str, str], list[tuple[Sense, set[str]]]]:
    """Return the senses that say how something is meant, by kind and name, each with the nearest words around it."""
    found: dict[tuple[str, str], list[tuple[Sense, set[str]]]] = {}
    for part in _parts(senses):
        words = [sense for sense in part if sense.kind in get_args(Kind)]
        for at, sense in enumerate(words):
            if sense.kind in {"number", "modal", "negation", "exception"}:
                near = {other.name for other in words[max(0, at - _NEAR) : at + 1 + _NEAR] if other.is_word}
                found.setdefault(_key(sense), []).append((sense, near))
    return found


def _strayed(old: list[Sense], new: list[Sense]) -> Iterator[tuple[str, Sense, Sense]]:
    """Yield what stands among other words than before."""
    before, after = _company(old), _company(new)
    for key in before:
        fits = [
            (len(one & two) / min(len(one), len(two)) if one and two else 1.0, a, b)
            for a, (_, one) in enumerate(before[key])
            for b, (_, two) in enumerate(after.get(key, ()))
        ]
        here, there = set(range(len(before[key]))), set(range(len(after.get(key, ()))))
        for fit, a, b in sorted(fits, key=lambda fit: (-fit[0], fit[1] != fit[2], fit)):
            if a in here and b in there:
                here.remove(a)
                there.remove(b)
                if fit < _LEAST:
                    yield key[0], before[key][a][0], after[key][b][0]


_DENIAL_ENDS = STOPS | {":", "and", "when"}


def _denied(senses: list[Sense]) -> tuple[dict[str, Sense], set[str]]:
    """Return the words that a negation reaches, with it, and the words that none reaches."""
    reached: dict[str, Sense] = {}
    free: set[str] = set()
    for part in _parts(senses, _DENIAL_ENDS, ("cut", "join")):
        last, room = None, 0
        for sense in part:
            if sense.kind == "negation":
                last, room = sense, 4
            elif sense.is_word and last and room:
                room -= 1
                reached.setdefault(sense.name, last)
            elif sense.is_word:
                free.add(sense.name)
    return reached, free


def _denied_elsewhere(old: list[Sense], new: list[Sense]) -> Iterator[tuple[str, Sense, Sense]]:
    """Yield the negations that reach one word in one text and another in the other, where both have both words."""
    (before, free_before), (after, free_after) = _denied(old), _denied(new)
    lost = [before[name] for name in before if name not in free_before and name in free_after and name not in after]
    won = [after[name] for name in after if name not in free_after and name in free_before and name not in before]
    if lost and won:
        yield "negation", lost[0], won[0]


def _contexts(senses: list[Sense]) -> dict[str, tuple[Sense, Counter[str]]]:
    """Return the labels that stand once, each with the words of its sentence; a negation weighs as three words."""
    found: dict[str, tuple[Sense, Counter[str]]] = {}
    counts = Counter(sense.name for sense in senses if sense.kind == "label")
    for part in _parts(senses):
        kinds = {sense.name: sense.kind for sense in part if sense.kind in get_args(Kind)}
        words = Counter({name: 3 if kind == "negation" else 1 for name, kind in kinds.items()})
        found |= {sense.name: (sense, words) for sense in part if sense.kind == "label" and counts[sense.name] == 1}
    return found


def _relabelled(old: list[Sense], new: list[Sense]) -> Iterator[tuple[str, Sense, Sense]]:
    """Yield the labels that took each other's sentence."""
    before, after = _contexts(old), _contexts(new)

    def near(one: str, two: str) -> float:
        here, there = (
            Counter({k: n for k, n in side.items() if k not in {one, two}}) for side in (before[one][1], after[two][1])
        )
        return (here & there).total() / ((here | there).total() or 1)

    for one, two in combinations(sorted(before.keys() & after.keys()), 2):
        if near(one, two) > near(one, one) and near(two, one) > near(two, two):
            yield "label", before[one][0], after[two][0]


def _joined(senses: list[Sense]) -> dict[tuple[frozenset[str], str], Sense]:
    found = {}
    known = [sense for sense in senses if sense.is_word or sense.kind in {"join", "cut"}]
    for left, sense, right in zip(known, known[1:], known[2:], strict=False):
        if sense.name in {"and", "or"} and left.is_word and right.is_word:
            found[frozenset((left.name, right.name)), sense.name] = sense
    return found


def _rejoined(old: list[Sense], new: list[Sense]) -> Iterator[tuple[str, Sense, Sense]]:
    """Yield what two things are joined by, where that became "or" for "and", or the other way round."""
    before, after = _joined(old), _joined(new)
    for (things, name), sense in before.items():
        other = after.get((things, "or" if name == "and" else "and"))
        if other and (things, name) not in after:
            yield "scope", sense, other
            return
    counts = [Counter(sense.name for sense in side if sense.kind == "join") for side in (old, new)]
    for gone, come in (("and", "or"), ("or", "and")):
        if counts[0][gone] > counts[1][gone] and counts[0][come] < counts[1][come]:
            yield "scope", _first(old, gone), _first(new, come)


def _first(senses: list[Sense], name: str) -> Sense:
    return next(sense for sense in senses if sense.name == name)


Sides = tuple[set[str], set[str]]


def _sides(senses: list[Sense]) -> dict[str, tuple[Sense, Sides]]:
    """Return the words that stand once, each with the nearest words before and after it in its part of the sentence."""
    counts = Counter(sense.name for sense in senses if sense.is_word or sense.name in {"before", "after"})
    found = {}
    for part in _parts(senses, frozenset(), ("cut", "join")):
        words = [sense for sense in part if sense.name in counts]
        for at, sense in enumerate(words):
            if counts[sense.name] == 1:
                left = {other.name for other in words[max(0, at - _NEAR) : at]}
                right = {other.name for other in words[at + 1 : at + 1 + _NEAR]}
                found[sense.name] = sense, (left - right, right - left)
    return found


def _crossed(one: Sides, two: Sides) -> int:
    """Return by how many words more the sides are the other way round than the same way round."""
    straight = len(one[0] & two[0]) + len(one[1] & two[1])
    across = (len(one[0] & two[1]), len(one[1] & two[0]))
    return sum(across) - straight if all(across) else 0


def _turned(old: list[Sense], new: list[Sense]) -> Iterator[tuple[str, Sense, Sense]]:
    """Yield a word between two others that changed places around it, such as "before" or "wins over"."""
    before, after = _sides(old), _sides(new)
    for name in before:
        if name in after and _crossed(before[name][1], after[name][1]) > 0:
            yield "scope", before[name][0], after[name][0]
            return


def _converse(old: list[Sense], new: list[Sense]) -> tuple[Sense, ...]:
    """Return the "before" and the "after" that it became together with its two sides, if any did."""
    before, after = _sides(old), _sides(new)
    for name, other in (("before", "after"), ("after", "before")):
        here, there = before.get(name), after.get(other)
        if here and there and name not in after and other not in before and _crossed(here[1], there[1]) > 0:
            return here[0], there[0]
    return ()
