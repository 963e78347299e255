"""Verify: every gate that a built site passes before anybody may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import material
import mkdocs
from guidebook import sitecheck, staging, sweep
from guidebook.library import Library
from guidebook.problems import Problem, ordered
from guidebook.staging import Tree
from guidebook.withheld import Withheld

from guide_cli.forks import Forks, can_fork
from guide_cli.linkcheck import linkcheck

# Below this many files, starting processes takes longer than looking at them.
WORTH_FORKING = 300

Secrets = Mapping[str, Withheld]


@dataclass(frozen=True)
class Built:
    """The edition `name`, its staged tree, the site that was built of it, and where that may lead above itself."""

    name: str
    tree: Tree
    site: Path
    beyond: frozenset[str] = sitecheck.BEYOND


@cache
def theme_files() -> Mapping[str, bytes]:
    """Return the files of the installed theme, and of MkDocs' own, by path."""
    return sitecheck.read_theme(Path(str(package.__file__)).parent / "templates" for package in (material, mkdocs))


def secrets(source: Library, trees: Mapping[str, Tree], day: dt.date) -> Secrets:
    """Return what each edition staged in `trees` withholds, and what else is sought to prove the sweep.

    Needs no site, so it can be had while the sites are built.
    """
    editions = source.configuration.editions
    proving = any(editions[name].reads_all for name in trees)
    views = {name: staging.view(source, name, day) for name in editions}
    return {
        name: sweep.withheld(source, view, trees.get(name) or staging.project(view), theme_files())
        for name, view in views.items()
        if name in trees or (proving and not editions[name].reads_all)
    }


def verify(
    source: Library, built: Sequence[Built], secret: Secrets, *, linkchecker: bool, workers: int = 1
) -> dict[str, list[Problem]]:
    """Return what is wrong with each built site, by edition; `secret` is what `secrets` gave for their trees.

    Our own pass follows every link and anchor; with `linkchecker`, LinkChecker does too, which shares no code with it
    and takes longer than all the rest. It reads a page anew for every anchor that some link names, ten times as long in
    all, so anchors are left to our own pass, and a test holds that against LinkChecker's.

    The site of an edition that reads everything also proves the sweep: what another edition withholds must be found in
    it, or the sweep is blind.
    """
    theme = theme_files()
    sites = {one.name: sitecheck.read(one.site) for one in built}
    most = max(map(len, sites.values()), default=0)
    workers = workers if can_fork() and (linkchecker or most >= WORTH_FORKING) else 1
    shares = {name: _shares(files, workers) for name, files in sites.items()}
    gates: list[tuple[str, Callable[[], list[Problem]]]] = []
    if linkchecker:
        gates += [
            (one.name, partial(linkcheck, sites[one.name], one.name, anchors=False, beyond=one.beyond)) for one in built
        ]
    gates += [
        (one.name, partial(sitecheck.check, sites[one.name], one.tree, theme, beyond=one.beyond)) for one in built
    ]
    gates += [(name, partial(sweep.sweep, share, secret[name])) for name in sites for share in shares[name]]
    editions = source.configuration.editions
    limited = [name for name in secret if not editions[name].reads_all]
    proofs = [(name, other) for name in sites if editions[name].reads_all for other in limited]
    looks = [partial(sweep.seen, share, secret[other]) for name, other in proofs for share in shares[name]]
    done = iter(_all_done([*(gate for _, gate in gates), *looks], workers))
    found: dict[str, list[Problem]] = {one.name: [] for one in built}
    for name, _ in gates:
        found[name] += next(done)
    for name, other in proofs:
        seen = {path: sources for _ in shares[name] for path, sources in next(done).items()}
        found[name] += sweep.blind(secret[other], seen)
    return {name: ordered(problems) for name, problems in found.items()}


def _all_done(jobs: list[Callable[[], Any]], workers: int) -> list[Any]:
    if workers == 1:
        return [job() for job in jobs]
    with Forks(lambda job: job(), jobs, workers) as forks:
        return forks.results()


def _shares(files: Mapping[str, bytes], workers: int) -> list[list[tuple[str, bytes]]]:
    """Share the files out evenly, in parts small enough that no worker waits long for another."""
    parts = 1 if workers == 1 else 2 * workers
    return [sorted(files.items())[number::parts] for number in range(parts)]
