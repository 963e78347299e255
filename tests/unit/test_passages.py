"""Passages: what is withheld is not there, in whatever it stands; what is unclear is refused."""

import datetime as dt
from random import Random

import pytest
from bodies import AUDIENCES, FRONT, some_body, texts
from guidebook import markup, passages
from guidebook.documents import Reader, read
from guidebook.sources import Sources, TextFile, decode
from hypothesis import given, settings
from rendering import Page, render

DAY = dt.date(2026, 11, 23)
OUTSIDER = Reader(frozenset({"external"}), DAY)
OPENERS = ("/// internal\n    reason: signal\n\n", "/// internal\n    reason: signal\n    recheck: 2027-01-01\n\n",
           "//// internal\n    reason: legal\n\n", "/// effective\n    from: 2027-01-01\n\n",
           "/// effective\n    until: 2026-11-23\n\n", "/// external\n    reason: legal\n\n", "/// Internal\n\n",
           "///internal\n\n", "    /// internal\n\n", "- /// internal\n\n", "\u2014 internal\n\n")  # fmt: skip
CLOSERS = (
    "\n///\n\n",
    "\n\n///\n\n",
    "\n////\n\n",
    "\n/// \n\n",
    "\n ///\n\n",
    "\n//\n\n",
    "\n/ / /\n\n",
    "\n",
    "\n///\n",
)


def parts(text):
    """Return the passages and the rules a body breaks."""
    body = markup.read(text, 1)
    found, faults = passages.read(body, AUDIENCES)
    return body, found, {fault.rule for fault in [*body.faults, *faults]}


def tagged(random):
    """Return a text of marked and unmarked parts; every word a person would take for withheld is `SECRET`."""
    made, depth = [], 0
    for _ in range(random.randint(1, 5)):
        if depth and random.random() < 0.6:
            made.append(CLOSERS[0] if random.random() < 0.8 else random.choice(CLOSERS))
            depth -= 1
        elif random.random() < 0.5:
            made.append("\n\n" + (random.choice(OPENERS[:5]) if random.random() < 0.8 else random.choice(OPENERS)))
            depth += 1
        piece = some_body(random)
        while random.random() < 0.95 and parts(piece)[2]:
            piece = some_body(random)
        piece = piece.replace("///", "/-/")
        made.append(f"\n\nSECRET {piece}\n\nSECRET\n" if depth else f"\n\n{piece}\n")
    return "".join([*made, CLOSERS[0] * depth])


@pytest.mark.parametrize("seed", range(6))
def test_no_withheld_word_is_ever_shown(seed):
    random = Random(seed)
    withheld = 0
    for _ in range(600):
        text = decode((FRONT + "\nText.\n\n" + tagged(random)).encode(), "a.md", Sources("docs"))
        document, faults = read(TextFile("a.md", text), AUDIENCES) if text else (None, [])
        if document is None or faults:
            continue
        shown = document.visible_text(OUTSIDER)
        if any(OUTSIDER.may_read_passage(one) for one in document.passages):
            continue  # some of what is marked may be shown
        withheld += bool(document.passages)
        page = Page(render(shown))
        assert "SECRET" not in shown, text
        assert "///" not in "".join(page.prose), text
        assert len(page.headings) == len(document.visible_headings(OUTSIDER)), text
    assert withheld > 20, "too few texts are accepted for this to say anything"


def _inside(one, other):
    return other.start <= one.start and one.end <= other.end


@settings(max_examples=300)
@given(texts)
def test_any_text_is_read_and_passages_nest(text):
    body = markup.read(text, 5)
    found, faults = passages.read(body, AUDIENCES)
    assert all(5 <= fault.line <= 5 + text.count("\n") for fault in faults)
    for one in found:
        assert one.start < one.inner[0] <= one.inner[1] < one.end
        assert text[one.start : one.end].startswith("///")
        assert text[one.start : one.end].endswith("///")
        assert one.start in body.starts
        assert text[one.end : one.end + 1] in {"", "\n"}
        for other in found:
            assert one.end <= other.start or other.end <= one.start or _inside(one, other) or _inside(other, one)


