"""Timeline: what was in force when, and where everything ever published is found now."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from catalogs import data, project
from guidebook import timeline
from guidebook.releases import ReleaseError, Version
from guidebook.timeline import Address, Retired, Text, Withdrawal, extended, read, rebuilt
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from timelines import (
    CLAUSES,
    FOUR,
    ONE,
    PAGES,
    THREE,
    TWO,
    A,
    B,
    C,
    catalog,
    days,
    expected,
    histories,
    holders,
    made,
    page,
    written,
)

SCHEMA = json.loads(Path(timeline.__file__).with_name(timeline.SCHEMA).read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
SECOND = timedelta(seconds=1)
MIDNIGHT = time(tzinfo=UTC)


# What is written.


def test_the_file_is_as_it_was_agreed():
    first = extended(None, catalog(page("G04", g04_2=A, g04_10=B), page("home")), ONE)
    to = {"G04.2": {"to": "G04.10", "why": "One rule."}}
    second = extended(first, catalog(page("G04", sha256=B, g04_10=B, retired=to)), "2026.12.05.2")
    third = extended(second, catalog(page("G04", sha256=B), page("home", "start/")), "2026.12.06")
    there = {"title": "Title", "sha256": A}
    assert json.loads(third) == {
        "format": 1,
        "edition": "external",
        "releases": [
            {"release": "2026.11.23", "from": "2026-11-23T00:00:00Z"},
            {"release": "2026.12.05.2", "from": "2026-12-05T00:01:00Z"},
            {"release": "2026.12.06", "from": "2026-12-06T00:00:00Z"},
        ],
        "clauses": {
            "G04.2": [
                {"release": "2026.11.23", "title": "About G04.2", "url": "rules/g04/#g04-2", "sha256": A},
                {"release": "2026.12.05.2", "retired": {"to": "G04.10", "why": "One rule."}},
                {"release": "2026.12.06", "retired": {}},
            ],
            "G04.10": [
                {"release": "2026.11.23", "title": "About G04.10", "url": "rules/g04/#g04-10", "sha256": B},
                {"release": "2026.12.06", "retired": {}},
            ],
        },
        "pages": {
            "G04": [
                {"release": "2026.11.23", "url": "rules/g04/", **there},
                {"release": "2026.12.05.2", "url": "rules/g04/", **there, "sha256": B},
            ],
            "home": [
                {"release": "2026.11.23", "url": "", **there},
                {"release": "2026.12.05.2", "retired": {}},
                {"release": "2026.12.06", "url": "start/", **there},
            ],
        },
    }
    assert list(json.loads(third)["clauses"]) == ["G04.2", "G04.10"]  # by number, not by letter
    assert third.endswith(b"}\n")
    assert third.startswith(b'{\n "format": 1,')


@pytest.mark.parametrize("edition", ["internal", "external"])
def test_the_catalog_that_the_build_writes_is_read(edition):
    found = data(project())
    for row in found["documents"]:
        row.setdefault("sha256", A)
    found["edition"] = edition
    known = read(extended(None, json.dumps(found).encode(), ONE))
    assert known.edition == edition
    assert known.ids() == {"G01.1", "G01.2", "G01.3"}
    assert isinstance(known.clause_on("G01.3", date(2026, 11, 23)), Withdrawal)  # retired before the first release
    assert {url: one.ids for url, one in known.addresses().items()} == {
        row["url"]: (row["id"],) for row in found["documents"]
    }


def test_letters_of_every_script_stand_as_they_are():
    title = "Καλημέρα “x” 🎣 \u2028"
    text = made((ONE, page("home", title=title)))
    assert title in text.decode()
    assert read(text).pages["home"][0].title == title


def test_a_title_or_an_address_alone_is_a_change_and_a_release_without_one_is_none():
    text = made((ONE, page("home")), (TWO, page("home")), (THREE, page("home", title="Other")), (FOUR, page("home")))
    assert [one.release for one in read(text).pages["home"]] == [ONE, THREE, FOUR]
    text = made((ONE, page("G04", g04_1=A)), (TWO, page("G04", "g/", g04_1=A)))
    assert [one.url for one in read(text).clauses["G04.1"]] == ["rules/g04/#g04-1", "g/#g04-1"]


def test_an_end_of_which_nothing_is_said_is_written_only_for_what_was_there():
    text = made((ONE, page("G04", g04_1=A)), (TWO, page("G04", retired={"G04.1": {}, "G04.2": {}})))
    clauses = read(text).clauses
    assert clauses.keys() == {"G04.1"}
    assert clauses["G04.1"][1] == Withdrawal(release=TWO, retired=Retired())


# Refusals.


@pytest.mark.parametrize(("release", "after"), [(ONE, ONE), (ONE, TWO), ("2026.11.22", ONE), ("2026.11.23.9", THREE)])
def test_a_release_comes_after_the_last_one(release, after):
    with pytest.raises(ReleaseError, match=rf"expected a release after {after}, found {release};"):
        extended(made((after, page("home"))), catalog(page("home")), release)
    assert extended(made((after, page("home"))), catalog(page("home")), "2030.01.01")


def test_releases_of_one_day_order_by_number():
    text = made(("2026.11.23.9", page("home")), ("2026.11.23.10", page("home", sha256=B)))
    assert read(text).releases == ("2026.11.23.9", "2026.11.23.10")
    known = read(text)
    assert known.release_on(date(2026, 11, 23)) == "2026.11.23.10"
    assert [one.release for one in known.since("home", "2026.11.23.9")] == ["2026.11.23.10"]
    assert known.since("home", "2026.11.23.10") == []


@pytest.mark.parametrize("release", ["latest", "", "2026.11.31", "../x"])
def test_a_release_has_a_name(release):
    with pytest.raises(ReleaseError, match="expected a name like"):
        extended(None, catalog(page("home")), release)


def test_another_edition_is_refused():
    with pytest.raises(ReleaseError, match=r"^2026.12.05/catalog.json: expected edition external.* found edition int"):
        extended(made((ONE, page("home"))), catalog(page("home"), edition="internal"), THREE)


def test_no_releases_are_no_timeline():
    with pytest.raises(ReleaseError, match="expected at least one release"):
        rebuilt([])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([page("home"), page("home", "x/")], "every id once, found home again"),
        ([page("G04", g04_1=A), page("G05", g04_1=A)], "every id once, found G04.1 again"),
        ([page("G04", g04_1=A, retired={"G04.1": {"to": "G04.2", "why": "W."}})], "every id once, found G04.1 again"),
        ([page("home"), page("G04", "")], "an address of its own for G04 in 2026.11.23"),
        ([page("home", "x/#g04-1")], "an address of its own for home"),
        ([page("home", "/x/")], "at documents.0.url: "),
        ([page("home", "javascript:alert(1)")], "at documents.0.url: "),
        ([page("home", sha256="a")], "at documents.0.sha256: "),
        ([{**page("home"), "title": None}], "at documents.0.title: "),
        ([{**page("home"), "id": "__proto__"}], "at documents.0.id: "),
        ([{key: one for key, one in page("home").items() if key != "sha256"}], "at documents.0.sha256: "),
        ([page("G04", retired={"G04.1": {"to": "G04.2"}})], "at documents.0.retired.G04.1: "),
        ([page("G04", retired={"G4": {"to": "G04.2", "why": "W."}})], "at documents.0.retired.G4."),
        ([5], "at documents.0: "),
        (["x" * 1000], "at documents.0: "),
    ],
)
def test_a_catalog_that_is_not_clear_is_refused(rows, said):
    with pytest.raises(ReleaseError) as caught:
        extended(None, catalog(*rows), ONE)
    assert str(caught.value).startswith("2026.11.23/catalog.json: expected ")
    assert said in str(caught.value)
    assert "; build the release again" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_clause_stands_on_its_page_under_its_anchor():
    for url in ("rules/g05/#g04-1", "rules/g04/#g04-2", "rules/g04/", "#g04-1"):
        row = page("G04", g04_1=A)
        row["clauses"][0]["url"] = url
        with pytest.raises(ReleaseError, match=r"expected the address of a page and #g04-1 for G04\.1"):
            extended(None, catalog(row), ONE)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff", b"[" * 20_000, b"9" * 5_000, b'{"edition": "\\ud800"}'])
def test_what_is_no_json_or_something_else_is_refused(text):
    for attempt in (lambda: read(text), lambda: extended(text, catalog(page("home")), ONE)):
        with pytest.raises(ReleaseError, match=r"^releases\.json: expected what releases.schema.json .*; restore the"):
            attempt()
    with pytest.raises(ReleaseError, match=r"^2026.11.23/catalog\.json: expected .*; build"):
        extended(None, text, ONE)


def good():
    """Return a timeline as data, in which everything that can be in one is."""
    to = {"G04.1": {"to": "G05.1", "why": "One rule."}}
    return json.loads(
        made(
            (ONE, page("G04", g04_1=A, g04_2=A), page("G05", g05_1=A), page("home")),
            (TWO, page("G04", sha256=B, g04_2=B, retired=to), page("G05", g05_1=A)),
            (THREE, page("G04", sha256=C, g04_2=C), page("G05", "g05/", g05_1=A), page("home")),
        )
    )


def drop(*way):
    def change(found):
        for key in way[:-1]:
            found = found[key]
        del found[way[-1]]

    return change


def put(value, *way):
    def change(found):
        for key in way[:-1]:
            found = found[key]
        found[way[-1]] = value

    return change


def swap(*way):
    def change(found):
        for key in way:
            found = found[key]
        if isinstance(found, list):
            found.reverse()
        else:
            for key in sorted(found, reverse=True):
                found[key] = found.pop(key)

    return change


TEXT, ENDED = ("clauses", "G04.2", 0), ("clauses", "G04.1", 1)
FORMLESS = {
    "no format": drop("format"),
    "another format": put(2, "format"),
    "no edition": drop("edition"),
    "odd edition": put("Staff only", "edition"),
    "unknown key": put(1, "note"),
    "no releases": put([], "releases"),
    "releases that are no list": put({}, "releases"),
    "no such day": put("2026.11.31", "releases", 0, "release"),
    "no start": drop("releases", 0, "from"),
    "unknown key of a release": put("x", "releases", 0, "by"),
    "clauses that are no object": put([], "clauses"),
    "no pages": drop("pages"),
    "odd clause": put([], "clauses", "G4.2"),
    "odd page": put([], "pages", "__proto__"),
    "an entry that is text": put("x", *TEXT),
    "an entry without a release": drop(*TEXT, "release"),
    "an entry of a release that is no text": put(5, *TEXT, "release"),
    "an entry without a title": drop(*TEXT, "title"),
    "a title that is none": put(None, *TEXT, "title"),
    "an entry with an unknown key": put("x", *TEXT, "text"),
    "an entry that is there and not there": put({}, *TEXT, "retired"),
    "a script as address": put("javascript:alert(1)", *TEXT, "url"),
    "another site": put("//example.com/#g04-2", *TEXT, "url"),
    "a way up": put("../rules/g04/#g04-2", *TEXT, "url"),
    "hash in capitals": put("A" * 64, *TEXT, "sha256"),
    "half an end": drop(*ENDED, "retired", "why"),
    "an end without a reason": put("", *ENDED, "retired", "why"),
    "an end at no clause": put("G05", *ENDED, "retired", "to"),
    "an end of null": put(None, *ENDED, "retired", "to"),
    "an unknown key of an end": put("x", *ENDED, "retired", "by"),
    "no history": put([], *TEXT[:2]),
    "a page that ends at a clause": put({"to": "G05.1", "why": "W."}, "pages", "home", 1, "retired"),
    "a page at an anchor": put("rules/g04/#g04-1", "pages", "G04", 0, "url"),
    "a clause without anchor": put("rules/g04/", *TEXT, "url"),
}
SENSELESS = {
    "format as true": put(True, "format"),
    "newest first": swap("releases"),
    "a release too few": drop("releases", 1),
    "a release twice": lambda found: found["releases"].append(found["releases"][-1]),
    "another start": put("2026-11-23T00:01:00Z", "releases", 0, "from"),
    "entries newest first": swap(*TEXT[:2]),
    "an entry of no release": put("2026.11.24", *TEXT, "release"),
    "two entries for a release": put(ONE, "clauses", "G04.2", 1, "release"),
    "an entry that changes nothing": put(A, "clauses", "G04.2", 1, "sha256"),
    "an end at first": put({"release": ONE, "retired": {}}, *TEXT),
    "two ends": lambda found: found["pages"]["home"].insert(2, {"release": THREE, "retired": {}}),
    "a clause on no page": put("rules/g06/#g04-2", *TEXT, "url"),
    "a clause on a page that is gone": drop("pages", "G04"),
    "the anchor of another clause": put("rules/g04/#g04-1", *TEXT, "url"),
    "two pages at one address": put("rules/g05/", "pages", "home", 0, "url"),
    "clauses in another order": swap("clauses"),
    "pages in another order": swap("pages"),
}


@pytest.mark.parametrize("change", (FORMLESS | SENSELESS).values(), ids=FORMLESS | SENSELESS)
def test_a_damaged_file_is_refused(change):
    found = good()
    assert read(json.dumps(found).encode())
    change(found)
    with pytest.raises(ReleaseError) as caught:
        read(json.dumps(found).encode(), "a place")
    assert str(caught.value).startswith("a place: expected ")
    assert ", found " in str(caught.value)
    assert "; restore the file on the release branch" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_the_first_thing_wrong_is_named():
    for name, said in {
        "unknown key": "found '1 at note: Extra inputs are not permitted'",
        "hash in capitals": "at clauses.G04.2.0.Text.sha256: String should match pattern",
        "another start": 'expected "from": "2026-11-23T00:00:00Z" on line 7, found "from": "2026-11-23T00:01',
        "the anchor of another clause": "expected the address of a page and #g04-2 for G04.2 in 2026.11.23, found r",
    }.items():
        found = good()
        (FORMLESS | SENSELESS)[name](found)
        assert said in refusal(lambda found=found: read(json.dumps(found).encode()))
    empty = {**good(), "releases": [], "clauses": {}, "pages": {}}
    assert "at releases: List should have at least 1 item" in refusal(lambda: read(json.dumps(empty).encode()))


def test_a_key_that_stands_twice_is_refused_and_white_space_is_not():
    text = json.dumps(good())
    assert read(text.encode()) == read(json.dumps(good(), indent=4).encode())
    with pytest.raises(ReleaseError, match=r"^releases\.json: expected"):
        read(text.replace('"format": 1', '"format": 1, "format": 1').encode())
    with pytest.raises(ReleaseError, match=r"^releases\.json: expected"):
        read(text.replace('"G04.1": [', '"G04.1": [], "G04.1": [').encode())


def refusal(attempt):
    """Return why something is refused; None when it is not."""
    try:
        attempt()
    except ReleaseError as error:
        return str(error)
    return None


def nodes(value, way=()):
    yield way
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from nodes(one, (*way, key))


WAYS = list(nodes(good()))[1:]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
    | st.sampled_from([ONE, TWO, THREE, "G04.1", "", "rules/g04/", A, B]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(WAYS), st.none() | VALUES.map(lambda one: (one,))), min_size=1, max_size=2))
def test_whatever_was_done_to_a_file_it_is_read_as_it_is_or_refused(changes):
    found = good()
    for way, value in changes:
        try:
            (drop(*way) if value is None else put(value[0], *way))(found)
        except (LookupError, TypeError):
            continue  # an earlier change took it away
    text = json.dumps(found).encode()
    refused = refusal(lambda: read(text))
    if refused:
        assert "\n" not in refused
    else:
        VALIDATOR.validate(found)
        assert json.loads(timeline._written(read(text))) == found


@settings(max_examples=300)
@given(st.data())
def test_bytes_that_were_cut_or_changed_are_no_traceback(source):
    text = bytearray(json.dumps(good()).encode())
    for at in source.draw(st.lists(st.integers(0, len(text) - 1), min_size=1, max_size=3)):
        text[at] = source.draw(st.integers(0, 255))
    text = bytes(text[: source.draw(st.integers(0, len(text)))])
    for attempt in (lambda: read(text), lambda: extended(None, text, ONE), lambda: extended(text, text, FOUR)):
        assert "expected" in (refusal(attempt) or "expected")  # and raises nothing else


# The schema.


def subschemas(schema, name=""):
    yield name, schema
    for key in ("properties", "patternProperties", "$defs"):
        for one, value in schema.get(key, {}).items():
            yield from subschemas(value, one)
    for value in [schema[key] for key in ("items",) if key in schema] + schema.get("oneOf", []):
        yield from subschemas(value)


def test_the_schema_is_one_and_says_what_is_read():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == timeline.SCHEMA
    assert SCHEMA["properties"]["format"]["const"] == timeline.FORMAT
    for name, schema in subschemas(SCHEMA):
        whole = {**SCHEMA["$defs"].get(schema.get("$ref", "").rpartition("/")[2], {}), **schema}
        assert not name or (whole.get("title") and whole.get("description", "").endswith(".")), name
        if "properties" in whole or "patternProperties" in whole:
            assert whole["additionalProperties"] is False, name
        assert whole.get("pattern", "^$").startswith("^"), name
        assert whole.get("pattern", "^$").endswith("$"), name
    named = {one["$ref"].rpartition("/")[2] for _, one in subschemas(SCHEMA) if "$ref" in one}
    assert named == SCHEMA["$defs"].keys()


@pytest.mark.parametrize("name", sorted(FORMLESS.keys() - {"no such day"}))  # a pattern knows no calendar
def test_the_schema_refuses_what_has_another_form(name):
    found = good()
    VALIDATOR.validate(found)
    FORMLESS[name](found)
    assert not VALIDATOR.is_valid(found)


# Random histories, and an independent reading of them: always the whole list of (start, rows), nothing else.


def plain(entry):
    """Bring an entry into the form of `expected`."""
    if isinstance(entry, Text):
        return entry.title, entry.url, entry.sha256
    if isinstance(entry, Withdrawal):
        return (entry.retired.to, entry.retired.why) if entry.retired.to else ()
    return entry


def in_browser(found, name, moment):
    """Read the file as a page does: of the entries, those that are in force at the moment."""
    starts = {one["release"]: datetime.fromisoformat(one["from"]) for one in found["releases"]}
    entries = found["pages" if name in PAGES else "clauses"].get(name, [])
    bounds = [starts[one["release"]] for one in entries] + [datetime.max.replace(tzinfo=UTC)]
    return [one for one, (start, end) in zip(entries, pairwise(bounds), strict=True) if start <= moment < end]


def moments(history):
    """Return each start, the seconds beside it, and the first and last second of its day and its neighbours."""
    found = {start + more for _, start, _ in history for more in (-SECOND, 0 * SECOND, SECOND)}
    for day in days(history):
        midnight = datetime.combine(day, MIDNIGHT)
        found |= {midnight, midnight + timedelta(days=1) - SECOND}
    return sorted(found)


@settings(max_examples=2000)
@given(histories())
def test_at_each_instant_one_text_is_in_force_and_it_is_that_of_the_catalogs(history):
    text = written(history)
    known, raw = read(text), json.loads(text)
    for moment in moments(history):
        until = [one for one in history if one[1] <= moment]
        release = known.release_at(moment)
        assert release == (until[-1][0] if until else None)
        for name in (*CLAUSES, *PAGES):
            wanted = expected(until, name)
            here = in_browser(raw, name, moment)
            assert len(here) == (wanted is not None)
            entry = known.entry_in(name, release) if release else None
            assert plain(entry) == wanted
            assert [entry.model_dump(exclude_none=True)] * len(here) == here if entry else not here


@settings(max_examples=500)
@given(histories())
def test_a_day_has_the_text_of_its_last_release(history):
    known = read(written(history))
    for day in days(history):
        until = [one for one in history if one[1] < datetime.combine(day + timedelta(1), MIDNIGHT)]
        assert known.release_on(day) == (until[-1][0] if until else None)
        for name in CLAUSES:
            assert plain(known.clause_on(name, day)) == expected(until, name)
        for name in PAGES:
            assert plain(known.page_on(name, day)) == expected(until, name)


@settings(max_examples=300)
@given(histories())
def test_extending_one_by_one_is_rebuilding_and_valid_and_reads_back(history):
    text = None
    for at, (name, _, rows) in enumerate(history):
        text = extended(text, catalog(*rows), name)
        assert text == written(history[: at + 1])
    assert timeline._written(read(text)) == text
    VALIDATOR.validate(json.loads(text))


@settings(max_examples=300)
@given(histories())
def test_what_came_after_a_release_is_what_differs_in_the_catalogs(history):
    known = read(written(history))
    for at, (release, _, _) in enumerate(history):
        for name in (*CLAUSES, *PAGES):
            wanted = [
                (history[after][0], expected(history[: after + 1], name))
                for after in range(at + 1, len(history))
                if expected(history[: after + 1], name) != expected(history[:after], name)
            ]
            assert [(one.release, plain(one)) for one in known.since(name, release)] == wanted


@settings(max_examples=500)
@given(histories())
def test_addresses_are_those_of_all_catalogs(history):
    known = read(written(history))
    wanted = {}
    for url, held in holders(history).items():
        ids = [name for _, name in held]
        order = tuple(name for at, name in enumerate(ids) if name not in ids[at + 1 :])
        wanted[url] = Address(order, held[-1][0])
    assert known.addresses() == wanted
    said = {name for _, _, rows in history for row in rows for name in row.get("retired", {})}
    assert known.ids() == said | {one["id"] for _, _, rows in history for row in rows for one in row.get("clauses", [])}


# Boundaries by hand.


def test_a_day_begins_and_ends_in_utc():
    known = read(made((ONE, page("home")), (TWO, page("home", sha256=B)), (THREE, page("home", sha256=C))))
    at = {
        datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC): None,
        datetime(2026, 11, 23, 0, 0, 0, tzinfo=UTC): ONE,
        datetime(2026, 11, 23, 0, 0, 59, 999999, tzinfo=UTC): ONE,
        datetime(2026, 11, 23, 0, 1, 0, tzinfo=UTC): TWO,
        datetime(2026, 12, 4, 23, 59, 59, tzinfo=UTC): TWO,
        datetime(2026, 12, 5, 0, 0, 0, tzinfo=UTC): THREE,
        datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC): THREE,
        datetime(2026, 12, 5, 1, 0, 0, tzinfo=timezone(timedelta(hours=9))): TWO,  # there it is the 5th, here the 4th
        datetime(2026, 12, 4, 20, 0, 0, tzinfo=timezone(-timedelta(hours=5))): THREE,
    }
    assert {moment: known.release_at(moment) for moment in at} == at
    on = {(2026, 11, 22): None, (2026, 11, 23): TWO, (2026, 12, 4): TWO, (2026, 12, 5): THREE, (2026, 12, 6): THREE}
    assert {day: known.release_on(date(*day)) for day in on} == on
    assert known.page_on("home", date(2026, 11, 22)) is None
    assert known.page_on("home", date(2026, 11, 23)).sha256 == B
    assert known.page_on("G99", date(2026, 11, 23)) is None
    assert known.since("G99.1", ONE) == []
    with pytest.raises(ReleaseError, match="expected a name like"):
        known.since("home", "yesterday")


def test_a_release_starts_when_its_name_says():
    for name in ("2028.02.29", "2026.11.23.2", "2026.11.23.1440"):
        starts = json.loads(made((name, page("home"))))["releases"][0]["from"]
        assert datetime.fromisoformat(starts) == Version.parse(name).moment
    assert starts == "2026-11-23T23:59:00Z"


def test_a_clause_ends_and_comes_back():
    to = {"G04.1": {"to": "G04.2", "why": "One rule."}}
    text = made((ONE, page("G04", g04_1=A)), (TWO, page("G04", retired=to)), (THREE, page("G04")),
                (FOUR, page("G04", g04_1=A)))  # fmt: skip
    known = read(text)
    url = "rules/g04/#g04-1"
    first = Text(release=ONE, title="About G04.1", url=url, sha256=A)
    ends = [Withdrawal(release=TWO, retired=Retired(to="G04.2", why="One rule.")),
            Withdrawal(release=THREE, retired=Retired())]  # fmt: skip
    again = first.model_copy(update={"release": FOUR})
    assert known.clauses["G04.1"] == (first, *ends, again)
    assert known.clause_on("G04.1", date(2026, 12, 31)) == ends[1]
    assert known.clause_on("G04.1", date(2027, 1, 1)) == again
    assert known.since("G04.1", TWO) == [ends[1], again]
