"""Feeds: what a reader's feed program is told of an edition, by the rules of Atom and of JSON Feed, and no more."""

import datetime as dt
import json
import re
from dataclasses import replace
from functools import cache
from random import Random
from urllib.parse import urldefrag
from xml.etree import ElementTree as ET

import pytest
import worked
from bs4 import BeautifulSoup
from changes import CHANGES
from changing import clauses
from guidebook import documents, feeds, staging
from guidebook.sources import TextFile
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import DAY, EXTERNAL, FAR, FUTURE, INTERNAL, Doc, Level, grow, render

SITE, TITLE = "https://guide.example.com/", "Guide"
ROOT = f"{SITE}latest/"
G04, G12 = "rules/g04/", "rules/g12/"
IN_FORCE = dt.date(2026, 11, 2)
NOTICE = {"type": "notice", "kind": "editorial", "changes": ["G04.2"], "valid_from": IN_FORCE}
RETIRED = {"retired": {"G04.9": {"to": "G04.1", "why": "One rule is enough."}}}
KEPT = worked.case("K01", **worked.FORCED, verdict="violating", set="calibration")


def project(bodies=None, **meta):
    """Return two guidelines with one label in common, and a notice about the first."""
    second = worked.tree(worked.SHORT).replace("G04", "G12").replace("spam-x", "spam-z")
    texts = {
        "rules/g12.md": worked.body("### G12.1 A title\n\nText.\n", second, []),
        "spam-z.md": worked.LABEL_BODY,
        "n001.md": "Text.\n",
        **(bodies or {}),
    }
    fields = {
        "rules-g04": {"id": "G04", "type": "guideline", "labels": ["spam-x", "no-action"], **RETIRED},
        "rules-g12": {"id": "G12", "type": "guideline", "labels": ["spam-z", "no-action"]},
        "spam-z": {**worked.LABEL, "precedence": 51},
        "n001": {"id": "N001", **NOTICE},
    }
    names = {*fields, *meta}
    text = worked.body(cases=[*worked.needed(), KEPT])
    return worked.project(text, texts, **{name: fields.get(name, {}) | meta.get(name, {}) for name in names})


def view(made, name=EXTERNAL, **fields):
    """Return a view of a project; `fields` of its documents, by id, are set as they are, allowed or not."""
    library, _ = made.load()
    assert not library.problems, library.problems  # what a rule says does not matter here
    changed = {
        path: replace(one, meta=one.meta.model_copy(update=fields.get(one.meta.id, {})))
        for path, one in library.documents.items()
    }
    return staging.view(replace(library, documents=changed), name, DAY)


def files(made, name=EXTERNAL, site=SITE, title=TITLE, **fields):
    found = feeds.files(view(made, name, **fields), site, title)
    for path, text in found.items():
        (atom if path.endswith(".xml") else items)(text)
    return found


# What the two formats ask for

NAMES = f"{{{feeds.ATOM}}}"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ONCE = {
    "feed": {"id": True, "title": True, "updated": True},
    "entry": {"id": True, "title": True, "updated": True, "published": False, "summary": False, "content": False},
}
KNOWN = {
    "feed": {"id", "title", "updated", "author", "link", "entry"},
    "entry": {"id", "title", "updated", "published", "author", "link", "category", "summary", "content"},
}


def stamp(text):
    assert STAMP.fullmatch(text), text
    return dt.datetime.fromisoformat(text)


def absolute(url):
    assert re.fullmatch(r"(?i)https?://[^\s<>\"]+", url), url
    return url


def links(content):
    return {one.text: absolute(one["href"]) for one in BeautifulSoup(content, "html.parser").find_all("a")}


def of(element, name):
    return element.findall(NAMES + name)


