"""Senses: a clause as a run of what its words stand for, so that two wordings that decide alike read alike.

"up to three" and "at most 3" are one sense, so are "must" and "has to". Words that decide nothing have none; a word
that nobody listed stands for itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, cast

from guidebook.vocabulary import ACTIONS, ALIKE, FORMS, NEUTRAL, NO_SLIPS, PARTS, VALUES

Kind = Literal["label", "number", "modal", "negation", "exception", "action", "scope"]

STOPS = frozenset((".", ";", "!", "?", "row"))  # cuts that end a sentence


@dataclass(frozen=True)
class Sense:
    """What the words from `start` to before `end` stand for. `kind` is a `Kind`, or join, pronoun or cut."""

    kind: str
    name: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Say whether it stands for itself: it names a thing, an act or a label."""
        return self.kind in {"action", "label"} or (self.kind == "scope" and self.name not in _SCOPES)


# From text to senses

_SIGNS = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'} | dict.fromkeys("*_`~#\\\u00a0", " ")
)
_UNSEEN = re.compile(r"(?<=\])\([^()\n]*\)|\{[ ]?[.:#][^{}\n]*\}|\[\^[^\[\]\n]*\]|\[(?:g\d\d-[a-z]?\d+|f\d\d)\]")
_REF = re.compile(r"\[[^\[\]\n]*\]")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_LETTERS = re.compile(r"[^\W\d_]+")
_PREFIX = re.compile(r"(?:un|in|im|dis|non|mis)([^\W_]{4,})")
_ENDING = re.compile(r"(?<=[^\W_]{3})(?:ing|(?<!e)ed|(?<=i)es|(?<!s)s)$|(?<=[^\W_]{2})(?<!s)s$")
_DOUBLE = re.compile(r"([bdglmnprt])\1$")


def _clean(text: str) -> str:
    """Return the text in small letters, blanks for what no reader sees; each character keeps its place."""
    text = text.translate(_SIGNS)
    small = text.lower()
    if len(small) != len(text):
        small = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
    return _UNSEEN.sub(lambda match: " " * len(match[0]), small)


@cache
def _scanner() -> tuple[re.Pattern[str], list[list[tuple[str, str]]]]:
    """Return the pattern of all senses, and for each numbered group what its words stand for."""
    ways, names = [], []
    for line in FORMS.strip().splitlines():
        left, right = line.split(" = ", 1)
        for name, part in PARTS.items():
            right = right.replace(name, part)
        ways.append("(" + right.strip().replace(" | ", "|").replace(" ?", r"\s*").replace(" ", r"\s+") + ")")
        names.append([(kind, name) for kind, name in (part.split() for part in left.split(","))])
    forms = "|".join(ways)
    pattern = (
        rf"(?<![^\W_])(?:{forms})(?![^\W_])"
        r"|\[(?P<label>[a-z]+(?:-[a-z]+)+|g\d\d(?:\.\d+)?|[wc]\d\d)\]"
        r"|(?P<row>\|\s*\n\s*\|)|(?P<cut>[.,;:!?|()\u2013\u2014]|(?<!\S)[-+](?!\S))"
        r"|(?P<word>[^\W_]+?(?=n't(?![^\W_]))|n't|[^\W_]+)"
    )
    return re.compile(pattern), names


def _stem(word: str) -> str:
    """Return what the forms and spellings of a word share."""
    word = re.sub(r"(?<=..)our(?=s|ed|ing|$|it|abl)", "or", word)
    word = re.sub(r"(?<=..[^\W_])[iy]s(?=e|ing|ation)", "iz", word).replace("centre", "center")
    word = re.sub(r"(?<=..)ie[sd]$", "y", word)
    return _DOUBLE.sub(r"\1", _ENDING.sub("", word).removesuffix("e"))


_ALIKE_STEMS = {_stem(word): _stem(line.split()[0]) for line in ALIKE.split(";") for word in line.split()}
_ACTION_STEMS = {_ALIKE_STEMS.get(_stem(word), _stem(word)) for word in ACTIONS.split()}
_NO_SENSE = frozenset(NEUTRAL.split())
_REAL = {*NO_SLIPS.split(), *NEUTRAL.split(), *VALUES, *re.findall(r"[a-z]{3,}", FORMS)}
_SCOPES = frozenset(re.findall(r"(?m)^scope (\S+) ", FORMS))


@lru_cache(4096)
def _named(word: str) -> tuple[str, str]:
    stem = _stem(word)
    stem = _ALIKE_STEMS.get(stem, stem)
    return ("action" if stem in _ACTION_STEMS else "scope"), stem


def _number(sign: str, words: str) -> str:
    """Return the name of a number, the same for each way to write it."""
    values = [str(VALUES.get(word, word)) for word in re.findall(r"\d[\d.,]*|[a-z]+", words)]
    values = [value for value in values if value[0].isdigit()]
    if sign in {"itself", "half"}:
        return words if sign == "itself" else sign
    if sign == "x":
        return f"{(values or [{'once': '1', 'twice': '2'}.get(words, words)])[0]}x"
    if values and values[0].isdecimal() and sign in {">", "<"}:  # more than three is at least four
        return f">={int(values[0]) + 1}" if sign == ">" else f"<={int(values[0]) - 1}"
    return ("" if sign == "n" else sign) + "..".join(values)


