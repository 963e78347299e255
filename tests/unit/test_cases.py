"""Cases: worked examples read as data; whatever is wrong is said in its line; those kept back are for staff alone."""

import datetime as dt
import re
from random import Random

import pytest
import yaml
from bodies import AUDIENCES, FRONT
from casework import LANGUAGES, SURFACES, case_block
from guidebook import blocks, cases, documents, markup
from guidebook.documents import Reader
from guidebook.sources import TextFile
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import seeds

DAY = dt.date(2026, 11, 23)
FIRST = 10  # the line of the opening fence
TEXT = " ".join(["word"] * 20)
GOOD = {
    "id": "G04-01",
    "title": "A cake post opens a betting page",
    "verdict": "violating",
    "label": "spam-deceptive-link",
    "clause": "G04.1",
    "answers": "{opens: Yes, danger: No}",
    "surface": "post",
    "language": "en",
    "set": "teaching",
    "text": TEXT,
    "reason": "The destination holds no recipe.",
    "contrast": "G04-13",
    "near": "[spam-redirect]",
}
LINES = {name: FIRST + at for at, name in enumerate(GOOD, 1)}


def read_text(text):
    (block,), faults = blocks.read(markup.read(f"```case\n{text}```\n", FIRST))
    assert faults == []
    return cases.read(block)


def read(**changed):
    """Read the good case with some fields changed; None leaves one out."""
    return read_text("".join(f"{name}: {value}\n" for name, value in {**GOOD, **changed}.items() if value is not None))


# What is read


def test_a_case_is_read_with_the_line_of_each_field():
    case, faults = read()
    assert faults == []
    assert case.fields.model_dump() == {
        **GOOD,
        "answers": {"opens": "Yes", "danger": "No"},
        "near": ["spam-redirect"],
    }
    assert {name: case.lines[name] for name in GOOD} == LINES
    assert (case.line, case.start) == (FIRST, 0)
    assert (case.id, case.anchor, case.kept_back) == ("G04-01", "case-g04-01", False)


def test_what_need_not_be_given_is_empty():
    case, faults = read(contrast=None, near=None)
    assert faults == []
    assert (case.fields.contrast, case.fields.near) == (None, [])


@pytest.mark.parametrize(("kind", "letter"), [("teaching", ""), ("calibration", "K"), ("golden", "X")])
def test_each_set_counts_by_itself_and_two_are_kept_back(kind, letter):
    case, faults = read(id=f"G04-{letter}07", set=kind)
    assert faults == []
    assert (case.anchor, case.kept_back) == (f"case-g04-{letter.lower()}07", kind != "teaching")


@pytest.mark.parametrize("label", ["no-action", "spam-a-b", "W02"])
def test_a_case_ends_at_a_label_or_a_workflow(label):
    assert read(label=label)[0].fields.label == label


@pytest.mark.parametrize(
    "answer",
    ["Yes", "No", "yes", "no", "On", "off", "null", "~", "y", "2026-11-23", "12", "1.5", "0x1f", "1e3", "=", ""],
)
def test_an_answer_is_what_was_written(answer):
    for written in (f"{{opens: {answer}, danger: Yes}}", f"\n  opens: {answer}\n  danger: Yes"):
        case, faults = read(answers=written)
        assert faults == []
        assert case.fields.answers == {"opens": answer, "danger": "Yes"}


@pytest.mark.parametrize("answer", ["Yes: by post", "It's so", '"Other"', "# none", "a, b", "{a}"])
def test_an_answer_in_quotes_is_what_stands_in_them(answer):
    quoted = answer.replace("'", "''")
    assert read(answers=f"{{opens: '{quoted}'}}")[0].fields.answers == {"opens": answer}


@pytest.mark.parametrize("language", ['"no"', "en", "de", "tr", "fil", "pt-BR", "zh-Hant", "zh-Hant-TW"])
def test_a_language_is_named_by_its_code(language):
    assert read(language=language)[0].fields.language == language.strip('"')


