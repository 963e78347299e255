"""Staging: nothing internal reaches another edition, and what is staged stands on its own."""

import dataclasses
import datetime as dt
import json
import multiprocessing
import os
import posixpath
import re
import subprocess
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest
import yaml
from changes import CHANGES, UNSEEN
from guidebook import configuration, markup, staging
from guidebook.library import load
from guidebook.markup import Kind
from guidebook.problems import ProblemsError
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libraries import (
    DAY,
    EXTERNAL,
    FAR,
    FUTURE,
    INTERNAL,
    PAST,
    Doc,
    Level,
    grow,
    loaded,
    png,
    projects,
    seeds,
    simple,
    trees,
)

SEEDS = range(16)


@lru_cache(64)
def grown(seed):
    project = grow(seed, 1 + seed % 3)
    found = trees(project)
    assert found is not None
    return project, found


def difference(one, other):
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))


# Nothing internal influences the external edition


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_internal_content_is_seen_inside_and_not_outside(name):
    seen = Counter()
    for seed in SEEDS if name != "edit_fields_that_are_not_shown" else range(36):
        project, before = grown(seed)
        project = project.copy()
        if not CHANGES[name](Random(seed), project):
            continue
        if project.before is not None:
            before = trees(project.before)
        after = trees(project)
        if before is None or after is None:
            continue
        assert difference(before[EXTERNAL], after[EXTERNAL]) == [], seed
        seen["inside"] += before[INTERNAL] != after[INTERNAL]
        seen["compared"] += 1
    assert seen["compared"] >= 6
    assert seen["inside"] >= 5 or name in UNSEEN
    assert not seen["inside"] or name not in UNSEEN


@settings(max_examples=25)
@given(projects, st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), seeds), min_size=2, max_size=6))
def test_many_changes_of_internal_content_are_not_seen_outside(project, steps):
    before = trees(project)
    changed = project
    for name, seed in steps:
        trial = changed.copy()
        if name != "add_a_passage_in_a_passage" and CHANGES[name](Random(seed), trial) and not trial.load()[1]:
            changed = trial
    after = trees(changed)
    assume(changed is not project)
    assert difference(before[EXTERNAL], after[EXTERNAL]) == []


@settings(max_examples=25)
@given(projects)
def test_a_library_without_its_internal_pages_is_the_same_outside(project):
    """All of it at once: no internal page, label, question, file or edition is left."""
    before = trees(project)
    bare = project.copy()
    external = [path for path in bare.docs if bare.docs[path].level is Level.ALL]
    bare.docs = {path: bare.docs[path] for path in external}
    for doc in bare.docs.values():
        doc.meta.pop("wording", None)
        doc.body = without_passages(without_kept_cases(doc.body))
    bare.assets = {path: data for path, data in bare.assets.items() if f"docs/{path}" in before[EXTERNAL]}
    after = trees(bare)
    assert after is not None
    assert difference(before[EXTERNAL], after[EXTERNAL]) == []
    assert before[INTERNAL] != after[INTERNAL]


def without_kept_cases(body):
    """Return a body without the cases that outsiders may not read."""
    return re.sub(r"(?ms)^```case\n(?:(?!^```).)*^set: (?:golden|calibration)\n.*?^```\n", "", body)


def without_passages(body):
    """Return a body without the passages that outsiders may not read, found in another way than the code does."""
    rows, kept, skip, fence = body.split("\n"), [], 0, ""
    for at, row in enumerate(rows):
        if fence:
            fence = "" if row.rstrip() == fence else fence
        elif row.startswith("```"):
            fence = "```"
        elif not skip and re.fullmatch(r"/{3,} [a-z]+", row):
            option = rows[at + 1]
            if row.endswith(" internal") or f"until: {DAY}" in option:
                skip = row.count("/")
        elif skip and row == "/" * skip:
            skip = 0
            continue
        if not skip:
            kept.append(row)
    return _EMPTY.sub("", _EMPTY.sub("", "\n".join(kept)))


_EMPTY = re.compile(r"(?m)^(/{3,}) [a-z]+\n(?:    .*\n)+\n*\1$")


# Canaries


