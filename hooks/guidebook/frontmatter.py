"""Front matter: the YAML block at the head of a document, read with the line of every key.

MkDocs silently drops a block it cannot read and takes the last of two equal keys; here both are problems. Anchors,
aliases and tags are refused before anything is built from them, so no input can grow in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from guidebook.sources import first_bad

MAX_CHARACTERS = 16_000
MAX_DEPTH = 4


@dataclass(frozen=True)
class Fault:
    """What is wrong with a block, at a line of the file."""

    line: int
    rule: str
    message: str


@dataclass
class FrontMatter:
    """The values of a block, the line of each key (nested keys joined by a dot), and each value as it was written."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def split(text: str) -> tuple[str | None, str, int]:
    """Split a document into its block (None when there is none), its body, and the line the body starts on."""
    if not text.startswith("---\n"):
        return None, text, 1
    end = text.find("\n---\n", 3)
    if end < 0:
        return (text[4:-4], "", text.count("\n") + 1) if text.endswith("\n---") else (None, text, 1)
    return text[4 : end + 1], text[end + 5 :], text.count("\n", 0, end + 5) + 1


def read(block: str, first_line: int, *, depth: int = MAX_DEPTH, size: int = MAX_CHARACTERS) -> FrontMatter:
    """Read the YAML mapping `block`, whose first line is line `first_line` of its file.

    More than `depth` levels or `size` characters are refused.
    """
    matter = FrontMatter()
    try:
        root = _compose(block, first_line, matter, depth, size)
        if root is None:
            return matter
        if not isinstance(root, yaml.MappingNode):
            matter.faults.append(
                Fault(first_line, "front-matter", "expected `key: value` lines, found something else. Add the keys.")
            )
            return matter
        matter.values = _mapping(root, "", first_line, matter)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = block.rstrip().count("\n")  # an end that comes too early is marked after the last line
        line = first_line + (min(mark.line, last) if mark else 0)
        matter.faults.append(Fault(line, "front-matter", _plainly(error)))
    except (yaml.YAMLError, ValueError):
        message = "expected plain text, found a character that cannot stand here. Type the lines again by hand."
        matter.faults.append(Fault(first_line, "front-matter", message))
    return matter


# What the YAML library says, and what it means to whoever wrote the line.
_IN_PLAIN_WORDS = {
    "mapping values are not allowed": "expected `key: value`, found a second `: `. Put quotes around the value.",
    "could not find expected ':'": "expected `key: value`, found no `: ` on the line. Add it, or indent the line.",
    "did not find expected node content": "expected a value, found a list that is not closed. Add the ].",
    "did not find expected key": "expected a key at the start. Line it up with the others; close every quote.",
    "did not find expected '-' indicator": "expected `- item`, lined up with the items above. Move the line.",
    "did not find expected ',' or ']'": "expected a list such as [one, two], found one that is not closed. Add the ].",
    "did not find expected ',' or '}'": "expected {key: value}, found one that is not closed. Put braces in quotes.",
    "found unexpected end of stream": "expected a closing quote, found none. Add it.",
    "tab": "expected spaces at the start of the line, found a tab. Use spaces.",
    "cannot start any token": "expected a value, found a sign that YAML keeps for itself. Put quotes around the value.",
    "found unknown escape character": "expected text, found a backslash in double quotes. Use single quotes.",
}


def _plainly(error: yaml.MarkedYAMLError) -> str:
    said = " ".join(f"{error.problem or ''} {error.context or ''}".split())
    for words, message in _IN_PLAIN_WORDS.items():
        if words in said:
            return message
    return "expected `key: value` lines, found something else. Close every quote, and put quotes around unusual signs."


def _compose(block: str, first_line: int, matter: FrontMatter, max_depth: int, size: int) -> yaml.Node | None:
    if len(block) > size:
        matter.faults.append(Fault(first_line, "front-matter", f"expected at most {size:,} characters. Shorten it."))
        return None
    depth = 0
    for event in yaml.parse(block, Loader=yaml.CSafeLoader):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        if getattr(event, "anchor", None):
            matter.faults.append(
                Fault(line, "front-matter", "anchors (&) and aliases (*) are not read here. Write it out.")
            )
        elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag:
            matter.faults.append(Fault(line, "front-matter", f"tags such as {event.tag} are not read here. Delete it."))
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > max_depth:
            matter.faults.append(Fault(line, "front-matter", f"expected at most {max_depth} levels. Flatten it."))
        if matter.faults:
            return None
    return yaml.compose(block, Loader=yaml.CSafeLoader)


def _mapping(node: yaml.MappingNode, above: str, first_line: int, matter: FrontMatter) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = first_line + key_node.start_mark.line
        if not isinstance(key_node, yaml.ScalarNode):
            matter.faults.append(Fault(line, "front-matter", "expected a word as the key, found a list or a mapping."))
            continue
        key = str(key_node.value)
        if any(map(first_bad, key.split("\n"))) or "\n" in key:
            message = "expected a key in letters and signs that can be seen, found an escape or a line break in it."
            matter.faults.append(Fault(line, "front-matter", f"{message} Type it again."))
        if key == "<<":
            message = "merge keys (<<) are not read here. Write the fields out."
            matter.faults.append(Fault(line, "front-matter", message))
        name = f"{above}{key}"
        if key in values:
            first = matter.lines[name]
            message = f"`{key}` stands twice; the first is on line {first}. Keep one of them."
            matter.faults.append(Fault(line, "duplicate-key", message))
            continue
        matter.lines[name] = line
        values[key] = _value(value_node, name, first_line, matter)
    return values


def _value(node: yaml.Node, name: str, first_line: int, matter: FrontMatter) -> Any:  # noqa: ANN401 - YAML holds anything
    matter.lines.setdefault(name, first_line + node.start_mark.line)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, f"{name}.", first_line, matter)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, f"{name}.{at}", first_line, matter) for at, item in enumerate(node.value)]
    matter.written[name] = str(node.value)
    bad = next(filter(None, map(first_bad, str(node.value).split("\n"))), "")
    if bad:  # written as an escape, for none stands in a source
        message = f"expected letters and signs that can be seen, found U+{ord(bad):04X} as an escape. Delete it."
        matter.faults.append(Fault(matter.lines[name], "front-matter", message))
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except (ValueError, OverflowError, yaml.YAMLError):
        # "2026-02-30" has the shape of a date and is none; the schema says what it expected.
        return str(node.value)
