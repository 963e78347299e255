"""Rollback: put the text of an earlier release in force again, as a new release with a notice.

A release is never altered and its text is not taken from the site: the sources of its commit come back into `docs/`,
with a notice that names everything that changes by it, and are published like any other change. Notices and status
updates stay as they are: they are the record of what was said. What is withheld today, or was taken out of releases,
does not come back this way.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import typer
from guidebook import changes, fields, history, library, markup, numbering, references, staging, sweep, twins
from guidebook.documents import cut
from guidebook.history import Past
from guidebook.library import DOCS, Library
from guidebook.markup import Kind
from guidebook.metadata import Notice
from guidebook.problems import ProblemsError, errors
from guidebook.redaction import NO_DIGEST
from guidebook.references import Broken
from guidebook.releases import ReleaseError, staged_digest

from guide_cli import new, pipeline
from guide_cli.deploy import fetched
from guide_cli.git import GitError, Repository
from guide_cli.publish import publish, refuse_dirty, target

RECORDS = frozenset({"notice", "status"})
_OWNER = "Spam Policy"


@dataclass(frozen=True)
class Wish:
    """What to roll back to: a release of an edition; why, on which day, and whether to send it to the remotes."""

    release: str
    audience: str
    why: str
    day: dt.date
    push: bool


def rollback(root: Path, wish: Wish, environ: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Restore the sources of a release, commit them with a notice, and publish.

    Everything is tried in a copy first: when a rule does not hold, the working tree is as it was. With `wish.push` the
    commit is pushed before any release: the next run of CI would else publish the later text again.
    """
    try:
        refuse_dirty(root, environ)
        _refuse_silence(wish)
        if wish.push:
            _refuse_unfollowed(Repository(root, environ))
        found = _library(root)
        commit, releases = _made_from(found, root, wish, environ)
        editions = found.configuration.editions
        pasts = {}
        for one in editions:
            with fetched(target(found, one, root, environ, push=wish.push)) as branch:
                _refuse_redacted(one, releases.get(one, ""), branch.manifests())
                pasts[one] = branch.tip.past()
        repository = Repository(root, environ)
        say(f"release {wish.release} of {wish.audience} was made from commit {commit[:12]}")
        with tempfile.TemporaryDirectory(prefix="guide-rollback-") as name:
            copy = Path(name)
            _restore(repository, commit, root, copy, found)
            for path in _announce(copy, wish, releases, pasts):
                say(f"wrote {path}")
            _refuse_withheld(found, pipeline.clean(copy, wish.day), wish)
            _put(copy / DOCS, root / DOCS)
        _commit(repository, wish)
        if wish.push:
            _send(repository, say)
    except (GitError, ReleaseError) as error:
        typer.echo(f"scripts/guide: {error}", err=True)
        raise typer.Exit(1) from None
    publish(root, wish.day, push=wish.push, allow_dirty=False, environ=environ, say=say)


def _refuse_redacted(edition: str, release: str, made: Mapping[str, bytes]) -> None:
    """Refuse the sources of a release from which text was taken out: they hold it still."""
    manifest = made.get(release)
    if manifest and staged_digest(manifest.decode(), twins.MANIFEST) == NO_DIGEST:
        raise GitError(
            f"text was taken out of release {release} of {edition}, and its sources hold it still. Name another "
            "release, or write the text that is right in a pull request."
        )


def _refuse_withheld(now: Library, restored: Library, wish: Wish) -> None:
    """Refuse a text that would publish what is withheld today: it was made internal after the release."""
    from guide_cli.verify import secrets

    outer = [name for name, edition in now.configuration.editions.items() if not edition.reads_all]
    secret = secrets(now, {one.name: one.tree for one in pipeline.stage(now, outer, wish.day)}, wish.day)
    for one in pipeline.stage(restored, outer, wish.day):
        pages = [(path, data) for path, data in one.tree.items() if path.startswith(f"{DOCS}/")]
        found = sweep.sweep(pages, secret[one.name])
        if found:
            place = found[0].path.removeprefix(f"{one.name} site/")
            what = found[0].message.partition(", which")[0]
            more = f", and there are {len(found) - 1} more such places" if found[1:] else ""
            raise GitError(
                f"the {one.name} edition would show again what it withholds today: its {place} {what}{more}. "
                "Nothing was altered. Write the text that is right in a pull request."
            )


