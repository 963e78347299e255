"""A redline shows both texts whole: what is dropped from it leaves exactly the words of one of them."""

import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from guidebook import alignment, prose, redline
from hypothesis import example, given, settings
from hypothesis import strategies as st

TAGS = set(
    "p h3 h4 h5 ul ol li table thead tbody tr th td blockquote pre code strong em a div span ins del br".split()
)
NOTE = "gb-redline__note"
WENT, CAME = {"gb-del", "gb-moved-from"}, {"gb-ins", "gb-moved-to"}
WITHIN = {  # where these may stand
    "li": {"ul", "ol"},
    "tr": {"thead", "tbody"},
    "thead": {"table"},
    "tbody": {"table"},
    "td": {"tr"},
    "th": {"tr"},
}
BLOCKS = {"p", "h3", "h4", "h5", "ul", "ol", "li", "table", "tr", "td", "th", "blockquote", "pre", "div"}
INLINE = {"code", "strong", "em", "a", "span", "ins", "del", "br"}
TOKEN = re.compile(r"\w+(?:-\w+)*|[^\w\s]")


def link(target):
    return f"/c/{target}/" if target.startswith(("G", "W")) else None


def page(before, after):
    """Return the redline of two texts, read by a parser of XML."""
    return ET.fromstring(redline.html(before, after, link))


def left(node, tags, classes):
    """Return the words of a page without what has one of `tags` or `classes`, and without what is about the text."""
    out = []

    def read(one):
        names = set(one.get("class", "").split())
        if one.tag not in tags and not names & (classes | {NOTE}):
            gap = " " if one.tag in BLOCKS or one.tag == "br" else ""
            out.append(gap + (one.text or ""))
            for child in one:
                read(child)
                out.append(child.tail or "")
            out.append(gap)

    read(node)
    return TOKEN.findall("".join(out))


def later(node):
    return left(node, {"del"}, WENT)


def earlier(node):
    return left(node, {"ins"}, CAME)


def marks(node):
    """Return what is marked in a page."""
    found = {"ins", "del", NOTE, "gb-redline__restyled"} | WENT | CAME
    return [one for one in node.iter() if one.tag in found or found & set(one.get("class", "").split())]


def is_legal(node):
    """Assert that a page has only what it may have, where it may stand."""
    for parent in node.iter():
        assert parent.tag in TAGS, parent.tag
        assert set(parent.attrib) <= {"class", "href", "value"}, parent.attrib
        for child in parent:
            assert parent.tag in WITHIN.get(child.tag, {parent.tag}), (parent.tag, child.tag)
            if parent.tag in {"ul", "ol"}:
                assert child.tag == "li"
            if parent.tag in INLINE | {"p", "h3", "h4", "h5", "pre", "td", "th"}:
                assert child.tag in INLINE, (parent.tag, child.tag)
        if parent.tag in {"ul", "ol", "table", "thead", "tbody", "tr"}:
            texts = [parent.text, *(child.tail for child in parent)]
            assert not "".join(text or "" for text in texts).strip(), (parent.tag, texts)
        if parent.tag == "table":
            assert len({len(row) for row in parent.iter("tr")}) == 1


# Texts as a tree, so that their words are known without reading Markdown.

PLAIN = st.sampled_from("alpha beta gamma delta epsilon zeta eta theta must not may 4 12 each".split())
SIGN = st.sampled_from(["", "", "", "", ",", ".", ":"])


@st.composite
def spans(draw):
    """Return a piece of a line as Markdown, and its words."""
    some = draw(st.lists(PLAIN, min_size=1, max_size=3))
    kind = draw(st.sampled_from(["", "", "", "", "**", "*", "`", "reference", "link", "both"]))
    sign = draw(SIGN)
    ids = {"reference": draw(st.sampled_from(["G04.2", "spam-redirect", "W02", "G04-02"]))}
    said = " ".join(some)
    text = {
        "reference": f"[{ids['reference']}]",
        "link": f"[{said}]({draw(st.sampled_from(['a.md', 'b.md', 'https://c.example/']))})",
        "both": f"***{said}***",
        "`": f"`{some[0]}`",
    }.get(kind, f"{kind}{said}{kind}")
    words = {"reference": TOKEN.findall(ids["reference"]), "`": some[:1]}.get(kind, some)
    return text + sign, words + ([sign] if sign else [])


