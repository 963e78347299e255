"""A redline shows both texts whole: what is dropped from it leaves exactly the words of one of them."""

import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from guidebook import alignment, prose, redline
from hypothesis import example, given, settings
from hypothesis import strategies as st

BLOCKS = {"p", "h3", "h4", "h5", "ul", "ol", "li", "table", "tr", "td", "th", "blockquote", "pre", "div"}
INLINE = {"code", "strong", "em", "a", "span", "ins", "del", "br"}
TAGS = BLOCKS | INLINE | {"thead", "tbody"}
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

NAMES = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "must", "not", "may"]


def spans():
    """Yield pieces of a line as Markdown, each with its words."""
    for place, name in enumerate(NAMES):
        two, sign = [name, NAMES[place * 3 % 10]], ["", ",", ".", ":"][place % 4]
        yield name, [name]
        yield f"{name}{sign}", [name, *sign]
        yield " ".join([name, str(place), two[1]]) + sign, [name, str(place), two[1], *sign]
        for left, right in (("**", "**"), ("*", "*"), ("***", "***"), ("[", "](a.md)"), ("[", "](https://c.example/)")):
            yield left + " ".join(two) + right + sign, [*two, *sign]
        yield f"`{name}`{sign}", [name, *sign]
        yield f"[{name}](b.md)", [name]
    for name in ("G04.2", "spam-redirect", "W02", "G04-02"):
        yield f"[{name}]", TOKEN.findall(name)
        yield f"[{name}]:", [*TOKEN.findall(name), ":"]


