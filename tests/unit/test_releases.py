"""Names of releases, their order, and the list of them."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from guidebook.releases import (
    ReleaseError,
    Version,
    next_version,
    read_versions,
    staged_digest,
    write_versions,
)
from hypothesis import given
from hypothesis import strategies as st
from mike.versions import Versions

DAY = date(2026, 11, 23)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
versions = st.builds(Version, days, st.integers(1, 1440))


@given(versions)
def test_a_name_is_read_back(version):
    assert Version.parse(str(version)) == version


@given(versions, versions)
def test_names_order_as_the_releases_were_made_and_as_mike_orders_them(one, other):
    assert (one < other) == (one.moment < other.moment)
    if one != other:
        by_mike = Versions()
        by_mike.add(str(one))
        by_mike.add(str(other))
        assert [str(info.version) for info in by_mike] == [str(max(one, other)), str(min(one, other))]


@given(st.text())
def test_any_text_is_a_version_or_refused(text):
    try:
        version = Version.parse(text)
    except ReleaseError:
        return
    assert str(version) == text


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".git",
        "index.html",
        "latest",
        "versions.json",
        "..",
        "2026.11.23/../x",
        "2026-11-23",
        "2026.11.31",
        "2026.02.29",
        "2026.13.01",
        "2026.00.10",
        "26.11.23",
        "1999.12.31",
        "2100.01.01",
        "2026.1.2",
        "2026.11.23.",
        "2026.11.23.0",
        "2026.11.23.1",
        "2026.11.23.02",
        "2026.11.23.99999",
        "2026.11.23.2.2",
        "v2026.11.23",
        "2026.11.23 ",
        "2026.11.23\n",
        "2026.11.2٣",
    ],
)
def test_a_name_in_another_form_is_refused(name):
    with pytest.raises(
        ReleaseError, match=r"expected a name like 2026\.11\.23, .*; name it after a real day"
    ) as caught:
        Version.parse(name)
    assert "\n" not in str(caught.value)


def test_a_day_that_no_name_can_hold_is_refused():
    with pytest.raises(ReleaseError, match="found release 1 of 1999-12-31"):
        next_version(date(1999, 12, 31), [])
    with pytest.raises(ReleaseError, match="found release 1441 of 2026-11-23"):
        next_version(DAY, ["2026.11.23.1440"])
    with pytest.raises(ReleaseError, match="found release 1441 of 2026-11-23"):
        Version.parse("2026.11.23.1441")


def test_a_release_is_dated_by_its_name_alone():
    assert Version(DAY).moment == datetime(2026, 11, 23, tzinfo=UTC)
    assert Version(DAY, 3).moment == datetime(2026, 11, 23, 0, 2, tzinfo=UTC)
    assert Version(DAY, 1440).moment.date() == DAY


def test_the_next_version_counts_within_its_day():
    assert next_version(DAY, []) == "2026.11.23"
    assert next_version(DAY, ["2026.11.22.7"]) == "2026.11.23"
    assert next_version(DAY, ["2026.11.23"]) == "2026.11.23.2"
    assert next_version(DAY, ["2026.11.23", "2026.11.23.10", "2026.11.23.9"]) == "2026.11.23.11"


@given(days, st.lists(versions, unique=True))
def test_the_next_version_is_the_newest_or_refused(day, taken):
    names = [str(version) for version in taken]
    if taken and day < max(taken).day:
        with pytest.raises(ReleaseError, match="on or after the newest release"):
            next_version(day, names)
    elif Version(day, 1440) not in taken:
        version = Version.parse(next_version(day, names))
        assert version.day == day
        assert all(version > other for other in taken)


def test_a_day_before_the_newest_release_is_refused_with_a_way_out():
    with pytest.raises(ReleaseError) as caught:
        next_version(DAY - timedelta(1), ["2026.11.22", "2026.11.23.2"])
    assert str(caught.value) == (
        "release: expected a date on or after the newest release, 2026.11.23.2, found 2026-11-22; "
        "publish with the date 2026-11-23 or later"
    )


@given(st.lists(versions, unique=True, min_size=1))
def test_the_list_is_read_back_and_is_what_mike_writes(releases):
    names = [str(version) for version in sorted(releases, reverse=True)]
    text = write_versions(names)
    assert read_versions(text) == tuple(names)
    by_mike = Versions()
    for name in reversed(names):
        by_mike.add(name, aliases=["latest"], update_aliases=True)
    assert by_mike.dumps() + "\n" == text


def test_the_tenth_release_of_a_day_is_listed_before_the_ninth():
    names = ("2026.11.23.10", "2026.11.23.9", "2026.11.23")
    assert read_versions(write_versions(names)) == names
    with pytest.raises(ReleaseError, match=r"2026\.11\.23\.10"):
        read_versions(write_versions(("2026.11.23.9", "2026.11.23.10", "2026.11.23")))


def entry(version, *aliases, **more):
    return {"version": version, "title": version, "aliases": list(aliases)} | more


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, "a list of at least one release"),
        ([], "a list of at least one release"),
        (None, "a list of at least one release"),
        ("2026.11.23", "a list of at least one release"),
        (["2026.11.23"], 'entries whose "version"'),
        ([{}], 'entries whose "version"'),
        ([entry(20261123, "latest")], 'entries whose "version"'),
        ([entry(".git", "latest")], 'entries whose "version"'),
        ([entry("2026.11.23", "latest"), entry("2026.11.22.1")], 'entries whose "version"'),
        ([entry("2026.11.23")], "'aliases': ['latest']"),
        ([entry("2026.11.23"), entry("2026.11.22", "latest")], "'aliases': ['latest']"),
        ([entry("2026.11.23", "latest"), entry("2026.11.22", "latest")], "'aliases': []"),
        ([entry("2026.11.23", "latest", "stable")], "'aliases': ['latest']"),
        ([entry("2026.11.23", "latest"), entry("2026.11.23")], "no entry twice"),
        ([entry("2026.11.22", "latest"), entry("2026.11.23")], "'2026.11.23'"),
        ([entry("2026.11.23", "latest", properties={"hidden": True})], "'2026.11.23'"),
        ([entry("2026.11.23", "latest") | {"title": "<b>"}], "'title': '2026.11.23'"),
    ],
)
def test_a_list_that_no_release_wrote_is_refused(data, expected):
    with pytest.raises(ReleaseError) as caught:
        read_versions(json.dumps(data))
    message = str(caught.value)
    assert message.startswith("versions.json: expected ")
    assert expected in message
    assert ", found " in message
    assert "; restore it: one entry for each release folder" in message
    assert "\n" not in message


@pytest.mark.parametrize("text", ["", "\0", "{", "[" * 20_000, "9" * 5_000, "\ufeff[]"], ids=range(6))
def test_a_list_that_is_not_json_is_refused(text):
    with pytest.raises(ReleaseError, match=r"^versions\.json: expected"):
        read_versions(text)


def test_the_digest_is_read_from_the_manifest():
    assert staged_digest(json.dumps({"staged": "0a" * 32, "files": {}})) == "0a" * 32


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"staged": null}',
        '{"staged": 5}',
        json.dumps({"staged": "0A" * 32}),
        json.dumps({"staged": "0a" * 32 + "0"}),
        '{"staged": "0a"}',
        "[" * 9999,
    ],
    ids=range(9),
)
def test_a_manifest_without_a_digest_is_refused(text):
    with pytest.raises(ReleaseError, match=r'^manifest.json: expected an object with "staged".*; build the site'):
        staged_digest(text)
