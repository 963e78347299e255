"""Phrases: text as runs of words, so that markup, case, spaces and line ends make no difference to a comparison."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

LENGTH = 5  # words that stand together by chance less often than by copying
SHORTEST_TEXT = 12
SHORTEST_TOKEN = 8

Phrase = tuple[str, ...]

BREAK = "\x00"  # a word that no text has: nothing is read across it
APART = f" {BREAK} "
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(1, 128)}
_WORD = re.compile(rf"{BREAK}|[^\W_]+")
# Soft hyphens, joiners, marks of direction, selectors, tags: what nobody sees does not part a word.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def words_of(text: str) -> list[str]:
    if text.isascii():
        return text.translate(_ASCII).split()
    return _WORD.findall(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold())


def phrases_of(text: str) -> Iterator[Phrase]:
    words = words_of(text)
    if len(words) >= LENGTH:
        yield from zip(*(words[at:] for at in range(LENGTH)), strict=False)
    elif is_distinctive(text, words):
        yield tuple(words)


def is_distinctive(text: str, words: list[str]) -> bool:
    if all(word.isdigit() for word in words):  # dates, versions
        return False
    if len(words) > 1 and len(" ".join(words)) >= SHORTEST_TEXT:
        return True
    token = text.strip(" \n`*|:;.,()[]")
    return len(token) >= SHORTEST_TOKEN and not re.search(r"\s", token) and bool(re.search(r"[\d_-]", token))


TAG = re.compile(r"(<!--.*?-->|</?[A-Za-z][^>]*>|<[!?][^>]*>)", re.DOTALL)
_MARKER = re.compile(r"(?m)^[ >]*(?:[-*+]|\d+[.)])[ ]+(?:\[[ xX]\])?")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\n]*\]:?")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_ATTRIBUTES = re.compile(r"\{[ ]?[.#:][^{}\n]*\}")  # staging writes them
_SIGNS = {ord(sign): None for sign in "*`~\\"}


def plain(text: str) -> str:
    """Return Markdown as a reader sees it: without markers, link targets and signs of emphasis."""
    text = _MARKER.sub("", text)
    if "[" in text:
        text = _LINK.sub(r"\1", _FOOTNOTE_MARK.sub("", text))
    if "{" in text:
        text = _ATTRIBUTES.sub("", text)
    return html.unescape(text.translate(_SIGNS))
