"""A year, replayed: what was published is what the commits say, by a rebuild that shares no code with publishing.

The rebuild reads the documents of each commit and cuts them by audience and day. It knows the form in which a passage
of staff stands in a clause, and nothing else of how an edition is made.
"""

from __future__ import annotations

import datetime as dt
import functools
import gzip
import hashlib
import json
import os
import posixpath
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
import replay
import yaml
from bs4 import BeautifulSoup
from guide_cli import pipeline
from guide_cli.publish import publish
from guidebook import timeline
from guidebook.problems import ProblemsError
from projects import GIT_ENV, git
from replay import FIRST, LAST, STEPS

pytestmark = pytest.mark.xdist_group("replay")  # one worker publishes the year that all look at

EDITIONS = ("external", "internal")
DAY = dt.timedelta(days=1)
# Publishing takes most of the time; no test may take minutes, so each publishes a part of the year.
PARTS = [dt.date(2026, 2, 28), dt.date(2026, 5, 1), dt.date(2026, 8, 1), dt.date(2026, 11, 1), LAST]


# The year


@dataclass(frozen=True)
class Done:
    """A step that was published: what came of it, and what stood on the remotes before, after, and after it again."""

    step: replay.Step
    commit: str
    released: tuple[str, ...]
    refused: frozenset[str]
    before: dict[str, str]
    after: dict[str, str]
    again: dict[str, str] | None


@dataclass
class Year:
    """A project with two remotes, and the steps published so far."""

    root: object
    remotes: dict[str, object]
    done: list[Done] = field(default_factory=list)

    def until(self, day: dt.date) -> list[Done]:
        """Publish every step up to a day that is not published yet; returns these."""
        first = len(self.done)
        for one in STEPS[first:]:
            if one.day <= day:
                self.done.append(self._publish(one, again=len(self.done) % 5 == 0, linkchecker=one is STEPS[-2]))
        return self.done[first:]

    def _publish(self, one: replay.Step, *, again: bool, linkchecker: bool) -> Done:
        commit, before = replay.commit(self.root, one), self.tips()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pipeline, "build", functools.partial(pipeline.build, linkchecker=linkchecker))
            released, refused = self._run(one.day)
        after = self.tips()
        if again:
            self._run(one.day)
        return Done(one, commit, released, refused, before, after, self.tips() if again else None)

    def _run(self, day: dt.date) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return the editions that were released, and the rules that refused it."""
        named = {f"GUIDE_REMOTE_{name.upper()}": str(remote) for name, remote in self.remotes.items()}
        said: list[str] = []
        try:
            publish(
                self.root,
                day,
                push=True,
                allow_dirty=False,
                environ={**os.environ, **GIT_ENV, **named},
                say=said.append,
            )
        except ProblemsError as error:
            return (), frozenset(problem.rule for problem in error.problems)
        return tuple(line.partition(":")[0] for line in said if ": released " in line), frozenset()

    def tips(self) -> dict[str, str]:
        """Return all that each remote's branches point to."""
        return {name: git(remote, "for-each-ref") for name, remote in self.remotes.items()}


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """The project and its remotes, before anything is published."""
    folder = tmp_path_factory.mktemp("replay")
    remotes = {name: folder / f"{name}.git" for name in EDITIONS}
    for remote in remotes.values():
        git(folder, "init", "-q", "--bare", str(remote))
    return Year(replay.begin(folder / "project"), remotes)


@pytest.fixture
def year(begun):
    """The whole year."""
    begun.until(LAST)
    return begun


# The rebuild: an edition as the commits tell it


@dataclass(frozen=True)
class Clause:
    title: str
    text: str
    url: str

    def digest(self, name: str) -> str:
        return hashlib.sha256(f"{name}\n{self.title}\n{self.text}\n".encode()).hexdigest()


@dataclass(frozen=True)
class Page:
    """A page as an edition shows it; `shown` is all that its readers see of its own, coming text too."""

    type: str
    url: str
    fields: dict[str, object]
    shown: str
    decides: str
    clauses: dict[str, Clause]


State = dict[str, Page]  # by id
OPEN = re.compile(r"(/{3,}) (internal|external|effective)")
BREAK = "\0"  # where a passage around a clause starts or ends: the text of no clause crosses it


@functools.cache
def blob(root, oid):
    return git(root, "cat-file", "blob", oid)


