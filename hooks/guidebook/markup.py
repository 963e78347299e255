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
from guidebook.masking import LEAD, mask

MAX_MARKERS = 6
MAX_QUOTES = 3
MAX_INDENT = 24
MAX_EMPHASIS = 1_000
MAX_PARAGRAPH = 20_000
ADMONITIONS = ("note", "tip", "info", "example", "question", "quote", "success", "warning", "danger")


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
    """A body with what stands in it. `masked` has the same length as `text`, with code and escapes hidden."""

    text: str
    first_line: int
    masked: str = ""
    starts: list[int] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    fences: list[tuple[int, int]] = field(default_factory=list)
    examples: list[tuple[int, int]] = field(default_factory=list)
    code_lines: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    # Whether it is clear what is code: when not, nothing else that was found can be trusted.
    clear: bool = True

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
    found = mask(text)
    body.masked, body.fences, body.examples, body.code_lines = (
        found.text,
        found.fences,
        found.examples,
        found.code_lines,
    )
    body.clear = found.clear
    body.faults = [Fault(first_line + index, rule, message) for index, rule, message in found.faults]
    _Lines(body).read()
    _read_brackets(body)
    body.marks.sort(key=lambda mark: mark.start)
    return body


_CLAUSE = re.compile(r"(G\d{2}\.[1-9]\d?)(?= )", re.ASCII)
_CLAUSE_LIKE = re.compile(r"[Gg]\s?\d+[.,:]\d+")
_UNDERLINE = re.compile(r"(=+|-+)[ ]*")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_MAIL = re.compile(r"<(?=[^<> !]+@)")
_AUTOLINK = re.compile(r"<(https://[\w./~%$&+,;=:@?#-]{1,400})>", re.ASCII)
_DEFINITION = re.compile(r"\[(\^?)[^\[\]]*\]:[ ]*")
_ABBREVIATION = re.compile(r"\*\[[^\0]*?\][ ]?:")
_ADMONITION = re.compile(r"!!! (" + "|".join(ADMONITIONS) + r")(?: \"[^\"]+\")?[ ]*")
_INCLUDE = re.compile(r"--8<-- \"([^\"\0]+)\"")
_INCLUDE_LIKE = re.compile(r"-[ ]*8[ ]*<")
_ODD_SPACE = "\u00a0\u202f"


def _lead(line: str) -> str:
    found = LEAD.match(line)
    return found[0] if found else ""


