"""Prompts: each label as a policy for a classifier, from what its edition shows and from teaching cases only."""

import re

import pytest
from guidebook import prompts, staging
from hypothesis import given, settings
from libraries import DAY, EXTERNAL, FUTURE, INTERNAL, projects
from policies import BODY, FACTS, FOUR, case, guideline, miss, project, prompt, view


def contents(text):
    return re.findall(r"(?m)^Content: (G\d\d-\w+)", text)


def test_a_prompt_has_the_parts_that_policy_models_ask_for():
    code = case("G01-02", text=f"G01-02: `a_b`  {FACTS}.", reason='It says "`x`".')
    assert (
        prompt(project(*FOUR[:1], code, *FOUR[2:]))
        == f"""\
# Policy: Spam-x (spam-x)

## Instruction

Does spam-x apply to the content? The link opens another page. Use observable facts only; what is not shown is absent. \
Answer spam-x if a line of Includes fits and none of Excludes, else no.

## Definitions

- link: An address in a post.

## Criteria

### Includes

- The link opens another page (G01.1).

### Excludes

- The link opens the promised page: no-thing.

## Examples

Content: G01-01: {FACTS}.
Answer: spam-x (G01.1). Why G01-01.

Content: G01-03: {FACTS}.
Answer: no (G01.1). Why G01-03.

Content: G01-02: a_b {FACTS}.
Answer: spam-x (G01.1). It says "x".

Content: G01-04: {FACTS}.
Answer: no (G01.1). Why G01-04.

## Output form

JSON only: {{"label": "spam-x" or "no", "clause": "clause id", "fact": "one observable fact"}}
"""
    )


NO_PROMPT = {
    "no violation": project(*FOUR, **{"spam-x": {"severity": "none"}}),
    "a retired label": project(*FOUR, **{"spam-x": {"status": "retired"}}),
    "a draft": project(*FOUR, **{"spam-x": {"status": "draft"}}),
    "in no guideline": project(*FOUR, g01={"labels": ["no-thing"]}),
    "in a retired guideline": project(*FOUR, g01={"status": "retired"}),
    "in a guideline of another edition": project(*FOUR, g01={"audience": INTERNAL}),
    "no includes": project(*FOUR, body=BODY.replace("## Includes", "## Includes too")),
    "a heading of another level": project(*FOUR, body=BODY.replace("## Excludes", "### Excludes")),
    "no list": project(*FOUR, body=BODY.replace("- The link opens the", "The link opens the")),
    "criteria for others": project(*FOUR, body=f"/// internal\n    reason: signal\n{BODY}///\n"),
}


@pytest.mark.parametrize("made", NO_PROMPT.values(), ids=NO_PROMPT)
def test_a_label_that_decides_nothing_has_no_prompt(made):
    assert prompt(made) is None
    assert prompts.written(view(made)) == {}


def test_only_labels_have_prompts():
    shown = view(project(*FOUR))
    assert prompts.prompt(shown, shown.library.by_id["G01"]) is None
    assert prompts.written(shown) == {"prompts/spam-x.txt": prompt(project(*FOUR))}
    assert list(prompts.written(view(project(*FOUR, **{"spam-x": {"audience": INTERNAL}})))) == []


# Examples


def test_no_case_of_another_set_enters_a_prompt_of_any_edition():
    kept = [
        case("G01-K01", set="calibration", verdict="borderline", contrast="G01-03"),
        miss("G01-X01", set="golden", verdict="borderline"),
        case("G01-X02", "no-thing", set="golden", contrast="G01-01"),
    ]
    made = project(*FOUR, *kept)
    shown = view(made, INTERNAL)
    assert len(shown.library.by_id["G01"].visible_cases(shown.reader)) == 7
    for name in (EXTERNAL, INTERNAL):
        assert contents(prompt(made, name)) == contents(prompt(project(*FOUR), name))
        assert not re.search("G01-[KX]", "".join(prompts.written(view(made, name)).values()))


@pytest.mark.parametrize("side", ["applies", "differs"])
@pytest.mark.parametrize(("ident", "kind"), [("G01-K01", "calibration"), ("G01-X01", "golden")])
def test_a_case_of_another_set_stops_the_build(side, ident, kind):
    shown = view(project(*FOUR, case(ident, set=kind)), INTERNAL)
    known = prompts.examples(shown)
    getattr(known["spam-x"], side)[0] = shown.library.cases[ident][1]
    with pytest.raises(ValueError, match=f"{ident} is a {kind} case"):
        prompts.prompt(shown, shown.library.by_id["spam-x"], known)


