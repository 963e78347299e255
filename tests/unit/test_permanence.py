"""Permanence: whatever was ever published is found in every later release, and each promise broken is told."""

import json
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urljoin

import pytest
import worked
from bs4 import BeautifulSoup
from guidebook import history, permanence, staging
from guidebook.permanence import Gone, Permanence, moved
from guidebook.problems import Problem
from guidebook.timeline import extended, read
from hypothesis import given, settings
from hypothesis import strategies as st
from libraries import DAY, EXTERNAL, INTERNAL, loaded
from timelines import (
    CLAUSES,
    FOUR,
    ONE,
    THREE,
    TWO,
    A,
    B,
    C,
    catalog,
    expected,
    histories,
    holders,
    made,
    page,
    stated,
    written,
)

VOID = {"meta", "link"}
BARE = {"data-moved"}  # attributes without a value
SITE = "https://guidelines.example.com/"


def last_shown(history, name):
    """Return what is known of an id that is gone, from the last catalog that has its text, else from its retirement."""
    for size in (3, 2):
        shown = [
            (release, at) for at, (release, _, rows) in enumerate(history) if len(stated(rows, name) or ()) == size
        ]
        if shown:
            last, at = shown[-1]
            said = stated(history[at][2], name)
            since = at
            while since and stated(history[since - 1][2], name) == said:
                since -= 1
            return Gone(name, *(said[:2] if size == 3 else ("", "")), history[since][0], last)
    raise AssertionError(name)


@settings(max_examples=2000)
@given(histories(least=2))
def test_everything_ever_published_is_found_in_the_next_release(history):
    *past, (_, _, rows) = history
    found = moved(read(written(past)), rows)
    now = {row["id"]: row for row in rows}
    taken = {row["url"]: row["id"] for row in rows}
    held = holders(past)
    # Each address leads somewhere, and to one place only.
    assert held.keys() <= taken.keys() | found.redirects.keys() | found.gone.keys()
    assert not taken.keys() & found.redirects.keys() | taken.keys() & found.gone.keys()
    assert not found.redirects.keys() & found.gone.keys()
    assert set(found.redirects.values()) <= taken.keys()  # at once: no chains
    free = {url: each[-1][1] for url, each in held.items() if url not in taken}
    assert found.redirects == {url: now[name]["url"] for url, name in free.items() if name in now}
    assert found.gone == {url: last_shown(past, name) for url, name in free.items() if name not in now}
    newcomers = [url for url in held if url in taken and taken[url] not in {name for _, name in held[url]}]
    assert found.occupied == {url: held[url][-1][1] for url in newcomers}
    # Each id of a clause is there, or said to be retired, or reported.
    known = [name for name in CLAUSES if expected(past, name) is not None]
    assert found.gone_clauses == {name: last_shown(past, name) for name in known if stated(rows, name) is None}
    there = {one["id"]: (row, one) for row in rows for one in row.get("clauses", [])}
    back = [name for name in known if name in there and len(expected(past, name)) < 3]
    texts = {name: {stated(old, name)[2] for _, _, old in past if len(stated(old, name) or ()) == 3} for name in back}
    assert found.reused == [name for name in there if name in back and there[name][1]["sha256"] not in texts[name]]
    stood = {}
    for _, _, old in past:
        stood |= {one["id"]: row["id"] for row in old for one in row.get("clauses", [])}
    wanted = {name: row["url"] for name, (row, _) in there.items() if name in stood and stood[name] != row["id"]}
    assert found.clause_moves == wanted


def test_random_histories_have_in_them_what_is_to_be_seen():
    seen = set()

    @settings(max_examples=600, database=None)
    @given(histories(least=2))
    def look(history):
        *past, (_, _, rows) = history
        found = moved(read(written(past)), rows)
        seen.update(key for key, value in vars(found).items() if value)
        said = [[len(expected(history[: at + 1], name) or ()) for at in range(len(history))] for name in CLAUSES]
        seen.update(f"{one} to {other}" for each in said for one, other in pairwise(each))
        seen.update("no title" for one in found.gone_clauses.values() if not one.title)
        starts = [start.date() for _, start, _ in history]
        seen.update("two a day" for one, other in pairwise(starts) if one == other)

    look()
    turns = {f"{one} to {other}" for one in (0, 2, 3) for other in (0, 2, 3)}
    kinds = {"redirects", "gone", "gone_clauses", "clause_moves", "reused", "occupied", "no title", "two a day"}
    assert seen == turns | kinds


