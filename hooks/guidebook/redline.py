"""Redline: what was inserted, deleted and moved between two texts in Markdown, for a page, a terminal and a check."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby

from guidebook import edits, terminal
from guidebook.difference import Change, Mark, compare
from guidebook.edits import Edit
from guidebook.prose import Word, read

Link = Callable[[str], str | None]

__all__ = ["Edit", "Link", "html", "text", "words"]


def html(before: str, after: str, link: Link) -> str:
    """Return both texts as one `<div class="gb-redline">` of well-formed HTML, without ids, scripts and styles.

    `<del>` holds words that went, `<ins>` words that came. A block that went or came as a whole has the class `gb-del`
    or `gb-ins`; one that was moved has `gb-moved-from` where it stood and `gb-moved-to` where it stands. What has the
    class `gb-redline__note` is about the text, not of it. `link` is asked for the address of each id in brackets and of
    each target as it is written; None makes it plain text.
    """
    found = compare(read(before), read(after))
    return f'<div class="gb-redline">\n{_Page(link).blocks(found.children, "")}</div>'


def text(before: str, after: str, width: int = 100) -> str:
    """Return what changed for a terminal `width` wide: a line a paragraph, item or row, each below what leads to it."""
    return "\n".join(terminal.rows(compare(read(before), read(after)), width))


def words(before: str, after: str) -> list[Edit]:
    """Return each run of changed words. Words that only lead elsewhere now are an edit of their target.

    What was only moved, or set in other type, is none.
    """
    return list(edits.of(compare(read(before), read(after))))


_CLASSES: dict[Mark, str] = {
    "": "",
    "deleted": "gb-del",
    "inserted": "gb-ins",
    "moved-from": "gb-moved-from",
    "moved-to": "gb-moved-to",
}
_TAGS = {"quote": "blockquote", "box": "div", "title": "p", "table": "div"}
_BREAKS = {"parted": "ins", "joined": "del"}
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _escaped(said: str) -> str:
    return escape(_CONTROL.sub("\ufffd", said))


class _Page:
    """Writes changes as HTML."""

    def __init__(self, link: Link) -> None:
        self.link = link

    def blocks(self, changes: Sequence[Change], outer: Mark, note: str = "") -> str:
        """Write blocks that stand in one marked `outer`; a `note` stands in the first."""
        return "".join(self.block(change, outer, "" if place else note) for place, change in enumerate(changes))

    def block(self, change: Change, outer: Mark, note: str = "", more: str = "") -> str:
        kind = change.block.kind
        tag = f"h{min(max(change.block.number, 2) + 1, 5)}" if kind == "h" else _TAGS.get(kind, kind)
        note += _moved(change)
        mark = _CLASSES[change.mark] if _is_news(change, outer) else ""
        own = f"gb-redline__{kind}" if kind in {"box", "title", "table"} else ""
        names = " ".join(name for name in (own, mark) if name)
        start = f'<{tag}{more} class="{names}">' if names else f"<{tag}{more}>"
        inside = self.inside(change, note)
        if kind == "p" and change.block.tight and not mark:
            return f"{inside}\n"
        return f"{start}{inside}</{tag}>\n"

    def inside(self, change: Change, note: str) -> str:
        match change.block.kind:
            case "table":
                return note + self.table(change)
            case "ol":
                return f"\n{self.items(change, note)}"
            case "ul":
                return f"\n{self.blocks(change.children, change.mark, note)}"
            case "li" | "quote" | "box":
                return note + self.blocks(change.children, change.mark).rstrip()
            case "pre" | "title":
                tag = "code" if change.block.kind == "pre" else "strong"
                return f"{note}<{tag}>{self.inline(change)}</{tag}>"
        return note + self.inline(change)

    def items(self, change: Change, note: str) -> str:
        """Write the items of a list with their numbers: what went has the number it had."""
        old, new = (block.number if block else 1 for block in (change.before, change.after))
        rows = []
        for item in change.children:
            rows.append(self.block(item, change.mark, note, f' value="{new if item.after else old}"'))
            old, new, note = old + bool(item.before), new + bool(item.after), ""
        return "".join(rows)

    def table(self, change: Change) -> str:
        head, *rows = change.children
        body = "".join(self.row(row, "td", change.mark) for row in rows)
        body = f"<tbody>\n{body}</tbody>\n" if body else ""
        return f"<table>\n<thead>\n{self.row(head, 'th', change.mark)}</thead>\n{body}</table>"

    def row(self, change: Change, tag: str, outer: Mark) -> str:
        note = _moved(change)
        cells = ""
        for cell in change.children:
            mark = f' class="{_CLASSES[cell.mark]}"' if _is_news(cell, change.mark or outer) else ""
            cells += f"<{tag}{mark}>{note}{self.inline(cell)}</{tag}>"
            note = ""
        mark = f' class="{_CLASSES[change.mark]}"' if _is_news(change, outer) else ""
        return f"<tr{mark}>{cells}</tr>\n"

    def inline(self, change: Change) -> str:
        code = change.block.kind == "pre"
        out, parted = "", False
        for run in edits.runs(change.pairs, code=code):
            out += "" if parted else _space(run.gap, code=code)
            parted = run.state == "parted" and not change.block.tight
            inside = self.styled(run.words, code=code)
            if run.state in _BREAKS:
                out += f'<{_BREAKS[run.state]} class="gb-redline__note">{inside}</{_BREAKS[run.state]}>'
                out += "</p>\n<p>" if parted else ""
            elif run.state == "restyled":
                notes = " ".join(_tagged(state, _escaped(said)) for state, said in run.notes)
                out += (
                    f'<span class="gb-redline__restyled">{inside}</span> <span class="gb-redline__note">{notes}</span>'
                )
            else:
                out += _tagged(run.state, inside)
        return out

    def styled(self, found: Sequence[Word], *, code: bool) -> str:
        """Write words in their type and with their links."""
        out = ""
        for (styles, target, _), group in groupby(found, _alike):
            run = list(group)
            out += _space(run[0].gap, code=code)
            inside = _escaped(run[0].text)
            inside += "".join(_space(word.gap, code=code) + _escaped(word.text) for word in run[1:])
            where = target or (run[0].text if "reference" in styles else "")
            address = self.link(where) if where else None
            if "code" in styles or (address and "reference" in styles):
                inside = f"<code>{inside}</code>"
            for style in ("em", "strong"):
                inside = f"<{style}>{inside}</{style}>" if style in styles else inside
            out += f'<a href="{_escaped(address)}">{inside}</a>' if address else inside
        return out


def _alike(word: Word) -> tuple[frozenset[str], str, str]:
    """Return what words share that stand in one piece of HTML: each reference is a link of its own."""
    return word.styles, word.target, word.text if "reference" in word.styles else ""


def _moved(change: Change) -> str:
    return f'<span class="gb-redline__note">{change.moved}</span> ' if change.moved else ""


def _is_news(change: Change, outer: Mark) -> bool:
    """Whether the mark of a change says more than that of the block it stands in."""
    return change.mark not in {"", outer} and (change.mark, outer) != ("deleted", "moved-from")


def _space(gap: str, *, code: bool) -> str:
    if code:
        return _CONTROL.sub(" ", gap)
    return "<br/>" if gap == "\n" else " " if gap else ""


def _tagged(state: str, inside: str) -> str:
    tag = {"deleted": "del", "inserted": "ins"}.get(state)
    return f"<{tag}>{inside}</{tag}>" if tag else inside
