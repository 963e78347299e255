"""Clauses and pages over real releases: repositories, mike and MkDocs as they are, one release after another."""

from __future__ import annotations

import datetime as dt
import json
import re
import urllib.parse
import urllib.request
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from guide_cli import pipeline
from guide_cli.deploy import AS_AT_PAGE
from guide_cli.linkcheck import linkcheck
from guide_cli.pipeline import Staged
from guide_cli.verify import theme_files
from guidebook import history as histories
from guidebook import sitecheck, timeline
from guidebook.history import Past
from projects import SMALL, announce, commit_all, copy_project, export, git, guide, served

pytestmark = pytest.mark.xdist_group("history")  # one worker makes the releases that all look at

EDITIONS = ("external", "internal")
GUIDELINE = "docs/guidelines/g04-links.md"
CHANGED = "G04.2"
NOTED = "G04.1"
LIST = "releases.json"
SHOPS = "docs/guidelines/g07-shops.md"  # expires with the last step


@dataclass(frozen=True)
class Step:
    """What a publish said, and what stood on the branches after it."""

    said: str
    tips: dict[str, str]
    staged: dict[str, Staged]


def edit(project, old, new, path=GUIDELINE):
    file = project / path
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
    commit_all(project)


def below(project, clause):
    """Return the heading of a clause, below which an edit puts something."""
    return re.search(rf"(?m)^### {re.escape(clause)} .*\n", (project / GUIDELINE).read_text())[0]


def publish(project, day):
    done = guide(project, "publish", "--date", day)
    assert done.returncode == 0, done.stderr
    tips = {name: git(project, "rev-parse", f"site-{name}").strip() for name in EDITIONS}
    date = dt.date.fromisoformat(day)
    staged = pipeline.stage(pipeline.clean(project, date), list(EDITIONS), date)
    return Step(done.stdout, tips, {one.name: one for one in staged})


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return copy_project(tmp_path_factory.mktemp("history") / "project", SMALL)


@pytest.fixture(scope="module")
def story(project):
    """Give what stood after each of several publishes, by what came before it."""
    text = (project / GUIDELINE).read_text().replace("G04", "G07").replace("title: Links", "title: Shops")
    (project / SHOPS).write_text(text.replace("\nreview_by:", "\nexpires: 2026-11-26\nreview_by:"))
    commit_all(project)
    steps = {"first": publish(project, "2026-11-23"), "nothing": publish(project, "2026-11-24")}
    announce(project, 2, [CHANGED], "2026-11-25")
    heading = below(project, CHANGED)
    edit(project, heading, f"{heading}\nOne more sentence.\n")
    steps["text"] = publish(project, "2026-11-25")
    announce(project, 501, [NOTED], "2026-11-25", audience="internal")
    heading = below(project, NOTED)
    edit(project, heading, f"{heading}\n/// internal\n    reason: tooling\n\nA note for staff.\n///\n")
    steps["note"] = publish(project, "2026-11-25")
    edit(project, "## Why\n", "## Why\n\nA reason more.\n")
    steps["around"] = publish(project, "2026-11-25")
    announce(project, 3, ["G07"], "2026-11-26")
    (project / "docs/w01-hand-over.md").rename(project / "docs/w01-ask-first.md")
    (project / "docs/faqs/f01-links.md").unlink()
    commit_all(project)
    steps["places"] = publish(project, "2026-11-26")
    return steps


def shown(project, step, name, path, release="latest"):
    return git(project, "show", f"{step.tips[name]}:{release}/{path}")


def clauses(project, step, name, release="latest"):
    data = json.loads(shown(project, step, name, "catalog.json", release))
    return {one["id"]: one for row in data["documents"] for one in row.get("clauses", [])}


def history(project, step, name):
    return {clause: (one["first"], one["changed"]) for clause, one in clauses(project, step, name).items()}


def test_the_first_release_is_the_first_and_the_last_change_of_every_clause(project, story):
    for name in EDITIONS:
        found = history(project, story["first"], name)
        assert set(found) == {"G04.1", "G04.2", "G06.1", "G06.2", "G07.1", "G07.2"}
        assert set(found.values()) == {("2026.11.23", "2026.11.23")}


def test_nothing_changed_makes_no_release(project, story):
    assert story["nothing"].tips == story["first"].tips
    for name in EDITIONS:
        assert f"{name}: unchanged since 2026.11.23" in story["nothing"].said


def test_what_decides_about_a_release_is_the_content_without_its_dates(project, story):
    for step in story.values():
        for name in EDITIONS:
            assert json.loads(shown(project, step, name, "manifest.json"))["staged"] == step.staged[name].digest


def test_an_edit_of_one_clause_moves_that_one_in_both_editions(project, story):
    for name in EDITIONS:
        before, after = clauses(project, story["first"], name), clauses(project, story["text"], name)
        assert {one for one in after if after[one]["sha256"] != before[one]["sha256"]} == {CHANGED}
        found = history(project, story["text"], name)
        assert found.pop(CHANGED) == ("2026.11.23", "2026.11.25")
        assert set(found.values()) == {("2026.11.23", "2026.11.23")}


