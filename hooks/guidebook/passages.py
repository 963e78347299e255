"""Passages: the marked parts of a page that only some readers see, or that hold only for a time.

The syntax is that of pymdown-extensions' Blocks, held to its strictest form: markers at the start of a line, blank
lines around, options indented by four spaces, an inner passage with fewer slashes than the outer. What is not a marker
to the letter but could be read as one is refused, because a marker that is not seen publishes what it should withhold.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

from guidebook import frontmatter
from guidebook.frontmatter import Fault
from guidebook.lookalikes import looks_like_marker
from guidebook.markup import Body
from guidebook.masking import HIDDEN

EFFECTIVE = "effective"
Reason = Literal[
    "detection-threshold", "signal", "tooling", "sampling", "vendor-data", "calibration", "legal", "operations"
]
REASONS: tuple[str, ...] = get_args(Reason)
# Rules whose breach leaves it unclear where a passage starts or ends.
UNCLEAR = frozenset({"passage-spelling", "passage-balance", "passage-in-code"})

_OPEN = re.compile(r"(/{3,}) ([a-z][a-z0-9-]*)")
_CLOSE = re.compile(r"/{3,}")
_IN_CODE = re.compile(r"[ ]*`+[ ]*/{3,}[ ]*`*[a-z ]*`*[ ]*")
_OPTION = re.compile(r"[ ]{4}(?=\S)")


@dataclass(frozen=True)
class Passage:
    """One passage. `name` is an audience or `effective`; `start`..`end` cover the markers, `inner` the text between."""

    name: str
    start: int
    end: int
    inner: tuple[int, int]
    line: int
    last_line: int
    reason: str | None = None
    recheck: dt.date | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def in_force(self, day: dt.date) -> bool:
        """Say whether the passage holds on `day`; `until` is the first day on which it does not."""
        return not self.ahead(day) and (self.until is None or day < self.until)

    def ahead(self, day: dt.date) -> bool:
        """Say whether the passage starts after `day`."""
        return self.since is not None and self.since > day


@dataclass
class _Open:
    slashes: int
    name: str
    offset: int
    line: int
    inner: int
    options: dict[str, Any]


def read(body: Body, audiences: frozenset[str]) -> tuple[list[Passage], list[Fault]]:
    """Return the passages of a body, outer before inner, and everything wrong with its markers."""
    reader = _Reader(body, audiences)
    if not body.clear:
        return [], []
    for index, offset, line, masked in body.lines():
        reader.line(index, offset, line, masked)
    reader.finish()
    return sorted(reader.passages, key=lambda passage: passage.start), reader.faults


def _without_code(line: str, masked: str) -> str:
    """Return the line with its code spans blanked, and its escapes as they are."""
    if HIDDEN not in masked:
        return masked
    return _HIDDEN.sub(lambda run: line[run.start() : run.end()] if line[run.start()] == "\\" else " ", masked)


_HIDDEN = re.compile(f"{HIDDEN}+")


def _opens(line: str) -> bool:
    """Say whether a misspelt marker was meant to open: one that ends a passage names nothing."""
    return bool(re.search(r"[^\W\d_]{3,}", line)) and not re.search(r"(?i)\bend|close", line)


class _Reader:
    def __init__(self, body: Body, audiences: frozenset[str]) -> None:
        self.body = body
        self.audiences = audiences
        self.words = audiences | {EFFECTIVE}
        self.rows = body.text.split("\n")
        self.stack: list[_Open] = []
        self.passages: list[Passage] = []
        self.faults: list[Fault] = []
        self.skip_to = 0

    def fault(self, index: int, rule: str, message: str) -> None:
        self.faults.append(Fault(self.body.first_line + index, rule, message))

    def line(self, index: int, offset: int, line: str, masked: str) -> None:
        if index < self.skip_to or not line:
            return
        opened = _OPEN.fullmatch(line)
        if index in self.body.code_lines or _IN_CODE.fullmatch(line):
            in_example = any(start <= offset <= end for start, end in self.body.examples)
            if not in_example and looks_like_marker(line.replace("`", ""), self.words):
                message = "this marker stands in code and would be shown as text. Move it out, or open the code with"
                self.fault(index, "passage-in-code", f"{message} ```{{ .markdown .example }} if it is an example.")
        elif opened and opened[2] in self.words:
            self._open(index, offset, opened)
        elif _CLOSE.fullmatch(line):
            self._close(index, offset, line)
        elif looks_like_marker(_without_code(line, masked), self.words):
            known = " or ".join(f"`/// {word}`" for word in sorted(self.words))
            message = (
                f"this looks like a passage marker and is none: `{line.rstrip()[:50]}`. Write {known} to open, `///` "
                "to close"
            )
            self.fault(index, "passage-spelling", f"{message}, at the start of the line.")
            self._guess(index, offset, line)

    def _guess(self, index: int, offset: int, line: str) -> None:
        """Take a misspelt marker for what was meant, so that its partner is not reported as well."""
        if _opens(line):
            self.stack.append(_Open(0, "", offset, self.body.first_line + index, offset, {}))
        elif self.stack:
            self.stack.pop()

    def _open(self, index: int, offset: int, opened: re.Match[str]) -> None:
        slashes, name = len(opened[1]), opened[2]
        if index and self.rows[index - 1].strip():
            self.fault(index, "passage-spacing", "expected a blank line before the marker. Add one.")
        if self.stack and self.stack[-1].name and slashes >= self.stack[-1].slashes:
            outer = self.stack[-1]
            message = (
                f"stands inside the passage of line {outer.line}. Close that one first, or open it with more slashes "
                "than this."
            )
            self.fault(index, "passage-balance", f"`{opened[0]}` {message}")
        elif name in {one.name for one in self.stack}:
            self.fault(index, "passage-balance", f"`{opened[0]}` stands inside another `{name}` passage. Delete one.")
        after = index + 1
        while after < len(self.rows) and _OPTION.match(self.rows[after]):
            after += 1
        options = self._options(index, name, self.rows[index + 1 : after])
        self.skip_to = after
        inner = self.body.starts[after] if after < len(self.rows) else len(self.body.text)
        self.stack.append(_Open(slashes, name, offset, self.body.first_line + index, inner, options))

    def _close(self, index: int, offset: int, line: str) -> None:
        if not self.stack:
            self.fault(index, "passage-balance", f"`{line}` closes a passage, and none is open. Delete it.")
            return
        if index + 1 < len(self.rows) and self.rows[index + 1].strip() and not _CLOSE.fullmatch(self.rows[index + 1]):
            self.fault(index, "passage-spacing", "expected a blank line after the marker. Add one.")
        opened = self.stack[-1]
        if not opened.name:
            self.stack.pop()  # its marker is misspelt, and was reported
            return
        if len(line) != opened.slashes:
            wish = "/" * opened.slashes
            self.fault(index, "passage-balance", f"expected `{wish}`, which closes line {opened.line}, found `{line}`.")
            if len(line) > opened.slashes and len(self.stack) > 1:
                self.stack.pop()  # the inner one was forgotten; go on with the outer
                self._close(index, offset, line)
                return
        self.stack.pop()
        if not self.body.text[opened.inner : offset].strip():
            self.fault(index, "passage-empty", f"the passage of line {opened.line} holds no text. Delete it.")
        end = offset + len(line)
        last = self.body.first_line + index
        passage = Passage(opened.name, opened.offset, end, (opened.inner, offset), opened.line, last, **opened.options)
        self.passages.append(passage)

    def finish(self) -> None:
        for opened in self.stack:
            if not opened.name:
                continue
            wish = "/" * opened.slashes
            message = f"the passage opened here is never closed. Add `{wish}` on a line of its own after its last line."
            self.faults.append(Fault(opened.line, "passage-balance", message))

    def _options(self, index: int, name: str, rows: list[str]) -> dict[str, Any]:
        block = "\n".join(row[4:] for row in rows)
        matter = frontmatter.read(block, self.body.first_line + index + 1) if rows else frontmatter.FrontMatter()
        self.faults += [Fault(fault.line, "passage-option", fault.message) for fault in matter.faults]
        known = {"from": "since", "until": "until"} if name == EFFECTIVE else {"reason": "reason", "recheck": "recheck"}
        options: dict[str, Any] = {}
        for key, value in matter.values.items():
            at = matter.lines[key] - self.body.first_line
            if key not in known:
                self.fault(at, "passage-option", f"`{key}` is no option here. Known: {', '.join(known)}.")
            elif key == "reason" and value not in REASONS:
                self.fault(
                    at,
                    "passage-option",
                    f"expected `reason` to be one of {', '.join(REASONS)}; found `{value}`. Choose one.",
                )
            elif key != "reason" and type(value) is not dt.date:
                self.fault(
                    at, "passage-option", f"expected `{key}` to be a date such as 2026-12-01, found `{value}`. Mend it."
                )
            else:
                options[known[key]] = value
        if matter.faults:
            return options
        if name == EFFECTIVE and not matter.values:
            self.fault(
                index, "passage-option", "expected `from:` or `until:` below, indented by four spaces, found neither."
            )
        if name != EFFECTIVE and "reason" not in matter.values:
            self.fault(
                index, "passage-option", f"expected `reason:` below, indented by four spaces: {', '.join(REASONS)}."
            )
        if options.get("since") and options.get("until") and options["until"] <= options["since"]:
            self.fault(
                index,
                "dates-in-order",
                f"expected `until` after `from` ({options['since']}), found {options['until']}.",
            )
        return options
