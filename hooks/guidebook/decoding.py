"""Decoding: find words in a file through its tags, escapes and signs, and know which bytes of it they are.

A `View` is a text as one decoding shows it, with the place of each of its characters in the file. Decodings follow one
another in any order, because HTML stands in JSON, JSON in attributes, and addresses in both. What must stay in the
file though words around it go (tags, targets of links, signs of a list) is one character of a view, `KEPT`.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from guidebook.containers import unquoted
from guidebook.phrases import words_of

MARK = "[removed]"
DEPTH = 2  # how many decodings are tried on top of each other, that of JSON not counted

# In the text of a view these stand for parts of a file. No text file of a site holds such characters.
KEPT, TARGET, WALL = "\x00", "\x01", "\x03"  # a part that stays; the end of a link; what no phrase reaches across
OTHER = "\x02"  # a letter of the other text of a redline, which goes with the phrase that it stands in

_TAGS = re.compile(
    rf'<sup id="fnref[^>{WALL}]*>[^{WALL}]*?</sup>|<!--[^{WALL}]*?-->|</?[A-Za-z][^>{WALL}]*>|<[!?][^>{WALL}]*>'
)
_COMMENT = re.compile(rf"<!--([^{WALL}]*?)-->")
# A redline holds two texts: without what was inserted it is the old one, without what was deleted the new one. A note
# about the texts belongs to neither.
_NOTE = rf'<(ins|del|span) class="gb-redline__note">[^{WALL}]*?</\1>'
_REDLINE = tuple(re.compile(rf"{_NOTE}|<{tag}>[^{WALL}]*?</{tag}>") for tag in ("ins", "del"))
_SAID = re.compile(r"(<[^>]*>)|[^<]+")
_SIDES = re.compile(r'[<>"]')
_ENTITY = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]{1,31};?)")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrtbfv])|(.))", re.DOTALL)
_CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_MARKDOWN = re.compile(
    rf'(?P<target>\]\([^()\s{WALL}]*(?: "[^"\n{WALL}]*")?\))|\[\^[^\]\s{WALL}]*\]:?'
    rf"|\n[ \t]*\n|\n#{{1,6}} |\{{ ?[.#:][^{{}}\n{WALL}]*\}}|\n[ >]*(?:[-*+]|\d+[.)]) +(?:\[[ xX]\])?"
)
_FOLDED = re.compile(r"[^\n][\u0300-\u036f]+|[^\x00-\x7f]|[A-Z]+")
_LITERAL = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?')
_CHARACTERS = 0x110000

# Signs inside a word; what may stand between two words.
_INSIDE = rf"[{KEPT}{TARGET}*_`~\\]*"
_SIGNS = re.compile(_INSIDE.removesuffix("*") + "+")
_BETWEEN = rf"(?:[^\w{WALL}]|_)*"
_LETTER = r"[^\W_]"
_PIECE = re.compile(rf"[{KEPT}{TARGET}\[\]|]|([*_`~])\1*")

Edit = tuple[int, int, str, int]  # start and end in the file, what comes there, and the number of the phrase
Put = Callable[[re.Match[str]], str]
Spans = tuple[list[int], list[int]]


@dataclass(frozen=True)
class Sought:
    """A phrase to find, by its words as `words_of` gives them; people know it by its number."""

    number: int
    words: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds it in a folded view."""
        words = (_INSIDE.join(map(re.escape, word)) for word in self.words)
        return re.compile(rf"(?<!{_LETTER}){_BETWEEN.join(words)}(?!{_LETTER})(?:[ {KEPT}{OTHER}]*{OTHER})?")


class View:
    """A text, and where each of its characters starts and ends in the file: worked out only when it is asked for."""

    def __init__(self, text: str, spans: Callable[[], Spans]) -> None:
        self.text = text
        self._find = spans

    @cached_property
    def spans(self) -> Spans:
        return self._find()

    @classmethod
    def of(cls, text: str) -> View:
        """Show a file as it is."""
        return cls(text, lambda: (list(range(len(text))), list(range(1, len(text) + 1))))

    def part(self, start: int, end: int) -> View:
        return View(self.text[start:end], lambda: (self.spans[0][start:end], self.spans[1][start:end]))

    def through(self, pattern: re.Pattern[str], put: Put) -> View:
        """Show what `put` makes of each match."""
        text = pattern.sub(put, self.text)
        return self if text == self.text else View(text, lambda: self._mapped(pattern, put))

    def _mapped(self, pattern: re.Pattern[str], put: Put) -> Spans:
        (starts, ends), at = self.spans, 0
        first: list[int] = []
        last: list[int] = []
        for match in pattern.finditer(self.text):
            start, end = match.span()
            new = len(put(match))
            one_to_one = new == end - start
            first += starts[at : end if one_to_one else start]
            last += ends[at : end if one_to_one else start]
            if not one_to_one:
                first += [starts[start]] * new
                last += [ends[end - 1]] * new
            at = end
        return first + starts[at:], last + ends[at:]


@dataclass(frozen=True)
class _Style:
    markdown: bool  # signs mean something
    tagged: bool  # what looks like a tag is one


