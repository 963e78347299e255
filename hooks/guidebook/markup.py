"""Markup: what stands where in a body of Markdown.

A body is read once. Code is masked first, so that nothing in it counts; then every heading, link, reference, footnote
and include is noted with its place, and every construct that two Markdown parsers would read differently, or that
could carry more than text, is refused. Later steps edit the body by these places and never parse again.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from guidebook.frontmatter import Fault

EXAMPLE_INFO = "{ .markdown .example }"
MAX_INDENT = 24
MAX_QUOTES = 3
MAX_EMPHASIS = 1_000
MAX_LINK = 500


class Kind(StrEnum):
    """What a mark in the body is."""

    LINK = "link"  # [text](target)
    IMAGE = "image"  # ![text](target)
    REFERENCE = "reference"  # [G04.2] or [spam-redirect]
    FOOTNOTE = "footnote"  # [^name] in the text
    FOOTNOTE_TEXT = "footnote-text"  # [^name]: at the head of a line
    INCLUDE = "include"  # --8<-- "path"


@dataclass(frozen=True)
class Mark:
    """One mark: `start` and `end` are offsets into the body, `line` is the line in the file."""

    kind: Kind
    start: int
    end: int
    line: int
    text: str
    target: str


@dataclass(frozen=True)
class Heading:
    """One heading; `anchor` is the fragment its text gives, a clause's is its id (`g04-2`)."""

    start: int
    end: int
    line: int
    level: int
    text: str
    anchor: str
    clause: str | None