def moves(*releases):
    """Return what `moved` says of the last one of the releases."""
    *past, (_, *rows) = releases
    return moved(read(made(*past)), rows)


def test_a_page_renamed_twice_is_found_at_once():
    found = moves((ONE, page("G04", "a/")), (TWO, page("G04", "b/")), (THREE, page("G04", "c/")))
    assert found.redirects == {"a/": "c/", "b/": "c/"}
    assert not found.gone
    assert not found.occupied
    back = moves((ONE, page("G04", "a/")), (TWO, page("G04", "b/")), (THREE, page("G04", "a/")))
    assert back.redirects == {"b/": "a/"}


def test_a_page_that_is_gone_leaves_a_notice_at_each_of_its_addresses():
    releases = [(ONE, page("G04", "a/")), (TWO, page("G04", "b/", sha256=B)), (THREE, page("G04", "b/", sha256=B))]
    gone = Gone("G04", "Title", "b/", TWO, THREE)
    assert moves(*releases, (FOUR, page("home"))).gone == {"a/": gone, "b/": gone}
    assert moves(*releases, (FOUR, page("home")), ("2027.01.02", page("home"))).gone == {"a/": gone, "b/": gone}


def test_a_page_at_the_address_of_another_is_a_problem_once():
    first, second = (ONE, page("G04", "a/")), (TWO, page("G04", "b/"), page("G05", "a/"))
    found = moves(first, second)
    assert found.occupied == {"a/": "G04"}
    assert not found.redirects
    # Whoever lets it pass is not told again; a swap back is none.
    assert not moves(first, second, (THREE, page("G04", "b/"), page("G05", "a/"))).occupied
    assert not moves(first, second, (THREE, page("G04", "a/"))).occupied
    # The one that stood there last is the one whose address it is.
    assert moves(first, second, (THREE, page("G04", "b/"), page("G05", "c/"))).redirects == {"a/": "c/"}


def test_the_home_page_has_an_address_too():
    assert moves((ONE, page("home")), (TWO, page("home", "start/"))).redirects == {"": "start/"}
    assert moves((ONE, page("home", "start/")), (TWO, page("home"))).redirects == {"start/": ""}


def test_a_clause_that_is_not_there_and_not_said_to_be_retired_is_reported():
    shown = [(ONE, page("G04", g04_1=A, g04_2=A)), (TWO, page("G04", g04_1=B, g04_2=A))]
    gone = Gone("G04.1", "About G04.1", "rules/g04/#g04-1", TWO, TWO)
    assert moves(*shown, (THREE, page("G04", g04_2=A))).gone_clauses == {"G04.1": gone}
    to = {"G04.1": {"to": "G04.2", "why": "One rule."}}
    retired = (THREE, page("G04", g04_2=A, retired=to))
    assert not moves(*shown, retired).gone_clauses
    assert moves(*shown, retired, (FOUR, page("G04", g04_2=A))).gone_clauses == {"G04.1": gone}
    never = moves((ONE, page("G04", retired=to)), (TWO, page("G04")))
    assert never.gone_clauses == {"G04.1": Gone("G04.1", "", "", ONE, ONE)}


def test_an_id_is_used_again_only_for_a_text_it_had():
    to = {"G04.1": {"to": "G04.2", "why": "One rule."}}
    past = [(ONE, page("G04", g04_1=A)), (TWO, page("G04", g04_1=B)), (THREE, page("G04", retired=to))]
    assert moves(*past, (FOUR, page("G04", g04_1=C))).reused == ["G04.1"]
    assert not moves(*past, (FOUR, page("G04", g04_1=B))).reused
    assert not moves(*past, (FOUR, page("G04", g04_1=A))).reused  # a rollback to an earlier release
    assert moves(*past[:2], (THREE, page("G04")), (FOUR, page("G04", g04_1=C))).reused == ["G04.1"]
    assert not moves(*past[:2], (THREE, page("G04", g04_1=C))).reused
    assert moves((ONE, page("G04", retired=to)), (TWO, page("G04", g04_1=A))).reused == ["G04.1"]