class Canaries:
    """Tokens that stand in one place each; what is `shown` stands in the internal edition."""

    def __init__(self):
        self.shown, self.hidden = [], []

    def __call__(self, place, *, shown=True):
        token = f"zq{len(self.shown) + len(self.hidden):02}{place}"
        (self.shown if shown else self.hidden).append(token)
        return token


def canary_project():
    """Return a project with a token wherever text that outsiders may not read can stand."""
    c = Canaries()
    project = grow(7, 1)
    docs = project.docs

    def meta(ident, kind_="page", **more):
        return {"id": ident, "type": kind_, "title": "Title", "summary": "Summary.",
                "audience": INTERNAL, "owner": "Quality",
                "status": "in-force", "valid_from": PAST, "review_by": FAR} | more  # fmt: skip

    folder, stem, asset, inner_asset = c("folder"), c("file"), c("asset"), c("passageasset")
    docs[f"{folder}/index.md"] = Doc(meta(f"x-{c('id')}"), f"{c('indexbody')}\n")
    body = f"""
{c("body")} `{c("codespan")}` **{c("bold")}** [{c("linktext")}](https://{c("host")}.example/{c("urlpath")})
![{c("alt")}]({asset}.png "{c("imagetitle")}") and a note[^{c("note")}].

## Heading {c("heading")}

| {c("tablehead")} | b |
|---|---|
| {c("cell")} | b |

- {c("item")}
    - {c("inneritem")}

{c("defterm")}
:   {c("definition")}

> {c("quote")}

```text
{c("fence")}
```

/// effective
    from: {FUTURE}

{c("future")}
///
"""
    note = re.search(r"\[\^(\w+)\]", body)[1]
    body += f'\n[^{note}]: {c("notetext")}\n\n--8<-- "parts/{folder}.md"\n'
    docs[f"{folder}/{stem}.md"] = Doc(
        meta("canary", title=c("title"), summary=c("summary")), body, comment=f"# {c('comment', shown=False)}\n"
    )
    docs[f"parts/{folder}.md"] = Doc(
        meta("snippet-canary", "snippet", title=c("snippettitle", shown=False)), c("snippet")
    )
    docs["draft-page.md"] = Doc(
        meta("draft-page", status="draft", audience=EXTERNAL, title=c("drafttitle")), c("draft")
    )
    for name, dates in (("expired", {"expires": DAY}), ("later", {"valid_from": FUTURE})):
        docs[f"{name}.md"] = Doc(
            meta(name, audience=EXTERNAL, title=c(f"{name}title", shown=False), **dates), c(name, shown=False)
        )
    docs["labels/canary-label.md"] = Doc(
        meta("canary-label", "label", title=c("labeltitle"), severity="medium", status="retired",
             actions=["DECISION_MONETARY_TERMINATION"], surfaces=["post"], precedence=98,
             statement={"ground": c("ground"), "explanation": c("explanation"), "facts": c("facts")},
             dsa_category="STATEMENT_CATEGORY_CONSUMER_INFORMATION", dsa_keyword="KEYWORD_HIDDEN_ADVERTISEMENT"),
        f"## Includes\n\n- {c('include')}\n\n## Excludes\n\n- {c('exclude')}: [canary-label]\n"
        + "- B: [canary-label]\n" * 2,
    )  # fmt: skip
    golden = re.compile(r"```case\nid: G\d\d-X\d\d\n(?:(?!```).*\n)*```")
    kept = next(doc for doc in docs.values() if doc.level is Level.ALL and golden.search(doc.body))
    plain = golden.search(kept.body)[0]
    secret = re.sub(r"(?m)^reason:.*\n(  .*\n)*", f"reason: {c('goldenreason')} is why\n", plain)
    secret = re.sub(r"(?m)^text:.*\n(  .*\n)*", f"text: {c('golden')} {'word ' * 20}\n", secret)
    kept.body = kept.body.replace(plain, secret)
    c.shown += re.findall(r"G\d\d-[KX]\d\d", kept.body)
    c.shown += [
        "canary-label",
    ]
    clause = re.search(r"G01\.1", "".join(doc.body for doc in docs.values()))[0]
    docs["faqs/f77-canary.md"] = Doc(
        meta("F77", "faq", answers=[clause], renewed=DAY, title=c("faqtitle"), summary=c("faqsummary")), "Text.\n"
    )
    docs["comms/n777-canary.md"] = Doc(
        meta("N777", "notice", changes=[clause], kind="editorial", title=c("noticetitle")), "Text.\n"
    )
    c.shown += ["F77", "N777", "f77-canary", "n777-canary"]
    marked = f"""

//// internal
    reason: vendor-data
    recheck: 2031-07-19

## Staff {c("passageheading")}

{c("passage")} [{c("passagelink")}](files/{inner_asset}.txt) [F77] [canary-label], a note[^canary].

[^canary]: {c("passagenote")}

/// effective
    until: {FUTURE}

{c("nested")}
///
////
"""
    c.shown += ["vendor data", "2031-08-20"]
    c.hidden.append("2031-07-19")
    docs["index.md"].body += marked
    docs["index.md"].meta["review_by"] = dt.date(2031, 8, 20)
    docs["index.md"].comment = f"# {c('externalcomment', shown=False)}\n"
    docs["parts/shared.md"] = Doc(
        meta("snippet-shared", "snippet", audience=EXTERNAL),
        f"Shared.\n\n/// internal\n    reason: legal\n\n{c('sharedpassage')}\n///\n",
    )
    docs["index.md"].body += '\n--8<-- "parts/shared.md"\n'
    terms = f"term {c('term')}\n:   Means {c('termtext')}."
    docs["glossary.md"].body += f"\nknown\n:   Known.\n\n/// internal\n    reason: signal\n\n{terms}\n///\n"
    project.assets |= {
        f"{folder}/{asset}.png": png(5),
        f"files/{inner_asset}.txt": c("assetbytes").encode(),
        f"files/{c('unusedasset', shown=False)}.txt": c("unusedbytes", shown=False).encode(),
    }
    internal = project.settings["extra"]["editions"][INTERNAL]
    site = {name: c(name.replace("_", "")) for name in ("site_name", "site_description", "copyright")}
    site |= {
        "site_url": f"https://{c('siteurl')}.example/",
        "edit_uri_template": f"https://{c('edituri')}.example/{{path}}",
    }
    internal |= {"title": c("editiontitle"), "readers": c("readers"), "branch": c("branch", shown=False),
                 "remote": c("remote", shown=False), "site": site}  # fmt: skip
    other = c("othername", shown=False)
    project.settings["extra"]["editions"][other] = {
        "title": c("othertitle", shown=False), "readers": c("otherreaders"), "reads": [other], "branch": "site-other",
        "fields": [], "site": {"site_name": c("othersite", shown=False)},
    }  # fmt: skip
    docs["index.md"].body += f"\n/// {other}\n    reason: legal\n\n{c('otherpassage')}\n///\n"
    project.settings["extra"]["editions"][other]["reads"] = [EXTERNAL, other]
    project.settings["hooks"] = [f"hooks/{c('hook', shown=False)}.py"]
    project.settings["watch"] = [c("watch", shown=False)]
    project.settings["nav"] = [{c("nav", shown=False): "index.md"}]
    project.comment = f"# {c('settingscomment', shown=False)}\n"
    return project, c