@functools.cache
def documents(root, commit):
    """Return (path below docs/, front matter, parts of the body) of each document of a commit."""
    rows = (line.split(None, 3) for line in git(root, "ls-tree", "-r", commit, "docs").splitlines())
    return [(path.removeprefix("docs/"), *document(root, oid)) for _, _, oid, path in rows if path.endswith(".md")]


@functools.cache
def document(root, oid):
    _, front, body = re.split(r"(?m)^---\n", blob(root, oid), maxsplit=2)
    return yaml.safe_load(front), parts(iter(body.split("\n")))


def parts(lines, closing=None):
    """Return lines, and in the place of each passage (name, options, its parts)."""
    found = []
    for line in lines:
        opened = OPEN.fullmatch(line)
        if line == closing:
            break
        if opened:
            inner = parts(lines, opened[1])
            count = next(at for at, one in enumerate(inner) if not one.startswith("    "))
            found.append((opened[2], yaml.safe_load("\n".join(inner[:count])), inner[count:]))
        else:
            found.append(line)
    return found


def cut(found, edition, day, *, coming):
    """Return the lines that an edition shows on a day; with those of the future, said to be that, where `coming`."""
    lines = []
    for one in found:
        if isinstance(one, str):
            lines.append(one)
            continue
        name, options, inner = one
        kept = cut(inner, edition, day, coming=coming)
        since, until = options.get("from", dt.date.min), options.get("until", dt.date.max)
        if name == "internal" and edition == "internal":
            title = f"Staff only: {options['reason']}"
            kept = [f"/// admonition | {title}", "    type: withheld", "", *kept, "", "///"]
        elif name != "effective" or until <= day or (since > day and not coming):
            kept = []
        elif coming:
            kept = [f"from {since} until {until}: {since > day}", *kept]
        around = [BREAK] if any(line.startswith("### G") for line in kept) else []
        lines += [*around, *kept, *around]
    return lines


def tidy(lines):
    text = "\n".join(line.rstrip() for line in lines).replace(BREAK, "")
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def clauses_of(lines, url):
    found, name, title, own = {}, None, "", []
    for line in [*lines, BREAK]:
        if line == BREAK or re.match(r"#{1,3} ", line):
            if name:
                found[name] = Clause(title, tidy(own), f"{url}#{name.lower().replace('.', '-')}")
            heading = re.fullmatch(r"### (G\d\d\.\d+) (.*)", line)
            name, title, own = (heading[1], heading[2], []) if heading else (None, "", [])
        else:
            own.append(line)
    return found


@functools.cache
def fields_of(root, commit):
    """Return the fields that the outside sees."""
    settings = yaml.safe_load(git(root, "show", f"{commit}:mkdocs.yml"))
    return {"id", "type", "title", "summary", *settings["extra"]["editions"]["external"]["fields"]}


@functools.cache
def state(root, commit, edition, day):
    """Return an edition on a day as a commit tells it."""
    pages: State = {}
    for path, front, found in documents(root, commit):
        withheld = edition == "external" and (front["audience"] != "external" or front["status"] == "draft")
        in_force = front["valid_from"] <= day < front.get("expires", dt.date.max)
        if withheld or not in_force or front["type"] == "snippet":
            continue
        stem = path.removesuffix(".md").removesuffix("index").rstrip("/")
        url = f"{stem}/" if stem else ""
        seen = fields_of(root, commit) if edition == "external" else set(front)
        lines = cut(found, edition, day, coming=False)
        pages[front["id"]] = Page(
            front["type"],
            url,
            {key: value for key, value in front.items() if key in seen},
            tidy(cut(found, edition, day, coming=True)),
            tidy(lines),
            clauses_of(lines, url),
        )
    return pages


def every_clause(pages):
    return {name: one for page in pages.values() for name, one in page.clauses.items()}


def retired(pages):
    return {name: one for page in pages.values() for name, one in page.fields.get("retired", {}).items()}


@functools.cache
def blocks(text, kind):
    return [yaml.safe_load(one) for one in re.findall(rf"(?ms)^```{kind}\n(.*?)^```$", text)]


def cases_of(page):
    return {case["id"]: case for case in blocks(page.decides, "case")}