@pytest.mark.parametrize(
    ("applies", "differs", "shown"),
    [(2, 2, (2, 2)), (3, 2, (3, 2)), (2, 3, (2, 3)), (3, 3, (3, 3)), (5, 9, (3, 3)), (9, 2, (3, 2)),
     (1, 5, (1, 2)), (0, 3, (0, 2)), (4, 0, (2, 0)), (0, 0, (0, 0))],
)  # fmt: skip
def test_up_to_six_examples_half_of_them_where_the_label_applies(applies, differs, shown):
    numbers = range(1, applies + differs + 1)
    text = prompt(project(*((case if at <= applies else miss)(f"G01-{at:02}") for at in numbers)))
    assert (text.count("\nAnswer: spam-x ("), text.count("\nAnswer: no (")) == shown
    assert ("## Examples" in text) is bool(sum(shown))


@pytest.mark.parametrize(("times", "shown"), [(1, 6), (2, 6), (3, 5), (4, 4)])
def test_more_than_four_examples_only_where_there_is_room(times, shown):
    long = " ".join([FACTS] * times)[:-1]
    cases = [(case if at < 4 else miss)(f"G01-0{at}", text=f"G01-0{at} {long}.") for at in range(1, 7)]
    text = prompt(project(*cases))
    assert len(contents(text)) == shown
    assert prompts.tokens(text) <= prompts.LONG or shown == 4
    assert shown == 6 or prompts.tokens(text) + prompts.tokens(long) > prompts.LONG


def test_a_prompt_of_the_usual_size_is_short_enough():
    words = "The page asks for a code before it shows the thing the post names, and no label fits"  # 17
    lines = "\n".join(f"- {words}." for _ in range(4))
    body = f"## Includes\n\n{lines}\n\n## Excludes\n\n{lines}\n"
    facts = f"{words}. {words}"
    cases = [(case if at < 4 else miss)(f"G01-0{at}", text=facts, reason=f"{words[:60]}.") for at in range(1, 7)]
    text = prompt(project(*cases, body=body))
    assert text.count("Content: ") >= 4
    assert prompts.tokens(text) <= prompts.LONG


def test_borderline_cases_come_first_clear_ones_last_and_short_ones_before_long_ones():
    more = f"{FACTS} and more"
    cases = [
        case("G01-01"),  # nothing is near it: clear
        case("G01-02", near=["no-thing"], text=f"G01-02: {more}."),
        case("G01-03", near=["no-thing"]),
        case("G01-04", verdict="borderline", text=f"G01-04: {more}."),
        miss("G01-05", text=f"G01-05: {more}."),
        miss("G01-06", reason="Why G01-06, and some more, and then some more."),
        miss("G01-07"),
        miss("G01-08", verdict="borderline"),
        case("G01-09", "no-thing", verdict="borderline"),  # not at the edge of spam-x
    ]
    two = [case("G01-01", verdict="borderline"), case("G01-02", verdict="borderline"), *FOUR[2:]]
    assert contents(prompt(project(*two))) == ["G01-01", "G01-02", "G01-03", "G01-04"]
    for order in (cases, cases[::-1]):
        assert contents(prompt(project(*order))) == ["G01-04", "G01-08", "G01-03", "G01-07", "G01-02", "G01-05"]


@pytest.mark.parametrize("first", [True, False])
def test_both_of_a_contrast_pair_are_examples_whichever_names_the_other(first):
    pair = [
        case("G01-03", text=f"G01-03: {FACTS} and more.", **({"contrast": "G01-04"} if first else {})),
        case("G01-04", "no-thing", **({} if first else {"contrast": "G01-03"})),
    ]
    # The pair's own is at the edge and so before the two clear ones, though it is longer.
    assert contents(prompt(project(*FOUR[:2], *pair))) == ["G01-03", "G01-04", "G01-01"]


def test_a_contrast_pair_of_one_label_teaches_nothing():
    assert contents(prompt(project(case("G01-01", contrast="G01-02"), case("G01-02")))) == ["G01-01", "G01-02"]


@pytest.mark.parametrize(("status", "audience", "shown"), [("in-force", EXTERNAL, True), ("retired", EXTERNAL, False),
                                                          ("in-force", INTERNAL, False)])  # fmt: skip
def test_examples_come_from_every_guideline_in_force_that_the_edition_shows(status, audience, shown):
    second = guideline(case("G02-01", verdict="borderline"), miss("G02-02", verdict="borderline"), name="G02")
    made = project(*FOUR, bodies={"g02.md": second}, g02={"status": status, "audience": audience})
    assert contents(prompt(made))[:2] == (["G02-01", "G02-02"] if shown else ["G01-01", "G01-03"])


# Criteria and definitions


def bullets(text, name=EXTERNAL, title="Includes", bodies=None, **meta):
    shown = view(project(*FOUR, body=text, bodies=bodies, **meta), name)
    return prompts.bullets(shown, shown.library.by_id["spam-x"], title)