def standing_in(tree, token):
    wanted = token.lower().encode()
    return [path for path, data in tree.items() if wanted in data.lower() or wanted in path.lower().encode()]


def test_no_canary_stands_in_any_byte_or_path_of_the_external_edition():
    project, canaries = canary_project()
    loaded(project)
    found = trees(project)
    assert len(canaries.shown) > 50
    assert {
        token: standing_in(found[EXTERNAL], token)
        for token in canaries.shown + canaries.hidden
        if standing_in(found[EXTERNAL], token)
    } == {}
    assert [token for token in canaries.shown if not standing_in(found[INTERNAL], token)] == []
    assert [token for token in canaries.hidden if standing_in(found[INTERNAL], token)] == []


def test_no_canary_stands_in_an_edition_read_from_disk(tmp_path):
    project, _ = canary_project()
    project.write(tmp_path)
    library = load(tmp_path).library
    assert staging.edition(library, EXTERNAL, DAY) == trees(project)[EXTERNAL]
    assert staging.edition(library, INTERNAL, DAY) == trees(project)[INTERNAL]


# A new audience is configuration and nothing else


def test_a_new_audience_is_configuration_only():
    project = grow(3, 2)
    before = trees(project)
    text = project.mkdocs() + (
        "    vendor-a:\n      title: Vendor Zebra\n      readers: Staff of vendor Zebra\n"
        "      reads: [external, vendor-a]\n"
        "      branch: site-vendor-a\n"
    )
    project.settings = yaml.safe_load(text)
    meta = project.docs["index.md"].meta | {"id": "their-page", "audience": "vendor-a", "title": "Their page"}
    project.docs["their-page.md"] = Doc(meta, "Only theirs.\n")
    project.docs["index.md"].body += "\n\n/// vendor-a\n    reason: vendor-data\n\nTheir passage.\n///\n"
    loaded(project)
    after = trees(project)
    assert after[EXTERNAL] == before[EXTERNAL]
    assert standing_in(after[EXTERNAL], "vendor-a") == standing_in(after[EXTERNAL], "vendor zebra") == []
    box = b"/// admonition | Staff of vendor Zebra: vendor data\n    type: withheld\n\nTheir passage.\n\n///"
    for name in ("vendor-a", INTERNAL):
        assert box in after[name]["docs/index.md"]
        assert b"Only theirs." in after[name]["docs/their-page.md"]
    assert difference(after[EXTERNAL], after["vendor-a"]) != difference(after[EXTERNAL], after[INTERNAL])
    assert standing_in(after["vendor-a"], "Staff only") == []