PLAIN = st.sampled_from(NAMES)
LINE = st.lists(st.sampled_from(list(spans())), min_size=1, max_size=5).map(
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
    title, body = draw(LINE), draw(documents(inner, 3))
    kind = draw(st.sampled_from(["!!!", "===", "///", ">", "html"]))
    if kind == ">":
        return "\n".join(f"> {line}".rstrip() for line in body[0].split("\n")), body[1]
    if kind in {"html", "///"}:
        strokes = "/" * draw(st.integers(3, 6))
        while strokes in [line.strip(" >") for line in body[0].split("\n")]:
            strokes += "/"
        head = "html | div" if kind == "html" else f"admonition | {title[0]}"
        words = body[1] if kind == "html" else title[1] + body[1]
        return f"{strokes} {head}\n    type: withheld\n\n{body[0]}\n\n{strokes}", words
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
NESTED = st.recursive(SIMPLE, lambda inner: st.one_of(lists(inner), boxes(inner)), max_leaves=4)
BLOCK = st.one_of(NESTED, SIMPLE, lists(lists(LINE)), lists(LINE))


@st.composite
def changed(draw):
    """Return two texts of which the second has blocks and words of the first, in part elsewhere; and their words."""
    before = draw(st.lists(BLOCK, max_size=5))
    after = []
    for text, words in before:
        fate = draw(st.sampled_from(["stay", "stay", "go", "new", "word", "word", "twice"]))
        names = sorted({word for word in words if word.isalpha() and len(word) > 2} - {"spam"})
        if fate == "word" and names:
            old, new = draw(st.sampled_from(names)), draw(PLAIN)
            after.append((re.sub(rf"\b{old}\b", new, text), [new if word == old else word for word in words]))
        after += {"stay": [(text, words)], "twice": [(text, words)] * 2, "new": [draw(BLOCK)]}.get(fate, [])
    if draw(st.booleans()):
        after = draw(st.permutations(after))
    return tuple(
        ("\n\n".join(text for text, _ in found), [word for _, words in found for word in words])
        for found in (before, after)
    )


PARTS = [
    *"`*_[]()|-#>:!/= \n{}<&\\\"'a1.^~\t\x01\x0b\u2028",
    "- ",
    "  ",
    "|-|\n",
    "<script>",
    "**",
    "\n\n",
    "\n/// a",
    "\n!!! a",
]
HOSTILE = st.lists(st.sampled_from(PARTS), max_size=50).map("".join) | st.text(max_size=40)


# What holds for all texts.


@settings(max_examples=1200)
@given(changed())
def test_a_redline_holds_both_texts(texts):
    (before, old), (after, new) = texts
    found = page(before, after)
    assert later(found) == new
    assert earlier(found) == old
    is_legal(found)


@settings(max_examples=250)
@given(documents(BLOCK, 4), documents(BLOCK, 4))
def test_two_texts_with_nothing_in_common_are_both_shown(one, other):
    found = page(one[0], other[0])
    assert (earlier(found), later(found)) == (one[1], other[1])
    is_legal(found)


@settings(max_examples=250)
@given(documents(BLOCK, 5))
def test_what_did_not_change_is_not_marked(text):
    assert marks(page(text[0], text[0])) == []
    assert redline.text(text[0], text[0]) == ""
    assert redline.words(text[0], text[0]) == []


@settings(max_examples=250)
@given(documents(BLOCK, 3))
def test_a_text_that_came_or_went_is_marked_whole(text):
    assert earlier(page("", text[0])) == later(page(text[0], "")) == []
    assert later(page("", text[0])) == earlier(page(text[0], "")) == text[1]


@settings(max_examples=600)
@given(HOSTILE, HOSTILE)
@example("<script>alert(1)</script>", "<img src=x onerror=y> & &amp; ]]> --> <!--")
@example("```\nx\n", "```\nx\n\x0b y")
@example("|a|b|\n|-|-|\n" + "|" * 500, "[" * 500)
@example("- " * 400 + "a", "> " * 400 + "a")
@example("/// html | div\n" * 200, "!!! note\n    !!! note\n        x")
def test_hostile_text_breaks_nothing(before, after):
    found = page(before, after)
    is_legal(found)
    assert later(found) == later(page(after, after))
    assert earlier(found) == later(page(before, before))
    assert marks(page(after, after)) == []
    redline.text(before, after)
    redline.words(before, after)


def counted(text):
    return Counter(TOKEN.findall(text))


@settings(max_examples=400)
@given(changed())
def test_edits_account_for_every_word(texts):
    (before, old), (after, new) = texts
    targets = re.compile(r"(?<=\]\()[^)]*")
    found = redline.words(targets.sub("a.md", before), targets.sub("a.md", after))
    went = sum((counted(edit.deleted) for edit in found if edit.deleted != "a.md"), Counter())
    came = sum((counted(edit.inserted) for edit in found if edit.inserted != "a.md"), Counter())
    assert Counter(old) + came == Counter(new) + went
    assert all(edit.deleted or edit.inserted for edit in found)
    assert not any(re.search(r"[*`<>]|\]\(", edit.deleted + edit.inserted) for edit in found)


@settings(max_examples=400)
@given(changed())
def test_a_terminal_shows_each_change(texts):
    (before, _), (after, _) = texts
    shown, found = redline.text(before, after, 60), page(before, after)
    assert marks(found) or not shown
    if [*found.iter("ins"), *found.iter("del")]:
        assert re.search(r"\[-|\{\+|\{~|moved", shown)


SHORT = st.lists(st.sampled_from("abc"), max_size=12)


def longest(one, other):
    """Return the length of a longest common subsequence, by its definition."""
    best = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for row, a in enumerate(one):
        for column, b in enumerate(other):
            best[row + 1][column + 1] = max(best[row][column] + (a == b), best[row][column + 1], best[row + 1][column])
    return best[-1][-1]


@settings(max_examples=1000)
@given(SHORT, SHORT)
def test_a_common_subsequence_is_a_longest_one(one, other):
    found = alignment.common(one, other)
    assert [one[row] for row, _ in found] == [other[column] for _, column in found]
    assert found == sorted(found)
    assert len({row for row, _ in found}) == len({column for _, column in found}) == len(found)
    assert len(found) == longest(one, other)


@settings(max_examples=1000)
@given(SHORT, SHORT)
def test_words_are_paired_whole_and_in_order(one, other):
    before, after = ([prose.Word(text, " ") for text in some] for some in (one, other))
    found = alignment.words(before, after)
    assert [pair.before for pair in found if pair.before] == before
    assert [pair.after for pair in found if pair.after] == after
    assert all(pair.before.text == pair.after.text for pair in found if pair.same)


# What a reader sees, on texts of a line.


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("A is bad. B is bad. C is bad.", "A is bad. C is bad.", "A is bad. [-B is bad.-] C is bad."),
        ("You must hide the post.", "You may see the pin.", "You [-must hide the post-] {+may see the pin+}."),
        ("Label it 1 of 2.", "Label it 3 of 4.", "Label it [-1-] {+3+} of [-2-] {+4+}."),
        ("It is not spam.", "It is spam.", "It is [-not-] spam."),
        ("See `a b`.", "See `a c`.", "See [-a b-] {+a c+}."),
        ("See [G04.2].", "See [G04.3].", "See [-G04.2-] {+G04.3+}."),
        ("See [it](a.md).", "See [it](b.md).", "See it {~link [-a.md-] {+b.md+}~}."),
        ("See it.", "See [it](b.md).", "See it {~link {+b.md+}~}."),
        ("See *it*.", "See it.", "See it {~no longer italic~}."),
        ("See spam-redirect.", "See [spam-redirect].", "See spam-redirect {~now a reference~}."),
        ("1,000 saves", "10,000 saves", "[-1,000-] {+10,000+} saves"),
        ("A link,a post", "A link, a post", ""),
        ("- a post\n- a link", "* a post\n\n* a link", ""),
    ],
)  # fmt: skip
def test_words_are_shown(before, after, shown):
    assert redline.text(before, after) == shown


