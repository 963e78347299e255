"""Redact: publish the releases of an edition anew, without text that should never have been in them.

Whatever happens in between, the branch is as it was or holds no release with the text. Nothing that is printed, and
no commit, repeats it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import typer
from guidebook import timeline
from guidebook.library import DOCS, Library
from guidebook.phrases import Phrase
from guidebook.problems import Problem, ProblemsError
from guidebook.redaction import Redactor, sought, tells
from guidebook.releases import CATALOG_FILE, LATEST, VERSIONS_FILE, ReleaseError, Version
from guidebook.staging import Tree

from guide_cli import pipeline
from guide_cli.deploy import Target, Tip, TipMoved, lost, read_tip, with_retry
from guide_cli.git import Entry, GitError, Repository
from guide_cli.publish import TRIES
from guide_cli.publish import target as target_of

MESSAGE = "Releases, with text removed"
_AT_ONCE = 200  # objects in memory
_MARKDOWN = ".md"


Say = Callable[[str], None]

BEYOND = """\
What this cannot undo:
- Clones, forks and downloads that others made still hold it; so do caches, mirrors and search engines until they read
  the site again. Ask those you know of to delete theirs, and the search engines to drop the pages.
- The site shows it until its host has deployed branch {branch} again; the host may keep old deployments.
- The remote serves commit {before} to whoever knows that name until it collects garbage. On a server of your own:
  git reflog expire --expire-unreachable=now --all && git gc --prune=now. Elsewhere ask its support to collect garbage
  and to drop cached views of that commit.
- Other editions, branches and tags, and the history of the source, are as they were; so are pictures that show the
  text. Look at the other editions with --audience NAME --dry-run.