def test_a_clause_stays_on_its_page():
    first = (ONE, page("G04", g04_1=A), page("G05"))
    found = moves(first, (TWO, page("G04"), page("G05", g04_1=A)))
    assert found.clause_moves == {"G04.1": "rules/g05/"}
    renamed = moves(first, (TWO, page("G04", "new/", g04_1=A), page("G05")))
    assert not renamed.clause_moves
    # Two pages that change places under a clause: its address is the same, and its page another.
    swapped = moves(first, (TWO, page("G04", "rules/g05/"), page("G05", "rules/g04/", g04_1=A)))
    assert swapped.clause_moves == {"G04.1": "rules/g04/"}


def test_a_catalog_made_from_a_library_moves_nothing():
    found = worked_rows()
    assert any(row.get("clauses") for row in found)
    known = read(extended(None, catalog(*found), ONE))
    assert not any(vars(moved(known, found)).values())
    gone = vars(moved(known, found[:1]))
    assert gone["gone"]
    assert gone["gone_clauses"]


def worked_rows():
    rows = json.loads(worked.staged(worked.short(worked.CLAUSES))["docs/catalog.json"])["documents"]
    return [{"sha256": A, **row} for row in rows]


# What would be broken.


def broken(project, past, rows=None, name=EXTERNAL):
    """Return the problems of a project after a release of the rows `past`; `rows` are its own unless given."""
    view = staging.view(loaded(project), name, DAY)
    rows = rows or rows_of(project, name)
    return list(permanence.check(view, read(extended(None, catalog(*past, edition=name), ONE)), rows))


def rows_of(project, name=EXTERNAL):
    return json.loads(worked.staged(project, name)[history.CATALOG])["documents"]


FIRST_ONLY = worked.CLAUSES.partition("### G04.2")[0]
TO = {"G04.2": {"to": "G04.1", "why": "One rule."}}


def test_a_clause_that_vanished_is_told_until_it_is_retired():
    past = rows_of(worked.short(worked.CLAUSES))
    assert broken(worked.short(worked.CLAUSES), past) == []
    message = (
        "clause `G04.2` was published last in 2026.11.23, and is not there any more. "
        "Put it back, or retire it: `retired: {G04.2: {to: …, why: …}}`."
    )
    assert broken(worked.short(FIRST_ONLY), past) == [Problem("docs/rules/g04.md", 1, "vanished-clause", message)]
    assert broken(worked.short(FIRST_ONLY, **{"rules-g04": {"retired": TO}}), past) == []


def test_a_promise_is_of_the_edition_that_made_it():
    staff = {"rules-g04": {"audience": INTERNAL}}
    before, after = worked.short(worked.CLAUSES, **staff), worked.short(FIRST_ONLY, **staff)
    found = broken(after, rows_of(before, INTERNAL), name=INTERNAL)
    assert [one.rule for one in found] == ["vanished-clause"]
    assert broken(after, rows_of(before)) == []


def test_a_clause_that_went_long_ago_is_not_told_again():
    project = worked.short(FIRST_ONLY)
    view, rows = staging.view(loaded(project), EXTERNAL, DAY), rows_of(project)
    once = extended(None, catalog(*rows_of(worked.short(worked.CLAUSES))), "2026.11.21")
    assert [one.rule for one in permanence.check(view, read(once), rows)] == ["vanished-clause"]
    twice = extended(once, catalog(*rows), "2026.11.22")
    assert list(permanence.check(view, read(twice), rows)) == []


def notice(**fields):
    """Return the fields of a notice about G04.1, to be put beside `n001.md`."""
    return {"type": "notice", "id": "N001", "changes": ["G04.1"], "kind": "editorial", **fields}


def test_what_a_rollback_takes_out_is_told_by_its_notice():
    past = rows_of(worked.short(worked.CLAUSES))

    def found(meta, more=()):
        project = worked.short(FIRST_ONLY, {"n001.md": "Text.\n"}, n001=meta)
        return [one.rule for one in broken(project, [*past, *more], rows_of(project))]

    assert found(notice()) == ["vanished-clause"]
    assert found(notice(restores=ONE)) == []
    # It speaks for the release that it is new in, and for no later one.
    assert found(notice(restores=ONE), [page("N001", "n001/")]) == ["vanished-clause"]


