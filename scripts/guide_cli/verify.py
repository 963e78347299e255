"""Verify: every gate that a built site passes before anybody may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Self

import material
import mkdocs
from guidebook import sitecheck, staging, sweep
from guidebook.library import Library
from guidebook.problems import Problem, ordered
from guidebook.staging import Tree
from guidebook.views import View
from guidebook.withheld import Withheld

from guide_cli.forks import Forks, can_fork, side_by_side
from guide_cli.linkcheck import linkcheck

# Below this many files, starting processes takes longer than looking at them.
WORTH_FORKING = 300

Gate = Callable[[], list[Problem]]


@cache
def theme_files() -> Mapping[str, bytes]:
    """Return the files of the installed theme, and of MkDocs' own, by path."""
    return sitecheck.read_theme(Path(str(package.__file__)).parent / "templates" for package in (material, mkdocs))


def verify(  # noqa: PLR0913 - what a verdict depends on is all in its arguments
    source: Library,
    name: str,
    day: dt.date,
    tree: Tree,
    site: Path,
    *,
    linkchecker: bool,
    workers: int = 1,
) -> list[Problem]:
    """Return what is wrong with the built `site` of the edition `name`, whose staged tree is `tree`.

    Our own pass follows every link and anchor; with `linkchecker`, LinkChecker does too, which shares no code with it
    and takes longer than all the rest. The site of an edition that reads everything also proves the sweep: what
    another edition withholds must be found in it, or the sweep is blind.
    """
    files = sitecheck.read(site)
    theme = theme_files()
    view = staging.view(source, name, day)
    workers = workers if can_fork() and len(files) >= WORTH_FORKING else 1
    secret = sweep.withheld(source, view, tree, theme)
    gates: list[Gate] = [partial(sitecheck.check, files, tree, theme)]
    gates += [partial(sweep.sweep, share, secret) for share in _shares(files, workers)]
    with Forks(_judge, gates, workers) if workers > 1 else _Here(gates) as judged:
        # LinkChecker reads a page anew for every anchor that some link names, ten times as long in all. Anchors are
        # left to our own pass, and a test holds that against LinkChecker's.
        problems = linkcheck(files, name, anchors=False) if linkchecker else []
        hidden = list(_hidden_elsewhere(source, view, theme))
        problems += [problem for found in judged.results() for problem in found]
    for others in hidden:
        each = partial(side_by_side, worth=len(files)) if workers > 1 else map
        problems += sweep.control(files, others, each)
    return ordered(problems)


def _hidden_elsewhere(source: Library, view: View, theme: Mapping[str, bytes]) -> Iterator[Withheld]:
    """Yield what each other edition withholds, if this is one that reads everything."""
    if view.reader.audiences is None:
        for name in source.configuration.editions:
            limited = staging.view(source, name, view.reader.day)
            if limited.reader.audiences is not None:
                yield sweep.withheld(source, limited, staging.project(limited), theme)


def _judge(gate: Gate) -> list[Problem]:
    return gate()


class _Here:
    """Does in this process what `Forks` does in others."""

    def __init__(self, gates: list[Gate]) -> None:
        self.gates = gates

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""

    def results(self) -> list[list[Problem]]:
        """Return what each gate found."""
        return [gate() for gate in self.gates]


def _shares(files: Mapping[str, bytes], workers: int) -> list[list[tuple[str, bytes]]]:
    """Share the files out evenly."""
    return [sorted(files.items())[number::workers] for number in range(workers)]
