"""What stands where in a body, told against what Python-Markdown makes of the same text."""

import html
from random import Random

import pytest
from bodies import bodies, some_body, texts
from guidebook import markup, sources
from guidebook.markup import Kind
from hypothesis import given, settings
from rendering import Page, render


def rules(text):
    return {fault.rule for fault in markup.read(text, 1).faults}


def accepted(text):
    """Return the body of a text that a file may hold and that is read without a fault; None for another."""
    decoded = sources.decode(text.encode(), "a.md", sources.Sources("docs"))
    body = None if decoded is None else markup.read(decoded, 1)
    return body if body and not body.faults else None


def unescaped(targets):
    return {html.unescape(target) for target in targets}


def differences(body):
    """Say where the reading of a body and its rendering differ in a way that matters."""
    page = Page(render(body.text))
    found = list(page.unsafe)
    if page.headings != [f"h{heading.level}" for heading in body.headings]:
        found.append(f"headings {page.headings}")
    for kind, shown in ((Kind.LINK, page.links), (Kind.IMAGE, page.images)):
        noted = {mark.target for mark in body.marks if mark.kind is kind}
        found += [f"{kind} {target}" for target in shown if html.unescape(target) not in unescaped(noted)]
    if "--8<--" in "".join(page.prose) and not any(mark.kind is Kind.INCLUDE for mark in body.marks):
        found.append("an include is shown")
    return found


@settings(max_examples=150)
@given(bodies)
def test_what_is_accepted_renders_as_it_was_read(text):
    body = accepted(text)
    assert body is None or differences(body) == []


@pytest.mark.parametrize("seed", range(6))
def test_what_is_accepted_renders_as_it_was_read_thousands_of_times(seed):
    random = Random(seed)
    rendered = 0
    for _ in range(3_000):
        text = some_body(random)
        body = accepted(text)
        if body and body.text.strip():
            rendered += 1
            assert (differences(body), text) == ([], text)
    assert rendered > 300, "too few texts are accepted for this to say anything"


# Each of these was accepted once and rendered as something that had not been read.
@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("heading", "- # A heading in a list"),
        ("heading", "1. #no space"),
        ("heading", "١. # an Arabic digit makes a list"),
        ("heading", ">#quoted"),
        ("heading", ":   # in a definition"),
        ("heading", "[^a]:#in a footnote"),
        ("heading", "[^a]: > #in a quote in a footnote"),
        ("heading", "!!! note\n    #in a note"),
        ("heading", "> a\n> ---"),
        ("heading", ">\n-"),
        ("heading", "`code`\n---"),
        ("heading", "\\*\n==="),
        ("heading", "a | b\n---"),
        ("heading", "[a]\n-"),
        ("heading", "```\nx\n```\n---"),
        ("heading", "## Ends with a backslash\\"),
        ("heading", "## Ends with a hash #"),
        ("heading", "| a | b |\n|---|---|\n## a row"),
        ("braces", "*x*{onclick}"),
        ("braces", "[a](b.md){ onclick=x }"),
        ("braces", "a\n{: onclick=x }"),
        ("braces", "text {{ config }}"),
        ("braces", "{" + "a" * 300 + "=x}"),
        ("raw-html", "<1@b.example>"),
        ("raw-html", "<\n@b.example>"),
        ("raw-html", "<`a`@b.example>"),
        ("raw-html", "\\<script>alert(1)</script>"),
        ("raw-html", "<http://plain.example>"),
        ("raw-html", "<svg/onload=alert(1)>"),
        ("raw-html", "<https://a.example/[b](c)>"),
        ("comment", "<!-- who wrote this -->"),
        ("link-definition", "> [a]: javascript:x"),
        ("link-definition", "- [a]: javascript:x"),
        ("link-definition", "[a\nb]: javascript:x"),
        ("link-definition", "[a\\]: javascript:x"),
        ("abbreviation", "*[x] : y"),
        ("abbreviation", "- *[x]: y"),
        ("abbreviation", "*[a](b.md)\n[c]: d"),
        ("footnote", "> [^a]: x"),
        ("footnote", "[^a](https://a.example)"),
        ("footnote", "![^a]"),
        ("link-form", "\\\\[x\\\\](javascript:alert(1))"),
        ("link-form", "[](b.md)"),
        ("link-form", "[a][b]"),
        ("link-form", "[a](<b.md>)"),
        ("link-form", "[a](b 'title')"),
        ("link-form", '[a](b "c") d")'.replace("b ", "b  ")),
        ("brackets", "[a [b](c)](d)"),
        ("brackets", "[![a](b)](c)"),
        ("brackets", "text [TOC]"),
        ("brackets", "[x] not in a list"),
        ("brackets", "a ] b"),
        ("brackets", "[g04.2]"),
        ("brackets", "[G04.2 ]"),
        ("brackets", "[\uff27\uff10\uff14.2]"),
        ("brackets", "[g04-05]"),
        ("brackets", "[w02]"),
        ("brackets", "[No-Action]"),
        ("nesting", "- " * 9 + "x"),
        ("nesting", "> " * 5 + "x"),
        ("nesting", " " * 28 + "- x"),
        ("emphasis", "*" * 1001),
        ("paragraph-length", "\n".join(["a" * 1000] * 21)),
        ("indented-code", "a\n\n    [b](c.md)"),
        ("odd-space", "a\u00a0\nb"),
        ("odd-space", "- \u00a0# x"),
        ("odd-space", "\u202f"),
        ("tab", "a\tb"),
        ("code-fence", "- ```\n  x\n  ```"),
        ("code-fence", "> ~~~"),
        ("code-fence", "    ```"),
        ("code-fence", "```-\n<b>\n```"),
        ("code-fence", "```c++\n<b>\n```"),
        ("code-fence", "```py hl_lines=1\n<b>\n```"),
        ("code-fence", "```\nnever closed"),
        ("code-fence", "```\nx\n````\n```"),
        ("code-fence", "text\n```\nx\n```"),
        ("code-fence", "```\nx\n```\ntext"),
        ("code-fence", "```\u00a0\nx\n```"),
        ("code-span", "a ` b"),
        ("code-span", "``a`"),
        ("code-span", "`a``"),
        ("include", 'text --8<-- "x.md"'),
        ("include", 'text\n--8<-- "x.md"'),
        ("include", '- --8<-- "x.md"'),
        ("include", "-8< x"),
        ("admonition", "!!! md-header"),
        ("admonition", '!!! note inline "x"'),
        ("clause-form", "### G4.2 Text"),
        ("clause-form", "### G04.02 Text"),
        ("clause-form", "### G04.2: Text"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(rule, text):
    assert rule in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "A line of prose with *emphasis*, **more** and `code with <b> and {x}`.",
        "- a list\n- of [links](a.md) and [G04.1]\n\n    - one inside\n\n    and its text",
        "1. one\n2. two\n\n| a | b |\n|---|---|\n| `c|d` | e \\| f |",
        "Term\n:   Definition with <https://example.com/a?b=c&d=e#f>.",
        '!!! note "Title"\n\n    Text\n\n=== "One"\n\n    Text\n\n=== "Two"\n\n    Text',
        "Text[^a].\n\n[^a]: The footnote.\n\n    And more of it.",
        "```\n<b>{x}\n[a\n```\n\n~~~\n```\n~~~",
        "- [ ] a box\n- [x] ticked",
        "[G] and [a note] and [5] and [Yes] and \\[g04.2\\]",
        "5 < 6 and 7 > 3, a <= b, x << y, and <3.",
        "\\# no heading, \\[no link\\](a), \\{no braces\\}, \\` and \\\\",
        "## Heading with `code`, [G04.2] and C\\#\n\nText",
        '--8<-- "snippets/a.md"',
        "10\u00a0% of 5\u202fkm",
        "---\n\n***",
    ],
)
def test_what_people_write_is_accepted(text):
    body = markup.read(text, 1)
    assert body.faults == []
    assert differences(body) == []