def test_an_edit_stands_between_its_neighbours():
    before = "Label it when the count of redirects is four or more. Do so at once, always."
    [edit] = redline.words(before, before.replace("four", "three"))
    assert edit == redline.Edit("four", "three", "when the count of redirects is", "or more. Do so at once,")
    assert redline.words(f"- {before}\n- b", "- b") == [redline.Edit(before, "", "", "")]


def test_an_edit_in_a_table_stands_between_the_cells_beside_it():
    table = "| Label | Use |\n|---|---|\n| [no-action] | four redirects |"
    assert redline.words(table, table.replace("four", "three")) == [
        redline.Edit("four", "three", "no-action", "redirects")
    ]
    assert redline.words(table, f"{table}\n| a | b c |")[0].inserted == "a b c"


def test_a_target_that_changed_is_an_edit_and_other_type_is_none():
    assert redline.words("See [it](a.md) now.", "See [it](b.md) now.") == [redline.Edit("a.md", "b.md", "See", "now.")]
    assert redline.words("See it.", "See **it**.") == []


ITEMS = [
    "The page forces a download",
    "A reader may ask for help",
    "Count every redirect once",
    "It comes at the end of all",
]


def items(*order):
    return "\n".join(f"- {ITEMS[place]}" for place in order)


def test_an_item_that_moved_is_marked_at_both_places():
    found = page(items(0, 1, 2, 3), items(3, 0, 1, 2))
    assert [one.get("class") for one in found.iter("li")] == ["gb-moved-to", None, None, None, "gb-moved-from"]
    assert redline.words(items(0, 1, 2, 3), items(3, 0, 1, 2)) == []


def test_moves_are_numbered_when_there_are_several():
    said = ["".join(one.itertext()) for one in page(items(0, 1, 2, 3), items(3, 2, 1, 0)).iter("span")]
    assert len(said) == 6
    assert sorted(name[-3:] for name in said) == ["(1)", "(1)", "(2)", "(2)", "(3)", "(3)"]


def test_what_moved_and_changed_a_little_shows_both():
    after = items(3, 0, 1, 2).replace("comes", "stands")
    found = page(items(0, 1, 2, 3), after)
    [moved] = [one for one in found.iter("li") if one.get("class") == "gb-moved-to"]
    assert [(one.tag, one.text) for one in moved if one.tag != "span"] == [("del", "comes"), ("ins", "stands")]
    assert [(edit.deleted, edit.inserted) for edit in redline.words(items(0, 1, 2, 3), after)] == [("comes", "stands")]


