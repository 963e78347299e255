"""`check` and `review` look at the last release of each edition, as far as it is in this clone."""

from __future__ import annotations

import datetime as dt
import json
import os
import re

import pytest
from guide_cli import baselines, pipeline
from guide_cli.review import review
from guidebook.history import Past
from guidebook.releases import write_versions
from projects import announce, commit_all, edit, git, guide

DAY = dt.date(2026, 11, 24)
BRANCHES = ("site-external", "site-internal")
GUIDELINE = "docs/guidelines/g04-links.md"
CHANGE = ("The destination decides.", "The destination never decides.")


def only_local(project):
    git(project, "remote", "remove", "origin")


def only_fetched(project):
    git(project, "branch", "-q", "-D", *BRANCHES)


def neither(project):
    only_fetched(project)
    only_local(project)


def run(project, *words):
    done = guide(project, *words, "--date", DAY.isoformat())
    assert done.stderr == ""
    return done.returncode, done.stdout


def known(project, environ=os.environ):
    return baselines.pasts(pipeline.clean(project, DAY), project, environ)


def release(project, ref, *names, catalog='{"documents": []}', folder="other"):
    """Let `ref` of the project be a branch with these releases, the newest first."""
    other = project.parent / folder
    (other / names[0]).mkdir(parents=True)
    (other / names[0] / "catalog.json").write_text(catalog)
    (other / "versions.json").write_text(write_versions(names))
    commit_all(other)
    git(project, "fetch", "-q", str(other), f"+main:{ref}")


# Which releases there are.


@pytest.mark.parametrize("where", [only_local, only_fetched])
def test_check_compares_with_the_last_release_that_is_here(project, where):
    where(project)
    code, said = run(project, "check")
    assert code == 0
    assert "external: compared with 2026.11.23.\ninternal: compared with 2026.11.23.\n" in said
    edit(project, GUIDELINE, *CHANGE)
    line = (project / GUIDELINE).read_text().partition("### G04.2")[0].count("\n") + 1
    code, said = run(project, "check")
    assert code == 1
    assert said == (
        f"{GUIDELINE}:{line}: `G04.2` differs in the external edition since 2026.11.23 and the internal edition since "
        "2026.11.23, and no notice says so. Name it in a notice: scripts/guide new notice, then `changes: [G04.2]`.\n"
        "  The destination {+never+} decides. [unannounced]\n"
    )
    announce(project, 2, ["G04.2"], DAY.isoformat())
    assert run(project, "check")[0] == 0


def test_without_a_release_check_and_review_say_that_they_compared_nothing(project):
    neither(project)
    edit(project, GUIDELINE, *CHANGE)
    code, said = run(project, "check")
    nothing = "external: no release here to compare with.\ninternal: no release here to compare with.\n"
    assert code == 0
    assert nothing in said
    assert run(project, "review") == (0, nothing)


@pytest.mark.parametrize(
    ("local", "fetched", "newest"),
    [
        ("2026.11.23.9", "2026.11.23.10", "2026.11.23.10"),
        ("2026.11.24", "2026.11.23.10", "2026.11.24"),
    ],
)
def test_the_newest_release_counts_wherever_it_is(project, local, fetched, newest):
    release(project, "refs/heads/site-external", local, "2026.11.23", folder="local")
    release(project, "refs/remotes/origin/site-external", fetched, "2026.11.23", folder="fetched")
    found = known(project)
    assert {name: past.release for name, past in found.items()} == {"external": newest, "internal": "2026.11.23"}
    assert found["external"] == Past(newest, b'{"documents": []}', None)
    assert found["internal"].timeline == git(project, "show", "site-internal:releases.json").encode()


def test_only_release_branches_count(project):
    neither(project)
    for ref in ("refs/tags/site-external", "refs/remotes/fork/site-external", "refs/heads/x/site-external"):
        release(project, ref, "2026.11.23", folder=ref)
    git(project, "branch", "site-internal", "main")
    assert known(project) == {}


