"""Permalinks: an address that stays for every clause, also for those that were taken out."""

import posixpath

import pytest
import worked
import yaml
from bs4 import BeautifulSoup
from guidebook import permalinks
from hypothesis import given
from hypothesis import strategies as st
from libraries import EXTERNAL, FUTURE, INTERNAL, render
from worked import CLAUSES, staged

RETIRED = {name: {"to": "G04.1", "why": f"{name} was too much."} for name in ("G04.11", "G04.9", "G04.8")}
TEN = "".join(f"### G04.{number} Title {number}\n\nText.\n\n" for number in (1, 2, 3, 10))
OTHER = {"rules-g12": {"id": "G12", "type": "guideline", "labels": ["no-action", "spam-x"], "audience": INTERNAL}}


def project(clauses=TEN, retired=RETIRED, others=None, **meta):
    return worked.short(clauses, others, **{"rules-g04": {"retired": retired}} | meta)


def with_another(**fields):
    """Return a project with a second guideline, which only staff may read."""
    text = worked.body("### G12.1 Secret title\n\nSecret.\n", worked.tree(worked.SHORT).replace("G04", "G12"), [])
    meta = {"rules-g12": OTHER["rules-g12"] | fields, "rules-g04": {"retired": {}}}
    return worked.short(CLAUSES, {"rules/g12.md": text}, **meta)


def followed(data):
    """Return where the page behind a permalink leads: its refresh, its link, and the words of that."""
    soup = BeautifulSoup(data, "html.parser")
    content = soup.find("meta", attrs={"http-equiv": "refresh"})["content"]
    assert content.startswith("0; url=")
    assert soup.title.text == soup.a.text
    return content.removeprefix("0; url="), soup.a["href"], soup.a.text


def rows(tree, path="c/index.md"):
    table = BeautifulSoup(render(tree, path), "html.parser").find("table")
    return [[cell.text for cell in row.find_all("td")] for row in table.tbody.find_all("tr")]


def ids(tree):
    return [row[0] for row in rows(tree)]


def test_each_clause_has_a_page_that_leads_to_its_place():
    tree = staged(project())
    found = {path.split("/")[2]: data for path, data in tree.items() if path.startswith("docs/c/G")}
    assert set(found) == {"G04.1", "G04.2", "G04.3", "G04.10", *RETIRED}
    text = worked.page(project())
    for clause, data in found.items():
        assert tree[f"docs/{permalinks.path_of(clause)}"] == data
        refresh, href, words = followed(data)
        assert refresh == href == f"../../rules/g04/#{clause.lower().replace('.', '-')}"
        assert posixpath.normpath(posixpath.join(f"c/{clause}", href.partition("#")[0])) == "rules/g04"
        assert text.find(id=href.partition("#")[2]) is not None
        retired = clause in RETIRED
        assert words == (f"{clause} Retired. Read G04.1 in its place." if retired else f"{clause} Title {clause[4:]}")
        page = BeautifulSoup(data, "html.parser")
        assert data.startswith(b"<!doctype html>\n")
        assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"
        assert page.find("meta", attrs={"charset": "utf-8"})
        assert [one["href"] for one in page.find_all("link")] == ["../../assets/images/favicon.png"]
        assert not page.find_all(["script", "style", "img"])


def test_the_page_of_clauses_lists_them_by_page_and_number():
    expected = ["G04.1", "G04.2", "G04.3", "G04.8", "G04.9", "G04.10", "G04.11"]
    tree = staged(project())
    assert ids(tree) == expected
    assert rows(tree)[3] == ["G04.8", "Retired. Read G04.1 in its place."]
    assert rows(tree)[5] == ["G04.10", "Title 10"]
    links = BeautifulSoup(render(tree, "c/index.md"), "html.parser").tbody.find_all("a")
    assert [link["href"] for link in links] == [f"{clause}/index.html" for clause in expected]
    front = yaml.safe_load(tree["docs/c/index.md"].decode().split("---\n")[1])
    assert front["edition"] == EXTERNAL
    assert front["search"] == {"exclude": True}


def test_clauses_of_a_guideline_for_staff_stand_in_their_edition_only():
    made = with_another()
    outside, inside = staged(made), staged(made, INTERNAL)
    assert ids(outside) == ["G04.1", "G04.2"]
    assert ids(inside) == ["G04.1", "G04.2", "G12.1"]
    assert [path for path, data in outside.items() if "G12" in path or b"G12" in data or b"Secret" in data] == []
    assert followed(inside["docs/c/G12.1/index.html"])[0] == "../../rules/g12/#g12-1"
    assert staged(worked.short(CLAUSES))["docs/c/index.md"] == outside["docs/c/index.md"]


