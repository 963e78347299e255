"""Look-alikes: lines that a person reads as a passage marker and a parser does not.

A marker that is misspelt would publish what it should withhold. So every line is folded to a skeleton (compatibility
forms, confusable letters, marks, spaces and punctuation dropped) and a line that looks like a marker, but is not one to
the letter, is refused. Source of the letters: the confusables of Unicode TR 39 that fold to the letters of our words.
"""

from __future__ import annotations

import html
import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from guidebook.masking import LEAD

# Only letters that can spell a marker word need folding; the compatibility forms (full-width, mathematical, circled)
# are handled by NFKD.
CONFUSABLE = str.maketrans(
    {
        "а": "a", "ɑ": "a", "α": "a", "с": "c", "ϲ": "c", "ԁ": "d", "е": "e", "ҽ": "e", "є": "e", "һ": "h", "н": "h",
        "і": "i", "ı": "i", "ι": "i", "ӏ": "l", "1": "l", "м": "m", "ո": "n", "п": "n", "ν": "v", "ѵ": "v", "о": "o",
        "ο": "o", "0": "o", "р": "p", "ρ": "p", "г": "r", "ʀ": "r", "ѕ": "s", "т": "t", "τ": "t", "х": "x", "χ": "x",
        "у": "y", "в": "b", "к": "k",
    }
)  # fmt: skip
SLASHES = frozenset("/\\⁄∕⧸⟋╱⫽⫻／＼〳᜵〵∖⧵")
CLOSE_ENOUGH = 0.85
MOST_TYPOS = 3
QUOTES = frozenset("\"'“”„«»‘’‚‹›")


@lru_cache(256)
def skeleton(text: str) -> str:
    """Fold `text` to what the eye reads: lower-case letters only."""
    folded = unicodedata.normalize("NFKD", text).casefold().translate(CONFUSABLE)
    return "".join(char for char in folded if char.isalpha())


def looks_like_marker(line: str, words: frozenset[str]) -> bool:
    """Say whether a reader would take `line` for a marker with one of `words`, or for an end marker.

    The caller has already taken out the lines that are markers to the letter.
    """
    if "&" in line:
        line = html.unescape(line)
    if line.isascii() and not _MAYBE.search(line):
        return False
    bare = _LEAD.sub("", line, count=1)
    # In ASCII all is ink but what split() takes for space: control characters are refused in sources.
    ink = "".join(bare.split()) if line.isascii() else "".join(char for char in bare if _is_ink(char))
    plain = ink.translate(_NO_EMPHASIS)
    run = len(plain) - len(plain.lstrip(_SLASHES))
    if "///" in plain.translate(_SLASH_TABLE) or (run and run == len(plain)):
        return True
    phrase = _PHRASE.fullmatch(plain.casefold())
    return bool(phrase and (phrase[1] or phrase[2]) in words) or _has_word(plain, run, words)


def _has_word(plain: str, run: int, words: frozenset[str]) -> bool:
    """Say whether a line is one of `words` between signs; `run` is the number of slashes it starts with."""
    is_row = plain[:1] == plain[-1:] == "|" and plain[1:2] != "|"
    if not plain or plain[0].isalnum() or plain[0] in QUOTES or is_row:
        return False
    word = skeleton(plain)
    if run and not (run == 1 and plain[0] == "\\"):  # one backslash is an escape
        return any(_close(word[: len(known)], known) for known in words)
    if plain[1:2].isalnum():
        return _one_shape(word) in {_one_shape(skeleton(known)) for known in words}
    return any(_close(word, known) for known in words)


def _is_ink(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in {"Cf", "Cc", "Mn", "Me"}


def _close(word: str, known: str) -> bool:
    folded = skeleton(known)
    return abs(len(word) - len(folded)) <= MOST_TYPOS and (
        SequenceMatcher(None, word, folded).ratio() >= CLOSE_ENOUGH or _one_shape(word) == _one_shape(folded)
    )


def _one_shape(word: str) -> str:
    """Fold "rn" and "m", which are one shape in most typefaces."""
    return word.replace("rn", "m")


# An ASCII line can only look like a marker when a sign stands before its first letter, or slashes somewhere.
_MAYBE = re.compile(r"//|(?i:^\W*(?:begin|start|end)\b|only\W*$)|^[\s>*+_-]*(?:\d+[.)]\s+)?[^\w\s]")
# What places a line, and the signs of a heading: none of it belongs to a marker.
_LEAD = re.compile(r"\A" + LEAD.pattern + r"(?:#{1,6}[ ]+(?=\w))?")
# START INTERNAL, [internal only]: what people write who do not know the markers. Spaces are gone here.
_PHRASE = re.compile(r"\W*(?:(?:begin|start|end)(?:of)?([a-z0-9-]+)|([a-z0-9-]+)only)\W*")
_NO_EMPHASIS = {ord("*"): None, ord("_"): None}
_SLASHES = "".join(sorted(SLASHES))
_SLASH_TABLE = {ord(char): "/" for char in SLASHES}