def atom(text):
    """Return the entries of an Atom feed, which has to be one by RFC 4287, as (id, title, link, day, content, kind)."""
    assert text.startswith("<?xml version='1.0' encoding='utf-8'?>\n")
    feed = ET.fromstring(text.encode())
    found = of(feed, "entry")
    for element in (feed, *found):
        kind = element.tag.removeprefix(NAMES)
        assert element.tag == f"{NAMES}{'feed' if element is feed else 'entry'}"
        assert {one.tag for one in element} <= {NAMES + name for name in KNOWN[kind]}
        for name, needed in ONCE[kind].items():
            assert len(of(element, name)) in ({1} if needed else {0, 1}), name
        assert all(len(of(one, "name")) == 1 and of(one, "name")[0].text for one in of(element, "author"))
        assert of(element, "author")
        assert of(element, "id")[0].text.startswith("tag:")
        assert len([one for one in of(element, "link") if one.get("rel") == "alternate"]) == 1
        assert all(absolute(one.get("href")) for one in of(element, "link"))
        assert all(one.get("term") for one in of(element, "category"))
        assert all(one.get("type") == "html" for one in of(element, "content"))
    rels = [one.get("rel") for one in of(feed, "link")]
    assert sorted(rels) == ["alternate", "self"]
    ids = [of(one, "id")[0].text for one in (feed, *found)]
    assert len(set(ids)) == len(ids)
    days = [stamp(of(one, "updated")[0].text) for one in found]
    assert [stamp(of(one, "published")[0].text) for one in found] == days == sorted(days, reverse=True)
    assert stamp(of(feed, "updated")[0].text) == max(days, default=stamp(of(feed, "updated")[0].text))
    assert all(day.tzinfo == dt.UTC and day.time() == dt.time() for day in days)
    return [
        (
            of(one, "id")[0].text, of(one, "title")[0].text, of(one, "link")[0].get("href"),
            of(one, "published")[0].text, of(one, "summary")[0].text, of(one, "content")[0].text,
            [mark.get("term") for mark in of(one, "category")], of(one, "author")[0][0].text,
        )
        for one in found
    ]  # fmt: skip


def items(text):
    """Return the items of a JSON Feed, which has to be one by version 1.1, as `atom` does."""
    feed = json.loads(text)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert set(feed) == {"version", "title", "home_page_url", "feed_url", "authors", "items"}
    assert absolute(feed["feed_url"]).startswith(absolute(feed["home_page_url"]))
    assert feed["title"]
    needed = {"id", "url", "title", "summary", "content_html", "date_published", "authors"}
    assert all(needed <= set(one) <= {*needed, "tags"} and stamp(one["date_published"]) for one in feed["items"])
    assert all(author["name"] for one in (feed, *feed["items"]) for author in one["authors"])
    ids = [one["id"] for one in feed["items"]]
    assert len(set(ids)) == len(ids)
    return [
        (
            one["id"], one["title"], absolute(one["url"]), one["date_published"], one["summary"], one["content_html"],
            one.get("tags", []), one["authors"][0]["name"],
        )
        for one in feed["items"]
    ]  # fmt: skip


def entries(found, folder=""):
    """Return what the feed of a page holds: the same in both formats."""
    rows = atom(found[f"{folder}feed.xml"])
    assert rows == items(found[f"{folder}feed.json"])
    return rows


def ids(found, folder=""):
    return [row[0].rpartition("/")[2] for row in entries(found, folder)]


@pytest.mark.parametrize(
    ("written", "broken"),
    [
        ("<published>2026-11-02T00:00:00Z<", "<published>2026-11-02<"),
        ("<updated>2026-11-02T00:00:00Z<", "<updated>2026-11-01T00:00:00Z<"),
        ("<title>N001</title>", ""),
        ("notice/N001</id>", "notice/N001</id><id>tag:x,2026:y</id>"),
        ('rel="self"', 'rel="alternate"'),
        (f'href="{ROOT}n001/"', 'href="n001/"'),
        (f' xmlns="{feeds.ATOM}"', ""),
        ("<name>Quality</name>", ""),
        (":notice/N001<", ":external/feed<"),
        ("</entry>", "<note/></entry>"),
    ],
)
def test_the_rules_of_atom_that_these_tests_hold_a_feed_to_refuse_what_is_none(written, broken):
    text = files(project())["feed.xml"]
    assert written in text
    assert atom(text)
    with pytest.raises(AssertionError):
        atom(text.replace(written, broken))


def test_a_feed_names_itself_its_page_and_its_author():
    found = files(project())
    for folder, title, author in (("", "Guide", "Guide"), (G04, "Guide: G04 Rules-g04", "Quality")):
        feed = ET.fromstring(found[f"{folder}feed.xml"])
        told = {one.get("rel"): one.get("href") for one in of(feed, "link")}
        assert told == {"self": f"{ROOT}{folder}feed.xml", "alternate": f"{ROOT}{folder}"}
        assert of(feed, "title")[0].text == title
        assert of(feed, "author")[0][0].text == author
        data = json.loads(found[f"{folder}feed.json"])
        assert (data["feed_url"], data["home_page_url"]) == (f"{ROOT}{folder}feed.json", ROOT + folder)
        assert (data["title"], data["authors"]) == (title, [{"name": author}])


