"""Leaked text taken down for real: real git, real mike, real remotes; what is left on them is read by other means."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import os
import re
import subprocess
from dataclasses import replace
from datetime import date

import pytest
import typer
from guide_cli import pipeline
from guide_cli import redact as redact_module
from guide_cli.deploy import Target, Tip, TipMoved, fetched, read_tip
from guide_cli.git import GitError, Identity, Repository
from guide_cli.redact import Order, look, redact, rewrite, scratch
from guidebook import decoding, timeline, twins
from guidebook.problems import ProblemsError
from guidebook.redaction import MARK, Redactor, sought
from guidebook.releases import ReleaseError, next_version
from projects import SMALL, commit_all, copy_project, git, guide

DAY = date(2026, 11, 23)
BRANCH = "site-external"
PHRASE = "Reviewers may skip the second look at night"
OTHER = "Nobody reads reports that come on Sundays"
WORDS = "reviewersmayskipthesecondlookatnight"
ROBOT = Identity("Guidebook", "external@releases.invalid")
URL = "guidelines/g04-links/"


def sha(data):
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def clause(name, title, text):
    anchor = name.lower().replace(".", "-")
    row = {"id": name, "anchor": anchor, "title": title, "text": text}
    return {**row, "sha256": sha(f"{name}\n{title}\n{text}\n"), "url": f"{URL}#{anchor}"}


def make_site(folder, release_name, said):
    """A site as a build leaves it, as far as a takedown cares, whose second clause says something."""
    clauses = [
        clause("G04.1", "One", "Check both previews."),
        clause("G04.2", "Two", f"**At times** {said}, if needed."),
    ]
    start, _, end = said.rpartition(" ")
    row = {
        "id": "G04",
        "title": "Links",
        "url": URL,
        "markdown": f"{URL}index.md",
        "sha256": sha(f"page {said}"),
        "clauses": clauses,
    }
    heads = "".join(f'<h3 data-sha256="{one["sha256"]}">{one["title"]}</h3>\n' for one in clauses)
    heads_md = "".join(f"### {one['id']} {{ data-sha256={one['sha256']} }}\n\n{one['text']}\n\n" for one in clauses)
    marked = html.escape(said).replace(" may ", " <em>may</em>\n").replace(" look ", "&nbsp;<code>look</code> ")
    index = {"docs": [{"location": "g04/", "text": f"<p>\u201cx\u201d {said.replace(' ', chr(10), 1)}.</p>"}]}
    files = {
        "index.html": b"<p>Home</p>",
        "404.html": b"",
        "assets/picture.png": bytes(range(256)) * 9,
        f"{URL}index.html": f"<body>{heads}<p>At times {marked}, if needed.</p></body>".encode(),
        f"{URL}index.md": (heads_md + f"**At times {start}** {end}\n").encode(),
        "search/search_index.json": json.dumps(index).encode(),
        "sitemap.xml.gz": gzip.compress(f"<urlset><!-- {said} --></urlset>".encode(), mtime=0),
        "catalog.json": (
            json.dumps({"format": 2, "edition": "external", "documents": [row]}, ensure_ascii=False, indent=1) + "\n"
        ).encode(),
    }
    files["manifest.json"] = twins.manifest("external", release_name, sha(f"staged {said}"), files.items())
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.fixture
def remote(tmp_path):
    path = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(path)], check=True)
    return path


@pytest.fixture
def target(remote, tmp_path):
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    return Target(str(remote), BRANCH, ROBOT, keep_history=False, environ=environ)


def publish(target, tmp_path, said, day=DAY):
    with fetched(target) as branch:
        version = next_version(day, branch.tip.versions)
        return branch.release(make_site(tmp_path / f"site {version}", version, said), version)


def publish_three(target, tmp_path):
    for said, day in ((OTHER, DAY), (PHRASE, DAY), (PHRASE, date(2026, 12, 1))):
        publish(target, tmp_path, said, day)


def finder(*phrases):
    return Redactor(sought(phrases or [PHRASE]))


def take_down(target, redactor=None):
    redactor = redactor or finder()
    tip = read_tip(target)
    with scratch(target) as repository:
        found = look(repository, target, tip, redactor)
        assert not found.problems
        rewrite(repository, target, redactor, found)
    return found


def objects(remote, tmp_path):
    """Every object that a fresh clone of the branch holds, by its id."""
    clone = tmp_path / f"clone {len(list(tmp_path.iterdir()))}.git"
    command = [
        "git",
        "clone",
        "--quiet",
        "--bare",
        "--single-branch",
        "--branch",
        BRANCH,
        f"file://{remote}",
        str(clone),
    ]
    subprocess.run(command, check=True)
    ids = git(clone, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").splitlines()
    rows = (line.split() for line in ids)
    read = {
        oid: subprocess.run(["git", "-C", str(clone), "cat-file", kind, oid], capture_output=True, check=True).stdout
        for oid, kind in rows
    }
    return clone, read


def letters(data):
    """All letters of a file in their order, once without its tags, and without entities and escapes."""
    text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", "replace")
    text = text.replace("\\n", " ").replace("\\u201c", " ").replace("\\u201d", " ")
    both = html.unescape(re.sub(r"<[^>!]*>", " ", text)) + " " + html.unescape(text)
    return re.sub(r"[^a-z0-9]", "", both.casefold())


def files_of(remote):
    names = git(remote, "ls-tree", "-r", "-z", "--name-only", BRANCH).split("\0")
    return {
        name: subprocess.run(
            ["git", "-C", str(remote), "show", f"{BRANCH}:{name}"], capture_output=True, check=True
        ).stdout
        for name in filter(None, names)
    }


@pytest.mark.parametrize("keep_history", [False, True])
def test_no_object_of_a_fresh_clone_holds_it_and_the_rest_is_as_it_was(target, remote, tmp_path, keep_history):
    target = replace(target, keep_history=keep_history)
    publish_three(target, tmp_path)
    before, (_, had) = files_of(remote), objects(remote, tmp_path)
    assert sum(WORDS in letters(data) for data in had.values()) >= 5
    old = git(remote, "rev-parse", BRANCH)
    assert git(remote, "rev-list", "--count", BRANCH).strip() == ("3" if keep_history else "1")

    found = take_down(target)

    assert set(found.counts) == {"2026.11.23.2", "2026.12.01"}
    clone, has = objects(remote, tmp_path)
    assert not [oid for oid, data in has.items() if WORDS in letters(data)]
    hashes = {
        sha(f"staged {PHRASE}"),
        sha(f"page {PHRASE}"),
        *re.findall(r'data-sha256="(\w+)', before[f"latest/{URL}index.html"].decode())[1:],
    }
    assert len(hashes) == 3
    assert not [oid for oid, data in has.items() if any(one.encode() in data for one in hashes)]
    assert git(clone, "rev-list", "--count", "--all").strip() == "1"
    assert git(remote, "rev-parse", BRANCH) != old
    git(remote, "fsck", "--strict", "--no-dangling")

    after = files_of(remote)
    assert after.keys() == before.keys()
    changed = {name for name in after if after[name] != before[name]}
    held = (
        "catalog.json",
        "manifest.json",
        "search/search_index.json",
        "sitemap.xml.gz",
        f"{URL}index.html",
        f"{URL}index.md",
    )
    assert changed == {f"{folder}/{name}" for folder in ("2026.11.23.2", "2026.12.01", "latest") for name in held}
    for name in held:
        assert after[f"latest/{name}"] == after[f"2026.12.01/{name}"]
        assert MARK.encode() in after[f"latest/{name}"] or name in {"manifest.json", "sitemap.xml.gz"}


def test_the_hashes_agree_again(target, remote, tmp_path):
    publish_three(target, tmp_path)
    take_down(target)
    after = files_of(remote)
    for folder in ("2026.11.23.2", "2026.12.01"):
        (row,) = json.loads(after[f"{folder}/catalog.json"])["documents"]
        assert row["clauses"][1]["text"] == f"**At times** {MARK}, if needed."
        for one in row["clauses"]:
            assert one["sha256"] == sha(f"{one['id']}\n{one['title']}\n{one['text']}\n")
            assert one["sha256"].encode() in after[f"{folder}/{URL}index.html"]
            assert one["sha256"].encode() in after[f"{folder}/{URL}index.md"]
        manifest = json.loads(after[f"{folder}/manifest.json"])
        assert manifest["staged"] == "0" * 64
        assert manifest["files"] == {path: sha(after[f"{folder}/{path}"]) for path in manifest["files"]}
        assert len(manifest["files"]) == 8
        assert (
            json.loads(after[f"{folder}/search/search_index.json"])["docs"][0]["text"]
            == f"<p>\u201cx\u201d {MARK}.</p>"
        )


def test_the_commit_is_made_like_that_of_a_release_and_repeats_nothing(target, remote, tmp_path):
    publish_three(target, tmp_path)
    take_down(target)
    assert git(remote, "cat-file", "commit", BRANCH).split("\n", 1)[1] == (
        "author Guidebook <external@releases.invalid> 1796083200 +0000\n"
        "committer Guidebook <external@releases.invalid> 1796083200 +0000\n"
        "\nReleases, with text removed\n"
    )
    modes = {line.split()[0] for line in git(remote, "ls-tree", "-r", BRANCH).splitlines()}
    assert modes == {"100644"}


def test_the_next_publish_builds_on_it_and_makes_a_new_release(target, remote, tmp_path):
    publish_three(target, tmp_path)
    take_down(target)
    tip = read_tip(target)
    assert tip.versions == ("2026.12.01", "2026.11.23.2", "2026.11.23")
    assert tip.staged == "0" * 64
    publish(target, tmp_path, OTHER, date(2026, 12, 2))
    assert read_tip(target).last == "2026.12.02"
    assert not [data for data in objects(remote, tmp_path)[1].values() if WORDS in letters(data)]


def test_a_second_time_finds_nothing(target, remote, tmp_path):
    publish_three(target, tmp_path)
    take_down(target)
    with scratch(target) as repository:
        found = look(repository, target, read_tip(target), finder())
    assert not found
    assert not found.files


def test_text_in_the_history_of_the_branch_alone_is_found(target, remote, tmp_path):
    target = replace(target, keep_history=True)
    publish(target, tmp_path, PHRASE)
    leak = git(remote, "rev-parse", BRANCH).strip()
    take_down(target)
    clean = git(remote, "rev-parse", f"{BRANCH}^{{tree}}").strip()
    merged = git(remote, "commit-tree", clean, "-p", leak, "-m", "somebody brings it back").strip()
    git(remote, "update-ref", f"refs/heads/{BRANCH}", merged)
    assert take_down(target).earlier == 5
    assert not [data for data in objects(remote, tmp_path)[1].values() if WORDS in letters(data)]


def test_the_list_of_releases_at_the_root_is_made_anew(target, remote, tmp_path):
    """`releases.json` knows of two texts, between which only the removed words differed."""
    publish(target, tmp_path, PHRASE)
    publish(target, tmp_path, "Reviewers may never ever skip this", date(2026, 12, 1))
    files = files_of(remote)
    catalogs = [(name, files[f"{name}/catalog.json"]) for name in ("2026.11.23", "2026.12.01")]
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-b", BRANCH, str(remote), str(clone))
    (clone / "releases.json").write_bytes(timeline.rebuilt(catalogs))
    commit_all(clone)
    git(clone, "push", "-q", "origin", BRANCH)
    tip = Tip(git(remote, "rev-parse", BRANCH).strip(), ("2026.12.01", "2026.11.23"))
    redactor = finder(PHRASE, "Reviewers may never ever skip this")
    with scratch(target) as repository:
        found = look(repository, target, tip, redactor)
        assert len(json.loads(files_of(remote)["releases.json"])["clauses"]["G04.2"]) == 2
        rewrite(repository, target, redactor, found)
    after = files_of(remote)
    again = [(name, after[f"{name}/catalog.json"]) for name, _ in catalogs]
    assert after["releases.json"] == timeline.rebuilt(again)
    assert len(timeline.read(after["releases.json"]).clauses["G04.2"]) == 1
    assert after["versions.json"] == files["versions.json"]


# Somebody else, and what goes wrong.


def test_a_tip_that_moved_before_or_during_starts_over(target, remote, tmp_path, monkeypatch):
    publish_three(target, tmp_path)
    old = read_tip(target)
    publish(target, tmp_path, OTHER, date(2026, 12, 2))
    with scratch(target) as repository, pytest.raises(TipMoved):
        look(repository, target, old, finder())
    with scratch(target) as repository:
        found = look(repository, target, read_tip(target), finder())
        publish(target, tmp_path, OTHER, date(2026, 12, 3))
        with pytest.raises(TipMoved):
            rewrite(repository, target, finder(), found)
    assert read_tip(target).last == "2026.12.03"
    assert [data for data in objects(remote, tmp_path)[1].values() if WORDS in letters(data)]


def test_a_remote_that_refuses_is_one_line_and_nothing_changes(target, remote, tmp_path):
    publish_three(target, tmp_path)
    before = git(remote, "rev-parse", BRANCH)
    hook = remote / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'frozen until Monday' >&2; exit 1\n")
    hook.chmod(0o755)
    with pytest.raises(GitError, match="frozen until Monday") as caught:
        take_down(target)
    assert "\n" not in str(caught.value)
    assert git(remote, "rev-parse", BRANCH) == before


def test_a_remote_that_takes_the_push_and_puts_the_old_tip_back_is_an_error(target, remote, tmp_path):
    publish_three(target, tmp_path)
    before = git(remote, "rev-parse", BRANCH).strip()
    hook = remote / "hooks/post-receive"
    hook.write_text(f"#!/bin/sh\ngit update-ref refs/heads/{BRANCH} {before}\n")
    hook.chmod(0o755)
    with pytest.raises(GitError, match=f"took the push but is still at {before}"):
        take_down(target)


def test_a_branch_that_still_holds_it_when_read_back_is_an_error(target, remote, tmp_path, monkeypatch):
    """Break the rewriting on purpose: what reads the branch back does not trust it."""
    publish_three(target, tmp_path)
    with scratch(target) as repository:
        found = look(repository, target, read_tip(target), finder())
        found.files = {path: data for path, data in found.files.items() if not path.startswith("2026.11.23.2/")}
        with pytest.raises(
            ReleaseError, match=r"expected no object that holds the text .* found 2026\.11\.23\.2/catalog.* and 3 more"
        ):
            rewrite(repository, target, finder(), found)


def test_a_hash_that_is_still_there_when_read_back_is_an_error(target, tmp_path):
    publish_three(target, tmp_path)
    with scratch(target) as repository:
        found = look(repository, target, read_tip(target), finder())
        path = f"2026.11.23.2/{URL}index.html"
        before = repository.read(str(found.tip.commit), path).decode()
        found.files[path] += re.findall(r'data-sha256="(\w+)', before)[1].encode()
        with pytest.raises(
            ReleaseError, match=r"or a hash of it, found 2026\.11\.23\.2/guidelines/g04-links/index\.html;"
        ):
            rewrite(repository, target, finder(), found)


def test_releases_that_would_not_be_the_same_releases_are_not_pushed(target, remote, tmp_path):
    publish_three(target, tmp_path)
    before = git(remote, "rev-parse", BRANCH)
    for path in ("latest/index.html", "versions.json", "more/index.html"):
        with scratch(target) as repository:
            found = look(repository, target, read_tip(target), finder())
            found.files[path] = b"[]"
            with pytest.raises(ReleaseError, match="nothing was pushed"):
                rewrite(repository, target, finder(), found)
    assert git(remote, "rev-parse", BRANCH) == before


def test_a_branch_that_is_not_there_is_an_error(target):
    with scratch(target) as repository, pytest.raises(ReleaseError, match="expected releases, found no such branch"):
        look(repository, target, read_tip(target), finder())


def test_git_gives_objects_to_the_byte(target, tmp_path):
    repository = Repository.create(tmp_path / "objects", target.environ)
    contents = [b"", b"\n", b"a\n\nb", bytes(range(256)), b"x" * 100_000]
    oids = [repository.write_blob(data) for data in contents]
    assert repository.contents(oids) == contents
    assert repository.contents([]) == []
    assert set(repository.objects()) == set(oids)


# The command.


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    project = copy_project(tmp_path_factory.mktemp("redact") / "project", SMALL)
    commit_all(project)
    return project


@pytest.fixture
def project(base, tmp_path):
    clone = tmp_path / "project"
    subprocess.run(["git", "clone", "-q", str(base), str(clone)], check=True)
    return clone


@pytest.fixture
def place(project):
    """A project, and its library."""
    return project, pipeline.clean(project, DAY)


def run(place, target, *phrases, **order):
    lines, (project, source) = [], place
    environ = {**target.environ, "GUIDE_REMOTE_EXTERNAL": target.remote}
    wanted = Order("external", phrases or (PHRASE,), push=True, **order)
    redact(source, project, wanted, day=DAY, environ=environ, say=lines.append)
    return "\n".join(lines)


def test_the_command_says_what_it_did_and_what_it_cannot_undo_but_never_the_text(place, target, remote, tmp_path):
    publish_three(target, tmp_path)
    old = git(remote, "rev-parse", BRANCH).strip()
    said = run(place, target, PHRASE, "No release has these words anywhere", why="It leaked")
    assert "external: phrase 1: 2026.11.23.2 (6 in 5 files), 2026.12.01 (6 in 5 files)\n" in said
    assert "external: phrase 2: in no release\n" in said
    assert "one commit; every object on it was read, and none holds the text" in said
    assert "why: It leaked\n" in said
    assert f"commit {old}" in said
    for left in ("Clones", "search engines", "garbage", "Other editions", "pictures"):
        assert left in said
    assert WORDS not in letters(said.encode())
    assert not [data for data in objects(remote, tmp_path)[1].values() if WORDS in letters(data)]
    assert run(place, target).endswith(f"nothing to remove, no release on {target} holds it")


def test_a_dry_run_only_counts(place, target, remote, tmp_path):
    publish_three(target, tmp_path)
    before = git(remote, "rev-parse", BRANCH)
    said = run(place, target, OTHER, PHRASE, dry_run=True)
    assert said.splitlines() == [
        "external: phrase 1: 2026.11.23 (6 in 5 files)",
        "external: phrase 2: 2026.11.23.2 (6 in 5 files), 2026.12.01 (6 in 5 files)",
    ]
    assert git(remote, "rev-parse", BRANCH) == before


def test_parts_that_still_stand_in_a_release_are_named(place, target, tmp_path):
    publish(target, tmp_path, PHRASE.replace("at night", "on Sundays"))
    publish(target, tmp_path, PHRASE)
    said = run(place, target)
    assert f"look at 2026.11.23/{URL}index.md: five words or more of the text in a row still stand there" in said
    assert "look at 2026.11.23.2/" not in said


def test_words_that_the_edition_shows_anyway_are_no_part_of_a_leak(place, target, tmp_path):
    publish(target, tmp_path, "As G04.2 A shortener is allowed says")
    publish(target, tmp_path, "G04.2 A shortener is allowed but for friends only")
    said = run(place, target, "G04.2 A shortener is allowed but for friends only")
    assert "none holds the text" in said
    assert "look at" not in said


def test_a_source_that_still_says_it_is_refused_with_its_line(project, target, remote, tmp_path):
    publish_three(target, tmp_path)
    before = git(remote, "rev-parse", BRANCH)
    file = project / "docs/guidelines/g04-links.md"
    text = file.read_text().replace("## Why\n", f"## Why\n\nSo\n{PHRASE.replace('may', '**may**')}.\n", 1)
    file.write_text(text)
    line = text[: text.index("Reviewers **may**")].count("\n") + 1
    staff = project / "docs/comms/staff.md"  # which is not in this edition, and may say it
    staff.write_text(staff.read_text() + f"\n{PHRASE}.\n")
    with pytest.raises(ProblemsError) as caught:
        run((project, pipeline.clean(project, DAY)), target)
    message = (
        f"docs/guidelines/g04-links.md:{line}: expected a source without the text, found it; mend it first: the next "
        "release would bring it back [removed-source]"
    )
    assert [str(problem) for problem in caught.value.problems] == [message]
    assert git(remote, "rev-parse", BRANCH) == before
    file.write_text(
        text.replace("So\nRev", "/// internal\n    reason: signal\n    recheck: 2027-03-01\n\nRev").replace(
            "night.\n", "night.\n///\n"
        )
    )
    assert "none holds the text" in run((project, pipeline.clean(project, DAY)), target)


def test_a_place_that_cannot_be_mended_is_refused_and_nothing_is_pushed(place, target, remote, tmp_path, monkeypatch):
    publish_three(target, tmp_path)
    before = git(remote, "rev-parse", BRANCH)
    monkeypatch.setattr(decoding, "edits", lambda *_, **__: [])
    with pytest.raises(ProblemsError) as caught:
        run(place, target)
    assert {problem.rule for problem in caught.value.problems} == {"removed-place"}
    assert f"2026.12.01/{URL}index.md" in {problem.path for problem in caught.value.problems}
    assert git(remote, "rev-parse", BRANCH) == before


def test_a_tip_that_moves_meanwhile_is_tried_again(place, target, remote, tmp_path, monkeypatch):
    publish_three(target, tmp_path)
    real, moved = redact_module.rewrite, []

    def slow(repository, *arguments):
        if not moved:
            moved.append(publish(target, tmp_path, PHRASE, date(2026, 12, 5)))
        return real(repository, *arguments)

    monkeypatch.setattr(redact_module, "rewrite", slow)
    said = run(place, target)
    assert moved
    assert "2026.12.05 (6 in 5 files)" in said
    assert read_tip(target).versions[0] == "2026.12.05"
    assert not [data for data in objects(remote, tmp_path)[1].values() if WORDS in letters(data)]


def test_an_error_of_the_remote_ends_with_one_line(place, target, capsys):
    with pytest.raises(typer.Exit) as caught:
        run(place, target)
    assert caught.value.exit_code == 1
    assert re.fullmatch(r"scripts/guide: .*expected releases, found no such branch; .*\n", capsys.readouterr().err)


def test_the_command_line(project, target, remote, tmp_path):
    publish_three(target, tmp_path)
    listed = tmp_path / "phrases"
    listed.write_text(f"{PHRASE}\n\n{OTHER}\n")
    words = ["redact", "--date", str(DAY), "--audience", "external", "--push"]

    def call(*more, **options):
        return guide(project, *words, *more, GUIDE_REMOTE_EXTERNAL=str(remote), **options)

    short = call("--text", "40 saves")
    assert (short.returncode, short.stdout) == (1, "")
    assert "phrases:1: expected at least 3 words and 12 letters, found 2 and 7" in short.stderr
    looked = call("--text", "40 saves", "--dry-run")  # which the message above says to do
    assert (looked.returncode, looked.stderr) == (0, "")
    assert looked.stdout.startswith("external: phrase 1: ")
    nothing = call()
    assert (nothing.returncode, nothing.stderr) == (
        2,
        "scripts/guide: expected --text or --from with what to remove, found no phrase\n",
    )
    dry = call("--text", PHRASE, "--dry-run")
    assert (dry.returncode, dry.stderr) == (0, "")
    assert dry.stdout == "external: phrase 1: 2026.11.23.2 (6 in 5 files), 2026.12.01 (6 in 5 files)\n"
    done = call("--from", str(listed))
    assert (done.returncode, done.stderr) == (0, "")
    assert "external: phrase 2: 2026.11.23 (6 in 5 files)" in done.stdout
    again = call("--from", str(listed))
    assert again.returncode == 0
    assert "nothing to remove" in again.stdout
    after = files_of(remote)
    assert not [name for name, data in after.items() if WORDS in letters(data)]
