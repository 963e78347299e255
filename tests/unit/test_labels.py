"""Labels: what a label has to say and does not is reported in its field; a label that says it never is."""

from itertools import product

import pytest
from deciding import DAY, document, guideline, label, line_of, made, only, page
from guidebook import labels
from guidebook.metadata import DsaCategory, DsaKeyword
from hypothesis import given
from hypothesis import strategies as st

OTHER = {"dsa_category": "STATEMENT_CATEGORY_OTHER_VIOLATION_TC", "dsa_keyword": "KEYWORD_OTHER"}
STATEMENT = "\n  ground: The rule.\n  explanation: Why.\n  facts: What was found."
REMOVED, CLOSED = "DECISION_VISIBILITY_CONTENT_REMOVED", "DECISION_ACCOUNT_TERMINATED"
SURFACES = ("post", "board", "profile", "comment", "message")
SECTIONS = "\n## Includes\n\n- One.\n\n## Excludes\n\n- One: [no-action].\n- Two: [no-action].\n- Three: [no-action].\n"


def problems(rule, text, **files):
    """Return what the rule says of the label `text`, in a library with others."""
    common = {"g04": page(), "l1": text, "l2": label("no-action", severity="none", precedence=90)}
    loaded = made({**common, **files})
    assert loaded.problems == ()
    found = list(rule(loaded, DAY))
    assert all(one.message.endswith(".") for one in found)
    return [one for one in found if one.path == "docs/l1.md"]


def spam(**more):
    return label("spam-redirect", **{**OTHER, **more})


# The words of the DSA database


def terms(text):
    return problems(labels.labels_are_complete, text)


LEGAL = {
    ("OTHER_VIOLATION_TC", "OTHER"), ("SCAMS_AND_FRAUD", "INAUTHENTIC_ACCOUNTS"), ("SCAMS_AND_FRAUD", "PHISHING"),
    ("SCAMS_AND_FRAUD", "PYRAMID_SCHEMES"), ("SCAMS_AND_FRAUD", "IMPERSONATION_ACCOUNT_HIJACKING"),
    ("SCAMS_AND_FRAUD", "OTHER"), ("CONSUMER_INFORMATION", "HIDDEN_ADVERTISEMENT"), ("CONSUMER_INFORMATION", "OTHER"),
}  # fmt: skip
PAIRS = list(product(DsaCategory.__args__, DsaKeyword.__args__))


@pytest.mark.parametrize(("category", "keyword"), PAIRS)
def test_a_keyword_belongs_to_its_category(category, keyword):
    text = spam(dsa_category=category, dsa_keyword=keyword)
    pair = category.removeprefix("STATEMENT_CATEGORY_"), keyword.removeprefix("KEYWORD_")
    if pair in LEGAL:
        assert terms(text) == []
    else:
        known = ", ".join(sorted(f"KEYWORD_{one}" for where, one in LEGAL if where == pair[0]))
        says = f"`{keyword}` is no keyword of `{category}`. Write one of: {known}."
        only(terms(text), text, "dsa_keyword:", "label-terms", says)


@pytest.mark.parametrize("given", [{}, {"dsa_category": OTHER["dsa_category"]}, {"dsa_keyword": "KEYWORD_OTHER"}])
def test_a_label_has_both_words_of_the_database(given):
    text = label("spam-redirect", **given)
    says = "expected both `dsa_category` and `dsa_keyword` for the label `spam-redirect`. Add what is missing."
    only(terms(text), text, "id:", "label-terms", says)


@pytest.mark.parametrize("ident", ["no-action", "needs-classification"])
@pytest.mark.parametrize("given", [OTHER, {"dsa_category": OTHER["dsa_category"]}, {"dsa_keyword": "KEYWORD_OTHER"}])
def test_an_outcome_that_states_nothing_has_neither(ident, given):
    text = label(ident, severity="none", **given)
    says = f"expected neither `dsa_category` nor `dsa_keyword` for the label `{ident}`. Delete them."
    only(terms(text), text, "id:", "label-terms", says)
    assert terms(label(ident, severity="none")) == []


# Statement and strike


def test_a_label_with_actions_has_a_statement_and_no_other():
    text = spam(actions=f"[{REMOVED}]")
    says = "expected `statement` with ground, explanation and facts for the label `spam-redirect`: its actions need"
    only(terms(text), text, "id:", "label-statement", says, "a statement of reasons. Add it.")
    assert terms(spam(actions=f"[{REMOVED}]", statement=STATEMENT)) == []
    text = spam(statement=STATEMENT)
    says = "expected no `statement` for the label `spam-redirect`: it has no actions. Delete it."
    only(terms(text), text, "statement:", "label-statement", says)


@pytest.mark.parametrize("severity", ["none", "low", "medium", "high", "severe"])
@pytest.mark.parametrize("actions", [[], [REMOVED], [CLOSED], [REMOVED, "DECISION_ACCOUNT_SUSPENDED"]])
def test_a_label_that_acts_on_accounts_at_low_severity_says_what_repeats_lead_to(severity, actions):
    given = {"severity": severity, "actions": f"[{', '.join(actions)}]"} | ({"statement": STATEMENT} if actions else {})
    plain, struck = spam(**given), spam(**given, strike="The account is closed.")
    if severity == "low" and any("ACCOUNT" in action for action in actions):
        says = "expected `strike`: this label acts on accounts at low severity. Add it."
        only(terms(plain), plain, "id:", "label-strike", says)
        assert terms(struck) == []
    else:
        says = "expected no `strike`: it is only for a label that acts on accounts at low severity. Delete it."
        only(terms(struck), struck, "strike:", "label-strike", says)
        assert terms(plain) == []