def test_each_part_of_a_feed_stands_in_a_line_of_its_own():
    found = files(project())
    assert "\n    <published>2026-11-02T00:00:00Z</published>\n" in found["feed.xml"]
    assert '\n   "date_published": "2026-11-02T00:00:00Z",\n' in found["feed.json"]
    assert all(text.endswith(("\n}\n", "\n</feed>\n")) for text in found.values())


def test_there_is_a_feed_of_the_edition_and_of_each_guideline_it_shows():
    both = {f"{folder}feed.{kind}" for folder in ("", G04, G12) for kind in ("xml", "json")}
    assert set(files(project())) == both
    hidden = {"rules-g12": {"audience": INTERNAL}}
    assert set(files(project(**hidden))) == {path for path in both if not path.startswith(G12)}
    assert set(files(project(**hidden), INTERNAL)) == both


def test_an_entry_is_a_notice_in_its_own_words():
    expected = (
        "tag:guide.example.com,2026:notice/N001", "N001", f"{ROOT}n001/", "2026-11-02T00:00:00Z", "Summary.",
        f'<p>Summary.</p><p>Changes:</p><ul><li><a href="{ROOT}{G04}#g04-2">G04.2</a></li></ul>', ["editorial"],
        "Quality",
    )  # fmt: skip
    found = files(project())
    assert entries(found) == entries(found, G04) == [expected]
    assert entries(found, G12) == []


def test_ids_stay_when_pages_move():
    def all_ids(found, folder):
        return [of(ET.fromstring(found[f"{place}feed.xml"]), "id")[0].text for place in ("", folder)], ids(found)

    moved = project()
    moved.docs["rules/g04-new-name.md"] = moved.docs.pop(worked.PATH)
    moved.docs["rules/n001-new-name.md"] = moved.docs.pop("n001.md")
    before, after = files(project()), files(moved)
    assert before["feed.xml"] != after["feed.xml"]
    assert all_ids(before, G04) == all_ids(after, "rules/g04-new-name/")
    assert of(ET.fromstring(files(project(), site="HTTPS://Guide.Example.com:444/a")["feed.xml"]), "id")[0].text == (
        "tag:guide.example.com,2026:external/feed"
    )


def test_a_feed_without_a_notice_is_as_old_as_what_it_is_about():
    made = project(n001={"status": "draft"}, **{"rules-g04": {"valid_from": IN_FORCE}, "spam-z": {"valid_from": DAY}})
    found = files(made)
    days = {path: of(ET.fromstring(text), "updated")[0].text for path, text in found.items() if path.endswith(".xml")}
    assert days == {
        "feed.xml": "2026-11-23T00:00:00Z",
        f"{G04}feed.xml": "2026-11-02T00:00:00Z",
        f"{G12}feed.xml": "2026-03-01T00:00:00Z",
    }
    assert entries(found) == []


@pytest.mark.parametrize(
    "site",
    ["", "/", "guide.example.com", "//guide.example.com/", "ftp://guide.example.com/", "https://", "https:///a",
     "https://me:word@guide.example.com/", "https://me@guide.example.com/",
     "https://guide.example.com/?a", "https://guide.example.com/a b", "https://["],
)  # fmt: skip
def test_there_is_no_feed_without_an_absolute_address(site):
    assert feeds.files(view(project()), site, TITLE) == {}


def test_there_is_no_feed_of_an_edition_without_pages():
    made = project()
    for doc in made.docs.values():
        doc.meta["valid_from"] = FUTURE
    assert [files(made, name) for name in (EXTERNAL, INTERNAL)] == [{}, {}]


@pytest.mark.parametrize(
    "site", ["https://g.example", "https://g.example/", "http://g.example:8000/a/b", "https://g.example/a&lt=b'\"c"]
)
def test_addresses_start_with_that_of_the_newest_release(site):
    found = feeds.files(view(project()), site, TITLE)
    [one] = json.loads(found["feed.json"])["items"]
    assert one["url"] == f"{site.rstrip('/')}/latest/n001/"
    assert one["id"] == "tag:g.example,2026:notice/N001"
    content = BeautifulSoup(one["content_html"], "html.parser")
    assert content.a["href"] == f"{site.rstrip('/')}/latest/{G04}#g04-2"