def restored(text, release, name=EXTERNAL, *, announced=("G04.2",), by=EXTERNAL, **fields):
    """Return the problems of a release that says it restores an earlier one, in which both clauses had their text.

    Another notice, for the readers `by`, names what was `announced`.
    """
    clauses = worked.CLAUSES.replace("Text of one.", text)
    notices = {"n001": notice(restores=release, **fields), "n002": notice(id="N002", changes=announced, audience=by)}
    project = worked.short(clauses, {"n001.md": "Text.\n", "n002.md": "Text.\n"}, **notices)
    first = catalog(*rows_of(worked.short(worked.CLAUSES), name), edition=name)
    others = worked.CLAUSES.replace("Text of", "Other text of") + "\n### G04.3 Three\n\nText of three.\n"
    second = catalog(*rows_of(worked.short(others, {"old-page.md": "Text.\n"}), name), edition=name)
    known = extended(extended(None, first, "2026.11.02"), second, "2026.11.16")
    return list(permanence.check(staging.view(loaded(project), name, DAY), read(known), rows_of(project, name)))


def test_a_notice_that_restores_a_release_is_held_to_it():
    assert restored("Text of one.", "2026.11.02") == []
    assert restored("Other text of one.", "2026.11.16") == []
    said = "`G04.1` is not as it was in 2026.11.02, which N001 says it restores. Mend one of them."
    wanted = [Problem("docs/n001.md", 1, "not-restored", said)]
    assert restored("Text of one, nearly.", "2026.11.02") == wanted
    assert restored("Other text of one.", "2026.11.02") == wanted
    # Only of what it names, be it a clause or something of a page that is as it was.
    assert restored("Other text of one.", "2026.11.02", changes=["G04.2"]) == []
    assert restored("Other text of one.", "2026.11.02", changes=["spam-x"]) == []
    for name in ("tree/G04", "G04-02", "G04"):
        assert restored("Text of one.", "2026.11.02", changes=[name]) == []
        assert [one.rule for one in restored("Other text of one.", "2026.11.02", changes=[name])] == ["not-restored"]
    # What that release did not have is not there now either: it came after it,
    assert restored("Text of one.", "2026.11.02", changes=["G04.3", "old-page"]) == []
    assert [one.rule for one in restored("Other text of one.", "2026.11.16", changes=["G04.3"])] == ["not-restored"]


@pytest.mark.parametrize("name", ["G04.4", "G05", "tree/G05", "G05-01", "spam-old"])
def test_a_notice_that_restores_a_release_names_nothing_that_never_was(name):
    said = f"`{name}`, which N001 names, was never in the external edition. Delete it there."
    wanted = [Problem("docs/n001.md", 1, "not-restored", said)]
    assert restored("Text of one.", "2026.11.02", changes=[name]) == wanted
    # unless it was announced, and was to come.
    assert restored("Text of one.", "2026.11.02", changes=[name], announced=[name]) == []
    assert restored("Text of one.", "2026.11.02", changes=[name], announced=[name], by=INTERNAL) == wanted


def test_a_notice_restores_a_release_of_the_edition_it_is_for():
    message = "expected `restores` to name a release of the external edition, found 2026.11.03. Name one."
    assert restored("Text of one.", "2026.11.03") == [Problem("docs/n001.md", 1, "not-restored", message)]
    staff = {"name": INTERNAL, "audience": INTERNAL}
    assert [one.rule for one in restored("Text of one.", "2026.11.03", **staff)] == ["not-restored"]
    assert restored("Text of one.", "2026.11.02", **staff) == []
    # Staff read the notice of the other edition too: it says nothing of their own releases.
    assert restored("Text of one.", "2026.11.03", INTERNAL) == []


def test_clauses_go_with_their_page():
    past = [*rows_of(worked.short(worked.CLAUSES)), page("G05", g05_1=A)]
    assert broken(worked.short(worked.CLAUSES), past) == []


def test_a_clause_on_another_page_is_told():
    project = worked.short(worked.CLAUSES)
    past, rows = [page("G04", g04_1=A), page("G05")], [page("G04"), page("G05", g04_1=A)]
    message = (
        "clause `G04.1` was published on another page, and now stands at rules/g05/. "
        "Put it back, or retire it: `retired: {G04.1: {to: …, why: …}}`."
    )
    assert broken(project, past, rows) == [Problem("docs/rules/g04.md", 1, "moved-clause", message)]