def is_data(text: str) -> bool:
    """Say whether a text is JSON, or JSON on each line."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        try:
            return bool([json.loads(line) for line in text.splitlines()])
        except (ValueError, RecursionError):
            return False
    return True


def edits(text: str, phrases: Sequence[Sought], *, data: bool, markdown: bool) -> list[Edit]:
    """Return how to take the phrases out of the text of a file; the same place may be named more than once.

    With `data`, JSON is read value by value, and its keys are left alone.
    """
    whole = View.of(text)
    by_value = data and is_data(text)
    style = _Style(markdown=markdown, tagged=by_value or not markdown)
    views = _views(_values(whole) if by_value else whole, 0, set(), style)
    found = []
    for view in views:
        for phrase in phrases:
            for match in phrase.pattern.finditer(view.text):
                starts, ends = (each[slice(*match.span())] for each in view.spans)
                start, end = starts[0], ends[-1]
                left = _left(match[0], [text[slice(*part)] for part in zip(starts, ends, strict=True)])
                # After the mark these would make a link of it, or the name of one, which nobody sees.
                apart = " " if markdown and text[end : end + 1] in tuple("(:[") else ""
                found.append((start, end, left + apart, phrase.number))
    return found


def _values(whole: View) -> View:
    """Show the strings of JSON, decoded, with walls between them; of its keys, nothing."""
    parts = [
        whole.part(*match.span(1)).through(_ESCAPE, _unescaped)
        for match in _LITERAL.finditer(whole.text)
        if match[2] is None
    ]

    def spans() -> Spans:
        first: list[int] = []
        last: list[int] = []
        for part in parts:
            starts, ends = part.spans
            first += [*starts, 0]
            last += [*ends, 0]
        return first, last

    return View("".join(f"{part.text}{WALL}" for part in parts), spans)


def _views(view: View, depth: int, seen: set[tuple[bool, str]], style: _Style) -> Iterator[View]:
    """Yield a text in every way in which its words can be read, folded; `seen` are those had already, or begun with."""
    if (False, view.text) in seen:
        return
    seen.add((False, view.text))
    # Once with tags taken out, once with the insides of tags, which no phrase may leave where tags are tags.
    whole = view.through(_SIDES, lambda _: WALL) if style.tagged else view
    texts = (one for one in (view.through(side, _aside) for side in _REDLINE) if one is not view)
    for base in (*(one.through(_TAGS, lambda _: KEPT) for one in (view, *texts)), whole):
        plain = base.through(_ENTITY, _entity)
        for read in (plain.through(_MARKDOWN, _kept), plain) if style.markdown else (plain,):
            folded = _folded(read)
            if (True, folded.text) not in seen:
                seen.add((True, folded.text))
                yield folded
        if depth < DEPTH:
            codings = (plain.through(pattern, put) for pattern, put in _CODINGS)
            for inner in (*(one for one in codings if one is not plain), *((plain,) if plain is not base else ())):
                yield from _views(inner, depth + 1, seen, style)
    if depth < DEPTH:
        for comment in _COMMENT.finditer(view.text):
            yield from _views(view.part(*comment.span(1)), depth + 1, seen, style)


def letters(text: str) -> str:
    """Return the words of a text as phrases are compared with them, with tags, and again as if no sign stood in one."""
    said = _folded(View.of(text)).text
    return said + WALL + _SIGNS.sub("", _TAGS.sub("", said))


def _folded(view: View) -> View:
    """Show a text as `words_of` compares it: without what nobody sees, and in one case and one form."""
    lower = view.text.lower()
    if len(lower) == len(view.text):
        view = View(lower, partial(getattr, view, "spans"))
    return view if lower.isascii() else view.through(_FOLDED, lambda match: _fold(match[0]))


@lru_cache(4096)
def _fold(text: str) -> str:
    if not text.isascii() and words_of(f"a{text}a") == ["aa"]:
        return ""
    return unicodedata.normalize("NFKC", text).casefold()


def _aside(match: re.Match[str]) -> str:
    """Return a part of a redline with its tags, and with what they hold as that of the other text."""
    return _SAID.sub(lambda said: said[1] or OTHER * len(said[0]), match[0])


def _kept(match: re.Match[str]) -> str:
    return TARGET if match["target"] else KEPT


def _left(found: str, parts: list[str]) -> str:
    """Return what comes in the place of what was found: the mark, and what stays of `parts`, one for each character.

    Signs of Markdown that open and close among the words go with them; of others, the other half stays in the file.
    """
    halves: list[tuple[str, str, bool]] = []
    tags: list[str] = []
    for piece in _PIECE.finditer(found):
        sign, (start, end) = piece[0], piece.span()
        said = "".join(parts[start:end])
        if sign in {KEPT, "|"}:
            tags.append(said)
            continue
        bracket = sign in {"[", "]", TARGET}
        opens, closes = found[end].isalnum(), found[start - 1].isalnum()
        first = "[" if bracket else sign
        waiting = next((half for half in reversed(halves) if half[0] == first), None)
        if waiting and sign != "[":
            halves.remove(waiting)
        elif bracket or not (opens and closes):  # between two letters it is no sign
            halves.append((sign, said, sign == "[" if bracket else opens))
    before = [said for _, said, opens in halves if opens]
    return "".join([*before, MARK, *(said for _, said, opens in halves if not opens), *tags])


def _entity(match: re.Match[str]) -> str:
    return html.unescape(match[0])


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    return _character(code) if code else " " if match[4] else match[5]


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if ord(" ") <= number < _CHARACTERS else " "


_CODINGS: tuple[tuple[re.Pattern[str], Put], ...] = (
    (_ESCAPE, _unescaped),
    (_CSS_ESCAPE, lambda match: _character(match[1])),
    (_PERCENT, lambda match: unquoted(match[0])),
)