def test_the_files_are_the_same_in_whatever_order_documents_are_read():
    one = view(project())
    other = replace(one, library=replace(one.library, documents=dict(reversed(one.library.documents.items()))))
    assert list(feeds.files(one, SITE, TITLE).items()) == list(feeds.files(other, SITE, TITLE).items())


def test_of_notices_of_one_day_the_higher_number_stands_first():
    names = ["n003", "n001", "n002", "n004"]
    days = dict(zip(names, [IN_FORCE, IN_FORCE, IN_FORCE, DAY], strict=True))
    meta = {name: {**NOTICE, "id": name.upper(), "valid_from": day} for name, day in days.items()}
    assert ids(files(project(dict.fromkeys([f"{name}.md" for name in names], "Text.\n"), **meta))) == [
        "N004", "N003", "N002", "N001",
    ]  # fmt: skip


def test_signs_of_html_are_letters():
    odd = "A & B <b>&amp;</b> 'c' \"d\" ]]> –ü"
    fields = {"title": odd, "summary": odd, "owner": odd}
    found = files(project(), title=odd, N001=fields, G04={"title": odd})
    assert all("–ü" in text for text in found.values())
    [row] = entries(found)
    assert (row[1], row[4], row[7]) == (odd, odd, odd)
    content = BeautifulSoup(row[5], "html.parser")
    assert content.p.text == odd
    assert content.b is None
    for folder, title in (("", odd), (G04, f"{odd}: G04 {odd}")):
        feed = ET.fromstring(found[f"{folder}feed.xml"])
        assert of(feed, "title")[0].text == json.loads(found[f"{folder}feed.json"])["title"] == title
        assert {len(of(one, name)) for one in of(feed, "entry") for name in ("title", "summary", "content")} == {1}


# What a notice changes

PLACES = {
    "G04": G04,
    "G04.1": f"{G04}#g04-1",
    "G04.9": f"{G04}#g04-9",
    "G04-01": f"{G04}#case-g04-01",
    "tree/G04": f"{G04}#g04-tree-opens",
    "spam-x": "spam-x/",
    "G12": G12,
    "G12.1": f"{G12}#g12-1",
    "tree/G12": f"{G12}#g12-tree-opens",
    "spam-z": "spam-z/",
    "no-action": "no-action/",
    "W02": "w02/",
}
ABOUT = {
    G04: {"G04", "G04.1", "G04.9", "G04-01", "G04-K01", "tree/G04", "spam-x", "no-action"},
    G12: {"G12", "G12.1", "tree/G12", "spam-z", "no-action"},
}
NOWHERE = ["G04.8", "G04-09", "G05", "tree/G05", "tree/spam-x", "tree/G04.1", "spam-y", "snippet-a", "tree/"]


@pytest.mark.parametrize("name", [*PLACES, "G04-K01"])
def test_each_kind_of_change_has_its_link_and_its_guidelines(name):
    found = files(project(), INTERNAL, N001={"changes": [name]})
    words = name.replace("tree/", "Decision tree of ")
    place = PLACES.get(name, f"{G04}#case-g04-k01")
    assert [links(row[5]) for row in entries(found)] == [{words: ROOT + place}]
    assert {folder for folder in ABOUT if entries(found, folder)} == {
        folder for folder, names in ABOUT.items() if name in names
    }


def test_each_link_leads_to_a_place_on_a_page_of_the_edition():
    made = project()
    tree = staging.project(view(made))
    [row] = entries(files(made, N001={"changes": list(PLACES)}))
    led = links(row[5])
    assert list(led.values()) == [ROOT + place for place in PLACES.values()]
    for url in led.values():
        page, anchor = urldefrag(url.removeprefix(ROOT))
        html = BeautifulSoup(render(tree, f"{page.rstrip('/')}.md"), "html.parser")
        assert not anchor or html.find(id=anchor), url


def test_what_has_no_place_is_not_listed():
    snippet = {"snippet-a": {"type": "snippet", "id": "snippet-a"}}
    made = project({"snippet-a.md": "Text.\n"}, **snippet)
    [row] = entries(files(made, INTERNAL, N001={"changes": NOWHERE}))
    assert row[5] == "<p>Summary.</p>"
    assert links(entries(files(made, INTERNAL, N001={"changes": [*NOWHERE, "G04"]}))[0][5]) == {"G04": ROOT + G04}


# What an edition withholds