class _Lines:
    """Reads a body line by line: headings, includes, autolinks, and what a line may not hold."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.rows = body.text.split("\n")
        self.previous = ""  # the text of the line before
        self.emphasis = self.length = 0
        self.holder = False  # whether an indented line belongs to a list item, a note or the like

    def read(self) -> None:
        for index, offset, line, masked in self.body.lines():
            if index in self.body.code_lines:
                self.previous, self.holder = "code", False
            elif not line.strip(" "):
                self.previous = ""
                self.emphasis = self.length = 0
            else:
                self.line(index, offset, line, masked)

    def refuse(self, offset: int, rule: str, message: str) -> None:
        self.body.refuse(offset, rule, message)

    def line(self, index: int, offset: int, line: str, masked: str) -> None:
        lead = _lead(line)
        definition = _DEFINITION.match(self.body.text, offset + len(lead)) if "[" in line else None
        if definition and definition[1] and not lead:
            lead = line[: definition.end() - offset]  # a footnote: its text starts here
            lead += _lead(line[len(lead) :])
        elif definition:
            self.definition(offset, definition[1])
        self.place(index, offset, line, lead)
        rest = line[len(lead) :]
        if line.startswith("#"):
            self.heading(index, offset, line, masked)
        elif rest.startswith("#"):
            message = (
                "expected the heading at the start of the line. Move it there, or write \\# to show the sign itself."
            )
            self.refuse(offset, "heading", message)
        elif self.previous and _UNDERLINE.fullmatch(line.lstrip(" >")):
            self.refuse(
                offset, "heading", "a line under text makes a heading here. Write `## Text`, or leave a blank line."
            )
        if rest.startswith("!!!") and not _ADMONITION.fullmatch(rest):
            message = (
                f'expected `!!! kind` or `!!! kind "Title"` with one of {", ".join(ADMONITIONS)}; found `{rest[:40]}`.'
            )
            self.refuse(offset, "admonition", message)
        self.signs(offset, line, lead, masked)
        self.active(index, offset, line, masked, rest)
        self.previous = line.strip(" ")

    def place(self, index: int, offset: int, line: str, lead: str) -> None:
        """Refuse a line whose place parsers see differently, or nest too deep to follow."""
        indent = len(line) - len(line.lstrip(" "))
        quotes, markers = lead.count(">"), len(re.findall(r"[^ >]+", lead))
        if indent > MAX_INDENT or quotes > MAX_QUOTES or markers > MAX_MARKERS:
            message = (
                f"expected at most {MAX_INDENT // 4} levels of lists and {MAX_QUOTES} of quotes. Split the list or the "
                "quote."
            )
            self.refuse(offset, "nesting", message)
        starts = not index or not self.rows[index - 1].strip(" ") or index - 1 in self.body.code_lines
        if starts and indent >= 4 and not self.holder:  # noqa: PLR2004 - the indent of code
            message = "text indented by four spaces is code here. Move it to the left, or put it between ``` lines."
            self.refuse(offset, "indented-code", message)
        elif indent < 4:  # noqa: PLR2004 - the same
            opens = bool(re.search(r"[^ >]", lead)) or line.lstrip(" ").startswith(("!!!", "===", "[^"))
            self.holder = opens or (self.holder and not starts)

    def definition(self, offset: int, caret: str) -> None:
        if caret:
            self.refuse(offset, "footnote", "expected the footnote's text at the start of a line. Move it to the left.")
        else:
            message = "a definition can outlive its use. Write the link in place: [text](target)."
            self.refuse(offset, "link-definition", message)

    def heading(self, index: int, offset: int, line: str, masked: str) -> None:
        level = len(line) - len(line.lstrip("#"))
        text = line[level:].strip(" ")
        if level > 6 or not text or line[level] != " ":  # noqa: PLR2004 - HTML has six
            message = "expected `## Text`: two to six #, a space, text. Write \\# to show the sign itself."
            self.refuse(offset, "heading", message)
            if not text:
                return
        if masked.rstrip(" ").endswith(("#", "\\")):
            self.refuse(offset, "heading", f"expected no `{line.rstrip(' ')[-1]}` at the end of a heading. Delete it.")
        if level == 1:
            self.refuse(offset, "heading", "the page's title stands in the front matter. Start headings with ##.")
        after = self.rows[index + 1] if index + 1 < len(self.rows) else ""
        if self.previous or (after.strip(" ") and not after.startswith(("#", "//", "```", "~~~"))):
            self.refuse(offset, "heading", "expected a blank line before and after a heading. Add it.")
        clause = _CLAUSE.match(text)
        anchor = clause[1].lower().replace(".", "-") if clause else slug(text)
        if not clause and _CLAUSE_LIKE.match(text):
            self.refuse(offset, "clause-form", f"expected a clause such as `### G04.2 Text`, found `{text[:40]}`.")
        if not anchor:
            self.refuse(offset, "heading", "expected letters from a to z or digits in the heading, found none.")
        end = offset + len(line)
        found = Heading(offset, end, self.body.line_at(offset), level, text, anchor, clause and clause[1])
        self.body.headings.append(found)

    def signs(self, offset: int, line: str, lead: str, masked: str) -> None:
        """Refuse characters that parsers place differently, and more of them than they can bear."""
        if "\t" in line:
            self.refuse(offset, "tab", "found a tab, which parsers indent differently. Use four spaces.")
        if line[len(lead) :].startswith(tuple(_ODD_SPACE)) or line.endswith(tuple(_ODD_SPACE)):
            message = (
                "found a no-break space at an end of the line, where nobody sees it. Delete it, or type a plain space."
            )
            self.refuse(offset, "odd-space", message)
        self.emphasis += masked.count("*") + masked.count("_")
        self.length += len(line)
        if self.emphasis > MAX_EMPHASIS:
            self.refuse(
                offset, "emphasis", f"found over {MAX_EMPHASIS:,} signs of emphasis in one paragraph. Split it."
            )
            self.emphasis = 0
        if self.length > MAX_PARAGRAPH:
            self.refuse(
                offset,
                "paragraph-length",
                f"expected at most {MAX_PARAGRAPH:,} characters between blank lines. Split it.",
            )
            self.length = 0

    def active(self, index: int, offset: int, line: str, masked: str, rest: str) -> None:
        """Note includes and autolinks; refuse what could become more than text."""
        if "<" in masked and not self.include(index, offset, line, masked):
            self.angles(offset, masked)
        if "{" in masked:
            message = "attributes and templates in braces are not read here. Delete them, or write \\{ or `code`."
            self.refuse(offset + masked.index("{"), "braces", message)
        if rest.startswith("*[") and _ABBREVIATION.match(self.paragraph(offset + len(line) - len(rest))):
            self.refuse(offset, "abbreviation", "definitions of terms stand in docs/glossary.md. Move this one there.")

    def paragraph(self, offset: int) -> str:
        end = self.body.masked.find("\n\n", offset)
        return self.body.masked[offset : end if end >= 0 else None].replace("\0", " ")

    def include(self, index: int, offset: int, line: str, masked: str) -> bool:
        if not _INCLUDE_LIKE.search(masked):
            return False
        found = _INCLUDE.fullmatch(masked)
        around = self.rows[max(index - 1, 0) : index] + self.rows[index + 1 : index + 2]
        if found and not any(row.strip(" ") and not row.startswith("//") for row in around):
            line_of = self.body.line_at(offset)
            self.body.marks.append(Mark(Kind.INCLUDE, offset, offset + len(line), line_of, "", found[1]))
        else:
            message = 'expected --8<-- "path" at the start of a line of its own, with a blank line before and after it.'
            self.refuse(offset, "include", message)
        return True

    def angles(self, offset: int, masked: str) -> None:
        for tag in _TAG.finditer(masked):
            if masked.endswith("](", 0, tag.start()):
                continue  # a link's target, which says so itself
            link = _AUTOLINK.match(masked, tag.start())
            if link:
                start, end = offset + link.start(), offset + link.end()
                self.body.marks.append(Mark(Kind.LINK, start, end, self.body.line_at(start), link[1], link[1]))
                continue
            rule = "comment" if masked.startswith("<!--", tag.start()) else "raw-html"
            what = "a comment, which readers of the source would see" if rule == "comment" else "HTML"
            shown = masked[tag.start() : tag.start() + 30].replace("\0", "…")
            message = (
                f"expected Markdown, found {what}: `{shown}`. Delete it, or write &lt; or `code` to show the sign."
            )
            self.refuse(offset + tag.start(), rule, message)
            return
        others = (sign.start() for sign in re.finditer("<", masked) if not _AUTOLINK.match(masked, sign.start()))
        if any(_MAIL.match(self.body.masked, offset + at) for at in others):
            message = "found `<` and `@` with no space between: a mail address. Write it without < and >."
            self.refuse(offset, "raw-html", message)


_BRACKETS = re.compile(r"(!?)\[((?:[^\[\]\n]|\n(?![ ]*\n))*)\]")
_TARGET = re.compile(r"\([ ]?([^\s()<>\"'\\\0]{0,500})(?:[ ]\"([^\"\n\0()]*)\")?\)")
REFERENCE = re.compile(r"[A-Z]\d{2,3}(?:\.\d+|-[KX]?\d{2})?|[a-z]+(?:-[a-z]+)+", re.ASCII)
_CHECKBOX = re.compile(r"[ ]*(?:[-*+]|\d+[.)])[ ]")


def _read_brackets(body: Body) -> None:
    if "[" not in body.masked and "]" not in body.masked:
        return
    spans = [(found.start(), _read_bracket(body, found)) for found in _BRACKETS.finditer(body.masked)]
    for stray in re.finditer(r"[\[\]]", _blank(body.masked, spans)):
        message = (
            f"found `{stray[0]}` without its partner, or brackets in brackets. Write \\{stray[0]} to show the sign "
            "itself."
        )
        body.refuse(stray.start(), "brackets", message)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """Return `text` with `spans` blanked."""
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], " " * (end - start)]
        at = max(end, at)
    return "".join([*parts, text[at:]])


def _read_bracket(body: Body, found: re.Match[str]) -> int:
    masked, start, end = body.masked, found.start(), found.end()
    inside, line = found[2], body.line_at(start)
    text = body.text[found.start(2) : found.end(2)]
    after = masked[end : end + 1]
    if inside.startswith("^"):
        _read_footnote(body, found, after)
        return end
    if after == "(":
        target = _TARGET.match(masked, end)
        if not target or not text.strip():
            shown = body.text[start : end + 40].split("\n")[0]
            message = f"expected [text](target) with text and a plain target on one line, found `{shown[:60]}`."
            body.refuse(start, "link-form", message)
            return end
        kind = Kind.IMAGE if found[1] else Kind.LINK
        body.marks.append(Mark(kind, start, target.end(), line, text, target[1]))
        return target.end()
    if after == "[":
        body.refuse(start, "link-form", "expected [text](target), found [text][name]. Write the target in place.")
    elif inside in {" ", "x", "X"}:
        if not _CHECKBOX.fullmatch(masked, masked.rfind("\n", 0, start) + 1, start):
            body.refuse(start, "brackets", "a box to tick stands at the head of a list item: `- [ ] text`.")
    elif inside == "TOC":
        body.refuse(start, "brackets", "the theme writes the table of contents. Delete [TOC].")
    elif REFERENCE.fullmatch(inside):
        body.marks.append(Mark(Kind.REFERENCE, start, end, line, text, inside))
    elif meant := _misspelt(inside):
        message = (
            f"expected an id as it is spelt, `[{meant}]`, found `[{inside}]`. Spell it so, or write \\[ for a plain"
        )
        body.refuse(start, "brackets", f"{message} bracket.")
    return end


def _misspelt(inside: str) -> str | None:
    """Return the id that was meant by text in brackets with other capitals, spaces or wide letters."""
    letters = re.sub(r"\s", "", unicodedata.normalize("NFKC", inside))
    return next((one for one in (letters.upper(), letters.lower()) if REFERENCE.fullmatch(one)), None)


def _read_footnote(body: Body, found: re.Match[str], after: str) -> None:
    start, name = found.start(), found[2][1:]
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name) or found[1] or after in {"(", "["}:
        wish = "a footnote such as `[^name]`, of small letters, digits and hyphens"
        body.refuse(start, "footnote", f"expected {wish}; found `{found[0][:40]}`.")
        return
    before = body.masked[body.masked.rfind("\n", 0, start) + 1 : start]
    if after == ":" and before and _lead(before) == before:
        return  # the text of a footnote that is not at the head of its line, and was refused
    kind = Kind.FOOTNOTE_TEXT if after == ":" and not before else Kind.FOOTNOTE
    body.marks.append(Mark(kind, start, found.end(), body.line_at(start), found[2], name))


def slug(text: str) -> str:
    """Return the anchor of a heading: as Python-Markdown's `toc` makes it, so that any builder agrees."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    plain = html.unescape(re.sub(r"[`*\[\]]", "", plain))
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w\s-]", "", plain).strip().lower()
    return re.sub(r"[-\s]+", "-", plain)


_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


def plain(text: str) -> str:
    """Return a heading's text, or that of a cell, without markup."""
    return html.unescape(re.sub(r"[`*\[\]{}\\]", "", _LINK.sub(r"\1", text)))