def test_an_id_that_is_used_again_is_told():
    project = worked.short(worked.CLAUSES)
    past, rows = [page("G04", retired={"G04.1": {"to": "G04.2", "why": "W."}})], [page("G04", g04_1=A)]
    message = "clause `G04.1` was retired, and its id is used again for another text. Give the new clause a new id."
    assert broken(project, past, rows) == [Problem("docs/rules/g04.md", 1, "reused-clause", message)]


def test_an_address_that_was_that_of_another_page_is_told_where_the_file_is():
    project = worked.short(worked.CLAUSES)
    past, rows = [page("G05", "rules/g04/")], [page("G04", "rules/g04/"), page("G05", "rules/g05/")]
    message = "the address rules/g04/ was that of `G05`, whose readers would land on another page. Rename the file."
    assert broken(project, past, rows) == [Problem("docs/rules/g04.md", 1, "reused-address", message)]
    # Of what no file is known, the folder is named.
    unknown = broken(project, [page("G04", "a/")], [page("G05", "a/")])
    assert [(one.path, one.rule) for one in unknown] == [("docs", "reused-address")]


# The pages that stand where something stood.


class Strict(HTMLParser):
    """Refuses what a browser would have to guess at: an element never closed, closed twice, or unquoted text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=False)
        self.open, self.names, self.ids = [], [], []
        self.feed(text)
        self.close()
        assert not self.open
        assert self.names[:2] == ["html", "head"]
        assert self.names.count("title") == self.names.count("body") == 1

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        assert all(value is not None or name in BARE for name, value in attrs)
        self.names.append(tag)
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        assert "<" not in data
        assert "&" not in data


def gone_page(title="Title", url="rules/g04/", name="G04"):
    return Gone(name, title, url, ONE, TWO)


def pages_of(redirects=(), gone=(), gone_clauses=()):
    found = Permanence(dict(redirects), dict(gone), dict(gone_clauses), {}, [], {})
    return {path: text.decode() for path, text in permanence.pages(found).items()}


def leads(path, text, release=THREE):
    """Return where each link of a page leads, and where it sends a browser by itself, from the root of the branch."""
    here = f"{SITE}{release}/{path.removesuffix('index.html')}"
    soup = BeautifulSoup(text, "html.parser")
    sent = [one["content"].removeprefix("0; url=") for one in soup.find_all("meta", {"http-equiv": "refresh"})]
    links = [one["href"] for one in soup.find_all("a")]
    icons = [one["href"] for one in soup.find_all("link")]
    return tuple([urljoin(here, one).removeprefix(SITE) for one in each] for each in (sent, links, icons))


ICON = f"{THREE}/assets/images/favicon.png"


@pytest.mark.parametrize("old", ["", "a/", "rules/g04/", "one/two/three/"])
@pytest.mark.parametrize("new", ["", "b/", "rules/new/", "a/inner/", "one/two/"])
def test_a_moved_page_leads_on_from_any_depth_to_any(old, new):
    ((path, text),) = pages_of(redirects={old: new}).items()
    assert path == f"{old}index.html"
    Strict(text)
    assert leads(path, text) == ([f"{THREE}/{new}"], [f"{THREE}/{new}"], [ICON])
    soup = BeautifulSoup(text, "html.parser")
    assert "This page moved here." in soup.text
    assert soup.a.has_attr("data-moved")
    assert urljoin(f"{SITE}{old}", soup.script["src"]) == f"{SITE}javascripts/moved.js"


@pytest.mark.parametrize("url", ["", "a/", "rules/g04/", "one/two/three/"])
def test_a_page_that_ended_says_so_and_leads_to_its_last_text(url):
    ((path, text),) = pages_of(gone={url: gone_page(url="rules/last/")}).items()
    assert path == f"{url}index.html"
    Strict(text)
    # An address it had earlier too leads to where its last text stands, for there it stood in that release.
    assert leads(path, text) == ([], [f"{TWO}/rules/last/", f"{THREE}/changes/"], [ICON])
    soup = BeautifulSoup(text, "html.parser")
    assert soup.title.text == "Retired: G04 Title"
    assert soup.body.text.strip() == (
        "G04 Title is not part of the guidelines any more. It decides no case. "
        f"Its last text stands in release {TWO}. What changed"
    )
    assert "noindex" in text


def test_a_clause_that_ended_says_so_behind_its_permalink():
    gone = {"G04.2": gone_page("Two", "rules/g04/#g04-2", "G04.2"), "G04.9": gone_page("", "", "G04.9")}
    found = pages_of(gone_clauses=gone)
    assert list(found) == ["c/G04.2/index.html", "c/G04.9/index.html"]
    for text in found.values():
        Strict(text)
    both = [leads(*row) for row in found.items()]
    assert both[0] == ([], [f"{TWO}/rules/g04/#g04-2", f"{THREE}/changes/"], [ICON])
    assert both[1] == ([], [f"{TWO}/c/G04.9/", f"{THREE}/changes/"], [ICON])  # of which there never was a text
    assert BeautifulSoup(found["c/G04.9/index.html"], "html.parser").title.text == "Retired: G04.9"


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=20) | st.sampled_from(
    ["</title><script>alert(1)</script>", 'A "quote" & <b>', "&lt;b&gt;", "]]>", "<!--", "'"]
))  # fmt: skip
def test_a_title_is_shown_to_the_letter(title):
    gone = pages_of(gone={"a/": gone_page(title)}, gone_clauses={"G04.1": gone_page(title, "a/#g04-1", "G04.1")})
    for text, name in zip(gone.values(), ("G04", "G04.1"), strict=True):
        Strict(text)
        soup = BeautifulSoup(text, "html.parser")
        assert soup.title.text == f"Retired: {f'{name} {title}'.strip() if name == 'G04.1' else f'{name} {title}'}"
        assert f"{name} {title}".strip() in soup.body.text
        assert soup.find("script") is None


@settings(max_examples=400)
@given(histories(least=2))
def test_every_page_made_leads_to_a_place_that_there_is(history_):
    *past, (release, _, rows) = history_
    before = written(past)
    found = moved(read(before), rows)
    known = read(extended(before, catalog(*rows), release))
    beyond = set(history._beyond(known))
    there = {row["url"] for row in rows}
    shown = {name: {row["url"]: row for row in old} for name, _, old in past}
    for path, text in permanence.pages(found).items():
        Strict(text.decode())
        assert path.removesuffix("index.html") not in there
        sent, links, _ = leads(path, text.decode(), release)
        assert sent or links[1:] == [f"{release}/changes/"]
        for one in [*sent, *links[:1]]:
            name, _, url = one.partition("/")
            url, _, anchor = url.partition("#")
            if name == release:
                assert url in there
                continue
            assert not sent
            assert f"../{name}/{url}" in beyond
            if url.startswith("c/"):
                assert url[2:-1] in {clause for row in shown[name].values() for clause in row.get("retired", {})}
            else:
                clauses = shown[name][url].get("clauses", ())
                assert not anchor or anchor in {clause["anchor"] for clause in clauses}


def test_a_notice_that_restores_a_label_is_held_to_its_page():
    known = extended(None, catalog(*rows_of(worked.short(worked.CLAUSES))), "2026.11.02")
    for body, rules in ((worked.LABEL_BODY, []), (worked.LABEL_BODY.replace("One.", "Two."), ["not-restored"])):
        fields = notice(restores="2026.11.02", changes=["spam-x"])
        project = worked.short(worked.CLAUSES, {"n001.md": "Text.\n", "spam-x.md": body}, n001=fields)
        view = staging.view(loaded(project), EXTERNAL, DAY)
        assert [one.rule for one in permanence.check(view, read(known), rows_of(project))] == rules


def test_a_clause_that_is_retired_where_an_edition_may_not_say_so_did_not_vanish():
    project = worked.short(FIRST_ONLY, **{"rules-g04": {"retired": TO}})
    project.edition["fields"] = [name for name in project.edition["fields"] if name != "retired"]
    assert all("retired" not in row for row in rows_of(project))
    assert broken(project, rows_of(worked.short(worked.CLAUSES))) == []


def test_a_clause_that_no_release_had_cannot_vanish():
    past = [{**row, "retired": TO} if row["id"] == "G04" else row for row in rows_of(worked.short(FIRST_ONLY))]
    assert broken(worked.short(FIRST_ONLY), past) == []