def test_a_draft_is_in_no_feed():
    made = project(n001={"status": "draft"})
    assert [ids(files(made, name)) for name in (EXTERNAL, INTERNAL)] == [[], []]
    made = project(**{"rules-g12": {"status": "draft"}})
    found = files(made, INTERNAL, N001={"changes": ["G04.2", "G12.1", "tree/G12", "G12"]})
    assert f"{G12}feed.xml" not in found
    assert links(entries(found)[0][5]) == {"G04.2": f"{ROOT}{G04}#g04-2"}
    assert files(project(), INTERNAL).keys() - found.keys() == {f"{G12}feed.xml", f"{G12}feed.json"}


@pytest.mark.parametrize("fields", [{"valid_from": FUTURE}, {"expires": DAY}, {"audience": INTERNAL}])
def test_a_notice_that_the_edition_does_not_show_is_not_in_it(fields):
    assert ids(files(project())) == ["N001"]
    assert ids(files(project(n001=fields))) == []
    assert ids(files(project(n001=fields), INTERNAL)) == (["N001"] if "audience" in fields else [])


@pytest.mark.parametrize(
    ("meta", "name"),
    [
        ({"rules-g12": {"audience": INTERNAL}}, "G12"),
        ({"rules-g12": {"audience": INTERNAL}}, "G12.1"),
        ({"rules-g12": {"audience": INTERNAL}}, "tree/G12"),
        ({"rules-g12": {"audience": INTERNAL, "retired": {"G12.9": {"to": "G12.1", "why": "One."}}}}, "G12.9"),
        ({"spam-z": {"audience": INTERNAL}}, "spam-z"),
        ({"w02": {"audience": INTERNAL}}, "W02"),
        ({}, "G04-K01"),
    ],
)
def test_what_the_edition_withholds_is_not_named(meta, name):
    fields = {"N001": {"changes": ["G04.2", name]}}
    inside, outside = (files(project(**meta), edition, **fields) for edition in (INTERNAL, EXTERNAL))
    assert len(links(entries(inside)[0][5])) == 2
    assert list(links(entries(outside)[0][5])) == ["G04.2"]
    assert outside == files(project(**meta))
    assert not any(name in text for text in outside.values())


def test_a_tree_in_a_passage_is_not_named_where_the_passage_is_withheld():
    text = worked.body(drawn=f"//// internal\n    reason: calibration\n\n{worked.tree()}\n\n////")
    fields = {"N001": {"changes": ["tree/G04"]}}
    assert links(entries(files(project({worked.PATH: text}), INTERNAL, **fields))[0][5])
    outside = files(project({worked.PATH: text}), **fields)
    assert (links(entries(outside)[0][5]), entries(outside, G04)) == ({}, [])


def without(*names):
    made = project()
    made.edition["fields"] = [name for name in made.edition["fields"] if name not in names]
    return made


def test_fields_that_the_edition_does_not_show_are_told_by_no_feed():
    fields = {"N001": {"changes": ["spam-x", "G04.9"], "owner": "Training"}}
    [row] = entries(files(without(), **fields), G04)
    assert (row[6], row[7], list(links(row[5]))) == (["editorial"], "Training", ["spam-x", "G04.9"])
    [row] = entries(files(without("kind"), **fields), G04)
    assert row[6] == []
    [row] = entries(files(without("owner"), **fields), G04)
    assert row[7] == TITLE
    assert not any("Training" in text or "Quality" in text for text in files(without("owner"), **fields).values())
    [row] = entries(files(without("retired"), **fields), G04)
    assert list(links(row[5])) == ["spam-x"]
    found = files(without("labels", "retired"), **fields)
    assert (ids(found), entries(found, G04)) == (["N001"], [])
    found = files(without("changes"), **fields)
    assert set(found) == {"feed.xml", "feed.json"}
    assert entries(found)[0][5] == "<p>Summary.</p>"
    assert files(without("valid_from"), **fields) == {}


def test_a_passage_in_a_notice_changes_no_byte():
    secret = "Text.\n\n/// internal\n    reason: calibration\n\nSecret [G04-K01].\n///\n"
    assert files(project({"n001.md": secret})) == files(project())