def rebuilt(year, edition):
    """Return (release, day, state) of each release there has to be, by what differs from one run to the next."""
    found = []
    for one in year.done:
        if one.step.refused:
            continue
        now = state(year.root, one.commit, edition, one.step.day)
        if not found or now != found[-1][2]:
            nth = sum(day == one.step.day for _, day, _ in found) + 1
            found.append((f"{one.step.day:%Y.%m.%d}{f'.{nth}' if nth > 1 else ''}", one.step.day, now))
    return found


# What was published


class Branch:
    """The files of an edition's branch, read at once."""

    def __init__(self, remote, edition):
        listing = git(remote, "ls-tree", "-r", f"site-{edition}").splitlines()
        rows = [line.split(None, 3) for line in listing]
        self.oids = {path: oid for _, _, oid, path in rows}
        wanted = sorted({oid for path, oid in self.oids.items() if path.endswith(("html", "json", "xml", "md"))})
        self.texts = dict(zip(wanted, (data.decode() for data in contents(remote, wanted)), strict=True))

    def read(self, path):
        return self.texts[self.oids[path]]

    def catalog(self, release):
        return {row["id"]: row for row in json.loads(self.read(f"{release}/catalog.json"))["documents"]}

    def page(self, path):
        return BeautifulSoup(self.read(path), "html.parser")


def contents(remote, oids=None):
    """Return the content of objects, all there are if none is named, reachable or not."""
    which = ["--batch-all-objects"] if oids is None else []
    asked = "".join(f"{oid}\n" for oid in oids or ()).encode()
    command = ["git", "cat-file", "--batch=%(objectsize)", *which]
    out = subprocess.run(command, cwd=remote, input=asked, capture_output=True, check=True).stdout
    found, at = [], 0
    while at < len(out):
        end = out.index(b"\n", at)
        size = int(out[at:end])
        found.append(out[end + 1 : end + 1 + size])
        at = end + size + 2
    return found


@functools.cache
def read_branch(remote, edition):
    return Branch(remote, edition)


@pytest.fixture(params=EDITIONS)
def edition(request):
    return request.param


@pytest.fixture
def branch(year, edition):
    return read_branch(year.remotes[edition], edition)


@pytest.fixture
def releases(year, edition):
    return rebuilt(year, edition)


# Publishing


@pytest.mark.parametrize("until", PARTS, ids=str)
def test_each_step_releases_what_it_shows_or_is_refused(begun, until):
    done = begun.until(until) or [one for one in begun.done if one.step.day <= until]
    assert done
    for one in done:
        assert (one.released, one.refused) == (one.step.shows, frozenset(one.step.refused)), one.step.name
        moved = tuple(name for name in EDITIONS if one.before[name] != one.after[name])
        assert moved == one.step.shows, one.step.name


def test_publishing_a_step_twice_changes_nothing(year):
    twice = [one for one in year.done if one.again]
    assert len(twice) >= len(STEPS) / 5
    assert any(one.released for one in twice)
    for one in twice:
        assert one.again == one.after, one.step.name


def test_the_year_has_many_changes_of_many_kinds(year):
    log = git(year.root, "log", "--reverse", "-p", "-U0", "--format=%as", "--diff-filter=MRD", "--", "docs")
    assert len(re.findall(r"(?m)^@@ |^rename from ", log)) >= 40
    assert len({kind for one in STEPS for kind in one.kinds}) >= 30
    days = [dt.date.fromisoformat(one) for one in re.findall(r"(?m)^\d{4}-\d\d-\d\d$", log)]
    assert days == sorted(days)
    assert days[-1] - days[0] >= dt.timedelta(days=365)
    assert {rule for one in STEPS for rule in one.refused} == {
        "unannounced", "substance", "sign-offs", "vanished-clause", "not-restored", "unknown-reference",
    }  # fmt: skip


def test_the_rebuild_finds_every_release(year, edition, branch, releases):
    listed = [row["version"] for row in json.loads(branch.read("versions.json"))]
    assert [name for name, _, _ in releases] == listed[::-1]
    assert {path.split("/")[0] for path in branch.oids} == {
        *listed, "latest", "versions.json", "releases.json", "as-at", "index.html", ".nojekyll",
    }  # fmt: skip


def test_no_release_changes_after_it_was_made(year, edition):
    remote, known = year.remotes[edition], {}
    tips = [one.after[edition].split()[0] for one in year.done if edition in one.released]
    for tip in dict.fromkeys(tips):
        rows = (line.split(None, 3) for line in git(remote, "ls-tree", tip).splitlines())
        now = {name: oid for _, _, oid, name in rows if name[0] == "2"}
        assert {name: now.get(name) for name in known} == known
        assert len(now) == len(known) + 1
        known = now
    assert len(known) == len(tips)


