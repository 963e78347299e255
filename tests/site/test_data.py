"""Guidelines as data on real sites: the page, its Markdown, the catalog and the permalinks say the same."""

import hashlib
import json
import posixpath
import re

import pytest
from bs4 import BeautifulSoup
from guidebook import sitecheck

EDITIONS = ["external", "internal"]
PERMALINK = "c/G04.2/index.html"
TITLE = re.compile(r"(?m)^### (G\d\d\.\d+) .*\{ #(\S+) \.clause data-clause=(\S+) data-sha256=([0-9a-f]{64}) \}$")


@pytest.fixture(scope="session")
def soups(built):
    """Give each HTML page of each edition as it would be parsed, once."""
    known = {}

    def soup(name, path):
        if (name, path) not in known:
            known[name, path] = BeautifulSoup(built[name].files[path], "html.parser")
        return known[name, path]

    return soup


def catalog(built, name):
    return json.loads(built[name].files["catalog.json"])["documents"]


def of(built, name, kind):
    return [row for row in catalog(built, name) if row["type"] == kind]


def html(row):
    return f"{row['url']}index.html"


def words(node):
    return " ".join(node.get_text().split())


def target(path, link):
    """Return the file and the anchor that a link on the page at `path` leads to."""
    where, _, anchor = link.partition("#")
    folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), where))
    return posixpath.join("" if folder == "." else folder, "index.html" if where.endswith("/") else ""), anchor


def test_both_editions_have_many_clauses(built):
    counts = {name: sum(len(row["clauses"]) for row in of(built, name, "guideline")) for name in EDITIONS}
    assert min(counts.values()) > 20


@pytest.mark.parametrize("name", EDITIONS)
def test_page_markdown_and_catalog_agree_on_the_sum_of_every_clause(built, soups, name):
    for row in of(built, name, "guideline"):
        given = {clause["id"]: clause["sha256"] for clause in row["clauses"]}
        headings = soups(name, html(row)).find_all("h3", class_="clause")
        assert {one["data-clause"]: one["data-sha256"] for one in headings} == given
        assert [one["id"] for one in headings] == [clause["anchor"] for clause in row["clauses"]]
        twin = TITLE.findall(built[name].files[row["markdown"]].decode())
        assert {clause: digest for _, _, clause, digest in twin} == given
        assert all(
            written == clause and anchor == clause.lower().replace(".", "-") for written, anchor, clause, _ in twin
        )
        for clause in row["clauses"]:
            whole = f"{clause['id']}\n{clause['title']}\n{clause['text']}\n"
            assert hashlib.sha256(whole.encode()).hexdigest() == clause["sha256"], clause["id"]


def test_only_clauses_with_something_withheld_in_them_differ_between_editions(built):
    inside, outside = (
        {clause["id"]: clause for row in of(built, name, "guideline") for clause in row["clauses"]}
        for name in reversed(EDITIONS)
    )
    assert set(outside) <= set(inside)
    differ = {name for name in outside if inside[name]["sha256"] != outside[name]["sha256"]}
    assert differ
    assert differ == {name for name in outside if "type: withheld" in inside[name]["text"]}
    assert all("withheld" not in clause["text"] for clause in outside.values())


@pytest.mark.parametrize("name", EDITIONS)
def test_every_permalink_leads_to_its_clause(built, soups, name):
    rows = of(built, name, "guideline")
    clauses = {clause["id"]: row for row in rows for clause in row["clauses"]}
    retired = {clause: row for row in rows for clause in row.get("retired", {})}
    pages = {path for path in built[name].files if re.fullmatch(r"c/[^/]+/index\.html", path)}
    assert pages == {f"c/{clause}/index.html" for clause in {**clauses, **retired}}
    for clause, row in {**clauses, **retired}.items():
        path = f"c/{clause}/index.html"
        page = soups(name, path)
        refresh = page.find("meta", attrs={"http-equiv": "refresh"})["content"].removeprefix("0; url=")
        assert page.a["href"] == refresh
        where, anchor = target(path, refresh)
        assert where == html(row)
        element = soups(name, where).find(id=anchor)
        assert element is not None
        assert element.get("data-clause", clause) == clause
        assert ("clause" in element["class"]) is (clause in clauses)
        assert page.a.text.startswith(f"{clause} ")


