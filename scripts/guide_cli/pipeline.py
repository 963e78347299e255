"""Pipeline: check, stage, build and verify the editions of a project, side by side."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from guidebook import library, rules, schedule, sitecheck, staging, twins
from guidebook.library import Library
from guidebook.problems import Problem, ProblemsError, errors
from guidebook.staging import Tree

from guide_cli.forks import can_fork, cores, side_by_side


@dataclass(frozen=True)
class Staged:
    """One edition, staged: its files, and their digest, which is equal for equal content.

    `beyond` are the places above the edition to which its pages may lead: other releases, once it is one itself.
    """

    name: str
    tree: Tree
    digest: str
    beyond: frozenset[str] = sitecheck.BEYOND


def checked(root: Path, day: dt.date) -> tuple[Library | None, list[Problem]]:
    """Read the project at `root`; return it with all its problems on `day`, and those that later days will bring."""
    loaded = library.load(root, side_by_side)
    if loaded.library is None:
        return None, list(loaded.problems)
    return loaded.library, schedule.check(loaded.library, day)


def clean(root: Path, day: dt.date) -> Library:
    """Read the project at `root`. Raises ProblemsError when it has any error on `day`; later days are not asked."""
    loaded = library.load(root, side_by_side)
    problems = rules.check(loaded.library, day) if loaded.library else loaded.problems
    if loaded.library is None or errors(problems):
        raise ProblemsError(errors(problems))
    return loaded.library


def stage(source: Library, names: list[str], day: dt.date) -> list[Staged]:
    """Stage some editions of a library that was checked, their pages side by side where that is faster."""
    views = [staging.view(source, name, day) for name in names]
    jobs = [(view, document) for view in views for document in view.pages]
    written = iter(side_by_side(lambda job: staging.page(*job), jobs))
    trees = [staging.assemble(view, list(islice(written, len(view.pages)))) for view in views]
    return [Staged(view.name, tree, staging.digest(tree)) for view, tree in zip(views, trees, strict=True)]


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
    import multiprocessing
    import tempfile
    from concurrent.futures import ProcessPoolExecutor

    import guide_cli.shares  # noqa: F401 - MkDocs is loaded once, before there are processes that would each load it
    from guide_cli.verify import Built, secrets, theme_files, verify

    for edition in staged:
        refuse_foreign(out / edition.name)
    theme_files()  # read once, before there are processes that would each read it
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=out) as folder:
        new = Path(folder)
        workers = cores() // max(1, len(staged))
        jobs = [_Job(one, day, new / one.name, releases.get(one.name), workers) for one in staged]
        trees = {one.name: one.tree for one in staged}
        # A fork shares all imports; where there is none, a tree travels by pickle.
        with ProcessPoolExecutor(len(jobs), multiprocessing.get_context("fork" if can_fork() else None)) as pool:
            rendering = [pool.submit(_render, job) for job in jobs]
            secret = secrets(source, trees, day)
            sites = [job.result() for job in rendering]
        built = [Built(one.name, one.tree, site, one.beyond) for one, site in zip(staged, sites, strict=True)]
        found = verify(source, built, secret, linkchecker=linkchecker, workers=cores())
        for one in built:
            if errors(found[one.name]):
                continue
            where = out / one.name
            if where.exists():
                where.replace(new / one.name / "old")
            one.site.replace(where)
    return [problem for problems in found.values() for problem in problems]


@dataclass(frozen=True)
class _Job:
    staged: Staged
    day: dt.date
    folder: Path
    release: str | None
    workers: int


def _render(job: _Job) -> Path:
    """Write an edition and build its site, and return where that is."""
    from guide_cli.render import render

    staged, site = job.staged, job.folder / "site"
    staging.write(staged.tree, job.folder / "staged")
    render(job.folder / "staged", site, job.day, job.release, job.workers)
    twins.finish(site, staged.tree, staged.name, job.release, staged.digest, each=side_by_side)
    return site


def refuse_foreign(site: Path) -> None:
    """Refuse a folder that holds anything but a site built here: building replaces it whole."""
    if site.exists() and any(site.iterdir()) and not (site / twins.MANIFEST).is_file():
        message = f"{site} holds files that no build wrote. Name an empty or a new folder."
        raise FileExistsError(message)