# Sections


def sections(body):
    text = document("label", "spam-redirect", body, severity="low", actions="[]", surfaces="[post]", precedence=10)
    return text, problems(labels.labels_have_their_sections, text)


@pytest.mark.parametrize("body", [
    SECTIONS, SECTIONS.replace("- One.", "* One.\n\n    - More.").replace("- Two", "+ Two"),
    f"\n## Excludes{SECTIONS.split('## Excludes')[1]}\n## Includes\n\nText.\n\n- One.\n\n## More\n\nText.\n",
    SECTIONS + "- Four: [no-action].\n\n## More\n",
])  # fmt: skip
def test_a_label_says_what_it_covers_and_three_things_that_it_does_not(body):
    assert sections(body)[1] == []


@pytest.mark.parametrize("title", ["Includes", "Excludes"])
@pytest.mark.parametrize("instead", ["## Other", "Text", "## Includes and more"])
def test_a_section_that_is_missing_is_reported(title, instead):
    _, [found] = sections(SECTIONS.replace(f"## {title}", instead))
    assert (found.line, found.rule) == (1, "label-sections")
    assert found.message == (
        f"expected the section `## {title}` with a list, found none. Add it to `spam-redirect`."
    )  # fmt: skip


@pytest.mark.parametrize(("old", "new", "title", "says"), [
    ("- One.", "Text.", "Includes", "expected at least 1 line `- …` below `## Includes`, found 0. Add what is"),
    ("- One.", "Text - one.", "Includes", "found 0."), ("- One.", "```\n- One.\n```", "Includes", "found 0."),
    ("- One.\n", "", "Includes", "found 0."),
    ("- Two: [no-action].\n", "", "Excludes", "expected at least 3 lines `- …` below `## Excludes`, found 2. Add what"),
    ("- Two:", "    - Two:", "Excludes", "found 2."), ("- Two:", "\n## More\n\n- Two:", "Excludes", "found 1."),
])  # fmt: skip
def test_too_short_a_list_is_reported_at_its_section(old, new, title, says):
    text, found = sections(SECTIONS.replace(old, new))
    only(found, text, f"## {title}", "label-sections", says)


# Precedence


def ranked(*rows):
    """Return what is said of labels, each with its surfaces and its precedence, by the number of the label."""
    texts = {name: label("spam-gone", status="retired") for name in ("l1", "l2")}
    for at, (surfaces, number, more) in enumerate(rows):
        texts[f"l{at}"] = label(
            f"spam-{'abcdefgh'[at]}", surfaces=f"[{', '.join(surfaces)}]", precedence=number, **more
        )
    found = list(labels.precedence_is_unique(made(texts), DAY))
    for one in found:
        text = texts[one.path.removeprefix("docs/").removesuffix(".md")]
        assert (one.line, one.rule) == (line_of(text, "precedence:"), "label-precedence")
    return [(one.path[6], one.message) for one in found]


def test_two_labels_for_one_surface_have_two_numbers():
    post, both, rest = ["post"], ["board", "post"], ["board", "profile"]
    assert ranked((post, 1, {}), (post, 2, {}), (rest, 1, {})) == []
    says = "`spam-a` has the precedence 1 too, and both can be applied to `post`. Give one another number."
    assert ranked((post, 1, {}), (both, 1, {}), (["message"], 1, {})) == [("1", says)]
    says = says.replace("`post`", "`board` and `post`")
    assert ranked((both, 1, {}), (both, 1, {})) == [("1", says)]
    both_others = ranked((post, 1, {}), (rest, 1, {}), (both, 1, {}))
    assert [(at, message.split("`")[1], message.split("`")[3]) for at, message in both_others] == [
        ("2", "spam-a", "post"), ("2", "spam-b", "board"),
    ]  # fmt: skip


def test_a_retired_label_holds_no_number():
    gone = {"status": "retired"}
    assert ranked((["post"], 1, gone), (["post"], 1, {}), (["post"], 1, gone)) == []


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(SURFACES), min_size=1, max_size=3, unique=True), st.integers(1, 3)),
        max_size=6,
    )
)
def test_there_is_a_problem_exactly_when_two_labels_can_tie(rows):
    ties = {
        at for at, (mine, number) in enumerate(rows)
        if any(number == other and set(mine) & set(theirs) for theirs, other in rows[:at])
    }  # fmt: skip
    assert {int(at) for at, _ in ranked(*((surfaces, number, {}) for surfaces, number in rows))} == ties


# Use


def unused(text, **files):
    return problems(labels.labels_are_used, text, **files)


def test_a_label_is_one_of_a_guideline():
    text = label("spam-other")
    says = "no guideline has `spam-other` among its `labels`. Add it to one, or retire the label."
    only(unused(text), text, "id:", "unused-label", says)
    assert unused(label("spam-redirect")) == []
    assert unused(text, g05=guideline("\nText.\n", "G05", labels="[spam-redirect, spam-other]")) == []
    assert unused(label("spam-other", status="retired")) == []


def test_a_retired_guideline_leads_to_no_label():
    assert len(unused(label("spam-redirect"), g04=page(status="retired"))) == 1
    assert unused(label("spam-redirect", status="retired"), g04=page(status="retired")) == []


def test_a_guideline_that_could_not_be_read_could_lead_to_the_label():
    loaded = made({"g04": page(), "l1": label("spam-other"), "g05": "---\nid: G05\n"})
    assert list(labels.labels_are_used(loaded, DAY)) == []