# Catalogs


def test_each_catalog_holds_the_pages_and_the_texts_of_the_commits(branch, releases):
    for name, _, pages in releases:
        rows = branch.catalog(name)
        assert {ident: row["url"] for ident, row in rows.items()} == {ident: one.url for ident, one in pages.items()}
        for ident, page in pages.items():
            found = {
                one["id"]: (one["title"], one["text"], one["url"], one["sha256"])
                for one in rows[ident].get("clauses", ())
            }
            assert found == {
                clause: (one.title, one.text, one.url, one.digest(clause)) for clause, one in page.clauses.items()
            }, (name, ident)


def test_each_clause_says_where_it_came_and_changed(branch, releases):
    before: dict[str, tuple[str, str, Clause]] = {}
    changed = 0
    for name, _, pages in releases:
        now = {}
        for clause, one in every_clause(pages).items():
            first, last, was = before.get(clause, (name, name, one))
            same = (was.title, was.text) == (one.title, one.text)
            now[clause] = (first, last if same else name, one)
            changed += not same
        rows = [one for row in branch.catalog(name).values() for one in row.get("clauses", ())]
        found = {one["id"]: (one["first"], one["changed"]) for one in rows}
        assert found == {clause: row[:2] for clause, row in now.items()}, name
        before = now
    assert changed > 10


# As at a day


def in_force(year, day):
    """Return the last commit that was published by a day."""
    accepted = [one.commit for one in year.done if not one.step.refused and one.step.day <= day]
    return accepted[-1] if accepted else None


def test_as_at_every_day_of_the_year_stands_what_the_commits_say(year, edition, branch, releases):
    known = timeline.read(branch.read("releases.json").encode())
    seen: set[str] = set()
    gone = 0
    for at in range(-3, (LAST - FIRST).days + 3):
        day = FIRST + at * DAY
        commit = in_force(year, day)
        expected = max((name for name, since, _ in releases if since <= day), default=None, key=_order)
        assert known.release_on(day) == expected, day
        if commit is None:
            assert known.clause_on("G04.1", day) is None
            continue
        pages = state(year.root, commit, edition, day)  # of that very day, whether or not anybody published then
        clauses, taken_out = every_clause(pages), retired(pages)
        seen |= clauses.keys() | pages.keys()
        for name in seen | {"G09.1", "G08.1", "G08.3", "F03"}:
            entry = known.page_on(name, day) if "." not in name else known.clause_on(name, day)
            if name in clauses:
                one = clauses[name]
                assert (entry.title, entry.url, entry.sha256) == (one.title, one.url, one.digest(name)), (day, name)
            elif name in pages:
                assert (entry.title, entry.url) == (pages[name].fields["title"], pages[name].url), (day, name)
            elif name in seen:
                assert isinstance(entry, timeline.Withdrawal), (day, name)
                assert (entry.retired.to, entry.retired.why) == (
                    (taken_out[name]["to"], taken_out[name]["why"]) if name in taken_out else (None, None)
                )
                gone += 1
            else:
                assert entry is None, (day, name)
    assert gone > 100


def _order(name):
    day, _, nth = name[:10], name[10:11], name[11:]
    return day, int(nth or 1)


def test_as_at_names_the_release_since_which_a_text_stands(edition, branch, releases):
    known = timeline.read(branch.read("releases.json").encode())
    since: dict[str, tuple[str, Clause]] = {}
    for name, _, pages in releases:
        now = every_clause(pages)
        since = {
            clause: (since[clause][0] if clause in since and since[clause][1] == one else name, one)
            for clause, one in now.items()
        }
        for clause, (first, _) in since.items():
            assert known.entry_in(clause, name).release == first, (name, clause)


def test_a_release_is_in_force_from_its_midnight_on(branch, releases):
    known = timeline.read(branch.read("releases.json").encode())
    for (before, *_), (name, day, _) in pairwise(releases):
        minute = dt.timedelta(minutes=_order(name)[1] - 1)
        start = dt.datetime.combine(day, dt.time(), dt.UTC) + minute
        assert known.release_at(start - dt.timedelta(seconds=1)) == before
        assert known.release_at(start) == name