LINE = st.lists(spans(), min_size=1, max_size=5).map(
    lambda found: (" ".join(text for text, _ in found), [word for _, words in found for word in words])
)
CELL = st.one_of(st.just(("", [])), LINE)


@st.composite
def tables(draw):
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=5))
    lines = [f"| {' | '.join(text for text, _ in row)} |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines), [word for row in rows for _, words in row for word in words]


def indented(text, by):
    return "\n".join(" " * by + line if line else "" for line in text.split("\n"))


@st.composite
def lists(draw, inner):
    number = draw(st.sampled_from([0, 0, 1, 3]))
    text, words = [], []
    for place, (line, nested) in enumerate(draw(st.lists(st.tuples(LINE, st.none() | inner), min_size=1, max_size=4))):
        text.append((f"{number + place}. " if number else "- ") + line[0])
        words += line[1]
        if nested:
            gap = "" if nested[0].startswith(("- ", "1. ")) else "\n"  # a list may follow at once
            text.append(gap + indented(nested[0], 4))
            words += nested[1]
    return "\n".join(text), words


@st.composite
def boxes(draw, inner):
    title, body = draw(LINE.filter(lambda line: '"' not in line[0])), draw(documents(inner, 3))
    kind = draw(st.sampled_from(["!!!", "===", "///", ">", "html"]))
    if kind == ">":
        return "\n".join(f"> {line}".rstrip() for line in body[0].split("\n")), body[1]
    if kind == "html":
        return f'/////// html | div\n    attrs: {{"class": "gb"}}\n\n{body[0]}\n\n///////', body[1]
    if kind == "///":
        strokes = "/" * draw(st.integers(3, 6))
        if any(line == strokes for line in body[0].split("\n")):
            strokes += "////////"
        return f"{strokes} admonition | {title[0]}\n    type: withheld\n\n{body[0]}\n\n{strokes}", title[1] + body[1]
    head = f'!!! note "{title[0]}"' if kind == "!!!" else f'=== "{title[0]}"'
    return f"{head}\n\n{indented(body[0], 4)}", title[1] + body[1]


def documents(inner, size):
    """Return a strategy for texts of some blocks."""
    return st.lists(inner, min_size=1, max_size=size).map(
        lambda found: ("\n\n".join(text for text, _ in found), [word for _, words in found for word in words])
    )


HEADING = st.tuples(st.integers(2, 6), LINE).map(lambda found: (f"{'#' * found[0]} {found[1][0]}", found[1][1]))
CODE = st.lists(PLAIN, min_size=1, max_size=4).map(lambda some: ("```\n" + "\n  ".join(some) + "\n```", some))
NOTE_TEXT = st.tuples(LINE, LINE).map(
    lambda two: (f"{two[0][0]}[^a]\n\n[^a]: {two[1][0]}", [*two[0][1], *"[^a]", *"[^a]", *two[1][1]])
)
TERM = st.tuples(LINE, LINE).map(lambda two: (f"{two[0][0]}\n:   {two[1][0]}", two[0][1] + two[1][1]))
SIMPLE = st.one_of(LINE, LINE, HEADING, CODE, tables(), NOTE_TEXT, TERM)
NESTED = st.recursive(SIMPLE, lambda inner: st.one_of(lists(inner.filter(lambda one: "```" not in one[0])), boxes(inner)))
BLOCK = st.one_of(NESTED, SIMPLE, lists(lists(LINE)), lists(LINE))


@st.composite
def changed(draw):
    """Return two texts of which the second has blocks and words of the first, in part elsewhere."""
    before = draw(st.lists(BLOCK, max_size=5))
    after = []
    for block in before:
        fate = draw(st.sampled_from(["stay", "stay", "go", "new", "word", "twice"]))
        if fate == "word" and block[1]:
            old, new = draw(st.sampled_from(block[1])), draw(PLAIN)
            words = [new if word == old else word for word in block[1]]
            if re.fullmatch(r"[a-z]{3,}", old) and not re.search(rf"-{old}|{old}-|note|html|admonition", block[0]):
                text = re.sub(rf"(?<![\w/.-]){old}(?![\w.-]|: [\w\"])", new, block[0])
                after.append((text, words) if TOKEN.findall(text) != TOKEN.findall(block[0]) else block)
        after += {"stay": [block], "twice": [block, block]}.get(fate, [draw(BLOCK)] if fate == "new" else [])
    if draw(st.booleans()):
        after = draw(st.permutations(after))
    return tuple("\n\n".join(text for text, _ in found) for found in (before, after))
