"""As at: a table of every text that a clause ever had, and of where everything went, for readers without a script."""

import datetime as dt
import re
from itertools import groupby

import pytest
import rendering
from bs4 import BeautifulSoup
from guidebook import asat, history, permanence
from guidebook.permanence import moved
from guidebook.timeline import Text, Withdrawal, extended, read
from hypothesis import given, settings
from timelines import FOUR, ONE, THREE, TWO, A, B, C, catalog, days, histories, made, page, stated, written


def tables(text):
    """Return the rows below the head of each table, by the heading above it; a cell is its text and its links."""
    soup = BeautifulSoup(rendering.render(text), "html.parser")
    found = {}
    for one in soup.find_all("table"):
        rows = [
            [(cell.text, [link["href"] for link in cell.find_all("a")]) for cell in row.find_all("td")]
            for row in one.find("tbody").find_all("tr")
        ]
        found[one.find_previous("h2").text.removesuffix("#")] = rows
    return found


TEXTS, WENT = "Every text of every clause", "Where everything went"


def test_a_preview_says_that_it_is_one():
    text = asat.page(None)
    assert text.startswith(f"# As at a date\n\n{asat.INTRODUCTION}\n\n{asat.HOLDER}\n\n")
    assert text.endswith("This is a preview. Each release lists here every text that its clauses ever had.")
    assert "|" not in text


def test_every_text_is_listed_with_its_days():
    to = {"G04.1": {"to": "G04.2", "why": "One rule."}}
    known = read(made(
        (ONE, page("G04", g04_1=A, g04_2=A)), (THREE, page("G04", g04_1=B, g04_2=A)),
        (FOUR, page("G04", g04_2=A, retired=to)), ("2027.02.01", page("G04", "new/", g04_2=A, g04_10=C)),
    ))  # fmt: skip
    text = asat.page(known)
    assert asat.HOLDER in text
    assert tables(text) == {
        TEXTS: [
            [("G04.1", []), ("2026-11-23 to 2026-12-05, not included", []),
             ("2026.11.23 About G04.1", ["../../2026.11.23/rules/g04/#g04-1"])],
            [("G04.1", []), ("2026-12-05 to 2027-01-01, not included", []),
             ("2026.12.05 About G04.1", ["../../2026.12.05/rules/g04/#g04-1"])],
            [("G04.2", []), ("2026-11-23 to 2027-02-01, not included", []),
             ("2026.11.23 About G04.2", ["../../2026.11.23/rules/g04/#g04-2"])],
            [("G04.2", []), ("from 2027-02-01", []), ("2027.02.01 About G04.2", ["../../2027.02.01/new/#g04-2"])],
            [("G04.10", []), ("from 2027-02-01", []), ("2027.02.01 About G04.10", ["../../2027.02.01/new/#g04-10"])],
        ],
    }  # fmt: skip


def test_a_text_of_part_of_a_day_has_no_day():
    known = read(made((ONE, page("G04", g04_1=A)), (TWO, page("G04", g04_1=B))))
    assert [row[1][0] for row in tables(asat.page(known))[TEXTS]] == [
        "2026-11-23 to 2026-11-23, not included", "from 2026-11-23",
    ]  # fmt: skip


def test_what_went_is_led_to_at_each_address_it_had():
    past = [
        (ONE, page("home"), page("G04", "a/", g04_1=A, g04_2=A), page("G05", title="Five")),
        (TWO, page("home"), page("G04", "b/", g04_1=A), page("G05", title="Five")),
    ]
    rows = [page("home"), page("G04", "c/", g04_1=A)]
    known = read(made(*past, (THREE, *rows)))
    found = tables(asat.page(known, moved(read(made(*past)), rows)))
    assert found[WENT] == [
        [("a/", ["../a/"]), ("moved to c/", ["../c/"])],
        [("b/", ["../b/"]), ("moved to c/", ["../c/"])],
        [("rules/g05/", ["../rules/g05/"]), ("G05 Five: last in release 2026.11.23.2", [])],
        [("c/G04.2/", ["../c/G04.2/"]), ("G04.2 About G04.2: last in release 2026.11.23", [])],
    ]
    assert WENT not in asat.page(known, moved(read(made(*past[1:])), past[1][1:]))
    assert WENT not in asat.page(known)


def test_the_home_page_has_an_address_to_click_on():
    rows = [page("home", "start/")]
    found = tables(
        asat.page(read(made((ONE, page("home")), (TWO, *rows))), moved(read(made((ONE, page("home")))), rows))
    )
    assert found[WENT] == [[("/", ["../"]), ("moved to start/", ["../start/"])]]


@pytest.mark.parametrize("title", ["A 5 < 6 > 3 & x", "<script>alert(1)</script>", "&lt;b&gt;", "*no* _em_ #", "A | B"])
def test_titles_stand_to_the_letter(title):
    first = page("G04", title=title, g04_1=A)
    first["clauses"][0]["title"] = title
    past = read(made((ONE, first)))
    text = asat.page(past, moved(past, [page("home")]))
    found = tables(text)
    assert found[TEXTS][0][2][0] == f"{ONE} {title}"
    assert found[WENT][0][1][0] == f"G04 {title}: last in release {ONE}"
    assert BeautifulSoup(rendering.render(text), "html.parser").find(["script", "b", "em"]) is None


SPAN = re.compile(r"(\S+) to (\S+), not included|from (\S+)")


def bounds(said):
    first, until, since = SPAN.fullmatch(said).groups()
    return dt.date.fromisoformat(first or since), dt.date.fromisoformat(until) if until else dt.date.max


@settings(max_examples=150)
@given(histories(least=2))
def test_of_each_day_the_table_says_one_text_and_the_one_in_force(history_):
    known = read(written(history_))
    rows = tables(asat.page(known)).get(TEXTS, [])
    listed = {name: list(each) for name, each in groupby(rows, key=lambda row: row[0][0])}
    texts = {name for name, each in known.clauses.items() if any(isinstance(one, Text) for one in each)}
    assert listed.keys() == texts
    beyond = set(history._beyond(known))
    shown = {name: old for name, _, old in history_}
    for name, each in listed.items():
        for day in days(history_):
            found = []
            for _, (said, _), (words, (link,)) in each:
                first, until = bounds(said)
                found += [(words, link)] if first <= day < until else []
            wanted = known.clause_on(name, day)
            if wanted is None or isinstance(wanted, Withdrawal):
                assert found == []
                continue
            assert found == [(f"{wanted.release} {wanted.title}", f"../../{wanted.release}/{wanted.url}")]
        for *_, (_, (link,)) in each:
            path = link.removeprefix("../").partition("#")[0]
            assert path in beyond
            assert stated(shown[path.split("/")[1]], name)[1] == link.split("/", 3)[3]


@settings(max_examples=150)
@given(histories(least=2))
def test_every_page_left_at_an_old_address_is_led_to(history_):
    *past, (release, _, rows) = history_
    before = written(past)
    went = moved(read(before), rows)
    found = tables(asat.page(read(extended(before, catalog(*rows), release)), went)).get(WENT, [])
    left = [path.removesuffix("index.html") for path in permanence.pages(went)]
    assert [row[0][1] for row in found] == [[f"../{path}"] for path in left]
    there = {row["url"] for row in rows}
    for _, (_, links) in found:
        assert all(link.removeprefix("../") in there for link in links)