@pytest.mark.parametrize("name", EDITIONS)
def test_the_list_of_clauses_holds_each_with_its_title_and_is_not_searched(built, soups, name):
    given = [(one["id"], one["title"]) for row in of(built, name, "guideline") for one in row["clauses"]]
    article = soups(name, "c/index.html").find("article")
    found = {row.a.text: [words(cell) for cell in row.find_all("td")] for row in article.tbody.find_all("tr")}
    assert {(clause, found[clause][1]) for clause, _ in given} == set(given)
    numbers = [(clause.split(".")[0], int(clause.split(".")[1])) for clause in found]
    assert numbers == sorted(numbers)
    for row in article.tbody.find_all("tr"):
        where, _ = target("c/index.html", row.a["href"])
        assert where.removesuffix("/index.html") == f"c/{row.a.text}"
    index = json.loads(built[name].files["search/search_index.json"])
    assert [row["location"] for row in index["docs"] if row["location"].startswith("c/")] == []
    assert b"/c/G" not in built[name].files["sitemap.xml"]


@pytest.mark.parametrize("name", EDITIONS)
def test_the_words_of_each_clause_stand_in_its_section_of_the_search_index(built, name):
    index = {row["location"]: row for row in json.loads(built[name].files["search/search_index.json"])["docs"]}
    listed = {clause["url"]: clause for row in of(built, name, "guideline") for clause in row["clauses"]}
    words = {clause: said for row in of(built, name, "guideline") for clause, said in row["searched_as"].items()}
    assert len(words) == len(listed) > 100
    found = {url: index[url]["words"].split(", ") for url in listed}
    assert found == {url: words[one["id"]] for url, one in listed.items()}


@pytest.mark.parametrize("name", EDITIONS)
def test_every_tree_and_every_case_of_the_catalog_stands_on_its_page(built, soups, name):
    worked = 0
    for row in of(built, name, "guideline"):
        page = soups(name, html(row))
        cases = [
            (one["data-case"], one["data-verdict"], one["data-label"], one["data-clause"], one["data-surface"],
             one["data-set"], one["data-answers"], words(one.find(class_="gb-case__text")),
             words(one.find(class_="gb-case__reason")))
            for one in page.find_all(class_="gb-case")
        ]  # fmt: skip
        assert cases == [
            (one["id"], one["verdict"], one["label"], one["clause"], one["surface"], one["set"],
             "; ".join(f"{question}={answer}" for question, answer in one["answers"].items()),
             " ".join(one["text"].replace("`", "").split()), " ".join(one["reason"].replace("`", "").split()))
            for one in row["cases"]
        ]  # fmt: skip
        worked += len(cases)
        (tree,) = page.find_all(class_="gb-tree")
        questions = row["tree"]["questions"]
        items = tree.ol.find_all("li", recursive=False)
        assert [item["id"] for item in items] == [f"{row['id'].lower()}-tree-{one['id']}" for one in questions]
        for item, question in zip(items, questions, strict=True):
            answers = item.find("ul").find_all("li", recursive=False)
            assert words(item).startswith(f"{question['ask']} {question['answers'][0]['text']}: ")
            assert [one.strong.text for one in answers] == [one["text"] for one in question["answers"]]
            for one, answer in zip(answers, question["answers"], strict=True):
                links = [link["href"] for link in one.find_all("a")]
                if "go" in answer:
                    assert links == [f"#{row['id'].lower()}-tree-{answer['go']}"]
                else:
                    assert f"#{answer['clause'].lower().replace('.', '-')}" in links
                    named = [link.text for link in one.find_all("a", class_=["label", "document"])]
                    assert named == [answer[key] for key in ("label", "escalate") if key in answer]
    assert worked > 20


def uses(rows, label):
    """Return what a label's page should list, out of the catalog alone: guideline, clauses, cases."""
    named = re.compile(rf"(?<!\\)\[{label}\](?![(\w])")
    found = []
    for row in rows:
        if label in row["labels"]:
            leaves = [leaf for question in row["tree"]["questions"] for leaf in question["answers"]]
            cited = {leaf["clause"] for leaf in leaves if leaf.get("label") == label}
            clauses = [one["id"] for one in row["clauses"] if one["id"] in cited or named.search(one["text"])]
            cases = [one["id"] for one in row["cases"] if one["label"] == label]
            found.append((row["id"], clauses, cases))
    return found