def read(text: str, other: str, slips: dict[str, str]) -> list[Sense]:
    """Return the senses of a text; `other` tells which words and links both texts have."""
    clean, places = _mended(_clean(text), slips)
    known = {_named(word)[1] for word in _LETTERS.findall(_clean(other))}
    pattern, names = _scanner()
    senses: list[Sense] = []
    for match in pattern.finditer(clean):
        start, end = places[match.start()][0], places[match.end() - 1][1]
        if text[start].isupper():  # a title has no full stop
            senses.append(Sense("cut", "row", start, start))
        senses += [Sense(kind, name, start, end) for kind, name in _meaning(match, names, known)]
    targets = {target for _, target in _LINK.findall(other)}
    same = [match.span(1) for match in _LINK.finditer(text) if match[2] in targets]
    senses = [
        sense
        for sense in senses
        if sense.kind not in {"action", "scope"} or not sense.is_word or not any(a <= sense.start < b for a, b in same)
    ]
    return list(_settled(sense for sense in senses if sense.kind != "nothing"))


def _meaning(match: re.Match[str], names: list[list[tuple[str, str]]], known: set[str]) -> Iterator[tuple[str, str]]:
    """Yield kind and name of the senses that a match stands for."""
    words, group = " ".join(match[0].split()), match.lastgroup
    if group == "label":
        yield "label", match["label"]
    elif group in {"row", "cut"}:
        yield "cut", "row" if group == "row" else words
    elif group is None:
        for kind, name in names[cast("int", match.lastindex) - 1]:
            if kind == "word":
                yield _named(name)
            else:
                yield kind, _number(name, words) if kind == "number" else name
    elif words == "n't":
        yield "negation", "not"
    elif words not in _NO_SENSE:
        root = _PREFIX.fullmatch(words)
        negated = root is not None and _named(root[1])[1] in known and _named(words)[1] not in known
        if root and negated:
            yield "negation", "not"
        yield _named(root[1] if root and negated else words)


def _settled(senses: Iterable[Sense]) -> Iterator[Sense]:
    """Yield the senses, with those settled whose meaning hangs on what stands before them."""
    denied = False  # the sentence, so far
    for sense in senses:
        if sense.kind == "cut" and sense.name in STOPS:
            denied = False
        if sense.name == "nor" and denied:
            yield Sense("join", "nor", sense.start, sense.end)
        elif sense.name == "nor":
            yield Sense("negation", "not", sense.start, sense.end)
        elif not (sense.name == "any" and denied):  # "not any" is "no"
            yield sense
        denied = denied or sense.kind == "negation"


# Slips of the hand


def slips_of(before: str, after: str) -> dict[str, str]:
    """Return, by the words that are a slip of the hand for one in the other text, that word."""
    old, new = (Counter(_LETTERS.findall(_REF.sub("", _clean(text)))) for text in (before, after))
    gone, come = old - new, new - old
    found = {}
    for left in gone:
        for right in come:
            slip, meant, other = (right, left, old) if left in _REAL else (left, right, new)
            if slip not in _REAL and slip not in other and _is_slip(slip, meant):
                found[slip] = meant
    return found


_SHORTEST_SLIP = {"swapped": 3, "left out": 5, "another": 7}  # letters; in shorter words it makes another word


def _is_slip(one: str, two: str) -> bool:
    """Say whether two letters changed places, or one within the word is left out, or is another."""
    one, two = sorted((one, two), key=len)
    if len(two) - len(one) > 1 or len(one) < _SHORTEST_SLIP["swapped"]:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))
    if len(two) > len(one):
        inside = 0 < at < len(one) or two[-1] == two[-2]
        return len(two) >= _SHORTEST_SLIP["left out"] and inside and one[at:] == two[at + 1 :]
    if one[:at] + one[at + 1 : at + 2] + one[at : at + 1] + one[at + 2 :] == two:
        return True
    return len(one) >= _SHORTEST_SLIP["another"] and at < len(one) - 1 and one[at + 1 :] == two[at + 1 :]


def _mended(clean: str, slips: dict[str, str]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text with its slips mended, and for each character which part of the text it stands for."""
    if not slips:
        return clean, [(at, at + 1) for at in range(len(clean))]
    parts, places, done = [], [], 0
    for match in _LETTERS.finditer(clean):
        if match[0] in slips:
            parts += [clean[done : match.start()], slips[match[0]]]
            places += [(at, at + 1) for at in range(done, match.start())] + [match.span()] * len(slips[match[0]])
            done = match.end()
    return "".join([*parts, clean[done:]]), places + [(at, at + 1) for at in range(done, len(clean))]
