"""Blocks: the fenced parts of a body that are data, a decision tree or a worked case, read as YAML with line numbers.

They stand in fences so that every Markdown editor shows them as they are. A fence that could be meant as one and is
none is refused: a case that is kept back from vendors would be published as code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from guidebook import frontmatter
from guidebook.frontmatter import Fault, FrontMatter
from guidebook.markup import Body
from guidebook.sources import first_bad

KINDS = ("tree", "case")
# The keys that only a case or a tree has: whatever its fence is called, it is meant as one.
_TELLING = re.compile(r"(?m)^[ -]*(?:verdict|set|contrast|answers|ask)[ ]*:")
# Rules whose breach leaves it unclear what may be shown: the document is then not read at all.
UNCLEAR = frozenset({"block-spelling"})

PLAIN_FORBIDDEN = "[]{}<>|*\\"
_ENTITY = re.compile(r"&(?:#|[A-Za-z]\w*;)")
_CODE = re.compile(r"(?<!`)`[^`\n]+`(?!`)")
_HEAD = re.compile(r"[#+>:-]|\d+[.)](?=[ ]|$)|!!!|===|~~~|///")


@dataclass(frozen=True)
class Block:
    """One block of data: `start`..`end` are the offsets of its fence, `line` that of the opening fence in the file."""

    kind: str
    start: int
    end: int
    line: int
    matter: FrontMatter


def read(body: Body) -> tuple[list[Block], list[Fault]]:
    """Return the blocks of a body in their order, and what is wrong with their fences and their YAML."""
    blocks: list[Block] = []
    faults: list[Fault] = []
    for start, end in body.fences:
        first, _, inner = body.text[start:end].partition("\n")
        kind, line = first.strip("`~ "), body.line_at(start)
        text = inner.rpartition("\n")[0]
        if kind in KINDS:
            matter = frontmatter.read(text, line + 1)
            faults += [Fault(fault.line, kind, fault.message) for fault in matter.faults]
            if not matter.faults:
                blocks.append(Block(kind, start, end, line, matter))
        elif (start, end) not in body.examples and (
            get_close_matches(kind, KINDS, n=1, cutoff=0.7) or (len(_TELLING.findall(text)) > 1)
        ):
            message = (
                f"expected ```tree or ```case before a decision tree or a case, found ```{kind}. Write one of them"
            )
            faults.append(Fault(line, "block-spelling", f"{message}, or ```{{ .markdown .example }} for an example."))
    return blocks, faults


def plain_fault(text: str, *, code: bool) -> str:
    """Say why `text` is not plain text, or return nothing; with `code`, parts of it may stand in backticks."""
    bare = _CODE.sub("", text) if code else text
    found = next((sign for sign in bare if sign in PLAIN_FORBIDDEN or sign in "_`\n"), "")
    if found:
        known = "a backtick without its partner" if found == "`" else f"`{found}`"
        known = "a line break" if found == "\n" else known
        return f"plain text{', with `code` in backticks' if code else ''}; found {known}"
    if unseen := first_bad(text.replace("\t", "\0")):
        return f"letters and signs that can be seen; found U+{ord(unseen):04X}"
    if _ENTITY.search(bare):
        return "plain text; found the code of a character, such as `&amp;`. Type the character itself"
    if _HEAD.match(text):
        return f"text that starts with a word; found `{text[:10]}`, which Markdown would read as more than text"
    return ""