@pytest.mark.parametrize("fields", [{"status": "draft", "audience": EXTERNAL}, {"valid_from": FUTURE}])
def test_clauses_of_a_page_that_an_edition_does_not_show_have_no_permalink(fields):
    made = with_another(**fields)
    assert ids(staged(made)) == ["G04.1", "G04.2"]
    assert ("G12.1" in ids(staged(made, INTERNAL))) is ("status" in fields)


def test_retired_clauses_have_no_permalink_where_the_field_is_not_shown():
    made = project()
    made.edition["fields"].remove("retired")
    assert ids(staged(made)) == ["G04.1", "G04.2", "G04.3", "G04.10"]
    assert "docs/c/G04.9/index.html" not in staged(made)
    assert "docs/c/G04.9/index.html" in staged(made, INTERNAL)


def test_the_list_of_clauses_stands_last_in_the_navigation():
    made = project(others={"zz.md": "Text.\n"}, zz={"order": 999})
    for name in (EXTERNAL, INTERNAL):
        nav = yaml.safe_load(staged(made, name)["mkdocs.yml"])["nav"]
        assert list(nav[-1]) == ["Releases"]
        assert nav[-1]["Releases"][-1] == {"Clauses": "c/index.md"}
        assert nav[-2] == {"Zz": "zz.md"}
        assert str(nav).count("c/index.md") == 1


def test_an_edition_without_clauses_has_no_list_of_them():
    made = worked.simple({"one.md": "Text.\n"})
    tree = staged(made)
    assert [path for path in tree if path.startswith("docs/c/")] == []
    assert "Clauses" not in str(yaml.safe_load(tree["mkdocs.yml"])["nav"])


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ('A "quoted" & odd title', 'A "quoted" & odd title'),
        ("It's 50 % <", "It's 50 % <"),
        ("One *word*, `code` and | a pipe", "One word, code and | a pipe"),
        ("snake_case and __init", "snake_case and __init"),
        ("A page with `<b>bold</b>` text", "A page with <b>bold</b> text"),
        ("A page with `<script>` in it", "A page with <script> in it"),
        ("A > B and `</table>`", "A > B and </table>"),
        ("A &amp; B &lt;c&gt;", "A & B <c>"),
        ("See [spam-x] and [home](../index.md)", "See spam-x and home"),
        ("Größe – «fein» ☂", "Größe – «fein» ☂"),
        ("C# and #1", "C# and #1"),
    ],
)
def test_a_title_is_shown_to_the_letter_on_both_pages(heading, shown):
    tree = staged(worked.short(f"### G04.1 {heading}\n\nText.\n\n### G04.2 Last\n\nText.\n"))
    assert followed(tree["docs/c/G04.1/index.html"])[2] == f"G04.1 {shown}"
    assert rows(tree) == [["G04.1", shown], ["G04.2", "Last"]]
    assert render(tree, "c/index.md").count("<tr>") == 3


signs = st.text("ab 1é_|#~'\"&;:!?()/%$^=+-.,>日😀", min_size=1, max_size=30).map(lambda text: f"T{text.strip()}")
titles = signs.filter(lambda text: "&" not in text or ";" not in text)


@given(st.dictionaries(st.sampled_from(["G04.1", "G04.2", "G04.10", "G12.3"]), titles, min_size=1))
def test_any_title_is_shown_to_the_letter(given):
    clauses = [{"id": name, "title": title, "url": f"g/#{name}"} for name, title in given.items()]
    found = permalinks.pages([{"url": "g/", "clauses": clauses}])
    assert {path: followed(data)[2] for path, data in found.items()} == {
        permalinks.path_of(name): f"{name} {title}" for name, title in given.items()
    }
    listed = permalinks.index([{"url": "g/", "clauses": clauses}])
    tree = {"docs/c/index.md": f"---\n---\n{listed}".encode(), "mkdocs.yml": staged(worked.simple({}))["mkdocs.yml"]}
    order = ["G04.1", "G04.2", "G04.10", "G12.3"]
    assert [[one, " ".join(cell.split())] for one, cell in rows(tree)] == [
        [name, " ".join(given[name].split())] for name in order if name in given
    ]


def test_the_columns_of_history_stand_where_a_release_is_known():
    clauses = [{"id": "G04.1", "title": "One", "url": "g/#g04-1", "first": "2026.11.23", "changed": "2026.11.24.2"}]
    given = [{"url": "g/", "clauses": clauses, "retired": {"G04.2": {"to": "G04.1", "why": "W."}}}]
    heads, line, *found = [
        [cell.strip() for cell in row.strip("|").split("|")] for row in permalinks.index(given).split("\n")[4:]
    ]
    assert heads == ["Clause", "What it says", "First in", "Last changed in"]
    assert line == ["---"] * 4
    assert [row[2:] for row in found] == [["2026.11.23", "2026.11.24.2"], ["", ""]]
    del clauses[0]["first"], clauses[0]["changed"]
    assert permalinks.index(given).split("\n")[4] == "| Clause | What it says |"
    assert permalinks.index([{"url": "g/"}]) == ""