def test_a_passage_is_read_with_its_options_and_place():
    text = "A\n\n/// internal\n    reason: signal\n    recheck: 2027-03-01\n\nB\n///\n\nC"
    _, (found,), rules = parts(text)
    assert rules == set()
    assert (found.name, found.reason, found.recheck) == ("internal", "signal", dt.date(2027, 3, 1))
    assert (found.line, found.last_line) == (3, 8)
    assert text[: found.start] + text[found.end :] == "A\n\n\n\nC"
    assert text[slice(*found.inner)].strip() == "B"


def test_passages_nest_with_fewer_slashes_inside():
    text = "//// internal\n    reason: signal\n\nA\n\n/// effective\n    from: 2026-12-01\n\nB\n///\n\nC\n////"
    _, found, rules = parts(text)
    assert rules == set()
    assert [one.name for one in found] == ["internal", "effective"]
    assert _inside(found[1], found[0])


def test_of_passages_in_each_other_the_outer_is_cut_once():
    inner = "/// effective\n    from: 2027-01-01\n\nB\n///"
    text = f"A\n\n//// internal\n    reason: signal\n\n{inner}\n\nC\n////\n\n{inner}\n\nD\n"
    document, faults = read(TextFile("a.md", FRONT + text), AUDIENCES)
    assert faults == []
    assert len(document.withheld(OUTSIDER)) == 2
    assert document.visible_text(OUTSIDER).split() == ["A", "D"]
    assert document.visible_text(Reader(None, DAY)).count("B") == 0


def test_of_what_is_withheld_some_is_coming_some_is_for_others_and_the_rest_is_unseen():
    later, over = "/// effective\n    from: 2027-01-01\n\nB\n///", "/// effective\n    until: 2026-11-23\n\nC\n///"
    staff = f"//// internal\n    reason: signal\n\n{later}\n\nD\n////"
    both = later.replace("///", "////").replace("B", "E\n\n/// internal\n    reason: signal\n\nF\n///")
    document, faults = read(TextFile("a.md", f"{FRONT}A\n\n{later}\n\n{over}\n\n{staff}\n\n{both}\n"), AUDIENCES)
    assert faults == []

    def letters(spans):
        return ["".join(letter for letter in "ABCDEF" if letter in document.body.text[a:b].split()) for a, b in spans]

    def all_of(reader):
        boxes = [(one.start, one.end) for one in document.coming(reader)]
        found = (document.withheld(reader), document.unseen(reader), document.forbidden(reader), boxes)
        return [letters(spans) for spans in found]

    assert all_of(OUTSIDER) == [["B", "C", "BD", "EF"], ["C", "BD", "F"], ["BD", "F"], ["B", "EF"]]
    assert all_of(Reader(None, DAY)) == [["B", "C", "B", "EF"], ["C"], [], ["B", "B", "EF"]]
    assert all_of(OUTSIDER.on(dt.date(2027, 1, 1))) == [["C", "BD", "F"], ["C", "BD", "F"], ["BD", "F"], []]


@pytest.mark.parametrize(
    ("offset_of", "days"),
    [
        ("A", (dt.date.min, dt.date.max)),
        ("B", (dt.date(2027, 1, 1), dt.date.max)),
        ("C", (dt.date.min, dt.date(2026, 11, 23))),
        ("D", (dt.date(2026, 1, 1), dt.date(2026, 2, 1))),
    ],
)
def test_text_holds_on_the_days_of_the_dated_passage_around_it(offset_of, days):
    options = {
        "B": "    from: 2027-01-01\n",
        "C": "    until: 2026-11-23\n",
        "D": "    from: 2026-01-01\n    until: 2026-02-01\n",
    }
    inner = "/// internal\n    reason: signal\n\n{}\n///"
    parts = [f"//// effective\n{option}\n{inner.format(name)}\n////" for name, option in options.items()]
    document, faults = read(TextFile("a.md", FRONT + "\n\n".join(["A", *parts]) + "\n"), AUDIENCES)
    assert faults == []
    assert document.days(document.body.text.index(offset_of)) == days


