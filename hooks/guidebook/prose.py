"""Prose: a text in Markdown as a small tree of blocks and words, for those who compare texts.

A word knows what stands before it, how it is set and where it leads; it is a word of what a reader sees. Attributes in
braces and the definitions of terms, which only the build writes, are not part of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from guidebook.markup import REFERENCE

MAX_NESTING = 100  # the parser leaves out what is nested deeper

# Letters with their marks stay one word; Chinese and Japanese, which have no spaces, are compared by the letter.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0900-\u0903\u093a-\u094d\u0e31-\u0e4e\u200d\ufe0f"
_LETTERS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_PART = rf"[^\W{_LETTERS}][\w{_MARKS}]*"
_WORD = re.compile(
    rf"https?://[^\s<>]*[\w/]|[{_LETTERS}]|[^\W{_LETTERS}](?:(?![{_LETTERS}])[\w{_MARKS}])*"
    rf"(?:(?:['\u2019.:@-]|(?<=\d),(?=\d)){_PART})*|\S"
)


@dataclass(frozen=True)
class Word:
    """A word, sign or span of code; `gap` is the space before it (a line end where it breaks), `target` its link."""

    text: str
    gap: str = ""
    styles: frozenset[str] = frozenset()  # strong, em, code, reference, image, break
    target: str = ""

    @property
    def key(self) -> str:
        """What it is compared by: a break between paragraphs is no sign of the text."""
        return "\n" if "break" in self.styles else self.text


@dataclass(frozen=True)
class Block:
    """A block and what is in it: words in a `p`, `h`, `title`, `pre` or `cell`, blocks in all others."""

    kind: str
    children: tuple[Block, ...] = ()
    own: tuple[Word, ...] = ()
    number: int = 0  # the level of a heading, the number of the first item of a list
    tight: bool = False  # a paragraph that is the line of a list item

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words in it, in the order of reading."""
        return (*self.own, *(word for child in self.children for word in child.words))

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What it is compared by: equal for blocks that read the same."""
        return self.kind, tuple(word.key for word in self.own), tuple(child.key for child in self.children)

    @cached_property
    def bag(self) -> Counter[str]:
        """How often each of its words is in it; signs count only where there is nothing else."""
        found = Counter(word.text.lower() for word in self.words if word.text[0].isalnum())
        return found or Counter(word.text for word in self.words)


def read(text: str) -> Block:
    """Return the text as one block of the kind `root`."""
    tokens = _parser().parse(text)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        rows = [tuple(_cut(line, frozenset())) for line in text.split("\n")]
        return Block("root", tuple(Block("p", own=row) for row in rows if row))
    return _tree(tokens)


_KINDS = {
    "paragraph": "p",
    "heading": "h",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "quote",
    "box": "box",
    "title": "title",
    "table": "table",
    "tr": "tr",
    "th": "cell",
    "td": "cell",
}


def _tree(tokens: Sequence[Token]) -> Block:
    levels: list[list[Block]] = [[]]
    own: tuple[Word, ...] = ()
    starts: list[Token] = []
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "inline":
            own = tuple(_words(token.children or ()))
        elif name not in _KINDS:
            if token.type in {"fence", "code_block"}:
                levels[-1].append(Block("pre", own=tuple(_cut(token.content.rstrip("\n"), frozenset()))))
        elif token.nesting > 0:
            levels.append([])
            starts.append(token)
        else:
            start, children = starts.pop(), levels.pop()
            level = int(start.tag[1]) if name == "heading" else int(start.attrs.get("start", 1))
            levels[-1].append(Block(_KINDS[name], tuple(children), own, level, start.hidden))
            own = ()
    return Block("root", tuple(levels[0]))


def _words(tokens: Sequence[Token]) -> Iterator[Word]:
    """Yield the words of a line of text."""
    styles: list[str] = []
    target, gap = "", ""
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if name in {"softbreak", "hardbreak"}:
            gap = "\n" if name == "hardbreak" else gap or " "
        elif name in {"strong", "em"} and token.nesting:
            styles = [*styles, name] if token.nesting > 0 else styles[:-1]
        elif name == "link":
            target = str(token.attrs.get("href", "")) if token.nesting > 0 else ""
        elif name in {"code_inline", "reference", "footnote"} or (name == "text" and token.info == "auto"):
            more = {"code_inline": ["code"], "reference": ["reference"]}.get(name, [])
            yield Word(token.content, gap, frozenset([*styles, *more]), target)
            gap = ""
        elif token.content or name == "image":
            where, more = (str(token.attrs.get("src", "")), ["image"]) if name == "image" else (target, [])
            found = list(_cut(token.content or "image", frozenset([*styles, *more]), gap, where))
            yield from found
            gap = " " if token.content[-1:].isspace() else "" if found else gap


def _cut(text: str, styles: frozenset[str], gap: str = "", target: str = "") -> Iterator[Word]:
    end = 0
    for found in _WORD.finditer(text):
        yield Word(found[0], (gap or text[: found.start()]) if not end else text[end : found.start()], styles, target)
        end = found.end()


# What Python-Markdown reads and CommonMark does not.
_FENCE = re.compile(r"(/{3,})[ ]+([\w-]+)[ ]*(?:\|[ ]*(.*))?")
_NOTE = re.compile(r"(?:!!!|\?\?\?\+?)[ ]+([\w -]+?)[ ]*(?:\"(.*)\")?|===[!+]*[ ]+\"(.*)\"")
_HEAD = re.compile(r"(\[\^[\w-]+\]):[ ]*|:[ ]{1,3}(?=\S)")
_TERM = re.compile(r"\*\[[^\]]+\]:.*")
_CODE = re.compile(r"[ ]*(?:```|~~~)")
_REFERENCE = re.compile(rf"\[((?:{REFERENCE.pattern}))\](?!\()|(\[\^[\w-]+\])", re.ASCII)
_TICK = re.compile(r"\[([ xX])\](?=\s)")
_ATTRIBUTES = re.compile(r"\{:?[ ]*[.#][^{}\n]*\}")
_INDENT = 4


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}).enable("table").disable("reference")
    parser.disable(["html_block", "html_inline"])
    stops: RuleOptionsType = {"alt": ["paragraph", "blockquote", "list", "table"]}
    for name, rule in (("box", _box), ("note", _note), ("head", _head), ("term", _term)):
        parser.block.ruler.before("code", name, rule, stops)
    parser.inline.ruler.before("link", "reference", _reference)
    parser.inline.ruler.before("link", "attributes", _attributes)
    return parser


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


def _inside(state: StateBlock, line: int, indent: int) -> bool:
    return state.isEmpty(line) or state.sCount[line] >= state.blkIndent + indent


def _box(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's form
    """Read `/// name | Title`, its options and its body, as far as `///` with as many strokes."""
    found = None if state.is_code_block(start) else _FENCE.fullmatch(_line(state, start))
    if not found or silent:
        return bool(found)
    first = start + 1
    while first < end and not state.isEmpty(first) and _inside(state, first, _INDENT):
        first += 1
    last, code = first, False
    while last < end and _inside(state, last, 0) and (code or _line(state, last) != found[1]):
        code ^= bool(_CODE.match(_line(state, last)))
        last += 1
    _wrap(state, "" if found[2] == "html" else found[3] or "", (first, last), 0)
    state.line = last + (last < end and _line(state, last) == found[1])
    return True


def _note(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's form
    """Read `!!! kind "Title"` or `=== "Tab"`, and what is indented below it."""
    found = None if state.is_code_block(start) else _NOTE.fullmatch(_line(state, start))
    if not found or silent:
        return bool(found)
    last = start + 1
    while last < end and _inside(state, last, _INDENT):
        last += 1
    _wrap(state, found[3] or found[2] or (found[1] or "").split(" ")[0].capitalize(), (start + 1, last), _INDENT)
    return True


def _head(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's form
    """Read `[^name]: text` or `:   text`, the lines that go on with it, and what is indented below."""
    found = None if state.is_code_block(start) else _HEAD.match(_line(state, start))
    if not found or silent:
        return bool(found)
    last = start + 1
    while last < end and not state.isEmpty(last) and _inside(state, last, 0) and not _HEAD.match(_line(state, last)):
        last += 1
    while last < end and _inside(state, last, _INDENT):
        last += 1
    kept = state.bMarks[start], state.tShift[start], state.sCount[start]
    state.bMarks[start] += state.tShift[start] + found.end()
    state.tShift[start], state.sCount[start] = 0, state.blkIndent + _INDENT
    _wrap(state, found[1] or "", (start, last), _INDENT)
    state.bMarks[start], state.tShift[start], state.sCount[start] = kept
    return True


def _term(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's form
    """Leave out `*[term]: meaning`."""
    found = not state.is_code_block(start) and bool(_TERM.fullmatch(_line(state, start)))
    if found and not silent:
        state.line = start + 1
    return found


def _wrap(state: StateBlock, title: str, lines: tuple[int, int], indent: int) -> None:
    """Read the lines from the first up to the last as the body of a box, as far as they belong to it."""
    state.push("box_open", "div", 1)
    if title:
        state.push("title_open", "p", 1)
        inline = state.push("inline", "", 0)
        inline.content, inline.children = title, []
        state.push("title_close", "p", -1)
    kept = state.lineMax, state.blkIndent, state.parentType
    state.lineMax, state.blkIndent, state.parentType, state.line = lines[1], state.blkIndent + indent, "box", lines[0]
    state.md.block.tokenize(state, *lines)
    state.lineMax, state.blkIndent, state.parentType = kept
    state.push("box_close", "div", -1)


def _reference(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's form
    """Read the id of a clause, label or page in brackets, the mark of a footnote, or a box to tick, as one word."""
    found = _REFERENCE.match(state.src, state.pos)
    tick = _TICK.match(state.src, state.pos) if not state.pos else None
    if not found and not tick:
        return False
    if not silent and tick:
        state.push("text", "", 0).content = "\u2610" if tick[1] == " " else "\u2611"
    elif not silent and found:
        state.push("reference" if found[1] else "footnote", "", 0).content = found[1] or found[2]
    state.pos = (tick or found).end()  # type: ignore[union-attr]  # one of them was found
    return True


def _attributes(state: StateInline, silent: bool) -> bool:  # noqa: ARG001, FBT001 - the parser's form
    """Leave out `{ .class #id }`."""
    found = _ATTRIBUTES.match(state.src, state.pos)
    state.pos = found.end() if found else state.pos
    return bool(found)