@pytest.mark.parametrize("name", ["add_a_notice", "add_a_passage", "add_a_page", "add_a_question", "delete_a_passage"])
def test_a_change_of_internal_content_changes_no_byte_of_external_feeds(name):
    compared = notices = inside = 0
    for seed in range(12):
        before = grow(seed, 2)
        news = {**before.docs["index.md"].meta, **NOTICE, "id": "N900", "changes": clauses(before, Level.ALL)}
        before.docs["n900.md"] = Doc(news, "Text.\n")
        changed = before.copy()
        if not CHANGES[name](Random(seed), changed) or changed.load()[1]:
            continue
        before = changed.before or before
        one, other = ([files(made, edition) for edition in (EXTERNAL, INTERNAL)] for made in (before, changed))
        assert one[0] == other[0], seed
        compared += 1
        notices += "notice/" in one[0].get("feed.xml", "")
        inside += one[1] != other[1]
    assert compared >= 5
    assert notices >= 5
    assert inside >= 3 or name != "add_a_notice"


# Any notices at all

_LETTERS = st.characters(codec="utf-8", exclude_characters='<>"`[]{}\\', exclude_categories=["C", "Z", "M"])
_TEXT = st.text(_LETTERS | st.sampled_from(" &;'"), min_size=1, max_size=30).map(str.strip).filter(bool)
_NOTICES = st.lists(
    st.fixed_dictionaries(
        {
            "title": _TEXT,
            "summary": _TEXT,
            "owner": st.sampled_from(["Quality", "Training"]),
            "kind": st.sampled_from(["editorial", "substantive"]),
            "valid_from": st.dates(dt.date(2025, 12, 30), dt.date(2026, 1, 2)) | st.dates(IN_FORCE, FUTURE),
            "expires": st.sampled_from([None, None, DAY, DAY + dt.timedelta(1), FAR]),
            "audience": st.sampled_from([EXTERNAL, EXTERNAL, INTERNAL]),
            "status": st.sampled_from(["in-force", "in-force", "retired", "draft"]),
            "changes": st.lists(st.sampled_from([*PLACES, "G04-K01", *NOWHERE]), unique=True),
        }
    ),
    max_size=8,
)


@cache
def bare():
    library, _ = project().load()
    assert not library.problems
    return replace(library, documents={path: one for path, one in library.documents.items() if path != "n001.md"})


@cache
def blank():
    meta = project().docs["n001.md"].meta
    found, faults = documents.read(TextFile("n001.md", Doc(meta, "Text.\n").text()), frozenset({EXTERNAL, INTERNAL}))
    assert not faults
    return found


def told(notices, name=EXTERNAL):
    """Return the feeds of an edition of a library with these notices, by id."""
    added = {
        f"{ident.lower()}.md": replace(
            blank(), path=f"{ident.lower()}.md", meta=blank().meta.model_copy(update={"id": ident, **one})
        )
        for ident, one in notices.items()
    }
    library = replace(bare(), documents={**added, **bare().documents})
    return feeds.files(staging.view(library, name, DAY), SITE, TITLE)


@settings(deadline=None)
@given(_NOTICES, st.randoms(use_true_random=False))
def test_feeds_hold_the_notices_their_readers_may_read_and_no_others(given_, rng):
    numbers = rng.sample(range(1, 999), len(given_))
    notices = {f"N{number:03}": one for number, one in zip(numbers, given_, strict=True)}
    for name in (EXTERNAL, INTERNAL):
        shown = {
            ident: one
            for ident, one in notices.items()
            if one["status"] != "draft"
            and one["valid_from"] <= DAY
            and (one["expires"] is None or one["expires"] > DAY)
            and (one["audience"] == EXTERNAL or name == INTERNAL)
        }
        unseen = set() if name == INTERNAL else {"G04-K01"}
        order = sorted(shown, key=lambda ident: (shown[ident]["valid_from"], ident), reverse=True)
        found = told(notices, name)
        assert found == told(shown, name)
        assert ids(found) == order
        for row, ident in zip(entries(found), order, strict=True):
            one = shown[ident]
            assert row[0] == f"tag:guide.example.com,{one['valid_from'].year}:notice/{ident}"
            assert (row[1], row[4]) == (one["title"], one["summary"])
            assert row[2:4] == (f"{ROOT}{ident.lower()}/", f"{one['valid_from']}T00:00:00Z")
            assert row[6:] == ([one["kind"]], one["owner"])
            assert BeautifulSoup(row[5], "html.parser").p.text == one["summary"]
            expected = {ROOT + PLACES.get(name, f"{G04}#case-g04-k01")
                        for name in one["changes"] if name not in {*NOWHERE, *unseen}}  # fmt: skip
            assert set(links(row[5]).values()) == expected
        for folder, names in ABOUT.items():
            assert ids(found, folder) == [one for one in order if (names - unseen) & set(shown[one]["changes"])]