@pytest.mark.parametrize("sign", [">-", ">", "|-", "|", ">+"])
def test_a_text_may_fill_a_block_of_lines(sign):
    case, faults = read(text=f"{sign}\n  {TEXT}" + "\n\n" * (sign == ">+"))
    assert faults == []
    assert case.fields.text == TEXT


def test_a_text_on_several_lines_is_one_line():
    case, faults = read(text=f'>-\n  Post: a `code_[x]` cake\n  & "more", it\'s: {TEXT}\n')
    assert faults == []
    assert case.fields.text == f'Post: a `code_[x]` cake & "more", it\'s: {TEXT}'


@pytest.mark.parametrize(("words", "good"), [(19, False), (20, True), (90, True), (91, False)])
def test_a_text_is_neither_too_short_nor_too_long(words, good):
    assert (read(text=" ".join(["word"] * words))[0] is not None) == good


@pytest.mark.parametrize(("words", "good"), [(1, True), (50, True), (51, False)])
def test_a_reason_is_short(words, good):
    assert (read(reason=" ".join(["word"] * words))[0] is not None) == good


# What is refused, and where


@pytest.mark.parametrize("name", [name for name in GOOD if name not in {"contrast", "near"}])
def test_a_missing_field_is_said_at_the_head_of_the_case(name):
    case, faults = read(**{name: None})
    assert case is None
    assert [(fault.line, fault.rule) for fault in faults] == [(FIRST, "case")]
    assert faults[0].message.startswith(f"expected `{name}` in a case, found none. ")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("language", "no", "found `no`, which YAML reads as false"),
        ("language", "No", "found `No`, which YAML reads as false"),
        ("language", "english", "or `pt-BR`; found `english`"),
        ("language", "EN", "or `pt-BR`; found `EN`"),
        ("language", "12", "put quotes around what reads as a number"),
        ("id", "G04-1", "found `G04-1`"),
        ("id", "G4-01", "found `G4-01`"),
        ("id", "G04.01", "found `G04.01`"),
        ("id", "G04-Z01", "`G04-K01` for calibration, `G04-X01` golden; found `G04-Z01`"),
        ("id", "G04-001", "found `G04-001`"),
        ("id", "G04-K01", "expected a teaching case to be called `G04-01`, found `G04-K01`"),
        ("title", "''", "found nothing"),
        ("title", "' A post'", "no space at its ends"),
        ("title", "x" * 71, "at most 70 characters long (it has 71)"),
        ("title", "'A <b> post'", "without the sign '<'"),
        ("title", "A cake_post", "expected `title` to be plain text; found `_`"),
        ("title", "'A *cake*'", "expected `title` to be plain text; found `*`"),
        ("title", "'# A post'", "text that starts with a word"),
        ("title", "2026-11-23", "put quotes around what reads as a number, a date"),
        ("verdict", "violation", "one of violating, borderline, not-violating (did you mean `violating`?); found"),
        ("verdict", "no", "found `no`, which YAML reads as false"),
        ("label", "Spam", "found `Spam`"),
        ("label", "spam", "found `spam`"),
        ("label", "W2", "found `W2`"),
        ("label", "12", "found `12`"),
        ("clause", "G04", "found `G04`"),
        ("clause", "G04.0", "found `G04.0`"),
        ("clause", "G04-01", "found `G04-01`"),
        ("answers", "Yes", "found `Yes`, which YAML reads as true"),
        ("answers", "[opens]", "found a list"),
        ("answers", "opens", "found `opens`"),
        ("surface", "posts", "one of post, board, profile, comment, message (did you mean `post`?); found `posts`"),
        ("set", "gold", "one of teaching, calibration, golden (did you mean `golden`?); found `gold`"),
        ("text", "''", "expected 20 to 90 words in `text`, found 0"),
        ("text", "A post.", "expected 20 to 90 words in `text`, found 2"),
        ("text", "Yes", "found `Yes`, which YAML reads as true"),
        ("text", f"{TEXT} <b>", "found `<`"),
        ("text", f"{TEXT} a_b", "found `_`"),
        ("text", f"{TEXT} `a", "a backtick without its partner"),
        ("text", f"{TEXT} &amp; a", "the code of a character"),
        ("text", f"'# {TEXT}'", "text that starts with a word"),
        ("text", f'"{TEXT}\\na"', "a line break"),
        ("reason", "no", "found `no`, which YAML reads as false"),
        ("reason", " ".join(["word"] * 51), "expected at most 50 words in `reason`, found 51"),
        ("reason", "a *b*", "found `*`"),
        ("contrast", "G04", "found `G04`"),
        ("contrast", "12", "found `12`"),
        ("near", "spam-redirect", "a list such as [one, two]; found `spam-redirect`"),
        ("near", "[Spam]", "found `Spam`"),
        ("near", "[W02]", "found `W02`"),
        ("near", "[a-b, c-d, e-f, g-h]", "a list with fewer entries"),
        ("labels", "[spam-redirect]", "`labels` is no field of a case (did you mean `label`?)"),
        ("foo", "1", "`foo` is no field of a case. A case has: id, title, verdict, label, clause, answers, surface"),
    ],
)
def test_each_fault_is_said_in_its_line(name, value, words):
    case, faults = read(**{name: value})
    assert case is None
    assert [fault.rule for fault in faults] == ["case"], faults
    assert words in faults[0].message
    assert faults[0].message.endswith(".")
    assert faults[0].line == LINES.get(name, FIRST + len(GOOD) + 1)