# What changed


LABEL_TEXTS = ("title", "summary", "includes", "excludes", "strike", "statement")
LABEL_VALUES = ("severity", "actions", "escalate", "surfaces", "precedence", "dsa_category", "dsa_keyword")
CASE_TEXTS, CASE_VALUES = ("title", "text", "reason"), ("verdict", "label", "clause", "answers", "surface")


def things(pages):
    """Return all that decides cases: (section, id) → what it says in words and in values, and its page."""
    found = {}
    for ident, page in pages.items():
        for name, one in page.clauses.items():
            found["clauses", name] = ({"title": one.title, "text": one.text}, {}, ident)
        if page.type == "label":
            said = page.fields | {title.lower(): _section(page.decides, title) for title in ("Includes", "Excludes")}
            values = {key: said.get(key) for key in LABEL_VALUES if key in said}
            found["labels", ident] = (_flat({key: said[key] for key in LABEL_TEXTS if key in said}), values, ident)
        for tree in blocks(page.decides, "tree"):
            found["decision-trees", f"tree-{ident}"] = ({}, {"tree": tree}, ident)
        for name, case in cases_of(page).items():
            texts, values = ({key: case.get(key) for key in keys} for keys in (CASE_TEXTS, CASE_VALUES))
            found["cases", name] = (texts, values, ident)
    return found


def _section(text, title):
    inner = re.search(rf"(?ms)^## {title}\n(.*?)(?=^## |\Z)", text)
    return inner[1].strip() if inner else ""


def _flat(texts):
    found = {}
    for key, value in texts.items():
        found |= {f"{key}: {part}": text for part, text in value.items()} if isinstance(value, dict) else {key: value}
    return found


def words(text):
    """Return the words of a text in Markdown that its readers see."""
    text = re.sub(r"(?m)^/{3,}(?: admonition \|)?|^    type: withheld$|^[|: -]+$", " ", text)
    return re.findall(r"\w+", text)


def left(redline, tag, classes):
    """Return the words of a redline without what `tag` and `classes` mark, and without what is about the text."""
    copy = BeautifulSoup(str(redline), "html.parser")
    for one in [*copy.find_all(tag), *copy.find_all(class_=[*classes, "gb-redline__note"])]:
        if not one.decomposed:
            one.decompose()
    for one in copy.find_all(["p", "li", "td", "th", "div", "tr"]):
        one.insert_before(" ")
    return re.findall(r"\w+", copy.get_text())


def later(redline):
    return left(redline, "del", ["gb-del", "gb-moved-from"])


def earlier(redline):
    return left(redline, "ins", ["gb-ins", "gb-moved-to"])


def told(page):
    """Return what a page of changes tells: (section, anchor) → the elements below that heading."""
    found, section, own = {}, "", []
    for one in page.find("article").find_all(["h2", "h3", "p", "div", "table", "ul"]):
        if one.name == "h2":
            section, own = one["id"], []
        elif one.name == "h3":
            own = found[section, one["id"]] = []
        elif not one.find_parent(class_="gb-redline") and one.parent.name == "article":
            own.append(one)
    return found


def differing(before, after):
    """Return what differs between two states, without what came or went with its whole page (labels are told)."""
    old, new = things(before), things(after)
    whole = before.keys() ^ after.keys() | {one for one in before.keys() & after.keys() if _moved(before, after, one)}
    return {
        key: (old.get(key), new.get(key))
        for key in [*new, *(key for key in old if key not in new)]
        if old.get(key) != new.get(key) and (key[0] == "labels" or (new.get(key) or old[key])[2] not in whole)
    }


def _moved(before, after, ident):
    return before[ident].url != after[ident].url


def anchor(name):
    return name.lower().replace(".", "-")


def test_each_release_tells_what_differs_and_nothing_else(branch, releases):
    listed = 0
    for (_, _, before), (name, _, after) in pairwise(releases):
        found = told(branch.page(f"{name}/changes/index.html"))
        expected = {(section, anchor(one)) for section, one in differing(before, after)}
        assert {key for key in found if key[0] != "notices"} == expected, name
        listed += len(expected)
    assert listed > 20