# What is staged stands on its own


def pages_of(tree):
    return {
        path.removeprefix("docs/"): data.decode()
        for path, data in tree.items()
        if path.startswith("docs/") and path.endswith(".md")
    }


def body_of(text):
    return text.split("\n---\n", 1)[1]


def outside_code(text):
    return re.sub(r"(?ms)^```.*?^```$", "", text)


@settings(max_examples=40)
@given(projects)
def test_every_link_of_a_staged_page_leads_to_a_file_and_an_anchor_of_its_edition(project):
    for tree in trees(project).values():
        pages = pages_of(tree)
        for path, text in pages.items():
            for mark in markup.read(body_of(text), 1).marks:
                if mark.kind not in {Kind.LINK, Kind.IMAGE} or mark.target.startswith("https://"):
                    continue
                target, _, anchor = mark.target.partition("#")
                where = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
                assert f"docs/{where}" in tree
                assert not anchor or re.search(rf"\{{ #{anchor} [^{{}}]*\}}", pages[where])


@settings(max_examples=40)
@given(projects)
def test_a_staged_page_holds_no_marker_no_include_and_each_anchor_once(project):
    for name, tree in trees(project).items():
        for text in pages_of(tree).values():
            rows = outside_code(body_of(text)).split("\n")
            opened = [row for row in rows if re.match(r"/{3,} ", row)]
            assert all(re.fullmatch(r"/{3,} (?:admonition \| .+|html \| div)", row) for row in opened)
            assert len(opened) == len([row for row in rows if re.fullmatch(r"/{3,}", row)])
            boxes = [row for row in opened if "admonition" in row]
            others = [row for row in boxes if not re.search(r" \| From 1[45] December 2026$", row)]
            assert name == INTERNAL or not others
            assert not any(row.startswith("--8<--") for row in rows)
            anchors = re.findall(r"\{ #([\w-]+) [^{}]*\}", "\n".join(rows))
            assert len(anchors) == len(set(anchors))
            heads = [row for row in rows if re.match("#{2,6} ", row)]
            assert len(heads) == len([row for row in heads if re.search(r"\{ #[\w-]+ ", row)])
            assert "\n\n\n" not in "\n".join(rows).replace("\n\n\n\n", "\n\n\n") or "```" in text