@dataclass
class Body:
    """A body with what stands in it. `masked` has the same length as `text`, with all code blanked."""

    text: str
    first_line: int
    masked: str = ""
    starts: list[int] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    fences: list[tuple[int, int]] = field(default_factory=list)
    examples: list[tuple[int, int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def line_at(self, offset: int) -> int:
        """Return the line of the file that holds the character at `offset`."""
        return self.first_line + bisect_right(self.starts, offset) - 1

    def refuse(self, offset: int, rule: str, message: str) -> None:
        """Note a fault at the character at `offset`."""
        self.faults.append(Fault(self.line_at(offset), rule, message))

    def lines(self) -> Iterator[tuple[int, int, str, str]]:
        """Yield (index, offset, line, masked line) of every line, without line ends."""
        for index, (line, masked) in enumerate(zip(self.text.split("\n"), self.masked.split("\n"), strict=True)):
            yield index, self.starts[index], line, masked


def read(text: str, first_line: int) -> Body:
    """Read the body `text`, whose first line is line `first_line` of its file."""
    body = Body(text, first_line)
    offset = 0
    for line in text.split("\n"):
        body.starts.append(offset)
        offset += len(line) + 1
    _mask_code(body)
    _read_lines(body)
    _read_marks(body)
    return body


_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")
_INFO = re.compile(r"[ ]*([a-z0-9+-]*|" + re.escape(EXAMPLE_INFO) + r")[ ]*")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def _mask_code(body: Body) -> None:
    masked: list[str] = []
    fence = ""
    opened = example = 0
    for index, line in enumerate(body.text.split("\n")):
        offset = body.starts[index]
        found = _FENCE.match(line)
        if fence:
            masked.append(" " * len(line))
            if line.rstrip() == fence:
                body.fences.append((opened, offset + len(line)))
                if example >= 0:
                    body.examples.append((example, offset))
                fence = ""
            elif found and not found[2].strip() and found[1][0] == fence[0]:
                message = f"expected {fence} to close the code, found {found[1]}: parsers disagree here. Use one length."
                body.refuse(offset, "code-fence", message)
        elif found:
            fence, opened = found[1], offset
            example = offset if EXAMPLE_INFO in found[2] else -1
            masked.append(" " * len(line))
            if not _INFO.fullmatch(found[2]):
                message = f"expected a language or `{EXAMPLE_INFO}` after {fence}, found `{found[2].strip()[:40]}`."
                body.refuse(offset, "code-fence", message)
        else:
            if line.lstrip(" >").startswith(("```", "~~~")):
                body.refuse(offset, "code-fence", "expected the code fence at the start of the line. Move it to the left.")
            masked.append(_mask_inline(line))
            if "`" in masked[-1].replace("\\`", ""):
                body.refuse(offset, "code-span", "a backtick is not closed on its line. Close it, or write \\`.")
    if fence:
        body.refuse(opened, "code-fence", f"the code opened here is never closed. Add {fence} on a line of its own.")
    body.masked = "\n".join(masked)


def _mask_inline(line: str) -> str:
    return _CODE.sub(lambda found: " " * len(found[0]), line) if "`" in line else line


_HASHES = re.compile(r"(#{1,6})[ ]+(\S.*?)[ ]*#*[ ]*")
_CLAUSE = re.compile(r"(G\d{2}\.[1-9]\d?)(?= )")
_CLAUSE_LIKE = re.compile(r"[Gg]\s?\d+[.,:]\d+")
_UNDERLINE = re.compile(r"[ ]{0,3}(=+|-+)[ ]*")
_HTML = re.compile(r"<(?=[A-Za-z/!?])")
_AUTOLINK = re.compile(r"<https://[^\s<>\"']{1,400}>")
_ATTRIBUTES = re.compile(r"\{:|\{[ ]*[#.][\w-]|\{[^{}\n]{0,200}=")
_ABBREVIATION = re.compile(r"[ ]{0,3}\*\[[^\]\n]*\]:")
_DEFINITION = re.compile(r"[ ]{0,3}\[[^\]^\n][^\]\n]*\]:")


def _read_lines(body: Body) -> None:
    emphasis = 0
    previous = ""
    for _, offset, line, masked in body.lines():
        bare = masked.strip()
        if not bare:
            previous, emphasis = "", 0
            continue
        if masked[0] == "#":
            _read_heading(body, offset, line)
        elif re.match(r"[ >]*#{1,6}[ ]", line):
            body.refuse(offset, "heading", "expected the heading at the start of the line. Move it to the left.")
        elif previous and "|" not in previous and _UNDERLINE.fullmatch(masked):
            body.refuse(offset, "heading", "a line under text makes a heading here. Write `## …`, or leave a blank line.")
        if "\t" in line:
            body.refuse(offset, "tab", "found a tab, which parsers indent differently. Use four spaces.")
        indent = len(line) - len(line.lstrip())
        quotes = line[: len(line) - len(line.lstrip(" >"))].count(">")
        if indent > MAX_INDENT or quotes > MAX_QUOTES:
            body.refuse(offset, "nesting", f"expected at most {MAX_INDENT // 4} levels of lists and {MAX_QUOTES} of quotes.")
        emphasis += masked.count("*") + masked.count("_")
        if emphasis > MAX_EMPHASIS:
            body.refuse(offset, "emphasis", f"found over {MAX_EMPHASIS:,} signs of emphasis in one paragraph. Split it.")
            emphasis = 0
        if "<" in masked or "{" in masked or "[" in masked:
            _refuse_active(body, offset, masked)
        previous = bare


def _read_heading(body: Body, offset: int, line: str) -> None:
    found = _HASHES.fullmatch(line)
    if not found:
        body.refuse(offset, "heading", "expected `## Text`: one to six #, a space, text. Write \\# to show the sign itself.")
        return
    level, text = len(found[1]), found[2]
    if level == 1:
        body.refuse(offset, "heading", "the title stands in the front matter. Start headings with ##.")
    clause = _CLAUSE.match(text)
    if clause:
        anchor = clause[1].lower().replace(".", "-")
    else:
        anchor = slug(text)
        if _CLAUSE_LIKE.match(text):
            body.refuse(offset, "clause-form", f"expected a clause such as `### G04.2 Text`, found `{text[:40]}`.")
    if not anchor:
        body.refuse(offset, "heading", "expected letters or digits in the heading, found none.")
    body.headings.append(Heading(offset, offset + len(line), body.line_at(offset), level, text, anchor, clause and clause[1]))


def _refuse_active(body: Body, offset: int, masked: str) -> None:
    for tag in _HTML.finditer(masked):
        if _AUTOLINK.match(masked, tag.start()):
            continue
        rule = "comment" if masked.startswith("<!--", tag.start()) else "raw-html"
        what = "a comment, which readers of the source would see" if rule == "comment" else "HTML"
        message = f"expected Markdown, found {what}: `{masked[tag.start() : tag.start() + 30]}`. Delete it, or write \\< or `code`."
        body.refuse(offset, rule, message)
        break
    if _ATTRIBUTES.search(masked):
        body.refuse(offset, "attribute-list", "attributes in braces are not read here. Delete them.")
    if _ABBREVIATION.match(masked):
        body.refuse(offset, "abbreviation", "definitions of terms stand in docs/glossary.md. Move it there.")
    if _DEFINITION.match(masked):
        body.refuse(offset, "link-definition", "a definition can outlive its use. Write the link in place: [text](target).")


_BRACKETS = re.compile(r"(?<!\\)(!?)\[((?:[^\[\]\\\n]|\\.|\n(?![ ]*\n))*)\]")
_TARGET = re.compile(r"\([ ]?([^\s()<>\"'\\]{0,500})(?:[ ]\"([^\"\n]*)\")?\)")
_INCLUDE = re.compile(r"(?m)^--8<-- \"([^\"\n]+)\"$")
_INCLUDE_LIKE = re.compile(r"(?m)^.*-+[ ]*8[ ]*<.*$")
REFERENCE = re.compile(r"[A-Z]\d{2,3}(?:\.\d+)?|[a-z]+(?:-[a-z]+)+")
_CHECKBOX = re.compile(r"(?m)^[ ]*(?:[-*+]|\d+[.)])[ ]$")


def _read_marks(body: Body) -> None:
    masked = body.masked
    spans: list[tuple[int, int]] = []
    for found in _INCLUDE.finditer(masked):
        body.marks.append(Mark(Kind.INCLUDE, found.start(), found.end(), body.line_at(found.start()), "", found[1]))
    for found in _INCLUDE_LIKE.finditer(masked):
        if not _INCLUDE.fullmatch(found[0]):
            body.refuse(found.start(), "include", 'expected --8<-- "path" alone on its line, at its start.')
    for found in _BRACKETS.finditer(masked) if "[" in masked else ():
        end = _read_bracket(body, found)
        spans.append((found.start(), end))
    rest = _blank(masked, spans)
    for stray in re.finditer(r"(?<!\\)[\[\]]", rest):
        message = f"found `{stray[0]}` without its partner, or brackets in brackets. Write \\{stray[0]} to show the sign itself."
        body.refuse(stray.start(), "brackets", message)
    body.marks.sort(key=lambda mark: mark.start)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def _read_bracket(body: Body, found: re.Match[str]) -> int:
    masked, start, end = body.masked, found.start(), found.end()
    inside, line = found[2], body.line_at(start)
    text = body.text[found.start(2) : found.end(2)]
    after = masked[end : end + 1]
    if inside.startswith("^"):
        name = inside[1:]
        if not re.fullmatch(r"[a-z0-9-]{1,40}", name):
            body.refuse(start, "footnote", f"expected a footnote such as [^name], found `[{inside[:40]}]`.")
        at_head = start == 0 or masked[start - 1] == "\n"
        kind = Kind.FOOTNOTE_TEXT if after == ":" and at_head else Kind.FOOTNOTE
        body.marks.append(Mark(kind, start, end, line, text, name))
        return end
    if after == "(":
        target = _TARGET.match(masked, end)
        if not target:
            message = f"expected [text](target) with a plain target on one line, found `{body.text[start : end + 30]!s:.60}`."
            body.refuse(start, "link-form", message)
            return end
        kind = Kind.IMAGE if found[1] else Kind.LINK
        body.marks.append(Mark(kind, start, target.end(), line, text, body.text[target.start(1) : target.end(1)]))
        return target.end()
    if after == "[":
        body.refuse(start, "link-form", "expected [text](target), found [text][name]. Write the target in place.")
    elif inside in {" ", "x", "X"}:
        if not _CHECKBOX.match(masked, masked.rfind("\n", 0, start) + 1, start):
            body.refuse(start, "brackets", "a box to tick stands at the head of a list item: `- [ ] text`.")
    elif REFERENCE.fullmatch(inside):
        body.marks.append(Mark(Kind.REFERENCE, start, end, line, text, inside))
    return end


def slug(text: str) -> str:
    """Return the anchor of a heading: as Python-Markdown's `toc` makes it, so that any builder agrees."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    plain = html.unescape(re.sub(r"[`*\[\]]", "", plain))
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w\s-]", "", plain).strip().lower()
    return re.sub(r"[-\s]+", "-", plain)