Now publish: the next run makes a new release of the mended source."""


@dataclass
class Found:
    """What a branch holds of the phrases, and what its files become without them. Paths start with the release."""

    tip: Tip
    counts: dict[str, dict[str, Counter[int]]] = field(default_factory=dict)  # by release, path and phrase
    files: dict[str, bytes] = field(default_factory=dict)  # those that change
    partly: dict[str, frozenset[Phrase]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)  # what may be read nowhere afterwards
    earlier: int = 0  # objects that hold the text, none of them in a release

    def __bool__(self) -> bool:
        """Say whether there is anything to remove."""
        return bool(self.counts or self.problems or self.earlier)


@dataclass(frozen=True)
class Order:
    """What to remove from which edition, and how."""

    audience: str
    phrases: tuple[str, ...]
    push: bool = False
    short: bool = False
    dry_run: bool = False
    why: str = ""


def redact(  # noqa: PLR0913 - the world it depends on is all in its arguments
    source: Library, root: Path, order: Order, *, day: dt.date, environ: Mapping[str, str], say: Say
) -> None:
    """Publish the releases of an edition of the project at `root` without the phrases of `order`.

    Finding nothing is no error, so that running it twice is none. Ends with exit code 1 and a line for what stands in
    the way; nothing is then published.
    """
    redactor = Redactor(sought(order.phrases, short=order.short or order.dry_run))
    (staged,) = pipeline.stage(source, [order.audience], day)
    said = _still_said(source, root, staged.tree, redactor)
    try:
        target = target_of(source, order.audience, root, environ, push=order.push)
        found = with_retry(lambda: _attempt(target, order, redactor, said, say=say), TRIES)
    except (GitError, ReleaseError, TipMoved) as error:
        typer.echo(f"scripts/guide: {error}", err=True)
        raise typer.Exit(1) from None
    if found is None:
        return
    shown = {window for path, data in staged.tree.items() for window in redactor.windows(path, data)}
    for path, windows in sorted(found.partly.items()):
        if windows - shown:
            say(f"look at {redactor.masked(path)}: five words or more of the text in a row still stand there")
    if order.why:
        say(f"why: {redactor.masked(order.why)}")
    say(BEYOND.format(before=found.tip.commit, branch=target.branch))


def _attempt(target: Target, order: Order, redactor: Redactor, said: list[Problem], *, say: Say) -> Found | None:
    """Remove what is found, and return it; None where there is nothing to do."""
    tip = read_tip(target)
    with scratch(target) as repository:
        found = look(repository, target, tip, redactor)
        for line in counted(found, len(order.phrases)):
            say(f"{order.audience}: {line}")
        if order.dry_run:
            return None
        if said or found.problems:
            raise ProblemsError([*said, *found.problems])
        if not found:
            say(f"{order.audience}: nothing to remove, no release on {target} holds it")
            return None
        after = rewrite(repository, target, redactor, found)
    say(f"{order.audience}: {target} is at {after}, one commit; every object on it was read, and none holds the text")
    return found


def counted(found: Found, phrases: int) -> Iterator[str]:
    """Say where how much of which phrase was found: numbers and names of releases, never the text."""
    for number in range(1, phrases + 1):
        places = {
            room or "beside the releases": [count[number] for count in paths.values() if count[number]]
            for room, paths in found.counts.items()
        }
        rooms = [f"{room} ({sum(some)} in {len(some)} files)" for room, some in places.items() if some]
        yield f"phrase {number}: {', '.join(rooms) or 'in no release'}"
    if found.earlier:
        yield f"the history of the branch holds it too, in {found.earlier} objects"
    if found.problems:
        yield f"{len(found.problems)} places hold it where it cannot be taken out"


def _still_said(source: Library, root: Path, tree: Tree, redactor: Redactor) -> list[Problem]:
    """Return where the source of the edition says the text today: the next release would bring it back."""
    held = {path for path, data in tree.items() if redactor.seen(path, data)}
    if not held:
        return []
    paths = [f"{DOCS}/{document.path}" for document in source.documents.values()]
    lines = {path: redactor.lines(path, (root / path).read_text("utf-8")) for path in paths}
    said = {path: some for path, some in lines.items() if some}
    # What a page shows may stand in a label, a case or a snippet elsewhere, or nowhere as a whole.
    where = {path: some for path, some in said.items() if path in held} or said or {path: [1] for path in held}
    message = "expected a source without the text, found it; mend it first: the next release would bring it back"
    return [Problem(redactor.masked(path), line, "removed-source", message) for path in where for line in where[path]]


@contextlib.contextmanager
def scratch(target: Target) -> Iterator[Repository]:
    """Make a throw-away repository."""
    with tempfile.TemporaryDirectory(prefix="guide-redact-") as name:
        yield Repository.create(Path(name), target.environ)


def look(repository: Repository, target: Target, tip: Tip, redactor: Redactor) -> Found:
    """Fetch the branch, which must still be at `tip`, with all its history, and find the phrases in it."""
    if tip.commit is None:
        raise ReleaseError(str(target), expected="releases", found="no such branch", mend="name the edition meant")
    commit = repository.fetch(target.url, target.branch, whole=True)
    if commit != tip.commit:
        raise TipMoved(f"{target} is not at {tip.commit} any more")
    rooms: dict[str, dict[str, Entry]] = {"": {}, **{name: {} for name in reversed(tip.versions)}}
    for path, entry in repository.entries(commit, deep=True).items():
        room, _, rest = path.partition("/")
        if room != LATEST:
            rooms[room if room in rooms else ""][rest if room in rooms else path] = entry
    digests: dict[str, str] = {}
    for entries in rooms.values():
        some = {path: one for path, one in entries.items() if path.endswith((CATALOG_FILE, _MARKDOWN))}
        digests |= redactor.digests(_read(repository, some))
    found = Found(tip, digests=set(digests))
    for room, entries in rooms.items():
        _look_in(found, room, _read(repository, entries), redactor, digests)
    last = f"{tip.last}/"
    copies = {
        f"{LATEST}/{path.removeprefix(last)}": data for path, data in found.files.items() if path.startswith(last)
    }
    found.files |= copies
    if timeline.FILE in found.files:
        # Two entries that differed in the text alone are one now.
        catalogs = ((name, f"{name}/{CATALOG_FILE}") for name in reversed(tip.versions))
        found.files[timeline.FILE] = timeline.rebuilt(
            (name, found.files.get(path) or repository.read(commit, path)) for name, path in catalogs
        )
    ours = {entry.oid for entries in rooms.values() for entry in entries.values()}
    others = [oid for oid in repository.objects() if oid not in ours]
    found.earlier = sum(redactor.seen("", data) for _, data in _each(repository, others))
    return found


def _look_in(
    found: Found, room: str, files: Mapping[str, bytes], redactor: Redactor, digests: Mapping[str, str]
) -> None:
    done = redactor.redact(files, digests)
    folder = f"{room}/" if room else ""
    found.files |= {f"{folder}{path}": data for path, data in done.files.items() if data != files[path]}
    found.partly |= {f"{folder}{path}": windows for path, windows in done.partly.items()}
    found.problems += [replace(problem, path=f"{folder}{problem.path}") for problem in done.problems]
    found.digests |= done.digests
    if done.counts:
        found.counts[room] = done.counts


def _read(repository: Repository, entries: Mapping[str, Entry]) -> dict[str, bytes]:
    oids = list({entry.oid for entry in entries.values()})
    content = dict(zip(oids, repository.contents(oids), strict=True))
    return {path: content[entry.oid] for path, entry in entries.items()}


def _each(repository: Repository, oids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for start in range(0, len(oids), _AT_ONCE):
        some = oids[start : start + _AT_ONCE]
        yield from zip(some, repository.contents(some), strict=True)


def rewrite(repository: Repository, target: Target, redactor: Redactor, found: Found) -> str:
    """Push one commit without history that holds what `found` says, read the branch back, and return its tip.

    Raises TipMoved when somebody was faster: start over from `read_tip`.
    """
    before, last = str(found.tip.commit), str(found.tip.last)
    tree = repository.edited(before, found.files)
    old, new = repository.entries(before), repository.entries(tree)
    if new[LATEST] != new[last] or new[VERSIONS_FILE] != old[VERSIONS_FILE] or new.keys() != old.keys():
        raise ReleaseError(
            "the releases without the text",
            expected=f"{VERSIONS_FILE} and the names of all releases as they were, and {LATEST} to be {last}",
            found="a difference",
            mend="nothing was pushed; give other words",
        )
    commit = repository.commit(tree, None, MESSAGE, target.identity, Version.parse(last).moment)
    refusal = repository.push(target.url, target.branch, commit, before)
    there = repository.remote_tip(target.url, target.branch)
    if there != commit and (refusal is not None or there in {before, None}):
        raise lost(target, found.tip, there, refusal)
    return _read_back(target, redactor, found)


def _read_back(target: Target, redactor: Redactor, found: Found) -> str:
    """Fetch the branch into an empty repository, look through every object in it, and return its tip."""
    with scratch(target) as fresh:
        there = fresh.fetch(target.url, target.branch, whole=True)
        paths = {entry.oid: path for path, entry in fresh.entries(there, deep=True).items()}
        holding = sorted(
            redactor.masked(paths.get(oid, f"object {oid}"))
            for oid, data in _each(fresh, fresh.objects())
            if redactor.seen(paths.get(oid, ""), data) or tells(data, found.digests)
        )
    if holding:
        more = f" and {len(holding) - 3} more" if len(holding) > 3 else ""  # noqa: PLR2004 - three names tell which
        raise ReleaseError(
            f"{target} at {there}",
            expected="no object that holds the text or a hash of it",
            found=f"{', '.join(holding[:3])}{more}",
            mend="somebody may have published it again: mend the source, then run this again",
        )
    return there