@pytest.mark.parametrize("name", EDITIONS)
def test_every_label_lists_the_guidelines_clauses_and_cases_that_use_it(built, soups, name):
    rows = of(built, name, "guideline")
    for label in of(built, name, "label"):
        found = []
        for item in soups(name, html(label)).find("h2", id="used-by").find_next("ul").find_all("li", recursive=False):
            lists = {one.contents[0].strip(" :"): one for one in item.find_all("li")}
            assert set(lists) <= {"Clauses", "Cases"}
            linked = [lists[key].find_all("a") if key in lists else [] for key in ("Clauses", "Cases")]
            for link in [item.a, *linked[0], *linked[1]]:
                where, anchor = target(html(label), link["href"])
                assert not anchor or soups(name, where).find(id=anchor) is not None
            found.append((item.a.text, *[[link.text for link in links] for links in linked]))
        assert found == uses(rows, label["id"])
        assert found


# What the site check says of pages that send their reader on


def rules(site, theme, files, tree, path):
    problems = sitecheck.check(files, tree, theme)
    return {problem.rule for problem in problems if problem.path == f"{site.view.name} site/{path}"}


def planted(site, theme, path, change, *, staged):
    """Return what the check says of a page in which something was changed: on the site, or as it was staged too."""
    data = site.files[path].replace(*change, 1)
    assert data != site.files[path]
    tree = {**site.tree, f"docs/{path}": data} if staged else site.tree
    return rules(site, theme, {**site.files, path: data}, tree, path)


@pytest.mark.parametrize("name", EDITIONS)
def test_a_permalink_page_that_was_changed_is_refused(built, theme, name):
    site = built[name]
    assert rules(site, theme, site.files, site.tree, PERMALINK) == set()
    assert planted(site, theme, PERMALINK, (b"#g04-2", b"#g04-3"), staged=False) == {"site-changed"}
    assert planted(site, theme, PERMALINK, (b"<body>", b"<body> "), staged=False) == {"site-changed"}
    gone = {path: data for path, data in site.files.items() if path != PERMALINK}
    assert rules(site, theme, gone, site.tree, PERMALINK) == {"site-missing"}
    more = {**site.files, "c/G04.99/index.html": site.files[PERMALINK]}
    assert "site-unexpected" in rules(site, theme, more, site.tree, "c/G04.99/index.html")


HERE = b"url=../../guidelines/g04-link-deception/#g04-2"


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        (b"url=https://cdn.example/", "active-link"),
        (b"url=//cdn.example/", "broken-link"),
        (b"url=&#104;ttps://cdn.example/", "active-link"),
        (b"url=\\\\cdn.example/", "broken-link"),
        (b"url=javascript:alert(1)", "active-link"),
        (b"url=../../guidelines/g04-link-deception/#none", "broken-link"),
        (b"url=../../guidelines/none/", "broken-link"),
        (b"url=../../../../", "broken-link"),
        (b"url=../../../", "broken-link"),
        (b"url=../../../latest/", "broken-link"),
    ],
)
def test_a_permalink_page_that_leads_elsewhere_is_refused_though_it_was_staged(built, theme, new, rule):
    assert planted(built["external"], theme, PERMALINK, (HERE, new), staged=True) == {rule}


def test_a_permalink_page_with_more_than_a_link_is_refused_though_it_was_staged(built, theme):
    for new, rule in (
        (b"<script>a()</script>", "inline-script"),
        (b'<img src="https://cdn.example/a">', "outside-request"),
    ):
        assert planted(built["external"], theme, PERMALINK, (b"<body>", b"<body>" + new), staged=True) == {rule}


@pytest.mark.parametrize("path", ["index.html", "c/index.html", "guidelines/g04-link-deception/index.html"])
def test_no_other_page_may_send_its_reader_on(built, theme, path):
    refresh = b'<meta http-equiv="refresh" content="0; url=.">'
    assert planted(built["external"], theme, path, (b"<head>", b"<head>" + refresh), staged=False) == {"refresh"}