def test_the_likest_item_is_the_same_item():
    before = "- k l m n\n- one two three four\n- u v w"
    after = "- k l m o\n- one two three four five six seven eight\n- one two three four\n- u v x"
    same = [one for one in page(before, after).iter("li") if "".join(one.itertext()) == "one two three four"]
    assert [marks(one) for one in same] == [[]]


def test_few_words_are_no_move():
    found = page("- one two\n- three four five six\n- seven", "- three four five six\n- seven\n- one two")
    assert not [one for one in found.iter() if "moved" in one.get("class", "")]


def test_a_row_that_moved_has_its_cells_below_their_columns():
    before = "| A | B |\n|-|-|\n| one two | three four |\n| other words | stand in here |\n| last | row of it |"
    after = "| A | C | B |\n|-|-|-|\n| other words | x | stand in here |\n| last | y | row of it |\n"
    after += "| one two | z | three four |"
    rows = [[("".join(cell.itertext()), cell.get("class")) for cell in row] for row in page(before, after).iter("tr")]
    assert rows[0] == [("A", None), ("C", "gb-ins"), ("B", None)]
    assert rows[1] == [("moved down one two", None), ("", None), ("three four", None)]
    assert rows[-1] == [("moved here one two", None), ("z", "gb-ins"), ("three four", None)]


def test_a_row_that_moved_and_changed_has_a_cell_for_each_column():
    head, some = "| A | B |\n|-|-|\n", "| other words | stand |\n| in the rows | here |\n"
    before = f"{head}| one two three four five | old |\n{some}"
    after = f"{head}{some}| one two three four five | new |"
    found = page(before, after)
    is_legal(found)
    assert ["".join(cell.itertext()) for cell in list(found.iter("tr"))[-1]][1] == "old new"


def test_a_row_is_not_moved_to_a_table_with_other_columns():
    long, row = "This sentence stands between the two tables, and it is long.", "one two three four five"
    one, other = f"| A | B |\n|-|-|\n| here | x |\n| {row} | x |", "| C |\n|-|\n| there |"
    before = f"{one}\n\n{long}\n\n{other}"
    after = f"| A | B |\n|-|-|\n| here | x |\n\n{long}\n\n| C | D | E |\n|-|-|-|\n| there | | |\n| {row} | y | x |"
    found = page(before, after)
    is_legal(found)
    assert [tr.get("class") for tr in found.iter("tr") if tr.get("class")] == ["gb-del", "gb-ins"]


def test_what_left_its_list_is_marked_as_moved():
    found = page("- Count every redirect once\n\ntext", "text\n\nCount every redirect once")
    assert [one.get("class") for one in found.iter("p")] == ["gb-moved-from", None, "gb-moved-to"]


def test_lines_of_an_item_may_be_joined_without_a_paragraph():
    parted, joined = "- one two three\n  *[x]: y\n  four five six", "- one two three four five six"
    for before, after in ((parted, joined), (joined, parted)):
        found = page(before, after)
        is_legal(found)
        assert (earlier(found), later(found)) == (TOKEN.findall(joined[2:]),) * 2


def test_columns_are_known_by_their_heading():
    before, after = "| A | B |\n|-|-|\n| x | y |", "| B | A |\n|-|-|\n| y | x |"
    found = page(before, after)
    assert later(found) == ["B", "A", "y", "x"]
    assert "y" in [cell.text for cell in found.iter("td")], "the column that stays is not marked"
    renamed = page("| A | Use |\n|-|-|\n| x | long text of it |", "| A | When |\n|-|-|\n| x | long text of it |")
    assert [len(row) for row in renamed.iter("tr")] == [2, 2]


def test_a_paragraph_that_was_split_is_not_deleted():
    found = page(
        "One sentence stands here. Another one follows it.", "One sentence stands here.\n\nAnother one follows it."
    )
    assert [one.text for one in marks(found)] == ["\u00b6"]
    assert len(list(found.iter("p"))) == 2


