"""The library itself: what a vendor team needs on its first day is there, and guidelines agree where they touch."""

import datetime as dt
import re
from itertools import combinations
from pathlib import Path

import pytest
from guidebook import library, readability, staging
from guidebook.markup import Kind
from guidebook.metadata import Faq, Guideline, Workflow

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def external():
    return staging.view(library.load(ROOT).library, "external", DAY)


def of(view, kind):
    return [document for document in view.pages if isinstance(document.meta, kind)]


def cited(view, document):
    """Return the ids that a reader of a page meets in its prose."""
    return {mark.target for mark in document.visible_marks(view.reader) if mark.kind is Kind.REFERENCE}


def test_sixteen_guidelines_have_their_cases_in_pairs(external):
    guidelines = of(external, Guideline)
    assert [document.meta.id for document in guidelines] == [f"G{number:02}" for number in range(1, 17)]
    for document in guidelines:
        cases = document.visible_cases(external.reader)
        assert len(cases) >= 8, document.path
        assert sum(case.fields.contrast is not None for case in cases) >= 3, document.path
        assert {case.fields.verdict for case in cases} == {"violating", "borderline", "not-violating"}, document.path
    assert sum(len(document.visible_cases(external.reader)) for document in guidelines) >= 128


def test_both_cases_of_a_pair_are_told_in_nearly_the_same_words(external):
    for document in of(external, Guideline):
        cases = {case.id: case.fields for case in document.visible_cases(external.reader)}
        for one in cases.values():
            if one.contrast in cases:
                words, others = one.text.split(), cases[one.contrast].text.split()
                same = len(set(words) & set(others)) / min(len(set(words)), len(set(others)))
                assert same >= 0.5, (one.id, one.contrast, same)


def test_guidelines_that_touch_cite_the_same_case_on_their_border(external):
    guidelines = {document.meta.id: document for document in of(external, Guideline)}
    names = {name: cited(external, document) for name, document in guidelines.items()}
    pairs = {
        (one, other)
        for one, other in combinations(guidelines, 2)
        if any(re.match(rf"({one}|{other})-\d\d$", case) for case in names[one] & names[other])
    }
    assert len(pairs) >= 12, sorted(pairs)
    assert {("G03", "G11"), ("G04", "G12"), ("G13", "G15")} <= pairs


def test_a_guideline_that_names_another_is_named_by_it(external):
    """Scope and exceptions lead to the page that decides; whoever opened that one first must find the way as well."""
    guidelines = {document.meta.id: document for document in of(external, Guideline)}
    names = {}
    for name, document in guidelines.items():
        found = {target.partition(".")[0].partition("-")[0] for target in cited(external, document)}
        names[name] = found & guidelines.keys() - {name}
    one_way = sorted((one, other) for one, others in names.items() for other in others if one not in names[other])
    assert one_way == []


def test_questions_workflows_and_terms_are_enough_to_start(external):
    questions = [
        heading for document in of(external, Faq) for heading in document.visible_headings(external.reader)
        if heading.level == 2
    ]  # fmt: skip
    assert len(of(external, Faq)) >= 8
    assert len(questions) >= 24
    workflows = of(staging.view(external.library, "internal", DAY), Workflow)
    assert [document.meta.id for document in workflows] == [*(f"W{number:02}" for number in range(1, 12)), "W51"]
    assert all(document.procedures for document in workflows)
    assert len(external.terms.definitions) >= 50


def test_the_external_edition_is_easy_to_read(external):
    found = readability.edition(external)
    assert found.words > 30_000, "the sentences of the edition are not read as this test thinks"
    assert found.grade <= readability.MOST_GRADE
    summary = readability.summary(external)
    assert float(re.search(r"(\d+) words a clause", summary)[1]) < 80
    assert float(re.search(r"(\d+) words a sentence", summary)[1]) < 25