@settings(max_examples=300)
@given(texts)
def test_any_text_is_read(text):
    body = markup.read(text, 7)
    lines = text.count("\n") + 1
    assert len(body.masked) == len(text)
    assert all(7 <= fault.line < 7 + lines and fault.message.endswith((".", ":", "]")) for fault in body.faults)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in body.marks)
    assert all(text[heading.start : heading.end].startswith("#") for heading in body.headings)
    assert [text[start] for start, end in body.fences] == [text[end - 1] for start, end in body.fences]


def test_marks_tell_what_they_are_and_where():
    text = '[a](b.md#c "T") ![d](e.png) [G04.2]\n[spam-redirect] x[^n] <https://f.example>\n\n[^n]: Note'
    marks = markup.read(text, 10).marks
    assert [(mark.kind.value, mark.target, mark.line) for mark in marks] == [
        ("link", "b.md#c", 10),
        ("image", "e.png", 10),
        ("reference", "G04.2", 10),
        ("reference", "spam-redirect", 11),
        ("footnote", "n", 11),
        ("link", "https://f.example", 11),
        ("footnote-text", "n", 13),
    ]
    assert [text[mark.start : mark.end] for mark in marks][:3] == ['[a](b.md#c "T")', "![d](e.png)", "[G04.2]"]


def test_nothing_in_code_or_escaped_counts():
    text = "`[a](b.md)` \\[G04.2\\] ``[^n] ` ``\n\n```\n[c](d.md)\n## E\n```"
    body = markup.read(text, 1)
    assert (body.marks, body.headings, body.faults) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "anchor", "clause"),
    [
        ("## What you can see", "what-you-can-see", None),
        ("### G04.2 A link", "g04-2", "G04.2"),
        ("## `code` & [link](a.md)", "code-link", None),
        ("## Größe", "groe", None),
        ("## G04-02 A case", "g04-02-a-case", None),
    ],
)
def test_a_heading_has_the_anchor_of_its_text_or_clause(text, anchor, clause):
    (heading,) = markup.read(text, 1).headings
    assert (heading.anchor, heading.clause) == (anchor, clause)