def test_criteria_are_plain_lines_with_ids_and_without_links():
    text = """
## Includes

Prose is none.

- One [G01.1], [spam-x] and [G01-01],
on [two](index.md)
  and three lines <https://example.com/>.
- `Code [G01.1]` and \\[brackets\\], *stars*[^n].

    - Inner.

After.

* Star
+ Plus

[^n]: A footnote.

### More

- Below a lower heading.

## Excludes

- Other.

## Includes

- Not the second of a name.
"""
    assert bullets(text) == [
        "One G01.1, spam-x and G01-01, on two and three lines https://example.com/.",
        "`Code [G01.1]` and \\[brackets\\], *stars*. - Inner.",
        "Star", "Plus", "Below a lower heading.",
    ]  # fmt: skip
    assert bullets(text, title="Excludes") == ["Other."]
    assert bullets(text, title="Excluded") == []


def test_criteria_are_those_the_edition_shows():
    text = f"""
## Includes

- One.

//// internal
    reason: signal

- Two [W01].

/// effective
    from: {FUTURE}

- Later.
///
////

/// effective
    until: {FUTURE}

- Three.
///

/// internal
    reason: signal

## Excludes

- Four.
///

- Five.
"""
    assert bullets(text) == ["One.", "Three.", "Five."]
    assert bullets(text, title="Excludes") == []
    assert bullets(text, INTERNAL) == ["One.", "Two W01.", "Three."]
    assert bullets(text, INTERNAL, "Excludes") == ["Four."]


@pytest.mark.parametrize(("audience", "seen"), [(EXTERNAL, True), (INTERNAL, False)])
def test_criteria_may_stand_in_a_snippet(audience, seen):
    text = '## Includes\n\n- One.\n\n--8<-- "part.md"\n\n## Excludes\n\n- Two.\n'
    inner = "- Of a part, [G01.1].\n\n/// internal\n    reason: signal\n\n- Withheld.\n///\n"
    part = {"id": "snippet-part", "type": "snippet", "audience": audience}
    found = bullets(text, bodies={"part.md": inner}, part=part)
    assert found == (["One.", "Of a part, G01.1."] if seen else ["One."])
    assert bullets(text, INTERNAL, bodies={"part.md": inner}, part=part)[-1] == "Withheld."


def test_what_the_check_refuses_in_an_include_ends_nevertheless():
    text = '## Includes\n\n- One.\n\n--8<-- "part.md"\n\n--8<-- "index.md"\n\n--8<-- "none.md"\n'
    part = {"id": "snippet-part", "type": "snippet"}
    found = bullets(text, bodies={"part.md": '- Part.\n\n--8<-- "part.md"\n', "index.md": "- Page.\n"}, part=part)
    assert found == ["One.", "Part."]


@pytest.mark.parametrize(
    ("line", "terms"),
    [
        ("Nothing here.", []),
        ("LINKS of Promised Pages.", ["link", "promised page"]),
        ("A link, the link.", ["link"]),
        ("A linked, blink and link-like hyper-link.", []),
        ("Of spam-x, and spam.", ["spam"]),
        ("Posts are content.", []),  # a surface
    ],
)
def test_terms_of_the_criteria_are_defined_once(line, terms):
    body = f"## Includes\n\n- {line}\n\n## Excludes\n\n- The promised page, a link, spam.\n"
    text = prompt(project(*FOUR, body=body, **{"spam-x": {"summary": "Short."}}))
    found = re.findall(r"(?m)^- ([^:\n]+): ", text.partition("## Criteria")[0])
    assert found == terms
    assert ("## Definitions" in text) is bool(terms)


def test_definitions_are_those_the_edition_shows():
    summary = {"spam-x": {"summary": "A link of an opener."}}
    assert "- opener: A term for staff." in prompt(project(*FOUR, **summary), INTERNAL)
    assert "A term for staff." not in prompt(project(*FOUR, **summary))
    assert "## Definitions" not in prompt(project(*FOUR, glossary={"audience": INTERNAL}))


# Random libraries


@settings(max_examples=25)
@given(projects)
def test_prompts_of_any_library_hold_what_its_edition_teaches(project):
    found, problems = project.load()
    assert not problems, problems
    for name in found.configuration.editions:
        shown = staging.view(found, name, DAY)
        seen = [case.fields for document in shown.pages for case in document.visible_cases(shown.reader)]
        taught = {" ".join(one.text.replace("`", "").split()): one for one in seen if one.set == "teaching"}
        for path, text in prompts.written(shown).items():
            label = path.removeprefix("prompts/").removesuffix(".txt")
            assert shown.library.by_id[label] in shown.pages
            pairs = re.findall(r"(?m)^Content: (.*)\nAnswer: (\S+) \((\S+)\)\. ", text)
            assert len(pairs) == text.count("Content: ") <= 6
            for content, answer, clause in pairs:
                assert (answer == label) is (taught[content].label == label)
                assert clause == taught[content].clause
            applies = sum(answer == label for _, answer, _ in pairs)
            assert abs(len(pairs) - 2 * applies) <= 1
        assert prompts.written(shown) == prompts.written(staging.view(project.copy().load()[0], name, DAY))