@pytest.mark.parametrize(("kind", "letter"), [("calibration", "K"), ("golden", "X")])
def test_a_case_is_called_after_its_set(kind, letter):
    case, (fault,) = read(set=kind)
    assert case is None
    assert fault.line == LINES["id"]
    assert f"expected a {kind} case to be called `G04-{letter}01`, found `G04-01`" in fault.message


def test_a_misspelt_field_is_not_said_to_be_missing_too():
    text = "".join(f"{'verdikt' if name == 'verdict' else name}: {value}\n" for name, value in GOOD.items())
    case, faults = read_text(text)
    assert case is None
    assert [fault.line for fault in faults] == [LINES["verdict"]]
    assert "(did you mean `verdict`?)" in faults[0].message


def test_every_fault_is_said_at_once():
    wrong = {"id": "G04", "verdict": "bad", "language": "no", "near": "[X]", "more": "1"}
    faults = read(**wrong)[1]
    assert sorted(fault.line for fault in faults) == [LINES.get(name, FIRST + len(GOOD) + 1) for name in wrong]
    faults = read(id="G04-K01", title="a_b", text="a_b", reason="a_b")[1]
    assert [fault.line for fault in faults] == [LINES[name] for name in ("text", "reason", "title", "text", "id")]


def test_messages_are_in_plain_words():
    values = ["[]", "{}", "''", "no", "12", "1.5", "2026-01-01", "~", "[1]", "[[x]]", "{a: b}", "x y", "<b>"]
    for name in GOOD:
        for value in values:
            for fault in read(**{name: value})[1]:
                plain = re.sub(r"`[^`]*`", "", fault.message)
                assert not re.search(r"\^|\\d|pydantic|should|Input|valid string|NoneType|\bdict\b", plain), fault
                assert fault.line in {LINES[name], LINES["id"]}


# Every case


ways = st.dictionaries(
    st.sampled_from(["opens", "two-pages"]), st.sampled_from(["Yes", "no", "a: b", "1.5"]), min_size=1
)
phrases = st.lists(
    st.sampled_from(
        ["word", "A post", "it's", '"so"', "5 of 7", "a: b", "C++ & more", "Größe", "x # y", "`a_[b]`", "Yes",
         "no", "- a", "%", "?", "key:", "@a", "!b", "'", "’", "2026-01-01", "null"]
    ),
    min_size=1,
)  # fmt: skip
titles = st.sampled_from(["A post", "It's so: yes", "5 cakes", "Yes", "null", "2026-11-23", "“Quoted”", "Größe & more"])