@pytest.mark.parametrize(("since", "until", "holds"), [
    ("2026-11-23", "", True), ("2026-11-24", "", False), ("", "2026-11-24", True), ("", "2026-11-23", False),
    ("2026-11-01", "2026-11-24", True), ("2026-11-01", "2026-11-23", False),
])  # fmt: skip
def test_a_dated_passage_holds_from_its_first_day_to_the_day_before_until(since, until, holds):
    options = "".join(f"    {key}: {day}\n" for key, day in (("from", since), ("until", until)) if day)
    _, (found,), rules = parts(f"/// effective\n{options}\nA\n///")
    assert rules == set()
    assert found.in_force(DAY) is holds


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("passage-balance", "/// internal\n    reason: signal\n\nA"),
        ("passage-balance", "A\n\n///"),
        ("passage-balance", "/// internal\n    reason: signal\n\nA\n///\n\nB\n\n///"),
        ("passage-balance", "/// internal\n    reason: signal\n\nA\n////"),
        ("passage-balance", "//// internal\n    reason: signal\n\nA\n///"),
        ("passage-balance", "/// internal\n    reason: signal\n\n/// external\n    reason: legal\n\nA\n///\n\n///"),
        ("passage-balance", "/// internal\n    reason: signal\n\n//// external\n    reason: legal\n\nA\n////\n\n///"),
        ("passage-balance", "//// internal\n    reason: signal\n\n/// internal\n    reason: legal\n\nA\n///\n\n////"),
        ("passage-balance", "//// internal\n    reason: signal\n\n/// external\n    reason: legal\n\nA\n////"),
        ("passage-spacing", "A\n/// internal\n    reason: signal\n\nA\n///"),
        ("passage-spacing", "/// internal\n    reason: signal\n\nA\n///\nB"),
        ("passage-empty", "/// internal\n    reason: signal\n\n///"),
        ("passage-option", "/// internal\n\nA\n///"),
        ("passage-option", "/// internal\n    reason: because\n\nA\n///"),
        ("passage-option", "/// internal\n    reason: [signal]\n\nA\n///"),
        ("passage-option", "/// internal\n    reason: signal\n    recheck: soon\n\nA\n///"),
        ("passage-option", "/// internal\n    reason: signal\n    recheck: 2027-02-30\n\nA\n///"),
        ("passage-option", "/// internal\n    reason: signal\n    recheck: 2027-02-01 10:00:00\n\nA\n///"),
        ("passage-option", "/// internal\n    reason: signal\n    until: 2027-02-03\n\nA\n///"),
        ("passage-option", "/// internal\n    reason: signal\n    reason: legal\n\nA\n///"),
        ("passage-option", "/// internal\n    reason: &a signal\n\nA\n///"),
        ("passage-option", "/// effective\n\nA\n///"),
        ("passage-option", "/// effective\n    reason: signal\n\nA\n///"),
        ("dates-in-order", "/// effective\n    from: 2026-12-01\n    until: 2026-12-01\n\nA\n///"),
        ("passage-in-code", "```\n/// internal\n```"),
        ("passage-in-code", "```text\n///\n```"),
        ("passage-in-code", "`/// internal`"),
        ("passage-spelling", "/// partners\n\nA"),
    ],
)
def test_what_is_unclear_is_refused(rule, text):
    assert rule in parts(text)[2]


def test_an_example_may_show_a_passage():
    text = "```{ .markdown .example }\n/// internal\n    reason: signal\n\nA\n///\n```"
    assert parts(text)[1:] == ([], set())


@pytest.mark.parametrize("text", [
    "/// Internal\n    reason: signal\n\nA\n///",
    "/// internal\n    reason: signal\n\nA\n/// end",
    "/// internal\n    reason: signal\n\nA\n ///",
    "/ / / internal\n\nA\n///",
    "- /// internal\n\nA\n\n///",
])  # fmt: skip
def test_one_misspelt_marker_is_one_problem(text):
    body = markup.read(text, 1)
    _, faults = passages.read(body, AUDIENCES)
    assert [fault.rule for fault in [*body.faults, *faults]] == ["passage-spelling"]


@pytest.mark.parametrize("options", ["recheck: 2027-01-01\n    reason: signl", "reason: signal\n    reason: legal"])
def test_what_is_wrong_with_an_option_is_told_on_its_line(options):
    body = markup.read(f"Text.\n\n/// internal\n    {options}\n\nText.\n///\n", 10)
    faults = passages.read(body, AUDIENCES)[1]
    assert [(fault.rule, fault.line) for fault in faults] == [("passage-option", 14)]