def test_dropping_the_deletions_gives_the_new_text_and_dropping_the_insertions_the_old(branch, releases):
    seen = Counter()
    for (_, _, before), (name, _, after) in pairwise(releases):
        found = told(branch.page(f"{name}/changes/index.html"))
        for (section, ident), (old, new) in differing(before, after).items():
            if section == "decision-trees":
                continue
            was, now = (one[0] if one else {} for one in (old, new))
            keys = [key for key in dict.fromkeys([*was, *now]) if was.get(key) != now.get(key)]
            keys = keys if old and new else [key for key in keys if key != "title"]  # the heading tells it
            if not (old and new):
                heading = branch.page(f"{name}/changes/index.html").find(id=anchor(ident)).get_text()
                assert words((was or now).get("title", "")) == words(heading)[len(words(ident)) : -2], (name, ident)
                seen["titles"] += 1
            lines = [one for one in found[section, anchor(ident)] if "gb-redline" in one.get("class", ())]
            said = [one.get_text() for one in found[section, anchor(ident)] if one.name == "p"]
            ended = {anchor(clause): one for clause, one in retired(after).items() if section == "clauses" and not new}
            why = [f"{one['why']} Read {one['to']} in its place." for key, one in ended.items() if key == anchor(ident)]
            assert said == [*why, *(key.capitalize() for key in keys if (section, key) != ("clauses", "text"))], name
            assert len(lines) == len(keys), (name, ident)
            for key, line in zip(keys, lines, strict=True):
                assert later(line) == words(now.get(key, "")), (name, ident, key)
                assert earlier(line) == words(was.get(key, "")), (name, ident, key)
                seen[section] += 1
            seen["why gone"] += len(why)
    assert min(seen[section] for section in ("clauses", "labels", "cases")) >= 2
    assert seen["clauses"] + seen["titles"] > 15
    assert seen["why gone"] >= 1


def test_values_and_leaves_are_told_before_and_now(branch, releases):
    seen = Counter()
    for (_, _, before), (name, _, after) in pairwise(releases):
        found = told(branch.page(f"{name}/changes/index.html"))
        for (section, ident), (old, new) in differing(before, after).items():
            was, now = (one[1] if one else {} for one in (old, new))
            if section == "decision-trees":
                ends = [_leaves(one.get("tree", {})) for one in (was, now)]
                asks = {name: one["ask"] for tree in (was, now) for name, one in tree.get("tree", {}).items()}
                keys = [key for key in dict.fromkeys([*ends[1], *ends[0]]) if ends[0].get(key) != ends[1].get(key)]
                expected = [[asks[name], text, *(end.get((name, text), "") for end in ends)] for name, text in keys]
            else:
                keys = [key for key in dict.fromkeys([*was, *now]) if was.get(key) != now.get(key)]
                expected = [[key, _shown(was.get(key)), _shown(now.get(key))] for key in keys]
            tables = [one for one in found[section, anchor(ident)] if one.name == "table"]
            rows = [[cell.get_text() for cell in row.find_all("td")] for one in tables for row in one.find_all("tr")]
            assert sorted(filter(None, rows)) == sorted(expected), (name, ident)
            seen[section] += len(expected)
    assert seen["decision-trees"] == 1
    assert seen["labels"] >= 2
    assert seen["cases"] >= 4


def _leaves(tree):
    return {
        (name, str(text)): ", ".join(end[key] for key in ("label", "clause", "escalate") if key in end)
        for name, question in tree.items()
        for text, end in question["answers"].items()
        if "go" not in end
    }


