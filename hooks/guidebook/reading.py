"""Reading: find withheld phrases in any file of a site, whatever it is packed, escaped or encoded in."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from guidebook import containers
from guidebook.phrases import APART, BREAK, LENGTH, TAG, Phrase, plain, words_of
from guidebook.withheld import Withheld

DEPTH = 3  # how often one encoding may stand inside another

# Tags that stand inside a word or between two words of a line, and the number of a footnote.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|tspan|u|var|wbr)"
    r"(?=[\s/>])",
    re.IGNORECASE,
)
_CELL = re.compile(r"</?t[dh](?=[\s/>])", re.IGNORECASE)
_FOOTNOTE = re.compile(r'<sup id="fnref[^>]*>.*?</sup>')
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrtbfv])|(.))", re.DOTALL)
_HAS_ESCAPE = re.compile(r"\\[ux\"'/nrt0-9a-fA-F]")
_CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_HAS_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_BASE64 = re.compile(r"(base64,)?([A-Za-z0-9+/_-]{20,}={0,2})")
_SHORTEST_BASE64 = 20
_CHARACTERS = 0x110000


class _Tags(dict[str, str]):
    """What stands between two words when a tag stands there; keeps those read for the first time in `new`."""

    def __init__(self) -> None:
        super().__init__()
        self.new: list[str] = []

    def __missing__(self, tag: str) -> str:
        self.new.append(tag)
        self[tag] = between = "" if _INLINE.match(tag) else " " if _CELL.match(tag) else BREAK
        return between


@dataclass
class Reading:
    """Reads files one after another into `found`; what was clean once, tags or stretches of text, is not read again."""

    secret: Withheld
    found: set[Phrase] = field(default_factory=set)
    unreadable: str = ""
    tags: _Tags = field(default_factory=_Tags)
    clean: set[str] = field(default_factory=set)

    def name(self, path: str) -> None:
        """Find the phrases in a file's own path."""
        self.found, self.unreadable = set(), ""
        self._match(path.removesuffix(".html"))
        self._variants(path, 1)

    def file(self, path: str, data: bytes) -> None:
        """Find the phrases that the content of a file holds in whatever form."""
        self.found, self.unreadable = set(), ""
        self._data(data, 0)
        if path.endswith(".md"):
            self._match(plain(data.decode("utf-8", "replace")))

    def _data(self, data: bytes, depth: int) -> None:
        try:
            for inner in containers.unpack(data):
                if depth < DEPTH:
                    self._data(inner, depth + 1)
                else:
                    self.unreadable = f"more than {DEPTH} archives inside each other"
        except containers.DamagedError as error:
            self.unreadable = str(error)
        for text in containers.texts(data):
            self._json(text, depth) if text[:1] in "{[" else self._text(text, depth)

    def _json(self, text: str, depth: int) -> None:
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError):
            self._text(text, depth)
        else:
            self._text(BREAK.join(_strings(parsed)), depth)

    def _text(self, text: str, depth: int) -> None:
        if "<" not in text:
            self._units(text.split(BREAK), depth)
            return
        parts = TAG.split(_FOOTNOTE.sub("", text) if 'id="fnref' in text else text)
        parts[1::2] = map(self.tags.__getitem__, parts[1::2])
        self._units("".join(parts).split(BREAK), depth)
        new, self.tags.new = self.tags.new, []
        if new:
            if self._unit(APART.join(new), depth):
                for tag in new:
                    del self.tags[tag]
            comments = [tag[4:-3] for tag in new if tag.startswith("<!--")]
            if comments and depth < DEPTH:
                self._text(BREAK.join(comments), depth + 1)

    def _units(self, units: list[str], depth: int) -> None:
        """Read stretches of text, across whose ends nothing is read; the ASCII ones apart, because that is quicker."""
        new = [unit for unit in units if unit not in self.clean]
        for some in ([unit for unit in new if unit.isascii()], [unit for unit in new if not unit.isascii()]):
            if some and not self._unit(APART.join(some), depth):
                self.clean.update(some)

    def _unit(self, text: str, depth: int) -> bool:
        """Read a text, and say whether it held anything."""
        before, self.found = self.found, set()
        text = html.unescape(text) if "&" in text else text
        self._match(text)
        if depth < DEPTH:
            self._variants(text, depth + 1)
        held = bool(self.found)
        self.found |= before
        return held

    def _variants(self, text: str, depth: int) -> None:
        """Read the text once more in each encoding that it may be written in."""
        if "\\" in text and _HAS_ESCAPE.search(text):
            self._text(_ESCAPE.sub(_unescaped, text), depth)
            self._text(_CSS_ESCAPE.sub(lambda found: _character(found[1]), text), depth)
        if "%" in text and _HAS_PERCENT.search(text):
            self._text(containers.unquoted(text), depth)
        # Names of pages have no capitals, and base64 has some.
        tokens = [token for token in text.split() if len(token) >= _SHORTEST_BASE64 and not token.islower()]
        for lead, run in _BASE64.findall("\n".join(tokens)):
            data = containers.from_base64(run, sure=bool(lead))
            if data:
                self._data(data, depth)

    def _match(self, text: str) -> None:
        words = words_of(text)
        self.found |= self.secret.long.intersection(zip(*(words[at:] for at in range(LENGTH)), strict=False))
        for length, (longest, phrases) in self.secret.short.items():
            if not longest.isdisjoint(words):
                self.found |= phrases.intersection(zip(*(words[at:] for at in range(length)), strict=False))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value.replace(BREAK, "")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        return _character(code)
    return " " if found[4] else found[5]


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if 0 < number < _CHARACTERS else " "
