"""Texts for tests that must hold for every text: Markdown and YAML as people, editors and attackers write them."""

from random import Random

from hypothesis import strategies as st

AUDIENCES = frozenset({"internal", "external"})
FRONT = """---
id: a-page
type: page
title: A page
summary: A page.
audience: external
owner: Quality
status: in-force
valid_from: 2026-01-01
review_by: 2027-01-01
---
"""

LEADS = ("", "", "", "", "    ", "> ", ">", "- ", "* ", "1. ", "١. ", "2) ", "  ", "        ", "   ", ":   ", ": ",
         "[^a]: ", "[^a]:", "- [ ] ", "+ ", "> - ", "- > ", "!!! note", '=== "t"', "    - ", "10. ", " - ", "-", "- - ",
         "!!! ", "??? note", "|", "# ", "## ", "### G04.1 ", "#", "    #", "\u00a0", "*[x]: ", "[x]: ",
         "[a] : ")  # fmt: skip
INLINE = ("", "a", "b c", " ", "  ", "**x**", "*y*", "_z_", "`c`", "``d ` e``", "[a](b.md)", "![i](j.png)", "[G04.1]",
          "[^a]", "[^a](b)", "<https://e.example/f>", "<http://e.example>", "\\*", "\\[", "\\]", "\\\\", "\\`", "\\(",
          "\\!", "\\<", "\\#", "\\", "!", "[x]", "[q r]", "[TOC]", "(b)", "(javascript:x)", "](javascript:x)", "[", "]",
          "(", ")", "<", ">", "@", "<1@b.example>", "<a@b.example>", "1", "&lt;", "&#91;", "&#x2f;", "&sol;", "&", ":",
          '"t"', "'", "|", "\\|", "#", "=", "-", "--", "_", "*", "~", "/", "//", "///", "\u00a0", "\u202f", "é", "ſ",
          "İ", "%", "{", "}", "{onclick}", "{: onclick=x }", "{ #x }", "{{ x }}", "onclick", "www.a.example", "  \n",
          "^", "..", "`", "```", "~~~", "<b>", "</b>", "<script>", "<!--", "-->", "<?x", "<!X", "javascript:", "\t",
          "--8<--", '--8<-- "x.md"', "wzxhzdk:0", "|---|", ":-:", "---", "===", "***", "___", "/// internal",
          "/// note", "\u2028", "\x0b")  # fmt: skip
BLOCKS = ("```\n<b>[a](x)</b>\n```", "~~~\n```\n~~~", "```py\n///\n```", "```{ .markdown .example }\n///\n```",
"```\nx",
          "/// internal\n    reason: signal\n\nx\n///", "/// effective\n    from: 2026-01-01\n\n- x\n///", "///",
          "| a | b |\n|---|---|\n| c | `d|e` |", "a | b\n---|---\nc | [d](e.md)", "a\n:   b", "[^a]: note\n\n    more",
          '!!! note "t"\n\n    x', '=== "t"\n\n    y', "## H", "### G04.1 Foo", "- a\n\n    b\n\n    - c", "1. a\n2. b",
          "> q\n> r", "---", "***", '--8<-- "x.md"', "text\nmore", "text\n---", "> a\n> ===", "    code", "- # h",
          "> # h", "[^b]:#h", "*[a\nb]: c", "[a\nb]: javascript:x", "[a]:\nx", "<div>\nx\n</div>", "- ```\n  x\n  ```",
          "a|\n-", "## a\\", "## a #", "#a", "!!! md-header", "- " * 9 + "x", "> " * 5 + "x")  # fmt: skip

rows = st.builds(
    lambda lead, parts: lead + "".join(parts), st.sampled_from(LEADS), st.lists(st.sampled_from(INLINE), max_size=6)
)
pieces = st.one_of(rows, rows, rows, st.sampled_from(BLOCKS))
gaps = st.sampled_from(["\n\n", "\n\n", "\n\n", "\n", "\n", "\n    ", "\n  \n"])
bodies = st.lists(st.tuples(pieces, gaps), max_size=7).map(lambda found: "".join(piece + gap for piece, gap in found))


def some_body(random: Random) -> str:
    """Return one such body much faster than Hypothesis draws it, for sweeps over thousands."""
    parts = []
    for _ in range(random.randint(1, random.choice((2, 4, 7)))):
        row = random.choice(LEADS) + "".join(random.choice(INLINE) for _ in range(random.randint(0, 6)))
        parts += [row if random.random() < 0.75 else random.choice(BLOCKS)]
        parts += [random.choice(("\n\n", "\n\n", "\n\n", "\n", "\n", "\n    ", "\n  \n"))]
    return "".join(parts)


# Any text at all, leaning to the signs that mean something.
texts = st.one_of(
    bodies,
    st.text(max_size=200),
    st.text("/`~[](){}<>!*_#-=+.:|&;\"'\\ \n\tax1\u00a0\u0430\u200b\uff0f\0", max_size=200),
)
yaml_texts = st.one_of(
    st.text(max_size=200),
    st.text("-:?[]{},&*!|>'\"%@`#~<=. \n\tax019\u0085\u2028", max_size=120),
    st.lists(
        st.sampled_from(
            ["id", "type", "title", "audience", "extra", "editions", ": ", ":", "- ", "\n", "\n  ", "\n    ", "page",
            "[", "]",
             "{", "}", "&a ", "*a", "!!int ", "<<: ", "2026-02-30", "2026-11-23", "no", "0x1f", "1:2:3", "1e999",
             ".nan",
             "9" * 5000, "0001-01-01T00:00:00+23:00", "2026-01-01 25:61:00", "'", '"', "\\x", "|", ">", "? ", "---",
             "...",
             "%YAML 1.1", "=", "~", "\t", "\0", "\ud800", "\ufeff"]
        ),
        max_size=25,
    ).map("".join),
)  # fmt: skip
