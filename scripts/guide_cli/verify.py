"""Verify: every gate that a built site passes before anybody may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import material
import mkdocs
from guidebook import sitecheck, staging, sweep
from guidebook.library import Library
from guidebook.problems import Problem, ordered
from guidebook.staging import Tree

from guide_cli.linkcheck import linkcheck


@cache
def theme_files() -> Mapping[str, bytes]:
    """Return the files of the installed theme, and of MkDocs' own, by path."""
    return sitecheck.read_theme(Path(str(package.__file__)).parent / "templates" for package in (material, mkdocs))


def verify(source: Library, name: str, day: dt.date, tree: Tree, site: Path, *, linkchecker: bool) -> list[Problem]:
    """Return what is wrong with the built `site` of the edition `name`, whose staged tree is `tree`.

    Our own pass follows every link and anchor; with `linkchecker`, LinkChecker does too, which shares no code with it
    and takes longer than all the rest.

    The site of an edition that reads everything also proves the sweep: what another edition withholds must be found
    in it, or the sweep is blind.
    """
    files = sitecheck.read(site)
    theme = theme_files()
    view = staging.view(source, name, day)
    problems = sitecheck.check(files, tree, theme)
    problems += sweep.sweep(files.items(), sweep.withheld(source, view, tree, theme))
    if view.reader.audiences is None:
        for other in source.configuration.editions:
            limited = staging.view(source, other, day)
            if limited.reader.audiences is not None:
                secret = sweep.withheld(source, limited, staging.project(limited), theme)
                problems += sweep.control(files.items(), secret)
    if linkchecker:
        # It reads a page anew for every anchor that some link names, ten times as long in all. Anchors are left to our
        # own pass, and a test holds that against LinkChecker's.
        problems += linkcheck(files, name, anchors=False)
    return ordered(problems)