def test_a_release_that_has_to_be_fetched_is_fetched_as_the_person_would(project, tmp_path):
    """A partial clone holds no file until it is read, and only the person's settings know how to reach the remote."""
    git(project, "config", "uploadpack.allowFilter", "true")
    settings = tmp_path / "settings"
    settings.write_text(f'[url "file://{tmp_path}/"]\n\tinsteadOf = company:\n')
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{project}", "partial")
    git(tmp_path / "partial", "remote", "set-url", "origin", "company:project")
    source = pipeline.clean(project, DAY)
    person = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": str(settings)}
    assert baselines.pasts(source, tmp_path / "partial", {**person, "GIT_CONFIG_GLOBAL": os.devnull}) == {}
    assert set(baselines.pasts(source, tmp_path / "partial", person)) == {"external", "internal"}
    pages = baselines.texts(source, tmp_path / "partial", person)
    assert {name for name, texts in pages.items() if any("The destination decides." in text for text in texts)} == {
        "external",
        "internal",
    }


@pytest.mark.parametrize("command", ["check", "review"])
def test_a_release_that_cannot_be_read_is_told_in_one_line(project, command):
    release(project, "refs/heads/site-external", "2026.11.24", catalog='{"documents": [{"clauses": 1}]}')
    done = guide(project, command, "--date", DAY.isoformat())
    assert done.returncode == 1
    assert re.fullmatch(
        r"scripts/guide: 2026\.11\.24/catalog\.json: expected the catalog of a release, found .*\n", done.stderr
    )


def test_a_day_before_the_last_release_is_told_in_one_line_and_compares_nothing(project):
    done = guide(project, "check", "--date", "2026-11-22")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "scripts/guide: release: expected a date on or after the newest release, 2026.11.23, found 2026-11-22; "
        "publish with the date 2026-11-23 or later\n"
    )


def test_what_comes_into_force_by_itself_is_asked_for_its_notice_today(project):
    later = f"/// effective\n    from: 2026-12-07\n\n{CHANGE[1]}\n///"
    edit(project, GUIDELINE, CHANGE[0], f"/// effective\n    until: 2026-12-07\n\n{CHANGE[0]}\n///\n\n{later}")
    code, said = run(project, "check")
    assert code == 1
    assert "from 2026-12-07 on: `G04.2` differs in the external edition since 2026.11.24" in said
    notice = announce(project, 2, ["G04.2"], "2026-12-07")
    assert "expected a day up to today, 2026-11-24, found 2026-12-07" in run(project, "check")[1]
    head, signed, rest = notice.read_text().partition("signed: ")
    notice.write_text(head + signed + rest.replace("2026-12-07", "2026-11-24"))
    assert run(project, "check")[0] == 0


# Review.

CASE = """```case
id: G06-06
title: Two redirects to a cake
verdict: not-violating
label: no-action
clause: G06.2
answers: {redirects: Three or fewer}
surface: post
language: en
set: teaching
text: A post shows a cake and names its recipe. The link preview lists three domains, and the last page is the recipe.
reason: The link makes two redirects.
near: [spam-redirect]
```
"""
TEXT = """\
external: 4 changes since 2026.11.23.

clause G04.2, changed: A shortener is allowed
  The destination {+never+} decides.

label spam-redirect, changed: Redirect spam
  severity: [-low-]{+medium+}

tree tree/G04, changed: Links
  Does the link make four or more redirects? No: [-G04.1 W01-]{+G04.2 W01+}

case G06-06, new: Two redirects to a cake
"""


def test_review_shows_readers_of_each_edition_what_they_would_see_changed(project):
    edit(project, GUIDELINE, *CHANGE)
    edit(project, GUIDELINE, "The classifier reads more than this.", "The classifier reads secrets.")
    edit(project, GUIDELINE, "{escalate: W01, clause: G04.1}", "{escalate: W01, clause: G04.2}")
    edit(project, "docs/labels/spam-redirect.md", "severity: low", "severity: medium")
    edit(project, "docs/guidelines/g06-redirects.md", "## Exceptions", f"{CASE}\n## Exceptions")
    edit(project, "docs/comms/staff.md", "For staff.", "A secret for staff.")
    edit(project, "docs/glossary.md", "Who decides a case.", "Who decides cases.")
    code, said = run(project, "review")
    external, _, internal = said.partition("internal: ")
    assert code == 0
    assert external.startswith(TEXT)
    assert external.rstrip().endswith("\nAlso changed, in text that decides no case: glossary")
    assert "{+A post shows a cake" in external
    for word in ("secret", "classifier", "taff", "signal"):
        assert word not in external
        assert word in internal, "positive control"
    assert internal.startswith("4 changes since 2026.11.23.\n\nclause G04.2, changed")
    assert "The classifier reads [-more than this-] {+secrets+}." in internal
    assert internal.rstrip().endswith("\nAlso changed, in text that decides no case: staff-news, glossary")
    assert run(project, "review", "--audience", "external") == (0, external)