@settings(max_examples=40)
@given(projects)
def test_the_navigation_lists_exactly_the_staged_pages(project):
    for tree in trees(project).values():
        listed = []

        def walk(rows, listed=listed):
            for row in rows:
                value = next(iter(row.values())) if isinstance(row, dict) else row
                walk(value, listed) if isinstance(value, list) else listed.append(value)

        walk(yaml.safe_load(tree["mkdocs.yml"])["nav"])
        assert sorted(listed) == sorted(pages_of(tree))


@settings(max_examples=20)
@given(projects, st.data())
def test_digests_are_equal_when_and_only_when_trees_are(project, data):
    tree = trees(project)[EXTERNAL]
    items = list(tree.items())
    assert staging.digest(dict(reversed(items))) == staging.digest(tree)
    path = data.draw(st.sampled_from(sorted(tree)))
    other = dict(tree)
    match data.draw(st.sampled_from(["drop", "add", "edit", "move", "shift"])):
        case "drop":
            del other[path]
        case "add":
            other[f"{path}x"] = b""
        case "edit":
            other[path] += b"x"
        case "move":
            other[f"{path}x"] = other.pop(path)
        case "shift":
            other[f"{path}x"] = other.pop(path)[1:]
    assert staging.digest(other) != staging.digest(tree)


def test_a_digest_knows_where_a_path_ends_and_a_file_begins():
    rows = [{"a": b"bc"}, {"ab": b"c"}, {"abc": b""}, {"a": b"", "b": b"c"}, {"a": b"b", "c": b""}, {"a": b"b\0001\0c"}]
    assert len({staging.digest(row) for row in rows}) == len(rows)


def test_the_order_of_the_documents_in_a_library_decides_nothing():
    library = loaded(grow(1))
    turned = dataclasses.replace(library, documents=dict(reversed(library.documents.items())))
    for name in (EXTERNAL, INTERNAL):
        assert staging.edition(turned, name, DAY) == staging.edition(library, name, DAY)


@settings(max_examples=10)
@given(projects, seeds)
def test_the_order_in_which_files_are_found_decides_nothing(project, seed):
    shuffled = project.copy()
    for name in ("docs", "assets"):
        rows = list(getattr(shuffled, name).items())
        Random(seed).shuffle(rows)
        setattr(shuffled, name, dict(rows))
    assert trees(shuffled) == trees(project)


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_the_hash_seed_decides_nothing(hash_seed):
    code = "import sys; sys.path[:0] = sys.argv[1:]; import libraries as l, guidebook.staging as s\n"
    code += "print(*(s.digest(t) for n in range(3) for t in l.trees(l.grow(n)).values()))"
    here = Path(__file__).parents[2]
    command = [sys.executable, "-c", code, str(here / "hooks"), str(here / "tests")]
    out = subprocess.run(
        command, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, check=True
    )
    assert out.stdout.split() == [staging.digest(tree) for seed in range(3) for tree in trees(grow(seed)).values()]


def test_a_library_with_errors_is_not_staged():
    project = grow(0)
    project.docs["index.md"].body += "\n[G99.1]\n"
    library, problems = project.load()
    assert problems
    with pytest.raises(ProblemsError):
        staging.edition(library, EXTERNAL, DAY)


# Writing


TREE = {"mkdocs.yml": b"extra:\n  edition:\n    name: external\n", "docs/index.md": b"one", "docs/a/b.md": b"two"}
OTHER = TREE | {"docs/index.md": b"other", "docs/c.md": b"three"}


