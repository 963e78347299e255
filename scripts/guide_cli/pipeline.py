"""Pipeline: check, stage, build and verify the editions of a project, side by side."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from guidebook import library, rules, staging, twins
from guidebook.library import Library
from guidebook.problems import Problem, ProblemsError, errors
from guidebook.staging import Tree

from guide_cli.forks import can_fork, cores, side_by_side


@dataclass(frozen=True)
class Staged:
    """One edition, staged: its files, and their digest, which is equal for equal content."""

    name: str
    tree: Tree
    digest: str


def checked(root: Path, day: dt.date) -> tuple[Library | None, list[Problem]]:
    """Read the project at `root` and return it with all its problems on `day`."""
    loaded = library.load(root, side_by_side)
    if loaded.library is None:
        return None, list(loaded.problems)
    return loaded.library, rules.check(loaded.library, day)


def clean(root: Path, day: dt.date) -> Library:
    """Read the project at `root`. Raises ProblemsError when it has any error on `day`."""
    found, problems = checked(root, day)
    if found is None or errors(problems):
        raise ProblemsError(errors(problems))
    return found


def stage(source: Library, name: str, day: dt.date) -> Staged:
    """Stage the edition `name` of a library that was checked."""
    tree = staging.project(staging.view(source, name, day))
    return Staged(name, tree, staging.digest(tree))


def stage_all(source: Library, names: list[str], day: dt.date) -> list[Staged]:
    """Stage several editions of a library that was checked, side by side where that is faster."""
    return side_by_side(lambda name: stage(source, name, day), names, worth=len(source.documents))


def build(  # noqa: PLR0913 - what a site depends on is all in its arguments
    source: Library,
    staged: list[Staged],
    day: dt.date,
    out: Path,
    releases: dict[str, str],
    *,
    linkchecker: bool = True,
) -> list[Problem]:
    """Build and verify each staged edition into `out/NAME`, all at the same time; return what verifying found.

    `releases` gives the release an edition is built as; one without is a preview. A site in which an error is found is
    not put in place. Raises RenderError, and FileExistsError where `out/NAME` holds anything but a site of ours.
    """
    from guide_cli.verify import theme_files

    for one in staged:
        refuse_foreign(out / one.name)
    theme_files()  # read once, before there are processes that would each read it
    out.mkdir(parents=True, exist_ok=True)
    workers = cores() // max(1, len(staged))
    jobs = [_Job(source, one, day, out / one.name, releases.get(one.name), workers, linkchecker) for one in staged]
    if len(jobs) == 1:
        return _build_one(jobs[0])
    # A fork shares the library and all imports; where there is none, the library travels by pickle.
    with ProcessPoolExecutor(len(jobs), multiprocessing.get_context("fork" if can_fork() else None)) as pool:
        found = list(pool.map(_build_one, jobs))
    return [problem for problems in found for problem in problems]


@dataclass(frozen=True)
class _Job:
    source: Library
    staged: Staged
    day: dt.date
    site: Path
    release: str | None
    workers: int
    linkchecker: bool


def _build_one(job: _Job) -> list[Problem]:
    from guide_cli.render import render
    from guide_cli.verify import verify

    staged = job.staged
    with tempfile.TemporaryDirectory(prefix=f".{staged.name}-", dir=job.site.parent) as folder:
        stage_to, site = Path(folder, "staged"), Path(folder, "site")
        staging.write(staged.tree, stage_to)
        render(stage_to, site, job.day, job.release, job.workers)
        twins.finish(site, staged.tree, staged.name, job.release, staged.digest, each=side_by_side)
        problems = verify(
            job.source, staged.name, job.day, staged.tree, site, linkchecker=job.linkchecker, workers=job.workers
        )
        if not errors(problems):
            if job.site.exists():
                job.site.replace(Path(folder, "old"))
            site.replace(job.site)
    return problems


def refuse_foreign(site: Path) -> None:
    """Refuse a folder that holds anything but a site built here: building replaces it whole."""
    if site.exists() and any(site.iterdir()) and not (site / twins.MANIFEST).is_file():
        message = f"{site} holds files that no build wrote. Name an empty or a new folder."
        raise FileExistsError(message)
