"""Blocks: fences that are data are read to the letter; what could be meant as one, and is none, is refused."""

import re
from functools import cache

import markdown
import pytest
import yaml
from bodies import AUDIENCES, FRONT, LEADS, bodies
from bs4 import BeautifulSoup
from guidebook import blocks, documents, markup
from guidebook.sources import TextFile
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import ROOT

FIRST = 7  # the line of the file that a body starts on
CASE = "id: G04-K01\nverdict: violating\nset: calibration"


def read(text):
    return blocks.read(markup.read(text, FIRST))


def fenced(info, text=CASE, mark="```"):
    return f"{mark}{info}\n{text}\n{mark}\n"


def rules(text):
    return [fault.rule for fault in read(text)[1]]


# What is read


def test_blocks_are_read_in_their_order_with_their_places():
    text = f"Text.\n\n{fenced('tree', 'a: 1')}\n{fenced('python', 'set: 1')}\n{fenced('case', 'b: Yes')}"
    found, faults = read(text)
    assert faults == []
    assert [(one.kind, one.line) for one in found] == [("tree", 9), ("case", 17)]
    assert [one.matter.values for one in found] == [{"a": 1}, {"b": True}]
    assert [text[one.start : one.end] for one in found] == ["```tree\na: 1\n```", "```case\nb: Yes\n```"]
    assert [one.matter.lines for one in found] == [{"a": 10}, {"b": 18}]
    assert found[1].matter.written == {"b": "Yes"}


@pytest.mark.parametrize("kind", blocks.KINDS)
@pytest.mark.parametrize("mark", ["```", "````", "~~~", "~~~~~"])
def test_every_kind_of_fence_is_read(kind, mark):
    for text in (fenced(kind, "a: 1", mark), fenced(f" {kind}  ", "a: 1", mark)):
        found, faults = read(text)
        assert [(one.kind, one.matter.values) for one in found] == [(kind, {"a": 1})]
        assert faults == []


@pytest.mark.parametrize("text", ["```case\n```\n", "```case\n\n```\n", "```tree\n# a remark\n```\n"])
def test_an_empty_block_is_a_block_with_nothing_in_it(text):
    ((block,), faults) = read(text)
    assert block.matter.values == {}
    assert faults == []


def test_a_fence_that_is_never_closed_is_no_block():
    assert read("```case\na: 1\n") == ([], [])  # markup reports it, and the document is not read


@pytest.mark.parametrize("kind", blocks.KINDS)
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [", 2),
        ("a: 1\n\nb: 1\nb: 2", 4),
        ("a: 1\nb: &x 2", 2),
        ("- a", 1),
        ("a: 1\nb: c: d", 2),
        ("a: 1\n\tb: 2", 2),
    ],
)
def test_what_is_wrong_with_its_yaml_is_said_in_its_line_and_the_block_is_left_out(kind, text, line):
    found, faults = read(f"Text.\n\n{fenced(kind, text)}\n{fenced('case', 'a: 1')}")
    assert [one.line for one in found] == [FIRST + text.count("\n") + 6]
    assert [(fault.rule, fault.line) for fault in faults] == [(kind, FIRST + 2 + line)]
    assert faults[0].message.endswith(".")


# What is refused


@pytest.mark.parametrize("info", ["trees", "tre", "tee", "cases", "cas", "cse", "csae", "case2", "tree1"])
def test_a_misspelt_kind_is_refused_whatever_it_holds(info):
    for text in ("Text.", CASE):
        found, faults = read(f"Text.\n\n{fenced(info, text)}")
        assert found == []
        assert [(fault.rule, fault.line) for fault in faults] == [("block-spelling", FIRST + 2)]
        assert f"found ```{info}." in faults[0].message


@pytest.mark.parametrize("info", ["", "yaml", "yml", "text", "json", "kase", "CASE", "Tree", "teaching"])
@pytest.mark.parametrize(
    "text",
    [
        CASE,
        "verdict: violating\nset: golden",
        "opens:\n  ask: What?\n  answers:\n    Yes: 1",
        "- verdict : borderline\n  contrast: G04-02",
        "text: x\nanswers: {a: Yes}\n# x\nset: teaching",
    ],
)
def test_what_holds_a_case_or_a_tree_is_refused_whatever_it_is_called(info, text):
    assert rules(fenced(info, text)) == ["block-spelling"]
    assert rules(fenced(info, text, "~~~~")) == ["block-spelling"]


@pytest.mark.parametrize(
    ("info", "text"),
    [
        ("yaml", "verdict: violating"),
        ("yaml", "reset: 1\nask_for: 2\nsubset: 3\ntext: set: 4"),
        ("text", "He said: set the ask aside."),
        ("", "Text."),
        ("{ .markdown .example }", CASE),
        ("{ .markdown .example }", fenced("case", mark="~~~")),
        *((info, "Text.") for info in ("python", "bash", "css", "sh", "html", "text", "yaml", "toml", "rust", "c")),
    ],
)
def test_other_code_is_code(info, text):
    assert read(fenced(info, text, "````")) == ([], [])


@pytest.mark.parametrize("info", ["case", "cases", "", "yaml"])
def test_no_document_shows_a_case_that_is_not_read_as_one(info):
    document, faults = documents.read(TextFile("a.md", f"{FRONT}\n{fenced(info)}"), AUDIENCES)
    if info == "case":  # it is known to be one: what is wrong with it stops the build, and says nothing of passages
        assert document is not None
        assert {fault.rule for fault in faults} == {"case"}
    else:
        assert document is None
        assert {fault.rule for fault in faults} == {"block-spelling"}


