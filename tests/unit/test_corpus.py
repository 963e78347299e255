"""The corpus for benchmarks: valid, the same for the same seed, and with everything a page may hold."""

import datetime as dt
import re
from pathlib import Path

import pytest
from guide_cli import corpus
from guidebook import library, rules
from guidebook.cases import SERIES, VERDICTS
from guidebook.documents import Reader
from guidebook.markup import Kind

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Give the library that a corpus of 150 pages is read as."""
    root = tmp_path_factory.mktemp("corpus")
    corpus.write(root, ROOT, 150)
    return library.load(root).library


def notes(read):
    return [document for document in read.documents.values() if document.meta.id.startswith("note-")]


def guidelines(read):
    return [document for document in read.documents.values() if document.meta.type == "guideline"]


def test_it_passes_the_check(read):
    assert rules.check(read, DAY) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_the_smallest_passes_the_check(tmp_path, seed):
    corpus.write(tmp_path, ROOT, corpus.FEWEST, seed)
    assert rules.check(library.load(tmp_path).library, DAY) == []


@pytest.mark.parametrize("pages", [corpus.FEWEST, 60, 301])
def test_it_has_the_number_of_pages_asked_for(pages):
    found = corpus.files(pages)
    assert sum(path.endswith(".md") and not path.startswith("snippets/") for path in found) == pages


def test_it_is_the_same_for_the_same_seed_only():
    assert corpus.files(60, 7) == corpus.files(60, 7)
    assert corpus.files(60, 7) != corpus.files(60, 8)


def test_it_refuses_to_be_too_small():
    with pytest.raises(ValueError, match="at least"):
        corpus.files(corpus.FEWEST - 1)


def test_its_pages_are_of_the_length_people_write(read):
    counts = [len(re.findall(r"\w+", document.body.text)) for document in notes(read) + guidelines(read)]
    assert min(counts) >= 700
    assert max(counts) <= 1200


def test_every_page_holds_every_ingredient(read):
    for document in notes(read):
        text = document.body.text
        kinds = {mark.kind for mark in document.body.marks}
        assert kinds == set(Kind), document.path
        assert text.count('\n=== "') == 3
        assert "\n```python\n" in text
        assert "\n| --- | --- |" in text
        assert [passage.name for passage in document.passages] == ["internal"]


def test_every_guideline_holds_a_tree_cases_for_each_verdict_and_some_that_are_kept_back(read):
    for document in guidelines(read):
        ends = {leaf.outcome for _, _, leaf in document.trees[0].leaves()}
        assert ends == set(document.meta.labels) == set(corpus.LABELS)
        assert {case.fields.verdict for case in document.cases} == set(VERDICTS)
        assert {case.fields.set for case in document.cases} == set(SERIES)


def test_its_folders_are_three_deep(read):
    assert max(document.path.count("/") for document in notes(read)) == 3


def test_one_page_in_ten_is_for_staff(read):
    outside = Reader(frozenset({"external"}), DAY)
    withheld = sum(not outside.may_read(document) for document in notes(read))
    assert 0.07 <= withheld / len(notes(read)) <= 0.12


def test_it_holds_each_kind_of_page_that_pages_refer_to(read):
    assert {"page", "guideline", "label", "faq", "snippet"} == {one.meta.type for one in read.documents.values()}