def _shown(value):
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def test_a_table_and_a_nested_list_stay_whole_in_a_redline(branch):
    table = told(branch.page("2026.02.09.2/changes/index.html"))["clauses", "g04-4"][0].find("table")
    rows = [[earlier(cell) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]
    assert rows[2:] == [[["Blog"], ["2"], ["no", "action"]], [[], [], []]]
    assert [later(cell) for cell in table.find_all("tr")[2].find_all("td")] == [["Blog"], ["3"], ["no", "action"]]
    assert table.find_all("tr")[3]["class"] == ["gb-ins"]
    items = told(branch.page("2026.02.16/changes/index.html"))["clauses", "g04-4"][0].select("ul > li > ul > li")
    assert [later(one) for one in items] == [
        ["its", "own", "domain"], ["the", "domain", "of", "its", "payment"], ["its", "app"],
    ]  # fmt: skip


def test_the_notices_of_a_release_are_those_whose_day_came(branch, releases):
    seen = []
    for (_, last, before), (name, day, after) in pairwise(releases):
        found = [
            heading for section, heading in told(branch.page(f"{name}/changes/index.html")) if section == "notices"
        ]
        titles = branch.page(f"{name}/changes/index.html").find_all(id=found)
        expected = [
            ident
            for ident, page in after.items()
            if page.type == "notice"
            for starts in [page.fields.get("effective", page.fields["valid_from"])]
            if starts <= day and (ident not in before or starts > last)
        ]
        assert [title.get_text().split()[0] for title in titles] == sorted(expected), name
        seen += expected
    notices = {ident for _, _, pages in releases for ident, page in pages.items() if page.type == "notice"}
    assert sorted(seen) == sorted(notices - {"N001"}), "each notice is told once"


def test_pages_that_came_went_and_moved_are_told(branch, releases):
    kinds = Counter()
    for (_, _, before), (name, _, after) in pairwise(releases):
        heading = branch.page(f"{name}/changes/index.html").find("h2", id="pages")
        items = heading.find_next("ul").find_all("li", recursive=False) if heading else []
        found = {tuple(item.get_text().split()[:2]): [one.get_text() for one in item.find_all("li")] for item in items}
        expected = {("New:", one) for one in after.keys() - before.keys()}
        expected |= {("Retired:", one) for one in before.keys() - after.keys()}
        both = after.keys() & before.keys()
        expected |= {("Moved:", one) for one in both if _moved(before, after, one)}
        expected |= {("Retired:", one) for one in both if _ended(after[one]) and not _ended(before[one])}
        assert found.keys() == expected, name
        for (kind, ident), inner in found.items():
            page = after.get(ident) if kind == "New:" else before.get(ident)
            assert inner == ([] if kind == "Moved:" else _held(page, new=kind == "New:")), (name, ident)
            kinds[kind] += 1
            kinds[f"{kind} with clauses"] += bool(inner)
    assert min(kinds[kind] for kind in ("New:", "Retired:", "Moved:")) >= 1
    assert min(kinds[f"{kind} with clauses"] for kind in ("New:", "Retired:")) == 1


def _held(page, *, new):
    """Return what is listed of a page that is new, or that ended."""
    rows = [f"{name} {one.title}" for name, one in page.clauses.items()]
    if new and "labels" in page.fields:
        rows.append(f"Labels: {', '.join(page.fields['labels'])}")
    return [*rows, *([f"Cases: {len(cases_of(page))}"] if new and cases_of(page) else [])]


def _ended(page):
    return page.fields["status"] == "retired"


def test_what_was_made_internal_is_named_outside_only_where_it_is_told_what_was(year):
    branch = read_branch(year.remotes["external"], "external")
    known, (since, day, _) = set(), rebuilt(year, "external")[-2]
    for name, _, pages in rebuilt(year, "external"):
        named = {path.removeprefix(f"{name}/") for path, text in _texts(branch, name) if "G08" in text}
        if "G08" in pages:
            known |= {one for one in pages if pages[one].type == "notice" and f"{pages[one].url}index.md" in named}
        if name >= since:
            places = {path.partition("/")[0] for path in named}
            told = {"changes"} if name == since else set()
            assert places == {"as-at", "c", "guidelines", "manifest.json", *told}, name
            assert {path for path in named if path.startswith("guidelines/")} == {"guidelines/g08-previews/index.html"}
    assert known == {"N017", "N019", "N021"}, "positive control"
    assert day == dt.date(2027, 1, 14)


def _texts(branch, release):
    return [(path, branch.read(path)) for path in branch.oids
            if path.startswith(f"{release}/") and path.endswith(("html", "json", "xml", "md"))]  # fmt: skip


# Feeds


def test_feeds_hold_the_notices_that_were_visible_by_then(branch, releases):
    own = Counter()
    for name, _, pages in releases:
        notices = {ident: page for ident, page in pages.items() if page.type == "notice"}
        assert feed(branch, name, "") == sorted(notices, key=lambda one: (_first_day(notices[one]), one), reverse=True)
        for ident, page in pages.items():
            if page.type != "guideline":
                continue
            things = {ident, f"tree/{ident}", *page.clauses, *page.fields["labels"], *cases_of(page)}
            things |= page.fields.get("retired", {}).keys()
            about = {one for one in notices if things & set(notices[one].fields["changes"])}
            assert set(feed(branch, name, page.url)) == about, (name, ident)
            own[ident] += len(about)
    assert min(own.values()) > 0


def _first_day(page):
    return page.fields["valid_from"]


def feed(branch, release, url):
    """Return the ids of the notices of a feed, which are the same in both of its forms."""
    items = json.loads(branch.read(f"{release}/{url}feed.json"))["items"]
    found = [one["id"].rpartition("/")[2] for one in items]
    atom = re.findall(r"notice/(N\d+)</id>", branch.read(f"{release}/{url}feed.xml"))
    assert atom == found
    return found


# Permanence


def leads_to(text, url):
    """Return where a page of an address sends its readers on at once; None where it does not."""
    refresh = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', text)
    return posixpath.normpath(posixpath.join(url, refresh[1])) if refresh else None


def test_every_address_ever_published_is_found_in_every_later_release(branch, releases):
    held: dict[str, str] = {}  # address → the page that had it last
    last: dict[str, str] = {}  # page → where it stood in the last release that had it
    moved = gone = 0
    for name, _, pages in releases:
        held |= {page.url: ident for ident, page in pages.items()}
        last |= {ident: f"{name}/{page.url}" for ident, page in pages.items()}
        now = {page.url for page in pages.values()}
        for url, ident in held.items():
            text = branch.read(f"{name}/{url}index.html")
            if ident in pages and url not in now:
                assert leads_to(text, url) == pages[ident].url.rstrip("/"), (name, url)
                moved += 1
                continue
            assert leads_to(text, url) is None, (name, url)
            if url not in now:
                page = branch.page(f"{name}/{url}index.html")
                links = [posixpath.normpath(posixpath.join("/", name, url, a["href"])) for a in page.find_all("a")]
                assert f"/{last[ident]}".rstrip("/") in links, (name, url)
                assert f"{last[ident]}index.html" in branch.oids
                assert ident in page.get_text()
                gone += 1
    assert moved > 10
    assert gone > 10


def test_every_clause_ever_published_is_found_in_every_later_release(branch, releases):
    last: dict[str, str] = {}  # clause → where it stood in the last release that had it
    seen = Counter()
    for name, _, pages in releases:
        now, out = every_clause(pages), retired(pages)
        last |= {clause: f"{name}/{one.url}" for clause, one in now.items()}
        for clause, there in last.items():
            text = branch.read(f"{name}/c/{clause}/index.html")
            where = leads_to(text, f"c/{clause}")
            if clause in now:
                assert where == now[clause].url, (name, clause)
                assert now[clause].title in _at(branch, name, where)
                seen["in force"] += 1
            elif clause in out:
                assert where.endswith(f"#{anchor(clause)}")
                assert out[clause]["to"] in _at(branch, name, where)
                seen["retired"] += 1
            else:
                assert where is None
                hrefs = re.findall(r'<a href="([^"]*)"', text)
                assert there in [posixpath.normpath(posixpath.join(name, "c", clause, one)) for one in hrefs]
                seen["gone"] += 1
    assert min(seen[kind] for kind in ("in force", "retired", "gone")) > 0


def _at(branch, release, where):
    """Return what stands at an anchor of a release."""
    page, _, there = where.partition("#")
    return re.search(rf'(?s)<(\w+)[^>]*\bid="{there}"[^>]*>(.*?)</\1>', branch.read(f"{release}/{page}index.html"))[2]


# What the outside never reads


def test_no_object_of_the_external_remote_holds_a_word_of_staff(year):
    found = {}
    for name, remote in year.remotes.items():
        every = contents(remote)
        every += [gzip.decompress(one) for one in every if one.startswith(b"\x1f\x8b")]
        found[name] = {word for word in (*replay.PLANTED, *replay.OPENED) if _within(word, every)}
    assert found["external"] == set(replay.OPENED)
    assert found["internal"] == {*replay.PLANTED, *replay.OPENED}, "positive control"
    assert git(year.remotes["external"], "rev-list", "--count", "site-external").strip() == "1"


def _within(word, every):
    return any(word.encode() in one.lower() for one in every)


def test_a_word_that_was_opened_stands_in_no_release_from_before(year):
    for word, since in replay.OPENED.items():
        found = git(year.remotes["external"], "grep", "-i", "-l", "-a", word, "site-external").split()
        releases = {path.partition(":")[2].split("/")[0] for path in found}
        assert since in releases
        assert {name for name in releases if name[0] == "2" and name < since} == set()