def test_review_says_what_is_gone_and_that_nothing_changed(project):
    source, lines = pipeline.clean(project, DAY), []
    past = known(project)["external"]
    review(source, ["external"], DAY, {"external": past}, {}, say=lines.append)
    assert lines == ["external: 0 changes since 2026.11.23."]
    data = json.loads(past.catalog)
    (row,) = [one for one in data["documents"] if one["id"] == "G04"]
    row["clauses"].append({**row["clauses"][0], "id": "G04.3", "title": "An old rule", "text": "It is no more."})
    lines.clear()
    review(source, ["external"], DAY, {"external": Past("2026.11.23", json.dumps(data).encode())}, {}, say=lines.append)
    assert lines[0] == "external: 1 change since 2026.11.23."
    assert lines[1] == "\nclause G04.3, gone: An old rule"
    assert "[-It is no more.-]" in lines[2]
    assert lines[3:] == ["\nA notice names them: `changes: [G04.3]`"]


@pytest.mark.parametrize(
    ("was", "said", "asked"),
    [
        ({"url": "old/g04/"}, "moved from old/g04/ to guidelines/g04-links/", []),
        ({"status": "retired"}, "in force again", ["\nA notice names them: `changes: [G04]`"]),
    ],
)
def test_review_says_what_became_of_a_page(project, was, said, asked):
    source, lines = pipeline.clean(project, DAY), []
    data = json.loads(known(project)["external"].catalog)
    (row,) = [one for one in data["documents"] if one["id"] == "G04"]
    row.update(was)
    review(source, ["external"], DAY, {"external": Past("2026.11.23", json.dumps(data).encode())}, {}, say=lines.append)
    assert lines == ["external: 1 change since 2026.11.23.", f"\npage G04, {said}: {row['title']}", *asked]


def test_review_gives_the_line_for_a_notice_whole_guidelines_by_their_id(project):
    source, lines = pipeline.clean(project, DAY), []
    data = json.loads(known(project)["external"].catalog)
    data["documents"] = [one for one in data["documents"] if one["id"] not in {"G04", "spam-redirect"}]
    review(source, ["external"], DAY, {"external": Past("2026.11.23", json.dumps(data).encode())}, {}, say=lines.append)
    assert "\nA notice names them: `changes: [G04, spam-redirect]`" in lines


OPENED = "external DISCLOSES what its readers have not seen, and those of another edition have:\n"


def test_review_says_first_what_an_edition_discloses(project):
    """Text that only staff read, and that an editor opened: in a clause, in no clause, and as a whole page."""
    text = (project / GUIDELINE).read_text()
    first = text.index("/// internal")
    last = text.index("///\n", first + 3) + 4
    inner = text[first:last].splitlines()
    (project / GUIDELINE).write_text(text[:first] + "\n".join(inner[3:-1]) + "\n" + text[last:])
    edit(project, "docs/comms/staff.md", "audience: internal", "audience: external")
    code, said = run(project, "review")
    external, _, internal = said.partition("internal: ")
    assert code == 0
    head, _, rest = external.partition(OPENED)
    assert head.count("\n") == 1, "before all else"
    told = rest.partition("\n\n")[0]
    assert "  docs/guidelines/g04-links.md: the classifier reads more than this" in told
    assert "  docs/comms/staff.md: " in told
    assert "DISCLOSES" not in internal, "it reads everything"
    git(project, "checkout", "-q", ".")
    assert "DISCLOSES" not in run(project, "review")[1]
