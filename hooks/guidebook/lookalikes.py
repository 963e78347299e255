"""Look-alikes: lines that a person reads as a passage marker and a parser does not.

A marker that is misspelt would publish what it should withhold. So every line is folded to a skeleton (compatibility
forms, confusable letters, marks, spaces and punctuation dropped) and a line that looks like a marker, but is not one to
the letter, is refused. Source of the letters: the confusables of Unicode TR 39 that fold to the letters of our words.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

# Only letters that can spell a marker word need folding; the compatibility forms (full-width, mathematical, circled)
# are handled by NFKD.
CONFUSABLE = str.maketrans(
    {
        "а": "a", "ɑ": "a", "α": "a", "с": "c", "ϲ": "c", "ԁ": "d", "е": "e", "ё": "e", "ҽ": "e", "є": "e",
        "һ": "h", "і": "i", "ı": "i", "ι": "i", "ӏ": "l", "l": "l", "1": "l", "ո": "n", "п": "n",
        "ν": "v", "ѵ": "v", "о": "o", "ο": "o", "0": "o", "р": "p", "ρ": "p", "ѕ": "s", "т": "t", "τ": "t",
        "ѓ": "r", "г": "r", "ʀ": "r", "х": "x", "χ": "x", "у": "y", "в": "b", "к": "k", "м": "m", "н": "h",
        "Ι": "i", "І": "i", "Е": "e", "Ε": "e", "Ν": "n", "Т": "t", "Τ": "t", "А": "a", "Α": "a", "Х": "x", "Χ": "x",
        "Ѕ": "s", "С": "c", "Р": "p", "Ρ": "p", "О": "o", "Ο": "o", "М": "m", "Н": "h", "В": "b", "К": "k",
    }
)  # fmt: skip
SLASHES = frozenset("/\\⁄∕⧸⟋╱⫽⫻／＼〳᜵〵∖⧵")
CLOSE_ENOUGH = 0.85
SHORTEST_RUN = 3


def skeleton(text: str) -> str:
    """Fold `text` to what the eye reads: lower-case letters only."""
    folded = unicodedata.normalize("NFKD", text).translate(CONFUSABLE).casefold().translate(CONFUSABLE)
    # "rn" and "m" are one shape in most typefaces.
    return "".join(char for char in folded if char.isalpha()).replace("rn", "m")


def _is_ink(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in {"Cf", "Cc", "Mn", "Me"}


def looks_like_marker(line: str, words: frozenset[str]) -> bool:
    """Say whether a reader would take `line` for a marker with one of `words`, or for an end marker.

    The caller has already taken out the lines that are markers to the letter.
    """
    if line.isascii() and not _MAYBE.search(line):
        return False
    ink = "".join(char for char in line if _is_ink(char)).lstrip(">-*+ ")
    run = len(ink) - len(ink.lstrip("".join(SLASHES)))
    if run >= SHORTEST_RUN or (run and run == len(ink)):
        return True
    if "///" in unicodedata.normalize("NFKD", line.translate(_SLASH_TABLE)):
        return True
    letters = [char for char in ink if char.isalnum()]
    if not letters or ink[0].isalnum():
        return False
    word = skeleton(ink)
    lead = len(ink) - len(ink.lstrip("".join({char for char in ink if not char.isalnum()})))
    return lead >= 2 and any(_close(word, known) for known in words) or (  # noqa: PLR2004 - one sign is emphasis or a list
        run > 0 and any(_close(word[: len(skeleton(known))], known) for known in words)
    )


# An ASCII line can only look like a marker when it has two signs of punctuation in a row at its start, or slashes.
_MAYBE = re.compile(r"///|^[\s>*+-]*[^\w\s]\s*[^\w\s]|^[\s>*+-]*[/\\]")
_SLASH_TABLE = {ord(char): "/" for char in SLASHES}


def _close(word: str, known: str) -> bool:
    return bool(word) and SequenceMatcher(None, word, skeleton(known)).ratio() >= CLOSE_ENOUGH
