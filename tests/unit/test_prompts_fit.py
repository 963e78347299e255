"""The rule on prompts: short enough, with enough examples, in each edition that shows the label."""

import pytest
from guidebook import prompts
from guidebook.problems import Severity
from libraries import DAY, INTERNAL
from policies import BODY, FACTS, FOUR, miss, project, prompt


def faults(made):
    assert len(prompts.RULES) == 1
    found = prompts.RULES[0](made.load()[0], DAY)
    return [(one.path, one.line, one.rule, one.severity, one.message) for one in found]


def bulky(lines):
    rows = "\n".join(f"- {FACTS} ({at})." for at in range(lines))
    return BODY.replace("- The link opens the", f"{rows}\n- The link opens the")


def test_a_long_prompt_is_a_warning_and_one_much_too_long_an_error():
    made = project(*FOUR, body=bulky(17))
    count = prompts.tokens(prompt(made))
    assert 600 < count < 1000
    message = (
        "in the external and internal edition, expected a prompt of at most 600 tokens for `spam-x`, found about "
        f"{count} (an estimate). Shorten Includes and Excludes, or the cases at the edge of the label."
    )
    assert faults(made) == [("docs/spam-x.md", 2, "prompt-length", Severity.WARNING, message)]
    (found,) = faults(project(*FOUR, body=bulky(200)))
    assert found[2:4] == ("prompt-length", Severity.ERROR)
    assert "at most 4,000 tokens for `spam-x`, found about 5," in found[4]


@pytest.mark.parametrize(("length", "rules"), [(600, []), (601, [Severity.WARNING]), (4000, [Severity.WARNING]),
                                               (4001, [Severity.ERROR])])  # fmt: skip
def test_the_limits_are_the_last_that_pass(length, rules, monkeypatch):
    monkeypatch.setattr(prompts, "tokens", lambda text: length)
    assert [row[3] for row in faults(project(*FOUR))] == rules


@pytest.mark.parametrize(
    ("cases", "found"),
    [
        (FOUR[1:], "1 and 2"),
        (FOUR[:3], "2 and 1"),
        ((), "0 and 0"),
        ((*FOUR[1:], miss("G01-05"), miss("G01-06")), "1 and 4"),
    ],
)
def test_too_few_examples_are_an_error(cases, found):
    message = (
        "in the external and internal edition, expected 2 or more teaching cases with the label `spam-x`, and as many "
        f"of other labels with it in `near` or in contrast with one of its own; found {found}. Write what is missing."
    )
    assert faults(project(*cases)) == [("docs/spam-x.md", 2, "prompt-examples", Severity.ERROR, message)]


def test_each_edition_that_shows_the_label_is_judged_by_what_it_shows():
    inner = f"/// internal\n    reason: signal\n\n{FOUR[3]}\n///"
    (found,) = faults(project(*FOUR[:3], inner))
    assert found[4].startswith("in the external edition, expected 2 or more teaching cases")
    assert faults(project(*FOUR[:1], **{"spam-x": {"audience": INTERNAL}}))[0][4].startswith("in the internal edition,")
    long = bulky(17) + "\n/// internal\n    reason: signal\n\n## More\n///\n"
    assert len(faults(project(*FOUR, body=long))) == 1
    long = long.replace("\n## Excludes", "\n/// internal\n    reason: signal\n\n- One more.\n///\n\n## Excludes")
    assert [row[4].split(",")[0] for row in faults(project(*FOUR, body=long))] == [
        "in the external edition", "in the internal edition",
    ]  # fmt: skip


def test_examples_that_could_not_be_read_are_not_missed():
    assert [row[2] for row in faults(project(*FOUR[:3]))] == ["prompt-examples"]
    assert faults(project(*FOUR[:3], miss("G01-04", verdict="none"))) == []
    assert faults(project(*FOUR[:3], bodies={"other.md": "<b>\n", "more.md": "/// intern\n///\n"})) == []