def on_disk(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_tree_is_written_and_replaced_as_a_whole(tmp_path):
    out = tmp_path / "deep" / "external"
    for tree in (TREE, OTHER, TREE):
        staging.write(tree, out)
        assert on_disk(out) == tree
        assert staging.is_staged(out)
        assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failure_while_writing_leaves_what_stood_there(tmp_path, monkeypatch, at, error):
    out = tmp_path / "external"
    staging.write(TREE, out)
    write_bytes, calls = Path.write_bytes, iter(range(1, 9))

    def fails(self, data):
        if next(calls) == at:
            raise error
        return write_bytes(self, data)

    monkeypatch.setattr(Path, "write_bytes", fails)
    with pytest.raises(type(error)):
        staging.write(OTHER, out)
    monkeypatch.undo()
    assert on_disk(out) == TREE
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("error", [PermissionError("no"), KeyboardInterrupt()])
def test_a_failure_while_exchanging_leaves_what_stood_there(tmp_path, monkeypatch, at, error):
    out = tmp_path / "external"
    staging.write(TREE, out)
    replace, calls = Path.replace, iter(range(1, 9))

    def fails(self, target):
        if next(calls) == at:
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(type(error)):
        staging.write(OTHER, out)
    assert on_disk(out) == TREE
    assert list(tmp_path.iterdir()) == [out]


def test_what_staging_did_not_write_is_never_replaced(tmp_path):
    folder, file, link, settings_file = (tmp_path / name for name in ("folder", "file", "link", "project"))
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    file.write_text("mine")
    link.symlink_to(folder)
    settings_file.mkdir()
    (settings_file / "mkdocs.yml").write_text("theme:\n  edition:\n    name: mine\n")
    before = sorted(tmp_path.rglob("*"))
    for out in (folder, file, link, settings_file):
        with pytest.raises(FileExistsError, match="did not write"):
            staging.write(TREE, out)
    assert sorted(tmp_path.rglob("*")) == before
    empty = tmp_path / "empty"
    empty.mkdir()
    staging.write(TREE, empty)
    assert on_disk(empty) == TREE


def test_a_link_to_a_staged_folder_is_not_replaced(tmp_path):
    staging.write(TREE, tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(FileExistsError, match="did not write"):
        staging.write(OTHER, tmp_path / "link")
    assert on_disk(tmp_path / "real") == TREE


def test_a_writer_waits_while_another_exchanges(tmp_path):
    out = tmp_path / "external"
    staging.write(TREE, out)
    with staging._alone(tmp_path):
        writer = multiprocessing.get_context("fork").Process(target=staging.write, args=(OTHER, out))
        writer.start()
        writer.join(0.5)
        assert writer.is_alive()
        assert on_disk(out) == TREE
    writer.join(30)
    assert writer.exitcode == 0
    assert on_disk(out) == OTHER


def write_often(out, tree):
    for _ in range(25):
        staging.write(tree, out)


def test_writers_at_the_same_time_leave_one_whole_tree(tmp_path):
    out = tmp_path / "external"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_often, args=(out, tree)) for tree in (TREE, OTHER, TREE, OTHER)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert on_disk(out) in (TREE, OTHER)
    assert list(tmp_path.iterdir()) == [out]


# What an edition's files are


def test_only_files_that_a_shown_page_shows_are_staged():
    project = simple(
        {
            "one.md": "[a](a.csv)\n\n/// internal\n    reason: legal\n\n[b](b.csv) [d](d.csv)\n///\n",
            "two.md": '[c](c.csv)\n\n--8<-- "parts.md"\n',
            "parts.md": "[e](e.csv)\n",
            "used.md": "[f](f.csv)\n",
            "three.md": '--8<-- "used.md"\n\n[d](d.csv)\n',
        },
        two={"audience": INTERNAL},
        parts={"type": "snippet", "id": "snippet-parts"},
        used={"type": "snippet", "id": "snippet-used"},
    )
    project.assets = {f"{name}.csv": name.encode() for name in "abcdefg"}
    found = trees(project)
    staged = {name: sorted(path[5:] for path in tree if path.endswith(".csv")) for name, tree in found.items()}
    assert staged == {
        EXTERNAL: ["a.csv", "d.csv", "f.csv"],
        INTERNAL: ["a.csv", "b.csv", "c.csv", "d.csv", "e.csv", "f.csv"],
    }
    assert not any("parts" in path or "used" in path for tree in found.values() for path in tree)


def test_settings_hold_one_edition_and_nothing_that_builds_from_elsewhere():
    project = simple({})
    project.settings |= {
        "hooks": ["x.py"],
        "nav": [{"Mine": "index.md"}],
        "docs_dir": "x",
        "site_dir": "y",
        "watch": ["z"],
    }
    project.overrides = {"main.html": b"theme"}
    tree = trees(project)[EXTERNAL]
    written = yaml.safe_load(tree["mkdocs.yml"])
    assert not {"hooks", "site_dir", "watch", "INHERIT"} & set(written)
    assert written["docs_dir"] == "docs"
    assert written["nav"] == [
        {"Index": "index.md"},
        {"Releases": [{"What changed": "changes/index.md"}, {"As at a date": "as-at/index.md"},
                      {"Compare releases": "compare/index.md"}]},
    ]  # fmt: skip
    assert written["extra"] == {
        "generator": False,
        "feeds": True,
        "edition": {"name": "external", "title": "External", "readers": "Vendors and staff"},
    }
    assert tree["overrides/main.html"] == b"theme"
    assert configuration.dump(written).encode() == tree["mkdocs.yml"]


@pytest.mark.parametrize("site", [None, "/", "guidelines.example.com"])
def test_settings_name_feeds_only_where_there_are_some(site):
    project = simple({})
    found = trees(project)[EXTERNAL]
    assert {"docs/feed.xml", "docs/feed.json"} <= found.keys()
    project.settings["site_url"] = site
    without = trees(project)[EXTERNAL]
    assert yaml.safe_load(without["mkdocs.yml"])["extra"]["feeds"] is False
    assert not [path for path in without if "feed" in path]


def test_pages_about_releases_say_the_same_in_every_edition_until_there_is_a_release():
    found = trees(grow(5))
    for path, title in (("changes", "What changed"), ("as-at", "As at a date"), ("compare", "Compare releases")):
        texts = {name: tree[f"docs/{path}/index.md"].decode() for name, tree in found.items()}
        for name, text in texts.items():
            front = yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n"))
            assert (front["title"], front["edition"], front["search"]) == (title, name, {"exclude": True})
            assert body_of(text).startswith(f"\n# {title}\n")
        assert texts[EXTERNAL] == texts[INTERNAL].replace("edition: internal\n", "edition: external\n")
        assert not re.search(r"\b20\d\d\.\d\d\.\d\d\b", texts[EXTERNAL].replace("`2026.11.23/G04.2`", ""))


def sums(project):
    """Return the sum of each page in each edition, by the id of the page."""
    loaded(project)
    catalogs = {name: json.loads(tree["docs/catalog.json"]) for name, tree in trees(project).items()}
    return {name: {row["id"]: row["sha256"] for row in data["documents"]} for name, data in catalogs.items()}


SECRET = "/// internal\n    reason: legal\n\nSecret.\n///\n"
ALSO = {"title": "Also", "summary": "More.", "owner": "Training", "valid_from": DAY, "expires": FAR}


@pytest.mark.parametrize(
    ("fields", "old", "new", "where"),
    [
        *(({key: value}, "", "", {EXTERNAL, INTERNAL}) for key, value in ALSO.items()),
        ({"order": 3}, "", "", set()),
        ({"review_by": FUTURE}, "", "", set()),
        ({}, "Text.", "Text!", {EXTERNAL, INTERNAL}),
        ({}, "Secret.", "Secrets.", {INTERNAL}),
        ({}, SECRET, "", {INTERNAL}),
        ({}, "until: 2026-11-23", "until: 2026-11-22", set()),
        ({}, "[two](two.md)", "[two](three.md)", {EXTERNAL, INTERNAL}),
    ],
)
def test_the_sum_of_a_page_is_that_of_what_it_says_itself(fields, old, new, where):
    over = "/// effective\n    until: 2026-11-23\n\nOver.\n///\n"
    one = f"Text.\n\n{SECRET}\n{over}\nSee [two](two.md).\n"
    texts = {"one": one, "two": "Text.\n", "three": "Text.\n", "index": "All.\n"}
    project = simple({f"f/{name}.md": text for name, text in texts.items()})
    before = sums(project)
    doc = project.docs["f/one.md"]
    doc.meta |= fields
    assert old in doc.body
    doc.body = doc.body.replace(old, new)
    after = sums(project)
    changed = {(name, page) for name in after for page in after[name] if after[name][page] != before[name][page]}
    # The index lists the page's title and summary, and says no more itself than it did.
    assert changed == {(name, "f-one") for name in where}