def test_items_keep_the_numbers_of_their_text():
    found = page("3. one thing\n4. two things\n5. three things", "3. one thing\n4. three things")
    assert [(one.get("value"), one.get("class")) for one in found.iter("li")] == [
        ("3", None),
        ("4", "gb-del"),
        ("4", None),
    ]
    found = page("1. one thing\n2. two times\n3. three ways", "1. new\n2. one thing\n3. three ways")
    assert [one.get("value") for one in found.iter("li")] == ["1", "2", "2", "3"]


def test_links_are_asked_for_ids_and_for_targets():
    asked = []
    shown = redline.html("", "[G04.2], [no-action], [x](a.md), `[W02]`, \\[W03] and [^a]", asked.append)
    assert asked == ["G04.2", "no-action", "a.md"]
    assert "<a" not in shown
    shown = redline.html("", "[G04.2] [x](a.md)", lambda one: f'/?a&b="{one}"')
    assert [one.get("href") for one in ET.fromstring(shown).iter("a")] == ['/?a&b="G04.2"', '/?a&b="a.md"']


def test_what_the_build_writes_for_itself_is_no_text():
    before = "[a](b.md){ .label } text\n{ .gb-facts }\n\n*[term]: A meaning"
    assert redline.text(before, before.replace("label", "clause").replace("meaning", "word")) == ""
    assert [word.text for word in prose.read(before).words] == ["a", "text"]


def test_nothing_is_lost_below_the_deepest_level():
    deep = "\n".join("  " * depth + f"- w{depth}" for depth in range(120))
    assert later(page("", deep))[-1] == "w119"
    usual = "\n".join("> " + "    " * depth + f"- w{depth}" for depth in range(12))
    assert len(list(page("", usual).iter("ul"))) == 12


@pytest.mark.parametrize(
    ("text", "inside"),
    [("```\n///\n```\n\n/// html | div\n\n```\na\n///\n```\n\nb\n\n///\n\nc", "a///b"), ("/// note | a\n\nb c", "abc")],
)
def test_a_box_ends_at_its_own_line(text, inside):
    [_, box] = page("", text).iter("div")  # the first is around all
    assert "".join(left(box, (), set())) == inside
    assert later(page("", text))[-1] == "c"


def test_tabs_terms_footnotes_and_boxes_to_tick_are_text():
    text = '- [ ] a\n- [x] b\n\n=== "T"\n\n    c\n\nD\n:   e\n\nf[^g]\n\n[^g]: h\n\n!!! note\n    i\n\n> j'
    words = [word.text for word in prose.read(text).words]
    assert words == ["\u2610", "a", "\u2611", "b", "T", "c", "D", "e", "f", "[^g]", "[^g]", "h", "Note", "i", "j"]


def test_a_sign_of_control_is_replaced():
    assert "\ufffd" in redline.html("", "a \x01 b", link)


def test_of_many_blocks_those_that_did_not_change_are_found_first():
    some = [f"word{place} text{place} more{place}" for place in range(220)]
    other = ["other words here", *some[1:80], "new words there", *some[80:100], *some[101:-1], f"{some[-1]} and on"]
    found = page("\n\n".join(some), "\n\n".join(other))
    assert (earlier(found), later(found)) == (" ".join(some).split(), " ".join(other).split())
    assert [one.get("class") for one in found if one.get("class")] == ["gb-del", "gb-ins", "gb-ins", "gb-del"]


def test_long_texts_are_compared_without_end():
    one, other = ("a b " * 4000, "b a b " * 4000)
    assert later(page(one, other)) == other.split()
    rows = "|a|b|\n|-|-|\n" + "\n".join(f"|{place}|x|" for place in range(600))
    assert marks(page(rows, rows.replace("|599|x|", "|599|y|")))
    assert len(marks(page("\n\n".join("abc"), "\n\n".join("abd")))) == 4