def test_a_note_for_staff_moves_the_clause_of_their_edition_only(project, story):
    assert "external: unchanged since 2026.11.25" in story["note"].said
    assert story["note"].tips["external"] == story["text"].tips["external"]
    found = history(project, story["note"], "internal")
    assert found.pop(CHANGED) == ("2026.11.23", "2026.11.25")
    assert found.pop(NOTED) == ("2026.11.23", "2026.11.25.2")
    assert set(found.values()) == {("2026.11.23", "2026.11.23")}
    assert NOTED in history(project, story["note"], "external")


def test_an_edit_beside_the_clauses_makes_releases_in_which_none_moves(project, story):
    assert "external: released 2026.11.25.2" in story["around"].said
    assert "internal: released 2026.11.25.3" in story["around"].said
    assert history(project, story["around"], "external") == history(project, story["text"], "external")
    assert history(project, story["around"], "internal") == history(project, story["note"], "internal")


@pytest.mark.parametrize("name", EDITIONS)
def test_the_page_of_clauses_shows_both_columns(project, story, name):
    for step in story.values():
        known = clauses(project, step, name)
        table = BeautifulSoup(shown(project, step, name, "c/index.html"), "html.parser").find("article").table
        heads, *rows = [
            [" ".join(cell.text.split()) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")
        ]
        assert heads == ["Clause", "What it says", "First in", "Last changed in"]
        found = {row[0]: tuple(row[2:]) for row in rows if row[2]}
        assert found == {clause: (one["first"], one["changed"]) for clause, one in known.items()}
        twin = shown(project, step, name, "c/index.md")
        for clause, one in known.items():
            assert re.search(rf"(?m)^\| \[{clause}\]\(.*\| {one['first']} \| {one['changed']} \|$", twin)


def test_a_release_stays_as_it_was_when_the_next_is_made(project, story):
    for name in EDITIONS:
        old = git(project, "rev-parse", f"{story['first'].tips[name]}:2026.11.23")
        for step in story.values():
            assert git(project, "rev-parse", f"{step.tips[name]}:2026.11.23") == old


# What stands beside the releases, and where everything went.


def test_the_list_of_releases_is_that_of_their_catalogs_and_keeps_what_it_told(project, story):
    for name in EDITIONS:
        before = ()
        for step in story.values():
            names = [row["version"] for row in json.loads(git(project, "show", f"{step.tips[name]}:versions.json"))]
            catalogs = [(one, shown(project, step, name, "catalog.json", one).encode()) for one in reversed(names)]
            known = git(project, "show", f"{step.tips[name]}:{LIST}").encode()
            assert known == timeline.rebuilt(catalogs)
            releases = timeline.read(known).releases
            assert releases == tuple(reversed(names))
            assert releases[: len(before)] == before
            before = releases
        assert len(before) == {"external": 4, "internal": 5}[name]


def test_the_permanent_address_of_a_date_is_never_touched(project, story):
    for step in story.values():
        for name in EDITIONS:
            assert git(project, "ls-tree", "-r", "--name-only", step.tips[name], "as-at/").split() == [
                "as-at/index.html"
            ]
            assert git(project, "show", f"{step.tips[name]}:as-at/index.html").encode() == AS_AT_PAGE


@pytest.fixture(scope="module", params=EDITIONS)
def web(request, project, story, tmp_path_factory):
    """Give the address at which all releases of an edition are served."""
    files = export(project, story["places"].tips[request.param], tmp_path_factory.mktemp("web") / request.param)
    with served(files) as root:
        yield root


def get(url):
    """Read a page as a browser without scripts does; what is not there is an HTTPError."""
    with urllib.request.urlopen(url) as answer:
        return BeautifulSoup(answer.read(), "html.parser")


def sent(url, page):
    """Return where a page sends its reader at once; None for one that is read."""
    meta = page.find("meta", attrs={"http-equiv": "refresh"})
    return urllib.parse.urljoin(url, meta["content"].partition("url=")[2]) if meta else None


def test_the_address_of_a_date_leads_to_the_table_of_the_newest_release(web):
    place = sent(f"{web}as-at/", get(f"{web}as-at/"))
    assert place == f"{web}latest/as-at/"
    rows = [[cell.text for cell in row.find_all("td")] for row in get(place).find("table").find_all("tr")]
    known = {(row[0], row[2].split()[0]): row[1] for row in rows if row}
    assert known["G04.2", "2026.11.23"] == "2026-11-23 to 2026-11-25, not included"
    assert known["G04.2", "2026.11.25"] == "from 2026-11-25"
    assert known["G07.1", "2026.11.23"] == "2026-11-23 to 2026-11-26, not included"


def test_a_page_that_was_renamed_is_found_at_its_old_address(web):
    old, new = f"{web}latest/w01-hand-over/", f"{web}latest/w01-ask-first/"
    page = get(old)
    assert sent(old, page) == new
    assert [urllib.parse.urljoin(old, link["href"]) for link in page.find_all("a")] == [new]
    assert "Hand over" in get(new).h1.text
    assert sent(old, get(f"{web}2026.11.23/w01-hand-over/")) is None
    assert "moved to w01-ask-first/" in " ".join(get(f"{web}latest/as-at/").article.text.split())


@pytest.mark.parametrize(
    ("place", "title", "last", "retired"),
    [
        ("faqs/f01-links/", "F01 Questions about links", "faqs/f01-links/", "F01 Questions about links"),  # deleted
        ("guidelines/g07-shops/", "G07 Shops", "guidelines/g07-shops/", "G07 Shops"),  # expired
        ("c/G07.1/", "G07.1 Four redirects are spam", "guidelines/g07-shops/#g07-1", "G07 Shops"),
    ],
)
def test_what_is_gone_says_so_where_it_stood_and_leads_to_its_last_text(web, place, title, last, retired):
    url = f"{web}latest/{place}"
    page = get(url)
    assert sent(url, page) is None
    assert page.body.text.strip().startswith(f"{title} is not part of the guidelines any more. It decides no case.")
    there, changes = (urllib.parse.urljoin(url, link["href"]) for link in page.find_all("a"))
    assert re.fullmatch(rf"{web}2026\.11\.25\.\d/{re.escape(last)}", there)
    assert title.partition(" ")[2] in get(there).text
    assert changes == f"{web}latest/changes/"
    assert f"Retired: {retired}. Its last text" in get(changes).article.text


@pytest.fixture(scope="module")
def links(project, story):
    """Give for each edition its last step as a release: the staged tree, and where its pages may lead."""
    found = {}
    for name in EDITIONS:
        tip = story["around"].tips[name]
        last = json.loads(git(project, "show", f"{tip}:versions.json"))[0]["version"]
        catalog, known = (shown(project, story["around"], name, "catalog.json"), git(project, "show", f"{tip}:{LIST}"))
        past = Past(last, catalog.encode(), known.encode())
        found[name] = histories.dated(story["places"].staged[name].tree, "2026.11.26", past)
    return found


@pytest.mark.parametrize("name", EDITIONS)
def test_every_place_to_which_a_release_may_lead_stands_on_the_branch(project, story, links, tmp_path, name):
    root = export(project, story["places"].tips[name], tmp_path / "all")
    assert len(links[name].beyond) > len(EDITIONS)
    for place in links[name].beyond:
        assert (root / "2026.11.26" / place / "index.html").is_file(), place


def test_links_to_other_releases_pass_both_gates_and_those_to_none_pass_neither(project, story, links, tmp_path):
    files = sitecheck.read(export(project, story["places"].tips["external"], tmp_path / "all") / "2026.11.26")
    tree, beyond = links["external"].tree, links["external"].beyond
    page = "changes/index.html"
    good, bad = b'href="../../2026.11.23/changes/"', b'href="../../2026.11.22/changes/"'
    assert good in files[page]
    assert b'href="../../../2026.11.25.2/faqs/f01-links/"' in files["faqs/f01-links/index.html"]
    assert sitecheck.check(files, tree, theme_files(), beyond=beyond) == []
    assert linkcheck(files, "external", anchors=False, beyond=beyond) == []
    files[page] = files[page].replace(good, bad)
    for problems in (
        sitecheck.check(files, tree, theme_files(), beyond=beyond),
        linkcheck(files, "external", anchors=False, beyond=beyond),
    ):
        assert {(one.path, one.rule) for one in problems} == {(f"external site/{page}", "broken-link")}
        assert all("2026.11.22" in one.message for one in problems)


def test_a_broken_catalog_on_a_branch_stops_the_release_in_one_line(project, story, tmp_path):
    tree = tmp_path / "branch"
    git(project, "worktree", "add", "-q", "--detach", str(tree), "site-external")
    for release in ("latest", "2026.11.26"):
        (tree / release / "catalog.json").write_text('{"documents": [{"clauses": [{"id": "G04.1"}]}]}')
    commit_all(tree)
    git(project, "update-ref", "refs/heads/site-external", git(tree, "rev-parse", "HEAD").strip())
    git(project, "worktree", "remove", "--force", str(tree))
    before = git(project, "rev-parse", "site-external", "site-internal")
    edit(project, "A reason more.", "Another reason.")
    done = guide(project, "publish", "--date", "2026-11-27")
    assert done.returncode == 1
    (line,) = done.stderr.strip().split("\n")
    assert line.startswith("scripts/guide: 2026.11.26/catalog.json: expected the catalog of a release, found something")
    assert git(project, "rev-parse", "site-external", "site-internal") == before