words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)
keys = st.sampled_from(["verdict", "set", "contrast", "answers", "ask"])
spaces = st.sampled_from(["", " ", "  ", "- ", "    "])
rows = st.builds(
    lambda lead, key, gap, value: f"{lead}{key}{gap}: {value}", spaces, keys, st.sampled_from(["", " "]), words
)


@given(words, st.lists(rows, min_size=2, max_size=4), st.lists(words, max_size=3))
def test_no_fence_with_two_telling_keys_is_published_as_code(info, telling, others):
    text = "\n".join([*others, *telling])
    found, faults = read(fenced(info, text))
    assert found == []
    assert len(faults) == 1
    assert faults[0].rule in {"block-spelling", *blocks.KINDS}


@settings(max_examples=200)
@given(bodies, st.sampled_from(["tree", "case", "cases", "", "py"]), st.sampled_from(["a: 1", CASE, "- x", ""]))
def test_in_any_body_a_block_is_a_whole_fence(body, info, text):
    body = markup.read(f"{body}\n\n{fenced(info, text)}\n{body}", FIRST)
    found, faults = blocks.read(body)
    assert {(one.start, one.end) for one in found} <= set(body.fences)
    for one in found:
        assert re.match(r"[`~]{3,}[ ]*(tree|case)[ ]*\n", body.text[one.start : one.end])
        assert body.line_at(one.start) == one.line
    assert all(fault.rule in {"block-spelling", *blocks.KINDS} for fault in faults)


# Plain text


@pytest.mark.parametrize(
    "text",
    ["", "A post.", "3 or more", "3 days", "C++ & more", "50 % off!", 'It\'s so: "yes"', "Größe – «fein»", "a/b",
     "a # b", "a - b", "AT&T", "& so", "1 a", "~", "=", "(a)", "a@b.example", "https://a.example/b?c=d#e"],
)  # fmt: skip
def test_plain_text_is_plain(text):
    assert blocks.plain_fault(text, code=False) == blocks.plain_fault(text, code=True) == ""


@pytest.mark.parametrize("sign", list("[]{}<>|*\\_"))
def test_a_sign_that_markdown_or_html_reads_is_named(sign):
    for text in (f"a {sign} b", f"{sign}b", f"a{sign}"):
        assert blocks.plain_fault(text, code=False) == f"plain text; found `{sign}`"
        assert blocks.plain_fault(text, code=True).endswith(f"found `{sign}`")
        assert blocks.plain_fault(f"`{text}` a", code=True) == ""
        assert blocks.plain_fault(f"`{text}` a", code=False) != ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\nb", "a line break"),
        ("a `b", "a backtick without its partner"),
        ("a `b` c`", "a backtick without its partner"),
        ("a &amp; b", "the code of a character"),
        ("a &#91; b", "the code of a character"),
        ("&#x2f;", "the code of a character"),
        *((f"{head} a", f"starts with a word; found `{head} a`") for head in ("#", "##", "+", ":", "-", "1.", "12)")),
    ],
)
def test_what_is_more_than_text_is_named(text, words):
    assert words in blocks.plain_fault(text, code=True)


@pytest.mark.parametrize(
    "text",
    [
        "a `b\n\n<b>c</b>\n\nd` e",
        "a\r\r# b",
        "!!! note",
        '=== "Tab"',
    ],
)
def test_what_markdown_reads_as_more_than_text_is_refused(text):
    assert blocks.plain_fault(text, code=True)


def test_a_number_is_plain_text():
    assert blocks.plain_fault("1.5 metres", code=False) == ""


def test_only_text_with_code_may_hold_code():
    assert "a backtick" in blocks.plain_fault("a `b` c", code=False)
    assert blocks.plain_fault("a `b_*[]` c", code=True) == ""
    assert "with `code` in backticks" in blocks.plain_fault("a_b", code=True)


@cache
def parser():
    """Return Python-Markdown as the site uses it."""
    rows = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["markdown_extensions"]
    configs = {
        name: config or {} for row in rows for name, config in (row if isinstance(row, dict) else {row: {}}).items()
    }
    return markdown.Markdown(extensions=list(configs), extension_configs=configs)


signs = st.sampled_from(
    ["??? x", "~~~", "~~", "^^", "==x==", "http://a.example", "www.a.example", "a@b.example", "(c)", "--", "---",
     '"q"', "'", "$x$", ":smile:", "&", "&amp", "1)", "a)", "=", "% ", "@", ";", "~", "^", "`c_`", "``", "`", "/", "?",
     "C++", "A/B", "[", "]", "*", "_", "{", "}", "<b>", ">", "|", "\\", "#", "k: v", "&lt;", "&#91;", "word", "A", "5",
     "!", "..."]
)  # fmt: skip
lines = st.builds(
    lambda lead, parts: (lead + " ".join(parts)).strip(), st.sampled_from(LEADS), st.lists(signs, max_size=5)
)


@settings(max_examples=400)
@given(lines)
def test_text_that_is_plain_is_shown_to_the_letter(text):
    if not text or blocks.plain_fault(text, code=True):
        return
    parser().reset()
    page = BeautifulSoup(parser().convert(f"Before.\n\n{text}\n{{ .here }}\n\nAfter.\n"), "html.parser")
    (found,) = page.find_all("p", class_="here")
    assert " ".join(found.get_text().split()) == " ".join(text.replace("`", "").split())
    assert {tag.name for tag in found.find_all(True)} <= {"code"}
    assert [tag.get_text() for tag in page.find_all(True, recursive=False)] == ["Before.", found.get_text(), "After."]
