"""Disclosure: what an edition would show that its readers have not seen and the readers of another edition have.

Opening text is allowed, and often wanted; nobody should do it without noticing. Texts are compared as phrases, so that
it makes no difference where the text stood, in which markup, or in which kind of passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from guidebook.phrases import LENGTH, Phrase, phrases_of, plain, words_of

_BLOCK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def disclosed(now: Mapping[str, str], seen: Iterable[str], inside: Iterable[str]) -> dict[str, list[str]]:
    """Return the runs of words that come to an edition from another, by page, in the order of the page.

    `now` is the Markdown of the edition's pages by path; `seen` are the texts of its last release, `inside` those of
    the last releases of the others. A run has at least five words, unless it is a short block that is not chance.
    """
    known = {phrase for text in seen for block in _blocks(text) for phrase in phrases_of(block)}
    others = {phrase for text in inside for block in _blocks(text) for phrase in phrases_of(block)} - known
    found = {path: [run for block in _blocks(text) for run in _runs(block, others)] for path, text in now.items()}
    return {path: list(dict.fromkeys(runs)) for path, runs in found.items() if runs}


def _blocks(text: str) -> Iterator[str]:
    yield from (plain(block) for block in _BLOCK.split(text) if block.strip())


def _runs(block: str, others: set[Phrase]) -> Iterator[str]:
    """Yield each longest run of a block's words that consists of such phrases."""
    if not others.intersection(phrases_of(block)):
        return
    words = words_of(block)
    if len(words) < LENGTH:
        yield " ".join(words)
        return
    start = end = 0  # of the run so far
    for at in range(len(words) - LENGTH + 1):
        if tuple(words[at : at + LENGTH]) not in others:
            continue
        if at > end and end:
            yield " ".join(words[start:end])
            start = at
        elif not end:
            start = at
        end = at + LENGTH
    yield " ".join(words[start:end])