def _commit(repository: Repository, wish: Wish) -> None:
    try:
        repository.commit_all(DOCS, f"Restore the text of release {wish.release}\n\n{wish.why}")
    except GitError as error:
        raise GitError(f"{error}. {DOCS}/ holds the text of {wish.release}: commit it, then publish.") from None


def _refuse_silence(wish: Wish) -> None:
    if not wish.why.strip():
        raise GitError("expected --why to say why in a sentence, which readers of the notice see, found nothing")


def _refuse_unfollowed(repository: Repository) -> None:
    if repository.upstream() is None:
        raise GitError("expected a branch that follows one of a remote, found none: git push -u origin BRANCH first")


def _send(repository: Repository, say: Callable[[str], None]) -> None:
    upstream, refusal = repository.upstream(), repository.send()
    if refusal is not None:
        raise GitError(
            f"{upstream} refused the commit, and nothing was published: {refusal}. The commit is on your branch: "
            "open a pull request with it, and its merge publishes. To release before: scripts/guide publish --push."
        )
    say(f"pushed the commit to {upstream}")


def _made_from(source: Library, root: Path, wish: Wish, environ: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the commit from which a release was made, and the release of each edition that was in force with it.

    An edition that reads everything says so in its manifests.
    """
    editions = source.configuration.editions
    if wish.audience not in editions:
        raise GitError(f"expected --audience to be one of {', '.join(editions)}, found {wish.audience!r}")
    known = set()
    for name in (name for name, edition in editions.items() if edition.reads_all):
        with fetched(target(source, name, root, environ, push=wish.push)) as branch:
            made = branch.manifests()
        for data in map(json.loads, made.values()):
            releases = data.get("source", {}).get("releases", {})
            if releases.get(wish.audience) == wish.release:
                return data["source"]["commit"], releases
            known |= {releases[wish.audience]} if wish.audience in releases else set()
    listed = ", ".join(sorted(known, reverse=True)[:8]) or "none"
    where = "" if wish.push else " Without --push, only the release branches of this clone are read: fetch them first."
    raise GitError(
        f"expected a release of {wish.audience} whose sources are known, found {wish.release}. Known: {listed}.{where}"
    )


def _restore(repository: Repository, commit: str, root: Path, copy: Path, now: Library) -> None:
    """Make a copy of the project with the sources of `commit`, but with the records of today."""
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"), dirs_exist_ok=True)
    try:
        paths = repository.entries(f"{commit}:{DOCS}", deep=True)
    except GitError as error:
        raise GitError(
            f"commit {commit[:12]} is not here: fetch the whole history, then run it again ({error})"
        ) from None
    shutil.rmtree(copy / DOCS)
    for path, entry in paths.items():
        file = copy / DOCS / path
        file.parent.mkdir(parents=True, exist_ok=True)
        (data,) = repository.contents([entry.oid])
        file.write_bytes(data)
    before = library.load(copy).library
    for old in before.documents.values() if before else ():
        if old.meta.type in RECORDS:
            (copy / DOCS / old.path).unlink()
    for path, document in now.documents.items():
        if document.meta.type in RECORDS:
            file = copy / DOCS / path
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / DOCS / path, file)
    _unlink(copy)


def _unlink(copy: Path) -> None:
    """Take the brackets off each id in a record that leads nowhere now: what it names came after the release."""
    restored = _library(copy)
    for document in restored.documents.values():
        if document.meta.type not in RECORDS:
            continue
        gone = [
            (mark.start, mark.end, mark.target)
            for mark in document.body.marks
            if mark.kind is Kind.REFERENCE and isinstance(references.by_id(restored, mark.target), Broken)
        ]
        if gone:
            file = copy / DOCS / document.path
            text = file.read_text(encoding="utf-8")
            front = text.removesuffix(document.body.text)
            file.write_text(front + cut(document.body.text, gone), encoding="utf-8")


def _announce(copy: Path, wish: Wish, releases: Mapping[str, str], pasts: Mapping[str, Past]) -> list[str]:
    """Write a notice for what changes in the outer editions, and one more for what changes only for those inside."""
    restored = _library(copy)
    if errors(restored.problems):
        raise ProblemsError(errors(restored.problems))
    editions = restored.configuration.editions
    told: set[str] = set()
    written = []
    for name in sorted(editions, key=lambda one: editions[one].reads_all):
        names = [one for one in _changed(restored, name, wish.day, pasts[name]) if one not in told]
        if names:
            # Who may not read that edition is not told why its text came back; who may has a notice of their own.
            known = restored.configuration.reader(name, wish.day).may_read_audience(wish.audience)
            given = replace(wish, release=releases[name], why=wish.why if known else "")
            written.append(_notice(copy, name, names, given))
            told |= set(names) if known else set()
    if not written:
        raise GitError(f"nothing differs from release {wish.release}: there is nothing to roll back")
    return written


def _library(root: Path) -> Library:
    found = library.load(root).library
    if found is None:
        raise GitError("mkdocs.yml has problems: run scripts/guide check")
    return found


def _changed(source: Library, name: str, day: dt.date, past: Past) -> list[str]:
    """Return what differs from an edition's last release, as a notice names it.

    What earlier notices name and is not there any more is part of it: it may have gone before, or never have come.
    """
    last = past.baseline()
    if last is None:
        return []
    (staged,) = pipeline.stage(source, [name], day)
    found = changes.between(last.rows, json.loads(staged.tree[history.CATALOG])["documents"])
    pages = {one.id for one in found if one.kind == "page" and one.id in source.by_id}
    named = [one.page if one.page in pages else one.id for one in found if one.kind != "page" or changes.retires(one)]
    lost = [
        one
        for document in staging.view(source, name, day).pages
        for one in (document.meta.changes if isinstance(document.meta, Notice) else ())
        if fields.is_lost(source, document, one.removeprefix("tree/"))
    ]
    return list(dict.fromkeys([*named, *lost]))


def _notice(copy: Path, audience: str, names: list[str], wish: Wish) -> str:
    title = f"Release {wish.release} is in force again"
    source, day = _library(copy), wish.day
    readers = (source.configuration.reader(one, day) for one in source.configuration.editions)
    internal = not all(reader.may_read_audience(audience) for reader in readers)
    name = numbering.next_id(source, "notice", internal=internal)
    path = Path(DOCS) / new.FOLDERS["notice"] / f"{name.lower()}-{markup.slug(title.replace('.', '-'))}.md"
    review = day + dt.timedelta(days=365)
    file = copy / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        f"---\nid: {name}\ntype: notice\ntitle: {title}\n"
        f"summary: The text of release {wish.release} decides again, and what came after it does not.\n"
        f"audience: {audience}\nowner: {_OWNER}\nstatus: in-force\nvalid_from: {day}\nreview_by: {review}\n"
        f"changes: [{', '.join(names)}]\nkind: substantive\nrestores: {wish.release}\n---\n\n"
        f"## What is different\n\nThe text of release {wish.release} is in force again. {wish.why}".rstrip()
        + "\n\n## What to do\n\n- **Reviewers:** decide by the pages as they stand now.\n\n"
        f"## From when\n\nFor every case opened on or after {day.day} {day:%B %Y}.\n",
        encoding="utf-8",
    )
    return path.as_posix()


def _put(new_docs: Path, docs: Path) -> None:
    """Exchange the sources; when that fails, what stood there stands there again."""
    beside = docs.with_name(f".{docs.name}.new")
    old = docs.with_name(f".{docs.name}.old")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(new_docs, beside)
    docs.replace(old)
    try:
        beside.replace(docs)
    except BaseException:
        old.replace(docs)
        raise
    shutil.rmtree(old)
