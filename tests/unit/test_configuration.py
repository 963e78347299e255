"""Configuration: any text is read or refused; an edition sees its own settings alone."""

import datetime as dt

import pytest
import yaml
from bodies import yaml_texts
from guidebook import configuration
from hypothesis import given, settings

EDITION = {"title": "T", "readers": "R", "reads": "*", "branch": "b"}


def text(**editions):
    return yaml.safe_dump({"site_name": "S", "hooks": ["x.py"], "extra": {"theme": 1, "editions": editions}})


def load(**editions):
    return configuration.load(text(**editions))


@settings(max_examples=200)
@given(yaml_texts)
def test_any_text_is_read_or_refused(some):
    for whole in (some, f"extra:\n  editions:\n    a:\n      {some}"):
        found = configuration.load(whole)
        assert (found.configuration is None) == bool(found.problems)


@pytest.mark.parametrize(
    "value", [None, 1, "", "x y", [], [1], {}, {"a": 1}, True, 1.5, dt.date(2026, 1, 1), ["nobody"]]
)
@pytest.mark.parametrize("key", [*configuration.Edition.model_fields, "unknown"])
def test_each_wrong_setting_is_one_problem_in_plain_words(key, value):
    found = load(a={**EDITION, key: value})
    for problem in found.problems:
        assert "edition" in problem.message or "`" in problem.message
        assert "should" not in problem.message
        assert "valid" not in problem.message
        assert problem.line > 1
    assert len(found.problems) <= 1


@pytest.mark.parametrize("name", ["effective", "Internal", "a b", "1", "", "in_ternal", "a" * 50])
def test_an_edition_has_a_name_that_a_marker_can_hold(name):
    assert load(**{name: EDITION}).configuration is None


@pytest.mark.parametrize("value", [None, [], "x", 1, {}, {"a": None}, {"a": []}])
def test_editions_must_be_there(value):
    found = configuration.load(yaml.safe_dump({"extra": {"editions": value}}))
    assert found.configuration is None
    assert len(found.problems) == 1


def test_two_editions_need_two_branches_and_may_not_pass_for_staged():
    assert load(a=EDITION, b=EDITION).configuration is None
    found = configuration.load(text(a=EDITION).replace("theme: 1", "edition: {name: a}"))
    assert found.configuration is None


def test_an_edition_sees_its_own_settings_alone():
    site = {"site_name": "Secret B"}
    found = load(a=EDITION, b={**EDITION, "branch": "c", "title": "Secret title", "site": site}).configuration
    shown = found.base_for("a")
    assert shown == {"site_name": "S", "extra": {"theme": 1, "edition": {"name": "a", "title": "T", "readers": "R"}}}
    assert found.base_for("b")["site_name"] == "Secret B"
    assert "editions" in found.base["extra"], "the base stays as it was"
    assert found.base["site_name"] == "S"
    deep = configuration.load(text(a=EDITION) + "theme: {name: x}\n").configuration
    deep.base_for("a")["theme"]["name"] = "changed"
    assert deep.base["theme"]["name"] == "x", "whoever stages an edition may change what it was given"


def test_who_reads_what():
    found = load(a={**EDITION, "reads": ["a"], "fields": ["owner"]}, b={**EDITION, "branch": "c"}).configuration
    outsider, insider = found.reader("a", dt.date(2026, 1, 1)), found.reader("b", dt.date(2026, 1, 1))
    assert (outsider.may_read_audience("a"), outsider.may_read_audience("b")) == (True, False)
    assert insider.may_read_audience("a")
    assert [found.shows_field("a", key) for key in ("owner", "title", "labels")] == [True, True, False]
    assert found.shows_field("b", "labels")


def test_an_edition_that_names_no_fields_shows_those_of_the_editions_it_reads():
    """A vendor's edition, as the README adds one, tells the vendor nothing more of a page than the external one."""
    plain = {"title": "T", "readers": "R"}
    found = load(
        external={**plain, "reads": ["external"], "branch": "e", "fields": ["owner"]},
        internal={**EDITION, "branch": "i"},
        vendor={**plain, "reads": ["external", "vendor"], "branch": "v"},
        curious={**plain, "reads": ["internal", "curious"], "branch": "c"},
        open={**plain, "reads": ["vendor", "open"], "branch": "o", "fields": "*"},
        strict={**plain, "reads": ["open", "external"], "branch": "s", "fields": []},
    ).configuration
    keys = ("owner", "title", "signed", "justified")
    assert {name: [key for key in keys if found.shows_field(name, key)] for name in found.editions} == {
        "external": ["owner", "title"],
        "internal": [*keys],
        "vendor": ["owner", "title"],
        "curious": ["title"],
        "open": [*keys],
        "strict": ["title"],
    }


@pytest.mark.parametrize("fields", ["owner", "owner, labels", ""])
def test_fields_in_one_text_are_refused(fields):
    (problem,) = load(a={**EDITION, "fields": fields}).problems
    assert "expected `fields` to be a list of metadata fields or '*'" in problem.message