@st.composite
def fields(draw):
    kind = draw(st.sampled_from(list(cases.SERIES)))
    found = {
        "id": f"G{draw(st.integers(0, 99)):02}-{cases.SERIES[kind]}{draw(st.integers(0, 99)):02}",
        "title": draw(titles),
        "verdict": draw(st.sampled_from(cases.VERDICTS)),
        "label": draw(st.sampled_from(["no-action", "spam-a", "W01"])),
        "clause": draw(st.sampled_from(["G04.1", "G99.99"])),
        "answers": draw(ways),
        "surface": draw(st.sampled_from(SURFACES)),
        "language": draw(st.sampled_from(LANGUAGES)),
        "set": kind,
        "text": f"Facts: {TEXT} {' '.join(draw(phrases))}"[:400].strip(),
        "reason": f"Because {' '.join(draw(phrases))}"[:200].strip(),
    }  # fmt: skip
    found |= draw(st.sampled_from([{}, {"near": ["no-action", "spam-b"]}, {"contrast": "G04-X01"}]))
    return found


@settings(max_examples=200)
@given(fields(), seeds, st.integers(30, 200))
def test_a_case_is_read_as_it_was_written(given_fields, seed, width):
    if given_fields["text"].count("`") % 2 or given_fields["reason"].count("`") % 2:
        return
    ours = case_block(given_fields, Random(seed)).removeprefix("```case\n").removesuffix("```")
    yamls = yaml.safe_dump(given_fields, allow_unicode=True, sort_keys=False, width=width)
    for text in (ours, yamls):
        case, faults = read_text(text)
        assert faults == []
        assert case.fields.model_dump(exclude_defaults=True) == given_fields
        rows = text.split("\n")
        assert all(rows[case.lines[name] - FIRST - 1].startswith(f"{name}:") for name in given_fields)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.text("ab:-#'\"[]{}_`&*! \n0", max_size=12), max_size=3))
def test_any_fields_are_read_or_refused(wrong):
    text = "".join(f"{name}: {value}\n" for name, value in {**GOOD, **wrong}.items())
    found, faults = blocks.read(markup.read(f"```case\n{text}```\n", FIRST))
    if found and found[0].kind == "case" and not faults:
        case, faults = cases.read(found[0])
        assert (case is None) == bool(faults)
        assert all(FIRST <= fault.line <= FIRST + text.count("\n") + 1 for fault in faults)
        assert all(fault.rule == "case" and fault.message.endswith(".") for fault in faults)


# Who sees it


def document(*blocks_of):
    text = "\n\n".join(blocks_of)
    found, faults = documents.read(TextFile("a.md", f"{FRONT}\n{text}\n"), AUDIENCES)
    assert faults == []
    return found


def fence(ident, kind):
    values = {**GOOD, "id": ident, "set": kind}
    return "```case\n" + "".join(f"{name}: {value}\n" for name, value in values.items()) + "```"


@pytest.mark.parametrize(
    ("audiences", "ids"),
    [
        (None, ["G04-01", "G04-K01", "G04-X01", "G04-02"]),
        (frozenset({"external"}), ["G04-01"]),
        (frozenset({"external", "internal"}), ["G04-01", "G04-02"]),
    ],
)
def test_what_is_kept_back_is_for_those_who_read_everything_alone(audiences, ids):
    kept = [fence("G04-K01", "calibration"), fence("G04-X01", "golden")]
    passage = f"/// internal\n    reason: signal\n\n{fence('G04-02', 'teaching')}\n\n///"
    page = document("Before.", fence("G04-01", "teaching"), *kept, passage, "After.")
    reader = Reader(audiences, DAY)
    assert [case.id for case in page.visible_cases(reader)] == ids
    text = page.visible_text(reader)
    assert set(re.findall(r"(?m)^id: (.*)$", text)) == set(ids)
    assert text.count("```case") == text.count("\n```\n") == len(ids)
    assert "Before." in text
    assert "After." in text


def test_a_case_in_a_passage_is_withheld_once():
    passage = f"/// internal\n    reason: signal\n\n{fence('G04-K01', 'calibration')}\n\n///"
    page = document(passage, fence("G04-X01", "golden"))
    outsider = Reader(frozenset({"external"}), DAY)
    assert len(page.withheld(outsider)) == 2
    assert page.visible_text(outsider).strip() == ""
    assert page.visible_cases(outsider) == []
    assert len(page.withheld(Reader(None, DAY))) == 0
